// Sections, relocations and texts of one object.
//
// Position independence: a relocation that writes less than an address (R_X86_64_32), or one into code or read-only
// data (R_X86_64_64 in .rodata), needs an address that the linker knows. lld and GNU ld refuse it in a program or
// library that is loaded anywhere, or write DT_TEXTREL. (System V psABI of each machine.)
#include "lint/member_facts.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Object/Decompressor.h"
#include "llvm/Object/ELF.h"
#include "llvm/Object/ELFTypes.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/Error.h"

namespace cgo_ld_shim::lint {
namespace {

namespace elf = llvm::ELF;

bool IsDebug(absl::string_view name) {
  for (absl::string_view prefix : {".debug_", ".zdebug_", ".rela.debug_", ".rel.debug_", ".gnu.debuglto_"}) {
    if (absl::StartsWith(name, prefix)) return true;
  }
  return false;
}

// Relocations that write an absolute address: into less than a pointer, and into one.
struct AbsoluteRow {
  uint16_t machine;
  uint32_t narrow[4];  // 0: none
  uint32_t wide;
};
constexpr AbsoluteRow kAbsolute[] = {
    {elf::EM_X86_64, {elf::R_X86_64_32, elf::R_X86_64_32S, elf::R_X86_64_16, 0}, elf::R_X86_64_64},
    {elf::EM_386, {elf::R_386_16, elf::R_386_8, 0, 0}, elf::R_386_32},
    {elf::EM_AARCH64,
     {elf::R_AARCH64_ABS32, elf::R_AARCH64_ABS16, elf::R_AARCH64_MOVW_UABS_G0, elf::R_AARCH64_MOVW_UABS_G0_NC},
     elf::R_AARCH64_ABS64},
    {elf::EM_RISCV, {elf::R_RISCV_HI20, 0, 0, 0}, elf::R_RISCV_64},
};

// The property notes of x86 (psABI, "Program Property"): a list of type, size, data, each filled up to a pointer's
// size.
int CpuLevel(absl::string_view notes, size_t alignment) {
  constexpr uint32_t kProperties = 5, kIsaNeeded = 0xc0008002;
  const auto word = [](absl::string_view bytes, size_t at) {
    return llvm::support::endian::read32le(bytes.data() + at);
  };
  int level = 0;
  while (notes.size() >= 16) {
    const uint32_t owner = word(notes, 0), size = word(notes, 4), type = word(notes, 8);
    const size_t begin = 12 + (size_t{owner} + 3) / 4 * 4;
    if (begin > notes.size() || size > notes.size() - begin) break;
    absl::string_view list = notes.substr(begin, size);
    while (type == kProperties && list.size() >= 12) {
      const uint32_t property = word(list, 0), length = word(list, 4);
      if (property == kIsaNeeded && length >= 4) {
        const uint32_t bits = word(list, 8);
        for (int i = 0; i < 4; ++i) {
          if ((bits & (1U << i)) != 0) level = std::max(level, i + 1);
        }
      }
      const size_t step = 8 + (size_t{length} + alignment - 1) / alignment * alignment;
      if (step > list.size()) break;
      list.remove_prefix(step);
    }
    const size_t step = begin + (size_t{size} + alignment - 1) / alignment * alignment;
    if (step > notes.size()) break;
    notes.remove_prefix(step);
  }
  return level;
}

bool IsPathByte(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || absl::StrContains("/._-+@~,=", c);
}

bool IsSourceFile(absl::string_view path) {
  static constexpr absl::string_view kEndings[] = {".c",   ".cc", ".cpp", ".cxx", ".h", ".hh",
                                                   ".hpp", ".rs", ".S",   ".s",   ".m", ".zig"};
  return std::any_of(std::begin(kEndings), std::end(kEndings),
                     [&](absl::string_view ending) { return absl::EndsWith(path, ending); });
}

// __FILE__ and the places of Rust's panics: paths of source files anywhere in data, in Rust without a NUL between them,
// so that the next text may begin where the ending ends.
void FindSourcePaths(absl::string_view data, std::vector<std::string>* paths) {
  size_t at = 0;
  while ((at = data.find('/', at)) != absl::string_view::npos) {
    size_t end = at;
    while (end < data.size() && IsPathByte(data[end])) ++end;
    const bool begins = at == 0 || !IsPathByte(data[at - 1]);
    absl::string_view path = data.substr(at, end - at);
    // "/a/lib.rsNext": what ends in the first ending.
    if (const size_t rust = path.find(".rs"); rust != absl::string_view::npos) path = path.substr(0, rust + 3);
    if (begins && IsSourceFile(path) && IsBuildPath(path)) paths->emplace_back(path);
    at = std::max(end, at + 1);
  }
}

// The strings of DWARF: directories and files, each with a NUL behind it.
void FindDebugPaths(absl::string_view strings, std::vector<std::string>* paths) {
  for (absl::string_view text : absl::StrSplit(strings, '\0')) {
    if (IsBuildPath(text) && std::all_of(text.begin(), text.end(), [](char c) { return IsPathByte(c) || c == ' '; }))
      paths->emplace_back(text);
  }
}

// What can be read of a damaged object is told. LLVM's general reader ends the process at some damage; ELFFile has an
// error for each.
template <class ELFT>
class Reader {
 public:
  MemberFacts Read(absl::string_view data) {
    auto file = llvm::object::ELFFile<ELFT>::create(llvm::StringRef(data.data(), data.size()));
    if (!file) return Ignored(file.takeError());
    auto sections = file->sections();
    if (!sections) return Ignored(sections.takeError());
    sections_ = *sections;
    for (const auto& section : sections_) Section(*file, section);
    return std::move(facts_);
  }

