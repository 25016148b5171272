// The documents say what is there: links lead somewhere, settings and commands are those of the program's tables. What
// they show typed is typed by tests/e2e/documentation_test.cc.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "shim/commands/commands.h"
#include "support/file.h"
#include "support/setting_rows.h"

namespace cgo_ld_shim {
namespace {

std::string Read(const std::string& path) {
  const absl::StatusOr<std::string> text = support::ReadFile(path);
  EXPECT_TRUE(text.ok()) << text.status();
  return text.value_or("");
}

const std::filesystem::path& Top() {
  static const auto* top = new std::filesystem::path(std::filesystem::path(CGO_LD_SHIM_README).parent_path());
  return *top;
}

// README.md and docs/*.md: what users read.
std::vector<std::string> UserDocuments() {
  std::vector<std::string> names = {CGO_LD_SHIM_README};
  for (const auto& file : std::filesystem::directory_iterator(Top() / "docs")) names.push_back(file.path().string());
  std::sort(names.begin(), names.end());
  return names;
}

// How GitHub names a heading's place: "## Bazel, rules_go" is #bazel-rules_go.
std::string Anchor(absl::string_view heading) {
  std::string anchor;
  for (const char c : heading) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == ' ') {
      anchor += '-';
    } else if (absl::ascii_isalnum(byte) || c == '-' || c == '_' || byte >= 0x80) {
      anchor += absl::ascii_tolower(byte);
    }
  }
  return anchor;
}

std::set<std::string> Anchors(const std::string& document) {
  std::set<std::string> anchors;
  bool in_fence = false;
  for (absl::string_view line : absl::StrSplit(Read(document), '\n')) {
    if (absl::StartsWith(line, "```")) in_fence = !in_fence;
    if (in_fence || !absl::StartsWith(line, "#")) continue;
    line.remove_prefix(line.find_first_not_of('#'));
    anchors.insert(Anchor(absl::StripAsciiWhitespace(line)));
  }
  return anchors;
}

TEST(DocumentsTest, TheReadmeIsShort) {
  const std::string text = Read(CGO_LD_SHIM_README);
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 130) << "what is longer has a page in docs/";
}

TEST(DocumentsTest, EveryLinkLeadsSomewhere) {
  std::vector<std::string> documents = UserDocuments();
  for (const char* name : {"CONTRIBUTING.md", "RELEASING.md", "SECURITY.md", "lib/README.md", "bench/README.md"})
    documents.push_back((Top() / name).string());
  static const std::regex kLink(R"(\]\(([^)#\s]*)(#[^)\s]*)?\))");
  for (const std::string& document : documents) {
    const std::string text = Read(document);
    for (std::sregex_iterator link(text.begin(), text.end(), kLink), end; link != end; ++link) {
      const std::string file = (*link)[1], place = (*link)[2];
      if (absl::StrContains(file, "://")) continue;
      const std::filesystem::path target =
          file.empty() ? std::filesystem::path(document) : std::filesystem::path(document).parent_path() / file;
      ASSERT_TRUE(std::filesystem::exists(target)) << document << ": " << link->str();
      if (!place.empty()) {
        EXPECT_TRUE(Anchors(target.string()).contains(place.substr(1))) << document << ": " << link->str();
      }
    }
  }
}

TEST(DocumentsTest, NameNoSettingThatIsNone) {
  static const std::regex kName("(-D)?CGO_LD_SHIM_[A-Z_]*[A-Z]");
  for (const std::string& document : UserDocuments()) {
    const std::string text = Read(document);
    for (std::sregex_iterator at(text.begin(), text.end(), kName), end; at != end; ++at) {
      // An option of CMake, and a typo that is shown as one.
      if ((*at)[1].matched || at->str() == "CGO_LD_SHIM_LICB") continue;
      EXPECT_NE(support::FindSettingRow(at->str()), nullptr) << document << ": " << at->str();
    }
  }
}

// The words that follow the program's name where it is typed: at the beginning of a line of a block, after "$ ", or of
// a piece of code.
std::vector<std::string> CommandsNamedIn(const std::string& document) {
  std::vector<std::string> commands;
  bool in_fence = false;
  static const std::regex kLine("(^|\\$ |\\$\\()cgo-ld-shim ([a-z]+)"), kCode("`cgo-ld-shim ([a-z]+)");
  for (absl::string_view text : absl::StrSplit(Read(document), '\n')) {
    const std::string line(text);
    std::smatch match;
    if (absl::StartsWith(line, "```")) {
      in_fence = !in_fence;
    } else if (in_fence && std::regex_search(line, match, kLine)) {
      commands.push_back(match[2]);
    } else if (!in_fence) {
      for (std::sregex_iterator at(line.begin(), line.end(), kCode), end; at != end; ++at)
        commands.push_back(at->str(1));
    }
  }
  return commands;
}

TEST(DocumentsTest, NameEveryCommandAndNoCommandThatIsNone) {
  std::set<std::string> named;
  for (const std::string& document : UserDocuments()) {
    for (const std::string& command : CommandsNamedIn(document)) {
      named.insert(command);
      // Shown as a typo.
      if (command != "explian") {
        EXPECT_NE(commands::Find(command), nullptr) << document << ": " << command;
      }
    }
  }
  const std::string readme = Read(CGO_LD_SHIM_README);
  for (size_t i = 0; i < commands::kCommandCount; ++i) {
    const std::string name = commands::kCommands[i].name;
    if (commands::kCommands[i].summary == nullptr) continue;
    EXPECT_TRUE(named.contains(name)) << "no document shows " << name;
    EXPECT_TRUE(absl::StrContains(readme, name) || name == "version") << name;
  }
}

}  // namespace
}  // namespace cgo_ld_shim
