// The file system behind one seam: whole-file reads, atomic writes, identities, and the directories that we may write
// to.
//
// Example:
//   absl::StatusOr<std::string> text = ReadFile("/etc/os-release");
//   absl::Status written = WriteFileAtomically(path, *text, 0600);
//
// Errors carry the path and the reason in words ("cannot read /x/y: permission denied"), never a bare errno.
#ifndef CGO_LD_SHIM_SUPPORT_FILE_H_
#define CGO_LD_SHIM_SUPPORT_FILE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cgo_ld_shim::support {

// The whole of a regular file. A device or a pipe is refused (kFailedPrecondition) and never waited for: /dev/zero has
// no end, and a pipe that nobody writes to has no beginning.
absl::StatusOr<std::string> ReadFile(const std::string& path);
// A regular file, opened for reading without waiting and closed on exec; the caller closes it. Errors as ReadFile's.
absl::StatusOr<int> OpenRegularFile(const std::string& path);

// Writes to a temporary file beside `path` and renames it into place, so that a reader sees all of it or nothing. On
// failure nothing is left behind.
absl::Status WriteFileAtomically(const std::string& path, absl::string_view content, int mode);

// What tells one state of a file from another without reading it.
struct FileIdentity {
  uint64_t size = 0;
  int64_t mtime_ns = 0;  // nanoseconds since the epoch
  bool operator==(const FileIdentity&) const = default;
};
std::optional<FileIdentity> Identify(const std::string& path);  // nullopt: not there or not readable; follows symlinks

bool IsRegularFile(const std::string& path);
// False where there is no such file, or something that is not a file. True as well where that cannot be told (an I/O
// error, say): whoever opens it then hears the real reason, and nobody takes it for missing.
bool MayBeRegularFile(const std::string& path);
bool IsDirectory(const std::string& path);

// Names in a directory, sorted bytewise: never in the order in which the file system lists them. Empty when it cannot
// be read.
std::vector<std::string> ListDirectory(const std::string& path);

// `path` made absolute against `cwd` and cleaned of "." and doubled slashes; ".." and symlinks stay.
std::string Absolute(absl::string_view path, absl::string_view cwd);
// The directory that this process is in. There may be none: it was removed, or its path is longer than the kernel
// gives. Never "/" instead, where a relative path would then lead.
absl::StatusOr<std::string> CurrentDirectory();
// The path with every symlink resolved; `path` itself where that fails.
std::string RealPath(const std::string& path);

// The name of a file in memory (memfd_create) of this process or a living one, for /proc/123/fd/4; empty: it is none.
std::string NameInMemory(const std::string& path);

// The one way to find a program: the first executable file called `name` in the absolute directories of
// `path_variable` (a PATH value). An empty or relative entry means the current directory, which is somebody's checkout:
// it is passed over. A name with a slash is taken as it is. nullopt: none.
std::optional<std::string> FindProgram(absl::string_view name, absl::string_view path_variable);
// The same in this process's PATH, or in kDefaultPath (support/path.h) where there is none.
std::optional<std::string> FindProgram(absl::string_view name);

// $XDG_CACHE_HOME/cgo-ld-shim or ~/.cache/cgo-ld-shim, made with mode 0700 when missing. What lies there decides what
// later builds run, so the directory must be ours, and nobody else may write to it. kFailedPrecondition says why it is
// not used (HOME is missing, read-only or another's): then nothing is cached and all else goes on.
absl::StatusOr<std::string> FindCacheDirectory();
// The same for records of links: $XDG_STATE_HOME/cgo-ld-shim or ~/.local/state/cgo-ld-shim.
absl::StatusOr<std::string> FindStateDirectory();
// Where the reason does not matter.
std::optional<std::string> CacheDirectory();
std::optional<std::string> StateDirectory();

// For what is read back from those directories. True for a file or directory, not a link to one, that belongs to us
// and that nobody else can write to.
bool IsOurs(const std::string& path);
// The content of a regular file of which IsOurs holds; kPermissionDenied for another.
absl::StatusOr<std::string> ReadOwnFile(const std::string& path);
// What of `directory` is not ours, with all below it: paths, sorted.
std::vector<std::string> NotOurs(const std::string& directory);

// "no such file or directory": strerror without its capital letter.
std::string ErrnoText(int error);

}  // namespace cgo_ld_shim::support

#endif  // CGO_LD_SHIM_SUPPORT_FILE_H_
