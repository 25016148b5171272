// For which C library was an archive built? No field says it. What tells, from sure to likely:
//
//   names       that only glibc has (fopen64), or that only its headers write (__ctype_b_loc, which musl has as well)
//   source      files of the debug information: bits/types.h is glibc's, bits/alltypes.h is musl's
//   compiler    .comment names a distribution whose C library is glibc. musl-gcc is such a distribution's gcc, too:
//   this
//               is a guess, and no more than a possibility where the program itself was compiled by the same one
//
// Example:
//   for (const auto& [input, built] : FindBuiltForGlibc(resolution)) …   // 3 → {kLikely, "GCC:
//   (Debian 12.2.0-14) 12.2.0"}
#ifndef CGO_LD_SHIM_DIAGNOSE_BUILT_FOR_H_
#define CGO_LD_SHIM_DIAGNOSE_BUILT_FOR_H_

#include <map>
#include <string>

#include "resolve/resolve.h"

namespace cgo_ld_shim::diagnose {

struct BuiltForGlibc {
  enum class Known { kSurely, kLikely, kPerhaps };
  Known known = Known::kSurely;
  std::string compiler = {};  // what it says of itself, where nothing else tells
};
// The user's archives in a link with musl that were built for glibc, by the number of the input. Only members that the
// link extracts count.
std::map<int, BuiltForGlibc> FindBuiltForGlibc(const resolve::Resolution& resolution);

// Whether a unit is a member of an archive that is not the compiler's own.
bool OfTheUser(const resolve::Resolution& resolution, const resolve::Unit& unit);

}  // namespace cgo_ld_shim::diagnose

#endif  // CGO_LD_SHIM_DIAGNOSE_BUILT_FOR_H_
