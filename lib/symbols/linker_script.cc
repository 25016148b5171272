// Reads the linker scripts that stand in for libraries.
//
//   /* GNU ld script */
//   OUTPUT_FORMAT(elf64-x86-64)
//   GROUP ( /lib/x86_64-linux-gnu/libc.so.6 /usr/lib/x86_64-linux-gnu/libc_nonshared.a AS_NEEDED ( ld-linux.so.2 ) )
//
// The language is much larger (GNU ld manual, "Linker Scripts"); what goes beyond naming files changes the layout of
// the output, and a file that does that is not a library. Such a command is refused by name, never skipped: half of a
// script obeyed would be worse than none. Words may be quoted, and are separated by blanks, commas and semicolons.
#include <algorithm>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::symbols {
namespace {

struct Token {
  enum Kind { kWord, kOpen, kClose, kOther, kEnd } kind = kEnd;
  absl::string_view text;
  int line = 1;
};

class Parser {
 public:
  explicit Parser(absl::string_view text) : rest_(text) {}

  absl::StatusOr<LinkerScript> Parse() {
    while (true) {
      Token command;
      if (absl::Status status = Next(&command); !status.ok()) return status;
      if (command.kind == Token::kEnd) return std::move(script_);
      if (command.kind != Token::kWord) return Error(command, absl::StrCat("unexpected \"", command.text, "\""));
      absl::Status status;
      if (command.text == "INPUT") {
        status = Files(command, /*group=*/-1);
      } else if (command.text == "GROUP") {
        status = Files(command, groups_++);
      } else if (command.text == "SEARCH_DIR") {
        status = Words(command, [this](absl::string_view word, bool first) {
          if (first) script_.search_dirs.emplace_back(word);
        });
      } else if (command.text == "OUTPUT_FORMAT") {
        // With three words: the default, and what -EB and -EL choose.
        status = Words(command, [this](absl::string_view word, bool first) {
          if (first) script_.output_format = std::string(word);
        });
      } else if (command.text == "OUTPUT_ARCH" || command.text == "TARGET") {
        status = Words(command, [](absl::string_view, bool) {});
      } else {
        const bool sets = absl::StartsWith(absl::StripLeadingAsciiWhitespace(rest_), "=");
        status =
            absl::UnimplementedError(absl::StrCat("linker script, line ", command.line, ": ", command.text,
                                                  sets ? " = …" : "", " is more than a list of files and libraries"));
      }
      if (!status.ok()) return status;
    }
  }

 private:
  static absl::Status Error(const Token& token, absl::string_view what) {
    return absl::InvalidArgumentError(absl::StrCat("linker script, line ", token.line, ": ", what));
  }

  // Commas and semicolons separate words and mean nothing else here.
  absl::Status Next(Token* token) {
    while (!rest_.empty()) {
      if (absl::ascii_isspace(rest_[0]) || rest_[0] == ',' || rest_[0] == ';') {
        Take(1);
      } else if (rest_.substr(0, 2) == "/*") {
        const size_t end = rest_.find("*/", 2);
        if (end == absl::string_view::npos) return Unfinished("comment");
        Take(end + 2);
      } else if (rest_[0] == '#') {
        Take(std::min(rest_.find('\n'), rest_.size()));
      } else {
        break;
      }
    }
    token->line = line_;
    if (rest_.empty()) {
      token->kind = Token::kEnd;
      token->text = "end of file";
      return absl::OkStatus();
    }
    if (rest_[0] == '"') {
      const size_t end = rest_.find('"', 1);
      if (end == absl::string_view::npos) return Unfinished("quoted name");
      token->kind = Token::kWord;
      token->text = Take(end + 1).substr(1, end - 1);
      return absl::OkStatus();
    }
    const size_t end = rest_.find_first_of(" \t\r\n\f\v,;(){}\"");
    if (end == 0) {
      token->kind = rest_[0] == '(' ? Token::kOpen : rest_[0] == ')' ? Token::kClose : Token::kOther;
      token->text = Take(1);
      return absl::OkStatus();
    }
    token->kind = Token::kWord;
    token->text = Take(std::min(end, rest_.size()));
    return absl::OkStatus();
  }

  absl::string_view Take(size_t size) {
    const absl::string_view taken = rest_.substr(0, size);
    for (const char c : taken) line_ += c == '\n';
    rest_.remove_prefix(size);
    return taken;
  }

  absl::Status Unfinished(absl::string_view what) const {
    return absl::DataLossError(absl::StrCat("linker script, line ", line_, ": ", what, " without an end"));
  }

  absl::Status Open(const Token& command) {
    Token open;
    if (absl::Status status = Next(&open); !status.ok()) return status;
    if (open.kind == Token::kOpen) return absl::OkStatus();
    return Error(open, absl::StrCat(command.text, " is followed by \"", open.text, "\", not by ("));
  }

  // take(word, whether it is the first) for each word between parentheses.
  template <typename Take>
  absl::Status Words(const Token& command, Take take) {
    if (absl::Status status = Open(command); !status.ok()) return status;
    for (bool first = true;; first = false) {
      Token token;
      if (absl::Status status = Next(&token); !status.ok()) return status;
      if (token.kind == Token::kClose) return absl::OkStatus();
      if (token.kind == Token::kEnd) return Unfinished(command.text);
      if (token.kind != Token::kWord) return Error(token, absl::StrCat("\"", token.text, "\" inside ", command.text));
      take(token.text, first);
    }
  }

  // The files of INPUT or GROUP, some of them inside AS_NEEDED.
  absl::Status Files(const Token& command, int group) {
    if (absl::Status status = Open(command); !status.ok()) return status;
    while (true) {
      Token token;
      if (absl::Status status = Next(&token); !status.ok()) return status;
      if (token.kind == Token::kClose) return absl::OkStatus();
      if (token.kind == Token::kEnd) return Unfinished(command.text);
      if (token.kind != Token::kWord) return Error(token, absl::StrCat("\"", token.text, "\" inside ", command.text));
      if (token.text == "AS_NEEDED") {
        absl::Status status = Words(token, [this, group](absl::string_view word, bool) { Add(word, true, group); });
        if (!status.ok()) return status;
      } else {
        Add(token.text, false, group);
      }
    }
  }

  void Add(absl::string_view name, bool as_needed, int group) {
    ScriptItem& item = script_.items.emplace_back();
    item.name = std::string(name);
    item.as_needed = as_needed;
    item.group = group;
  }

  absl::string_view rest_;
  int line_ = 1;
  int groups_ = 0;
  LinkerScript script_;
};

}  // namespace

absl::StatusOr<LinkerScript> ParseLinkerScript(absl::string_view text) { return Parser(text).Parse(); }

}  // namespace cgo_ld_shim::symbols
