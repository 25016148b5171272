// Copies of archives: fewer members, other names.
#include "isolate/members.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/link_fixture.h"

namespace cgo_ld_shim::isolate {
namespace {

using test_support::LinkFixture;
using test_support::ObjectBuilder;

TEST(MembersTest, OnlyTheNamedMembersAreInTheCopy) {
  LinkFixture link;
  link.Archive("libf.a", {{"a.o", ObjectBuilder().Define("a")},
                          {"b.o", ObjectBuilder().Define("b")},
                          {"c.o", ObjectBuilder().Define("c")}});
  const auto archive = symbols::Archive::Open(link.Path("libf.a"));
  ASSERT_TRUE(archive.ok());
  ASSERT_TRUE(CopyMembers(**archive, {0, 2}, link.Path("copy.a")).ok());
  const auto copy = symbols::Archive::Open(link.Path("copy.a"));
  ASSERT_TRUE(copy.ok()) << copy.status();
  EXPECT_TRUE((*copy)->has_index());
  EXPECT_EQ((*copy)->member_count(), 2u);
  EXPECT_EQ((*copy)->Defining("a").size(), 1u);
  EXPECT_EQ((*copy)->Defining("b").size(), 0u);
  EXPECT_EQ((*copy)->Defining("c").size(), 1u);
  ASSERT_TRUE(CopyMembers(**archive, {}, link.Path("empty.a")).ok());
  const auto empty = symbols::Archive::Open(link.Path("empty.a"));
  ASSERT_TRUE(empty.ok()) << empty.status();
  EXPECT_TRUE((*empty)->empty());
}

TEST(MembersTest, AReferenceIsRenamedWhereTheMemberDoesNotDefineIt) {
  LinkFixture link;
  link.Archive("libf.a", {{"user.o", ObjectBuilder().Define("f").Reference("qsort").Reference("other")},
                          {"own.o", ObjectBuilder().Define("qsort")}});
  const auto archive = symbols::Archive::Open(link.Path("libf.a"));
  ASSERT_TRUE(archive.ok());
  ASSERT_TRUE(CopyMembers(**archive, {0, 1}, link.Path("copy.a"), {{"qsort", "stable_qsort"}}).ok());
  const auto copy = symbols::Archive::Open(link.Path("copy.a"));
  ASSERT_TRUE(copy.ok()) << copy.status();
  const auto user = (*copy)->Load(0), own = (*copy)->Load(1);
  ASSERT_TRUE(user.ok() && own.ok());
  std::vector<std::string> names;
  for (const symbols::Reference& reference : (*user)->references) names.emplace_back(reference.name);
  EXPECT_THAT(names, testing::UnorderedElementsAre("stable_qsort", "other"));
  ASSERT_EQ((*own)->definitions.size(), 1u);
  EXPECT_EQ((*own)->definitions[0].name, "qsort");
}

}  // namespace
}  // namespace cgo_ld_shim::isolate
