// What a link comes to when linkers refuse, die or make the wrong thing; without one that is really started.
#include "link/link.h"

#include <signal.h>

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/link/fakes.h"

namespace cgo_ld_shim::link {
namespace {

using test_support::ObjectBuilder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

constexpr char kLine[] = "-o a.out -rdynamic go/go.o go/000000.o -Llib -lf";

class LinkTest : public testing::Test {
 protected:
  LinkTest() {
    link_.files.Object("go/000000.o", ObjectBuilder().Define("_cgo_1_Cfunc_f").Reference("f"));
    link_.files.Archive("lib/libf.a", {{"f.o", ObjectBuilder().Define("f")}});
  }

  std::vector<std::string> Rules(const Result& result) {
    std::vector<std::string> names;
    for (const rules::Edit& edit : result.record.edits) names.emplace_back(edit.rule.text());
    return names;
  }

  FakeLink link_;
};

TEST_F(LinkTest, IsQuietWhenAllIsWell) {
  link_.linker().embedded = {{.messages = "warning: x\n"}};
  const Result result = link_.Do(kLine);
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(result.screen, "");
  EXPECT_EQ(result.record.outcome, "linked");
  EXPECT_EQ(result.record.linker, "fake lld");
  EXPECT_EQ(result.record.mode, "static");
  EXPECT_EQ(result.record.build_id, "0123");
  EXPECT_EQ(result.record.time_ms, 1000);
  EXPECT_THAT(result.record.notes, ElementsAre("the linker said: warning: x"));
  EXPECT_THAT(result.record.lost, IsEmpty());
  EXPECT_THAT(link_.linker().lines, ElementsAre(StartsWith("ld.lld ")));
  EXPECT_THAT(link_.records().stored, SizeIs(1));
  EXPECT_EQ(link_.records().captured, link_.linker().lines[0]);
  EXPECT_THAT(link_.processes.started, IsEmpty());
}

TEST_F(LinkTest, ALinkerThatDiesIsReplacedAndSaidSo) {
  link_.linker().embedded = {{.exit_status = 139, .signal = SIGSEGV, .messages = "so far"}};
  const Result result = link_.Do(kLine);
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(result.record.outcome, "fell-back");
  EXPECT_EQ(result.record.linker, "the underlying compiler's linker");
  EXPECT_THAT(result.screen, HasSubstr("cgo-ld-shim: the embedded linker "));
  EXPECT_THAT(result.screen, HasSubstr("signal 11"));
  ASSERT_THAT(result.record.lost, SizeIs(1));
  EXPECT_EQ(result.record.lost[0].signal, SIGSEGV);
  EXPECT_EQ(result.record.lost[0].said, "so far");
  // The planned link, with -static.
  ASSERT_THAT(link_.linker().lines, SizeIs(2));
  EXPECT_EQ(link_.linker().lines[1], "/usr/bin/gcc -o a.out go/go.o go/000000.o -Llib -lf -static");
}

TEST_F(LinkTest, ARefusalIsTriedAgainAndSaid) {
  link_.linker().embedded = {{.exit_status = 1, .messages = "ld.lld: error: what is this\n"}};
  const Result result = link_.Do(kLine);
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(result.screen,
            "cgo-ld-shim: the underlying compiler's linker did this link; the embedded one refused it: ld.lld: error: "
            "what is this\n");
  EXPECT_EQ(result.record.outcome, "fell-back");
  EXPECT_THAT(result.record.notes, ElementsAre("the embedded linker said: ld.lld: error: what is this"));
}

TEST_F(LinkTest, StrictTriesNothingElse) {
  link_.settings.strict = true;
  link_.linker().embedded = {{.exit_status = 139, .signal = SIGSEGV}};
  const Result result = link_.Do(kLine);
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_EQ(result.record.outcome, "failed");
  EXPECT_THAT(result.screen, HasSubstr("signal 11"));
  EXPECT_THAT(link_.linker().lines, SizeIs(1));
}

TEST_F(LinkTest, WhenBothFailTheEmbeddedOnesWordsAreShownAndTheOthersKept) {
  link_.linker().embedded = {{.exit_status = 1, .messages = "ld.lld: error: first\n"}};
  link_.linker().through_driver = {{.exit_status = 1, .messages = "ld: second\nmore\n"}};
  const Result result = link_.Do(kLine);
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_EQ(result.record.outcome, "failed");
  EXPECT_EQ(result.record.linker, "fake lld");
  EXPECT_THAT(result.screen, StartsWith("ld.lld: error: first\ncgo-ld-shim: cannot link"));
  EXPECT_THAT(result.screen, HasSubstr("failed as well: ld: second"));
  ASSERT_THAT(result.record.lost, SizeIs(1));
  EXPECT_EQ(result.record.lost[0].said, "ld: second\nmore");
}

// What spoils it for one spoils it for the other.
TEST_F(LinkTest, AFullDiskOrAKillIsNotTriedAgain) {
  const backend::Outcome outcomes[] = {
      {.exit_status = 1, .messages = "ld.lld: error: failed to write output: No space left on device\n"},
      {.exit_status = 1, .messages = "ld.lld: error: cannot open output file a.out: Permission denied\n"},
      {.exit_status = 137, .signal = SIGKILL},
      {.exit_status = 143, .signal = SIGTERM},
  };
  for (const backend::Outcome& outcome : outcomes) {
    link_.linker().lines.clear();
    link_.linker().embedded = {outcome};
    EXPECT_EQ(link_.Do(kLine).exit_status, outcome.exit_status);
    EXPECT_THAT(link_.linker().lines, SizeIs(1));
  }
}

TEST_F(LinkTest, WhatIsMissingIsExplainedAndNotTriedAgain) {
  link_.files.Archive("lib/libf.a", {{"f.o", ObjectBuilder().Define("g")}});
  link_.linker().embedded = {{.exit_status = 1, .messages = "ld.lld: error: undefined symbol: f\n"}};
  const Result result = link_.Do(kLine);
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(link_.linker().lines, SizeIs(1));
  EXPECT_THAT(result.screen, HasSubstr("undefined: f"));
  EXPECT_THAT(result.screen, Not(HasSubstr("explains")));
  ASSERT_THAT(result.record.missing, SizeIs(1));
  EXPECT_EQ(result.record.missing[0].symbol, "f");
}

// The user's archive for this platform is not there, and two are that would do.
TEST_F(LinkTest, OfTwoBuildsThatFitNoneIsTakenAndBothAreNamed) {
  for (const char* name : {"lib/libq_amd64.a", "lib/libq_x64.a"})
    link_.files.Archive(name, {{"f.o", ObjectBuilder().Define("f")}});
  const std::string line = absl::StrCat("-o a.out go/go.o -L", link_.files.Path("lib"), " -lq_x86_64_linux_gnu");
  const Result result = link_.Do(line.c_str());
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.record.missing[0].hint,
              AllOf(HasSubstr("several builds"), HasSubstr("libq_amd64.a, "), HasSubstr("libq_x64.a; name one")));
}

TEST_F(LinkTest, MarksItsExplanationForTheOneWhoReadsGosOutput) {
  link_.files.Archive("lib/libf.a", {{"f.o", ObjectBuilder().Define("g")}});
  link_.environment.emplace_back("CGO_LD_SHIM_INTERNAL_MARK=0123");
  link_.linker().embedded = {{.exit_status = 1, .messages = "words\n"}};
  const Result explained = link_.Do(kLine);
  EXPECT_THAT(explained.screen, StartsWith("words\ncgo-ld-shim explains 0123\ncgo-ld-shim: undefined: f"));
  EXPECT_THAT(explained.screen, HasSubstr("\ncgo-ld-shim has explained 0123\n"));
  // The linker's words are all that there is.
  link_.files.Archive("lib/libf.a", {{"f.o", ObjectBuilder().Define("f")}});
  link_.settings.strict = true;
  link_.linker().embedded = {{.exit_status = 1, .messages = "ld.lld: error: x\n"}};
  EXPECT_THAT(link_.Do(kLine).screen, Not(HasSubstr("0123")));
}

TEST_F(LinkTest, AProgramThatIsNotStaticIsRemoved) {
  link_.output().is_static = absl::FailedPreconditionError("it asks for an interpreter");
  const Result result = link_.Do(kLine);
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_EQ(result.record.outcome, "failed");
  EXPECT_THAT(result.screen, HasSubstr("it asks for an interpreter"));
  EXPECT_THAT(link_.output().removed, ElementsAre(link_.files.Path("a.out")));
}

TEST_F(LinkTest, AnAnswerThatWasKeptAndFailsIsAskedForAgain) {
  link_.toolchains().anew = link_.files.toolchain();
  link_.files.toolchain().kept = true;
  link_.files.toolchain().line.first_objects = {"/nonexistent/crt1.o"};
  const Result result = link_.Do(kLine);
  EXPECT_EQ(result.exit_status, 0) << result.screen;
  EXPECT_THAT(result.record.notes, testing::Contains(HasSubstr("learned anew")));
  // The compiler says the same again: it is so, and the error is told once.
  link_.toolchains().anew.reset();
  const Result again = link_.Do(kLine);
  EXPECT_EQ(again.exit_status, 1);
  EXPECT_THAT(again.record.notes, testing::Not(testing::Contains(HasSubstr("learned anew"))));
}

TEST_F(LinkTest, AProgramThatCannotBeReadBackStaysAndIsAnError) {
  link_.output().is_static = absl::UnavailableError("cannot read a.out back: I/O error");
  const Result result = link_.Do(kLine);
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.screen, HasSubstr("whether it is static is not known"));
  EXPECT_THAT(link_.output().removed, IsEmpty());
}

