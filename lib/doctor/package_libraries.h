// Which libraries will a link of this module need, and are they here? The resolver is asked, on the module's own flags,
// before anything is built: what it does not find here, the link will lack.
//
// Example:
//   LinkBase base{.toolchain = *machine.toolchain};
//   std::vector<PackageLibraries> checked = CheckLibraries(base, module.packages, "");
//   // {"github.com/linxGnu/grocksdb", {{"librocksdb.a", path "/usr/lib/librocksdb.a"}, {"liblz4.a", path ""}}}
//
// Nothing is compiled: what a package calls is taken from the words of its sources, as far as its libraries define
// them. A call that a library's header makes, in a macro or an inline function, is not seen.
#ifndef CGO_LD_SHIM_DOCTOR_PACKAGE_LIBRARIES_H_
#define CGO_LD_SHIM_DOCTOR_PACKAGE_LIBRARIES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "doctor/machine.h"
#include "doctor/module.h"
#include "toolchain/toolchain.h"

namespace cgo_ld_shim::doctor {

struct LibraryState {
  std::string label;      // "libz.a", "zlib.pc" for a .pc file that is not there, or a symbol that nothing defines
  std::string named;      // how it was asked for: "-lz", "pkg-config zlib"; empty: another library needs it
  std::string needed_by;  // "librocksdb.a"; empty: it is named, or the package's own code calls it
  std::string path;       // the archive; empty: there is none
  std::string shared;     // it is only there as this shared library
  std::string install;    // what to do when it is missing
  bool found() const { return !path.empty(); }
};

struct PackageLibraries {
  CgoPackage package;
  std::vector<LibraryState> libraries;  // without those of libc and the compiler that are there; named ones first
};

// What the link is made with.
struct LinkBase {
  toolchain::Toolchain toolchain;  // without a libc.a: then what libraries need in turn cannot be told
  bool by_zig = false;             // for another target than this machine: its packages' libraries do not serve
  bool linux = true;               // false: names of libraries are the target system's, and zig knows them
};
// For the target whose zig triple is `triple`; empty: the underlying compiler serves it.
LinkBase BaseFor(const Machine& machine, const std::string& os, const std::string& triple);

std::vector<PackageLibraries> CheckLibraries(const LinkBase& base, const std::vector<CgoPackage>& packages,
                                             absl::string_view cgo_ld_flags);

}  // namespace cgo_ld_shim::doctor

#endif  // CGO_LD_SHIM_DOCTOR_PACKAGE_LIBRARIES_H_
