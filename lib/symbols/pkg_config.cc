// Reads pkg-config's .pc files: what a package's author says is needed to link it.
//
//   prefix=/usr
//   libdir=${prefix}/lib/x86_64-linux-gnu
//   Name: zlib
//   Version: 1.2.13
//   Requires.private: foo >= 1.2, bar
//   Libs: -L${libdir} -lz
//
// "name=value" defines a variable, "Key: value" a field. Values name variables by ${…}; "#" begins a comment, a
// backslash at the end of a line continues it. Fields hold words as a shell would split them (pkg-config(1), "METADATA
// FILE SYNTAX").
//
// Where pkg-config and pkgconf differ we do as pkgconf does, which Debian and Alpine install: a variable that is not
// defined is empty, and the order of definitions does not matter. Values are expanded when they are used, so a variable
// that nobody uses can do no harm; one that contains itself is an error.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "support/path_parts.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::symbols {
namespace {

// Doubling (a=${b}${b}, b=${c}${c}, …) takes time and space without end and without a cycle; real files stay far below.
constexpr size_t kLongestValue = 64 * 1024;
constexpr size_t kDeepest = 32;
constexpr int kMostExpansions = 10'000;

bool IsNameChar(char c) { return absl::ascii_isalnum(c) || c == '_' || c == '.' || c == '-'; }

// The next line, with continuations joined and without its comment. "\#" is a plain "#".
std::string NextLine(absl::string_view* text) {
  std::string line;
  bool comment = false;
  while (!text->empty()) {
    const char c = (*text)[0];
    text->remove_prefix(1);
    if (c == '\n') return line;
    if (c == '\r' && (text->empty() || (*text)[0] == '\n')) continue;
    if (c == '\\' && !text->empty()) {
      const char escaped = (*text)[0];
      if (escaped == '\n' || (escaped == '\r' && text->substr(1, 1) == "\n")) {
        text->remove_prefix(escaped == '\r' ? 2 : 1);
        continue;
      }
      if (escaped == '#') {
        text->remove_prefix(1);
        if (!comment) line += '#';
        continue;
      }
    }
    if (c == '#') comment = true;
    if (!comment) line += c;
  }
  return line;
}

// Blanks and quotes in a directory's name would split the words that it is used in.
std::string EscapeWord(absl::string_view text) {
  std::string out;
  for (const char c : text) {
    if (absl::ascii_isspace(c) || c == '\\' || c == '"' || c == '\'') out += '\\';
    out += c;
  }
  return out;
}

class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path) {
    variables_["pcfiledir"] = EscapeWord(support::DirectoryName(path));
  }

  absl::StatusOr<PkgConfigFile> Read(absl::string_view text) {
    absl::flat_hash_map<std::string, std::string> fields;
    while (!text.empty()) {
      const std::string line = NextLine(&text);
      absl::string_view rest = absl::StripAsciiWhitespace(line);
      size_t size = 0;
      while (size < rest.size() && IsNameChar(rest[size])) ++size;
      const std::string name(rest.substr(0, size));
      rest = absl::StripLeadingAsciiWhitespace(rest.substr(size));
      if (name.empty() || rest.empty()) continue;
      const std::string value(absl::StripLeadingAsciiWhitespace(rest.substr(1)));
      if (rest[0] == '=') {
        variables_[name] = value;
      } else if (rest[0] == ':') {
        // A key that stands twice: pkg-config refuses, pkgconf takes both.
        std::string& field = fields[absl::AsciiStrToLower(name)];
        field = field.empty() ? value : absl::StrCat(field, " ", value);
      }
    }

    PkgConfigFile file;
    file.path = path_;
    absl::Status status;
    const auto expanded = [&](absl::string_view key) {
      std::string out;
      const auto found = fields.find(key);
      if (status.ok() && found != fields.end()) status = Expand(found->second, &out);
      return out;
    };
    file.name = expanded("name");
    file.version = expanded("version");
    file.requires_ = Packages(expanded("requires"));
    file.requires_private = Packages(expanded("requires.private"));
    const std::string libs = expanded("libs");
    const std::string libs_private = expanded("libs.private");
    if (!status.ok()) return status;
    if (status = Words(libs, "Libs", &file.libs); !status.ok()) return status;
    if (status = Words(libs_private, "Libs.private", &file.libs_private); !status.ok()) return status;
    return file;
  }

 private:
  absl::Status Error(absl::string_view what) const {
    return absl::InvalidArgumentError(absl::StrCat(path_, ": ", what));
  }

  // Appends `value` to `out` with each ${name} replaced; a name may itself be made of variables. "$$" is a "$".
  absl::Status Expand(absl::string_view value, std::string* out) {
    if (open_.size() > kDeepest) return Error("variables are nested too deeply");
    if (++expansions_ > kMostExpansions) return Error("too many variables are used");
    while (!value.empty()) {
      if (out->size() > kLongestValue) return Error("a value becomes too long");
      if (value.substr(0, 2) == "$$") {
        *out += '$';
        value.remove_prefix(2);
      } else if (value.substr(0, 2) == "${") {
        size_t end = 2;
        for (int depth = 1; end < value.size(); ++end) {
          if (value[end] == '{') ++depth;
          if (value[end] == '}' && --depth == 0) break;
        }
        if (end == value.size()) return Error("${ without an end");
        std::string name;
        open_.push_back({});
        absl::Status status = Expand(value.substr(2, end - 2), &name);
        open_.pop_back();
        if (!status.ok()) return status;
        if (status = ExpandVariable(name, out); !status.ok()) return status;
        value.remove_prefix(end + 1);
      } else {
        const size_t plain = std::max<size_t>(std::min(value.find('$'), value.size()), 1);
        absl::StrAppend(out, value.substr(0, plain));
        value.remove_prefix(plain);
      }
    }
    return absl::OkStatus();
  }

  absl::Status ExpandVariable(const std::string& name, std::string* out) {
    const auto found = variables_.find(name);
    if (found == variables_.end()) return absl::OkStatus();
    for (const std::string& open : open_) {
      if (open == name) return Error(absl::StrCat("variable ", name, " contains itself"));
    }
    open_.push_back(name);
    absl::Status status = Expand(found->second, out);
    open_.pop_back();
    return status;
  }

  // "foo >= 1.2, bar baz" → foo, bar, baz.
  static std::vector<std::string> Packages(absl::string_view text) {
    std::vector<std::string> packages;
    bool version = false;
    while (!text.empty()) {
      const size_t begin = text.find_first_not_of(", \t\r\n\f\v");
      if (begin == absl::string_view::npos) break;
      // A comma ends a condition even where its version is missing.
      if (text.substr(0, begin).find(',') != absl::string_view::npos) version = false;
      text.remove_prefix(begin);
      const size_t operation = std::min(text.find_first_not_of("=<>!"), text.size());
      if (operation != 0) {
        version = true;
        text.remove_prefix(operation);
        continue;
      }
      const size_t end = std::min(text.find_first_of(", \t\r\n\f\v=<>!"), text.size());
      if (!version) packages.emplace_back(text.substr(0, end));
      version = false;
      text.remove_prefix(end);
    }
    return packages;
  }

  // Splits as a shell does. "-L dir" and "-l name" become one word, as pkgconf makes them.
  absl::Status Words(absl::string_view text, absl::string_view field, std::vector<std::string>* words) {
    std::string word;
    bool inside = false;  // a word has begun; '' is one, though empty
    char quote = 0;
    const auto finish = [&] {
      if (!inside) return;
      if (!words->empty() && (words->back() == "-L" || words->back() == "-l")) {
        words->back() += word;
      } else {
        words->push_back(word);
      }
      word.clear();
      inside = false;
    };
    for (size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (quote == 0 && absl::ascii_isspace(c)) {
        finish();
        continue;
      }
      inside = true;
      if (c == quote && quote != 0) {
        quote = 0;
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (c == '\\' && quote != '\'') {
        if (i + 1 == text.size()) return Error(absl::StrCat(field, " ends with a backslash"));
        const char next = text[i + 1];
        // Between double quotes a backslash is itself, but before these (POSIX shell, 2.2.3).
        if (quote == 0 || next == '"' || next == '\\' || next == '$' || next == '`') ++i;
        word += text[i];
      } else {
        word += c;
      }
    }
    if (quote != 0) return Error(absl::StrCat(field, " has a quote without an end"));
    finish();
    return absl::OkStatus();
  }

  const std::string& path_;
  absl::flat_hash_map<std::string, std::string> variables_;
  int expansions_ = 0;
  std::vector<std::string> open_;  // variables that are being expanded; empty: a name made of variables
};

}  // namespace

absl::StatusOr<PkgConfigFile> ParsePkgConfig(absl::string_view text, const std::string& path) {
  return Reader(path).Read(text);
}

}  // namespace cgo_ld_shim::symbols
