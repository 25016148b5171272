// Reads the symbol table of one object file: what it defines, what it needs, and what kind of file it is at all.
//
// A link looks at every object it is given, and at each archive member that it extracts, so this is the inner loop of
// the resolver. It touches as little as a linker would: the section headers, the global half of the symbol table
// (sh_info says where it begins, so that thousands of local symbols cost nothing) and the names of the sections that
// cannot be told apart by type. No name is copied; a symbol is a view into the file.
//
// What stands where (ELF gABI, https://gabi.xinuos.com):
//   COMDAT    a section of type SHT_GROUP lists the sections of one inline function or template instance; the group's
//             signature is the name of a symbol. Of groups with one signature the linker keeps the first. Their
//             definitions are usually weak as well, but need not be.
//   section   16 bits of a symbol (st_shndx). With more than 65279 sections it says SHN_XINDEX, and a table beside the
//             symbol table (SHT_SYMTAB_SHNDX) has the number.
//   slim LTO  `gcc -flto` writes GIMPLE into .gnu.lto_* sections and no code; GCC marks it by the common symbol
//             __gnu_lto_slim. Nothing but a linker with GCC's plugin can use it.
//   split     .note.GNU-split-stack, an empty section, says that functions grow their own stack.
//
// The bytes are not trusted. llvm::object::ELFFile checks headers, section bounds and string tables; what it leaves
// open (name offsets, section numbers, group members) is checked here.
#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/BinaryFormat/MachO.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Object/ELF.h"
#include "llvm/Object/ELFTypes.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/Error.h"
#include "symbols/lto.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::symbols {
namespace {

using ::llvm::support::endian::read16le;
using ::llvm::support::endian::read32be;
using ::llvm::support::endian::read32le;

absl::Status Malformed(const std::string& name, absl::string_view what) {
  return absl::DataLossError(absl::StrCat(name, ": ", what));
}

absl::Status Malformed(const std::string& name, absl::string_view part, llvm::Error error) {
  return Malformed(name, absl::StrCat(part, ": ", llvm::toString(std::move(error))));
}

llvm::StringRef ToLlvm(absl::string_view text) { return llvm::StringRef(text.data(), text.size()); }

// The NUL-terminated string at `offset` of a string table, which LLVM has checked to end with a NUL.
bool NameAt(llvm::StringRef strings, uint64_t offset, absl::string_view* name) {
  if (offset >= strings.size()) return false;
  const char* begin = strings.data() + offset;
  *name = absl::string_view(begin, std::strlen(begin));
  return true;
}

// Reads one ELF file. A class only so that the parts share the file, the section table and the message's name.
template <class ELFT>
class ElfReader {
 public:
  ElfReader(const std::string& name, Object* object) : name_(name), object_(*object) {}

  absl::Status Read(absl::string_view data) {
    llvm::Expected<File> file = File::create(ToLlvm(data));
    if (!file) return Malformed(name_, "ELF header", file.takeError());
    file_ = &*file;
    const auto& header = file_->getHeader();
    object_.machine.e_machine = header.e_machine;
    switch (header.e_type) {
      case llvm::ELF::ET_REL:
        object_.kind = ObjectKind::kElfRelocatable;
        break;
      case llvm::ELF::ET_DYN:
        object_.kind = ObjectKind::kElfShared;
        break;
      case llvm::ELF::ET_EXEC:
        object_.kind = ObjectKind::kElfExecutable;
        break;
      default:
        object_.kind = ObjectKind::kUnknown;
        object_.what = header.e_type == llvm::ELF::ET_CORE
                           ? "a core dump"
                           : absl::StrCat("an ELF file of type ", static_cast<uint32_t>(header.e_type));
        return absl::OkStatus();
    }
    auto sections = file_->sections();
    if (!sections) return Malformed(name_, "section headers", sections.takeError());
    sections_ = *sections;
    return object_.kind == ObjectKind::kElfRelocatable ? ReadRelocatable() : ReadLinked();
  }

 private:
  using File = llvm::object::ELFFile<ELFT>;
  using Section = typename ELFT::Shdr;
  using Symbol = typename ELFT::Sym;

