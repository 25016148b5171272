// The same link for plain gcc: quoting, order, groups, and what flags cannot say.
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "report/record.h"
#include "report/text.h"

namespace cgo_ld_shim::report {
namespace {

using rules::RuleId;

const rules::Edit kForceStatic = {RuleId::kForceStatic, {}, {"-static"}, "final link of an executable", {}};

// A static link by `line`, without the driver and the objects.
LinkRecord Linked(std::vector<std::string> line, std::vector<rules::Edit> rewrites) {
  LinkRecord record;
  record.outcome = "linked";
  record.mode = "static";
  record.output = "/tmp/go-build1/b001/exe/a.out";
  record.driver_argv = {"/usr/bin/gcc", "-m64", "-o", "a.out", "/tmp/go-link-1/go.o", "/tmp/go-link-1/000000.o"};
  record.driver_argv.insert(record.driver_argv.end(), line.begin(), line.end());
  record.edits = std::move(rewrites);
  return record;
}

rules::Edit Added(const std::string& word, RuleId rule = RuleId::kAddArchive) {
  return {rule, {}, {word}, "missing", {}};
}

TEST(FlagsTest, NamesWhatWasAddedInItsOrderAfterStatic) {
  EXPECT_EQ(FlagsText(Linked({"-O2", "-g", "-lrocksdb", "-lsnappy", "-lstdc++", "-lm", "-no-pie", "-static"},
                             {kForceStatic, Added("-lsnappy"), Added("-lstdc++", RuleId::kAddRuntime),
                              Added("-lm", RuleId::kAddRuntime)})),
            R"(CC=gcc go build -ldflags='-linkmode=external -extldflags "-static -lsnappy -lstdc++ -lm"'

or, after the #cgo LDFLAGS that are there,
  #cgo LDFLAGS: -lsnappy -lstdc++ -lm
with
CC=gcc go build -ldflags='-linkmode=external -extldflags "-static"'
)");
}

TEST(FlagsTest, NeedsNoMoreThanStaticWhenNothingWasAdded) {
  EXPECT_EQ(FlagsText(Linked({"-lpthread", "-no-pie", "-static"},
                             {kForceStatic, {RuleId::kDropLresolv, {"-lresolv"}, {}, "", {}}})),
            "CC=gcc go build -ldflags='-linkmode=external -extldflags \"-static\"'\n");
}

TEST(FlagsTest, RepeatsLibrariesThatHadToMove) {
  EXPECT_EQ(FlagsText(Linked({"-lxml2", "-lz", "-llzma", "-no-pie", "-static"},
                             {kForceStatic,
                              Added("-llzma"),
                              {RuleId::kOrderArchives, {"-lz", "-lxml2"}, {"-lxml2", "-lz", "-llzma"}, "", {}}})),
            "CC=gcc go build -ldflags='-linkmode=external -extldflags \"-static -lxml2 -lz -llzma\"'\n");
}

TEST(FlagsTest, KeepsAGroupAroundACycle) {
  EXPECT_EQ(
      FlagsText(Linked(
          {"-lfirst", "-Wl,--start-group", "-la", "/opt/lib/libb.a", "-Wl,--end-group", "-no-pie", "-static"},
          {kForceStatic, {RuleId::kGroupArchives, {"-la", "/opt/lib/libb.a"}, {"-la", "/opt/lib/libb.a"}, "", {}}})),
      "CC=gcc go build -ldflags='-linkmode=external -extldflags \"-static -Wl,--start-group -la /opt/lib/libb.a "
      "-Wl,--end-group\"'\n");
}

TEST(FlagsTest, LeavesOutAGroupOfTheUsersThatHoldsNothingAdded) {
  EXPECT_EQ(
      FlagsText(Linked({"-Wl,--start-group", "-la", "-lb", "-Wl,--end-group", "/opt/libc.a", "-no-pie", "-static"},
                       {kForceStatic, Added("/opt/libc.a")})),
      "CC=gcc go build -ldflags='-linkmode=external -extldflags \"-static /opt/libc.a\"'\n");
}

TEST(FlagsTest, KeepsTheUsersOwnExtldflagsAndStripping) {
  EXPECT_EQ(FlagsText(Linked({"-s", "-lz", "-no-pie", "-Wl,-z,now", "-u", "sym", "-static"}, {kForceStatic})),
            "CC=gcc go build -ldflags='-s -linkmode=external -extldflags \"-static -Wl,-z,now -u sym\"'\n");
}

TEST(FlagsTest, SaysDebugSectionsAndPie) {
  LinkRecord record = Linked({"-static-pie", "-lz", "-Wl,--compress-debug-sections=none"},
                             {{RuleId::kStaticPie, {"-pie"}, {"-static-pie"}, "", {}},
                              {RuleId::kDebugSections, {}, {"-Wl,--compress-debug-sections=none"}, "", {}}});
  record.mode = "static-pie";
  EXPECT_EQ(FlagsText(record),
            "CC=gcc go build -buildmode=pie -ldflags='-linkmode=external -extldflags \"-static-pie "
            "-Wl,--compress-debug-sections=none\"'\n");
}

TEST(FlagsTest, MakesAnEmptyArchiveForALibraryThatHasNone) {
  EXPECT_EQ(FlagsText(Linked({"-lz", "-no-pie", "-static"},
                             {kForceStatic, {RuleId::kDropSharedOnly, {"-lX11"}, {}, "", {}}})),
            "mkdir -p empty-archives && ar rc empty-archives/libX11.a\n"
            "CC=gcc go build -ldflags='-linkmode=external -extldflags \"-static -Lempty-archives\"'\n");
  EXPECT_TRUE(absl::StartsWith(
      FlagsText(Linked({"-static"}, {kForceStatic, {RuleId::kDropSharedOnly, {"-l:libX.so"}, {}, "", {}}})),
      "not expressible by flags: -l:libX.so has no archive"));
}

TEST(FlagsTest, SaysThatTheNameServiceSwitchIsAnotherOne) {
  const std::string text = FlagsText(Linked({"/home/u/.cache/nss.o", "-lz", "-no-pie", "-static"},
                                            {kForceStatic, {RuleId::kNssFiles, {}, {"/home/u/.cache/nss.o"}, "", {}}}));
  EXPECT_TRUE(absl::StrContains(text, "-extldflags \"-static\"'\n# Unlike")) << text;
}

TEST(FlagsTest, QuotesWordsForGoAndForTheShell) {
  EXPECT_EQ(FlagsText(Linked({"/my libs/liba.a", "-no-pie", "-static"}, {kForceStatic, Added("/my libs/liba.a")})),
            "CC=gcc go build -ldflags='-linkmode=external -extldflags \"-static '\\''/my libs/liba.a'\\''\"'\n");
  EXPECT_EQ(FlagsText(Linked({"/it's/liba.a", "-no-pie", "-static"}, {kForceStatic, Added("/it's/liba.a")})),
            "CC=gcc go build -ldflags='-linkmode=external -extldflags \"-static /it'\\''s/liba.a\"'\n");
  EXPECT_EQ(FlagsText(Linked({"/it's my/liba.a", "-no-pie", "-static"}, {kForceStatic, Added("/it's my/liba.a")})),
            "not expressible by flags: a word holds both kinds of quotes, which Go cannot split\n");
}

TEST(FlagsTest, NamesTheDriverThatLinked) {
  LinkRecord record = Linked({"-static"}, {kForceStatic});
  record.driver_argv[0] = "/opt/llvm/bin/clang++";
  EXPECT_TRUE(absl::StartsWith(FlagsText(record), "CXX=/opt/llvm/bin/clang++ go build ")) << FlagsText(record);
  record.driver_argv[0] = "/usr/bin/gcc";
  record.driver_argv.insert(record.driver_argv.begin(), "/usr/bin/ccache");
  EXPECT_TRUE(absl::StartsWith(FlagsText(record), "CC='ccache gcc' go build ")) << FlagsText(record);
  record.output = "/w/kv.test";
  EXPECT_TRUE(absl::StrContains(FlagsText(record), " go test -c -ldflags=")) << FlagsText(record);
}

TEST(FlagsTest, SaysWhatFlagsCannot) {
  for (const char* rule : {"isolate-runtime", "isolate-asked", "glibc-compat", "rust-arguments", "arm-atomics",
                           "use-variant", "stub-library", "text-stub", "a-rule-of-another-version"}) {
    EXPECT_EQ(FlagsText(Linked({"-static"},
                               {kForceStatic, {rules::RuleRef::FromText(rule), {}, {}, "two Rust libraries", {}}})),
              absl::StrCat("not expressible by flags: two Rust libraries (rule ", rule, ")\n"));
  }
  LinkRecord record = Linked({"/lib/liba.a"}, {kForceStatic});
  record.mode = "dynamic";
  EXPECT_TRUE(absl::StartsWith(FlagsText(record), "not expressible by flags: "));
}

TEST(FlagsTest, RepeatsFlagsThatRulesAdd) {
  EXPECT_EQ(FlagsText(Linked({"-no-pie", "-static", "-Wl,-zstack-size=8388608"},
                             {kForceStatic, {RuleId::kThreadStack, {}, {"-Wl,-zstack-size=8388608"}, "", {}}})),
            "CC=gcc go build -ldflags='-linkmode=external -extldflags \"-static -Wl,-zstack-size=8388608\"'\n");
}

TEST(FlagsTest, NamesZigWithItsTargetAndGosArchitecture) {
  LinkRecord record = Linked({"-no-pie", "-static"}, {kForceStatic});
  record.target = "riscv64-linux-musl";
  record.driver_argv = {"/opt/zig",
                        "cc",
                        "-target",
                        "riscv64-linux-musl",
                        "-mcpu=baseline_rv64",
                        "-fno-sanitize=undefined",
                        "-o",
                        "a.out",
                        "go.o",
                        "-no-pie",
                        "-static"};
  EXPECT_EQ(FlagsText(record),
            "CGO_ENABLED=1 GOARCH=riscv64 CC='/opt/zig cc -target riscv64-linux-musl -mcpu=baseline_rv64 "
            "-fno-sanitize=undefined' go build "
            "-ldflags='-linkmode=external -extldflags \"-static\"'\n");
  EXPECT_TRUE(HasFlagsLine(record));
}

TEST(FlagsTest, EveryRuleThatChangesWhatOnlyWeHaveIsSaid) {
  EXPECT_TRUE(
      absl::StrContains(FlagsText(Linked({"-static"}, {kForceStatic, {RuleId::kPackageNote, {}, {"/x"}, "", {}}})),
                        "# Unlike the link explained here, that program does not carry the list"));
}

TEST(FlagsTest, HasNoLineForALinkThatFailedOrWasNotChanged) {
  LinkRecord record = Linked({"-lz"}, {});
  EXPECT_EQ(FlagsText(record), "nothing was changed in this link: it is what plain gcc does\n");
  record.outcome = "failed";
  EXPECT_TRUE(absl::StartsWith(FlagsText(record), "the link failed"));
}

}  // namespace
}  // namespace cgo_ld_shim::report
