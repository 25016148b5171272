#include "support/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "support/path.h"
#include "support/path_parts.h"

namespace cgo_ld_shim::support {
namespace {

absl::Status ErrnoStatus(int error, absl::string_view doing, absl::string_view path) {
  std::string message = absl::StrCat("cannot ", doing, " ", path, ": ", ErrnoText(error));
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return absl::NotFoundError(message);
    case EACCES:
    case EPERM:
    case EROFS:
      return absl::PermissionDeniedError(message);
    case ENOSPC:
    case EDQUOT:
      return absl::ResourceExhaustedError(message);
    default:
      return absl::UnknownError(message);
  }
}

bool IsPrivate(const struct stat& st) { return st.st_uid == ::geteuid() && (st.st_mode & (S_IWGRP | S_IWOTH)) == 0; }

// Makes `path` and what is missing above it, 0700. OK only for a directory of ours that we alone can write to: a HOME
// that belongs to another user (sudo with HOME kept, say) must not get files that its owner cannot remove, and what
// others have put there must not decide what we run.
absl::Status MakePrivateDirectory(const std::string& path) {
  struct stat st;
  // The last name may be a link that the user made, to another disk say: then its target counts. Another's link would
  // choose among our directories.
  if (::lstat(path.c_str(), &st) == 0 && S_ISLNK(st.st_mode) && st.st_uid != ::geteuid() && st.st_uid != 0)
    return absl::FailedPreconditionError(absl::StrCat(path, " is a link of another user (uid ", st.st_uid, ")"));
  if (::stat(path.c_str(), &st) == 0) {
    if (!S_ISDIR(st.st_mode)) return absl::FailedPreconditionError(absl::StrCat(path, " is not a directory"));
    if (st.st_uid != ::geteuid()) {
      return absl::FailedPreconditionError(absl::StrCat(path, " belongs to another user (uid ", st.st_uid, ")"));
    }
    if (!IsPrivate(st)) {
      return absl::FailedPreconditionError(absl::StrCat(
          "others can write to ", path, absl::StrFormat(" (mode %04o)", st.st_mode & 07777), ": chmod go-w ", path));
    }
    if (::access(path.c_str(), W_OK | X_OK) != 0) return ErrnoStatus(errno, "write to", path);
    return absl::OkStatus();
  }
  const std::string parent = DirectoryName(path);
  if (parent == "." || parent == "/") return absl::FailedPreconditionError(absl::StrCat(path, " is not there"));
  if (::stat(parent.c_str(), &st) != 0) {
    if (absl::Status made = MakePrivateDirectory(parent); !made.ok()) return made;
  } else if (!S_ISDIR(st.st_mode)) {
    return absl::FailedPreconditionError(absl::StrCat(parent, " is not a directory"));
  } else if (st.st_uid != ::geteuid()) {
    return absl::FailedPreconditionError(absl::StrCat(parent, " belongs to another user (uid ", st.st_uid, ")"));
  }
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return ErrnoStatus(errno, "make", path);
  return absl::OkStatus();
}

// Where all can write, and remove what others made, they can put another directory in the place of ours.
absl::Status CheckParent(const std::string& path) {
  const std::string parent = DirectoryName(path);
  struct stat st;
  if (::stat(parent.c_str(), &st) == 0 && (st.st_mode & S_IWOTH) != 0 && (st.st_mode & S_ISVTX) == 0) {
    return absl::FailedPreconditionError(absl::StrCat(
        "others can write to ", parent, absl::StrFormat(" (mode %04o)", st.st_mode & 07777), ": chmod o-w ", parent));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> UserDirectory(const char* xdg_variable, absl::string_view below_home) {
  std::string path;
  const char* xdg = std::getenv(xdg_variable);
  const char* home = std::getenv("HOME");
  if (xdg != nullptr && xdg[0] == '/') {
    path = absl::StrCat(xdg, "/cgo-ld-shim");
  } else if (home != nullptr && home[0] == '/') {
    path = absl::StrCat(home, "/", below_home, "/cgo-ld-shim");
  } else {
    return absl::FailedPreconditionError(absl::StrCat("neither HOME nor ", xdg_variable, " is an absolute path"));
  }
  if (absl::Status made = MakePrivateDirectory(path); !made.ok()) return made;
  if (absl::Status parent = CheckParent(path); !parent.ok()) return parent;
  return path;
}

std::optional<std::string> IfThere(absl::StatusOr<std::string> directory) {
  if (!directory.ok()) return std::nullopt;
  return *std::move(directory);
}

const char* KindOfFile(mode_t mode) {
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return S_ISCHR(mode) || S_ISBLK(mode) ? "a device" : "something else";
}

// Takes `fd`, of a regular file.
absl::StatusOr<std::string> ReadToEnd(int fd, const std::string& path) {
  std::string content;
  struct stat st;
  // What claims to be larger than this is read as far as it goes.
  constexpr off_t kMostReserved = off_t{1} << 30;
  if (::fstat(fd, &st) == 0) content.reserve(static_cast<size_t>(std::min(st.st_size, kMostReserved)));
  char buffer[65536];
  while (true) {
    const ssize_t n = ::read(fd, buffer, sizeof buffer);
    if (n == 0) break;
    if (n < 0) {
      if (errno == EINTR) continue;
      const int error = errno;
      ::close(fd);
      return ErrnoStatus(error, "read", path);
    }
    content.append(buffer, static_cast<size_t>(n));
  }
  ::close(fd);
  return content;
}

}  // namespace

std::string ErrnoText(int error) {
  std::string text = std::strerror(error);
  // "No such file" in the middle of a sentence; "I/O error" stays.
  if (text.size() > 1 && absl::ascii_islower(text[1])) text[0] = absl::ascii_tolower(text[0]);
  return text;
}

absl::StatusOr<int> OpenRegularFile(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return ErrnoStatus(errno, "read", path);
  struct stat st;
  if (::fstat(fd, &st) != 0) {
    const int error = errno;
    ::close(fd);
    return ErrnoStatus(error, "read", path);
  }
  if (S_ISREG(st.st_mode)) return fd;
  ::close(fd);
  if (S_ISDIR(st.st_mode)) return ErrnoStatus(EISDIR, "read", path);
  return absl::FailedPreconditionError(
      absl::StrCat("cannot read ", path, ": ", KindOfFile(st.st_mode), ", not a file"));
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  const absl::StatusOr<int> fd = OpenRegularFile(path);
  if (!fd.ok()) return fd.status();
  return ReadToEnd(*fd, path);
}

absl::StatusOr<std::string> ReadOwnFile(const std::string& path) {
  // What was opened is what is looked at; a pipe that somebody has put there must not make us wait.
  const int fd = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return ErrnoStatus(errno, "read", path);
  struct stat st;
  if (::fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || !IsPrivate(st)) {
    ::close(fd);
    return absl::PermissionDeniedError(absl::StrCat(path, " is not read: it is not ours, or others can write to it"));
  }
  return ReadToEnd(fd, path);
}

bool IsOurs(const std::string& path) {
  struct stat st;
  return ::lstat(path.c_str(), &st) == 0 && (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)) && IsPrivate(st);
}

// A link of ours to a file below /usr that root alone can write: a header of a package (lib/rescue/headers.h).
static bool IsLinkToSystem(const std::string& path) {
  struct stat link, file;
  return ::lstat(path.c_str(), &link) == 0 && S_ISLNK(link.st_mode) && link.st_uid == ::geteuid() &&
         ::stat(path.c_str(), &file) == 0 && S_ISREG(file.st_mode) && file.st_uid == 0 &&
         (file.st_mode & (S_IWGRP | S_IWOTH)) == 0 && absl::StartsWith(RealPath(path), "/usr/");
}

std::vector<std::string> NotOurs(const std::string& directory) {
  std::vector<std::string> paths;
  for (const std::string& name : ListDirectory(directory)) {
    std::string path = absl::StrCat(directory, "/", name);
    if (IsLinkToSystem(path)) continue;
    if (!IsOurs(path)) {
      paths.push_back(std::move(path));
    } else if (IsDirectory(path)) {
      for (std::string& below : NotOurs(path)) paths.push_back(std::move(below));
    }
  }
  return paths;
}

absl::Status WriteFileAtomically(const std::string& path, absl::string_view content, int mode) {
  std::string temporary = absl::StrCat(path, ".XXXXXX");
  const int fd = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) return ErrnoStatus(errno, "write", path);
  int error = 0;
  while (!content.empty()) {
    const ssize_t n = ::write(fd, content.data(), content.size());
    if (n >= 0) {
      content.remove_prefix(static_cast<size_t>(n));
    } else if (errno != EINTR) {
      error = errno;
      break;
    }
  }
  if (error == 0 && ::fchmod(fd, static_cast<mode_t>(mode)) != 0) error = errno;
  if (::close(fd) != 0 && error == 0) error = errno;
  if (error == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error != 0) {
    ::unlink(temporary.c_str());
    return ErrnoStatus(error, "write", path);
  }
  return absl::OkStatus();
}

