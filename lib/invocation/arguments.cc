#include "invocation/arguments.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "invocation/flags.h"

namespace cgo_ld_shim::invocation {
namespace {

constexpr std::string_view kForLinker = "-Wl,";

// Driver flags that hold a bare word for the linker, as against those that the linker knows under their own name (-u,
// -z).
bool IsBareLinkerWord(const FlagRow& row) { return row.flag == "-Xlinker" || row.flag.starts_with("--for-linker"); }

// What the linker is told, as one word: -usym, -znow, -rpath=/x, --entry=main.
std::string LinkerWord(const FlagRow& row, const std::string& value) {
  if (IsBareLinkerWord(row)) return value;
  const std::string flag(row.flag);
  const bool wants_equals = flag.size() > 2 && flag.back() != '=';
  return absl::StrCat(flag, wants_equals ? "=" : "", value);
}

// Argument::value of a flag written as `words`.
std::string ValueOf(const FlagRow& row, const std::vector<std::string>& words) {
  const bool separate = SeparateWords(row, words[0]) > 0;
  std::string value = separate ? (words.size() > 1 ? words[1] : std::string()) : words[0].substr(row.flag.size());
  switch (row.type) {
    case ArgType::kOutput:
    case ArgType::kLibrary:
    case ArgType::kLibraryDir:
      return value;
    case ArgType::kLinker:
      return LinkerWord(row, value);
    default:
      return words[0];
  }
}

}  // namespace

std::vector<Argument> TypeArguments(const std::vector<std::string>& words) {
  std::vector<Argument> arguments;
  arguments.reserve(words.size());
  int groups = 0;
  bool only_inputs = false;
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (only_inputs || word.size() < 2 || word[0] != '-') {
      arguments.push_back({ArgType::kInput, word, {word}});
      continue;
    }
    if (word == "--") {
      only_inputs = true;
      arguments.push_back({ArgType::kDriver, word, {word}});
      continue;
    }
    const FlagRow& row = FindFlag(word);
    if (row.form == Form::kCommas) {
      for (absl::string_view part : absl::StrSplit(absl::string_view(word).substr(kForLinker.size()), ',')) {
        arguments.push_back({row.type, std::string(part), {absl::StrCat("-Wl,", part)}, groups});
      }
      ++groups;
      continue;
    }
    const size_t values = std::min(SeparateWords(row, word), words.size() - i - 1);
    const std::vector<std::string> own(words.begin() + i, words.begin() + i + 1 + values);
    arguments.push_back({row.type, ValueOf(row, own), own});
    i += values;
  }
  return arguments;
}

std::vector<std::string> Spell(const std::vector<Argument>& arguments) {
  std::vector<std::string> words;
  int open_group = -1;  // the group of the last word, when that word is a -Wl,…
  for (const Argument& argument : arguments) {
    if (argument.group >= 0 && argument.group == open_group) {
      absl::StrAppend(&words.back(), ",", argument.value);
      continue;
    }
    open_group = argument.group;
    words.insert(words.end(), argument.words.begin(), argument.words.end());
  }
  return words;
}

}  // namespace cgo_ld_shim::invocation
