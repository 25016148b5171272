// Does this machine have an archive of each library that a package names, and of what those need in turn? From file
// names, pkg-config files and shared libraries alone, before anything is built: the resolver, which looks at symbols,
// decides at the link.
//
// Example:
//   std::vector<PackageLibraries> checked = CheckLibraries(machine, module.packages);
//   // {"github.com/linxGnu/grocksdb", {{"rocksdb", path "/usr/lib/librocksdb.a"}, {"lz4", path ""}}}
#ifndef CGO_LD_SHIM_DOCTOR_PACKAGE_LIBRARIES_H_
#define CGO_LD_SHIM_DOCTOR_PACKAGE_LIBRARIES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "doctor/machine.h"
#include "doctor/module.h"

namespace cgo_ld_shim::doctor {

struct LibraryState {
  std::string label;      // "libz.a", or "zlib.pc" for a pkg-config name without a file
  std::string named;      // how it was asked for: "-lz", "pkg-config zlib"; empty: another library needs it
  std::string needed_by;  // "librocksdb.a"; empty: it is named
  std::string path;       // the archive; empty: there is none
  std::string shared;     // it is only there as this shared library
  std::string install;    // what to do when it is missing
  bool found() const { return !path.empty(); }
};

struct PackageLibraries {
  CgoPackage package;
  std::vector<LibraryState> libraries;  // without those of libc and the compiler; named ones first
};

// Where libraries are looked for. The compiler's directories hold nothing for a program that zig links.
struct SearchPlace {
  std::vector<std::string> directories;             // of the compiler
  std::vector<std::string> pkg_config_directories;  // in order
  bool zig = false;                                 // zig's own libraries count as there
};
SearchPlace PlaceFor(const Machine& machine, bool zig);

std::vector<PackageLibraries> CheckLibraries(const SearchPlace& place, const std::vector<CgoPackage>& packages,
                                             absl::string_view cgo_ld_flags);

}  // namespace cgo_ld_shim::doctor

#endif  // CGO_LD_SHIM_DOCTOR_PACKAGE_LIBRARIES_H_
