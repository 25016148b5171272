// Archives of which GNU ld, on the same line, takes other members than lld: each becomes a copy that has those alone.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "supply/copies.h"
#include "supply/supply.h"

namespace cgo_ld_shim::supply {

using rules::RuleId;

namespace {
// What is no longer taken no longer wants anything, so that few copies are copied again.
constexpr ptrdiff_t kMostCopies = 64;
}  // namespace

Offer OfferGnuChoice(const Situation& link) {
  const ptrdiff_t copies = std::count_if(link.supplied.begin(), link.supplied.end(),
                                         [](const Supply& supply) { return supply.rule == RuleId::kGnuOrder; });
  if (copies >= kMostCopies) return {};
  for (const resolve::Otherwise& other : link.resolution.otherwise) {
    if (link.Done(RuleId::kGnuOrder, other.archive) || !CanBeCopied(link, other.archive)) continue;
    Entry entry{
        .name = other.archive,
        .because = absl::StrCat(other.lld_takes, " stands before what needs it: GNU ld takes ", other.symbol,
                                other.gnu_takes.empty() ? " from nowhere" : absl::StrCat(" from ", other.gnu_takes)),
        .evidence = {{other.symbol, other.wanted_by, other.archive}}};
    return {.supply = CopyOf(link, RuleId::kGnuOrder, other.archive, "as-gnu-ld", other.members, {}, std::move(entry))};
  }
  return {};
}

}  // namespace cgo_ld_shim::supply
