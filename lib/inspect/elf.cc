// An ELF file's own facts, of either class and byte order.
//
// What the kernel and the dynamic loader read is believed first: program headers, the dynamic table, notes. Section
// headers serve for what only they tell (symbol names, .comment, Go's build information) and may be missing. Offsets
// and addresses are other people's numbers: each is checked against the file before it is followed. A part that says it
// lies outside the file is an error, because such a file is usually a download that was cut off.
#include <algorithm>
#include <cstring>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "fmt/format.h"
#include "inspect/read_parts.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Object/ELF.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Object/ELFTypes.h"
#include "llvm/Support/Endian.h"

namespace cgo_ld_shim::inspect {

using target::LibcFamily;

namespace {

namespace elf = llvm::ELF;

constexpr uint32_t kBuildIdNote = 3;
constexpr uint32_t kGoBuildIdNote = 4;
constexpr uint32_t kPackageNote =
    0xcafe1a7e;  // https://uapi-group.org/specifications/specs/package_metadata_for_executable_files

absl::Status Damaged(absl::string_view what) { return absl::DataLossError(what); }
absl::Status Damaged(absl::string_view part, llvm::Error error) {
  return absl::DataLossError(absl::StrCat(part, ": ", llvm::toString(std::move(error))));
}

// "2.36" as numbers, so that 2.9 is older than 2.36.
std::vector<int> VersionNumbers(absl::string_view version) {
  std::vector<int> numbers;
  for (absl::string_view part : absl::StrSplit(version, '.')) {
    int number = 0;
    if (!absl::SimpleAtoi(part, &number)) return {};
    numbers.push_back(number);
  }
  return numbers;
}

template <class ELFT>
class ElfFacts {
 public:
  ElfFacts(absl::string_view bytes, BinaryFacts* facts) : bytes_(bytes), facts_(*facts) {}

  absl::Status Read() {
    llvm::Expected<File> file = File::create(llvm::StringRef(bytes_.data(), bytes_.size()));
    if (!file) return Damaged("ELF header", file.takeError());
    file_.emplace(*file);
    ReadHeader();
    if (absl::Status status = ReadSegments(); !status.ok()) return status;
    if (absl::Status status = ReadSections(); !status.ok()) return status;
    if (absl::Status status = ReadDynamic(); !status.ok()) return status;
    ReadNotes();
    facts_.type = Type();
    ReadSectionContents();
    if (absl::Status status = ReadSymbols(); !status.ok()) return status;
    facts_.relro = Relro();
    NameLibc();
    marks_.Conclude(&facts_);
    if (facts_.go.present && !facts_.externally_linked && facts_.IsStatic()) facts_.libc = {};
    return absl::OkStatus();
  }

 private:
  using File = llvm::object::ELFFile<ELFT>;
  using Segment = typename ELFT::Phdr;
  using Section = typename ELFT::Shdr;
  static constexpr llvm::endianness kEndian = ELFT::Endianness;

  static uint32_t Read32(const char* at) { return llvm::support::endian::read32<kEndian>(at); }
  static uint16_t Read16(const char* at) { return llvm::support::endian::read16<kEndian>(at); }

  void ReadHeader() {
    const auto& header = file_->getHeader();
    facts_.format = "elf";
    facts_.bits = ELFT::Is64Bits ? 64 : 32;
    facts_.big_endian = kEndian == llvm::endianness::big;
    facts_.architecture = ArchitectureName(header.e_machine);
    switch (header.e_ident[elf::EI_OSABI]) {
      case elf::ELFOSABI_FREEBSD:
        facts_.system = "freebsd";
        break;
      case elf::ELFOSABI_NETBSD:
        facts_.system = "netbsd";
        break;
      case elf::ELFOSABI_OPENBSD:
        facts_.system = "openbsd";
        break;
      case elf::ELFOSABI_SOLARIS:
        facts_.system = "solaris";
        break;
      case elf::ELFOSABI_GNU:
        facts_.system = "linux";
        break;
      default:
        break;  // System V: Linux uses it, and not alone
    }
  }

