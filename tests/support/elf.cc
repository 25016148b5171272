#include "tests/support/elf.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/ObjectYAML/yaml2obj.h"
#include "llvm/Support/YAMLTraits.h"
#include "llvm/Support/raw_ostream.h"

namespace cgo_ld_shim::test_support {
namespace {

// What a machine needs for an object that links: a function that returns, and a relocation for a pointer.
struct MachineRow {
  uint16_t machine;
  absl::string_view body;  // hexadecimal, at most kSlot bytes; empty: zeros
  uint32_t pointer;  // R_*: an absolute address as wide as a pointer; 0: none known, references have no relocation
  bool addends;      // SHT_RELA
};
constexpr MachineRow kMachines[] = {
    {llvm::ELF::EM_X86_64, "c3", llvm::ELF::R_X86_64_64, true},
    {llvm::ELF::EM_AARCH64, "c0035fd6", llvm::ELF::R_AARCH64_ABS64, true},
    {llvm::ELF::EM_386, "c3", llvm::ELF::R_386_32, false},
    {llvm::ELF::EM_ARM, "1eff2fe1", llvm::ELF::R_ARM_ABS32, false},
    {llvm::ELF::EM_RISCV, "67800000", llvm::ELF::R_RISCV_64, true},
    {llvm::ELF::EM_PPC64, "2000804e", llvm::ELF::R_PPC64_ADDR64, true},
    {llvm::ELF::EM_PPC, "4e800020", llvm::ELF::R_PPC_ADDR32, true},
    {llvm::ELF::EM_S390, "07fe", llvm::ELF::R_390_64, true},
};

MachineRow FindMachine(uint16_t machine) {
  for (const MachineRow& row : kMachines) {
    if (row.machine == machine) return row;
  }
  return {machine, "", 0, true};
}

constexpr uint64_t kSlot = 16;  // bytes for each function, variable and pointer

std::string Quote(absl::string_view text) { return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "''"}}), "'"); }

// `count` times `body`, each filled up to a slot.
std::string Slots(size_t count, absl::string_view body) {
  std::string slot(body);
  slot.resize(kSlot * 2, '0');
  std::string all;
  for (size_t i = 0; i < count; ++i) all += slot;
  return all;
}

std::string FileHeader(absl::string_view type, uint16_t machine, bool is64, bool little) {
  return absl::StrCat("--- !ELF\nFileHeader:\n  Class: ", is64 ? "ELFCLASS64" : "ELFCLASS32",
                      "\n  Data: ", little ? "ELFDATA2LSB" : "ELFDATA2MSB", "\n  Type: ", type,
                      "\n  Machine: ", machine, "\n");
}

}  // namespace

std::string MakeObject(absl::string_view yaml) {
  llvm::yaml::Input input(llvm::StringRef(yaml.data(), yaml.size()));
  llvm::SmallString<4096> bytes;
  llvm::raw_svector_ostream out(bytes);
  const bool converted = llvm::yaml::convertYAML(input, out, [&](const llvm::Twine& message) {
    std::fprintf(stderr, "%s\nin\n%s", message.str().c_str(), std::string(yaml).c_str());
  });
  if (!converted) std::abort();
  return std::string(bytes);
}

ObjectBuilder& ObjectBuilder::Add(Symbol symbol) {
  symbols_.push_back(std::move(symbol));
  return *this;
}