  absl::Status ReadRelocatable() {
    const Section* symbol_table = nullptr;
    const Section* index_table = nullptr;
    const Section* lto_symbols = nullptr;
    bool lto = false, code = false;
    bool groups = false;
    for (const Section& section : sections_) {
      switch (section.sh_type) {
        case llvm::ELF::SHT_SYMTAB:
          symbol_table = &section;
          break;
        case llvm::ELF::SHT_SYMTAB_SHNDX:
          index_table = &section;
          break;
        case llvm::ELF::SHT_GROUP:
          groups = true;
          break;
        case llvm::ELF::SHT_INIT_ARRAY:
          object_.constructors |= section.sh_size != 0;
          break;
        case llvm::ELF::SHT_PREINIT_ARRAY:
          object_.preinit |= section.sh_size != 0;
          break;
        case llvm::ELF::SHT_NOBITS:
        case llvm::ELF::SHT_PROGBITS:
          if (section.sh_flags & llvm::ELF::SHF_ALLOC) {
            code |= section.sh_size != 0;
            if (section.sh_flags & llvm::ELF::SHF_TLS)
              object_.tls_alignment = std::max<uint64_t>(object_.tls_alignment, section.sh_addralign);
            if (section.sh_type == llvm::ELF::SHT_NOBITS) break;
            object_.file_bytes += section.sh_size;
            // Tables of constructors are among the few that are written at start.
            if (section.sh_size == 0 || !(section.sh_flags & llvm::ELF::SHF_WRITE)) break;
            absl::string_view table;
            if (absl::Status status = SectionName(section, &table); !status.ok()) return status;
            if ((absl::ConsumePrefix(&table, ".ctors") || absl::ConsumePrefix(&table, ".dtors")) &&
                (table.empty() || table[0] == '.')) {
              object_.old_constructors = true;
            }
            break;
          }
          // The two families that have no type of their own are never loaded, which spares the names of all others.
          absl::string_view name;
          if (absl::Status status = SectionName(section, &name); !status.ok()) return status;
          if (absl::StartsWith(name, ".gnu.lto_")) lto = true;
          if (absl::StartsWith(name, ".gnu.lto_.symtab")) lto_symbols = &section;
          if (name == ".note.GNU-split-stack") object_.split_stack = true;
          if (name == ".note.GNU-stack") {
            object_.stack_note = true;
            object_.executable_stack = section.sh_flags & llvm::ELF::SHF_EXECINSTR;
          }
          break;
      }
    }
    if (groups) {
      if (absl::Status status = ReadGroups(); !status.ok()) return status;
    }
    bool slim = false;
    if (symbol_table != nullptr) {
      if (absl::Status status = ReadSymbols(*symbol_table, index_table, nullptr, lto ? &slim : nullptr); !status.ok()) {
        return status;
      }
    }
    if (lto && (slim || (!code && object_.definitions.empty()))) {
      object_.kind = ObjectKind::kSlimLto;
      if (lto_symbols != nullptr) {
        auto content = file_->getSectionContents(*lto_symbols);
        if (!content) return Malformed(name_, "the table of its LTO symbols", content.takeError());
        ReadGccLtoSymbols({reinterpret_cast<const char*>(content->data()), content->size()}, &object_);
      }
    }
    return absl::OkStatus();
  }

  // A shared object or an executable: only its dynamic symbols can take part in a link.
  absl::Status ReadLinked() {
    const Section* symbol_table = nullptr;
    const Section* dynamic = nullptr;
    const Section* versions = nullptr;
    for (const Section& section : sections_) {
      if (section.sh_type == llvm::ELF::SHT_DYNSYM) symbol_table = &section;
      if (section.sh_type == llvm::ELF::SHT_DYNAMIC) dynamic = &section;
      if (section.sh_type == llvm::ELF::SHT_GNU_versym) versions = &section;
    }
    if (dynamic != nullptr) {
      if (absl::Status status = ReadDynamic(*dynamic); !status.ok()) return status;
    }
    if (symbol_table == nullptr) return absl::OkStatus();
    return ReadSymbols(*symbol_table, nullptr, versions, nullptr);
  }

