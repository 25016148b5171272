// A name that is nearly the missing one: a typo, or the same function of the other language.
//
// Example:
//   FindSimilar(resolution, plan.GoObject(), machine, unresolved, &written, &finding)
//   // true; finding.hint "did you mean zlibVersion, defined in libz.a, which you link with -lz?"
//
// Looks at what the link has: the program's objects, the libraries that it names, and, for the program's own
// references, the C library. Sets cause (kMisspelt, kExternC) and hint.
#ifndef CGO_LD_SHIM_DIAGNOSE_SIMILAR_H_
#define CGO_LD_SHIM_DIAGNOSE_SIMILAR_H_

#include <string>

#include "diagnose/diagnose.h"
#include "diagnose/written.h"
#include "resolve/resolve.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::diagnose {

// `go_object`: go.o, which has no names of a person's. `machine`: the link's; objects for another one are not looked
// at.
bool FindSimilar(const resolve::Resolution& resolution, const std::string& go_object, symbols::Machine machine,
                 const resolve::Unresolved& unresolved, Written* written, Finding* finding);

}  // namespace cgo_ld_shim::diagnose

#endif  // CGO_LD_SHIM_DIAGNOSE_SIMILAR_H_
