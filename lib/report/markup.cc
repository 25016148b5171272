#include "report/markup.h"

#include "llvm/Support/JSON.h"

namespace cgo_ld_shim::report {

std::string Escape(absl::string_view text) {
  const llvm::StringRef raw(text.data(), text.size());
  const std::string utf8 = llvm::json::isUTF8(raw) ? std::string(text) : llvm::json::fixUTF8(raw);
  std::string out;
  for (const char c : utf8) {
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