  absl::Status SectionName(const Section& section, absl::string_view* name) {
    if (!have_section_names_) {
      auto strings = file_->getSectionStringTable(sections_);
      if (!strings) return Malformed(name_, "section names", strings.takeError());
      section_names_ = *strings;
      have_section_names_ = true;
    }
    if (section_names_.empty()) {
      *name = absl::string_view();
      return absl::OkStatus();
    }
    if (!NameAt(section_names_, section.sh_name, name)) {
      return Malformed(name_, absl::StrCat("section ", &section - sections_.data(), " has its name at ",
                                           static_cast<uint64_t>(section.sh_name), ", outside the section names"));
    }
    return absl::OkStatus();
  }

  absl::Status Symbols(const Section& table, llvm::ArrayRef<Symbol>* symbols, llvm::StringRef* strings) {
    auto found = file_->symbols(&table);
    if (!found) return Malformed(name_, "symbol table", found.takeError());
    *symbols = *found;
    if (symbols->empty()) return absl::OkStatus();
    auto names = file_->getStringTableForSymtab(table, sections_);
    if (!names) return Malformed(name_, "symbol names", names.takeError());
    *strings = *names;
    return absl::OkStatus();
  }

  absl::Status ReadGroups() {
    comdat_.assign(sections_.size(), false);
    // Nearly always one symbol table holds the signatures of all groups.
    uint32_t loaded = 0;
    llvm::ArrayRef<Symbol> symbols;
    llvm::StringRef strings;
    for (const Section& group : sections_) {
      if (group.sh_type != llvm::ELF::SHT_GROUP) continue;
      const auto number = [&] { return absl::StrCat("section group ", &group - sections_.data()); };
      auto words = file_->template getSectionContentsAsArray<typename ELFT::Word>(group);
      if (!words) return Malformed(name_, number(), words.takeError());
      if (words->empty()) return Malformed(name_, absl::StrCat(number(), " is empty"));
      if (!((*words)[0] & llvm::ELF::GRP_COMDAT)) continue;
      if (group.sh_link != loaded || loaded == 0) {
        if (group.sh_link == 0 || group.sh_link >= sections_.size()) {
          return Malformed(name_, absl::StrCat(number(), " names no symbol table"));
        }
        loaded = group.sh_link;
        if (absl::Status status = Symbols(sections_[loaded], &symbols, &strings); !status.ok()) return status;
      }
      absl::string_view signature;
      if (group.sh_info >= symbols.size() || !NameAt(strings, symbols[group.sh_info].st_name, &signature)) {
        return Malformed(name_, absl::StrCat(number(), " has no signature"));
      }
      // GNU as writes a section symbol, which has no name, where the signature is the section's own name.
      const Symbol& symbol = symbols[group.sh_info];
      if (signature.empty() && symbol.getType() == llvm::ELF::STT_SECTION && symbol.st_shndx < sections_.size()) {
        if (absl::Status status = SectionName(sections_[symbol.st_shndx], &signature); !status.ok()) return status;
      }
      object_.comdat_groups.push_back(signature);
      for (const auto& word : words->drop_front()) {
        const uint32_t member = word;
        if (member >= sections_.size()) {
          return Malformed(name_, absl::StrCat(number(), " contains section ", member, " of ", sections_.size()));
        }
        comdat_[member] = true;
      }
    }
    return absl::OkStatus();
  }

