// What a link would come to with something changed, and which ways out are printed: nothing is linked or started for
// it.
#include "link/trial.h"

#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/link/fakes.h"

namespace cgo_ld_shim::link {
namespace {

using diagnose::Change;
using diagnose::WayOut;
using test_support::ObjectBuilder;
using test_support::SharedBuilder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kPrefer[] = "CGO_LD_SHIM_STATIC";
constexpr char kStubs[] = "CGO_LD_SHIM_STUBS";
constexpr char kIsolate[] = "CGO_LD_SHIM_ISOLATE";
constexpr char kLibc[] = "CGO_LD_SHIM_LIBC";

Change Setting(const std::string& name, const std::string& value) { return {.settings = {{name, value}}}; }

// A program that calls f of libf.a, which needs dyn_open of libdyn.so.
class TrialTest : public testing::Test {
 protected:
  TrialTest() {
    link_.files.Object("go/000000.o", ObjectBuilder().Define("_cgo_1_Cfunc_f").Reference("f").Reference("g"));
    link_.files.Archive("lib/libf.a", {{"f.o", ObjectBuilder().Define("f").Reference("dyn_open")}});
    link_.files.Archive("lib/libg.a", {{"g.o", ObjectBuilder().Define("g")}});
    link_.files.Shared("lib/libdyn.so", SharedBuilder().Soname("libdyn.so.1").Define("dyn_open"));
  }
  ~TrialTest() override {
    EXPECT_THAT(link_.processes.started, IsEmpty());
    EXPECT_THAT(link_.linker().lines, IsEmpty());
  }

  std::string Line(const std::string& more = "") { return "-o a.out go/go.o go/000000.o -Llib -lf -lg -ldyn " + more; }
  Prospect Try(const Change& change, const std::string& more = "") { return link_.Try(Line(more), change); }

