// The mode of the link: static, static and position-independent, and nothing for a dynamic loader to read.
#include "absl/strings/match.h"
#include "rules/line.h"

namespace cgo_ld_shim::rules {

using invocation::ArgType;
using invocation::Argument;

toolchain::LinkMode ModeOf(const invocation::Invocation& call) {
  bool pie = false;
  for (const Argument& argument : call.arguments) {
    if (argument.type == ArgType::kPie || argument.type == ArgType::kStaticPie) pie = true;
    if (argument.type == ArgType::kNoPie) pie = false;
  }
  return pie ? toolchain::LinkMode::kStaticPie : toolchain::LinkMode::kStatic;
}

void MakeStatic(toolchain::LinkMode mode, Edits* edits) {
  const bool pie = mode == toolchain::LinkMode::kStaticPie;
  bool has_static = false;
  for (size_t i = 0; i < edits->size(); ++i) {
    switch (edits->argument(i).type) {
      case ArgType::kStaticPie:
        has_static = true;
        break;
      case ArgType::kStatic:
        // gcc takes `-static -pie` for a dynamic program without interpreter; the two together mean -static-pie.
        if (pie) {
          edits->Drop(i, RuleId::kStaticPie, "-static-pie says both");
        } else {
          has_static = true;
        }
        break;
      case ArgType::kPie:
        has_static = true;
        edits->Replace(i, {{.type = ArgType::kStaticPie, .value = "-static-pie", .words = {"-static-pie"}}, ""},
                       RuleId::kStaticPie, "final link of a position-independent executable");
        break;
      case ArgType::kLinker:
        // lld would write an interpreter into a static program; GNU ld does not.
        if (absl::StartsWith(edits->argument(i).value, "-dynamic-linker") ||
            absl::StartsWith(edits->argument(i).value, "--dynamic-linker")) {
          edits->Drop(i, RuleId::kForceStatic, "a static program has no dynamic linker");
          if (!absl::StrContains(edits->argument(i).value, '=') && i + 1 < edits->size() &&
              edits->argument(i + 1).type == ArgType::kLinker)
            edits->Drop(i + 1, RuleId::kForceStatic, "a static program has no dynamic linker");
        }
        break;
      case ArgType::kExportDynamic:
        edits->Drop(i, RuleId::kDropRdynamic, "a static program has no dynamic symbol table");
        break;
      default:
        break;
    }
  }
  if (!has_static) edits->Append({"-static"}, RuleId::kForceStatic, "final link of an executable");
}

void DecideMode(const LinkFacts& facts, Edits* edits) { MakeStatic(ModeOf(facts.call), edits); }

Edits EditUnplanned(const invocation::Invocation& call) {
  Edits edits(call.arguments);
  MakeStatic(ModeOf(call), &edits);
  return edits;
}

}  // namespace cgo_ld_shim::rules
