#include "report/markup.h"

#include "support/printable.h"

namespace cgo_ld_shim::report {

namespace {

// The letters that turn text round, behind which a name looks like another (U+202A to U+202E, U+2066 to U+2069); and
// U+FFFE and U+FFFF, which XML does not allow. All of them have three bytes.
bool IsRefused(absl::string_view letter) {
  if (letter.size() < 3) return false;
  const unsigned char last = static_cast<unsigned char>(letter[2]);
  if (letter.substr(0, 2) == "\xe2\x80") return last >= 0xaa && last <= 0xae;
  if (letter.substr(0, 2) == "\xe2\x81") return last >= 0xa6 && last <= 0xa9;
  return letter.substr(0, 2) == "\xef\xbf" && last >= 0xbe;
}

}  // namespace

std::string Escape(absl::string_view text) {
  const std::string utf8 = support::Utf8(text);
  std::string out;
  for (size_t i = 0; i < utf8.size(); ++i) {
    const char c = utf8[i];
    if (IsRefused(absl::string_view(utf8).substr(i, 3))) {
      out += "\xef\xbf\xbd";
      i += 2;
      continue;
    }
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? '?' : c;
    }
  }
  return out;
}

}  // namespace cgo_ld_shim::report
