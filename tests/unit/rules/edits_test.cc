// The one writer of a line: what each operation does to the words, and that the log has it.
#include "rules/edits.h"

#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "invocation/arguments.h"

namespace cgo_ld_shim::rules {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Edits Line(const std::vector<std::string>& words) { return Edits(invocation::TypeArguments(words)); }
std::string Words(const Edits& edits) { return absl::StrJoin(edits.Words(), " "); }

TEST(EditsTest, EachOperationIsAnEntryOfTheLog) {
  Edits edits = Line({"a.o", "-rdynamic", "-lx"});
  edits.Drop(1, RuleId::kDropRdynamic, "one");
  edits.Replace(2, {{.type = invocation::ArgType::kInput, .value = "/x.a", .words = {"/x.a"}}, "/x.a"},
                RuleId::kUseVariant, "two");
  edits.Append({"-static"}, RuleId::kForceStatic, "three");
  edits.AddInput({.words = {"-lm"}, .library = "m"}, RuleId::kAddRuntime, "four");
  edits.ByAnother(RuleId::kLinkerDriver, "five");
  EXPECT_EQ(Words(edits), "a.o /x.a -lm -static");
  ASSERT_EQ(edits.log().size(), 5U);
  EXPECT_THAT(edits.log()[0].before, ElementsAre("-rdynamic"));
  EXPECT_THAT(edits.log()[1].before, ElementsAre("-lx"));
  EXPECT_THAT(edits.log()[1].after, ElementsAre("/x.a"));
  EXPECT_THAT(edits.log()[2].after, ElementsAre("-static"));
  EXPECT_THAT(edits.log()[3].after, ElementsAre("-lm"));
  EXPECT_THAT(edits.log()[4].after, IsEmpty());
}

TEST(EditsTest, OneRuleWithOneReasonIsOneEntryUnlessItHasEvidence) {
  Edits edits = Line({"-lx", "-lx", "-ly"});
  edits.Drop(0, RuleId::kDropRepeat, "named before");
  edits.Drop(1, RuleId::kDropRepeat, "named before");
  edits.Drop(1, RuleId::kDropRepeat, "named before");  // it is gone already
  EXPECT_EQ(edits.log().size(), 1U);
  EXPECT_THAT(edits.log()[0].before, ElementsAre("-lx", "-lx"));
  edits.AddInput({.words = {"-lm"}}, RuleId::kAddRuntime, "missing", {{"sin", "", ""}});
  edits.AddInput({.words = {"-lz"}}, RuleId::kAddRuntime, "missing", {{"deflate", "", ""}});
  EXPECT_EQ(edits.log().size(), 3U);
}

TEST(EditsTest, WhatIsTakenBackLeavesTheLineAsItWas) {
  Edits edits = Line({"-pie", "a.o", "-lx", "-ly", "-rdynamic"});
  edits.Drop(4, RuleId::kDropRdynamic, "kept");
  edits.Replace(0, {{.type = invocation::ArgType::kStaticPie, .words = {"-static-pie"}}, ""}, RuleId::kStaticPie, "b");
  edits.Drop(2, RuleId::kDropSharedOnly, "b");
  edits.Append({"-static"}, RuleId::kForceStatic, "b");
  edits.AddInput({.words = {"nss.o"}, .path = "nss.o"}, RuleId::kNssFiles, "b");
  edits.Append({"-Wl,-z,now"}, RuleId::kDebugSections, "kept");
  edits.TakeBack([](const Edit& edit) { return edit.because == "b"; });
  EXPECT_EQ(Words(edits), "-pie a.o -lx -ly -Wl,-z,now");
  ASSERT_EQ(edits.log().size(), 2U);
  EXPECT_EQ(edits.log()[1].rule, RuleId::kDebugSections);
  // Entries have moved up: the next one is told apart all the same.
  edits.TakeBack([](const Edit& edit) { return edit.rule == RuleId::kDropRdynamic; });
  EXPECT_EQ(Words(edits), "-pie a.o -lx -ly -rdynamic -Wl,-z,now");
}

TEST(EditsTest, LibrariesThatMoveStandInTheirOrderAndGroup) {
  Edits edits = Line({"a.o", "-lx", "-ly", "-lz"});
  edits.AddInput({.words = {"-lm"}, .place = 9}, RuleId::kAddRuntime, "missing");
  edits.Reorder({{1, 5, -1}, {2, 3, 100}, {3, 4, 100}}, {{.words = {"-ly"}, .place = 7}}, RuleId::kGroupArchives, "c");
  EXPECT_EQ(Words(edits), "a.o -Wl,--start-group -ly -lz -Wl,--end-group -lx -ly -lm");
  EXPECT_THAT(edits.log()[1].before, ElementsAre("-lx", "-ly", "-lz"));
  EXPECT_THAT(edits.log()[1].after, ElementsAre("-ly", "-lz", "-lx", "-ly", "-lm"));
  edits.TakeBack([](const Edit& edit) { return edit.rule == RuleId::kGroupArchives; });
  EXPECT_EQ(Words(edits), "a.o -lx -ly -lz -lm");
}

TEST(EditsTest, FlagsOfOneWordStayOneWord) {
  Edits edits = Line({"-Wl,-z,relro", "-Wl,-rpath,/x"});
  edits.Append({"-Wl,-undefined,dynamic_lookup"}, RuleId::kTranslateRefused, "b");
  edits.Append({"-Wl,-S"}, RuleId::kAppleDefaults, "b");
  EXPECT_EQ(Words(edits), "-Wl,-z,relro -Wl,-rpath,/x -Wl,-undefined,dynamic_lookup -Wl,-S");
}

TEST(EditsTest, TheLogMaySayAThingByAnotherName) {
  Edits edits = Line({"-Wl,-U,_f"});
  edits.DropPair(0, "-Wl,-U,_f", RuleId::kTranslateRefused, "b");
  edits.Append({"-F", "/tmp/1"}, RuleId::kTextStub, "c", {}, "Security.tbd");
  EXPECT_EQ(Words(edits), "-F /tmp/1");
  EXPECT_THAT(edits.log()[0].before, ElementsAre("-Wl,-U,_f"));
  EXPECT_THAT(edits.log()[1].after, ElementsAre("Security.tbd"));
}

}  // namespace
}  // namespace cgo_ld_shim::rules
