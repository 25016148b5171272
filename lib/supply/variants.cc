// The neighbour of an archive that was built for another C library (plan/variants.h).
#include "plan/variants.h"

#include "absl/strings/str_cat.h"
#include "supply/supply.h"

namespace cgo_ld_shim::supply {

using rules::RuleId;

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
      return {.supply = Supply{.rule = RuleId::kUseVariant,
                               .subject = archive,
                               .entries = {{.name = variant->to, .because = variant->because}},
                               .replaces = archive,
                               .path = variant->to}};
    }
  }
  return {};
}

}  // namespace cgo_ld_shim::supply
