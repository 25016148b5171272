// `cgo-ld-shim go …`: the go command, with this program as its compiler.
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "fmt/format.h"
#include "packages/distribution.h"
#include "report/archive_states.h"
#include "shim/commands/commands.h"
#include "shim/commands/environment.h"
#include "shim/commands/go_process.h"
#include "shim/commands/options.h"
#include "shim/commands/own_stderr.h"
#include "shim/commands/toolexec.h"
#include "support/file.h"
#include "support/printable.h"
#include "support/process.h"
#include "support/settings.h"
#include "target/target.h"

namespace cgo_ld_shim::commands {
namespace {

constexpr int kNotFound = 127;  // as a shell says it
constexpr int kCannotRun = 126;

void Warn(absl::string_view text) { fmt::print(stderr, "cgo-ld-shim: warning: {}\n", support::Printable(text)); }

// Links that Go does without its C compiler, or with another one. `go_flags`: what GOFLAGS is set to.
void WarnOfBypass(const std::vector<std::string>& args, const std::string& go_flags) {
  std::vector<std::string> words = args;
  words.push_back(go_flags);
  for (const std::string& word : words) {
    if (absl::StrContains(word, "-linkmode=internal") || absl::StrContains(word, "-linkmode internal")) {
      Warn("-linkmode=internal: Go links by itself, and this program is not called for it; leave it out");
    }
    if (absl::StrContains(word, "-extld=") && !absl::StrContains(word, "cgo-ld-shim")) {
      Warn("-extld= names another linker, and this program is not called for the link");
    }
  }
}

// Our environment with the variables in it.
std::vector<std::string> Environment(const std::vector<Variable>& variables) {
  std::vector<std::string> environment;
  environment.reserve(variables.size());
  for (const Variable& variable : variables) environment.push_back(absl::StrCat(variable.name, "=", variable.value));
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const bool replaced = std::any_of(variables.begin(), variables.end(), [&](const Variable& variable) {
      return absl::StartsWith(*entry, absl::StrCat(variable.name, "="));
    });
    if (!replaced) environment.emplace_back(*entry);
  }
  return environment;
}

// The index behind -C DIRECTORY, which go takes before its subcommand or as the first flag of that.
size_t BehindDirectory(const std::vector<std::string>& words, size_t at) {
  if (at >= words.size()) return at;
  const absl::string_view word = words[at];
  if (word == "-C" || word == "--C") return std::min(at + 2, words.size());
  return absl::StartsWith(word, "-C=") || absl::StartsWith(word, "--C=") ? at + 1 : at;
}

// The subcommand of go: "build".
std::string Subcommand(const std::vector<std::string>& args) {
  const size_t at = BehindDirectory(args, 0);
  return at < args.size() ? args[at] : "";
}

// Commands that may link programs; others would only show a GOFLAGS that is not the user's.
bool Links(const std::string& subcommand) {
  constexpr const char* kLinking[] = {"build", "install", "run", "test", "generate", "tool"};
  return std::find(std::begin(kLinking), std::end(kLinking), subcommand) != std::end(kLinking);
}

// Makes this program Go's -toolexec, so that what changes the link alone links anew and compiles nothing.
void AddLinkersWord(const Surroundings& surroundings, std::vector<std::string>* argv,
                    std::vector<Variable>* variables) {
  std::string flags = surroundings.go.Get("GOFLAGS"), before;
  if (!AddToolexec(surroundings.self, &flags, argv, &before)) return;
  // Where there is none, go says so.
  std::string directory = support::CurrentDirectory().value_or("");
  for (size_t i = 1; i < std::min<size_t>(3, argv->size()); ++i) {
    absl::string_view word = (*argv)[i];
    if ((word == "-C" || word == "--C") && i + 1 < argv->size()) {
      directory = support::Absolute((*argv)[i + 1], directory);
    } else if (absl::ConsumePrefix(&word, "--C=") || absl::ConsumePrefix(&word, "-C=")) {
      directory = support::Absolute(word, directory);
    }
  }
  variables->push_back({"GOFLAGS", flags});
  variables->push_back({support::kToolexecVariable, before});
  variables->push_back({report::kModuleVariable, ModuleRoot(directory)});
}

// Lets `go run` start the program with our own stderr (own_stderr.h). False where another -exec may be meant, or it
// cannot be said: then go's stderr has to be ours.
bool AddOwnStderr(const Surroundings& surroundings, std::vector<std::string>* argv, StderrDesk* desk) {
  const auto is_exec = [](absl::string_view word) {
    return (absl::ConsumePrefix(&word, "--exec") || absl::ConsumePrefix(&word, "-exec")) &&
           (word.empty() || word[0] == '=');
  };
  // One of these may be the program's own argument, which is not worth finding out.
  if (std::any_of(argv->begin(), argv->end(), is_exec) || absl::StrContains(surroundings.go.Get("GOFLAGS"), "-exec"))
    return false;
  // What go would start a program for another machine with (cmd/go, FindExecCmd).
  std::string os = surroundings.go.Get("GOOS"), arch = surroundings.go.Get("GOARCH");
  if (os.empty()) os = "linux";
  if (arch.empty()) arch = std::string(target::HostArch());
  std::optional<std::string> wrapper;
  if (os != "linux" || arch != target::HostArch())
    wrapper = support::FindProgram(absl::StrCat("go_", os, "_", arch, "_exec"));
  // Go splits the words at blanks.
  if (absl::StrContains(surroundings.self, " ") || absl::StrContains(wrapper.value_or(""), " ") || !desk->Open())
    return false;
  std::string words = absl::StrCat(surroundings.self, " ", kOwnStderrCommand, " ", desk->name());
  if (wrapper) absl::StrAppend(&words, " ", *wrapper);
  const size_t run = BehindDirectory(*argv, 1);
  const size_t at = BehindDirectory(*argv, run + 1);
  argv->insert(argv->begin() + static_cast<std::ptrdiff_t>(std::min(at, argv->size())), {"-exec", words});
  return true;
}

enum class Show {
  kAsGo,       // go takes this process's place
  kProgress,   // go's own stderr, and progress beside it
  kWhole,      // all that go shows, and behind it what was missing
  kSummaries,  // of a failed link only what we say of it
};
Show HowToShow(const std::string& subcommand, const std::vector<std::string>& args) {
  constexpr const char* kBuilding[] = {"build", "install", "run", "test", "vet"};
  if (std::find(std::begin(kBuilding), std::end(kBuilding), subcommand) == std::end(kBuilding)) return Show::kAsGo;
  // There Go wraps each line of a compiler's in JSON, for a program to read.
  for (const absl::string_view arg : args) {
    if (arg == "-json" || arg == "--json" || arg == "-json=true" || arg == "--json=true") return Show::kProgress;
    if (arg == "--" || arg == "-args" || arg == "--args") break;
  }
  // In a CI job nobody can read a file afterwards.
  for (const char* ci : {"CI", "GITHUB_ACTIONS"}) {
    const char* value = std::getenv(ci);
    if (value != nullptr && value[0] != '\0' && absl::string_view(value) != "false") return Show::kWhole;
  }
  return Show::kSummaries;
}

}  // namespace

