// Debian's copyright files of the machine-readable form (copyright-format/1.0): which files of a source package have
// which licence, and the licences' texts.
//
// Example:
//   std::optional<Copyright> copyright = ParseCopyright(text);
//   LicenceOf(*copyright, {"lookup.o", "free.o"})   // "LGPL-3+ or GPL-2+": that of "Files: *.c *.h"
//
// Plain values, which own their text. Any text is read; one of another form is no Copyright.
#ifndef CGO_LD_SHIM_PACKAGES_COPYRIGHT_H_
#define CGO_LD_SHIM_PACKAGES_COPYRIGHT_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::packages {

// A paragraph that begins with "Files:".
struct CopyrightFiles {
  std::vector<std::string> patterns;  // "lib/*", "*.c"
  std::string licence;                // the licence's short name, in Debian's words: "LGPL-3+ or GPL-2+"
};

struct Copyright {
  std::vector<CopyrightFiles> files;  // in their order: of those that match a file the last one counts
};

// nullopt: another form.
std::optional<Copyright> ParseCopyright(absl::string_view text);

// The licences of the sources that these archive members were compiled from, joined by "and"; one that is itself joined
// stands in parentheses. Without members that of "Files: *". Empty: it does not say.
//
// A member has the name of its source, not its directory. So a paragraph counts that matches the name in any directory
// ("*.c"), or that names it ("lib/divsufsort.*"); one for a whole directory ("debian/*", "tests/*") does not.
std::string LicenceOf(const Copyright& copyright, const std::vector<std::string>& members);

}  // namespace cgo_ld_shim::packages

#endif  // CGO_LD_SHIM_PACKAGES_COPYRIGHT_H_
