#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "diagnose/diagnose.h"
#include "support/file.h"
#include "support/process.h"

namespace cgo_ld_shim::diagnose {
namespace {

// One package manager: how to ask it who owns a file, and what separates the package's name from the rest of its
// answer.
struct PackageManager {
  const char* program;
  std::vector<std::string> query;  // the file's path follows
  const char* end_of_name;         // the answer's first field ends here; nullptr: the whole line
};

const std::vector<PackageManager>& Managers() {
  static const auto* managers = new std::vector<PackageManager>{
      {"dpkg-query", {"dpkg-query", "-S"}, ":"},
      {"rpm", {"rpm", "-qf", "--qf", "%{NAME}\n"}, nullptr},
      {"apk", {"apk", "info", "-q", "-W"}, nullptr},
  };
  return *managers;
}

bool Has(const char* program) { return support::FindProgram(program).has_value(); }

}  // namespace

std::string OwnerPackage(const std::string& path) {
  for (const PackageManager& manager : Managers()) {
    if (!Has(manager.program)) continue;
    // Debian's records name the file where the package put it, which may be either side of the /lib → /usr/lib link.
    const std::string real = support::RealPath(path);
    for (const std::string& candidate : {path, real, real.rfind("/usr/", 0) == 0 ? real.substr(4) : real}) {
      std::vector<std::string> argv = manager.query;
      argv.push_back(candidate);
      absl::StatusOr<support::ProcessResult> result = support::RunProcess(argv, {.environment = {"LC_ALL=C"}});
      if (!result.ok() || result->exit_status != 0) continue;
      absl::string_view name = result->output;
      name = name.substr(0, name.find('\n'));
      if (manager.end_of_name != nullptr) name = name.substr(0, name.find(manager.end_of_name));
      if (!name.empty()) return std::string(name);
    }
  }
  return "";
}

std::string InstallHint(const std::string& library) {
  if (Has("dpkg-query")) return absl::StrCat("apt-get install ", DebianPackage(library));
  if (Has("apk")) return absl::StrCat("apk add ", library, "-static");
  if (Has("rpm")) return absl::StrCat("dnf install ", library, "-static");
  return absl::StrCat("install the development package of lib", library);
}

}  // namespace cgo_ld_shim::diagnose
