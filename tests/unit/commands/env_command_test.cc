// The commands `go`, `env`, `explain`, `help` and `version`: variables, quoting, what is asked wrongly.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "llvm/Support/JSON.h"
#include "report/ids.h"
#include "report/record.h"
#include "rules/rule_id.h"
#include "shim/commands/commands.h"
#include "shim/commands/environment.h"
#include "shim/commands/options.h"
#include "shim/commands/terminal.h"
#include "support/file.h"
#include "support/process.h"

namespace cgo_ld_shim::commands {
namespace {

void Write(const std::string& path, const std::string& content, mode_t mode) {
  std::ofstream(path, std::ios::binary) << content;
  ASSERT_EQ(::chmod(path.c_str(), mode), 0);
}

std::string Read(const std::string& path) { return support::ReadFile(path).value_or("(no file)"); }

// What a command says: status, stdout and stderr.
struct Said {
  int status;
  std::string out, error;
};
Said Say(const std::vector<std::string>& args) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int status = Run(args);
  const std::string out = testing::internal::GetCapturedStdout();
  return {status, out, testing::internal::GetCapturedStderr()};
}

// A directory with an executable, the link to it under its C++ name, and environment variables that are put back.
class CommandsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = absl::StrCat(testing::TempDir(), "/commands-XXXXXX");
    root_ = ::mkdtemp(name.data());
    ASSERT_EQ(::mkdir((root_ + "/bin").c_str(), 0755), 0);
    self_ = root_ + "/bin/cgo-ld-shim";
    Write(self_, "#!/bin/sh\n", 0755);
    ASSERT_EQ(::symlink("cgo-ld-shim", (self_ + "++").c_str()), 0);
    surroundings_.self = self_;
    surroundings_.self_cxx = self_ + "++";
    surroundings_.go.environment = {{"PATH", root_ + "/bin:/usr/bin:/bin"}};
    surroundings_.archiver_of = [this](const std::vector<std::string>& compiler) {
      asked_ = compiler;
      return archiver_;
    };
    for (const char* variable :
         {"PATH", "HOME", "XDG_STATE_HOME", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "CC", "CXX",
          "CGO_LD_SHIM_CC", "CGO_LD_SHIM_LIBC", "GOFLAGS", "CI", "GITHUB_ACTIONS"}) {
      const char* value = std::getenv(variable);
      saved_.emplace_back(variable, value == nullptr ? std::nullopt : std::optional<std::string>(value));
    }
    ::setenv("XDG_STATE_HOME", root_.c_str(), 1);
    ::unsetenv("CI");
    ::unsetenv("GITHUB_ACTIONS");
  }
  void TearDown() override {
    for (const auto& [name, value] : saved_) {
      if (value) {
        ::setenv(name.c_str(), value->c_str(), 1);
      } else {
        ::unsetenv(name.c_str());
      }
    }
    std::error_code error;
    std::filesystem::remove_all(root_, error);
    EXPECT_FALSE(error) << error.message();
  }

  // "CC=… CXX=…", with the directory written as @.
  std::string Text() const {
    const std::string text = absl::StrJoin(
        Variables(surroundings_).variables, " ",
        [](std::string* out, const Variable& variable) { absl::StrAppend(out, variable.name, "=", variable.value); });
    std::string short_text;
    for (size_t at = 0; at < text.size();) {
      if (text.compare(at, root_.size(), root_) == 0) {
        short_text += '@';
        at += root_.size();
      } else {
        short_text += text[at++];
      }
    }
    return short_text;
  }

  std::string root_, self_, archiver_;
  mutable std::vector<std::string> asked_;
  Surroundings surroundings_;
  std::vector<std::pair<std::string, std::optional<std::string>>> saved_;
};

constexpr char kPlain[] = "CC=@/bin/cgo-ld-shim CXX=@/bin/cgo-ld-shim++ AR=ar CGO_ENABLED=1";

