// What a link for macOS leaves undefined: the linker's extraction of archive members, done on symbol names alone.
//
// Example:
//   absl::StatusOr<Undefined> undefined = FindUndefined({"go.o", "libfoo.a"}, "arm64");
//   // undefined->symbols["_res_9_ninit"] is "go.o"
//
// Errors: those of opening a file; kInvalidArgument for one that was made for another system or architecture, which
// the message names.
#ifndef CGO_LD_SHIM_DARWIN_MACH_O_H_
#define CGO_LD_SHIM_DARWIN_MACH_O_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cgo_ld_shim::darwin {

// The global symbols of one Mach-O object or shared library, as they are spelt there ("_main").
struct MachOSymbols {
  std::vector<std::string> defined, undefined;
};
// `bytes` is a Mach-O file or a universal one, of which the part for `arch` (Go's name) is read. `name` is for
// messages.
absl::StatusOr<MachOSymbols> ReadMachO(absl::string_view bytes, const std::string& name, absl::string_view arch);

struct Undefined {
  std::map<std::string, std::string> symbols;  // symbol → the first object that needs it, "libfoo.a(x.o)"
  std::set<std::string> defined;               // by the objects and the shared libraries among the files
};
// `files`: objects, archives and shared libraries of the user's, by path. Text stubs among them are read as well.
absl::StatusOr<Undefined> FindUndefined(const std::vector<std::string>& files, absl::string_view arch);

}  // namespace cgo_ld_shim::darwin

#endif  // CGO_LD_SHIM_DARWIN_MACH_O_H_
