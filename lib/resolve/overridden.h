// Functions of an archive whose place in the program something else has taken: the archive's members call them, the
// archive could define them itself, and a linker found a definition before it got there. A Rust library with an SQLite
// of its own, beside go-sqlite3, runs on the latter's.
//
// Example:
//   for (const Overridden& o : FindOverridden(resolution, By::kProgram)) …
//   // {"/x/libslim.a", "/tmp/go-link-1/000002.o", {"sqlite3_open", …}}
//
// Runs in every link: with By::kProgram it asks each archive for what the program's own objects define, and reads the
// members' references only where there is such a name; with By::kArchive only where two archives have members in the
// link.
#ifndef CGO_LD_SHIM_RESOLVE_OVERRIDDEN_H_
#define CGO_LD_SHIM_RESOLVE_OVERRIDDEN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "resolve/resolve.h"

namespace cgo_ld_shim::resolve {

struct Overridden {
  std::string archive;  // path
  int by = 0;           // the unit that defines the first of them
  uint32_t member = 0;  // of the archive, which could define the first of them
  std::vector<std::string> symbols;
};

enum class By {
  kProgram,   // an object of the program
  kArchive,   // another archive of the user's; both definitions are strong, and none of several equal copies (COMDAT)
  kAnything,  // or another archive of the user's
};
// In the order of the link. The user's archives alone; whoever defines libc's names is meant to.
std::vector<Overridden> FindOverridden(const Resolution& resolution, By by);

}  // namespace cgo_ld_shim::resolve

#endif  // CGO_LD_SHIM_RESOLVE_OVERRIDDEN_H_
