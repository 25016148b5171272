// `cgo-ld-shim targets`: every target that Go knows, what serves it here, and zig's C libraries built beforehand.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "doctor/machine.h"
#include "doctor/targets.h"
#include "doctor/zig_libraries.h"
#include "fmt/format.h"
#include "llvm/Support/raw_ostream.h"
#include "shim/commands/commands.h"
#include "shim/commands/options.h"
#include "shim/commands/target_table.h"
#include "shim/commands/terminal.h"
#include "support/printable.h"
#include "support/settings.h"
#include "target/triple.h"
#include "toolchain/driver.h"

namespace cgo_ld_shim::commands {
namespace {

using doctor::Readiness;
using doctor::TargetState;

// What is wrong with the first of `names` that is no target; empty: nothing.
std::string UnknownTarget(const std::vector<TargetState>& targets, const std::vector<std::string>& names) {
  std::vector<std::string> known;
  known.reserve(targets.size());
  for (const TargetState& target : targets) known.push_back(target.Name());
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string nearest = Nearest(name, known);
    return absl::StrCat(name, " is not a target of Go's",
                        nearest.empty() ? "" : absl::StrCat("; did you mean ", nearest, "?"));
  }
  return "";
}

// Builds what zig needs for each of `names`, which are GOOS/GOARCH.
int PrepareTargets(const doctor::Machine& machine, const std::vector<std::string>& names, bool cxx) {
  if (names.empty()) return UsageError("targets", "--prepare wants targets, such as linux/arm64");
  if (const std::string wrong = UnknownTarget(doctor::AllTargets(machine), names); !wrong.empty())
    return UsageError("targets", wrong);
  std::vector<TargetState> states;
  for (const std::string& name : names) {
    const std::vector<std::string> parts = absl::StrSplit(name, '/');
    states.push_back(doctor::DescribeTarget(machine, parts[0], parts[1]));
  }
  int status = kOk;
  for (const TargetState& state : states) {
    if (state.readiness == Readiness::kMissing || state.readiness == Readiness::kUnsupported) {
      fmt::print(stderr, "cgo-ld-shim: {} cannot be prepared: {}{}\n", state.Name(), state.reason,
                 state.install.empty() ? "" : absl::StrCat("; ", state.install));
      status = kFailed;
      continue;
    }
    if (state.triple.empty()) {
      fmt::print("{}: ready ({})\n", state.Name(), state.with);
      continue;
    }
    const toolchain::Driver driver =
        toolchain::ZigDriver(machine.zig->path, /*cxx=*/false, target::ParseTriple(state.triple));
    if (doctor::IsPrepared(driver, cxx)) {
      fmt::print("{}: ready ({})\n", state.Name(), state.with);
      continue;
    }
    const bool only_cxx = cxx && doctor::IsPrepared(driver, /*cxx=*/false);
    fmt::print("{}\n", doctor::PreparingText(driver, state.os, state.arch, only_cxx));
    std::fflush(stdout);
    const absl::Status prepared = doctor::Prepare(driver, cxx);
    if (!prepared.ok()) {
      fmt::print(stderr, "cgo-ld-shim: {}\n", support::Printable(prepared.message()));
      status = kFailed;
      continue;
    }
    fmt::print("{}: ready ({})\n", state.Name(), state.with);
  }
  return status;
}

}  // namespace

void AddTargetTable(const std::vector<TargetState>& targets, report::Page* page) {
  size_t name = 0, result = 0, ready = 0;
  for (const TargetState& state : targets) {
    name = std::max(name, state.Name().size());
    result = std::max(result, state.result.size());
    ready = std::max(ready, std::string(ReadinessText(state.readiness)).size());
  }
  for (const TargetState& state : targets) {
    std::vector<std::string> parts;
    for (const std::string& part : {state.with, state.reason, state.install}) {
      if (!part.empty()) parts.push_back(part);
    }
    std::string text = absl::StrJoin(parts, "; ");
    if (!state.runs.empty() && state.runs != "natively") absl::StrAppend(&text, "  (", state.runs, " runs it)");
    const std::string label = fmt::format("{:<{}}  {:<{}}  {:<{}}", state.Name(), name, state.result, result,
                                          ReadinessText(state.readiness), text.empty() ? 0 : ready);
    page->Labelled(2, label, name + result + ready + 8, text);
  }
}

