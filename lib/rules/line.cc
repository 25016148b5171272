#include "rules/line.h"

namespace cgo_ld_shim::rules {

Edits EditLine(const LinkFacts& facts) {
  Edits edits(facts.call, facts.plan);
  for (const auto decide : kFamilies) decide(facts, &edits);
  return edits;
}

}  // namespace cgo_ld_shim::rules
