#include "tests/e2e/elf_file.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_join.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/Casting.h"
#include "llvm/Support/Error.h"

namespace cgo_ld_shim::e2e {
namespace {

namespace object = llvm::object;
namespace ELF = llvm::ELF;

// The value, or a failure of the test and an empty value.
template <typename T>
T Get(llvm::Expected<T> value) {
  if (value) return std::move(*value);
  ADD_FAILURE() << llvm::toString(value.takeError());
  return T{};
}

template <typename ElfType>
ElfFile Read(const object::ELFObjectFile<ElfType>& object) {
  const object::ELFFile<ElfType>& elf = object.getELFFile();
  ElfFile file;
  file.position_independent = elf.getHeader().e_type == ELF::ET_DYN;
  for (const auto& section : Get(elf.sections())) {
    file.has_symbols |= section.sh_type == ELF::SHT_SYMTAB;
    file.sections.push_back(Get(elf.getSectionName(section)).str());
  }
  for (const auto& header : Get(elf.program_headers())) {
    if (header.p_type != ELF::PT_INTERP) continue;
    file.interpreter.assign(reinterpret_cast<const char*>(elf.base()) + header.p_offset, header.p_filesz);
    file.interpreter.resize(file.interpreter.find_last_not_of('\0') + 1);
  }
  const auto entries = Get(elf.dynamicEntries());
  llvm::StringRef names;
  for (const auto& entry : entries) {
    if (entry.getTag() == ELF::DT_STRTAB) names = reinterpret_cast<const char*>(Get(elf.toMappedAddr(entry.getPtr())));
  }
  for (const auto& entry : entries) {
    if (entry.getTag() == ELF::DT_NEEDED) file.needed.emplace_back(names.data() + entry.getVal());
  }
  for (const object::ELFSymbolRef symbol : object.getDynamicSymbolIterators()) {
    if ((Get(symbol.getFlags()) & object::SymbolRef::SF_Undefined) != 0) continue;
    file.exported.push_back(Get(symbol.getName()).str());
  }
  std::sort(file.exported.begin(), file.exported.end());
  return file;
}

}  // namespace

ElfFile ReadElf(const std::string& path) {
  llvm::Expected<object::OwningBinary<object::ObjectFile>> file = object::ObjectFile::createObjectFile(path);
  if (!file) {
    ADD_FAILURE() << path << ": " << llvm::toString(file.takeError());
    return {};
  }
  const object::ObjectFile* any = file->getBinary();
  if (const auto* elf = llvm::dyn_cast<object::ELF64LEObjectFile>(any)) return Read(*elf);
  if (const auto* elf = llvm::dyn_cast<object::ELF32LEObjectFile>(any)) return Read(*elf);
  if (const auto* elf = llvm::dyn_cast<object::ELF64BEObjectFile>(any)) return Read(*elf);
  if (const auto* elf = llvm::dyn_cast<object::ELF32BEObjectFile>(any)) return Read(*elf);
  ADD_FAILURE() << path << " is no ELF file";
  return {};
}

testing::AssertionResult IsStatic(const std::string& path) {
  llvm::Expected<object::OwningBinary<object::ObjectFile>> readable = object::ObjectFile::createObjectFile(path);
  if (!readable) return testing::AssertionFailure() << path << ": " << llvm::toString(readable.takeError());
  const ElfFile file = ReadElf(path);
  if (file.interpreter.empty() && file.needed.empty()) return testing::AssertionSuccess();
  return testing::AssertionFailure() << path << " has the interpreter '" << file.interpreter << "' and needs ["
                                     << absl::StrJoin(file.needed, " ") << "]";
}

std::vector<std::string> Needed(const std::string& path) { return ReadElf(path).needed; }

}  // namespace cgo_ld_shim::e2e
