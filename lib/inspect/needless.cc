#include "inspect/needless.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "report/text_parts.h"
#include "support/words.h"
#include "toolchain/runtime_libraries.h"

namespace cgo_ld_shim::inspect {
namespace {

// Words for a linker or its driver, and why nobody has to write them. The first row that has a word counts.
struct Row {
  std::vector<absl::string_view> words;
  const char* because;
};
const std::vector<Row>& Rows() {
  static const auto* rows = new std::vector<Row>{
      {{"-static", "--static", "-Wl,-static", "-static-pie", "-Wl,-Bstatic", "-Wl,-Bdynamic"},
       "the link is made static without it"},
      {{"-Wl,--start-group", "-Wl,--end-group", "-Wl,-(", "-Wl,-)"}, "archives are put into the order that they need"},
      {{"-static-libgcc", "-static-libstdc++"}, "these libraries are static as all others"},
  };
  return *rows;
}

// Of a list of words those that nobody has to write, with the reason of each, the same ones together.
void AddWords(absl::string_view where, const std::vector<std::string>& words, std::vector<Needless>* needless) {
  std::vector<std::pair<std::string, std::vector<std::string>>> by_reason;
  const auto add = [&](const std::string& because, const std::string& word) {
    auto at = std::find_if(by_reason.begin(), by_reason.end(), [&](const auto& row) { return row.first == because; });
    if (at == by_reason.end()) at = by_reason.insert(by_reason.end(), {because, {}});
    if (std::find(at->second.begin(), at->second.end(), word) == at->second.end()) at->second.push_back(word);
  };
  // Folklore: all of libpthread.a, since weak references left a static program without threads before glibc 2.34.
  bool whole = false;
  std::vector<std::string> inside;
  for (const std::string& word : words) {
    if (word == "-Wl,--whole-archive") {
      whole = true;
      inside = {word};
      continue;
    }
    absl::string_view name = word;
    const bool runtime =
        absl::ConsumePrefix(&name, "-l") && toolchain::FindRuntimeLibrary(absl::StripPrefix(name, ":")) != nullptr;
    if (whole) {
      inside.push_back(word);
      if (word != "-Wl,--no-whole-archive") {
        whole = runtime;
        continue;
      }
      whole = false;
      for (const std::string& one : inside) add("what of them the program needs is in the link", one);
      continue;
    }
    if (runtime) add("the compiler's own libraries and the C library's are added where a symbol needs them", word);
    for (const Row& row : Rows()) {
      if (std::find(row.words.begin(), row.words.end(), word) != row.words.end()) add(row.because, word);
    }
  }
  for (const auto& [because, those] : by_reason)
    needless->push_back({absl::StrCat(absl::StrJoin(those, " "), " in ", where), because});
}

// As cmd/go splits -ldflags, and cmd/link -extldflags. Go refuses a quote that nothing closes.
std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  for (std::string_view word; support::NextWord(&text, &word) == support::WordResult::kWord;) words.emplace_back(word);
  return words;
}

}  // namespace

std::vector<Needless> FindNeedless(const GoFacts& go) {
  std::vector<Needless> needless;
  std::vector<std::string> tags;
  for (absl::string_view tag : absl::StrSplit(go.Setting("-tags"), absl::ByAnyChar(", "), absl::SkipEmpty())) {
    if (tag == "netgo" || tag == "osusergo") tags.emplace_back(tag);
  }
  if (!tags.empty()) {
    needless.push_back({absl::StrCat("-tags ", absl::StrJoin(tags, ",")),
                        "look-ups by the C library work in the static program, too"});
  }
  const std::vector<std::string> flags = Words(go.Setting("-ldflags"));
  for (size_t i = 0; i < flags.size(); ++i) {
    absl::string_view flag = flags[i];
    absl::ConsumePrefix(&flag, "-");
    absl::ConsumePrefix(&flag, "-");
    const bool separate = (flag == "linkmode" || flag == "extldflags") && i + 1 < flags.size();
    const std::string value = separate ? flags[++i] : std::string(flag.substr(std::min(flag.find('='), flag.size())));
    const absl::string_view words = absl::StripPrefix(value, "=");
    if (absl::StartsWith(flag, "linkmode") && words == "external") {
      needless.push_back({"-linkmode=external in -ldflags", "Go leaves the link to this program anyway"});
    } else if (absl::StartsWith(flag, "extldflags")) {
      AddWords("-extldflags", Words({words.data(), words.size()}), &needless);
    }
  }
  AddWords("CGO_LDFLAGS", Words(go.Setting("CGO_LDFLAGS")), &needless);
  return needless;
}

std::string NeedlessText(const std::vector<Needless>& needless, const report::TextOptions& options) {
  if (needless.empty()) return "";
  constexpr size_t kColumn = 36;
  report::Page page(options);
  page.Blank();
  page.Title("what you may leave out (not tried)");
  for (const Needless& words : needless) page.Labelled(2, words.words, kColumn, words.because);
  return page.Take();
}

}  // namespace cgo_ld_shim::inspect
