// What lint reads out of archives, and what it concludes from that. Links for real targets are in
// tests/e2e/lint_test.cc.
#include "lint/lint.h"

#include <sys/stat.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "lint/member_facts.h"
#include "llvm/Support/JSON.h"
#include "tests/support/archive.h"
#include "tests/support/elf.h"
#include "tests/support/link_fixture.h"

namespace cgo_ld_shim::lint {
namespace {

using inspect::Level;
using target::LibcFamily;
using test_support::MakeArchive;
using test_support::MakeObject;
using test_support::ObjectBuilder;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class LintTest : public testing::Test {
 protected:
  ArchiveFacts Read(const std::string& name, const std::vector<std::pair<std::string, ObjectBuilder>>& members) {
    files_.Archive(name, members);
    return Read(name);
  }
  ArchiveFacts Read(const std::string& name) {
    absl::StatusOr<ArchiveFacts> facts = ReadArchive(files_.Path(name));
    EXPECT_TRUE(facts.ok()) << facts.status();
    return facts.ok() ? *facts : ArchiveFacts{};
  }
  std::string Refusal(const std::string& name) {
    const absl::StatusOr<ArchiveFacts> facts = ReadArchive(files_.Path(name));
    EXPECT_FALSE(facts.ok());
    return absl::StrReplaceAll(facts.status().message(), {{files_.dir() + "/", ""}});
  }

  test_support::LinkFixture files_;
};

// The levels of findings with this id.
std::vector<Level> LevelsOf(const Report& report, absl::string_view id) {
  std::vector<Level> levels;
  for (const inspect::Finding& finding : report.findings) {
    if (finding.id == id) levels.push_back(finding.level);
  }
  return levels;
}

Report Judged(ArchiveFacts facts, std::vector<TargetResult> targets = {}) {
  Report report{.facts = std::move(facts), .targets = std::move(targets)};
  Judge(&report);
  return report;
}

TEST_F(LintTest, TheApiIsWhatAProgramMayUse) {
  const ArchiveFacts facts = Read("libslim.a", {{"a.o", ObjectBuilder()
                                                            .Define("slim_open")
                                                            .DefineData("slim_version")
                                                            .Define("_ZN4slim4openEv")
                                                            .Define("__slim_internal")
                                                            .DefineHidden("slim_hidden")
                                                            .DefineTls("slim_thread")
                                                            .DefineWeak("slim_weak")
                                                            .Define("slim_close@@SLIM_2")
                                                            .Define("slim_close@SLIM_1")
                                                            .Define("main")
                                                            .Define("rust_eh_personality")
                                                            .Local("slim_local")}});
  EXPECT_THAT(facts.api, ElementsAre("slim_close", "slim_open", "slim_version"));
  EXPECT_FALSE(facts.api_is_mangled);
  EXPECT_THAT(facts.runtime_names, ElementsAre("rust_eh_personality"));
  EXPECT_THAT(facts.architectures, ElementsAre("amd64"));
}

TEST_F(LintTest, WithoutACApiItIsTheMangledNames) {
  const ArchiveFacts facts = Read("libslim.a", {{"a.o", ObjectBuilder().Define("_ZN4slim4openEv")}});
  EXPECT_THAT(facts.api, ElementsAre("_ZN4slim4openEv"));
  EXPECT_TRUE(facts.api_is_mangled);
}

TEST_F(LintTest, ArchitecturesAreGosAndMixedOnesAreAProblem) {
  const ArchiveFacts facts =
      Read("libslim.a", {{"a.o", ObjectBuilder().Define("a")},
                         {"b.o", ObjectBuilder().Machine(llvm::ELF::EM_AARCH64).Define("b")},
                         {"c.o", ObjectBuilder().Machine(llvm::ELF::EM_MIPS).Class32().BigEndian().Define("c")},
                         {"d.o", ObjectBuilder().Machine(llvm::ELF::EM_MIPS).Class32().Define("d")}});
  EXPECT_THAT(facts.architectures, ElementsAre("amd64", "arm64", "mips", "mipsle"));
  EXPECT_THAT(LevelsOf(Judged(facts), "mixed-machines"), ElementsAre(Level::kProblem));
}

TEST_F(LintTest, GlibcIsToldByNamesOfItsHeaders) {
  const ArchiveFacts facts = Read(
      "libslim.a", {{"a.o", ObjectBuilder().Comment("GCC: (GNU) 14.1.0").Define("slim").Reference("__ctype_b_loc")}});
  EXPECT_EQ(facts.libc, LibcFamily::kGlibc);
}

// Rust's library for musl asks as well.
TEST_F(LintTest, AWeakReferenceIsNoSignOfGlibc) {
  const ArchiveFacts facts =
      Read("libslim.a", {{"a.o", ObjectBuilder().Define("slim").ReferenceWeak("__cxa_thread_atexit_impl")}});
  EXPECT_EQ(facts.libc, LibcFamily::kNone);
}

TEST_F(LintTest, GlibcIsGuessedFromTheCompilersDistribution) {
  const ArchiveFacts facts =
      Read("libslim.a", {{"a.o", ObjectBuilder().Comment("GCC: (Debian 12.2.0-14) 12.2.0").Define("slim")}});
  EXPECT_EQ(facts.libc, LibcFamily::kGlibc);
  EXPECT_THAT(facts.libc_because, HasSubstr("Debian 12.2.0-14"));
}

TEST_F(LintTest, MuslIsToldByTheArchivesName) {
  const ArchiveFacts facts = Read("libslim_x86_64_linux_musl.a", {{"a.o", ObjectBuilder().Define("slim")}});
  EXPECT_EQ(facts.libc, LibcFamily::kMusl);
  EXPECT_EQ(facts.least_glibc, "");
}

TEST_F(LintTest, NothingTellsOfAPlainObject) {
  EXPECT_EQ(Read("libslim.a", {{"a.o", ObjectBuilder().Define("slim")}}).libc, LibcFamily::kNone);
}

TEST_F(LintTest, TheRustCompilerAndItsWayOfPanickingAreTold) {
  const ArchiveFacts facts = Read(
      "libslim.a", {{"slim.o", ObjectBuilder().Comment("rustc version 1.83.0 (90b35a623 2024-11-26)").Define("slim")},
                    {"panic_abort-0123.o", ObjectBuilder().Define("__rust_start_panic")}});
  EXPECT_EQ(facts.rust, "1.83.0");
  EXPECT_EQ(facts.panic, "abort");
  EXPECT_THAT(LevelsOf(Judged(facts), "language-runtime"), ElementsAre(Level::kLimit));
}

TEST_F(LintTest, TheCxxLibraryIsToldByItsNamespaces) {
  EXPECT_EQ(
      Read("liba.a", {{"a.o", ObjectBuilder().Define("a").Reference("_ZNSt7__cxx1112basic_stringIcE")}}).cxx_runtime,
      "libstdc++");
  EXPECT_EQ(Read("libb.a", {{"b.o", ObjectBuilder().Define("b").Reference("_ZNSt3__112basic_stringIcE")}}).cxx_runtime,
            "libc++");
}

TEST_F(LintTest, ABundledLibraryClashesAndTheLibraryItselfDoesNot) {
  const auto members = [] {
    return std::vector<std::pair<std::string, ObjectBuilder>>{
        {"a.o", ObjectBuilder().Define("slim_open").Define("sqlite3_open").DefineHidden("sqlite3_close")}};
  };
  const Report slim = Judged(Read("libslim.a", members()));
  ASSERT_THAT(slim.facts.clashes, SizeIs(1));
  EXPECT_EQ(slim.facts.clashes[0].library, "SQLite");
  // A hidden name is as global in a static link as any other.
  EXPECT_THAT(slim.facts.clashes[0].names, ElementsAre("sqlite3_close", "sqlite3_open"));
  EXPECT_EQ(slim.exit_status, 1);
  EXPECT_THAT(Read("libsqlite3.a", members()).clashes, IsEmpty());
}

TEST_F(LintTest, OwnNamesOfLibraries) {
  EXPECT_EQ(BundledLibrary("deflate", "libslim.a"), "zlib");
  EXPECT_EQ(BundledLibrary("deflate", "libz.a"), "");
  EXPECT_EQ(BundledLibrary("deflate", "libz-ng.a"), "");
  EXPECT_EQ(BundledLibrary("deflate", "libzmq.a"), "zlib");
  EXPECT_EQ(BundledLibrary("png_read", "libpng16.a"), "");
  EXPECT_EQ(BundledLibrary("EVP_Digest", "libcrypto.a"), "");
  EXPECT_EQ(BundledLibrary("slim_open", "libslim.a"), "");
}

TEST_F(LintTest, PathsOfTheMachineThatBuiltItAreOfNoSystem) {
  EXPECT_TRUE(IsBuildPath("/home/me/slim/src/lib.rs"));
  EXPECT_TRUE(IsBuildPath("/usr/src/slim/a.c"));
  EXPECT_TRUE(IsBuildPath("/tmp/build/a.c"));
  EXPECT_FALSE(IsBuildPath("/usr/include/stdio.h"));
  EXPECT_FALSE(IsBuildPath("/rustc/90b35a6239/library/std/src/lib.rs"));
  EXPECT_FALSE(IsBuildPath("/dev/urandom"));
  EXPECT_FALSE(IsBuildPath("/x"));
  EXPECT_FALSE(IsBuildPath("src/lib.rs"));
  EXPECT_FALSE(IsBuildPath("//comment/x"));
}

constexpr char kYaml[] = R"(--- !ELF
FileHeader: { Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ET_REL, Machine: EM_X86_64 }
Sections:
  - { Name: .text, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_EXECINSTR ], Content: "0000000000000000" }
  - { Name: .data, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_WRITE ], Content: "0000000000000000" }
  - { Name: RELOC, Type: SHT_RELA, Info: INTO, Relocations: [ { Offset: 0, Symbol: there, Type: TYPE } ] }
  - { Name: .rodata, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC ], Content: "RODATA" }
  - { Name: .debug_info, Type: SHT_PROGBITS, Content: "000000000000000000000000" }
  - { Name: .note.gnu.property, Type: SHT_NOTE, Flags: [ SHF_ALLOC ], Content: "040000001000000005000000474e5500028000c0040000000700000000000000" }
