// Compiles for musl and for other machines that fail for a known reason, and get what they lack: with libraries as
// published, no flag, and the headers of Debian's packages. Programs for other machines run under qemu-user.
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "tests/e2e/elf_file.h"
#include "tests/e2e/harness.h"
#include "tests/e2e/link_log.h"
#include "tests/e2e/machines.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

bool HasSqliteHeader() { return std::filesystem::exists("/usr/include/sqlite3.h"); }
#define SKIP_WITHOUT_SQLITE_HEADER() \
  if (!HasSqliteHeader()) GTEST_SKIP() << "no sqlite3.h: apt-get install libsqlite3-dev"

struct LinuxTarget {
  const char* arch;      // Go's
  const char* emulator;  // of qemu-user; empty: this kernel itself
};

Environment For(const std::string& arch, const Environment& more = {}) {
  Environment environment = {absl::StrCat("GOARCH=", arch), "CGO_ENABLED=1", "CXX=cgo-ld-shim++"};
  environment.insert(environment.end(), more.begin(), more.end());
  return environment;
}
const Environment kMusl = {"CGO_LD_SHIM_LIBC=musl", "CXX=cgo-ld-shim++"};

// A program whose C code includes sqlite3.h and calls nothing of it, and has BSD's name of a type, which glibc's
// stdlib.h brings and musl's does not: what sqlite-vec does, in seconds. `source` is in a directory of the program's,
// without cgo's own lines.
std::string SmallModule(const std::string& code = "") {
  return MakeModule(
      {{"main.go",
        "package main\n\n// #include <stdlib.h>\n// #include <sqlite3.h>\n// typedef u_int8_t byte_of_bsd;\n// extern "
        "byte_of_bsd "
        "answer(void);\n"
        "import \"C\"\n\nfunc main() { print(C.answer(), C.SQLITE_ROW, len(C.SQLITE_VERSION) > 0, C.sizeof_u_int8_t) "
        "}\n"},
       {"answer.c",
        absl::StrCat(
            "#include <sqlite3.h>\n#include <stdint.h>\n#include <stdlib.h>\nu_int8_t answer(void) { return 42; }\n"
            "const char *where(void) { return __FILE__; }\n",
            code)}});
}
constexpr char kSmallOutput[] = "42100true1";

TEST(RescueTest, AHeaderOfAPackageAndBsdsTypesAreFoundForMuslAndForAnotherMachine) {
  SKIP_WITHOUT_ZIG();
  SKIP_WITHOUT_SQLITE_HEADER();
  const std::string module = SmallModule();
  const GoBuild musl = BuildIn(module, kMusl);
  EXPECT_EQ(RunStatic(musl).error, kSmallOutput);
  const GoBuild arm = BuildIn(module, For("arm64"));
  ASSERT_TRUE(Succeeded(arm.go));
  EXPECT_EQ(arm.go.error, "") << "quiet when all is well";
  EXPECT_TRUE(IsStatic(arm.binary));
  const std::vector<std::string> argv = Runner("aarch64", arm.binary);
  if (!argv.empty()) {
    EXPECT_EQ(RunProgram(argv).error, kSmallOutput);
  }
  EXPECT_EQ(RunStatic(BuildIn(module)).error, kSmallOutput) << "and natively, where nothing is added";
}

TEST(RescueTest, OffLeavesItAsTheCompilerSaysIt) {
  SKIP_WITHOUT_ZIG();
  SKIP_WITHOUT_SQLITE_HEADER();
  Environment environment = kMusl;
  environment.push_back("CGO_LD_SHIM_RESCUE=off");
  const GoBuild build = BuildIn(SmallModule(), environment);
  ASSERT_TRUE(Refused(build.go));
  EXPECT_THAT(build.go.error, HasSubstr("'sqlite3.h' file not found"));
}

