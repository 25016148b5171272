// LTO objects: the tables that GCC and LLVM write for linkers.
#include <cstring>
#include <deque>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Bitcode/LLVMBitCodes.h"
#include "llvm/Bitstream/BitstreamWriter.h"
#include "llvm/Object/IRSymtab.h"
#include "symbols/symbols.h"
#include "tests/support/elf.h"

namespace cgo_ld_shim::symbols {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// "f, weak w, …": what an object defines and needs.
std::vector<std::string> Texts(const Object& object) {
  std::vector<std::string> texts;
  for (const Definition& d : object.definitions)
    texts.push_back(absl::StrCat(d.weak ? "weak " : "", d.common ? "common " : "", d.comdat ? "comdat " : "",
                                 d.hidden ? "hidden " : "", d.name));
  for (const Reference& r : object.references) texts.push_back(absl::StrCat("needs ", r.weak ? "weak " : "", r.name));
  return texts;
}

// An object points into its bytes, which stay.
Object Read(const std::string& data) {
  static auto* const kept = new std::deque<std::string>;
  const absl::StatusOr<Object> object = ReadObject(kept->emplace_back(data), "x.o");
  EXPECT_TRUE(object.ok()) << object.status();
  return object.ok() ? *object : Object();
}

// One entry as GCC writes it.
std::string Entry(const std::string& name, int kind, int visibility = 0, const std::string& comdat = "") {
  std::string entry = absl::StrCat(name, absl::string_view("\0", 1), comdat, absl::string_view("\0", 1));
  entry += static_cast<char>(kind);
  entry += static_cast<char>(visibility);
  return entry + std::string(12, '\0');
}

std::string GccObject(const std::string& table) {
  return test_support::MakeObject(absl::StrCat(R"(--- !ELF
FileHeader: { Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ET_REL, Machine: EM_X86_64 }
Sections:
  - { Name: .gnu.lto_.symtab.12ab, Type: SHT_PROGBITS, Content: ')",
                                               absl::BytesToHexString(table), R"(' }
Symbols:
  - { Name: __gnu_lto_slim, Index: SHN_COMMON, Size: 1, Value: 1, Binding: STB_GLOBAL }
)"));
}

TEST(LtoTest, ReadsTheTableOfGcc) {
  const Object object = Read(GccObject(Entry("f", 0) + Entry("w", 1) + Entry("getpwnam_r", 2) + Entry("maybe", 3) +
                                       Entry("buffer", 4) + Entry("h", 0, 3) + Entry("_Z1tv", 1, 0, "_Z1tv")));
  EXPECT_EQ(object.kind, ObjectKind::kSlimLto);
  EXPECT_THAT(Texts(object), ElementsAre("f", "weak w", "common buffer", "hidden h", "weak comdat _Z1tv",
                                         "needs getpwnam_r", "needs weak maybe"));
}

TEST(LtoTest, ADamagedTableEndsWhereItIsDamaged) {
  const std::string table = Entry("f", 0) + Entry("g", 0);
  for (size_t size = 0; size < table.size(); ++size)
    EXPECT_LE(Texts(Read(GccObject(table.substr(0, size)))).size(), 1U);
  EXPECT_THAT(Texts(Read(GccObject(Entry("f", 9)))), IsEmpty());
}

// A stream of the two blocks that stand behind a module.
std::string Bitcode(const std::vector<std::pair<std::string, uint32_t>>& symbols, uint32_t version = 3) {
  using namespace llvm::irsymtab::storage;
  std::string names, table(sizeof(Header), '\0');
  for (const auto& [name, flags] : symbols) {
    Symbol symbol;
    symbol.Name.Offset = static_cast<uint32_t>(names.size());
    symbol.Name.Size = static_cast<uint32_t>(name.size());
    symbol.IRName = symbol.Name;
    symbol.ComdatIndex = ~uint32_t{0};
    symbol.Flags = flags;
    table.append(reinterpret_cast<const char*>(&symbol), sizeof symbol);
    names += name;
  }
  Header header;
  std::memset(static_cast<void*>(&header), 0, sizeof header);
  header.Version = version;
  header.Symbols.Offset = sizeof header;
  header.Symbols.Size = static_cast<uint32_t>(symbols.size());
  std::memcpy(table.data(), &header, sizeof header);

  llvm::SmallVector<char, 0> buffer;
  {
    llvm::BitstreamWriter stream(buffer);
    stream.Emit('B', 8);
    stream.Emit('C', 8);
    for (const unsigned nibble : {0x0, 0xC, 0xE, 0xD}) stream.Emit(nibble, 4);
    const auto blob = [&](unsigned block, unsigned code, const std::string& bytes) {
      stream.EnterSubblock(block, 3);
      auto abbreviation = std::make_shared<llvm::BitCodeAbbrev>();
      abbreviation->Add(llvm::BitCodeAbbrevOp(code));
      abbreviation->Add(llvm::BitCodeAbbrevOp(llvm::BitCodeAbbrevOp::Blob));
      const unsigned number = stream.EmitAbbrev(std::move(abbreviation));
      stream.EmitRecordWithBlob(number, llvm::ArrayRef<uint64_t>{code}, llvm::StringRef(bytes));
      stream.ExitBlock();
    };
    blob(llvm::bitc::SYMTAB_BLOCK_ID, llvm::bitc::SYMTAB_BLOB, table);
    blob(llvm::bitc::STRTAB_BLOCK_ID, llvm::bitc::STRTAB_BLOB, names);
  }
  return {buffer.data(), buffer.size()};
}

constexpr uint32_t Flag(llvm::irsymtab::storage::Symbol::FlagBits bit) { return uint32_t{1} << bit; }
constexpr uint32_t kGlobal = Flag(llvm::irsymtab::storage::Symbol::FB_global);
constexpr uint32_t kUndefined = kGlobal | Flag(llvm::irsymtab::storage::Symbol::FB_undefined);
constexpr uint32_t kWeak = Flag(llvm::irsymtab::storage::Symbol::FB_weak);

TEST(LtoTest, ReadsTheTableOfLlvm) {
  const Object object =
      Read(Bitcode({{"f", kGlobal},
                    {"w", kGlobal | kWeak},
                    {"h", kGlobal | 1},
                    {"getpwnam_r", kUndefined},
                    {"maybe", kUndefined | kWeak},
                    {"static", 0},
                    {"llvm.x", kGlobal | Flag(llvm::irsymtab::storage::Symbol::FB_format_specific)}}));
  EXPECT_EQ(object.kind, ObjectKind::kBitcode);
  EXPECT_THAT(Texts(object), ElementsAre("f", "weak w", "hidden h", "needs getpwnam_r", "needs weak maybe"));
}

TEST(LtoTest, ATableOfAnotherTimeOrADamagedOneSaysNothing) {
  EXPECT_THAT(Texts(Read(Bitcode({{"f", kGlobal}}, 99))), IsEmpty());
  std::string whole = Bitcode({{"f", kGlobal}, {"g", kGlobal}});
  for (size_t size = 4; size < whole.size(); ++size) Read(whole.substr(0, size));
  for (size_t at = 4; at < whole.size(); ++at) {
    std::string changed = whole;
    changed[at] = static_cast<char>(~changed[at]);
    Read(changed);
  }
}

}  // namespace
}  // namespace cgo_ld_shim::symbols
