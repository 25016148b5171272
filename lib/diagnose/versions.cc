#include "diagnose/versions.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "llvm/BinaryFormat/ELF.h"
#include "symbols/sections.h"

namespace cgo_ld_shim::diagnose {
namespace {

// The texts around a version, with a mark in the version's place and without other digits, and the versions that stand
// in them. The empty text: nothing but the version.
using Texts = std::map<std::string, std::set<std::string>>;

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }
bool IsWord(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }

// "1.2.11", "1.1.1w", "3.0.0-beta1": the length of a version with two dots or more at the beginning of `text`; 0: none.
size_t VersionLength(absl::string_view text) {
  size_t at = 0, parts = 0;
  while (true) {
    const size_t begin = at;
    while (at < text.size() && IsDigit(text[at])) ++at;
    if (at == begin || at - begin > 5) return 0;
    ++parts;
    if (at + 1 >= text.size() || text[at] != '.' || !IsDigit(text[at + 1])) break;
    ++at;
  }
  if (parts < 3 || parts > 4) return 0;
  while (at < text.size() && (IsWord(text[at]) || (text[at] == '-' && at + 1 < text.size() && IsWord(text[at + 1]))))
    ++at;
  // What goes on is an address or a file's name.
  constexpr size_t kLongest = 24;
  return at < text.size() && (text[at] == '.' || text[at] == '/' || text[at] == '_') ? 0 : at <= kLongest ? at : 0;
}

void AddText(absl::string_view text, Texts* texts) {
  constexpr size_t kLongest = 200;
  if (text.size() < 5 || text.size() > kLongest) return;
  if (!std::all_of(text.begin(), text.end(), [](char c) { return absl::ascii_isprint(static_cast<unsigned char>(c)); }))
    return;
  for (size_t at = 0; at < text.size(); ++at) {
    if (!IsDigit(text[at]) || (at > 0 && (IsWord(text[at - 1]) || text[at - 1] == '.') && text[at - 1] != 'v'))
      continue;
    const size_t length = VersionLength(text.substr(at));
    if (length == 0) continue;
    std::string around;
    for (size_t i = 0; i < text.size(); ++i) {
      if (i == at) {
        if (length < text.size()) around += '\x1f';
        i += length - 1;
      } else if (!IsDigit(text[i])) {
        around += text[i];
      }
    }
    (*texts)[around].emplace(text.substr(at, length));
    return;
  }
}

Texts TextsOf(absl::string_view object) {
  Texts texts;
  const absl::StatusOr<std::vector<symbols::Section>> sections = symbols::ReadSections(object, "");
  if (!sections.ok()) return texts;
  for (const symbols::Section& section : *sections) {
    const bool data = (section.flags & llvm::ELF::SHF_ALLOC) != 0 && (section.flags & llvm::ELF::SHF_EXECINSTR) == 0 &&
                      section.type == llvm::ELF::SHT_PROGBITS;
    if (!data) continue;
    for (const absl::string_view text : absl::StrSplit(section.content, '\0', absl::SkipEmpty())) AddText(text, &texts);
  }
  return texts;
}

}  // namespace

Versions CompareVersions(absl::string_view first, absl::string_view second) {
  const Texts a = TextsOf(first), b = TextsOf(second);
  Versions same;
  // A version that stands alone comes first, as the empty text.
  for (const auto& [around, versions] : a) {
    const auto other = b.find(around);
    if (other == b.end()) continue;
    std::vector<std::string> only_a, only_b;
    std::set_difference(versions.begin(), versions.end(), other->second.begin(), other->second.end(),
                        std::back_inserter(only_a));
    std::set_difference(other->second.begin(), other->second.end(), versions.begin(), versions.end(),
                        std::back_inserter(only_b));
    if (only_a.size() == 1 && only_b.size() == 1) return {only_a[0], only_b[0]};
    if (only_a.empty() && only_b.empty() && versions.size() == 1 && same.first.empty())
      same = {*versions.begin(), *versions.begin()};
  }
  return same;
}

}  // namespace cgo_ld_shim::diagnose
