#include "tests/golden/ways.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tests/golden/texts.h"
#include "tests/golden/yaml_value.h"

namespace cgo_ld_shim::golden {
namespace {

// A word of a line without those that go; -Wl,a,b word by word.
void Drop(const std::vector<std::string>& dropped, std::vector<std::string>* words) {
  const auto goes = [&](absl::string_view word) {
    return std::find(dropped.begin(), dropped.end(), word) != dropped.end();
  };
  std::vector<std::string> kept;
  for (const std::string& word : *words) {
    absl::string_view rest = word;
    if (goes(word)) continue;
    if (!absl::ConsumePrefix(&rest, "-Wl,")) {
      kept.push_back(word);
      continue;
    }
    std::vector<std::string> parts = absl::StrSplit(rest, ',');
    std::erase_if(parts, goes);
    if (!parts.empty()) kept.push_back(absl::StrCat("-Wl,", absl::StrJoin(parts, ",")));
  }
  *words = std::move(kept);
}

bool IsSetting(absl::string_view word) {
  return absl::StartsWith(word, "CGO_LD_SHIM_") && absl::StrContains(word, '=');
}

// The case with the way out in it.
LinkCase With(LinkCase link, const std::string& action, const std::string& record) {
  const std::vector<std::string> words = absl::StrSplit(action, ' ', absl::SkipEmpty());
  if (std::all_of(words.begin(), words.end(), IsSetting)) {
    for (const std::string& setting : words) {
      const std::string name = setting.substr(0, setting.find('=') + 1);
      std::erase_if(link.environment, [&](const std::string& other) { return absl::StartsWith(other, name); });
      link.environment.push_back(setting);
    }
  } else if (words.front() == "add" && words.back() == "CGO_LDFLAGS") {
    link.words.insert(link.words.end(), words.begin() + 1, words.end() - 2);
  } else if (words.front() == "leave" && words.back() == "out") {
    Drop({words.begin() + 1, words.end() - 1}, &link.words);
  } else if (absl::StrContains(action, "-buildmode=")) {
    Drop({"-pie", "-static-pie"}, &link.words);
  } else {
    const Value value = ParseYaml(record, "record");
    const Value* missing = value.Find("missing");
    for (const Value& symbol : missing == nullptr ? std::vector<Value>{} : missing->items) {
      const std::string cause = symbol.Text("cause");
      const bool twice = cause == "duplicate" || cause == "export-preamble" || cause == "main-twice";
      link.words.push_back(twice ? "-Wl,--allow-multiple-definition"
                                 : absl::StrCat("-Wl,--defsym=", symbol.Text("symbol"), "=0"));
    }
  }
  // A linker that is a script says what the case has it say, whatever it is given.
  if (!std::all_of(words.begin(), words.end(), IsSetting)) link.links = {"static"};
  return link;
}

}  // namespace

std::vector<DoneWay> CarryOut(const LinkCase& link, const std::string& drivers, const std::string& shim) {
  std::vector<DoneWay> done;
  const Transcript failed = RunCase(link, drivers, shim);
  if (failed.record.empty()) return done;
  for (const std::string& text : RecordTexts(failed.record, "ways_out")) {
    const std::pair<std::string, std::string> parts = absl::StrSplit(text, absl::MaxSplits("    ", 1));
    DoneWay way{.action = parts.first, .meaning = parts.second};
    if (absl::StartsWith(way.meaning, "not tried: ")) {
      way.promise = Promise::kNotTried;
    } else if (absl::StartsWith(way.meaning, "links") || absl::StartsWith(way.meaning, "then it links")) {
      way.screen = RunCase(With(link, way.action, failed.record), drivers, shim).screen;
      way.promise = absl::StrContains(way.screen, "exit status 0, a program") ? Promise::kKept : Promise::kBroken;
    }
    done.push_back(std::move(way));
  }
  return done;
}

}  // namespace cgo_ld_shim::golden
