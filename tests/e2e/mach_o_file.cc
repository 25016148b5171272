#include "tests/e2e/mach_o_file.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "llvm/BinaryFormat/MachO.h"
#include "llvm/Object/MachO.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/SHA256.h"

namespace cgo_ld_shim::e2e {
namespace {

namespace MachO = llvm::MachO;
using llvm::object::MachOObjectFile;
using llvm::support::endian::read32be;

class Reader {
 public:
  explicit Reader(const MachOObjectFile& object) : object_(object) {}

  MachOFile Read() {
    file_.architecture = object_.getArchTriple().getArchName().str();
    for (const MachOObjectFile::LoadCommandInfo& command : object_.load_commands()) ReadCommand(command);
    ReadSymbols();
    ReadBindings();
    std::sort(file_.libraries.begin(), file_.libraries.end());
    return std::move(file_);
  }

 private:
  void ReadCommand(const MachOObjectFile::LoadCommandInfo& command) {
    switch (command.C.cmd) {
      case MachO::LC_LOAD_DYLIB:
      case MachO::LC_LOAD_WEAK_DYLIB:
        by_ordinal_.emplace_back(command.Ptr + object_.getDylibIDLoadCommand(command).dylib.name);
        file_.libraries.push_back(by_ordinal_.back());
        break;
      case MachO::LC_BUILD_VERSION: {
        const uint32_t minimum = object_.getBuildVersionLoadCommand(command).minos;
        file_.minimum_os = absl::StrCat(minimum >> 16, ".", minimum >> 8 & 0xff);
        break;
      }
      case MachO::LC_MAIN:
        entry_ = object_.getEntryPointCommand(command).entryoff;
        break;
      case MachO::LC_SEGMENT_64: {
        const MachO::segment_command_64 segment = object_.getSegment64LoadCommand(command);
        const std::string name(segment.segname, strnlen(segment.segname, sizeof segment.segname));
        if (name == "__TEXT") text_ = segment.vmaddr;
        file_.has_dwarf |= name == "__DWARF";
        break;
      }
      case MachO::LC_CODE_SIGNATURE:
        CheckSignature(object_.getLinkeditDataLoadCommand(command));
        break;
      default:
        break;
    }
  }

  void Import(const std::string& symbol, int ordinal) {
    std::string library;
    if (ordinal == MachO::BIND_SPECIAL_DYLIB_FLAT_LOOKUP || ordinal == MachO::DYNAMIC_LOOKUP_ORDINAL) {
      library = "flat";
    } else if (ordinal >= 1 && static_cast<size_t>(ordinal) <= by_ordinal_.size()) {
      library = by_ordinal_[static_cast<size_t>(ordinal) - 1];
    } else {
      ADD_FAILURE() << symbol << " is bound to library number " << ordinal << " of " << by_ordinal_.size();
      return;
    }
    const auto [at, fresh] = file_.imports.try_emplace(symbol, library);
    EXPECT_TRUE(fresh || at->second == library) << symbol << ": " << at->second << " and " << library;
  }

  void ReadSymbols() {
    for (const llvm::object::SymbolRef& symbol : object_.symbols()) {
      const MachO::nlist_64 entry = object_.getSymbol64TableEntry(symbol.getRawDataRefImpl());
      llvm::Expected<llvm::StringRef> name = symbol.getName();
      if (!name) {
        ADD_FAILURE() << llvm::toString(name.takeError());
        continue;
      }
      if ((entry.n_type & MachO::N_STAB) != 0) {
        file_.has_stabs |= entry.n_type == MachO::N_OSO;
        continue;
      }
      if ((entry.n_type & MachO::N_TYPE) == MachO::N_UNDF) {
        // Go and zig leave it at 0 in places, which dyld does not read; what counts is the bindings.
        const int ordinal = MachO::GET_LIBRARY_ORDINAL(static_cast<uint16_t>(entry.n_desc));
        if (ordinal != MachO::SELF_LIBRARY_ORDINAL) Import(name->str(), ordinal);
      } else if (entry.n_value == text_ + entry_) {
        if (file_.entry.empty() || *name == "_main") file_.entry = name->str();
      }
    }
  }

