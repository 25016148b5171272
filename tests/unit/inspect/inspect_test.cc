// What `check` says of files of all formats, and of files that are damaged or none.
#include "inspect/inspect.h"

#include <sys/stat.h>

#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "llvm/Support/JSON.h"
#include "tests/support/archive.h"
#include "tests/support/elf.h"

namespace cgo_ld_shim::inspect {
namespace {

using ::cgo_ld_shim::test_support::MakeObject;
using ::cgo_ld_shim::test_support::ObjectBuilder;
using ::cgo_ld_shim::test_support::SharedBuilder;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

BinaryFacts Read(const std::string& bytes) {
  absl::StatusOr<std::vector<BinaryFacts>> all = ReadBinaryBytes(bytes, "app");
  EXPECT_TRUE(all.ok()) << all.status();
  return all.ok() && !all->empty() ? all->front() : BinaryFacts();
}

std::string ErrorOf(const std::string& bytes) {
  const absl::StatusOr<std::vector<BinaryFacts>> all = ReadBinaryBytes(bytes, "app");
  return all.ok() ? "no error" : std::string(all.status().message());
}

std::vector<std::string> Ids(const Verdict& verdict) {
  std::vector<std::string> ids;
  for (const Finding& finding : verdict.findings) ids.push_back(finding.id);
  return ids;
}
Finding FindingOf(const Verdict& verdict, const std::string& id) {
  for (const Finding& finding : verdict.findings) {
    if (finding.id == id) return finding;
  }
  ADD_FAILURE() << "no finding " << id;
  return {};
}

// An executable with what the test adds: sections, program headers, symbols.
std::string Executable(const std::string& sections, const std::string& headers, const std::string& symbols = "",
                       const std::string& file =
                           "Class: ELFCLASS64\n  Data: ELFDATA2LSB\n  Type: ET_EXEC\n"
                           "  Machine: EM_X86_64") {
  return MakeObject(
      absl::StrCat("--- !ELF\nFileHeader:\n  ", file, "\nSections:\n",
                   "  - { Name: .text, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_EXECINSTR ], "
                   "Address: 0x401000, Content: 'c3' }\n",
                   sections, symbols.empty() ? "" : absl::StrCat("Symbols:\n", symbols),
                   "ProgramHeaders:\n  - { Type: PT_LOAD, Flags: [ PF_R, PF_X ], VAddr: 0x401000, FirstSec: "
                   ".text, LastSec: .text }\n",
                   headers));
}

constexpr char kGnuStack[] = "  - { Type: PT_GNU_STACK, Flags: [ PF_R, PF_W ] }\n";
// NT_GNU_ABI_TAG: Linux 3.2.0. Only glibc's crt1.o has it.
constexpr char kAbiTag[] =
    "  - { Name: .note.ABI-tag, Type: SHT_NOTE, Flags: [ SHF_ALLOC ], Address: 0x400200, AddressAlign: 4,\n"
    "      Notes: [ { Name: GNU, Desc: '00000000030000000200000000000000', Type: 1 } ] }\n"
    "  - { Name: .note.gnu.build-id, Type: SHT_NOTE, Flags: [ SHF_ALLOC ], Address: 0x400220, AddressAlign: 4,\n"
    "      Notes: [ { Name: GNU, Desc: 'abcdef0123456789', Type: 3 } ] }\n";
constexpr char kNoteHeader[] =
    "  - { Type: PT_NOTE, Flags: [ PF_R ], VAddr: 0x400200, FirstSec: .note.ABI-tag, LastSec: .note.gnu.build-id }\n";

TEST(InspectElfTest, AStaticProgramOfGlibc) {
  const BinaryFacts facts = Read(Executable(kAbiTag, absl::StrCat(kGnuStack, kNoteHeader)));
  EXPECT_EQ(facts.format, "elf");
  EXPECT_EQ(facts.type, "static");
  EXPECT_EQ(facts.architecture, "x86_64");
  EXPECT_EQ(facts.system, "linux");
  EXPECT_TRUE(facts.libc.IsGlibc());
  EXPECT_EQ(facts.build_id, "abcdef0123456789");
  EXPECT_EQ(facts.stack, "not executable");
  EXPECT_EQ(facts.relro, "none");
  EXPECT_TRUE(facts.stripped);
  EXPECT_TRUE(facts.externally_linked);
  const Verdict verdict = Judge(facts);
  EXPECT_EQ(verdict.exit_status, 0);
  EXPECT_THAT(Ids(verdict), ElementsAre("static"));
}

TEST(InspectElfTest, EveryClassAndByteOrder) {
  for (const char* klass : {"ELFCLASS32", "ELFCLASS64"}) {
    for (const char* data : {"ELFDATA2LSB", "ELFDATA2MSB"}) {
      const std::string file =
          absl::StrCat("Class: ", klass, "\n  Data: ", data, "\n  Type: ET_EXEC\n  Machine: EM_PPC64");
      const BinaryFacts facts = Read(Executable(kAbiTag, absl::StrCat(kGnuStack, kNoteHeader), "", file));
      EXPECT_EQ(facts.type, "static") << file;
      EXPECT_EQ(facts.build_id, "abcdef0123456789") << file;
      EXPECT_EQ(facts.bits, std::string(klass) == "ELFCLASS32" ? 32 : 64);
      EXPECT_EQ(facts.big_endian, std::string(data) == "ELFDATA2MSB");
    }
  }
}

TEST(InspectElfTest, ALoaderAndWhatIsNeededMakeItDynamic) {
  // The offsets of the names in .dynstr are yaml2obj's: libc.so.6 stands first.
  const BinaryFacts facts = Read(Executable(
      "  - { Name: .interp, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC ], Address: 0x402000, Content: "
      "'2f6c696236342f6c642d6c696e75782d7838362d36342e736f2e3200' }\n"
      "  - { Name: .dynstr, Type: SHT_STRTAB, Flags: [ SHF_ALLOC ], Address: 0x40201c, Content: "
      "'006c6962632e736f2e36006c69627a2e736f2e3100' }\n"
      "  - { Name: .dynamic, Type: SHT_DYNAMIC, Flags: [ SHF_ALLOC ], Address: 0x402038, Link: .dynstr, Entries: [ "
      "{ Tag: DT_NEEDED, Value: 1 }, { Tag: DT_NEEDED, Value: 11 }, { Tag: DT_STRTAB, Value: 0x40201c }, "
      "{ Tag: DT_TEXTREL, Value: 0 }, { Tag: DT_NULL, Value: 0 } ] }\n",
      "  - { Type: PT_LOAD, Flags: [ PF_R ], VAddr: 0x402000, FirstSec: .interp, LastSec: .dynamic }\n"
      "  - { Type: PT_INTERP, Flags: [ PF_R ], VAddr: 0x402000, FirstSec: .interp, LastSec: .interp }\n"
      "  - { Type: PT_DYNAMIC, Flags: [ PF_R ], VAddr: 0x402038, FirstSec: .dynamic, LastSec: .dynamic }\n"));
  EXPECT_EQ(facts.type, "dynamic");
  EXPECT_EQ(facts.interpreter, "/lib64/ld-linux-x86-64.so.2");
  EXPECT_THAT(facts.needed, ElementsAre("libc.so.6", "libz.so.1"));
  EXPECT_TRUE(facts.libc.IsGlibc());
  EXPECT_TRUE(facts.text_relocations);
  EXPECT_EQ(facts.stack, "not stated");
  const Verdict verdict = Judge(facts);
  EXPECT_EQ(verdict.exit_status, 1);
  EXPECT_THAT(Ids(verdict), ElementsAre("dynamic", "text-relocations"));
  EXPECT_THAT(FindingOf(verdict, "dynamic").meaning, HasSubstr("libz.so.1"));
}

TEST(InspectElfTest, WritableCodeAndExecutableStack) {
  const BinaryFacts facts = Read(
      Executable("  - { Name: .hot, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC ], Address: 0x500000, Content: 'c3' }\n",
                 "  - { Type: PT_LOAD, Flags: [ PF_R, PF_W, PF_X ], VAddr: 0x500000, FirstSec: .hot, LastSec: .hot }\n"
                 "  - { Type: PT_GNU_STACK, Flags: [ PF_R, PF_W, PF_X ] }\n"));
  EXPECT_THAT(facts.writable_code, ElementsAre("0x500000 (1 bytes)"));
  EXPECT_EQ(facts.stack, "executable");
  EXPECT_THAT(Ids(Judge(facts)), ElementsAre("static", "writable-code", "executable-stack"));
}

std::string Function(const std::string& name) {
  return absl::StrCat("  - { Name: ", name,
                      ", Type: STT_FUNC, Section: .text, Binding: STB_GLOBAL, Value: 0x401000 }\n");
}

TEST(InspectElfTest, SymbolsTellWhatGoCodeUses) {
  const BinaryFacts facts =
      Read(Executable(kAbiTag, kGnuStack,
                      absl::StrCat(Function("getpwnam_r"), Function("getaddrinfo"), Function("dlopen"),
                                   Function("setlocale"), Function("_cgo_0a1b2c3d4e5f_Cfunc_dlopen"),
                                   Function("__cgo_ld_shim_stub_gss_init_sec_context"), Function("_ZSt4cout"))));
  EXPECT_EQ(facts.FindUse("names")->certainty, Certainty::kUsed);
  EXPECT_THAT(facts.FindUse("names")->symbols, ElementsAre("getaddrinfo", "getpwnam_r"));
  EXPECT_EQ(facts.FindUse("dlopen")->certainty, Certainty::kUsed);
  EXPECT_THAT(facts.FindUse("dlopen")->users, ElementsAre("Go code"));
  // glibc's own: nobody else is known to use it.
  EXPECT_EQ(facts.FindUse("locale")->certainty, Certainty::kPresent);
  EXPECT_EQ(facts.FindUse("iconv")->certainty, Certainty::kNo);
  EXPECT_THAT(facts.stubs, ElementsAre("gss_init_sec_context"));
  EXPECT_EQ(facts.cxx_runtime, "libstdc++");
  EXPECT_FALSE(facts.stripped);
  const Verdict verdict = Judge(facts);
  EXPECT_THAT(Ids(verdict), ElementsAre("static", "names", "dlopen", "stubs"));
  EXPECT_EQ(FindingOf(verdict, "names").level, Level::kLimit);
}

TEST(InspectElfTest, OurNoteSaysThatLookUpsAreRestrictedEvenWhenStripped) {
  const std::string note =
      absl::StrReplaceAll(kAbiTag, {{"[ { Name: GNU, Desc: 'abcdef0123456789', Type: 3",
                                     "[ { Name: cgo-ld-shim, Desc: '6e73732d66696c657300', Type: 1"}});
  EXPECT_TRUE(Read(Executable(note, absl::StrCat(kGnuStack, kNoteHeader))).nss_files);
}

TEST(InspectElfTest, ThePackageNoteIsKept) {
  const std::string json = R"({"type":"generic","name":"kv"})";
  const std::string note = absl::StrReplaceAll(
      kAbiTag, {{"[ { Name: GNU, Desc: 'abcdef0123456789', Type: 3",
                 absl::StrCat("[ { Name: FDO, Desc: '", absl::BytesToHexString(json), "00', Type: 0xcafe1a7e")}});
  EXPECT_EQ(Read(Executable(note, absl::StrCat(kGnuStack, kNoteHeader))).package_note, json);
}

TEST(InspectElfTest, VersionsFromTheBanner) {
  const std::string banner = "GNU C Library (Debian GLIBC 2.36-9+deb12u14) stable release version 2.36.\n";
  const BinaryFacts facts =
      Read(Executable(absl::StrCat(kAbiTag,
                                   "  - { Name: .rodata, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC ], "
                                   "Address: 0x402000, Content: '",
                                   absl::BytesToHexString(banner), "' }\n"),
                      ""));
  EXPECT_EQ(facts.libc.ToString(), "glibc 2.36");
}

// Go's blob as the linker writes it, in a section of an otherwise empty program.
std::string GoProgram(const std::string& modinfo) {
  std::string blob = absl::StrCat("\xff Go buildinf:", absl::string_view("\x08\x02", 2), std::string(16, '\0'));
  const std::string framed = absl::StrCat(std::string(16, 'm'), modinfo, std::string(16, 'm'));
  absl::StrAppend(&blob, std::string(1, 8), "go1.26.8");
  std::string length;
  for (size_t left = framed.size();; left >>= 7) {
    length += static_cast<char>((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    if (left <= 0x7f) break;
  }
  absl::StrAppend(&blob, length, framed);
  return absl::StrCat(
      "  - { Name: .go.buildinfo, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_WRITE ], Address: "
      "0x600000, AddressAlign: 16, Content: '",
      absl::BytesToHexString(blob), "' }\n");
}

TEST(InspectGoTest, VersionModulesAndSettings) {
  const BinaryFacts facts = Read(Executable(
      GoProgram("path\texample.com/kv\nmod\texample.com/kv\t(devel)\t\n"
                "dep\tgithub.com/mattn/go-sqlite3\tv1.14.33\th1:abc=\n"
                "dep\tgithub.com/old/one\tv1.0.0\n=>\tgithub.com/new/one\tv1.2.0\th1:def=\n"
                "build\t-buildmode=exe\nbuild\tCGO_ENABLED=1\nbuild\tGOOS=linux\nbuild\t-ldflags=\"-s -w\"\n"),
      ""));
  EXPECT_TRUE(facts.go.present);
  EXPECT_EQ(facts.go.version, "go1.26.8");
  EXPECT_EQ(facts.go.package, "example.com/kv");
  EXPECT_EQ(facts.go.main.version, "(devel)");
  ASSERT_EQ(facts.go.modules.size(), 2U);
  EXPECT_EQ(facts.go.modules[0].hash, "h1:abc=");
  EXPECT_EQ(facts.go.modules[1].path, "github.com/new/one");
  EXPECT_EQ(facts.go.Setting("CGO_ENABLED"), "1");
  EXPECT_EQ(facts.go.Setting("-ldflags"), "-s -w");
  EXPECT_EQ(facts.system, "linux");
  // Go's own linker made it: whatever its strings look like, there is no C library in it.
  EXPECT_FALSE(facts.externally_linked);
  EXPECT_FALSE(facts.libc);
}

// A program with these functions by Go's own table.
BinaryFacts WithFunctions(const std::vector<std::string>& names) {
  std::string table(1, '\0');
  for (const std::string& name : names) absl::StrAppend(&table, name, absl::string_view("\0", 1));
  return Read(Executable(absl::StrCat(GoProgram("path\tx\n"),
                                      "  - { Name: .gopclntab, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC ], Address: "
                                      "0x700000, Content: '",
                                      absl::BytesToHexString(table), "' }\n"),
                         ""));
}

TEST(InspectGoTest, FilesOfTheHostThatAContainerHasToBringAreNamed) {
  const Verdict both = Judge(WithFunctions({"crypto/x509.loadSystemRoots", "time.LoadLocation", "main.main"}));
  EXPECT_EQ(both.exit_status, 0);
  EXPECT_THAT(FindingOf(both, "certificates").way_out, HasSubstr("ca-certificates.crt"));
  EXPECT_THAT(FindingOf(both, "time-zones").way_out, HasSubstr("-tags timetzdata"));
  EXPECT_THAT(Ids(Judge(WithFunctions({"crypto/x509.loadSystemRootsToo", "some/time.LoadLocation", "main.main"}))),
              ElementsAre("static"));
  EXPECT_THAT(
      Ids(Judge(WithFunctions({"crypto/x509.loadSystemRoots", "time.LoadLocation", "time/tzdata.loadFromEmbeddedTZData",
                               "golang.org/x/crypto/x509roots/fallback.init.0"}))),
      ElementsAre("static"))
      << "it brings them";
}

TEST(InspectGoTest, ABlobThatEndsEarlyIsNoError) {
  const std::string whole = GoProgram("path\tx\n");
  const size_t begin = whole.find("Content: '") + 10, end = whole.find("' }");
  for (size_t left = 2; left < end - begin; left += 2) {
    const std::string section = absl::StrCat(whole.substr(0, begin + left), whole.substr(end));
    EXPECT_EQ(Read(Executable(section, "")).type, "static") << left;
  }
}

TEST(InspectElfTest, ObjectsAndSharedLibrariesAreNoPrograms) {
  const BinaryFacts object = Read(ObjectBuilder().Define("f").Build());
  EXPECT_EQ(object.type, "object");
  EXPECT_EQ(Judge(object).exit_status, 1);
  const BinaryFacts shared = Read(SharedBuilder().Soname("libx.so.1").Needed("libc.so.6").Define("x_open").Build());
  EXPECT_EQ(shared.type, "shared");
  EXPECT_THAT(Ids(Judge(shared)), ElementsAre("library"));
}

TEST(InspectMachOTest, WhatMacOsHasIsEnough) {
  const std::string yaml = R"(--- !mach-o
FileHeader: { magic: 0xFEEDFACF, cputype: 0x0100000C, cpusubtype: 0, filetype: 2, ncmds: 2, sizeofcmds: 88, flags: 0x200085, reserved: 0 }
LoadCommands:
  - { cmd: LC_LOAD_DYLINKER, cmdsize: 32, name: 12, Content: /usr/lib/dyld, ZeroPadBytes: 7 }
  - { cmd: LC_LOAD_DYLIB, cmdsize: 56, dylib: { name: 24, timestamp: 2, current_version: 1, compatibility_version: 1 }, Content: LIBRARY, ZeroPadBytes: 6 }
...
)";
  const BinaryFacts system = Read(MakeObject(absl::StrReplaceAll(yaml, {{"LIBRARY", "/usr/lib/libSystem.B.dylib"}})));
  EXPECT_EQ(system.format, "mach-o");
  EXPECT_EQ(system.architecture, "aarch64");
  EXPECT_EQ(system.type, "dynamic-pie");
  EXPECT_EQ(system.interpreter, "/usr/lib/dyld");
  EXPECT_THAT(system.needed, ElementsAre("/usr/lib/libSystem.B.dylib"));
  EXPECT_EQ(system.libc.Name(), "libSystem");
  EXPECT_EQ(Judge(system).exit_status, 0);
  const BinaryFacts brew = Read(MakeObject(absl::StrReplaceAll(yaml, {{"LIBRARY", "/opt/homebrew/lib/libz.dyl"}})));
  const Verdict verdict = Judge(brew);
  EXPECT_EQ(verdict.exit_status, 1);
  EXPECT_THAT(FindingOf(verdict, "needed-libraries").meaning, HasSubstr("/opt/homebrew/lib/libz.dyl"));
}

TEST(InspectMachOTest, AUniversalFileIsSeveral) {
  const std::string yaml = R"(--- !fat-mach-o
FatHeader: { magic: 0xCAFEBABE, nfat_arch: 2 }
FatArchs:
  - { cputype: 0x01000007, cpusubtype: 3, offset: 0x1000, size: 32, align: 12 }
  - { cputype: 0x0100000C, cpusubtype: 0, offset: 0x2000, size: 32, align: 12 }
Slices:
  - !mach-o
    FileHeader: { magic: 0xFEEDFACF, cputype: 0x01000007, cpusubtype: 3, filetype: 2, ncmds: 0, sizeofcmds: 0, flags: 0, reserved: 0 }
  - !mach-o
    FileHeader: { magic: 0xFEEDFACF, cputype: 0x0100000C, cpusubtype: 0, filetype: 2, ncmds: 0, sizeofcmds: 0, flags: 0, reserved: 0 }
...
)";
  const absl::StatusOr<std::vector<BinaryFacts>> all = ReadBinaryBytes(MakeObject(yaml), "app");
  ASSERT_TRUE(all.ok()) << all.status();
  ASSERT_EQ(all->size(), 2U);
  EXPECT_EQ((*all)[0].architecture, "x86_64");
  EXPECT_EQ((*all)[1].architecture, "aarch64");
}

TEST(InspectPeTest, AnObjectIsReadAsOne) {
  const BinaryFacts facts = Read(MakeObject(
      "--- !COFF\nheader: { Machine: IMAGE_FILE_MACHINE_AMD64, Characteristics: [ ] }\nsections: [ ]\nsymbols: [ ]\n"));
  EXPECT_EQ(facts.format, "pe");
  EXPECT_EQ(facts.type, "object");
}

TEST(InspectPeTest, LibrariesOfOthersAreNamed) {
  BinaryFacts facts{
      .path = "app.exe", .format = "pe", .architecture = "x86_64", .system = "windows", .type = "dynamic"};
  facts.needed = {"KERNEL32.dll", "api-ms-win-crt-heap-l1-1-0.dll", "WS2_32.DLL"};
  EXPECT_EQ(Judge(facts).exit_status, 0);
  facts.needed.emplace_back("libstdc++-6.dll");
  const Verdict verdict = Judge(facts);
  EXPECT_EQ(verdict.exit_status, 1);
  EXPECT_THAT(FindingOf(verdict, "needed-libraries").meaning,
              AllOf(HasSubstr("libstdc++-6.dll"), Not(HasSubstr("KERNEL32"))));
}

TEST(InspectErrorTest, WhatIsNoBinaryIsNamed) {
  EXPECT_EQ(ErrorOf("#!/bin/sh\necho hello\n"), "app is a script, not a program or shared library");
  EXPECT_EQ(ErrorOf(""), "app is an empty file, not a program or shared library");
  EXPECT_EQ(ErrorOf(test_support::MakeArchive({{"a.o", "x"}})), "app is an archive, not a program or shared library");
}

TEST(InspectErrorTest, EveryCutIsAnErrorOrAnAnswer) {
  const std::string whole = Executable(kAbiTag, absl::StrCat(kGnuStack, kNoteHeader), Function("getaddrinfo"));
  for (size_t size = 4; size < whole.size(); ++size) {
    const absl::StatusOr<std::vector<BinaryFacts>> all = ReadBinaryBytes(whole.substr(0, size), "app");
    // The section headers stand at its end.
    ASSERT_FALSE(all.ok()) << size << " of " << whole.size() << " bytes";
    EXPECT_THAT(std::string(all.status().message()), HasSubstr("app is damaged or cut off: "));
  }
}

TEST(InspectErrorTest, OffsetsBeyondAllBounds) {
  std::string bytes = Executable(kAbiTag, absl::StrCat(kGnuStack, kNoteHeader));
  for (size_t at = 0x20; at < 0x40; ++at) {  // e_phoff, e_shoff, sizes and counts
    std::string damaged = bytes;
    for (size_t i = at; i < at + 8 && i < 0x40; ++i) damaged[i] = '\xff';
    (void)ReadBinaryBytes(damaged, "app");
  }
  for (size_t at = 0x40; at < bytes.size(); ++at) {  // everything else, a byte at a time
    std::string damaged = bytes;
    damaged[at] = '\xff';
    (void)ReadBinaryBytes(damaged, "app");
  }
}

TEST(InspectErrorTest, FilesThatAreNone) {
  const std::string directory = ::testing::TempDir();
  EXPECT_THAT(std::string(ReadBinary(directory).status().message()), HasSubstr(" is a directory, not a program"));
  const std::string pipe = absl::StrCat(directory, "/inspect_pipe");
  ::unlink(pipe.c_str());
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THAT(std::string(ReadBinary(pipe).status().message()), HasSubstr(" is a pipe, not a program"));
  ::unlink(pipe.c_str());
  EXPECT_EQ(ReadBinary("/nonexistent/app").status().message(),
            "cannot read /nonexistent/app: no such file or directory");
  EXPECT_THAT(std::string(ReadBinary("/dev/null").status().message()), HasSubstr(" is a device, not a program"));
}

BinaryFacts StaticGlibc(const std::string& version) {
  BinaryFacts facts{.path = "app", .format = "elf", .architecture = "x86_64", .system = "linux", .type = "static"};
  facts.libc = {target::LibcFamily::kGlibc, version};
  return facts;
}

TEST(JudgeTest, NameLookUpsByVersionAndRestriction) {
  BinaryFacts facts = StaticGlibc("2.36");
  facts.uses = {{.what = "names", .certainty = Certainty::kUsed, .symbols = {"getaddrinfo"}}};
  EXPECT_EQ(FindingOf(Judge(facts), "names").level, Level::kLimit);
  facts.nss_files = true;
  EXPECT_EQ(FindingOf(Judge(facts), "names").level, Level::kGood);
  facts.libc.version = "2.31";
  const Verdict old = Judge(facts);
  EXPECT_EQ(FindingOf(old, "names").level, Level::kProblem);
  EXPECT_EQ(old.exit_status, 1) << "look-ups fail in an empty container";
  facts.libc.version = "3.0";
  EXPECT_EQ(Judge(facts).exit_status, 0);
}

TEST(JudgeTest, UsersOfIconvAndLocalesAreNamed) {
  BinaryFacts facts = StaticGlibc("2.36");
  facts.uses = {
      {.what = "iconv", .certainty = Certainty::kUsed, .symbols = {"iconv_open"}, .users = {"libarchive.a(s.o)"}},
      {.what = "locale", .certainty = Certainty::kUsed, .symbols = {"setlocale"}},
      {.what = "dlopen", .certainty = Certainty::kPresent, .symbols = {"dlopen"}}};
  const Verdict verdict = Judge(facts);
  EXPECT_THAT(Ids(verdict), ElementsAre("static", "iconv", "locale"));
  EXPECT_THAT(FindingOf(verdict, "iconv").meaning, HasSubstr("(used by libarchive.a(s.o))"));
  EXPECT_THAT(FindingOf(verdict, "iconv").way_out, HasSubstr("CGO_LD_SHIM_LIBC=musl"));
}

// CC=cgo-ld-shim alone, and a package with .cc files: g++ links.
TEST(JudgeTest, AProgramThatWasCompiledHereAndLinkedByTheCxxCompiler) {
  BinaryFacts facts{.path = "app", .format = "elf", .architecture = "x86_64", .system = "linux", .type = "dynamic"};
  facts.go.present = true;
  facts.go.settings = {{"CGO_ENABLED", "1"}};
  facts.externally_linked = facts.compiled_by_us = true;
  facts.needed = {"libstdc++.so.6", "libc.so.6"};
  EXPECT_THAT(FindingOf(Judge(facts), "bypassed").meaning, HasSubstr("compiled through cgo-ld-shim, and g++"));
  EXPECT_THAT(FindingOf(Judge(facts), "bypassed").way_out, HasSubstr("cgo-ld-shim go build"));
  EXPECT_THAT(FindingOf(Judge(facts), "dynamic").way_out, Not(HasSubstr("-a")));
}

TEST(JudgeTest, SymbolsThatAreAddressZeroAreNamed) {
  BinaryFacts facts = StaticGlibc("2.36");
  facts.unresolved = {"late_a", "late_b"};
  EXPECT_THAT(FindingOf(Judge(facts), "unresolved").meaning, HasSubstr("late_a, late_b are address 0"));
  EXPECT_THAT(FindingOf(Judge(facts), "unresolved").way_out, HasSubstr("CGO_LD_SHIM_STATIC=prefer"));
}

TEST(JudgeTest, StubsAreAProblemWhereOneAsksStrictly) {
  BinaryFacts facts = StaticGlibc("2.36");
  facts.stubs = {"udev_new"};
  EXPECT_EQ(Judge(facts).exit_status, 0);
  const Verdict verdict = Judge(facts, /*strict=*/true);
  EXPECT_EQ(verdict.exit_status, 1);
  EXPECT_THAT(FindingOf(verdict, "stubs").meaning, HasSubstr("udev_new"));
  facts.stubs.clear();
  EXPECT_EQ(Judge(facts, /*strict=*/true).exit_status, 0);
}

TEST(JudgeTest, AGoProgramThatWentPastTheShim) {
  BinaryFacts facts{.path = "app", .format = "elf", .architecture = "x86_64", .system = "linux", .type = "dynamic"};
  facts.interpreter = "/lib64/ld-linux-x86-64.so.2";
  facts.go.present = true;
  facts.go.settings = {{"CGO_ENABLED", "1"}};
  const Verdict verdict = Judge(facts);
  EXPECT_THAT(Ids(verdict), ElementsAre("dynamic", "bypassed"));
  EXPECT_THAT(FindingOf(verdict, "dynamic").way_out, HasSubstr("cgo-ld-shim go build"));
  facts.has_record = true;
  facts.dynamic_reason = "the program loads plugins (package plugin)";
  EXPECT_THAT(FindingOf(Judge(facts), "dynamic").way_out, HasSubstr("package plugin"));
}

TEST(JudgeTest, SaysWhyThisProgramWasNotCalledForTheLink) {
  BinaryFacts facts{.path = "app", .format = "elf", .architecture = "x86_64", .system = "linux", .type = "dynamic"};
  facts.interpreter = "/lib64/ld-linux-x86-64.so.2";
  facts.go.present = true;
  facts.go.settings = {{"CGO_ENABLED", "1"}, {"-ldflags", "-s -linkmode=internal"}};
  EXPECT_THAT(FindingOf(Judge(facts), "bypassed").meaning, HasSubstr("-linkmode=internal: Go linked it by itself"));
  facts.go.settings = {{"CGO_ENABLED", "1"}};
  facts.externally_linked = true;
  EXPECT_THAT(FindingOf(Judge(facts), "bypassed").meaning, HasSubstr("Go takes CXX when a package has C++ sources"));
  facts.go.settings = {{"CGO_ENABLED", "0"}};
  facts.externally_linked = false;
  facts.type = "static";
  const Verdict verdict = Judge(facts);
  EXPECT_THAT(FindingOf(verdict, "without-cgo").meaning, HasSubstr("CGO_ENABLED=0, Go's default for another target"));
  EXPECT_EQ(verdict.exit_status, 0) << "it is static, and runs";
}

TEST(AddRecordTest, SizesAndUsersComeFromArchivesThatAreStillTheSame) {
  const std::string path = absl::StrCat(::testing::TempDir(), "/libinspected.a");
  const std::string archive =
      test_support::MakeArchive({{"used.o", ObjectBuilder().Define("f").Reference("iconv_open").Build()},
                                 {"unused.o", ObjectBuilder().Define("g").Build()}});
  std::ofstream(path, std::ios::binary) << archive;
  report::LinkRecord record;
  record.libc = target::ParseLibc("glibc 2.36");
  record.inputs = {
      {.path = path,
       .kind = "archive",
       .origin = "given",
       .bytes = archive.size(),
       .as = "-linspected",
       .members = {"used.o"}},
      {.path = "/usr/lib/libc.a", .kind = "archive", .origin = "toolchain", .bytes = 1, .members = {"getaddrinfo.o"}}};
  BinaryFacts facts = StaticGlibc("");
  facts.uses = {{.what = "names"}, {.what = "iconv"}};
  AddRecord(record, &facts);
  EXPECT_EQ(facts.libc.ToString(), "glibc 2.36");
  ASSERT_EQ(facts.archives.size(), 2U);
  EXPECT_EQ(facts.archives[0].path, path);
  ASSERT_TRUE(facts.archives[0].member_bytes.has_value());
  EXPECT_GT(*facts.archives[0].member_bytes, 0U);
  EXPECT_LT(*facts.archives[0].member_bytes, archive.size());
  EXPECT_THAT(facts.FindUse("iconv")->users, ElementsAre("libinspected.a(used.o)"));
  EXPECT_EQ(facts.FindUse("names")->certainty, Certainty::kUsed) << "by the member of libc.a";

  // Another file is there now: no number is better than a wrong one.
  std::ofstream(path, std::ios::binary | std::ios::app) << "\n";
  BinaryFacts later = StaticGlibc("");
  AddRecord(record, &later);
  EXPECT_FALSE(later.archives[0].member_bytes.has_value());
}

// After STATIC=prefer: libc.so.6 is needed, and nothing of libc.a is in the file.
TEST(AddRecordTest, OfADynamicProgramTheCompilersArchivesAreNotSaidToBeInIt) {
  report::LinkRecord record;
  record.inputs = {
      {.path = "/x/libown.a", .kind = "archive", .origin = "given", .bytes = 1, .members = {"o.o"}},
      {.path = "/x/libc.a", .kind = "archive", .origin = "toolchain", .bytes = 1, .members = {"dlopen.o"}}};
  record.edits = {{rules::RuleId::kNssFiles, {}, {"nss_files.o"}, "", {}}};
  BinaryFacts facts{.path = "app", .format = "elf", .architecture = "x86_64", .system = "linux", .type = "dynamic"};
  facts.needed = {"libc.so.6"};
  facts.uses = {{.what = "dlopen"}};
  AddRecord(record, &facts);
  ASSERT_EQ(facts.archives.size(), 1U);
  EXPECT_EQ(facts.archives[0].path, "/x/libown.a");
  EXPECT_FALSE(facts.nss_files);
  EXPECT_EQ(facts.FindUse("dlopen")->certainty, Certainty::kNo);
}

TEST(AddRecordTest, OfOurOwnArchiveTheSizeIsThatOfTheLink) {
  report::LinkRecord record;
  record.inputs = {{.path = "libglibc_compat.a",
                    .kind = "archive",
                    .origin = "given",
                    .bytes = 9000,
                    .members = {"fopen64.o"},
                    .used_bytes = 320}};
  BinaryFacts facts = StaticGlibc("2.36");
  AddRecord(record, &facts);
  ASSERT_EQ(facts.archives.size(), 1U);
  EXPECT_EQ(facts.archives[0].member_bytes, 320U);
  const std::string text = FactsText(facts, Judge(facts), {});
  EXPECT_THAT(text, HasSubstr("320 bytes, 1 member, a part of cgo-ld-shim"));
}

TEST(AddRecordTest, PrivateCopiesAndStaticReasonsAreKept) {
  report::LinkRecord record;
  record.edits = {{rules::RuleId::kIsolateRuntime,
                   {"-lone"},
                   {"/tmp/libone.isolated.o"},
                   "/x/libone.a and /x/libtwo.a clash",
                   {{"f", "", "/x/libone.a"}}}};
  record.edits.push_back({rules::RuleId::kStubLibrary, {}, {"stubs.o"}, "", {{"gss_b", "", ""}, {"gss_a", "", ""}}});
  record.notes = {"linked as asked, not static: CGO_LD_SHIM_STATIC=off", "dlopen: /tmp/go-link-1/000004.o opens"};
  BinaryFacts facts = StaticGlibc("2.36");
  facts.uses = {{.what = "dlopen"}};
  AddRecord(record, &facts);
  ASSERT_EQ(facts.archives.size(), 1U);
  EXPECT_TRUE(facts.archives[0].isolated);
  EXPECT_THAT(facts.stubs, ElementsAre("gss_a", "gss_b"));
  EXPECT_EQ(facts.dynamic_reason, "CGO_LD_SHIM_STATIC=off");
  EXPECT_THAT(facts.FindUse("dlopen")->users, ElementsAre("the program's own code"));
  const std::string text = FactsText(facts, Judge(facts), {});
  EXPECT_THAT(text, HasSubstr("a private copy"));
  EXPECT_THAT(text, HasSubstr("libone.a"));
}

TEST(FactsTextTest, ControlCharactersOfTheFileAreNotPrinted) {
  BinaryFacts facts = StaticGlibc("2.36");
  facts.type = "dynamic";
  facts.needed = {"lib\x1b[31m.so"};
  EXPECT_THAT(FactsText(facts, Judge(facts), {}), Not(HasSubstr("\x1b")));
}

TEST(CheckJsonTest, IsJsonWithEveryField) {
  Inspection good{.path = "app"};
  BinaryFacts facts = StaticGlibc("2.36");
  facts.package_note = R"({"name":"kv"})";
  good.binaries.emplace_back(facts, Judge(facts));
  const std::string text = ToJson({good, {.path = "b\xff", .error = "cannot read"}});
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(text);
  ASSERT_TRUE(static_cast<bool>(value)) << text;
  const llvm::json::Array& binaries = *value->getAsObject()->getArray("binaries");
  ASSERT_EQ(binaries.size(), 2U);
  const llvm::json::Object& app = *binaries[0].getAsObject();
  EXPECT_EQ(app.getString("libc_version"), llvm::StringRef("2.36"));
  EXPECT_EQ(app.getObject("package_note")->getString("name"), llvm::StringRef("kv"));
  EXPECT_EQ(app.getInteger("exit_status"), 0);
  EXPECT_EQ(binaries[1].getAsObject()->getInteger("exit_status"), 2);
}

}  // namespace
}  // namespace cgo_ld_shim::inspect