TEST_F(CommandsTest, SetsCompilersArchiverAndCgo) {
  EXPECT_EQ(Text(), kPlain);
  EXPECT_TRUE(Variables(surroundings_).warnings.empty());
  EXPECT_TRUE(Variables(surroundings_).sources.empty());
}

TEST_F(CommandsTest, TakesACompilerOfTheEnvironmentAsTheUnderlyingOne) {
  surroundings_.go.environment["CC"] = "ccache gcc-12";
  surroundings_.go.environment["CXX"] = "clang++";
  EXPECT_EQ(Text(), std::string(kPlain) + " CGO_LD_SHIM_CC=ccache gcc-12 CGO_LD_SHIM_CXX=clang++");
}

TEST_F(CommandsTest, TakesACompilerOfGoEnvAsTheUnderlyingOne) {
  surroundings_.go.files = {{"CC", "clang"}};
  EXPECT_EQ(Text(), std::string(kPlain) + " CGO_LD_SHIM_CC=clang");
  const std::vector<Variable> sources = Variables(surroundings_).sources;
  ASSERT_EQ(sources.size(), 1u);
  EXPECT_EQ(sources[0].name + "=" + sources[0].value, "CGO_LD_SHIM_INTERNAL_CC=CC");
}

// `go env CC` prints clang for macOS and FreeBSD where nobody has set anything.
TEST_F(CommandsTest, GosOwnDefaultIsNobodysChoice) {
  Write(root_ + "/go",
        "#!/bin/sh\ncase $*\nin\n\"env GOENV GOROOT\") printf '%s/env\\n%s\\n' \"${0%/go}\" \"${0%/go}\";;\n*) "
        "echo clang;;\nesac\n",
        0755);
  ::setenv("PATH", absl::StrCat(root_, ":/usr/bin:/bin").c_str(), 1);
  for (const char* variable : {"CC", "CXX", "CGO_LD_SHIM_CC"}) ::unsetenv(variable);
  EXPECT_FALSE(absl::StrContains(Say({"env"}).out, "clang")) << Say({"env"}).out;
  Write(root_ + "/go.env", "# of the distribution\nCXX=clang++-19\nCC=gcc-12\n", 0644);
  Write(root_ + "/env", "CC=clang-19\n", 0644);
  const std::string out = Say({"env"}).out;
  EXPECT_TRUE(absl::StrContains(out, "CGO_LD_SHIM_CC='clang-19'")) << out;
  EXPECT_TRUE(absl::StrContains(out, "CGO_LD_SHIM_CXX='clang++-19'")) << out;
  EXPECT_FALSE(absl::StrContains(out, "INTERNAL")) << "for the children of go alone";
}

TEST_F(CommandsTest, NeverTakesItselfAsTheUnderlyingCompiler) {
  ASSERT_EQ(::link(self_.c_str(), (root_ + "/another-name").c_str()), 0);
  for (const std::string& cc : {std::string("cgo-ld-shim"), self_, self_ + "++", root_ + "/another-name",
                                std::string("ccache cgo-ld-shim"), absl::StrCat("'", self_, "'")}) {
    surroundings_.go.environment["CC"] = cc;
    surroundings_.go.environment["CXX"] = cc;
    EXPECT_EQ(Text(), kPlain) << cc;
  }
  // As go env -w keeps it.
  surroundings_.go.files = {{"CC", self_}, {"CXX", self_ + "++"}};
  surroundings_.go.environment.erase("CC");
  surroundings_.go.environment.erase("CXX");
  EXPECT_EQ(Text(), kPlain);
}

// A Python wheel cannot hold a link: its cgo-ld-shim++ is a program of its own that starts the one beside it.
TEST_F(CommandsTest, KnowsTheLauncherOfItsCxxName) {
  ASSERT_EQ(::unlink((self_ + "++").c_str()), 0);
  Write(self_ + "++", "starts cgo-ld-shim", 0755);
  surroundings_.go.environment["CC"] = self_;
  surroundings_.go.environment["CXX"] = self_ + "++";
  EXPECT_EQ(Text(), kPlain);
}

