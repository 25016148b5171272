#include "packages/distribution.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace cgo_ld_shim::packages {
namespace {

TEST(DistributionTest, KnowsADistributionByItsIdOrByWhatItIsLike) {
  const Distribution debian =
      ParseOsRelease("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_ID=\"12\"\n");
  EXPECT_EQ(debian.name, "Debian GNU/Linux 12 (bookworm)");
  EXPECT_EQ(InstallCommand(debian, Need::kStaticLibc), "apt-get install libc6-dev");
  const Distribution rocky = ParseOsRelease("NAME='Rocky Linux'\nID=rocky\nID_LIKE=\"rhel centos fedora\"\n");
  EXPECT_EQ(rocky.name, "Rocky Linux");
  EXPECT_EQ(InstallCommand(rocky, Need::kStaticCxx), "dnf install libstdc++-static");
  EXPECT_EQ(InstallCommand(ParseOsRelease("ID=alpine\n"), Need::kCCompiler), "apk add gcc musl-dev");
  EXPECT_EQ(InstallCommand(ParseOsRelease("ID=opensuse-leap\n"), Need::kStaticLibc),
            "zypper install glibc-devel-static");
}

TEST(DistributionTest, SaysInWordsWhatAnUnknownDistributionNeeds) {
  for (const char* text : {"", "ID=plan9\n", "no equals sign\n\"\n", "ID=\n"}) {
    EXPECT_EQ(InstallCommand(ParseOsRelease(text), Need::kGo), "see go.dev/dl") << text;
  }
  EXPECT_THAT(InstallCommand(ParseOsRelease("ID=debian\n"), Need::kZig),
              testing::ContainsRegex("pip.* install .*ziglang"));
}

}  // namespace
}  // namespace cgo_ld_shim::packages
