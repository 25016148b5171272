// Files that take part in the link beside the user's, or in place of one of them.
#include "rules/line.h"

namespace cgo_ld_shim::rules {

using invocation::ArgType;

void DecideSupplies(const LinkFacts& facts, Edits* edits) {
  for (const Replacement& replacement : facts.replacements) {
    if (replacement.argument < 0) continue;
    edits->Replace(
        static_cast<size_t>(replacement.argument),
        {{.type = ArgType::kInput, .value = replacement.file, .words = {replacement.file}}, replacement.file},
        replacement.rule, replacement.because, replacement.evidence);
  }
  for (const ExtraObject& object : facts.extra) {
    NewInput input{.path = object.path, .shown = object.name};
    if (!object.path.empty()) input.words = {object.path};
    edits->AddInput(input, object.rule, object.because, object.evidence);
  }
}

}  // namespace cgo_ld_shim::rules