TEST_F(CommandsTest, KeepsAnUnderlyingCompilerThatIsSet) {
  surroundings_.go.environment["CC"] = "clang";
  surroundings_.go.environment["CGO_LD_SHIM_CC"] = "musl-gcc";
  EXPECT_EQ(Text(), kPlain);
}

TEST_F(CommandsTest, AsksACrossCompilerForItsArchiver) {
  Write(root_ + "/aarch64-linux-gnu-ar", "#!/bin/sh\n", 0755);
  archiver_ = root_ + "/aarch64-linux-gnu-ar";
  surroundings_.go.environment["CC"] = "aarch64-linux-gnu-gcc -mtune=native";
  EXPECT_TRUE(absl::StrContains(Text(), " AR=@/aarch64-linux-gnu-ar ")) << Text();
  EXPECT_EQ(asked_, (std::vector<std::string>{"aarch64-linux-gnu-gcc", "-mtune=native"}));
  archiver_ = "no-such-ar";
  EXPECT_TRUE(absl::StrContains(Text(), " AR=ar ")) << Text();
}

TEST_F(CommandsTest, LeavesAnArchiverThatIsSet) {
  surroundings_.go.environment["AR"] = "llvm-ar";
  EXPECT_FALSE(absl::StrContains(Text(), " AR="));
  surroundings_.go.environment.erase("AR");
  surroundings_.go.files = {{"AR", "llvm-ar"}};
  EXPECT_FALSE(absl::StrContains(Text(), " AR="));
}

TEST_F(CommandsTest, QuotesAPathWithSpacesAsGoSplitsIt) {
  surroundings_.self = "/a b/cgo-ld-shim";
  surroundings_.self_cxx = "/it's a/cgo-ld-shim++";
  EXPECT_TRUE(absl::StartsWith(Text(), "CC='/a b/cgo-ld-shim' CXX=\"/it's a/cgo-ld-shim++\" ")) << Text();
}

TEST_F(CommandsTest, WarnsWithoutItsCxxNameAndOfCgoSwitchedOff) {
  surroundings_.self_cxx.clear();
  surroundings_.go.environment["CGO_ENABLED"] = "0";
  const GoVariables go = Variables(surroundings_);
  ASSERT_EQ(go.warnings.size(), 2u);
  EXPECT_TRUE(absl::StrContains(go.warnings[0], "C++ sources")) << go.warnings[0];
  EXPECT_TRUE(absl::StrContains(go.warnings[1], "CGO_ENABLED=0 is set, and stays")) << go.warnings[1];
  EXPECT_FALSE(absl::StrContains(Text(), "CGO_ENABLED="));
  EXPECT_FALSE(absl::StrContains(Text(), "CXX="));
}

TEST_F(CommandsTest, EnvPrintsWhatAShellEvaluatesToTheSameWords) {
  const std::string odd = "/opt/it's \"odd\" $HOME `x` \\cc";
  ::setenv("CC", odd.c_str(), 1);
  const Said said = Say({"env"});
  EXPECT_EQ(said.status, kOk) << said.error;
  Write(root_ + "/try.sh", absl::StrCat("unset CGO_LD_SHIM_CC\n", said.out, "printf %s \"$CGO_LD_SHIM_CC\" > \"$1\"\n"),
        0755);
  ASSERT_TRUE(support::RunProcess({"/bin/sh", root_ + "/try.sh", root_ + "/answer"}).ok());
  EXPECT_EQ(Read(root_ + "/answer"), odd);
}

