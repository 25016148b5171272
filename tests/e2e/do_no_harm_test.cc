// What is not a static Go program is the underlying compiler's business, and comes out as from it.
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "tests/e2e/elf_file.h"
#include "tests/e2e/harness.h"
#include "tests/e2e/link_log.h"

namespace cgo_ld_shim::e2e {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

// ---- STATIC=off
// ------------------------------------------------------------------------------------------------------

// Builds with gcc and with the shim that has been switched off, in one directory, and compares.
void ExpectOffIsAsGcc(absl::string_view module, const std::vector<std::string>& args) {
  const std::string directory = CopyModule(module);
  const std::string gcc = absl::StrCat(directory, "/with-gcc"), off = absl::StrCat(directory, "/with-off");
  std::vector<std::string> with_gcc = args, with_off = args;
  with_gcc.insert(with_gcc.begin() + 1, {"-o", gcc});
  with_off.insert(with_off.begin() + 1, {"-o", off});
  ASSERT_TRUE(Succeeded(Go(directory, with_gcc, {"CC=gcc", "CXX=g++"})));
  Environment environment = {"CXX=cgo-ld-shim++", "CGO_LD_SHIM_STATIC=off"};
  // Go 1.19 takes its standard packages from the cache whatever the settings were with which they were compiled.
  if (GoMinorVersion() < 20) environment.push_back(absl::StrCat("GOCACHE=", std::getenv("GOCACHE"), "-off"));
  const ProcessResult go = Go(directory, with_off, environment);
  ASSERT_TRUE(Succeeded(go));
  EXPECT_EQ(go.error, "");
  const ElfFile expected = ReadElf(gcc), made = ReadElf(off);
  EXPECT_EQ(made.interpreter, expected.interpreter);
  EXPECT_THAT(made.needed, ElementsAreArray(expected.needed));
  EXPECT_THAT(made.exported, ElementsAreArray(expected.exported));
  EXPECT_EQ(made.position_independent, expected.position_independent);
  if (expected.interpreter.empty()) return;  // a library
  const ProcessResult run = RunProgram({off});
  EXPECT_TRUE(Succeeded(run));
  EXPECT_EQ(run.output, RunProgram({gcc}).output);
}

TEST(StaticOffTest, OsUser) { ExpectOffIsAsGcc("osuser", {"build"}); }
TEST(StaticOffTest, Cgo) { ExpectOffIsAsGcc("hello", {"build"}); }
TEST(StaticOffTest, CgoLinkedExternally) { ExpectOffIsAsGcc("hello", {"build", "-ldflags=-linkmode=external"}); }
TEST(StaticOffTest, Pie) { ExpectOffIsAsGcc("hello", {"build", "-buildmode=pie"}); }
TEST(StaticOffTest, Cxx) { ExpectOffIsAsGcc("cxx", {"build"}); }
TEST(StaticOffTest, CShared) { ExpectOffIsAsGcc("library", {"build", "-buildmode=c-shared"}); }
TEST(StaticOffTest, TestBinary) { ExpectOffIsAsGcc("netonly", {"test", "-c"}); }
TEST(SlowStaticOffTest, NetHttp) { ExpectOffIsAsGcc("nethttp", {"build"}); }
TEST(SlowStaticOffTest, SqliteWithNetHttp) { ExpectOffIsAsGcc("demo", {"build"}); }

// ---- make, configure, cargo
// ------------------------------------------------------------------------------------------

constexpr char kMakefile[] = R"(
CFLAGS = -O2
prog: main.o libtwo.a
	$(CC) -o $@ main.o -L. -ltwo -lm
libtwo.a: two.o
	$(AR) rcD $@ two.o
libtwo.so: two.c
	$(CC) -shared -fPIC -o $@ two.c
main.o: two.h
all: prog libtwo.so
)";

