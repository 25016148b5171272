// lld's Filesystem.cpp made anew. lld's own removes the old output before it has made the new one, to save the time
// that a file system takes to free a large file; a disk that is full by then leaves nothing at all. output_buffer.cc
// puts the new one in the old one's place instead.
//
// As in output_buffer.cc: an object of its own, so that it is in the link before lld's archive is searched.
#include "lld/Common/Filesystem.h"

#include <memory>
#include <system_error>

#include "lld/Common/ErrorHandler.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileOutputBuffer.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

namespace lld {
namespace {

std::unique_ptr<llvm::raw_fd_ostream> Open(StringRef file, llvm::sys::fs::OpenFlags flags) {
  std::error_code error;
  auto stream = std::make_unique<llvm::raw_fd_ostream>(file, error, flags);
  if (!error) return stream;
  lld::error("cannot open " + file + ": " + error.message());
  return nullptr;
}

}  // namespace

void unlinkAsync(StringRef /*path*/) {}

std::error_code tryCreateFile(StringRef path) {
  if (path.empty() || path == "-") return {};
  return llvm::errorToErrorCode(llvm::FileOutputBuffer::create(path, 1).takeError());
}

std::unique_ptr<llvm::raw_fd_ostream> openFile(StringRef file) { return Open(file, llvm::sys::fs::OF_None); }

std::unique_ptr<llvm::raw_fd_ostream> openLTOOutputFile(StringRef file) { return Open(file, llvm::sys::fs::OF_None); }

}  // namespace lld
