#include "support/json_depth.h"

#include <string>

#include "gtest/gtest.h"

namespace cgo_ld_shim::support {
namespace {

TEST(JsonDepthTest, CountsLevelsAndNotBracketsInStrings) {
  const std::string deep(kMaxJsonDepth, '['), deeper(kMaxJsonDepth + 1, '[');
  EXPECT_FALSE(IsNestedTooDeep(deep));
  EXPECT_TRUE(IsNestedTooDeep(deeper));
  EXPECT_TRUE(IsNestedTooDeep(R"({"a": )" + deep));
  EXPECT_FALSE(IsNestedTooDeep(R"({"a": ")" + deeper + R"("})"));
  EXPECT_TRUE(IsNestedTooDeep(R"(["\"", )" + deep));
  std::string side_by_side;
  for (int i = 0; i < 1000; ++i) side_by_side += "[{}],";
  EXPECT_FALSE(IsNestedTooDeep(side_by_side));
  EXPECT_FALSE(IsNestedTooDeep("\"\\"));
}

}  // namespace
}  // namespace cgo_ld_shim::support
