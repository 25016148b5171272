// LLVM's JSON parser calls itself for each level, and so does whoever reads the value: a text that is nested deep
// enough ends the process. What others wrote is looked at with this first.
//
// Example:
//   if (support::IsNestedTooDeep(text)) return absl::DataLossError("it is nested too deep");
#ifndef CGO_LD_SHIM_SUPPORT_JSON_DEPTH_H_
#define CGO_LD_SHIM_SUPPORT_JSON_DEPTH_H_

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::support {

// Nothing of ours has more than six levels.
inline constexpr int kMaxJsonDepth = 64;
// Whether objects and arrays are nested deeper than kMaxJsonDepth. Brackets in strings do not count.
bool IsNestedTooDeep(absl::string_view json);

}  // namespace cgo_ld_shim::support

#endif  // CGO_LD_SHIM_SUPPORT_JSON_DEPTH_H_
