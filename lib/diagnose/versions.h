// Which versions of one library two objects are of, by the texts in their data: "3.45.1" alone, or within a text that
// is otherwise the same in both, such as " deflate 1.2.11 Copyright 1995-2017 …". Libraries carry them for a function
// that says their version, or for people who look into a file. No library is known by its name.
//
// Example:
//   Versions versions = CompareVersions(mine, other);   // the bytes of two objects
//   // versions.first "3.46.1", versions.second "3.45.1"
//
// Both empty where nothing tells; equal where both say the same.
#ifndef CGO_LD_SHIM_DIAGNOSE_VERSIONS_H_
#define CGO_LD_SHIM_DIAGNOSE_VERSIONS_H_

#include <string>

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::diagnose {

struct Versions {
  std::string first, second;
};
Versions CompareVersions(absl::string_view first, absl::string_view second);

}  // namespace cgo_ld_shim::diagnose

#endif  // CGO_LD_SHIM_DIAGNOSE_VERSIONS_H_
