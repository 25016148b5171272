#include "diagnose/zig_words.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace cgo_ld_shim::diagnose {
namespace {

using Kind = ZigComplaint::Kind;

// An error is one of these when the text stands in it. `before`: the subject stands in front of the text; otherwise
// behind it. The first row that fits counts.
enum class Subject { kBehind, kBefore, kQuoted, kArchive, kParsed };
struct Row {
  absl::string_view text;
  Kind kind;
  Subject subject;
};
constexpr Row kRows[] = {
    {"undefined symbol: ", Kind::kUndefined, Subject::kBehind},
    {"duplicate symbol definition: ", Kind::kDuplicate, Subject::kBehind},
    {"duplicate symbol: ", Kind::kDuplicate, Subject::kBehind},
    {": unknown file type", Kind::kUnreadable, Subject::kBefore},  // lld-link
    {"unknown file type: ", Kind::kForeign, Subject::kBehind},
    {": machine type ", Kind::kForeign, Subject::kBefore},
    {" is incompatible with ", Kind::kForeign, Subject::kBefore},
    {"unknown cpu architecture: ", Kind::kForeign, Subject::kParsed},  // zig's linker for macOS
    {"invalid cpu architecture: ", Kind::kForeign, Subject::kParsed},
    {"failed to read input file: ", Kind::kForeign, Subject::kParsed},
    {"failed to parse TBD file", Kind::kUnreadable, Subject::kParsed},
    {"unexpected token in LD script", Kind::kUnreadable, Subject::kParsed},
    {"unable to find dynamic system library ", Kind::kNoLibrary, Subject::kQuoted},
    {"unable to find static system library ", Kind::kNoLibrary, Subject::kQuoted},
    {": file not found", Kind::kNoFile, Subject::kBefore},
    {"could not open 'lib", Kind::kNoDefault, Subject::kArchive},  // lld-link, as MinGW's ld calls it
    {"could not open ", Kind::kNoFile, Subject::kQuoted},
    {"unsupported linker arg: ", Kind::kOption, Subject::kBehind},
    {"unsupported linker extension flag: -z ", Kind::kOption, Subject::kBehind},
};
// lld's warning of what it passes over; the errors behind it are that nothing defines what is in there.
constexpr absl::string_view kNeitherObject = " is neither ET_REL nor LLVM bitcode";

// Takes "error: ", with the linker's name before or behind it, off; false: it is another line.
bool ConsumeError(absl::string_view* line) {
  bool error = false;
  for (bool more = true; more;) {
    more = false;
    if (absl::ConsumePrefix(line, "error: ")) more = error = true;
    for (const absl::string_view linker : {"ld.lld: ", "lld-link: ", "wasm-ld: "})
      more |= absl::ConsumePrefix(line, linker);
  }
  return error;
}

// "/home/me/x.cc:4", "x.cc:4 (/home/me/x.cc:4)", "x.cc"
void ReadPlace(absl::string_view text, ZigUse* use) {
  const size_t open = text.find(" (");
  if (open != absl::string_view::npos && absl::EndsWith(text, ")"))
    text = text.substr(open + 2, text.size() - open - 3);
  const size_t colon = text.rfind(':');
  if (colon != absl::string_view::npos && absl::SimpleAtoi(text.substr(colon + 1), &use->line))
    text = text.substr(0, colon);
  use->file = std::string(text);
}

// "libx.a(x.o):(frob)", "x.o:(frob) in archive /x/libx.a", "x.o:(.text+0x10)"
bool ReadUnit(absl::string_view text, ZigUse* use) {
  const size_t place = text.find(":(");
  if (place == absl::string_view::npos) {
    // lld-link says no function where it knows none. "main.go:4 (/home/me/main.go:4)" is none.
    if (absl::StrContains(text, " (")) return false;
    for (const absl::string_view end : {".o)", ".obj)", ".o", ".obj"}) {
      if (!absl::EndsWith(text, end)) continue;
      use->unit = std::string(text);
      return true;
    }
    return false;
  }
  use->unit = std::string(text.substr(0, place));
  constexpr absl::string_view kArchive = " in archive ";
  absl::string_view rest = text.substr(place + 2);
  if (const size_t archive = rest.find(kArchive); archive != absl::string_view::npos) {
    use->unit = absl::StrCat(rest.substr(archive + kArchive.size()), "(", use->unit, ")");
    rest = rest.substr(0, archive);
  }
  absl::ConsumeSuffix(&rest, ")");
  if (!absl::StartsWith(rest, ".")) use->function = std::string(rest);
  return true;
}

// A line that belongs to the complaint above it.
void ReadBelow(absl::string_view line, bool parsed, ZigComplaint* complaint) {
  line = absl::StripAsciiWhitespace(line);
  std::vector<ZigUse>& uses = complaint->uses;
  if (absl::ConsumePrefix(&line, "did you mean: ")) {
    complaint->similar = std::string(line);
  } else if (absl::ConsumePrefix(&line, "while parsing ")) {
    absl::ConsumeSuffix(&line, "()");
    if (parsed && complaint->subject.empty()) complaint->subject = std::string(line);
  } else if (absl::ConsumePrefix(&line, "referenced by ") || absl::ConsumePrefix(&line, "defined at ") ||
             absl::ConsumePrefix(&line, "defined by ")) {
    if (absl::StartsWith(line, "1 more") || absl::StrContains(line, " more times")) return;
    uses.emplace_back();
    // zig's linker for macOS: "/x/libx.a(x.o):_frob", "/tmp/go-link-1/000001.o".
    const size_t colon = line.rfind(':');
    const absl::string_view unit = line.substr(0, colon);
    if (absl::EndsWith(unit, ".o") || absl::EndsWith(unit, ")")) {
      uses.back().unit = std::string(unit);
      if (colon != absl::string_view::npos) uses.back().function = std::string(line.substr(colon + 1));
    } else if (!ReadUnit(line, &uses.back())) {
      ReadPlace(line, &uses.back());
    }
  } else if (!uses.empty() && uses.back().unit.empty()) {
    ReadUnit(line, &uses.back());
  }
}

std::optional<ZigComplaint> ReadError(absl::string_view line, bool* parsed) {
  const auto* const row =
      std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& r) { return absl::StrContains(line, r.text); });
  if (row == std::end(kRows)) return std::nullopt;
  ZigComplaint complaint{.kind = row->kind};
  const size_t at = line.find(row->text);
  absl::string_view rest = line.substr(at + row->text.size());
  switch (row->subject) {
    case Subject::kBehind:
      complaint.imported = absl::ConsumePrefix(&rest, "__declspec(dllimport) ");
      complaint.subject = std::string(rest);
      break;
    case Subject::kBefore:
      complaint.subject = std::string(line.substr(0, at));
      break;
    case Subject::kQuoted:
      // zig before 0.14 quotes with ', later ones with ".
      if (!rest.empty()) complaint.subject = std::string(rest.substr(1, rest.find(rest[0], 1) - 1));
      break;
    case Subject::kArchive:
      complaint.subject = std::string(absl::StripSuffix(rest.substr(0, rest.find('\'')), ".a"));
      break;
    case Subject::kParsed:
      break;
  }
  *parsed = row->subject == Subject::kParsed;
  return complaint;
}

}  // namespace

