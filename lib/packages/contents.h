// Which package would bring a file that is not here: a library's archive, its shared library, a .pc file, a header.
//
// Example:
//   const File file{FileKind::kArchive, "z"};
//   InstallText(file, WhoBrings({file})[0])   // "apt-get install zlib1g-dev"
//
// Asked, in this order: what the package manager knows of files (apt-file's Contents, dnf's file lists, apk's and
// pacman's indexes, each where it is there; nothing is downloaded); then, where apt installs, the table in this
// executable (contents_table.h), which comes first where it is of the very release that runs here. No name is ever made
// from a pattern: lib<name>-dev is wrong for every third library. A name is held against apt's own lists; where there
// are none, `remark` says so.
//
// Starts package managers, which may take a second: only for explanations.
#ifndef CGO_LD_SHIM_PACKAGES_CONTENTS_H_
#define CGO_LD_SHIM_PACKAGES_CONTENTS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "packages/distribution.h"

namespace cgo_ld_shim::packages {

enum class FileKind {
  kArchive,    // lib<name>.a
  kShared,     // lib<name>.so
  kPkgConfig,  // <name>.pc
  kHeader,     // <name>, as in #include <name>
  // lib<name>.a in a directory that no linker looks in, which a .pc file may name privately all the same:
  // /usr/lib/postgresql/15/lib/libpgport.a.
  kPrivateArchive,
};

struct File {
  FileKind kind = FileKind::kArchive;
  std::string name;  // "z", "zlib", "zlib.h"
  // "libz.a", "libz.so", "zlib.pc", "zlib.h".
  std::string FileName() const;
};

// What is known of the packages that have a file.
struct Bringers {
  std::vector<std::string> packages;  // each has it; the one that most others build on first. Empty: none is known
  std::string shared_only;        // kArchive without `packages`: the package that has the shared library and no archive
  std::string source;             // who was asked, for a sentence: "Debian 12", "dnf"; empty: nobody could be
  bool add_architecture = false;  // packages of another architecture, which dpkg is not told of yet
  std::string remark;             // "name for Debian 12, not checked here"; empty: the package manager knows the name
};

// One answer a file, in their order. `architecture`, by Debian's name: for which the file is to be; empty: for this
// machine. Another machine's packages are known where apt installs, with their architecture ("zlib1g-dev:arm64").
std::vector<Bringers> WhoBrings(const std::vector<File>& files, const std::string& architecture = "");
std::vector<Bringers> WhoBrings(const std::vector<File>& files, const Distribution& distribution,
                                const std::string& architecture = "");

// Which manager would install here, by the programs in PATH: in a container os-release may name another's.
Manager ManagerHere();

// "apt-get install libcurl4-openssl-dev", or why there is nothing to install: "no package of Debian 12 has libx.a". For
// an architecture that dpkg is not told of, "dpkg --add-architecture arm64 && apt-get update && …".
std::string InstallText(const File& file, const Bringers& bringers);

// From what apt-cache policy prints: whether apt has lists of packages at all, and which of the asked names it can
// install. Exposed for tests.
bool HasAptLists(absl::string_view policy);
std::vector<std::string> InstallableByApt(absl::string_view policy_of_names);

}  // namespace cgo_ld_shim::packages

#endif  // CGO_LD_SHIM_PACKAGES_CONTENTS_H_
