// Read by a few small reads where the headers lie: mapping the whole file can fail for want of address space (ulimit
// -v), which says nothing about the program.
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "absl/strings/str_cat.h"
#include "backend/backend.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Object/ELFTypes.h"
#include "support/file.h"

namespace cgo_ld_shim::backend {
namespace {

class OpenFile {
 public:
  OpenFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  ~OpenFile() { ::close(fd_); }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  // kDataLoss when the file ends before.
  absl::Status Read(uint64_t offset, void* to, size_t size) const {
    auto* at = static_cast<char*>(to);
    while (size > 0) {
      const ssize_t got = ::pread(fd_, at, size, static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0)
        return absl::UnavailableError(absl::StrCat("cannot read ", path_, " back: ", support::ErrnoText(errno)));
      if (got == 0) return Damaged();
      at += got;
      offset += static_cast<uint64_t>(got);
      size -= static_cast<size_t>(got);
    }
    return absl::OkStatus();
  }
  absl::Status Damaged() const { return absl::DataLossError(absl::StrCat(path_, " is not a whole ELF file")); }

 private:
  const int fd_;
  const std::string path_;
};

// What makes a program dynamic; empty: nothing.
template <class ELFT>
absl::StatusOr<std::string> DynamicParts(const OpenFile& file) {
  typename ELFT::Ehdr header;
  if (absl::Status read = file.Read(0, &header, sizeof header); !read.ok()) return read;
  if (header.e_phnum != 0 && header.e_phentsize != sizeof(typename ELFT::Phdr)) return file.Damaged();
  std::vector<typename ELFT::Phdr> segments(header.e_phnum);
  if (absl::Status read = file.Read(header.e_phoff, segments.data(), segments.size() * sizeof(typename ELFT::Phdr));
      !read.ok()) {
    return read;
  }
  std::string parts;
  size_t needed = 0;
  for (const typename ELFT::Phdr& segment : segments) {
    if (segment.p_type == llvm::ELF::PT_INTERP) absl::StrAppend(&parts, "it asks for an interpreter (PT_INTERP)");
    if (segment.p_type != llvm::ELF::PT_DYNAMIC) continue;
    typename ELFT::Dyn entry;
    for (uint64_t at = 0; at + sizeof entry <= segment.p_filesz; at += sizeof entry) {
      if (absl::Status read = file.Read(segment.p_offset + at, &entry, sizeof entry); !read.ok()) return read;
      if (entry.getTag() == llvm::ELF::DT_NULL) break;
      needed += entry.getTag() == llvm::ELF::DT_NEEDED;
    }
  }
  if (needed > 0)
    absl::StrAppend(&parts, parts.empty() ? "" : "; ", "it needs ", needed,
                    needed == 1 ? " shared library (DT_NEEDED)" : " shared libraries (DT_NEEDED)");
  return parts;
}

absl::StatusOr<std::string> DynamicParts(const OpenFile& file) {
  char ident[llvm::ELF::EI_NIDENT];
  if (absl::Status read = file.Read(0, ident, sizeof ident); !read.ok()) return read;
  if (std::memcmp(ident, llvm::ELF::ElfMagic, sizeof llvm::ELF::ElfMagic - 1) != 0) return file.Damaged();
  const bool little = ident[llvm::ELF::EI_DATA] == llvm::ELF::ELFDATA2LSB;
  if (ident[llvm::ELF::EI_CLASS] == llvm::ELF::ELFCLASS64) {
    return little ? DynamicParts<llvm::object::ELF64LE>(file) : DynamicParts<llvm::object::ELF64BE>(file);
  }
  return little ? DynamicParts<llvm::object::ELF32LE>(file) : DynamicParts<llvm::object::ELF32BE>(file);
}

}  // namespace

absl::Status VerifyStatic(const std::string& path) {
  // What is written to a device (-o /dev/null) cannot be read back, and nobody runs it.
  struct stat st;
  if (::stat(path.c_str(), &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)) return absl::OkStatus();
  const absl::StatusOr<int> fd = support::OpenRegularFile(path);
  if (absl::IsNotFound(fd.status())) return absl::NotFoundError(absl::StrCat("the linker left no ", path));
  if (!fd.ok()) return absl::UnavailableError(fd.status().message());
  const absl::StatusOr<std::string> parts = DynamicParts(OpenFile(*fd, path));
  if (!parts.ok()) return parts.status();
  if (parts->empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(path, " is not static: ", *parts));
}

}  // namespace cgo_ld_shim::backend
