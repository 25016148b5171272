#include "report/text_parts.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "fmt/format.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Unicode.h"
#include "support/path_parts.h"
#include "support/printable.h"
#include "toolchain/driver.h"

namespace cgo_ld_shim::report {
namespace {

constexpr size_t kMinWidth = 40;
constexpr size_t kDirectoryColumns = 40;
constexpr absl::string_view kEllipsis = "…";

void MakePrintable(std::string* text) { *text = support::PrintableName(TidyPaths(*text)); }
template <class Id>
void MakePrintable(support::OpenId<Id>* id) {
  if (id->id()) return;
  std::string text = id->text();
  MakePrintable(&text);
  *id = support::OpenId<Id>::FromText(text);
}
void MakePrintable(std::vector<std::string>* texts) {
  for (std::string& text : *texts) MakePrintable(&text);
}

// "v2" as the last word of a module path names no program.
bool IsMajorVersion(absl::string_view word) {
  return word.size() >= 2 && word[0] == 'v' && std::all_of(word.begin() + 1, word.end(), absl::ascii_isdigit);
}

}  // namespace

LinkRecord Printable(LinkRecord record) {
  for (std::string* text : {&record.package, &record.output, &record.cwd, &record.mode, &record.target,
                            &record.libc.version, &record.compiler, &record.linker, &record.outcome}) {
    MakePrintable(text);
  }
  MakePrintable(&record.argv);
  MakePrintable(&record.driver_argv);
  for (diagnose::WayOut& way : record.ways_out) {
    MakePrintable(&way.action);
    MakePrintable(&way.meaning);
  }
  MakePrintable(&record.searched);
  for (rules::Edit& edit : record.edits) {
    MakePrintable(&edit.rule);
    MakePrintable(&edit.before);
    MakePrintable(&edit.after);
    MakePrintable(&edit.because);
    for (symbols::Evidence& evidence : edit.evidence) {
      MakePrintable(&evidence.symbol);
      MakePrintable(&evidence.wanted_by);
      MakePrintable(&evidence.provided_by);
    }
  }
  for (InputRecord& input : record.inputs) {
    MakePrintable(&input.path);
    MakePrintable(&input.as);
  }
  for (MissingRecord& missing : record.missing) {
    for (std::string* text : {&missing.symbol, &missing.demangled, &missing.on_behalf_of, &missing.package,
                              &missing.named_by, &missing.shared_library, &missing.owner_package, &missing.hint}) {
      MakePrintable(text);
    }
    MakePrintable(&missing.cause);
    MakePrintable(&missing.wanted_by);
    for (symbols::Place& place : missing.places) {
      MakePrintable(&place.file);
      MakePrintable(&place.function);
    }
    MakePrintable(&missing.candidates);
  }
  for (std::string& note : record.notes) note = support::Printable(TidyPaths(note));
  return record;
}

std::string TidyPaths(absl::string_view text) {
  constexpr char kEnds[] = " \t\n,;:)'\"";          // of a path in a text
  constexpr char kSeparators[] = "/ \t\n,;:(='\"";  // what stands before a name in it
  std::string tidy;
  tidy.reserve(text.size());
  while (!text.empty()) {
    if (absl::StartsWith(text, "/./")) {
      text.remove_prefix(2);
      continue;
    }
    if (absl::StartsWith(text, "/..") && (text.size() == 3 || text[3] == '/' || absl::StrContains(kEnds, text[3]))) {
      // The directory before it: "b" of "/a/b", "a" of "a".
      const size_t begin = tidy.find_last_of(kSeparators) + 1;
      const absl::string_view before = absl::string_view(tidy).substr(begin);
      const bool below = begin > 0 && tidy[begin - 1] == '/';
      const bool ends = text.size() == 3 || text[3] != '/';
      // Behind a blank it may be the end of a directory's name with a blank in it.
      const bool relative = !ends && (begin == 0 || tidy[begin - 1] != ' ');
      if (!before.empty() && before != ".." && before[0] != '-' && (below || relative)) {
        tidy.resize(below ? begin - 1 : begin);
        text.remove_prefix(below ? 3 : 4);
        if (below && ends && (tidy.empty() || absl::StrContains(kSeparators, tidy.back()))) tidy += '/';
        continue;
      }
    }
    tidy += text[0];
    text.remove_prefix(1);
  }
  return tidy;
}

std::string ListText(const std::vector<std::string>& names, absl::string_view separator, size_t most) {
  // A list that is one longer takes no more room than the word for the rest.
  if (names.size() <= most + 1) return absl::StrJoin(names, separator);
  return absl::StrCat(absl::StrJoin(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(most), separator),
                      " and ", names.size() - most, " more");
}

std::string SizeText(uint64_t bytes) {
  if (bytes < 1000) return fmt::format("{} bytes", bytes);
  double value = static_cast<double>(bytes);
  const char* unit = "";
  for (const char* next : {"kB", "MB", "GB", "TB"}) {
    value /= 1000;
    unit = next;
    if (value < 999.95) break;
  }
  return fmt::format("{:.1f} {}", value, unit);
}

std::string SecondsText(double ms) { return fmt::format("{:.2f} s", ms / 1000); }

std::string UnitFile(absl::string_view unit) {
  if (absl::EndsWith(unit, ")")) {
    const size_t paren = unit.rfind('(');
    if (paren != absl::string_view::npos && paren > 0) return std::string(unit.substr(0, paren));
  }
  return std::string(unit);
}

std::string UnitName(absl::string_view unit) {
  const std::string file = UnitFile(unit);
  return absl::StrCat(support::BaseName(file), unit.substr(file.size()));
}

std::string ShortDirectory(const std::string& directory, const LinkRecord& record) {
  absl::string_view rest = directory;
  if (record.cwd.size() > 1 && absl::ConsumePrefix(&rest, record.cwd) && (rest.empty() || rest[0] == '/')) {
    return absl::StrCat(".", rest);
  }
  if (Columns(directory) <= kDirectoryColumns) return directory;
  // The last components tell directories apart better than the first.
  const std::vector<absl::string_view> parts = absl::StrSplit(directory, '/');
  std::string end(parts.back());
  for (size_t i = parts.size() - 1; i-- > 0;) {
    const std::string longer = absl::StrCat(parts[i], "/", end);
    if (Columns(longer) + 2 > kDirectoryColumns) break;
    end = longer;
  }
  return absl::StrCat(kEllipsis, "/", end);
}

std::string SymbolText(const std::string& symbol, size_t columns) {
  // Beyond ASCII a byte is not a column, and a cut could split a character; such names are rare, and stay whole.
  const bool ascii = std::all_of(symbol.begin(), symbol.end(),
                                 [](char c) { return absl::ascii_isascii(static_cast<unsigned char>(c)); });
  if (!ascii || symbol.size() <= columns || columns < 8) return symbol;
  const size_t tail = columns / 3;
  const size_t head = columns - tail - 1;
  return absl::StrCat(symbol.substr(0, head), kEllipsis, symbol.substr(symbol.size() - tail));
}

std::string WithoutParameters(const std::string& demangled) {
  int angles = 0;
  for (size_t i = 0; i < demangled.size(); ++i) {
    const absl::string_view rest = absl::string_view(demangled).substr(i);
    if (absl::StartsWith(rest, "operator")) return demangled;  // its name may hold any of these characters
    if (absl::StartsWith(rest, "(anonymous namespace)")) {
      i += absl::string_view("(anonymous namespace)").size() - 1;
    } else if (rest[0] == '<') {
      ++angles;
    } else if (rest[0] == '>') {
      --angles;
    } else if (rest[0] == '(' && angles == 0 && i > 0) {
      return demangled.substr(0, i);
    }
  }
  return demangled;
}

std::string ProgramName(const LinkRecord& record, const TextOptions& options) {
  if (!options.name.empty()) return support::BaseName(options.name);
  // cmd/go links to $WORK/b001/exe/a.out, for Windows a.out.exe, and gives the file its name afterwards.
  std::string base = support::BaseName(record.output);
  if (!base.empty() && base != "a.out" && base != "a.out.exe") return base;
  std::vector<absl::string_view> words = absl::StrSplit(record.package, '/', absl::SkipEmpty());
  if (words.size() > 1 && IsMajorVersion(words.back())) words.pop_back();
  if (words.empty() || words.back() == "command-line-arguments") return "this program";
  return std::string(words.back());
}

std::string DriverName(const LinkRecord& record) {
  if (toolchain::ReadDriver(record.driver_argv).IsZig()) return "zig cc";
  const std::string driver = record.driver_argv.empty() ? "" : support::BaseName(record.driver_argv[0]);
  return absl::StrContains(driver, "clang") || absl::StrContains(record.compiler, "clang") ? "clang" : "gcc";
}

bool IsStaticMode(const LinkRecord& record) { return absl::StartsWith(record.mode, "static"); }

std::string Count(size_t number, absl::string_view one, absl::string_view many) {
  return absl::StrCat(number, " ", number == 1 ? one : many);
}

size_t Columns(absl::string_view text) {
  const int columns = llvm::sys::unicode::columnWidthUTF8(llvm::StringRef(text.data(), text.size()));
  return columns >= 0 ? static_cast<size_t>(columns) : text.size();
}

Page::Page(const TextOptions& options)
    : colour_(options.colour), width_(std::max(static_cast<size_t>(std::max(options.width, 0)), kMinWidth)) {}

std::string Page::Bold(absl::string_view text) const {
  return colour_ ? absl::StrCat("\033[1m", text, "\033[0m") : std::string(text);
}

void Page::Append(absl::string_view text) { absl::StrAppend(&text_, text, "\n"); }

void Page::Line(absl::string_view text) { Append(support::Printable(text)); }

void Page::Blank() { absl::StrAppend(&text_, "\n"); }

void Page::Title(absl::string_view text) { Append(Bold(support::Printable(text))); }

void Page::Heading(absl::string_view text) {
  constexpr size_t kHanging = 4;
  std::string line;
  for (const absl::string_view word : absl::StrSplit(text, ' ')) {
    if (!line.empty() && Columns(line) + 1 + Columns(word) > width_) {
      Title(line);
      line.assign(kHanging, ' ');
      absl::StrAppend(&line, word);
    } else {
      absl::StrAppend(&line, line.empty() ? "" : " ", word);
    }
  }
  Title(line);
}

void Page::Subject(size_t indent, absl::string_view text) {
  Append(absl::StrCat(std::string(indent, ' '), Bold(support::Printable(text))));
}

std::string Page::Take() { return support::WithoutCommands(std::exchange(text_, {})); }

void Page::Paragraph(size_t indent, absl::string_view text) { Labelled(indent, "", indent, text); }

void Page::Labelled(size_t indent, absl::string_view label, size_t column, absl::string_view text) {
  std::string line(indent, ' ');
  size_t at = indent;
  if (!label.empty()) {
    absl::StrAppend(&line, label);
    at += Columns(label);
    if (at + 2 > column) {
      Line(line);
      line.clear();
      at = 0;
    }
  }
  if (at < column) {
    line.append(column - at, ' ');
    at = column;
  }
  bool first = true;
  for (absl::string_view word : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    const size_t columns = Columns(word);
    if (!first && at + 1 + columns > width_) {
      Line(line);
      line.assign(column, ' ');
      at = column;
      first = true;
    }
    absl::StrAppend(&line, first ? "" : " ", word);
    at += columns + (first ? 0 : 1);
    first = false;
  }
  Line(absl::StripTrailingAsciiWhitespace(line));
}

}  // namespace cgo_ld_shim::report
