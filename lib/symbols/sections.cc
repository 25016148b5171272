#include "symbols/sections.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Object/ELF.h"
#include "llvm/Object/ELFTypes.h"
#include "symbols/section_links.h"

namespace cgo_ld_shim::symbols {
namespace {

namespace elf = llvm::ELF;

template <class ELFT>
class Reader {
 public:
  using File = llvm::object::ELFFile<ELFT>;

  Reader(absl::string_view data, const std::string& name) : data_(data), name_(name) {}

  absl::StatusOr<std::vector<Section>> Sections() {
    if (absl::Status status = Open(); !status.ok()) return status;
    std::vector<Section> sections(sections_.size());
    for (size_t i = 0; i < sections_.size(); ++i) {
      const auto& header = sections_[i];
      Section& section = sections[i];
      auto section_name = file_->getSectionName(header);
      if (!section_name) return Damaged(section_name.takeError());
      section.name = {section_name->data(), section_name->size()};
      section.type = header.sh_type;
      section.flags = header.sh_flags;
      section.bytes = header.sh_size;
      if (header.sh_type != elf::SHT_NOBITS && header.sh_type != elf::SHT_NULL) {
        auto content = file_->getSectionContents(header);
        if (!content) return Damaged(content.takeError());
        section.content = {reinterpret_cast<const char*>(content->data()), content->size()};
      }
      if ((section.flags & elf::SHF_LINK_ORDER) != 0) section.linked_to = header.sh_link;
    }
    for (const auto& header : sections_) {
      if (header.sh_type != elf::SHT_GROUP) continue;
      if (absl::Status status = AddGroup(header, &sections); !status.ok()) return status;
    }
    return sections;
  }

  absl::StatusOr<std::vector<std::string>> Unreached() {
    absl::StatusOr<std::vector<Section>> sections = Sections();
    if (!sections.ok()) return sections.status();
    const absl::StatusOr<std::vector<SectionLink>> links = ReadSectionLinks(data_, name_);
    if (!links.ok()) return links.status();
    std::vector<std::vector<uint32_t>> targets(sections->size());
    for (const SectionLink& link : *links) targets[link.section].push_back(link.to_section);
    std::vector<uint32_t> waiting;
    std::vector<bool> reached(sections->size());
    const auto reach = [&](uint32_t section) {
      if (section == 0 || section >= reached.size() || reached[section]) return;
      reached[section] = true;
      waiting.push_back(section);
    };
    for (const auto& table : sections_) {
      if (table.sh_type != elf::SHT_SYMTAB) continue;
      auto symbols = file_->symbols(&table);
      if (!symbols) return Damaged(symbols.takeError());
      for (const auto& symbol : *symbols) {
        if (symbol.getBinding() != elf::STB_LOCAL && symbol.st_shndx < elf::SHN_LORESERVE) reach(symbol.st_shndx);
      }
    }
    for (uint32_t i = 1; i < sections->size(); ++i) {
      if (IsKept((*sections)[i])) reach(i);
    }
    while (!waiting.empty()) {
      const uint32_t section = waiting.back();
      waiting.pop_back();
      for (const uint32_t target : targets[section]) reach(target);
    }
    std::vector<std::string> names;
    for (uint32_t i = 1; i < sections->size(); ++i) {
      if (((*sections)[i].flags & elf::SHF_ALLOC) != 0 && (*sections)[i].bytes > 0 && !reached[i])
        names.emplace_back((*sections)[i].name);
    }
    return names;
  }

  absl::StatusOr<std::string> Retained() {
    if (absl::Status status = Open(); !status.ok()) return status;
    std::string bytes(data_);
    auto* header = reinterpret_cast<typename ELFT::Ehdr*>(bytes.data());
    if (header->e_ident[elf::EI_OSABI] == elf::ELFOSABI_NONE) header->e_ident[elf::EI_OSABI] = elf::ELFOSABI_GNU;
    auto* table = reinterpret_cast<typename ELFT::Shdr*>(bytes.data() + header->e_shoff);
    for (size_t i = 1; i < sections_.size(); ++i) {
      if ((table[i].sh_flags & elf::SHF_ALLOC) != 0) table[i].sh_flags = table[i].sh_flags | elf::SHF_GNU_RETAIN;
    }
    return bytes;
  }

