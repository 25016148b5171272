// The table of rules, row by row: what it names exists, and each rule is tried.
#include "rules/table.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/setting_rows.h"

namespace cgo_ld_shim::rules {
namespace {

constexpr const char* kEnumerators[] = {
#define RULE(enumerator, id, decided_in) #enumerator,
#include "rules/rules.def"
#undef RULE
};

// Of all files below `directory` that `wanted` takes.
std::string Texts(const std::filesystem::path& directory, bool (*wanted)(const std::filesystem::path&)) {
  std::string texts;
  for (const std::filesystem::directory_entry& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file() || !wanted(entry.path())) continue;
    std::ifstream file(entry.path());
    texts.append(std::istreambuf_iterator<char>(file), {});
  }
  return texts;
}

TEST(RulesTest, EveryRuleHasAUnitTestAndACase) {
  // Records that tests of reports write by hand fire nothing.
  const std::string tests = Texts(std::filesystem::path(CGO_LD_SHIM_TESTDATA) / "../tests/unit", [](const auto& path) {
    const std::string folder = path.parent_path().filename();
    return (folder == "rules" || folder == "darwin" || folder == "isolate" || folder == "supply" || folder == "link") &&
           path.filename() != "edits_test.cc" && absl::EndsWith(path.filename().string(), "_test.cc");
  });
  const std::string logs = Texts(std::filesystem::path(CGO_LD_SHIM_TESTDATA) / "links",
                                 [](const auto& path) { return path.filename() == "log"; });
  for (const RuleRow& row : Table()) {
    const std::string enumerator = absl::StrCat("RuleId::", kEnumerators[static_cast<size_t>(row.id)]);
    EXPECT_TRUE(absl::StrContains(tests, enumerator + ",") || absl::StrContains(tests, enumerator + ")") ||
                absl::StrContains(tests, enumerator + "}"))
        << enumerator << " fires in no unit test";
    EXPECT_TRUE(absl::StrContains(logs, absl::StrCat("rule: ", Name(row.id), "\n")))
        << Name(row.id) << " fires in no case of testdata/links";
  }
}

TEST(RulesTest, EveryIdIsFoundByItsTextAndNoOtherIs) {
  for (const RuleRow& row : Table()) {
    EXPECT_EQ(RuleRef::FromText(Name(row.id)), row.id);
    EXPECT_EQ(FindRow(row.id), &row);
  }
  EXPECT_EQ(FindRow(RuleRef::FromText("of-tomorrow")), nullptr);
  EXPECT_EQ(RuleRef::FromText("of-tomorrow").text(), "of-tomorrow");
}

TEST(RulesTest, SettingsOfTheTableExist) {
  for (const RuleRow& row : Table()) {
    if (Says(row.setting)) {
      EXPECT_NE(support::FindSettingRow(absl::StrCat(support::kSettingPrefix, row.setting)), nullptr) << Name(row.id);
    }
  }
}

}  // namespace
}  // namespace cgo_ld_shim::rules
