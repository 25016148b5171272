// How a package of PyPI is installed on this machine.
//
// Example:
//   PipInstall("ziglang")   // "pip install --user --break-system-packages ziglang" on Debian 12 and later
//
// Where the distribution keeps Python's packages for itself (PEP 668) pip refuses without that flag; with --user it
// touches nothing of the distribution's. In a virtual environment plain `pip install` is right. Looks at files only.
#ifndef CGO_LD_SHIM_SUPPORT_PYTHON_H_
#define CGO_LD_SHIM_SUPPORT_PYTHON_H_

#include <string>

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::support {

std::string PipInstall(absl::string_view package);

}  // namespace cgo_ld_shim::support

#endif  // CGO_LD_SHIM_SUPPORT_PYTHON_H_
