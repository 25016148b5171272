// Packages whose C code was compiled for another C library than the link's. cmd/go 1.19 keeps the standard library's
// packages whatever their compiler was; later ones ask for the tool ID, and compile them again.
//
// Example:
//   FindMixedLibcs(plan, toolchain.libc)  // runtime/cgo, CauseId::kMixedLibc: compiled for glibc
//
// Objects say so by the text that CompileExport (shim/calls.h) writes into them. Those of packages whose names cannot
// be told are given only where no other is.
#ifndef CGO_LD_SHIM_DIAGNOSE_MIXED_LIBCS_H_
#define CGO_LD_SHIM_DIAGNOSE_MIXED_LIBCS_H_

#include <string>
#include <vector>

#include "diagnose/diagnose.h"
#include "plan/plan.h"

namespace cgo_ld_shim::diagnose {

std::vector<Finding> FindMixedLibcs(const plan::LinkPlan& plan, const target::Libc& libc);

}  // namespace cgo_ld_shim::diagnose

#endif  // CGO_LD_SHIM_DIAGNOSE_MIXED_LIBCS_H_
