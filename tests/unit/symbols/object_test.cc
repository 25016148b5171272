// Symbol tables of single objects: what is defined, what is needed, and what becomes of files that are damaged or none.
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "llvm/BinaryFormat/ELF.h"
#include "symbols/symbols.h"
#include "tests/support/elf.h"

namespace cgo_ld_shim::symbols {
namespace {

using ::cgo_ld_shim::test_support::MakeObject;
using ::cgo_ld_shim::test_support::ObjectBuilder;
using ::cgo_ld_shim::test_support::SharedBuilder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The views in the result live in `bytes`.
Object Read(const std::string& bytes) {
  absl::StatusOr<Object> object = ReadObject(bytes, "test.o");
  EXPECT_TRUE(object.ok()) << object.status();
  return object.ok() ? *std::move(object) : Object();
}

std::string ErrorOf(const std::string& bytes) {
  absl::StatusOr<Object> object = ReadObject(bytes, "test.o");
  if (object.ok()) return "no error";
  EXPECT_EQ(object.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_TRUE(absl::StartsWith(object.status().message(), "test.o: ")) << object.status();
  return std::string(object.status().message());
}

// "foo", "foo weak hidden", …: a definition in words, so that a whole table is one expectation.
std::string Words(const Definition& definition) {
  std::string words(definition.name);
  if (definition.weak) words += " weak";
  if (definition.unique) words += " unique";
  if (definition.common) words += " common";
  if (definition.comdat) words += " comdat";
  if (definition.tls) words += " tls";
  if (definition.hidden) words += " hidden";
  if (definition.ifunc) words += " ifunc";
  if (definition.function) words += " function";
  if (definition.retired) words += " retired";
  if (definition.section == 0) words += " nowhere";
  return words;
}

std::vector<std::string> Definitions(const Object& object) {
  std::vector<std::string> all;
  for (const Definition& definition : object.definitions) all.push_back(Words(definition));
  return all;
}

std::vector<std::string> References(const Object& object) {
  std::vector<std::string> all;
  for (const Reference& reference : object.references) {
    all.push_back(absl::StrCat(reference.name, reference.weak ? " weak" : "", reference.tls ? " tls" : "",
                               reference.hidden ? " hidden" : ""));
  }
  return all;
}

// Both classes in both byte orders.
struct Layout {
  uint16_t machine;
  bool is64, little;
  const char* name;
};
class LayoutTest : public ::testing::TestWithParam<Layout> {
 protected:
  ObjectBuilder Builder() const {
    ObjectBuilder builder;
    builder.Machine(GetParam().machine);
    if (!GetParam().is64) builder.Class32();
    if (!GetParam().little) builder.BigEndian();
    return builder;
  }
};
INSTANTIATE_TEST_SUITE_P(Elf, LayoutTest,
                         ::testing::Values(Layout{llvm::ELF::EM_X86_64, true, true, "x86-64"},
                                           Layout{llvm::ELF::EM_S390, true, false, "s390x"},
                                           Layout{llvm::ELF::EM_386, false, true, "386"},
                                           Layout{llvm::ELF::EM_PPC, false, false, "PowerPC"}));

TEST_P(LayoutTest, ReadsEveryKindOfSymbol) {
  const std::string bytes = Builder()
                                .Local("static_function")
                                .Define("function")
                                .DefineWeak("weak_function")
                                .DefineHidden("hidden_function")
                                .DefineIfunc("chosen_at_run_time")
                                .DefineData("variable")
                                .DefineUnique("inline_variable")
                                .DefineTls("errno_")
                                .DefineCommon("tentative", 24)
                                .DefineAbsolute("constant", 42)
                                .Comdat("inline_function", "inline_function")
                                .StrongComdat("group", "strong_inline")
                                .Reference("needed")
                                .ReferenceWeak("optional")
                                .ReferenceTls("thread_local_elsewhere")
                                .ReferenceHidden("inside")
                                .Build();
  const Object object = Read(bytes);
  EXPECT_EQ(object.kind, ObjectKind::kElfRelocatable);
  EXPECT_EQ(object.machine, (Machine{GetParam().machine, GetParam().is64, GetParam().little}));
  EXPECT_EQ(object.machine.Name(), GetParam().name);
  EXPECT_THAT(Definitions(object),
              ElementsAre("function function", "weak_function weak function", "hidden_function hidden function",
                          "chosen_at_run_time ifunc function", "variable", "inline_variable unique", "errno_ tls",
                          "tentative common nowhere", "constant nowhere", "inline_function weak comdat function",
                          "strong_inline comdat function"));
  EXPECT_THAT(References(object),
              ElementsAre("needed", "optional weak", "thread_local_elsewhere tls", "inside hidden"));
  EXPECT_THAT(object.comdat_groups, ElementsAre("inline_function", "group"));
  EXPECT_EQ(object.definitions[0].size, 16u);
  EXPECT_EQ(object.definitions[7].size, 24u);
  EXPECT_FALSE(object.split_stack);
}

TEST_P(LayoutTest, EveryPrefixIsAnErrorOrWhatItLooksLike) {
  const std::string whole = Builder().Local("l").Define("f").Comdat("g", "g").Reference("r").SplitStack().Build();
  for (size_t size = 0; size < whole.size(); ++size) {
    // In a string of its own, so that a sanitizer sees each byte that is read behind the end.
    const std::string prefix = whole.substr(0, size);
    absl::StatusOr<Object> object = ReadObject(prefix, "test.o");
    if (size < 4) {
      ASSERT_TRUE(object.ok());
      EXPECT_EQ(object->kind, ObjectKind::kUnknown);
    } else {
      // The section headers are last, so that each cut is seen.
      EXPECT_EQ(object.status().code(), absl::StatusCode::kDataLoss) << size;
    }
  }
}

TEST_P(LayoutTest, NoDamagedByteCrashes) {
  const std::string whole = Builder().Local("l").Define("f").Comdat("g", "g").Reference("r").SplitStack().Build();
  for (size_t at = 0; at < whole.size(); ++at) {
    for (const int value : {0x00, 0x01, 0x7f, 0x80, 0xff}) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(value);
      absl::StatusOr<Object> object = ReadObject(damaged, "test.o");
      if (object.ok()) continue;
      EXPECT_EQ(object.status().code(), absl::StatusCode::kDataLoss);
    }
  }
}

TEST(ObjectTest, SplitStackIsSeen) { EXPECT_TRUE(Read(ObjectBuilder().Define("f").SplitStack().Build()).split_stack); }

TEST(ObjectTest, ObjectWithoutSymbolsOrSectionsIsEmpty) {
  const Object object = Read(ObjectBuilder().Build());
  EXPECT_EQ(object.kind, ObjectKind::kElfRelocatable);
  EXPECT_THAT(object.definitions, IsEmpty());
  EXPECT_THAT(object.references, IsEmpty());
}

// The linker takes the signature of a group whose symbol is a section symbol from the section's name.
TEST(ObjectTest, SignatureMayBeASection) {
  const std::string bytes = MakeObject(R"(--- !ELF
FileHeader: { Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ET_REL, Machine: EM_X86_64 }
Sections:
  - Name: .group
    Type: SHT_GROUP
    Link: .symtab
    Info: 1
    Members:
      - SectionOrType: GRP_COMDAT
      - SectionOrType: .text.f
  - { Name: .text.f, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_EXECINSTR, SHF_GROUP ], Content: 'c3' }
Symbols:
  - { Type: STT_SECTION, Section: .text.f }
  - { Name: f, Section: .text.f, Binding: STB_WEAK, Type: STT_FUNC }
)");
  const Object object = Read(bytes);
  EXPECT_THAT(object.comdat_groups, ElementsAre(".text.f"));
  EXPECT_THAT(Definitions(object), ElementsAre("f weak comdat function"));
}

// A group without GRP_COMDAT only keeps its sections together.
TEST(ObjectTest, GroupThatIsNoComdatIsNotMarked) {
  const std::string bytes = MakeObject(R"(--- !ELF
FileHeader: { Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ET_REL, Machine: EM_X86_64 }
Sections:
  - Name: .group
    Type: SHT_GROUP
    Link: .symtab
    Info: f
    Members:
      - SectionOrType: 0
      - SectionOrType: .text.f
  - { Name: .text.f, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_EXECINSTR, SHF_GROUP ], Content: 'c3' }
Symbols:
  - { Name: f, Section: .text.f, Binding: STB_GLOBAL, Type: STT_FUNC }
)");
  const Object object = Read(bytes);
  EXPECT_THAT(object.comdat_groups, IsEmpty());
  EXPECT_THAT(Definitions(object), ElementsAre("f function"));
}