TEST_F(LinkTest, LinkerByItsPathIsGivenToTheDriver) {
  link_.settings.linker = "/bin/true";
  const Result result = link_.Do(kLine);
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(result.record.linker, "/bin/true");
  EXPECT_THAT(Rules(result), testing::Contains("linker-driver"));
  EXPECT_THAT(link_.linker().lines, ElementsAre(testing::MatchesRegex("/usr/bin/gcc -B[^ ]* -o a.out .* -static")));
}

TEST_F(LinkTest, WhatIsLinkedAsGoAsksIsLinkedByTheLinkerThatIsNamed) {
  link_.settings.static_mode = support::StaticMode::kOff;
  link_.settings.linker = "/bin/true";
  EXPECT_EQ(link_.Do(kLine).record.linker, "/bin/true");
  link_.settings.linker = "lld";
  const Result result = link_.Do(kLine);
  EXPECT_EQ(result.record.linker, "fake lld");
  EXPECT_THAT(result.record.driver_argv, testing::Contains("-fuse-ld=lld"));
  link_.settings.linker = "";
  EXPECT_EQ(link_.Do(kLine).record.linker, "the underlying compiler's linker");
  EXPECT_THAT(link_.linker().lines, ElementsAre(testing::MatchesRegex("/usr/bin/gcc -B[^ ]* -o a.out .*"),
                                                testing::MatchesRegex("/usr/bin/gcc -B[^ ]* -fuse-ld=lld -o a.out .*"),
                                                testing::MatchesRegex("/usr/bin/gcc -o a.out .*")));
}

