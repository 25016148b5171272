#include "rescue/headers.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "llvm/Support/xxhash.h"
#include "packages/owner.h"
#include "rescue/rescues.h"
#include "support/file.h"
#include "support/path_parts.h"
#include "target/target.h"

namespace cgo_ld_shim::rescue {
namespace {

constexpr absl::string_view kInclude = "/usr/include/";

std::string Hash(absl::string_view text) {
  return absl::StrFormat("%016x", llvm::xxh3_64bits(llvm::StringRef(text.data(), text.size())));
}

// The directory that holds all of these; empty: there is none that is ours.
std::string Place() {
  const std::optional<std::string> cache = support::CacheDirectory();
  if (!cache) return "";
  std::string place = absl::StrCat(*cache, "/headers");
  ::mkdir(place.c_str(), 0700);
  return support::IsOurs(place) ? place : "";
}

struct Entry {
  std::string name;    // below the directory
  std::string target;  // of the link; empty: a file of `text`
  absl::string_view text = {};
};

bool Fill(const std::string& directory, const std::vector<Entry>& entries) {
  for (const Entry& entry : entries) {
    const std::string path = absl::StrCat(directory, "/", entry.name);
    std::error_code error;
    std::filesystem::create_directories(support::DirectoryName(path), error);
    if (error) return false;
    if (entry.target.empty() ? !support::WriteFileAtomically(path, entry.text, 0600).ok()
                             : ::symlink(entry.target.c_str(), path.c_str()) != 0)
      return false;
  }
  return true;
}

// A directory of that content, `wanted` among it; made when it is not there. Processes that make it at once each make a
// whole one, and the first that is done wins.
std::optional<std::string> Directory(const std::vector<Entry>& entries, absl::string_view wanted) {
  const std::string place = Place();
  if (place.empty()) return std::nullopt;
  std::string content;
  for (const Entry& entry : entries) absl::StrAppend(&content, entry.name, "\n", entry.target, "\n", entry.text, "\n");
  const std::string path = absl::StrCat(place, "/", Hash(content));
  const auto usable = [&] { return support::IsOurs(path) && support::IsRegularFile(absl::StrCat(path, "/", wanted)); };
  if (usable()) return path;
  std::string work = absl::StrCat(place, "/.new-XXXXXX");
  if (::mkdtemp(work.data()) == nullptr) return std::nullopt;
  std::error_code ignored;
  if (Fill(work, entries)) {
    std::filesystem::remove_all(path, ignored);  // of one that lost files
    ::rename(work.c_str(), path.c_str());
  }
  std::filesystem::remove_all(work, ignored);
  if (!usable()) return std::nullopt;
  return path;
}

// "openssl/ssl.h" for /usr/include/openssl/ssl.h; empty: for this very architecture, or no header.
std::string Common(absl::string_view path) {
  absl::string_view name = path;
  if (!absl::ConsumePrefix(&name, kInclude)) return "";
  // /usr/include/x86_64-linux-gnu and its like.
  const absl::string_view first = name.substr(0, name.find('/'));
  return absl::StrContains(first, "-linux-") ? "" : std::string(name);
}

std::vector<Entry> Headers(const std::string& package, const target::Architecture& arch) {
  std::vector<Entry> entries;
  std::vector<std::string> files = packages::FilesOfDebianPackage(absl::StrCat(package, ":", arch.debian));
  if (files.empty()) files = packages::FilesOfDebianPackage(package);
  const std::string own = absl::StrCat(kInclude, arch.multiarch, "/");
  for (const std::string& file : files) {
    absl::string_view name = file;
    const std::string common = Common(file);
    if (common.empty() && !absl::ConsumePrefix(&name, own)) continue;
    if (support::IsRegularFile(file)) entries.push_back({common.empty() ? std::string(name) : common, file});
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
  entries.erase(
      std::unique(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name == b.name; }),
      entries.end());
  return entries;
}

// What was found for a header, kept as long as no package comes or goes: dpkg takes a tenth of a second to say it, and
// a header that one file includes is included by ten.
class KeptAnswer {
 public:
  KeptAnswer(const std::string& header, const std::string& arch) : state_(packages::DebianState()) {
    const std::string place = Place();
    if (!place.empty() && !state_.empty())
      path_ = absl::StrCat(place, "/answer-", Hash(absl::StrCat(CGO_LD_SHIM_VERSION, "\n", header, "\n", arch)));
  }
  std::optional<HeaderDirectory> Read(absl::string_view wanted) const {
    const absl::StatusOr<std::string> text = support::ReadOwnFile(path_);
    if (path_.empty() || !text.ok()) return std::nullopt;
    const std::vector<std::string> lines = absl::StrSplit(*text, '\n');
    if (lines.size() != 5 || lines[0] != state_ || !support::IsOurs(lines[1]) ||
        !support::IsRegularFile(absl::StrCat(lines[1], "/", wanted)))
      return std::nullopt;
    return HeaderDirectory{.path = lines[1], .stands_for = lines[2], .package = lines[3], .version = lines[4]};
  }
  void Keep(const HeaderDirectory& found) const {
    if (path_.empty()) return;
    const std::string text =
        absl::StrCat(state_, "\n", found.path, "\n", found.stands_for, "\n", found.package, "\n", found.version);
    support::WriteFileAtomically(path_, text, 0600).IgnoreError();
  }

