// The versions of Go that people still build with, and the newest: each makes static programs, and is served alike
// where Go calls otherwise.
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/e2e/go_versions.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::HasSubstr;

class SlowGoVersionsTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const std::optional<Environment> go = EnvironmentOfGo(GetParam());
    if (!go) GTEST_SKIP() << GetParam() << " is not to be had";
    go_ = *go;
    // Packages of another Go are none of this one's.
    go_.push_back(absl::StrCat("GOCACHE=", MakeTempDirectory()));
  }
  Environment With(std::vector<std::string> more) const {
    more.insert(more.begin(), go_.begin(), go_.end());
    return more;
  }

  Environment go_;
};
INSTANTIATE_TEST_SUITE_P(Versions, SlowGoVersionsTest, testing::ValuesIn(kGoVersions), GoVersionName);

TEST_P(SlowGoVersionsTest, BuildsStaticPrograms) {
  EXPECT_EQ(RunStatic(BuildGo("osuser", go_)).output, "root 0 root\n");
  EXPECT_EQ(RunStatic(BuildGo("hello", go_)).output, "answer 42 version none\n");
  EXPECT_EQ(RunStatic(BuildGo("cxx", With({"CXX=cgo-ld-shim++"}), {"-buildmode=pie"})).output,
            "caught thrown\nnothing to catch\nthreads 4\n");
}

TEST_P(SlowGoVersionsTest, BuildsForMusl) {
  SKIP_WITHOUT_ZIG();
  EXPECT_EQ(RunStatic(BuildGo("osuser", With({"CGO_LD_SHIM_LIBC=musl"}))).output, "root 0 root\n");
}

TEST_P(SlowGoVersionsTest, TestsAndVetGoOn) {
  const std::string module = CopyModule("hello");
  EXPECT_TRUE(Succeeded(Go(module, {"vet", "."}, go_)));
  EXPECT_TRUE(Succeeded(Go(module, {"test", "."}, go_)));
}

TEST_P(SlowGoVersionsTest, AFailureIsExplained) {
  const std::string module =
      MakeModule({{"main.go", "package main\n\n// int nowhere(void);\nimport \"C\"\n\nfunc main() { C.nowhere() }\n"}});
  const GoBuild build = BuildIn(module, go_);
  EXPECT_TRUE(Refused(build.go));
  EXPECT_THAT(OurWords(build.go.error), HasSubstr("nowhere"));
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
