// LLVM's FileOutputBuffer, in which lld makes its output, made anew: the bytes are collected in memory and written in
// one go to a temporary file, which then takes the output's name.
//
// LLVM maps the output file instead. That makes the file system find a place for each 4 KiB as it is touched, and at a
// full disk ends the process by SIGBUS, in a thread of lld's that blocks signals; and its option against that,
// --no-mmap-output-file, does the opposite in LLVM 22. Here a full disk is an error of write(2), and an output that is
// there stays as it is until the new one is whole. (Huge pages for the buffer were tried: bench/README.md.)
//
// As in no_lto.cc: an object of its own, so that it is in the link before LLVM's archive is searched for the same
// symbol.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "llvm/Support/Errc.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileOutputBuffer.h"
#include "llvm/Support/FileSystem.h"

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

class WrittenBuffer : public FileOutputBuffer {
 public:
  // Without `file` the output is written to the path itself, when it is complete: a device, or a pipe.
  WrittenBuffer(StringRef path, uint8_t* data, size_t size, std::optional<sys::fs::TempFile> file)
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
    sys::fs::TempFile file = std::move(*file_);
    file_.reset();
    if (Error error = WriteAll(file.FD, data_, size_)) return joinErrors(std::move(error), file.discard());
    return file.keep(FinalPath);
  }

  void discard() override {
    if (file_) consumeError(file_->discard());
    file_.reset();
  }

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
  std::optional<sys::fs::TempFile> file_;
};

}  // namespace

Expected<std::unique_ptr<FileOutputBuffer>> FileOutputBuffer::create(StringRef path, size_t size, unsigned flags) {
  std::optional<sys::fs::TempFile> file;
  const sys::fs::file_type type = sys::fs::get_file_type(path);
  if (type == sys::fs::file_type::directory_file) return errorCodeToError(errc::is_a_directory);
  // status_error: nothing is there, most often; what else it may be, making the file says.
  const bool replaced = type == sys::fs::file_type::regular_file || type == sys::fs::file_type::status_error;
  if (path != "-" && replaced) {
    unsigned mode = sys::fs::all_read | sys::fs::all_write;
    if ((flags & F_executable) != 0) mode |= sys::fs::all_exe;
    Expected<sys::fs::TempFile> made = sys::fs::TempFile::create(path + ".tmp%%%%%%%", mode);
    if (!made) return made.takeError();
    file = std::move(*made);
  }
  void* const data = ::mmap(nullptr, WrittenBuffer::MappedSize(size), PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (data == MAP_FAILED) {
    Error error = ErrnoError();
    if (file) error = joinErrors(std::move(error), file->discard());
    return error;
  }
  return std::make_unique<WrittenBuffer>(path, static_cast<uint8_t*>(data), size, std::move(file));
}

}  // namespace llvm
