// `lint` of archives that compilers really made, and the links that it speaks of.
#include <sys/stat.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "llvm/Support/JSON.h"
#include "tests/e2e/harness.h"
#include "tests/e2e/machines.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr char kGlibc[] = "--target=x86_64-linux-gnu";

ProcessResult Lint(const std::vector<std::string>& words) {
  std::vector<std::string> argv = {Shim(), "lint"};
  argv.insert(argv.end(), words.begin(), words.end());
  return RunProgram(argv, {"COLUMNS=400"});
}

TEST(LintTest, CThatNeedsNothingLinksAsItIs) {
  const std::string archive = MakeTempDirectory() + "/libadd.a";
  MakeArchive(archive, {{"add.c", "int add(int a, int b) { return a + b; }\n"}});
  const ProcessResult lint = Lint({archive, kGlibc});
  EXPECT_TRUE(Succeeded(lint));
  EXPECT_EQ(lint.error, "");
  EXPECT_THAT(lint.output, AllOf(HasSubstr("links as it is"), HasSubstr("LDFLAGS: -L${SRCDIR} -ladd\n")));
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
