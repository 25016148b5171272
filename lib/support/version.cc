#include "support/version.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace cgo_ld_shim::support {

bool OlderThan(absl::string_view version, int major, int minor) {
  const std::vector<absl::string_view> parts = absl::StrSplit(version, '.');
  int have_major = 0, have_minor = 0;
  if (parts.size() < 2 || !absl::SimpleAtoi(parts[0], &have_major) || !absl::SimpleAtoi(parts[1], &have_minor))
    return false;
  return have_major < major || (have_major == major && have_minor < minor);
}

}  // namespace cgo_ld_shim::support
