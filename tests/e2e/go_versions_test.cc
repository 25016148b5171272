// Other versions of Go that this machine has: those in the module cache (GOTOOLCHAIN) and the distribution's.
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {
namespace {

namespace fs = std::filesystem;

// GOROOTs other than that of the go on PATH.
std::vector<std::string> OtherGoRoots() {
  std::string cache = RunProgram({"go", "env", "GOMODCACHE"}).output;
  cache = std::string(absl::StripTrailingAsciiWhitespace(cache));
  std::string own = RunProgram({"go", "env", "GOROOT"}).output;
  own = std::string(absl::StripTrailingAsciiWhitespace(own));
  std::vector<std::string> roots;
  for (const std::string& parent : {cache + "/golang.org", std::string("/usr/lib"), std::string("/usr/local")}) {
    for (const std::string& name : ListFiles(parent)) {
      const std::string root = absl::StrCat(parent, "/", name);
      std::error_code error;
      const bool same = fs::equivalent(root, own, error);
      if (absl::StrContains(name, "go") && fs::is_regular_file(root + "/bin/go", error) && !same) roots.push_back(root);
    }
  }
  return roots;
}

TEST(SlowGoVersionsTest, EachBuildsStaticPrograms) {
  const std::vector<std::string> roots = OtherGoRoots();
  if (roots.empty()) GTEST_SKIP() << "there is one Go only";
  for (const std::string& root : roots) {
    SCOPED_TRACE(root);
    const Environment environment = {absl::StrCat("GOROOT=", root), "GOTOOLCHAIN=local",
                                     absl::StrCat("PATH=", root, "/bin:", std::getenv("PATH"))};
    EXPECT_EQ(RunStatic(BuildGo("osuser", environment)).output, "root 0 root\n");
    EXPECT_EQ(RunStatic(BuildGo("hello", environment)).output, "answer 42 version none\n");
    Environment with_cxx = environment;
    with_cxx.push_back("CXX=cgo-ld-shim++");
    EXPECT_EQ(RunStatic(BuildGo("cxx", with_cxx, {"-buildmode=pie"})).output,
              "caught thrown\nnothing to catch\nthreads 4\n");
  }
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
