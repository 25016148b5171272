// Changes of a link's arguments, and why. rewrite.cc decides those of a static link; who prepares a link for another
// system (darwin/, link/system.cc) or adds an object writes the same.
//
// A rule is a row of kRules with a permanent id; a Rewrite is one use of a rule: the words before and after, the reason
// in one sentence, and the evidence (symbol, who needs it, who defines it). Their list is what `explain` shows.
#ifndef CGO_LD_SHIM_REWRITE_REWRITE_H_
#define CGO_LD_SHIM_REWRITE_REWRITE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "symbols/evidence.h"

namespace cgo_ld_shim::rewrite {

struct Rewrite {
  std::string rule;                 // "force-static"
  std::vector<std::string> before;  // words removed; empty: something was added
  std::vector<std::string> after;   // words added; empty: something was removed
  std::string because;              // one sentence without a full stop: "final link of an executable"
  std::vector<symbols::Evidence> evidence;
};

// What a `go build` line for plain gcc or clang can say of a rule's change (`explain --flags`).
enum class InFlags {
  kMissing,  // a row that says nothing does not compile
  kSaid,     // the line says it: -static, libraries that were added or moved; or a link does the same without it
  kRepeat,   // the words that the rule adds are flags: they are repeated
  kDiffers,  // the line links without it; RuleRow::without says how that program differs
  kNot,      // no line links without it
};

// The rules, as README's table shows them.
struct RuleRow {
  const char* id;
  const char* when;
  const char* what;
  const char* why;  // with the issue that it answers
  InFlags in_flags = InFlags::kMissing;
  const char* without = nullptr;  // kDiffers: a clause that follows "Unlike the link explained here, "
};
extern const RuleRow kRules[];
extern const int kRuleCount;
// The row of a rule; nullptr for an id that no row has, such as one in the record of another version.
const RuleRow* FindRule(absl::string_view id);

}  // namespace cgo_ld_shim::rewrite

#endif  // CGO_LD_SHIM_REWRITE_REWRITE_H_
