// A file's bytes for LLVM's readers, mapped where that pays.
//
// Example:
//   absl::StatusOr<std::unique_ptr<llvm::MemoryBuffer>> buffer = MapFile("/usr/lib/libz.a");
//   if (!buffer.ok()) return buffer.status();
//   auto object = llvm::object::ObjectFile::createObjectFile((*buffer)->getMemBufferRef());
//
// Regular files alone, as for ReadFile (file.h). Not llvm::MemoryBuffer::getFile, which reads a device to its end and
// waits for a pipe.
#ifndef CGO_LD_SHIM_SUPPORT_MAP_FILE_H_
#define CGO_LD_SHIM_SUPPORT_MAP_FILE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "llvm/Support/MemoryBuffer.h"

namespace cgo_ld_shim::support {

// The whole file, without a terminating NUL. Errors: kNotFound, kPermissionDenied, kFailedPrecondition (not a regular
// file), otherwise kUnavailable, all with the path.
absl::StatusOr<std::unique_ptr<llvm::MemoryBuffer>> MapFile(const std::string& path);

inline absl::string_view Bytes(const llvm::MemoryBuffer& buffer) {
  return absl::string_view(buffer.getBufferStart(), buffer.getBufferSize());
}

}  // namespace cgo_ld_shim::support

#endif  // CGO_LD_SHIM_SUPPORT_MAP_FILE_H_
