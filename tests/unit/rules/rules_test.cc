// A rule's test: line in → line out, and the log.
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "llvm/BinaryFormat/ELF.h"
#include "rules/line.h"
#include "tests/support/elf.h"
#include "tests/support/link_fixture.h"

namespace cgo_ld_shim::rules {
namespace {

using test_support::LinkFixture;
using test_support::ObjectBuilder;
using test_support::SharedBuilder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Edited {
  std::string line;
  std::vector<RuleId> rules;  // as the log has them
  std::vector<Edit> log;
};

Edited What(const LinkFixture& link, const Edits& edits) {
  Edited edited{.line = absl::StrReplaceAll(absl::StrJoin(edits.Words(), " "), {{link.dir() + "/", "$D/"}}),
                .log = edits.log()};
  for (const Edit& edit : edits.log()) edited.rules.push_back(*edit.rule.id());
  return edited;
}

// What a link has beside its line.
struct Given {
  support::Settings settings;
  toolchain::Driver driver = {.words = {"/usr/bin/gcc"}};
  std::vector<ExtraObject> extra;
  std::vector<Replacement> replacements;
};

Edits EditsOf(LinkFixture* link, const std::string& line, const Given& given = {}) {
  const invocation::Invocation call = link->Call(line);
  const plan::LinkPlan plan = link->Plan(line);
  const resolve::Resolution resolution = resolve::Resolve(plan, link->toolchain(), link->cache());
  return EditLine(
      {call, plan, resolution, link->toolchain(), given.settings, given.driver, given.extra, given.replacements});
}

Edited Editing(LinkFixture* link, const std::string& line, const Given& given = {}) {
  return What(*link, EditsOf(link, line, given));
}

LinkFixture& WithGo(LinkFixture& link) {
  link.Object("go.o", ObjectBuilder().Reference("write"));
  return link;
}

TEST(RulesTest, ForcesStatic) {
  LinkFixture link;
  const Edited r = Editing(&WithGo(link), "-m64 -o out -rdynamic go.o -O2 -g -no-pie");
  EXPECT_EQ(r.line, "-m64 -o out go.o -O2 -g -no-pie -static");
  EXPECT_THAT(r.rules, ElementsAre(RuleId::kDropRdynamic, RuleId::kForceStatic));
}

TEST(RulesTest, ThreadsOfMuslGetAStackForC) {
  LinkFixture link;
  WithGo(link).toolchain().libc = target::ParseLibc("musl");
  const Edited r = Editing(&link, "-o out go.o");
  EXPECT_EQ(r.line, "-o out go.o -Wl,-zstack-size=8388608 -static");
  EXPECT_THAT(r.rules, ElementsAre(RuleId::kThreadStack, RuleId::kForceStatic));
  EXPECT_THAT(Editing(&link, "-o out go.o -Wl,-z,stack-size=65536").rules, ElementsAre(RuleId::kForceStatic))
      << "the user's own";
  link.toolchain().line.options = {"-z", "stack-size=16777216"};
  EXPECT_THAT(Editing(&link, "-o out go.o").rules, ElementsAre(RuleId::kForceStatic)) << "zig's own";
}

TEST(RulesTest, ALineThatNeedsNoRuleKeepsItsWords) {
  LinkFixture link;
  const Edited r =
      Editing(&WithGo(link), "-m64 -o out -Wl,-z,relro,--build-id=0x12 go.o -Wl,--export-dynamic-symbol=x -static");
  EXPECT_EQ(r.line, "-m64 -o out -Wl,-z,relro,--build-id=0x12 go.o -Wl,--export-dynamic-symbol=x -static");
  EXPECT_THAT(r.rules, IsEmpty());
}

TEST(RulesTest, PieBecomesStaticPie) {
  LinkFixture link;
  const Edited r = Editing(&WithGo(link), "-pie -o out go.o");
  EXPECT_EQ(r.line, "-static-pie -o out go.o");
  EXPECT_THAT(r.rules, ElementsAre(RuleId::kStaticPie));
  EXPECT_EQ(Editing(&link, "-pie -o out go.o -static").line, "-static-pie -o out go.o");
}

TEST(RulesTest, ALineIsMadeStaticByItsWordsAlone) {
  LinkFixture link;
  EXPECT_EQ(What(link, EditUnplanned(link.Call("-pie -rdynamic go.o -lresolv"))).line, "-static-pie go.o -lresolv");
}

TEST(RulesTest, DropsResolvWhereNothingNeedsIt) {
  LinkFixture link;
  link.Archive("sys/libresolv.a", {{"r.o", ObjectBuilder().Define("ns_initparse")}});
  link.Object("res.o", ObjectBuilder().Reference("ns_initparse"));
  const Edited dropped = Editing(&WithGo(link), "go.o -lresolv -static -lresolv");
  EXPECT_EQ(dropped.line, "go.o -static");
  EXPECT_THAT(dropped.rules, ElementsAre(RuleId::kDropLresolv)) << "one reason, one line of the log";
  EXPECT_THAT(dropped.log[0].before, ElementsAre("-lresolv", "-lresolv"));
  const Edited kept = Editing(&link, "go.o res.o -lresolv -static");
  EXPECT_EQ(kept.line, "go.o res.o -lresolv -static");
  EXPECT_THAT(kept.rules, IsEmpty());
}

TEST(RulesTest, DropsALibraryThatWasNamedBefore) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("f"));
  link.Archive("lib/libf.a", {{"f.o", ObjectBuilder().Define("f")}});
  const Edited r = Editing(&link, "go.o -Llib -lf -static -lf");
  EXPECT_EQ(r.line, "go.o -Llib -lf -static");
  EXPECT_THAT(r.rules, ElementsAre(RuleId::kDropRepeat));
}

