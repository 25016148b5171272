// What a link reads, as its record has it: files in the link's order, with the members that were taken and why.
//
// Example:
//   record.inputs = InputRecords(resolution);
#ifndef CGO_LD_SHIM_REPORT_INPUTS_H_
#define CGO_LD_SHIM_REPORT_INPUTS_H_

#include <map>
#include <string>
#include <vector>

#include "report/record.h"
#include "resolve/resolve.h"

namespace cgo_ld_shim::report {

// Files that a linker script names stand in its place. `copies`: of archives, and of which; records name what the user
// has.
std::vector<InputRecord> InputRecords(const resolve::Resolution& resolution,
                                      const std::map<std::string, std::string>& copies = {});

// Names that objects which are no members of archives use of members: those of the program, and ours. Sorted.
std::vector<std::string> ProgramUses(const resolve::Resolution& resolution);

}  // namespace cgo_ld_shim::report

#endif  // CGO_LD_SHIM_REPORT_INPUTS_H_
