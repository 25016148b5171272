#include "tests/support/archive.h"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "llvm/Object/Archive.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

namespace cgo_ld_shim::test_support {
namespace {

llvm::object::Archive::Kind ToLlvm(ArchiveFormat format) {
  switch (format) {
    case ArchiveFormat::kGnu:
      return llvm::object::Archive::K_GNU;
    case ArchiveFormat::kGnu64:
      return llvm::object::Archive::K_GNU64;
    case ArchiveFormat::kBsd:
      return llvm::object::Archive::K_BSD;
    case ArchiveFormat::kDarwin:
      return llvm::object::Archive::K_DARWIN;
    case ArchiveFormat::kDarwin64:
      return llvm::object::Archive::K_DARWIN64;
    case ArchiveFormat::kCoff:
      return llvm::object::Archive::K_COFF;
  }
  std::abort();
}

}  // namespace

std::string MakeArchive(const std::vector<ArchiveMember>& members, ArchiveOptions options) {
  std::vector<llvm::NewArchiveMember> list;
  for (const ArchiveMember& member : members) {
    list.emplace_back(llvm::MemoryBufferRef(member.bytes, member.name));
  }
  llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> archive = llvm::writeArchiveToBuffer(
      list, options.index ? llvm::SymtabWritingMode::NormalSymtab : llvm::SymtabWritingMode::NoSymtab,
      ToLlvm(options.format), /*Deterministic=*/true, options.thin);
  if (!archive) {
    std::fprintf(stderr, "%s\n", llvm::toString(archive.takeError()).c_str());
    std::abort();
  }
  return (*archive)->getBuffer().str();
}

}  // namespace cgo_ld_shim::test_support