Symbols:
  - { Name: slim, Section: .text, Binding: STB_GLOBAL, Type: STT_FUNC }
  - { Name: there, Binding: STB_GLOBAL }
)";
// "/home/me/a.rsnext" and "/etc/x.c", which any machine has.
constexpr char kSources[] = "2f686f6d652f6d652f612e72736e657874002f6574632f782e6300";
std::string Yaml(const char* into, const char* type) {
  return absl::StrReplaceAll(
      kYaml, {{"RELOC", absl::StrCat(".rela", into)}, {"INTO", into}, {"TYPE", type}, {"RODATA", kSources}});
}

TEST_F(LintTest, CodeThatNeedsAFixedAddressIsFound) {
  EXPECT_TRUE(ReadMember(MakeObject(Yaml(".text", "R_X86_64_32S"))).not_pic);
  EXPECT_TRUE(ReadMember(MakeObject(Yaml(".data", "R_X86_64_32"))).not_pic);
  EXPECT_TRUE(ReadMember(MakeObject(Yaml(".text", "R_X86_64_64"))).not_pic);
  EXPECT_FALSE(ReadMember(MakeObject(Yaml(".data", "R_X86_64_64"))).not_pic);
  EXPECT_FALSE(ReadMember(MakeObject(Yaml(".text", "R_X86_64_PLT32"))).not_pic);
}

