// Words that zig stops at.
#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "rules/line.h"

namespace cgo_ld_shim::rules {
namespace {

enum class Value { kNone, kAfterEquals };
struct Row {
  absl::string_view option;  // without the dashes
  Value value;
  bool shared;  // in a shared library only
  const char* because;
};
constexpr char kTells[] = "it only tells of the link, and zig stops at it";
constexpr char kSpeed[] = "it chooses how the linker works, and nothing of what it makes, and zig stops at it";
constexpr char kIgnored[] = "zig's linker does so in any case, and zig stops at the word";
constexpr char kLacks[] = "a shared library may lack symbols without it, and zig stops at it";
// Each was refused by zig 0.17 (`zig cc -shared x.o -Wl,WORD`: "unsupported linker arg"). Others that zig refuses
// (--defsym, --exclude-libs, --init, …) change what is made, and stay.
constexpr Row kRows[] = {
    {"cref", Value::kNone, false, kTells},
    {"demangle", Value::kNone, false, kTells},
    {"no-demangle", Value::kNone, false, kTells},
    {"error-limit", Value::kAfterEquals, false, kTells},
    {"no-print-gc-sections", Value::kNone, false, kTells},
    {"no-warn-mismatch", Value::kNone, false, kTells},
    {"warn-common", Value::kNone, false, kTells},
    {"warn-execstack", Value::kNone, false, kTells},
    {"no-warn-execstack", Value::kNone, false, kTells},
    {"warn-rwx-segments", Value::kNone, false, kTells},
    {"no-warn-rwx-segments", Value::kNone, false, kTells},
    {"no-warn-symbol-ordering", Value::kNone, false, kTells},
    {"stats", Value::kNone, false, kTells},
    {"trace", Value::kNone, false, kTells},
    {"t", Value::kNone, false, kTells},
    {"trace-symbol", Value::kAfterEquals, false, kTells},
    {"why-extract", Value::kAfterEquals, false, kTells},
    {"print-archive-stats", Value::kAfterEquals, false, kTells},
    {"time-trace", Value::kAfterEquals, false, kTells},
    {"threads", Value::kAfterEquals, false, kSpeed},
    {"threads", Value::kNone, false, kSpeed},
    {"no-threads", Value::kNone, false, kSpeed},
    {"thread-count", Value::kAfterEquals, false, kSpeed},
    {"no-fork", Value::kNone, false, kSpeed},
    {"mmap-output-file", Value::kNone, false, kSpeed},
    {"no-mmap-output-file", Value::kNone, false, kSpeed},
    {"no-keep-memory", Value::kNone, false, kSpeed},
    {"reduce-memory-overheads", Value::kNone, false, kSpeed},
    {"check-sections", Value::kNone, false, kIgnored},
    {"no-copy-dt-needed-entries", Value::kNone, false, kIgnored},
    {"discard-locals", Value::kNone, false, kIgnored},
    {"X", Value::kNone, false, kIgnored},
    {"rosegment", Value::kNone, false, kIgnored},
    {"relax", Value::kNone, false, kIgnored},
    {"ld-generated-unwind-info", Value::kNone, false, kIgnored},
    {"no-ld-generated-unwind-info", Value::kNone, false, kIgnored},
    {"unresolved-symbols", Value::kAfterEquals, true, kLacks},
    {"warn-unresolved-symbols", Value::kNone, true, kLacks},
    {"error-unresolved-symbols", Value::kNone, true, kLacks},
    {"noinhibit-exec", Value::kNone, true, kLacks},
    {"export-dynamic-symbol", Value::kAfterEquals, true,
     "a shared library exports its symbols without it, and zig stops at it"},
};

const Row* Find(absl::string_view word, bool shared) {
  // GNU ld takes long options with one dash, too, and short ones with one alone.
  const bool two = absl::ConsumePrefix(&word, "--");
  if (!two && !absl::ConsumePrefix(&word, "-")) return nullptr;
  const auto* const row = std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& r) {
    if ((r.shared && !shared) || (two && r.option.size() == 1)) return false;
    absl::string_view rest = word;
    return absl::ConsumePrefix(&rest, r.option) &&
           (r.value == Value::kNone ? rest.empty() : absl::StartsWith(rest, "="));
  });
  return row == std::end(kRows) ? nullptr : row;
}

}  // namespace

bool IsRefusedByZig(absl::string_view word) { return word == "-mhard-float"; }

void DropRefusedByZig(Edits* edits) {
  for (size_t i = 0; i < edits->size(); ++i) {
    const std::vector<std::string>& words = edits->argument(i).words;
    if (words.size() == 1 && IsRefusedByZig(words[0]))
      edits->Drop(i, RuleId::kDropRefused, "zig stops at it, and its target says the same");
  }
}

void DropImmaterialToZig(Edits* edits) {
  bool shared = false;
  for (size_t i = 0; i < edits->size(); ++i) shared |= edits->argument(i).type == invocation::ArgType::kShared;
  for (size_t i = 0; i < edits->size(); ++i) {
    const invocation::Argument& argument = edits->argument(i);
    if (argument.type != invocation::ArgType::kLinker) continue;
    if (const Row* row = Find(argument.value, shared)) edits->Drop(i, RuleId::kDropRefused, row->because);
  }
}

Edits EditSharedForZig(const invocation::Invocation& call) {
  Edits edits(call.arguments);
  DropRefusedByZig(&edits);
  DropImmaterialToZig(&edits);
  return edits;
}

void DecideRefused(const LinkFacts& facts, Edits* edits) {
  if (!facts.driver.target.empty()) DropRefusedByZig(edits);
}

}  // namespace cgo_ld_shim::rules
