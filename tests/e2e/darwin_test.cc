// Programs for macOS, made by zig without an SDK. None can be run here, so each is compared with what Go itself makes
// of the same program without cgo: the same libraries, and each symbol from the same one.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "darwin/libraries.h"
#include "gmock/gmock.h"
#include "tests/e2e/harness.h"
#include "tests/e2e/link_log.h"
#include "tests/e2e/mach_o_file.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

#define SKIP_WITHOUT_ZIG_AND_GO() \
  SKIP_WITHOUT_ZIG();             \
  if (GoMinorVersion() < 22) GTEST_SKIP() << "zig's linker does not read what Go before 1.22 writes for macOS"

constexpr char kLibSystem[] = "/usr/lib/libSystem.B.dylib";
constexpr char kResolv[] = "/usr/lib/libresolv.9.dylib";
constexpr char kCoreFoundation[] = "/System/Library/Frameworks/CoreFoundation.framework/Versions/A/CoreFoundation";
constexpr char kSecurity[] = "/System/Library/Frameworks/Security.framework/Versions/A/Security";

Environment For(const std::string& arch, const Environment& more = {}) {
  Environment environment = {"GOOS=darwin", absl::StrCat("GOARCH=", arch), "CGO_ENABLED=1", "CXX=cgo-ld-shim++"};
  environment.insert(environment.end(), more.begin(), more.end());
  return environment;
}

// What any program here must be.
void ExpectSound(const MachOFile& file, const std::string& arch) {
  EXPECT_EQ(file.architecture, arch == "amd64" ? "x86_64" : "arm64");
  EXPECT_EQ(file.minimum_os, "12.0") << "Go's own minimum";
  EXPECT_EQ(file.entry, "_main");
  EXPECT_FALSE(file.has_stabs) << "they hold paths of Go's temporary directory";
  // A Mac with an Apple processor starts nothing that is not signed.
  EXPECT_TRUE(file.is_signed || arch != "arm64");
}

TEST(SlowDarwinTest, AGoThatZigsLinkerDoesNotReadIsNamed) {
  SKIP_WITHOUT_ZIG();
  // Go that switches versions takes the old one from the module cache or its proxy.
  const bool old = GoMinorVersion() < 22;
  const GoBuild build = BuildGo("hello", For("arm64", old ? Environment{} : Environment{"GOTOOLCHAIN=go1.21.13"}));
  if (!old && absl::StrContains(build.go.error, "download go1.21.13")) GTEST_SKIP() << "no Go 1.21 can be had";
  ASSERT_TRUE(Refused(build.go));
  EXPECT_THAT(OurWords(build.go.error), HasSubstr("Go 1.22 or newer"));
}

class DarwinProgramTest : public testing::TestWithParam<std::string> {};

TEST_P(DarwinProgramTest, ImportsTheSameLibrariesAsGosOwnProgram) {
  SKIP_WITHOUT_ZIG_AND_GO();
  const std::string module = MakeModule({{"main.go", R"go(
package main

import (
	"crypto/x509"
	"fmt"
	"net"
	"os/user"
)

func main() {
	u, err := user.Current()
	fmt.Println(u, err)
	chains, err := new(x509.Certificate).Verify(x509.VerifyOptions{})
	fmt.Println(chains, err)
	name, err := net.LookupCNAME("localhost")
	fmt.Println(name, err, extra())
}
)go"},
                                         {"pure.go", "//go:build !cgo\npackage main\nfunc extra() int { return 0 }\n"},
                                         {"c.go",
                                          "package main\n// #include <stdio.h>\n"
                                          "// static int extra(void) { return puts(\"from C\"); }\n"
                                          "import \"C\"\nfunc extra() int { return int(C.extra()) }\n"}});
  const std::string log = MakeTempDirectory() + "/log";
  const GoBuild build = BuildIn(module, For(GetParam(), {LogTo(log)}));
  ASSERT_TRUE(Succeeded(build.go));
  EXPECT_EQ(build.go.error, "");
  const MachOFile with_cgo = ReadMachO(build.binary);
  ExpectSound(with_cgo, GetParam());

  const std::string pure_path = MakeTempDirectory() + "/pure";
  ASSERT_TRUE(Succeeded(Go(module, {"build", "-o", pure_path, "."}, For(GetParam(), {"CGO_ENABLED=0"}))));
  const MachOFile pure = ReadMachO(pure_path);
  EXPECT_EQ(with_cgo.libraries, pure.libraries);
  EXPECT_THAT(with_cgo.libraries, ElementsAre(kCoreFoundation, kSecurity, kLibSystem, kResolv));
  for (const auto& [symbol, library] : with_cgo.imports) {
    const auto theirs = pure.imports.find(symbol);
    EXPECT_EQ(library, theirs == pure.imports.end() ? kLibSystem : theirs->second) << symbol;
  }
  EXPECT_THAT(with_cgo.imports,
              AllOf(Contains(Pair("_puts", kLibSystem)), Contains(Pair("_SecTrustEvaluateWithError", kSecurity)),
                    Contains(Pair("_res_9_ninit", kResolv))));

  const std::vector<LinkRecord> links = ReadLog(log);
  ASSERT_EQ(links.size(), 1U);
  EXPECT_THAT(links[0].Rules(), Contains("text-stub").Times(3));
}

