// All rules, causes and settings as one document, from the tables in which they are decided: docs/reference.md cannot
// say what the program does not know.
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "diagnose/causes.h"
#include "report/text.h"
#include "rescue/rescues.h"
#include "rules/table.h"
#include "support/setting_rows.h"

namespace cgo_ld_shim::report {
namespace {

using rules::DecidedBy;
using rules::InFlags;
using rules::RuleRow;
using rules::Says;

std::string Code(absl::string_view word) { return absl::StrCat("`", word, "`"); }

// A row of a Markdown table: a bar within a cell would end it.
std::string Row(const std::vector<std::string>& cells) {
  std::vector<std::string> safe;
  for (const std::string& cell : cells) safe.push_back(absl::StrReplaceAll(cell, {{"|", "\\|"}}));
  return absl::StrCat("| ", absl::StrJoin(safe, " | "), " |\n");
}

std::string Head(const std::vector<std::string>& titles) {
  std::string line = "|";
  for (size_t i = 0; i < titles.size(); ++i) line += "---|";
  return absl::StrCat(Row(titles), line, "\n");
}

const char* DecidedByText(DecidedBy decided_by) {
  switch (decided_by) {
    case DecidedBy::kLine:
      return "the line";
    case DecidedBy::kSupplier:
      return "a supplier";
    default:
      return "the route";
  }
}

std::string FlagsColumn(const RuleRow& row) {
  switch (row.in_flags) {
    case InFlags::kSaid:
      return "says it";
    case InFlags::kAdds:
      return "names the libraries";
    case InFlags::kMoves:
      return "names all libraries again, in this order";
    case InFlags::kEmpty:
      return "makes an empty archive of it";
    case InFlags::kRepeat:
      return "repeats the words";
    case InFlags::kDiffers:
      return row.without;
    default:
      return "cannot say it";
  }
}

void AddRules(std::string* text) {
  absl::StrAppend(
      text,
      "## Rules\n\nEach change of a link's arguments is a use of one of these. Ids are permanent. Who decides: "
      "*the line* for each static\nlink, from what is in it; *a supplier*, who adds a file or puts one in "
      "another's place; *the route*, where a link goes another way\nthan lld's (zig, another linker, "
      "partly dynamic).\n\n",
      Head({"rule", "when", "what", "why"}));
  for (const RuleRow& row : rules::Table())
    absl::StrAppend(text, Row({Code(Name(row.id)), row.when, row.what, row.why}));
  absl::StrAppend(text, "\n", Head({"rule", "decided by", "the line of `explain --flags`", "at run time", "setting"}));
  for (const RuleRow& row : rules::Table()) {
    absl::StrAppend(text, Row({Code(Name(row.id)), DecidedByText(row.decided_by), FlagsColumn(row),
                               Says(row.at_run_time) ? row.at_run_time : "",
                               Says(row.setting) ? Code(absl::StrCat(support::kSettingPrefix, row.setting)) : ""}));
  }
}

void AddCauses(std::string* text) {
  absl::StrAppend(
      text,
      "\n## Causes\n\nWhy a link stops: the `cause` of what is missing in a record ([record.md](record.md)). "
      "Ids are permanent.\n\n",
      Head({"cause", "what it means", "heading of the failure"}));
  for (const diagnose::CauseRow& row : diagnose::Causes())
    absl::StrAppend(text, Row({Code(Name(row.id)), row.means, absl::StrCat("1 ", row.one)}));
}

const char* AffectsText(support::Affects affects) {
  switch (affects) {
    case support::Affects::kObjects:
      return "objects";
    case support::Affects::kLink:
      return "the link";
    default:
      return "nothing";
  }
}

void AddSettings(std::string* text) {
  absl::StrAppend(text,
                  "\n## Settings\n\nEnvironment variables. What a setting changes decides what Go builds again after "
                  "it has another value.\n\n",
                  Head({"variable", "values", "unset", "changes", "what"}));
  for (size_t i = 0; i < support::kSettingRowCount; ++i) {
    const support::SettingRow& row = support::kSettingRows[i];
    std::vector<std::string> values;
    if (row.values != nullptr) {
      for (absl::string_view value : absl::StrSplit(row.values, '|'))
        values.push_back(value == "PATH" ? "a path" : Code(value));
    }
    const bool unset = *row.initial == '\0';
    absl::StrAppend(text, Row({Code(absl::StrCat(support::kSettingPrefix, row.name)),
                               values.empty() ? "any" : absl::StrJoin(values, ", "), unset ? "" : Code(row.initial),
                               AffectsText(row.affects), row.what}));
  }
}

void AddRescues(std::string* text) {
  absl::StrAppend(text,
                  "\n## Rescued compiles\n\nA compile of Go's own for musl, or for another machine than this one, that "
                  "fails for one of these reasons is run again with what it lacks. One that works is never touched; "
                  "where nothing helps, the compiler's first words are what is printed. `explain`, `check` and `sbom` "
                  "say what was added, from notes in the objects. `CGO_LD_SHIM_RESCUE=off` forbids it.\n\n",
                  Head({"row", "when the compiler does not find", "what it gets", "why", "since"}));
  for (const rescue::Row& row : rescue::Rows()) {
    constexpr size_t kShown = 6;
    std::vector<std::string> names;
    for (absl::string_view name : row.names.subspan(0, kShown)) names.push_back(Code(name));
    if (row.names.size() > kShown) names.emplace_back("…");
    std::string adds = "the headers of the installed package that has it, behind all others";
    if (row.addition == rescue::Addition::kWords) adds = Code(absl::StrJoin(row.words, " "));
    if (row.addition == rescue::Addition::kOurHeader) adds = "a header of ours";
    absl::StrAppend(
        text, Row({Code(row.id), names.empty() ? "any header" : absl::StrJoin(names, ", "), adds,
                   absl::StrCat(row.why, row.libc == target::LibcFamily::kMusl ? " (musl alone)" : ""), row.since}));
  }
}

// Held by LeversTest (tests/e2e/relink_test.cc).
void AddLevers(std::string* text) {
  absl::StrAppend(
      text,
      "\n## What is built again\n\nWhat Go compiles and links after a change. A compile is one of a package "
      "with C or C++ in it, the standard library's among them; what was built before comes from Go's "
      "cache.\n\n",
      Head({"what changed", "`cgo-ld-shim go build`", "`CC=cgo-ld-shim go build`"}),
      Row({"nothing", "no compile, no link", "no compile, no link"}),
      Row({"a setting that changes the link", "no compile, one link a program", "every compile, one link a program"}),
      Row({"a setting that changes objects", "every compile, one link a program", "every compile, one link a program"}),
      Row({"an archive that a program was linked from", "no compile, one link a program",
           "no compile, no link: `check` and `explain` say that it has changed"}),
      Row({"the time of the compiler's files", "no compile, no link", "no compile, no link"}),
      Row({"their place", "no compile, no link", "no compile, no link"}),
      Row({"what libc.a, libgcc or a start file holds, or the compiler's version", "every compile, one link a program",
           "every compile, one link a program"}));
}

}  // namespace

std::string ReferenceText() {
  std::string text =
      "# Rules, causes, settings\n\n`./dev test --update` makes this page from the tables that the program itself uses "
      "(lib/rules/table.cc,\nlib/diagnose/causes.cc, lib/support/setting_rows.cc).\n\n";
  AddRules(&text);
  AddCauses(&text);
  AddRescues(&text);
  AddSettings(&text);
  AddLevers(&text);
  return text;
}

}  // namespace cgo_ld_shim::report
