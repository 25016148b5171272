// Go's build cache knows nothing of the linker; we see to it that what would change a program links it again, and that
// nothing else does (DESIGN.md, invariant 7).
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "tests/e2e/elf_file.h"
#include "tests/e2e/gcc_tree.h"
#include "tests/e2e/harness.h"
#include "tests/e2e/link_log.h"

namespace cgo_ld_shim::e2e {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

// One program, built again and again in its directory; each build says how many final links it took.
class Rebuild {
 public:
  explicit Rebuild(absl::string_view module) : directory_(CopyModule(module)), log_(MakeTempDirectory() + "/log") {}

  size_t Links(Environment environment) {
    const size_t before = ReadLog(log_).size();
    environment.push_back(LogTo(log_));
    build_ = BuildIn(directory_, environment);
    EXPECT_TRUE(Succeeded(build_.go));
    EXPECT_EQ(build_.go.error, "");
    return ReadLog(log_).size() - before;
  }
  const std::string& binary() const { return build_.binary; }
  ProcessResult Run() const { return RunStatic(build_); }

 private:
  const std::string directory_;
  const std::string log_;
  GoBuild build_;
};

TEST(RelinkTest, NothingChangedLinksNothing) {
  Rebuild hello("hello");
  EXPECT_EQ(hello.Links({}), 1U);
  EXPECT_EQ(hello.Links({}), 0U);
}

// Up to Go 1.19 the key of a standard package leaves out the C compiler's version line (cmd/go, buildActionID: "don't
// do that for standard library packages"), so a program that has cgo through those alone is not linked again.
constexpr int kFirstGoThatAsksForStandardPackages = 20;

TEST(RelinkTest, AChangedSettingLinksAgainAndBackAgain) {
  Rebuild hello("hello");
  EXPECT_EQ(hello.Links({}), 1U);
  EXPECT_EQ(hello.Links({"CGO_LD_SHIM_DEBUG_SECTIONS=none"}), 1U);
  EXPECT_EQ(hello.Links({"CGO_LD_SHIM_DEBUG_SECTIONS=none"}), 0U);
  EXPECT_EQ(hello.Links({}), 1U);
  EXPECT_EQ(hello.Run().output, "answer 42 version none\n");
}

// main has no C of its own here: the change must come through os/user's objects.
TEST(RelinkTest, AChangedSettingLinksAProgramWithoutItsOwnCAgain) {
  if (GoMinorVersion() < kFirstGoThatAsksForStandardPackages) GTEST_SKIP() << "this Go keeps its standard packages";
  Rebuild osuser("osuser");
  EXPECT_EQ(osuser.Links({}), 1U);
  EXPECT_EQ(osuser.Links({"CGO_LD_SHIM_NSS=host"}), 1U);
  EXPECT_EQ(osuser.Links({"CGO_LD_SHIM_NSS=host"}), 0U);
  EXPECT_EQ(osuser.Links({}), 1U);
  EXPECT_EQ(osuser.Run().output, "root 0 root\n");
}

TEST(RelinkTest, SettingsThatOnlyTalkLinkNothing) {
  Rebuild hello("hello");
  EXPECT_EQ(hello.Links({}), 1U);
  EXPECT_EQ(hello.Links({"CGO_LD_SHIM_STRICT=1"}), 0U);
  EXPECT_EQ(hello.Links({"CGO_LD_SHIM_VERBOSE=1"}), 0U);
}

TEST(RelinkTest, AnInitialValueWrittenOutIsNoChange) {
  Rebuild hello("hello");
  EXPECT_EQ(hello.Links({}), 1U);
  EXPECT_EQ(hello.Links({"CGO_LD_SHIM_STATIC=full", "CGO_LD_SHIM_NSS=files"}), 0U);
}

TEST(RelinkTest, AChangedLibcLinksAgain) {
  // gcc searches a -B directory first, for libraries too.
  std::string libc = RunProgram({"gcc", "-print-file-name=libc.a"}).output;
  libc = std::string(absl::StripTrailingAsciiWhitespace(libc));
  const std::string directory = MakeTempDirectory();
  fs::copy_file(libc, directory + "/libc.a");
  const Environment environment = {absl::StrCat("CGO_LD_SHIM_CC=gcc -B", directory)};
  Rebuild hello("hello");
  EXPECT_EQ(hello.Links(environment), 1U);
  EXPECT_EQ(hello.Links(environment), 0U);
  fs::last_write_time(directory + "/libc.a", fs::last_write_time(libc) + std::chrono::hours(1));
  EXPECT_EQ(hello.Links(environment), 0U) << "its time alone is no change";
  ASSERT_TRUE(Succeeded(RunProgram({"ar", "d", directory + "/libc.a", "strfry.o"})));
  EXPECT_EQ(hello.Links(environment), 1U);
  EXPECT_EQ(hello.Links(environment), 0U);
  EXPECT_EQ(hello.Run().output, "answer 42 version none\n");
}

// ---- what is compiled and linked anew, with `cgo-ld-shim go` and with plain CC

// A program with an archive of its own, built by a real gcc in a tree of its own. Go's own cgo packages are compiled
// with it: what one build counts is all that there is, whichever test runs it.
class Levers {
 public:
  explicit Levers(bool go_command)
      : go_command_(go_command),
        directory_(
            MakeModule({{"main.go",
                         "package main\n\n// #cgo LDFLAGS: -L${SRCDIR} -lown\n// int own(void);\nimport \"C\"\n\n"
                         "func main() { println(C.own()) }\n"}})),
        log_(MakeTempDirectory() + "/log") {
    Own(1);
    const auto [compiles, links] = Build();
    EXPECT_GT(compiles, 2U) << "main's and runtime/cgo's";
    EXPECT_EQ(links, 1U);
    every_ = compiles;
  }

