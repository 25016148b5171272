// Copies of the user's archives that have some of their members alone, or ask for a function by another name: they take
// the place of the archive (isolate/members.h).
//
// Example:
//   Supply supply = CopyOf(link, RuleId::kGnuOrder, "/x/libA.a", "as-gnu-ld", {0, 4}, {}, entry);
#ifndef CGO_LD_SHIM_SUPPLY_COPIES_H_
#define CGO_LD_SHIM_SUPPLY_COPIES_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "supply/supply.h"

namespace cgo_ld_shim::supply {

// Whether the archive is one of the user's of which a copy can take the place.
bool CanBeCopied(const Situation& link, const std::string& archive);

// The copy with these members, in which these symbols have other names; `purpose` is a word of its file's name.
Supply CopyOf(const Situation& link, rules::RuleId rule, const std::string& archive, const std::string& purpose,
              std::vector<uint32_t> members, std::map<std::string, std::string> renamed, Entry entry);

}  // namespace cgo_ld_shim::supply

#endif  // CGO_LD_SHIM_SUPPLY_COPIES_H_
