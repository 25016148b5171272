// Package managers are scripts here, found in a PATH of the test's own.
#include "packages/owner.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/unit/packages/fake_programs.h"

namespace cgo_ld_shim::packages {
namespace {

TEST(OwnerTest, DebiansRecordsMayNameEitherSideOfALink) {
  const FakePrograms programs;
  // Nothing but the path without /usr is on record.
  programs.Add("dpkg-query", R"(case "$1 $2" in
"-S /lib/x/libz.a") echo "zlib1g-dev:amd64: /lib/x/libz.a" ;;
"-W -f") printf '1:1.2.13\tamd64\tzlib\n' ;;
*) exit 1 ;;
esac)");
  EXPECT_EQ(OwnerOf("/usr/lib/x/libz.a"), "zlib1g-dev");
  const Package package = DescribeOwner("/usr/lib/x/libz.a");
  EXPECT_EQ(package.type, "deb");
  EXPECT_EQ(package.version, "1:1.2.13");
  EXPECT_EQ(package.source, "zlib");
  EXPECT_EQ(OwnerOf("/opt/libz.a"), "");
  EXPECT_EQ(DescribeOwner("/opt/libz.a").type, "");
}

TEST(OwnerTest, ApkJoinsNameAndVersion) {
  const FakePrograms programs;
  programs.Add("apk", R"(case "$1" in
info) echo zlib-static-1.3.1-r2 ;;
list) echo "zlib-static-1.3.1-r2 x86_64 {zlib} (Zlib) [installed]" ;;
esac)");
  EXPECT_EQ(OwnerOf("/usr/lib/libz.a"), "zlib-static");
  const Package package = DescribeOwner("/usr/lib/libz.a");
  EXPECT_EQ(package.type, "apk");
  EXPECT_EQ(package.version, "1.3.1-r2");
  EXPECT_EQ(package.architecture, "x86_64");
  EXPECT_EQ(package.licence, "Zlib");
}

TEST(OwnerTest, RpmAndPacmanSayTheNameAlone) {
  {
    const FakePrograms programs;
    programs.Add("rpm", R"(case "$1" in
-qf) echo zlib-static ;;
-q) printf '1.2.13-5\tx86_64\tzlib.src.rpm\tZlib\n' ;;
esac)");
    EXPECT_EQ(DescribeOwner("/usr/lib64/libz.a").source, "zlib.src.rpm");
  }
  const FakePrograms programs;
  programs.Add("pacman", R"(case "$1" in
-Qoq) echo zlib ;;
-Qi) printf 'Name            : zlib\nVersion         : 1:1.3.1-2\nArchitecture    : x86_64\nLicenses        : Zlib\n' ;;
esac)");
  const Package package = DescribeOwner("/usr/lib/libz.a");
  EXPECT_EQ(package.type, "alpm");
  EXPECT_EQ(package.name, "zlib");
  EXPECT_EQ(package.version, "1:1.3.1-2");
  EXPECT_EQ(package.licence, "Zlib");
}

TEST(OwnerTest, HomebrewsPackagesAreKnownByTheirPaths) {
  const FakePrograms programs;
  EXPECT_EQ(OwnerOf("/opt/homebrew/Cellar/zlib/1.3.1/lib/libz.a"), "zlib");
  EXPECT_EQ(DescribeOwner("/opt/homebrew/Cellar/zlib/1.3.1/lib/libz.a").version, "1.3.1");
  EXPECT_EQ(OwnerOf("/opt/Cellar/libz.a"), "");
}

}  // namespace
}  // namespace cgo_ld_shim::packages