 private:
  std::string state_, path_;
};

// The C library's own package: its headers are what a compile for another one must never see.
bool IsOfLibc(const std::string& package) { return package == packages::OwnerOf(absl::StrCat(kInclude, "features.h")); }

}  // namespace

std::optional<HeaderDirectory> HeadersOfPackage(const std::string& header, const std::string& arch) {
  const target::Architecture* architecture = target::FindArchitecture(arch);
  if (architecture == nullptr || absl::StrContains(header, "..") || absl::StartsWith(header, "/")) return std::nullopt;
  std::string path = absl::StrCat(kInclude, header);
  if (!support::IsRegularFile(path)) path = absl::StrCat(kInclude, architecture->multiarch, "/", header);
  if (!support::IsRegularFile(path)) return std::nullopt;
  const KeptAnswer kept(header, arch);
  if (std::optional<HeaderDirectory> found = kept.Read(header)) return found;
  const packages::Package package = packages::DescribeOwner(path);
  if (package.type != "deb" || IsOfLibc(package.name)) return std::nullopt;
  std::optional<std::string> directory = Directory(Headers(package.name, *architecture), header);
  if (!directory) return std::nullopt;
  HeaderDirectory found{.path = *std::move(directory),
                        .stands_for = std::string(absl::StripSuffix(kInclude, "/")),
                        .package = package.name,
                        .version = package.version};
  kept.Keep(found);
  return found;
}

std::optional<HeaderDirectory> OurHeaderDirectory(absl::string_view header) {
  std::vector<Entry> entries;
  for (const OurHeader& ours : OurHeaders()) {
    if (ours.name == header) entries.push_back({.name = std::string(ours.name), .target = "", .text = ours.text});
  }
  if (entries.empty()) return std::nullopt;
  std::optional<std::string> directory = Directory(entries, header);
  if (!directory) return std::nullopt;
  return HeaderDirectory{.path = *std::move(directory), .stands_for = "/cgo-ld-shim", .package = "", .version = ""};
}

std::optional<std::string> KeepFile(absl::string_view text) {
  const std::string place = Place();
  if (place.empty()) return std::nullopt;
  std::string path = absl::StrCat(place, "/note-", Hash(text), ".h");
  if (support::ReadOwnFile(path).value_or("") == text || support::WriteFileAtomically(path, text, 0600).ok())
    return path;
  return std::nullopt;
}

}  // namespace cgo_ld_shim::rescue
