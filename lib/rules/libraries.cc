// Libraries: which are left out, which come to those of the user's, and in which order they stand.
#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "rules/line.h"

namespace cgo_ld_shim::rules {
namespace {

using plan::Origin;
using plan::PlanInput;

constexpr char kResolv[] = "resolv";
constexpr char kUnneeded[] = "nothing needs it";

NewInput Placed(const PlanInput& input, size_t place) {
  return {.words = input.words,
          .path = input.path,
          .library = input.library,
          .place = static_cast<int>(place),
          .group = input.group >= resolve::kCycleGroup ? input.group : -1};
}

void LeaveOut(const plan::LinkPlan& plan, const resolve::Resolution& resolution, Edits* edits) {
  for (const PlanInput& input : resolution.left_out) {
    if (input.argument < 0) continue;
    // -l:libz.so, beside which libz.a lies and was taken for what is needed.
    const std::string archive = absl::StrCat(input.shared.substr(0, input.shared.rfind(".so")), ".a");
    const bool replaced = std::any_of(resolution.added.begin(), resolution.added.end(),
                                      [&](const resolve::Added& added) { return added.path == archive; });
    edits->Drop(static_cast<size_t>(input.argument), RuleId::kDropSharedOnly,
                replaced ? absl::StrCat("a static program cannot have ", input.shared, "; the archive beside it serves")
                         : absl::StrCat("only ", input.shared, " exists",
                                        resolution.missing.empty() ? ", and no symbol is missing without it" : ""));
  }
  for (const PlanInput& input : resolution.unneeded) {
    if (input.library == kResolv && input.argument >= 0)
      edits->Drop(static_cast<size_t>(input.argument), RuleId::kDropLresolv, kUnneeded);
  }
  std::set<int> kept;
  for (const PlanInput& input : resolution.inputs) kept.insert(input.argument);
  for (const PlanInput& input : plan.inputs) {
    if (input.argument < 0 || !(input.IsArchive() || input.IsObject()) || kept.contains(input.argument)) continue;
    const auto argument = static_cast<size_t>(input.argument);
    if (input.library == kResolv) {
      edits->Drop(argument, RuleId::kDropLresolv, kUnneeded);
    } else {
      edits->Drop(argument, RuleId::kDropRepeat, "named before");
    }
  }
}

void Add(const resolve::Resolution& resolution, Edits* edits) {
  for (const resolve::Added& added : resolution.added) {
    std::string because;
    if (added.evidence.empty()) {
      because = resolve::TierText(added.tier);
    } else {
      because = absl::StrCat(added.symbols, added.symbols == 1 ? " symbol" : " symbols", " missing without it; ",
                             resolve::TierText(added.tier));
    }
    for (const std::string& loser : added.alternatives) absl::StrAppend(&because, "; rather than ", loser);
    edits->AddInput(Placed(resolution.inputs[added.input], added.input),
                    added.tier == resolve::Tier::kRuntime ? RuleId::kAddRuntime : RuleId::kAddArchive, because,
                    added.evidence);
  }
}

void Order(const plan::LinkPlan& plan, const resolve::Resolution& resolution, Edits* edits) {
  if (!resolution.reordered) return;
  std::vector<Edits::Move> moves;
  std::vector<NewInput> repeats;
  for (size_t i = 0; i < resolution.inputs.size(); ++i) {
    const PlanInput& input = resolution.inputs[i];
    const NewInput placed = Placed(input, i);
    if (input.origin == Origin::kGiven && input.argument >= 0 && input.IsArchive() && !input.whole_archive &&
        !plan.positional) {
      moves.push_back({static_cast<size_t>(input.argument), placed.place, placed.group});
    }
    const bool first = std::any_of(resolution.added.begin(), resolution.added.end(),
                                   [&](const resolve::Added& added) { return added.input == i; });
    if (input.origin == Origin::kAdded && !first) repeats.push_back(placed);
  }
  if (resolution.grouped) {
    edits->Reorder(moves, repeats, RuleId::kGroupArchives, "they need one another in a cycle");
  } else {
    edits->Reorder(moves, repeats, RuleId::kOrderArchives, "each library stands before what it needs");
  }
}

}  // namespace

void DecideLibraries(const LinkFacts& facts, Edits* edits) {
  LeaveOut(facts.plan, facts.resolution, edits);
  Add(facts.resolution, edits);
  Order(facts.plan, facts.resolution, edits);
}

}  // namespace cgo_ld_shim::rules