// x86-64's medium code model has common symbols of its own (SHN_X86_64_LCOMMON); on another machine the number means
// nothing, and the symbol is absolute.
TEST(ObjectTest, LargeCommonIsCommon) {
  const auto yaml = [](absl::string_view machine) {
    return absl::StrCat("--- !ELF\nFileHeader: { Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ET_REL, Machine: ",
                        machine, " }\nSymbols:\n  - { Name: big, Index: 0xff02, Binding: STB_GLOBAL, Size: 8 }\n");
  };
  const std::string x86 = MakeObject(yaml("EM_X86_64")), arm = MakeObject(yaml("EM_AARCH64"));
  EXPECT_THAT(Definitions(Read(x86)), ElementsAre("big common nowhere"));
  EXPECT_THAT(Definitions(Read(arm)), ElementsAre("big nowhere"));
}

TEST(ObjectTest, DamageIsNamed) {
  const std::string header = R"(--- !ELF
FileHeader: { Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ET_REL, Machine: EM_X86_64 }
)";
  const std::string text = "  - { Name: .text, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC ], Content: 'c3' }\n";
  EXPECT_THAT(ErrorOf(MakeObject(header + "Sections:\n" + text +
                                 "Symbols:\n  - { StName: 0x99, Section: .text, Binding: STB_GLOBAL }\n")),
              HasSubstr("symbol 1 has its name at 153, outside the symbol names"));
  EXPECT_THAT(ErrorOf(MakeObject(header + "Sections:\n" + text +
                                 "Symbols:\n  - { Name: f, Index: 0x99, Binding: STB_GLOBAL }\n")),
              HasSubstr("symbol f is in section 153 of "));
  EXPECT_THAT(ErrorOf(MakeObject(header + "Symbols:\n  - { Name: f, Index: SHN_XINDEX, Binding: STB_GLOBAL }\n")),
              HasSubstr("symbol f has an extended section number"));
  EXPECT_THAT(ErrorOf(MakeObject(header + "Sections:\n  - { Name: .symtab, Type: SHT_SYMTAB, Info: 7 }\n"
                                          "Symbols:\n  - { Name: f, Binding: STB_GLOBAL }\n")),
              HasSubstr("global symbols begin at 7 of 2"));
  EXPECT_THAT(
      ErrorOf(MakeObject(header + "Sections:\n  - Name: .group\n    Type: SHT_GROUP\n    Link: .symtab\n    Info: f\n"
                                  "    Members:\n      - SectionOrType: GRP_COMDAT\n      - SectionOrType: 77\n"
                                  "Symbols:\n  - { Name: f, Binding: STB_GLOBAL }\n")),
      HasSubstr("section group 1 contains section 77 of "));
  std::string bytes = ObjectBuilder().Define("f").Build();
  bytes[llvm::ELF::EI_CLASS] = 3;
  EXPECT_THAT(ErrorOf(bytes), HasSubstr("class 3 is neither 32 nor 64 bit"));
  bytes[llvm::ELF::EI_CLASS] = llvm::ELF::ELFCLASS64;
  bytes[llvm::ELF::EI_DATA] = 0;
  EXPECT_THAT(ErrorOf(bytes), HasSubstr("byte order 0"));
}