  void Own(int value) {
    MakeArchive(directory_ + "/libown.a", {{"own.c", absl::StrCat("int own(void) { return ", value, "; }")}});
  }
  GccTree& gcc() { return gcc_; }

  // What one build compiles and links, in the words of docs/reference.md.
  std::string Rebuild(const Environment& environment = {}) {
    const auto [compiles, links] = Build(environment);
    return absl::StrCat(compiles == 0        ? "no compile"
                        : compiles == every_ ? "every compile"
                                             : absl::StrCat(compiles, " of ", every_, " compiles"),
                        ", ",
                        links == 0   ? "no link"
                        : links == 1 ? "one link a program"
                                     : absl::StrCat(links, " links"));
  }
  std::string Run() const { return RunProgram({directory_ + "/program"}).error; }
  std::string Check() const { return RunProgram({Shim(), "check", directory_ + "/program"}).output; }
  std::string Explain() const { return RunProgram({Shim(), "explain", directory_ + "/program"}).output; }

 private:
  // Compiles of C and assembler files, as Go tells of them, and final links, as we do.
  std::pair<size_t, size_t> Build(Environment environment = {}) {
    const size_t before = ReadLog(log_).size();
    environment.insert(environment.end(), {LogTo(log_), absl::StrCat("CGO_LD_SHIM_CC=", gcc_.gcc()),
                                           go_command_ ? "CC" : "CC=cgo-ld-shim"});
    std::vector<std::string> argv = {"go", "build", "-x", "-o", "program"};
    if (go_command_) argv.insert(argv.begin(), Shim());
    const ProcessResult go = RunProgram(argv, environment, directory_);
    EXPECT_TRUE(Succeeded(go));
    static const std::regex kCompile(R"(.*cgo-ld-shim .* -o \$WORK/\S+\.o -c \S+\.[cS])");
    size_t compiles = 0;
    for (absl::string_view line : absl::StrSplit(go.error, '\n'))
      compiles += std::regex_match(std::string(line), kCompile) ? 1 : 0;
    return {compiles, ReadLog(log_).size() - before};
  }

