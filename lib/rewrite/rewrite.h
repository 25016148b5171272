// Changes of a link's arguments, and why. rewrite.cc decides those of a static link; who prepares a link for another
// system (darwin/, shim/system_link.cc) or adds an object writes the same.
//
// A rule is a row of kRules with a permanent id; a Rewrite is one use of a rule: the words before and after, the reason
// in one sentence, and the evidence (symbol, who needs it, who defines it). Their list is what `explain` shows.
#ifndef CGO_LD_SHIM_REWRITE_REWRITE_H_
#define CGO_LD_SHIM_REWRITE_REWRITE_H_

#include <string>
#include <vector>

#include "symbols/evidence.h"

namespace cgo_ld_shim::rewrite {

struct Rewrite {
  std::string rule;                 // "force-static"
  std::vector<std::string> before;  // words removed; empty: something was added
  std::vector<std::string> after;   // words added; empty: something was removed
  std::string because;              // one sentence without a full stop: "final link of an executable"
  std::vector<symbols::Evidence> evidence;
};

// The rules, as README's table shows them.
struct RuleRow {
  const char* id;
  const char* when;
  const char* what;
  const char* why;  // with the issue that it answers
};
extern const RuleRow kRules[];
extern const int kRuleCount;

}  // namespace cgo_ld_shim::rewrite

#endif  // CGO_LD_SHIM_REWRITE_REWRITE_H_
