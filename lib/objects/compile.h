// Compiles C code of ours for a user's program, with the user's compiler.
//
// Example:
//   absl::StatusOr<std::string> object = Compile({.name = "stubs", .source = "…", .purpose = "the stubs"}, {"gcc"},
//   "/tmp/x");
//   // "/tmp/x/cgo_ld_shim_stubs.o"
//
// The compiler gets relative names and `directory` as its working directory: no path gets into the object, and the same
// source gives the same bytes anywhere.
#ifndef CGO_LD_SHIM_OBJECTS_COMPILE_H_
#define CGO_LD_SHIM_OBJECTS_COMPILE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace cgo_ld_shim::objects {

struct Source {
  std::string name;                     // of the object: cgo_ld_shim_NAME.o
  std::string source;                   // C
  std::string purpose;                  // for the error: "the stubs for CGO_LD_SHIM_STUBS"
  std::vector<std::string> words = {};  // for the compiler, besides
};

// The object's path. Errors: kInternal with the compiler's words; those of writing a file and of starting a program.
absl::StatusOr<std::string> Compile(const Source& source, const std::vector<std::string>& driver,
                                    const std::string& directory);

}  // namespace cgo_ld_shim::objects

#endif  // CGO_LD_SHIM_OBJECTS_COMPILE_H_