// What is local is never looked at: there it could say anything.
TEST(ObjectTest, LocalSymbolsAreNotRead) {
  const std::string bytes = MakeObject(R"(--- !ELF
FileHeader: { Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ET_REL, Machine: EM_X86_64 }
Sections:
  - { Name: .text, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC ], Content: 'c3' }
Symbols:
  - { StName: 0x9999, Index: 0x7777, Binding: STB_LOCAL }
  - { Name: f, Section: .text, Binding: STB_GLOBAL }
)");
  EXPECT_THAT(Definitions(Read(bytes)), ElementsAre("f"));
}

TEST(ObjectTest, ExtendedSectionNumbersAreRead) {
  const std::string bytes = MakeObject(R"(--- !ELF
FileHeader: { Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ET_REL, Machine: EM_X86_64 }
Sections:
  - { Name: .text, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC ], Content: 'c3' }
  - { Name: .symtab_shndx, Type: SHT_SYMTAB_SHNDX, Link: .symtab, Entries: [ 0, 1 ] }
Symbols:
  - { Name: f, Index: SHN_XINDEX, Binding: STB_GLOBAL }
)");
  const Object object = Read(bytes);
  ASSERT_THAT(Definitions(object), ElementsAre("f"));
  EXPECT_EQ(object.definitions[0].section, 1u);
}

