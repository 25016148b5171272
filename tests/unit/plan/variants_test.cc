// A prebuilt archive for another platform is replaced by the neighbour that fits, and never by a guess.
#include "plan/variants.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/link_fixture.h"

namespace cgo_ld_shim::plan {
namespace {

using test_support::LinkFixture;
using test_support::ObjectBuilder;
using testing::ElementsAre;
using testing::IsEmpty;

ObjectBuilder ForArm(const std::string& symbol) {
  return ObjectBuilder().Machine(llvm::ELF::EM_AARCH64).Define(symbol);
}

std::vector<std::string> Replacements(LinkFixture* link, const std::string& line,
                                      const target::Libc& libc = {target::LibcFamily::kGlibc}) {
  LinkPlan plan = link->Plan(line);
  std::vector<std::string> to;
  for (const Variant& variant : UseVariants(libc, &plan, link->cache())) {
    to.push_back(variant.to.substr(link->dir().size() + 1));
    // The plan names it as well.
    bool named = false;
    for (const PlanInput& input : plan.inputs) named |= input.argument == variant.argument && input.path == variant.to;
    EXPECT_TRUE(named) << variant.to;
  }
  return to;
}

TEST(NameWithoutTripleTest, LeavesOutThePartsOfAPlatformsName) {
  for (const char* name :
       {"libfoo.a", "libfoo_x86_64.a", "libfoo-x86_64-unknown-linux-gnu.a", "libfoo_linux_arm64.a",
        "libfoo_musl_linux_amd64.a", "libfoo-armv7-unknown-linux-musleabihf.a", "x86_64-linux-musl-libfoo.a"}) {
    EXPECT_EQ(NameWithoutTriple(name), "libfoo.a") << name;
  }
}

TEST(NameWithoutTripleTest, KeepsCapitalsWhereThatIsAsked) {
  EXPECT_EQ(NameWithoutTriple("libFoo_X86_64.a"), "libfoo.a");
  EXPECT_EQ(PlainName("libFoo_X86_64.a"), "libFoo.a");
}

TEST(NameWithoutTripleTest, LeavesWordsThatOnlyLookLikeOneAlone) {
  EXPECT_EQ(NameWithoutTriple("libcharm.a"), "libcharm.a");
  EXPECT_EQ(NameWithoutTriple("libgnutls.a"), "libgnutls.a");
  EXPECT_EQ(NameWithoutTriple("libfoo_arm64x.a"), "libfoo_arm64x.a");
}

TEST(SaysLibcTest, TheNearestPartOfThePathThatNamesOneCounts) {
  using target::LibcFamily;
  const target::Libc glibc{LibcFamily::kGlibc}, musl{LibcFamily::kMusl};
  EXPECT_TRUE(SaysLibc("/usr/lib/x86_64-linux-musl/libz.a", LibcFamily::kMusl));
  EXPECT_FALSE(SaysLibc("/usr/lib/x86_64-linux-musl/libz.a", LibcFamily::kGlibc));
  EXPECT_TRUE(IsNamedForOther("/w/gnu-or-musl/libz_linux_musl.a", glibc));
  EXPECT_FALSE(IsNamedForOther("/w/alpine-musl/lib/libz_linux_gnu.a", glibc));
  EXPECT_TRUE(IsNamedForOther("/w/alpine-musl/lib/libz_linux_gnu.a", musl));
  EXPECT_FALSE(IsNamedForOther("/home/musl/a/b/c/libz.a", glibc)) << "too far to tell";
}

TEST(VariantsTest, TheArchiveForThisMachineInTheSameDirectory) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("foo"));
  link.Archive("v/libfoo_linux_arm64.a", {{"f.o", ForArm("foo")}});
  link.Archive("v/libfoo_linux_amd64.a", {{"f.o", ObjectBuilder().Define("foo")}});
  EXPECT_THAT(Replacements(&link, "go.o v/libfoo_linux_arm64.a"), ElementsAre("v/libfoo_linux_amd64.a"));
}

