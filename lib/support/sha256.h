// The SHA-256 of a file or a text, as 64 hexadecimal digits.
//
// Example:
//   Sha256OfFile("/usr/lib/libz.a")   // "e3b0…"
#ifndef CGO_LD_SHIM_SUPPORT_SHA256_H_
#define CGO_LD_SHIM_SUPPORT_SHA256_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cgo_ld_shim::support {

std::string Sha256OfText(absl::string_view text);
// Read piece by piece: an archive of some gigabytes costs no memory. Errors as ReadFile's (file.h).
absl::StatusOr<std::string> Sha256OfFile(const std::string& path);

}  // namespace cgo_ld_shim::support

#endif  // CGO_LD_SHIM_SUPPORT_SHA256_H_
