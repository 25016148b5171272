// How wide the screen is on which the words of a failed link will stand, and whether in colour. The link does not know:
// Go stands between it and the terminal. `cgo-ld-shim go` does, and says so in the environment.
//
// Example:
//   environment.push_back(absl::StrCat(kScreenVariable, "=", ScreenValue({.colour = true, .width = 120})));
//   FailureText(record, ScreenOptions(environ))
#ifndef CGO_LD_SHIM_REPORT_SCREEN_H_
#define CGO_LD_SHIM_REPORT_SCREEN_H_

#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "report/text.h"
#include "support/setting_rows.h"

namespace cgo_ld_shim::report {

inline constexpr char kScreenVariable[] = "CGO_LD_SHIM_INTERNAL_SCREEN";

inline std::string ScreenValue(const TextOptions& options) {
  return absl::StrCat(options.width, options.colour ? " colour" : "");
}

// 80 columns without colour where nobody says.
inline TextOptions ScreenOptions(const char* const* environment) {
  TextOptions options = NarrowScreen();
  const char* value = support::FindVariable(environment, kScreenVariable);
  if (value == nullptr) return options;
  absl::string_view width = value;
  options.colour = absl::ConsumeSuffix(&width, " colour");
  if (int columns = 0; absl::SimpleAtoi(width, &columns) && columns > 0) options.width = columns;
  return options;
}

}  // namespace cgo_ld_shim::report

#endif  // CGO_LD_SHIM_REPORT_SCREEN_H_
