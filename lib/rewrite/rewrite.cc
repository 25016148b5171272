#include "rewrite/rewrite.h"

#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "llvm/BinaryFormat/ELF.h"
#include "rewrite/apply.h"

namespace cgo_ld_shim::rewrite {
namespace {

using invocation::ArgType;
using invocation::Argument;
using plan::Origin;
using plan::PlanInput;

constexpr absl::string_view kCompressOption = "--compress-debug-sections";

// Appends one use of a rule, joining uses of one rule with one reason (twenty repeated -lpthread are one line of the
// log).
void AddRewrite(Decision* decision, Rewrite rewrite) {
  for (Rewrite& have : decision->rewrites) {
    if (have.rule == rewrite.rule && have.because == rewrite.because && rewrite.evidence.empty() &&
        have.evidence.empty()) {
      have.before.insert(have.before.end(), rewrite.before.begin(), rewrite.before.end());
      have.after.insert(have.after.end(), rewrite.after.begin(), rewrite.after.end());
      return;
    }
  }
  decision->rewrites.push_back(std::move(rewrite));
}

void DecideMode(const invocation::Invocation& call, Decision* decision) {
  decision->mode = ModeOf(call);
  bool has_static = false;
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    const Argument& argument = call.arguments[i];
    const bool pie = decision->mode == toolchain::LinkMode::kStaticPie;
    switch (argument.type) {
      case ArgType::kStaticPie:
        has_static = true;
        break;
      case ArgType::kStatic:
        // gcc takes `-static -pie` for a dynamic program without interpreter; the two together mean -static-pie.
        if (pie) {
          decision->drop[i] = true;
          AddRewrite(decision, {"static-pie", argument.words, {}, "-static-pie says both", {}});
        } else {
          has_static = true;
        }
        break;
      case ArgType::kPie:
        has_static = true;
        decision->replace[i] = {"-static-pie"};
        AddRewrite(
            decision,
            {"static-pie", argument.words, {"-static-pie"}, "final link of a position-independent executable", {}});
        break;
      case ArgType::kExportDynamic:
        decision->drop[i] = true;
        AddRewrite(decision, {"drop-rdynamic", argument.words, {}, "a static program has no dynamic symbol table", {}});
        break;
      default:
        break;
    }
  }
  if (!has_static) {
    decision->append.push_back("-static");
    AddRewrite(decision, {"force-static", {}, {"-static"}, "final link of an executable", {}});
  }
}

void DecideDebugSections(const invocation::Invocation& call, const support::Settings& settings, Decision* decision) {
  if (settings.debug_sections == support::DebugSections::kAsAsked) return;
  const char* kind = settings.debug_sections == support::DebugSections::kNone   ? "none"
                     : settings.debug_sections == support::DebugSections::kZlib ? "zlib"
                                                                                : "zstd";
  const std::string word = absl::StrCat("-Wl,", kCompressOption, "=", kind);
  std::vector<std::string> before;
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    const Argument& argument = call.arguments[i];
    if (argument.type != ArgType::kLinker || !absl::StartsWith(argument.value, kCompressOption)) continue;
    decision->drop[i] = true;
    before.push_back(absl::StrCat("-Wl,", argument.value));
  }
  if (before == std::vector<std::string>{word}) {
    std::fill(decision->drop.begin(), decision->drop.end(), false);
    return;
  }
  decision->append.push_back(word);
  AddRewrite(decision, {"debug-sections", before, {word}, absl::StrCat("CGO_LD_SHIM_DEBUG_SECTIONS=", kind), {}});
}

// Debug sections of C objects for MIPS have a type of their own (SHT_MIPS_DWARF), and Go's have not: lld refuses to
// join the two.
void DecideMipsDebug(const plan::LinkPlan& plan, Decision* decision) {
  const bool mips = std::any_of(plan.inputs.begin(), plan.inputs.end(), [](const PlanInput& input) {
    return input.IsObject() && input.files[0].object != nullptr &&
           input.files[0].object->machine.e_machine == llvm::ELF::EM_MIPS;
  });
  if (!mips) return;
  decision->append.emplace_back("-Wl,--strip-debug");
  AddRewrite(decision,
             {"mips-debug", {}, {"-Wl,--strip-debug"}, "Go's debug sections and C's have different types", {}});
}

