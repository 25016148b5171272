#include "report/asked_names.h"

#include <algorithm>
#include <climits>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "llvm/ADT/StringRef.h"
#include "report/text_parts.h"
#include "resolve/candidates.h"
#include "support/path_parts.h"
#include "support/printable.h"

namespace cgo_ld_shim::report {
namespace {

// No line for people begins so.
constexpr absl::string_view kMark =
    "\x1e"
    "isolate\x1e";
constexpr char kBetweenLists = '\x1e', kBetweenNames = '\x1f';

bool IsMeant(const std::string& name, const std::string& path) {
  return name == path || absl::EndsWith(path, absl::StrCat("/", name)) || resolve::LibraryName(path) == name;
}

// The archive of a link that was most likely meant; empty: none is near.
std::string Nearest(const std::string& name, const std::vector<std::string>& archives) {
  std::string nearest;
  unsigned least = std::min<unsigned>(3, static_cast<unsigned>(name.size()) / 3 + 1);  // letters that differ
  for (const std::string& archive : archives) {
    for (const std::string& spelling : {archive, resolve::LibraryName(archive)}) {
      const unsigned distance = llvm::StringRef(name).edit_distance(spelling, /*AllowReplacements=*/true, least);
      if (distance >= least || distance >= spelling.size()) continue;
      least = distance;
      nearest = archive;
    }
  }
  return nearest;
}

}  // namespace

std::string AskedLine(const LinkRecord& record, const std::vector<std::string>& names) {
  if (names.empty() || record.outcome == "failed") return "";
  std::vector<std::string> paths, archives, served, not_served;
  for (const InputRecord& input : record.inputs) {
    if (input.kind == "archive" && input.origin != "toolchain") paths.push_back(input.path);
  }
  // An isolated archive is an object of the link.
  for (const rules::Edit& edit : record.edits) {
    if (edit.rule != rules::RuleId::kIsolateAsked && edit.rule != rules::RuleId::kIsolateRuntime) continue;
    for (const symbols::Evidence& evidence : edit.evidence) paths.push_back(evidence.provided_by);
  }
  for (const std::string& name : names) {
    const bool meant = std::any_of(paths.begin(), paths.end(), [&](const auto& path) { return IsMeant(name, path); });
    (meant ? served : not_served).push_back(name);
  }
  std::string line = absl::StrCat(
      kMark, record.package.empty() ? support::BaseName(record.output) : record.package,
      absl::string_view(&kBetweenLists, 1), absl::StrJoin(served, absl::string_view(&kBetweenNames, 1)),
      absl::string_view(&kBetweenLists, 1), absl::StrJoin(not_served, absl::string_view(&kBetweenNames, 1)),
      absl::string_view(&kBetweenLists, 1));
  std::set<std::string> seen;
  for (const std::string& path : paths) {
    const std::string name = support::BaseName(path);
    if (!seen.insert(name).second || line.size() + name.size() + 2 > PIPE_BUF) continue;
    absl::StrAppend(&line, name, absl::string_view(&kBetweenNames, 1));
  }
  return line.size() + 1 > PIPE_BUF ? "" : line;
}

bool AskedNames::Add(absl::string_view line) {
  if (!absl::ConsumePrefix(&line, kMark)) return false;
  const std::vector<absl::string_view> lists = absl::StrSplit(line, kBetweenLists);
  if (lists.size() != 4) return true;
  const auto names = [&](size_t list) {
    return std::vector<std::string>(absl::StrSplit(lists[list], kBetweenNames, absl::SkipEmpty()));
  };
  links_.push_back({std::string(lists[0]), names(3)});
  for (std::string& name : names(1)) served_.insert(std::move(name));
  for (std::string& name : names(2)) {
    if (std::find(not_served_.begin(), not_served_.end(), name) == not_served_.end())
      not_served_.push_back(std::move(name));
  }
  return true;
}

std::string AskedNames::Complaint() const {
  constexpr size_t kShown = 10;
  std::string text;
  for (const std::string& name : not_served_) {
    if (served_.contains(name)) continue;
    absl::StrAppend(&text, "cgo-ld-shim: CGO_LD_SHIM_ISOLATE=", name, ": no archive of the ",
                    links_.size() == 1 ? "one link" : absl::StrCat(links_.size(), " links"),
                    " of this run has that name, and nothing was isolated for it\n");
    for (size_t i = 0; i < std::min(kShown, links_.size()); ++i) {
      const Link& link = links_[i];
      const std::string nearest = Nearest(name, link.archives);
      absl::StrAppend(
          &text, "      ", link.program, ": ",
          link.archives.empty() ? "no archives but the compiler's own" : ListText(link.archives, ", ", kShown),
          nearest.empty() ? "" : absl::StrCat("; did you mean ", nearest, "?"), "\n");
    }
    if (links_.size() > kShown) absl::StrAppend(&text, "      and ", links_.size() - kShown, " more programs\n");
  }
  return support::Printable(text);
}

}  // namespace cgo_ld_shim::report
