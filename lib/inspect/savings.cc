#include "inspect/savings.h"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Object/ELFObjectFile.h"
#include "report/text_parts.h"
#include "rules/rule_id.h"
#include "support/file.h"
#include "support/map_file.h"
#include "support/path_parts.h"
#include "symbols/section_links.h"
#include "symbols/sections.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::inspect {
namespace {

namespace elf = llvm::ELF;
using report::InputRecord;
using symbols::Section;
using symbols::SectionLink;

// ---- what is in the file for debuggers ------------------------------------------------------------------------------

template <class ELFT>
void AddDebug(const llvm::object::ELFFile<ELFT>& file, Savings* savings) {
  auto sections = file.sections();
  if (!sections) return llvm::consumeError(sections.takeError());
  for (const auto& section : *sections) {
    auto name = file.getSectionName(section);
    if (!name) return llvm::consumeError(name.takeError());
    if (section.sh_type == elf::SHT_SYMTAB) savings->symbol_bytes += section.sh_size;
    if (*name == ".strtab") savings->symbol_bytes += section.sh_size;
    if ((section.sh_flags & elf::SHF_ALLOC) != 0 || !name->starts_with(".debug_")) continue;
    savings->debug_bytes += section.sh_size;
    uint64_t full = section.sh_size;
    if ((section.sh_flags & elf::SHF_COMPRESSED) != 0) {
      auto content = file.getSectionContents(section);
      if (!content) return llvm::consumeError(content.takeError());
      if (content->size() >= sizeof(typename ELFT::Chdr))
        full = reinterpret_cast<const typename ELFT::Chdr*>(content->data())->ch_size;
    }
    savings->debug_uncompressed += full;
  }
}

// ---- what nothing refers to -----------------------------------------------------------------------------------------

class Marker {
 public:
  explicit Marker(const report::LinkRecord& record) : record_(record) {}

  std::optional<std::vector<UnusedBytes>> Run() {
    for (const InputRecord& input : record_.inputs) {
      if (!Add(input)) return std::nullopt;
    }
    for (const Object& object : objects_) AddDefinitions(object);
    for (const std::string& name : record_.program_uses) MarkName(name);
    MarkName("_start");
    for (uint32_t i = 0; i < objects_.size(); ++i) MarkRoots(i);
    while (!waiting_.empty()) {
      const auto [object, section] = waiting_.front();
      waiting_.pop_front();
      for (const SectionLink& link : objects_[object].links[section]) Follow(object, link);
    }
    return Count();
  }

 private:
  struct Object {
    std::string archive;  // empty: a file of its own, which stays
    std::shared_ptr<symbols::Archive> owner;
    std::shared_ptr<const symbols::Object> of_file;
    std::shared_ptr<const llvm::MemoryBuffer> buffer;
    const symbols::Object* symbols = nullptr;
    std::vector<Section> sections;
    std::vector<std::vector<SectionLink>> links;  // by section
    std::vector<bool> live, dropped;              // dropped: another object has that COMDAT group
  };
  struct Place {
    uint32_t object = 0, section = 0;
    bool strong = false;
  };

  // False where the input is not what it was.
  bool Add(const InputRecord& input) {
    // Ours, in memory; or of the program, in a directory that is gone: what they use is in the record.
    if (!absl::StartsWith(input.path, "/")) return true;
    const std::optional<support::FileIdentity> now = support::Identify(input.path);
    if (input.kind != "archive") {
      if (!now) return true;
      absl::StatusOr<symbols::InputFile> file = symbols::OpenInput(input.path);
      if (!file.ok() || file->object == nullptr || file->buffer == nullptr) return true;
      const absl::string_view data = support::Bytes(*file->buffer);
      return AddObject({.of_file = file->object, .buffer = file->buffer, .symbols = file->object.get()}, data,
                       input.path);
    }
    if (input.members.empty()) return true;
    if (!now || now->size != input.bytes) return false;
    absl::StatusOr<std::shared_ptr<symbols::Archive>> archive = symbols::Archive::Open(input.path);
    if (!archive.ok()) return false;
    // Two members of one name are told apart by their order alone.
    std::map<std::string, int> wanted;
    for (const std::string& member : input.members) ++wanted[member];
    for (uint32_t number = 0; number < (*archive)->member_count(); ++number) {
      const absl::StatusOr<const symbols::Member*> member = (*archive)->GetMember(number);
      if (!member.ok()) return false;
      const auto it = wanted.find((*member)->name);
      if (it == wanted.end() || it->second == 0) continue;
      --it->second;
      const absl::StatusOr<const symbols::Object*> object = (*archive)->Load(number);
      if (!object.ok() ||
          !AddObject({.archive = input.path, .owner = *archive, .symbols = *object}, (*member)->data, (*member)->name))
        return false;
    }
    return true;
  }