int GoCommand(const std::vector<std::string>& args) {
  // Only the first word may be ours: everything else is go's.
  if (!args.empty() && (args[0] == "--help" || args[0] == "-h"))
    return ParseOptions("go", args, {}).exit_status.value_or(kOk);
  if (const absl::StatusOr<support::Settings> settings = support::ReadSettings(environ); !settings.ok()) {
    fmt::print(stderr, "cgo-ld-shim: {}\n", support::Printable(settings.status().message()));
    return kUsage;
  }
  const std::string go = FindGo();
  if (go.empty()) {
    const bool unpacked = support::IsRegularFile("/usr/local/go/bin/go");
    fmt::print(stderr, "cgo-ld-shim: there is no go on PATH; {}\n",
               unpacked ? "/usr/local/go/bin has one: put that directory on PATH"
                        : packages::InstallCommand(packages::ThisDistribution(), packages::Need::kGo));
    return kNotFound;
  }
  const Surroundings surroundings = ObserveSurroundings();
  const GoVariables variables = Variables(surroundings);
  for (const std::string& warning : variables.warnings) Warn(warning);
  WarnOfBypass(args, surroundings.go.Get("GOFLAGS"));
  const std::string subcommand = Subcommand(args);
  std::vector<std::string> argv = {"go"};
  argv.insert(argv.end(), args.begin(), args.end());
  std::vector<Variable> all = variables.variables;
  all.insert(all.end(), variables.sources.begin(), variables.sources.end());
  if (Links(subcommand)) AddLinkersWord(surroundings, &argv, &all);
  const std::vector<std::string> environment = Environment(all);
  Show show = HowToShow(subcommand, args);
  StderrDesk desk;
  if (subcommand == "run" && show != Show::kProgress && !AddOwnStderr(surroundings, &argv, &desk))
    show = Show::kProgress;
  if (show == Show::kAsGo) {
    // Not support::ExecProcess: go is no compiler, and does not count for the loops of compilers that call one another.
    ::execve(go.c_str(), support::Pointers(argv).data(), support::Pointers(environment).data());
  } else {
    std::fflush(nullptr);
    const int status = RunGoProcess(go, argv, environment,
                                    show == Show::kProgress ? Stderr::kOwn
                                    : show == Show::kWhole  ? Stderr::kWhole
                                                            : Stderr::kSummaries,
                                    desk);
    if (status >= 0) return status;
  }
  fmt::print(stderr, "cgo-ld-shim: cannot start {}: {}\n", go, support::ErrnoText(errno));
  return kCannotRun;
}

}  // namespace cgo_ld_shim::commands
