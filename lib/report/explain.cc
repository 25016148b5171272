// The explanation of one link for somebody who knows Go and has not met a linker: what was added, left out and changed,
// each with its reason, and what that means when the program runs.
#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "report/phases.h"
#include "report/text.h"
#include "report/text_parts.h"
#include "rules/table.h"
#include "support/path_parts.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::report {
namespace {

using rules::Edit;
using rules::Section;
using symbols::Evidence;

// How a rule's uses are shown; those of another version's rule by their words and reason, under "changed".
const rules::Shown& ShownOf(const Edit& edit) {
  static constexpr rules::Shown kOther = {Section::kChanged, rules::kNothing, rules::kNothing};
  const rules::RuleRow* row = rules::FindRow(edit.rule);
  return row == nullptr ? kOther : row->shown;
}

// Libraries that belong to the C library itself; glibc's libm.a is a text that names libm-2.36.a.
bool IsLibcLibrary(absl::string_view name) {
  static constexpr absl::string_view kNames[] = {"libc.a",  "libm.a",    "libmvec.a",   "libpthread.a", "libdl.a",
                                                 "librt.a", "libutil.a", "libresolv.a", "libanl.a"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames) || absl::StartsWith(name, "libm-");
}

// The words without repeats: "-lpthread (3 times)".
std::string Words(const std::vector<std::string>& words) {
  std::vector<std::string> shown;
  std::vector<std::string> seen;
  for (const std::string& word : words) {
    if (std::find(seen.begin(), seen.end(), word) != seen.end()) continue;
    seen.push_back(word);
    const auto times = std::count(words.begin(), words.end(), word);
    shown.push_back(times == 1 ? word : absl::StrCat(word, " (", times, " times)"));
  }
  return ListText(shown, " ");
}

// Lines of one note, such as a linker's warnings.
constexpr size_t kNoteLines = 20;

class Explainer {
 public:
  Explainer(const LinkRecord& record, const TextOptions& options)
      : record_(Printable(record)), options_(options), page_(options) {}

  std::string Run() {
    if (record_.outcome == "failed") {
      AddFailure(record_, options_, "", &page_);
      if (!record_.edits.empty()) page_.Blank();
    } else {
      page_.Title(Headline());
      page_.Blank();
    }
    AddAdded();
    AddLeftOut();
    AddChanged();
    if (record_.edits.empty() && record_.outcome != "failed") page_.Line("nothing was added, left out or changed");
    AddRunTime();
    // FailureText has shown them where it has nothing else to go by.
    if (record_.outcome != "failed" || !record_.missing.empty()) AddNotes();
    if (HasFlagsLine(record_)) {
      page_.Blank();
      const std::string name = options_.name.empty() ? NameForExplain(record_) : options_.name;
      page_.Line(absl::StrCat("the same with plain ", DriverName(record_), ":  cgo-ld-shim explain --flags ",
                              absl::StrContains(name, ' ') ? absl::StrCat("'", name, "'") : name));
    }
    return page_.Take();
  }

 private:
  std::string Headline() const {
    std::vector<std::string> parts;
    parts.push_back(ModeText(record_));
    if (!record_.target.empty()) parts.emplace_back(record_.target.substr(0, record_.target.find('-')));
    if (record_.libc) parts.push_back(record_.libc.ToString());
    if (record_.output_size > 0) parts.push_back(SizeText(record_.output_size));
    const double ms = LinkMilliseconds(record_);
    // "linked as Go asked, in 0.3 s".
    std::string linked = absl::StartsWith(parts[0], "linked") ? "" : "linked";
    if (ms > 0) absl::StrAppend(&linked, " in ", SecondsText(ms));
    if (!record_.linker.empty()) absl::StrAppend(&linked, " by ", record_.linker);
    // Nobody has waited for less.
    constexpr double kNoticed = 1000;
    if (const double prepared = PrepareMilliseconds(record_); prepared > kNoticed)
      absl::StrAppend(&linked, ", after zig had prepared its libraries in ", SecondsText(prepared), " (once)");
    absl::string_view how = absl::StripLeadingAsciiWhitespace(linked);
    if (!how.empty()) parts.emplace_back(how);
    return absl::StrCat(ProgramName(record_, options_), ": ", absl::StrJoin(parts, ", "));
  }