  static std::string ArchitectureName(uint16_t machine) {
    switch (machine) {
      case elf::EM_386:
        return "i386";
      case elf::EM_X86_64:
        return "x86_64";
      case elf::EM_ARM:
        return "arm";
      case elf::EM_AARCH64:
        return "aarch64";
      case elf::EM_RISCV:
        return ELFT::Is64Bits ? "riscv64" : "riscv32";
      case elf::EM_LOONGARCH:
        return ELFT::Is64Bits ? "loongarch64" : "loongarch32";
      case elf::EM_PPC64:
        return kEndian == llvm::endianness::little ? "powerpc64le" : "powerpc64";
      case elf::EM_PPC:
        return "powerpc";
      case elf::EM_S390:
        return "s390x";
      case elf::EM_MIPS: {
        const char* name = ELFT::Is64Bits ? "mips64" : "mips";
        return absl::StrCat(name, kEndian == llvm::endianness::little ? "el" : "");
      }
      case elf::EM_SPARCV9:
        return "sparc64";
      default:
        return absl::StrCat("machine ", machine);
    }
  }

  // The bytes of the file that are mapped from an address on, to the end of their segment (or section, where no segment
  // has it); nullopt: none.
  std::optional<absl::string_view> AtAddress(uint64_t address) const {
    for (const Segment& segment : segments_) {
      if (segment.p_type != elf::PT_LOAD || address < segment.p_vaddr) continue;
      const uint64_t within = address - segment.p_vaddr;
      if (within < segment.p_filesz) {
        return bytes_.substr(static_cast<size_t>(segment.p_offset + within),
                             static_cast<size_t>(segment.p_filesz - within));
      }
    }
    for (const Section& section : sections_) {
      if (section.sh_addr == 0 || address < section.sh_addr || address - section.sh_addr >= section.sh_size) continue;
      if (const auto content = Content(section)) return content->substr(static_cast<size_t>(address - section.sh_addr));
    }
    return std::nullopt;
  }

  bool InFile(uint64_t offset, uint64_t size) const {
    return offset <= bytes_.size() && size <= bytes_.size() - offset;
  }
  absl::string_view Bytes(const Segment& segment) const {
    if (segment.p_filesz == 0) return "";
    return bytes_.substr(static_cast<size_t>(segment.p_offset), static_cast<size_t>(segment.p_filesz));
  }

  absl::Status ReadSegments() {
    auto headers = file_->program_headers();
    if (!headers) return Damaged("program headers", headers.takeError());
    segments_ = *headers;
    for (size_t i = 0; i < segments_.size(); ++i) {
      const Segment& segment = segments_[i];
      // A segment without content in the file may say any place: .tbss, GNU_STACK.
      if (segment.p_filesz != 0 && !InFile(segment.p_offset, segment.p_filesz)) {
        return Damaged(fmt::format("segment {} lies beyond the file's end ({} bytes from {} on, of {})", i,
                                   static_cast<uint64_t>(segment.p_filesz), static_cast<uint64_t>(segment.p_offset),
                                   bytes_.size()));
      }
      const bool writable = (segment.p_flags & elf::PF_W) != 0, executable = (segment.p_flags & elf::PF_X) != 0;
      switch (segment.p_type) {
        case elf::PT_INTERP: {
          const absl::string_view text = Bytes(segment);
          facts_.interpreter = std::string(text.substr(0, text.find('\0')));
          has_interpreter_ = true;
          break;
        }
        case elf::PT_DYNAMIC:
          dynamic_ = Bytes(segment);
          break;
        case elf::PT_GNU_RELRO:
          relro_begin_ = segment.p_vaddr;
          relro_end_ = segment.p_vaddr + segment.p_memsz;
          break;
        case elf::PT_GNU_STACK:
          facts_.stack = executable ? "executable" : "not executable";
          facts_.thread_stack_bytes = segment.p_memsz;
          break;
        case elf::PT_LOAD:
          if (writable && executable) {
            facts_.writable_code.push_back(fmt::format("{:#x} ({} bytes)", static_cast<uint64_t>(segment.p_vaddr),
                                                       static_cast<uint64_t>(segment.p_memsz)));
          }
          break;
        default:
          break;
      }
    }
    if (facts_.stack.empty() && IsLinked()) facts_.stack = "not stated";
    return absl::OkStatus();
  }

