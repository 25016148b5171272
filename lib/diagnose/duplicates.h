// Symbols that two files of a link define: why, and what to do. One finding a pair of files, however many symbols.
//
// Example:
//   ExplainDuplicates({plan, resolution, settings}, &written, &diagnosis);
//   // diagnosis.findings[0]: "twice", defined in libf.a(f.o) and libg.a(g.o); both define 1 more symbol
#ifndef CGO_LD_SHIM_DIAGNOSE_DUPLICATES_H_
#define CGO_LD_SHIM_DIAGNOSE_DUPLICATES_H_

#include "diagnose/diagnose.h"
#include "diagnose/written.h"
#include "plan/plan.h"
#include "resolve/resolve.h"
#include "support/settings.h"

namespace cgo_ld_shim::diagnose {

// Adds findings and ways out. `written` is asked for the lines of the program's own definitions.
void ExplainDuplicates(const plan::LinkPlan& plan, const resolve::Resolution& resolution,
                       const support::Settings& settings, Written* written, Diagnosis* diagnosis);

}  // namespace cgo_ld_shim::diagnose

#endif  // CGO_LD_SHIM_DIAGNOSE_DUPLICATES_H_
