// What a link reads, as its record has it: files in the link's order, with the members that were taken and why.
//
// Example:
//   record.inputs = InputRecords(resolution);
#ifndef CGO_LD_SHIM_REPORT_INPUTS_H_
#define CGO_LD_SHIM_REPORT_INPUTS_H_

#include <vector>

#include "report/record.h"
#include "resolve/resolve.h"

namespace cgo_ld_shim::report {

// Files that a linker script names stand in its place.
std::vector<InputRecord> InputRecords(const resolve::Resolution& resolution);

}  // namespace cgo_ld_shim::report

#endif  // CGO_LD_SHIM_REPORT_INPUTS_H_
