#include "tests/golden/coverage.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "diagnose/causes.h"
#include "gtest/gtest.h"
#include "rules/table.h"
#include "tests/golden/texts.h"

namespace cgo_ld_shim::golden {
namespace {

constexpr absl::string_view kOutcomes[] = {"linked", "handed-on", "failed", "fell-back"};

// The value of a field of a laid out record, wherever it stands.
using Uses = std::map<std::string, std::set<std::string>>;
void AddUses(const std::string& log, absl::string_view field, const std::string& name, Uses* uses) {
  for (absl::string_view line : absl::StrSplit(log, '\n')) {
    line.remove_prefix(std::min(line.find_first_not_of(" -"), line.size()));
    if (absl::ConsumePrefix(&line, field) && absl::ConsumePrefix(&line, ": ")) (*uses)[std::string(line)].insert(name);
  }
}

// "hello, pie, …": of what is everywhere, a few.
std::string Some(const std::set<std::string>& cases) {
  constexpr size_t kShown = 6;
  std::vector<std::string> names(cases.begin(), cases.end());
  if (names.size() > kShown) {
    names.resize(kShown);
    names.emplace_back("…");
  }
  return absl::StrJoin(names, ", ");
}

std::string Table(absl::string_view title, const std::vector<std::string>& ids, const Uses& uses) {
  std::string text = absl::StrCat("\n| ", title, " | cases |\n|---|---|\n");
  for (const std::string& id : ids) {
    const auto cases = uses.find(id);
    EXPECT_TRUE(cases != uses.end()) << title << " " << id << " is in no case of testdata/links";
    absl::StrAppend(&text, "| `", id, "` | ", cases == uses.end() ? "" : Some(cases->second), " |\n");
  }
  return text;
}

std::string KnownWrong(const Uses& uses) {
  std::string text = "\nHeld as it is today, though it should be otherwise:\n\n";
  for (const auto& [what, cases] : uses) absl::StrAppend(&text, "- ", what, " (", absl::StrJoin(cases, ", "), ")\n");
  return text;
}

}  // namespace

void CheckCoverage(const std::string& links, const std::vector<std::string>& names) {
  Uses rules, causes, outcomes, known_wrong;
  for (const std::string& name : names) {
    const std::string log = ReadText(absl::StrCat(links, "/", name, "/log"));
    AddUses(log, "rule", name, &rules);
    AddUses(log, "cause", name, &causes);
    AddUses(log, "outcome", name, &outcomes);
    AddUses(ReadText(absl::StrCat(links, "/", name, "/about")), "known-wrong", name, &known_wrong);
  }
  std::vector<std::string> rule_ids, cause_ids;
  for (const rules::RuleRow& row : rules::Table()) rule_ids.emplace_back(Name(row.id));
  for (const diagnose::CauseRow& row : diagnose::Causes()) cause_ids.emplace_back(Name(row.id));
  const std::string path = absl::StrCat(links, "/README.md");
  constexpr absl::string_view kMark = "<!-- made by ./dev test --update -->\n";
  const std::vector<std::string> parts = absl::StrSplit(ReadText(path), kMark);
  Expect(path, absl::StrCat(parts[0], kMark, Table("rule", rule_ids, rules), Table("cause", cause_ids, causes),
                            Table("outcome", {std::begin(kOutcomes), std::end(kOutcomes)}, outcomes),
                            KnownWrong(known_wrong)));
}

}  // namespace cgo_ld_shim::golden