TEST(OtherBuildsTest, MakeMakesTheSameBytes) {
  const std::string directory = MakeTempDirectory();
  WriteFiles(
      directory,
      {{"Makefile", kMakefile},
       {"two.h", "double two(void);\n"},
       {"two.c",
        "#include <math.h>\n#include \"two.h\"\nvolatile double x = 4;\ndouble two(void) { return sqrt(x); }\n"},
       {"main.c", "#include <stdio.h>\n#include \"two.h\"\nint main(void) { printf(\"%g\\n\", two()); return 0; }\n"}});
  const std::vector<std::string> made = {"main.o", "two.o", "libtwo.a", "libtwo.so", "prog"};
  ASSERT_TRUE(Succeeded(RunProgram({"make", "all", "CC=gcc"}, {}, directory)));
  std::vector<std::string> expected;
  for (const std::string& file : made) {
    expected.push_back(ReadText(absl::StrCat(directory, "/", file)));
    fs::remove(absl::StrCat(directory, "/", file));
  }
  const ProcessResult make = RunProgram({"make", "all", "CC=cgo-ld-shim"}, {}, directory);
  ASSERT_TRUE(Succeeded(make));
  EXPECT_EQ(make.error, "");
  for (size_t i = 0; i < made.size(); ++i) {
    EXPECT_TRUE(ReadText(absl::StrCat(directory, "/", made[i])) == expected[i]) << made[i] << " differs";
  }
  EXPECT_EQ(RunProgram({directory + "/prog"}).output, "2\n");
}

// What autoconf's scripts ask a compiler, and how.
constexpr char kConfigure[] = R"sh(
set -e
$CC --version | head -1
$CC -dumpmachine
$CC -dumpversion
$CC -print-prog-name=ld
$CC -print-search-dirs
$CC -print-multi-os-directory
echo 'int main(void) { return 0; }' > conftest.c
$CC conftest.c && echo "default output: a.out, runs: $(./a.out && echo yes)"
$CC -c conftest.c && echo "object suffix: $(ls conftest.o)"
$CC -o conftest -g -O2 conftest.c && ./conftest && echo 'links with flags'
echo '#include <no_such_header.h>' > conftest.c
$CC -E conftest.c > /dev/null 2> conftest.err || { echo "missing header: status $?"; cat conftest.err; }
printf '#ifdef __GNUC__\nit is gcc\n#endif\n' > conftest.c
$CC -E conftest.c | grep 'it is'
$CC -dM -E - < /dev/null | sort
echo 'int not_there(void); int main(void) { return not_there(); }' > conftest.c
$CC -o conftest conftest.c 2> conftest.err || { echo "missing function: status $?"; sed 's/cc[A-Za-z0-9]*\.o/cc.o/' conftest.err; }
echo 'int main(void) { return 0; }' > conftest.c
$CC -o conftest conftest.c -lno_such_library 2> conftest.err || { echo "missing library: status $?"; cat conftest.err; }
$CC -Wl,--version 2> /dev/null | head -1
$CC -v 2>&1 | tail -1
$CC -o conftest -Wl,-rpath,/x -Wl,--as-needed conftest.c -lm && echo 'linker flags'
$CC -o conftest -static conftest.c && echo 'static'
$CC -o conftest -fsyntax-only conftest.c && echo 'syntax'
$CC -M conftest.c
$CC -no_such_flag conftest.c 2>&1 || echo "status $?"
)sh";

// Messages begin with the compiler's name as it was called, which the shim keeps: it starts /usr/bin/gcc.
TEST(OtherBuildsTest, AConfigureScriptGetsTheSameAnswers) {
  const std::string directory = MakeTempDirectory();
  WriteText(directory + "/configure", kConfigure);
  const ProcessResult gcc = RunProgram({"sh", "configure"}, {"CC=gcc"}, directory);
  ASSERT_TRUE(Succeeded(gcc));
  ASSERT_THAT(gcc.output, HasSubstr("status"));
  const ProcessResult shim = RunProgram({"sh", "configure"}, {"CC=cgo-ld-shim"}, directory);
  ASSERT_TRUE(Succeeded(shim));
  EXPECT_EQ(shim.output, gcc.output);
  EXPECT_EQ(shim.error, gcc.error);
}

TEST(OtherBuildsTest, VersionIsTheCompilersAndThenOurs) {
  const ProcessResult gcc = RunProgram({"gcc", "--version"}), shim = RunProgram({Shim(), "--version"});
  EXPECT_THAT(shim.output, StartsWith(gcc.output));
  EXPECT_THAT(shim.output, HasSubstr("cgo-ld-shim "));
}