TEST(RulesTest, AddsLibrariesAfterTheUsersInputsAndSaysWhy) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("ceilf"));
  link.Archive("sys/libm.a", {{"ceilf.o", ObjectBuilder().Define("ceilf")}});
  const Edited r = Editing(&link, "go.o -no-pie -static");
  EXPECT_EQ(r.line, "go.o -lm -no-pie -static");
  ASSERT_THAT(r.rules, ElementsAre(RuleId::kAddRuntime));
  EXPECT_THAT(r.log[0].after, ElementsAre("-lm"));
  EXPECT_EQ(r.log[0].evidence[0].symbol, "ceilf");
}

TEST(RulesTest, AddsAnArchiveThatLiesBesideTheUsers) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("one"));
  link.Archive("lib/libone.a", {{"one.o", ObjectBuilder().Define("one").Reference("two")}});
  link.Archive("lib/libtwo.a", {{"two.o", ObjectBuilder().Define("two")}});
  const Edited r = Editing(&link, "go.o lib/libone.a -static");
  EXPECT_THAT(r.line, HasSubstr("libtwo.a -static"));
  EXPECT_THAT(r.rules, ElementsAre(RuleId::kAddArchive));
}

TEST(RulesTest, PutsALibraryBeforeWhatItNeeds) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("top"));
  link.Archive("lib/libbase.a", {{"base.o", ObjectBuilder().Define("base")}});
  link.Archive("lib/libtop.a", {{"top.o", ObjectBuilder().Define("top").Reference("base")}});
  const Edited r = Editing(&link, "go.o -Llib -lbase -ltop -static");
  EXPECT_EQ(r.line, "go.o -Llib -ltop -lbase -static");
  ASSERT_THAT(r.rules, ElementsAre(RuleId::kOrderArchives));
  EXPECT_THAT(r.log[0].before, ElementsAre("-lbase", "-ltop"));
  EXPECT_THAT(r.log[0].after, ElementsAre("-ltop", "-lbase"));
}

TEST(RulesTest, GroupsOnlyWhatIsCyclic) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("a1").Reference("c"));
  link.Archive("lib/liba.a", {{"a1.o", ObjectBuilder().Define("a1").Reference("b1")},
                              {"a2.o", ObjectBuilder().Define("a2").Reference("b2")}});
  link.Archive("lib/libb.a",
               {{"b1.o", ObjectBuilder().Define("b1").Reference("a2")}, {"b2.o", ObjectBuilder().Define("b2")}});
  link.Archive("lib/libc1.a", {{"c.o", ObjectBuilder().Define("c")}});
  const Edited r = Editing(&link, "go.o -Llib -la -lb -lc1 -static");
  EXPECT_EQ(r.line, "go.o -Llib -Wl,--start-group -la -lb -Wl,--end-group -lc1 -static");
  EXPECT_THAT(r.rules, ElementsAre(RuleId::kGroupArchives));
}