// musl gives a thread 128 KiB of stack unless the program's PT_GNU_STACK says more, of which it takes at most 8 MiB
// (musl, src/env/__init_tls.c). C code called from Go runs on such a stack. zig's own line asks for 16 MiB.
constexpr absl::string_view kStackSize = "stack-size=";
constexpr absl::string_view kThreadStack = "-Wl,-zstack-size=8388608";

void DecideThreadStack(const invocation::Invocation& call, const toolchain::Toolchain& toolchain, Decision* decision) {
  if (!toolchain.libc.IsMusl() || toolchain.opaque) return;
  for (const std::string& option : toolchain.line.options) {
    if (absl::StrContains(option, kStackSize)) return;
  }
  for (const Argument& argument : call.arguments) {
    if (argument.type == ArgType::kLinker && absl::StrContains(argument.value, kStackSize)) return;
  }
  decision->append.emplace_back(kThreadStack);
  AddRewrite(decision, {"thread-stack",
                        {},
                        {std::string(kThreadStack)},
                        "C code that Go calls runs on a thread's stack: 8 MiB as with glibc, not musl's 128 KiB",
                        {}});
}

void DecideLibraries(const plan::LinkPlan& plan, const resolve::Resolution& resolution, Decision* decision) {
  for (const PlanInput& input : resolution.left_out) {
    if (input.argument < 0) continue;
    decision->drop[static_cast<size_t>(input.argument)] = true;
    AddRewrite(decision, {"drop-shared-only",
                          input.words,
                          {},
                          absl::StrCat("only ", input.shared, " exists",
                                       resolution.missing.empty() ? ", and no symbol is missing without it" : ""),
                          {}});
  }
  for (const PlanInput& input : resolution.unneeded) {
    if (input.library != "resolv" || input.argument < 0) continue;
    decision->drop[static_cast<size_t>(input.argument)] = true;
    AddRewrite(decision, {"drop-lresolv", input.words, {}, "nothing needs it", {}});
  }
  std::set<int> kept;
  for (const PlanInput& input : resolution.inputs) kept.insert(input.argument);
  for (const PlanInput& input : plan.inputs) {
    if (input.argument < 0 || !input.IsArchive() || kept.contains(input.argument)) continue;
    decision->drop[static_cast<size_t>(input.argument)] = true;
    AddRewrite(decision, {input.library == "resolv" ? "drop-lresolv" : "drop-repeat",
                          input.words,
                          {},
                          input.library == "resolv" ? "nothing needs it" : "named before",
                          {}});
  }
  for (const resolve::Added& added : resolution.added) {
    const PlanInput& input = resolution.inputs[added.input];
    std::string because;
    if (added.evidence.empty()) {
      because = resolve::TierText(added.tier);
    } else {
      because = absl::StrCat(added.symbols, added.symbols == 1 ? " symbol" : " symbols", " missing without it; ",
                             resolve::TierText(added.tier));
    }
    for (const std::string& loser : added.alternatives) absl::StrAppend(&because, "; rather than ", loser);
    AddRewrite(decision, {added.tier == resolve::Tier::kRuntime ? "add-runtime" : "add-archive",
                          {},
                          input.words,
                          because,
                          added.evidence});
  }
  if (resolution.reordered) {
    std::vector<std::string> before, after;
    for (const PlanInput& input : plan.inputs) {
      if (input.origin == Origin::kGiven && input.IsArchive() && !decision->drop[static_cast<size_t>(input.argument)]) {
        before.insert(before.end(), input.words.begin(), input.words.end());
      }
    }
    for (const PlanInput& input : resolution.inputs) {
      if (input.origin != Origin::kToolchain && input.IsArchive())
        after.insert(after.end(), input.words.begin(), input.words.end());
    }
    AddRewrite(decision,
               {resolution.grouped ? "group-archives" : "order-archives",
                before,
                after,
                resolution.grouped ? "they need one another in a cycle" : "each library stands before what it needs",
                {}});
  }
}

Argument LinkerFlag(const std::string& option) {
  return {.type = ArgType::kLinker, .value = option, .words = {absl::StrCat("-Wl,", option)}};
}

}  // namespace

toolchain::LinkMode ModeOf(const invocation::Invocation& call) {
  bool pie = false;
  for (const Argument& argument : call.arguments) {
    if (argument.type == ArgType::kPie || argument.type == ArgType::kStaticPie) pie = true;
    if (argument.type == ArgType::kNoPie) pie = false;
  }
  return pie ? toolchain::LinkMode::kStaticPie : toolchain::LinkMode::kStatic;
}

