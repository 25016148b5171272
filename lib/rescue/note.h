// What a rescued object says of itself: the row that helped it, the header or name, and the package and version that
// the header is of. Objects come out of Go's cache on other days, so it has to be in them; the linker puts the notes of
// all objects into the program, each once, where they are not loaded.
//
// Example:
//   ReadNotes("/src/app")   // {{"package-header", "sqlite3.h", "libsqlite3-dev", "3.40.1-2", "example.com/vec"}}
#ifndef CGO_LD_SHIM_RESCUE_NOTE_H_
#define CGO_LD_SHIM_RESCUE_NOTE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::rescue {

struct Note {
  std::string row;         // id of the table's row
  std::string subject;     // header or name
  std::string package;     // installed package of the header; empty: none
  std::string version;     // of the package
  std::string go_package;  // import path of the package whose C code it is; empty: not known

  bool operator==(const Note&) const = default;
};

// Text for -include that puts the notes into an object, whatever its format and language.
std::string NoteSource(const std::vector<Note>& notes);

// The notes of an object or a finished program, in ELF, Mach-O or PE; sorted, each once. Empty where there are none or
// the file cannot be read.
std::vector<Note> ReadNotes(const std::string& path);

// For people: "sqlite3.h of libsqlite3-dev 3.40.1-2", "u_int8_t (bsd-types)".
std::string NoteText(const Note& note);
// One sentence a Go package, without a full stop.
std::vector<std::string> Sentences(const std::vector<Note>& notes);

}  // namespace cgo_ld_shim::rescue

#endif  // CGO_LD_SHIM_RESCUE_NOTE_H_
