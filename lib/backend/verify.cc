#include "absl/strings/str_cat.h"
#include "backend/backend.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/MemoryBuffer.h"
#include "support/file.h"

namespace cgo_ld_shim::backend {
namespace {

template <class ELFT>
std::string DynamicParts(const llvm::object::ELFFile<ELFT>& elf) {
  std::string parts;
  auto headers = elf.program_headers();
  if (!headers) {
    llvm::consumeError(headers.takeError());
    return "its program headers cannot be read";
  }
  for (const auto& header : *headers) {
    if (header.p_type == llvm::ELF::PT_INTERP) {
      absl::StrAppend(&parts, "it asks for an interpreter (PT_INTERP)");
    }
  }
  auto entries = elf.dynamicEntries();
  if (!entries) {
    llvm::consumeError(entries.takeError());  // no dynamic section at all: the plain static case
    return parts;
  }
  size_t needed = 0;
  for (const auto& entry : *entries) needed += entry.getTag() == llvm::ELF::DT_NEEDED;
  if (needed > 0)
    absl::StrAppend(&parts, parts.empty() ? "" : "; ", "it needs ", needed,
                    needed == 1 ? " shared library (DT_NEEDED)" : " shared libraries (DT_NEEDED)");
  return parts;
}

}  // namespace

absl::Status VerifyStatic(const std::string& path) {
  // What is written to a device (-o /dev/null) cannot be read back, and nobody runs it.
  if (support::Identify(path) && !support::IsRegularFile(path)) return absl::OkStatus();
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer) return absl::NotFoundError(absl::StrCat("the linker left no ", path));
  auto object = llvm::object::ObjectFile::createELFObjectFile((*buffer)->getMemBufferRef(), /*InitContent=*/false);
  if (!object) {
    llvm::consumeError(object.takeError());
    return absl::DataLossError(absl::StrCat(path, " is not an ELF file"));
  }
  std::string parts;
  if (const auto* elf = llvm::dyn_cast<llvm::object::ELF64LEObjectFile>(object->get())) {
    parts = DynamicParts(elf->getELFFile());
  } else if (const auto* elf = llvm::dyn_cast<llvm::object::ELF32LEObjectFile>(object->get())) {
    parts = DynamicParts(elf->getELFFile());
  } else if (const auto* elf = llvm::dyn_cast<llvm::object::ELF64BEObjectFile>(object->get())) {
    parts = DynamicParts(elf->getELFFile());
  } else if (const auto* elf = llvm::dyn_cast<llvm::object::ELF32BEObjectFile>(object->get())) {
    parts = DynamicParts(elf->getELFFile());
  }
  if (parts.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(path, " is not static: ", parts));
}

}  // namespace cgo_ld_shim::backend
