// `cgo-ld-shim go …`: the go command, with this program as its compiler.
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "fmt/format.h"
#include "shim/commands/commands.h"
#include "shim/commands/environment.h"
#include "shim/commands/options.h"
#include "support/file.h"
#include "support/settings.h"

namespace cgo_ld_shim::commands {
namespace {

constexpr int kNotFound = 127;  // as a shell says it
constexpr int kCannotRun = 126;

void Warn(absl::string_view text) { fmt::print(stderr, "cgo-ld-shim: warning: {}\n", std::string(text)); }

// Links that Go does without its C compiler, or with another one.
void WarnOfBypass(const std::vector<std::string>& args) {
  std::vector<std::string> words = args;
  if (const char* flags = std::getenv("GOFLAGS")) words.emplace_back(flags);
  for (const std::string& word : words) {
    if (absl::StrContains(word, "-linkmode=internal") || absl::StrContains(word, "-linkmode internal")) {
      Warn("-linkmode=internal: Go links by itself, and this program is not called for it");
    }
    if (absl::StrContains(word, "-extld=") && !absl::StrContains(word, "cgo-ld-shim")) {
      Warn("-extld= names another linker, and this program is not called for the link");
    }
  }
}

std::vector<char*> Pointers(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
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

}  // namespace

int GoCommand(const std::vector<std::string>& args) {
  // Only the first word may be ours: everything else is go's.
  if (!args.empty() && (args[0] == "--help" || args[0] == "-h"))
    return ParseOptions("go", args, {}).exit_status.value_or(kOk);
  if (const absl::StatusOr<support::Settings> settings = support::ReadSettings(environ); !settings.ok()) {
    fmt::print(stderr, "cgo-ld-shim: {}\n", std::string(settings.status().message()));
    return kUsage;
  }
  const std::string go = FindGo();
  if (go.empty()) {
    const bool unpacked = support::IsRegularFile("/usr/local/go/bin/go");
    fmt::print(stderr, "cgo-ld-shim: there is no go on PATH; {}\n",
               unpacked ? "/usr/local/go/bin has one: put that directory on PATH"
                        : "install it: apt-get install golang-go (Debian, Ubuntu), dnf install golang (Fedora), apk "
                          "add go (Alpine), or "
                          "see go.dev/dl");
    return kNotFound;
  }
  const GoVariables variables = Variables(Observe());
  for (const std::string& warning : variables.warnings) Warn(warning);
  WarnOfBypass(args);
  std::vector<std::string> argv = {"go"};
  argv.insert(argv.end(), args.begin(), args.end());
  const std::vector<std::string> environment = Environment(variables.variables);
  // Not support::ExecProcess: go is no compiler, and does not count for the loops of compilers that call one another.
  ::execve(go.c_str(), Pointers(argv).data(), Pointers(environment).data());
  fmt::print(stderr, "cgo-ld-shim: cannot start {}: {}\n", go, support::ErrnoText(errno));
  return kCannotRun;
}

}  // namespace cgo_ld_shim::commands
