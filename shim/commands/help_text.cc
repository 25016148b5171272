#include "shim/commands/help_text.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "doctor/targets.h"

namespace cgo_ld_shim::commands {
namespace {

bool IsIndented(const std::string& line) { return absl::StartsWith(line, "  "); }

// "  --flags  the same link" → {"--flags", "the same link"}; a deeper line goes on with the one before it.
std::vector<std::pair<std::string, std::string>> ListItems(const std::vector<std::string>& lines) {
  std::vector<std::pair<std::string, std::string>> items;
  const auto indentation = [](const std::string& line) { return line.find_first_not_of(' '); };
  size_t least = std::string::npos;
  for (const std::string& line : lines) least = std::min(least, indentation(line));
  for (const std::string& line : lines) {
    const std::string text(absl::StripAsciiWhitespace(line));
    if (indentation(line) > least && !items.empty()) {
      absl::StrAppend(&items.back().second, items.back().second.empty() ? "" : " ", text);
      continue;
    }
    const size_t gap = text.find("  ");
    items.emplace_back(text.substr(0, gap),
                       gap == std::string::npos ? "" : std::string(absl::StripAsciiWhitespace(text.substr(gap))));
  }
  return items;
}

// The block without its heading ("usage: "), each line moved left by the heading's width.
std::vector<std::string> WithoutHeading(std::vector<std::string> lines, absl::string_view heading) {
  for (std::string& line : lines) {
    absl::string_view rest = line;
    if (!absl::ConsumePrefix(&rest, heading)) {
      for (size_t i = 0; i < heading.size() && absl::ConsumePrefix(&rest, " "); ++i) continue;
    }
    line = std::string(rest);
  }
  return lines;
}

// One block; or prose and the list that it ends with: "Exit status:", "  0  done".
void AddBlocks(const std::vector<std::string>& lines, std::vector<HelpBlock>* blocks) {
  HelpBlock block;
  if (absl::StartsWith(lines[0], "usage: ")) {
    block.kind = HelpBlock::Kind::kUsage;
    block.lines = WithoutHeading(lines, "usage: ");
  } else if (lines[0] == "example:" || lines[0] == "examples:") {
    block.kind = HelpBlock::Kind::kExample;
    block.lines = WithoutHeading(std::vector<std::string>(lines.begin() + 1, lines.end()), "  ");
  } else {
    const auto list = std::find_if(lines.begin(), lines.end(), IsIndented);
    block.lines.assign(lines.begin(), list);
    if (!std::all_of(list, lines.end(), IsIndented)) {
      block.lines = lines;
    } else if (list != lines.end()) {
      if (!block.lines.empty()) blocks->push_back(block);
      block = {HelpBlock::Kind::kList, {}, ListItems(std::vector<std::string>(list, lines.end()))};
    }
  }
  blocks->push_back(std::move(block));
}

bool IsTyped(absl::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return absl::ascii_islower(static_cast<unsigned char>(c)) || absl::ascii_isdigit(static_cast<unsigned char>(c)) ||
           c == '-' || c == '.';
  });
}

std::vector<std::string> Alternatives(absl::string_view text) { return absl::StrSplit(text, '|', absl::SkipEmpty()); }

// Arguments that are no files: words with a meaning of their own.
bool NamesAFile(absl::string_view name) {
  return name != "SYMBOL" && name != "ID" && !absl::StartsWith(name, "ARGUMENT");
}

class UsageReader {
 public:
  explicit UsageReader(HelpWords* words) : words_(words) {}

  // A usage line after the command's name. What stands in one pair of brackets belongs together: an option, its value.
  void Read(absl::string_view usage) {
    // "…" and "..." say that more of the same may follow.
    const std::string text = absl::StrReplaceAll(usage, {{"…", ""}, {"...", ""}});
    std::string group;
    bool in_brackets = false;
    const auto flush = [&] {
      ReadGroup(group, in_brackets);
      group.clear();
    };
    for (const char c : text) {
      if (c == '[' || c == ']') {
        flush();
        in_brackets = c == '[';
      } else {
        group += c;
      }
    }
    flush();
  }