TEST(VariantsTest, TheNearestCount) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("foo"));
  link.Archive("linux_amd64/libfoo_arm64.a", {{"f.o", ForArm("foo")}});
  link.Archive("linux_amd64/libfoo_amd64.a", {{"f.o", ObjectBuilder().Define("foo")}});
  link.Archive("linux_x86_64/libfoo_amd64.a", {{"f.o", ObjectBuilder().Define("foo")}});
  EXPECT_THAT(Replacements(&link, "go.o linux_amd64/libfoo_arm64.a"), ElementsAre("linux_amd64/libfoo_amd64.a"));
  EXPECT_THAT(Replacements(&link, "go.o -L linux_amd64 -lfoo_arm64"), ElementsAre("linux_amd64/libfoo_amd64.a"));
}

// An author's setup has brought what this machine needs, and his #cgo line names another.
TEST(VariantsTest, OneThatIsNotThereHasItsOnlyNeighbour) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("foo"));
  link.Archive("v/libfoo_x86_64_linux_musl.a", {{"f.o", ObjectBuilder().Define("foo")}});
  link.Archive("v/libfoo_aarch64_linux_gnu.a", {{"f.o", ForArm("foo")}});
  EXPECT_THAT(Replacements(&link, "go.o -L v -lfoo_x86_64_linux_gnu"), ElementsAre("v/libfoo_x86_64_linux_musl.a"))
      << "of another C library, where there is no other";
  EXPECT_THAT(Replacements(&link, "go.o " + link.Path("v/libfoo_x86_64_linux_gnu.a")),
              ElementsAre("v/libfoo_x86_64_linux_musl.a"));
  link.Archive("v/libfoo_amd64.a", {{"f.o", ObjectBuilder().Define("foo")}});
  EXPECT_THAT(Replacements(&link, "go.o -L v -lfoo_x86_64_linux_gnu"), ElementsAre("v/libfoo_amd64.a"));
  link.Archive("v/libfoo_x64.a", {{"f.o", ObjectBuilder().Define("foo")}});
  EXPECT_THAT(Replacements(&link, "go.o -L v -lfoo_x86_64_linux_gnu"), IsEmpty()) << "two, of which one must be meant";
  EXPECT_THAT(Replacements(&link, "go.o -L v -lfoo"), IsEmpty()) << "whose name says nothing of a platform";
}

TEST(VariantsTest, TheArchiveOfTheSameNameInTheDirectoryForThisMachine) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("foo"));
  link.Archive("v/linux-aarch64/lib/libfoo.a", {{"f.o", ForArm("foo")}});
  link.Archive("v/linux-x86_64/lib/libfoo.a", {{"f.o", ObjectBuilder().Define("foo")}});
  EXPECT_THAT(Replacements(&link, "go.o v/linux-aarch64/lib/libfoo.a"), ElementsAre("v/linux-x86_64/lib/libfoo.a"));
}

TEST(VariantsTest, TheNextLibraryInTheSearchPath) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("foo"));
  link.Archive("a/libfoo.a", {{"f.o", ForArm("foo")}});
  link.Archive("b/libfoo.a", {{"f.o", ObjectBuilder().Define("foo")}});
  EXPECT_THAT(Replacements(&link, "go.o -La -Lb -lfoo"), ElementsAre("b/libfoo.a"));
}

TEST(VariantsTest, AnArchiveForThisMachineStays) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("foo"));
  link.Archive("v/libfoo_gnu.a", {{"f.o", ObjectBuilder().Define("foo")}});
  link.Archive("v/libfoo_musl.a", {{"f.o", ObjectBuilder().Define("foo")}});
  EXPECT_THAT(Replacements(&link, "go.o v/libfoo_musl.a"), IsEmpty());
}

