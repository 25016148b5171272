// LLVM's FileOutputBuffer, in which lld makes its output, made anew: the bytes are collected in memory and written in
// one go to a file without a name (O_TMPFILE), which then takes the output's: whatever ends this process before,
// nothing is left. Where the file system has no such files, one beside the output stands in for it while it is written.
//
// LLVM maps the output file instead. That makes the file system find a place for each 4 KiB as it is touched, and at a
// full disk ends the process by SIGBUS, in a thread of lld's that blocks signals; and its option against that,
// --no-mmap-output-file, does the opposite in LLVM 22. Here a full disk is an error of write(2), and an output that is
// there stays as it is until the new one is whole; output_files.cc sees to it that lld does not remove it first. (Huge
// pages for the buffer were tried: bench/README.md.)
//
// As in no_lto.cc: an object of its own, so that it is in the link before LLVM's archive is searched for the same
// symbol.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Errc.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileOutputBuffer.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Signals.h"

namespace llvm {
namespace {

Error ErrnoError() { return errorCodeToError(std::error_code(errno, std::generic_category())); }

Error WriteAll(int fd, const uint8_t* data, size_t size) {
  while (size > 0) {
    const ssize_t written = ::write(fd, data, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return ErrnoError();
    data += written;
    size -= static_cast<size_t>(written);
  }
  return Error::success();
}

std::string DirectoryOf(StringRef path) {
  const StringRef parent = sys::path::parent_path(path);
  return parent.empty() ? "." : parent.str();
}

// A name beside `path` that nobody has. Not by sys::fs::TempFile, for whose names a '%' of the path is a placeholder.
std::string NameBeside(const std::string& path) {
  static std::atomic<unsigned> count;
  return DirectoryOf(path) + "/.cgo-ld-shim-" + utohexstr(static_cast<uint64_t>(::getpid())) + "-" +
         utohexstr(sys::Process::GetRandomNumber()) + utohexstr(count++);
}

// The file in which the bytes become the output.
class NewFile {
 public:
  NewFile(std::string path, mode_t mode) : path_(std::move(path)), mode_(mode) {}
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() {
    if (fd_ >= 0) ::close(fd_);
    RemoveName();
  }

  // Whether there can be one: lld asks before it begins.
  Error Prepare() {
    fd_ = ::open(DirectoryOf(path_).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, mode_);
    if (fd_ >= 0) return Error::success();
    // EISDIR and ENOENT are what kernels say that do not know it; the latter also where there is no such directory.
    if (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT && errno != EINVAL) return ErrnoError();
    return ::access(DirectoryOf(path_).c_str(), W_OK | X_OK) == 0 ? Error::success() : ErrnoError();
  }

  Error Commit(const uint8_t* data, size_t size) {
    if (fd_ >= 0) {
      if (Error error = WriteAll(fd_, data, size)) return error;
      // A file without a name cannot take one that is taken.
      const bool is_new = LinkTo(path_);
      if (is_new || (errno == EEXIST && TakeName() && LinkTo(name_))) {
        if (Error error = Close()) return error;
        return is_new ? Error::success() : Rename();
      }
      // Without /proc, say, it gets no name at all.
      consumeError(Close());
    }
    (void)TakeName();
    fd_ = ::open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_);
    if (fd_ < 0) return ErrnoError();
    if (Error error = WriteAll(fd_, data, size)) return error;
    if (Error error = Close()) return error;
    return Rename();
  }

 private:
  bool LinkTo(const std::string& name) const {
    const std::string descriptor = "/proc/self/fd/" + std::to_string(fd_);
    return ::linkat(AT_FDCWD, descriptor.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
  }
  bool TakeName() {
    RemoveName();
    name_ = NameBeside(path_);
    sys::RemoveFileOnSignal(name_);
    return true;
  }
  Error Rename() {
    if (::rename(name_.c_str(), path_.c_str()) != 0) return ErrnoError();
    sys::DontRemoveFileOnSignal(name_);
    name_.clear();
    return Error::success();
  }
  Error Close() {
    const int fd = std::exchange(fd_, -1);
    return ::close(fd) == 0 ? Error::success() : ErrnoError();
  }
  void RemoveName() {
    if (name_.empty()) return;
    ::unlink(name_.c_str());
    sys::DontRemoveFileOnSignal(name_);
    name_.clear();
  }

  const std::string path_;
  const mode_t mode_;
  int fd_ = -1;
  std::string name_;  // empty: it has none
};

class WrittenBuffer : public FileOutputBuffer {
 public:
  // Without `file` the output is written to the path itself, when it is complete: a device, or a pipe.
  WrittenBuffer(StringRef path, uint8_t* data, size_t size, std::unique_ptr<NewFile> file)
      : FileOutputBuffer(path), data_(data), size_(size), file_(std::move(file)) {}
  ~WrittenBuffer() override {
    discard();
    ::munmap(data_, MappedSize(size_));
  }

  // mmap refuses an empty range.
  static size_t MappedSize(size_t size) { return size > 0 ? size : 1; }

  uint8_t* getBufferStart() const override { return data_; }
  uint8_t* getBufferEnd() const override { return data_ + size_; }
  size_t getBufferSize() const override { return size_; }

  Error commit() override {
    if (!file_) return CommitInPlace();
    const std::unique_ptr<NewFile> file = std::move(file_);
    return file->Commit(data_, size_);
  }

  void discard() override { file_.reset(); }

 private:
  Error CommitInPlace() {
    if (FinalPath == "-") return WriteAll(STDOUT_FILENO, data_, size_);
    const int fd = ::open(FinalPath.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0777);
    if (fd < 0) return ErrnoError();
    Error error = WriteAll(fd, data_, size_);
    if (::close(fd) != 0 && !error) return ErrnoError();
    return error;
  }

  uint8_t* const data_;
  const size_t size_;
  std::unique_ptr<NewFile> file_;
};

}  // namespace

Expected<std::unique_ptr<FileOutputBuffer>> FileOutputBuffer::create(StringRef path, size_t size, unsigned flags) {
  std::unique_ptr<NewFile> file;
  const sys::fs::file_type type = sys::fs::get_file_type(path);
  if (type == sys::fs::file_type::directory_file) return errorCodeToError(errc::is_a_directory);
  // status_error: nothing is there, most often; what else it may be, making the file says.
  const bool replaced = type == sys::fs::file_type::regular_file || type == sys::fs::file_type::status_error;
  if (path != "-" && replaced) {
    unsigned mode = sys::fs::all_read | sys::fs::all_write;
    if ((flags & F_executable) != 0) mode |= sys::fs::all_exe;
    file = std::make_unique<NewFile>(path.str(), mode);
    if (Error error = file->Prepare()) return error;
  }
  void* const data = ::mmap(nullptr, WrittenBuffer::MappedSize(size), PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (data == MAP_FAILED) return ErrnoError();
  return std::make_unique<WrittenBuffer>(path, static_cast<uint8_t*>(data), size, std::move(file));
}

}  // namespace llvm
