// Maps a file for reading. Private to lib/symbols.
#ifndef CGO_LD_SHIM_SYMBOLS_MAP_FILE_H_
#define CGO_LD_SHIM_SYMBOLS_MAP_FILE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "llvm/Support/MemoryBuffer.h"

namespace cgo_ld_shim::symbols {

// The whole file, mapped where that pays, without a terminating NUL. Errors: kNotFound, kPermissionDenied, otherwise
// kUnavailable, all with the path.
absl::StatusOr<std::unique_ptr<llvm::MemoryBuffer>> MapFile(const std::string& path);

inline absl::string_view Bytes(const llvm::MemoryBuffer& buffer) {
  return absl::string_view(buffer.getBufferStart(), buffer.getBufferSize());
}

}  // namespace cgo_ld_shim::symbols

#endif  // CGO_LD_SHIM_SYMBOLS_MAP_FILE_H_