  // `index_table`: SHT_SYMTAB_SHNDX or null. `versions`: SHT_GNU_versym or null. `slim`: set when GCC's marker is
  // there.
  absl::Status ReadSymbols(const Section& table, const Section* index_table, const Section* versions, bool* slim) {
    llvm::ArrayRef<Symbol> symbols;
    llvm::StringRef strings;
    if (absl::Status status = Symbols(table, &symbols, &strings); !status.ok()) return status;
    if (symbols.empty()) return absl::OkStatus();
    const uint32_t first = table.sh_info;
    if (first == 0 || first > symbols.size()) {
      return Malformed(name_, absl::StrCat("the symbol table says that its global symbols begin at ", first, " of ",
                                           symbols.size()));
    }
    llvm::ArrayRef<typename ELFT::Word> indexes;
    if (index_table != nullptr) {
      auto found = file_->getSHNDXTable(*index_table, sections_);
      if (!found) return Malformed(name_, "extended section numbers", found.takeError());
      indexes = *found;
    }
    llvm::ArrayRef<typename ELFT::Half> version_numbers;
    if (versions != nullptr) {
      auto found = file_->template getSectionContentsAsArray<typename ELFT::Half>(*versions);
      if (!found) return Malformed(name_, "symbol versions", found.takeError());
      if (found->size() != symbols.size()) {
        return Malformed(name_, absl::StrCat(found->size(), " symbol versions for ", symbols.size(), " symbols"));
      }
      version_numbers = *found;
    }
    const bool relocatable = object_.kind == ObjectKind::kElfRelocatable;

    const bool versioned = relocatable && strings.contains('@');

    // Counting first costs two loads a symbol and saves every move of a growing vector.
    size_t undefined = 0;
    for (const Symbol& symbol : symbols.drop_front(first)) undefined += symbol.st_shndx == llvm::ELF::SHN_UNDEF;
    object_.references.reserve(undefined);
    object_.definitions.reserve(symbols.size() - first - undefined);

    for (size_t i = first; i < symbols.size(); ++i) {
      const Symbol& symbol = symbols[i];
      const uint8_t binding = symbol.getBinding();
      if (binding == llvm::ELF::STB_LOCAL) continue;  // misplaced; no linker resolves it
      absl::string_view name;
      if (!NameAt(strings, symbol.st_name, &name)) {
        return Malformed(name_, absl::StrCat("symbol ", i, " has its name at ", static_cast<uint64_t>(symbol.st_name),
                                             ", outside the symbol names"));
      }
      if (name.empty()) continue;
      if (versioned) name = LinkName(name);
      const uint8_t type = symbol.getType();
      const uint8_t visibility = symbol.getVisibility();
      const bool hidden = visibility == llvm::ELF::STV_HIDDEN || visibility == llvm::ELF::STV_INTERNAL;
      uint32_t section = symbol.st_shndx;
      if (section == llvm::ELF::SHN_UNDEF) {
        Reference& reference = object_.references.emplace_back();
        reference.name = name;
        reference.weak = binding == llvm::ELF::STB_WEAK;
        reference.tls = type == llvm::ELF::STT_TLS;
        reference.hidden = hidden;
        continue;
      }
      if (slim != nullptr && name == "__gnu_lto_slim") {
        *slim = true;
        continue;
      }
      bool common = type == llvm::ELF::STT_COMMON;
      if (section == llvm::ELF::SHN_XINDEX) {
        if (i >= indexes.size()) {
          return Malformed(name_, absl::StrCat("symbol ", name,
                                               " has an extended section number, but there is no table "
                                               "of these"));
        }
        section = indexes[i];
      } else if (section >= llvm::ELF::SHN_LORESERVE) {
        const bool large = object_.machine.e_machine == llvm::ELF::EM_X86_64 && section == kLargeCommon;
        object_.large_common |= large;
        common |= large || section == llvm::ELF::SHN_COMMON;
        section = 0;
      }
      if (section >= sections_.size()) {
        // The sections of a shared object mean nothing to a link, and tools that strip it do not keep the numbers
        // right.
        if (relocatable) {
          return Malformed(name_, absl::StrCat("symbol ", name, " is in section ", section, " of ", sections_.size()));
        }
        section = 0;
      }
      Definition& definition = object_.definitions.emplace_back();
      definition.name = name;
      definition.weak = binding == llvm::ELF::STB_WEAK;
      definition.unique = binding == llvm::ELF::STB_GNU_UNIQUE;
      definition.common = common;
      definition.comdat = !comdat_.empty() && comdat_[section];
      definition.tls = type == llvm::ELF::STT_TLS;
      definition.hidden = hidden;
      definition.ifunc = type == llvm::ELF::STT_GNU_IFUNC;
      definition.function = definition.ifunc || type == llvm::ELF::STT_FUNC;
      definition.section = section;
      definition.size = symbol.st_size;
      if (!version_numbers.empty()) {
        const uint16_t version = version_numbers[i];
        definition.retired = version & llvm::ELF::VERSYM_HIDDEN;
        definition.hidden |= version == llvm::ELF::VER_NDX_LOCAL;
      }
    }
    return absl::OkStatus();
  }

