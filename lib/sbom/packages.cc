// Which package a library is of: the owner is found as for diagnoses, its version and licence are asked of the package
// manager that knows it.
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "diagnose/diagnose.h"
#include "sbom/sbom.h"
#include "support/file.h"
#include "support/process.h"

namespace cgo_ld_shim::sbom {
namespace {

// The first line that a command prints, split at tabs; empty when it fails.
std::vector<std::string> FirstLine(const std::vector<std::string>& argv) {
  const absl::StatusOr<support::ProcessResult> result = support::RunProcess(argv, {.environment = {"LC_ALL=C"}});
  if (!result.ok() || result->exit_status != 0) return {};
  const absl::string_view line = absl::string_view(result->output).substr(0, result->output.find('\n'));
  return absl::StrSplit(line, '\t');
}

bool FromDpkg(const std::string& name, Package* package) {
  const std::vector<std::string> fields =
      FirstLine({"dpkg-query", "-W", "-f", "${Version}\t${Architecture}\t${source:Package}\n", name});
  if (fields.size() < 3 || fields[0].empty()) return false;
  *package = {.type = "deb", .name = name, .version = fields[0], .architecture = fields[1], .source = fields[2]};
  const absl::StatusOr<std::string> copyright = support::ReadFile(absl::StrCat("/usr/share/doc/", name, "/copyright"));
  if (copyright.ok()) package->licence = DebianLicence(*copyright);
  return true;
}

bool FromRpm(const std::string& name, Package* package) {
  const std::vector<std::string> fields =
      FirstLine({"rpm", "-q", "--qf", "%{EVR}\t%{ARCH}\t%{SOURCERPM}\t%{LICENSE}\n", name});
  if (fields.size() < 4) return false;
  *package = {.type = "rpm",
              .name = name,
              .version = fields[0],
              .architecture = fields[1],
              .source = fields[2],
              .licence = fields[3]};
  return true;
}

// apk names an owner with its version: zlib-static-1.3.1-r2.
bool FromApk(const std::string& owner, Package* package) {
  const size_t revision = owner.rfind("-r");
  const size_t version =
      revision == std::string::npos || revision == 0 ? std::string::npos : owner.rfind('-', revision - 1);
  if (version == std::string::npos || version == 0) return false;
  *package = {.type = "apk", .name = owner.substr(0, version), .version = owner.substr(version + 1)};
  // "zlib-static-1.3.1-r2 x86_64 {zlib} (Zlib) [installed]"
  const std::vector<std::string> fields = FirstLine({"apk", "list", "-I", package->name});
  if (fields.empty()) return true;
  const std::vector<absl::string_view> words = absl::StrSplit(fields[0], ' ');
  if (words.size() > 1) package->architecture = std::string(words[1]);
  const size_t open = fields[0].find(" ("), close = fields[0].find(") ");
  if (open != std::string::npos && close != std::string::npos && close > open)
    package->licence = fields[0].substr(open + 2, close - open - 2);
  return true;
}

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

Package PackageOf(const std::string& path) {
  Package package;
  const std::string owner = diagnose::OwnerPackage(path);
  if (owner.empty()) return package;
  if (FromDpkg(owner, &package) || FromRpm(owner, &package) || FromApk(owner, &package)) return package;
  return {};
}

std::string Distribution() {
  const absl::StatusOr<std::string> text = support::ReadFile("/etc/os-release");
  if (!text.ok()) return "";
  for (absl::string_view line : absl::StrSplit(*text, '\n')) {
    if (absl::ConsumePrefix(&line, "ID=")) return std::string(absl::StripSuffix(absl::StripPrefix(line, "\""), "\""));
  }
  return "";
}

std::string PackageUrl(const Package& package, absl::string_view distribution) {
  if (package.type.empty() || package.name.empty()) return "";
  std::string url = absl::StrCat("pkg:", package.type, "/");
  if (!distribution.empty()) absl::StrAppend(&url, Encoded(distribution), "/");
  absl::StrAppend(&url, Encoded(package.name));
  if (!package.version.empty()) absl::StrAppend(&url, "@", Encoded(package.version));
  if (!package.architecture.empty()) absl::StrAppend(&url, "?arch=", Encoded(package.architecture));
  return url;
}

}  // namespace cgo_ld_shim::sbom
