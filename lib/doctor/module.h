// Which packages of the module in the working directory use cgo, and which libraries do they name? Asked of `go list`
// before anything is built; go's own flags, workspaces and vendoring hold.
//
// Example:
//   ModuleReport module = ListModule(machine, "/home/me/kv");
//   for (const CgoPackage& package : module.packages) …   // {"github.com/linxGnu/grocksdb", {"-lrocksdb"}, …}
//
// Nothing is downloaded and no file is changed: a module that is not in the cache yet is a problem in words.
#ifndef CGO_LD_SHIM_DOCTOR_MODULE_H_
#define CGO_LD_SHIM_DOCTOR_MODULE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "doctor/machine.h"

namespace cgo_ld_shim::doctor {

struct CgoPackage {
  std::string import_path;
  std::string directory;
  std::vector<std::string> ld_flags;    // "#cgo LDFLAGS", ${SRCDIR} replaced
  std::vector<std::string> pkg_config;  // "#cgo pkg-config", without its options
  std::vector<std::string> sources;     // files with its C and C++ code: of cgo, .c, .cc, .h
  bool standard = false;                // of Go's own library
  bool cxx = false;                     // has C++ sources, or SWIG's
};

struct ModuleReport {
  bool found = false;                // there is a module or a workspace here
  std::string name;                  // "example.com/kv", or "workspace" and its file
  std::string problem;               // what go said against listing it; what could be listed is in `packages` even so
  std::vector<CgoPackage> packages;  // by import path
};

ModuleReport ListModule(const Machine& machine, const std::string& directory);

// Reads what `go list -json` printed: JSON objects, one behind the other. Packages without cgo are left out. `problems`
// gets what go says of packages that it cannot load.
absl::StatusOr<std::vector<CgoPackage>> ParseGoList(absl::string_view text, std::vector<std::string>* problems);

}  // namespace cgo_ld_shim::doctor

#endif  // CGO_LD_SHIM_DOCTOR_MODULE_H_
