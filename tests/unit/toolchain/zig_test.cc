// The zig of the Python environment in which this program is installed.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "toolchain/zig.h"

namespace cgo_ld_shim::toolchain {
namespace {

class ZigOfEnvironmentTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "/zig-XXXXXX";
    root_ = ::mkdtemp(name.data());
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  void AddZig(const std::string& python) {
    const std::string directory = root_ + "/lib/" + python + "/site-packages/ziglang";
    std::filesystem::create_directories(directory);
    std::ofstream(directory + "/zig") << "zig";
  }

  std::string root_;
};

TEST_F(ZigOfEnvironmentTest, LiesBelowLibOfTheExecutablesPrefix) {
  EXPECT_EQ(ZigOfEnvironment(root_ + "/bin/cgo-ld-shim"), std::nullopt);
  AddZig("python3.11");
  EXPECT_EQ(ZigOfEnvironment(root_ + "/bin/cgo-ld-shim"), root_ + "/lib/python3.11/site-packages/ziglang/zig");
}

TEST_F(ZigOfEnvironmentTest, IsThatOfTheNewestPython) {
  AddZig("python3.9");
  AddZig("python3.12");
  AddZig("python3.10");
  std::filesystem::create_directories(root_ + "/lib/python3.13/site-packages");
  EXPECT_EQ(ZigOfEnvironment(root_ + "/bin/cgo-ld-shim"), root_ + "/lib/python3.12/site-packages/ziglang/zig");
}

TEST_F(ZigOfEnvironmentTest, IsNotLookedForBesideAnExecutableThatIsNotInBin) {
  AddZig("python3.11");
  EXPECT_EQ(ZigOfEnvironment(root_ + "/build/cgo-ld-shim"), std::nullopt);
  EXPECT_EQ(ZigOfEnvironment(root_ + "/bin/more/cgo-ld-shim"), std::nullopt);
  EXPECT_EQ(ZigOfEnvironment("cgo-ld-shim"), std::nullopt);
}

}  // namespace
}  // namespace cgo_ld_shim::toolchain
