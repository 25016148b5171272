// `cgo-ld-shim bench`: the link of a program through every linker that is here, in turns.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "bench/measure.h"
#include "capture/capture.h"
#include "fmt/format.h"
#include "shim/commands/build_line.h"
#include "shim/commands/commands.h"
#include "shim/commands/options.h"
#include "shim/commands/terminal.h"
#include "support/file.h"
#include "support/interrupt.h"
#include "support/printable.h"
#include "support/temporary.h"

namespace cgo_ld_shim::commands {
namespace {

constexpr int kDefaultRounds = 9;
constexpr int kMostRounds = 1000;

int Complain(absl::string_view text) {
  fmt::print(stderr, "cgo-ld-shim: {}\n", support::Printable(text));
  return kFailed;
}

}  // namespace

int BenchCommand(const std::vector<std::string>& args) {
  static constexpr OptionRow kRows[] = {
      {"--linkers", true}, {"-n", true}, {"--json", false}, {"--html", true}, {"--allow", true}};
  const Options options = ParseOptions("bench", args, kRows);
  if (options.exit_status) return *options.exit_status;
  int rounds = kDefaultRounds;
  if (options.Has("-n") && (!absl::SimpleAtoi(options.values.at("-n"), &rounds) || rounds < 1 || rounds > kMostRounds))
    return UsageError("bench", absl::StrCat("-n takes a number of rounds from 1 to ", kMostRounds));

  const std::string scratch = MakeStage(absl::StrCat(support::TemporaryPlace(), "/cgo-ld-shim-bench"));
  if (scratch.empty()) return kFailed;
  std::string directory;
  std::vector<std::string> allowed = options.All("--allow");
  absl::StatusOr<capture::Capture> capture = absl::UnknownError("");
  if (options.words.size() == 1 &&
      support::IsRegularFile(absl::StrCat(options.words[0], "/", capture::kManifestName))) {
    directory = support::RealPath(options.words[0]);
    capture = capture::LoadOfStranger(directory, allowed, absl::StrCat("cgo-ld-shim bench ", options.words[0]));
  } else {
    directory = absl::StrCat(scratch, "/capture");
    const GoBuildLine build = BuildLineFor(options.words, absl::StrCat(scratch, "/built"), "bench");
    const int status = build.argv.empty() ? kUsage : CaptureLink(build, directory, scratch);
    if (status != kOk) {
      RemoveTree(scratch);
      return status;
    }
    // The user's own link, whatever it needs.
    capture = capture::Load(directory);
    if (capture.ok()) {
      for (capture::Refusal& refusal : capture::FindRefused(*capture, directory))
        allowed.push_back(std::move(refusal.name));
      for (capture::Refusal& refusal : capture::FindRefusedBy(*capture, capture::LinkerKind::kUnknown))
        allowed.push_back(std::move(refusal.name));
    }
  }
  std::string problem;
  if (!capture.ok()) {
    problem = std::string(capture.status().message());
  } else if (capture->exit_status != 0) {
    problem = "this link fails, so there is nothing to measure: cgo-ld-shim explain last";
  }
  if (!problem.empty()) {
    RemoveTree(scratch);
    return Complain(problem);
  }
  const absl::StatusOr<bench::BenchResult> measured =
      bench::Measure(*capture, {.directory = directory,
                                .scratch = scratch,
                                .rounds = rounds,
                                .linkers = options.Has("--linkers") ? options.values.at("--linkers") : "",
                                .allowed = allowed,
                                .progress = ::isatty(STDERR_FILENO) != 0});
  RemoveTree(scratch);
  if (absl::IsCancelled(measured.status())) support::EndBySignal(bench::InterruptedBy(measured.status()));
  if (!measured.ok()) {
    (void)Complain(measured.status().message());
    return kUsage;
  }
  const bench::BenchResult& result = *measured;
  fmt::print("{}", options.Has("--json") ? bench::BenchJson(result) : bench::TableText(result, OutputOptions()));
  if (options.Has("--html")) {
    const std::string& file = options.values.at("--html");
    if (const absl::Status written = support::WriteFileAtomically(file, bench::BenchHtml(result), 0644); !written.ok())
      return Complain(written.message());
    if (!options.Has("--json")) fmt::print("report: {}\n", file);
  }
  const bool any = std::any_of(result.linkers.begin(), result.linkers.end(),
                               [](const bench::BenchedLinker& linker) { return !linker.wall.empty(); });
  return any ? kOk : kFailed;
}

}  // namespace cgo_ld_shim::commands