 private:
  absl::Status Damaged(llvm::Error error) const {
    return absl::DataLossError(absl::StrCat(name_, ": ", llvm::toString(std::move(error))));
  }

  absl::Status Open() {
    auto file = File::create(llvm::StringRef(data_.data(), data_.size()));
    if (!file) return Damaged(file.takeError());
    if (file->getHeader().e_type != elf::ET_REL)
      return absl::InvalidArgumentError(absl::StrCat(name_, ": not a relocatable object"));
    auto sections = file->sections();
    if (!sections) return Damaged(sections.takeError());
    sections_ = *sections;
    file_.emplace(std::move(*file));
    return absl::OkStatus();
  }

  absl::Status AddGroup(const typename ELFT::Shdr& group, std::vector<Section>* sections) const {
    auto words = file_->template getSectionContentsAsArray<typename ELFT::Word>(group);
    if (!words) return Damaged(words.takeError());
    if (words->empty() || ((*words)[0] & elf::GRP_COMDAT) == 0) return absl::OkStatus();
    if (group.sh_link >= sections_.size())
      return absl::DataLossError(absl::StrCat(name_, ": a group of sections has no table of symbols"));
    const auto& table = sections_[group.sh_link];
    auto symbols = file_->symbols(&table);
    if (!symbols) return Damaged(symbols.takeError());
    auto names = file_->getStringTableForSymtab(table);
    if (!names) return Damaged(names.takeError());
    if (group.sh_info >= symbols->size())
      return absl::DataLossError(absl::StrCat(name_, ": a group of sections has no name"));
    auto signature = (*symbols)[group.sh_info].getName(*names);
    if (!signature) return Damaged(signature.takeError());
    for (size_t i = 1; i < words->size(); ++i) {
      const uint32_t member = (*words)[i];
      if (member < sections->size()) (*sections)[member].group = {signature->data(), signature->size()};
    }
    return absl::OkStatus();
  }

  const absl::string_view data_;
  const std::string& name_;
  std::optional<File> file_;
  typename ELFT::ShdrRange sections_;
};

// Calls `what` with the reader for the object's class and byte order.
template <class Result, class What>
absl::StatusOr<Result> WithReader(absl::string_view data, const std::string& name, const What& what) {
  const auto [width, order] = llvm::object::getElfArchType(llvm::StringRef(data.data(), data.size()));
  const bool little = order == elf::ELFDATA2LSB;
  if (width == elf::ELFCLASS64)
    return little ? what(Reader<llvm::object::ELF64LE>(data, name)) : what(Reader<llvm::object::ELF64BE>(data, name));
  if (width == elf::ELFCLASS32)
    return little ? what(Reader<llvm::object::ELF32LE>(data, name)) : what(Reader<llvm::object::ELF32BE>(data, name));
  return absl::InvalidArgumentError(absl::StrCat(name, ": not an ELF object"));
}

}  // namespace

absl::StatusOr<std::vector<Section>> ReadSections(absl::string_view data, const std::string& name) {
  return WithReader<std::vector<Section>>(data, name, [](auto reader) { return reader.Sections(); });
}

bool IsKept(const Section& section) {
  if ((section.flags & elf::SHF_ALLOC) == 0) return false;
  switch (section.type) {
    case elf::SHT_INIT_ARRAY:
    case elf::SHT_FINI_ARRAY:
    case elf::SHT_PREINIT_ARRAY:
      return true;
    case elf::SHT_NOTE:
      return section.group.empty();
    default:
      break;
  }
  if ((section.flags & elf::SHF_GNU_RETAIN) != 0) return true;
  return absl::StartsWith(section.name, ".ctors") || absl::StartsWith(section.name, ".dtors") ||
         absl::StartsWith(section.name, ".init") || absl::StartsWith(section.name, ".fini") ||
         absl::StartsWith(section.name, ".jcr");
}

absl::StatusOr<std::vector<std::string>> UnreachedSections(absl::string_view data, const std::string& name) {
  return WithReader<std::vector<std::string>>(data, name, [](auto reader) { return reader.Unreached(); });
}

absl::StatusOr<std::string> RetainSections(absl::string_view data, const std::string& name) {
  return WithReader<std::string>(data, name, [](auto reader) { return reader.Retained(); });
}

}  // namespace cgo_ld_shim::symbols