  bool IsLinked() const {
    const uint16_t type = file_->getHeader().e_type;
    return type == elf::ET_EXEC || type == elf::ET_DYN;
  }

  absl::Status ReadSections() {
    if (file_->getHeader().e_shoff == 0) return absl::OkStatus();
    auto sections = file_->sections();
    if (!sections) return Damaged("section headers", sections.takeError());
    sections_ = *sections;
    auto names = file_->getSectionStringTable(sections_, IgnoreWarning);
    if (!names) {
      // Names are a convenience: without them the rest can still be told.
      llvm::consumeError(names.takeError());
      return absl::OkStatus();
    }
    section_names_ = *names;
    return absl::OkStatus();
  }

  static llvm::Error IgnoreWarning(const llvm::Twine&) { return llvm::Error::success(); }

  absl::string_view NameOf(const Section& section) const { return StringAt(View(section_names_), section.sh_name); }
  static absl::string_view View(llvm::StringRef text) { return absl::string_view(text.data(), text.size()); }
  // The string at an offset of a string table; empty where there is none.
  static absl::string_view StringAt(absl::string_view table, uint64_t offset) {
    if (offset >= table.size()) return "";
    const absl::string_view rest = table.substr(static_cast<size_t>(offset));
    const size_t end = rest.find('\0');
    return end == absl::string_view::npos ? "" : rest.substr(0, end);
  }

  // A section's bytes; nullopt for one without content, or with a place that is not in the file.
  std::optional<absl::string_view> Content(const Section& section) const {
    if (section.sh_type == elf::SHT_NOBITS || !InFile(section.sh_offset, section.sh_size)) return std::nullopt;
    return bytes_.substr(static_cast<size_t>(section.sh_offset), static_cast<size_t>(section.sh_size));
  }

  absl::Status ReadDynamic() {
    if (segments_.empty()) {
      for (const Section& section : sections_) {
        if (section.sh_type == elf::SHT_DYNAMIC) dynamic_ = Content(section).value_or("");
      }
    }
    if (dynamic_.empty()) return absl::OkStatus();
    uint64_t string_address = 0, flags = 0, flags1 = 0, version_address = 0, version_count = 0;
    std::vector<uint64_t> needed, paths;
    bool bind_now = false;
    constexpr size_t kEntry = sizeof(typename ELFT::Dyn);
    for (absl::string_view rest = dynamic_; rest.size() >= kEntry; rest.remove_prefix(kEntry)) {
      typename ELFT::Dyn entry;
      std::memcpy(&entry, rest.data(), kEntry);
      const uint64_t value = entry.getVal();
      const int64_t tag = entry.getTag();
      if (tag == elf::DT_NULL) break;
      if (tag == elf::DT_NEEDED) needed.push_back(value);
      if (tag == elf::DT_RPATH || tag == elf::DT_RUNPATH) paths.push_back(value);
      if (tag == elf::DT_STRTAB) string_address = value;
      if (tag == elf::DT_FLAGS) flags = value;
      if (tag == elf::DT_FLAGS_1) flags1 = value;
      if (tag == elf::DT_TEXTREL) facts_.text_relocations = true;
      if (tag == elf::DT_BIND_NOW) bind_now = true;
      if (tag == elf::DT_SONAME) has_soname_ = true;
      if (tag == elf::DT_VERNEED) version_address = value;
      if (tag == elf::DT_VERNEEDNUM) version_count = value;
    }
    facts_.text_relocations |= (flags & elf::DF_TEXTREL) != 0;
    bind_now_ = bind_now || (flags & elf::DF_BIND_NOW) != 0 || (flags1 & elf::DF_1_NOW) != 0;
    says_pie_ = (flags1 & elf::DF_1_PIE) != 0;
    std::optional<absl::string_view> strings = AtAddress(string_address);
    for (const Section& section : sections_) {
      if (!strings && section.sh_type == elf::SHT_DYNAMIC && section.sh_link < sections_.size())
        strings = Content(sections_[section.sh_link]);
    }
    if (!strings && (!needed.empty() || !paths.empty())) return Damaged("the dynamic string table lies outside of it");
    for (const uint64_t offset : needed) facts_.needed.emplace_back(StringAt(*strings, offset));
    for (const uint64_t offset : paths) {
      for (absl::string_view path : absl::StrSplit(StringAt(*strings, offset), ':', absl::SkipEmpty()))
        facts_.run_paths.emplace_back(path);
    }
    if (version_count > 0 && strings) ReadNeededVersions(version_address, version_count, *strings);
    return absl::OkStatus();
  }

