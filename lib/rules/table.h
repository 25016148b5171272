// What there is to say of each rule: one row a rule of rules.def, in its order. Documents, `explain`, `explain --flags`
// and the notes on run time are made of the columns; nothing asks for an id where a column can answer.
//
// Example:
//   RowOf(RuleId::kNssFiles).at_run_time   // "user and host look-ups see /etc files and DNS, …"
//   const RuleRow* row = FindRow(edit.rule);  // nullptr for an id of another version
//
// All of it is constant data. A row with an empty column does not compile; kNothing is the word for "there is nothing
// to say", and Says() asks for it.
#ifndef CGO_LD_SHIM_RULES_TABLE_H_
#define CGO_LD_SHIM_RULES_TABLE_H_

#include "absl/types/span.h"
#include "rules/edits.h"
#include "rules/rule_id.h"

namespace cgo_ld_shim::rules {

struct LinkFacts;

// Decides rules of one family for a static link (line.h).
using Decide = void (*)(const LinkFacts& facts, Edits* edits);

// Who decides that a rule is used.
enum class DecidedBy {
  kMissing,
  kLine,      // RuleRow::decide, for each static link
  kSupplier,  // who adds or replaces a file of the link, before the line is made
  kRoute,     // the way that the link takes: zig for other systems, another linker, the dynamic one
};

// Where `explain` shows a use of a rule.
enum class Section { kMissing, kAdded, kLeftOut, kChanged };

// What a `go build` line for plain gcc or clang can say of it (`explain --flags`).
enum class InFlags {
  kMissing,
  kSaid,     // the line says it: -static; or a link does the same without it
  kAdds,     // libraries: they are named
  kMoves,    // all libraries are named again, in the order that they have now
  kEmpty,    // a library without an archive gets an empty one
  kRepeat,   // the words that the rule adds are flags: they are repeated
  kDiffers,  // the line links without it; RuleRow::without says how that program differs
  kNot,      // no line links without it
};

inline constexpr char kNothing[] = "nothing";
constexpr bool Says(const char* column) { return column != kNothing; }

// How `explain` shows a use.
struct Shown {
  Section section = Section::kMissing;
  const char* label = nullptr;  // nothing: the words
  const char* text = nullptr;   // before the reason, or, when it ends in '.', instead of it; nothing: the reason alone
  bool after = false;           // the words after follow
};

struct RuleRow {
  RuleId id;
  const char* when = nullptr;
  const char* what = nullptr;
  const char* why = nullptr;  // with the issue that it answers
  DecidedBy decided_by = DecidedBy::kMissing;
  Decide decide = nullptr;  // kLine
  Shown shown;
  InFlags in_flags = InFlags::kMissing;
  const char* without = nullptr;      // kDiffers: a clause that follows "Unlike the link explained here, "
  const char* at_run_time = nullptr;  // what it means to the running program
  const char* setting = nullptr;      // what governs it: "NSS"; nothing: no setting does
  const char* otherwise = nullptr;    // how to have it otherwise, shown beside each use
  bool static_only = false;           // belongs to a static program alone: not to what STATIC=prefer makes of it
};

absl::Span<const RuleRow> Table();  // in the order of rules.def
const RuleRow& RowOf(RuleId id);
const RuleRow* FindRow(const RuleRef& rule);

// True for a use of a rule that names a library which was added.
bool AddsLibrary(const Edit& edit);
// True for one that gives a library a copy of its own.
bool Isolates(const Edit& edit);

}  // namespace cgo_ld_shim::rules

#endif  // CGO_LD_SHIM_RULES_TABLE_H_
