// Mach-O and PE files' own facts. Neither system has static programs in Linux's sense: what counts there is whether all
// that is needed belongs to the system.
#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "fmt/format.h"
#include "inspect/read_parts.h"
#include "llvm/BinaryFormat/COFF.h"
#include "llvm/BinaryFormat/MachO.h"
#include "llvm/Object/COFF.h"
#include "llvm/Object/MachO.h"
#include "llvm/Object/MachOUniversal.h"
#include "llvm/Support/Endian.h"
#include "llvm/TargetParser/Triple.h"

namespace cgo_ld_shim::inspect {

using target::LibcFamily;

namespace {

namespace macho = llvm::MachO;
namespace coff = llvm::COFF;
using ::llvm::support::endian::read32le;

absl::Status Damaged(absl::string_view what) { return absl::DataLossError(what); }
absl::Status Damaged(llvm::Error error) { return absl::DataLossError(llvm::toString(std::move(error))); }

absl::string_view View(llvm::StringRef text) { return absl::string_view(text.data(), text.size()); }

llvm::MemoryBufferRef Buffer(absl::string_view bytes) {
  return llvm::MemoryBufferRef(llvm::StringRef(bytes.data(), bytes.size()), "");
}

// How far into the code Go's build ID is looked for: Go's linker puts it first, a C compiler's crt code may stand
// before.
constexpr size_t kGoBuildIdReach = 1 << 20;

std::string VersionText(uint32_t version) {
  return absl::StrCat(version >> 16, ".", (version >> 8) & 0xff,
                      (version & 0xff) != 0 ? absl::StrCat(".", version & 0xff) : "");
}

// The text of a load command that holds the offset of a string behind its fixed part.
std::string TextOf(const llvm::object::MachOObjectFile::LoadCommandInfo& command, uint32_t offset) {
  if (offset >= command.C.cmdsize) return "";
  const absl::string_view rest(command.Ptr + offset, command.C.cmdsize - offset);
  return std::string(rest.substr(0, rest.find('\0')));
}

class MachOFacts {
 public:
  MachOFacts(const llvm::object::MachOObjectFile& object, BinaryFacts* facts) : object_(object), facts_(*facts) {}

  void Read() {
    facts_.format = "mach-o";
    facts_.system = "darwin";
    facts_.bits = object_.is64Bit() ? 64 : 32;
    facts_.big_endian = !object_.isLittleEndian();
    facts_.architecture = llvm::Triple::getArchTypeName(object_.getArch()).str();
    const macho::mach_header& header = object_.getHeader();
    facts_.stack = (header.flags & macho::MH_ALLOW_STACK_EXECUTION) != 0 ? "executable" : "not executable";
    for (const auto& command : object_.load_commands()) ReadCommand(command);
    facts_.type = Type(header);
    const bool object_file = header.filetype == macho::MH_OBJECT;
    for (const llvm::object::SectionRef& section : object_.sections()) ReadSection(section);
    for (const llvm::object::SymbolRef& symbol : object_.symbols()) ReadSymbol(symbol);
    facts_.stripped = !any_symbol_;
    for (const std::string& library : facts_.needed) {
      if (absl::StrContains(library, "/libc++.")) facts_.cxx_runtime = "libc++";
      if (absl::StrContains(library, "/libstdc++.")) facts_.cxx_runtime = "libstdc++";
      if (absl::StartsWith(library, "/usr/lib/libSystem.")) facts_.libc.family = LibcFamily::kLibSystem;
    }
    if (object_file) facts_.stack.clear();
    if (facts_.go.present) {
      const std::string mode = facts_.go.Setting("-buildmode");
      if (facts_.type == "shared" && (mode == "plugin" || mode == "c-shared")) facts_.type = mode;
      facts_.externally_linked = externally_linked_;
    }
    marks_.Conclude(&facts_);
  }