INSTANTIATE_TEST_SUITE_P(Architectures, DarwinProgramTest, testing::Values("arm64", "amd64"),
                         [](const auto& info) { return info.param; });

// runtime/cgo names CoreFoundation for every program.
TEST(DarwinTest, AFrameworkThatNothingNeedsIsLeftOut) {
  SKIP_WITHOUT_ZIG_AND_GO();
  const std::string log = MakeTempDirectory() + "/log";
  const GoBuild build = BuildGo("hello", For("arm64", {LogTo(log)}));
  ASSERT_TRUE(Succeeded(build.go));
  EXPECT_THAT(ReadMachO(build.binary).libraries, ElementsAre(kLibSystem, kResolv));
  const std::vector<LinkRecord> links = ReadLog(log);
  ASSERT_EQ(links.size(), 1U);
  EXPECT_THAT(links[0].Rules(), Contains("drop-unused"));
}

TEST(SlowDarwinTest, SqliteAndHttpForBothArchitectures) {
  SKIP_WITHOUT_ZIG_AND_GO();
  for (const std::string arch : {"arm64", "amd64"}) {
    const GoBuild build = BuildGo("demo", For(arch));
    ASSERT_TRUE(Succeeded(build.go));
    const MachOFile file = ReadMachO(build.binary);
    ExpectSound(file, arch);
    EXPECT_THAT(file.libraries, ElementsAre(kCoreFoundation, kSecurity, kLibSystem, kResolv));
    EXPECT_EQ(file.imports.count("_sqlite3_open_v2"), 0U) << "it is in the program";
  }
}

TEST(SlowDarwinTest, CxxComesFromZig) {
  SKIP_WITHOUT_ZIG_AND_GO();
  const GoBuild build = BuildGo("cxx", For("arm64"));
  ASSERT_TRUE(Succeeded(build.go));
  const MachOFile file = ReadMachO(build.binary);
  ExpectSound(file, "arm64");
  EXPECT_THAT(file.libraries, Not(Contains(HasSubstr("libc++")))) << "static, as everything that need not be shared";
}

// What Go's own packages import, by the Go that is here: our table must agree with it.
TEST(DarwinTest, EveryImportOfGosOwnPackagesHasTheHomeThatGoNames) {
  const std::string source =
      absl::StrCat(absl::StripTrailingAsciiWhitespace(RunProgram({"go", "env", "GOROOT"}).output), "/src");
  const std::vector<darwin::Library> requested = {{"CoreFoundation", true}, {"Security", true}, {"resolv", false}};
  int imports = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(source)) {
    const std::string path = file.path().string();
    if (!absl::EndsWith(path, ".go") || absl::StrContains(path, "/cmd/") || absl::StrContains(path, "/testdata/"))
      continue;
    for (const absl::string_view line : absl::StrSplit(ReadText(path), '\n')) {
      const std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
      if (words.size() != 4 || words[0] != "//go:cgo_import_dynamic" || words[2] == "_") continue;
      const std::string library(absl::StripSuffix(absl::StripPrefix(words[3], "\""), "\""));
      if (library != kResolv && !absl::StartsWith(library, "/System/")) continue;
      const std::optional<darwin::Library> home = darwin::HomeOf("_" + words[2], requested);
      ASSERT_TRUE(home.has_value()) << line;
      EXPECT_EQ(darwin::InstallName(*home), library) << line;
      ++imports;
    }
  }
  EXPECT_GT(imports, 10);
}

