// Sections of the program: those for debuggers, and the stack of its threads.
#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "llvm/BinaryFormat/ELF.h"
#include "rules/line.h"

namespace cgo_ld_shim::rules {
namespace {

using invocation::ArgType;
using invocation::Argument;

constexpr absl::string_view kCompressOption = "--compress-debug-sections";

void DecideDebugSections(const support::Settings& settings, Edits* edits) {
  if (settings.debug_sections == support::DebugSections::kAsAsked) return;
  const char* kind = settings.debug_sections == support::DebugSections::kNone   ? "none"
                     : settings.debug_sections == support::DebugSections::kZlib ? "zlib"
                                                                                : "zstd";
  const std::string option = absl::StrCat(kCompressOption, "=", kind);
  std::vector<size_t> given;
  for (size_t i = 0; i < edits->size(); ++i) {
    const Argument& argument = edits->argument(i);
    if (argument.type == ArgType::kLinker && absl::StartsWith(argument.value, kCompressOption)) given.push_back(i);
  }
  if (given.size() == 1 && edits->argument(given[0]).value == option) return;
  const std::string because = absl::StrCat("CGO_LD_SHIM_DEBUG_SECTIONS=", kind);
  for (const size_t i : given) edits->Drop(i, RuleId::kDebugSections, because);
  edits->Append({absl::StrCat("-Wl,", option)}, RuleId::kDebugSections, because);
}

constexpr absl::string_view kGcOption = "--gc-sections", kNoGcOption = "--no-gc-sections";

// Whoever says --no-gc-sections has code that only he knows the users of. Go's object: supply/go_sections.cc.
void DecideGc(const support::Settings& settings, Edits* edits) {
  if (!settings.gc) return;
  for (size_t i = 0; i < edits->size(); ++i) {
    const Argument& argument = edits->argument(i);
    if (argument.type == ArgType::kLinker && (argument.value == kGcOption || argument.value == kNoGcOption)) return;
  }
  edits->Append({absl::StrCat("-Wl,", kGcOption)}, RuleId::kUnusedSections, "CGO_LD_SHIM_GC=on");
}

// Debug sections of C objects for MIPS have a type of their own (SHT_MIPS_DWARF), and Go's have not: lld refuses to
// join the two.
void DecideMipsDebug(const plan::LinkPlan& plan, Edits* edits) {
  const bool mips = std::any_of(plan.inputs.begin(), plan.inputs.end(), [](const plan::PlanInput& input) {
    return input.IsObject() && input.files[0].object != nullptr &&
           input.files[0].object->machine.e_machine == llvm::ELF::EM_MIPS;
  });
  if (!mips) return;
  edits->Append({"-Wl,--strip-debug"}, RuleId::kMipsDebug, "Go's debug sections and C's have different types");
}

// musl gives a thread 128 KiB of stack unless the program's PT_GNU_STACK says more, of which it takes at most 8 MiB
// (musl, src/env/__init_tls.c). C code called from Go runs on such a stack. zig's own line asks for 16 MiB.
constexpr absl::string_view kStackSize = "stack-size=";

void DecideThreadStack(const toolchain::Toolchain& toolchain, Edits* edits) {
  if (!toolchain.libc.IsMusl() || toolchain.opaque) return;
  for (const std::string& option : toolchain.line.options) {
    if (absl::StrContains(option, kStackSize)) return;
  }
  for (size_t i = 0; i < edits->size(); ++i) {
    const Argument& argument = edits->argument(i);
    if (argument.type == ArgType::kLinker && absl::StrContains(argument.value, kStackSize)) return;
  }
  edits->Append({"-Wl,-zstack-size=8388608"}, RuleId::kThreadStack,
                "C code that Go calls runs on a thread's stack: 8 MiB as with glibc, not musl's 128 KiB");
}

}  // namespace

void DecideSections(const LinkFacts& facts, Edits* edits) {
  DecideDebugSections(facts.settings, edits);
  DecideGc(facts.settings, edits);
  DecideMipsDebug(facts.plan, edits);
  DecideThreadStack(facts.toolchain, edits);
}

}  // namespace cgo_ld_shim::rules