  bool AddObject(Object object, absl::string_view data, const std::string& name) {
    absl::StatusOr<std::vector<Section>> sections = symbols::ReadSections(data, name);
    absl::StatusOr<std::vector<SectionLink>> links = symbols::ReadSectionLinks(data, name);
    if (!sections.ok() || !links.ok()) return false;
    object.sections = *std::move(sections);
    object.links.resize(object.sections.size());
    object.live.resize(object.sections.size());
    object.dropped.resize(object.sections.size());
    for (const SectionLink& link : *links) object.links[link.section].push_back(link);
    const auto number = static_cast<uint32_t>(objects_.size());
    for (size_t i = 0; i < object.sections.size(); ++i) {
      const absl::string_view group = object.sections[i].group;
      if (!group.empty()) object.dropped[i] = groups_.try_emplace(group, number).first->second != number;
    }
    objects_.push_back(std::move(object));
    return true;
  }

  void AddDefinitions(const Object& object) {
    const auto number = static_cast<uint32_t>(&object - objects_.data());
    for (const symbols::Definition& definition : object.symbols->definitions) {
      if (definition.section == 0 || definition.section >= object.sections.size() || object.dropped[definition.section])
        continue;
      const auto [it, fresh] =
          places_.try_emplace(definition.name, Place{number, definition.section, definition.strong()});
      if (!fresh && !it->second.strong && definition.strong()) it->second = {number, definition.section, true};
    }
  }

  void MarkRoots(uint32_t number) {
    Object& object = objects_[number];
    for (uint32_t i = 1; i < object.sections.size(); ++i) {
      const Section& section = object.sections[i];
      if (section.name == ".eh_frame") {
        for (const SectionLink& link : object.links[i]) FollowFromFrames(number, link);
      } else if (symbols::IsKept(section) || (object.archive.empty() && (section.flags & elf::SHF_ALLOC) != 0)) {
        Mark(number, i);
      }
    }
  }

  // Tables for unwinding do not keep the functions that they tell of, but what these need when they are unwound.
  void FollowFromFrames(uint32_t number, const SectionLink& link) {
    if (link.to_section == 0) {
      MarkName(link.symbol);
      return;
    }
    const Section& target = objects_[number].sections[link.to_section];
    const bool with_function = !target.group.empty() || (target.flags & elf::SHF_LINK_ORDER) != 0;
    if ((target.flags & elf::SHF_EXECINSTR) == 0 && !with_function) Mark(number, link.to_section);
  }

  void Follow(uint32_t number, const SectionLink& link) {
    if (link.symbol.empty() || !MarkName(link.symbol)) {
      if (link.to_section != 0) Mark(number, link.to_section);
    }
  }

  bool MarkName(absl::string_view name) {
    const auto it = places_.find(name);
    if (it != places_.end()) {
      Mark(it->second.object, it->second.section);
      return true;
    }
    absl::string_view bounded = name;
    if (absl::ConsumePrefix(&bounded, "__start_") || absl::ConsumePrefix(&bounded, "__stop_")) {
      for (uint32_t i = 0; i < objects_.size(); ++i) {
        for (uint32_t s = 1; s < objects_[i].sections.size(); ++s) {
          if (objects_[i].sections[s].name == bounded) Mark(i, s);
        }
      }
    }
    return false;
  }

  void Mark(uint32_t number, uint32_t section) {
    Object& object = objects_[number];
    if (section >= object.sections.size() || object.live[section] || object.dropped[section] ||
        object.sections[section].name == ".eh_frame")
      return;
    object.live[section] = true;
    waiting_.emplace_back(number, section);
    const absl::string_view group = object.sections[section].group;
    for (uint32_t i = 1; i < object.sections.size(); ++i) {
      if (object.sections[i].linked_to == section || (!group.empty() && object.sections[i].group == group))
        Mark(number, i);
    }
  }

  std::vector<UnusedBytes> Count() const {
    std::vector<UnusedBytes> unused;
    for (const Object& object : objects_) {
      uint64_t bytes = 0;
      for (size_t i = 1; i < object.sections.size(); ++i) {
        const Section& section = object.sections[i];
        const bool in_file = (section.flags & elf::SHF_ALLOC) != 0 && section.type != elf::SHT_NOBITS;
        if (in_file && (section.flags & elf::SHF_MERGE) == 0 && section.name != ".eh_frame" && !object.live[i] &&
            !object.dropped[i])
          bytes += section.bytes;
      }
      if (bytes == 0) continue;
      const auto known = std::find_if(unused.begin(), unused.end(),
                                      [&](const UnusedBytes& other) { return other.archive == object.archive; });
      if (known == unused.end()) {
        unused.push_back({object.archive, bytes});
      } else {
        known->bytes += bytes;
      }
    }
    std::stable_sort(unused.begin(), unused.end(),
                     [](const UnusedBytes& a, const UnusedBytes& b) { return a.bytes > b.bytes; });
    return unused;
  }

