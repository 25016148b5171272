// Files that take part in the link beside the user's, or in place of one of them.
#include "absl/strings/str_cat.h"
#include "resolve/candidates.h"
#include "rules/line.h"

namespace cgo_ld_shim::rules {

using invocation::ArgType;

Replacement ByVariant(const plan::Variant& variant) {
  return {.rule = RuleId::kUseVariant, .argument = variant.argument, .file = variant.to, .because = variant.because};
}

Replacement ByIsolation(const Isolation& isolation, int argument) {
  const std::vector<std::string>& symbols = isolation.symbols;
  return {.rule = isolation.runtime_only ? RuleId::kIsolateRuntime : RuleId::kIsolateAsked,
          .argument = argument,
          .file = isolation.object,
          .because = absl::StrCat(isolation.archive, " and ", isolation.other, " both define ", symbols[0],
                                  symbols.size() > 1 ? absl::StrCat(" and ", symbols.size() - 1, " more") : "", "; ",
                                  resolve::LibraryName(isolation.archive), " now has a copy of its own"),
          .evidence = {{symbols[0], "", isolation.archive}}};
}

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
