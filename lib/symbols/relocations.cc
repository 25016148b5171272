// What only relocations, local symbols and the compiler's own words tell. Few links ask, so that LLVM's general reader,
// which copies nothing but looks at everything, is quick enough.
#include <memory>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
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

absl::string_view NameOf(const llvm::object::SectionRef& section) {
  llvm::Expected<llvm::StringRef> name = section.getName();
  if (name) return {name->data(), name->size()};
  llvm::consumeError(name.takeError());
  return "";
}

absl::string_view ContentOf(const llvm::object::SectionRef& section) {
  llvm::Expected<llvm::StringRef> content = section.getContents();
  if (content) return {content->data(), content->size()};
  llvm::consumeError(content.takeError());
  return "";
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

std::vector<absl::string_view> Compilers(absl::string_view data) {
  std::vector<absl::string_view> compilers;
  const std::unique_ptr<llvm::object::ObjectFile> file = Open(data);
  if (file == nullptr) return compilers;
  for (const llvm::object::SectionRef& section : file->sections()) {
    if (NameOf(section) != ".comment") continue;
    for (absl::string_view text : absl::StrSplit(ContentOf(section), '\0', absl::SkipEmpty()))
      compilers.push_back(text);
  }
  return compilers;
}

bool DebugFilesMention(absl::string_view data, absl::string_view part) {
  const std::unique_ptr<llvm::object::ObjectFile> file = Open(data);
  if (file == nullptr) return false;
  // .debug_line_str since DWARF 5 (7.5.5.2), .debug_line itself before.
  for (const llvm::object::SectionRef& section : file->sections()) {
    if (absl::StartsWith(NameOf(section), ".debug_line") && absl::StrContains(ContentOf(section), part)) return true;
  }
  return false;
}

}  // namespace cgo_ld_shim::symbols
