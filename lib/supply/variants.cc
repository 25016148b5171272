// The neighbour of an archive that was built for another C library (plan/variants.h).
#include "plan/variants.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "diagnose/built_for.h"
#include "supply/supply.h"

namespace cgo_ld_shim::supply {

using rules::RuleId;

namespace {

Supply InPlaceOf(const std::string& archive, const plan::Variant& variant) {
  return {.rule = RuleId::kUseVariant,
          .subject = archive,
          .entries = {{.name = variant.to, .because = variant.because}},
          .replaces = archive,
          .path = variant.to};
}

// One that is named as one for musl, in a link with glibc, and none of whose objects says that it is for glibc all the
// same: no symbol is missing, and yet the other one is meant.
Offer OfferForGlibc(const Situation& link) {
  if (!link.toolchain.libc.IsGlibc()) return {};
  for (const plan::PlanInput& input : link.plan.inputs) {
    if (input.origin != plan::Origin::kGiven || !input.IsArchive() || link.Done(RuleId::kUseVariant, input.path) ||
        !plan::IsNamedForOther(input.path, link.toolchain.libc)) {
      continue;
    }
    const std::map<int, diagnose::BuiltForGlibc> built = diagnose::FindBuiltForGlibc(link.resolution);
    if (std::any_of(built.begin(), built.end(), [&](const auto& known) {
          return link.resolution.inputs[static_cast<size_t>(known.first)].path == input.path &&
                 known.second.known == diagnose::BuiltForGlibc::Known::kSurely;
        })) {
      continue;
    }
    const std::string archive = input.path;
    plan::LinkPlan plan = link.plan;
    const std::optional<plan::Variant> variant = plan::UseVariant(
        archive, link.toolchain.libc,
        absl::StrCat(archive, " is named as a build for musl, and this program links glibc"), &plan, &link.cache);
    if (!variant) continue;
    return {.supply = InPlaceOf(archive, *variant)};
  }
  return {};
}

}  // namespace

Offer OfferLibcVariant(const Situation& link) {
  for (const resolve::Unresolved& missing : link.resolution.missing) {
    if (!diagnose::IsOfOtherLibc(missing.symbol, link.toolchain.libc)) continue;
    for (const std::string& archive : missing.wanting_paths) {
      if (link.Done(RuleId::kUseVariant, archive)) continue;
      plan::LinkPlan plan = link.plan;
      const std::optional<plan::Variant> variant = plan::UseVariant(
          archive, link.toolchain.libc,
          absl::StrCat(archive, " was built for a different C library: it needs ", missing.symbol), &plan, &link.cache);
      if (!variant) continue;
      return {.supply = InPlaceOf(archive, *variant)};
    }
  }
  return OfferForGlibc(link);
}

}  // namespace cgo_ld_shim::supply