TEST_F(LintTest, DebugInformationPathsAndProcessorAreRead) {
  const MemberFacts facts = ReadMember(MakeObject(Yaml(".text", "R_X86_64_PLT32")));
  EXPECT_EQ(facts.debug_bytes, 12U);
  EXPECT_EQ(facts.cpu_level, 3);
  EXPECT_THAT(facts.build_paths, ElementsAre("/home/me/a.rs"));
}

// LLVM's general reader ends the process at some of these.
TEST_F(LintTest, NoByteOfAnObjectIsTrusted) {
  const std::string object = MakeObject(Yaml(".text", "R_X86_64_32S"));
  for (size_t i = 0; i < object.size(); ++i) {
    for (const char byte : {'\0', '\x7f', '\xff'}) {
      std::string damaged = object;
      damaged[i] = byte;
      ReadMember(damaged);
    }
    ReadMember(object.substr(0, i));
  }
}

TEST_F(LintTest, WhatIsNoArchiveIsNamed) {
  files_.File("text", "hello\n");
  files_.Object("a.o", ObjectBuilder().Define("a"));
  EXPECT_EQ(Refusal("text"), "text is a text file, and not an archive");
  EXPECT_EQ(Refusal("a.o"), "a.o is an object, and not an archive");
  EXPECT_THAT(Refusal("sys"), HasSubstr("is a directory"));
  EXPECT_THAT(Refusal("gone.a"), HasSubstr("gone.a"));
  ASSERT_EQ(::mkfifo(files_.Path("pipe.a").c_str(), 0600), 0);
  EXPECT_THAT(Refusal("pipe.a"), HasSubstr("a pipe, not a file"));
}

