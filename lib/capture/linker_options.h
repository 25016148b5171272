// The options of a linker's line, for this folder: what each takes, what its value is, and whether a stranger's capture
// may have it.
//
// Example:
//   const Option option = ReadOption(words, i);
//   if (option.row == nullptr || !option.row->replayed) refuse(option.name);
//   i += option.words;
//
// A stranger's option is known by its exact spelling only. Linkers accept more: GNU ld takes abbreviations, and reads a
// word with one dash as several letters where it is no option of its own (-icf=all is -i -c f=all, and -c reads a
// script); all read -oFILE. What is harmless in one spelling can be a file's name in another.
#ifndef CGO_LD_SHIM_CAPTURE_LINKER_OPTIONS_H_
#define CGO_LD_SHIM_CAPTURE_LINKER_OPTIONS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::capture {

enum class Dashes { kOne, kTwo, kAny };
enum class Form {
  kFlag,      // --gc-sections
  kEquals,    // --hash-style=gnu
  kOptional,  // --build-id, --build-id=0x12
  kSeparate,  // -m VALUE, --entry VALUE, --entry=VALUE
};
enum class Value {
  kText,    // a name or number; no linker takes it for a file
  kList,    // an input: names, one a line
  kScript,  // an input in the language of linker scripts, or a part of it
  kLayout,  // an input: a script with SECTIONS, whose names some linkers open
  kObject,  // an input: an object
  kOutput,  // a file to write; `capture` leaves it out
  kOther,   // a place to look into, a program to run, and the like
};

struct OptionRow {
  const char* name;
  Dashes dashes;
  Form form;
  Value value;
  bool replayed;  // allowed in a stranger's capture
};

struct Option {
  const OptionRow* row = nullptr;  // nullptr: not in the table
  std::string name;                // as it is spelt, without "=VALUE": "--Map"
  std::optional<std::string> value;
  bool separate = false;  // the value is a word of its own
  size_t words = 1;
};

// The option at words[at]. With `exact` only in the spelling of its row; otherwise as lld reads it, which takes one or
// two dashes for all.
Option ReadOption(const std::vector<std::string>& words, size_t at, bool exact);

}  // namespace cgo_ld_shim::capture

#endif  // CGO_LD_SHIM_CAPTURE_LINKER_OPTIONS_H_
