#include "support/printable.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Unicode.h"

namespace cgo_ld_shim::support {
namespace {

bool IsPlain(char c) { return (c >= ' ' && c <= '~') || c == '\n' || c == '\t'; }

// The bytes of the character at the start of `text` that can be shown; 0: it cannot.
size_t PrintableSize(absl::string_view text) {
  if (IsPlain(text[0])) return 1;
  const auto* at = reinterpret_cast<const llvm::UTF8*>(text.data());
  const auto* const begin = at;
  llvm::UTF32 character = 0;
  if (llvm::convertUTF8Sequence(&at, begin + text.size(), &character, llvm::strictConversion) != llvm::conversionOK)
    return 0;
  return llvm::sys::unicode::isPrintable(static_cast<int>(character)) ? static_cast<size_t>(at - begin) : 0;
}

void AppendEscaped(char c, std::string* result) {
  absl::StrAppendFormat(result, "\\x%02x", static_cast<unsigned char>(c));
}

std::string Escaped(absl::string_view text, bool is_name) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const size_t size = is_name && (text[0] == '\n' || text[0] == '\t') ? 0 : PrintableSize(text);
    if (size == 0) {
      AppendEscaped(text[0], &result);
    } else {
      result.append(text.data(), size);
    }
    text.remove_prefix(std::max<size_t>(size, 1));
  }
  return result;
}

// Behind blanks and colours, which readers of logs pass over.
size_t CommandStart(absl::string_view line) {
  size_t at = 0;
  while (at < line.size() && (line[at] == ' ' || line[at] == '\t')) ++at;
  if (absl::StartsWith(line.substr(at), "\x1b[")) {
    const size_t end = line.find('m', at);
    if (end != absl::string_view::npos) return at + CommandStart(line.substr(end + 1)) + end + 1 - at;
  }
  return at;
}

}  // namespace

std::string Printable(absl::string_view text) {
  return WithoutCommands(std::all_of(text.begin(), text.end(), IsPlain) ? std::string(text)
                                                                        : Escaped(text, /*is_name=*/false));
}

std::string PrintableName(absl::string_view name) { return Escaped(name, /*is_name=*/true); }

std::string WithoutCommands(absl::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const absl::string_view line =
        text.substr(0, text.find('\n') == absl::string_view::npos ? text.size() : text.find('\n') + 1);
    const size_t start = CommandStart(line);
    const absl::string_view command = line.substr(start);
    if (absl::StartsWith(command, "::") || absl::StartsWith(command, "##[")) {
      result.append(line.data(), start);
      AppendEscaped(command[0], &result);
      result.append(command.data() + 1, command.size() - 1);
    } else {
      result.append(line.data(), line.size());
    }
    text.remove_prefix(line.size());
  }
  return result;
}

std::string Utf8(absl::string_view text) {
  const llvm::StringRef raw(text.data(), text.size());
  return llvm::json::isUTF8(raw) ? raw.str() : llvm::json::fixUTF8(raw);
}

}  // namespace cgo_ld_shim::support
