// Which Go package an object of the program is of.
#include "diagnose/go_packages.h"

#include <string>

#include "gtest/gtest.h"
#include "tests/support/link_fixture.h"

namespace cgo_ld_shim::diagnose {
namespace {

using test_support::LinkFixture;
using test_support::ObjectBuilder;

class CgoPackagesTest : public testing::Test {
 protected:
  // The package of the I-th object on the line, go.o being the first.
  std::string Of(const std::string& line, size_t i) {
    const plan::LinkPlan plan = link_.Plan(line);
    CgoPackages packages(plan);
    size_t object = 0;
    for (const plan::PlanInput& input : plan.inputs) {
      if (input.IsObject() && input.origin == plan::Origin::kGiven && object++ == i)
        return packages.Of(*input.files[0].object);
    }
    return "no such object";
  }

  LinkFixture link_;
};

TEST_F(CgoPackagesTest, OneCallTellsItOfAllObjectsWithTheHash) {
  link_.Object("go/go.o", ObjectBuilder().Define("example.com/p%2ev2._Cfunc_a.abi0"));
  link_.Object("go/0.o", ObjectBuilder().Define("_cgo_0123456789ab_Cfunc_a"));
  link_.Object("go/1.o", ObjectBuilder().Define("_cgo_0123456789ab_Cfunc_dead"));
  link_.Object("go/2.o", ObjectBuilder().Define("_cgoexp_0123456789ab_callback"));
  link_.Object("go/3.o", ObjectBuilder().Define("_cgo_ba9876543210_Cfunc_dead").Define("_cgo_topofstack"));
  const std::string line = "go/go.o go/0.o go/1.o go/2.o go/3.o";
  for (size_t i = 1; i <= 3; ++i) EXPECT_EQ(Of(line, i), "example.com/p.v2") << i;
  EXPECT_EQ(Of(line, 4), "");
}

TEST_F(CgoPackagesTest, AFunctionThatTwoPackagesCallTellsOfNeither) {
  link_.Object("go/go.o", ObjectBuilder()
                              .Define("example.com/p._Cfunc_free")
                              .Define("example.com/q._Cfunc_free")
                              .Define("example.com/q._Cfunc_q"));
  link_.Object("go/0.o", ObjectBuilder().Define("_cgo_000000000001_Cfunc_free"));
  link_.Object("go/1.o", ObjectBuilder().Define("_cgo_000000000002_Cfunc_free").Define("_cgo_000000000002_Cfunc_q"));
  const std::string line = "go/go.o go/0.o go/1.o";
  EXPECT_EQ(Of(line, 1), "");
  EXPECT_EQ(Of(line, 2), "example.com/q");
}

// The Go side of q's call was dropped, so that p's only seems to be the only one.
TEST_F(CgoPackagesTest, WhereBothHashesHaveItTheGoSideDoesNotTell) {
  link_.Object("go/go.o", ObjectBuilder().Define("example.com/p._Cfunc_free"));
  link_.Object("go/0.o", ObjectBuilder().Define("_cgo_000000000001_Cfunc_free"));
  link_.Object("go/1.o", ObjectBuilder().Define("_cgo_000000000002_Cfunc_free"));
  EXPECT_EQ(Of("go/go.o go/0.o go/1.o", 1), "");
}

TEST_F(CgoPackagesTest, WithoutGosObjectNothingIsKnown) {
  link_.Object("go/0.o", ObjectBuilder().Define("_cgo_0123456789ab_Cfunc_a"));
  EXPECT_EQ(Of("go/0.o", 0), "");
}

}  // namespace
}  // namespace cgo_ld_shim::diagnose