Decision Decide(const invocation::Invocation& call, const plan::LinkPlan& plan, const resolve::Resolution& resolution,
                const toolchain::Toolchain& toolchain, const std::vector<ExtraObject>& extra,
                const std::vector<Replacement>& replacements, const support::Settings& settings) {
  Decision decision;
  decision.drop.resize(call.arguments.size());
  decision.replace.resize(call.arguments.size());
  DecideDebugSections(call, settings, &decision);
  DecideMipsDebug(plan, &decision);
  DecideThreadStack(call, toolchain, &decision);
  DecideMode(call, &decision);
  DecideLibraries(plan, resolution, &decision);
  for (const Replacement& replacement : replacements) AddRewrite(&decision, replacement.rewrite);
  for (const ExtraObject& object : extra) {
    if (!object.path.empty()) decision.extra_objects.push_back(object.path);
    AddRewrite(&decision, {object.rule, {}, {object.name}, object.because, object.evidence});
  }
  return decision;
}

RewrittenLink Apply(const invocation::Invocation& call, const plan::LinkPlan& plan, const Decision& decision,
                    const resolve::Resolution& resolution) {
  RewrittenLink link{.rewrites = decision.rewrites};
  std::vector<const PlanInput*> by_argument(call.arguments.size());
  for (const PlanInput& input : plan.inputs) {
    if (input.argument >= 0) by_argument[static_cast<size_t>(input.argument)] = &input;
  }
  size_t last_input = call.arguments.size();
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    if (by_argument[i] != nullptr) last_input = i;
  }
  const auto emit_input = [&](const PlanInput& input) {
    Argument argument;
    if (input.argument >= 0 && input.words == call.arguments[static_cast<size_t>(input.argument)].words) {
      argument = call.arguments[static_cast<size_t>(input.argument)];
    } else if (!input.library.empty()) {
      argument = {.type = ArgType::kLibrary, .value = input.library, .words = input.words};
    } else {
      argument = {.type = ArgType::kInput, .value = input.path, .words = input.words};
    }
    link.line.push_back({std::move(argument), input.path});
  };
  // Libraries that moved or were added stand after the last input of the user's, in the order of the resolution.
  const auto emit_libraries = [&] {
    for (const std::string& object : decision.extra_objects) {
      link.line.push_back({{.type = ArgType::kInput, .value = object, .words = {object}}, object});
    }
    int group = -1;
    for (const PlanInput& input : resolution.inputs) {
      const bool moves = input.origin == Origin::kAdded ||
                         (resolution.reordered && !plan.positional && input.origin == Origin::kGiven &&
                          input.IsArchive() && !input.whole_archive);
      if (!moves || (input.argument >= 0 && decision.drop[static_cast<size_t>(input.argument)])) continue;
      const int wanted = input.group >= resolve::kCycleGroup ? input.group : -1;
      if (wanted != group && group >= 0) link.line.push_back({LinkerFlag("--end-group"), ""});
      if (wanted != group && wanted >= 0) link.line.push_back({LinkerFlag("--start-group"), ""});
      group = wanted;
      emit_input(input);
    }
    if (group >= 0) link.line.push_back({LinkerFlag("--end-group"), ""});
  };
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    const PlanInput* input = by_argument[i];
    const bool moves =
        input != nullptr && resolution.reordered && !plan.positional && input->IsArchive() && !input->whole_archive;
    if (!decision.drop[i] && !moves) {
      if (!decision.replace[i].empty()) {
        link.line.push_back(
            {{.type = ArgType::kStaticPie, .value = decision.replace[i][0], .words = decision.replace[i]}, ""});
      } else if (input != nullptr) {
        emit_input(*input);
      } else {
        link.line.push_back({call.arguments[i], ""});
      }
    }
    if (i == last_input) emit_libraries();
  }
  if (last_input == call.arguments.size()) emit_libraries();
  for (const std::string& word : decision.append) {
    absl::string_view option = word;
    if (absl::ConsumePrefix(&option, "-Wl,")) {
      link.line.push_back({LinkerFlag(std::string(option)), ""});
    } else {
      link.line.push_back({{.type = ArgType::kStatic, .value = word, .words = {word}}, ""});
    }
  }
  std::vector<Argument> arguments;
  for (const LinkWord& word : link.line) arguments.push_back(word.argument);
  link.words = invocation::Spell(arguments);
  return link;
}

}  // namespace cgo_ld_shim::rewrite
