// macOS without an SDK: which library has a symbol, what a link leaves undefined, and the stubs that are made of both.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "darwin/libraries.h"
#include "darwin/mach_o.h"
#include "darwin/prepare.h"
#include "darwin/text_stub.h"
#include "gmock/gmock.h"
#include "invocation/arguments.h"
#include "tests/support/archive.h"
#include "tests/support/elf.h"

namespace cgo_ld_shim::darwin {
namespace {

using rules::RuleId;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::UnorderedElementsAre;

const Library kCoreFoundation = {"CoreFoundation", true};
const Library kSecurity = {"Security", true};
const Library kResolv = {"resolv", false};
const std::vector<Library> kGos = {kCoreFoundation, kSecurity, kResolv};

TEST(LibrariesTest, NamesTellTheLibraryAmongThoseThatAreAskedFor) {
  EXPECT_EQ(HomeOf("_CFRelease", kGos), kCoreFoundation);
  EXPECT_EQ(HomeOf("_kCFAllocatorDefault", kGos), kCoreFoundation);
  EXPECT_EQ(HomeOf("___CFConstantStringClassReference", kGos), kCoreFoundation);
  EXPECT_EQ(HomeOf("_SecTrustEvaluate", kGos), kSecurity);
  EXPECT_EQ(HomeOf("_kSecClass", kGos), kSecurity);
  EXPECT_EQ(HomeOf("_res_9_ninit", kGos), kResolv);
  EXPECT_EQ(HomeOf("_ns_initparse", kGos), kResolv);
  EXPECT_EQ(HomeOf("_SecTrustEvaluate", {kCoreFoundation}), std::nullopt);
}

TEST(LibrariesTest, NamesThatOnlyBeginAlikeHaveNoHome) {
  EXPECT_EQ(HomeOf("_CFNetworkCopySystemProxySettings", kGos), std::nullopt);
  EXPECT_EQ(HomeOf("_Secure", kGos), std::nullopt);
  EXPECT_EQ(HomeOf("_no_such_thing", kGos), std::nullopt);
}

TEST(LibrariesTest, TheOnlyLibraryOfUnknownNamesHasTheRest) {
  const Library z = {"z", false};
  EXPECT_EQ(HomeOf("_deflate", {kCoreFoundation, z}), z);
  EXPECT_EQ(HomeOf("_CFRelease", {kCoreFoundation, z}), kCoreFoundation);
  EXPECT_EQ(HomeOf("_deflate", {z, {"bz2", false}}), std::nullopt) << "either could be it";
  EXPECT_EQ(HomeOf("__ZNSt3__14coutE", {z}), std::nullopt) << "the C++ library is zig's";
  EXPECT_EQ(HomeOf("___isPlatformVersionAtLeast", {z}), std::nullopt) << "so is the compiler's";
}

TEST(LibrariesTest, InstallNamesAreThoseOfEveryMac) {
  EXPECT_EQ(InstallName(kResolv), "/usr/lib/libresolv.9.dylib");
  EXPECT_EQ(InstallName({"Foundation", true}), "/System/Library/Frameworks/Foundation.framework/Versions/C/Foundation");
  EXPECT_EQ(InstallName(kSecurity), "/System/Library/Frameworks/Security.framework/Versions/A/Security");
  EXPECT_EQ(InstallName({"leveldb", false}), std::nullopt);
  EXPECT_TRUE(IsPartOfLibSystem("pthread"));
  EXPECT_FALSE(IsPartOfLibSystem("resolv"));
}

TEST(LibrariesTest, HeadersOfTheSdkAreKnown) {
  EXPECT_EQ(SdkPartOfHeader("CoreFoundation/CoreFoundation.h"), "the framework CoreFoundation");
  EXPECT_EQ(SdkPartOfHeader("zlib.h"), "the header zlib.h");
  EXPECT_EQ(SdkPartOfHeader("vendor/vendor.h"), "");
}

TEST(TextStubTest, WhatIsWrittenIsRead) {
  const std::string text = WriteTextStub({"/usr/lib/libresolv.9.dylib", {"_res_9_ninit", "_it's"}}, "arm64");
  EXPECT_THAT(text, HasSubstr("install-name:    '/usr/lib/libresolv.9.dylib'"));
  const auto names = ParseTextStub(text, "x.tbd", "arm64");
  ASSERT_TRUE(names.ok()) << names.status();
  EXPECT_THAT(*names, UnorderedElementsAre("_res_9_ninit", "_it's"));
  EXPECT_THAT(*ParseTextStub(text, "x.tbd", "amd64"), IsEmpty());
  EXPECT_THAT(WriteTextStub({"/usr/lib/libz.1.dylib", {}}, "amd64"), Not(HasSubstr("exports")));
}

TEST(TextStubTest, AllDocumentsAndAllKindsOfNamesCount) {
  const auto names = ParseTextStub(
      "--- !tapi-tbd\ntbd-version: 4\ntargets: [ x86_64-macos, arm64e-macos, arm64e.x1-maccatalyst ]\n"
      "install-name: '/usr/lib/libA.dylib'\nallowable-clients:\n  - targets: [ x86_64-macos ]\n    clients: [ '!' ]\n"
      "exports:\n  - targets: [ arm64e-macos ]\n    symbols: [ _a ]\n    weak-symbols: [ _w ]\n"
      "    objc-classes: [ NSThing ]\n  - targets: [ arm64e.x1-maccatalyst ]\n    symbols: [ _other ]\n"
      "--- !tapi-tbd\ntbd-version: 4\ntargets: [ arm64-macos ]\ninstall-name: '/usr/lib/libB.dylib'\n"
      "reexports:\n  - targets: [ arm64-macos ]\n    symbols: [ '$ld$hide$os10.4$_b', _b ]\n...\n",
      "x.tbd", "arm64");
  ASSERT_TRUE(names.ok()) << names.status();
  EXPECT_THAT(*names, UnorderedElementsAre("_a", "_w", "_OBJC_CLASS_$_NSThing", "_OBJC_METACLASS_$_NSThing",
                                           "$ld$hide$os10.4$_b", "_b"));
}

TEST(TextStubTest, AnythingElseIsNamed) {
  for (const char* text : {"", "hello", "--- !tapi-tbd-v3\narchs: [ x86_64 ]\n...\n", "exports: [ }"}) {
    const auto names = ParseTextStub(text, "/x/libz.tbd", "arm64");
    EXPECT_TRUE(absl::IsDataLoss(names.status())) << text;
    EXPECT_THAT(names.status().message(), HasSubstr("/x/libz.tbd"));
  }
}

// A Mach-O object for arm64 (or x86-64) with these symbols.
std::string MachO(const std::vector<std::string>& defined, const std::vector<std::string>& undefined,
                  bool amd64 = false) {
  std::string names, strings = "    - ''\n";
  size_t at = 1;
  const auto add = [&](const std::string& name, int type, int section) {
    absl::StrAppend(&names, "    - { n_strx: ", at, ", n_type: ", type, ", n_sect: ", section,
                    ", n_desc: 0, n_value: 0 }\n");
    absl::StrAppend(&strings, "    - ", name, "\n");
    at += name.size() + 1;
  };
  for (const std::string& name : defined) add(name, 0x0f, 1);
  for (const std::string& name : undefined) add(name, 0x01, 0);
  const size_t count = defined.size() + undefined.size();
  return test_support::MakeObject(absl::StrCat(
      "--- !mach-o\nFileHeader: { magic: 0xFEEDFACF, cputype: ", amd64 ? "0x01000007" : "0x0100000C",
      ", cpusubtype: ", amd64 ? 3 : 0,
      ", filetype: 1, ncmds: 2, sizeofcmds: 176, flags: 0, reserved: 0 }\n"
      "LoadCommands:\n"
      "  - { cmd: LC_SEGMENT_64, cmdsize: 152, segname: '', vmaddr: 0, vmsize: 4, fileoff: 208, filesize: 4, maxprot: "
      "7,"
      " initprot: 7, nsects: 1, flags: 0, Sections: [ { sectname: __text, segname: __TEXT, addr: 0, size: 4,"
      " offset: 208, align: 2, reloff: 0, nreloc: 0, flags: 0x80000400, reserved1: 0, reserved2: 0, reserved3: 0,"
      " content: C0035FD6 } ] }\n"
      "  - { cmd: LC_SYMTAB, cmdsize: 24, symoff: 212, nsyms: ",
      count, ", stroff: ", 212 + 16 * count, ", strsize: ", at, " }\nLinkEditData:\n  NameList:\n", names,
      "  StringTable:\n", strings, "...\n"));
}

class MachOTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "darwin-XXXXXX";
    root_ = ::mkdtemp(name.data());
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  std::string Write(const std::string& name, const std::string& bytes) const {
    const std::string path = absl::StrCat(root_, "/", name);
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

  std::string root_;
};

TEST_F(MachOTest, MembersThatAreNeededBringInWhatTheyNeed) {
  const std::string object = Write("go.o", MachO({"_main"}, {"_f", "_puts"}));
  const std::string archive =
      Write("libx.a", test_support::MakeArchive({{"f.o", MachO({"_f"}, {"_g", "_CFRelease"})},
                                                 {"g.o", MachO({"_g"}, {})},
                                                 {"unused.o", MachO({"_h"}, {"_nowhere"})}},
                                                {.format = test_support::ArchiveFormat::kDarwin}));
  const auto undefined = FindUndefined({archive, object}, "arm64");
  ASSERT_TRUE(undefined.ok()) << undefined.status();
  EXPECT_THAT(undefined->symbols, UnorderedElementsAre(Pair("_puts", object), Pair("_CFRelease", "libx.a(f.o)")));
}

TEST_F(MachOTest, FilesForAnotherMachineAreNamed) {
  const std::string amd64 = Write("amd64.o", MachO({"_main"}, {}, /*amd64=*/true));
  EXPECT_THAT(FindUndefined({amd64}, "arm64").status().message(),
              AllOf(HasSubstr("amd64.o"), HasSubstr("x86_64"), HasSubstr("arm64")));
  const std::string elf = Write("elf.o", test_support::ObjectBuilder().Define("f").Build());
  EXPECT_THAT(FindUndefined({elf}, "arm64").status().message(),
              AllOf(HasSubstr("elf.o is not a Mach-O file"), HasSubstr("x86-64"), HasSubstr("macOS on arm64")));
  EXPECT_TRUE(absl::IsNotFound(FindUndefined({root_ + "/nothing.o"}, "arm64").status()));
}

std::vector<rules::RuleId> Rules(const rules::Edits& edits) {
  std::vector<rules::RuleId> rules;
  for (const rules::Edit& edit : edits.log()) rules.push_back(*edit.rule.id());
  return rules;
}

TEST_F(MachOTest, AStubHoldsWhatTheProgramTakes) {
  const std::string object = Write("go.o", MachO({"_main"}, {"_puts", "_res_9_ninit", "_SecTrustEvaluate", "_lost"}));
  const std::string libsystem =
      Write("libSystem.tbd", WriteTextStub({"/usr/lib/libSystem.B.dylib", {"_puts"}}, "arm64"));
  const auto prepared =
      Prepare({.arguments = invocation::TypeArguments({"-Wl,-headerpad,1144,-no_pie", "-o", "a.out", object,
                                                       "-framework", "CoreFoundation", "-lresolv", "-lpthread",
                                                       "-framework", "Security", "-framework", "CoreFoundation"}),
               .arch = "arm64",
               .cwd = root_,
               .directory = root_,
               .libsystem = libsystem});
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  EXPECT_THAT(prepared->edits.Words(),
              ElementsAre("-Wl,-headerpad,1144", "-o", "a.out", object, "-lresolv", "-lpthread", "-framework",
                          "Security", "-F", root_, "-L" + root_, "-Wl,--no-gc-sections", "-Wl,-S"));
  EXPECT_THAT(Rules(prepared->edits),
              ElementsAre(RuleId::kDropRefused, RuleId::kDropRepeat, RuleId::kDropUnused, RuleId::kTextStub,
                          RuleId::kTextStub, RuleId::kAppleDefaults, RuleId::kAppleDefaults));
  ASSERT_EQ(prepared->unplaced.size(), 1U);
  EXPECT_EQ(prepared->unplaced[0].symbol, "_lost");
  EXPECT_EQ(prepared->unplaced[0].wanted_by, object);
  EXPECT_THAT(*ReadTextStub(root_ + "/Security.framework/Security.tbd", "arm64"), ElementsAre("_SecTrustEvaluate"));
  EXPECT_THAT(*ReadTextStub(root_ + "/libresolv.tbd", "arm64"), ElementsAre("_res_9_ninit"));
}

TEST_F(MachOTest, AFileOfTheUsersNeedsNoStub) {
  const std::string object = Write("go.o", MachO({"_main"}, {"_deflate"}));
  Write("libz.a", test_support::MakeArchive({{"z.o", MachO({"_deflate"}, {})}}));
  const std::string libsystem = Write("libSystem.tbd", WriteTextStub({"/usr/lib/libSystem.B.dylib", {}}, "arm64"));
  const auto prepared = Prepare({.arguments = invocation::TypeArguments({object, "-L.", "-lz"}),
                                 .arch = "arm64",
                                 .cwd = root_,
                                 .directory = root_,
                                 .libsystem = libsystem,
                                 .keep_stabs = true});
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  EXPECT_THAT(prepared->edits.Words(), ElementsAre(object, "-L.", "-lz", "-Wl,--no-gc-sections"));
  EXPECT_THAT(Rules(prepared->edits), ElementsAre(RuleId::kAppleDefaults));
  EXPECT_THAT(prepared->unplaced, IsEmpty());
}

TEST_F(MachOTest, SymbolsThatMayBeUndefinedAreLookedUpWhenNoLibraryHasThem) {
  const std::string object = Write("go.o", MachO({"_main"}, {"_puts", "_hook"}));
  const std::string libsystem =
      Write("libSystem.tbd", WriteTextStub({"/usr/lib/libSystem.B.dylib", {"_puts"}}, "arm64"));
  const auto prepared = Prepare({.arguments = invocation::TypeArguments({object, "-Wl,-U,_hook", "-Wl,-U,_puts"}),
                                 .arch = "arm64",
                                 .cwd = root_,
                                 .directory = root_,
                                 .libsystem = libsystem,
                                 .keep_stabs = true});
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  EXPECT_THAT(prepared->edits.Words(), ElementsAre(object, "-Wl,--no-gc-sections", "-Wl,-undefined,dynamic_lookup"));
  EXPECT_THAT(Rules(prepared->edits),
              ElementsAre(RuleId::kAppleDefaults, RuleId::kTranslateRefused, RuleId::kDropRefused));
  EXPECT_THAT(prepared->edits.log()[1].before, ElementsAre("-Wl,-U,_hook"));
  EXPECT_THAT(prepared->edits.log()[1].after, ElementsAre("-Wl,-undefined,dynamic_lookup"));
}

TEST_F(MachOTest, AnSdkBringsItsOwnLibraries) {
  const auto prepared =
      Prepare({.arguments = invocation::TypeArguments({"go.o", "-framework", "AppKit", "-Wl,-no_uuid"}),
               .arch = "arm64",
               .cwd = root_,
               .sdk = "/sdk",
               .keep_stabs = true});
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  EXPECT_THAT(prepared->edits.Words(), ElementsAre("go.o", "-framework", "AppKit", "-F/sdk/System/Library/Frameworks",
                                                   "-L/sdk/usr/lib", "-Wl,--no-gc-sections"));
  EXPECT_THAT(Rules(prepared->edits), ElementsAre(RuleId::kDropRefused, RuleId::kSdkLibraries, RuleId::kAppleDefaults));
}

}  // namespace
}  // namespace cgo_ld_shim::darwin
