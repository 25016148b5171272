#include "link/route.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/link/fakes.h"

namespace cgo_ld_shim::link {
namespace {

using test_support::ObjectBuilder;
using testing::HasSubstr;

struct Case {
  std::string line;
  std::string reason;  // why it stays as asked; empty: it becomes static
};

class RouteTest : public testing::Test {
 protected:
  std::optional<Route> Choose(const std::string& line, const std::vector<std::string>& environment = {}) {
    call_ = files_.Call(line);
    std::vector<const char*> pointers;
    for (const std::string& variable : environment) pointers.push_back(variable.c_str());
    pointers.push_back(nullptr);
    const Request request{settings_, driver_, call_, files_.dir(), pointers.data()};
    Facts facts{.request = request};
    if (std::optional<Route> route = ChooseRoute(facts)) return route;
    plan_ = plan::Build(call_, files_.toolchain(), files_.cache());
    facts.toolchain = &files_.toolchain();
    facts.plan = &plan_;
    facts.files = files_.cache();
    if (std::optional<Route> route = ChooseRoute(facts)) return route;
    resolution_ = resolve::Resolve(plan_, files_.toolchain(), files_.cache());
    facts.resolution = &resolution_;
    return ChooseRoute(facts);
  }

  test_support::LinkFixture files_;
  support::Settings settings_;
  toolchain::Driver driver_ = {.words = {"/usr/bin/gcc"}};
  invocation::Invocation call_;
  plan::LinkPlan plan_;
  resolve::Resolution resolution_;
};

TEST_F(RouteTest, WhatMakesNoExecutableStaysAsAsked) {
  for (const auto& [line, reason] : std::vector<Case>{
           {"-shared go.o", "-shared"}, {"-r go.o", "-r"}, {"-fsanitize=address go.o", "sanitizer"}, {"go.o", ""}}) {
    files_.Object("go.o", ObjectBuilder().Define("main"));
    const std::optional<Route> route = Choose(line);
    ASSERT_EQ(route.has_value(), !reason.empty()) << line;
    if (!route) continue;
    EXPECT_EQ(route->kind, RouteKind::kAsAsked);
    EXPECT_THAT(route->reason, HasSubstr(reason));
  }
}

TEST_F(RouteTest, SettingsAndOtherSystems) {
  EXPECT_THAT(Choose("go.o", {"GOOS=freebsd"})->reason, HasSubstr("freebsd"));
  settings_.static_mode = support::StaticMode::kOff;
  EXPECT_THAT(Choose("go.o")->reason, HasSubstr("STATIC=off"));
}

TEST_F(RouteTest, InputsThatCannotBeStatic) {
  files_.Object("go.o", ObjectBuilder().Define("main"));
  files_.Shared("libx.so", test_support::SharedBuilder().Define("x"));
  EXPECT_THAT(Choose("go.o libx.so")->reason, HasSubstr("libx.so is named by its path"));
  files_.Object("plugin.o", ObjectBuilder().Define("_cgo_1_Cfunc_pluginOpen").Define("_cgo_1_Cfunc_pluginLookup"));
  EXPECT_THAT(Choose("go.o plugin.o")->reason, HasSubstr("plugins"));
  files_.Object("asan.o", ObjectBuilder().Define("f").Reference("__asan_init"));
  EXPECT_THAT(Choose("go.o asan.o")->reason, HasSubstr("__asan_init"));
}

// Compiled by an old compiler: its constructors are in .ctors.
std::string OldObject(const std::string& name) {
  return test_support::MakeObject(absl::StrCat(R"(--- !ELF
FileHeader: { Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ET_REL, Machine: EM_X86_64 }
Sections:
  - { Name: .text, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_EXECINSTR ], Content: 'c3' }
  - { Name: .ctors, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_WRITE ], Content: '0000000000000000' }
  - { Name: .note.GNU-stack, Type: SHT_PROGBITS }
Symbols:
  - { Name: )",
                                               name, R"(, Binding: STB_GLOBAL, Type: STT_FUNC, Section: .text }
)"));
}

class ByLineTest : public RouteTest {
 protected:
  Route Choose(const std::string& line) {
    EXPECT_FALSE(RouteTest::Choose(line).has_value());
    const rules::Edits edits(call_.arguments);
    static const char* const kNone[] = {nullptr};
    const Request request{settings_, driver_, call_, files_.dir(), kNone};
    return *ChooseRoute({.request = request,
                         .toolchain = &files_.toolchain(),
                         .plan = &plan_,
                         .resolution = &resolution_,
                         .files = files_.cache(),
                         .line = &edits,
                         .linker = &linker_});
  }
  FakeLinker linker_;
};

TEST_F(ByLineTest, WhatOnlyGnuLdMakesRightIsForTheDriver) {
  files_.toolchain().libc = target::ParseLibc("glibc 2.36");
  files_.Object("go.o", ObjectBuilder().Define("main"));
  EXPECT_EQ(Choose("go.o").kind, RouteKind::kEmbedded);
  const Route unique = Choose("go.o -Wl,--unique");
  EXPECT_EQ(unique.kind, RouteKind::kDriver);
  EXPECT_EQ(unique.rule, rules::RuleId::kGnuLdDriver);
  files_.File("old.o", OldObject("f"));
  const Route old = Choose("go.o old.o");
  EXPECT_EQ(old.kind, RouteKind::kDriver);
  EXPECT_EQ(old.rule, std::optional(rules::RuleId::kCtorsDriver));
  EXPECT_THAT(old.evidence, testing::SizeIs(1));
  settings_.linker = "lld";
  EXPECT_EQ(Choose("go.o old.o").kind, RouteKind::kEmbedded) << "whoever asks for lld gets lld";
}

TEST_F(ByLineTest, WithZigItIsRefused) {
  driver_ = toolchain::ReadDriver({"/opt/zig", "cc", "-target", "x86_64-linux-musl"});
  files_.File("go.o", OldObject("main"));
  const Route route = Choose("go.o");
  EXPECT_EQ(route.kind, RouteKind::kRefused);
  EXPECT_THAT(route.reason, HasSubstr("zig has no GNU ld"));
}

TEST_F(RouteTest, AFaultBeforeIsARouteOfItsOwn) {
  const std::optional<Route> route = Choose("go.o", {"CGO_LD_SHIM_INTERNAL_FAULT=07"});
  ASSERT_TRUE(route.has_value());
  EXPECT_EQ(route->kind, RouteKind::kUnplanned);
}

}  // namespace
}  // namespace cgo_ld_shim::link
