#include "link/trial.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "diagnose/diagnose.h"
#include "link/route.h"
#include "plan/variants.h"
#include "resolve/simulation.h"
#include "search/library_files.h"
#include "support/file.h"
#include "toolchain/zig_libc.h"

namespace cgo_ld_shim::link {
namespace {

using plan::Origin;
using plan::PlanInput;
using support::StaticMode;

// The call of the failed link with something changed. It does not move: `request` borrows from it.
class ChangedCall {
 public:
  static std::unique_ptr<ChangedCall> Make(const Request& original, const diagnose::Change& change) {
    auto changed = std::unique_ptr<ChangedCall>(new ChangedCall(original));
    return changed->Fill(original, change) ? std::move(changed) : nullptr;
  }
  const Request& request() const { return request_; }
  ChangedCall(const ChangedCall&) = delete;
  ChangedCall& operator=(const ChangedCall&) = delete;

 private:
  explicit ChangedCall(const Request& original) : request_{settings_, driver_, call_, original.cwd, nullptr} {}

  bool Fill(const Request& original, const diagnose::Change& change) {
    for (const char* const* variable = original.environment; *variable != nullptr; ++variable) {
      const absl::string_view name = absl::string_view(*variable).substr(0, absl::string_view(*variable).find('='));
      const bool replaced = std::any_of(change.settings.begin(), change.settings.end(),
                                        [&](const auto& setting) { return setting.first == name; });
      if (!replaced) variables_.emplace_back(*variable);
    }
    for (const auto& [name, value] : change.settings) variables_.push_back(absl::StrCat(name, "=", value));
    for (const std::string& variable : variables_) environment_.push_back(variable.c_str());
    environment_.push_back(nullptr);
    request_.environment = environment_.data();

    absl::StatusOr<support::Settings> settings = support::ReadSettings(environment_.data());
    if (!settings.ok()) return false;
    settings_ = *std::move(settings);
    std::vector<std::string> argv = {original.call.argv.empty() ? "" : original.call.argv[0]};
    for (const std::string& word : original.call.expanded) {
      if (std::string rest = Without(word, change.drop); !rest.empty()) argv.push_back(std::move(rest));
    }
    argv.insert(argv.end(), change.add.begin(), change.add.end());
    for (const std::string& symbol : change.assume) argv.push_back(absl::StrCat("-Wl,--defsym=", symbol, "=0"));
    if (change.once) argv.emplace_back("-Wl,--allow-multiple-definition");
    if (change.drop.empty() && change.add.empty() && change.assume.empty() && !change.once) {
      call_ = original.call;
    } else {
      absl::StatusOr<invocation::Invocation> call = invocation::Classify(argv, original.cwd);
      if (!call.ok()) return false;
      call_ = *std::move(call);
    }
    driver_ = original.driver;
    const bool other_compiler = std::any_of(change.settings.begin(), change.settings.end(), [](const auto& setting) {
      return setting.first == "CGO_LD_SHIM_LIBC" || setting.first == "CGO_LD_SHIM_CC";
    });
    if (!other_compiler) return true;
    absl::StatusOr<toolchain::Driver> driver = toolchain::ChooseDriver(
        {.settings = settings_, .envp = environment_.data(), .cxx = call_.cxx, .args = call_.expanded});
    if (!driver.ok()) return false;
    driver_ = *std::move(driver);
    return true;
  }

  // What stays of a word of the line; empty: nothing. Of -Wl,a,b each of a and b counts.
  static std::string Without(const std::string& word, const std::vector<std::string>& drop) {
    const auto dropped = [&](absl::string_view part) {
      return std::find(drop.begin(), drop.end(), part) != drop.end();
    };
    if (dropped(word)) return "";
    absl::string_view rest = word;
    if (!absl::ConsumePrefix(&rest, "-Wl,")) return word;
    std::vector<std::string> kept;
    const std::vector<std::string> parts = absl::StrSplit(rest, ',');
    for (size_t i = 0; i < parts.size(); ++i) {
      if (parts[i] == "-z" && i + 1 < parts.size() && dropped(absl::StrCat("-z ", parts[i + 1]))) {
        ++i;
      } else if (!dropped(parts[i])) {
        kept.push_back(parts[i]);
      }
    }
    return kept.empty() ? "" : absl::StrCat("-Wl,", absl::StrJoin(kept, ","));
  }

  support::Settings settings_;
  toolchain::Driver driver_;
  invocation::Invocation call_;
  std::vector<std::string> variables_;
  std::vector<const char*> environment_;
  Request request_;
};

// A shared library as the linker of a dynamic program sees it: its names, which win over nothing and want nothing.
symbols::InputFile NamesOf(const symbols::InputFile& library, const symbols::Machine& machine) {
  auto names = std::make_shared<symbols::Object>();
  names->kind = symbols::ObjectKind::kElfRelocatable;
  names->machine = machine;
  names->stack_note = true;
  for (symbols::Definition definition : library.object->definitions) {
    definition.weak = true;
    names->definitions.push_back(definition);
  }
  return {
      .path = library.path, .kind = symbols::FileKind::kObject, .object = std::move(names), .buffer = library.buffer};
}

class DynamicLink {
 public:
  explicit DynamicLink(supply::Situation* link)
      : link_(*link), machine_(plan::MachineOf(link->plan).value_or(symbols::Machine{})) {}

