// `lint` of archives that compilers really made, and the links that it speaks of.
#include <sys/stat.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
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
constexpr char kMusl[] = "--target=x86_64-linux-musl";

ProcessResult Lint(const std::vector<std::string>& words, const Environment& environment = {"COLUMNS=400"}) {
  std::vector<std::string> argv = {Shim(), "lint"};
  argv.insert(argv.end(), words.begin(), words.end());
  return RunProgram(argv, environment);
}

// What stands behind "LDFLAGS: ", with the archive's own directory in the place of ${SRCDIR}.
std::vector<std::string> CgoWords(const std::string& output, const std::string& directory) {
  const size_t at = output.find("LDFLAGS: ");
  if (at == std::string::npos) return {};
  std::vector<std::string> words =
      absl::StrSplit(output.substr(at + 9, output.find('\n', at) - at - 9), ' ', absl::SkipEmpty());
  for (std::string& word : words) {
    if (word == "-L${SRCDIR}") word = absl::StrCat("-L", directory);
  }
  return words;
}

TEST(LintTest, CThatNeedsNothingLinksAsItIs) {
  const std::string archive = MakeTempDirectory() + "/libadd.a";
  MakeArchive(archive, {{"add.c", "int add(int a, int b) { return a + b; }\n"}});
  const ProcessResult lint = Lint({archive, kGlibc});
  EXPECT_TRUE(Succeeded(lint));
  EXPECT_EQ(lint.error, "");
  EXPECT_THAT(lint.output, AllOf(HasSubstr("links as it is"), HasSubstr("LDFLAGS: -L${SRCDIR} -ladd\n")));
}