  // The newest GLIBC_x.y that a shared library's version table asks for is the oldest glibc that will do.
  void ReadNeededVersions(uint64_t address, uint64_t count, absl::string_view strings) {
    const std::optional<absl::string_view> table = AtAddress(address);
    if (!table) return;
    std::vector<int> newest;
    uint64_t at = 0;
    // Elf_Verneed: version, cnt (16 bits each), file, aux, next (32 bits each). Elf_Vernaux: hash (32), flags, other
    // (16 each), name, next (32 each). The same in both classes.
    constexpr size_t kNeed = 16, kAux = 16;
    for (uint64_t i = 0; i < count; ++i) {
      if (at > table->size() || table->size() - at < kNeed) return;
      const char* need = table->data() + at;
      uint64_t aux = at + Read32(need + 8);
      for (uint16_t left = Read16(need + 2); left > 0; --left) {
        if (aux > table->size() || table->size() - aux < kAux) return;
        const char* entry = table->data() + aux;
        absl::string_view name = StringAt(strings, Read32(entry + 8));
        if (absl::StartsWith(name, "GLIBC_")) {
          const std::vector<int> numbers = VersionNumbers(name.substr(6));
          if (numbers > newest) {
            newest = numbers;
            facts_.libc.version = std::string(name.substr(6));
            facts_.libc_version_is_least = true;
          }
        }
        const uint32_t next = Read32(entry + 12);
        if (next == 0) break;
        aux += next;
      }
      const uint32_t next = Read32(need + 12);
      if (next == 0) return;
      at += next;
    }
  }

  void ReadNotes() {
    bool any = false;
    for (const Segment& segment : segments_) {
      if (segment.p_type != elf::PT_NOTE || segment.p_filesz == 0) continue;
      ReadNotesIn(Bytes(segment), segment.p_align);
      any = true;
    }
    if (any) return;
    for (const Section& section : sections_) {
      if (section.sh_type != elf::SHT_NOTE) continue;
      if (const auto content = Content(section)) ReadNotesIn(*content, section.sh_addralign);
    }
  }

  // gABI: three words, the owner's name and the content, each of the two filled up to the alignment.
  void ReadNotesIn(absl::string_view notes, uint64_t alignment) {
    const uint64_t align = alignment == 8 ? 8 : 4;
    constexpr size_t kHeader = 12;
    const auto up = [align](uint64_t size) { return (size + align - 1) / align * align; };
    while (notes.size() >= kHeader) {
      const uint64_t name_size = Read32(notes.data()), content_size = Read32(notes.data() + 4);
      const uint32_t type = Read32(notes.data() + 8);
      // The name begins right after the header; what is aligned is where the content begins.
      const uint64_t content_at = up(kHeader + name_size);
      if (content_at > notes.size() || content_size > notes.size() - content_at) return;
      absl::string_view owner = notes.substr(kHeader, static_cast<size_t>(name_size));
      owner = owner.substr(0, owner.find('\0'));
      ReadNote(owner, type, notes.substr(static_cast<size_t>(content_at), static_cast<size_t>(content_size)));
      const uint64_t end = up(content_at + content_size);
      if (end >= notes.size()) return;
      notes.remove_prefix(static_cast<size_t>(end));
    }
  }

  void ReadNote(absl::string_view owner, uint32_t type, absl::string_view content) {
    marks_.Note(owner, type, content);
    if (owner == "GNU" && type == kBuildIdNote) {
      facts_.build_id = absl::BytesToHexString(content);
    } else if (owner == "GNU" && type == 1 && content.size() >= 4) {
      has_abi_tag_ = true;
      if (Read32(content.data()) == 0 && facts_.system.empty()) facts_.system = "linux";
    } else if (owner == "Go" && type == kGoBuildIdNote) {
      facts_.go.build_id = std::string(content);
    } else if (owner == "FDO" && type == kPackageNote) {
      facts_.package_note = std::string(content.substr(0, content.find('\0')));
    } else if (owner == "OpenBSD" || owner == "NetBSD" || owner == "FreeBSD") {
      facts_.system = absl::AsciiStrToLower(owner);
    }
  }

