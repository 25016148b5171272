#include "support/version.h"

#include "gtest/gtest.h"

namespace cgo_ld_shim::support {
namespace {

TEST(VersionTest, ComparesNumbersNotLetters) {
  EXPECT_TRUE(OlderThan("2.31", 2, 34));
  EXPECT_TRUE(OlderThan("2.9", 2, 34));
  EXPECT_TRUE(OlderThan("1.99", 2, 34));
  EXPECT_TRUE(OlderThan("0.12.0-dev.3+abc", 0, 13));
  EXPECT_FALSE(OlderThan("2.34", 2, 34));
  EXPECT_FALSE(OlderThan("3.0", 2, 34));
}

TEST(VersionTest, KnowsNothingOfWhatIsNoVersion) {
  for (const char* text : {"", "2", "musl", "2.x", "latest.1"}) EXPECT_FALSE(OlderThan(text, 99, 99)) << text;
}

}  // namespace
}  // namespace cgo_ld_shim::support