TEST_F(LinkTest, ALinkerThatIsNotThereIsAnErrorAndNothingElseIsTaken) {
  link_.settings.linker = "/nowhere/ld.mold";
  const Result result = link_.Do(kLine);
  EXPECT_NE(result.exit_status, 0);
  EXPECT_THAT(result.screen, HasSubstr("CGO_LD_SHIM_LINKER=/nowhere/ld.mold"));
  EXPECT_THAT(result.record.notes, ElementsAre(HasSubstr("no such file")));
  link_.settings.linker = "/usr";
  EXPECT_THAT(link_.Do(kLine).screen, HasSubstr("it is a directory"));
  EXPECT_THAT(link_.linker().lines, IsEmpty());
}

TEST_F(LinkTest, TheUsersFlagWinsOverTheSettingAndTheRecordSaysWho) {
  link_.settings.linker = "/bin/true";
  const Result result = link_.Do(std::string(kLine) + " -fuse-ld=gold");
  EXPECT_EQ(result.record.linker, "the underlying compiler's linker");
  EXPECT_EQ(result.record.edits.back().because, "-fuse-ld=gold is asked for");
  EXPECT_THAT(link_.linker().lines, ElementsAre(Not(HasSubstr(" -B"))));
}

TEST_F(LinkTest, TheUsersLinkerAndOptionsWin) {
  EXPECT_THAT(Rules(link_.Do(std::string(kLine) + " -fuse-ld=gold")), testing::Contains("linker-driver"));
  link_.linker().refused = "--what";
  const Result refused = link_.Do(std::string(kLine) + " -Wl,--what");
  EXPECT_THAT(Rules(refused), testing::Contains("linker-driver"));
  EXPECT_THAT(refused.record.edits.back().because, HasSubstr("unknown argument '--what'"));
  EXPECT_THAT(link_.linker().lines, testing::Each(StartsWith("/usr/bin/gcc ")));
}

TEST_F(LinkTest, AFaultOfOursLinksUnplanned) {
  link_.environment.emplace_back("CGO_LD_SHIM_INTERNAL_FAULT=11");
  const Result result = link_.Do("-o a.out -rdynamic -pie go/go.o");
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(result.record.outcome, "fell-back");
  EXPECT_THAT(result.screen, HasSubstr("signal 11"));
  EXPECT_THAT(link_.linker().lines, ElementsAre("/usr/bin/gcc -o a.out -static-pie go/go.o"));
  link_.settings.strict = true;
  EXPECT_EQ(link_.Do("-o a.out go/go.o").exit_status, 1);
  EXPECT_THAT(link_.linker().lines, SizeIs(1));
}

