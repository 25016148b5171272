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

bool VersionLess(absl::string_view a, absl::string_view b) {
  const auto numbers = [](absl::string_view version) {
    std::vector<int> parts;
    for (absl::string_view part : absl::StrSplit(version, '.')) {
      int number = 0;
      parts.push_back(absl::SimpleAtoi(part, &number) ? number : 0);
    }
    return parts;
  };
  return numbers(a) < numbers(b);
}

}  // namespace cgo_ld_shim::support
