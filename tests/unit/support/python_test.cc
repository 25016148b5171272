// How a package of PyPI is installed here.
#include "support/python.h"

#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/file.h"

namespace cgo_ld_shim::support {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class PipInstallTest : public testing::Test {
 protected:
  PipInstallTest() : directory_(absl::StrCat(testing::TempDir(), "/pip-XXXXXX")), path_(std::getenv("PATH")) {
    if (::mkdtemp(directory_.data()) == nullptr) std::abort();
    ::setenv("PATH", directory_.c_str(), 1);
    ::unsetenv("VIRTUAL_ENV");
  }
  ~PipInstallTest() override {
    ::setenv("PATH", path_.c_str(), 1);
    ::unsetenv("VIRTUAL_ENV");
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }
  void Have(const std::string& program) {
    const std::string path = absl::StrCat(directory_, "/", program);
    std::ofstream(path) << "#!/bin/sh\n";
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  }

  std::string directory_;
  const std::string path_;
};

TEST_F(PipInstallTest, InAVirtualEnvironmentItIsPlain) {
  Have("pip");
  ::setenv("VIRTUAL_ENV", "/home/u/venv", 1);
  EXPECT_EQ(PipInstall("ziglang"), "pip install ziglang");
}

TEST_F(PipInstallTest, AnEmptyVariableIsNoEnvironment) {
  Have("pip");
  const std::string without = PipInstall("ziglang");
  ::setenv("VIRTUAL_ENV", "", 1);
  EXPECT_EQ(PipInstall("ziglang"), without);
}

TEST_F(PipInstallTest, TheNameThatIsThereIsTyped) {
  Have("pip3");
  EXPECT_THAT(PipInstall("ziglang"), StartsWith("pip3 install "));
  Have("pip");
  EXPECT_THAT(PipInstall("ziglang"), StartsWith("pip install "));
}

TEST_F(PipInstallTest, WhereThereIsNoneItIsInstalledFirst) {
  EXPECT_THAT(PipInstall("ziglang"), StartsWith("pip install "));
  Have("apt-get");
  EXPECT_THAT(PipInstall("ziglang"), StartsWith("apt-get install python3-pip && pip install "));
  Have("pip3");
  EXPECT_THAT(PipInstall("ziglang"), Not(HasSubstr("apt-get")));
}

// PEP 668: pip refuses without the flag where the distribution keeps Python's packages.
TEST_F(PipInstallTest, WhereTheDistributionKeepsPythonPipIsToldSo) {
  bool kept = false;
  for (const std::string& name : ListDirectory("/usr/lib"))
    kept |= name.starts_with("python3") && IsRegularFile(absl::StrCat("/usr/lib/", name, "/EXTERNALLY-MANAGED"));
  EXPECT_EQ(absl::StrContains(PipInstall("ziglang"), " --user --break-system-packages "), kept);
  EXPECT_THAT(PipInstall("--upgrade ziglang"), EndsWith(" --upgrade ziglang"));
}

}  // namespace
}  // namespace cgo_ld_shim::support