  std::vector<const Edit*> In(Section section) const {
    std::vector<const Edit*> uses;
    for (const Edit& edit : record_.edits) {
      if (ShownOf(edit).section == section) uses.push_back(&edit);
    }
    return uses;
  }

  // The path of an archive that the words of an edit stand for; empty: not recorded.
  std::string PathOf(const Edit& edit) const {
    const std::string words = absl::StrJoin(edit.after, " ");
    for (const InputRecord& input : record_.inputs) {
      if (input.origin == "added" && (input.as == words || input.path == words)) return input.path;
    }
    for (const Evidence& evidence : edit.evidence) {
      if (!evidence.provided_by.empty()) return UnitFile(evidence.provided_by);
    }
    return "";
  }

  // Where an archive comes from: "glibc", "gcc 12", or its directory.
  std::string Origin(const std::string& path, const Edit& edit) const {
    const std::string name = support::BaseName(path);
    if (edit.rule == rules::RuleId::kAddRuntime && IsLibcLibrary(name)) {
      return std::string(record_.libc.Name());
    }
    // /usr/lib/gcc/<triple>/<version>
    const std::vector<std::string> parts = absl::StrSplit(support::DirectoryName(path), '/');
    for (size_t i = 0; i + 2 < parts.size(); ++i) {
      if (parts[i] == "gcc" || parts[i] == "gcc-cross") return absl::StrCat("gcc ", parts[i + 2]);
    }
    return ShortDirectory(support::DirectoryName(path), record_);
  }

  void AddAdded() {
    const std::vector<const Edit*> edits = In(Section::kAdded);
    if (edits.empty()) return;
    struct Row {
      std::string name, origin, reason;
    };
    std::vector<Row> rows;
    size_t name_columns = 15, origin_columns = 8;
    for (const Edit* edit : edits) {
      const std::string path = PathOf(*edit);
      Row row{path.empty() ? Words(edit->after) : support::BaseName(path), path.empty() ? "" : Origin(path, *edit),
              ReasonText(*edit)};
      name_columns = std::max(name_columns, Columns(row.name));
      origin_columns = std::max(origin_columns, Columns(row.origin));
      rows.push_back(std::move(row));
    }
    const size_t origin_column = 2 + name_columns + 1;
    size_t reason_column = origin_column + origin_columns + 2;
    // On a narrow screen the reason stands below.
    const bool below = reason_column + 30 > page_.width();
    if (below) reason_column = 6;
    const std::string title = "added for you";
    page_.Title(below ? title : absl::StrCat(title, std::string(reason_column - title.size(), ' '), "because"));
    for (const Row& row : rows) {
      std::string label = absl::StrCat(row.name, std::string(name_columns + 1 - Columns(row.name), ' '), row.origin);
      page_.Labelled(2, absl::StripTrailingAsciiWhitespace(label), reason_column, row.reason);
    }
  }

  void AddLeftOut() {
    std::vector<Line> lines;
    for (const Edit* edit : In(Section::kLeftOut)) lines.push_back({Words(edit->before), edit->because});
    AddSection("left out", lines);
  }

  void AddChanged() {
    std::vector<Line> lines;
    for (const Edit* edit : In(Section::kChanged)) {
      const rules::Shown& shown = ShownOf(*edit);
      const rules::RuleRow* row = rules::FindRow(edit->rule);
      std::string label = rules::Says(shown.label) ? shown.label : Words(edit->before);
      if (!rules::Says(shown.label) && !edit->after.empty()) {
        absl::StrAppend(&label, label.empty() ? "" : " → ", Words(edit->after));
      }
      std::string text = rules::Says(shown.text) ? shown.text : "";
      if (absl::EndsWith(text, ".")) {
        text.pop_back();
      } else {
        absl::StrAppend(&text, edit->because);
      }
      if (shown.after) absl::StrAppend(&text, ": ", ListText(edit->after, " "));
      absl::StrAppend(&text, " (rule ", edit->rule.text());
      if (row != nullptr && rules::Says(row->otherwise)) absl::StrAppend(&text, "; ", row->otherwise);
      absl::StrAppend(&text, ")");
      lines.push_back({label, text});
    }
    AddSection("changed", lines);
  }

  struct Line {
    std::string label, text;
  };
  void AddSection(absl::string_view title, const std::vector<Line>& lines) {
    if (lines.empty()) return;
    page_.Title(title);
    size_t column = kColumn;
    for (const Line& line : lines) column = std::max(column, std::min(Columns(line.label) + 4, kMaxColumn));
    for (const Line& line : lines) page_.Labelled(2, line.label, column, line.text);
  }