// rustc takes a linker whose name ends in -gcc for a gcc, and one whose name says nothing for the target's default, to
// which it gives other flags; so both have a name of the first kind.
TEST(OtherBuildsTest, CargoBuildsTheSameProgram) {
  if (RunProgram({"cargo", "--version"}).exit_status != 0) GTEST_SKIP() << "no cargo";
  const std::string directory = MakeTempDirectory();
  WriteFiles(directory,
             {{"Cargo.toml", "[package]\nname = \"prog\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[workspace]\n"},
              {"src/main.rs", "fn main() { println!(\"{}\", \"4\".parse::<i32>().unwrap() * 10 + 2); }\n"}});
  const auto build = [&](const std::string& compiler) {
    std::error_code error;
    fs::remove_all(directory + "/target", error);
    fs::remove(directory + "/my-gcc", error);
    fs::create_symlink(compiler, directory + "/my-gcc");
    const std::string linker = absl::StrCat(directory, "/my-gcc");
    EXPECT_TRUE(Succeeded(
        RunProgram({"cargo", "build", "--release", "--offline"},
                   {absl::StrCat("CC=", linker), absl::StrCat("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER=", linker),
                    absl::StrCat("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=", linker)},
                   directory)));
    return ReadText(directory + "/target/release/prog");
  };
  const std::string gcc = build(FindProgram("gcc")), shim = build(Shim());
  EXPECT_TRUE(gcc == shim) << "the executables differ";
  EXPECT_EQ(RunProgram({directory + "/target/release/prog"}).output, "42\n");
}

// ---- handing on
// ------------------------------------------------------------------------------------------------------

// A compiler that prints its arguments, one in brackets a line, and ends with a status of its own.
std::string LoggingCompiler(int status) {
  const std::string path = absl::StrCat(MakeTempDirectory(), "/cc");
  WriteProgram(path,
               absl::StrCat("#!/bin/sh\nfor a; do printf '[%s]\\n' \"$a\"; done\necho sorry >&2\nexit ", status, "\n"));
  return path;
}

std::string InBrackets(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) absl::StrAppend(&text, "[", word, "]\n");
  return text;
}

TEST(HandOnTest, ArgumentsOutputAndStatusAreUnchanged) {
  const std::string cc = LoggingCompiler(7);
  const std::vector<std::vector<std::string>> calls = {
      {"-c", "a b.c", "-DX=\"y z\"", "-o", "x.o"},
      {"-E", "-dM", "-", ""},
      {"-O2", "-g", "-c", "main.c", "-I", ".", "-Wall", "-frandom-seed=1"},
      {"-S", "x.c"},
      {"-o", "prog", "a.o", "b.o", "-lm", "-static", "-rdynamic", "-lresolv", "-lresolv"},
      {"-shared", "-o", "lib.so", "a.o"},
      {"-###", "-c", "x.c"},
      {"-v"},
      {"-print-search-dirs"},
      {"@/etc/hostname", "-c", "x.c"},
      {"-fno-caret-diagnostics", "-x", "c", "-", "-o", "/dev/null"},
      {"-Wl,--version"},
      {"-o", "go", "go.c"},
      {"trivial.c"},
      {std::string(5000, 'x') + ".c", "-c"},
  };
  for (const std::vector<std::string>& call : calls) {
    SCOPED_TRACE(InBrackets(call));
    std::vector<std::string> argv = {Shim()};
    argv.insert(argv.end(), call.begin(), call.end());
    const ProcessResult result = RunProgram(argv, {absl::StrCat("CGO_LD_SHIM_CC=", cc)});
    EXPECT_EQ(result.exit_status, 7);
    EXPECT_EQ(result.output, InBrackets(call));
    EXPECT_EQ(result.error, "sorry\n");
  }
}

