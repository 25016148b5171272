// The libraries that an object for Windows asks for by itself: the /DEFAULTLIB words of its .drectve section, which
// Visual C++ writes into each object (PE format, "The .drectve Section"), and `#pragma comment(lib, …)` in others.
//
// Example:
//   DefaultLibraries(member.data)   // {"python311", "MSVCRT"} for " /DEFAULTLIB:\"python311.lib\" /DEFAULTLIB:MSVCRT"
//
// Names are without ".lib", in the order of the section. What is no object of COFF's, or a damaged one, has none.
#ifndef CGO_LD_SHIM_SYMBOLS_COFF_DIRECTIVES_H_
#define CGO_LD_SHIM_SYMBOLS_COFF_DIRECTIVES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::symbols {

std::vector<std::string> DefaultLibraries(absl::string_view data);

}  // namespace cgo_ld_shim::symbols

#endif  // CGO_LD_SHIM_SYMBOLS_COFF_DIRECTIVES_H_