  std::string Type() const {
    const bool dynamic = has_interpreter_ || !facts_.needed.empty();
    switch (file_->getHeader().e_type) {
      case elf::ET_REL:
        return "object";
      case elf::ET_CORE:
        return "core";
      case elf::ET_EXEC:
        return dynamic ? "dynamic" : "static";
      case elf::ET_DYN:
        // A shared library may name a loader as well (libc.so.6 can be run), but then it has a name.
        if (says_pie_ || (has_interpreter_ && !has_soname_)) return dynamic ? "dynamic-pie" : "static-pie";
        return "shared";
      default:
        return "other";
    }
  }

  void ReadSectionContents() {
    bool comment = false, constructors = false, go_sections = false;
    for (const Section& section : sections_) {
      const absl::string_view name = NameOf(section);
      const std::optional<absl::string_view> content = Content(section);
      if (!content) continue;
      if (name == ".comment") {
        for (absl::string_view text : absl::StrSplit(*content, '\0', absl::SkipEmpty())) AddCompiler(text);
        comment = true;
      }
      constructors |= name == ".init_array" || name == ".eh_frame";
      if (name == ".gopclntab" || name == ".data.rel.ro.gopclntab") {
        ReadGoFunctions(*content, &facts_.go);
        go_sections = true;
      }
      if (name == ".go.buildinfo") ReadGoBuildInfo(*content, &facts_.go);
      const bool constant = (section.sh_flags & elf::SHF_ALLOC) != 0 && (section.sh_flags & elf::SHF_WRITE) == 0 &&
                            (section.sh_flags & elf::SHF_EXECINSTR) == 0 && section.sh_type == elf::SHT_PROGBITS;
      if (constant && !absl::StrContains(name, "gopclntab") && name != ".eh_frame") marks_.Data(*content);
    }
    facts_.go.present |= go_sections || !facts_.go.build_id.empty();
    if (sections_.empty()) {
      for (const Segment& segment : segments_) {
        if (segment.p_type != elf::PT_LOAD || segment.p_filesz == 0) continue;
        if ((segment.p_flags & elf::PF_W) != 0 && !facts_.go.present) ReadGoBuildInfo(Bytes(segment), &facts_.go);
        marks_.Data(Bytes(segment));
      }
    }
    std::sort(facts_.compilers.begin(), facts_.compilers.end());
    facts_.compilers.erase(std::unique(facts_.compilers.begin(), facts_.compilers.end()), facts_.compilers.end());
    // Go's own linker writes none of these, but for a dynamic program's .init_array in a shared library.
    facts_.externally_linked = comment || has_abi_tag_ || (constructors && facts_.IsStatic());
    if (facts_.type == "shared" && facts_.go.present) {
      const std::string mode = facts_.go.Setting("-buildmode");
      if (mode == "plugin" || mode == "c-shared") facts_.type = mode;
    }
    if (const std::string os = facts_.go.Setting("GOOS"); !os.empty()) facts_.system = os;
    if (facts_.system.empty() && IsLinked() && absl::StartsWith(facts_.interpreter, "/lib")) facts_.system = "linux";
  }

  void AddCompiler(absl::string_view text) {
    // The fingerprint that the shim puts into Go's objects is no compiler.
    if (absl::StartsWith(text, "cgo-ld-shim")) {
      facts_.compiled_by_us = true;
    } else {
      facts_.compilers.emplace_back(text);
    }
  }

