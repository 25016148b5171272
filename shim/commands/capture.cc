// `cgo-ld-shim capture DIR …`: the link of a program as a directory that can be linked again anywhere.
#include "shim/commands/build_line.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "capture/capture.h"
#include "fmt/format.h"
#include "inspect/inspect.h"
#include "llvm/Support/FileSystem.h"
#include "report/text_parts.h"
#include "shim/commands/commands.h"
#include "shim/commands/environment.h"
#include "shim/commands/options.h"
#include "support/file.h"
#include "support/interrupt.h"
#include "support/measured_process.h"
#include "support/path_parts.h"
#include "support/printable.h"
#include "support/settings.h"

namespace cgo_ld_shim::commands {
namespace {

void Say(absl::string_view text) { fmt::print(stderr, "cgo-ld-shim: {}\n", support::Printable(text)); }

// The environment in which go uses this program, and each link takes itself into `stage`.
std::vector<std::string> GoEnvironment(const std::string& stage, const std::vector<std::string>& more) {
  const Surroundings surroundings = ObserveSurroundings();
  std::vector<std::string> environment = more;
  environment.push_back(absl::StrCat(capture::kRequestVariable, "=", stage));
  const GoVariables go = Variables(surroundings);
  for (const Variable& source : go.sources) environment.push_back(absl::StrCat(source.name, "=", source.value));
  for (const Variable& variable : go.variables) {
    // Go compiles all again for a compiler that is spelt differently, so one that is this program stays as it is.
    if (variable.name == "CC" || variable.name == "CXX") {
      const std::string chosen = surroundings.go.Get(variable.name);
      const std::optional<std::string> program = support::FindProgram(chosen);
      if (!chosen.empty() && program && support::RealPath(*program) == surroundings.self) continue;
    }
    environment.push_back(absl::StrCat(variable.name, "=", variable.value));
  }
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const absl::string_view text = *entry;
    const absl::string_view name = text.substr(0, text.find('=') + 1);
    if (std::none_of(environment.begin(), environment.end(),
                     [&](const std::string& other) { return absl::StartsWith(other, name); }))
      environment.emplace_back(text);
  }
  return environment;
}

// `go build` as it was for a finished program, by what Go wrote into it.
GoBuildLine LineForProgram(const std::string& binary, const std::string& output, absl::string_view command) {
  const absl::StatusOr<std::vector<inspect::BinaryFacts>> facts = inspect::ReadBinary(binary);
  if (!facts.ok() || facts->empty() || !facts->front().go.present) {
    Say(absl::StrCat(binary, " is not a Go program; ", std::string(command), " takes one, or a package"));
    return {};
  }
  const inspect::GoFacts& go = facts->front().go;
  const std::optional<report::LinkRecord> record = inspect::FindRecord(binary);
  if (!record) {
    Say(absl::StrCat("no link of ", binary,
                     " is on record, so the directory of its module is not known. In that "
                     "directory: cgo-ld-shim ",
                     std::string(command), " … PACKAGE"));
    return {};
  }
  if (go.package == "command-line-arguments") {
    Say(absl::StrCat(binary, " was built from files that were named to go build: name them again, after --"));
    return {};
  }
  GoBuildLine line{.argv = {"go", "build", "-o", output}, .directory = record->cwd};
  for (const auto& [name, value] : go.settings) {
    if (absl::StartsWith(name, "-") && name != "-compiler") line.argv.push_back(absl::StrCat(name, "=", value));
    if (absl::StartsWith(name, "CGO_") || absl::StartsWith(name, "GO"))
      line.environment.push_back(absl::StrCat(name, "=", value));
  }
  line.argv.push_back(go.package);
  return line;
}

// Puts our output in the place of the user's.
std::vector<std::string> WithOutput(const std::vector<std::string>& words, const std::string& output) {
  std::vector<std::string> argv = {words[0]};
  size_t i = 1;
  if (i + 1 < words.size() && words[i] == "-C") {
    argv.insert(argv.end(), {words[1], words[2]});
    i = 3;
  }
  if (i < words.size()) argv.push_back(words[i++]);
  argv.insert(argv.end(), {"-o", output});
  for (; i < words.size(); ++i) {
    if (words[i] == "-o" || words[i] == "--o") {
      ++i;
    } else if (!absl::StartsWith(words[i], "-o=") && !absl::StartsWith(words[i], "--o=")) {
      argv.push_back(words[i]);
    }
  }
  return argv;
}

std::string ReadErrorFile(const std::string& directory) {
  const absl::StatusOr<std::string> text = support::ReadFile(absl::StrCat(directory, "/", capture::kErrorName));
  return text.ok() ? std::string(absl::StripTrailingAsciiWhitespace(*text)) : "";
}

// The captures in a stage; one that could not be made has only an error.
struct Taken {
  std::vector<std::string> directories;
  std::vector<std::string> packages;
  std::string error;
};
Taken FindTaken(const std::string& stage) {
  Taken taken;
  for (const std::string& name : support::ListDirectory(stage)) {
    const std::string directory = absl::StrCat(stage, "/", name);
    if (!support::IsDirectory(directory)) continue;
    if (const std::string error = ReadErrorFile(directory); !error.empty()) {
      taken.error = error;
      continue;
    }
    const absl::StatusOr<capture::Capture> capture = capture::Load(directory);
    if (!capture.ok()) {
      taken.error = std::string(capture.status().message());
      continue;
    }
    taken.directories.push_back(directory);
    taken.packages.push_back(capture->package);
  }
  return taken;
}

}  // namespace