std::string FirstUnit(const ZigComplaint& complaint) {
  for (const ZigUse& use : complaint.uses) {
    if (!use.unit.empty()) return use.unit;
  }
  return "";
}

std::vector<ZigComplaint> ReadZigWords(absl::string_view words) {
  std::vector<ZigComplaint> found;
  bool below = false, parsed = false;  // what follows belongs to the last of them; its subject is among that
  for (absl::string_view line : absl::StrSplit(words, '\n')) {
    if (ConsumeError(&line)) {
      std::optional<ZigComplaint> complaint = ReadError(line, &parsed);
      below = complaint.has_value();
      if (below) found.push_back(*std::move(complaint));
      continue;
    }
    absl::string_view rest = absl::StripAsciiWhitespace(line);
    if (below && (absl::ConsumePrefix(&rest, ">>>") || absl::ConsumePrefix(&rest, "note:"))) {
      ReadBelow(rest, parsed, &found.back());
    } else if (const size_t at = line.find(kNeitherObject); at != absl::string_view::npos) {
      // "ld.lld: warning: /x/libx.a: archive member 'x.o' is neither …"
      absl::string_view text = line.substr(0, at);
      if (const size_t warning = text.find("warning: "); warning != absl::string_view::npos)
        text.remove_prefix(warning + 9);
      const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(text, ": archive member ");
      found.push_back({.kind = Kind::kForeign,
                       .subject = absl::StrCat(parts.first, "(",
                                               absl::StripPrefix(absl::StripSuffix(parts.second, "'"), "'"), ")")});
      below = false;
    }
  }
  std::erase_if(found, [](const ZigComplaint& complaint) { return complaint.subject.empty(); });
  return found;
}

}  // namespace cgo_ld_shim::diagnose