TEST_F(CommandsTest, EnvSpeaksFish) {
  ::setenv("CC", "/a'b\\c", 1);
  const Said said = Say({"env", "--shell=fish"});
  EXPECT_TRUE(absl::StrContains(said.out, "set -gx CGO_ENABLED '1'\n")) << said.out;
  EXPECT_TRUE(absl::StrContains(said.out, "set -gx CGO_LD_SHIM_CC '/a\\'b\\\\c'\n")) << said.out;
  EXPECT_EQ(Say({"env", "--shell", "tcsh"}).status, kUsage);
  EXPECT_EQ(Say({"env", "--shell"}).status, kUsage);
}

TEST_F(CommandsTest, EnvExplainsEachSettingWithItsValue) {
  ::setenv("CGO_LD_SHIM_LIBC", "musl", 1);
  ::setenv("COLUMNS", "110", 1);
  const Said said = Say({"env", "--explain"});
  EXPECT_EQ(said.status, kOk);
  EXPECT_TRUE(absl::StartsWith(said.out,
                               "setting                     now       default   changes   values · what it is\n"
                               "CGO_LD_SHIM_LIBC            musl      auto      objects   auto, glibc, musl · "))
      << said.out;
  EXPECT_TRUE(absl::StrContains(said.out, "\nCGO_LD_SHIM_STRICT  ")) << said.out;
}

TEST_F(CommandsTest, NamesAWrongSettingButStillExplains) {
  ::setenv("CGO_LD_SHIM_LIBC", "msl", 1);
  const Said said = Say({"env", "--explain"});
  EXPECT_EQ(said.status, kUsage);
  EXPECT_TRUE(absl::StrContains(said.error, "CGO_LD_SHIM_LIBC=msl is not one of its values")) << said.error;
  EXPECT_TRUE(absl::StrContains(said.out, "msl       auto")) << said.out;
  EXPECT_EQ(Say({"env"}).out, "");
}

// Runs `go` in a child, because it becomes the go command.
int RunGo(const std::vector<std::string>& args, const std::string& error_file) {
  const pid_t child = ::fork();
  if (child == 0) {
    const int file = ::open(error_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || ::dup2(file, STDERR_FILENO) < 0) ::_exit(99);
    const int status = GoCommand(args);
    std::fflush(nullptr);
    ::_exit(status);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(CommandsTest, GoRunsGoWithTheVariablesAndItsExitStatus) {
  Write(root_ + "/go",
        absl::StrCat("#!/bin/sh\n[ \"$1\" = env ] && exit 1\nprintf '%s\\n' \"$*\" \"$CGO_ENABLED\" "
                     "\"$CGO_LD_SHIM_CC\" \"$CGO_LD_SHIM_DEPTH\" > '",
                     root_, "/seen'\nexit 7\n"),
        0755);
  ::setenv("PATH", absl::StrCat(root_, ":/usr/bin:/bin").c_str(), 1);
  ::setenv("CC", "clang -O1", 1);
  ::unsetenv("CGO_LD_SHIM_DEPTH");
  EXPECT_EQ(RunGo({"build", "-o", "a b", "./..."}, root_ + "/error"), 7);
  // No depth: go is not a compiler that called another one.
  EXPECT_EQ(Read(root_ + "/seen"), "build -o a b ./...\n1\nclang -O1\n\n");
}

TEST_F(CommandsTest, GoEndsByTheSignalThatEndedGo) {
  Write(root_ + "/go", "#!/bin/sh\n[ \"$1\" = env ] && exit 1\nkill -TERM $$\n", 0755);
  ::setenv("PATH", absl::StrCat(root_, ":/usr/bin:/bin").c_str(), 1);
  const pid_t child = ::fork();
  if (child == 0) ::_exit(GoCommand({"build"}));
  int status = -1;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status)) << status;
  EXPECT_EQ(WTERMSIG(status), SIGTERM);
}

