#include "shim/why_not_static.h"

#include <unistd.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "target/target.h"

namespace cgo_ld_shim {

using invocation::ArgType;
using invocation::Argument;
using plan::Origin;
using plan::PlanInput;

std::optional<std::string> WhyNotStatic(const Context& context, const invocation::Invocation& call) {
  if (context.settings.static_mode == support::StaticMode::kOff) return "CGO_LD_SHIM_STATIC=off";
  const target::Target target = target::Infer(environ);
  if (target.os != "linux") return absl::StrCat("the target is ", target.os);
  for (const Argument& argument : call.arguments) {
    if (argument.type == ArgType::kShared) return "it makes a shared library (-shared)";
    if (argument.type == ArgType::kRelocatable) return "it makes an object (-r)";
    if (argument.type != ArgType::kDriver || !absl::StartsWith(argument.value, "-fsanitize=")) continue;
    for (const char* sanitizer : {"address", "memory", "thread", "leak"}) {
      if (absl::StrContains(argument.value, sanitizer)) {
        return absl::StrCat(argument.value, ": the sanitizer's run-time library needs a dynamic program");
      }
    }
  }
  return std::nullopt;
}

std::optional<std::string> WhyNotStaticByInputs(const plan::LinkPlan& plan) {
  bool opens = false, looks_up = false;
  for (const PlanInput& input : plan.inputs) {
    if (input.origin != Origin::kGiven || input.files.empty()) continue;
    const symbols::InputFile& file = input.files[0];
    if (file.kind == symbols::FileKind::kShared && input.library.empty()) {
      return absl::StrCat("the shared library ", input.path, " is named by its path");
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
  if (opens && looks_up) return "the program loads plugins (package plugin)";
  return std::nullopt;
}

std::optional<std::string> WhyNotStaticBySymbols(const resolve::Resolution& resolution, plan::FileCache* cache) {
  for (const resolve::Unresolved& missing : resolution.missing) {
    for (const char* init : {"__asan_init", "__msan_init", "__tsan_init", "__hwasan_init"}) {
      if (absl::StartsWith(missing.symbol, init)) {
        return absl::StrCat("C code is instrumented (", missing.symbol,
                            "): the sanitizer's run-time library needs a dynamic program");
      }
    }
  }
  // -linkshared: Go's own packages are in a shared library that has the runtime's symbols.
  for (const PlanInput& input : resolution.left_out) {
    const absl::StatusOr<symbols::InputFile>& file = cache->Open(input.shared);
    if (!file.ok() || file->object == nullptr) continue;
    for (const symbols::Definition& definition : file->object->definitions) {
      if (absl::StartsWith(definition.name, "runtime.")) {
        return absl::StrCat("Go packages are linked from a shared library (-linkshared, ", input.shared, ")");
      }
    }
  }
  return std::nullopt;
}

}  // namespace cgo_ld_shim
