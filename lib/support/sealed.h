// Text in our own directories that is worth nothing when a bit of it has changed: written with its checksum, and read
// back only whole.
//
// Example:
//   WriteSealed(path, text).IgnoreError();     // a cache that cannot be written costs time, never the build
//   if (absl::StatusOr<std::string> kept = ReadSealed(path); kept.ok()) return *std::move(kept);
//
// Errors: ReadOwnFile's (file.h), and kDataLoss for what is not as it was written.
#ifndef CGO_LD_SHIM_SUPPORT_SEALED_H_
#define CGO_LD_SHIM_SUPPORT_SEALED_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cgo_ld_shim::support {

absl::Status WriteSealed(const std::string& path, absl::string_view text);
absl::StatusOr<std::string> ReadSealed(const std::string& path);

}  // namespace cgo_ld_shim::support

#endif  // CGO_LD_SHIM_SUPPORT_SEALED_H_
