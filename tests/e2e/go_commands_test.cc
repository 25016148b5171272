// Go's own commands and flags keep their meaning when the shim is the C compiler.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/e2e/elf_file.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr char kHello[] = "answer 42 version none\n";

TEST(GoCommandsTest, Vet) {
  const ProcessResult vet = Go(CopyModule("hello"), {"vet", "./..."});
  EXPECT_TRUE(Succeeded(vet));
  EXPECT_EQ(vet.error, "");
}

TEST(GoCommandsTest, ListExport) {
  const ProcessResult list = Go(CopyModule("hello"), {"list", "-export", "-f", "{{.Export}}", "."});
  EXPECT_TRUE(Succeeded(list));
  EXPECT_THAT(list.output, Not(IsEmpty()));
  EXPECT_EQ(list.error, "");
}

TEST(GoCommandsTest, Run) {
  const ProcessResult run = Go(CopyModule("hello"), {"run", "."});
  EXPECT_TRUE(Succeeded(run));
  EXPECT_EQ(run.output, kHello);
  EXPECT_EQ(run.error, "");
}

TEST(GoCommandsTest, Install) {
  const std::string bin = MakeTempDirectory();
  const ProcessResult install = Go(CopyModule("hello"), {"install", "."}, {absl::StrCat("GOBIN=", bin)});
  ASSERT_TRUE(Succeeded(install));
  EXPECT_TRUE(IsStatic(bin + "/hello"));
  EXPECT_EQ(RunProgram({bin + "/hello"}).output, kHello);
}

TEST(GoCommandsTest, LinkmodeExternal) {
  EXPECT_EQ(RunStatic(BuildGo("osuser", {}, {"-ldflags=-linkmode=external"})).output, "root 0 root\n");
}

TEST(GoCommandsTest, StripAndSetAVariable) {
  const GoBuild build = BuildGo("hello", {}, {"-ldflags=-s -w -X main.version=1.2"});
  EXPECT_EQ(RunStatic(build).output, "answer 42 version 1.2\n");
  EXPECT_THAT(RunProgram({"readelf", "-SW", build.binary}).output, Not(HasSubstr(".symtab")));
}

TEST(GoCommandsTest, DebugInformationOfGoAndCIsKept) {
  const GoBuild build = BuildGo("hello");
  ASSERT_TRUE(Succeeded(build.go));
  const std::string units = RunProgram({"readelf", "--debug-dump=info", "--dwarf-depth=1", build.binary}).output;
  EXPECT_THAT(units, HasSubstr("answer.c"));
  EXPECT_THAT(units, HasSubstr("Go cmd/compile"));
}

TEST(GoCommandsTest, Trimpath) {
  const GoBuild build = BuildGo("hello", {}, {"-trimpath"});
  EXPECT_EQ(RunStatic(build).output, kHello);
  EXPECT_THAT(ReadText(build.binary), Not(HasSubstr(build.directory)));
}

TEST(GoCommandsTest, TemporaryDirectoryOfTheLinker) {
  const std::string tmp = MakeTempDirectory();
  EXPECT_EQ(RunStatic(BuildGo("hello", {}, {absl::StrCat("-ldflags=-tmpdir=", tmp)})).output, kHello);
  EXPECT_THAT(ListFiles(tmp), Contains("go.o"));
}

TEST(GoCommandsTest, BuildvcsGcflagsAndTags) {
  EXPECT_EQ(RunStatic(BuildGo("hello", {}, {"-buildvcs=false", "-gcflags=-N -l", "-tags=some"})).output, kHello);
}

TEST(GoCommandsTest, NoCompressionOfDebugInformation) {
  EXPECT_EQ(RunStatic(BuildGo("hello", {}, {"-ldflags=-compressdwarf=false"})).output, kHello);
}

TEST(GoCommandsTest, TheUsersExtldflagsReachTheLinker) {
  const GoBuild build =
      BuildGo("hello", {}, {"-ldflags=-extldflags '-Wl,-z,noseparate-code -Wl,--defsym=mark_of_user=42'"});
  EXPECT_EQ(RunStatic(build).output, kHello);
  EXPECT_THAT(RunProgram({"readelf", "-sW", build.binary}).output, HasSubstr("mark_of_user"));
}

