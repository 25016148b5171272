// What one id means that people meet in `explain`, in a failure or in a setting: rules, causes, rescued compiles and
// settings one by one, as docs/reference.md has them all.
//
// Example:
//   fmt::print("{}", IdText("drop-repeat", options));   // "drop-repeat: a rule, by which …", a row for when, what, why
//
// Texts from constant tables; nothing is read.
#ifndef CGO_LD_SHIM_REPORT_IDS_H_
#define CGO_LD_SHIM_REPORT_IDS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "report/text.h"

namespace cgo_ld_shim::report {

// Ends with a line end; empty: `id` is none.
std::string IdText(absl::string_view id, const TextOptions& options = {});
// All that it knows: rules, causes, rescued compiles, settings, each in its table's order.
std::vector<std::string> Ids();

}  // namespace cgo_ld_shim::report

#endif  // CGO_LD_SHIM_REPORT_IDS_H_