TEST(RulesTest, LeavesOutASharedOnlyLibrary) {
  LinkFixture link;
  link.Shared("sys/libudev.so", SharedBuilder().Soname("libudev.so.1").Define("udev_new"));
  const Edited r = Editing(&WithGo(link), "go.o -ludev -static");
  EXPECT_EQ(r.line, "go.o -static");
  EXPECT_THAT(r.rules, ElementsAre(RuleId::kDropSharedOnly));
}

TEST(RulesTest, DebugSectionsFollowTheSetting) {
  LinkFixture link;
  Given none;
  none.settings.debug_sections = support::DebugSections::kNone;
  const Edited r = Editing(&WithGo(link), "-Wl,--compress-debug-sections=zlib go.o -static", none);
  EXPECT_EQ(r.line, "go.o -static -Wl,--compress-debug-sections=none");
  ASSERT_THAT(r.rules, ElementsAre(RuleId::kDebugSections));
  EXPECT_THAT(r.log[0].before, ElementsAre("-Wl,--compress-debug-sections=zlib"));
  Given zlib;
  zlib.settings.debug_sections = support::DebugSections::kZlib;
  const Edited same = Editing(&link, "-Wl,--compress-debug-sections=zlib go.o -static", zlib);
  EXPECT_EQ(same.line, "-Wl,--compress-debug-sections=zlib go.o -static");
  EXPECT_THAT(same.rules, IsEmpty());
}

TEST(RulesTest, UnusedSectionsAreLeftOutWhereNobodyForbidsIt) {
  LinkFixture link;
  Given gc;
  gc.settings.gc = true;
  const Edited r = Editing(&WithGo(link), "go.o -static", gc);
  EXPECT_EQ(r.line, "go.o -static -Wl,--gc-sections");
  EXPECT_THAT(r.rules, ElementsAre(RuleId::kUnusedSections));
  for (const char* word : {"-Wl,--gc-sections", "-Wl,--no-gc-sections"}) {
    const std::string line = absl::StrCat(word, " go.o -static");
    EXPECT_EQ(Editing(&link, line, gc).line, line);
  }
}

TEST(RulesTest, ProgramsForMipsHaveNoDebugSections) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Machine(llvm::ELF::EM_MIPS).Class32().Reference("write"));
  const Edited r = Editing(&link, "go.o -static");
  EXPECT_EQ(r.line, "go.o -static -Wl,--strip-debug");
  EXPECT_THAT(r.rules, ElementsAre(RuleId::kMipsDebug));
}

TEST(RulesTest, WordsThatZigStopsAtAreLeftOutForZigAlone) {
  LinkFixture link;
  const Given zig = {.driver = toolchain::ReadDriver({"/opt/zig", "cc", "-target", "mipsel-linux-musleabihf"})};
  const Edited r = Editing(&WithGo(link), "-mhard-float go.o -static", zig);
  EXPECT_EQ(r.line, "go.o -static");
  EXPECT_THAT(r.rules, ElementsAre(RuleId::kDropRefused));
  EXPECT_EQ(Editing(&link, "-mhard-float go.o -static").line, "-mhard-float go.o -static");
}

TEST(RulesTest, OptionsThatCannotMatterToAStaticProgramAreLeftOut) {
  LinkFixture link;
  const Edited r =
      Editing(&WithGo(link),
              "go.o -Wl,--no-warn-rwx-segments,-z,now -Wl,-spare-dynamic-tags=5 -Wl,--dynamic-list-data -static");
  EXPECT_EQ(r.line, "go.o -Wl,-z,now -static");
  EXPECT_THAT(r.rules, ElementsAre(RuleId::kDropImmaterial, RuleId::kDropImmaterial, RuleId::kDropImmaterial));
  const std::string others = "go.o -Wl,--spare-dynamic-tags -Wl,--no-warn-mismatch,--dynamic-list=f -static";
  EXPECT_EQ(Editing(&link, others).line, others);
}