  const bool go_command_;
  GccTree gcc_;
  const std::string directory_, log_;
  size_t every_ = 0;
};

// The rows of "What is built again" in docs/reference.md: what changed, and the column for `cgo-ld-shim go` or CC.
std::vector<std::pair<std::string, std::string>> LeverRows(bool go_command) {
  const std::string page = ReadText(CGO_LD_SHIM_SOURCE "/docs/reference.md");
  std::vector<std::pair<std::string, std::string>> rows;
  for (absl::string_view line : absl::StrSplit(page.substr(page.find("## What is built again")), '\n')) {
    const std::vector<std::string> cells = absl::StrSplit(line, " | ");
    if (cells.size() != 3) continue;
    rows.emplace_back(absl::StripPrefix(cells[0], "| "), go_command ? cells[1] : absl::StripSuffix(cells[2], " |"));
  }
  if (rows.size() > 1) rows.erase(rows.begin());  // the head
  return rows;
}

// Each row, one after the other, with the real thing; what a row says beside its counts is looked at, too.
void ExpectLevers(bool go_command) {
  Levers program(go_command);
  std::set<std::string> shown;
  for (const auto& [change, counts] : LeverRows(go_command)) {
    SCOPED_TRACE(change);
    const auto expect = [&, &counts = counts](const Environment& environment = {}) {
      const std::string built = program.Rebuild(environment);
      EXPECT_EQ(built, counts.substr(0, counts.find(':')));
      EXPECT_EQ(program.Rebuild(environment), "no compile, no link") << "and nothing more";
    };
    if (change == "nothing") {
      expect();
    } else if (change == "a setting that changes the link") {
      expect({"CGO_LD_SHIM_DEBUG_SECTIONS=none"});
      EXPECT_EQ(program.Rebuild(), "no compile, one link a program") << "and back";
    } else if (change == "a setting that changes objects") {
      expect({"CGO_LD_SHIM_STATIC=prefer"});
      EXPECT_EQ(program.Rebuild(), "no compile, one link a program") << "and back";
    } else if (change == "an archive that a program was linked from") {
      EXPECT_THAT(program.Check(), Not(HasSubstr("changed since this link")));
      program.Own(2);
      expect();
      const bool linked = absl::EndsWith(counts, "one link a program");
      EXPECT_EQ(program.Run(), linked ? "2\n" : "1\n");
      for (const std::string& said : {program.Check(), program.Explain()})
        EXPECT_EQ(absl::StrContains(said, "libown.a has changed since this link"), !linked) << said;
    } else if (change == "the time of the compiler's files") {
      program.gcc().Touch();
      expect();
    } else if (change == "their place") {
      program.gcc().Move();
      expect();
    } else if (change == "what libc.a, libgcc or a start file holds, or the compiler's version") {
      program.gcc().AddMember("libc.a", "one more");
      expect();
      program.gcc().AddMember("libgcc.a", "one more");
      expect();
      program.gcc().AddSection("crtbeginT.o");
      expect();
      program.gcc().ChangeVersion();
      expect();
    } else {
      ADD_FAILURE() << "a row without a test";
    }
    shown.insert(change);
  }
  EXPECT_EQ(shown.size(), 7U);
  EXPECT_EQ(program.Run(), "2\n");
}

TEST(LeversTest, UnderTheGoCommand) { ExpectLevers(/*go_command=*/true); }

TEST(LeversTest, WithPlainCc) { ExpectLevers(/*go_command=*/false); }

TEST(LeversTest, TheUsersOwnToolexecRunsTheTools) {
  const std::string directory = CopyModule("hello"), calls = MakeTempDirectory() + "/calls";
  const std::string wrapper = MakeTempDirectory() + "/wrapper";
  WriteProgram(wrapper, absl::StrCat("#!/bin/sh\necho \"${1##*/}\" >> ", calls, "\nexec \"$@\"\n"));
  const ProcessResult go = RunProgram({Shim(), "go", "build", "-toolexec", wrapper, "-o", "program"},
                                      {"CC", "CGO_LD_SHIM_NSS=host"}, directory);
  EXPECT_TRUE(Succeeded(go));
  EXPECT_THAT(ReadText(calls), HasSubstr("link\n"));
}

// ---- underlying compilers
// --------------------------------------------------------------------------------------------

std::string AnyClang() {
  for (const char* name :
       {"clang", "clang-22", "clang-21", "clang-20", "clang-19", "clang-16", "clang-15", "clang-14"}) {
    if (!FindProgram(name).empty()) return name;
  }
  return "";
}

TEST(CompilersTest, OneGoCacheServesGccClangAndGcc) {
  const std::string clang = AnyClang();
  if (clang.empty()) GTEST_SKIP() << "no clang";
  Rebuild hello("hello");
  for (const std::string& compiler : {std::string("gcc"), clang, std::string("gcc")}) {
    SCOPED_TRACE(compiler);
    EXPECT_EQ(hello.Links({absl::StrCat("CGO_LD_SHIM_CC=", compiler)}), 1U);
    EXPECT_EQ(hello.Run().output, "answer 42 version none\n");
  }
}

TEST(CompilersTest, OneGoCacheServesTheShimAndGccByTurns) {
  Rebuild hello("hello");
  EXPECT_EQ(hello.Links({}), 1U);
  EXPECT_EQ(hello.Links({"CC=gcc"}), 0U);
  EXPECT_FALSE(IsStatic(hello.binary()));
  EXPECT_EQ(hello.Links({}), 1U);
  EXPECT_TRUE(IsStatic(hello.binary()));
  EXPECT_EQ(hello.Links({"CGO_LD_SHIM_STATIC=off"}), 1U);
  EXPECT_FALSE(IsStatic(hello.binary()));
}

TEST(CompilersTest, CcacheLikeCommandOfSeveralWords) {
  Rebuild hello("hello");
  EXPECT_EQ(hello.Links({"CGO_LD_SHIM_CC=env FOO=1 gcc"}), 1U);
  EXPECT_EQ(hello.Run().output, "answer 42 version none\n");
}

TEST(CompilersTest, TheGoCommandTakesCcAsTheUnderlyingCompiler) {
  const std::string directory = MakeTempDirectory();
  WriteProgram(directory + "/my-gcc",
               absl::StrCat("#!/bin/sh\necho called >> ", directory, "/calls\nexec gcc \"$@\"\n"));
  GoBuild build{.go = {}, .directory = CopyModule("hello"), .binary = directory + "/program"};
  build.go = RunProgram({Shim(), "go", "build", "-o", build.binary}, {absl::StrCat("CC=", directory, "/my-gcc")},
                        build.directory);
  EXPECT_EQ(RunStatic(build).output, "answer 42 version none\n");
  EXPECT_THAT(ListFiles(directory), testing::Contains("calls"));
}

TEST(CompilersTest, UnderTheNameGccFirstInPathItFindsTheRealOne) {
  const std::string directory = MakeTempDirectory();
  fs::create_symlink(Shim(), directory + "/gcc");
  fs::create_symlink(Shim(), directory + "/g++");
  const std::string path = absl::StrCat("PATH=", directory, ":", std::getenv("PATH"));
  EXPECT_EQ(RunStatic(BuildGo("hello", {path, "CC=gcc"})).output, "answer 42 version none\n");
  EXPECT_EQ(RunStatic(BuildGo("cxx", {path, "CC=gcc", "CXX=g++"})).output,
            "caught thrown\nnothing to catch\nthreads 4\n");
}

TEST(CompilersTest, ItselfAsUnderlyingCompilerIsNamed) {
  const ProcessResult result = RunProgram({Shim(), "-c", "x.c"}, {absl::StrCat("CGO_LD_SHIM_CC=", Shim())});
  EXPECT_TRUE(Refused(result));
  EXPECT_THAT(result.error, HasSubstr("CGO_LD_SHIM_CC"));
  EXPECT_THAT(result.error, HasSubstr("itself"));
}

TEST(CompilersTest, ALoopThroughAWrapperIsNamedAtOnce) {
  const std::string wrapper = absl::StrCat(MakeTempDirectory(), "/wrapper");
  WriteProgram(wrapper, "#!/bin/sh\nexec ${CC:-gcc} \"$@\"\n");
  const Environment environment = {"CC=cgo-ld-shim", absl::StrCat("CGO_LD_SHIM_CC=", wrapper)};
  for (const std::vector<std::string>& call : {std::vector<std::string>{Shim(), "-c", "x.c"},
                                               std::vector<std::string>{Shim(), "-###", "-x", "c", "-c", "-"}}) {
    SCOPED_TRACE(call[1]);
    const ProcessResult result = RunProgram(call, environment);
    EXPECT_TRUE(Refused(result));
    EXPECT_THAT(result.error, HasSubstr(wrapper));
    EXPECT_THAT(result.error, HasSubstr("loop"));
    EXPECT_LT(result.seconds, 5);
  }
  const GoBuild build = BuildGo("hello", environment);
  EXPECT_TRUE(Refused(build.go));
  EXPECT_THAT(build.go.error, HasSubstr(wrapper));
}

// ---- the same bytes
// --------------------------------------------------------------------------------------------------

TEST(DeterminismTest, TheSameBytesInAnyDirectoryAndWithAnyNumberOfThreads) {
  if (FindProgram("taskset").empty()) GTEST_SKIP() << "no taskset";
  const FinalLink link = CaptureLink(CopyModule("osuser"));
  const std::string first = MakeTempDirectory() + "/first", second = MakeTempDirectory() + "/second";
  ASSERT_TRUE(Succeeded(RunProgram(link.To(first))));
  std::vector<std::string> one_thread = {"taskset", "-c", "0"};
  const std::vector<std::string> again = link.To(second);
  one_thread.insert(one_thread.end(), again.begin(), again.end());
  ASSERT_TRUE(Succeeded(RunProgram(one_thread, {}, MakeTempDirectory())));
  EXPECT_TRUE(ReadText(first) == ReadText(second));
}

// As on two runners of a CI that share a GOCACHE.
TEST(DeterminismTest, TheSameToolchainAtAnotherPlaceAndTimeMakesTheSameBytes) {
  const std::string log = absl::StrCat(MakeTempDirectory(), "/log");
  const std::string module = CopyModule("hello");
  GccTree tree;
  const auto build = [&] {
    fs::remove(module + "/program");
    const GoBuild made = BuildIn(module, {LogTo(log), absl::StrCat("CGO_LD_SHIM_CC=", tree.gcc())}, {"-trimpath"});
    EXPECT_EQ(RunStatic(made).output, "answer 42 version none\n");
    return ReadText(made.binary);
  };
  const std::string first = build();
  tree.Touch();
  tree.Move();
  EXPECT_TRUE(build() == first);
  EXPECT_EQ(ReadLog(log).size(), 2U) << "the program was removed";
}

TEST(DeterminismTest, TrimmedBuildsInTwoDirectoriesAreEqual) {
  const std::string log = absl::StrCat(MakeTempDirectory(), "/log");
  const GoBuild first = BuildGo("hello", {LogTo(log)}, {"-trimpath"});
  const GoBuild second = BuildGo("hello", {LogTo(log)}, {"-trimpath"});
  EXPECT_EQ(RunStatic(second).output, "answer 42 version none\n");
  EXPECT_TRUE(ReadText(first.binary) == ReadText(second.binary));
  EXPECT_EQ(ReadLog(log).size(), 2U) << "both were linked";
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
