#include "support/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

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

// Makes `path` and what is missing above it, 0700. True only for a directory of ours that we can write to: a HOME that
// belongs to another user (sudo with HOME kept, say) must not get files that its owner cannot remove.
bool MakePrivateDirectory(const std::string& path) {
  struct stat st;
  if (::stat(path.c_str(), &st) == 0) {
    return S_ISDIR(st.st_mode) && st.st_uid == ::geteuid() && ::access(path.c_str(), W_OK | X_OK) == 0;
  }
  size_t slash = path.rfind('/');
  if (slash == std::string::npos || slash == 0) return false;
  const std::string parent = path.substr(0, slash);
  if (::stat(parent.c_str(), &st) != 0) {
    if (!MakePrivateDirectory(parent)) return false;
  } else if (!S_ISDIR(st.st_mode) || st.st_uid != ::geteuid()) {
    return false;
  }
  return ::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST;
}

std::optional<std::string> UserDirectory(const char* xdg_variable, absl::string_view below_home) {
  std::string path;
  const char* xdg = std::getenv(xdg_variable);
  const char* home = std::getenv("HOME");
  if (xdg != nullptr && xdg[0] == '/') {
    path = absl::StrCat(xdg, "/cgo-ld-shim");
  } else if (home != nullptr && home[0] == '/') {
    path = absl::StrCat(home, "/", below_home, "/cgo-ld-shim");
  } else {
    return std::nullopt;
  }
  if (!MakePrivateDirectory(path)) return std::nullopt;
  return path;
}

}  // namespace

std::string ErrnoText(int error) {
  std::string text = std::strerror(error);
  // "No such file" in the middle of a sentence; "I/O error" stays.
  if (text.size() > 1 && absl::ascii_islower(text[1])) text[0] = absl::ascii_tolower(text[0]);
  return text;
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return ErrnoStatus(errno, "read", path);
  std::string content;
  struct stat st;
  if (::fstat(fd, &st) == 0) {
    if (S_ISDIR(st.st_mode)) {
      ::close(fd);
      return ErrnoStatus(EISDIR, "read", path);
    }
    content.reserve(static_cast<size_t>(st.st_size));
  }
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

std::string RealPath(const std::string& path) {
  char* resolved = ::realpath(path.c_str(), nullptr);
  if (resolved == nullptr) return path;
  std::string result = resolved;
  std::free(resolved);
  return result;
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
    std::string path = absl::StrCat(directory.empty() ? "." : directory, "/", name);
    if (executable(path)) return path;
  }
  return std::nullopt;
}

absl::StatusOr<std::string> MakeTemporaryDirectory() {
  const char* base = std::getenv("TMPDIR");
  std::string directory = absl::StrCat(base != nullptr && base[0] == '/' ? base : "/tmp", "/cgo-ld-shim-XXXXXX");
  if (::mkdtemp(directory.data()) != nullptr) return directory;
  return absl::FailedPreconditionError(
      absl::StrCat("cannot make a temporary directory ", directory, ": ", ErrnoText(errno)));
}

std::optional<std::string> CacheDirectory() { return UserDirectory("XDG_CACHE_HOME", ".cache"); }

std::optional<std::string> StateDirectory() { return UserDirectory("XDG_STATE_HOME", ".local/state"); }

}  // namespace cgo_ld_shim::support