  absl::Status ReadSymbols() {
    facts_.stripped = true;
    for (const Section& section : sections_) {
      const bool dynamic = section.sh_type == elf::SHT_DYNSYM;
      if (section.sh_type != elf::SHT_SYMTAB && !dynamic) continue;
      if (!dynamic) facts_.stripped = false;
      auto symbols = file_->symbols(&section);
      if (!symbols) return Damaged("symbol table", symbols.takeError());
      if (section.sh_link >= sections_.size()) return Damaged("the symbol table names no string table");
      const std::optional<absl::string_view> names = Content(sections_[section.sh_link]);
      if (!names) return Damaged("the symbols' names lie outside of it");
      for (const auto& symbol : *symbols) {
        // In the dynamic table a program's needs count; a shared library's own definitions are no use of them.
        if (dynamic != (symbol.st_shndx == elf::SHN_UNDEF)) continue;
        marks_.Symbol(StringAt(*names, symbol.st_name));
      }
    }
    return absl::OkStatus();
  }

  // Full: what the program is bound by cannot be written once it runs.
  std::string Relro() const {
    if (!IsLinked()) return "";
    if (relro_end_ == relro_begin_) return "none";
    if (!dynamic_.empty() && !facts_.IsStatic()) return bind_now_ ? "full" : "partial";
    // Without a loader everything is bound at the start; what matters is whether the table stays writable.
    for (const Section& section : sections_) {
      if (NameOf(section) != ".got.plt" && NameOf(section) != ".got") continue;
      if (section.sh_size > 0 && (section.sh_addr < relro_begin_ || section.sh_addr >= relro_end_)) return "partial";
    }
    return sections_.empty() ? "partial" : "full";
  }

  void NameLibc() {
    const auto needs = [this](absl::string_view prefix) {
      return std::any_of(facts_.needed.begin(), facts_.needed.end(),
                         [&](const std::string& name) { return absl::StartsWith(name, prefix); });
    };
    if (needs("libstdc++.so")) facts_.cxx_runtime = "libstdc++";
    if (needs("libc++.so") || needs("libc++abi.so")) facts_.cxx_runtime = "libc++";
    if (needs("libc.musl-") || absl::StartsWith(facts_.interpreter, "/lib/ld-musl-")) {
      facts_.libc = {.family = LibcFamily::kMusl};
      facts_.libc_version_is_least = false;
    } else if (absl::StartsWith(facts_.interpreter, "/system/bin/linker")) {
      facts_.libc.family = LibcFamily::kBionic;
      facts_.system = "android";
    } else if (needs("libc.so.6") || facts_.libc_version_is_least ||
               absl::StrContains(facts_.interpreter, "/ld-linux") ||
               absl::StrContains(facts_.interpreter, "/ld64.so")) {
      facts_.libc.family = LibcFamily::kGlibc;
    }
    if (facts_.libc.IsGlibc() || facts_.libc.IsMusl()) {
      if (facts_.system.empty()) facts_.system = "linux";
    }
  }

  absl::string_view bytes_;
  BinaryFacts& facts_;
  std::optional<File> file_;
  llvm::ArrayRef<Segment> segments_;
  llvm::ArrayRef<Section> sections_;
  llvm::StringRef section_names_;
  absl::string_view dynamic_;
  bool has_interpreter_ = false, has_soname_ = false, says_pie_ = false, bind_now_ = false, has_abi_tag_ = false;
  uint64_t relro_begin_ = 0, relro_end_ = 0;
  RuntimeMarks marks_;
};

}  // namespace

absl::Status ReadElf(absl::string_view bytes, BinaryFacts* facts) {
  if (bytes.size() < elf::EI_NIDENT) return Damaged("it ends within its header");
  const bool little = bytes[elf::EI_DATA] == elf::ELFDATA2LSB;
  if (!little && bytes[elf::EI_DATA] != elf::ELFDATA2MSB) return Damaged("its byte order is neither of the two");
  switch (bytes[elf::EI_CLASS]) {
    case elf::ELFCLASS32:
      return little ? ElfFacts<llvm::object::ELF32LE>(bytes, facts).Read()
                    : ElfFacts<llvm::object::ELF32BE>(bytes, facts).Read();
    case elf::ELFCLASS64:
      return little ? ElfFacts<llvm::object::ELF64LE>(bytes, facts).Read()
                    : ElfFacts<llvm::object::ELF64BE>(bytes, facts).Read();
    default:
      return Damaged("its class is neither 32 nor 64 bit");
  }
}

}  // namespace cgo_ld_shim::inspect