ObjectBuilder& ObjectBuilder::Define(absl::string_view name) { return Add({.name = std::string(name)}); }
ObjectBuilder& ObjectBuilder::DefineWeak(absl::string_view name) {
  return Add({.name = std::string(name), .binding = "STB_WEAK"});
}
ObjectBuilder& ObjectBuilder::DefineHidden(absl::string_view name) {
  return Add({.name = std::string(name), .hidden = true});
}
ObjectBuilder& ObjectBuilder::DefineUnique(absl::string_view name) {
  return Add({.name = std::string(name), .place = Place::kData, .binding = "STB_GNU_UNIQUE", .type = "STT_OBJECT"});
}
ObjectBuilder& ObjectBuilder::DefineIfunc(absl::string_view name) {
  return Add({.name = std::string(name), .type = "STT_GNU_IFUNC"});
}
ObjectBuilder& ObjectBuilder::DefineData(absl::string_view name) {
  return Add({.name = std::string(name), .place = Place::kData, .type = "STT_OBJECT"});
}
ObjectBuilder& ObjectBuilder::DefineTls(absl::string_view name) {
  return Add({.name = std::string(name), .place = Place::kTls, .type = "STT_TLS"});
}
ObjectBuilder& ObjectBuilder::DefineCommon(absl::string_view name, uint64_t size) {
  return Add({.name = std::string(name), .place = Place::kCommon, .type = "STT_OBJECT", .value = size});
}
ObjectBuilder& ObjectBuilder::DefineAbsolute(absl::string_view name, uint64_t value) {
  return Add({.name = std::string(name), .place = Place::kAbsolute, .type = "STT_NOTYPE", .value = value});
}
ObjectBuilder& ObjectBuilder::Local(absl::string_view name) {
  return Add({.name = std::string(name), .binding = "STB_LOCAL"});
}
ObjectBuilder& ObjectBuilder::Comdat(absl::string_view signature, absl::string_view name) {
  return Add(
      {.name = std::string(name), .place = Place::kComdat, .binding = "STB_WEAK", .group = std::string(signature)});
}
ObjectBuilder& ObjectBuilder::StrongComdat(absl::string_view signature, absl::string_view name) {
  return Add({.name = std::string(name), .place = Place::kComdat, .group = std::string(signature)});
}
ObjectBuilder& ObjectBuilder::Reference(absl::string_view name) {
  return Add({.name = std::string(name), .place = Place::kUndefined, .type = "STT_NOTYPE"});
}
ObjectBuilder& ObjectBuilder::ReferenceWeak(absl::string_view name) {
  return Add({.name = std::string(name), .place = Place::kUndefined, .binding = "STB_WEAK", .type = "STT_NOTYPE"});
}
ObjectBuilder& ObjectBuilder::ReferenceHidden(absl::string_view name) {
  return Add({.name = std::string(name), .place = Place::kUndefined, .type = "STT_NOTYPE", .hidden = true});
}
ObjectBuilder& ObjectBuilder::ReferenceTls(absl::string_view name) {
  return Add({.name = std::string(name), .place = Place::kUndefined, .type = "STT_TLS"});
}
ObjectBuilder& ObjectBuilder::SplitStack() { return Section(".note.GNU-split-stack"); }
ObjectBuilder& ObjectBuilder::Section(absl::string_view name) {
  sections_.emplace_back(name);
  return *this;
}
ObjectBuilder& ObjectBuilder::Comment(absl::string_view text) {
  comment_ = std::string(text);
  return *this;
}
ObjectBuilder& ObjectBuilder::Machine(uint16_t e_machine) {
  machine_ = e_machine;
  return *this;
}
ObjectBuilder& ObjectBuilder::Class32() {
  is64_ = false;
  return *this;
}
ObjectBuilder& ObjectBuilder::BigEndian() {
  little_ = false;
  return *this;
}

// True for a reference to what the object itself defines, or has referred to before: one symbol serves all.
bool ObjectBuilder::IsKnown(const Symbol& symbol) const {
  if (symbol.place != Place::kUndefined) return false;
  for (const Symbol& other : symbols_) {
    if (&other != &symbol && other.name == symbol.name && (other.place != Place::kUndefined || &other < &symbol)) {
      return true;
    }
  }
  return false;
}

