#include "support/sha256.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "absl/strings/str_cat.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SHA256.h"
#include "support/file.h"

namespace cgo_ld_shim::support {

std::string Sha256OfText(absl::string_view text) {
  llvm::SHA256 hash;
  hash.update(llvm::StringRef(text.data(), text.size()));
  return llvm::toHex(hash.final(), /*LowerCase=*/true);
}

absl::StatusOr<std::string> Sha256OfFile(const std::string& path) {
  const absl::StatusOr<int> fd = OpenRegularFile(path);
  if (!fd.ok()) return fd.status();
  ::posix_fadvise(*fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  llvm::SHA256 hash;
  std::vector<uint8_t> buffer(size_t{1} << 20);
  int error = 0;
  while (true) {
    const ssize_t size = ::read(*fd, buffer.data(), buffer.size());
    if (size == 0) break;
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) {
      error = errno;
      break;
    }
    hash.update(llvm::ArrayRef<uint8_t>(buffer.data(), static_cast<size_t>(size)));
  }
  ::close(*fd);
  if (error != 0) return absl::UnknownError(absl::StrCat("cannot read ", path, ": ", ErrnoText(error)));
  return llvm::toHex(hash.final(), /*LowerCase=*/true);
}

}  // namespace cgo_ld_shim::support