// 70,000 sections: the number of sections stands in section 0, and a symbol's section in SHT_SYMTAB_SHNDX. Written by
// hand, because yaml2obj takes seconds for it.
TEST(ObjectTest, MoreSectionsThanSixteenBits) {
  constexpr uint32_t kSections = 70'000;
  const std::string strings("\0far\0", 5);
  std::string bytes(sizeof(llvm::ELF::Elf64_Ehdr), '\0');
  const auto append = [&bytes](const void* data, size_t size) {
    const size_t at = bytes.size();
    bytes.append(static_cast<const char*>(data), size);
    bytes.append((8 - bytes.size() % 8) % 8, '\0');
    return at;
  };
  std::vector<llvm::ELF::Elf64_Shdr> sections(kSections);
  llvm::ELF::Elf64_Sym symbols[2] = {};
  symbols[1].st_name = 1;
  symbols[1].setBindingAndType(llvm::ELF::STB_GLOBAL, llvm::ELF::STT_FUNC);
  symbols[1].st_shndx = llvm::ELF::SHN_XINDEX;
  const uint32_t indexes[2] = {0, kSections - 1};
  std::memset(sections.data(), 0, sections.size() * sizeof(sections[0]));
  sections[0].sh_size = kSections;
  sections[0].sh_link = 1;  // the section names
  sections[1].sh_type = llvm::ELF::SHT_STRTAB;
  sections[1].sh_offset = append(strings.data(), strings.size());
  sections[1].sh_size = strings.size();
  sections[2].sh_type = llvm::ELF::SHT_SYMTAB;
  sections[2].sh_offset = append(symbols, sizeof(symbols));
  sections[2].sh_size = sizeof(symbols);
  sections[2].sh_entsize = sizeof(symbols[0]);
  sections[2].sh_link = 1;
  sections[2].sh_info = 1;
  sections[3].sh_type = llvm::ELF::SHT_SYMTAB_SHNDX;
  sections[3].sh_offset = append(indexes, sizeof(indexes));
  sections[3].sh_size = sizeof(indexes);
  sections[3].sh_entsize = sizeof(indexes[0]);
  sections[3].sh_link = 2;
  llvm::ELF::Elf64_Ehdr header = {};
  std::memcpy(header.e_ident, llvm::ELF::ElfMagic, 4);
  header.e_ident[llvm::ELF::EI_CLASS] = llvm::ELF::ELFCLASS64;
  header.e_ident[llvm::ELF::EI_DATA] = llvm::ELF::ELFDATA2LSB;
  header.e_ident[llvm::ELF::EI_VERSION] = llvm::ELF::EV_CURRENT;
  header.e_type = llvm::ELF::ET_REL;
  header.e_machine = llvm::ELF::EM_X86_64;
  header.e_shentsize = sizeof(llvm::ELF::Elf64_Shdr);
  header.e_shstrndx = llvm::ELF::SHN_XINDEX;
  header.e_shoff = append(sections.data(), sections.size() * sizeof(sections[0]));
  std::memcpy(bytes.data(), &header, sizeof(header));

  const Object object = Read(bytes);
  ASSERT_THAT(Definitions(object), ElementsAre("far function"));
  EXPECT_EQ(object.definitions[0].section, kSections - 1);
}