// A compile as cmd/go starts it, of one file.
ProcessResult CompileAsGo(const std::string& directory, const std::vector<std::string>& args,
                          const Environment& more = {}) {
  Environment environment = {"TOOLEXEC_IMPORTPATH=example.com/program", "GOOS=linux", "GOARCH=arm64"};
  environment.insert(environment.end(), more.begin(), more.end());
  std::vector<std::string> argv = {Shim()};
  argv.insert(argv.end(), args.begin(), args.end());
  return RunProgram(argv, environment, directory);
}
ProcessResult CompileByZig(const std::string& directory, const std::vector<std::string>& args) {
  std::vector<std::string> argv = {
      ZigPath(), "cc", "-target", "aarch64-linux-musl", "-fno-sanitize=undefined", "-UNDEBUG", "-Wno-date-time"};
  argv.insert(argv.end(), args.begin(), args.end());
  return RunProgram(argv, {}, directory);
}

TEST(RescueTest, WhatCannotBeRescuedIsSaidAsZigSaysItByteForByte) {
  SKIP_WITHOUT_ZIG();
  const std::string directory = MakeTempDirectory();
  // The first error alone would be rescued.
  WriteText(directory + "/a.c", "u_int8_t a;\nint f(void) { return no_such_name; }\n#include <no_such_header.h>\n");
  const std::vector<std::string> args = {"-c", "-o", "a.o", "a.c"};
  const ProcessResult ours = CompileAsGo(directory, args), zigs = CompileByZig(directory, args);
  EXPECT_EQ(ours.error, zigs.error);
  EXPECT_EQ(ours.exit_status, zigs.exit_status);
  EXPECT_THAT(ours.error, HasSubstr("u_int8_t"));
}

// What cgo asks by lines that cannot compile (cmd/cgo, guessKinds).
TEST(RescueTest, TheAnswersToCgosQuestionsStayByteForByte) {
  SKIP_WITHOUT_ZIG();
  const std::string directory = MakeTempDirectory();
  WriteText(directory + "/q.c",
            "#include <stdlib.h>\n#line 1 \"not-declared\"\nvoid f1(void) { __typeof__(off64_t) *p; }\n"
            "#line 1 \"not-type\"\nvoid f2(void) { off64_t *p; }\n"
            "#line 1 \"completed\"\nint __cgo__1 = __cgo__2;\n");
  const std::vector<std::string> args = {
      "-w", "-Wno-error", "-o_cgo_.o", "-gdwarf-2", "-c", "-O0", "-fdiagnostics-color=never", "-ferror-limit=0", "q.c"};
  const ProcessResult ours = CompileAsGo(directory, args), zigs = CompileByZig(directory, args);
  EXPECT_EQ(ours.error, zigs.error);
  EXPECT_EQ(ours.exit_status, zigs.exit_status);
  EXPECT_THAT(ours.error, HasSubstr("not-declared:1"));
}