  absl::Status ReadDynamic(const Section& section) {
    auto entries = file_->template getSectionContentsAsArray<typename ELFT::Dyn>(section);
    if (!entries) return Malformed(name_, "dynamic section", entries.takeError());
    if (section.sh_link >= sections_.size()) return Malformed(name_, "the dynamic section names no string table");
    auto strings = file_->getStringTable(sections_[section.sh_link]);
    if (!strings) return Malformed(name_, "dynamic strings", strings.takeError());
    for (const auto& entry : *entries) {
      if (entry.d_tag == llvm::ELF::DT_NULL) break;
      if (entry.d_tag == llvm::ELF::DT_FLAGS_1 && (entry.d_un.d_val & llvm::ELF::DF_1_PIE)) {
        object_.kind = ObjectKind::kElfExecutable;
      }
      if (entry.d_tag != llvm::ELF::DT_NEEDED && entry.d_tag != llvm::ELF::DT_SONAME) continue;
      absl::string_view name;
      if (!NameAt(*strings, entry.d_un.d_val, &name)) {
        return Malformed(name_, absl::StrCat("a dynamic entry has its name at ", uint64_t{entry.d_un.d_val},
                                             ", outside the dynamic strings"));
      }
      if (entry.d_tag == llvm::ELF::DT_SONAME) {
        object_.soname = name;
      } else {
        object_.needed.push_back(name);
      }
    }
    return absl::OkStatus();
  }

  static constexpr uint32_t kLargeCommon = 0xff02;  // SHN_X86_64_LCOMMON (x86-64 psABI, medium code model)

