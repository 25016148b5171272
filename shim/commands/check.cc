// `cgo-ld-shim check BINARY…`: what a finished file is and needs, and whether it runs where nothing else is.
#include <algorithm>
#include <cstdio>

#include "fmt/format.h"
#include "inspect/inspect.h"
#include "shim/commands/commands.h"
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

  std::vector<inspect::Inspection> inspections;
  int status = kOk;
  for (const std::string& path : options.words) {
    inspections.push_back(Inspect(path, options.Has("--strict")));
    const inspect::Inspection& inspection = inspections.back();
    if (!inspection.error.empty()) {
      fmt::print(stderr, "cgo-ld-shim: {}\n", support::Printable(inspection.error));
      status = kUnreadable;
    }
    for (const auto& binary : inspection.binaries) status = std::max(status, binary.second.exit_status);
  }
  if (options.Has("-q")) return status;
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
  return status;
}

}  // namespace cgo_ld_shim::commands