GoBuildLine BuildLineFor(const std::vector<std::string>& words, const std::string& output, absl::string_view command) {
  if (!words.empty() && (words[0] == "go" || absl::EndsWith(words[0], "/go"))) {
    const auto verb = std::find_if(words.begin() + 1, words.end(),
                                   [](const std::string& word) { return word == "build" || word == "test"; });
    if (verb == words.end() || (*verb == "test" && std::find(verb, words.end(), "-c") == words.end())) {
      Say("only the link of go build or go test -c can be captured");
      return {};
    }
    return {.argv = WithOutput(words, output)};
  }
  if (words.size() == 1 && support::IsRegularFile(words[0]) && !absl::EndsWith(words[0], ".go"))
    return LineForProgram(words[0], output, command);
  GoBuildLine line{.argv = {"go", "build", "-o", output}};
  line.argv.insert(line.argv.end(), words.begin(), words.end());
  return line;
}

std::string MakeStage(const std::string& path) {
  const absl::StatusOr<std::string> cwd = support::CurrentDirectory();
  if (!cwd.ok()) {
    Say(cwd.status().message());
    return "";
  }
  std::string stage = absl::StrCat(support::Absolute(path, *cwd), ".XXXXXX");
  if (::mkdtemp(stage.data()) != nullptr) return stage;
  Say(absl::StrCat("cannot make a directory beside ", path, ": ", support::ErrnoText(errno)));
  return "";
}

void RemoveTree(const std::string& directory) {
  if (directory.empty()) return;
  if (const std::error_code error = llvm::sys::fs::remove_directories(directory, /*IgnoreErrors=*/false)) {
    Say(absl::StrCat("cannot remove ", directory, ": ", error.message()));
  }
}

