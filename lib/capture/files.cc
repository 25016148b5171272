#include "capture/files.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "capture/capture.h"
#include "llvm/Object/Archive.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/TarWriter.h"
#include "support/file.h"
#include "support/map_file.h"
#include "support/path_parts.h"
#include "support/temporary.h"

namespace cgo_ld_shim::capture {
namespace {

constexpr char kThinMagic[] = "!<thin>\n";
constexpr size_t kMagicSize = sizeof kThinMagic - 1;

absl::Status CannotCopy(const std::string& from, const std::string& to, int error) {
  const std::string text = absl::StrCat("cannot copy ", from, " to ", to, ": ", support::ErrnoText(error));
  return error == ENOSPC || error == EDQUOT ? absl::ResourceExhaustedError(text) : absl::UnknownError(text);
}

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  int fd() const { return fd_; }

 private:
  const int fd_;
};

// Members of a thin archive lie elsewhere; the copy holds them itself.
absl::Status CopyThinArchive(const std::string& from, const std::string& to) {
  const auto buffer = support::MapFile(from);
  if (!buffer.ok()) return buffer.status();
  const auto failed = [&](llvm::Error error) {
    return absl::DataLossError(
        absl::StrCat("cannot copy the thin archive ", from, ": ", llvm::toString(std::move(error))));
  };
  auto archive = llvm::object::Archive::create((*buffer)->getMemBufferRef());
  if (!archive) return failed(archive.takeError());
  std::vector<llvm::NewArchiveMember> members;
  llvm::Error error = llvm::Error::success();
  for (const llvm::object::Archive::Child& child : (*archive)->children(error)) {
    // Not getOldMember: it keeps the member's path, and a whole archive has names only.
    llvm::Expected<llvm::MemoryBufferRef> content = child.getMemoryBufferRef();
    if (!content) return failed(content.takeError());
    llvm::NewArchiveMember member(*content);
    member.MemberName = llvm::sys::path::filename(member.MemberName);
    members.push_back(std::move(member));
  }
  if (error) return failed(std::move(error));
  if (llvm::Error written =
          llvm::writeArchive(to, members, llvm::SymtabWritingMode::NormalSymtab, llvm::object::Archive::K_GNU,
                             /*Deterministic=*/true, /*Thin=*/false)) {
    return failed(std::move(written));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status MakeParents(const std::string& path) {
  const std::string parent = support::DirectoryName(path);
  if (const std::error_code error = llvm::sys::fs::create_directories(parent)) {
    return absl::UnknownError(absl::StrCat("cannot make the directory ", parent, ": ", error.message()));
  }
  return absl::OkStatus();
}

absl::Status CopyInput(const std::string& from, const std::string& to, bool may_link) {
  if (absl::Status made = MakeParents(to); !made.ok()) return made;
  if (may_link && ::link(from.c_str(), to.c_str()) == 0) return absl::OkStatus();
  const absl::StatusOr<int> opened = support::OpenRegularFile(from);
  if (!opened.ok()) return opened.status();
  const File in(*opened);
  struct stat st;
  if (::fstat(in.fd(), &st) != 0) return CannotCopy(from, to, errno);
  char magic[kMagicSize];
  if (::pread(in.fd(), magic, kMagicSize, 0) == static_cast<ssize_t>(kMagicSize) &&
      std::memcmp(magic, kThinMagic, kMagicSize) == 0) {
    return CopyThinArchive(from, to);
  }
  const File out(::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (out.fd() < 0) return CannotCopy(from, to, errno);
  if (::ioctl(out.fd(), FICLONE, in.fd()) == 0) return absl::OkStatus();
  off_t offset = 0;
  while (offset < st.st_size) {
    const ssize_t copied = ::sendfile(out.fd(), in.fd(), &offset, static_cast<size_t>(st.st_size - offset));
    if (copied == 0) break;
    if (copied < 0 && errno != EINTR) return CannotCopy(from, to, errno);
  }
  return absl::OkStatus();
}

absl::Status WriteTar(const std::string& directory, const std::string& name, const std::string& tar) {
  const absl::StatusOr<Capture> capture = Load(directory);
  if (!capture.ok()) return capture.status();
  std::vector<std::string> files = {kManifestName, kResponseName, kRecordName};
  for (const Input& input : capture->inputs) files.push_back(input.path);
  // In a directory of our own: the writer opens what lies under its name, a link of somebody's as well.
  const absl::StatusOr<support::TemporaryDirectory> scratch =
      support::TemporaryDirectory::Make(support::DirectoryName(tar));
  if (!scratch.ok()) return scratch.status();
  const std::string temporary = absl::StrCat(scratch->path(), "/capture.tar");
  const auto failed = [&](const std::string& why) {
    return absl::UnknownError(absl::StrCat("cannot write ", tar, ": ", why));
  };
  uint64_t expected = 0;
  {
    auto writer = llvm::TarWriter::create(temporary, name);
    if (!writer) return failed(llvm::toString(writer.takeError()));
    for (const std::string& file : files) {
      const auto buffer = support::MapFile(absl::StrCat(directory, "/", file));
      if (!buffer.ok()) return failed(std::string(buffer.status().message()));
      (*writer)->append(file, (*buffer)->getBuffer());
      expected += (*buffer)->getBufferSize();
    }
  }
  // The writer reports no error of its own: a full disk shows in the size.
  const std::optional<support::FileIdentity> written = support::Identify(temporary);
  if (!written || written->size < expected) return failed("the disk is full");
  if (::rename(temporary.c_str(), tar.c_str()) != 0) return failed(support::ErrnoText(errno));
  return absl::OkStatus();
}

}  // namespace cgo_ld_shim::capture
