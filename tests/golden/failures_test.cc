// tests/e2e/README.md's table of the commonest failures: each row's screen is there, says what the row says, and fits
// the smallest terminal.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"
#include "support/file.h"
#include "tests/golden/texts.h"

namespace cgo_ld_shim::golden {
namespace {

// A terminal's, of which `cgo-ld-shim go` uses one for the name of a file.
constexpr int kMostLines = 23;

// The cells of the rows that name a case of testdata/links or a test.
std::vector<std::vector<std::string>> Rows(const std::string& table) {
  std::vector<std::vector<std::string>> rows;
  for (absl::string_view line : absl::StrSplit(table, '\n')) {
    if (!absl::ConsumePrefix(&line, "| [") || !absl::ConsumeSuffix(&line, " |")) continue;
    rows.push_back(absl::StrSplit(line, " | "));
  }
  return rows;
}

std::string OneLine(absl::string_view text) {
  return absl::StrJoin(absl::StrSplit(text, absl::ByAnyChar(" \n"), absl::SkipEmpty()), " ");
}

// What stands between backticks, one or two of them.
std::string Quoted(absl::string_view cell) {
  const absl::string_view ticks = absl::StrContains(cell, "``") ? "``" : "`";
  const std::vector<absl::string_view> parts = absl::StrSplit(cell, ticks);
  return parts.size() < 3 ? "" : std::string(absl::StripAsciiWhitespace(parts[1]));
}

// Our words on the screen of a case.
std::string OurWords(const std::string& screen) {
  const size_t begin = absl::StartsWith(screen, "cgo-ld-shim: ") ? 0 : screen.find("\ncgo-ld-shim: ");
  if (begin == std::string::npos) return "";
  const std::string words = screen.substr(begin == 0 ? 0 : begin + 1);
  return words.substr(0, words.rfind("exit status "));
}

TEST(FailuresTest, EachRowOfTheTableIsWhatItsScreenSays) {
  const std::string root = absl::StrCat(CGO_LD_SHIM_TESTDATA, "/..");
  const std::vector<std::vector<std::string>> rows = Rows(ReadText(absl::StrCat(root, "/tests/e2e/README.md")));
  EXPECT_GE(rows.size(), 50U);
  for (const std::vector<std::string>& row : rows) {
    SCOPED_TRACE(row[0]);
    // case](path), failure, symbol or file, owner, cause, way out, lines, what a reader does
    ASSERT_EQ(row.size(), 8U);
    const std::string name = row[0].substr(0, row[0].find(']'));
    const std::string words = OurWords(ReadText(absl::StrCat(CGO_LD_SHIM_TESTDATA, "/links/", name, "/screen")));
    ASSERT_FALSE(words.empty());
    const std::string text = OneLine(words);
    for (size_t cell = 2; cell < 6; ++cell) {
      if (row[cell] == "–") continue;
      const std::string quoted = Quoted(row[cell]);
      EXPECT_FALSE(quoted.empty()) << row[cell];
      EXPECT_TRUE(absl::StrContains(text, quoted)) << quoted << "\n" << words;
    }
    int lines = 0;
    EXPECT_TRUE(absl::SimpleAtoi(row[6], &lines));
    EXPECT_EQ(lines, std::count(words.begin(), words.end(), '\n'));
    EXPECT_LE(lines, kMostLines);
    EXPECT_FALSE(row[7].empty());
  }
}

TEST(FailuresTest, EachTestThatTheTableNamesIsThere) {
  const std::string directory = absl::StrCat(CGO_LD_SHIM_TESTDATA, "/../tests/e2e");
  std::string sources;
  for (const std::string& name : support::ListDirectory(directory)) {
    if (absl::EndsWith(name, "_test.cc")) absl::StrAppend(&sources, ReadText(absl::StrCat(directory, "/", name)));
  }
  size_t named = 0;
  const std::string table = ReadText(absl::StrCat(directory, "/README.md"));
  for (const absl::string_view word : absl::StrSplit(table, '`')) {
    const std::vector<absl::string_view> parts = absl::StrSplit(word, '.');
    if (parts.size() != 2 || !absl::EndsWith(parts[0], "Test")) continue;
    ++named;
    EXPECT_TRUE(absl::StrContains(sources, absl::StrCat("(", parts[0], ", ", parts[1], ")"))) << word;
  }
  EXPECT_GT(named, 5U);
}

}  // namespace
}  // namespace cgo_ld_shim::golden