 private:
  void ReadCommand(const llvm::object::MachOObjectFile::LoadCommandInfo& command) {
    switch (command.C.cmd) {
      case macho::LC_LOAD_DYLIB:
      case macho::LC_LOAD_WEAK_DYLIB:
      case macho::LC_REEXPORT_DYLIB:
      case macho::LC_LAZY_LOAD_DYLIB:
      case macho::LC_LOAD_UPWARD_DYLIB:
        facts_.needed.push_back(TextOf(command, object_.getDylibIDLoadCommand(command).dylib.name));
        break;
      case macho::LC_LOAD_DYLINKER:
        facts_.interpreter = TextOf(command, object_.getDylinkerCommand(command).name);
        break;
      case macho::LC_RPATH:
        facts_.run_paths.push_back(TextOf(command, object_.getRpathCommand(command).path));
        break;
      case macho::LC_UUID: {
        const macho::uuid_command uuid = object_.getUuidCommand(command);
        facts_.build_id = absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(uuid.uuid), 16));
        break;
      }
      case macho::LC_BUILD_VERSION: {
        const macho::build_version_command version = object_.getBuildVersionLoadCommand(command);
        std::string platform = llvm::object::MachOObjectFile::getBuildPlatform(version.platform);
        if (platform == "macos") platform = "macOS";
        facts_.least_system = absl::StrCat(platform, " ", VersionText(version.minos));
        // Go's own linker names no tools.
        externally_linked_ |= version.ntools > 0;
        break;
      }
      case macho::LC_VERSION_MIN_MACOSX:
        facts_.least_system = absl::StrCat("macOS ", VersionText(object_.getVersionMinLoadCommand(command).version));
        break;
      case macho::LC_SEGMENT:
        AddSegment(object_.getSegmentLoadCommand(command));
        break;
      case macho::LC_SEGMENT_64:
        AddSegment(object_.getSegment64LoadCommand(command));
        break;
      default:
        break;
    }
  }

  template <class Segment>
  void AddSegment(const Segment& segment) {
    constexpr uint32_t kBoth = macho::VM_PROT_WRITE | macho::VM_PROT_EXECUTE;
    if ((segment.initprot & kBoth) != kBoth || object_.getHeader().filetype == macho::MH_OBJECT) return;
    const absl::string_view name(segment.segname, ::strnlen(segment.segname, sizeof segment.segname));
    facts_.writable_code.push_back(absl::StrCat(name, " (", static_cast<uint64_t>(segment.vmsize), " bytes)"));
  }

  std::string Type(const macho::mach_header& header) const {
    switch (header.filetype) {
      case macho::MH_EXECUTE:
        if (facts_.interpreter.empty()) return (header.flags & macho::MH_PIE) != 0 ? "static-pie" : "static";
        return (header.flags & macho::MH_PIE) != 0 ? "dynamic-pie" : "dynamic";
      case macho::MH_DYLIB:
      case macho::MH_DYLIB_STUB:
      case macho::MH_BUNDLE:
        return "shared";
      case macho::MH_OBJECT:
        return "object";
      case macho::MH_CORE:
        return "core";
      default:
        return "other";
    }
  }

  void ReadSection(const llvm::object::SectionRef& section) {
    llvm::Expected<llvm::StringRef> name = section.getName();
    if (!name) return llvm::consumeError(name.takeError());
    const bool go = *name == "__go_buildinfo";
    if (!go && *name != "__cstring" && *name != "__const" && *name != "__rodata" && *name != "__text") return;
    llvm::Expected<llvm::StringRef> content = section.getContents();
    if (!content) return llvm::consumeError(content.takeError());
    if (go) {
      ReadGoBuildInfo(View(*content), &facts_.go);
    } else if (*name == "__text") {
      facts_.go.build_id = FindGoBuildId(View(*content).substr(0, kGoBuildIdReach));
    } else {
      marks_.Data(View(*content));
    }
  }

  void ReadSymbol(const llvm::object::SymbolRef& symbol) {
    llvm::Expected<llvm::StringRef> name = symbol.getName();
    if (!name) return llvm::consumeError(name.takeError());
    any_symbol_ = true;
    absl::string_view text = View(*name);
    absl::ConsumePrefix(&text, "_");
    marks_.Symbol(text);
  }

  const llvm::object::MachOObjectFile& object_;
  BinaryFacts& facts_;
  bool any_symbol_ = false, externally_linked_ = false;
  RuntimeMarks marks_;
};

class PeFacts {
 public:
  PeFacts(const llvm::object::COFFObjectFile& object, absl::string_view bytes, BinaryFacts* facts)
      : object_(object), bytes_(bytes), facts_(*facts) {}

