// A report as its author reads it: what the archive is, in a line; the verdict for each target; what else to know; what
// consumers write.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "lint/lint.h"
#include "report/text_parts.h"
#include "support/path_parts.h"
#include "support/printable.h"

namespace cgo_ld_shim::lint {
namespace {

constexpr size_t kColumn = 20;

// Names come from the file: no control character of theirs reaches a terminal.
std::string Shown(absl::string_view text) { return support::PrintableName(text); }

std::string Heading(const ArchiveFacts& facts) {
  std::vector<std::string> parts;
  if (!facts.architectures.empty()) parts.push_back(absl::StrJoin(facts.architectures, " and "));
  const std::string version = facts.least_glibc.empty() ? "" : absl::StrCat(" ", facts.least_glibc, " or newer");
  if (facts.libc != target::LibcFamily::kNone) {
    parts.push_back(absl::StrCat("built for ", target::FamilyName(facts.libc),
                                 facts.libc == target::LibcFamily::kGlibc ? version : ""));
  } else if (facts.objects > 0 && !facts.machines.empty()) {
    parts.push_back(
        absl::StrCat("C library unknown", version.empty() ? "" : absl::StrCat(" (as glibc:", version, ")")));
  }
  if (!facts.cxx_runtime.empty()) parts.push_back(absl::StrCat("C++ with ", facts.cxx_runtime));
  if (!facts.rust.empty()) {
    parts.push_back(
        absl::StrCat("Rust ", facts.rust, facts.panic.empty() ? "" : absl::StrCat(" with panic=", facts.panic)));
  }
  parts.push_back(report::Count(facts.objects, "object", "objects"));
  parts.push_back(report::SizeText(facts.bytes));
  return Shown(absl::StrCat(facts.path, ": ", absl::StrJoin(parts, ", ")));
}

std::string Verdict(const TargetResult& target) {
  const std::string with = target.libraries.empty() ? "" : absl::StrCat(" with ", absl::StrJoin(target.libraries, " "));
  switch (target.outcome) {
    case Outcome::kLinks:
      return target.libraries.empty() ? "links as it is" : absl::StrCat("links", with);
    case Outcome::kAided:
      return absl::StrCat("links by cgo-ld-shim alone", target.libraries.empty() ? "" : ",", with);
    case Outcome::kCannot:
      return absl::StrCat("cannot link: ", target.reason);
    case Outcome::kNotTried:
      return absl::StrCat("not tried: ", target.reason);
  }
  return "";
}

}  // namespace

std::string ReportText(const Report& report, const report::TextOptions& options) {
  report::Page page(options);
  page.Heading(Heading(report.facts));
  size_t column = kColumn;
  for (const TargetResult& target : report.targets) column = std::max(column, target.Name().size() + 4);
  for (const TargetResult& target : report.targets) {
    page.Labelled(2, target.Name(), column, Shown(Verdict(target)));
    for (const std::string& aid : target.aids) page.Labelled(2, "", column, Shown(absl::StrCat("by: ", aid)));
    for (const std::string& detail : target.details) page.Labelled(2, "", column, Shown(detail));
    for (const std::string& way : target.ways_out) page.Labelled(2, "", column, Shown(absl::StrCat("→ ", way)));
  }
  for (const inspect::Finding& finding : report.findings) {
    page.Labelled(2, finding.subject, column, Shown(finding.meaning));
    if (!finding.way_out.empty()) page.Labelled(2, "", column, Shown(absl::StrCat("→ ", finding.way_out)));
  }
  for (const std::string& line : report.cgo_lines) page.Labelled(2, "#cgo", column, Shown(line));
  return page.Take();
}

}  // namespace cgo_ld_shim::lint
