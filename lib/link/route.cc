#include "link/route.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "diagnose/observe.h"
#include "resolve/gnu_ld.h"
#include "rules/line.h"
#include "target/target.h"

namespace cgo_ld_shim::link {
namespace {

using invocation::ArgType;
using invocation::Argument;
using plan::Origin;
using plan::PlanInput;
using support::StaticMode;

Route AsAsked(std::string reason) { return {RouteKind::kAsAsked, std::nullopt, std::move(reason), {}}; }

// ---- why not static
// --------------------------------------------------------------------------------------------------

// Known from the settings, Go's environment and the command line alone.
std::optional<Route> ByCall(const Request& request) {
  if (request.driver.LinksForSystem()) return Route{RouteKind::kSystem, std::nullopt, "", {}};
  if (request.settings.static_mode == StaticMode::kOff) return AsAsked("CGO_LD_SHIM_STATIC=off");
  const target::Target target = target::Infer(request.environment);
  if (target.os != "linux") return AsAsked(absl::StrCat("the target is ", target.os));
  for (const Argument& argument : request.call.arguments) {
    if (argument.type == ArgType::kShared) return AsAsked("it makes a shared library (-shared)");
    if (argument.type == ArgType::kRelocatable) return AsAsked("it makes an object (-r)");
    if (argument.type != ArgType::kDriver || !absl::StartsWith(argument.value, "-fsanitize=")) continue;
    for (const char* sanitizer : {"address", "memory", "thread", "leak"}) {
      if (absl::StrContains(argument.value, sanitizer)) {
        return AsAsked(absl::StrCat(argument.value, ": the sanitizer's run-time library needs a dynamic program"));
      }
    }
  }
  if (const char* signal = support::FindVariable(request.environment, kFaultVariable))
    return Route{RouteKind::kUnplanned, std::nullopt, absl::StrCat("signal ", absl::StripPrefix(signal, "0")), {}};
  return std::nullopt;
}

// From what the inputs are: a shared library by its path; a program that loads plugins.
std::optional<Route> ByInputs(const plan::LinkPlan& plan) {
  bool opens = false, looks_up = false;
  for (const PlanInput& input : plan.inputs) {
    if (input.origin != Origin::kGiven || input.files.empty()) continue;
    const symbols::InputFile& file = input.files[0];
    if (file.kind == symbols::FileKind::kShared && input.library.empty()) {
      return AsAsked(absl::StrCat("the shared library ", input.path, " is named by its path"));
    }
    if (file.object == nullptr) continue;
    // Package plugin's C functions (src/plugin/plugin_dlopen.go). Linked static, such a program starts with
    // "runtime: no plugin module data".
    for (const symbols::Definition& definition : file.object->definitions) {
      if (!absl::StartsWith(definition.name, "_cgo_")) continue;
      opens |= absl::EndsWith(definition.name, "_Cfunc_pluginOpen");
      looks_up |= absl::EndsWith(definition.name, "_Cfunc_pluginLookup");
    }
  }
  if (opens && looks_up) return AsAsked("the program loads plugins (package plugin)");
  return std::nullopt;
}

// From what is missing, and what is there: a sanitizer's run-time library, Go's packages in a shared library, and with
// STATIC=prefer a program that opens shared libraries.
std::optional<Route> BySymbols(const Facts& facts) {
  for (const resolve::Unresolved& missing : facts.resolution->missing) {
    for (const char* init : {"__asan_init", "__msan_init", "__tsan_init", "__hwasan_init"}) {
      if (absl::StartsWith(missing.symbol, init)) {
        return AsAsked(absl::StrCat("C code is instrumented (", missing.symbol,
                                    "): the sanitizer's run-time library needs a dynamic program"));
      }
    }
  }
  // -linkshared: Go's own packages are in a shared library that has the runtime's symbols.
  for (const PlanInput& input : facts.resolution->left_out) {
    const absl::StatusOr<symbols::InputFile>& file = facts.files->Open(input.shared);
    if (!file.ok() || file->object == nullptr) continue;
    for (const symbols::Definition& definition : file->object->definitions) {
      if (absl::StartsWith(definition.name, "runtime.")) {
        return AsAsked(absl::StrCat("Go packages are linked from a shared library (-linkshared, ", input.shared, ")"));
      }
    }
  }
  if (facts.request.settings.static_mode != StaticMode::kPrefer) return std::nullopt;
  if (facts.plan->allow_undefined && !facts.resolution->missing.empty()) {
    const resolve::Unresolved& first = facts.resolution->missing[0];
    Route route = AsAsked(absl::StrCat("CGO_LD_SHIM_STATIC=prefer, and an option of the link leaves ",
                                       symbols::Demangle(first.symbol), " to the time when it runs"));
    route.rule = rules::RuleId::kExportUnresolved;
    route.evidence = {{first.symbol, first.wanted_by.empty() ? "" : first.wanted_by[0], ""}};
    return route;
  }
  const std::string opens = diagnose::OpensLibraries(*facts.plan, *facts.resolution, *facts.toolchain, facts.files);
  if (opens.empty()) return std::nullopt;
  return AsAsked(
      absl::StrCat("CGO_LD_SHIM_STATIC=prefer, and ", opens, " opens shared libraries at run time (dlopen)"));
}

// ---- who links
// -------------------------------------------------------------------------------------------------------

Route ByLine(const Facts& facts) {
  // Whoever asks for lld gets lld.
  if (facts.request.settings.linker != "lld" && facts.resolution->simulation->lto().empty()) {
    const std::optional<resolve::OtherLinker> gnu_ld =
        resolve::NeedsGnuLd(facts.request.call, *facts.plan, *facts.resolution);
    if (gnu_ld && !facts.request.driver.target.empty())
      return {
          RouteKind::kRefused, std::nullopt, absl::StrCat(gnu_ld->because, "; zig has no GNU ld"), {}, gnu_ld->without};
    if (gnu_ld) {
      return {RouteKind::kDriver, gnu_ld->constructors ? rules::RuleId::kCtorsDriver : rules::RuleId::kGnuLdDriver,
              gnu_ld->because, gnu_ld->evidence};
    }
  }
  const std::optional<rules::AnotherLinker> another =
      rules::LinkerBesideOurs(*facts.resolution, facts.request.settings, *facts.line,
                              [&](const std::vector<std::string>& options, std::string* complaint) {
                                return facts.linker->Accepts(options, complaint);
                              });
  if (!another) return {RouteKind::kEmbedded, std::nullopt, "", {}};
  return {RouteKind::kDriver, another->rule, another->because, {}};
}

}  // namespace

std::optional<Route> ChooseRoute(const Facts& facts) {
  if (facts.line != nullptr) return ByLine(facts);
  if (facts.resolution != nullptr) return BySymbols(facts);
  if (facts.plan != nullptr) return ByInputs(*facts.plan);
  if (facts.toolchain != nullptr) {
    if (facts.toolchain->opaque)
      return Route{RouteKind::kOpaque, std::nullopt, "its driver chooses the C library by itself", {}};
    return std::nullopt;
  }
  return ByCall(facts.request);
}

}  // namespace cgo_ld_shim::link