TEST(RulesTest, AnObjectThatIsNamedTwiceStandsOnce) {
  LinkFixture link;
  link.Object("f.o", ObjectBuilder().Define("f"));
  const Edited r = Editing(&WithGo(link), "go.o f.o f.o -static");
  EXPECT_EQ(r.line, "go.o f.o -static");
  EXPECT_THAT(r.rules, ElementsAre(RuleId::kDropRepeat));
}

TEST(RulesTest, AVariantTakesThePlaceOfAnArchive) {
  LinkFixture link;
  const Replacement variant = {.rule = RuleId::kUseVariant, .argument = 1, .file = "/x/libf.a", .because = "it fits"};
  const Edited r = Editing(&WithGo(link), "go.o lib/libf-arm64.a -static", {.replacements = {variant}});
  EXPECT_EQ(r.line, "go.o /x/libf.a -static");
  ASSERT_THAT(r.rules, ElementsAre(RuleId::kUseVariant));
  EXPECT_THAT(r.log[0].before, ElementsAre("lib/libf-arm64.a"));
  EXPECT_EQ(r.log[0].because, "it fits");
}

TEST(RulesTest, AnIsolatedObjectTakesThePlaceOfItsArchive) {
  LinkFixture link;
  link.Archive("lib/libtwo.a", {{"t.o", ObjectBuilder().Define("t")}});
  Replacement isolated = {.rule = RuleId::kIsolateAsked,
                          .argument = 2,
                          .file = "/tmp/two.o",
                          .because = "both define f",
                          .evidence = {{"f", "", "/x/libtwo.a"}}};
  const Edited asked = Editing(&WithGo(link), "go.o -Llib -ltwo -static", {.replacements = {isolated}});
  EXPECT_EQ(asked.line, "go.o -Llib /tmp/two.o -static");
  ASSERT_THAT(asked.rules, ElementsAre(RuleId::kIsolateAsked));
  EXPECT_EQ(asked.log[0].because, "both define f");
  EXPECT_EQ(asked.log[0].evidence[0].provided_by, "/x/libtwo.a");
  isolated.rule = RuleId::kIsolateRuntime;
  EXPECT_THAT(Editing(&link, "go.o -Llib -ltwo -static", {.replacements = {isolated}}).rules,
              ElementsAre(RuleId::kIsolateRuntime));
  isolated.argument = -1;
  EXPECT_THAT(Editing(&link, "go.o -static", {.replacements = {isolated}}).rules, IsEmpty())
      << "no word of the line has changed";
}

TEST(RulesTest, ObjectsOfOursStandBehindTheUsersInputs) {
  LinkFixture link;
  WithGo(link);
  for (const RuleId rule : {RuleId::kNssFiles, RuleId::kGlibcCompat, RuleId::kRustArguments, RuleId::kArmAtomics,
                            RuleId::kStubLibrary, RuleId::kPackageNote}) {
    const Given given = {.extra = {{.rule = rule, .name = "ours.o", .path = "/proc/1/fd/3", .because = "wanted"}}};
    const Edited r = Editing(&link, "go.o -static", given);
    EXPECT_EQ(r.line, "go.o /proc/1/fd/3 -static");
    ASSERT_THAT(r.rules, ElementsAre(rule));
    EXPECT_THAT(r.log[0].after, ElementsAre("ours.o"));
  }
}

TEST(RulesTest, ZigAloneIsAskedForAStaticProgram) {
  LinkFixture link;
  const Edited r = What(link, EditForZig(link.Call("-mhard-float -rdynamic go.o -lresolv -lz")));
  EXPECT_EQ(r.line, "go.o -lz -static");
  EXPECT_THAT(r.rules,
              ElementsAre(RuleId::kDropRefused, RuleId::kDropRdynamic, RuleId::kDropLresolv, RuleId::kForceStatic));
}

TEST(RulesTest, OtherSystemsHaveNoLibresolv) {
  LinkFixture link;
  const Edited r = What(link, EditForSystem(link.Call("go.o -lresolv -Wl,-a,-b")));
  EXPECT_EQ(r.line, "go.o -Wl,-a,-b");
  EXPECT_THAT(r.rules, ElementsAre(RuleId::kDropLresolv));
}

