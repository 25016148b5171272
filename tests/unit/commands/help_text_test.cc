// Help texts taken apart, and what is made of them: the man page and the completions.
#include "shim/commands/help_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "shim/commands/commands.h"
#include "support/settings.h"

namespace cgo_ld_shim::commands {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::StartsWith;

constexpr char kHelp[] = R"h(usage: cgo-ld-shim paint [WALL|last] [--colour red|blue] [--json|--dry]
       cgo-ld-shim paint --list
       cgo-ld-shim paint THING... [-o FILE [--force]]

Paints a wall. It is
dry afterwards.

  --colour red|blue  which it is,
                     on both sides
  --json  what was painted

Exit status:
  0  painted

example:
  cgo-ld-shim paint north
)h";
const Command kPaint = {"paint", nullptr, "paint a wall", kHelp};

TEST(HelpTextTest, FallsIntoUsageProseListAndExample) {
  const std::vector<HelpBlock> blocks = HelpBlocks(kHelp);
  ASSERT_EQ(blocks.size(), 6U);
  EXPECT_EQ(blocks[0].kind, HelpBlock::Kind::kUsage);
  EXPECT_THAT(blocks[0].lines,
              ElementsAre("cgo-ld-shim paint [WALL|last] [--colour red|blue] [--json|--dry]",
                          "cgo-ld-shim paint --list", "cgo-ld-shim paint THING... [-o FILE [--force]]"));
  EXPECT_EQ(blocks[1].kind, HelpBlock::Kind::kText);
  EXPECT_THAT(blocks[1].lines, ElementsAre("Paints a wall. It is", "dry afterwards."));
  EXPECT_EQ(blocks[2].kind, HelpBlock::Kind::kList);
  EXPECT_THAT(blocks[2].items,
              ElementsAre(Pair("--colour red|blue", "which it is, on both sides"), Pair("--json", "what was painted")));
  EXPECT_THAT(blocks[3].lines, ElementsAre("Exit status:"));
  EXPECT_THAT(blocks[4].items, ElementsAre(Pair("0", "painted")));
  EXPECT_EQ(blocks[5].kind, HelpBlock::Kind::kExample);
  EXPECT_THAT(blocks[5].lines, ElementsAre("cgo-ld-shim paint north"));
}

TEST(HelpTextTest, TellsOptionsValuesWordsAndFiles) {
  const HelpWords words = WordsOf(kPaint);
  std::vector<std::string> shown;
  for (const HelpOption& option : words.options)
    shown.push_back(absl::StrCat(option.name, "/", option.value, "/", option.values.size(), "/", option.meaning));
  EXPECT_THAT(shown, ElementsAre("--colour/red|blue/2/which it is, on both sides", "--json//0/what was painted",
                                 "--dry//0/", "--list//0/", "-o/FILE/0/", "--force//0/"));
  EXPECT_THAT(words.words, ElementsAre("last"));
  EXPECT_TRUE(words.takes_files);
}

TEST(HelpTextTest, KnowsTheCommandsOwnOptions) {
  const HelpWords env = WordsOf(*Find("env"));
  ASSERT_EQ(env.options.size(), 2U);
  EXPECT_THAT(env.options[0].values, ElementsAre("sh", "fish"));
  EXPECT_THAT(WordsOf(*Find("help")).words, testing::Contains("explain"));
  ASSERT_EQ(WordsOf(*Find("version")).options.size(), 1U);
  EXPECT_EQ(WordsOf(*Find("version")).options[0].name, "--json");
  EXPECT_THAT(WordsOf(*Find("targets")).words, testing::Contains("darwin/arm64"));
  EXPECT_FALSE(WordsOf(*Find("targets")).takes_files);
  EXPECT_FALSE(WordsOf(*Find("which")).takes_files);
  EXPECT_TRUE(WordsOf(*Find("explain")).takes_files);
}

// An option that a help text promises is one that the command takes.
TEST(HelpTextTest, NamesNoOptionThatItsCommandRefuses) {
  for (size_t i = 0; i < kCommandCount; ++i) {
    if (kCommands[i].summary == nullptr || std::string(kCommands[i].name) == "go") continue;
    for (const HelpOption& option : WordsOf(kCommands[i]).options) {
      std::vector<std::string> args = {kCommands[i].name, option.name};
      if (!option.value.empty()) args.push_back(option.values.empty() ? "x" : option.values[0]);
      args.emplace_back("--help");
      testing::internal::CaptureStdout();
      testing::internal::CaptureStderr();
      const int status = commands::Run(args);
      testing::internal::GetCapturedStdout();
      const std::string error = testing::internal::GetCapturedStderr();
      EXPECT_EQ(status, kOk) << kCommands[i].name << " " << option.name << ": " << error;
    }
  }
}

TEST(ManualTest, HasEveryCommandAndEverySetting) {
  const std::string page = ManualPage();
  for (size_t i = 0; i < kCommandCount; ++i) {
    if (kCommands[i].summary == nullptr) continue;
    EXPECT_THAT(page, HasSubstr(absl::StrCat(".SS \"cgo\\-ld\\-shim ", kCommands[i].name, "\"\n")));
  }
  for (size_t i = 0; i < support::kSettingRowCount; ++i) {
    EXPECT_THAT(page, HasSubstr(absl::StrCat(".B \"CGO_LD_SHIM_", support::kSettingRows[i].name, "\"\n")));
  }
  for (const char c : page) ASSERT_TRUE(c == '\n' || (c >= ' ' && c < 0x7f)) << static_cast<int>(c);
}

TEST(CompletionTest, EveryShellHasEveryCommandAndNoOther) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string script = CompletionScript(shell);
    for (size_t i = 0; i < kCommandCount; ++i) {
      if (kCommands[i].summary != nullptr) {
        EXPECT_THAT(script, HasSubstr(kCommands[i].name)) << shell;
      }
    }
    EXPECT_THAT(script, Not(HasSubstr("--cgo-ld-shim-version"))) << shell;
    for (const char* word : {"linux/arm64", "trimpath", "c-archive", "vendor"})
      EXPECT_THAT(script, HasSubstr(word)) << shell;
  }
  EXPECT_THAT(CompletionScript("zsh"), StartsWith("#compdef cgo-ld-shim\n"));
  EXPECT_EQ(CompletionScript("tcsh"), "");
}

}  // namespace
}  // namespace cgo_ld_shim::commands
