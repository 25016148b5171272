// What failed builds say one can do, done (tests/ways/run).
#include <cstdio>
#include <filesystem>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {
namespace {

constexpr char kWays[] = CGO_LD_SHIM_SOURCE "/tests/ways";

// A case at a time, each of which may take minutes where zig has to build its libraries first.
TEST(SlowWaysTest, EveryWayOutKeepsItsPromise) {
  if (FindProgram("python3").empty()) GTEST_SKIP() << "no python3";
  int all = 0, kept = 0, not_tried = 0;
  for (const std::string& name : ListFiles(std::string(kWays) + "/cases")) {
    const ProcessResult result = RunProgram({std::string(kWays) + "/run", "--shim", Shim(), name});
    const size_t last = result.output.rfind(" ways out: ");
    ASSERT_NE(last, std::string::npos) << result.output << result.error;
    int of_case[5] = {};
    const char* line = result.output.c_str() + result.output.rfind('\n', last) + 1;
    ASSERT_EQ(std::sscanf(line, "%d ways out: %d kept, %d BROKEN, %d not tried, %d no promise", &of_case[0],
                          &of_case[1], &of_case[2], &of_case[3], &of_case[4]),
              5)
        << line;
    EXPECT_EQ(of_case[2], 0) << result.output;
    all += of_case[0];
    kept += of_case[1];
    not_tried += of_case[3];
  }
  EXPECT_GT(kept, 5);
  EXPECT_LE(not_tried * 10, all);
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
