#include "support/temporary.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "support/file.h"
#include "support/interrupt.h"
#include "support/path_parts.h"

namespace cgo_ld_shim::support {
namespace {

// What a signal handler may read: fixed places, each set when its text is whole. There are two or three at a time.
constexpr size_t kMost = 16;
std::atomic<const char*> g_directories[kMost];

struct WatchedFile {
  std::atomic<const char*> path;
  const char* kept = nullptr;  // what was there, under another name; null: nothing was
  bool was_there = false;
  struct stat before = {};
};
WatchedFile g_file;

size_t Register(const char* path) {
  CatchInterrupts();
  for (size_t i = 0; i < kMost; ++i) {
    const char* free = nullptr;
    if (g_directories[i].compare_exchange_strong(free, path)) return i;
  }
  return kMost;  // it goes at the end of the job, if not before
}

// As the kernel writes it for getdents64. Not readdir, which allocates.
struct Entry {
  uint64_t inode;
  int64_t offset;
  uint16_t size;
  uint8_t type;
  char name[];
};

void RemoveAt(int parent, const char* name, int depth) {
  constexpr int kDeepest = 64;
  if (::unlinkat(parent, name, 0) == 0 || (errno != EISDIR && errno != EPERM) || depth == kDeepest) return;
  const int directory = ::openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (directory < 0) return;
  alignas(Entry) char buffer[1024];
  // From the beginning each time: removing moves the rest.
  for (bool removed = true; removed;) {
    removed = false;
    ::lseek(directory, 0, SEEK_SET);
    for (long size; (size = ::syscall(SYS_getdents64, directory, buffer, sizeof buffer)) > 0;) {
      for (long at = 0; at < size;) {
        const Entry* entry = reinterpret_cast<const Entry*>(buffer + at);
        at += entry->size;
        if (std::strcmp(entry->name, ".") == 0 || std::strcmp(entry->name, "..") == 0) continue;
        RemoveAt(directory, entry->name, depth + 1);
        struct stat st;
        if (::fstatat(directory, entry->name, &st, AT_SYMLINK_NOFOLLOW) != 0) removed = true;
      }
    }
  }
  ::close(directory);
  ::unlinkat(parent, name, AT_REMOVEDIR);
}

bool Same(const struct stat& a, const struct stat& b) {
  return a.st_ino == b.st_ino && a.st_dev == b.st_dev && a.st_size == b.st_size &&
         a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

void RestoreFile() {
  const char* file = g_file.path.exchange(nullptr);
  if (file == nullptr) return;
  if (g_file.kept != nullptr) {
    ::rename(g_file.kept, file);
    return;
  }
  struct stat now;
  if (::lstat(file, &now) == 0 && S_ISREG(now.st_mode) && !(g_file.was_there && Same(now, g_file.before)))
    ::unlink(file);
}

}  // namespace

void RemoveTree(const char* path) { RemoveAt(AT_FDCWD, path, 0); }

void RemoveTemporaries() {
  for (std::atomic<const char*>& place : g_directories) {
    if (const char* path = place.exchange(nullptr)) RemoveTree(path);
  }
  RestoreFile();
}

std::string TemporaryPlace() {
  const char* place = std::getenv("TMPDIR");
  return place != nullptr && place[0] == '/' ? place : "/tmp";
}

absl::StatusOr<TemporaryDirectory> TemporaryDirectory::Make(const std::string& parent) {
  std::string directory = absl::StrCat(parent, "/cgo-ld-shim-XXXXXX");
  if (::mkdtemp(directory.data()) == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot make a temporary directory ", directory, ": ", ErrnoText(errno)));
  }
  return TemporaryDirectory(std::make_unique<Owned>(std::move(directory)));
}

TemporaryDirectory::Owned::Owned(std::string made) : path(std::move(made)), slot(Register(path.c_str())) {}
TemporaryDirectory::Owned::~Owned() {
  if (slot < kMost) g_directories[slot] = nullptr;
  RemoveTree(path.c_str());
}

OutputInProgress::OutputInProgress(std::string file) : file_(std::move(file)) {
  static std::atomic<unsigned> count;
  g_file.was_there = ::lstat(file_.c_str(), &g_file.before) == 0;
  if (g_file.was_there && S_ISREG(g_file.before.st_mode)) {
    kept_ = absl::StrCat(DirectoryName(file_), "/.cgo-ld-shim-", ::getpid(), "-", ++count);
    // Not a second link: some linkers write into the file that is there.
    if (::rename(file_.c_str(), kept_.c_str()) != 0) kept_.clear();
  }
  g_file.kept = kept_.empty() ? nullptr : kept_.c_str();
  g_file.path = file_.c_str();
  CatchInterrupts();
}
OutputInProgress::~OutputInProgress() {
  if (!succeeded_) {
    RestoreFile();
    return;
  }
  g_file.path = nullptr;
  if (!kept_.empty()) ::unlink(kept_.c_str());
}

}  // namespace cgo_ld_shim::support
