#include "objects/objects.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "support/file.h"

extern "C" const char cgo_ld_shim_nss_files_begin[], cgo_ld_shim_nss_files_end[];

namespace cgo_ld_shim::objects {
absl::StatusOr<std::string> InMemory(const char* name, absl::string_view bytes) {
  const int fd = ::memfd_create(name, 0);  // stays open over exec: the driver is a child of ours
  if (fd < 0 || ::write(fd, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) {
    return absl::ResourceExhaustedError(absl::StrCat("cannot make ", name, " in memory: ", support::ErrnoText(errno)));
  }
  return absl::StrCat("/proc/", ::getpid(), "/fd/", fd);
}

absl::StatusOr<std::string> NssFilesObject() {
  // The assembler's labels of one object: the compiler cannot see that they belong together.
  const size_t size =
      reinterpret_cast<uintptr_t>(cgo_ld_shim_nss_files_end) - reinterpret_cast<uintptr_t>(cgo_ld_shim_nss_files_begin);
  return InMemory("nss_files.o", absl::string_view(cgo_ld_shim_nss_files_begin, size));
}

}  // namespace cgo_ld_shim::objects