std::string ObjectBuilder::Yaml() const {
  const MachineRow machine = FindMachine(machine_);
  std::string groups, comdats, symbols, relocations;
  std::vector<std::string> signatures;  // in the order of their groups
  size_t texts = 0, datas = 0, tlses = 0;
  const auto symbol_line = [&](const Symbol& symbol, absl::string_view where) {
    absl::StrAppend(&symbols, "  - { Name: ", Quote(symbol.name), ", Type: ", std::string(symbol.type),
                    ", Binding: ", std::string(symbol.binding), symbol.hidden ? ", Other: [ STV_HIDDEN ]" : "", where,
                    " }\n");
  };
  for (const Symbol& symbol : symbols_) {
    if (!symbol.group.empty() && std::find(signatures.begin(), signatures.end(), symbol.group) == signatures.end()) {
      signatures.push_back(symbol.group);
    }
  }
  // Two sections of one name are told apart in YAML by " (number)", which yaml2obj cuts off.
  const auto group_name = [&](size_t i) { return absl::StrCat(".group (", i, ")"); };
  for (size_t i = 0; i < signatures.size(); ++i) {
    absl::StrAppend(&groups, "  - Name: ", Quote(group_name(i)),
                    "\n    Type: SHT_GROUP\n    AddressAlign: 4\n    Link: .symtab\n    Info: ", Quote(signatures[i]),
                    "\n    Members:\n      - SectionOrType: GRP_COMDAT\n");
    for (const Symbol& symbol : symbols_) {
      if (symbol.group != signatures[i]) continue;
      const std::string section = Quote(absl::StrCat(".text.", symbol.name));
      absl::StrAppend(&groups, "      - SectionOrType: ", section, "\n");
      absl::StrAppend(&comdats, "  - { Name: ", section, ", Type: SHT_PROGBITS, AddressAlign: ", kSlot,
                      ", Flags: [ SHF_ALLOC, SHF_EXECINSTR, SHF_GROUP ], Content: '", Slots(1, machine.body), "' }\n");
    }
    // A signature that no symbol of the object has is a local symbol in the group's section, as GNU as writes it.
    const bool named = std::any_of(symbols_.begin(), symbols_.end(),
                                   [&](const Symbol& symbol) { return symbol.name == signatures[i]; });
    if (!named) {
      symbol_line({.name = signatures[i], .binding = "STB_LOCAL", .type = "STT_NOTYPE"},
                  absl::StrCat(", Section: ", Quote(group_name(i))));
    }
  }
  // Two passes: a symbol table has its local symbols first.
  for (const bool local : {true, false}) {
    for (const Symbol& symbol : symbols_) {
      if ((symbol.binding == "STB_LOCAL") != local || IsKnown(symbol)) continue;
      std::string where;
      switch (symbol.place) {
        case Place::kText:
          where = absl::StrCat(", Section: .text, Value: ", texts++ * kSlot, ", Size: ", kSlot);
          break;
        case Place::kData:
          where = absl::StrCat(", Section: .data, Value: ", datas++ * kSlot, ", Size: ", kSlot);
          break;
        case Place::kTls:
          where = absl::StrCat(", Section: .tdata, Value: ", tlses++ * kSlot, ", Size: ", kSlot);
          break;
        case Place::kComdat:
          where = absl::StrCat(", Section: ", Quote(absl::StrCat(".text.", symbol.name)), ", Size: ", kSlot);
          break;
        case Place::kCommon:
          where = absl::StrCat(", Index: SHN_COMMON, Value: 8, Size: ", symbol.value);
          break;
        case Place::kAbsolute:
          where = absl::StrCat(", Index: SHN_ABS, Value: ", symbol.value);
          break;
        case Place::kUndefined:
          break;
      }
      symbol_line(symbol, where);
    }
  }
  for (const Symbol& symbol : symbols_) {
    if (symbol.place != Place::kUndefined || machine.pointer == 0) continue;
    const bool tls = symbol.type == "STT_TLS";
    if (tls && machine_ != llvm::ELF::EM_X86_64) continue;  // elsewhere the offset is in an instruction
    absl::StrAppend(&relocations, "      - { Offset: ", datas++ * kSlot, ", Symbol: ", Quote(symbol.name),
                    ", Type: ", tls ? uint32_t{llvm::ELF::R_X86_64_TPOFF32} : machine.pointer, " }\n");
  }

  std::string yaml = FileHeader("ET_REL", machine_, is64_, little_);
  absl::StrAppend(&yaml, "Sections:\n", groups);
  absl::StrAppend(&yaml,
                  "  - { Name: .text, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_EXECINSTR ], AddressAlign: ", kSlot,
                  ", Content: '", Slots(texts, machine.body), "' }\n", comdats);
  absl::StrAppend(&yaml,
                  "  - { Name: .data, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_WRITE ], AddressAlign: ", kSlot,
                  ", Content: '", Slots(datas, ""), "' }\n");
  if (tlses != 0) {
    absl::StrAppend(&yaml,
                    "  - { Name: .tdata, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_WRITE, SHF_TLS ], AddressAlign: ",
                    kSlot, ", Content: '", Slots(tlses, ""), "' }\n");
  }
  if (!relocations.empty()) {
    absl::StrAppend(&yaml, "  - Name: ", machine.addends ? ".rela.data" : ".rel.data",
                    "\n    Type: ", machine.addends ? "SHT_RELA" : "SHT_REL",
                    "\n    Flags: [ SHF_INFO_LINK ]\n    Link: .symtab\n    Info: .data\n    Relocations:\n",
                    relocations);
  }
  // Without it GNU ld warns, and makes the stack executable.
  absl::StrAppend(&yaml, "  - { Name: .note.GNU-stack, Type: SHT_PROGBITS }\n");
  for (const std::string& section : sections_) {
    absl::StrAppend(&yaml, "  - { Name: ", Quote(section), ", Type: SHT_PROGBITS }\n");
  }
  if (!comment_.empty()) {
    absl::StrAppend(&yaml, "  - { Name: .comment, Type: SHT_PROGBITS, Content: '00", absl::BytesToHexString(comment_),
                    "00' }\n");
  }
  absl::StrAppend(&yaml, symbols.empty() ? "Symbols: []\n" : "Symbols:\n", symbols);
  return yaml;
}