  void ReadBindings() {
    llvm::Error error = llvm::Error::success();
    // Not weak bindings: these look everywhere by definition.
    for (const auto& entry : const_cast<MachOObjectFile&>(object_).bindTable(error))
      Import(entry.symbolName().str(), entry.ordinal());
    if (error) ADD_FAILURE() << llvm::toString(std::move(error));
    llvm::Error lazy = llvm::Error::success();
    for (const auto& entry : const_cast<MachOObjectFile&>(object_).lazyBindTable(lazy))
      Import(entry.symbolName().str(), entry.ordinal());
    if (lazy) ADD_FAILURE() << llvm::toString(std::move(lazy));
    llvm::Error chained = llvm::Error::success();
    for (const auto& entry : const_cast<MachOObjectFile&>(object_).fixupTable(chained)) {
      if (!entry.symbolName().empty()) Import(entry.symbolName().str(), entry.ordinal());
    }
    if (chained) ADD_FAILURE() << llvm::toString(std::move(chained));
  }

  // A superblob of which one part, the code directory, has the hash of each page (Apple's cs_blobs.h).
  void CheckSignature(const MachO::linkedit_data_command& command) {
    const llvm::StringRef data = object_.getData();
    ASSERT_LE(uint64_t{command.dataoff} + command.datasize, data.size());
    const llvm::StringRef blob = data.substr(command.dataoff, command.datasize);
    ASSERT_GE(blob.size(), 20U);
    ASSERT_EQ(read32be(blob.data()), MachO::CSMAGIC_EMBEDDED_SIGNATURE);
    const llvm::StringRef directory = blob.substr(read32be(blob.data() + 16));
    ASSERT_GE(directory.size(), 44U);
    ASSERT_EQ(read32be(directory.data()), MachO::CSMAGIC_CODEDIRECTORY);
    const uint32_t hashes = read32be(directory.data() + 16), slots = read32be(directory.data() + 28);
    const uint32_t limit = read32be(directory.data() + 32);
    const uint8_t hash_size = directory[36];
    const uint64_t page = uint64_t{1} << directory[39];
    EXPECT_EQ(limit, command.dataoff) << "what is signed ends where the signature begins";
    ASSERT_EQ(hash_size, 32);
    ASSERT_EQ(slots, (limit + page - 1) / page);
    ASSERT_LE(hashes + uint64_t{slots} * hash_size, directory.size());
    for (uint32_t i = 0; i < slots; ++i) {
      const llvm::StringRef bytes = data.substr(0, limit).substr(i * page, page);
      const std::array<uint8_t, 32> hash = llvm::SHA256::hash(llvm::arrayRefFromStringRef(bytes));
      const llvm::StringRef said = directory.substr(hashes + uint64_t{i} * hash_size, hash_size);
      ASSERT_EQ(llvm::toStringRef(hash), said) << "page " << i << " of " << slots;
    }
    file_.is_signed = true;
  }

  const MachOObjectFile& object_;
  MachOFile file_;
  std::vector<std::string> by_ordinal_;
  uint64_t text_ = 0, entry_ = 0;
};

}  // namespace

MachOFile ReadMachO(const std::string& path) {
  llvm::Expected<llvm::object::OwningBinary<llvm::object::ObjectFile>> file =
      llvm::object::ObjectFile::createObjectFile(path);
  if (!file) {
    ADD_FAILURE() << path << ": " << llvm::toString(file.takeError());
    return {};
  }
  const auto* object = llvm::dyn_cast<MachOObjectFile>(file->getBinary());
  if (object == nullptr) {
    ADD_FAILURE() << path << " is not a Mach-O file";
    return {};
  }
  return Reader(*object).Read();
}

}  // namespace cgo_ld_shim::e2e
