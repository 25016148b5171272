// Licences in the words of distributions, and in those of SPDX: Debian's short names are SPDX's with a few exceptions,
// which are rows below.
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
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
    {"gplv3+", "GPL-3.0-or-later"},
    {"isc", "ISC"},
    {"lgpl-2+", "LGPL-2.0-or-later"},
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

}  // namespace

std::string SpdxLicence(absl::string_view words) {
  // "GPL-2+ or Expat", "BSD-3-clause and MIT": each name must be known, and only one kind of word may join them,
  // because distributions do not agree on which of the two binds first.
  for (const char* joint : {" or ", " and "}) {
    const std::string lower = absl::AsciiStrToLower(words);
    if (!absl::StrContains(lower, joint)) continue;
    const char* other = joint[1] == 'o' ? " and " : " or ";
    if (absl::StrContains(lower, other) || absl::StrContains(lower, "(") || absl::StrContains(lower, ",")) return "";
    std::string expression;
    for (absl::string_view word : absl::StrSplit(lower, joint)) {
      const std::string identifier = Identifier(word);
      if (identifier.empty()) return "";
      absl::StrAppend(&expression, expression.empty() ? "" : absl::AsciiStrToUpper(joint), identifier);
    }
    return expression;
  }
  return Identifier(words);
}

}  // namespace cgo_ld_shim::sbom
