#include "objects/objects.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "llvm/Support/xxhash.h"
#include "objects/compile.h"
#include "support/file.h"

extern "C" const char cgo_ld_shim_nss_files_begin[], cgo_ld_shim_nss_files_end[];
extern "C" const char cgo_ld_shim_compat_begin[], cgo_ld_shim_compat_end[];
extern "C" const char cgo_ld_shim_nss_source_begin[], cgo_ld_shim_nss_source_end[];
extern "C" const char cgo_ld_shim_compat_source_begin[], cgo_ld_shim_compat_source_end[];
extern "C" const char cgo_ld_shim_cpu_model_begin[], cgo_ld_shim_cpu_model_end[];

namespace cgo_ld_shim::objects {
namespace {

// As those that this executable carries are compiled (CMakeLists.txt, compat.cmake): who compiled an object tells for
// which C library it is, and these are for another.
constexpr const char* kPlain[] = {"-fno-ident", "-fno-stack-protector", "-fno-asynchronous-unwind-tables",
                                  "-U_FORTIFY_SOURCE"};

// The assembler's labels of one object: the compiler cannot see that they belong together.
absl::string_view Between(const char* begin, const char* end) {
  return {begin, reinterpret_cast<uintptr_t>(end) - reinterpret_cast<uintptr_t>(begin)};
}

}  // namespace

absl::StatusOr<std::string> InMemory(const char* name, absl::string_view bytes) {
  const int fd = ::memfd_create(name, 0);  // stays open over exec: the driver is a child of ours
  if (fd < 0 || ::write(fd, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) {
    return absl::ResourceExhaustedError(absl::StrCat("cannot make ", name, " in memory: ", support::ErrnoText(errno)));
  }
  return absl::StrCat("/proc/", ::getpid(), "/fd/", fd);
}

absl::StatusOr<std::string> NssFilesObject() {
  return InMemory("nss_files.o", Between(cgo_ld_shim_nss_files_begin, cgo_ld_shim_nss_files_end));
}

absl::StatusOr<std::string> CpuModelObject() {
  const absl::string_view bytes = Between(cgo_ld_shim_cpu_model_begin, cgo_ld_shim_cpu_model_end);
  if (bytes.empty())
    return absl::NotFoundError("the compiler that built this program has no object for the processor's features");
  return InMemory("cpu_model.o", bytes);
}

absl::StatusOr<std::string> CompatArchive() {
  // Several suppliers ask for it, each time that the link has changed.
  static const auto* const archive = new absl::StatusOr<std::string>(
      InMemory("libglibc_compat.a", Between(cgo_ld_shim_compat_begin, cgo_ld_shim_compat_end)));
  return *archive;
}

absl::StatusOr<std::string> CompileNssFiles(const std::vector<std::string>& driver, const std::string& directory) {
  return Compile({.name = "nss_files",
                  .source = std::string(Between(cgo_ld_shim_nss_source_begin, cgo_ld_shim_nss_source_end)),
                  .purpose = "the object that restricts look-ups to files and DNS",
                  .words = {kPlain, std::end(kPlain)}},
                 driver, directory);
}

absl::StatusOr<std::string> CompileCompat(const std::vector<std::string>& names, const std::vector<std::string>& driver,
                                          const std::string& directory) {
  std::string source;
  for (const std::string& name : names) absl::StrAppend(&source, "#define COMPAT_", name, "\n");
  absl::StrAppend(&source, Between(cgo_ld_shim_compat_source_begin, cgo_ld_shim_compat_source_end));
  // One link may need several: what they define needs more.
  const std::string number = absl::StrFormat("%016x", llvm::xxh3_64bits(llvm::StringRef(absl::StrJoin(names, "\n"))));
  return Compile({.name = absl::StrCat("compat_", number),
                  .source = std::move(source),
                  .purpose = "glibc's names for musl",
                  .words = {kPlain, std::end(kPlain)}},
                 driver, directory);
}

}  // namespace cgo_ld_shim::objects
