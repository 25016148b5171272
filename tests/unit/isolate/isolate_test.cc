// Which archives of a link clash, and what is left of one that becomes an object of its own.
#include "isolate/isolate.h"

#include <algorithm>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "symbols/symbols.h"
#include "tests/support/elf.h"
#include "tests/support/link_fixture.h"

namespace cgo_ld_shim::isolate {
namespace {

using test_support::LinkFixture;
using test_support::ObjectBuilder;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

// A program that needs both libraries; each brings `shared` with what is its own.
resolve::Resolution TwoLibraries(LinkFixture* link, const std::string& shared) {
  link->Object("go.o", ObjectBuilder().Reference("one").Reference("two"));
  link->Archive("lib/libone.a", {{"one.o", ObjectBuilder().Define("one").Define(shared)}});
  link->Archive("lib/libtwo.a", {{"two.o", ObjectBuilder().Define("two").Define(shared)}});
  return link->Resolve("go.o -Llib -lone -ltwo -static");
}

TEST(IsolateTest, TwoRustLibrariesClashByTheirRuntimeAlone) {
  LinkFixture link;
  const std::vector<Clash> clashes = FindClashes(TwoLibraries(&link, "rust_eh_personality"));
  ASSERT_EQ(clashes.size(), 1U);
  EXPECT_EQ(clashes[0].first, link.Path("lib/libone.a"));
  EXPECT_EQ(clashes[0].second, link.Path("lib/libtwo.a"));
  EXPECT_THAT(clashes[0].symbols, ElementsAre("rust_eh_personality"));
  EXPECT_TRUE(clashes[0].runtime_only);
}

TEST(IsolateTest, OtherNamesAreForTheUserToDecide) {
  LinkFixture link;
  const std::vector<Clash> clashes = FindClashes(TwoLibraries(&link, "sqlite3_open"));
  ASSERT_EQ(clashes.size(), 1U);
  EXPECT_FALSE(clashes[0].runtime_only);
}

TEST(IsolateTest, LibrariesWithNamesOfTheirOwnDoNotClash) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("one"));
  link.Archive("lib/libone.a", {{"one.o", ObjectBuilder().Define("one")}});
  EXPECT_THAT(FindClashes(link.Resolve("go.o -Llib -lone -static")), IsEmpty());
}

TEST(IsolateTest, TheObjectOffersWhatTheProgramUsesAndHidesTheRest) {
  LinkFixture link;
  const resolve::Resolution resolution = TwoLibraries(&link, "rust_eh_personality");
  const std::string output = link.Path("two.isolated.o");
  const absl::Status status = Isolate(link.Path("lib/libtwo.a"), resolution, link.toolchain(), output);
  ASSERT_TRUE(status.ok()) << status;
  const absl::StatusOr<symbols::InputFile>& file = link.cache()->Open(output);
  ASSERT_TRUE(file.ok()) << file.status();
  std::vector<std::string> names;
  for (const symbols::Definition& definition : file->object->definitions) names.emplace_back(definition.name);
  EXPECT_THAT(names, Contains("two"));
  EXPECT_THAT(names, Not(Contains("rust_eh_personality")));
}

TEST(IsolateTest, AnArchiveOfWhichNothingIsUsedIsRefused) {
  LinkFixture link;
  const resolve::Resolution resolution = TwoLibraries(&link, "f");
  link.Archive("lib/libthree.a", {{"three.o", ObjectBuilder().Define("three")}});
  const absl::Status status =
      Isolate(link.Path("lib/libthree.a"), resolution, link.toolchain(), link.Path("three.isolated.o"));
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
}

}  // namespace
}  // namespace cgo_ld_shim::isolate
