// `cgo-ld-shim lint ARCHIVE…`: what the users of a prebuilt archive will meet.
#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "fmt/format.h"
#include "lint/lint.h"
#include "shim/commands/commands.h"
#include "shim/commands/lint_archives.h"
#include "shim/commands/options.h"
#include "shim/commands/terminal.h"
#include "support/printable.h"

namespace cgo_ld_shim::commands {
namespace {

lint::Linted Look(const std::string& path, const std::vector<lint::Wanted>& wanted) {
  lint::Linted linted{.path = path};
  absl::StatusOr<lint::ArchiveFacts> facts = lint::ReadArchive(path);
  if (!facts.ok()) {
    linted.error = std::string(facts.status().message());
    return linted;
  }
  linted.report.targets = lint::TryTargets(
      *facts, wanted, environ, [](const std::string& line) { fmt::print(stderr, "cgo-ld-shim: {}\n", line); });
  linted.report.facts = *std::move(facts);
  lint::Judge(&linted.report);
  return linted;
}

}  // namespace

int LintArchives(const std::vector<std::string>& paths, const std::vector<lint::Wanted>& wanted, Answer answer) {
  std::vector<lint::Linted> all;
  int status = kOk;
  size_t to_mend = 0;
  for (const std::string& path : paths) {
    all.push_back(Look(path, wanted));
    const lint::Linted& linted = all.back();
    if (!linted.error.empty()) {
      fmt::print(stderr, "cgo-ld-shim: {}\n", support::Printable(linted.error));
      status = kUsage;
      continue;
    }
    status = std::max(status, linted.report.exit_status);
    to_mend += linted.report.exit_status == 0 ? 0 : 1;
    if (answer != Answer::kText) continue;
    if (all.size() > 1) fmt::print("\n");
    fmt::print("{}", lint::ReportText(linted.report, OutputOptions()));
    std::fflush(stdout);  // each trial starts processes
  }
  if (answer == Answer::kJson) fmt::print("{}", lint::ToJson(all));
  if (answer == Answer::kText && paths.size() > 1 && to_mend > 0) {
    fmt::print("\n{} of {} archives {} something that users will stumble over\n", to_mend, paths.size(),
               to_mend == 1 ? "has" : "have");
  }
  return status;
}

int LintCommand(const std::vector<std::string>& args) {
  static constexpr OptionRow kRows[] = {{"--target", true}, {"--json", false}, {"-q", false}};
  const Options options = ParseOptions("lint", args, kRows);
  if (options.exit_status) return *options.exit_status;
  if (options.words.empty()) return UsageError("lint", "lint takes the archives to look at");
  if (options.Has("-q") && options.Has("--json"))
    return UsageError("lint", "-q and --json are two different answers; take one");
  std::vector<lint::Wanted> wanted;
  for (const std::string& target : options.All("--target")) {
    absl::StatusOr<lint::Wanted> parsed = lint::ParseTarget(target);
    if (!parsed.ok()) return UsageError("lint", parsed.status().message());
    wanted.push_back(*std::move(parsed));
  }
  return LintArchives(options.words, wanted,
                      options.Has("--json") ? Answer::kJson
                      : options.Has("-q")   ? Answer::kStatus
                                            : Answer::kText);
}

}  // namespace cgo_ld_shim::commands
