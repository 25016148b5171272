// Licences in the words of distributions, and in those of SPDX: Debian's short names are SPDX's with a few exceptions,
// which are rows below.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "sbom/sbom.h"

namespace cgo_ld_shim::sbom {
namespace {

struct LicenceRow {
  absl::string_view words, spdx;  // lower case; SPDX's identifier
};
// What is an SPDX identifier already is a row as well: an unknown word must not become one.
constexpr LicenceRow kLicences[] = {
    {"0bsd", "0BSD"},
    {"apache-2.0", "Apache-2.0"},
    {"apache-2.0 with llvm-exception", "Apache-2.0 WITH LLVM-exception"},
    {"asl 2.0", "Apache-2.0"},
    {"artistic", "Artistic-1.0-Perl"},
    {"artistic-2.0", "Artistic-2.0"},
    {"bsd-2-clause", "BSD-2-Clause"},
    {"bsd-3-clause", "BSD-3-Clause"},
    {"bsd-4-clause", "BSD-4-Clause"},
    {"bsl-1.0", "BSL-1.0"},
    {"boost-1.0", "BSL-1.0"},
    {"cc0-1.0", "CC0-1.0"},
    {"curl", "curl"},
    {"expat", "MIT"},
    {"mit", "MIT"},
    {"gpl-1+", "GPL-1.0-or-later"},
    {"gpl-2", "GPL-2.0-only"},
    {"gpl-2.0", "GPL-2.0-only"},
    {"gpl-2+", "GPL-2.0-or-later"},
    {"gpl-2.0+", "GPL-2.0-or-later"},
    {"gpl-2.0-only", "GPL-2.0-only"},
    {"gpl-2.0-or-later", "GPL-2.0-or-later"},
    {"gplv2", "GPL-2.0-only"},
    {"gplv2+", "GPL-2.0-or-later"},
    {"gpl-3", "GPL-3.0-only"},
    {"gpl-3+", "GPL-3.0-or-later"},
    {"gpl-3.0+", "GPL-3.0-or-later"},
    {"gpl-3.0-only", "GPL-3.0-only"},
    {"gpl-3.0-or-later", "GPL-3.0-or-later"},
    {"gpl-3.0-or-later with gcc-exception-3.1", "GPL-3.0-or-later WITH GCC-exception-3.1"},
    {"gplv3+", "GPL-3.0-or-later"},
    {"isc", "ISC"},
    {"lgpl-2+", "LGPL-2.0-or-later"},
    {"lgpl-2.0-or-later", "LGPL-2.0-or-later"},
    {"lgpl-2.1", "LGPL-2.1-only"},
    {"lgpl-2.1+", "LGPL-2.1-or-later"},
    {"lgpl-2.1-only", "LGPL-2.1-only"},
    {"lgpl-2.1-or-later", "LGPL-2.1-or-later"},
    {"lgplv2+", "LGPL-2.0-or-later"},
    {"lgpl-3", "LGPL-3.0-only"},
    {"lgpl-3+", "LGPL-3.0-or-later"},
    {"lgpl-3.0-or-later", "LGPL-3.0-or-later"},
    {"mpl-1.1", "MPL-1.1"},
    {"mpl-2.0", "MPL-2.0"},
    {"ncsa", "NCSA"},
    {"openssl", "OpenSSL"},
    {"postgresql", "PostgreSQL"},
    {"python-2.0", "Python-2.0"},
    {"unicode-dfs-2016", "Unicode-DFS-2016"},
    {"unlicense", "Unlicense"},
    {"x11", "X11"},
    {"zlib", "Zlib"},
};

std::string Identifier(absl::string_view word) {
  const std::string lower = absl::AsciiStrToLower(absl::StripAsciiWhitespace(word));
  for (const LicenceRow& row : kLicences) {
    if (row.words == lower) return std::string(row.spdx);
  }
  return "";
}

// "GPL-2+ or Expat", "(A or B) and C": each name must be known, and on one level only one kind of word may join them,
// because distributions do not agree on which of the two binds first.
class Reader {
 public:
  explicit Reader(absl::string_view words) : rest_(words) {}

  // Empty: it cannot be said so.
  std::string Read() {
    const std::string expression = Level();
    return rest_.empty() ? expression : "";
  }

 private:
  // Up to the end or a closing parenthesis.
  std::string Level() {
    std::string expression, joint;
    while (true) {
      const std::string term = Term();
      if (term.empty()) return "";
      expression += term;
      if (rest_.empty() || rest_[0] == ')') return expression;
      const char* next = TakeJoint();
      if (next == nullptr || (!joint.empty() && joint != next)) return "";
      joint = next;
      expression += joint;
    }
  }

  std::string Term() {
    if (Take("(")) {
      const std::string inner = Level();
      if (inner.empty() || !Take(")")) return "";
      return absl::StrContains(inner, " OR ") || absl::StrContains(inner, " AND ") ? absl::StrCat("(", inner, ")")
                                                                                   : inner;
    }
    size_t end = rest_.find_first_of("()");
    for (const char* joint : {" or ", " and "}) end = std::min(end, rest_.find(joint));
    const absl::string_view word = rest_.substr(0, end);
    rest_.remove_prefix(word.size());
    return Identifier(word);
  }

  const char* TakeJoint() { return Take(" or ") ? " OR " : Take(" and ") ? " AND " : nullptr; }

  bool Take(absl::string_view text) { return absl::ConsumePrefix(&rest_, text); }

  absl::string_view rest_;
};

}  // namespace

std::string SpdxLicence(absl::string_view words) {
  const std::string lower = absl::AsciiStrToLower(absl::StripAsciiWhitespace(words));
  return Reader(lower).Read();
}

}  // namespace cgo_ld_shim::sbom