TEST_F(CommandsTest, GoHandsSignalsOn) {
  Write(root_ + "/go",
        "#!/bin/sh\n[ \"$1\" = env ] && exit 1\ntrap 'exit 7' TERM\nkill -TERM $PPID\nwhile :; do :; done\n", 0755);
  ::setenv("PATH", absl::StrCat(root_, ":/usr/bin:/bin").c_str(), 1);
  EXPECT_EQ(RunGo({"test"}, root_ + "/error"), 7);
}

// Whoever holds the other end of stderr after go has gone, a daemon say, does not keep us.
TEST_F(CommandsTest, GoEndsWithGo) {
  Write(root_ + "/go", "#!/bin/sh\n[ \"$1\" = env ] && exit 1\nsleep 100 > /dev/null &\necho $! > \"$0.pid\"\nexit 3\n",
        0755);
  ::setenv("PATH", absl::StrCat(root_, ":/usr/bin:/bin").c_str(), 1);
  EXPECT_EQ(RunGo({"build"}, root_ + "/error"), 3);
  const int sleeper = std::atoi(Read(root_ + "/go.pid").c_str());
  ASSERT_GT(sleeper, 0);
  ::kill(sleeper, SIGKILL);
}

TEST_F(CommandsTest, GoPrintsEachLineOfProgressOnce) {
  Write(root_ + "/go",
        "#!/bin/sh\n[ \"$1\" = env ] && exit 1\nfor i in 1 2 3; do echo preparing musl > "
        "$CGO_LD_SHIM_INTERNAL_PROGRESS; done\nexit 0\n",
        0755);
  ::setenv("PATH", absl::StrCat(root_, ":/usr/bin:/bin").c_str(), 1);
  for (const char* command : {"build", "run"}) {
    EXPECT_EQ(RunGo({command}, root_ + "/error"), 0);
    const std::string error = Read(root_ + "/error");
    const size_t at = error.find("cgo-ld-shim: preparing musl\n");
    ASSERT_NE(at, std::string::npos) << command << ": " << error;
    EXPECT_EQ(error.find("preparing", at + 20), std::string::npos) << command << ": " << error;
  }
}

TEST_F(CommandsTest, GoSaysWhatToInstallWhereThereIsNoGo) {
  ::setenv("PATH", root_.c_str(), 1);
  EXPECT_EQ(RunGo({"build"}, root_ + "/error"), 127);
  const std::string error = Read(root_ + "/error");
  EXPECT_TRUE(absl::StrContains(error, "there is no go on PATH")) << error;
  EXPECT_TRUE(absl::StrContains(error, "golang-go") || absl::StrContains(error, "go.dev/dl") ||
              absl::StrContains(error, "/usr/local/go/bin"))
      << error;
}

TEST_F(CommandsTest, GoWarnsOfLinksThatGoPastIt) {
  Write(root_ + "/go", "#!/bin/sh\nexit 0\n", 0755);
  ::setenv("PATH", root_.c_str(), 1);
  EXPECT_EQ(RunGo({"build", "-ldflags=-s -linkmode=internal"}, root_ + "/error"), 0);
  EXPECT_TRUE(absl::StrContains(Read(root_ + "/error"), "-linkmode=internal: Go links by itself"))
      << Read(root_ + "/error");
  ::setenv("GOFLAGS", "-ldflags=-linkmode=internal", 1);
  EXPECT_EQ(RunGo({"build"}, root_ + "/error"), 0);
  EXPECT_TRUE(absl::StrContains(Read(root_ + "/error"), "-linkmode=internal")) << Read(root_ + "/error");
  ::unsetenv("GOFLAGS");
  EXPECT_EQ(RunGo({"build", "-ldflags=-extldflags=-static"}, root_ + "/error"), 0);
  EXPECT_FALSE(absl::StrContains(Read(root_ + "/error"), "-ext")) << Read(root_ + "/error");
}

TEST_F(CommandsTest, GoShowsItsOwnHelpForTheFirstWordAlone) {
  const Said said = Say({"go", "--help"});
  EXPECT_EQ(said.status, kOk);
  EXPECT_TRUE(absl::StrContains(said.out, "example:\n  cgo-ld-shim go build")) << said.out;
}

