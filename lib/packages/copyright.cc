#include "packages/copyright.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace cgo_ld_shim::packages {
namespace {

// The fields of one paragraph, names in lower case; the lines of a value joined by line ends.
using Paragraph = std::vector<std::pair<std::string, std::string>>;

std::vector<Paragraph> Paragraphs(absl::string_view text) {
  std::vector<Paragraph> paragraphs(1);
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    Paragraph& paragraph = paragraphs.back();
    if (absl::StripAsciiWhitespace(line).empty()) {
      if (!paragraph.empty()) paragraphs.emplace_back();
    } else if (line[0] == ' ' || line[0] == '\t') {
      if (!paragraph.empty()) absl::StrAppend(&paragraph.back().second, "\n", absl::StripAsciiWhitespace(line));
    } else if (const size_t colon = line.find(':'); colon != absl::string_view::npos && line[0] != '#') {
      paragraph.emplace_back(absl::AsciiStrToLower(line.substr(0, colon)),
                             absl::StripAsciiWhitespace(line.substr(colon + 1)));
    }
  }
  return paragraphs;
}

const std::string* Find(const Paragraph& paragraph, absl::string_view name) {
  const auto field = std::find_if(paragraph.begin(), paragraph.end(), [&](const auto& f) { return f.first == name; });
  return field == paragraph.end() ? nullptr : &field->second;
}

// The patterns of the format: * and ? stand for any characters, "/" among them, and a backslash takes the next one as
// it is.
bool Matches(absl::string_view pattern, absl::string_view name) {
  size_t p = 0, n = 0, star = absl::string_view::npos, after_star = 0;
  while (n < name.size()) {
    const bool escaped = p + 1 < pattern.size() && pattern[p] == '\\';
    if (!escaped && p < pattern.size() && pattern[p] == '*') {
      star = p++;
      after_star = n;
    } else if (p < pattern.size() && ((!escaped && pattern[p] == '?') || pattern[p + (escaped ? 1 : 0)] == name[n])) {
      p += escaped ? 2 : 1;
      ++n;
    } else if (star != absl::string_view::npos) {
      p = star + 1;
      n = ++after_star;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

// "liblzma_la-tuklib_physmem.o" (libtool), "db_impl.cc.o" (CMake), "lookup.o": names that the source may have had.
std::vector<std::string> SourceNames(absl::string_view member) {
  absl::string_view stem = member.substr(0, member.rfind('.'));
  if (const size_t libtool = stem.find("_la-"); libtool != absl::string_view::npos) stem.remove_prefix(libtool + 4);
  if (absl::StrContains(stem, '.')) return {std::string(stem)};
  std::vector<std::string> names;
  for (const char* extension : {".c", ".cc", ".cpp", ".cxx", ".C", ".S", ".s", ".asm"})
    names.push_back(absl::StrCat(stem, extension));
  return names;
}

// Whether a pattern says something of a file of this name, whose directory is not known.
bool Concerns(absl::string_view pattern, absl::string_view name) {
  const size_t slash = pattern.rfind('/');
  if (slash == absl::string_view::npos) return Matches(pattern, name);
  const absl::string_view last = pattern.substr(slash + 1);
  return !last.empty() && last[0] != '*' && last[0] != '?' && Matches(last, name);
}

// The paragraph that counts for a member; nullptr: none does.
const CopyrightFiles* ParagraphOf(const Copyright& copyright, const std::string& member) {
  const std::vector<std::string> names = SourceNames(member);
  const auto last = std::find_if(copyright.files.rbegin(), copyright.files.rend(), [&](const CopyrightFiles& files) {
    return std::any_of(files.patterns.begin(), files.patterns.end(), [&](const std::string& pattern) {
      return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return Concerns(pattern, name); });
    });
  });
  return last == copyright.files.rend() ? nullptr : &*last;
}

bool IsJoined(absl::string_view licence) {
  const std::string lower = absl::AsciiStrToLower(licence);
  return absl::StrContains(lower, " or ") || absl::StrContains(lower, " and ") || absl::StrContains(lower, ",");
}

}  // namespace

std::optional<Copyright> ParseCopyright(absl::string_view text) {
  const std::vector<Paragraph> paragraphs = Paragraphs(text);
  // The header may follow a comment, and an older draft has its own name for the field.
  const bool machine_readable = std::any_of(paragraphs.begin(), paragraphs.end(), [](const Paragraph& paragraph) {
    const std::string* format = Find(paragraph, "format");
    if (format == nullptr) format = Find(paragraph, "format-specification");
    return format != nullptr && (absl::StrContains(*format, "copyright-format") || absl::StrContains(*format, "dep5") ||
                                 absl::StrContains(*format, "DEP-5"));
  });
  if (!machine_readable) return std::nullopt;
  Copyright copyright;
  for (const Paragraph& paragraph : paragraphs) {
    const std::string *files = Find(paragraph, "files"), *licence = Find(paragraph, "license");
    if (files == nullptr || licence == nullptr) continue;
    copyright.files.push_back({absl::StrSplit(*files, absl::ByAnyChar(" \t\n,"), absl::SkipEmpty()),
                               licence->substr(0, licence->find('\n'))});
  }
  return copyright;
}

std::string LicenceOf(const Copyright& copyright, const std::vector<std::string>& members) {
  std::vector<std::string> licences;
  const auto add = [&](const std::string& licence) {
    if (!licence.empty() && std::find(licences.begin(), licences.end(), licence) == licences.end())
      licences.push_back(licence);
  };
  for (const std::string& member : members) {
    if (const CopyrightFiles* files = ParagraphOf(copyright, member)) add(files->licence);
  }
  if (members.empty()) {
    for (const CopyrightFiles& files : copyright.files) {
      if (std::find(files.patterns.begin(), files.patterns.end(), "*") != files.patterns.end()) add(files.licence);
    }
  }
  if (licences.size() == 1) return licences[0];
  for (std::string& licence : licences) {
    if (IsJoined(licence)) licence = absl::StrCat("(", licence, ")");
  }
  return absl::StrJoin(licences, " and ");
}

}  // namespace cgo_ld_shim::packages
