// What only relocations and local symbols tell. Few links ask, so that LLVM's general reader, which copies nothing but
// looks at everything, is quick enough.
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::symbols {
namespace {

std::unique_ptr<llvm::object::ObjectFile> Open(absl::string_view data) {
  const llvm::MemoryBufferRef buffer(llvm::StringRef(data.data(), data.size()), "");
  llvm::Expected<std::unique_ptr<llvm::object::ObjectFile>> file =
      llvm::object::ObjectFile::createELFObjectFile(buffer);
  if (file) return std::move(*file);
  llvm::consumeError(file.takeError());
  return nullptr;
}

}  // namespace

bool RelocatesAgainst(absl::string_view data, absl::string_view symbol) {
  const std::unique_ptr<llvm::object::ObjectFile> file = Open(data);
  if (file == nullptr) return false;
  for (const llvm::object::SectionRef& section : file->sections()) {
    for (const llvm::object::RelocationRef& relocation : section.relocations()) {
      const llvm::object::symbol_iterator target = relocation.getSymbol();
      if (target == file->symbol_end()) continue;
      llvm::Expected<llvm::StringRef> name = target->getName();
      if (!name) {
        llvm::consumeError(name.takeError());
      } else if (absl::string_view(name->data(), name->size()) == symbol) {
        return true;
      }
    }
  }
  return false;
}

bool DefinesIfunc(absl::string_view data) {
  const std::unique_ptr<llvm::object::ObjectFile> file = Open(data);
  if (file == nullptr) return false;
  for (const llvm::object::ELFSymbolRef symbol : llvm::cast<llvm::object::ELFObjectFileBase>(file.get())->symbols()) {
    if (symbol.getELFType() == llvm::ELF::STT_GNU_IFUNC) return true;
  }
  return false;
}

}  // namespace cgo_ld_shim::symbols