TEST(ObjectTest, SharedObjectHasNeededAndSoname) {
  const std::string bytes = SharedBuilder()
                                .Soname("libarchive.so.13")
                                .Needed("libz.so.1")
                                .Needed("libc.so.6")
                                .Define("archive_open")
                                .DefineWeak("archive_hook")
                                .Reference("deflate")
                                .Build();
  const Object object = Read(bytes);
  EXPECT_EQ(object.kind, ObjectKind::kElfShared);
  EXPECT_EQ(object.soname, "libarchive.so.13");
  EXPECT_THAT(object.needed, ElementsAre("libz.so.1", "libc.so.6"));
  EXPECT_THAT(Definitions(object), ElementsAre("archive_open function", "archive_hook weak function"));
  EXPECT_THAT(References(object), ElementsAre("deflate"));
}

// glibc keeps pthread_yield as pthread_yield@GLIBC_2.2.5 (bit 15 of its version: hidden) for old programs.
TEST(ObjectTest, OldVersionOfASharedSymbolIsRetired) {
  const std::string bytes = MakeObject(R"(--- !ELF
FileHeader: { Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ET_DYN, Machine: EM_X86_64 }
Sections:
  - { Name: .text, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC ], Content: 'c3c3c3' }
  - { Name: .gnu.version, Type: SHT_GNU_versym, Link: .dynsym, Entries: [ 0, 2, 0x8002, 0 ] }
DynamicSymbols:
  - { Name: sched_yield, Section: .text, Binding: STB_GLOBAL, Type: STT_FUNC }
  - { Name: pthread_yield, Section: .text, Binding: STB_GLOBAL, Type: STT_FUNC }
  - { Name: made_local, Section: .text, Binding: STB_GLOBAL, Type: STT_FUNC }
)");
  EXPECT_THAT(Definitions(Read(bytes)),
              ElementsAre("sched_yield function", "pthread_yield function retired", "made_local hidden function"));
}

TEST(ObjectTest, ExecutablesAreNotShared) {
  const std::string fixed =
      MakeObject("--- !ELF\nFileHeader: { Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ET_EXEC, Machine: EM_X86_64 }\n");
  EXPECT_EQ(Read(fixed).kind, ObjectKind::kElfExecutable);
  const std::string pie = MakeObject(R"(--- !ELF
FileHeader: { Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ET_DYN, Machine: EM_X86_64 }
Sections:
  - Name: .dynamic
    Type: SHT_DYNAMIC
    Flags: [ SHF_ALLOC ]
    Link: .dynstr
    Entries:
      - { Tag: DT_FLAGS_1, Value: 0x8000000 }
      - { Tag: DT_NULL, Value: 0 }
DynamicSymbols: []
)");
  EXPECT_EQ(Read(pie).kind, ObjectKind::kElfExecutable);
}

TEST(ObjectTest, SlimLtoIsRecognised) {
  // As gcc -flto writes it: no code, GIMPLE, and the marker.
  const std::string slim = ObjectBuilder().Section(".gnu.lto_main.0.1").DefineCommon("__gnu_lto_slim", 1).Build();
  EXPECT_EQ(Read(slim).kind, ObjectKind::kSlimLto);
  EXPECT_THAT(Read(slim).definitions, IsEmpty());
  const std::string without_marker = ObjectBuilder().Section(".gnu.lto_.symtab.1").Build();
  EXPECT_EQ(Read(without_marker).kind, ObjectKind::kSlimLto);
}

TEST(ObjectTest, FatLtoIsAnOrdinaryObject) {
  const std::string fat = ObjectBuilder().Define("main").Section(".gnu.lto_main.0.1").Build();
  EXPECT_EQ(Read(fat).kind, ObjectKind::kElfRelocatable);
}

