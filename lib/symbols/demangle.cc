// Symbols as their authors wrote them. LLVM knows the manglings of C++ (Itanium and Microsoft), Rust (v0) and D; Rust's
// older mangling, which its compiler used by default until 2025, looks like C++ with a hash for a last name and with
// punctuation spelled out:
//   _ZN50_$LT$T$u20$as$u20$core..convert..Into$LT$U$GT$$GT$4into17h0123456789abcdefE → <T as
//   core::convert::Into<U>>::into
#include <algorithm>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "llvm/Demangle/Demangle.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::symbols {
namespace {

// A demangler recurses into its input. No name that a person wants to read is near this.
constexpr size_t kLongest = 16384;

// "::h" and 16 hexadecimal digits: the hash that ends a legacy Rust name.
constexpr size_t kHashSize = 19;

bool EndsInRustHash(absl::string_view name) {
  if (name.size() <= kHashSize) return false;
  absl::string_view hash = name.substr(name.size() - kHashSize);
  if (!absl::StartsWith(hash, "::h")) return false;
  hash.remove_prefix(3);
  return std::all_of(hash.begin(), hash.end(), [](char c) { return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'f'); });
}

struct Escape {
  absl::string_view code;
  char character;
};
constexpr Escape kRustEscapes[] = {
    {"SP", '@'}, {"BP", '*'}, {"RF", '&'}, {"LT", '<'}, {"GT", '>'}, {"LP", '('}, {"RP", ')'}, {"C", ','},
};

// The character that "LT" or "u20" between dollar signs stands for; 0: none.
char Unescape(absl::string_view code) {
  for (const Escape& escape : kRustEscapes) {
    if (code == escape.code) return escape.character;
  }
  if (code.size() != 3 || code[0] != 'u' || !absl::ascii_isxdigit(code[1]) || !absl::ascii_isxdigit(code[2])) return 0;
  const auto digit = [](char c) { return absl::ascii_isdigit(c) ? c - '0' : absl::ascii_tolower(c) - 'a' + 10; };
  const int character = digit(code[1]) * 16 + digit(code[2]);
  return character >= ' ' && character < 0x7f ? static_cast<char>(character) : 0;
}

std::string PlainRust(absl::string_view name) {
  name.remove_suffix(kHashSize);
  std::string out;
  out.reserve(name.size());
  bool element_begins = true;
  while (!name.empty()) {
    // An element that begins with punctuation has an underscore in front, so that it is an identifier.
    if (element_begins && absl::StartsWith(name, "_$")) name.remove_prefix(1);
    element_begins = false;
    if (absl::StartsWith(name, "::")) {
      out += "::";
      name.remove_prefix(2);
      element_begins = true;
      continue;
    }
    if (absl::StartsWith(name, "..")) {
      out += "::";
      name.remove_prefix(2);
      continue;
    }
    if (name[0] == '$') {
      const size_t end = name.find('$', 1);
      const char character = end == absl::string_view::npos ? 0 : Unescape(name.substr(1, end - 1));
      if (character != 0) {
        out += character;
        name.remove_prefix(end + 1);
        continue;
      }
    }
    out += name[0];
    name.remove_prefix(1);
  }
  return out;
}

}  // namespace

std::string Demangle(absl::string_view symbol) {
  // "name@VERSION" and "name@@VERSION" stand so in objects that .symver made.
  const size_t at = symbol.find('@');
  if (at != absl::string_view::npos && at != 0 && symbol[0] != '?') {
    return absl::StrCat(Demangle(symbol.substr(0, at)), symbol.substr(at));
  }
  if (symbol.size() > kLongest) return std::string(symbol);
  std::string plain = llvm::demangle(std::string_view(symbol.data(), symbol.size()));
  if (EndsInRustHash(plain)) return PlainRust(plain);
  return plain;
}

}  // namespace cgo_ld_shim::symbols