TEST(HandOnTest, ManyArgumentsAreUnchanged) {
  std::vector<std::string> call = {"-c", "x.c"};
  for (int i = 0; i < 20000; ++i) call.push_back(absl::StrCat("-DM", i, "=1"));
  std::vector<std::string> argv = {Shim()};
  argv.insert(argv.end(), call.begin(), call.end());
  const ProcessResult result = RunProgram(argv, {absl::StrCat("CGO_LD_SHIM_CC=", LoggingCompiler(0))});
  ASSERT_TRUE(Succeeded(result));
  EXPECT_TRUE(result.output == InBrackets(call));
}

TEST(HandOnTest, TheCxxNameStartsTheCxxCompiler) {
  const std::string directory = MakeTempDirectory();
  WriteProgram(directory + "/my-gcc", "#!/bin/sh\necho C\n");
  WriteProgram(directory + "/my-g++", "#!/bin/sh\necho C++\n");
  const Environment environment = {absl::StrCat("CGO_LD_SHIM_CC=", directory, "/my-gcc")};
  EXPECT_EQ(RunProgram({Shim(), "-c", "x.c"}, environment).output, "C\n");
  EXPECT_EQ(RunProgram({ShimCxx(), "-c", "x.cc"}, environment).output, "C++\n");
  EXPECT_EQ(RunProgram({ShimCxx(), "-c", "x.cc"}, {environment[0], "CGO_LD_SHIM_CXX=/bin/echo own"}).output,
            "own -c x.cc\n");
}

TEST(HandOnTest, TheEnvironmentIsUnchanged) {
  const std::string directory = MakeTempDirectory();
  WriteProgram(directory + "/cc", "#!/bin/sh\nenv | grep -v -e ^_= -e ^CGO_LD_SHIM_ | sort\n");
  EXPECT_EQ(RunProgram({Shim(), "-c", "x.c"}, {absl::StrCat("CGO_LD_SHIM_CC=", directory, "/cc"), "A=b c"}).output,
            RunProgram({directory + "/cc"}, {"A=b c"}).output);
}

TEST(HandOnTest, StandardInputReachesTheCompiler) {
  const std::string directory = MakeTempDirectory();
  const ProcessResult result =
      RunProgram({"sh", "-c", "echo 'it is LINE' | \"$0\" -DLINE=__LINE__ -E -P -", Shim()}, {}, directory);
  ASSERT_TRUE(Succeeded(result));
  EXPECT_THAT(result.output, HasSubstr("it is 1"));
}

TEST(HandOnTest, ACompilerKilledByASignalIsSeenSo) {
  const std::string directory = MakeTempDirectory();
  WriteProgram(directory + "/cc", "#!/bin/sh\nkill -TERM $$\n");
  EXPECT_EQ(RunProgram({Shim(), "-c", "x.c"}, {absl::StrCat("CGO_LD_SHIM_CC=", directory, "/cc")}).exit_status,
            128 + 15);
}

TEST(HandOnTest, CostsFewInstructions) {
  if (RunProgram({"valgrind", "--version"}).exit_status != 0) GTEST_SKIP() << "no valgrind";
  const std::string directory = MakeTempDirectory();
  // The exec of a file that is no program fails, which ends the count where a compiler would begin.
  WriteProgram(directory + "/cc", "no program");
  const ProcessResult counted = RunProgram(
      {"valgrind", "--tool=callgrind", absl::StrCat("--callgrind-out-file=", directory, "/out"), Shim(), "-I", ".",
       "-fPIC", "-m64", "-pthread", "-fmessage-length=0", "-O2", "-g", "-frandom-seed=x", "-o", "x.o", "-c", "x.c"},
      {absl::StrCat("CGO_LD_SHIM_CC=", directory, "/cc")}, directory);
  constexpr absl::string_view kLabel = "Collected : ";
  const size_t at = counted.error.find(kLabel.data(), 0, kLabel.size());
  ASSERT_NE(at, std::string::npos) << counted.error;
  int instructions = 0;
  const std::string rest = counted.error.substr(at + kLabel.size());
  ASSERT_TRUE(absl::SimpleAtoi(rest.substr(0, rest.find_first_not_of("0123456789")), &instructions)) << rest;
  EXPECT_LE(instructions, 120000);
}

TEST(HandOnTest, TheExecutableHasNoDynamicLoader) { EXPECT_TRUE(IsStatic(Shim())); }

}  // namespace
}  // namespace cgo_ld_shim::e2e
