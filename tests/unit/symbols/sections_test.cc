#include "symbols/sections.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "llvm/BinaryFormat/ELF.h"
#include "tests/support/elf.h"

namespace cgo_ld_shim::symbols {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// .text is reached by main, .data by .text, .go.fipsinfo by itself alone, and the other two are kept.
constexpr char kGoObject[] = R"(
Sections:
  - { Name: .text, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_EXECINSTR ], Size: 16 }
  - { Name: .data, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_WRITE ], Content: "312E322E3300" }
  - { Name: .go.fipsinfo, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_WRITE ], Size: 16 }
  - { Name: .note.go.buildid, Type: SHT_NOTE, Flags: [ SHF_ALLOC ], Size: 16 }
  - { Name: .init_array, Type: SHT_INIT_ARRAY, Flags: [ SHF_ALLOC, SHF_WRITE ], Size: 8 }
  - { Name: .debug_info, Type: SHT_PROGBITS, Size: 8 }
  - Name: .rela.text
    Type: SHT_RELA
    Info: .text
    Link: .symtab
    Relocations: [ { Offset: 0, Symbol: local_data, Type: R_X86_64_PC32 } ]
  - Name: .rela.go.fipsinfo
    Type: SHT_RELA
    Info: .go.fipsinfo
    Link: .symtab
    Relocations: [ { Offset: 0, Symbol: info, Type: R_X86_64_64 } ]
Symbols:
  - { Name: local_data, Section: .data }
  - { Name: info, Section: .go.fipsinfo }
  - { Name: main, Section: .text, Binding: STB_GLOBAL }
)";

std::string GoObject(const std::string& file = "ELFCLASS64, Data: ELFDATA2LSB") {
  return test_support::MakeObject(
      absl::StrCat("--- !ELF\nFileHeader: { Class: ", file, ", Type: ET_REL, Machine: EM_X86_64 }", kGoObject));
}

TEST(SectionsTest, HaveTheirContent) {
  const std::string object = GoObject();
  const absl::StatusOr<std::vector<Section>> sections = ReadSections(object, "go.o");
  ASSERT_TRUE(sections.ok()) << sections.status();
  EXPECT_EQ((*sections)[1].name, ".text");
  EXPECT_EQ((*sections)[2].content, absl::string_view("1.2.3\0", 6));
  EXPECT_FALSE(IsKept((*sections)[3]));
  EXPECT_TRUE(IsKept((*sections)[4]));
  EXPECT_TRUE(IsKept((*sections)[5]));
}

TEST(SectionsTest, WhatOnlyReachesItselfIsUnreached) {
  for (const char* file : {"ELFCLASS64, Data: ELFDATA2LSB", "ELFCLASS64, Data: ELFDATA2MSB"}) {
    const absl::StatusOr<std::vector<std::string>> unreached = UnreachedSections(GoObject(file), "go.o");
    ASSERT_TRUE(unreached.ok()) << unreached.status();
    EXPECT_THAT(*unreached, ElementsAre(".go.fipsinfo"));
  }
}

TEST(SectionsTest, RetainedOnesAreKept) {
  const absl::StatusOr<std::string> retained = RetainSections(GoObject(), "go.o");
  ASSERT_TRUE(retained.ok()) << retained.status();
  EXPECT_EQ((*retained)[llvm::ELF::EI_OSABI], llvm::ELF::ELFOSABI_GNU) << "GNU ld heeds the flag there alone";
  EXPECT_THAT(*UnreachedSections(*retained, "go.o"), IsEmpty());
  const absl::StatusOr<std::vector<Section>> sections = ReadSections(*retained, "go.o");
  ASSERT_TRUE(sections.ok()) << sections.status();
  for (const Section& section : *sections) {
    EXPECT_EQ((section.flags & llvm::ELF::SHF_GNU_RETAIN) != 0, (section.flags & llvm::ELF::SHF_ALLOC) != 0)
        << section.name;
  }
}

TEST(SectionsTest, AGroupHasItsSignature) {
  const std::string object = test_support::MakeObject(R"(--- !ELF
FileHeader: { Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ET_REL, Machine: EM_X86_64 }
Sections:
  - { Name: .group, Type: SHT_GROUP, Link: .symtab, Info: twice, Members: [ { SectionOrType: GRP_COMDAT }, { SectionOrType: .text.twice } ] }
  - { Name: .text.twice, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_EXECINSTR, SHF_GROUP ], Size: 16 }
Symbols:
  - { Name: twice, Section: .text.twice, Binding: STB_WEAK }
)");
  const absl::StatusOr<std::vector<Section>> sections = ReadSections(object, "t.o");
  ASSERT_TRUE(sections.ok()) << sections.status();
  EXPECT_EQ((*sections)[2].group, "twice");
}

TEST(SectionsTest, WhatIsDamagedIsAnError) {
  const std::string object = GoObject();
  for (size_t size = 0; size < object.size(); ++size) {
    (void)ReadSections(object.substr(0, size), "go.o");
    (void)UnreachedSections(object.substr(0, size), "go.o");
    (void)RetainSections(object.substr(0, size), "go.o");
  }
  EXPECT_FALSE(ReadSections("not an object", "x").ok());
  EXPECT_FALSE(ReadSections(object.substr(0, object.size() / 2), "go.o").ok());
}

}  // namespace
}  // namespace cgo_ld_shim::symbols