 private:
  void ReadGroup(const std::string& group, bool in_brackets) {
    const std::vector<std::string> tokens = absl::StrSplit(group, ' ', absl::SkipEmpty());
    for (size_t i = 0; i < tokens.size(); ++i) {
      if (tokens[i] == "--") return;  // what follows is for another program
      if (!absl::StartsWith(tokens[i], "-")) {
        ReadArgument(tokens[i]);
        continue;
      }
      // Outside of brackets stand options that must be there: -o OUT, which has a value everywhere.
      const bool has_value =
          (in_brackets || tokens[i] == "-o") && i + 1 < tokens.size() && !absl::StartsWith(tokens[i + 1], "-");
      for (const std::string& name : Alternatives(tokens[i])) AddOption(name, has_value ? tokens[i + 1] : "");
      if (has_value) ++i;
    }
  }

  void ReadArgument(const std::string& token) {
    for (const std::string& word : Alternatives(token)) {
      if (word == "COMMAND") {
        for (size_t i = 0; i < kCommandCount; ++i) {
          if (kCommands[i].summary != nullptr) AddWord(kCommands[i].name);
        }
      } else if (word == "GOOS/GOARCH") {
        for (const std::string& name : doctor::MainTargetNames()) AddWord(name);
      } else if (IsTyped(word)) {
        AddWord(word);
      } else {
        words_->takes_files |= NamesAFile(word);
      }
    }
  }

  void AddWord(const std::string& word) {
    if (std::find(words_->words.begin(), words_->words.end(), word) == words_->words.end())
      words_->words.push_back(word);
  }

  void AddOption(const std::string& spelling, const std::string& value) {
    // "--name=VALUE" says both in one word.
    const std::pair<std::string, std::string> parts = absl::StrSplit(spelling, absl::MaxSplits('=', 1));
    HelpOption option{parts.first, value.empty() ? parts.second : value, "", {}};
    const bool known = std::any_of(words_->options.begin(), words_->options.end(),
                                   [&](const HelpOption& o) { return o.name == option.name; });
    if (known) return;
    for (const std::string& word : Alternatives(option.value)) {
      if (IsTyped(word)) option.values.push_back(word);
    }
    words_->options.push_back(std::move(option));
  }

  HelpWords* const words_;
};

}  // namespace

std::vector<HelpBlock> HelpBlocks(absl::string_view help) {
  std::vector<HelpBlock> blocks;
  std::vector<std::string> lines;
  for (absl::string_view line : absl::StrSplit(help, '\n')) {
    if (!line.empty()) {
      lines.emplace_back(line);
    } else if (!lines.empty()) {
      AddBlocks(lines, &blocks);
      lines.clear();
    }
  }
  if (!lines.empty()) AddBlocks(lines, &blocks);
  return blocks;
}

HelpWords WordsOf(const Command& command) {
  HelpWords words;
  const std::vector<HelpBlock> blocks = HelpBlocks(command.help);
  UsageReader reader(&words);
  const std::string name = absl::StrCat("cgo-ld-shim ", command.name);
  for (const HelpBlock& block : blocks) {
    if (block.kind != HelpBlock::Kind::kUsage) continue;
    for (absl::string_view line : block.lines) {
      absl::ConsumePrefix(&line, name);
      reader.Read(line);
    }
  }
  for (const HelpBlock& block : blocks) {
    for (const auto& [term, meaning] : block.items) {
      // "-o FILE", "--shell sh|fish", "-h, --help": the option is in it as a word.
      const std::vector<std::string> parts = absl::StrSplit(term, absl::ByAnyChar(" ,=|["), absl::SkipEmpty());
      for (HelpOption& option : words.options) {
        if (option.meaning.empty() && std::find(parts.begin(), parts.end(), option.name) != parts.end())
          option.meaning = meaning;
      }
    }
  }
  return words;
}

}  // namespace cgo_ld_shim::commands