  void AddRunTime() {
    const std::vector<std::string> texts = RunTimeTexts(record_);
    if (texts.empty()) return;
    page_.Title("at run time");
    for (const std::string& text : texts) page_.Paragraph(2, text);
  }

  void AddNotes() {
    if (record_.notes.empty()) return;
    page_.Title("notes");
    for (const std::string& note : record_.notes) {
      const std::vector<absl::string_view> lines = absl::StrSplit(note, '\n');
      for (size_t i = 0; i < std::min(lines.size(), kNoteLines); ++i) page_.Paragraph(2, lines[i]);
      if (lines.size() > kNoteLines)
        page_.Paragraph(2, absl::StrCat("… and ", Count(lines.size() - kNoteLines, "more line", "more lines"),
                                        ", which explain --json has"));
    }
  }

  // Where the text of "left out" and "changed" begins: as far left as the labels allow, and not beyond the second.
  static constexpr size_t kColumn = 18, kMaxColumn = 34;

  const LinkRecord record_;
  const TextOptions& options_;
  Page page_;
};

}  // namespace

std::string ReasonText(const Edit& edit) {
  if (edit.evidence.empty()) return edit.because;
  const Evidence& first = edit.evidence[0];
  std::string text = absl::StrCat(UnitName(first.wanted_by), " needs ",
                                  SymbolText(WithoutParameters(symbols::Demangle(first.symbol)), 60));
  if (edit.evidence.size() > 1) absl::StrAppend(&text, " (and ", edit.evidence.size() - 1, " more)");
  return text;
}

std::string ModeText(const LinkRecord& record) {
  if (record.mode == "static") return "static executable";
  if (record.mode == "static-pie") return "static position-independent executable";
  if (record.mode == "dynamic") return "dynamic executable";
  if (record.mode == "shared") return "shared library";
  if (record.mode == "plugin") return "Go plugin";
  return "linked as Go asked";
}

std::vector<std::string> RunTimeTexts(const LinkRecord& record) {
  std::vector<std::string> texts;
  for (const rules::RuleRow& row : rules::Table()) {
    if (!rules::Says(row.at_run_time) || std::find(texts.begin(), texts.end(), row.at_run_time) != texts.end())
      continue;
    const bool holds =
        std::any_of(record.edits.begin(), record.edits.end(), [&](const Edit& edit) { return edit.rule == row.id; });
    if (holds) texts.emplace_back(row.at_run_time);
  }
  return texts;
}

double LinkMilliseconds(const LinkRecord& record) {
  double ms = 0;
  for (const auto& [phase, duration] : record.phases_ms) ms += phase == kPreparePhase ? 0 : duration;
  return ms;
}

double PrepareMilliseconds(const LinkRecord& record) {
  double ms = 0;
  for (const auto& [phase, duration] : record.phases_ms) ms += phase == kPreparePhase ? duration : 0;
  return ms;
}

std::string ExplainText(const LinkRecord& record, const TextOptions& options) {
  return Explainer(record, options).Run();
}

std::string VerboseText(const LinkRecord& raw) {
  const LinkRecord record = Printable(raw);
  std::string text;
  for (const Edit& edit : record.edits) {
    absl::StrAppend(&text, "cgo-ld-shim: ");
    if (!edit.before.empty()) absl::StrAppend(&text, "- ", Words(edit.before), "  ");
    if (!edit.after.empty()) absl::StrAppend(&text, "+ ", Words(edit.after), "  ");
    absl::StrAppend(&text, rules::AddsLibrary(edit) ? ReasonText(edit) : edit.because, " (rule ", edit.rule.text(),
                    ")\n");
  }
  for (const std::string& note : record.notes) {
    for (absl::string_view line : absl::StrSplit(note, '\n')) absl::StrAppend(&text, "cgo-ld-shim: ", line, "\n");
  }
  if (record.outcome == "failed") return text;
  const double ms = LinkMilliseconds(record);
  absl::StrAppend(&text, "cgo-ld-shim: ", ProgramName(record, {}), " linked, ", record.mode,
                  record.output_size > 0 ? absl::StrCat(", ", SizeText(record.output_size)) : "", ", ", SecondsText(ms),
                  "\n");
  return text;
}

}  // namespace cgo_ld_shim::report