TEST(DarwinTest, WordsOfApplesLinkerAreLeftOut) {
  SKIP_WITHOUT_ZIG_AND_GO();
  const std::string log = MakeTempDirectory() + "/log";
  const GoBuild build = BuildGo("hello", For("amd64", {LogTo(log)}), {"-buildmode=exe", "-ldflags=-s -w -B none"});
  ASSERT_TRUE(Succeeded(build.go));
  EXPECT_THAT(ReadMachO(build.binary).libraries, Contains(kLibSystem));
  const std::vector<LinkRecord> links = ReadLog(log);
  ASSERT_EQ(links.size(), 1U);
  EXPECT_THAT(links[0].Rules(), Contains("drop-refused"));
}

std::string CProgram(const std::string& flags, const std::string& code, const std::string& call) {
  return absl::StrCat("package main\n\n// #cgo LDFLAGS: ", flags, "\n", code, "import \"C\"\n\nfunc main() { ", call,
                      " }\n");
}

TEST(DarwinTest, AnUndefinedSymbolIsNotGivenToALibraryThatIsLinkedAnyway) {
  SKIP_WITHOUT_ZIG_AND_GO();
  const std::string program = CProgram("", "// int no_such_thing(void);\n", "C.no_such_thing()");
  const GoBuild build = BuildIn(MakeModule({{"main.go", program}}), For("arm64"));
  ASSERT_TRUE(Refused(build.go));
  EXPECT_THAT(OurWords(build.go.error), AllOf(HasSubstr("no_such_thing"), HasSubstr("neither in libSystem"),
                                              HasSubstr("SDKROOT"), HasSubstr("-Wl,-U,_no_such_thing")));

  const std::string allowed = CProgram("-Wl,-U,_no_such_thing", "// int no_such_thing(void);\n", "C.no_such_thing()");
  const GoBuild by_name = BuildIn(MakeModule({{"main.go", allowed}}), For("arm64", {"CGO_LDFLAGS_ALLOW=-Wl,-U,.*"}));
  ASSERT_TRUE(Succeeded(by_name.go));
  const MachOFile file = ReadMachO(by_name.binary);
  EXPECT_THAT(file.imports, Contains(Pair("_no_such_thing", "flat")));
  for (const auto& [symbol, library] : file.imports) {
    EXPECT_TRUE(library != "flat" || symbol == "_no_such_thing") << symbol;
  }
}

TEST(DarwinTest, ALibraryOfMacOsNeedsNoFile) {
  SKIP_WITHOUT_ZIG_AND_GO();
  const std::string program = CProgram("-lsqlite3 -framework IOKit",
                                       "// const char *sqlite3_libversion(void);\n// int IOMasterPort(int, int *);\n",
                                       "C.sqlite3_libversion(); C.IOMasterPort(0, nil)");
  const GoBuild build = BuildIn(MakeModule({{"main.go", program}}), For("arm64"));
  ASSERT_TRUE(Succeeded(build.go));
  const MachOFile file = ReadMachO(build.binary);
  EXPECT_THAT(file.imports, Contains(Pair("_sqlite3_libversion", "/usr/lib/libsqlite3.dylib")));
  EXPECT_THAT(file.imports,
              Contains(Pair("_IOMasterPort", "/System/Library/Frameworks/IOKit.framework/Versions/A/IOKit")));
}

TEST(DarwinTest, ALibraryThatMacOsDoesNotHaveIsNamed) {
  SKIP_WITHOUT_ZIG();
  const std::string program = CProgram("-lnosuchthing", "// int f(void);\n", "C.f()");
  const GoBuild build = BuildIn(MakeModule({{"main.go", program}}), For("arm64"));
  ASSERT_TRUE(Refused(build.go));
  EXPECT_THAT(OurWords(build.go.error), AllOf(HasSubstr("-lnosuchthing"), HasSubstr("macOS has no such")));
}

