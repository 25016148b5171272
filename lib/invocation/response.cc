// Response files: what @FILE on a command line stands for.
//
// Two quotings are met. cmd/link writes one strconv.Quote word a line (passLongArgsInResponseFile); everything else
// (make, CMake, a user) writes what gcc reads: libiberty's buildargv. They agree about most words, but `"a\tb"` is a
// tab to Go and the letter t to gcc, so a file is read as Go's only when each of its lines is a whole Go-quoted word.
#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "invocation/invocation.h"
#include "support/file.h"

namespace cgo_ld_shim::invocation {
namespace {

// As gcc: a line that names more files than this is a mistake (libiberty's expandargv).
constexpr int kMaxResponseFiles = 2000;

void AppendUtf8(uint32_t rune, std::string* out) {
  if (rune < 0x80) {
    out->push_back(static_cast<char>(rune));
  } else if (rune < 0x800) {
    out->push_back(static_cast<char>(0xC0 | rune >> 6));
    out->push_back(static_cast<char>(0x80 | (rune & 0x3F)));
  } else if (rune < 0x10000) {
    out->push_back(static_cast<char>(0xE0 | rune >> 12));
    out->push_back(static_cast<char>(0x80 | (rune >> 6 & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (rune & 0x3F)));
  } else {
    out->push_back(static_cast<char>(0xF0 | rune >> 18));
    out->push_back(static_cast<char>(0x80 | (rune >> 12 & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (rune >> 6 & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (rune & 0x3F)));
  }
}

// The next `digits` hexadecimal digits of `*text`, taken off it.
std::optional<uint32_t> TakeHex(absl::string_view* text, size_t digits) {
  if (text->size() < digits) return std::nullopt;
  uint32_t value = 0;
  for (char c : text->substr(0, digits)) {
    if (!absl::ascii_isxdigit(static_cast<unsigned char>(c))) return std::nullopt;
    value = value * 16 + (absl::ascii_isdigit(static_cast<unsigned char>(c)) ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  text->remove_prefix(digits);
  return value;
}

// What strconv.Quote made `line` of, or nothing when it is no such line.
std::optional<std::string> UnquoteGo(absl::string_view line) {
  if (line.size() < 2 || line.front() != '"' || line.back() != '"') return std::nullopt;
  line = line.substr(1, line.size() - 2);
  static constexpr char kEscapes[] = "a\ab\bf\fn\nr\rt\tv\v\\\\\"\"";
  std::string word;
  while (!line.empty()) {
    const char c = line.front();
    line.remove_prefix(1);
    if (c == '"') return std::nullopt;
    if (c != '\\') {
      word.push_back(c);
      continue;
    }
    if (line.empty()) return std::nullopt;
    const char escape = line.front();
    line.remove_prefix(1);
    if (escape == 'x') {
      const std::optional<uint32_t> byte = TakeHex(&line, 2);
      if (!byte) return std::nullopt;
      word.push_back(static_cast<char>(*byte));
    } else if (escape == 'u' || escape == 'U') {
      const std::optional<uint32_t> rune = TakeHex(&line, escape == 'u' ? 4 : 8);
      if (!rune || *rune > 0x10FFFF) return std::nullopt;
      AppendUtf8(*rune, &word);
    } else {
      size_t at = 0;
      while (kEscapes[at] != '\0' && kEscapes[at] != escape) at += 2;
      if (kEscapes[at] == '\0') return std::nullopt;
      word.push_back(kEscapes[at + 1]);
    }
  }
  return word;
}

std::optional<std::vector<std::string>> ParseAsGo(absl::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    std::optional<std::string> word = UnquoteGo(text.substr(0, end));
    if (!word) return std::nullopt;
    words.push_back(*std::move(word));
    if (end == absl::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return words;
}

// libiberty's buildargv as of GCC 12: a backslash quotes the next character everywhere, also inside both kinds of
// quotes.
absl::StatusOr<std::vector<std::string>> ParseAsGcc(absl::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote == 0 && absl::ascii_isspace(static_cast<unsigned char>(c))) {
      if (in_word) words.push_back(std::exchange(word, std::string()));
      in_word = false;
      continue;
    }
    in_word = true;
    if (c == '\\') {
      if (i + 1 < text.size()) word.push_back(text[++i]);
    } else if (quote != 0) {
      if (c == quote) {
        quote = 0;
      } else {
        word.push_back(c);
      }
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else {
      word.push_back(c);
    }
  }
  if (quote != 0) {
    return absl::InvalidArgumentError(absl::StrCat("nothing closes the quote ", std::string(1, quote), " before \"",
                                                   absl::CHexEscape(word.substr(0, 40)), "\""));
  }
  if (in_word) words.push_back(std::move(word));
  return words;
}

// Expands one command line; `open` holds the files that are being read, outermost first.
class Expander {
 public:
  explicit Expander(absl::string_view cwd) : cwd_(cwd) {}

  absl::Status Expand(const std::vector<std::string>& words, std::vector<std::string>* out) {
    for (const std::string& word : words) {
      if (word.size() < 2 || word[0] != '@') {
        out->push_back(word);
        continue;
      }
      const absl::string_view name = absl::string_view(word).substr(1);
      const std::string path = support::Absolute(name, cwd_);
      if (std::find(open_.begin(), open_.end(), path) != open_.end()) {
        return absl::InvalidArgumentError(absl::StrCat("response file ", name, " includes itself"));
      }
      if (++files_ > kMaxResponseFiles) {
        return absl::InvalidArgumentError(
            absl::StrCat("more than ", kMaxResponseFiles, " response files, the last one ", name));
      }
      absl::StatusOr<std::string> text = support::ReadFile(path);
      if (!text.ok()) {
        // As gcc: @name inside a file is a word like any other when there is no such file.
        // A pipe (bash's @<(...)) can be read once, and by the compiler: such a call is nothing of Go's.
        if (!open_.empty() || absl::IsFailedPrecondition(text.status())) {
          out->push_back(word);
          continue;
        }
        return absl::Status(text.status().code(), absl::StrCat("response file ", name, ": ", text.status().message()));
      }
      absl::StatusOr<std::vector<std::string>> inner = ParseResponseText(*text);
      if (!inner.ok()) {
        return absl::Status(inner.status().code(),
                            absl::StrCat("response file ", name, ": ", inner.status().message()));
      }
      open_.push_back(path);
      absl::Status status = Expand(*inner, out);
      open_.pop_back();
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

 private:
  const std::string cwd_;
  std::vector<std::string> open_;
  int files_ = 0;
};

}  // namespace

absl::StatusOr<std::vector<std::string>> ParseResponseText(absl::string_view text) {
  std::optional<std::vector<std::string>> as_go = ParseAsGo(text);
  absl::StatusOr<std::vector<std::string>> words = as_go ? *std::move(as_go) : ParseAsGcc(text);
  if (!words.ok()) return words;
  for (const std::string& word : *words) {
    // No program can be given such a word; gcc would silently stop reading there.
    if (word.find('\0') != std::string::npos) return absl::InvalidArgumentError("holds a NUL byte");
  }
  return words;
}

absl::StatusOr<std::vector<std::string>> ExpandResponseFiles(const std::vector<std::string>& args,
                                                             absl::string_view cwd) {
  std::vector<std::string> expanded;
  absl::Status status = Expander(cwd).Expand(args, &expanded);
  if (!status.ok()) return status;
  return expanded;
}

}  // namespace cgo_ld_shim::invocation