  const std::string& name_;
  Object& object_;
  File* file_ = nullptr;
  llvm::ArrayRef<Section> sections_;
  bool have_section_names_ = false;
  llvm::StringRef section_names_;
  std::vector<bool> comdat_;  // by section: it belongs to a COMDAT group; empty: there is none
};

// The ELF machine that a Mach-O CPU type stands for; 0 for those that Go does not know.
Machine FromCpuType(uint32_t type) {
  switch (type) {
    case llvm::MachO::CPU_TYPE_X86_64:
      return {llvm::ELF::EM_X86_64, true, true};
    case llvm::MachO::CPU_TYPE_ARM64:
      return {llvm::ELF::EM_AARCH64, true, true};
    case llvm::MachO::CPU_TYPE_X86:
      return {llvm::ELF::EM_386, false, true};
    case llvm::MachO::CPU_TYPE_ARM:
      return {llvm::ELF::EM_ARM, false, true};
    default:
      return {};
  }
}

// The same for the machine field of COFF and PE.
Machine FromCoffMachine(uint16_t type) {
  switch (type) {
    case 0x8664:
      return {llvm::ELF::EM_X86_64, true, true};
    case 0xaa64:
      return {llvm::ELF::EM_AARCH64, true, true};
    case 0x014c:
      return {llvm::ELF::EM_386, false, true};
    case 0x01c4:
      return {llvm::ELF::EM_ARM, false, true};
    default:
      return {};
  }
}

void ReadMachO(absl::string_view data, Object* object) {
  object->kind = ObjectKind::kMachO;
  object->what = "a Mach-O file";
  if (data.size() < 8) return;
  const uint32_t magic = read32le(data.data());
  const bool little = magic == llvm::MachO::MH_MAGIC || magic == llvm::MachO::MH_MAGIC_64;
  object->machine = FromCpuType(little ? read32le(data.data() + 4) : read32be(data.data() + 4));
}

// A universal file holds one Mach-O file for each architecture. `machine` is the first's; `what` names all.
void ReadUniversal(absl::string_view data, Object* object) {
  object->kind = ObjectKind::kMachO;
  const bool wide = read32be(data.data()) == llvm::MachO::FAT_MAGIC_64;
  const size_t entry_size = wide ? sizeof(llvm::MachO::fat_arch_64) : sizeof(llvm::MachO::fat_arch);
  std::vector<std::string> names;
  if (data.size() >= 8) {
    const uint64_t count = read32be(data.data() + 4);
    for (uint64_t i = 0; i < count && 8 + (i + 1) * entry_size <= data.size(); ++i) {
      const Machine machine = FromCpuType(read32be(data.data() + 8 + i * entry_size));
      if (names.empty()) object->machine = machine;
      names.push_back(machine.Name());
    }
  }
  object->what =
      absl::StrCat("a universal Mach-O file for ", names.empty() ? "no machine" : absl::StrJoin(names, ", "));
}

void ReadBitcode(absl::string_view data, Object* object) {
  object->kind = ObjectKind::kBitcode;
  object->what = "LLVM bitcode";
  // The wrapper (Apple's) has the CPU type in its fifth word; raw bitcode tells the machine only deep in its records.
  if (data.size() >= 20 && read32le(data.data()) == 0x0b17c0de) {
    object->machine = FromCpuType(read32le(data.data() + 16));
  }
  ReadBitcodeSymbols(data, object);
}

// Files that end up in place of a library, by how they begin. The first row that fits counts.
struct Signature {
  absl::string_view magic;
  absl::string_view what;
};
constexpr Signature kSignatures[] = {
    {"\x1f\x8b", "gzip-compressed data"},
    {"\xfd"
     "7zXZ",
     "xz-compressed data"},
    {"\x28\xb5\x2f\xfd", "zstd-compressed data"},
    {"BZh", "bzip2-compressed data"},
    {"PK\x03\x04", "a zip file"},
    {"<bigaf>\n", "an AIX archive"},
    {"version https://git-lfs.github.com/spec/", "a Git LFS pointer: the file itself was not fetched"},
    {"<!DOCTYPE", "an HTML page"},
    {"<!doctype", "an HTML page"},
    {"<html", "an HTML page"},
    {"#!", "a script"},
    {"go object ", "a Go object"},
    {"rust", "Rust metadata"},
};

bool LooksLikeText(absl::string_view data) {
  for (const char c : data.substr(0, 1024)) {
    const auto byte = static_cast<unsigned char>(c);
    const bool space = byte >= '\b' && byte <= '\r';
    if (byte < ' ' && !space && byte != '\x1b') return false;
    if (byte == 0x7f) return false;
  }
  return true;
}

std::string Describe(absl::string_view data) {
  if (data.empty()) return "empty";
  if (std::all_of(data.begin(), data.begin() + std::min<size_t>(data.size(), 4096), [](char c) { return c == 0; })) {
    return "nothing but zero bytes";
  }
  for (const Signature& signature : kSignatures) {
    if (absl::StartsWith(data, signature.magic)) return std::string(signature.what);
  }
  return LooksLikeText(data) ? "a text file" : "binary data of an unknown kind";
}

// People's names for the machines that Go or a C library supports; others by number.
struct MachineName {
  uint16_t e_machine;
  absl::string_view name64, name32;
};
constexpr MachineName kMachineNames[] = {
    {llvm::ELF::EM_X86_64, "x86-64", "x32"},
    {llvm::ELF::EM_386, "386", "386"},
    {llvm::ELF::EM_AARCH64, "AArch64", "AArch64 ILP32"},
    {llvm::ELF::EM_ARM, "ARM", "ARM"},
    {llvm::ELF::EM_RISCV, "RISC-V 64", "RISC-V 32"},
    {llvm::ELF::EM_PPC64, "PowerPC64", "PowerPC64"},
    {llvm::ELF::EM_PPC, "PowerPC", "PowerPC"},
    {llvm::ELF::EM_S390, "s390x", "s390"},
    {llvm::ELF::EM_MIPS, "MIPS64", "MIPS"},
    {llvm::ELF::EM_LOONGARCH, "LoongArch64", "LoongArch32"},
    {llvm::ELF::EM_SPARCV9, "SPARC64", "SPARC64"},
    {llvm::ELF::EM_SPARC, "SPARC", "SPARC"},
    {llvm::ELF::EM_BPF, "BPF", "BPF"},
};

}  // namespace

std::string Machine::Name() const {
  if (e_machine == llvm::ELF::EM_NONE) return "an unknown machine";
  for (const MachineName& row : kMachineNames) {
    if (row.e_machine != e_machine) continue;
    const std::string name(is64 ? row.name64 : row.name32);
    // Where both byte orders are in use, the one that Go's GOARCH marks (ppc64le, mipsle) or that is rare is said.
    switch (e_machine) {
      case llvm::ELF::EM_PPC64:
      case llvm::ELF::EM_MIPS:
        return little ? name + " little-endian" : name;
      case llvm::ELF::EM_AARCH64:
      case llvm::ELF::EM_ARM:
        return little ? name : name + " big-endian";
      default:
        return name;
    }
  }
  return absl::StrCat("machine ", e_machine);
}