TEST_F(CommandsTest, ExplainSaysWhatToDoWhenThereIsNoRecord) {
  EXPECT_EQ(Say({"explain"}).status, kFailed);
  EXPECT_TRUE(absl::StrContains(Say({"explain"}).error, "no link has been recorded yet in " + root_))
      << Say({"explain"}).error;
  ::unsetenv("XDG_STATE_HOME");
  ::unsetenv("HOME");
  EXPECT_TRUE(absl::StrContains(Say({"explain", "last"}).error, "no records are kept here")) << Say({"explain"}).error;
}

TEST_F(CommandsTest, ExplainShowsTheLastLinkOrThatOfABinary) {
  report::LinkRecord record;
  record.time_ms = 1785600000000;
  record.outcome = "linked";
  record.mode = "static";
  record.output = self_;
  record.driver_argv = {"/usr/bin/gcc", "-static"};
  record.edits = {{rules::RuleId::kForceStatic, {}, {"-static"}, "final link of an executable", {}}};
  ASSERT_TRUE(report::StoreRecord(record).ok());
  EXPECT_TRUE(absl::StartsWith(Say({"explain"}).out, "cgo-ld-shim: static executable")) << Say({"explain"}).out;
  EXPECT_TRUE(absl::StrContains(Say({"explain", self_}).out, "explain --flags " + self_))
      << Say({"explain", self_}).out;
  EXPECT_TRUE(absl::StartsWith(Say({"explain", "--json"}).out, "{\"schema\":1,"));
  EXPECT_TRUE(absl::StartsWith(Say({"explain", self_, "--flags"}).out, "CC=gcc go build"));
  EXPECT_TRUE(absl::StartsWith(Say({"explain", "--dot", "last"}).out, "digraph link {"));
  EXPECT_TRUE(absl::StartsWith(Say({"explain", "--graph", "last"}).out, "<svg "));
  EXPECT_EQ(Say({"explain", self_}).error, "");
  // The same link once more is nothing to choose from; another one is.
  ASSERT_TRUE(report::StoreRecord(record).ok());
  EXPECT_EQ(Say({"explain", self_}).error, "");
  record.cwd = "/somewhere/else";  // -trimpath: the same bytes in any directory
  ASSERT_TRUE(report::StoreRecord(record).ok());
  EXPECT_EQ(Say({"explain", self_}).error, "");
  record.notes = {"something else"};
  record.package = "example.com/kv";
  ASSERT_TRUE(report::StoreRecord(record).ok());
  EXPECT_TRUE(absl::StrContains(Say({"explain", "example.com/kv"}).out, "something else"));
  EXPECT_TRUE(absl::StrContains(Say({"explain", self_}).error, "4 links fit " + self_ + " equally; this is the newest"))
      << Say({"explain", self_}).error;
  EXPECT_TRUE(absl::StrContains(Say({"explain", "/no/such"}).error,
                                "there is no file and no package /no/such with a link on record"));
  EXPECT_TRUE(absl::StrContains(Say({"explain", "/bin/sh"}).error, "no record of a link fits /bin/sh"));
  EXPECT_EQ(Say({"explain", "--json", "--flags"}).status, kUsage);
  EXPECT_EQ(Say({"explain", "a", "b"}).status, kUsage);
}

