// The files of development packages that this executable carries, for machines where no package manager knows which
// package has a file: lib/packages/make-table makes it from what a registry offers.
//
// Example:
//   FindInTable('a', "z")   // {"zlib1g-dev"}
//
// It is kept compressed, and unpacked on the first question.
#ifndef CGO_LD_SHIM_PACKAGES_CONTENTS_TABLE_H_
#define CGO_LD_SHIM_PACKAGES_CONTENTS_TABLE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::packages {

// The distribution's release that the table was made of, for people: "Debian 12".
std::string TableRelease();

// The packages with a file, the one that most others build on first. `kind` is 'a' for lib<name>.a, 's' for
// lib<name>.so, 'p' for <name>.pc, 'h' for a header below the directories that compilers search.
std::vector<std::string> FindInTable(char kind, absl::string_view name);

}  // namespace cgo_ld_shim::packages

#endif  // CGO_LD_SHIM_PACKAGES_CONTENTS_TABLE_H_
