// Text inside HTML and SVG. Names of symbols, files and packages come from others: all of them go through here.
#ifndef CGO_LD_SHIM_REPORT_MARKUP_H_
#define CGO_LD_SHIM_REPORT_MARKUP_H_

#include <string>

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::report {

// As content or inside a quoted attribute: < > & " ' become entities; what is not UTF-8 becomes U+FFFD, as do
// letters that turn the direction of text; control characters become '?'.
std::string Escape(absl::string_view text);

}  // namespace cgo_ld_shim::report

#endif  // CGO_LD_SHIM_REPORT_MARKUP_H_