 private:
  using File = llvm::object::ELFFile<ELFT>;
  using Shdr = typename ELFT::Shdr;

  MemberFacts Ignored(llvm::Error error) {
    llvm::consumeError(std::move(error));
    return std::move(facts_);
  }

  void Section(const File& file, const Shdr& section) {
    llvm::Expected<llvm::StringRef> found = file.getSectionName(section);
    if (!found) return llvm::consumeError(found.takeError());
    const absl::string_view name(found->data(), found->size());
    if (IsDebug(name)) facts_.debug_bytes += section.sh_size;
    if (section.sh_type == elf::SHT_REL) {
      Relocations(file, section, file.rels(section));
    } else if (section.sh_type == elf::SHT_RELA) {
      Relocations(file, section, file.relas(section));
    } else if (section.sh_type == elf::SHT_SYMTAB) {
      auto symbols = file.symbols(&section);
      if (!symbols) return llvm::consumeError(symbols.takeError());
      for (const auto& symbol : *symbols) facts_.ifunc |= symbol.getType() == elf::STT_GNU_IFUNC;
    } else if (name == ".note.gnu.property") {
      facts_.cpu_level = std::max(facts_.cpu_level, CpuLevel(Content(file, section), ELFT::Is64Bits ? 8 : 4));
    } else if (name == ".debug_str" || name == ".debug_line_str") {
      FindDebugPaths(Content(file, section), &facts_.build_paths);
    } else if (absl::StartsWith(name, ".rodata") || absl::StartsWith(name, ".data.rel.ro")) {
      FindSourcePaths(Content(file, section), &facts_.build_paths);
    }
  }

  // Its bytes, decompressed where they are compressed: then `space_` holds them.
  absl::string_view Content(const File& file, const Shdr& section) {
    if (section.sh_type == elf::SHT_NOBITS) return "";
    auto content = file.getSectionContents(section);
    if (!content) {
      llvm::consumeError(content.takeError());
      return "";
    }
    const llvm::StringRef bytes(reinterpret_cast<const char*>(content->data()), content->size());
    if ((section.sh_flags & elf::SHF_COMPRESSED) == 0) return {bytes.data(), bytes.size()};
    llvm::Expected<llvm::object::Decompressor> decompressor =
        llvm::object::Decompressor::create("", bytes, ELFT::Endianness == llvm::endianness::little, ELFT::Is64Bits);
    if (!decompressor) {
      llvm::consumeError(decompressor.takeError());
      return "";
    }
    // A damaged size is no reason to ask for all memory.
    constexpr uint64_t kMost = uint64_t{1} << 30;
    if (decompressor->getDecompressedSize() > kMost) return "";
    if (llvm::Error error = decompressor->resizeAndDecompress(space_)) {
      llvm::consumeError(std::move(error));
      return "";
    }
    return {reinterpret_cast<const char*>(space_.data()), space_.size()};
  }

  template <class Table>
  void Relocations(const File& file, const Shdr& table, Table relocations) {
    if (!relocations) return llvm::consumeError(relocations.takeError());
    if (facts_.not_pic || table.sh_info >= sections_.size()) return;
    const auto& of = sections_[table.sh_info];
    if ((of.sh_flags & elf::SHF_ALLOC) == 0) return;
    const auto* row = std::find_if(std::begin(kAbsolute), std::end(kAbsolute),
                                   [&](const AbsoluteRow& r) { return r.machine == file.getHeader().e_machine; });
    if (row == std::end(kAbsolute)) return;
    const bool writable = (of.sh_flags & elf::SHF_WRITE) != 0;
    for (const auto& relocation : *relocations) {
      const uint32_t type = relocation.getType(/*isMips64EL=*/false);
      const bool narrow = std::any_of(std::begin(row->narrow), std::end(row->narrow),
                                      [type](uint32_t other) { return other != 0 && other == type; });
      // Without a symbol it is a number, and no address.
      if ((narrow || (type == row->wide && !writable)) && relocation.getSymbol(/*isMips64EL=*/false) != 0)
        facts_.not_pic = true;
    }
  }

  MemberFacts facts_;
  typename ELFT::ShdrRange sections_;
  llvm::SmallVector<uint8_t, 0> space_;
};

}  // namespace

bool IsBuildPath(absl::string_view path) {
  // What every machine of a system has, and what builds for everybody: rustc's remapped sources, stores of packages.
  static constexpr absl::string_view kCommon[] = {
      "/usr/",   "/lib/",       "/lib32/",    "/lib64/", "/etc/", "/proc/",   "/sys/",     "/dev/",         "/run/",
      "/rustc/", "/rust/deps/", "/checkout/", "/nix/",   "/gnu/", "/System/", "/Library/", "/Applications/"};
  if (path.size() < 3 || path[0] != '/' || path[1] == '/' || path.find('/', 1) == absl::string_view::npos) return false;
  if (absl::StartsWith(path, "/usr/src/") || absl::StartsWith(path, "/usr/local/src/")) return true;
  return std::none_of(std::begin(kCommon), std::end(kCommon),
                      [&](absl::string_view common) { return absl::StartsWith(path, common); });
}

MemberFacts ReadMember(absl::string_view data) {
  const auto [width, order] = llvm::object::getElfArchType(llvm::StringRef(data.data(), data.size()));
  const bool little = order == elf::ELFDATA2LSB;
  if (width == elf::ELFCLASS64)
    return little ? Reader<llvm::object::ELF64LE>().Read(data) : Reader<llvm::object::ELF64BE>().Read(data);
  if (width == elf::ELFCLASS32)
    return little ? Reader<llvm::object::ELF32LE>().Read(data) : Reader<llvm::object::ELF32BE>().Read(data);
  return {};
}

}  // namespace cgo_ld_shim::lint