// What an id means is told without any link on record; a link of that name comes first.
TEST_F(CommandsTest, ExplainTellsWhatAnIdMeans) {
  const std::string rule(Name(rules::RuleId::kNssFiles));
  EXPECT_TRUE(absl::StartsWith(Say({"explain", rule}).out, rule + ": a rule")) << Say({"explain", rule}).out;
  EXPECT_TRUE(absl::StrContains(Say({"explain", rule}).out, "CGO_LD_SHIM_NSS"));
  EXPECT_TRUE(absl::StrContains(Say({"explain", "only-shared"}).out, "only a shared library defines it"));
  EXPECT_TRUE(absl::StrContains(Say({"explain", "bsd-types"}).out, "a compile for another target"));
  EXPECT_TRUE(absl::StrContains(Say({"explain", "CGO_LD_SHIM_STATIC"}).out, "full|prefer|off"));
  for (const std::string& id : report::Ids()) EXPECT_NE(report::IdText(id), "") << id;
  EXPECT_TRUE(absl::StrContains(Say({"explain", "only-shard"}).error, "did you mean the id only-shared?"));
  EXPECT_EQ(Say({"explain", rule, "--json"}).status, kUsage);
  EXPECT_TRUE(absl::StrContains(Say({"explain", "z"}).error, "no link has been recorded yet"));

  report::LinkRecord record;
  record.outcome = "linked";
  record.package = rule;
  ASSERT_TRUE(report::StoreRecord(record).ok());
  EXPECT_FALSE(absl::StrContains(Say({"explain", rule}).out, "a rule"));
}

// A picture's text on a terminal is of use to nobody.
TEST_F(CommandsTest, AGraphIsNotWrittenToATerminal) {
  report::LinkRecord record;
  record.outcome = "linked";
  ASSERT_TRUE(report::StoreRecord(record).ok());
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
  if (terminal < 0 || ::grantpt(terminal) != 0 || ::unlockpt(terminal) != 0) GTEST_SKIP() << "no pseudo-terminal here";
  const int screen = ::open(::ptsname(terminal), O_RDWR | O_NOCTTY);
  ASSERT_GE(screen, 0);
  std::fflush(stdout);
  const int output = ::dup(STDOUT_FILENO);
  ::dup2(screen, STDOUT_FILENO);
  testing::internal::CaptureStderr();
  const int on_terminal = commands::Run({"explain", "--graph"});
  const std::string file = absl::StrCat(testing::TempDir(), "/link.svg");
  const int to_file = commands::Run({"explain", "--graph", "-o", file});
  std::fflush(stdout);
  const std::string error = testing::internal::GetCapturedStderr();
  ::dup2(output, STDOUT_FILENO);
  for (const int fd : {output, screen, terminal}) ::close(fd);
  EXPECT_EQ(on_terminal, kUsage);
  EXPECT_TRUE(absl::StrContains(error, "add -o FILE")) << error;
  EXPECT_EQ(to_file, kOk);
  EXPECT_TRUE(absl::StartsWith(support::ReadFile(file).value_or(""), "<svg "));
}

TEST_F(CommandsTest, CheckSaysNothingButItsStatusForQ) {
  const Said shared = Say({"check", "-q", "/bin/sh"});
  EXPECT_EQ(shared.status, Say({"check", "/bin/sh"}).status);
  EXPECT_EQ(shared.out, "");
  EXPECT_EQ(shared.error, "");
  const Said gone = Say({"check", "-q", "/nonexistent"});
  EXPECT_EQ(gone.status, 2);
  EXPECT_NE(gone.error, "") << "that there is no answer is no answer";
  EXPECT_EQ(Say({"check", "-q", "--json", "/bin/sh"}).status, kUsage);
}

TEST_F(CommandsTest, SuggestWhatWasProbablyMeant) {
  EXPECT_TRUE(absl::StrContains(Say({"explian"}).error, "did you mean explain?"));
  EXPECT_EQ(Say({"explian"}).status, kUsage);
  EXPECT_TRUE(absl::StrContains(Say({"help", "versoin"}).error, "did you mean version?"));
  EXPECT_TRUE(absl::StrContains(Say({"explain", "--flasg"}).error, "did you mean --flags?"));
  EXPECT_TRUE(absl::StrContains(Say({"zzzzzz"}).error, "is not a command. See"));
  EXPECT_EQ(Nearest("x", {"go"}), "");
}

