// The help texts of the commands, taken apart: the man page and the completions are made from what `--help` prints, so
// that they say what it says.
//
// Example:
//   for (const HelpBlock& block : HelpBlocks(command.help)) …       // usage, paragraphs, options, example
//   HelpWords words = WordsOf(*Find("env"));                        // options: --explain, --shell sh|fish
//
// A help text consists of blocks with an empty line between them. One that begins with "usage:" is the usage: [ ] stand
// around what may be left out, | between alternatives; capitals name something, small letters are to be typed. One that
// begins with "example:" or "examples:" is to be typed. One whose lines are all indented is a list: a term, two spaces
// or more, and what it means. Everything else is prose.
#ifndef CGO_LD_SHIM_SHIM_COMMANDS_HELP_TEXT_H_
#define CGO_LD_SHIM_SHIM_COMMANDS_HELP_TEXT_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "shim/commands/commands.h"

namespace cgo_ld_shim::commands {

struct HelpBlock {
  enum class Kind { kUsage, kText, kList, kExample };
  Kind kind = Kind::kText;
  // kUsage, kExample: without the heading and its indentation; kText: the lines.
  std::vector<std::string> lines;
  std::vector<std::pair<std::string, std::string>> items;  // kList: term and meaning
};
std::vector<HelpBlock> HelpBlocks(absl::string_view help);

// What can follow a command.
struct HelpOption {
  std::string name;                 // "--shell", "-L"
  std::string value;                // "sh|fish", "DIR"; empty: it takes none
  std::string meaning;              // from the list; may be empty
  std::vector<std::string> values;  // the values that can be typed: sh, fish
};
struct HelpWords {
  std::vector<HelpOption> options;  // in the order of the usage
  // "last"; the commands, where the usage says COMMAND; linux/arm64 and the like, where it says GOOS/GOARCH
  std::vector<std::string> words;
  bool takes_files = false;  // it has an argument in capitals that may be a file
};
HelpWords WordsOf(const Command& command);

// The man page, in the macros of man(7).
std::string ManualPage();
// The script with which `shell` (bash, zsh, fish) completes commands and options; empty for any other.
std::string CompletionScript(absl::string_view shell);

}  // namespace cgo_ld_shim::commands

#endif  // CGO_LD_SHIM_SHIM_COMMANDS_HELP_TEXT_H_
