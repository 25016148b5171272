// Which distribution this machine runs, and what its packages of compilers and tools are called.
//
// Example:
//   Distribution distribution = ParseOsRelease(*support::ReadFile("/etc/os-release"));
//   InstallCommand(distribution, Need::kStaticLibc)    // "apt-get install libc6-dev"
//
// Nothing is asked of a package manager. What is known of a library's packages is in contents.h.
#ifndef CGO_LD_SHIM_PACKAGES_DISTRIBUTION_H_
#define CGO_LD_SHIM_PACKAGES_DISTRIBUTION_H_

#include <string>

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::packages {

// The program that installs packages. kOther: of a distribution that no row knows.
enum class Manager { kApt, kDnf, kApk, kPacman, kZypper, kOther };
// "apt-get install ", with its space; empty for kOther.
absl::string_view InstallPrefix(Manager manager);

struct Distribution {
  std::string name;     // "Debian GNU/Linux 12 (bookworm)"; empty: not known
  std::string id;       // "debian"
  std::string version;  // "12"; empty: it has none
  Manager manager = Manager::kOther;
};

// From the text of /etc/os-release (os-release(5)): ID, then each word of ID_LIKE, decides on the manager.
Distribution ParseOsRelease(absl::string_view text);
// This machine's; all empty where it does not say.
Distribution ThisDistribution();

enum class Need { kCCompiler, kCxxCompiler, kStaticLibc, kStaticCxx, k32Bit, kGo, kZig, kQemuUser, kPkgConfig };

// A command line, or, for kOther, what to look for in words.
std::string InstallCommand(const Distribution& distribution, Need need);

}  // namespace cgo_ld_shim::packages

#endif  // CGO_LD_SHIM_PACKAGES_DISTRIBUTION_H_
