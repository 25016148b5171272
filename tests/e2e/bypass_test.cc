// Links for which Go does not call this program: each is said by `go` before the build, by `doctor` of the machine and
// the module, and by `check` of the finished program.
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/e2e/elf_file.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kHost[] = "go env -w CXX=cgo-ld-shim++, or cgo-ld-shim go build";

constexpr char kLookUp[] = R"(package main

import "net"

func main() {
	_, err := net.LookupHost("localhost")
	println(err == nil)
}
)";

std::string Check(const std::string& binary) { return RunProgram({Shim(), "check", binary}, {"COLUMNS=400"}).output; }

std::string Doctor(const std::string& directory, Environment environment) {
  environment.emplace_back("COLUMNS=400");
  return RunProgram({Shim(), "doctor"}, environment, directory).output;
}

TEST(BypassTest, CxxSourcesWithOnlyCcSet) {
  const std::string module = CopyModule("cxx");
  EXPECT_THAT(Doctor(module, {"CC=cgo-ld-shim"}), HasSubstr(kHost));
  EXPECT_THAT(Doctor(module, {"CC=cgo-ld-shim", "CXX=cgo-ld-shim++"}), Not(HasSubstr(kHost)));
  // Go links with g++: the program is dynamic, and nothing of ours has seen it.
  const GoBuild build = BuildIn(module);
  ASSERT_TRUE(Succeeded(build.go));
  ASSERT_FALSE(IsStatic(build.binary));
  EXPECT_THAT(Check(build.binary),
              HasSubstr("compiled through cgo-ld-shim, and g++ or clang++ linked it: Go takes CXX"));
  const ProcessResult explain = RunProgram({Shim(), "explain", build.binary});
  EXPECT_THAT(explain.error, HasSubstr("Build it so: cgo-ld-shim go build\n"));
}

TEST(BypassTest, LinkmodeInternal) {
  const std::string module = MakeModule({{"main.go", kLookUp}});
  // Go refuses it here: what this program compiles for static links cannot be linked by Go itself.
  const ProcessResult go = RunProgram({Shim(), "go", "build", "-ldflags=-linkmode=internal"}, {}, module);
  EXPECT_TRUE(Refused(go));
  EXPECT_THAT(go.error, HasSubstr("warning: -linkmode=internal: Go links by itself"));
  // With another compiler it goes through, and past this program.
  const GoBuild build = BuildIn(module, {"CC=gcc"}, {"-ldflags=-linkmode=internal"});
  ASSERT_TRUE(Succeeded(build.go));
  EXPECT_THAT(Check(build.binary), HasSubstr("built with -linkmode=internal: Go linked it by itself"));
  EXPECT_THAT(Doctor(module, {"GOFLAGS=-mod=mod -ldflags=-linkmode=internal"}),
              HasSubstr("GOFLAGS has -linkmode=internal: Go links by itself"));
}

TEST(BypassTest, CgoSwitchedOffForAnotherTarget) {
  const std::string module = MakeModule({{"main.go", kLookUp}});
  const char* other = "GOARCH=riscv64";
  EXPECT_THAT(Doctor(module, {other, "CC=cgo-ld-shim"}), HasSubstr("CGO_ENABLED=0 (Go's default for another target)"));
  const GoBuild build = BuildIn(module, {other});
  ASSERT_TRUE(Succeeded(build.go));
  EXPECT_THAT(Check(build.binary), HasSubstr("it was built with CGO_ENABLED=0, Go's default for another target"));
  // There is nothing to explain, and building it again would not change that; what is in it is Go modules alone.
  const ProcessResult explain = RunProgram({Shim(), "explain", build.binary});
  EXPECT_EQ(explain.exit_status, 1);
  EXPECT_THAT(explain.error, HasSubstr("Go linked " + build.binary + " by itself"));
  EXPECT_THAT(explain.error, Not(HasSubstr("build -a")));
  EXPECT_TRUE(Succeeded(RunProgram({Shim(), "sbom", build.binary})));
  const ProcessResult go = RunProgram({Shim(), "go", "build", "-o", "program"}, {"CGO_ENABLED=0"}, module);
  ASSERT_TRUE(Succeeded(go));
  EXPECT_THAT(go.error, HasSubstr("warning: CGO_ENABLED=0 is set, and stays"));
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
