// `cgo-ld-shim explain --html`: everything about one link on one page, for people to whom one sends a file. Nothing is
// loaded from anywhere, no script runs, and each text of a record goes through Escape.
#include <algorithm>
#include <ctime>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "fmt/format.h"
#include "report/html_style.h"
#include "report/markup.h"
#include "report/needs.h"
#include "report/text.h"
#include "report/text_parts.h"
#include "rules/table.h"
#include "support/path_parts.h"

namespace cgo_ld_shim::report {
namespace {

using rules::Edit;

constexpr size_t kMostRows = 200;      // of the table of contents; the rest is a row together
constexpr size_t kMostSteps = 8;       // of a chain of needs
constexpr size_t kShownUnchanged = 3;  // more arguments than these in a row are folded

// UTC, so that the page does not depend on where it is made.
std::string UtcText(int64_t time_ms) {
  const std::time_t seconds = static_cast<std::time_t>(time_ms / 1000);
  std::tm parts;
  char text[64];
  if (::gmtime_r(&seconds, &parts) == nullptr || std::strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &parts) == 0)
    return "";
  return text;
}

// One line of the difference between two argument lists.
struct DiffLine {
  char sign;  // ' ', '-' or '+'
  std::string word;
};

// The longest common subsequence, by the table of all pairs: link lines have a few hundred words. Longer ones than the
// table may be are told as all out, all in.
std::vector<DiffLine> Diff(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  constexpr size_t kMaxCells = 16'000'000;
  std::vector<DiffLine> lines;
  size_t head = 0;
  while (head < before.size() && head < after.size() && before[head] == after[head]) {
    lines.push_back({' ', before[head++]});
  }
  const size_t rows = before.size() - head, columns = after.size() - head;
  if ((rows + 1) * (columns + 1) > kMaxCells) {
    for (size_t i = head; i < before.size(); ++i) lines.push_back({'-', before[i]});
    for (size_t j = head; j < after.size(); ++j) lines.push_back({'+', after[j]});
    return lines;
  }
  std::vector<uint32_t> common((rows + 1) * (columns + 1));
  const auto at = [&](size_t i, size_t j) -> uint32_t& { return common[i * (columns + 1) + j]; };
  for (size_t i = rows; i-- > 0;) {
    for (size_t j = columns; j-- > 0;) {
      at(i, j) = before[head + i] == after[head + j] ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
    }
  }
  size_t i = 0, j = 0;
  while (i < rows || j < columns) {
    if (i < rows && j < columns && before[head + i] == after[head + j]) {
      lines.push_back({' ', before[head + i]});
      ++i;
      ++j;
    } else if (j == columns || (i < rows && at(i + 1, j) >= at(i, j + 1))) {
      lines.push_back({'-', before[head + i++]});
    } else {
      lines.push_back({'+', after[head + j++]});
    }
  }
  return lines;
}

class HtmlPage {
 public:
  HtmlPage(const LinkRecord& record, const TextOptions& options)
      : record_(Printable(record)), options_(options), needs_(Condensed(FindNeeds(record_), kMostRows)) {}

  std::string Write() {
    const std::string name = ProgramName(record_, options_);
    absl::StrAppend(&text_,
                    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>",
                    Escape(name), ": how it was linked</title>\n<style>", kHtmlStyle,
                    "</style>\n</head>\n<body>\n<main>\n");
    WriteHeader(name);
    if (Failed()) {
      WriteFailure();
    } else {
      WriteRunTime();
    }
    WriteChanges();
    WriteContents();
    WriteGraph();
    WriteNotes();
    WriteFlags();
    WritePhases();
    absl::StrAppend(&text_, "<footer>Made by <code>cgo-ld-shim explain --html</code>, version ",
                    Escape(record_.version),
                    ". This page loads nothing and sends nothing.</footer>\n</main>\n</body>\n</html>\n");
    return std::move(text_);
  }

 private:
  bool Failed() const { return record_.outcome == "failed"; }

  void Heading(absl::string_view title, absl::string_view lead) {
    absl::StrAppend(&text_, "<h2>", title, "</h2>\n");
    if (!lead.empty()) absl::StrAppend(&text_, "<p class=\"lead\">", lead, "</p>\n");
  }

