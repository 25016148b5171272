#include "rescue/rescues.h"

#include <set>
#include <string>

#include "gtest/gtest.h"

namespace cgo_ld_shim::rescue {
namespace {

TEST(RescueTableTest, EachRowHasAnIdOfItsOwnAndSaysWhyAndSinceWhen) {
  std::set<std::string> ids;
  for (const Row& row : Rows()) {
    EXPECT_TRUE(ids.insert(row.id).second) << row.id;
    EXPECT_EQ(FindRow(row.id), &row);
    EXPECT_STRNE(row.why, "") << row.id;
    EXPECT_STRNE(row.since, "") << row.id;
    EXPECT_EQ(row.addition == Addition::kWords, !row.words.empty()) << row.id;
  }
  EXPECT_EQ(FindRow("of-another-version"), nullptr);
}

TEST(RescueTableTest, EachHeaderThatARowPromisesIsThere) {
  for (const Row& row : Rows()) {
    if (row.addition != Addition::kOurHeader) continue;
    std::set<absl::string_view> promised(row.names.begin(), row.names.end()), there;
    for (const OurHeader& header : OurHeaders()) there.insert(header.name);
    EXPECT_EQ(promised, there);
  }
}

}  // namespace
}  // namespace cgo_ld_shim::rescue
