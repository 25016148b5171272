#include "support/python.h"

#include <cstdlib>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "support/file.h"
#include "support/process.h"

namespace cgo_ld_shim::support {
namespace {

bool IsManagedByDistribution() {
  if (const char* environment = std::getenv("VIRTUAL_ENV"); environment != nullptr && *environment != '\0')
    return false;
  for (const std::string& name : ListDirectory("/usr/lib")) {
    if (absl::StartsWith(name, "python3") && IsRegularFile(absl::StrCat("/usr/lib/", name, "/EXTERNALLY-MANAGED")))
      return true;
  }
  return false;
}

}  // namespace

std::string PipInstall(absl::string_view package) {
  const bool has_pip = FindProgram("pip") || FindProgram("pip3");
  const char* pip = FindProgram("pip") || !has_pip ? "pip" : "pip3";
  // A minimal Debian has Python without it.
  const bool debian = !has_pip && FindProgram("apt-get");
  return absl::StrCat(debian ? "apt-get install python3-pip && " : "", pip, " install ",
                      IsManagedByDistribution() ? "--user --break-system-packages " : "", package);
}

}  // namespace cgo_ld_shim::support
