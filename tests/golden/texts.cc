#include "tests/golden/texts.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"
#include "llvm/Support/JSON.h"
#include "tests/golden/yaml_value.h"

namespace cgo_ld_shim::golden {
namespace {

// Replaced in this order. What stands in columns keeps its width.
struct Steadying {
  const char* pattern;
  const char* replacement;
};
constexpr Steadying kSteadyings[] = {
    // Whether the host's distribution keeps Python's packages for itself.
    {R"(pip3? install --user --break-system-packages )", "pip install "},
    {R"(lld [0-9]+\.[0-9]+\.[0-9]+[a-z0-9.-]*)", "lld VERSION"},
    {R"(, [0-9.]+ (bytes|kB|MB), )", ", SIZE, "},
    {R"(linked in [0-9.]+ s)", "linked in TIME"},
    {R"(its libraries in [0-9.]+ s)", "its libraries in TIME"},
    {R"(, in [0-9.]+ s by )", ", in TIME by "},
    {R"(, [0-9.]+ s\n)", ", TIME\n"},
    // Of the program's bytes; one that Go gives is shorter here.
    {R"(build_id: [0-9a-f]{40}\b)", "build_id: HASH"},
    {R"(/proc/[0-9]+/fd/[0-9]+)", "/proc/SELF/fd/N"},
    // mkdtemp's and mkstemp's
    {R"((cgo-ld-shim-)[A-Za-z0-9]{6}\b)", "$1XXXXXX"},
    // Our cache of C libraries that zig made: a hash of our version, zig's path and zig's time.
    {R"((/cgo-ld-shim/zig/)[0-9a-f]{16})", "$1KEY-OF-THIS-ZIG"},
    {R"((/cgo-ld-shim/zig/cgo-ld-shim-)[A-Za-z0-9]{6})", "$1XXXXXX"},
};

// A field that `line` or `call` has, or that another run would have otherwise.
bool IsLeftOut(absl::string_view field) {
  static constexpr absl::string_view kFields[] = {"version",     "time_ms",     "output_size", "fingerprint",
                                                  "argv",        "driver_argv", "bytes",       "ms",
                                                  "linker_argv", "program_uses"};
  return std::find(std::begin(kFields), std::end(kFields), field) != std::end(kFields);
}

// An object of ours in memory is as large as the compiler made it that built this program.
bool IsLeftOut(const Value& of, absl::string_view field) {
  return IsLeftOut(field) || (field == "used_bytes" && absl::StartsWith(of.Text("path"), "/proc/"));
}

bool IsEmpty(const Value& value) {
  return value.text.empty() &&
         std::all_of(value.items.begin(), value.items.end(), [](const Value& item) { return IsEmpty(item); }) &&
         std::all_of(value.fields.begin(), value.fields.end(),
                     [&](const auto& field) { return IsLeftOut(value, field.name) || IsEmpty(field.value); });
}

constexpr size_t kColumns = 120;

// "[a, b]" and "{c: d}" on one line; texts as they are, because they are read and not parsed.
std::string Flat(const Value& value) {
  std::vector<std::string> parts;
  if (!value.items.empty()) {
    for (const Value& item : value.items) parts.push_back(Flat(item));
    return absl::StrCat("[", absl::StrJoin(parts, ", "), "]");
  }
  if (value.fields.empty()) return value.text;
  std::string last;
  for (const auto& [name, field] : value.fields) {
    if (IsLeftOut(value, name) || IsEmpty(field)) continue;
    last = Flat(field);
    parts.push_back(absl::StrCat(name, ": ", last));
  }
  // The phases, of which the names alone are kept.
  if (parts.size() == 1) return last;
  return absl::StrCat("{", absl::StrJoin(parts, ", "), "}");
}

void LayOut(const Value& value, const std::string& indent, std::string* text) {
  for (const auto& [name, field] : value.fields) {
    if (IsLeftOut(value, name) || IsEmpty(field)) continue;
    const std::string flat = Flat(field);
    const bool one_line = absl::StrCat(indent, name, ": ", flat).size() <= kColumns && !absl::StrContains(flat, "\n");
    if (one_line && (field.items.empty() || !absl::StrContains(flat, "{"))) {
      absl::StrAppend(text, indent, name, ": ", flat, "\n");
    } else if (!field.items.empty()) {
      absl::StrAppend(text, indent, name, ":\n");
      for (const Value& item : field.items) {
        // The many files of a link, most of which have nothing to tell.
        if (name == "inputs" && item.Texts("members").empty()) {
          absl::StrAppend(text, indent, "  - ", Flat(item), "\n");
          continue;
        }
        if (item.fields.empty()) {
          absl::StrAppend(text, indent, "  - ",
                          absl::StrReplaceAll(item.text, {{"\n", absl::StrCat("\n", indent, "    ")}}), "\n");
          continue;
        }
        std::string below;
        LayOut(item, absl::StrCat(indent, "    "), &below);
        if (below.size() > indent.size() + 2) below[indent.size() + 2] = '-';
        absl::StrAppend(text, below);
      }
    } else if (!field.fields.empty()) {
      absl::StrAppend(text, indent, name, ":\n");
      LayOut(field, absl::StrCat(indent, "  "), text);
    } else {
      absl::StrAppend(text, indent, name, ": ",
                      absl::StrReplaceAll(field.text, {{"\n", absl::StrCat("\n", indent, "  ")}}), "\n");
    }
  }
}

// Options of drivers and linkers whose value is the next word.
bool TakesValue(absl::string_view word) {
  static constexpr absl::string_view kOptions[] = {"-o",      "-m",         "-z", "-e",   "--entry",
                                                   "-target", "-framework", "-F", "-arch"};
  return std::find(std::begin(kOptions), std::end(kOptions), word) != std::end(kOptions);
}

// The longest common subsequence of lines, as a table of lengths from each pair of places to the ends.
using Lengths = std::vector<std::vector<size_t>>;
Lengths CommonLengths(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  Lengths lengths(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = a.size(); i-- > 0;) {
    for (size_t j = b.size(); j-- > 0;) {
      lengths[i][j] = a[i] == b[j] ? lengths[i + 1][j + 1] + 1 : std::max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  return lengths;
}

}  // namespace

std::string SteadyText(std::string text) {
  for (const Steadying& row : kSteadyings) text = std::regex_replace(text, std::regex(row.pattern), row.replacement);
  std::vector<std::string> lines;
  std::set<std::string> errors;
  for (absl::string_view line : absl::StrSplit(absl::StripSuffix(text, "\n"), '\n')) {
    line = absl::StripTrailingAsciiWhitespace(line);
    const bool of_lld = absl::StartsWith(line, "ld.lld: ");
    // Its threads find errors in any order, and some more than once.
    if (of_lld) errors.emplace(line);
    if (of_lld || absl::StartsWith(absl::StripLeadingAsciiWhitespace(line), ">>>")) continue;
    if (!errors.empty() && line.empty()) continue;
    lines.insert(lines.end(), errors.begin(), errors.end());
    errors.clear();
    lines.emplace_back(line);
  }
  lines.insert(lines.end(), errors.begin(), errors.end());
  return text.empty() ? "" : absl::StrCat(absl::StrJoin(lines, "\n"), "\n");
}

std::string LayOutRecord(absl::string_view json) {
  std::string text;
  // JSON is YAML, whose parser keeps the order of fields.
  LayOut(ParseYaml(std::string(json), "record"), "", &text);
  return text;
}

std::vector<std::string> RecordTexts(absl::string_view json, absl::string_view field) {
  return ParseYaml(std::string(json), "record").Texts(field);
}

std::string LayOutWords(const std::vector<std::string>& words) {
  std::string text;
  for (size_t i = 0; i < words.size(); ++i) {
    absl::StrAppend(&text, "  ", words[i]);
    if (TakesValue(words[i]) && i + 1 < words.size()) absl::StrAppend(&text, " ", words[++i]);
    absl::StrAppend(&text, "\n");
  }
  return text;
}

std::string Difference(absl::string_view expected, absl::string_view actual) {
  constexpr size_t kContext = 3;
  const std::vector<std::string> a = absl::StrSplit(expected, '\n'), b = absl::StrSplit(actual, '\n');
  const Lengths lengths = CommonLengths(a, b);
  std::vector<std::pair<char, std::string>> lines;
  for (size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      lines.emplace_back(' ', a[i]);
      ++i, ++j;
    } else if (j == b.size() || (i < a.size() && lengths[i + 1][j] >= lengths[i][j + 1])) {
      lines.emplace_back('-', a[i++]);
    } else {
      lines.emplace_back('+', b[j++]);
    }
  }
  std::string text;
  bool gap = false;
  for (size_t at = 0; at < lines.size(); ++at) {
    bool near = false;
    for (size_t i = at < kContext ? 0 : at - kContext; i <= at + kContext && i < lines.size(); ++i)
      near |= lines[i].first != ' ';
    if (near && gap && !text.empty()) absl::StrAppend(&text, "…\n");
    gap = !near;
    if (near) absl::StrAppend(&text, std::string(1, lines[at].first), lines[at].second, "\n");
  }
  return text;
}

bool Updating() { return std::getenv("UPDATE_GOLDEN") != nullptr; }

std::string ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void Expect(const std::string& path, const std::string& actual) {
  const std::string expected = ReadText(path);
  if (expected == actual) return;
  const std::string difference = Difference(expected, actual);
  if (!Updating()) {
    ADD_FAILURE() << path << " says otherwise (- as it was, + as it is; ./dev test --update takes it over)\n"
                  << difference;
    return;
  }
  std::printf("%s\n%s", path.c_str(), expected.empty() ? "+ new\n" : difference.c_str());
  std::ofstream(path, std::ios::binary) << actual;
}

}  // namespace cgo_ld_shim::golden