TEST(RulesTest, AFloorOfGlibcTakesArchivesByTheirPath) {
  LinkFixture link;
  link.Archive("lib/libf.a", {{"f.o", ObjectBuilder().Define("f")}});
  const Edited r = What(link, EditForFloor(link.Call("go.o -static -Llib -lf -lm"), link.dir()));
  EXPECT_EQ(r.line, "go.o -Llib $D/lib/libf.a -lm");
  EXPECT_THAT(r.rules, ElementsAre(RuleId::kGlibcFloor, RuleId::kGlibcFloor));
}

TEST(RulesTest, AFloorOfGlibcLooksWhereThisMachineHasLibrariesForTheTarget) {
  LinkFixture link;
  for (const char* name : {"more/libz.a", "more/libm.a", "more/libstdc++.a"})
    link.Archive(name, {{"f.o", ObjectBuilder().Define("f")}});
  const Edited r =
      What(link, EditForFloor(link.Call("go.o -lz -lm -lstdc++"), link.dir(), {absl::StrCat(link.dir(), "/more")}));
  EXPECT_EQ(r.line, "go.o $D/more/libz.a -lm -lstdc++") << "zig brings those of the compiler itself";
}

TEST(RulesTest, AFloorOfGlibcTakesTheNeighbourThatFits) {
  LinkFixture link;
  link.Archive("lib/libf_arm64.a", {{"f.o", ObjectBuilder().Define("f")}});
  const std::vector<Replacement> variants = {
      {.rule = RuleId::kUseVariant, .argument = 2, .file = "/x/libf_amd64.a", .because = "fits"}};
  const Edited r = What(link, EditForFloor(link.Call("go.o -Llib -lf_arm64"), link.dir(), {}, variants));
  EXPECT_EQ(r.line, "go.o -Llib /x/libf_amd64.a") << "and is not replaced once more by what the word names";
  EXPECT_THAT(r.rules, ElementsAre(RuleId::kUseVariant));
}

TEST(RulesTest, WhatZigRefusesInASharedLibraryIsLeftOut) {
  LinkFixture link;
  const Edited r =
      What(link, EditSharedForZig(
                     link.Call("-shared -Wl,--unresolved-symbols=ignore-all -Wl,--export-dynamic-symbol=f go.o -lz")));
  EXPECT_EQ(r.line, "-shared go.o -lz");
  EXPECT_THAT(r.rules, ElementsAre(RuleId::kDropRefused, RuleId::kDropRefused));
  EXPECT_EQ(What(link, EditSharedForZig(link.Call("-shared -Wl,-Bsymbolic go.o"))).line, "-shared -Wl,-Bsymbolic go.o");
}

TEST(RulesTest, WhatZigRefusesAndChangesNothingIsLeftOutOfEachOfItsLinks) {
  LinkFixture link;
  const std::string words =
      "go.o -Wl,--threads=4,-trace -Wl,-t,--t -Wl,--no-warn-rwx-segments -Wl,--unresolved-symbols=ignore-all";
  const std::string left = "go.o -Wl,--t -Wl,--unresolved-symbols=ignore-all";
  EXPECT_EQ(What(link, EditForFloor(link.Call(words), link.dir())).line, left);
  EXPECT_EQ(What(link, EditForSystem(link.Call(words))).line, left);
  EXPECT_EQ(What(link, EditForZig(link.Call(words))).line, left + " -static");
  EXPECT_EQ(What(link, EditForFloor(link.Call("-shared " + words), link.dir())).line, "-shared go.o -Wl,--t")
      << "a shared library for an older glibc";
  EXPECT_EQ(What(link, EditForFloor(link.Call("go.o -Wl,--defsym=a=b"), link.dir())).line, "go.o -Wl,--defsym=a=b")
      << "zig says that it does not do this";
}