std::string ObjectBuilder::Build() const { return MakeObject(Yaml()); }

SharedBuilder& SharedBuilder::Soname(absl::string_view name) {
  soname_ = std::string(name);
  return *this;
}
SharedBuilder& SharedBuilder::Needed(absl::string_view name) {
  needed_.emplace_back(name);
  return *this;
}
SharedBuilder& SharedBuilder::Define(absl::string_view name) {
  symbols_.push_back({.name = std::string(name)});
  return *this;
}
SharedBuilder& SharedBuilder::DefineWeak(absl::string_view name) {
  symbols_.push_back({.name = std::string(name), .weak = true});
  return *this;
}
SharedBuilder& SharedBuilder::Reference(absl::string_view name) {
  symbols_.push_back({.name = std::string(name), .defined = false});
  return *this;
}
SharedBuilder& SharedBuilder::DefineData(absl::string_view name) {
  symbols_.push_back({.name = std::string(name), .type = "STT_OBJECT"});
  return *this;
}
SharedBuilder& SharedBuilder::DefineTls(absl::string_view name) {
  symbols_.push_back({.name = std::string(name), .type = "STT_TLS"});
  return *this;
}
SharedBuilder& SharedBuilder::Machine(uint16_t e_machine) {
  machine_ = e_machine;
  return *this;
}

std::string SharedBuilder::Yaml() const {
  // The strings are laid out here, because yaml2obj's own table knows only the symbols' names.
  std::string strings(1, '\0');
  const auto place = [&](absl::string_view text) {
    const size_t at = strings.size();
    absl::StrAppend(&strings, text, absl::string_view("\0", 1));
    return at;
  };
  std::string entries, symbols;
  if (!soname_.empty()) absl::StrAppend(&entries, "      - { Tag: DT_SONAME, Value: ", place(soname_), " }\n");
  for (const std::string& name : needed_) {
    absl::StrAppend(&entries, "      - { Tag: DT_NEEDED, Value: ", place(name), " }\n");
  }
  absl::StrAppend(&entries, "      - { Tag: DT_NULL, Value: 0 }\n");
  size_t texts = 0;
  for (const Symbol& symbol : symbols_) {
    absl::StrAppend(&symbols, "  - { StName: ", place(symbol.name),
                    ", Type: ", symbol.defined ? symbol.type.str() : "STT_NOTYPE",
                    ", Binding: ", symbol.weak ? "STB_WEAK" : "STB_GLOBAL");
    if (symbol.defined) {
      absl::StrAppend(&symbols, ", Section: .text, Value: ", 0x1000 + texts++ * kSlot, ", Size: ", kSlot);
    }
    absl::StrAppend(&symbols, " }\n");
  }
  std::string hex;
  for (const char c : strings) absl::StrAppend(&hex, absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2));

  std::string yaml = FileHeader("ET_DYN", machine_, /*is64=*/true, /*little=*/true);
  absl::StrAppend(
      &yaml,
      "ProgramHeaders:\n"
      "  - { Type: PT_LOAD, Flags: [ PF_R, PF_X ], FirstSec: .text, LastSec: .dynstr, VAddr: 0x1000 }\n"
      "  - { Type: PT_LOAD, Flags: [ PF_R, PF_W ], FirstSec: .dynamic, LastSec: .dynamic, VAddr: 0x100000 }\n"
      "  - { Type: PT_DYNAMIC, Flags: [ PF_R, PF_W ], FirstSec: .dynamic, LastSec: .dynamic, VAddr: 0x100000 }\n"
      "Sections:\n"
      "  - { Name: .text, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_EXECINSTR ], Address: 0x1000, "
      "AddressAlign: 16, Content: '",
      Slots(std::max<size_t>(texts, 1), FindMachine(machine_).body),
      "' }\n"
      "  - { Name: .dynsym, Type: SHT_DYNSYM, Flags: [ SHF_ALLOC ], Link: .dynstr, AddressAlign: 8 }\n"
      "  - { Name: .dynstr, Type: SHT_STRTAB, Flags: [ SHF_ALLOC ], Content: '",
      hex,
      "' }\n"
      "  - Name: .dynamic\n    Type: SHT_DYNAMIC\n    Flags: [ SHF_ALLOC, SHF_WRITE ]\n"
      "    Address: 0x100000\n    AddressAlign: 8\n    Link: .dynstr\n    Entries:\n",
      entries);
  absl::StrAppend(&yaml, symbols.empty() ? "DynamicSymbols: []\n" : "DynamicSymbols:\n", symbols);
  return yaml;
}

std::string SharedBuilder::Build() const { return MakeObject(Yaml()); }

}  // namespace cgo_ld_shim::test_support
