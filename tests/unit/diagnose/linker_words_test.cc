// What lld's and GNU ld's own words are taken for. Words are as these linkers print them.
#include "diagnose/linker_words.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/archive.h"
#include "tests/support/link_fixture.h"

namespace cgo_ld_shim::diagnose {
namespace {

using test_support::LinkFixture;
using test_support::ObjectBuilder;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class LinkerWordsTest : public testing::Test {
 protected:
  LinkerWordsTest() {
    link_.Object("go.o", ObjectBuilder().Define("main").Reference("q"));
    link_.File("lib/libnp.a", test_support::MakeArchive({{"np.o", ObjectBuilder().Define("q").Build()}}));
  }
  Diagnosis Explain(const std::string& words, bool pie = false, const std::string& fuse_ld = "") {
    const plan::LinkPlan plan = link_.Plan("go.o -Llib -lnp");
    return ExplainWords(words, {.plan = plan, .pie = pie, .fuse_ld = fuse_ld});
  }
  // The one finding.
  Finding One(const Diagnosis& diagnosis) {
    EXPECT_THAT(diagnosis.findings, SizeIs(1));
    return diagnosis.findings.empty() ? Finding() : diagnosis.findings[0];
  }
  std::string Unit() const { return link_.Path("lib/libnp.a") + "(np.o)"; }

  LinkFixture link_;
};

TEST_F(LinkerWordsTest, AnArchiveForAnotherMachineOfWhichNothingIsNeededIsOneFinding) {
  link_.File("lib/libarm.a",
             test_support::MakeArchive({{"a.o", ObjectBuilder().Machine(llvm::ELF::EM_AARCH64).Define("a").Build()},
                                        {"b.o", ObjectBuilder().Machine(llvm::ELF::EM_AARCH64).Define("b").Build()}}));
  const std::string path = link_.Path("lib/libarm.a");
  const plan::LinkPlan plan = link_.Plan("go.o -Llib -larm -lnp");
  const Diagnosis diagnosis =
      ExplainWords("ld.lld: error: " + path + "(a.o) is incompatible with elf64-x86-64\nld.lld: error: " + path +
                       "(b.o) is incompatible with elf64-x86-64\n",
                   {.plan = plan, .pie = false, .fuse_ld = ""});
  const Finding finding = One(diagnosis);
  EXPECT_EQ(finding.cause, CauseId::kWrongSystem);
  EXPECT_EQ(finding.demangled, "libarm.a");
  EXPECT_EQ(finding.named_by, "-larm");
  EXPECT_EQ(finding.hint, "it was built for AArch64, and this program is for x86-64; nothing of it is needed");
  ASSERT_THAT(diagnosis.ways_out, SizeIs(1));
  EXPECT_EQ(diagnosis.ways_out[0].action, "leave -larm out");
  ASSERT_TRUE(diagnosis.ways_out[0].change);
}

TEST_F(LinkerWordsTest, CodeThatIsNotPositionIndependent) {
  const Diagnosis lld = Explain(
      "ld.lld: error: relocation R_X86_64_32S cannot be used against symbol 'arr'; recompile with -fPIC\n>>> defined "
      "in " +
          Unit() + "\n>>> referenced by np.c\n>>>               np.o:(q) in archive " + link_.Path("lib/libnp.a") +
          "\n\nld.lld: error: relocation R_X86_64_32 cannot be used against symbol 'tab'; recompile with -fPIC\n>>> "
          "defined in " +
          Unit() + "\n>>> referenced by np.c\n>>>               np.o:(q) in archive " + link_.Path("lib/libnp.a") +
          "\n",
      /*pie=*/true);
  const Finding finding = One(lld);
  EXPECT_EQ(finding.cause, CauseId::kNotPic);
  EXPECT_EQ(finding.symbol, Unit()) << "both are of one object";
  EXPECT_EQ(finding.named_by, "-lnp");
  EXPECT_THAT(finding.hint, HasSubstr("q() in np.c uses the address of arr"));
  ASSERT_THAT(lld.ways_out, SizeIs(2));
  EXPECT_EQ(lld.ways_out[0].action, "leave out -buildmode=pie");
  EXPECT_EQ(lld.ways_out[1].action, "build libnp.a with -fPIC");
  const Finding gnu =
      One(Explain("/usr/bin/ld: " + Unit() +
                      ": relocation R_X86_64_32S against symbol `arr' can not be used when making a PIE "
                      "object; recompile with -fPIE\ncollect2: error: ld returned 1 exit status\n",
                  /*pie=*/true));
  EXPECT_EQ(gnu.symbol, Unit());
  EXPECT_THAT(gnu.hint, HasSubstr("the address of arr"));
}

TEST_F(LinkerWordsTest, ALinkerThatGccDoesNotKnow) {
  const Diagnosis diagnosis =
      Explain("gcc: error: unrecognized command-line option '-fuse-ld=nold'; did you mean '-fuse-ld=gold'?\n",
              /*pie=*/false, "nold");
  EXPECT_EQ(One(diagnosis).cause, CauseId::kLinkerMissing);
  ASSERT_FALSE(diagnosis.ways_out.empty());
  EXPECT_EQ(diagnosis.ways_out[0].action, "leave -fuse-ld=nold out");
}

TEST_F(LinkerWordsTest, DataOutOfReachIsOneFindingHoweverManySaySo) {
  std::string words;
  for (const char* object : {"dcigettext.o", "gconv_db.o"}) {
    words +=
        "ld.lld: error: /usr/lib/libc.a(" + std::string(object) +
        "):(function free_mem: __libc_freeres_fn+0x9): relocation R_X86_64_PC32 out of range: 3000201499 is not in "
        "[-2147483648, 2147483647]; references '_nl_bindings'\n>>> defined in /usr/lib/libc.a\n\n";
  }
  const Finding finding = One(Explain(words));
  EXPECT_EQ(finding.cause, CauseId::kOutOfReach);
  EXPECT_THAT(finding.hint, HasSubstr("libc.a(dcigettext.o), which uses _nl_bindings"));
  const Finding gnu =
      One(Explain("/usr/bin/ld: " + Unit() +
                  ": in function `q':\nnp.c:(.text+0x9): relocation truncated to fit: R_X86_64_PC32 against "
                  "symbol `big' defined in .bss section in x.o\n"));
  EXPECT_EQ(gnu.cause, CauseId::kOutOfReach);
}

TEST_F(LinkerWordsTest, OptionsScriptsAndLinkers) {
  EXPECT_EQ(One(Explain("/usr/bin/ld: unrecognized option '--frobnicate'\n/usr/bin/ld: use the --help option for usage "
                        "information\ncollect2: error: ld returned 1 exit status\n"))
                .symbol,
            "--frobnicate");
  EXPECT_EQ(One(Explain("ld.lld: error: unknown argument '--frobnicate'\n")).cause, CauseId::kUnknownOption);
  const Finding version = One(Explain("/usr/bin/ld:/w/v.map:0: syntax error in VERSION script\n"));
  EXPECT_EQ(version.symbol, "/w/v.map");
  EXPECT_EQ(version.hint, "syntax error in VERSION script");
  const Finding absent = One(
      Explain("/usr/bin/ld: cannot open linker script file /w/none.map: No such file or directory\ncollect2: error: ld "
              "returned 1 exit status\n"));
  EXPECT_EQ(absent.symbol, "/w/none.map");
  EXPECT_EQ(absent.hint, "no such file or directory");
  EXPECT_EQ(One(Explain("ld.lld: error: cannot find linker script /w/none.ld\n")).symbol, "/w/none.ld");
  // gcc quotes as the locale has it.
  const Diagnosis mold = Explain("collect2: fatal error: cannot find ‘ld’\ncompilation terminated.\n", false, "mold");
  EXPECT_EQ(One(mold).cause, CauseId::kLinkerMissing);
  EXPECT_EQ(One(mold).hint, "no ld.mold is in PATH");
}

TEST_F(LinkerWordsTest, AThreadLocalVariable) {
  const Finding definition =
      One(Explain("/usr/bin/ld: v: TLS definition in /w/b.o section .tbss mismatches non-TLS reference in "
                  "/w/c.o\n/w/b.o: error\n"));
  EXPECT_EQ(definition.symbol, "v");
  EXPECT_THAT(definition.hint, HasSubstr("b.o has it as thread-local, c.o as an ordinary variable"));
  const Finding reference = One(
      Explain("/usr/bin/ld: errno: TLS definition in /w/libc.a(errno.o) section .tbss mismatches non-TLS reference in "
              "/w/c.o\n"));
  EXPECT_THAT(reference.hint, HasSubstr("libc.a(errno.o) has it as thread-local, c.o as"));
  const Finding other =
      One(Explain("/usr/bin/ld: v: TLS reference in /w/b.o mismatches non-TLS definition in /w/c.o section "
                  ".data\n"));
  EXPECT_THAT(other.hint, HasSubstr("b.o has it as thread-local, c.o as"));
}

TEST_F(LinkerWordsTest, OtherWordsAreNoFinding) {
  EXPECT_THAT(Explain("ld.lld: warning: x is incompatible with y\n").findings, IsEmpty());
  EXPECT_THAT(Explain("ld.lld: error: something new of tomorrow\n").findings, IsEmpty());
  EXPECT_THAT(Explain("").findings, IsEmpty());
  EXPECT_EQ(TheirReason("/usr/bin/ld: something new\ncollect2: error: ld returned 1 exit status\n"), "something new");
  EXPECT_EQ(TheirReason("error: unable to build musl: OutOfMemory\n"), "unable to build musl: OutOfMemory");
  EXPECT_EQ(TheirReason("no linker speaks so\n"), "");
}

}  // namespace
}  // namespace cgo_ld_shim::diagnose