  // Archives where there are any, and these shared libraries.
  Prospect Partly(const std::vector<std::string>& shared) {
    std::vector<PlanInput> inputs = link_.resolution.inputs;
    std::vector<std::string> names;
    for (const std::string& path : shared) {
      if (!Add(path, &inputs)) return {};
      search::AddOnce(absl::StrCat("lib", search::LibraryName(path)), &names);
    }
    if (!IsWhole(inputs)) return {};
    return {ProspectKind::kPartlyDynamic, std::move(names)};
  }

  // Every -l as a linker takes it without -static: of each directory the shared library first.
  Prospect AsAsked(const std::string& because) {
    std::vector<PlanInput> inputs;
    std::vector<std::string> names;
    for (PlanInput input : link_.plan.inputs) {
      const bool named = input.origin == Origin::kGiven && !input.library.empty() && input.library[0] != ':';
      if (named) {
        const std::string stem = absl::StrCat("lib", input.library);
        for (const std::string& directory : link_.plan.all_dirs) {
          const std::string path = absl::StrCat(directory, "/", stem);
          if (support::IsRegularFile(path + ".so") && Add(path + ".so", &inputs)) {
            search::AddOnce(stem, &names);
            input.files.clear();
            break;
          }
          if (support::IsRegularFile(path + ".a")) break;
        }
        if (input.files.empty()) continue;
      }
      inputs.push_back(std::move(input));
    }
    if (!IsWhole(inputs)) return {};
    return {ProspectKind::kDynamic, std::move(names), because};
  }

 private:
  bool Add(const std::string& path, std::vector<PlanInput>* inputs) {
    const absl::StatusOr<symbols::InputFile>& file = link_.cache.Open(path);
    if (!file.ok() || file->object == nullptr || file->object->kind != symbols::ObjectKind::kElfShared) return false;
    if (!(file->object->machine == machine_)) return false;
    PlanInput input{.origin = Origin::kGiven, .words = {path}, .path = path};
    input.files = {NamesOf(*file, machine_)};
    inputs->push_back(std::move(input));
    return true;
  }

  bool IsWhole(const std::vector<PlanInput>& inputs) const {
    resolve::Simulation simulation(link_.plan);
    for (const PlanInput& input : inputs) simulation.Add(input);
    simulation.Finish();
    if (!simulation.duplicates().empty() && !link_.plan.allow_multiple) return false;
    return simulation.CountMissing() == 0 || link_.plan.allow_undefined;
  }

  supply::Situation& link_;
  const symbols::Machine machine_;
};

Prospect ForeseePrefer(Prepared* prepared) {
  supply::Situation& link = prepared->link;
  std::vector<std::string> shared;
  const std::vector<diagnose::OnlyShared> only =
      diagnose::FindOnlyShared(link.plan, link.resolution, link.toolchain, &link.cache);
  for (const diagnose::OnlyShared& symbol : only) search::AddOnce(symbol.library, &shared);
  DynamicLink dynamic(&link);
  if (only.size() == link.resolution.missing.size() && link.resolution.duplicates.empty()) {
    if (Prospect partly = dynamic.Partly(shared); partly.kind != ProspectKind::kFails) return partly;
  }
  return dynamic.AsAsked("what is missing is not all in shared libraries that can stand beside the archives");
}

}  // namespace

Prospect Foresee(const Request& original, const diagnose::Change& change, const Tools& tools, Prepared* failed) {
  const std::unique_ptr<ChangedCall> changed = ChangedCall::Make(original, change);
  if (changed == nullptr) return {};
  const Request& request = changed->request();
  if (ChooseRoute({.request = request})) return {};
  const bool same_libc =
      request.driver.words == original.driver.words && rules::ModeOf(request.call) == rules::ModeOf(original.call);
  if (!same_libc && request.driver.IsZigMusl() &&
      !tools.toolchains->HasZigLibc({.driver = request.driver, .mode = rules::ModeOf(request.call)})) {
    return {ProspectKind::kNotTried, {}, "zig has not built its C library yet"};
  }
  absl::StatusOr<toolchain::Toolchain> toolchain = failed->toolchain;
  // Flags are part of what the compiler was asked.
  if (!same_libc || !change.drop.empty()) {
    std::vector<std::string> notes;
    toolchain = FindToolchain(request, tools, &notes, [](const char*) {});
  }
  if (!toolchain.ok()) return {};
  if (toolchain->opaque) return {ProspectKind::kNotTried, {}, "its compiler chooses the C library by itself"};
  Prepared prepared(request, *std::move(toolchain), &failed->cache);
  const bool prefers = request.settings.static_mode == StaticMode::kPrefer;
  if (const auto route = PlanAndResolve(request, tools, &prepared, [](const char*) {})) {
    return route->kind == RouteKind::kAsAsked ? DynamicLink(&prepared.link).AsAsked(route->reason) : Prospect{};
  }
  supply::Situation& link = prepared.link;
  for (const PlanInput& input : link.resolution.not_found) {
    if (input.origin != Origin::kToolchain || !prefers) return {};
  }
  if (!link.resolution.not_found.empty())
    return {ProspectKind::kNotTried, {}, "without a static C library nothing tells what the program lacks"};
  if (!supply::Foresee(&link)) return {};
  const bool whole =
      link.resolution.missing.empty() || (link.plan.allow_undefined && !request.settings.unresolved_error);
  if (whole && (link.resolution.duplicates.empty() || link.plan.allow_multiple)) return {ProspectKind::kStatic};
  return prefers && !link.resolution.missing.empty() ? ForeseePrefer(&prepared) : Prospect{};
}

}  // namespace cgo_ld_shim::link
