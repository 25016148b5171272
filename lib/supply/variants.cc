// The neighbour of an archive that was built for another C library (plan/variants.h).
#include "plan/variants.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "diagnose/built_for.h"
#include "supply/supply.h"
#include "target/libc.h"

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

// Whether objects of `archive` say that it is for glibc, whatever its name says.
bool IsSurelyForGlibc(const Situation& link, const std::string& archive) {
  const std::map<int, diagnose::BuiltForGlibc> built = diagnose::FindBuiltForGlibc(link.resolution);
  return std::any_of(built.begin(), built.end(), [&](const auto& known) {
    return link.resolution.inputs[static_cast<size_t>(known.first)].path == archive &&
           known.second.known == diagnose::BuiltForGlibc::Known::kSurely;
  });
}

// One that is named as a build for another C library: where no name of that library's is missing, its types and its C++
// library differ all the same, and the neighbour whose name says this one is meant.
Offer OfferByName(const Situation& link) {
  const target::Libc& libc = link.toolchain.libc;
  if (!libc.IsGlibc() && !libc.IsMusl()) return {};
  for (const plan::PlanInput& input : link.plan.inputs) {
    if (input.origin != plan::Origin::kGiven || !input.IsArchive() || link.Done(RuleId::kUseVariant, input.path) ||
        !plan::IsNamedForOther(input.path, libc) || (libc.IsGlibc() && IsSurelyForGlibc(link, input.path))) {
      continue;
    }
    const std::string archive = input.path;
    const target::LibcFamily named = libc.IsMusl() ? target::LibcFamily::kGlibc : target::LibcFamily::kMusl;
    plan::LinkPlan plan = link.plan;
    const std::optional<plan::Variant> variant =
        plan::UseVariant(archive, libc,
                         absl::StrCat(archive, " is named as a build for ", target::FamilyName(named),
                                      ", and this program links ", target::FamilyName(libc.family)),
                         &plan, &link.cache);
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
  return OfferByName(link);
}

}  // namespace cgo_ld_shim::supply