TEST_F(LintTest, ATruncatedArchiveAndAThinOneWithoutItsMembersAreErrors) {
  const std::string whole =
      MakeArchive({{"a.o", ObjectBuilder().Define("a").Build()}, {"b.o", ObjectBuilder().Define("b").Build()}});
  files_.File("libcut.a", whole.substr(0, whole.size() - 200));
  EXPECT_THAT(Refusal("libcut.a"), HasSubstr("libcut.a"));
  files_.File("libthin.a", MakeArchive({{"gone.o", ObjectBuilder().Define("a").Build()}}, {.thin = true}));
  EXPECT_THAT(Refusal("libthin.a"), HasSubstr("gone.o"));
}

TEST_F(LintTest, AnEmptyArchiveIsNoProblem) {
  const Report report = Judged(Read("libpthread.a", {}));
  EXPECT_THAT(LevelsOf(report, "empty"), ElementsAre(Level::kGood));
  EXPECT_EQ(report.exit_status, 0);
}

TEST_F(LintTest, CodeForAnOptimiserAloneIsAProblem) {
  ArchiveFacts facts{.path = "libslim.a", .objects = 2, .gimple = 1};
  EXPECT_THAT(LevelsOf(Judged(facts), "lto-only"), ElementsAre(Level::kProblem));
}

TEST_F(LintTest, ATargetThatCannotLinkIsAProblemAndOneThatWasNotTriedIsOneIfItWasAskedFor) {
  const ArchiveFacts facts{.path = "libslim.a", .objects = 1};
  TargetResult target{.arch = "amd64", .libc = {LibcFamily::kMusl}, .outcome = Outcome::kAided};
  EXPECT_EQ(Judged(facts, {target}).exit_status, 0);
  target.outcome = Outcome::kCannot;
  EXPECT_EQ(Judged(facts, {target}).exit_status, 1);
  target.outcome = Outcome::kNotTried;
  EXPECT_EQ(Judged(facts, {target}).exit_status, 0);
  target.asked_for = true;
  EXPECT_EQ(Judged(facts, {target}).exit_status, 1);
}

TEST_F(LintTest, TheCgoLineIsThatOfTheCLibraryForWhichItWasBuilt) {
  TargetResult glibc{.arch = "amd64", .libc = {LibcFamily::kGlibc}, .outcome = Outcome::kAided, .libraries = {"-lm"}};
  const TargetResult musl{.arch = "amd64", .libc = {LibcFamily::kMusl}, .outcome = Outcome::kLinks};
  ArchiveFacts facts{.path = "libslim.a", .objects = 1, .libc = LibcFamily::kMusl};
  EXPECT_THAT(Judged(facts, {glibc, musl}).cgo_lines, ElementsAre("linux,amd64 LDFLAGS: -L${SRCDIR} -lslim"));
  facts.libc = LibcFamily::kNone;
  glibc.cycle = true;
  EXPECT_THAT(Judged(facts, {glibc, musl}).cgo_lines,
              ElementsAre("linux,amd64 LDFLAGS: -Wl,--start-group -L${SRCDIR} -lslim -lm -Wl,--end-group"));
}

TEST_F(LintTest, Targets) {
  const absl::StatusOr<Wanted> both = ParseTarget("linux/arm64");
  ASSERT_TRUE(both.ok());
  EXPECT_EQ(both->arch, "arm64");
  EXPECT_EQ(both->libc, LibcFamily::kNone);
  const absl::StatusOr<Wanted> one = ParseTarget("aarch64-linux-musl");
  ASSERT_TRUE(one.ok());
  EXPECT_EQ(one->arch, "arm64");
  EXPECT_EQ(one->libc, LibcFamily::kMusl);
  for (const char* no :
       {"", "arm64", "linux", "linux/vax", "darwin/arm64", "x86_64-windows-gnu", "aarch64-linux", "a/b/c"})
    EXPECT_FALSE(ParseTarget(no).ok()) << no;
}

