// Which package of this machine a file belongs to, and what the package manager knows of it.
//
// Example:
//   OwnerOf("/usr/lib/x86_64-linux-gnu/libz.a")               // "zlib1g-dev"
//   DescribeOwner("/usr/lib/x86_64-linux-gnu/libz.a").version // "1:1.2.13.dfsg-1"
//
// Asks dpkg, rpm, apk and pacman, those that are there; Homebrew's packages are known by their paths. Never fails:
// empty is "nobody knows".
#ifndef CGO_LD_SHIM_PACKAGES_OWNER_H_
#define CGO_LD_SHIM_PACKAGES_OWNER_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::packages {

// What a package manager knows of a package that is installed.
struct Package {
  std::string type;           // as in a package URL: "deb", "rpm", "apk", "alpm", "brew"; empty: no package owns it
  std::string name, version;  // "zlib1g-dev", "1:1.2.13.dfsg-1"
  std::string architecture;   // "amd64", as the package manager says it
  std::string source;         // source package, where it is known
  std::string licence;        // in the distribution's words: "GPL-2+"; empty: it does not say
  std::string copyright;      // path of Debian's copyright file; empty: none
};

// The name of the package that the file `path` belongs to; empty: none.
std::string OwnerOf(const std::string& path);
// All of it; `type` is empty where there is none.
Package DescribeOwner(const std::string& path);

// The files of a package that dpkg has installed, `name` with or without an architecture ("zlib1g-dev:arm64"): absolute
// paths as the package has them, directories among them. Empty: there is no such package, or no dpkg.
std::vector<std::string> FilesOfDebianPackage(const std::string& name);
// A text that changes whenever dpkg installs or removes something; empty: there is no dpkg.
std::string DebianState();

// The files that hold the licences of an installed package, absolute: Debian's copyright file and the common licences
// that it refers to, what rpm marks as licence, pacman's directory. Empty: none is known.
std::vector<std::string> LicenceFiles(const Package& package);

}  // namespace cgo_ld_shim::packages

#endif  // CGO_LD_SHIM_PACKAGES_OWNER_H_
