// The parts of a path, as basename(1) and dirname(1) have them, by llvm::sys::path; the file system is not asked.
//
// Example:
//   BaseName("/usr/lib/libz.a")       // "libz.a"
//   DirectoryName("/usr/lib/libz.a")  // "/usr/lib"
//   DirectoryName("libz.a")           // "."
#ifndef CGO_LD_SHIM_SUPPORT_PATH_PARTS_H_
#define CGO_LD_SHIM_SUPPORT_PATH_PARTS_H_

#include <string>

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::support {

std::string BaseName(absl::string_view path);
std::string DirectoryName(absl::string_view path);

}  // namespace cgo_ld_shim::support

#endif  // CGO_LD_SHIM_SUPPORT_PATH_PARTS_H_