int CaptureLink(const GoBuildLine& build, const std::string& directory, const std::string& stage) {
  const std::string go = FindGo();
  if (go.empty()) {
    Say("there is no go on PATH");
    return kFailed;
  }
  std::vector<std::string> argv = build.argv;
  argv[0] = go;
  const absl::StatusOr<support::Measured> run = support::RunMeasured(
      argv, {.environment = GoEnvironment(stage, build.environment), .directory = build.directory, .capture = false});
  if (!run.ok()) {
    Say(run.status().message());
    return kFailed;
  }
  if (run->interrupted != 0) {
    RemoveTree(stage);
    support::EndBySignal(run->interrupted);
  }
  const Taken taken = FindTaken(stage);
  if (taken.directories.size() > 1) {
    Say(absl::StrCat("this builds ", taken.directories.size(), " programs (", absl::StrJoin(taken.packages, ", "),
                     "): name one package"));
    return kFailed;
  }
  if (taken.directories.empty()) {
    if (!taken.error.empty()) {
      Say(absl::StrCat("the link could not be captured: ", taken.error));
    } else if (run->exit_status != 0) {
      Say(absl::StrCat(absl::StrJoin(build.argv, " "), " failed before the link (above): there is nothing to capture"));
    } else {
      Say("no link went through this program: the Go program does not use cgo, is not a program, or Go links it by "
          "itself "
          "(-linkmode=internal); cgo-ld-shim doctor says more");
    }
    return kFailed;
  }
  const absl::StatusOr<std::string> cwd = support::CurrentDirectory();
  if (!cwd.ok()) {
    Say(cwd.status().message());
    return kFailed;
  }
  const std::string target = support::Absolute(directory, *cwd);
  if (::chmod(taken.directories[0].c_str(), 0755) != 0 || ::rename(taken.directories[0].c_str(), target.c_str()) != 0) {
    Say(absl::StrCat("cannot make ", directory, ": ", support::ErrnoText(errno)));
    return kFailed;
  }
  return kOk;
}

int CaptureCommand(const std::vector<std::string>& args) {
  static constexpr OptionRow kRows[] = {{"--tar", false}};
  const Options options = ParseOptions("capture", args, kRows);
  if (options.exit_status) return *options.exit_status;
  if (options.words.empty()) return UsageError("capture", "capture takes the directory to make");
  std::string directory = options.words[0];
  while (directory.size() > 1 && directory.back() == '/') directory.pop_back();
  const bool tar = options.Has("--tar");
  const std::string name(absl::StripSuffix(directory, ".tar"));
  const std::string result = tar ? absl::StrCat(name, ".tar") : directory;
  struct stat st;
  if (::lstat(result.c_str(), &st) == 0) {
    Say(absl::StrCat(result, " is there already; nothing is overwritten"));
    return kFailed;
  }
  const std::string stage = MakeStage(result);
  if (stage.empty()) return kFailed;
  const GoBuildLine build =
      BuildLineFor({options.words.begin() + 1, options.words.end()}, absl::StrCat(stage, "/program"), "capture");
  int status = build.argv.empty() ? kUsage : kOk;
  const std::string made = tar ? absl::StrCat(stage, "/", support::BaseName(name)) : directory;
  if (status == kOk) status = CaptureLink(build, made, stage);
  absl::StatusOr<capture::Capture> capture = status == kOk ? capture::Load(made) : absl::UnknownError("");
  std::vector<capture::Refusal> refused;
  if (capture.ok()) refused = capture::FindRefused(*capture, support::RealPath(made));
  if (status == kOk && tar) {
    if (const absl::Status written = capture::WriteTar(made, support::BaseName(name), result); !written.ok()) {
      Say(written.message());
      status = kFailed;
    }
  }
  RemoveTree(stage);
  if (status != kOk || !capture.ok()) return status;
  for (const std::string& note : capture->notes) Say(absl::StrCat("note: ", note));
  std::string allow;
  for (const capture::Refusal& refusal : refused) {
    Say(absl::StrCat("note: replay refuses ", refusal.name, " (", refusal.why, "), unless told to allow it"));
    absl::StrAppend(&allow, " --allow=", refusal.name);
  }
  fmt::print("{}: {} files, {}", result, capture->inputs.size(), report::SizeText(capture->InputBytes()));
  if (capture->exit_status == 0) {
    fmt::print("; {} of {} by {}\n", report::SizeText(capture->output_bytes),
               capture->package.empty() ? "program" : capture->package, capture->linker);
  } else {
    fmt::print("; a link that fails\n");
  }
  if (tar) {
    fmt::print("again:  tar xf {} && cgo-ld-shim replay {}{}\n", support::BaseName(result), support::BaseName(name),
               allow);
  } else {
    fmt::print("again:  cgo-ld-shim replay {}{}\n", directory, allow);
    fmt::print("   or:  cd {} && ld.lld @response.txt -o PROGRAM\n", directory);
  }
  return kOk;
}

}  // namespace cgo_ld_shim::commands