TEST(RulesTest, PreferTakesBackWhatBelongsToAStaticProgram) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("f"));
  link.Archive("lib/libf.a", {{"f.o", ObjectBuilder().Define("f").Reference("dyn")}});
  link.Shared("lib/libdyn.so", SharedBuilder().Soname("libdyn.so").Define("dyn"));
  const Given nss = {.extra = {{.rule = RuleId::kNssFiles, .name = "nss_files.o", .path = "/n.o", .because = "b"}}};
  const Edits fully_static = EditsOf(&link, "-rdynamic -pie go.o -Llib -lf -ldyn", nss);
  const Edited r = What(link, PreferDynamic(fully_static, {link.Path("lib/libdyn.so")}, {}));
  EXPECT_EQ(r.line, "-pie go.o -Llib $D/lib/libf.a -L$D/lib -ldyn");
  ASSERT_THAT(r.rules, ElementsAre(RuleId::kDropRdynamic, RuleId::kPreferDynamic, RuleId::kPreferDynamic));
  EXPECT_THAT(r.log[2].before, ElementsAre("-ldyn"));
  const Edited versioned = What(link, PreferDynamic(fully_static, {link.Path("lib/libdyn.so.0")}, {}));
  EXPECT_THAT(versioned.line, HasSubstr("$D/lib/libdyn.so.0")) << "-ldyn would not find it";
}

TEST(RulesTest, WhatIsLeftToTheTimeWhenItRunsIsExported) {
  LinkFixture link;
  const auto line = [&](const std::string& words) {
    return What(link, ExportUnresolved(link.Call(words), {"nvmlInit", "main.o", ""}));
  };
  const Edited added = line("go.o -lm");
  EXPECT_EQ(added.line, "go.o -lm -rdynamic");
  EXPECT_THAT(added.rules, ElementsAre(RuleId::kExportUnresolved));
  EXPECT_THAT(added.log[0].because, HasSubstr("nvmlInit address 0"));
  for (const char* asked : {"-rdynamic go.o", "-Wl,--export-dynamic go.o", "-Wl,-E go.o"}) {
    EXPECT_EQ(line(asked).line, asked);
    EXPECT_THAT(line(asked).rules, IsEmpty());
  }
}

TEST(RulesTest, TheEmbeddedLinkerLinksUnlessSomethingSpeaksAgainstIt) {
  LinkFixture link;
  const auto route = [&](const std::string& line, const std::string& linker, bool accepts) {
    const resolve::Resolution resolution = link.Resolve(line);
    support::Settings settings;
    settings.linker = linker;
    Edits edits(link.Call(line).arguments);
    const std::optional<AnotherLinker> another = LinkerBesideOurs(
        resolution, settings, edits, [&](const std::vector<std::string>& options, std::string* complaint) {
          *complaint = absl::StrCat("unknown ", options[0], "\n");
          return accepts;
        });
    if (another) edits.ByAnother(another->rule, another->because);
    EXPECT_EQ(absl::StrJoin(edits.Words(), " "), line) << "another one reads the same words";
    return edits.log();
  };
  WithGo(link);
  EXPECT_THAT(route("go.o -Wl,--build-id=0x1", "", false), IsEmpty()) << "what Go writes is not asked for";
  EXPECT_THAT(route("go.o -Wl,--gdb-index", "lld", true), IsEmpty());
  std::vector<Edit> log = route("go.o -Wl,--own", "", false);
  ASSERT_EQ(log.size(), 1U);
  EXPECT_EQ(log[0].rule, RuleId::kLinkerDriver);
  EXPECT_EQ(log[0].because, "the embedded linker does not take it: unknown --own");
  log = route("go.o -fuse-ld=gold", "", true);
  ASSERT_EQ(log.size(), 1U);
  EXPECT_EQ(log[0].because, "-fuse-ld=gold is asked for");
  log = route("go.o", "/opt/mold", true);
  ASSERT_EQ(log.size(), 1U);
  EXPECT_EQ(log[0].because, "CGO_LD_SHIM_LINKER=/opt/mold");
}

TEST(RulesTest, CodeForALinkTimeOptimiserGoesToTheDriver) {
  LinkFixture link;
  WithGo(link).Object("lto.o", ObjectBuilder().Section(".gnu.lto_.decls").DefineCommon("__gnu_lto_slim", 1));
  const resolve::Resolution resolution = link.Resolve("go.o lto.o");
  const Edits edits(link.Call("go.o lto.o").arguments);
  const std::optional<AnotherLinker> another =
      LinkerBesideOurs(resolution, {}, edits, [](const auto&, auto*) { return true; });
  ASSERT_TRUE(another.has_value());
  EXPECT_EQ(another->rule, RuleId::kLtoDriver);
}

}  // namespace
}  // namespace cgo_ld_shim::rules
