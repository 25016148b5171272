#include "support/path_parts.h"

#include <string>

#include "absl/strings/string_view.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Path.h"

namespace cgo_ld_shim::support {

std::string BaseName(absl::string_view path) {
  return llvm::sys::path::filename(llvm::StringRef(path.data(), path.size()), llvm::sys::path::Style::posix).str();
}

std::string DirectoryName(absl::string_view path) {
  const llvm::StringRef directory =
      llvm::sys::path::parent_path(llvm::StringRef(path.data(), path.size()), llvm::sys::path::Style::posix);
  return directory.empty() ? "." : directory.str();
}

}  // namespace cgo_ld_shim::support
