// Two archives that define the same names, such as two Rust libraries from two compilers: one of them is linked
// partially (ld -r) into one object, in which only the names that others use stay global. It then has its own copy of
// everything else.
//
// That is sound where the copies have no state that must be shared: language runtimes (Rust's std and panic machinery,
// compiler builtins). Two copies of sqlite3 in one process lose each other's locks; such archives are isolated only
// when the user says so (CGO_LD_SHIM_ISOLATE).
//
// Example:
//   for (const Clash& clash : FindClashes(resolution))
//     if (clash.runtime_only) object = Isolate(clash, resolution, toolchain, directory);
#ifndef CGO_LD_SHIM_ISOLATE_ISOLATE_H_
#define CGO_LD_SHIM_ISOLATE_ISOLATE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "resolve/resolve.h"
#include "toolchain/toolchain.h"

namespace cgo_ld_shim::isolate {

// Two archives with strong definitions of the same names, both extracted.
struct Clash {
  std::string first;                 // path of the archive that stays as it is
  std::string second;                // path of the archive that can be isolated
  std::vector<std::string> symbols;  // what both define, in order of appearance
  bool runtime_only = false;         // all of these belong to a language runtime
};
std::vector<Clash> FindClashes(const resolve::Resolution& resolution);

// True for names that a language runtime defines in every program: Rust's std, core, alloc and panic symbols.
bool IsLanguageRuntime(absl::string_view symbol);

// Names of the archive's that others in the link use: what stays global in its object. Sorted.
std::vector<std::string> UsedFromOutside(const std::string& archive, const resolve::Resolution& resolution);

// Names that its object needs: what its members need strongly that serve the rest of the link, with their own archive
// alone to serve them. Sorted.
std::vector<std::string> NeedsFromOutside(const std::string& archive, const resolve::Resolution& resolution);

// Writes an object of `archive` with everything local but what the rest of the link uses, to `output`. Errors: what the
// partial link said; kFailedPrecondition when nothing of it is used.
absl::Status Isolate(const std::string& archive, const resolve::Resolution& resolution,
                     const toolchain::Toolchain& toolchain, const std::string& output);

}  // namespace cgo_ld_shim::isolate

#endif  // CGO_LD_SHIM_ISOLATE_ISOLATE_H_
