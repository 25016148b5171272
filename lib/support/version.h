// Versions of tools and C libraries as they print them: "2.36", "0.17.0-dev.12+abc".
//
// Example:
//   if (OlderThan("2.31", 2, 34)) …   // true
#ifndef CGO_LD_SHIM_SUPPORT_VERSION_H_
#define CGO_LD_SHIM_SUPPORT_VERSION_H_

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::support {

// False also for what does not begin with two numbers: nothing is known of it.
bool OlderThan(absl::string_view version, int major, int minor);

// By their numbers: "2.4" is before "2.17". What is no number counts as 0.
bool VersionLess(absl::string_view a, absl::string_view b);

}  // namespace cgo_ld_shim::support

#endif  // CGO_LD_SHIM_SUPPORT_VERSION_H_