TEST(LintTest, TheLineThatItNamesIsOneThatPlainGccTakes) {
  const std::string directory = MakeTempDirectory(), archive = directory + "/libwords.a";
  MakeArchive(archive, {{"words.cc", R"(
#include <cmath>
#include <string>
extern "C" int words(double x) { return static_cast<int>(std::to_string(std::sin(x)).size()); }
)"}});
  const ProcessResult lint = Lint({archive, kGlibc});
  EXPECT_TRUE(Succeeded(lint));
  EXPECT_THAT(lint.output, AllOf(HasSubstr("C++ with libstdc++"), HasSubstr("links with -lstdc++")));
  WriteText(directory + "/main.c", "int words(double);\nint main(void) { return words(1) > 3 ? 0 : 1; }\n");
  std::vector<std::string> gcc = {"gcc", "-static", "-o", directory + "/main", directory + "/main.c"};
  for (const std::string& word : CgoWords(lint.output, directory)) gcc.push_back(word);
  EXPECT_TRUE(Succeeded(RunProgram(gcc)));
  EXPECT_TRUE(Succeeded(RunProgram({directory + "/main"})));
}

TEST(LintTest, WhatNothingDefinesIsSaidAsTheBuildSaysIt) {
  const std::string module = MakeModule({{"main.go", R"(package main

// #cgo LDFLAGS: -L${SRCDIR} -lhalf
// int half(void);
import "C"

func main() { println(C.half()) }
)"}});
  const std::string archive = module + "/libhalf.a";
  MakeArchive(archive, {{"half.c", "int the_other_half(void);\nint half(void) { return the_other_half(); }\n"}});
  const ProcessResult lint = Lint({archive, kGlibc});
  EXPECT_EQ(lint.exit_status, 1);
  EXPECT_THAT(lint.output, AllOf(HasSubstr("cannot link: "), HasSubstr("the_other_half: wanted by libhalf.a(half.o)"),
                                 Not(HasSubstr("#cgo"))));
  const GoBuild build = BuildIn(module);
  EXPECT_TRUE(Refused(build.go));
  EXPECT_THAT(build.go.error, HasSubstr("the_other_half"));
}

TEST(LintTest, MuslGetsTheNamesOfGlibcAndSaysSo) {
  SKIP_WITHOUT_ZIG();
  const std::string archive = MakeTempDirectory() + "/libbig.a";
  MakeArchive(archive, {{"big.c", R"(
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
int big(const char *path) { return fopen64(path, "r") != NULL && secure_getenv("HOME") != NULL; }
)"}});
  const ProcessResult lint = Lint({archive, kGlibc, kMusl});
  EXPECT_TRUE(Succeeded(lint));
  EXPECT_THAT(lint.output, AllOf(HasSubstr("built for glibc 2.17 or newer"), HasSubstr("links as it is"),
                                 HasSubstr("links by cgo-ld-shim alone"), HasSubstr("(glibc-compat)")));
}

TEST(LintTest, CppForLibstdcxxCannotBeLinkedWithMusl) {
  SKIP_WITHOUT_ZIG();
  const std::string module = MakeModule({{"main.go", R"(package main

// #cgo LDFLAGS: -L${SRCDIR} -lsize
// int size(const char *text);
import "C"

func main() { println(C.size(nil)) }
)"}});
  const std::string archive = module + "/libsize.a";
  MakeArchive(archive, {{"size.cc", R"(
#include <string>
std::string twice(const std::string& text) { return text + text; }
extern "C" int size(const char* text) { return static_cast<int>(twice(text ? text : "x").size()); }
)"}});
  const ProcessResult lint = Lint({archive, kMusl});
  EXPECT_EQ(lint.exit_status, 1);
  EXPECT_THAT(lint.output, AllOf(HasSubstr("cannot link: "), HasSubstr("belong to a different C++ library")));
  const GoBuild build = BuildIn(module, {"CGO_LD_SHIM_LIBC=musl"});
  EXPECT_TRUE(Refused(build.go));
  EXPECT_THAT(build.go.error, HasSubstr("belong to a different C++ library"));
}

TEST(LintTest, AnArchiveForMuslIsToldByTheHeadersThatItWasCompiledWith) {
  SKIP_WITHOUT_ZIG();
  const std::string directory = MakeTempDirectory();
  WriteText(directory + "/hi.c",
            "#include <stdio.h>\nsize_t hi(FILE *to, size_t n) { return fwrite(\"hi\", 1, n, to); }\n");
  ASSERT_TRUE(Succeeded(RunProgram(
      {ZigPath(), "cc", "-target", "x86_64-linux-musl", "-g", "-c", "-o", directory + "/hi.o", directory + "/hi.c"})));
  ASSERT_TRUE(Succeeded(RunProgram({"ar", "rcs", directory + "/libhi.a", directory + "/hi.o"})));
  const ProcessResult lint = Lint({directory + "/libhi.a", kMusl});
  EXPECT_TRUE(Succeeded(lint));
  EXPECT_THAT(lint.output, AllOf(HasSubstr("built for musl"), HasSubstr("links as it is")));
}

TEST(LintTest, ANeighbourThatTakesItsPlaceMayLackNamesThatNobodyNeeds) {
  SKIP_WITHOUT_ZIG();
  const std::string directory = MakeTempDirectory();
  MakeArchive(directory + "/libslim_linux_gnu.a", {{"slim.c", R"(
#include <stdio.h>
int fopen64();
int slim(void) { return fopen64("/", "r") != 0; }
int slim_extra(void) { return 1; }
)"}},
              {"-w"});
  MakeArchive(directory + "/libslim_linux_musl.a", {{"slim.c", "int slim(void) { return 1; }\n"}});
  const ProcessResult lint = Lint({directory + "/libslim_linux_gnu.a", kMusl});
  EXPECT_TRUE(Succeeded(lint));
  EXPECT_THAT(lint.output,
              AllOf(HasSubstr("libslim_linux_musl.a takes its place"), HasSubstr("that one lacks slim_extra")));
}

TEST(LintTest, AnotherArchitectureIsLinkedByItsCrossCompiler) {
  const std::string gcc = FindProgram("aarch64-linux-gnu-gcc");
  if (gcc.empty()) GTEST_SKIP() << "no aarch64-linux-gnu-gcc";
  const std::string directory = MakeTempDirectory();
  WriteText(directory + "/add.c", "#include <math.h>\ndouble add(double a) { return a + cos(a); }\n");
  ASSERT_TRUE(Succeeded(RunProgram({gcc, "-fno-builtin", "-c", "-o", directory + "/add.o", directory + "/add.c"})));
  ASSERT_TRUE(Succeeded(RunProgram({"ar", "rcs", directory + "/libadd.a", directory + "/add.o"})));
  const ProcessResult lint = Lint({directory + "/libadd.a", "--target=aarch64-linux-gnu"});
  EXPECT_TRUE(Succeeded(lint));
  EXPECT_THAT(lint.output, AllOf(HasSubstr("arm64"), HasSubstr("links with -lm"), HasSubstr("linux,arm64 LDFLAGS:")));
}

TEST(LintTest, WhatABuildMachineLeavesInItIsNamed) {
  const std::string directory = MakeTempDirectory(), archive = directory + "/libslim.a";
  WriteText(directory + "/slim.c",
            "const char *slim_file(void) { return __FILE__; }\nint sqlite3_open(void) { return 1; }\n");
  ASSERT_TRUE(
      Succeeded(RunProgram({"gcc", "-g", "-c", "-fno-pic", "-o", directory + "/slim.o", directory + "/slim.c"})));
  ASSERT_TRUE(Succeeded(RunProgram({"ar", "rcs", archive, directory + "/slim.o"})));
  const ProcessResult lint = Lint({archive, kGlibc});
  EXPECT_EQ(lint.exit_status, 1);
  EXPECT_THAT(lint.output, AllOf(HasSubstr("public names of SQLite (sqlite3_open)"), HasSubstr("build paths"),
                                 HasSubstr(directory), HasSubstr("not PIC")));
}

TEST(LintTest, GimpleWithoutCodeIsAProblem) {
  const std::string archive = MakeTempDirectory() + "/liblto.a";
  MakeArchive(archive, {{"lto.c", "int lto(void) { return 1; }\n"}}, {"-O2", "-flto", "-fno-fat-lto-objects"});
  const ProcessResult lint = Lint({archive, kGlibc});
  EXPECT_EQ(lint.exit_status, 1);
  EXPECT_THAT(lint.output, HasSubstr("GCC's GIMPLE"));
}

TEST(LintTest, SettingsOfTheUsersDoNotCount) {
  const std::string archive = MakeTempDirectory() + "/libadd.a";
  MakeArchive(archive, {{"add.c", "int add(int a, int b) { return a + b; }\n"}});
  const ProcessResult lint = Lint({archive, kGlibc}, {"COLUMNS=400", "CGO_LD_SHIM_STATIC=off", "CGO_LD_SHIM_CC=/none",
                                                      "GOARCH=arm64", "CGO_LD_SHIM_LOG=/none/log"});
  EXPECT_TRUE(Succeeded(lint));
  EXPECT_THAT(lint.output, HasSubstr("links as it is"));
}

TEST(LintTest, NoRecordAndNoFileIsLeft) {
  const std::string directory = MakeTempDirectory(), state = MakeTempDirectory(), temporary = MakeTempDirectory();
  MakeArchive(directory + "/libadd.a", {{"add.c", "int add(int a, int b) { return a + b; }\n"}});
  const ProcessResult lint = Lint({directory + "/libadd.a", kGlibc},
                                  {absl::StrCat("XDG_STATE_HOME=", state), absl::StrCat("TMPDIR=", temporary)});
  EXPECT_TRUE(Succeeded(lint));
  EXPECT_THAT(ListFiles(state), testing::IsEmpty());
  EXPECT_THAT(ListFiles(temporary), testing::IsEmpty());
}

TEST(LintTest, WhatCannotBeReadIsNamed) {
  const std::string directory = MakeTempDirectory(), pipe = directory + "/pipe", cut = directory + "/cut.a",
                    thin = directory + "/thin.a";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const std::string archive = directory + "/libadd.a";
  MakeArchive(archive, {{"add.c", "int add(int a, int b) { return a + b; }\n"}});
  const std::string whole = ReadText(archive);
  WriteText(cut, whole.substr(0, whole.size() - 100));
  WriteText(directory + "/text", "hello\n");
  WriteText(directory + "/gone.c", "int gone(void) { return 1; }\n");
  ASSERT_TRUE(Succeeded(RunProgram({"gcc", "-c", "-o", directory + "/gone.o", directory + "/gone.c"})));
  ASSERT_TRUE(Succeeded(RunProgram({"ar", "rcsT", thin, directory + "/gone.o"})));
  ASSERT_TRUE(Succeeded(RunProgram({"rm", directory + "/gone.o"})));
  const ProcessResult lint = Lint({directory, pipe, cut, thin, directory + "/text", directory + "/missing", "--json"});
  EXPECT_EQ(lint.exit_status, 2);
  EXPECT_THAT(lint.error,
              AllOf(HasSubstr("is a directory"), HasSubstr("a pipe, not a file"), HasSubstr("cut.a"),
                    HasSubstr("gone.o"), HasSubstr("is a text file, and not an archive"), HasSubstr("no such file")));
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(lint.output);
  ASSERT_TRUE(static_cast<bool>(value)) << lint.output;
  EXPECT_EQ(value->getAsObject()->getArray("archives")->size(), 6U);
}

TEST(LintTest, CheckOfAnArchiveSaysTheSame) {
  const std::string archive = MakeTempDirectory() + "/libadd.a";
  MakeArchive(archive, {{"add.c", "int add(int a, int b) { return a + b; }\n"}});
  const ProcessResult check = RunProgram({Shim(), "check", archive, Shim()}, {"COLUMNS=400"});
  EXPECT_THAT(check.output, AllOf(HasSubstr("static executable"), HasSubstr("linux/amd64, glibc")));
  EXPECT_EQ(RunProgram({Shim(), "check", "--json", archive, Shim()}).exit_status, 2);
  EXPECT_EQ(Lint({archive, "--target=darwin/arm64"}).exit_status, 2);
  EXPECT_THAT(Lint({archive, "--target=vax"}).error, HasSubstr("vax is no target of lint"));
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