  void WriteHeader(const std::string& name) {
    const char* badge = Failed() ? "bad" : IsStaticMode(record_) ? "good" : "plain";
    absl::StrAppend(&text_, "<div class=\"title\"><h1>", Escape(name), "</h1><span class=\"badge ", badge, "\">",
                    Failed() ? "not linked" : Escape(ModeText(record_)), "</span></div>\n<dl class=\"facts\">\n");
    if (!record_.package.empty() && record_.package != name) Fact("Go package", record_.package);
    if (record_.output_size > 0) Fact("size of the file", SizeText(record_.output_size));
    Fact("for",
         absl::StrCat(record_.target, !record_.libc || record_.target.empty() ? "" : ", ", record_.libc.ToString()));
    const double ms = LinkMilliseconds(record_);
    Fact(Failed() ? "tried by" : "linked by",
         absl::StrCat(record_.linker, !Failed() && ms > 0 ? absl::StrCat(", in ", SecondsText(ms)) : ""));
    Fact("compiler", record_.compiler);
    if (record_.time_ms > 0) Fact("when", UtcText(record_.time_ms));
    text_ += "</dl>\n";
  }
  void Fact(absl::string_view name, absl::string_view value) {
    if (value.empty()) return;
    absl::StrAppend(&text_, "<div><dt>", name, "</dt><dd>", Escape(value), "</dd></div>\n");
  }

  void WriteFailure() {
    Heading("Why it could not be linked", "");
    TextOptions options = options_;
    options.colour = false;
    options.width = 100;
    Page page(options);
    AddFailure(record_, options, "", &page);
    absl::StrAppend(&text_, "<div class=\"box\"><pre class=\"failure\">", Escape(page.Take()), "</pre></div>\n");
  }

  void WriteRunTime() {
    const std::vector<std::string> texts = RunTimeTexts(record_);
    if (texts.empty()) return;
    Heading("When it runs", "");
    text_ += "<div class=\"warning\"><ul class=\"points\">\n";
    for (const std::string& text : texts) absl::StrAppend(&text_, "<li>", Escape(text), "</li>\n");
    text_ += "</ul></div>\n";
  }

  // Why a word came or went: the first rule that has it among its words.
  std::string WhyOf(const DiffLine& line) const {
    for (const Edit& edit : record_.edits) {
      const std::vector<std::string>& words = line.sign == '+' ? edit.after : edit.before;
      if (std::find(words.begin(), words.end(), line.word) == words.end()) continue;
      const std::string reason = rules::AddsLibrary(edit) ? ReasonText(edit) : edit.because;
      return absl::StrCat(Escape(reason), " <span class=\"tag\">", Escape(edit.rule.text()), "</span>");
    }
    return "";
  }

  // The arguments as they were before. Where Go gave them in a file, they are what is there now without what was added.
  std::vector<std::string> Before(const std::vector<std::string>& after, bool* from_file) const {
    std::vector<std::string> before;
    if (!record_.argv.empty()) before.assign(record_.argv.begin() + 1, record_.argv.end());
    *from_file =
        std::any_of(before.begin(), before.end(), [](const std::string& word) { return absl::StartsWith(word, "@"); });
    if (!*from_file) return before;
    std::map<std::string, int> added;
    std::vector<std::string> removed;
    for (const Edit& edit : record_.edits) {
      for (const std::string& word : edit.after) ++added[word];
      removed.insert(removed.end(), edit.before.begin(), edit.before.end());
    }
    before.clear();
    for (const std::string& word : after) {
      if (added[word]-- <= 0) before.push_back(word);
    }
    before.insert(before.end(), removed.begin(), removed.end());
    return before;
  }

  // An object that a rule added is a file in memory for the driver, "/proc/4711/fd/3"; the rule has its name.
  void NameOwnObjects(std::vector<std::string>* words) const {
    std::vector<std::string> names;
    for (const Edit& edit : record_.edits) {
      for (const std::string& word : edit.after) {
        if (absl::EndsWith(word, ".o") && std::find(words->begin(), words->end(), word) == words->end())
          names.push_back(word);
      }
    }
    auto name = names.begin();
    for (std::string& word : *words) {
      if (absl::StartsWith(word, "/proc/") && absl::StrContains(word, "/fd/"))
        word = name == names.end() ? "an object of cgo-ld-shim" : *name++;
    }
  }

