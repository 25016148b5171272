#include "symbols/section_links.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Object/ELF.h"
#include "llvm/Object/ELFTypes.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::symbols {
namespace {

namespace elf = llvm::ELF;

template <class ELFT>
class Reader {
 public:
  Reader(absl::string_view data, const std::string& name) : data_(data), name_(name) {}

  absl::StatusOr<std::vector<SectionLink>> Read() {
    auto file = llvm::object::ELFFile<ELFT>::create(llvm::StringRef(data_.data(), data_.size()));
    if (!file) return Damaged(file.takeError());
    auto sections = file->sections();
    if (!sections) return Damaged(sections.takeError());
    sections_ = *sections;
    for (const auto& section : sections_) {
      if (section.sh_type == elf::SHT_REL) {
        auto relocations = file->rels(section);
        if (!relocations) return Damaged(relocations.takeError());
        if (absl::Status status = Add(*file, section, *relocations); !status.ok()) return status;
      } else if (section.sh_type == elf::SHT_RELA) {
        auto relocations = file->relas(section);
        if (!relocations) return Damaged(relocations.takeError());
        if (absl::Status status = Add(*file, section, *relocations); !status.ok()) return status;
      } else if (section.sh_type == elf::SHT_CREL) {
        return absl::DataLossError(absl::StrCat(name_, ": its relocations are in a form that is not read"));
      }
    }
    return std::move(links_);
  }

 private:
  absl::Status Damaged(llvm::Error error) const {
    return absl::DataLossError(absl::StrCat(name_, ": ", llvm::toString(std::move(error))));
  }

  template <class Relocations>
  absl::Status Add(const llvm::object::ELFFile<ELFT>& file, const typename ELFT::Shdr& table,
                   const Relocations& relocations) {
    if (table.sh_info == 0 || table.sh_info >= sections_.size() || table.sh_link >= sections_.size())
      return absl::DataLossError(absl::StrCat(name_, ": a table of relocations is for no section"));
    const auto& section = sections_[table.sh_info];
    if ((section.sh_flags & elf::SHF_ALLOC) == 0) return absl::OkStatus();
    auto symbols = file.symbols(&sections_[table.sh_link]);
    if (!symbols) return Damaged(symbols.takeError());
    auto names = file.getStringTableForSymtab(sections_[table.sh_link]);
    if (!names) return Damaged(names.takeError());
    SectionLink link{.section = table.sh_info,
                     .by_itself = section.sh_type == elf::SHT_INIT_ARRAY || section.sh_type == elf::SHT_FINI_ARRAY ||
                                  section.sh_type == elf::SHT_PREINIT_ARRAY};
    if (auto section_name = file.getSectionName(section)) {
      link.by_itself |= section_name->starts_with(".ctors") || section_name->starts_with(".dtors") ||
                        *section_name == ".init" || *section_name == ".fini";
    } else {
      return Damaged(section_name.takeError());
    }
    for (const auto& relocation : relocations) {
      const uint32_t index = relocation.getSymbol(/*isMips64EL=*/false);
      if (index == 0) continue;
      if (index >= symbols->size()) return absl::DataLossError(absl::StrCat(name_, ": a relocation is for no symbol"));
      const auto& symbol = (*symbols)[index];
      link.to_section = symbol.st_shndx != elf::SHN_UNDEF && symbol.st_shndx < elf::SHN_LORESERVE
                            ? static_cast<uint32_t>(symbol.st_shndx)
                            : 0;
      link.symbol = {};
      if (symbol.getBinding() != elf::STB_LOCAL) {
        auto name = symbol.getName(*names);
        if (!name) return Damaged(name.takeError());
        link.symbol = LinkName({name->data(), name->size()});
      } else if (link.to_section == 0) {
        continue;
      }
      links_.push_back(link);
    }
    return absl::OkStatus();
  }

  const absl::string_view data_;
  const std::string& name_;
  typename ELFT::ShdrRange sections_;
  std::vector<SectionLink> links_;
};

template <class ELFT>
bool HasConstructorsIn(absl::string_view data) {
  auto file = llvm::object::ELFFile<ELFT>::create(llvm::StringRef(data.data(), data.size()));
  if (!file) {
    llvm::consumeError(file.takeError());
    return false;
  }
  auto sections = file->sections();
  if (!sections) {
    llvm::consumeError(sections.takeError());
    return false;
  }
  return std::any_of(sections->begin(), sections->end(), [&](const auto& section) {
    if (section.sh_type == elf::SHT_INIT_ARRAY || section.sh_type == elf::SHT_PREINIT_ARRAY) return true;
    if (section.sh_type != elf::SHT_PROGBITS || (section.sh_flags & elf::SHF_WRITE) == 0) return false;
    auto name = file->getSectionName(section);
    if (name) return name->starts_with(".ctors");
    llvm::consumeError(name.takeError());
    return false;
  });
}

}  // namespace

absl::StatusOr<std::vector<SectionLink>> ReadSectionLinks(absl::string_view data, const std::string& name) {
  const auto [width, order] = llvm::object::getElfArchType(llvm::StringRef(data.data(), data.size()));
  const bool little = order == elf::ELFDATA2LSB;
  if (width == elf::ELFCLASS64)
    return little ? Reader<llvm::object::ELF64LE>(data, name).Read() : Reader<llvm::object::ELF64BE>(data, name).Read();
  if (width == elf::ELFCLASS32)
    return little ? Reader<llvm::object::ELF32LE>(data, name).Read() : Reader<llvm::object::ELF32BE>(data, name).Read();
  return absl::InvalidArgumentError(absl::StrCat(name, ": not an ELF object"));
}

bool HasConstructors(absl::string_view data) {
  const auto [width, order] = llvm::object::getElfArchType(llvm::StringRef(data.data(), data.size()));
  const bool little = order == elf::ELFDATA2LSB;
  if (width == elf::ELFCLASS64)
    return little ? HasConstructorsIn<llvm::object::ELF64LE>(data) : HasConstructorsIn<llvm::object::ELF64BE>(data);
  if (width == elf::ELFCLASS32)
    return little ? HasConstructorsIn<llvm::object::ELF32LE>(data) : HasConstructorsIn<llvm::object::ELF32BE>(data);
  return false;
}

}  // namespace cgo_ld_shim::symbols
