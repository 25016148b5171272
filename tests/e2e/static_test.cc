// The main promise: with the shim as compiler and nothing else, a Go program is one static binary.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/e2e/elf_file.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::HasSubstr;

TEST(StaticTest, NetHttpWithOnlyCcSet) { EXPECT_EQ(RunStatic(BuildGo("nethttp")).output, "200 hello over HTTP\n"); }

TEST(StaticTest, OsUserWithOnlyCcSet) { EXPECT_EQ(RunStatic(BuildGo("osuser")).output, "root 0 root\n"); }

TEST(StaticTest, CgoWithCallbackWithOnlyCcSet) {
  EXPECT_EQ(RunStatic(BuildGo("hello")).output, "answer 42 version none\n");
}

constexpr char kCxxOutput[] = "caught thrown\nnothing to catch\nthreads 4\n";

TEST(StaticTest, CxxSourcesWithCcAndCxxSet) {
  EXPECT_EQ(RunStatic(BuildGo("cxx", {"CXX=cgo-ld-shim++"})).output, kCxxOutput);
}

TEST(StaticTest, CxxSourcesWithTheGoCommand) {
  const std::string directory = CopyModule("cxx");
  GoBuild build{.go = {}, .directory = directory, .binary = absl::StrCat(directory, "/program")};
  build.go = RunProgram({Shim(), "go", "build", "-o", build.binary}, {}, directory);
  EXPECT_EQ(RunStatic(build).output, kCxxOutput);
}

// Without a network, without /etc and without a home there is still the program.
TEST(StaticTest, RunsWithAnEmptyEnvironment) {
  const GoBuild build = BuildGo("osuser");
  ASSERT_TRUE(Succeeded(build.go));
  const ProcessResult run = RunProgram({"env", "-i", build.binary}, {}, "/");
  ASSERT_TRUE(Succeeded(run));
  EXPECT_EQ(run.output, "root 0 root\n");
}

GoBuild CompileTest(const std::string& directory, const std::vector<std::string>& flags) {
  GoBuild build{.go = {}, .directory = directory, .binary = absl::StrCat(directory, "/netonly.test")};
  std::vector<std::string> args = {"test", "-c", "-o", build.binary};
  args.insert(args.end(), flags.begin(), flags.end());
  build.go = Go(directory, args);
  return build;
}

TEST(StaticTest, TestBinaryOfAPackageThatImportsNetWithoutCgo) {
  const GoBuild build = CompileTest(CopyModule("netonly"), {});
  EXPECT_THAT(RunStatic(build, {"-test.v"}).output, HasSubstr("--- PASS: TestEcho"));
}

TEST(StaticTest, GoTestRunsWhatItLinked) {
  const ProcessResult test = Go(CopyModule("netonly"), {"test", "-v", "."});
  ASSERT_TRUE(Succeeded(test));
  EXPECT_THAT(test.output, HasSubstr("race detector: false"));
  EXPECT_THAT(test.output, HasSubstr("--- PASS: TestEcho"));
}

TEST(StaticTest, RaceDetectorWorks) {
  const GoBuild build = CompileTest(CopyModule("netonly"), {"-race"});
  EXPECT_THAT(RunStatic(build, {"-test.v", "-test.run=Echo"}).output, HasSubstr("race detector: true"));
  const ProcessResult race = RunProgram({build.binary, "-test.run=Race"});
  EXPECT_TRUE(Refused(race));
  EXPECT_THAT(race.output + race.error, HasSubstr("WARNING: DATA RACE"));
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
