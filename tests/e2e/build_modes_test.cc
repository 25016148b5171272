// Results that are not, or not only, a static executable: libraries, plugins, position-independent and instrumented
// programs.
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "tests/e2e/elf_file.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(LinkerTest, ASharedLibraryIsLinkedByTheLinkerThatIsNamed) {
  const std::string module = CopyModule("library");
  const auto comment = [&](const std::string& linker) {
    const ProcessResult go = Go(module, {"build", "-buildmode=c-shared", "-o", "liblibrary.so"},
                                {absl::StrCat("CGO_LD_SHIM_LINKER=", linker)});
    EXPECT_TRUE(Succeeded(go));
    EXPECT_EQ(go.error, "");
    return RunProgram({"readelf", "-p", ".comment", module + "/liblibrary.so"}).output;
  };
  EXPECT_THAT(comment("lld"), testing::HasSubstr("LLD"));
  EXPECT_THAT(comment(FindProgram("ld.bfd")), testing::Not(testing::HasSubstr("LLD")));
}

TEST(BuildModesTest, CSharedLoadsIntoACProgram) {
  const std::string module = CopyModule("library");
  const ProcessResult go = Go(module, {"build", "-buildmode=c-shared", "-o", "liblibrary.so"});
  ASSERT_TRUE(Succeeded(go));
  EXPECT_EQ(go.error, "");
  EXPECT_THAT(ReadElf(module + "/liblibrary.so").exported, Contains("Add"));
  ASSERT_TRUE(Succeeded(RunProgram({"gcc", "c/opens.c", "-o", "opens", "-ldl"}, {}, module)));
  const ProcessResult run = RunProgram({"./opens", "./liblibrary.so"}, {}, module);
  ASSERT_TRUE(Succeeded(run));
  EXPECT_EQ(run.output, "42 hello, dlopen\n");
}

TEST(BuildModesTest, CArchiveLinksIntoACProgram) {
  const std::string module = CopyModule("library");
  const ProcessResult go = Go(module, {"build", "-buildmode=c-archive", "-o", "library.a"});
  ASSERT_TRUE(Succeeded(go));
  EXPECT_EQ(go.error, "");
  ASSERT_TRUE(Succeeded(RunProgram({"gcc", "-I.", "c/links.c", "library.a", "-lpthread", "-o", "links"}, {}, module)));
  EXPECT_EQ(RunProgram({"./links"}, {}, module).output, "42 hello, archive\n");
  // And static, by the user's own compiler.
  ASSERT_TRUE(Succeeded(
      RunProgram({"gcc", "-static", "-I.", "c/links.c", "library.a", "-lpthread", "-o", "static"}, {}, module)));
  EXPECT_TRUE(IsStatic(module + "/static"));
  EXPECT_EQ(RunProgram({"./static"}, {}, module).output, "42 hello, archive\n");
}

TEST(BuildModesTest, APluginOpensInItsHost) {
  const std::string module = CopyModule("plugin");
  ASSERT_TRUE(Succeeded(Go(module, {"build", "-buildmode=plugin", "-o", "greeter.so", "./greeter"})));
  ASSERT_TRUE(Succeeded(Go(module, {"build", "-o", "host.bin", "./host"})));
  const ProcessResult run = RunProgram({"./host.bin", "./greeter.so"}, {}, module);
  ASSERT_TRUE(Succeeded(run));
  EXPECT_EQ(run.output, "hello, host, 3 times\n");
  // Dynamic, for a reason that the record gives.
  EXPECT_FALSE(IsStatic(module + "/host.bin"));
  EXPECT_THAT(RunProgram({Shim(), "explain", module + "/host.bin"}).output, HasSubstr("package plugin"));
}

TEST(BuildModesTest, PieIsStaticAndAtAnotherAddressEachTime) {
  const GoBuild build = BuildGo("hello", {}, {"-buildmode=pie"});
  const std::string first = RunStatic(build, {"address"}).output;
  EXPECT_TRUE(ReadElf(build.binary).position_independent);
  ASSERT_THAT(first, HasSubstr("0x"));
  if (absl::StripTrailingAsciiWhitespace(ReadText("/proc/sys/kernel/randomize_va_space")) == "0") {
    GTEST_SKIP() << "this machine randomises no addresses";
  }
  bool differs = false;
  for (int i = 0; i < 8 && !differs; ++i) differs = RunProgram({build.binary, "address"}).output != first;
  EXPECT_TRUE(differs) << "always " << first;
  EXPECT_EQ(RunProgram({build.binary}).output, "answer 42 version none\n");
}

TEST(BuildModesTest, PieWithCxx) {
  const GoBuild build = BuildGo("cxx", {"CXX=cgo-ld-shim++"}, {"-buildmode=pie"});
  EXPECT_EQ(RunStatic(build).output, "caught thrown\nnothing to catch\nthreads 4\n");
}

TEST(BuildModesTest, AddressSanitizerFindsABugInC) {
  std::string library = RunProgram({"gcc", "-print-file-name=libasan.so"}).output;
  if (library.find('/') == std::string::npos) GTEST_SKIP() << "gcc has no libasan here";
  const std::string module = MakeModule({{"main.go", R"(package main

/*
#include <stdlib.h>
static int read_after_free(void) {
	volatile int *p = malloc(sizeof *p);
	*p = 1;
	free((void *)p);
	return *p;
}
*/
import "C"

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) > 1 {
		fmt.Println(C.read_after_free())
	}
	fmt.Println("end")
}
)"}});
  const GoBuild build = BuildIn(module, {}, {"-asan"});
  ASSERT_TRUE(Succeeded(build.go));
  EXPECT_EQ(build.go.error, "");
  EXPECT_THAT(Needed(build.binary), Contains(HasSubstr("libasan")));
  EXPECT_EQ(RunProgram({build.binary}).output, "end\n");
  const ProcessResult bug = RunProgram({build.binary, "bug"});
  EXPECT_NE(bug.exit_status, 0);
  EXPECT_THAT(bug.error, HasSubstr("heap-use-after-free"));
}

// A whole GOROOT's packages as one shared library: minutes.
TEST(SlowBuildModesTest, LinkedAgainstGosSharedLibrary) {
  std::string goroot = RunProgram({"go", "env", "GOROOT"}).output;
  goroot = std::string(absl::StripTrailingAsciiWhitespace(goroot));
  const std::string copy = MakeTempDirectory() + "/go";
  // Installing std as a shared library writes into GOROOT.
  ASSERT_TRUE(Succeeded(RunProgram({"cp", "-rL", goroot, copy})));
  const Environment environment = {absl::StrCat("GOROOT=", copy),
                                   absl::StrCat("PATH=", copy, "/bin:", std::getenv("PATH"))};
  const ProcessResult install = Go(copy, {"install", "-buildmode=shared", "std"}, environment);
  if (absl::StrContains(install.error, "-buildmode=shared not supported")) GTEST_SKIP() << install.error;
  ASSERT_TRUE(Succeeded(install));
  const GoBuild build = BuildGo("hello", environment, {"-linkshared"});
  ASSERT_TRUE(Succeeded(build.go));
  EXPECT_THAT(Needed(build.binary), Contains("libstd.so"));
  const ProcessResult run = RunProgram({build.binary});
  EXPECT_TRUE(Succeeded(run));
  EXPECT_EQ(run.output, "answer 42 version none\n");
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