llvm::json::Array TargetsJson(const std::vector<TargetState>& targets) {
  llvm::json::Array rows;
  for (const TargetState& state : targets) {
    rows.push_back(llvm::json::Object{{"os", state.os},
                                      {"arch", state.arch},
                                      {"result", state.result},
                                      {"with", llvm::json::fixUTF8(state.with)},
                                      {"zig_target", state.triple},
                                      {"state", ReadinessId(state.readiness)},
                                      {"reason", llvm::json::fixUTF8(state.reason)},
                                      {"install", llvm::json::fixUTF8(state.install)},
                                      {"runs", state.runs}});
  }
  return rows;
}

std::string JsonText(const llvm::json::Value& value) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::formatv("{0:2}", value);
  return text;
}

namespace {

// What works, what needs one step, and what cannot be: each under its title, the last by reasons, for nobody looks for
// a target there.
void AddGroups(const std::vector<TargetState>& targets, report::Page* page) {
  static constexpr struct {
    const char* title;
    Readiness readiness[2];
  } kGroups[] = {{"works", {Readiness::kReady, Readiness::kPrepares}},
                 {"needs one step", {Readiness::kMissing, Readiness::kMissing}}};
  for (const auto& group : kGroups) {
    std::vector<TargetState> members;
    std::copy_if(targets.begin(), targets.end(), std::back_inserter(members), [&](const TargetState& state) {
      return state.readiness == group.readiness[0] || state.readiness == group.readiness[1];
    });
    if (members.empty()) continue;
    page->Title(group.title);
    AddTargetTable(members, page);
  }
  std::map<std::string, std::vector<std::string>> by_reason;
  for (const TargetState& state : targets) {
    if (state.readiness == Readiness::kUnsupported) by_reason[state.reason].push_back(state.Name());
  }
  if (by_reason.empty()) return;
  page->Title("cannot be");
  for (const auto& [reason, names] : by_reason) page->Labelled(2, reason, 34, absl::StrJoin(names, ", "));
}

}  // namespace

int TargetsCommand(const std::vector<std::string>& args) {
  static constexpr OptionRow kRows[] = {{"--json", false}, {"--prepare", false}, {"--cxx", false}};
  const Options options = ParseOptions("targets", args, kRows);
  if (options.exit_status) return *options.exit_status;
  if (options.Has("--cxx") && !options.Has("--prepare")) return UsageError("targets", "--cxx goes with --prepare");
  if (options.Has("--json") && options.Has("--prepare"))
    return UsageError("targets", "--json and --prepare are two different things; take one");
  const absl::StatusOr<support::Settings> settings = support::ReadSettings(environ);
  if (!settings.ok()) {
    fmt::print(stderr, "cgo-ld-shim: {}\n", support::Printable(settings.status().message()));
    return kUsage;
  }
  const doctor::Machine machine = doctor::ObserveMachine(*settings, environ);
  if (options.Has("--prepare")) return PrepareTargets(machine, options.words, options.Has("--cxx"));
  std::vector<TargetState> targets = doctor::AllTargets(machine);
  if (!options.words.empty()) {
    if (const std::string wrong = UnknownTarget(targets, options.words); !wrong.empty())
      return UsageError("targets", wrong);
    std::erase_if(targets, [&](const TargetState& state) {
      return std::find(options.words.begin(), options.words.end(), state.Name()) == options.words.end();
    });
  }
  if (options.Has("--json")) {
    fmt::print("{}\n", JsonText(TargetsJson(targets)));
  } else {
    report::Page page(OutputOptions());
    AddGroups(targets, &page);
    fmt::print("{}", page.Take());
  }
  return kOk;
}

}  // namespace cgo_ld_shim::commands
