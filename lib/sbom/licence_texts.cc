// The licence texts that go with a program: those of the packages of its archives, of what zig brings, of Go and of the
// Go modules. Where each is kept is asked of who installed it; nothing is fetched.
#include <filesystem>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "packages/owner.h"
#include "sbom/sbom.h"
#include "support/file.h"
#include "support/path_parts.h"
#include "support/process.h"
#include "toolchain/zig.h"

namespace cgo_ld_shim::sbom {
namespace {

// A file of a module or a source tree that speaks of licences.
bool IsLicenceFile(absl::string_view name) {
  const std::string upper = absl::AsciiStrToUpper(name);
  return absl::StartsWith(upper, "LICEN") || absl::StartsWith(upper, "COPYING") ||
         absl::StartsWith(upper, "COPYRIGHT") || absl::StartsWith(upper, "NOTICE") || upper == "UNLICENSE" ||
         upper == "PATENTS";
}

std::vector<std::string> LicenceFilesIn(const std::string& directory) {
  std::vector<std::string> files;
  for (const std::string& name : support::ListDirectory(directory)) {
    const std::string path = absl::StrCat(directory, "/", name);
    if (IsLicenceFile(name) && support::IsRegularFile(path)) files.push_back(path);
  }
  return files;
}

// What `go env` says, a line each; empty where there is no go.
std::vector<std::string> GoEnvironment(const std::vector<std::string>& names) {
  std::vector<std::string> argv = {"go", "env"};
  argv.insert(argv.end(), names.begin(), names.end());
  const absl::StatusOr<support::ProcessResult> result = support::RunProcess(argv);
  std::vector<std::string> values;
  if (result.ok() && result->exit_status == 0) values = absl::StrSplit(result->output, '\n');
  values.resize(names.size());
  return values;
}

// The module cache spells capitals with a "!" before them (golang.org/x/mod/module.EscapePath).
std::string InModuleCache(absl::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (absl::ascii_isupper(static_cast<unsigned char>(c))) escaped += '!';
    escaped += absl::ascii_tolower(static_cast<unsigned char>(c));
  }
  return escaped;
}

// A name for a directory of ours out of a package's or a module's.
std::string DirectoryOf(absl::string_view name) {
  std::string safe;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    safe += absl::ascii_isalnum(byte) || absl::StrContains("+-._@~", absl::string_view(&c, 1)) ? c : '_';
  }
  return absl::StartsWith(safe, ".") ? absl::StrCat("_", safe) : safe;
}

class Writer {
 public:
  Writer(const Bill& bill, std::string directory) : bill_(bill), directory_(std::move(directory)) {}

  absl::StatusOr<std::vector<std::string>> Run() {
    for (const Component& component : bill_.components) {
      // What is not in the program asks nothing of who ships it.
      if (component.role != Role::kStub) Add(component);
    }
    if (bill_.go.present) AddGo();
    if (!status_.ok()) return status_;
    return std::move(without_);
  }

 private:
  void Add(const Component& component) {
    const packages::Package& package = component.package;
    if (package.name.empty()) {
      without_.push_back(absl::StrCat(component.name, " (no package has it: its author's licence)"));
      return;
    }
    const std::string name = absl::StrCat(package.name, package.version.empty() ? "" : "@", package.version);
    if (!seen_.insert(name).second) return;
    std::vector<std::string> files =
        package.type == kGenericPackage ? FilesOfZig(package) : packages::LicenceFiles(package);
    Copy(name, files, package.licence);
  }

  // Of the sources that zig brings: its own licence, musl's, LLVM's.
  std::vector<std::string> FilesOfZig(const packages::Package& package) const {
    const absl::StatusOr<std::string> library =
        bill_.zig.empty() ? absl::NotFoundError("") : toolchain::ZigLibraryDirectory(bill_.zig);
    if (!library.ok()) return {};
    std::vector<std::string> files;
    const auto add = [&](absl::string_view directory) {
      for (std::string& file : LicenceFilesIn(absl::StrCat(*library, "/", directory))) files.push_back(std::move(file));
    };
    if (package.name != "zig") {
      add(absl::StrCat("libc/", package.name));
      return files;
    }
    add("..");
    add("libunwind");
    return files;
  }

  void AddGo() {
    const std::vector<std::string> environment = GoEnvironment({"GOROOT", "GOMODCACHE"});
    const std::string &root = environment[0], &cache = environment[1];
    Copy(absl::StrCat("go@", bill_.StandardLibrary()), root.empty() ? std::vector<std::string>{} : LicenceFilesIn(root),
         "");
    for (const inspect::GoModule& module : bill_.go.modules) {
      const std::string in_cache =
          absl::StrCat(cache, "/", InModuleCache(module.path), "@", InModuleCache(module.version));
      Copy(absl::StrCat(module.path, "@", module.version),
           cache.empty() ? std::vector<std::string>{} : LicenceFilesIn(in_cache), "");
    }
  }

  void Copy(const std::string& name, const std::vector<std::string>& files, const std::string& licence) {
    if (files.empty()) {
      without_.push_back(absl::StrCat(name, licence.empty() ? "" : absl::StrCat(" (", licence, ")")));
      return;
    }
    const std::string directory = absl::StrCat(directory_, "/", DirectoryOf(name));
    std::map<std::string, int> names;
    for (const std::string& file : files) {
      const absl::StatusOr<std::string> text = support::ReadFile(file);
      if (!text.ok()) {
        status_.Update(text.status());
        continue;
      }
      // Two directories may have a LICENSE.TXT each.
      std::string base = support::BaseName(file);
      if (const int before = names[base]++; before > 0) base = absl::StrCat(base, ".", before + 1);
      std::error_code error;
      std::filesystem::create_directories(directory, error);
      if (error) status_.Update(absl::InternalError(absl::StrCat("cannot make ", directory, ": ", error.message())));
      if (status_.ok()) status_.Update(support::WriteFileAtomically(absl::StrCat(directory, "/", base), *text, 0644));
    }
  }

  const Bill& bill_;
  const std::string directory_;
  std::set<std::string> seen_;
  std::vector<std::string> without_;
  absl::Status status_;
};

}  // namespace

absl::StatusOr<std::vector<std::string>> WriteLicenceTexts(const Bill& bill, const std::string& directory) {
  return Writer(bill, directory).Run();
}

}  // namespace cgo_ld_shim::sbom
