#include "support/map_file.h"

#include <unistd.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "llvm/Support/FileSystem.h"
#include "support/file.h"

namespace cgo_ld_shim::support {

absl::StatusOr<std::unique_ptr<llvm::MemoryBuffer>> MapFile(const std::string& path) {
  const absl::StatusOr<int> fd = OpenRegularFile(path);
  if (!fd.ok()) {
    if (absl::IsUnknown(fd.status())) return absl::UnavailableError(fd.status().message());
    return fd.status();
  }
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> buffer =
      llvm::MemoryBuffer::getOpenFile(*fd, path, /*FileSize=*/-1, /*RequiresNullTerminator=*/false);
  ::close(*fd);
  if (buffer) return std::move(*buffer);
  return absl::UnavailableError(absl::StrCat("cannot read ", path, ": ", ErrnoText(buffer.getError().value())));
}

}  // namespace cgo_ld_shim::support