  const report::LinkRecord& record_;
  std::vector<Object> objects_;
  absl::flat_hash_map<absl::string_view, uint32_t> groups_;  // the object whose copy is kept
  absl::flat_hash_map<absl::string_view, Place> places_;
  std::deque<std::pair<uint32_t, uint32_t>> waiting_;
};

// Whether the program is as the linker made it without leaving sections out.
bool CouldShrink(const report::LinkRecord& record) {
  const bool of_ours = record.mode == "static" || record.mode == "static-pie";
  const bool said = std::any_of(record.driver_argv.begin(), record.driver_argv.end(),
                                [](const std::string& word) { return absl::StrContains(word, "gc-sections"); });
  return of_ours && !said && !record.program_uses.empty();
}

}  // namespace

absl::StatusOr<Savings> FindSavings(const std::string& program, const report::LinkRecord& record) {
  absl::StatusOr<std::unique_ptr<llvm::MemoryBuffer>> file = support::MapFile(program);
  if (!file.ok()) return file.status();
  Savings savings{.bytes = (*file)->getBufferSize()};
  auto object = llvm::object::ObjectFile::createELFObjectFile((*file)->getMemBufferRef(), /*InitContent=*/false);
  if (!object) return absl::InvalidArgumentError(llvm::toString(object.takeError()));
  if (const auto* le64 = llvm::dyn_cast<llvm::object::ELF64LEObjectFile>(object->get())) {
    AddDebug(le64->getELFFile(), &savings);
  } else if (const auto* be64 = llvm::dyn_cast<llvm::object::ELF64BEObjectFile>(object->get())) {
    AddDebug(be64->getELFFile(), &savings);
  } else if (const auto* le32 = llvm::dyn_cast<llvm::object::ELF32LEObjectFile>(object->get())) {
    AddDebug(le32->getELFFile(), &savings);
  } else if (const auto* be32 = llvm::dyn_cast<llvm::object::ELF32BEObjectFile>(object->get())) {
    AddDebug(be32->getELFFile(), &savings);
  }
  if (CouldShrink(record)) savings.unused = Marker(record).Run();
  return savings;
}

std::string SavingsText(const Savings& savings, const report::TextOptions& options) {
  constexpr uint64_t kWorthSaying = 100, kLeast = 1 << 16;  // a hundredth, and bytes
  constexpr size_t kNamed = 3, kColumn = 36;
  const auto worth = [&](uint64_t bytes) { return bytes * kWorthSaying >= savings.bytes && bytes >= kLeast; };
  std::vector<std::pair<std::string, std::string>> lines;
  if (worth(savings.debug_bytes)) {
    lines.emplace_back("-ldflags=-w", absl::StrCat(report::SizeText(savings.debug_bytes), " less: debug information"));
  }
  if (worth(savings.symbol_bytes)) {
    lines.emplace_back("-ldflags=-s",
                       absl::StrCat(report::SizeText(savings.debug_bytes + savings.symbol_bytes), " less: ",
                                    savings.debug_bytes > 0 ? "that and the symbol table" : "the symbol table",
                                    "; as strip does. Go's stack traces stay as they are"));
  }
  uint64_t unused = 0;
  std::vector<std::string> largest;
  for (const UnusedBytes& archive : savings.unused.value_or(std::vector<UnusedBytes>())) {
    unused += archive.bytes;
    if (largest.size() < kNamed && archive.bytes * kWorthSaying >= savings.bytes) {
      largest.push_back(absl::StrCat(report::SizeText(archive.bytes), " of ", support::BaseName(archive.archive)));
    }
  }
  if (worth(unused)) {
    lines.emplace_back(
        "CGO_LD_SHIM_GC=on",
        absl::StrCat("at least ", report::SizeText(unused), " less: code and data that nothing refers to",
                     largest.empty() ? "" : absl::StrCat(", ", absl::StrJoin(largest, ", "))));
  }
  if (lines.empty()) return "";
  if (const uint64_t more = savings.debug_uncompressed - savings.debug_bytes; worth(more)) {
    lines.emplace_back("CGO_LD_SHIM_DEBUG_SECTIONS=none",
                       absl::StrCat(report::SizeText(more), " more: debug information, which is compressed now"));
  }
  report::Page page(options);
  page.Blank();
  page.Title("what would change its size");
  for (const auto& [label, text] : lines) page.Labelled(2, label, kColumn, text);
  return page.Take();
}

}  // namespace cgo_ld_shim::inspect