TEST_F(CommandsTest, TakeOnlyALoneWordNearACommandForASlip) {
  EXPECT_TRUE(LooksMistyped({"explian"}));
  EXPECT_TRUE(LooksMistyped({"hepl"}));
  EXPECT_TRUE(LooksMistyped({"build", "./..."})) << "go's own command";
  EXPECT_EQ(Nearest("--htlm", {"--help", "--html"}), "--html");
  EXPECT_EQ(Nearest("linux/amd46", {"linux/arm64", "linux/amd64"}), "linux/amd64");
  EXPECT_FALSE(LooksMistyped({"explain"}));
  EXPECT_FALSE(LooksMistyped({}));
  for (const char* word : {"main.c", "-o", "@response", "go.o", "a", "libfoo", "/explian"})
    EXPECT_FALSE(LooksMistyped({word})) << word;
}

TEST_F(CommandsTest, EachHasHelpWithAnExample) {
  for (size_t i = 0; i < kCommandCount; ++i) {
    if (kCommands[i].summary == nullptr) continue;
    const std::string name = kCommands[i].name;
    const Said said = Say({"help", name});
    EXPECT_EQ(said.status, kOk);
    EXPECT_TRUE(absl::StrContains(said.out, "usage: cgo-ld-shim " + name)) << said.out;
    EXPECT_TRUE(absl::StrContains(said.out, "example:\n  ")) << said.out;
    EXPECT_EQ(Say({name, "--help"}).out, said.out);
    EXPECT_TRUE(absl::StrContains(Say({"help"}).out, absl::StrCat("\n  ", name, " ")));
  }
  EXPECT_EQ(Say({}).status, kUsage);
}

TEST_F(CommandsTest, VersionIsOneLine) {
  EXPECT_EQ(Say({"version"}).out, VersionText());
  EXPECT_TRUE(absl::StartsWith(VersionText(),
                               "cgo-ld-shim " CGO_LD_SHIM_VERSION " · lld " CGO_LD_SHIM_LLVM " · " CGO_LD_SHIM_ZLIB))
      << VersionText();
  EXPECT_EQ(Say({"--cgo-ld-shim-version"}).out, VersionText());
  EXPECT_EQ(Say({"--cgo-ld-shim-version", "--json"}).out, Say({"version", "--json"}).out);
  llvm::Expected<llvm::json::Value> json = llvm::json::parse(Say({"version", "--json"}).out);
  ASSERT_TRUE(static_cast<bool>(json)) << llvm::toString(json.takeError());
  EXPECT_EQ(json->getAsObject()->getString("version"), llvm::StringRef(CGO_LD_SHIM_VERSION));
  EXPECT_EQ(json->getAsObject()->getString("lld"), llvm::StringRef(CGO_LD_SHIM_LLVM));
  EXPECT_EQ(json->getAsObject()->getBoolean("with_lto").has_value(), true);
}

TEST_F(CommandsTest, ColourAndWidthFollowTheUsersVariables) {
  for (const char* variable : {"NO_COLOR", "CLICOLOR_FORCE", "COLUMNS"}) ::unsetenv(variable);
  ::setenv("CLICOLOR_FORCE", "1", 1);
  EXPECT_TRUE(OutputOptions().colour);
  ::setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(OutputOptions().colour);
  ::unsetenv("NO_COLOR");
  ::setenv("CLICOLOR_FORCE", "0", 1);
  testing::internal::CaptureStdout();  // a file, not a terminal
  EXPECT_FALSE(OutputOptions().colour);
  EXPECT_EQ(OutputOptions().width, 100);
  ::setenv("COLUMNS", "72", 1);
  EXPECT_EQ(OutputOptions().width, 72);
  ::setenv("COLUMNS", "wide", 1);
  EXPECT_EQ(OutputOptions().width, 100);
  (void)testing::internal::GetCapturedStdout();
}

}  // namespace
}  // namespace cgo_ld_shim::commands