TEST(ObjectTest, BitcodeIsRecognised) {
  EXPECT_EQ(Read(std::string("BC\xc0\xde\x35\x14\0\0", 8)).kind, ObjectKind::kBitcode);
  // Apple's wrapper: magic, version, offset, size, CPU type (here ARM64).
  const std::string wrapped(
      "\xde\xc0\x17\x0b\0\0\0\0\x14\0\0\0\x08\0\0\0\x0c\0\0\x01"
      "BC\xc0\xde\x35\x14\0\0",
      28);
  EXPECT_EQ(Read(wrapped).kind, ObjectKind::kBitcode);
  EXPECT_EQ(Read(wrapped).machine.Name(), "AArch64");
}

TEST(ObjectTest, MachOIsRecognised) {
  const std::string object = MakeObject(R"(--- !mach-o
FileHeader:
  magic: 0xFEEDFACF
  cputype: 0x0100000C
  cpusubtype: 0
  filetype: 1
  ncmds: 0
  sizeofcmds: 0
  flags: 0
  reserved: 0
)");
  EXPECT_EQ(Read(object).kind, ObjectKind::kMachO);
  EXPECT_EQ(Read(object).machine.Name(), "AArch64");
  // Magic, two architectures; of each CPU type, subtype, offset, size, alignment.
  const std::string universal(
      "\xca\xfe\xba\xbe\0\0\0\2"
      "\1\0\0\7\0\0\0\3\0\0\1\0\0\0\0\0\0\0\0\0"
      "\1\0\0\x0c\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0",
      48);
  EXPECT_EQ(Read(universal).kind, ObjectKind::kMachO);
  EXPECT_EQ(Read(universal).what, "a universal Mach-O file for x86-64, AArch64");
}

TEST(ObjectTest, CoffIsRecognised) {
  const std::string object = MakeObject(R"(--- !COFF
header:
  Machine: IMAGE_FILE_MACHINE_AMD64
  Characteristics: []
sections: []
symbols: []
)");
  EXPECT_EQ(Read(object).kind, ObjectKind::kCoff);
  EXPECT_EQ(Read(object).machine.Name(), "x86-64");
}

TEST(ObjectTest, OtherFilesAreDescribed) {
  const struct {
    std::string bytes;
    const char* what;
  } kCases[] = {
      {"", "empty"},
      {"hello, world\n", "a text file"},
      {"#!/bin/sh\n", "a script"},
      {std::string("\0asm\1\0\0\0", 8), "WebAssembly"},
      {std::string("\x1f\x8b\x08\0", 4), "gzip-compressed data"},
      {"<!DOCTYPE html><title>404</title>", "an HTML page"},
      {"version https://git-lfs.github.com/spec/v1\noid sha256:12\n",
       "a Git LFS pointer: the file itself was not fetched"},
      {std::string(100, '\0'), "nothing but zero bytes"},
      {"\1\2\3\4", "binary data of an unknown kind"},
      {"!<arch>\n", "an archive"},
      {std::string("rust\0\0\0\x09", 8), "Rust metadata"},
  };
  for (const auto& test : kCases) {
    const Object object = Read(test.bytes);
    EXPECT_EQ(object.kind, ObjectKind::kUnknown) << test.what;
    EXPECT_EQ(object.what, test.what);
  }
}

TEST(MachineTest, NamesSayWidthAndByteOrderWhereTheyDiffer) {
  EXPECT_EQ((Machine{llvm::ELF::EM_X86_64, false, true}).Name(), "x32");
  EXPECT_EQ((Machine{llvm::ELF::EM_PPC64, true, true}).Name(), "PowerPC64 little-endian");
  EXPECT_EQ((Machine{llvm::ELF::EM_RISCV, true, true}).Name(), "RISC-V 64");
  EXPECT_EQ((Machine{llvm::ELF::EM_AARCH64, true, false}).Name(), "AArch64 big-endian");
  EXPECT_EQ((Machine{0xfffe, true, true}).Name(), "machine 65534");
  EXPECT_EQ(Machine{}.Name(), "an unknown machine");
}

}  // namespace
}  // namespace cgo_ld_shim::symbols
