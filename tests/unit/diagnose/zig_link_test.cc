// Why links that zig does by itself fail: what its words are about is looked up in files.
#include "diagnose/zig_link.h"

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "diagnose/system_symbols.h"
#include "diagnose/zig_runtimes.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "invocation/arguments.h"
#include "tests/support/archive.h"
#include "tests/support/elf.h"
#include "tests/support/link_fixture.h"

namespace cgo_ld_shim::diagnose {
namespace {

using test_support::LinkFixture;
using test_support::ObjectBuilder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class ZigLinkTest : public testing::Test {
 protected:
  Diagnosis Explain(absl::string_view words, const std::string& triple, const std::vector<std::string>& line = {},
                    const std::string& host_libc = "") {
    call_.arguments = invocation::TypeArguments(line);
    target_ = target::ParseTriple(triple);
    return ExplainZigLink(ReadZigWords(words), {.call = call_,
                                                .target = target_,
                                                .cwd = link_.Path(""),
                                                .zig_library = link_.Path("zig"),
                                                .host_libc = host_libc});
  }
  std::vector<ZigRuntime> Wanted(absl::string_view words, const std::vector<std::string>& line = {}) {
    call_.arguments = invocation::TypeArguments(line);
    return RuntimesWanted(ReadZigWords(words), call_);
  }
  static Finding One(const Diagnosis& diagnosis) {
    EXPECT_THAT(diagnosis.findings, SizeIs(1));
    return diagnosis.findings.empty() ? Finding() : diagnosis.findings[0];
  }

  LinkFixture link_;
  invocation::Invocation call_;
  target::Triple target_;
};

TEST_F(ZigLinkTest, ALibraryOfZigsThatWouldHaveBeenEnoughIsWanted) {
  const std::vector<ZigRuntime> cxx = Wanted(
      "lld-link: error: undefined symbol: operator new(unsigned long long)\n>>> referenced by x.cc:4\n"
      ">>>               libx.a(x.o):(f)\nlld-link: error: undefined symbol: _Unwind_Resume\n");
  ASSERT_THAT(cxx, SizeIs(1)) << "the unwinder comes with C++";
  EXPECT_EQ(cxx[0].library, "c++");
  EXPECT_EQ(cxx[0].evidence[0].wanted_by, "libx.a(x.o)");
  EXPECT_EQ(Wanted("error: undefined symbol: __ZNSt11logic_errorC2EPKc\n")[0].library, "c++");
  EXPECT_EQ(Wanted("error: undefined symbol: ___cxa_throw\n")[0].library, "c++");
  EXPECT_EQ(Wanted("ld.lld: error: undefined symbol: _Unwind_GetIP\n")[0].library, "unwind");
}

TEST_F(ZigLinkTest, NoLibraryIsWantedWhereItWouldNotBeEnough) {
  EXPECT_THAT(Wanted(""), IsEmpty());
  EXPECT_THAT(Wanted("ld.lld: error: undefined symbol: operator new(unsigned long)\n"
                     "ld.lld: error: undefined symbol: prinft\n"),
              IsEmpty());
  EXPECT_THAT(Wanted("ld.lld: error: undefined symbol: operator new(unsigned long)\n"
                     "ld.lld: error: undefined symbol: std::__throw_length_error(char const*)\n"),
              IsEmpty())
      << "libstdc++'s";
  EXPECT_THAT(Wanted("ld.lld: error: undefined symbol: operator new(unsigned long)\n", {"-lc++"}), IsEmpty());
  EXPECT_THAT(Wanted("ld.lld: error: undefined symbol: _Unwind_GetIP\n", {"-lunwind"}), IsEmpty());
}

TEST_F(ZigLinkTest, AFunctionThatTheProgramCallsAndNothingDefines) {
  const Diagnosis diagnosis = Explain(
      "lld-link: error: undefined symbol: prinft\n>>> referenced by /home/me/main.go:4\n"
      ">>>               /tmp/go-link-1/000001.o:(hi)\n",
      "x86_64-windows-gnu");
  const Finding finding = One(diagnosis);
  EXPECT_EQ(finding.cause, CauseId::kMistake);
  EXPECT_TRUE(finding.from_program);
  ASSERT_THAT(finding.places, SizeIs(1));
  EXPECT_EQ(finding.places[0].file, "/home/me/main.go");
  EXPECT_EQ(finding.places[0].line, 4U);
  EXPECT_EQ(finding.places[0].function, "hi");
  EXPECT_THAT(diagnosis.ways_out[0].action, HasSubstr("add its library to #cgo windows LDFLAGS"));
}

TEST_F(ZigLinkTest, ACallThroughCgoIsNamedAsTheProgramWritesIt) {
  const Finding finding = One(Explain(
      "error: undefined symbol: _frob\n    note: referenced by /tmp/go-link-1/000001.o:__cgo_1234567890ab_Cfunc_frob\n",
      "aarch64-macos"));
  EXPECT_EQ(finding.demangled, "frob");
  ASSERT_THAT(finding.places, SizeIs(1));
  EXPECT_EQ(finding.places[0].function, "C.frob");
}

TEST_F(ZigLinkTest, AFunctionOfThePreambleThatStandsInCgosOwnKeepsItsLine) {
  const Finding finding =
      One(Explain("ld.lld: error: undefined symbol: prinft\n>>> referenced by main.go:4 (/home/me/main.go:4)\n"
                  ">>>               /tmp/go-link-1/000001.o:(_cgo_1234567890ab_Cfunc_hi)\n",
                  "x86_64-linux-gnu.2.28"));
  ASSERT_THAT(finding.places, SizeIs(1));
  EXPECT_EQ(finding.places[0].file, "/home/me/main.go");
  EXPECT_EQ(finding.places[0].line, 4U);
  EXPECT_EQ(finding.places[0].function, "");
}

TEST_F(ZigLinkTest, ATypoOfANameInTheCLibrary) {
  const Finding finding =
      One(Explain("ld.lld: error: undefined symbol: prinft\n>>> referenced by main.go:4 (/home/me/main.go:4)\n"
                  ">>>               /tmp/go-link-1/000001.o:(hi)\n>>> did you mean: printf\n",
                  "x86_64-linux-gnu.2.28"));
  EXPECT_EQ(finding.cause, CauseId::kMisspelt);
  EXPECT_EQ(finding.hint, "did you mean printf?");
}

TEST_F(ZigLinkTest, AFunctionOfADllThatNothingNames) {
  link_.File("zig/libc/mingw/lib-common/ws2_32.def", "LIBRARY WS2_32.dll\nEXPORTS\nWSAStartup@8\nsend\n");
  link_.File("zig/libc/mingw/lib-common/api-ms-win-net-l1.def", "LIBRARY api\nEXPORTS\nWSAStartup\n");
  link_.File("zig/libc/mingw/lib-common/user32.def.in", "EXPORTS\nF_X64(SendMessageA)\n");
  const Diagnosis diagnosis = Explain(
      "lld-link: error: undefined symbol: __declspec(dllimport) WSAStartup\n>>> referenced by n.c:3\n"
      ">>>               libnet.a(n.o):(go)\n"
      "lld-link: error: undefined symbol: SendMessageA\n",
      "x86_64-windows-gnu");
  ASSERT_THAT(diagnosis.findings, SizeIs(2));
  EXPECT_THAT(diagnosis.findings[0].hint, HasSubstr("ws2_32.dll has it"));
  EXPECT_THAT(diagnosis.findings[0].wanted_by, ElementsAre("libnet.a(n.o)"));
  EXPECT_THAT(diagnosis.findings[1].hint, HasSubstr("user32.dll has it"));
  EXPECT_EQ(diagnosis.ways_out[0].action, "#cgo windows LDFLAGS: -luser32 -lws2_32");
}

TEST_F(ZigLinkTest, AnArchiveForAnotherSystemIsNamedByItsMemberAlone) {
  link_.File("lib/libz.a", test_support::MakeArchive({{"zutil.o", ObjectBuilder().Define("zutil").Build()}}));
  const Diagnosis diagnosis =
      Explain("lld-link: error: unknown file type: zutil.o\nlld-link: error: unknown file type: zutil.o\n",
              "x86_64-windows-gnu", {"-Llib", "-lz"});
  const Finding finding = One(diagnosis);
  EXPECT_EQ(finding.cause, CauseId::kWrongSystem);
  EXPECT_EQ(finding.symbol, link_.Path("lib/libz.a"));
  EXPECT_EQ(finding.named_by, "-lz");
  EXPECT_THAT(finding.hint, HasSubstr("holds ELF objects for x86-64, as Linux and the BSDs have them"));
  EXPECT_THAT(finding.hint, HasSubstr("this program is for Windows on amd64"));
  EXPECT_EQ(diagnosis.ways_out[0].action, "get libz.a for Windows on amd64");
}

TEST_F(ZigLinkTest, FilesForAnotherSystemAreFoundBeforeZigIsAsked) {
  link_.File("lib/libz.a", test_support::MakeArchive({{"zutil.o", ObjectBuilder().Define("zutil").Build()}}));
  call_.arguments = invocation::TypeArguments({"-Llib", "-lz"});
  const target::Triple mac = target::ParseTriple("aarch64-macos"), bsd = target::ParseTriple("x86_64-freebsd");
  EXPECT_THAT(ForeignInputs({.call = call_, .target = mac, .cwd = link_.Path("")}), SizeIs(1));
  EXPECT_THAT(ForeignInputs({.call = call_, .target = bsd, .cwd = link_.Path("")}), IsEmpty());
}

TEST_F(ZigLinkTest, CodeOfGxxIsOneFindingWithAllThatItBrings) {
  const Diagnosis diagnosis = Explain(
      "ld.lld: error: undefined symbol: std::__throw_length_error(char const*)\n>>> referenced by x.cc\n"
      ">>>               x.o:(f) in archive lib/libx.a\n"
      "ld.lld: error: undefined symbol: _Unwind_Resume\n>>> referenced by x.cc\n"
      ">>>               x.o:(f) in archive lib/libx.a\n",
      "x86_64-linux-gnu.2.17");
  ASSERT_THAT(diagnosis.findings, SizeIs(2));
  EXPECT_EQ(diagnosis.findings[0].cause, CauseId::kCxxAbi);
  EXPECT_EQ(diagnosis.findings[1].cause, CauseId::kCxxAbi);
  EXPECT_THAT(diagnosis.ways_out[0].meaning, HasSubstr("zig c++ -target x86_64-linux-gnu.2.17"));
}

TEST_F(ZigLinkTest, ANameThatTheOldGlibcDoesNotHaveYet) {
  const std::string libc = HostGlibc();
  if (GlibcVersion(libc, "getrandom").empty()) GTEST_SKIP() << "this host's glibc is older than 2.25, or is none";
  const Diagnosis diagnosis = Explain(
      "ld.lld: error: undefined symbol: getrandom\n>>> referenced by n.c:2\n"
      ">>>               n.o:(f) in archive lib/libn.a\n",
      "x86_64-linux-gnu.2.17", {}, libc);
  const Finding finding = One(diagnosis);
  EXPECT_EQ(finding.cause, CauseId::kArchiveTooNew);
  EXPECT_EQ(finding.hint, "glibc has it since 2.25, and the program is to run with 2.17");
  EXPECT_EQ(diagnosis.ways_out[0].action, "CGO_LD_SHIM_TARGET=x86_64-linux-gnu.2.25");
  EXPECT_EQ(One(Explain("ld.lld: error: undefined symbol: __isoc23_strtol\n", "x86_64-linux-gnu.2.28")).cause,
            CauseId::kArchiveTooNew)
      << "a name that headers of 2.38 write";
}

TEST_F(ZigLinkTest, ALibraryThatIsNotThere) {
  const std::string words = "error: unable to find dynamic system library \"z\" using strategy paths_first\n";
  EXPECT_THAT(One(Explain(words, "x86_64-windows-gnu", {"-lz"})).hint, HasSubstr("no -L names a directory"));
  const Finding finding = One(Explain(words, "x86_64-windows-gnu", {"-Llib", "-Llib", "-lz"}));
  EXPECT_EQ(finding.cause, CauseId::kLibraryNotFound);
  EXPECT_EQ(finding.hint, absl::StrCat("no libz.a and no z.lib in ", link_.Path("lib")));
}

// .drectve of " /DEFAULTLIB:python311.lib /DEFAULTLIB:MSVCRT".
TEST_F(ZigLinkTest, ALibraryThatAnObjectAsksForByItself) {
  link_.File("src/np.obj",
             test_support::MakeObject(absl::StrCat(
                 "--- !COFF\nheader: { Machine: IMAGE_FILE_MACHINE_AMD64, Characteristics: [ ] }\n"
                 "sections:\n  - { Name: .drectve, Characteristics: [ IMAGE_SCN_LNK_INFO ], Alignment: 1, "
                 "SectionData: '",
                 absl::BytesToHexString(" /DEFAULTLIB:python311.lib /DEFAULTLIB:MSVCRT"), "' }\nsymbols: [ ]\n")));
  const std::string words = "lld-link: error: could not open 'libpython311.a': No such file or directory\n";
  Diagnosis diagnosis = Explain(words, "x86_64-windows-gnu", {"-Llib", "src/np.obj"});
  const Finding finding = One(diagnosis);
  EXPECT_EQ(finding.demangled, "python311.lib");
  EXPECT_THAT(finding.wanted_by, ElementsAre(link_.Path("src/np.obj")));
  EXPECT_THAT(finding.hint, HasSubstr("there is no libpython311.a in " + link_.Path("lib")));
  ASSERT_THAT(diagnosis.ways_out, SizeIs(1));
  EXPECT_EQ(diagnosis.ways_out[0].action, "get python311.lib, and copy it to DIR/libpython311.a");
  EXPECT_THAT(diagnosis.ways_out[0].meaning, HasSubstr("not tried"));
  link_.File("lib/Python311.lib", "");
  diagnosis = Explain(words, "x86_64-windows-gnu", {"-Llib", "src/np.obj"});
  EXPECT_EQ(diagnosis.ways_out[0].action,
            absl::StrCat("cp ", link_.Path("lib/Python311.lib"), " ", link_.Path("lib/libpython311.a")));
  // Visual C++'s own.
  diagnosis = Explain("lld-link: error: could not open 'libMSVCRT.a': No such file or directory\n",
                      "x86_64-windows-gnu", {"src/np.obj"});
  EXPECT_THAT(One(diagnosis).hint, HasSubstr("np.obj was compiled by Visual C++"));
  EXPECT_THAT(diagnosis.ways_out[0].action, HasSubstr("get np.obj built with MinGW-w64"));
}

TEST_F(ZigLinkTest, OptionsAndOwners) {
  EXPECT_EQ(One(Explain("error: unsupported linker arg: --frobnicate\n", "aarch64-macos")).cause,
            CauseId::kUnknownOption);
  const Diagnosis twice =
      Explain("lld-link: error: duplicate symbol: aa\n>>> defined at liba.a(a.o)\n>>> defined at libb.a(b.o)\n",
              "x86_64-windows-gnu");
  EXPECT_EQ(One(twice).cause, CauseId::kDuplicate);
  EXPECT_THAT(One(twice).wanted_by, ElementsAre("liba.a(a.o)", "libb.a(b.o)"));
  EXPECT_THAT(twice.ways_out, SizeIs(1));
}

TEST_F(ZigLinkTest, CheckedCodeOfZigs) {
  const Diagnosis diagnosis = Explain(
      "lld-link: error: undefined symbol: __ubsan_handle_add_overflow\n>>> referenced by u.c:2\n"
      ">>>               libu.a(u.o):(f)\n",
      "x86_64-windows-gnu");
  EXPECT_EQ(One(diagnosis).cause, CauseId::kInstrumented);
  EXPECT_EQ(diagnosis.ways_out[0].action, "compile libu.a with -O2");
}

TEST(SystemSymbolsTest, WhatCannotBeReadIsNotKnown) {
  EXPECT_EQ(GlibcVersion("", "getrandom"), "");
  EXPECT_EQ(GlibcVersion("/nonexistent/libc.so.6", "getrandom"), "");
  EXPECT_THAT(ImportLibraries("/nonexistent", "amd64", {"send"}), IsEmpty());
}

}  // namespace
}  // namespace cgo_ld_shim::diagnose
