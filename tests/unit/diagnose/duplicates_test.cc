// What is defined twice, and what is offered for it.
#include "diagnose/duplicates.h"

#include <string>

#include "diagnose/written.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/link_fixture.h"

namespace cgo_ld_shim::diagnose {
namespace {

using test_support::LinkFixture;
using test_support::ObjectBuilder;
using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

class DuplicatesTest : public testing::Test {
 protected:
  Diagnosis Explain(const std::string& line) {
    plan_ = link_.Plan(line);
    const resolve::Resolution resolution = resolve::Resolve(plan_, link_.toolchain(), link_.cache());
    Diagnosis diagnosis = Diagnose(plan_, resolution, link_.toolchain(), settings_, link_.cache());
    actions_.clear();
    for (const WayOut& way : diagnosis.ways_out) actions_.push_back(way.action);
    return diagnosis;
  }

  LinkFixture link_;
  support::Settings settings_;
  plan::LinkPlan plan_;
  std::vector<std::string> actions_;
};

TEST_F(DuplicatesTest, TheSecondArchiveCanBeIsolated) {
  link_.Object("go.o", ObjectBuilder().Reference("f").Reference("g"));
  link_.Archive("lib/libf.a", {{"f.o", ObjectBuilder().Define("f").Define("twice")}});
  link_.Archive("lib/libg.a", {{"g.o", ObjectBuilder().Define("g").Define("twice")}});
  settings_.isolate = {"libother.a"};
  const Diagnosis diagnosis = Explain("go.o -Llib -lf -lg");
  EXPECT_THAT(diagnosis.findings, ElementsAre(Field(&Finding::cause, CauseRef(CauseId::kDuplicate))));
  EXPECT_THAT(actions_,
              ElementsAre("CGO_LD_SHIM_ISOLATE=libother.a,libg.a", "build libg.a without its copy of what libf.a has"));
}

// What ends one of several clashes does not make the program link.
TEST_F(DuplicatesTest, SeveralClashesAreOneWayOut) {
  link_.Object("go.o", ObjectBuilder().Reference("f").Reference("g").Reference("h"));
  link_.Archive("lib/libf.a", {{"f.o", ObjectBuilder().Define("f").Define("twice").Define("thrice")}});
  link_.Archive("lib/libg.a", {{"g.o", ObjectBuilder().Define("g").Define("twice")}});
  link_.Archive("lib/libh.a", {{"h.o", ObjectBuilder().Define("h").Define("thrice")}});
  EXPECT_THAT(Explain("go.o -Llib -lf -lg -lh").findings, SizeIs(2));
  EXPECT_THAT(actions_, ElementsAre("CGO_LD_SHIM_ISOLATE=libg.a,libh.a",
                                    "build libg.a without its copy of what libf.a has, and libh.a without its copy of "
                                    "what libf.a has"));
}

TEST_F(DuplicatesTest, TwoUsersOfOneApiNeedNewNames) {
  link_.Object("go.o", ObjectBuilder().Reference("parse").Reference("f"));
  link_.Object("p.o", ObjectBuilder().Reference("parse").Reference("g"));
  link_.Archive("lib/libf.a", {{"f.o", ObjectBuilder().Define("f").Define("parse")}});
  link_.Archive("lib/libg-2.a", {{"g.o", ObjectBuilder().Define("g").Define("parse")}});
  const Diagnosis diagnosis = Explain("go.o p.o -Llib -lf -lg-2");
  // A name that C can write.
  EXPECT_THAT(actions_, ElementsAre("objcopy --redefine-sym parse=g_2_parse " + link_.Path("lib/libg-2.a")));
}

TEST_F(DuplicatesTest, ManyNewNamesAreAFile) {
  link_.Object("go.o", ObjectBuilder().Reference("a").Reference("f"));
  link_.Object("p.o", ObjectBuilder().Reference("a").Reference("g"));
  ObjectBuilder f = ObjectBuilder().Define("f"), g = ObjectBuilder().Define("g");
  for (const char* name : {"a", "b", "c", "d"}) {
    f.Define(name);
    g.Define(name);
  }
  link_.Archive("lib/libf.a", {{"f.o", f}});
  link_.Archive("lib/libg.a", {{"g.o", g}});
  const Diagnosis diagnosis = Explain("go.o p.o -Llib -lf -lg");
  ASSERT_THAT(diagnosis.ways_out, SizeIs(1));
  EXPECT_EQ(diagnosis.ways_out[0].action, "objcopy --redefine-syms=FILE " + link_.Path("lib/libg.a"));
  EXPECT_THAT(diagnosis.ways_out[0].meaning, HasSubstr("FILE has a line NAME g_NAME for each of 4 symbols"));
}

// libg.a has a copy of libz; who calls libz means libz, however many they are.
TEST_F(DuplicatesTest, ACopyThatNobodyElseMeansCanBeIsolated) {
  link_.Object("go.o", ObjectBuilder().Reference("inflate"));
  link_.Object("p.o", ObjectBuilder().Reference("inflate"));
  link_.Object("q.o", ObjectBuilder().Reference("g"));
  link_.Archive("lib/libz.a", {{"z.o", ObjectBuilder().Define("inflate")}});
  link_.Archive("lib/libg.a", {{"g.o", ObjectBuilder().Define("g").Define("inflate")}});
  const Diagnosis diagnosis = Explain("go.o p.o q.o -Llib -lz -lg");
  ASSERT_THAT(actions_, SizeIs(2));
  EXPECT_EQ(actions_[0], "CGO_LD_SHIM_ISOLATE=libg.a");
  EXPECT_THAT(diagnosis.ways_out[0].meaning, HasSubstr("inflate, which your program calls, is libz.a's"));
}

TEST_F(DuplicatesTest, AGoProgramIsOneHoweverManyNamesItRepeats) {
  link_.Object("go.o", ObjectBuilder().Define("_cgo_topofstack").Define("crosscall2").Reference("f"));
  link_.Archive("lib/libf.a",
                {{"go.o", ObjectBuilder().Define("_cgo_topofstack").Define("crosscall2")},
                 {"f.o", ObjectBuilder().Define("f").Reference("crosscall2").Reference("_cgo_topofstack")},
                 {"g.o", ObjectBuilder().Define("crosscall2").Define("g")}});
  link_.Object("p.o", ObjectBuilder().Reference("g"));
  const Diagnosis diagnosis = Explain("go.o p.o -Llib -lf");
  ASSERT_THAT(diagnosis.findings, SizeIs(1));
  EXPECT_EQ(diagnosis.findings[0].cause, CauseId::kGoArchive);
  EXPECT_THAT(actions_, ElementsAre("import the Go package that libf.a was made from"));
}

// Two things to be done: neither says that the program then links.
TEST_F(DuplicatesTest, OfSeveralPartsNonePromises) {
  link_.Object("go.o", ObjectBuilder().Define("main").Reference("f").Reference("g"));
  link_.Object("p.o", ObjectBuilder().Define("main"));
  link_.Archive("lib/libf.a", {{"f.o", ObjectBuilder().Define("f").Define("twice")}});
  link_.Archive("lib/libg.a", {{"g.o", ObjectBuilder().Define("g").Define("twice")}});
  const Diagnosis diagnosis = Explain("go.o p.o -Llib -lf -lg");
  for (const WayOut& way : diagnosis.ways_out) EXPECT_TRUE(!way.change || !way.change->once) << way.action;
  EXPECT_THAT(actions_, testing::Contains(StartsWith("build libg.a")));
}

}  // namespace
}  // namespace cgo_ld_shim::diagnose