TEST_F(LinkTest, WithoutAToolchainItSaysSo) {
  link_.toolchains().error = absl::NotFoundError("gcc says nothing");
  const Result result = link_.Do(kLine);
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.screen, HasSubstr("gcc says nothing"));
  EXPECT_THAT(result.screen, HasSubstr("cgo-ld-shim doctor"));
}

class PreferTest : public LinkTest {
 protected:
  PreferTest() {
    link_.settings.static_mode = support::StaticMode::kPrefer;
    link_.files.Object("go/000000.o", ObjectBuilder().Define("_cgo_1_Cfunc_f").Reference("f").Reference("dyn"));
    link_.files.Shared("lib/libdyn.so", test_support::SharedBuilder().Soname("libdyn.so").Define("dyn"));
    link_.linker().embedded = {{.exit_status = 1, .messages = "ld.lld: error: undefined symbol: dyn\n"}};
  }
  const std::string line_ = std::string(kLine) + " -ldyn";
};

TEST_F(PreferTest, IsDynamicForWhatIsOnlySharedAndTellsOfThatLinkAlone) {
  const Result result = link_.Do(line_);
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(result.record.outcome, "linked");
  EXPECT_EQ(result.record.mode, "dynamic");
  EXPECT_THAT(Rules(result), Not(testing::Contains("force-static")));
  EXPECT_THAT(Rules(result), Not(testing::Contains("drop-shared-only")));
  EXPECT_THAT(Rules(result), testing::Contains("prefer-dynamic"));
  EXPECT_THAT(result.record.linker_argv, IsEmpty());
  EXPECT_THAT(result.record.missing, IsEmpty());
  ASSERT_THAT(result.record.lost, SizeIs(1));
  EXPECT_EQ(result.record.lost[0].mode, "static");
  ASSERT_THAT(link_.linker().lines, SizeIs(2));
  EXPECT_THAT(link_.linker().lines[1], Not(HasSubstr("-static")));
  EXPECT_THAT(link_.linker().lines[1], HasSubstr(link_.files.Path("lib/libf.a")));
}

TEST_F(LinkTest, ALinkThatCannotBeginHasARecord) {
  link_.environment.emplace_back("TOOLEXEC_IMPORTPATH=example.com/tool");
  const Result result = link_.DoRefuse(kLine, absl::InvalidArgumentError("CGO_LD_SHIM_LINKER=no is no value"));
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_EQ(result.screen, "cgo-ld-shim: CGO_LD_SHIM_LINKER=no is no value\n");
  ASSERT_THAT(link_.records().stored, SizeIs(1));
  const report::LinkRecord& record = link_.records().stored[0];
  EXPECT_EQ(record.outcome, "failed");
  EXPECT_EQ(record.package, "example.com/tool");
  EXPECT_EQ(record.exit_status, 2);
  EXPECT_THAT(record.notes, ElementsAre("CGO_LD_SHIM_LINKER=no is no value"));
  EXPECT_THAT(link_.linker().lines, IsEmpty());
}

// Then the command line, which Go prints, is all that would be shown beside our words.
TEST_F(LinkTest, WhereNoLinkerSaysAnythingOurWordsAreMarkedAsAll) {
  link_.environment.emplace_back("CGO_LD_SHIM_INTERNAL_MARK=word");
  link_.settings.linker = "/nonexistent/ld";
  link_.linker().through_driver = {{.exit_status = 1}};
  EXPECT_THAT(link_.Do(kLine).screen, StartsWith("cgo-ld-shim explains word\n"));
}

TEST_F(PreferTest, ThenAsAsked) {
  link_.linker().through_driver = {{.exit_status = 1, .messages = "no\n"}};
  const Result result = link_.Do(line_);
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(result.record.outcome, "handed-on");
  EXPECT_EQ(result.record.mode, "as asked");
  EXPECT_THAT(result.record.lost, SizeIs(2));
  EXPECT_THAT(result.record.edits, IsEmpty());
}

TEST_F(PreferTest, ThenTheStaticLinkIsExplained) {
  link_.linker().through_driver = {{.exit_status = 1}, {.exit_status = 1}};
  const Result result = link_.Do(line_);
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_EQ(result.record.outcome, "failed");
  EXPECT_EQ(result.record.mode, "static");
  EXPECT_THAT(result.record.lost, SizeIs(2));
  EXPECT_THAT(result.record.missing, SizeIs(1));
}

}  // namespace
}  // namespace cgo_ld_shim::link
