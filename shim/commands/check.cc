// `cgo-ld-shim check BINARY…`: what a finished file is and needs, and whether it runs where nothing else is.
#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "fmt/format.h"
#include "inspect/inspect.h"
#include "shim/commands/commands.h"
#include "shim/commands/lint_archives.h"
#include "shim/commands/options.h"
#include "shim/commands/terminal.h"
#include "support/printable.h"

namespace cgo_ld_shim::commands {
namespace {

constexpr int kUnreadable = 2;

inspect::Inspection Inspect(const std::string& path, bool strict) {
  inspect::Inspection inspection{.path = path};
  absl::StatusOr<std::vector<inspect::BinaryFacts>> read = inspect::ReadBinary(path);
  if (!read.ok()) {
    inspection.error = std::string(read.status().message());
    return inspection;
  }
  const std::optional<report::LinkRecord> record = inspect::FindRecord(path);
  for (inspect::BinaryFacts& facts : *read) {
    if (record) inspect::AddRecord(*record, &facts);
    const inspect::Verdict verdict = inspect::Judge(facts, strict);
    inspection.binaries.emplace_back(std::move(facts), verdict);
  }
  return inspection;
}

}  // namespace

int CheckCommand(const std::vector<std::string>& args) {
  static constexpr OptionRow kRows[] = {{"--json", false}, {"--strict", false}, {"-q", false}};
  const Options options = ParseOptions("check", args, kRows);
  if (options.exit_status) return *options.exit_status;
  if (options.words.empty()) return UsageError("check", "check takes the files to look at");
  if (options.Has("-q") && options.Has("--json"))
    return UsageError("check", "-q and --json are two different answers; take one");

  // An archive is no program, and what its users will meet is another question.
  std::vector<std::string> archives, programs;
  for (const std::string& path : options.words) (lint::IsArchiveFile(path) ? archives : programs).push_back(path);
  if (!archives.empty() && !programs.empty() && options.Has("--json"))
    return UsageError("check", absl::StrCat(archives[0], " is an archive: for JSON, name archives or programs"));
  const Answer answer = options.Has("--json") ? Answer::kJson : options.Has("-q") ? Answer::kStatus : Answer::kText;
  if (programs.empty()) return LintArchives(archives, {}, answer);

  std::vector<inspect::Inspection> inspections;
  int status = kOk;
  for (const std::string& path : programs) {
    inspections.push_back(Inspect(path, options.Has("--strict")));
    const inspect::Inspection& inspection = inspections.back();
    if (!inspection.error.empty()) {
      fmt::print(stderr, "cgo-ld-shim: {}\n", support::Printable(inspection.error));
      status = kUnreadable;
    }
    for (const auto& binary : inspection.binaries) status = std::max(status, binary.second.exit_status);
  }
  if (options.Has("-q")) return std::max(status, LintArchives(archives, {}, answer));
  if (options.Has("--json")) {
    fmt::print("{}", inspect::ToJson(inspections));
    return status;
  }
  bool first = true;
  for (const inspect::Inspection& inspection : inspections) {
    report::TextOptions text_options = OutputOptions();
    text_options.name = inspection.path;
    for (const auto& [facts, verdict] : inspection.binaries) {
      if (!first) fmt::print("\n");
      first = false;
      fmt::print("{}", inspect::FactsText(facts, verdict, text_options));
    }
  }
  if (!archives.empty()) {
    fmt::print("\n");
    status = std::max(status, LintArchives(archives, {}, answer));
  }
  return status;
}

}  // namespace cgo_ld_shim::commands
