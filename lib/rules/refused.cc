// Words that zig stops at.
#include "rules/line.h"

namespace cgo_ld_shim::rules {

bool IsRefusedByZig(absl::string_view word) { return word == "-mhard-float"; }

void DropRefusedByZig(Edits* edits) {
  for (size_t i = 0; i < edits->size(); ++i) {
    const std::vector<std::string>& words = edits->argument(i).words;
    if (words.size() == 1 && IsRefusedByZig(words[0]))
      edits->Drop(i, RuleId::kDropRefused, "zig stops at it, and its target says the same");
  }
}

void DecideRefused(const LinkFacts& facts, Edits* edits) {
  if (!facts.driver.target.empty()) DropRefusedByZig(edits);
}

}  // namespace cgo_ld_shim::rules
