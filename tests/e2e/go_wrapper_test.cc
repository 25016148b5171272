// `cgo-ld-shim go`: go as it is, with our words where a link fails and where one takes long.
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "tests/e2e/elf_file.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

ProcessResult ShimGo(const std::string& directory, const std::vector<std::string>& args,
                     const Environment& environment = {}) {
  std::vector<std::string> argv = {Shim(), "go"};
  argv.insert(argv.end(), args.begin(), args.end());
  return RunProgram(argv, environment, directory);
}

// What go build itself ends with when a link fails.
int GoFailure() { return GoMinorVersion() < 20 ? 2 : 1; }

std::string Missing(const std::string& name) {
  return absl::StrCat("package main\n\n// int ", name, "(void);\n// static int call(void) { return ", name,
                      "(); }\nimport \"C\"\n\nfunc main() { println(C.call()) }\n");
}

// The file that the screen names.
std::string Kept(const std::string& screen) {
  const std::string kLabel = "  the linker's own words: ";
  const size_t begin = screen.find(kLabel);
  if (begin == std::string::npos) return "";
  const size_t path = begin + kLabel.size();
  return ReadText(screen.substr(path, screen.find('\n', path) - path));
}

TEST(GoWrapperTest, AFailedLinkIsOurSummaryAloneAndAFile) {
  const std::string module = MakeModule({{"main.go", Missing("frobnicate_all")}});
  const ProcessResult build = ShimGo(module, {"build", "-o", "program"});
  EXPECT_EQ(build.exit_status, GoFailure());
  EXPECT_THAT(build.error, StartsWith("# example.com/program\ncgo-ld-shim: undefined: frobnicate_all\n"));
  EXPECT_THAT(build.error, Not(HasSubstr("ld.lld")));
  EXPECT_THAT(build.error, Not(HasSubstr("--build-id")));
  const std::string kept = Kept(build.error);
  EXPECT_THAT(kept, HasSubstr("/link: running "));
  EXPECT_THAT(kept, HasSubstr("ld.lld: error: undefined symbol: frobnicate_all"));
  EXPECT_THAT(kept, HasSubstr("cgo-ld-shim: undefined: frobnicate_all"));
  // Go alone shows the same, and more.
  const GoBuild plain = BuildIn(module);
  EXPECT_THAT(plain.go.error, HasSubstr("ld.lld: error: undefined symbol: frobnicate_all"));
}

TEST(GoWrapperTest, TwoFailedLinksAndACompileErrorAreAllThere) {
  const ProcessResult build = ShimGo(MakeModule({{"a/main.go", Missing("nosuch_a")},
                                                 {"b/main.go", Missing("nosuch_b")},
                                                 {"c/main.go", "package main\n\nfunc main() { undefinedInGo() }\n"}}),
                                     {"build", "-o", MakeTempDirectory(), "./..."});
  EXPECT_EQ(build.exit_status, GoFailure());
  EXPECT_THAT(build.error, HasSubstr("cgo-ld-shim: undefined: nosuch_a\n"));
  EXPECT_THAT(build.error, HasSubstr("cgo-ld-shim: undefined: nosuch_b\n"));
  EXPECT_THAT(build.error, HasSubstr("undefined: undefinedInGo"));
  EXPECT_THAT(build.error, Not(HasSubstr("ld.lld")));
}

TEST(GoWrapperTest, ACiJobShowsEverything) {
  const ProcessResult build = ShimGo(MakeModule({{"main.go", Missing("nosuch")}}), {"build"}, {"CI=true"});
  EXPECT_EQ(build.exit_status, GoFailure());
  EXPECT_THAT(build.error, HasSubstr("ld.lld: error: undefined symbol: nosuch"));
  EXPECT_THAT(build.error, Not(HasSubstr("the linker's own words")));
}

// The runner wants the command at the beginning of a line, also when Go has printed it.
TEST(GoWrapperTest, AGitHubJobGetsAnAnnotation) {
  const std::string module = MakeModule({{"main.go", Missing("nosuch")}});
  const std::string plain = BuildIn(module, {"GITHUB_ACTIONS=true"}).go.error;
  const std::string wrapped = ShimGo(module, {"build"}, {"GITHUB_ACTIONS=true"}).error;
  for (const std::string& error : {plain, wrapped}) {
    EXPECT_THAT(error, HasSubstr("\n::error title=undefined%3A nosuch::"));
    EXPECT_LT(error.find("explain example.com/program"), error.find("::error")) << error;
  }
  EXPECT_THAT(BuildIn(module).go.error, Not(HasSubstr("::error")));
}