TEST(GoCommandsTest, ExtldflagsStaticIsWhatItWas) {
  EXPECT_EQ(RunStatic(BuildGo("hello", {}, {"-ldflags=-linkmode=external -extldflags=-static"})).output, kHello);
}

TEST(GoCommandsTest, TheShimAsExtldOnly) {
  const GoBuild build = BuildGo("hello", {"CC=gcc"}, {"-ldflags=-linkmode=external -extld=cgo-ld-shim"});
  EXPECT_EQ(RunStatic(build).output, kHello);
}

TEST(GoCommandsTest, AssemblerOfGoAndOfC) { EXPECT_EQ(RunStatic(BuildGo("asm")).output, "sum 42\n"); }

// A package that is known to pkg-config only, whose .pc file says privately what its archive needs.
TEST(GoCommandsTest, PkgConfig) {
  if (FindProgram("pkg-config").empty()) GTEST_SKIP() << "no pkg-config";
  const std::string prefix = MakeTempDirectory();
  MakeArchive(prefix + "/libhalf.a", {{"half.c", "int quarter(int);\nint half(int x) { return quarter(x) * 2; }\n"}});
  MakeArchive(prefix + "/libquarter.a", {{"quarter.c", "int quarter(int x) { return x / 4; }\n"}});
  WriteFiles(prefix, {{"half.h", "int half(int x);\n"},
                      {"half.pc", absl::StrCat("prefix=", prefix, R"(
Name: half
Description: for a test
Version: 1
Requires.private: quarter
Cflags: -I${prefix}
Libs: -L${prefix} -lhalf
)")},
                      {"quarter.pc", absl::StrCat("prefix=", prefix, R"(
Name: quarter
Description: for a test
Version: 1
Libs: -L${prefix} -lquarter
)")}});
  const std::string module = MakeModule({{"main.go", R"(package main

// #cgo pkg-config: half
// #include <half.h>
import "C"

import "fmt"

func main() { fmt.Println("half", C.half(84)) }
)"}});
  EXPECT_EQ(RunStatic(BuildIn(module, {absl::StrCat("PKG_CONFIG_PATH=", prefix)})).output, "half 42\n");
}

// Above 30 KiB of arguments cmd/link writes all of them into a response file, since Go 1.22.
TEST(GoCommandsTest, ALinkLineThatNeedsAResponseFile) {
  std::string main = "package main\n\n";
  for (int i = 0; i < 400; ++i) {
    absl::StrAppend(&main, "// #cgo LDFLAGS: -L/nonexistent/a-directory-with-a-long-name/",
                    "and-another-one-below-it-to-fill-the-line/", i, "\n");
  }
  absl::StrAppend(&main, "// static int one(void) { return 1; }\nimport \"C\"\n\nfunc main() { print(C.one()) }\n");
  const GoBuild build = BuildIn(MakeModule({{"main.go", main}}));
  EXPECT_EQ(RunStatic(build).error, "1");
  if (GoMinorVersion() < 22) return;
  const ProcessResult explain = RunProgram({Shim(), "explain", "--json", build.binary});
  EXPECT_THAT(explain.output, HasSubstr("/response"));
}

TEST(GoCommandsTest, ShimOutsideOfPathByItsFullName) {
  EXPECT_EQ(RunStatic(BuildGo("hello", {absl::StrCat("CC=", Shim())})).output, kHello);
}

TEST(GoCommandsTest, ShimInADirectoryWithASpace) {
  const std::string directory = MakeTempDirectory() + "/a b";
  WriteText(directory + "/note", "");
  ASSERT_TRUE(Succeeded(RunProgram({"cp", Shim(), directory + "/cgo-ld-shim"})));
  EXPECT_EQ(RunStatic(BuildGo("hello", {absl::StrCat("CC='", directory, "/cgo-ld-shim'")})).output, kHello);
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
