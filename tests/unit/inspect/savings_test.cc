#include "inspect/savings.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/file.h"
#include "support/temporary.h"
#include "tests/support/archive.h"
#include "tests/support/elf.h"

namespace cgo_ld_shim::inspect {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr char kHead[] =
    "--- !ELF\nFileHeader: { Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ET_REL, Machine: EM_X86_64 }\n";

// Each function of a size of its own: used calls helper; a constructor calls early; a set is read by its bounds; the
// exception table is kept by what the frames say; lost is for nobody.
constexpr char kMember[] = R"(Sections:
  - { Name: .text.used, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_EXECINSTR ], Size: 0x1000 }
  - { Name: .text.helper, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_EXECINSTR ], Size: 0x2000 }
  - { Name: .text.early, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_EXECINSTR ], Size: 0x4000 }
  - { Name: .text.lost, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_EXECINSTR ], Size: 0x18000 }
  - { Name: .rodata.lost, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC ], Size: 0x100 }
  - { Name: .rodata.str1.1, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_MERGE, SHF_STRINGS ], EntSize: 1, Size: 0x200 }
  - { Name: .bss.lost, Type: SHT_NOBITS, Flags: [ SHF_ALLOC, SHF_WRITE ], Size: 0x10000 }
  - { Name: things, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC ], Size: 0x20000 }
  - { Name: .gcc_except_table, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC ], Size: 0x40000 }
  - { Name: .init_array, Type: SHT_INIT_ARRAY, Flags: [ SHF_ALLOC, SHF_WRITE ], Size: 8 }
  - { Name: .eh_frame, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC ], Size: 64 }
  - Name: .rela.text.used
    Type: SHT_RELA
    Info: .text.used
    Link: .symtab
    Relocations:
      - { Offset: 0, Symbol: helper, Type: R_X86_64_PLT32 }
      - { Offset: 8, Symbol: __start_things, Type: R_X86_64_PC32 }
  - Name: .rela.text.lost
    Type: SHT_RELA
    Info: .text.lost
    Link: .symtab
    Relocations: [ { Offset: 0, Symbol: .rodata.lost, Type: R_X86_64_PC32 } ]
  - Name: .rela.init_array
    Type: SHT_RELA
    Info: .init_array
    Link: .symtab
    Relocations: [ { Offset: 0, Symbol: .text.early, Type: R_X86_64_64 } ]
  - Name: .rela.eh_frame
    Type: SHT_RELA
    Info: .eh_frame
    Link: .symtab
    Relocations:
      - { Offset: 0, Symbol: .text.lost, Type: R_X86_64_PC32 }
      - { Offset: 8, Symbol: .gcc_except_table, Type: R_X86_64_PC32 }
Symbols:
  - { Name: .text.early, Type: STT_SECTION, Section: .text.early }
  - { Name: .text.lost, Type: STT_SECTION, Section: .text.lost }
  - { Name: .rodata.lost, Type: STT_SECTION, Section: .rodata.lost }
  - { Name: .gcc_except_table, Type: STT_SECTION, Section: .gcc_except_table }
  - { Name: used, Section: .text.used, Binding: STB_GLOBAL, Type: STT_FUNC }
  - { Name: helper, Section: .text.helper, Binding: STB_GLOBAL, Type: STT_FUNC }
  - { Name: lost, Section: .text.lost, Binding: STB_GLOBAL, Type: STT_FUNC }
  - { Name: __start_things, Binding: STB_GLOBAL }
)";

constexpr char kProgram[] = R"(Sections:
  - { Name: .text, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_EXECINSTR ], Size: 0x1000 }
  - { Name: .debug_info, Type: SHT_PROGBITS, Size: 0x20000 }
  - { Name: .debug_line, Type: SHT_PROGBITS, Flags: [ SHF_COMPRESSED ], Content: "010000000000000000000400000000000100000000000000FFFF" }
Symbols:
  - { Name: main, Section: .text, Binding: STB_GLOBAL }
)";

