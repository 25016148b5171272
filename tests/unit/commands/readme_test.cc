// The README's tables say what the program's own tables say: rules word for word, settings by name and value.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "rules/table.h"
#include "shim/commands/commands.h"
#include "support/file.h"
#include "support/setting_rows.h"

namespace cgo_ld_shim {
namespace {

using testing::Contains;
using testing::HasSubstr;

std::string Readme() {
  const absl::StatusOr<std::string> text = support::ReadFile(CGO_LD_SHIM_README);
  EXPECT_TRUE(text.ok()) << text.status();
  return text.value_or("");
}

// The text below a heading, to the next one of its kind.
std::string Section(const std::string& heading) {
  const std::string text = Readme();
  const size_t begin = text.find(absl::StrCat("\n## ", heading, "\n"));
  if (begin == std::string::npos) {
    ADD_FAILURE() << "the README has no section " << heading;
    return "";
  }
  return text.substr(begin, text.find("\n## ", begin + 1) - begin);
}

// The rows of the tables in a text, without headings.
std::vector<std::vector<std::string>> Rows(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  bool in_body = false;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    if (!absl::StartsWith(line, "|")) in_body = false;
    if (in_body) {
      std::vector<std::string> cells = absl::StrSplit(line.substr(1, line.size() - 2), '|');
      for (std::string& cell : cells) absl::StripAsciiWhitespace(&cell);
      rows.push_back(std::move(cells));
    }
    if (absl::StartsWith(line, "|--")) in_body = true;
  }
  return rows;
}

std::set<std::string> Quoted(const std::string& text) {
  std::set<std::string> words;
  const std::vector<std::string> parts = absl::StrSplit(text, '`');
  for (size_t i = 1; i < parts.size(); i += 2) words.insert(parts[i]);
  return words;
}

// The dozen that people meet; docs/reference.md has all of them.
TEST(ReadmeTest, RulesOfTheReadmeAreThoseOfTheTableWordForWord) {
  const std::vector<std::vector<std::string>> rows = Rows(Section("What it changes: the rules"));
  EXPECT_GE(rows.size(), 10U);
  for (const std::vector<std::string>& row : rows) {
    ASSERT_EQ(row.size(), 4U);
    const rules::RuleRow* rule = rules::FindRow(rules::RuleRef::FromText(absl::StrReplaceAll(row[0], {{"`", ""}})));
    ASSERT_NE(rule, nullptr) << row[0];
    EXPECT_EQ(absl::StrReplaceAll(row[1], {{"`", ""}}), rule->when) << row[0];
    EXPECT_EQ(absl::StrReplaceAll(row[2], {{"`", ""}}), rule->what) << row[0];
    EXPECT_EQ(absl::StrReplaceAll(row[3], {{"`", ""}}), rule->why) << row[0];
  }
}

TEST(ReadmeTest, HasEverySettingWithItsValuesAndNoOther) {
  std::set<std::string> named;
  for (const std::vector<std::string>& row : Rows(Section("Settings"))) {
    ASSERT_EQ(row.size(), 3U);
    for (const std::string& word : Quoted(row[0])) {
      // "`CGO_LD_SHIM_CC`, `_CXX`"
      const std::string name = absl::StartsWith(word, "_") ? absl::StrCat("CGO_LD_SHIM", word) : word;
      EXPECT_TRUE(named.insert(name).second) << name << " has two rows";
      const support::SettingRow* setting = support::FindSettingRow(name);
      ASSERT_NE(setting, nullptr) << name;
      if (setting->values == nullptr) continue;
      std::set<std::string> values;
      for (absl::string_view value : absl::StrSplit(setting->values, '|')) {
        if (value == "PATH") {
          EXPECT_THAT(row[1], HasSubstr("path")) << name;
        } else {
          values.emplace(value);
        }
      }
      EXPECT_EQ(Quoted(row[1]), values) << name;
    }
  }
  for (size_t i = 0; i < support::kSettingRowCount; ++i)
    EXPECT_THAT(named, Contains(absl::StrCat("CGO_LD_SHIM_", support::kSettingRows[i].name)));
}

TEST(ReadmeTest, NamesNoSettingThatIsNone) {
  const std::string text = Readme();
  static const std::regex kName("(-D)?CGO_LD_SHIM_[A-Z_]*[A-Z]");
  for (std::sregex_iterator at(text.begin(), text.end(), kName), end; at != end; ++at) {
    if ((*at)[1].matched) continue;  // an option of CMake
    EXPECT_NE(support::FindSettingRow(at->str()), nullptr) << at->str();
  }
}

TEST(ReadmeTest, NamesEveryCommandAndNoCommandThatIsNone) {
  const std::string text = Readme();
  for (size_t i = 0; i < commands::kCommandCount; ++i) {
    if (commands::kCommands[i].summary == nullptr ||
        absl::StrContains("version completion", commands::kCommands[i].name))
      continue;
    EXPECT_THAT(text, HasSubstr(absl::StrCat("cgo-ld-shim ", commands::kCommands[i].name)));
  }
  // Where a line or a piece of code begins with the program's name, a command follows.
  static const std::regex kCall("(\n|`|\\$ )cgo-ld-shim ([a-z]+)");
  for (std::sregex_iterator at(text.begin(), text.end(), kCall), end; at != end; ++at)
    EXPECT_NE(commands::Find(at->str(2)), nullptr) << at->str();
}

}  // namespace
}  // namespace cgo_ld_shim