  absl::Status Read() {
    facts_.format = "pe";
    facts_.system = "windows";
    facts_.bits = object_.is64() ? 64 : 32;
    facts_.architecture = llvm::Triple::getArchTypeName(object_.getArch()).str();
    const auto* pe32 = object_.getPE32Header();
    const auto* pe64 = object_.getPE32PlusHeader();
    const bool linked = pe32 != nullptr || pe64 != nullptr;
    uint16_t flags = 0;
    if (linked) {
      flags = pe64 != nullptr ? pe64->DLLCharacteristics : pe32->DLLCharacteristics;
      const unsigned major = pe64 != nullptr ? pe64->MajorSubsystemVersion : pe32->MajorSubsystemVersion;
      const unsigned minor = pe64 != nullptr ? pe64->MinorSubsystemVersion : pe32->MinorSubsystemVersion;
      facts_.least_system = absl::StrCat("Windows ", major, ".", minor);
      facts_.stack = (flags & coff::IMAGE_DLL_CHARACTERISTICS_NX_COMPAT) != 0 ? "not executable" : "not stated";
    }
    if (absl::Status status = ReadSections(); !status.ok()) return status;
    if (linked) {
      if (absl::Status status = ReadImports(coff::IMPORT_TABLE, 20, 12); !status.ok()) return status;
      if (absl::Status status = ReadImports(coff::DELAY_IMPORT_DESCRIPTOR, 32, 4); !status.ok()) return status;
    }
    const bool library = (object_.getCharacteristics() & coff::IMAGE_FILE_DLL) != 0;
    if (!linked) {
      facts_.type = "object";
    } else if (library) {
      facts_.type = facts_.go.Setting("-buildmode") == "c-shared" ? "c-shared" : "shared";
    } else {
      facts_.type = (flags & coff::IMAGE_DLL_CHARACTERISTICS_DYNAMIC_BASE) != 0 ? "dynamic-pie" : "dynamic";
    }
    ReadSymbols();
    for (const std::string& name : facts_.needed) {
      const std::string lower = absl::AsciiStrToLower(name);
      if (absl::StartsWith(lower, "msvcrt") || absl::StartsWith(lower, "msvcr1"))
        facts_.libc.family = LibcFamily::kMsvcrt;
      if (absl::StartsWith(lower, "ucrtbase") || absl::StartsWith(lower, "api-ms-win-crt-"))
        facts_.libc.family = LibcFamily::kUcrt;
      if (absl::StartsWith(lower, "libstdc++")) facts_.cxx_runtime = "libstdc++";
      if (absl::StartsWith(lower, "libc++")) facts_.cxx_runtime = "libc++";
    }
    facts_.externally_linked = facts_.go.present && facts_.libc;
    marks_.Conclude(&facts_);
    return absl::OkStatus();
  }

 private:
  absl::Status ReadSections() {
    for (uint32_t i = 1; i <= object_.getNumberOfSections(); ++i) {
      llvm::Expected<const llvm::object::coff_section*> section = object_.getSection(static_cast<int32_t>(i));
      if (!section) return Damaged(section.takeError());
      sections_.push_back(*section);
      llvm::ArrayRef<uint8_t> content;
      if (llvm::Error error = object_.getSectionContents(*section, content)) return Damaged(std::move(error));
      const absl::string_view data(reinterpret_cast<const char*>(content.data()), content.size());
      const uint32_t flags = (*section)->Characteristics;
      const bool code = (flags & coff::IMAGE_SCN_MEM_EXECUTE) != 0, writable = (flags & coff::IMAGE_SCN_MEM_WRITE) != 0;
      if (code && writable) {
        facts_.writable_code.push_back(fmt::format("{:#x} ({} bytes)",
                                                   static_cast<uint32_t>((*section)->VirtualAddress),
                                                   static_cast<uint32_t>((*section)->VirtualSize)));
      }
      if (code && facts_.go.build_id.empty()) facts_.go.build_id = FindGoBuildId(data.substr(0, kGoBuildIdReach));
      // Go writes it at the beginning of .data.
      if (writable && !facts_.go.present) ReadGoBuildInfo(data, &facts_.go);
      if (!code && !writable) marks_.Data(data);
    }
    return absl::OkStatus();
  }

  // What stands at an address relative to the image, to the end of its section's part in the file.
  std::optional<absl::string_view> AtAddress(uint32_t address) const {
    for (const llvm::object::coff_section* section : sections_) {
      const uint64_t begin = section->VirtualAddress, size = section->SizeOfRawData, offset = section->PointerToRawData;
      if (address < begin || address - begin >= size || offset > bytes_.size() || size > bytes_.size() - offset)
        continue;
      const uint64_t within = address - begin;
      return bytes_.substr(static_cast<size_t>(offset + within), static_cast<size_t>(size - within));
    }
    return std::nullopt;
  }

