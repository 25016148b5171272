// The program of ./dev demo: the promise of the first page, held by a test.
#include "gmock/gmock.h"
#include "tests/e2e/elf_file.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

TEST(DemoTest, IsOneStaticBinaryThatRunsWithOnlyCcSet) {
  const GoBuild build = BuildGo("demo");
  ASSERT_TRUE(Succeeded(build.go));
  EXPECT_THAT(build.go.error, IsEmpty()) << "a build that works says nothing";
  EXPECT_TRUE(IsStatic(build.binary));
  const ProcessResult run = RunProgram({build.binary});
  ASSERT_TRUE(Succeeded(run));
  EXPECT_THAT(run.output, HasSubstr("answered over HTTP: 4 linkers"));
}

TEST(DemoTest, IsExplained) {
  const GoBuild build = BuildGo("demo");
  ASSERT_TRUE(Succeeded(build.go));
  const ProcessResult explain = RunProgram({Shim(), "explain", build.binary});
  ASSERT_TRUE(Succeeded(explain));
  EXPECT_THAT(explain.output, HasSubstr("static"));
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