std::optional<FileIdentity> Identify(const std::string& path) {
  struct stat st;
  if (::stat(path.c_str(), &st) != 0) return std::nullopt;
  return FileIdentity{static_cast<uint64_t>(st.st_size), st.st_mtim.tv_sec * int64_t{1000000000} + st.st_mtim.tv_nsec};
}

bool IsRegularFile(const std::string& path) {
  struct stat st;
  return ::stat(path.c_str(), &st) == 0 && S_ISREG(st.st_mode);
}

bool MayBeRegularFile(const std::string& path) {
  struct stat st;
  if (::stat(path.c_str(), &st) == 0) return S_ISREG(st.st_mode);
  return errno != ENOENT && errno != ENOTDIR && errno != EACCES && errno != ELOOP && errno != ENAMETOOLONG;
}

bool IsDirectory(const std::string& path) {
  struct stat st;
  return ::stat(path.c_str(), &st) == 0 && S_ISDIR(st.st_mode);
}

std::vector<std::string> ListDirectory(const std::string& path) {
  std::vector<std::string> names;
  DIR* directory = ::opendir(path.c_str());
  if (directory == nullptr) return names;
  while (const dirent* entry = ::readdir(directory)) {
    const absl::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  ::closedir(directory);
  std::sort(names.begin(), names.end());
  return names;
}

std::string Absolute(absl::string_view path, absl::string_view cwd) {
  const std::string whole = !path.empty() && path[0] == '/' ? std::string(path) : absl::StrCat(cwd, "/", path);
  std::string clean;
  for (absl::string_view part : absl::StrSplit(whole, '/', absl::SkipEmpty())) {
    if (part != ".") absl::StrAppend(&clean, "/", part);
  }
  return clean.empty() ? "/" : clean;
}

absl::StatusOr<std::string> CurrentDirectory() {
  char buffer[PATH_MAX];
  // Linux prefixes "(unreachable)" where the directory is not below our root.
  if (::getcwd(buffer, sizeof buffer) != nullptr && buffer[0] == '/') return std::string(buffer);
  return absl::FailedPreconditionError(
      absl::StrCat("cannot tell the current directory: ", ErrnoText(errno), ". Change to one that is there"));
}

std::string RealPath(const std::string& path) {
  char* resolved = ::realpath(path.c_str(), nullptr);
  if (resolved == nullptr) return path;
  std::string result = resolved;
  std::free(resolved);
  return result;
}

std::string NameInMemory(const std::string& path) {
  if (!absl::StartsWith(path, "/proc/")) return "";
  char target[256];
  const ssize_t size = ::readlink(path.c_str(), target, sizeof target);
  if (size <= 0) return "";
  absl::string_view name(target, static_cast<size_t>(size));
  if (!absl::ConsumePrefix(&name, "/memfd:")) return "";
  absl::ConsumeSuffix(&name, " (deleted)");
  return std::string(name);
}

std::optional<std::string> FindProgram(absl::string_view name, absl::string_view path_variable) {
  const auto executable = [](const std::string& path) {
    return IsRegularFile(path) && ::access(path.c_str(), X_OK) == 0;
  };
  if (name.find('/') != absl::string_view::npos) {
    std::string path(name);
    if (executable(path)) return path;
    return std::nullopt;
  }
  for (absl::string_view directory : absl::StrSplit(path_variable, ':')) {
    if (!absl::StartsWith(directory, "/")) continue;
    std::string path = absl::StrCat(directory, "/", name);
    if (executable(path)) return path;
  }
  return std::nullopt;
}

std::optional<std::string> FindProgram(absl::string_view name) {
  const char* path = std::getenv("PATH");
  return FindProgram(name, path != nullptr ? path : kDefaultPath);
}

absl::StatusOr<std::string> FindCacheDirectory() { return UserDirectory("XDG_CACHE_HOME", ".cache"); }
absl::StatusOr<std::string> FindStateDirectory() { return UserDirectory("XDG_STATE_HOME", ".local/state"); }

std::optional<std::string> CacheDirectory() { return IfThere(FindCacheDirectory()); }
std::optional<std::string> StateDirectory() { return IfThere(FindStateDirectory()); }

}  // namespace cgo_ld_shim::support
