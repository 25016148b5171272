// Go's build cache knows nothing of the linker; we see to it that what would change a program links it again, and that
// nothing else does (DESIGN.md, invariant 7).
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "tests/e2e/elf_file.h"
#include "tests/e2e/harness.h"
#include "tests/e2e/link_log.h"

namespace cgo_ld_shim::e2e {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

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

// ---- what is compiled and linked anew, with `cgo-ld-shim go` and with plain CC (the table of docs/reference.md)

// A program with an archive of its own, whose compiles by the underlying compiler are counted as well.
class Levers {
 public:
  explicit Levers(bool go_command)
      : go_command_(go_command),
        directory_(
            MakeModule({{"main.go",
                         "package main\n\n// #cgo LDFLAGS: -L${SRCDIR} -lown\n// int own(void);\nimport \"C\"\n\n"
                         "func main() { println(C.own()) }\n"}})),
        log_(MakeTempDirectory() + "/log"),
        compiles_(MakeTempDirectory() + "/compiles"),
        cc_(NewCompiler()) {
    Own(1);
  }

  void Own(int value) {
    MakeArchive(directory_ + "/libown.a", {{"own.c", absl::StrCat("int own(void) { return ", value, "; }")}});
  }

  static std::string NewCompiler() {
    std::string path = MakeTempDirectory() + "/gcc";
    // A compile has a file; Go's questions have "-".
    WriteProgram(path,
                 "#!/bin/sh\ncase \"$*\" in *' -c '*.[cS]*) echo \"$*\" >> \"$COMPILES\" ;; esac\n"
                 "exec /usr/bin/gcc \"$@\"\n");
    return path;
  }
  const std::string& cc() const { return cc_; }
  void UseCompiler(const std::string& path) { cc_ = path; }

  // "2 compiles, 1 link" of one build; some or none, where compiles are many.
  std::string Build(Environment environment = {}) {
    WriteText(compiles_, "");
    const size_t before = ReadLog(log_).size();
    environment.insert(environment.end(), {LogTo(log_), absl::StrCat("COMPILES=", compiles_)});
    environment.push_back(absl::StrCat("CGO_LD_SHIM_CC=", cc_));
    std::vector<std::string> argv = {"go", "build", "-o", "program"};
    if (go_command_) argv.insert(argv.begin(), Shim());
    environment.push_back(go_command_ ? "CC" : "CC=cgo-ld-shim");
    EXPECT_TRUE(Succeeded(RunProgram(argv, environment, directory_)));
    return absl::StrCat(ReadText(compiles_).empty() ? "no" : "some", " compiles, ", ReadLog(log_).size() - before,
                        " links");
  }
  std::string Run() const { return RunProgram({directory_ + "/program"}).error; }
  std::string Check() const { return RunProgram({Shim(), "check", directory_ + "/program"}).output; }
  std::string Explain() const { return RunProgram({Shim(), "explain", directory_ + "/program"}).output; }

 private:
  const bool go_command_;
  const std::string directory_, log_, compiles_;
  std::string cc_;
};

TEST(LeversTest, UnderTheGoCommand) {
  Levers program(/*go_command=*/true);
  EXPECT_EQ(program.Build(), "some compiles, 1 links");
  EXPECT_EQ(program.Build(), "no compiles, 0 links") << "nothing changed";
  EXPECT_EQ(program.Build({"CGO_LD_SHIM_DEBUG_SECTIONS=none"}), "no compiles, 1 links") << "a setting of the link";
  EXPECT_EQ(program.Build({"CGO_LD_SHIM_DEBUG_SECTIONS=none"}), "no compiles, 0 links");
  EXPECT_EQ(program.Build(), "no compiles, 1 links") << "and back";
  program.Own(2);
  EXPECT_EQ(program.Build(), "no compiles, 1 links") << "an archive";
  EXPECT_EQ(program.Run(), "2\n");
  EXPECT_EQ(program.Build(), "no compiles, 0 links");
  EXPECT_EQ(program.Build({"CGO_LD_SHIM_STATIC=prefer"}), "some compiles, 1 links") << "a setting of compiles";
  EXPECT_EQ(program.Build(), "no compiles, 1 links") << "and back";
  fs::last_write_time(program.cc(), fs::last_write_time(program.cc()) + std::chrono::hours(1));
  EXPECT_EQ(program.Build(), "no compiles, 0 links") << "the compiler touched";
  program.UseCompiler(Levers::NewCompiler());
  EXPECT_EQ(program.Build(), "no compiles, 0 links") << "the same compiler elsewhere";
}

TEST(LeversTest, WithPlainCc) {
  Levers program(/*go_command=*/false);
  EXPECT_EQ(program.Build(), "some compiles, 1 links");
  EXPECT_EQ(program.Build(), "no compiles, 0 links") << "nothing changed";
  EXPECT_EQ(program.Build({"CGO_LD_SHIM_DEBUG_SECTIONS=none"}), "some compiles, 1 links") << "a setting of the link";
  EXPECT_EQ(program.Build(), "no compiles, 1 links") << "and back";
  EXPECT_THAT(program.Check(), testing::Not(HasSubstr("changed since this link")));
  program.Own(2);
  EXPECT_EQ(program.Build(), "no compiles, 0 links") << "an archive: Go does not look at it";
  EXPECT_EQ(program.Run(), "1\n");
  EXPECT_THAT(program.Check(), HasSubstr("libown.a has changed since this link"));
  EXPECT_THAT(program.Explain(), HasSubstr("libown.a has changed since this link"));
  EXPECT_EQ(program.Build({"CGO_LD_SHIM_STATIC=prefer"}), "some compiles, 1 links") << "a setting of compiles";
  program.UseCompiler(Levers::NewCompiler());
  EXPECT_EQ(program.Build(), "no compiles, 1 links") << "back, and the same compiler elsewhere";
}

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
TEST(DeterminismTest, TheSameToolchainAtAnotherPlaceAndTimeCompilesNothing) {
  const std::string log = absl::StrCat(MakeTempDirectory(), "/log");
  const std::string compiles = absl::StrCat(MakeTempDirectory(), "/compiles");
  const std::string module = CopyModule("hello");  // its name makes a compiler that no GOCACHE knows
  const auto build = [&](int hours) {
    const std::string directory = MakeTempDirectory();
    WriteProgram(directory + "/gcc", absl::StrCat("#!/bin/sh\n# ", module,
                                                  "\ncase \"$*\" in *' -c '*.[cS]*) echo $* >> $COMPILES ;; esac\n"
                                                  "exec /usr/bin/gcc \"$@\"\n"));
    fs::last_write_time(directory + "/gcc", fs::last_write_time(directory + "/gcc") - std::chrono::hours(hours));
    GoBuild made = BuildIn(
        module, {LogTo(log), absl::StrCat("CGO_LD_SHIM_CC=", directory, "/gcc"), absl::StrCat("COMPILES=", compiles)},
        {"-trimpath"});
    EXPECT_EQ(RunStatic(made).output, "answer 42 version none\n");
    return ReadText(made.binary);
  };
  WriteText(compiles, "");
  const std::string first = build(0);
  EXPECT_NE(ReadText(compiles), "");
  WriteText(compiles, "");
  fs::remove(module + "/program");
  EXPECT_TRUE(build(1000) == first);
  EXPECT_EQ(ReadText(compiles), "");
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
