#include "shim/commands/missing_inputs.h"

#include <unistd.h>

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "packages/distribution.h"
#include "support/file.h"
#include "target/target.h"

namespace cgo_ld_shim::commands {
namespace {

using packages::FileKind;

// More would push what Go says off the screen.
constexpr size_t kMost = 6;

// The text between two others, empty where they do not stand in this order.
absl::string_view Between(absl::string_view line, absl::string_view before, absl::string_view after) {
  const size_t begin = line.find(before);
  if (begin == absl::string_view::npos) return {};
  line.remove_prefix(begin + before.size());
  const size_t end = line.find(after);
  return end == absl::string_view::npos ? absl::string_view() : line.substr(0, end);
}

// Where a compiler for this machine finds the header; empty: nowhere.
std::string OnThisMachine(const std::string& header) {
  for (const char* directory : {"/usr/include/", "/usr/local/include/"}) {
    std::string path = absl::StrCat(directory, header);
    if (support::IsRegularFile(path)) return path;
  }
  return "";
}

// Debian's name of the architecture that is built for, where it is not this machine's: its packages are the ones that
// have the library, too. Empty otherwise.
std::string ForeignArchitecture() {
  const target::Target target = target::Infer(environ);
  const target::Architecture* arch = target::FindArchitecture(target.arch);
  return arch == nullptr || target.os != "linux" || target.arch == target::HostArch() ? "" : arch->debian;
}

}  // namespace

void MissingInputs::Read(absl::string_view line) {
  absl::ConsumeSuffix(&line, "\n");
  // gcc: "main.go:4:11: fatal error: curl/curl.h: No such file or directory"; clang and zig: "… fatal error:
  // 'curl/curl.h' file not found".
  if (const absl::string_view header = Between(line, "fatal error: ", ": No such file or directory"); !header.empty())
    return Add(FileKind::kHeader, header);
  if (const absl::string_view header = Between(line, "fatal error: '", "' file not found"); !header.empty())
    return Add(FileKind::kHeader, header);
  // pkg-config, and what others say; pkgconf names in a second line who required it.
  if (const absl::string_view name = Between(line, "Package ", " was not found in the pkg-config search path");
      !name.empty())
    return Add(FileKind::kPkgConfig, name);
  if (const absl::string_view name = Between(line, "Package '", "', required by "); !name.empty())
    return Add(FileKind::kPkgConfig, name);
  if (const absl::string_view name = Between(line, "No package '", "' found"); !name.empty())
    return Add(FileKind::kPkgConfig, name);
  // cmd/go, of os/exec.
  if (absl::StrContains(line, "exec: \"pkg-config\": executable file not found")) no_pkg_config_ = true;
}

void MissingInputs::Add(FileKind kind, absl::string_view name) {
  if (std::any_of(files_.begin(), files_.end(),
                  [&](const packages::File& file) { return file.kind == kind && file.name == name; }))
    return;
  files_.push_back({kind, std::string(name)});
}

std::string MissingInputs::Text() const {
  std::string text;
  if (no_pkg_config_) {
    absl::StrAppend(&text, "cgo-ld-shim: there is no pkg-config: ",
                    packages::InstallCommand(packages::ThisDistribution(), packages::Need::kPkgConfig), "\n");
  }
  std::vector<packages::File> asked;
  for (const packages::File& file : files_) {
    const std::string here = file.kind == FileKind::kHeader ? OnThisMachine(file.name) : "";
    if (here.empty()) {
      if (asked.size() < kMost) asked.push_back(file);
    } else {
      absl::StrAppend(&text, "cgo-ld-shim: ", file.name, " is here, as ", here,
                      ", but the compiler for this target does not read that directory\n");
    }
  }
  if (asked.empty()) return text;
  const std::vector<packages::Bringers> bringers = packages::WhoBrings(asked, ForeignArchitecture());
  for (size_t i = 0; i < asked.size(); ++i) {
    // A header of the project's own, generated perhaps, is nobody's.
    if (bringers[i].packages.empty()) continue;
    absl::StrAppend(&text, "cgo-ld-shim: ", asked[i].FileName(),
                    " is not here: ", packages::InstallText(asked[i], bringers[i]), "\n");
  }
  return text;
}

}  // namespace cgo_ld_shim::commands
