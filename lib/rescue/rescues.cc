#include "rescue/rescues.h"

#include <algorithm>
#include <iterator>

namespace cgo_ld_shim::rescue {
namespace {

using target::LibcFamily;

// BSD's names of types, which glibc's headers declare for anybody.
constexpr absl::string_view kBsdTypes[] = {"u_int8_t", "u_int16_t", "u_int32_t", "u_int64_t", "u_char",
                                           "u_short",  "u_int",     "u_long",    "quad_t",    "u_quad_t",
                                           "caddr_t",  "ushort",    "uint",      "ulong"};
constexpr absl::string_view kTypesHeader[] = {"-include", "sys/types.h"};
constexpr absl::string_view kBsdSource[] = {"-D_BSD_SOURCE"};

// The transitional names for large files (LFS), which musl has as macros, and only for those who ask.
constexpr absl::string_view kLargeFileNames[] = {
    "off64_t",           "ino64_t",        "blkcnt64_t",  "fsblkcnt64_t", "fsfilcnt64_t", "rlim64_t",
    "fpos64_t",          "stat64",         "statfs64",    "statvfs64",    "dirent64",     "flock64",
    "rlimit64",          "pread64",        "pwrite64",    "preadv64",     "pwritev64",    "lseek64",
    "ftruncate64",       "truncate64",     "open64",      "openat64",     "creat64",      "fopen64",
    "freopen64",         "fseeko64",       "ftello64",    "fgetpos64",    "fsetpos64",    "tmpfile64",
    "mkstemp64",         "mkstemps64",     "mkostemp64",  "mmap64",       "fstat64",      "lstat64",
    "fstatat64",         "fstatfs64",      "fstatvfs64",  "readdir64",    "readdir64_r",  "scandir64",
    "alphasort64",       "versionsort64",  "getrlimit64", "setrlimit64",  "prlimit64",    "sendfile64",
    "lockf64",           "fallocate64",    "glob64",      "globfree64",   "glob64_t",     "nftw64",
    "posix_fallocate64", "posix_fadvise64"};
constexpr absl::string_view kLargeFileSource[] = {"-D_LARGEFILE64_SOURCE"};

constexpr absl::string_view kOurNames[] = {"error.h",     "execinfo.h",    "sys/bitypes.h", "sys/cdefs.h",
                                           "sys/queue.h", "sys/termios.h", "termio.h"};
constexpr absl::string_view kKernelDirectories[] = {"linux/", "asm/",   "asm-generic/", "mtd/",
                                                    "rdma/",  "video/", "misc/"};

constexpr Row kRows[] = {
    {"bsd-types", Complaint::kName, kBsdTypes, LibcFamily::kMusl, Addition::kWords, kTypesHeader,
     "glibc's headers declare BSD's names of types to anybody; musl has them in sys/types.h alone", "0.1.0"},
    {"bsd-source", Complaint::kName, kBsdTypes, LibcFamily::kMusl, Addition::kWords, kBsdSource,
     "with -std=c99 and its like musl leaves BSD's names of types out, and glibc does not", "0.1.0"},
    {"large-file-names", Complaint::kName, kLargeFileNames, LibcFamily::kMusl, Addition::kWords, kLargeFileSource,
     "musl has the names for large files (off64_t, pread64) only with _LARGEFILE64_SOURCE, glibc also with _GNU_SOURCE",
     "0.1.0"},
    {"our-header",
     Complaint::kHeader,
     kOurNames,
     LibcFamily::kMusl,
     Addition::kOurHeader,
     {},
     "musl does not have this header of glibc's; ours does the same",
     "0.1.0"},
    {"kernel-header",
     Complaint::kHeader,
     kKernelDirectories,
     LibcFamily::kMusl,
     Addition::kPackageHeader,
     {},
     "this compiler's musl comes without the kernel's headers, and those of this machine are for the same processor",
     "0.1.0"},
    {"package-header",
     Complaint::kHeader,
     {},
     LibcFamily::kNone,
     Addition::kPackageHeader,
     {},
     "the target lacks the header, and an installed package has it: what Debian puts outside of "
     "/usr/include/<triple> fits every architecture",
     "0.1.0"},
};

}  // namespace

absl::Span<const Row> Rows() { return kRows; }

const Row* FindRow(absl::string_view id) {
  const auto* row = std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& r) { return id == r.id; });
  return row == std::end(kRows) ? nullptr : row;
}

}  // namespace cgo_ld_shim::rescue