  FakeLink link_;
};

TEST_F(TrialTest, WithNothingChangedItFails) { EXPECT_EQ(Try({}).kind, ProspectKind::kFails); }

TEST_F(TrialTest, StubsMakeItStatic) {
  EXPECT_EQ(Try(Setting(kStubs, "dyn")).kind, ProspectKind::kStatic);
  EXPECT_EQ(Try(Setting(kStubs, "other")).kind, ProspectKind::kFails);
}

TEST_F(TrialTest, StubsDoNotStandForData) {
  link_.files.Shared("lib/libdyn.so", SharedBuilder().Soname("libdyn.so.1").DefineData("dyn_open"));
  EXPECT_EQ(Try(Setting(kStubs, "dyn")).kind, ProspectKind::kFails);
}

TEST_F(TrialTest, PreferIsDynamicForWhatHasNoArchive) {
  const Prospect prospect = Try(Setting(kPrefer, "prefer"));
  EXPECT_EQ(prospect.kind, ProspectKind::kPartlyDynamic);
  EXPECT_THAT(prospect.shared, ElementsAre("libdyn"));
}

TEST_F(TrialTest, PreferDoesNotHelpWhereNothingHasASymbol) {
  link_.files.Archive("lib/libg.a", {{"g.o", ObjectBuilder().Define("g").Reference("vendor_secret")}});
  EXPECT_EQ(Try(Setting(kPrefer, "prefer")).kind, ProspectKind::kFails);
  EXPECT_EQ(Try(Setting(kStubs, "dyn")).kind, ProspectKind::kFails);
}

// Where the program opens shared libraries, prefer links it as Go asked.
TEST_F(TrialTest, PreferIsDynamicAsAWholeForDlopen) {
  link_.files.Archive("lib/libg.a", {{"g.o", ObjectBuilder().Define("g").Reference("dlopen")}});
  link_.files.Shared("lib/libg.so", SharedBuilder().Soname("libg.so.1").Define("g"));
  link_.files.Archive("sys/libc.a", {{"dlopen.o", ObjectBuilder().Define("dlopen")}});
  const Prospect prospect = Try(Setting(kPrefer, "prefer"));
  EXPECT_EQ(prospect.kind, ProspectKind::kDynamic);
  EXPECT_THAT(prospect.shared, ElementsAre("libg", "libdyn"));
  EXPECT_THAT(prospect.because, HasSubstr("dlopen"));
}

TEST_F(TrialTest, WhatSomebodyElseBuildsIsDefined) {
  EXPECT_EQ(Try({.assume = {"dyn_open"}}).kind, ProspectKind::kStatic);
  EXPECT_EQ(Try({.assume = {"dyn_close"}}).kind, ProspectKind::kFails);
}

TEST_F(TrialTest, WhatIsDefinedTwiceIsDefinedOnce) {
  link_.files.Archive("lib/libf.a", {{"f.o", ObjectBuilder().Define("f").Define("twice")}});
  link_.files.Archive("lib/libg.a", {{"g.o", ObjectBuilder().Define("g").Define("twice")}});
  EXPECT_EQ(Try({}).kind, ProspectKind::kFails);
  EXPECT_EQ(Try({.once = true}).kind, ProspectKind::kStatic);
  EXPECT_EQ(Try(Setting(kIsolate, "libg.a")).kind, ProspectKind::kStatic);
  EXPECT_EQ(Try(Setting(kIsolate, "libother.a")).kind, ProspectKind::kFails);
}

TEST_F(TrialTest, WordsAreDropped) {
  link_.files.Archive("lib/libf.a", {{"f.o", ObjectBuilder().Define("f")}});
  EXPECT_EQ(Try({}, "-lnope").kind, ProspectKind::kFails);
  EXPECT_EQ(Try({.drop = {"-lnope"}}, "-lnope").kind, ProspectKind::kStatic);
  EXPECT_EQ(Try({.drop = {"-lother"}}, "-lnope").kind, ProspectKind::kFails);
}

TEST_F(TrialTest, WordsAreDroppedFromListsForTheLinker) {
  link_.files.Archive("lib/libf.a", {{"f.o", ObjectBuilder().Define("f")}});
  const std::string list = "-Wl,-z,noexecstack,--wrap=f,--gc-sections";
  EXPECT_EQ(Try({}, list).kind, ProspectKind::kFails);
  EXPECT_EQ(Try({.drop = {"--wrap=f"}}, list).kind, ProspectKind::kStatic);
  // A part of another word is none.
  EXPECT_EQ(Try({.drop = {"--wrap"}}, list).kind, ProspectKind::kFails);
  EXPECT_EQ(Try({.drop = {"-z noexecstack"}}, list).kind, ProspectKind::kFails);
}

TEST_F(TrialTest, WordsAreAdded) {
  link_.files.Archive("lib/libf.a", {{"f.o", ObjectBuilder().Define("f").Reference("h")}});
  link_.files.Archive("apart/libh.a", {{"h.o", ObjectBuilder().Define("h")}});
  EXPECT_EQ(Try({}, "-lh").kind, ProspectKind::kFails);
  EXPECT_EQ(Try({.add = {"-Lapart"}}, "-lh").kind, ProspectKind::kStatic);
  EXPECT_EQ(Try({.add = {"-Lelsewhere"}}, "-lh").kind, ProspectKind::kFails);
}

// There is no zig here, and with musl none that is not its compiler's.
TEST_F(TrialTest, AnotherLibcThatCannotBeFails) {
  ::setenv("PATH", "/nonexistent", 1);
  link_.environment.push_back("CGO_LD_SHIM_ZIG=/nonexistent/zig");
  EXPECT_EQ(Try(Setting(kLibc, "musl")).kind, ProspectKind::kFails);
  EXPECT_EQ(Try(Setting(kLibc, "nonsense")).kind, ProspectKind::kFails);
}

class ZigThatSaysItsVersion : public support::ProcessRunner {
 public:
  absl::StatusOr<support::ProcessResult> Run(const std::vector<std::string>& argv,
                                             const support::ProcessOptions&) override {
    EXPECT_EQ(argv.back(), "version");
    return support::ProcessResult{.output = "0.15.2\n"};
  }
};

TEST_F(TrialTest, AZigThatHasNotBuiltItsLibcIsNotAskedTo) {
  ZigThatSaysItsVersion zig;
  const support::ScopedProcessRunner scoped(&zig);
  ::setenv("XDG_CACHE_HOME", link_.files.Path("cache").c_str(), 1);
  link_.files.File("bin/zig", "");
  link_.environment.push_back("CGO_LD_SHIM_ZIG=" + link_.files.Path("bin/zig"));
  const Prospect prospect = Try(Setting(kLibc, "musl"));
  EXPECT_EQ(prospect.kind, ProspectKind::kNotTried);
  EXPECT_EQ(prospect.because, "zig has not built its C library yet");
}

TEST_F(TrialTest, OnlyWhatHelpsIsKeptAndSaysWhatComesOfIt) {
  const std::vector<WayOut> kept = link_.Keep(Line(), {diagnose::SettingWay(kIsolate, "libf.a", "of no use"),
                                                       diagnose::SettingWay(kStubs, "dyn", "aborts"),
                                                       diagnose::SettingWay(kPrefer, "prefer", ""),
                                                       {.action = "ask its author"},
                                                       diagnose::StepWay("define it", {.assume = {"g_inner"}}),
                                                       diagnose::BuildWay("build it", {.assume = {"dyn_open"}})});
  std::vector<std::string> texts;
  for (const WayOut& way : kept) texts.push_back(way.action + ": " + way.meaning);
  EXPECT_THAT(texts, ElementsAre("CGO_LD_SHIM_STUBS=dyn: links; aborts",
                                 "CGO_LD_SHIM_STATIC=prefer: links, dynamic for libc and libdyn; all else stays static",
                                 "ask its author: ", "define it: ", "build it: then it links"));
}

TEST_F(TrialTest, SettingsThatHelpOnlyTogetherAreOneLine) {
  link_.files.Archive("lib/libf.a", {{"f.o", ObjectBuilder().Define("f").Define("twice").Reference("dyn_open")}});
  link_.files.Archive("lib/libg.a", {{"g.o", ObjectBuilder().Define("g").Define("twice")}});
  const std::vector<WayOut> kept = link_.Keep(
      Line(), {diagnose::SettingWay(kStubs, "dyn", "aborts"), diagnose::SettingWay(kIsolate, "libg.a", "a copy")});
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].action, "CGO_LD_SHIM_STUBS=dyn CGO_LD_SHIM_ISOLATE=libg.a");
  EXPECT_EQ(kept[0].meaning, "links; aborts; a copy");
}

