// Which names stay global, and whose the others are.
#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "isolate/isolate.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/GlobPattern.h"
#include "pack/pack.h"

namespace cgo_ld_shim::pack {
namespace {

bool Begins(char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)) || c == '_' || c == '$'; }
bool GoesOn(char c) { return Begins(c) || absl::ascii_isdigit(static_cast<unsigned char>(c)); }

// Where what begins at `at` ends: a comment, a text, a character; `at` itself for anything else.
size_t SkipNoCode(absl::string_view text, size_t at) {
  const absl::string_view rest = text.substr(at);
  if (absl::StartsWith(rest, "//")) return std::min(text.size(), text.find('\n', at));
  if (absl::StartsWith(rest, "/*")) {
    const size_t end = text.find("*/", at + 2);
    return end == absl::string_view::npos ? text.size() : end + 2;
  }
  if (text[at] != '"' && text[at] != '\'') return at;
  size_t end = at + 1;
  while (end < text.size() && text[end] != text[at] && text[end] != '\n') end += text[end] == '\\' ? 2 : 1;
  return std::min(text.size(), end + 1);
}

// Names of the offers that a pattern fits. Hidden ones were not meant for others, nor were a runtime's.
std::vector<std::string> Fitting(const std::string& pattern, const Offers& offers) {
  std::vector<std::string> names;
  llvm::Expected<llvm::GlobPattern> glob = llvm::GlobPattern::create(pattern);
  if (!glob) {
    llvm::consumeError(glob.takeError());
    return names;
  }
  for (const auto& [name, offer] : offers) {
    if (!offer.hidden && !isolate::IsLanguageRuntime(name) && glob->match(name)) names.push_back(name);
  }
  return names;
}

std::set<std::string> OwnNames(const lint::ArchiveFacts& facts, const Offers& offers) {
  if (facts.api_is_mangled) return {};
  std::set<std::string> names(facts.api.begin(), facts.api.end());
  // lint's trial uses no thread-local variable, and a program may.
  for (const auto& [name, offer] : offers) {
    const bool reserved = absl::StartsWith(name, "__") || absl::StartsWith(name, "_Z") || absl::StartsWith(name, "_R");
    if (offer.tls && offer.strong && !offer.hidden && !reserved && !isolate::IsLanguageRuntime(name) &&
        lint::BundledLibrary(name, facts.path).empty()) {
      names.insert(name);
    }
  }
  for (const lint::Clash& clash : facts.clashes) {
    for (const std::string& name : clash.names) names.erase(name);
  }
  return names;
}

}  // namespace

std::set<std::string> WordsOfHeader(absl::string_view text) {
  std::set<std::string> words;
  for (size_t at = 0; at < text.size();) {
    if (const size_t end = SkipNoCode(text, at); end > at) {
      at = end;
      continue;
    }
    size_t end = at + 1;
    if (GoesOn(text[at])) {
      while (end < text.size() && GoesOn(text[end])) ++end;
      if (Begins(text[at])) words.emplace(text.substr(at, end - at));
    }
    at = end;
  }
  return words;
}

std::vector<std::string> NamesOfList(absl::string_view text) {
  std::vector<std::string> names;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    line = absl::StripAsciiWhitespace(line.substr(0, line.find('#')));
    if (!line.empty()) names.emplace_back(line);
  }
  return names;
}

std::vector<std::string> NamesToKeep(const lint::ArchiveFacts& facts, const Offers& offers, const Wish& wish) {
  std::set<std::string> kept;
  if (wish.empty()) kept = OwnNames(facts, offers);
  for (const std::string& name : wish.names) {
    if (offers.contains(name)) kept.insert(name);
  }
  for (const std::string& pattern : wish.patterns) {
    const std::vector<std::string> names = Fitting(pattern, offers);
    kept.insert(names.begin(), names.end());
  }
  for (const auto& [name, offer] : offers) {
    // A header names memcpy as well, of which Rust's runtime has a weak and hidden one.
    if (wish.in_headers.contains(name) && (offer.strong || !offer.hidden) && !isolate::IsLanguageRuntime(name))
      kept.insert(name);
  }
  return {kept.begin(), kept.end()};
}

std::vector<std::string> Unmet(const Wish& wish, const std::vector<Offers>& all) {
  std::vector<std::string> unmet;
  const auto none = [&](const auto& has) { return std::none_of(all.begin(), all.end(), has); };
  std::copy_if(wish.names.begin(), wish.names.end(), std::back_inserter(unmet), [&](const std::string& name) {
    return none([&](const Offers& offers) { return offers.contains(name); });
  });
  std::copy_if(wish.patterns.begin(), wish.patterns.end(), std::back_inserter(unmet), [&](const std::string& pattern) {
    return none([&](const Offers& offers) { return !Fitting(pattern, offers).empty(); });
  });
  return unmet;
}

std::vector<MadeLocal> WhoseNames(const std::string& archive, const std::vector<std::string>& names) {
  std::map<std::string, size_t> counts;
  for (const std::string& name : names) {
    ++counts[isolate::IsLanguageRuntime(name) ? "Rust's runtime" : std::string(lint::BundledLibrary(name, archive))];
  }
  std::vector<MadeLocal> whose;
  for (const auto& [library, count] : counts) whose.push_back({library, count});
  // What has a name stands first.
  std::stable_partition(whose.begin(), whose.end(), [](const MadeLocal& local) { return !local.library.empty(); });
  return whose;
}

}  // namespace cgo_ld_shim::pack
