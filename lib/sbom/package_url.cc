// A package's name in the form that scanners read (github.com/package-url/purl-spec).
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "packages/owner.h"
#include "sbom/sbom.h"

namespace cgo_ld_shim::sbom {
namespace {

// The parts of a package URL are percent-encoded but for a few signs (purl specification).
std::string Encoded(absl::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || absl::StrContains(".-_~", absl::string_view(&c, 1))) {
      encoded += c;
    } else {
      absl::StrAppendFormat(&encoded, "%%%02X", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

}  // namespace

std::string PackageUrl(const packages::Package& package, absl::string_view distribution, absl::string_view version) {
  if (package.type.empty() || package.name.empty()) return "";
  std::string url = absl::StrCat("pkg:", package.type, "/");
  // Homebrew is the same on every distribution, and what zig brings is of none.
  const bool of_distribution = !distribution.empty() && package.type != "brew" && package.type != kGenericPackage;
  if (of_distribution) absl::StrAppend(&url, Encoded(distribution), "/");
  absl::StrAppend(&url, Encoded(package.name));
  if (!package.version.empty()) absl::StrAppend(&url, "@", Encoded(package.version));
  std::string qualifiers;
  if (!package.architecture.empty()) absl::StrAppend(&qualifiers, "&arch=", Encoded(package.architecture));
  if (of_distribution && !version.empty())
    absl::StrAppend(&qualifiers, "&distro=", Encoded(absl::StrCat(distribution, "-", version)));
  if (!qualifiers.empty()) absl::StrAppend(&url, "?", qualifiers.substr(1));
  return url;
}

}  // namespace cgo_ld_shim::sbom