// gcc tells a variable from a constant, const or not; clang folds it, and two of one value would be one case.
TEST(RescueTest, ConstVariablesAreVariablesToGoAsTheyAreWithGcc) {
  SKIP_WITHOUT_ZIG();
  const std::string module = MakeModule({{"main.go", R"(package main

// #include <stdint.h>
// #define BAD 0xffffffffu
// const uint32_t A = BAD, B = BAD;
// const double HALF = 0.5;
// enum { SEVEN = 7 };
// #define NINE 9
// #define NAME "name"
import "C"

const seven, nine, name = C.SEVEN, C.NINE, C.NAME

func kind(x C.uint32_t) string {
	switch x {
	case C.A:
		return "a"
	case C.B:
		return "b"
	}
	return "none"
}

func main() { println(kind(C.A), kind(3), seven, nine, name, C.HALF == 0.5) }
)"}});
  const ProcessResult gcc = RunProgram({BuildIn(module).binary});
  EXPECT_EQ(gcc.error, "a none 7 9 name true\n");
  EXPECT_EQ(RunStatic(BuildIn(module, {"CGO_LD_SHIM_LIBC=musl"})).error, gcc.error);
}

// A configure script asks whether there is a header; what is no target's own must stay missing.
TEST(RescueTest, AConfigureScriptsTestIsNotRescued) {
  SKIP_WITHOUT_ZIG();
  SKIP_WITHOUT_SQLITE_HEADER();
  const std::string directory = MakeTempDirectory();
  WriteText(directory + "/conftest.c", "#include <sqlite3.h>\nint main(void) { return 0; }\n");
  const ProcessResult run = RunProgram({Shim(), "-c", "conftest.c"}, {"GOARCH=arm64"}, directory);
  EXPECT_NE(run.exit_status, 0);
  EXPECT_TRUE(Succeeded(CompileAsGo(directory, {"-c", "conftest.c"}))) << "the same, as cmd/go starts it";
}

// How often zig was started, and for what.
std::vector<std::string> CallsOf(const std::string& directory) {
  return absl::StrSplit(ReadText(directory + "/calls"), '\n', absl::SkipEmpty());
}

TEST(RescueTest, ABuildThatNeedsNothingStartsNoCompilerTwice) {
  SKIP_WITHOUT_ZIG();
  const std::string directory = MakeTempDirectory();
  WriteProgram(directory + "/zig",
               absl::StrCat("#!/bin/sh\necho \"$@\" >> ", directory, "/calls\nexec ", ZigPath(), " \"$@\"\n"));
  const std::string module = CopyModule("osuser");
  std::vector<size_t> counts;
  for (const char* rescue : {"on", "off"}) {
    Environment environment = kMusl;
    environment.push_back(absl::StrCat("CGO_LD_SHIM_ZIG=", directory, "/zig"));
    environment.push_back(absl::StrCat("CGO_LD_SHIM_RESCUE=", rescue));
    environment.push_back(absl::StrCat("GOCACHE=", directory, "/", rescue));
    environment.push_back(absl::StrCat("XDG_CACHE_HOME=", directory, "/cache-", rescue));
    WriteText(directory + "/calls", "");
    ASSERT_TRUE(Succeeded(BuildIn(module, environment).go));
    counts.push_back(CallsOf(directory).size());
  }
  EXPECT_GT(counts[0], 10U);
  EXPECT_EQ(counts[0], counts[1]);
}

TEST(RescueTest, TwoDirectoriesAndTwoCachesGiveTheSameBytes) {
  SKIP_WITHOUT_ZIG();
  SKIP_WITHOUT_SQLITE_HEADER();
  std::vector<std::string> programs;
  for (int i = 0; i < 2; ++i) {
    Environment environment = kMusl;
    const std::string cache = MakeTempDirectory();
    environment.push_back(absl::StrCat("GOCACHE=", cache, "/go"));
    environment.push_back(absl::StrCat("XDG_CACHE_HOME=", cache, "/a/longer/place/", i));
    const GoBuild build = BuildIn(SmallModule(), environment, {"-trimpath"});
    ASSERT_TRUE(Succeeded(build.go));
    programs.push_back(ReadText(build.binary));
    EXPECT_THAT(programs.back(), Not(HasSubstr(cache)));
  }
  EXPECT_TRUE(programs[0] == programs[1]);
}

TEST(RescueTest, WhatWasAddedIsInTheProgramAndIsTold) {
  SKIP_WITHOUT_ZIG();
  SKIP_WITHOUT_SQLITE_HEADER();
  const std::string state = absl::StrCat("XDG_STATE_HOME=", MakeTempDirectory());
  const std::string module = SmallModule();
  Environment environment = kMusl;
  environment.push_back(state);
  const GoBuild first = BuildIn(module, environment);
  ASSERT_TRUE(Succeeded(first.go));
  // The objects come out of Go's cache now.
  std::filesystem::remove(first.binary);
  const GoBuild build = BuildIn(module, environment);
  ASSERT_TRUE(Succeeded(build.go));
  for (const char* command : {"explain", "check"}) {
    SCOPED_TRACE(command);
    const ProcessResult told = RunProgram({Shim(), command, build.binary}, {state});
    EXPECT_THAT(told.output, AllOf(HasSubstr("sqlite3.h"), HasSubstr("libsqlite3-dev"), HasSubstr("u_int8_t")));
  }
  const ProcessResult sbom = RunProgram({Shim(), "sbom", build.binary}, {state});
  EXPECT_THAT(sbom.output, HasSubstr("libsqlite3-dev"));
}

// cgo waits for its compiler and may be killed; what it started must not go on.
TEST(RescueTest, TheCompilerDiesWithUs) {
  const std::string directory = MakeTempDirectory();
  WriteProgram(directory + "/musl-cc", absl::StrCat("#!/bin/sh\necho $$ > ", directory, "/pid.new\nmv ", directory,
                                                    "/pid.new ", directory, "/pid\nwhile :; do sleep 0.05; done\n"));
  const std::string script = absl::StrCat(
      Shim(),
      " -c a.c & shim=$!; while ! [ -e pid ]; do sleep 0.02; done; kill -9 $shim; read -r compiler < pid; "
      "n=0; while kill -0 $compiler 2>/dev/null; do n=$((n+1)); [ $n -lt 500 ] || exit 9; sleep 0.02; done");
  const ProcessResult run = RunProgram({"sh", "-c", script},
                                       {"TOOLEXEC_IMPORTPATH=example.com/program", "GOOS=linux", "GOARCH=arm64",
                                        absl::StrCat("CGO_LD_SHIM_CC=", directory, "/musl-cc")},
                                       directory);
  EXPECT_TRUE(Succeeded(run));
}

TEST(RescueTest, MuslGccGetsTheKernelsHeadersAndOurs) {
  if (FindProgram("musl-gcc").empty()) GTEST_SKIP() << "no musl-gcc: apt-get install musl-tools";
  if (!std::filesystem::exists("/usr/include/linux/types.h"))
    GTEST_SKIP() << "no linux/types.h: apt-get install linux-libc-dev";
  const std::string module = MakeModule({{"main.go", R"go(
package main

/*
#include <linux/if_packet.h>
#include <sys/queue.h>
struct one { int value; SLIST_ENTRY(one) next; };
SLIST_HEAD(list, one);
static int last(void) {
  struct list list = SLIST_HEAD_INITIALIZER(list);
  struct one first = {.value = PACKET_HOST}, second = {.value = PACKET_OUTGOING};
  SLIST_INSERT_HEAD(&list, &first, next);
  SLIST_INSERT_HEAD(&list, &second, next);
  return SLIST_FIRST(&list)->value;
}
*/
import "C"

func main() { print(C.last()) }
)go"}});
  EXPECT_EQ(RunStatic(BuildIn(module, {"CGO_LD_SHIM_CC=musl-gcc"})).error, "4");
}

// SQL, a vector query, HTTP over loopback, a look-up: three packages as they are published.
std::string PublishedModule() {
  const std::string module = MakeModule({{"main.go", R"go(
package main

import (
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/user"

	vec "github.com/asg017/sqlite-vec-go-bindings/cgo"
	_ "github.com/mattn/go-sqlite3"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	vec.Auto()
	db, err := sql.Open("sqlite3", ":memory:")
	check(err)
	db.SetMaxOpenConns(1)
	_, err = db.Exec("CREATE VIRTUAL TABLE v USING vec0(e float[2]); INSERT INTO v(rowid, e) VALUES (1, '[0,0]'), (2, '[5,5]')")
	check(err)
	http.HandleFunc("/nearest", func(w http.ResponseWriter, r *http.Request) {
		nearest := 0
		check(db.QueryRow("SELECT rowid FROM v WHERE e MATCH ? AND k = 1", r.FormValue("q")).Scan(&nearest))
		fmt.Fprint(w, nearest)
	})
	l, err := net.Listen("tcp", "localhost:0")
	check(err)
	go http.Serve(l, nil)
	r, err := http.Get("http://" + l.Addr().String() + "/nearest?q=[4,4]")
	check(err)
	body, err := io.ReadAll(r.Body)
	check(err)
	root, err := user.Lookup("root")
	check(err)
	addresses, err := net.LookupHost("localhost")
	check(err)
	fmt.Println("nearest", string(body), "root", root.Uid, len(addresses) > 0)
}
)go"}});
  EXPECT_TRUE(Succeeded(RunProgram(
      {"go", "get", "github.com/asg017/sqlite-vec-go-bindings@v0.1.6", "github.com/mattn/go-sqlite3@v1.14.24"}, {},
      module)));
  return module;
}
constexpr char kPublishedOutput[] = "nearest 2 root 0 true\n";

struct SlowPublishedTest : testing::TestWithParam<LinuxTarget> {};
INSTANTIATE_TEST_SUITE_P(Linux, SlowPublishedTest,
                         testing::Values(LinuxTarget{"arm64", "aarch64"}, LinuxTarget{"arm", "arm"},
                                         LinuxTarget{"386", ""}, LinuxTarget{"riscv64", "riscv64"},
                                         LinuxTarget{"ppc64le", "ppc64le"}, LinuxTarget{"s390x", "s390x"},
                                         LinuxTarget{"loong64", "loongarch64"}),
                         [](const auto& test) { return std::string(test.param.arch); });

TEST_P(SlowPublishedTest, SqliteWithVectorsAndHttp) {
  SKIP_WITHOUT_ZIG();
  SKIP_WITHOUT_SQLITE_HEADER();
  const GoBuild build = BuildIn(PublishedModule(), For(GetParam().arch));
  ASSERT_TRUE(Succeeded(build.go));
  EXPECT_EQ(build.go.error, "");
  EXPECT_TRUE(IsStatic(build.binary));
  const std::vector<std::string> argv = Runner(GetParam().emulator, build.binary);
  if (argv.empty()) GTEST_SKIP() << "built, and not run, because qemu-user-static is not installed";
  EXPECT_EQ(RunProgram(argv).output, kPublishedOutput);
}

TEST(SlowRescueTest, SqliteWithVectorsAndHttpAsPublishedForMusl) {
  SKIP_WITHOUT_ZIG();
  SKIP_WITHOUT_SQLITE_HEADER();
  EXPECT_EQ(RunStatic(BuildIn(PublishedModule(), kMusl)).output, kPublishedOutput);
}

// Published before musl 1.2.4 took the names for large files from those who do not ask.
TEST(SlowRescueTest, AnOldSqliteAndSqlcipherForMusl) {
  SKIP_WITHOUT_ZIG();
  for (const auto& [version, driver] :
       {std::pair<const char*, const char*>{"github.com/mattn/go-sqlite3@v1.14.16", "sqlite3"},
        {"github.com/mutecomm/go-sqlcipher/v4@v4.4.2", "sqlite3"}}) {
    SCOPED_TRACE(version);
    const std::string path = std::string(version).substr(0, std::string(version).find('@'));
    const std::string module = MakeModule(
        {{"main.go", absl::StrCat("package main\n\nimport (\n\t\"database/sql\"\n\t\"fmt\"\n\n\t_ \"", path,
                                  "\"\n)\n\nfunc main() {\n\tdb, _ := sql.Open(\"", driver,
                                  "\", \":memory:\")\n\tn := 0\n\terr := db.QueryRow(\"SELECT 6 * 7\").Scan(&n)\n"
                                  "\tfmt.Println(n, err)\n}\n")}});
    ASSERT_TRUE(Succeeded(RunProgram({"go", "get", version}, {}, module)));
    EXPECT_EQ(RunStatic(BuildIn(module, kMusl)).output, "42 <nil>\n");
  }
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
