#include "objects/objects.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "support/file.h"

extern "C" const char cgo_ld_shim_nss_files_begin[], cgo_ld_shim_nss_files_end[];

namespace cgo_ld_shim::objects {
namespace {

absl::StatusOr<std::string> InMemory(const char* name, const char* begin, const char* end) {
  const int fd = ::memfd_create(name, 0);  // stays open over exec: the driver is a child of ours
  // The assembler's labels of one object: the compiler cannot see that they belong together.
  const size_t size = reinterpret_cast<uintptr_t>(end) - reinterpret_cast<uintptr_t>(begin);
  if (fd < 0 || ::write(fd, begin, size) != static_cast<ssize_t>(size)) {
    return absl::ResourceExhaustedError(absl::StrCat("cannot make ", name, " in memory: ", support::ErrnoText(errno)));
  }
  return absl::StrCat("/proc/", ::getpid(), "/fd/", fd);
}

}  // namespace

absl::StatusOr<std::string> NssFilesObject() {
  return InMemory("nss_files.o", cgo_ld_shim_nss_files_begin, cgo_ld_shim_nss_files_end);
}

}  // namespace cgo_ld_shim::objects