  void WriteChanges() {
    if (record_.driver_argv.empty()) return;
    if (record_.edits.empty()) {
      Heading("What was changed", "Nothing: the link was done as Go asked for it.");
      return;
    }
    // The compiler's own words stand first.
    std::vector<std::string> after = record_.driver_argv;
    size_t driver = 1;
    while (driver < after.size() && !absl::StartsWith(after[driver], "-") && !absl::EndsWith(after[driver], ".o"))
      ++driver;
    after.erase(after.begin(), after.begin() + static_cast<std::ptrdiff_t>(driver));
    NameOwnObjects(&after);
    bool from_file = false;
    const std::vector<std::string> before = Before(after, &from_file);
    const std::vector<DiffLine> lines = Diff(before, after);
    Heading(
        "What was changed",
        absl::StrCat("The arguments with which Go calls the C compiler for the link, and what became of them: − left "
                     "out, + added.",
                     from_file ? " Go gave them in a file, so what was left out stands at the end." : ""));
    text_ += "<div class=\"box\"><ol class=\"diff\">\n";
    for (size_t i = 0; i < lines.size();) {
      size_t end = i;
      while (end < lines.size() && lines[end].sign == ' ') ++end;
      if (end - i <= kShownUnchanged) {
        i = WriteDiffLine(lines, i);
        continue;
      }
      absl::StrAppend(&text_, "<li><span class=\"sign\"></span><details><summary>",
                      Count(end - i, "argument", "arguments"), " as before</summary>");
      for (; i < end; ++i) absl::StrAppend(&text_, "<div class=\"word\">", Escape(lines[i].word), "</div>");
      text_ += "</details></li>\n";
    }
    text_ += "</ol></div>\n";
  }

  // Equal neighbours are one line: "-lleveldb (8 times)". Returns the place of the next.
  size_t WriteDiffLine(const std::vector<DiffLine>& lines, size_t at) {
    const DiffLine& line = lines[at];
    size_t times = 1;
    while (at + times < lines.size() && lines[at + times].sign == line.sign && lines[at + times].word == line.word)
      ++times;
    const char* css = line.sign == '+' ? "added" : line.sign == '-' ? "removed" : "same";
    const char* sign = line.sign == '+' ? "+" : line.sign == '-' ? "−" : "";
    absl::StrAppend(&text_, "<li class=\"", css, "\"><span class=\"sign\">", sign, "</span><span class=\"word\">",
                    Escape(line.word), times > 1 ? absl::StrCat(" (", times, " times)") : "",
                    "</span><span class=\"why\">", line.sign == ' ' ? "" : WhyOf(line), "</span></li>\n");
    return at + times;
  }

  static const char* CssOf(NeedKind kind) {
    switch (kind) {
      case NeedKind::kProgram:
        return "program";
      case NeedKind::kAdded:
        return "added";
      case NeedKind::kToolchain:
        return "toolchain";
      default:
        return "given";
    }
  }

