// What to install for something that is not here, by the names that this machine's distribution uses.
//
// Example:
//   Distribution distribution = ParseOsRelease(*support::ReadFile("/etc/os-release"));
//   InstallCommand(distribution, Need::kStaticLibc)    // "apt-get install libc6-dev"
//
// Pure functions of their arguments; nothing is asked of a package manager.
#ifndef CGO_LD_SHIM_DOCTOR_INSTALL_H_
#define CGO_LD_SHIM_DOCTOR_INSTALL_H_

#include <string>

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::doctor {

// Which program installs packages. kOther: a distribution that no row knows.
enum class PackageManager { kApt, kDnf, kApk, kPacman, kZypper, kOther };

struct Distribution {
  std::string name;  // "Debian GNU/Linux 12 (bookworm)"; empty: not known
  PackageManager manager = PackageManager::kOther;
};

// From the text of /etc/os-release (os-release(5)): ID, then each word of ID_LIKE, decides.
Distribution ParseOsRelease(absl::string_view text);

enum class Need { kCCompiler, kCxxCompiler, kStaticLibc, kStaticCxx, k32Bit, kGo, kZig, kQemuUser, kPkgConfig };

// A command line, or, for kOther, what to look for in words.
std::string InstallCommand(const Distribution& distribution, Need need);

}  // namespace cgo_ld_shim::doctor

#endif  // CGO_LD_SHIM_DOCTOR_INSTALL_H_
