// How a link tells `cgo-ld-shim go`, which reads what Go prints, where an explanation of ours begins and ends: by two
// lines with a word that only that process and its children know. Without the word in the environment there are no such
// lines.
//
// Example:
//   const std::string text = Marked(report::FailureText(record), environ);
//   if (line == BeginLine(word)) …
#ifndef CGO_LD_SHIM_REPORT_MARKS_H_
#define CGO_LD_SHIM_REPORT_MARKS_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "support/setting_rows.h"

namespace cgo_ld_shim::report {

inline constexpr char kMarkVariable[] = "CGO_LD_SHIM_INTERNAL_MARK";

// Whole lines, with their ends.
inline std::string BeginLine(absl::string_view word) { return absl::StrCat("cgo-ld-shim explains ", word, "\n"); }
inline std::string EndLine(absl::string_view word) { return absl::StrCat("cgo-ld-shim has explained ", word, "\n"); }

// An explanation between its marks, where the environment has the word.
inline std::string Marked(const std::string& text, const char* const* environment) {
  const char* word = support::FindVariable(environment, kMarkVariable);
  return word == nullptr ? text : absl::StrCat(BeginLine(word), text, EndLine(word));
}

}  // namespace cgo_ld_shim::report

#endif  // CGO_LD_SHIM_REPORT_MARKS_H_