TEST(VariantsTest, BetweenTwoNothingIsChosenAndNothingElseIsAdded) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("foo"));
  link.Archive("v/libfoo_arm64.a", {{"f.o", ForArm("foo")}});
  link.Archive("v/libfoo_amd64.a", {{"f.o", ObjectBuilder().Define("foo")}});
  link.Archive("v/libfoo_x86_64.a", {{"f.o", ObjectBuilder().Define("foo")}});
  EXPECT_THAT(Replacements(&link, "go.o v/libfoo_arm64.a"), IsEmpty());
  LinkPlan plan = link.Plan("go.o v/libfoo_arm64.a");
  (void)UseVariants({target::LibcFamily::kGlibc}, &plan, link.cache());
  const resolve::Resolution resolution = resolve::Resolve(plan, link.toolchain(), link.cache());
  EXPECT_EQ(test_support::AddedWords(resolution), "");
  EXPECT_EQ(test_support::MissingSymbols(resolution), "foo");
}

TEST(VariantsTest, OfTwoForThisMachineTheOneForThisLibc) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("foo"));
  link.Archive("v/libfoo-aarch64-linux-gnu.a", {{"f.o", ForArm("foo")}});
  link.Archive("v/libfoo-x86_64-linux-gnu.a", {{"f.o", ObjectBuilder().Define("foo")}});
  link.Archive("v/libfoo-x86_64-linux-musl.a", {{"f.o", ObjectBuilder().Define("foo")}});
  EXPECT_THAT(Replacements(&link, "go.o v/libfoo-aarch64-linux-gnu.a", target::ParseLibc("glibc 2.36")),
              ElementsAre("v/libfoo-x86_64-linux-gnu.a"));
  EXPECT_THAT(Replacements(&link, "go.o v/libfoo-aarch64-linux-gnu.a", target::ParseLibc("musl")),
              ElementsAre("v/libfoo-x86_64-linux-musl.a"));
}

// Which serves, where its functions mean the same; code for another processor never does.
TEST(VariantsTest, OneForThisMachineAndTheOtherLibcWhereThereIsNoOther) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("foo"));
  link.Archive("v/libfoo_aarch64_linux_gnu.a", {{"f.o", ForArm("foo")}});
  link.Archive("v/libfoo_x86_64_linux_gnu.a", {{"f.o", ObjectBuilder().Define("foo")}});
  EXPECT_THAT(Replacements(&link, "go.o -L v -lfoo_aarch64_linux_gnu", target::ParseLibc("musl")),
              ElementsAre("v/libfoo_x86_64_linux_gnu.a"));
  link.Archive("aarch64-linux-gnu/libq.a", {{"f.o", ForArm("foo")}});
  link.Archive("x86_64-linux-gnu/libq.a", {{"f.o", ObjectBuilder().Define("foo")}});
  EXPECT_THAT(Replacements(&link, "go.o aarch64-linux-gnu/libq.a", target::ParseLibc("musl")),
              ElementsAre("x86_64-linux-gnu/libq.a"));
}

TEST(VariantsTest, ForAnotherLibcOnlyANeighbourThatSaysSo) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("foo"));
  link.Archive("v/libfoo_glibc.a", {{"f.o", ObjectBuilder().Define("foo")}});
  link.Archive("v/libfoo.a", {{"f.o", ObjectBuilder().Define("foo")}});
  LinkPlan plan = link.Plan("go.o v/libfoo_glibc.a");
  EXPECT_FALSE(UseVariant(link.Path("v/libfoo_glibc.a"), target::ParseLibc("musl"), "", &plan, link.cache()));
  link.Archive("v/libfoo_musl.a", {{"f.o", ObjectBuilder().Define("foo")}});
  const std::optional<Variant> variant =
      UseVariant(link.Path("v/libfoo_glibc.a"), target::ParseLibc("musl"), "", &plan, link.cache());
  ASSERT_TRUE(variant);
  EXPECT_EQ(variant->to, link.Path("v/libfoo_musl.a"));
}

}  // namespace
}  // namespace cgo_ld_shim::plan