Report Example() {
  return Judged(
      {.path = "dist/libslim_x86_64.a",
       .bytes = 151'000'000,
       .debug_bytes = 122'000'000,
       .members = 412,
       .objects = 411,
       .architectures = {"amd64"},
       .libc = LibcFamily::kGlibc,
       .least_glibc = "2.17",
       .least_glibc_needs = "secure_getenv",
       .rust = "1.83.0",
       .panic = "unwind",
       .not_pic = 2,
       .not_pic_example = "fast.o",
       .cpu = "x86-64-v3",
       .build_paths = 214,
       .build_path = "/home/me/slim/src/lib.rs",
       .api = {"slim_open"},
       .runtime_names = {"rust_eh_personality"},
       .clashes = {{"SQLite", {"sqlite3_close", "sqlite3_open", "sqlite3_step", "sqlite3_vfs"}}}},
      {{.arch = "amd64",
        .libc = {LibcFamily::kGlibc, "2.36"},
        .outcome = Outcome::kLinks,
        .libraries = {"-lstdc++", "-lm"}},
       {.arch = "amd64",
        .libc = {LibcFamily::kMusl},
        .outcome = Outcome::kAided,
        .aids = {"7 names of glibc that musl does not have (glibc-compat)"}},
       {.arch = "arm64",
        .libc = {LibcFamily::kMusl},
        .outcome = Outcome::kCannot,
        .reason = "1 symbol is only in a shared library",
        .details = {"udev_new: wanted by libslim_x86_64.a(usb.o), found only in /usr/lib/libudev.so"},
        .ways_out = {"CGO_LD_SHIM_STUBS=udev: links"}},
       {.arch = "riscv64", .libc = {LibcFamily::kGlibc}, .reason = "there is no riscv64-linux-gnu-gcc here"}});
}

TEST_F(LintTest, TheScreenHasTheVerdictsFirst) {
  EXPECT_EQ(ReportText(Example(), {.width = 100}),
            R"(dist/libslim_x86_64.a: amd64, built for glibc 2.17 or newer, Rust 1.83.0 with panic=unwind, 411
    objects, 151.0 MB
  linux/amd64, glibc    links with -lstdc++ -lm
  linux/amd64, musl     links by cgo-ld-shim alone
                        by: 7 names of glibc that musl does not have (glibc-compat)
  linux/arm64, musl     cannot link: 1 symbol is only in a shared library
                        udev_new: wanted by libslim_x86_64.a(usb.o), found only in
                        /usr/lib/libudev.so
                        → CGO_LD_SHIM_STUBS=udev: links
  linux/riscv64, glibc  not tried: there is no riscv64-linux-gnu-gcc here
  not PIC               2 objects need a fixed address (fast.o, …): not for a position-independent
                        program, a plugin or a shared library
                        → compile with -fPIC
  processor             it says that it needs x86-64-v3: on an older one it ends with an illegal
                        instruction
  clashes               public names of SQLite (sqlite3_close, sqlite3_open, sqlite3_step,
                        sqlite3_vfs): with another copy of it in the program, both sides run on one
                        of the two
                        → cgo-ld-shim pack keeps your own API and makes the rest local
  Rust's runtime        1 name of it (rust_eh_personality): gcc alone cannot link two such archives
                        into one program; cgo-ld-shim keeps them apart
  debug info            122.0 MB of 151.0 MB
                        → cgo-ld-shim pack puts it into an archive of its own; or strip
                        --strip-debug
  build paths           /home/me/slim/src/lib.rs and 213 more
                        → build with --remap-path-prefix=DIR=., C code with -ffile-prefix-map=DIR=.
  #cgo                  linux,amd64 LDFLAGS: -L${SRCDIR} -lslim_x86_64 -lstdc++ -lm
)");
}

TEST_F(LintTest, JsonHasEveryFieldInEveryReport) {
  const std::string text = ToJson({{.path = "a", .error = "a is a text file, and not an archive", .report = {}},
                                   {.path = "b", .error = "", .report = Example()}});
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(text);
  ASSERT_TRUE(static_cast<bool>(value)) << text;
  EXPECT_EQ(value->getAsObject()->getInteger("schema"), 1);
  const llvm::json::Array& archives = *value->getAsObject()->getArray("archives");
  ASSERT_EQ(archives.size(), 2U);
  EXPECT_EQ(archives[0].getAsObject()->getInteger("exit_status"), 2);
  const llvm::json::Object& report = *archives[1].getAsObject();
  EXPECT_EQ(report.getInteger("exit_status"), 1);
  EXPECT_EQ(report.getString("least_glibc"), "2.17");
  EXPECT_EQ(report.getArray("targets")->size(), 4U);
  EXPECT_EQ((*report.getArray("targets"))[1].getAsObject()->getString("outcome"), "aided");
  EXPECT_EQ((*report.getArray("cgo"))[0].getAsString(), "linux,amd64 LDFLAGS: -L${SRCDIR} -lslim_x86_64 -lstdc++ -lm");
}

}  // namespace
}  // namespace cgo_ld_shim::lint
