// A rule's test: line in → line out, and the log.
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "rewrite/apply.h"
#include "tests/support/elf.h"
#include "tests/support/link_fixture.h"

namespace cgo_ld_shim::rewrite {
namespace {

using test_support::LinkFixture;
using test_support::ObjectBuilder;
using test_support::SharedBuilder;

struct Rewritten {
  std::string line;
  std::string rules;  // "force-static drop-lresolv"
  std::vector<Rewrite> log;
};

Rewritten Rewriting(LinkFixture* link, const std::string& line, const support::Settings& settings = {}) {
  const invocation::Invocation call = link->Call(line);
  const plan::LinkPlan plan = link->Plan(line);
  const resolve::Resolution resolution = resolve::Resolve(plan, link->toolchain(), link->cache());
  const RewrittenLink result =
      Apply(call, plan, Decide(call, plan, resolution, link->toolchain(), {}, {}, settings), resolution);
  const std::string rules =
      absl::StrJoin(result.rewrites, " ", [](std::string* out, const Rewrite& r) { out->append(r.rule); });
  return {absl::StrReplaceAll(absl::StrJoin(result.words, " "), {{link->dir() + "/", "$D/"}}), rules, result.rewrites};
}

TEST(RewriteTest, ForcesStatic) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("write"));
  const Rewritten r = Rewriting(&link, "-m64 -o out -rdynamic go.o -O2 -g -no-pie");
  EXPECT_EQ(r.line, "-m64 -o out go.o -O2 -g -no-pie -static");
  EXPECT_EQ(r.rules, "drop-rdynamic force-static");
}

TEST(RewriteTest, ThreadsOfMuslGetAStackForC) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("write"));
  link.toolchain().libc = target::ParseLibc("musl");
  const Rewritten r = Rewriting(&link, "-o out go.o");
  EXPECT_EQ(r.line, "-o out go.o -Wl,-zstack-size=8388608 -static");
  EXPECT_EQ(r.rules, "thread-stack force-static");
  EXPECT_EQ(Rewriting(&link, "-o out go.o -Wl,-z,stack-size=65536").rules, "force-static") << "the user's own";
  link.toolchain().line.options = {"-z", "stack-size=16777216"};
  EXPECT_EQ(Rewriting(&link, "-o out go.o").rules, "force-static") << "zig's own";
}

TEST(RewriteTest, ALineThatNeedsNoRuleKeepsItsWords) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("write"));
  const Rewritten r =
      Rewriting(&link, "-m64 -o out -Wl,-z,relro,--build-id=0x12 go.o -Wl,--export-dynamic-symbol=x -static");
  EXPECT_EQ(r.line, "-m64 -o out -Wl,-z,relro,--build-id=0x12 go.o -Wl,--export-dynamic-symbol=x -static");
  EXPECT_EQ(r.rules, "");
}

TEST(RewriteTest, PieBecomesStaticPie) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("write"));
  EXPECT_EQ(Rewriting(&link, "-pie -o out go.o").line, "-static-pie -o out go.o");
  EXPECT_EQ(Rewriting(&link, "-pie -o out go.o -static").line, "-static-pie -o out go.o");
}

TEST(RewriteTest, DropsResolvWhereNothingNeedsIt) {
  LinkFixture link;
  link.Archive("sys/libresolv.a", {{"r.o", ObjectBuilder().Define("ns_initparse")}});
  link.Object("go.o", ObjectBuilder().Reference("write"));
  link.Object("res.o", ObjectBuilder().Reference("ns_initparse"));
  EXPECT_EQ(Rewriting(&link, "go.o -lresolv -static -lresolv").line, "go.o -static");
  const Rewritten kept = Rewriting(&link, "go.o res.o -lresolv -static");
  EXPECT_EQ(kept.line, "go.o res.o -lresolv -static");
  EXPECT_EQ(kept.rules, "");
}

TEST(RewriteTest, AddsLibrariesAfterTheUsersInputsAndSaysWhy) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("ceilf"));
  link.Archive("sys/libm.a", {{"ceilf.o", ObjectBuilder().Define("ceilf")}});
  const Rewritten r = Rewriting(&link, "go.o -no-pie -static");
  EXPECT_EQ(r.line, "go.o -lm -no-pie -static");
  ASSERT_EQ(r.rules, "add-runtime");
  EXPECT_EQ(r.log[0].after, std::vector<std::string>{"-lm"});
  EXPECT_EQ(r.log[0].evidence[0].symbol, "ceilf");
}

TEST(RewriteTest, GroupsOnlyWhatIsCyclic) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("a1").Reference("c"));
  link.Archive("lib/liba.a", {{"a1.o", ObjectBuilder().Define("a1").Reference("b1")},
                              {"a2.o", ObjectBuilder().Define("a2").Reference("b2")}});
  link.Archive("lib/libb.a",
               {{"b1.o", ObjectBuilder().Define("b1").Reference("a2")}, {"b2.o", ObjectBuilder().Define("b2")}});
  link.Archive("lib/libc1.a", {{"c.o", ObjectBuilder().Define("c")}});
  EXPECT_EQ(Rewriting(&link, "go.o -Llib -la -lb -lc1 -static").line,
            "go.o -Llib -Wl,--start-group -la -lb -Wl,--end-group -lc1 -static");
}

TEST(RewriteTest, LeavesOutASharedOnlyLibrary) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("write"));
  link.Shared("sys/libudev.so", SharedBuilder().Soname("libudev.so.1").Define("udev_new"));
  const Rewritten r = Rewriting(&link, "go.o -ludev -static");
  EXPECT_EQ(r.line, "go.o -static");
  EXPECT_EQ(r.rules, "drop-shared-only");
}

TEST(RewriteTest, DebugSectionsFollowTheSetting) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("write"));
  support::Settings none;
  none.debug_sections = support::DebugSections::kNone;
  EXPECT_EQ(Rewriting(&link, "-Wl,--compress-debug-sections=zlib go.o -static", none).line,
            "go.o -static -Wl,--compress-debug-sections=none");
  support::Settings zlib;
  zlib.debug_sections = support::DebugSections::kZlib;
  const Rewritten same = Rewriting(&link, "-Wl,--compress-debug-sections=zlib go.o -static", zlib);
  EXPECT_EQ(same.line, "-Wl,--compress-debug-sections=zlib go.o -static");
  EXPECT_EQ(same.rules, "");
}

}  // namespace
}  // namespace cgo_ld_shim::rewrite
