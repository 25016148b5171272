// Options of GNU ld that cannot matter to a static program, and that lld does not know: what they choose is not in such
// a program, or is no more than a warning. Any other option that lld does not know takes the link to the compiler's
// linker.
#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "rules/line.h"

namespace cgo_ld_shim::rules {
namespace {

enum class Value { kNone, kAfterEquals };
struct Row {
  absl::string_view option;  // without the dashes
  Value value;
  const char* because;
};
constexpr char kWarning[] = "it chooses a warning, and nothing in the program";
constexpr char kNoDynamic[] = "a static program has no dynamic section";
constexpr char kNoDynamicSymbols[] = "a static program has no dynamic symbol table";
constexpr char kMemory[] = "it chooses how the linker uses memory, and nothing in the program";
// https://sourceware.org/binutils/docs/ld/Options.html
constexpr Row kRows[] = {
    {"warn-rwx-segments", Value::kNone, kWarning},
    {"no-warn-rwx-segments", Value::kNone, kWarning},
    {"warn-execstack", Value::kNone, kWarning},
    {"no-warn-execstack", Value::kNone, kWarning},
    {"warn-constructors", Value::kNone, kWarning},
    {"warn-multiple-gp", Value::kNone, kWarning},
    {"warn-section-align", Value::kNone, kWarning},
    {"warn-textrel", Value::kNone, kWarning},
    {"warn-alternate-em", Value::kNone, kWarning},
    {"no-warn-search-mismatch", Value::kNone, kWarning},
    {"spare-dynamic-tags", Value::kAfterEquals, kNoDynamic},
    {"copy-dt-needed-entries", Value::kNone, kNoDynamic},
    {"add-needed", Value::kNone, kNoDynamic},
    {"audit", Value::kAfterEquals, kNoDynamic},
    {"depaudit", Value::kAfterEquals, kNoDynamic},
    {"dynamic-list-data", Value::kNone, kNoDynamicSymbols},
    {"dynamic-list-cpp-new", Value::kNone, kNoDynamicSymbols},
    {"dynamic-list-cpp-typeinfo", Value::kNone, kNoDynamicSymbols},
    {"hash-size", Value::kAfterEquals, kMemory},
    {"reduce-memory-overheads", Value::kNone, kMemory},
};

const Row* Find(absl::string_view word) {
  // GNU ld takes long options with one dash, too.
  if (!absl::ConsumePrefix(&word, "--") && !absl::ConsumePrefix(&word, "-")) return nullptr;
  const auto* const row = std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& r) {
    return r.value == Value::kNone ? word == r.option : absl::StartsWith(word, absl::StrCat(r.option, "="));
  });
  return row == std::end(kRows) ? nullptr : row;
}

}  // namespace

void DecideImmaterial(const LinkFacts& /*facts*/, Edits* edits) {
  for (size_t i = 0; i < edits->size(); ++i) {
    if (edits->argument(i).type != invocation::ArgType::kLinker) continue;
    if (const Row* row = Find(edits->argument(i).value)) edits->Drop(i, RuleId::kDropImmaterial, row->because);
  }
}

}  // namespace cgo_ld_shim::rules
