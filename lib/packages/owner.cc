#include "packages/owner.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "packages/copyright.h"
#include "support/file.h"
#include "support/process.h"

namespace cgo_ld_shim::packages {
namespace {

// The first line that a command prints; empty when it fails.
std::string FirstLine(const std::vector<std::string>& argv) {
  const absl::StatusOr<support::ProcessResult> result = support::RunProcess(argv, {.environment = {"LC_ALL=C"}});
  if (!result.ok() || result->exit_status != 0) return "";
  return result->output.substr(0, result->output.find('\n'));
}

std::vector<std::string> Fields(const std::vector<std::string>& argv) { return absl::StrSplit(FirstLine(argv), '\t'); }

// "zlib1g-dev:amd64: /usr/lib/x86_64-linux-gnu/libz.a"
std::string NameOfDpkg(absl::string_view line) { return std::string(line.substr(0, line.find(':'))); }

Package DescribeDpkg(const std::string& name) {
  const std::vector<std::string> fields =
      Fields({"dpkg-query", "-W", "-f", "${Version}\t${Architecture}\t${source:Package}\n", name});
  if (fields.size() < 3 || fields[0].empty()) return {};
  Package package{
      .type = "deb", .name = name, .version = fields[0], .architecture = fields[1], .source = fields[2], .licence = ""};
  const std::string path = absl::StrCat("/usr/share/doc/", name, "/copyright");
  const absl::StatusOr<std::string> text = support::ReadFile(path);
  if (!text.ok()) return package;
  package.copyright = path;
  if (const std::optional<Copyright> copyright = ParseCopyright(*text)) package.licence = LicenceOf(*copyright, {});
  return package;
}

std::string WholeLine(absl::string_view line) { return std::string(line); }

Package DescribeRpm(const std::string& name) {
  const std::vector<std::string> fields =
      Fields({"rpm", "-q", "--qf", "%{EVR}\t%{ARCH}\t%{SOURCERPM}\t%{LICENSE}\n", name});
  if (fields.size() < 4) return {};
  return {.type = "rpm",
          .name = name,
          .version = fields[0],
          .architecture = fields[1],
          .source = fields[2],
          .licence = fields[3]};
}

// apk names an owner with its version: zlib-static-1.3.1-r2. The version begins at the last hyphen but one.
size_t VersionOfApk(absl::string_view owner) {
  const size_t revision = owner.rfind("-r");
  if (revision == absl::string_view::npos || revision == 0) return absl::string_view::npos;
  return owner.rfind('-', revision - 1);
}

std::string NameOfApk(absl::string_view line) {
  const size_t version = VersionOfApk(line);
  return version == 0 ? "" : std::string(line.substr(0, version));
}

// "zlib-static-1.3.1-r2 x86_64 {zlib} (Zlib) [installed]"
Package DescribeApk(const std::string& name) {
  const std::string line = FirstLine({"apk", "list", "-I", name});
  const std::vector<std::string> words = absl::StrSplit(line, ' ');
  const size_t version = VersionOfApk(words[0]);
  if (version == std::string::npos) return {};
  Package package{.type = "apk", .name = name, .version = words[0].substr(version + 1)};
  if (words.size() > 1) package.architecture = words[1];
  const size_t open = line.find(" ("), close = line.find(") ");
  if (open != std::string::npos && close != std::string::npos && close > open)
    package.licence = line.substr(open + 2, close - open - 2);
  return package;
}

// "Version         : 1:1.3.1-2", a field a line.
Package DescribePacman(const std::string& name) {
  const absl::StatusOr<support::ProcessResult> result =
      support::RunProcess({"pacman", "-Qi", name}, {.environment = {"LC_ALL=C"}});
  if (!result.ok() || result->exit_status != 0) return {};
  Package package{.type = "alpm", .name = name};
  for (absl::string_view line : absl::StrSplit(result->output, '\n')) {
    const std::pair<absl::string_view, absl::string_view> field = absl::StrSplit(line, absl::MaxSplits(" : ", 1));
    const absl::string_view key = absl::StripAsciiWhitespace(field.first);
    const std::string value(absl::StripAsciiWhitespace(field.second));
    if (key == "Version") package.version = value;
    if (key == "Architecture") package.architecture = value;
    if (key == "Licenses") package.licence = value;
  }
  return package;
}

// How to ask a package manager for the owner of a file, what of the first line of its answer is the package's name, and
// what else it knows.
struct Row {
  const char* program;
  std::vector<std::string> query;  // the file's path follows
  std::string (*name)(absl::string_view line);
  Package (*describe)(const std::string& name);
};
const std::vector<Row>& Rows() {
  static const auto* rows = new std::vector<Row>{
      {"dpkg-query", {"dpkg-query", "-S"}, NameOfDpkg, DescribeDpkg},
      {"rpm", {"rpm", "-qf", "--qf", "%{NAME}\n"}, WholeLine, DescribeRpm},
      {"apk", {"apk", "info", "-q", "-W"}, NameOfApk, DescribeApk},
      {"pacman", {"pacman", "-Qoq"}, WholeLine, DescribePacman},
  };
  return *rows;
}

// Homebrew keeps a package in …/Cellar/NAME/VERSION, with links to it elsewhere.
Package OwnerInCellar(const std::string& real_path) {
  const std::vector<std::string> parts = absl::StrSplit(real_path, '/');
  const auto cellar = std::find(parts.begin(), parts.end(), "Cellar");
  if (parts.end() - cellar < 4) return {};
  return {.type = "brew", .name = cellar[1], .version = cellar[2]};
}

struct Found {
  std::string name;
  const Row* row;
};
std::optional<Found> Find(const std::string& path, const std::string& real_path) {
  // Debian's records name the file where the package put it, which may be either side of the /lib → /usr/lib link.
  std::vector<std::string> names = {path};
  for (const std::string& name : {real_path, std::string(absl::StripPrefix(real_path, "/usr"))}) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  for (const Row& row : Rows()) {
    if (!support::FindProgram(row.program)) continue;
    for (const std::string& name : names) {
      std::vector<std::string> argv = row.query;
      argv.push_back(name);
      std::string owner = row.name(FirstLine(argv));
      if (!owner.empty()) return Found{std::move(owner), &row};
    }
  }
  return std::nullopt;
}

}  // namespace

std::string OwnerOf(const std::string& path) {
  const std::string real = support::RealPath(path);
  if (Package package = OwnerInCellar(real); !package.name.empty()) return package.name;
  const std::optional<Found> found = Find(path, real);
  return found ? found->name : "";
}

Package DescribeOwner(const std::string& path) {
  const std::string real = support::RealPath(path);
  if (Package package = OwnerInCellar(real); !package.name.empty()) return package;
  const std::optional<Found> found = Find(path, real);
  return found ? found->row->describe(found->name) : Package{};
}

std::vector<std::string> FilesOfDebianPackage(const std::string& name) {
  const absl::StatusOr<support::ProcessResult> list =
      support::RunProcess({"dpkg-query", "-L", name}, {.environment = {"LC_ALL=C"}});
  if (!list.ok() || list->exit_status != 0) return {};
  return absl::StrSplit(list->output, '\n', absl::SkipEmpty());
}

std::string DebianState() {
  const std::optional<support::FileIdentity> status = support::Identify("/var/lib/dpkg/status");
  return status ? absl::StrCat(status->size, ",", status->mtime_ns) : "";
}

std::vector<std::string> LicenceFiles(const Package& package) {
  std::vector<std::string> files;
  if (package.type == "deb" && !package.copyright.empty()) {
    files.push_back(package.copyright);
    static constexpr std::string_view kCommon = "/usr/share/common-licenses/";
    const std::string text = support::ReadFile(package.copyright).value_or("");
    for (size_t at = text.find(kCommon); at != std::string::npos; at = text.find(kCommon, at + 1)) {
      size_t end = at + kCommon.size();
      while (end < text.size() &&
             (absl::ascii_isalnum(static_cast<unsigned char>(text[end])) || text[end] == '-' || text[end] == '.'))
        ++end;
      // A full stop may end the sentence.
      const std::string file(absl::StripSuffix(text.substr(at, end - at), "."));
      if (std::find(files.begin(), files.end(), file) == files.end() && support::IsRegularFile(file))
        files.push_back(file);
    }
  } else if (package.type == "rpm") {
    const absl::StatusOr<support::ProcessResult> list =
        support::RunProcess({"rpm", "-q", "--licensefiles", package.name}, {.environment = {"LC_ALL=C"}});
    if (list.ok() && list->exit_status == 0) files = absl::StrSplit(list->output, '\n', absl::SkipEmpty());
  } else if (package.type == "alpm") {
    const std::string directory = absl::StrCat("/usr/share/licenses/", package.name);
    for (const std::string& name : support::ListDirectory(directory))
      files.push_back(absl::StrCat(directory, "/", name));
  }
  std::erase_if(files, [](const std::string& file) { return !absl::StartsWith(file, "/"); });
  return files;
}

}  // namespace cgo_ld_shim::packages