  // A directory of imports: entries of one size with the address of a library's name in each, up to an empty one.
  // LLVM's iterator trusts that the empty one is there.
  absl::Status ReadImports(uint32_t directory, size_t entry_size, size_t name_at) {
    const llvm::object::data_directory* where = object_.getDataDirectory(directory);
    if (where == nullptr || where->RelativeVirtualAddress == 0) return absl::OkStatus();
    std::optional<absl::string_view> table = AtAddress(where->RelativeVirtualAddress);
    if (!table) return Damaged("its table of imported libraries lies outside of it");
    for (; table->size() >= entry_size; table->remove_prefix(entry_size)) {
      const uint32_t name = read32le(table->data() + name_at);
      if (name == 0) break;
      const std::optional<absl::string_view> text = AtAddress(name);
      if (!text) return Damaged("the name of an imported library lies outside of it");
      const size_t end = text->find('\0');
      if (end == absl::string_view::npos) return Damaged("the name of an imported library does not end");
      facts_.needed.emplace_back(text->substr(0, end));
    }
    return absl::OkStatus();
  }

  void ReadSymbols() {
    const uint32_t count = object_.getNumberOfSymbols();
    facts_.stripped = count == 0;
    for (uint32_t i = 0; i < count;) {
      llvm::Expected<llvm::object::COFFSymbolRef> symbol = object_.getSymbol(i);
      if (!symbol) return llvm::consumeError(symbol.takeError());
      // LLVM checks the number against the header, not against the file.
      const char* at = reinterpret_cast<const char*>(symbol->getRawPtr());
      if (at < bytes_.data() || at + object_.getSymbolTableEntrySize() > bytes_.data() + bytes_.size()) return;
      if (llvm::Expected<llvm::StringRef> name = object_.getSymbolName(*symbol)) {
        marks_.Symbol(View(*name));
      } else {
        llvm::consumeError(name.takeError());
      }
      i += 1 + symbol->getNumberOfAuxSymbols();
    }
  }

  const llvm::object::COFFObjectFile& object_;
  absl::string_view bytes_;
  BinaryFacts& facts_;
  std::vector<const llvm::object::coff_section*> sections_;
  RuntimeMarks marks_;
};

}  // namespace

absl::Status ReadMachO(absl::string_view bytes, BinaryFacts* facts) {
  llvm::Expected<std::unique_ptr<llvm::object::MachOObjectFile>> object =
      llvm::object::ObjectFile::createMachOObjectFile(Buffer(bytes));
  if (!object) return Damaged(object.takeError());
  MachOFacts(**object, facts).Read();
  return absl::OkStatus();
}

absl::StatusOr<std::vector<BinaryFacts>> ReadUniversalMachO(absl::string_view bytes, const std::string& path) {
  llvm::Expected<std::unique_ptr<llvm::object::MachOUniversalBinary>> fat =
      llvm::object::MachOUniversalBinary::create(Buffer(bytes));
  if (!fat) return Damaged(fat.takeError());
  std::vector<BinaryFacts> all;
  for (const llvm::object::MachOUniversalBinary::ObjectForArch& part : (*fat)->objects()) {
    if (part.getOffset() > bytes.size() || part.getSize() > bytes.size() - part.getOffset())
      return Damaged(absl::StrCat("its part for ", part.getArchFlagName(), " lies beyond the file's end"));
    const absl::string_view slice =
        bytes.substr(static_cast<size_t>(part.getOffset()), static_cast<size_t>(part.getSize()));
    BinaryFacts facts;
    facts.path = path;
    facts.bytes = slice.size();
    if (absl::Status status = ReadMachO(slice, &facts); !status.ok()) {
      // A universal archive (libX.a for several machines) is no program.
      return absl::DataLossError(absl::StrCat("its part for ", part.getArchFlagName(), ": ", status.message()));
    }
    all.push_back(std::move(facts));
  }
  if (all.empty()) return Damaged("it is a universal file without parts");
  return all;
}

absl::Status ReadPe(absl::string_view bytes, BinaryFacts* facts) {
  llvm::Expected<std::unique_ptr<llvm::object::COFFObjectFile>> object =
      llvm::object::COFFObjectFile::create(Buffer(bytes));
  if (!object) return Damaged(object.takeError());
  return PeFacts(**object, bytes, facts).Read();
}

}  // namespace cgo_ld_shim::inspect
