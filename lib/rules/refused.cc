// Words that zig stops at.
#include "rules/line.h"

#include "absl/strings/match.h"

namespace cgo_ld_shim::rules {
namespace {

// Words for the linker that zig stops at and that say nothing to a shared library which it does not do without them.
constexpr struct {
  const char* word;  // what follows is its value
  const char* because;
} kRefusedInShared[] = {
    {"--unresolved-symbols=", "a shared library may lack symbols without it, and zig stops at it"},
    {"--export-dynamic-symbol=", "a shared library exports its symbols without it, and zig stops at it"},
    {"--why-extract=", "it only tells of the link, and zig stops at it"},
};

}  // namespace

bool IsRefusedByZig(absl::string_view word) { return word == "-mhard-float"; }

void DropRefusedByZig(Edits* edits) {
  for (size_t i = 0; i < edits->size(); ++i) {
    const std::vector<std::string>& words = edits->argument(i).words;
    if (words.size() == 1 && IsRefusedByZig(words[0]))
      edits->Drop(i, RuleId::kDropRefused, "zig stops at it, and its target says the same");
  }
}

Edits EditSharedForZig(const invocation::Invocation& call) {
  Edits edits(call.arguments);
  DropRefusedByZig(&edits);
  for (size_t i = 0; i < edits.size(); ++i) {
    const invocation::Argument& argument = edits.argument(i);
    if (argument.type != invocation::ArgType::kLinker) continue;
    for (const auto& row : kRefusedInShared) {
      if (absl::StartsWith(argument.value, row.word)) edits.Drop(i, RuleId::kDropRefused, row.because);
    }
  }
  return edits;
}

void DecideRefused(const LinkFacts& facts, Edits* edits) {
  if (!facts.driver.target.empty()) DropRefusedByZig(edits);
}

}  // namespace cgo_ld_shim::rules
