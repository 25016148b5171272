// Every change of a link's arguments, and why. Nothing else in the program changes an argument.
//
// A rule is a row of kRules with a permanent id; a Rewrite is one use of a rule: the words before and after, the reason
// in one sentence, and the evidence (symbol, who needs it, who defines it). Their list is what `explain` shows.
#ifndef CGO_LD_SHIM_REWRITE_REWRITE_H_
#define CGO_LD_SHIM_REWRITE_REWRITE_H_

#include <string>
#include <vector>

namespace cgo_ld_shim::rewrite {

// One link of a chain such as main.o → librocksdb.a(db_impl.o) → ZSTD_compress → libzstd.a(zstd_compress.o).
struct Evidence {
  std::string symbol;       // as in the object files (mangled)
  std::string wanted_by;    // "/usr/lib/librocksdb.a(db_impl.o)" or an object's path
  std::string provided_by;  // "/usr/lib/libzstd.a(zstd_compress.o)"; empty: nobody
};

struct Rewrite {
  std::string rule;                 // "force-static"
  std::vector<std::string> before;  // words removed; empty: something was added
  std::vector<std::string> after;   // words added; empty: something was removed
  std::string because;              // one sentence without a full stop: "final link of an executable"
  std::vector<Evidence> evidence;
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
