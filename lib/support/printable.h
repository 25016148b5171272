// Text of others (a linker's words, names of symbols, files and packages) as it may go to a terminal or into a log.
//
// Example:
//   Printable("ld: \x1b[2J\xffoo\n::error::x")   // "ld: \\x1b[2J\\xffoo\n\\x3a:error::x"
//
// What a terminal would act on is shown as \xNN, byte by byte: control characters, of which newline and tab stay, what
// changes the direction of text, and bytes that are not UTF-8. A line that a CI system would take for a command of its
// own ("::" or "##[" at its start, as GitHub Actions has them) no longer begins as one. Letters of any script stay.
//
// Not for JSON, commands to paste, or annotations of our own, which have escapes of their own.
#ifndef CGO_LD_SHIM_SUPPORT_PRINTABLE_H_
#define CGO_LD_SHIM_SUPPORT_PRINTABLE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::support {

std::string Printable(absl::string_view text);

// The same for one name, in which newline and tab are shown as well.
std::string PrintableName(absl::string_view name);

// Only the last: for our own layout of printable text, colours and all.
std::string WithoutCommands(absl::string_view text);

// What is not UTF-8 as U+FFFD: for JSON and HTML, which are UTF-8 or nothing.
std::string Utf8(absl::string_view text);

}  // namespace cgo_ld_shim::support

#endif  // CGO_LD_SHIM_SUPPORT_PRINTABLE_H_
