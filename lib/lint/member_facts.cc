// Sections, relocations and texts of one object.
//
// Position independence: a relocation that writes less than an address (R_X86_64_32), or one into code or read-only
// data (R_X86_64_64 in .rodata), needs an address that the linker knows. lld and GNU ld refuse it in a program or
// library that is loaded anywhere, or write DT_TEXTREL. (System V psABI of each machine.)
#include "lint/member_facts.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Object/Decompressor.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"

namespace cgo_ld_shim::lint {
namespace {

using llvm::object::ELFObjectFileBase;
using llvm::object::ELFSectionRef;

absl::string_view NameOf(const llvm::object::SectionRef& section) {
  llvm::Expected<llvm::StringRef> name = section.getName();
  if (name) return {name->data(), name->size()};
  llvm::consumeError(name.takeError());
  return "";
}

// Its bytes, decompressed where they are compressed: then `*space` holds them.
absl::string_view ContentOf(const ELFObjectFileBase& file, const ELFSectionRef& section,
                            llvm::SmallVectorImpl<uint8_t>* space) {
  llvm::Expected<llvm::StringRef> content = section.getContents();
  if (!content) {
    llvm::consumeError(content.takeError());
    return "";
  }
  if ((section.getFlags() & llvm::ELF::SHF_COMPRESSED) == 0) return {content->data(), content->size()};
  llvm::Expected<llvm::object::Decompressor> decompressor =
      llvm::object::Decompressor::create("", *content, file.isLittleEndian(), file.getBytesInAddress() == 8);
  if (!decompressor) {
    llvm::consumeError(decompressor.takeError());
    return "";
  }
  if (llvm::Error error = decompressor->resizeAndDecompress(*space)) {
    llvm::consumeError(std::move(error));
    return "";
  }
  return {reinterpret_cast<const char*>(space->data()), space->size()};
}

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
    {llvm::ELF::EM_X86_64,
     {llvm::ELF::R_X86_64_32, llvm::ELF::R_X86_64_32S, llvm::ELF::R_X86_64_16, 0},
     llvm::ELF::R_X86_64_64},
    {llvm::ELF::EM_386, {llvm::ELF::R_386_16, llvm::ELF::R_386_8, 0, 0}, llvm::ELF::R_386_32},
    {llvm::ELF::EM_AARCH64,
     {llvm::ELF::R_AARCH64_ABS32, llvm::ELF::R_AARCH64_ABS16, llvm::ELF::R_AARCH64_MOVW_UABS_G0,
      llvm::ELF::R_AARCH64_MOVW_UABS_G0_NC},
     llvm::ELF::R_AARCH64_ABS64},
    {llvm::ELF::EM_RISCV, {llvm::ELF::R_RISCV_HI20, 0, 0, 0}, llvm::ELF::R_RISCV_64},
};

bool NeedsFixedAddress(const ELFObjectFileBase& file, const ELFSectionRef& of, const ELFSectionRef& relocations) {
  if ((of.getFlags() & llvm::ELF::SHF_ALLOC) == 0) return false;
  const auto* row = std::find_if(std::begin(kAbsolute), std::end(kAbsolute),
                                 [&](const AbsoluteRow& r) { return r.machine == file.getEMachine(); });
  if (row == std::end(kAbsolute)) return false;
  const bool writable = (of.getFlags() & llvm::ELF::SHF_WRITE) != 0;
  for (const llvm::object::RelocationRef& relocation : relocations.relocations()) {
    const auto type = static_cast<uint32_t>(relocation.getType());
    const bool narrow = std::any_of(std::begin(row->narrow), std::end(row->narrow),
                                    [type](uint32_t other) { return other != 0 && other == type; });
    if (!narrow && (type != row->wide || writable)) continue;
    // An absolute symbol is a number, and no address.
    const llvm::object::symbol_iterator symbol = relocation.getSymbol();
    if (symbol != file.symbol_end()) return true;
  }
  return false;
}

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
  MemberFacts facts;
  llvm::Expected<std::unique_ptr<llvm::object::ObjectFile>> opened = llvm::object::ObjectFile::createELFObjectFile(
      llvm::MemoryBufferRef(llvm::StringRef(data.data(), data.size()), ""));
  if (!opened) {
    llvm::consumeError(opened.takeError());
    return facts;
  }
  const auto& file = *llvm::cast<ELFObjectFileBase>(opened->get());
  llvm::SmallVector<uint8_t, 0> space;
  for (const ELFSectionRef section : file.sections()) {
    const absl::string_view name = NameOf(section);
    if (IsDebug(name)) facts.debug_bytes += section.getSize();
    if (section.getType() == llvm::ELF::SHT_NOBITS) continue;
    if (section.getType() == llvm::ELF::SHT_REL || section.getType() == llvm::ELF::SHT_RELA) {
      llvm::Expected<llvm::object::section_iterator> of = section.getRelocatedSection();
      if (!of) {
        llvm::consumeError(of.takeError());
      } else if (*of != file.section_end() && !facts.not_pic) {
        facts.not_pic = NeedsFixedAddress(file, ELFSectionRef(**of), section);
      }
    } else if (name == ".note.gnu.property") {
      facts.cpu_level =
          std::max(facts.cpu_level, CpuLevel(ContentOf(file, section, &space), file.getBytesInAddress() == 8 ? 8 : 4));
    } else if (name == ".debug_str" || name == ".debug_line_str") {
      FindDebugPaths(ContentOf(file, section, &space), &facts.build_paths);
    } else if (absl::StartsWith(name, ".rodata") || absl::StartsWith(name, ".data.rel.ro")) {
      FindSourcePaths(ContentOf(file, section, &space), &facts.build_paths);
    }
  }
  return facts;
}

}  // namespace cgo_ld_shim::lint