TEST(DarwinTest, AnArchiveForAnotherSystemIsNamed) {
  SKIP_WITHOUT_ZIG();
  const std::string module = MakeModule({{"main.go", CProgram("-L${SRCDIR} -lvendor", "// int f(void);\n", "C.f()")}});
  MakeArchive(module + "/libvendor.a", {{"f.c", "int f(void) { return 1; }\n"}});
  const GoBuild build = BuildIn(module, For("arm64"));
  ASSERT_TRUE(Refused(build.go));
  EXPECT_THAT(OurWords(build.go.error), AllOf(HasSubstr("libvendor.a"), HasSubstr("holds ELF objects"),
                                              HasSubstr("x86-64"), HasSubstr("macOS on arm64")));
}

TEST(DarwinTest, AHeaderOfApplesSdkIsNamed) {
  SKIP_WITHOUT_ZIG();
  const std::string program =
      CProgram("-framework CoreFoundation", "// #include <CoreFoundation/CoreFoundation.h>\n", "C.CFRelease(0)");
  const GoBuild build = BuildIn(MakeModule({{"main.go", program}}), For("arm64"));
  ASSERT_TRUE(Refused(build.go));
  EXPECT_THAT(OurWords(build.go.error),
              AllOf(HasSubstr("the framework CoreFoundation is in Apple's SDK"), HasSubstr("SDKROOT")));
}

// A made-up SDK: its header is read, and its library is linked instead of a stub.
TEST(DarwinTest, AnSdkServesHeadersAndLibraries) {
  SKIP_WITHOUT_ZIG_AND_GO();
  const std::string sdk = MakeTempDirectory();
  const auto stub = [](const std::string& install_name, const std::string& symbols) {
    return absl::StrCat("--- !tapi-tbd\ntbd-version: 4\ntargets: [ arm64-macos ]\ninstall-name: '", install_name,
                        "'\nexports:\n  - targets: [ arm64-macos ]\n    symbols: [ ", symbols, " ]\n...\n");
  };
  const std::string frameworks = sdk + "/System/Library/Frameworks/";
  WriteText(frameworks + "CoreFoundation.framework/CoreFoundation.tbd", stub(kCoreFoundation, "_CFRelease"));
  WriteText(frameworks + "Own.framework/Own.tbd", stub("/Library/Own", "_own_thing"));
  WriteText(frameworks + "Own.framework/Headers/Own.h", "int own_thing(void);\n");
  const std::string log = MakeTempDirectory() + "/log";
  const std::string program = CProgram("-framework Own", "// #include <Own/Own.h>\n", "C.own_thing()");
  const GoBuild build =
      BuildIn(MakeModule({{"main.go", program}}), For("arm64", {absl::StrCat("SDKROOT=", sdk), LogTo(log)}));
  ASSERT_TRUE(Succeeded(build.go));
  EXPECT_THAT(ReadMachO(build.binary).imports, Contains(Pair("_own_thing", "/Library/Own")));
  const std::vector<LinkRecord> links = ReadLog(log);
  ASSERT_EQ(links.size(), 1U);
  EXPECT_THAT(links[0].Rules(), AllOf(Contains("sdk-libraries"), Not(Contains("text-stub"))));
}

TEST(DarwinTest, TheOldestMacOsIsTheUsersToChoose) {
  SKIP_WITHOUT_ZIG_AND_GO();
  const GoBuild build = BuildGo("hello", For("arm64", {"MACOSX_DEPLOYMENT_TARGET=13.0"}));
  ASSERT_TRUE(Succeeded(build.go));
  EXPECT_EQ(ReadMachO(build.binary).minimum_os, "13.0");
}

TEST(DarwinTest, TheSameProgramHasTheSameBytes) {
  SKIP_WITHOUT_ZIG_AND_GO();
  const std::string module = CopyModule("hello");
  const GoBuild first = BuildIn(module, For("arm64"));
  ASSERT_TRUE(Succeeded(first.go));
  const std::string bytes = ReadText(first.binary);
  std::filesystem::remove(first.binary);
  const GoBuild second = BuildIn(module, For("arm64"));
  ASSERT_TRUE(Succeeded(second.go));
  EXPECT_TRUE(ReadText(second.binary) == bytes);
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