// A setting that nobody could try ends no search for those that help together.
TEST_F(TrialTest, WhatWasNotTriedIsNoReasonToStop) {
  ZigThatSaysItsVersion zig;
  const support::ScopedProcessRunner scoped(&zig);
  ::setenv("XDG_CACHE_HOME", link_.files.Path("cache").c_str(), 1);
  link_.files.File("bin/zig", "");
  link_.environment.push_back("CGO_LD_SHIM_ZIG=" + link_.files.Path("bin/zig"));
  link_.files.Archive("lib/libf.a", {{"f.o", ObjectBuilder().Define("f").Define("twice").Reference("dyn_open")}});
  link_.files.Archive("lib/libg.a", {{"g.o", ObjectBuilder().Define("g").Define("twice")}});
  const std::vector<WayOut> kept =
      link_.Keep(Line(), {diagnose::SettingWay(kStubs, "dyn", ""), diagnose::SettingWay(kIsolate, "libg.a", ""),
                          diagnose::SettingWay(kLibc, "musl", "static with zig's musl")});
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[0].action, "CGO_LD_SHIM_STUBS=dyn CGO_LD_SHIM_ISOLATE=libg.a");
  EXPECT_THAT(kept[1].meaning, HasSubstr("not tried: "));
}

// A dynamic program is refused by its linker for the same duplicates.
TEST_F(TrialTest, PreferDoesNotHelpWhereArchivesClash) {
  link_.files.Archive("lib/libf.a", {{"f.o", ObjectBuilder().Define("f").Define("twice").Reference("dyn_open")}});
  link_.files.Archive("lib/libg.a", {{"g.o", ObjectBuilder().Define("g").Define("twice")}});
  EXPECT_EQ(Try(Setting(kPrefer, "prefer")).kind, ProspectKind::kFails);
  EXPECT_EQ(Try({.settings = {{kPrefer, "prefer"}, {kIsolate, "libg.a"}}}).kind, ProspectKind::kPartlyDynamic);
}

TEST_F(TrialTest, WhatIsSetAlreadyStays) {
  link_.files.Archive("lib/libf.a", {{"f.o", ObjectBuilder().Define("f").Reference("dyn_open").Reference("more")}});
  link_.files.Shared("lib/libmore.so", SharedBuilder().Soname("libmore.so.1").Define("more"));
  link_.environment.push_back("CGO_LD_SHIM_STUBS=more");
  link_.settings.stubs = {"more"};
  EXPECT_EQ(Try({}, "-lmore").kind, ProspectKind::kFails);
  EXPECT_EQ(Try(Setting(kStubs, "dyn"), "-lmore").kind, ProspectKind::kFails);
  EXPECT_EQ(Try(Setting(kStubs, "more,dyn"), "-lmore").kind, ProspectKind::kStatic);
}