absl::StatusOr<Object> ReadObject(absl::string_view data, const std::string& name) {
  Object object;
  if (absl::StartsWith(data, llvm::ELF::ElfMagic)) {
    if (data.size() < llvm::ELF::EI_NIDENT) return Malformed(name, "truncated ELF header");
    const auto file_class = static_cast<unsigned char>(data[llvm::ELF::EI_CLASS]);
    const auto encoding = static_cast<unsigned char>(data[llvm::ELF::EI_DATA]);
    object.machine.is64 = file_class == llvm::ELF::ELFCLASS64;
    object.machine.little = encoding == llvm::ELF::ELFDATA2LSB;
    if (!object.machine.is64 && file_class != llvm::ELF::ELFCLASS32) {
      return Malformed(name, absl::StrCat("ELF header: class ", file_class, " is neither 32 nor 64 bit"));
    }
    if (!object.machine.little && encoding != llvm::ELF::ELFDATA2MSB) {
      return Malformed(name, absl::StrCat("ELF header: byte order ", encoding, " is neither little nor big endian"));
    }
    absl::Status status;
    if (object.machine.is64) {
      status = object.machine.little ? ElfReader<llvm::object::ELF64LE>(name, &object).Read(data)
                                     : ElfReader<llvm::object::ELF64BE>(name, &object).Read(data);
    } else {
      status = object.machine.little ? ElfReader<llvm::object::ELF32LE>(name, &object).Read(data)
                                     : ElfReader<llvm::object::ELF32BE>(name, &object).Read(data);
    }
    if (!status.ok()) return status;
    return object;
  }
  switch (llvm::identify_magic(ToLlvm(data))) {
    case llvm::file_magic::bitcode:
      ReadBitcode(data, &object);
      break;
    case llvm::file_magic::macho_universal_binary:
      ReadUniversal(data, &object);
      break;
    case llvm::file_magic::macho_object:
    case llvm::file_magic::macho_executable:
    case llvm::file_magic::macho_fixed_virtual_memory_shared_lib:
    case llvm::file_magic::macho_core:
    case llvm::file_magic::macho_preload_executable:
    case llvm::file_magic::macho_dynamically_linked_shared_lib:
    case llvm::file_magic::macho_dynamic_linker:
    case llvm::file_magic::macho_bundle:
    case llvm::file_magic::macho_dynamically_linked_shared_lib_stub:
    case llvm::file_magic::macho_dsym_companion:
    case llvm::file_magic::macho_kext_bundle:
    case llvm::file_magic::macho_file_set:
      ReadMachO(data, &object);
      break;
    case llvm::file_magic::coff_object:
      // No machine at all is LLVM's weakest sign of COFF, and the usual one of something else, unless 0xffff follows:
      // an object of `cl /bigobj`, with the machine behind a version.
      if (read16le(data.data()) == 0 && read16le(data.data() + 2) != 0xffff) {
        object.what = Describe(data);
        break;
      }
      object.kind = ObjectKind::kCoff;
      object.what = "a COFF object";
      object.machine = FromCoffMachine(read16le(data.data()));
      if (read16le(data.data()) == 0 && data.size() >= 8) object.machine = FromCoffMachine(read16le(data.data() + 6));
      break;
    case llvm::file_magic::coff_import_library:
      object.kind = ObjectKind::kCoff;
      object.what = "an entry of a Windows import library";
      if (data.size() >= 8) object.machine = FromCoffMachine(read16le(data.data() + 6));
      break;
    case llvm::file_magic::pecoff_executable:
      object.kind = ObjectKind::kCoff;
      object.what = "a Windows program or DLL";
      break;
    case llvm::file_magic::wasm_object:
      object.what = "WebAssembly";
      break;
    case llvm::file_magic::tapi_file:
      object.what = "a text stub of an Apple library (.tbd)";
      break;
    case llvm::file_magic::xcoff_object_32:
    case llvm::file_magic::xcoff_object_64:
      object.what = "an AIX object";
      break;
    case llvm::file_magic::clang_ast:
      object.what = "a precompiled header or module of clang";
      break;
    case llvm::file_magic::archive:
      object.what = "an archive";
      break;
    default:
      object.what = Describe(data);
  }
  return object;
}

}  // namespace cgo_ld_shim::symbols