TEST(GoWrapperTest, NothingIsLostWhereNoFileCanBeWritten) {
  const ProcessResult build = ShimGo(MakeModule({{"main.go", Missing("nosuch")}}), {"build"},
                                     {"XDG_STATE_HOME=/proc/nonexistent", "HOME=/proc/nonexistent"});
  EXPECT_EQ(build.exit_status, GoFailure());
  EXPECT_THAT(build.error, HasSubstr("ld.lld: error: undefined symbol: nosuch"));
  EXPECT_THAT(build.error, HasSubstr("cgo-ld-shim: undefined: nosuch"));
}

TEST(GoWrapperTest, ATestKeepsItsOutputAndExitStatus) {
  const std::string module = MakeModule({{"a.go", "package program\n"}, {"a_test.go", R"(package program

import (
	"os"
	"testing"
)

func TestPasses(t *testing.T) { os.Stderr.WriteString("on stderr\n") }
func TestFails(t *testing.T)  { t.Fatal("as it should") }
)"}});
  const ProcessResult test = ShimGo(module, {"test", "-v"});
  EXPECT_EQ(test.exit_status, 1);
  EXPECT_THAT(test.output, HasSubstr("--- PASS: TestPasses"));
  EXPECT_THAT(test.output, HasSubstr("as it should"));
  EXPECT_THAT(absl::StrCat(test.output, test.error), HasSubstr("on stderr\n"));
}

TEST(GoWrapperTest, ARunProgramHasItsOwnThreeStreams) {
  const ProcessResult run = ShimGo(MakeModule({{"main.go", R"(package main

// static int three(void) { return 3; }
import "C"

import (
	"fmt"
	"os"
)

func main() {
	fmt.Println("out")
	fmt.Fprint(os.Stderr, "err")
	os.Exit(int(C.three()))
}
)"}}),
                                   {"run", "."});
  EXPECT_EQ(run.exit_status, 1);  // what go run makes of it
  EXPECT_EQ(run.output, "out\n");
  EXPECT_THAT(run.error, StartsWith("err"));
}

TEST(GoWrapperTest, AFailedLinkOfGoRunIsOurSummaryAlone) {
  const std::string module =
      MakeModule({{"main.go", Missing("frobnicate_run")},
                  {"main_test.go", "package main\n\nimport \"testing\"\n\nfunc TestMain(*testing.M) {}\n"}});
  const std::vector<std::vector<std::string>> calls = {{"run", "."}, {"install", "."}, {"test"}};
  for (const std::vector<std::string>& call : calls) {
    const ProcessResult run = ShimGo(module, call, {absl::StrCat("GOBIN=", module)});
    EXPECT_TRUE(Refused(run)) << call[0];
    EXPECT_THAT(run.error, StartsWith("# example.com/program"));
    EXPECT_THAT(run.error, HasSubstr("\ncgo-ld-shim: undefined: frobnicate_run\n"));
    EXPECT_THAT(run.error, Not(HasSubstr("ld.lld")));
    EXPECT_THAT(Kept(run.error), HasSubstr("ld.lld: error: undefined symbol: frobnicate_run"));
  }
}

TEST(GoWrapperTest, ALinkerThatIsNotThereIsOurSummaryAlone) {
  const std::string module = MakeModule(
      {{"main.go",
        "package main\n\n// static int one(void) { return 1; }\nimport \"C\"\n\nfunc main() { println(C.one()) }\n"}});
  const ProcessResult build = ShimGo(module, {"build"}, {"CGO_LD_SHIM_LINKER=/nonexistent/ld"});
  EXPECT_EQ(build.exit_status, GoFailure());
  EXPECT_THAT(build.error, StartsWith("# example.com/program\ncgo-ld-shim: cannot link program\n"));
  EXPECT_THAT(build.error, HasSubstr("cannot use CGO_LD_SHIM_LINKER=/nonexistent/ld: no such file or directory\n"));
  EXPECT_THAT(build.error, Not(HasSubstr("--build-id")));
}

// What it is told to do, and what it sees of its surroundings.
constexpr char kTellsOfItself[] = R"(package main

// #warning this build says something
// #include <unistd.h>
// static int terminal(void) { return isatty(2); }
import "C"

import (
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
)

func main() {
	file, _ := os.Readlink("/proc/self/fd/2")
	input, _ := io.ReadAll(os.Stdin)
	fmt.Println(file, C.terminal() != 0, os.Args[1:], string(input))
	for _, variable := range os.Environ() {
		if strings.HasPrefix(variable, "CGO_LD_SHIM_INTERNAL_MARK") {
			fmt.Println(variable)
		}
	}
	files, _ := os.ReadDir("/proc/self/fd")
	fmt.Println(len(files), "open files")
	fmt.Fprint(os.Stderr, "said by the program\n")
	for _, word := range os.Args[1:] {
		switch word {
		case "exit":
			os.Exit(3)
		case "kill":
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}
	}
}
)";

TEST(GoWrapperTest, AProgramThatGoRunStartsIsAsUnderPlainGo) {
  const std::string module = MakeModule({{"main.go", kTellsOfItself}});
  const std::vector<std::vector<std::string>> calls = {
      {"run", ".", "exit", "a b", ""},      {"run", ".", "kill"},
      {"run", "-C", module, ".", "exit"},   {"-C", module, "run", ".", "kill"},
      {"run", "-exec", "env", ".", "exit"}, {"run", ".", "-exec", "exit"},
  };
  // What the build says comes first. Go says it again in every build, or, since 1.24, with the first program alone.
  const std::string first = ShimGo(module, {"run", "."}, {absl::StrCat("CC=", Shim())}).error;
  EXPECT_LT(first.find("this build says something"), first.find("said by the program")) << first;
  EXPECT_TRUE(Succeeded(Go(module, {"run", "."}, {absl::StrCat("CC=", Shim())})));
  for (const std::vector<std::string>& call : calls) {
    if (GoMinorVersion() < 20 && (call[0] == "-C" || call[1] == "-C")) continue;
    std::string both[2];
    for (const bool shim : {false, true}) {
      // The shell names the file that is its stderr, and hands it on.
      std::vector<std::string> argv = {"sh", "-c", "readlink /proc/self/fd/2; echo typed in | \"$@\"", "sh"};
      if (shim) argv.push_back(Shim());
      argv.emplace_back("go");
      argv.insert(argv.end(), call.begin(), call.end());
      const ProcessResult run = RunProgram(argv, {absl::StrCat("CC=", Shim())}, module);
      const size_t line = run.output.find('\n');
      EXPECT_THAT(run.output, HasSubstr(absl::StrCat("\n", run.output.substr(0, line), " false [")));
      // Two runs have two pipes.
      both[shim] =
          absl::StrCat(run.exit_status, run.output.substr(std::min(run.output.size(), line + 1 + line)), run.error);
    }
    EXPECT_EQ(both[0], both[1]) << absl::StrJoin(call, " ");
  }
}

TEST(GoWrapperTest, AProgramThatGoRunStartsHasTheTerminal) {
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
  ASSERT_GE(terminal, 0);
  ASSERT_EQ(::grantpt(terminal), 0);
  ASSERT_EQ(::unlockpt(terminal), 0);
  const std::string name = ::ptsname(terminal);
  const ProcessResult run = RunProgram({"sh", "-c", "exec \"$0\" go run . </dev/null 2>\"$1\"", Shim(), name}, {},
                                       MakeModule({{"main.go", kTellsOfItself}}));
  EXPECT_THAT(run.output, StartsWith(absl::StrCat(name, " true [] \n")));
  char said[4096];
  const ssize_t count = ::read(terminal, said, sizeof said);
  EXPECT_THAT(std::string(said, static_cast<size_t>(std::max<ssize_t>(count, 0))), HasSubstr("said by the program"));
  ::close(terminal);
}

TEST(GoWrapperTest, WarnsOfALinkThatGoesPastIt) {
  const std::string module = CopyModule("hello");
  const ProcessResult off = ShimGo(module, {"list", "."}, {"CGO_ENABLED=0"});
  EXPECT_THAT(off.error, HasSubstr("warning: CGO_ENABLED=0 is set, and stays"));
  const ProcessResult internal = ShimGo(module, {"list", "."}, {"GOFLAGS=-ldflags=-linkmode=internal"});
  EXPECT_THAT(internal.error, HasSubstr("warning: -linkmode=internal"));
  EXPECT_EQ(ShimGo(module, {"list", "."}).error, "");
}

TEST(GoWrapperTest, PackagesWithCxxSourcesAreLinkedByIt) {
  const std::string module = CopyModule("cxx");
  const ProcessResult build = ShimGo(module, {"build", "-o", "program"});
  ASSERT_TRUE(Succeeded(build));
  EXPECT_EQ(build.error, "");
  EXPECT_TRUE(IsStatic(module + "/program"));
}

// A stand-in for zig that compiles with gcc and whose cache is empty: the first link says what it is waiting for.
TEST(GoWrapperTest, SaysWhatTheFirstLinkThroughZigWaitsFor) {
  const std::string directory = MakeTempDirectory();
  WriteProgram(directory + "/zig", R"(#!/bin/sh
language=$1
[ "$language" = version ] && { echo 0.99; exit 0; }
shift
[ "$1" = -target ] && shift 2
# What clang alone knows.
for word; do
  shift
  [ "$word" = -Werror=gnu-folding-constant ] || set -- "$@" "$word"
done
case "$language" in
  c++) exec g++ "$@" ;;
  *) exec gcc "$@" ;;
esac
)");
  const Environment environment = {absl::StrCat("CGO_LD_SHIM_ZIG=", directory, "/zig"), "CGO_LD_SHIM_LIBC=musl",
                                   absl::StrCat("ZIG_GLOBAL_CACHE_DIR=", directory, "/cache"),
                                   absl::StrCat("GOCACHE=", directory, "/go")};
  const std::string module =
      MakeModule({{"main.go",
                   "package main\n\n// static int one(void) { return 1; }\nimport \"C\"\n\nfunc main() { "
                   "println(C.one()) }\n"}});
  const ProcessResult build = ShimGo(module, {"build", "-o", "program"}, environment);
  EXPECT_TRUE(Succeeded(build));
  EXPECT_THAT(build.error, StartsWith("cgo-ld-shim: preparing musl for linux/"));
  EXPECT_EQ(build.error.find('\n'), build.error.size() - 1) << build.error;
  // A pure Go program waits for nothing.
  const ProcessResult pure =
      ShimGo(MakeModule({{"main.go", "package main\n\nfunc main() {}\n"}}), {"build"}, environment);
  EXPECT_EQ(pure.error, "");
}

// What stops a build before any link is the compiler's to say, and pkg-config's; a line of ours says which package has
// it.
TEST(GoWrapperTest, AHeaderAndAPkgConfigFileThatAreNotThere) {
  if (FindProgram("apt-get").empty()) GTEST_SKIP() << "no apt-get here";
  // A package that nothing of this project installs.
  const std::string header =
      MakeModule({{"main.go", "package main\n\n// #include <taglib/tag_c.h>\nimport \"C\"\n\nfunc main() {}\n"}});
  for (const char* ci : {"CI=", "CI=true"}) {
    const ProcessResult build = ShimGo(header, {"build", "-o", "program"}, {ci});
    EXPECT_TRUE(Refused(build));
    EXPECT_THAT(build.error, HasSubstr("fatal error: taglib/tag_c.h: No such file"));
    EXPECT_THAT(build.error, HasSubstr("\ncgo-ld-shim: taglib/tag_c.h is not here: apt-get install libtagc0-dev"))
        << ci;
  }
  if (FindProgram("pkg-config").empty()) GTEST_SKIP() << "no pkg-config";
  const std::string package =
      MakeModule({{"main.go", "package main\n\n// #cgo pkg-config: taglib_c\nimport \"C\"\n\nfunc main() {}\n"}});
  const ProcessResult build = ShimGo(package, {"build", "-o", "program"});
  EXPECT_TRUE(Refused(build));
  EXPECT_THAT(build.error, HasSubstr("\ncgo-ld-shim: taglib_c.pc is not here: apt-get install libtagc0-dev"));
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