  void WriteContents() {
    std::vector<size_t> order;
    uint64_t most = 0, all = 0;
    std::vector<std::string> unused;
    for (size_t i = 0; i < needs_.nodes.size(); ++i) {
      const NeedNode& node = needs_.nodes[i];
      if (node.kind == NeedKind::kMissing) continue;
      if (node.bytes == 0 && node.members == 0) {
        if (!node.path.empty()) unused.push_back(node.name);
        continue;
      }
      order.push_back(i);
      most = std::max(most, node.bytes);
      all += node.bytes;
    }
    if (order.empty()) return;
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return needs_.nodes[a].bytes > needs_.nodes[b].bytes; });
    Heading(Failed() ? "What would be in the program, and why" : "What is in the program, and why",
            all == 0
                ? ""
                : absl::StrCat("Code and data that each part brings, ", SizeText(all),
                               " together; the linker merges equal pieces. The rest of the file is names and debug "
                               "information. <code>A(B)</code> is the object B of the archive A."));
    text_ +=
        "<div class=\"box\"><table class=\"contents\"><thead><tr><th>part</th><th>why it is there</th><th "
        "class=\"size\">brings</th><th></th></tr></thead>\n<tbody>\n";
    for (const size_t i : order) WriteRow(i, most);
    text_ += "</tbody></table></div>\n";
    if (!unused.empty()) {
      absl::StrAppend(&text_,
                      "<p class=\"lead\">Named, but nothing of them is used: ", Escape(absl::StrJoin(unused, ", ")),
                      ".</p>\n");
    }
  }

  void WriteRow(size_t i, uint64_t most) {
    const NeedNode& node = needs_.nodes[i];
    const char* css = CssOf(node.kind);
    absl::StrAppend(&text_, "<tr><td class=\"part\"><b>", Escape(node.name), "</b>");
    if (node.kind == NeedKind::kAdded) text_ += " <span class=\"tag added\">added</span>";
    if (!node.path.empty())
      absl::StrAppend(&text_, "<div class=\"where\" title=\"", Escape(node.path), "\">",
                      Escape(ShortDirectory(support::DirectoryName(node.path), record_)), "</div>");
    absl::StrAppend(&text_, "</td><td class=\"why\">", Why(i), "</td><td class=\"size\">",
                    node.bytes > 0 ? SizeText(node.bytes) : "", "</td><td class=\"share\">");
    if (node.bytes > 0 && most > 0) {
      absl::StrAppend(&text_, "<div class=\"track\"><div class=\"bar ", css, "\" style=\"width:",
                      fmt::format("{:.1f}", 100.0 * static_cast<double>(node.bytes) / static_cast<double>(most)),
                      "%\"></div></div>");
    }
    text_ += "</td></tr>\n";
  }

  // Who names it, or the chain of needs from the program to it.
  std::string Why(size_t number) const {
    const NeedNode& node = needs_.nodes[number];
    if (node.kind == NeedKind::kProgram) return "Go code, and the C of its packages";
    if (node.merged > 0) return "the smaller ones together; <code>explain --json</code> has each";
    if (node.path.empty()) return "the compiler links it into every program";
    std::string text = "<div class=\"chain\">";
    if (node.kind == NeedKind::kGiven) {
      absl::StrAppend(&text, "<span>your program names it",
                      node.as.empty() ? "" : absl::StrCat(": <code>", Escape(node.as), "</code>"), "</span>");
    }
    const std::vector<const NeedEdge*> chain = needs_.Chain(number);
    for (size_t i = 0; i < chain.size(); ++i) {
      if (chain.size() > kMostSteps && i == kMostSteps / 2) {
        const size_t left_out = chain.size() - kMostSteps;
        absl::StrAppend(&text, "<span class=\"where\">… ", left_out, " more …</span>");
        i += left_out;
      }
      const NeedEdge* const edge = chain[i];
      std::string needed = absl::StrCat("<code>", Escape(SymbolText(edge->symbols[0], 60)), "</code>");
      if (edge->symbols.size() > 1) absl::StrAppend(&needed, " and ", edge->symbols.size() - 1, " more");
      const bool program = needs_.nodes[edge->from].kind == NeedKind::kProgram;
      absl::StrAppend(&text, "<span>", program ? "your program" : Escape(edge->by), " needs ", needed, " of ",
                      Escape(needs_.nodes[edge->to].name), "</span>");
    }
    if (node.members > 0) {
      absl::StrAppend(&text, "<span class=\"where\">", Count(node.members, "object", "objects"), " of it used</span>");
    }
    return text + "</div>";
  }

  void WriteGraph() {
    if (needs_.edges.empty()) return;
    Heading("What needs what", "An arrow goes from who needs something to who has it.");
    absl::StrAppend(&text_, "<div class=\"box graph\">", GraphSvg(record_), "</div>\n");
  }

  void WriteNotes() {
    // A failed link without missing symbols has told them above.
    if (record_.notes.empty() || (Failed() && record_.missing.empty())) return;
    Heading("Seen and left alone", "");
    text_ += "<ul class=\"points\">\n";
    for (const std::string& note : record_.notes) {
      absl::StrAppend(&text_, "<li>", absl::StrJoin(absl::StrSplit(Escape(note), '\n'), "<br>"), "</li>\n");
    }
    text_ += "</ul>\n";
  }

  void WriteFlags() {
    if (Failed() || record_.edits.empty()) return;
    Heading(HasFlagsLine(record_) ? absl::StrCat("The same with plain ", DriverName(record_)) : "The same by flags",
            "");
    absl::StrAppend(&text_, "<div class=\"box\"><pre class=\"flags\">", Escape(FlagsText(record_)), "</pre></div>\n");
  }

  void WritePhases() {
    if (record_.phases_ms.empty()) return;
    Heading("Where the time went", "");
    std::vector<std::string> parts;
    for (const auto& [phase, ms] : record_.phases_ms) parts.push_back(fmt::format("{} {:.1f} ms", Escape(phase), ms));
    absl::StrAppend(&text_, "<p class=\"lead\">", absl::StrJoin(parts, " · "), "</p>\n");
  }

  const LinkRecord record_;
  const TextOptions& options_;
  const Needs needs_;
  std::string text_;
};

}  // namespace

std::string HtmlText(const LinkRecord& record, const TextOptions& options) { return HtmlPage(record, options).Write(); }

}  // namespace cgo_ld_shim::report
