// Why a library that a link names with -l is not there: its name is written wrongly, its directory does not exist, it
// is there for this machine and not for the target, or a package has it.
//
// Example:
//   MissingLibrary why = ExplainMissingLibrary("libz.a", bringers, where);
//   // why.hint "-l takes a name without lib and .a: -lz"
//
// Looks at directories; starts no process. The package managers' answer (packages::WhoBrings) is the caller's, who asks
// once for all.
#ifndef CGO_LD_SHIM_DIAGNOSE_MISSING_LIBRARY_H_
#define CGO_LD_SHIM_DIAGNOSE_MISSING_LIBRARY_H_

#include <optional>
#include <string>
#include <vector>

#include "diagnose/way_out.h"
#include "packages/contents.h"
#include "toolchain/toolchain.h"

namespace cgo_ld_shim::diagnose {

// Where a link looks.
struct LibraryPlaces {
  std::vector<std::string> named;     // the user's -L directories, as written, absolute
  std::vector<std::string> searched;  // these, and the compiler's
  bool for_this_machine = true;       // false: for another C library or architecture than its packages are
  std::string target;                 // "linux/arm64 with musl"; for messages
  // Of which architecture the packages are that could bring it, by Debian's name; empty: this machine's own. nullopt:
  // none could.
  std::optional<std::string> packages = "";
};
// `directories`: those that the call names with -L; `toolchain`: what is linked with; `compat`: whether archives for
// glibc are linked with musl.
LibraryPlaces PlacesOf(const std::vector<std::string>& directories, const std::vector<std::string>& searched,
                       const toolchain::Toolchain& toolchain, bool compat);

struct MissingLibrary {
  std::string hint;           // why, or what to do
  std::string searched = {};  // "no libz.a and no libz.so in 5 directories", where that has to be said before it
  std::vector<WayOut> ways_out = {};
  bool unknown = false;      // no package is known that has it
  std::string Text() const;  // both
};

// `name`: what stands behind -l. `bringers`: who has the archive of LibraryFileName(name).
MissingLibrary ExplainMissingLibrary(const std::string& name, const packages::Bringers& bringers,
                                     const LibraryPlaces& places);

// What is probably meant with -l and this name: "z" for "libz.a", "z.a", ":libz" and "/usr/lib/libz.a".
std::string MeantLibrary(const std::string& name);

// "github.com/acme/slim-go@v0.7.2" for a path that begins in that module's directory of Go's module cache, whether or
// not it stays there; empty: another path.
std::string ModuleOfPath(const std::string& path);

}  // namespace cgo_ld_shim::diagnose

#endif  // CGO_LD_SHIM_DIAGNOSE_MISSING_LIBRARY_H_