// The host's C library is no way out for another machine's program; a compiler for that machine is.
TEST_F(TrialTest, ForAnotherMachineItsOwnCompilerIsNamedWithWhatIsInItsWayTakenBack) {
  link_.driver = toolchain::ZigDriver("/usr/bin/zig", /*cxx=*/false, target::ParseTriple("aarch64-linux-musl"));
  link_.environment = {"GOOS=linux", "GOARCH=arm64", absl::StrCat("PATH=", link_.files.Path("bin")),
                       "CGO_LD_SHIM_LIBC=musl"};
  const WayOut asked = diagnose::LibcWay(target::LibcFamily::kGlibc);
  std::vector<WayOut> kept = link_.Keep(Line(), {asked});
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].action, "CGO_LD_SHIM_CC=aarch64-linux-gnu-gcc CGO_LD_SHIM_LIBC=auto");
  EXPECT_THAT(kept[0].meaning, HasSubstr("not tried, as there is no such program here"));

  link_.files.Archive("lib/libf.a", {{"f.o", ObjectBuilder().Define("f")}});
  for (const char* name : {"bin/aarch64-linux-gnu-gcc", "bin/aarch64-linux-gnu-g++"}) {
    link_.files.File(name, "");
    std::filesystem::permissions(link_.files.Path(name), std::filesystem::perms::owner_all);
  }
  kept = link_.Keep(Line(), {asked});
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].action,
            "CGO_LD_SHIM_CC=aarch64-linux-gnu-gcc CGO_LD_SHIM_CXX=aarch64-linux-gnu-g++ CGO_LD_SHIM_LIBC=auto");
  EXPECT_THAT(kept[0].meaning, HasSubstr("links; the program is static with that compiler's C library"));
}

TEST_F(TrialTest, ForThisMachineTheHostsLibraryIsAWayOut) {
  link_.files.Archive("lib/libf.a", {{"f.o", ObjectBuilder().Define("f")}});
  const std::vector<WayOut> kept = link_.Keep(Line(), {diagnose::LibcWay(target::LibcFamily::kGlibc)});
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].action, "CGO_LD_SHIM_LIBC=glibc");
}

// The library that the user knows is known, and stands in a way out, where what lacks a symbol is one that it brought
// in.
TEST_F(TrialTest, TheUsersLibraryIsNamedThatBroughtTheWantingOneIn) {
  link_.files.Archive("lib/libf.a", {{"f.o", ObjectBuilder().Define("f").Reference("h")}});
  link_.files.Archive("lib/libh.a", {{"h.o", ObjectBuilder().Define("h").Reference("dyn_open")}});
  const resolve::Resolution resolution = link_.files.Resolve(Line());
  ASSERT_EQ(resolution.missing.size(), 1U);
  EXPECT_EQ(resolution.missing[0].on_behalf_of, link_.files.Path("lib/libf.a"));
  EXPECT_EQ(resolution.missing[0].through, link_.files.Path("lib/libh.a"));
  EXPECT_EQ(resolution.missing[0].named_by, "-lf");
  const std::vector<WayOut> ways = link_.Propose(Line());
  const auto way = std::find_if(ways.begin(), ways.end(), [](const WayOut& other) {
    return other.action == "build libf.a without libh, and put its directory first with -L in CGO_LDFLAGS";
  });
  ASSERT_NE(way, ways.end());
  EXPECT_THAT(way->change->assume, ElementsAre("h"));
  const std::vector<WayOut> kept = link_.Keep(Line(), {*way});
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].meaning, "then it links");
}

// What the program itself calls, it will call: stubs stand last.
TEST_F(TrialTest, StubsStandLastWhereTheProgramItselfCallsThem) {
  link_.files.Object("go/000000.o", ObjectBuilder().Define("_cgo_1_Cfunc_f").Reference("dyn_open"));
  std::vector<std::string> actions;
  for (const WayOut& way : link_.Propose(Line())) actions.push_back(way.action);
  EXPECT_THAT(actions, ElementsAre("CGO_LD_SHIM_STATIC=prefer",
                                   "build libdyn.a, and put its directory first with -L in CGO_LDFLAGS",
                                   "CGO_LD_SHIM_STUBS=dyn"));
}

// What each of the two changes of a library does for the program is tried with all that is wanted of it.
TEST_F(TrialTest, ABuildForAnotherMachineAndOneThatChecksAreToldWithWhatComesOfAnother) {
  link_.files.Archive("lib/libf.a", {{"f.o", ObjectBuilder().Machine(llvm::ELF::EM_AARCH64).Define("f")}});
  link_.files.Archive("lib/libg.a", {{"g.o", ObjectBuilder().Define("g").Reference("__ubsan_handle_add_overflow")}});
  const std::vector<WayOut> ways = link_.Propose(Line());
  ASSERT_EQ(ways.size(), 2U);
  EXPECT_EQ(ways[0].action, "get a build of libf.a for the program's processor, and put its directory first with -L");
  EXPECT_FALSE(ways[0].change) << "nothing to try";
  EXPECT_EQ(ways[1].action, "compile libg.a with -O2 -fno-sanitize=undefined");
  EXPECT_THAT(ways[1].change->assume, ElementsAre("__ubsan_handle_add_overflow"));
}

}  // namespace
}  // namespace cgo_ld_shim::link
