// The ids of rules (rules.def). An id in a record of another version may be none of these: RuleRef holds either.
//
// Example:
//   Name(RuleId::kForceStatic)   // "force-static"
//   RuleRef::FromText("force-static") == RuleId::kForceStatic
#ifndef CGO_LD_SHIM_RULES_RULE_ID_H_
#define CGO_LD_SHIM_RULES_RULE_ID_H_

#include <cstddef>
#include <iterator>
#include <optional>

#include "absl/strings/string_view.h"
#include "support/open_id.h"

namespace cgo_ld_shim::rules {

enum class RuleId {
#define RULE(enumerator, id, decided_in) enumerator,
#include "rules/rules.def"
#undef RULE
};

inline constexpr absl::string_view kRuleNames[] = {
#define RULE(enumerator, id, decided_in) id,
#include "rules/rules.def"
#undef RULE
};
inline constexpr size_t kRuleCount = std::size(kRuleNames);

absl::string_view Name(RuleId id);
std::optional<RuleId> FindId(RuleId, absl::string_view text);

using RuleRef = support::OpenId<RuleId>;

}  // namespace cgo_ld_shim::rules

#endif  // CGO_LD_SHIM_RULES_RULE_ID_H_