class SavingsTest : public testing::Test {
 protected:
  SavingsTest() : directory_(*support::TemporaryDirectory::Make()) {
    const std::string library = absl::StrCat(directory_.path(), "/libx.a");
    const std::string bytes =
        test_support::MakeArchive({{"x.o", test_support::MakeObject(absl::StrCat(kHead, kMember))}});
    EXPECT_TRUE(support::WriteFileAtomically(library, bytes, 0600).ok());
    EXPECT_TRUE(
        support::WriteFileAtomically(Program(), test_support::MakeObject(absl::StrCat(kHead, kProgram)), 0600).ok());
    record_.mode = "static";
    record_.outcome = "linked";
    record_.program_uses = {"used"};
    record_.inputs = {
        {.path = "/tmp/gone/go.o", .kind = "object", .origin = "given"},
        {.path = library, .kind = "archive", .origin = "given", .bytes = bytes.size(), .members = {"x.o"}}};
  }
  std::string Program() const { return absl::StrCat(directory_.path(), "/program"); }
  Savings Find() const {
    const absl::StatusOr<Savings> savings = FindSavings(Program(), record_);
    EXPECT_TRUE(savings.ok()) << savings.status();
    return savings.value_or(Savings());
  }

  support::TemporaryDirectory directory_;
  report::LinkRecord record_;
};

TEST_F(SavingsTest, WhatNothingRefersToIsCounted) {
  const Savings savings = Find();
  ASSERT_TRUE(savings.unused.has_value());
  ASSERT_EQ(savings.unused->size(), 1U);
  EXPECT_EQ((*savings.unused)[0].bytes, 0x18100U) << "lost and its constant, and nothing else";
}

TEST_F(SavingsTest, WhatTheProgramUsesIsWhereItBegins) {
  record_.program_uses = {"lost"};
  EXPECT_EQ((*Find().unused)[0].bytes, 0x1000U + 0x2000 + 0x20000);
}

TEST_F(SavingsTest, AnotherArchiveThanAtTheLinkIsNotAskedAbout) {
  record_.inputs[1].bytes += 1;
  EXPECT_FALSE(Find().unused.has_value());
}

TEST_F(SavingsTest, ALinkWithTheSettingHasSavedAlready) {
  record_.driver_argv = {"gcc", "-Wl,--gc-sections"};
  EXPECT_FALSE(Find().unused.has_value());
}

TEST_F(SavingsTest, DebugSectionsAreWhatTheyAreInTheFile) {
  const Savings savings = Find();
  EXPECT_EQ(savings.debug_bytes, 0x20000U + 26);
  EXPECT_EQ(savings.debug_uncompressed, 0x20000U + 0x40000);
  EXPECT_GT(savings.symbol_bytes, 48U);
  const std::string text = SavingsText(savings, {});
  EXPECT_THAT(text, AllOf(HasSubstr("-ldflags=-w"), HasSubstr("CGO_LD_SHIM_GC=on"), HasSubstr("of libx.a"),
                          HasSubstr("CGO_LD_SHIM_DEBUG_SECTIONS=none")));
}

TEST(SavingsTextTest, SaysNothingOfLittle) {
  EXPECT_EQ(SavingsText({.bytes = 1000000, .debug_bytes = 9999, .debug_uncompressed = 90000}, {}), "");
  EXPECT_EQ(SavingsText({.bytes = 100000000, .symbol_bytes = 900000}, {}), "");
  EXPECT_THAT(SavingsText({.bytes = 1000000, .symbol_bytes = 100000}, {}), HasSubstr("-ldflags=-s"));
  EXPECT_THAT(SavingsText({.bytes = 1000000, .unused = {{{"/x/liba.a", 200000}}}}, {}),
              AllOf(HasSubstr("at least 200.0 kB less"), HasSubstr("of liba.a"), Not(HasSubstr("-ldflags"))));
}

}  // namespace
}  // namespace cgo_ld_shim::inspect
