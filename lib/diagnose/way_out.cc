#include "diagnose/way_out.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace cgo_ld_shim::diagnose {

WayOut SettingWay(const std::string& name, const std::string& value, std::string meaning) {
  return {.action = absl::StrCat(name, "=", value),
          .meaning = std::move(meaning),
          .change = Change{.settings = {{name, value}}}};
}

WayOut DropWay(std::vector<std::string> words, std::string meaning) {
  std::string action = absl::StrCat("leave ", absl::StrJoin(words, " "), " out");
  return {.action = std::move(action), .meaning = std::move(meaning), .change = Change{.drop = std::move(words)}};
}

WayOut FlagWay(std::string word, std::string meaning) {
  std::string action = absl::StrCat("add ", word, " to CGO_LDFLAGS");
  return {.action = std::move(action), .meaning = std::move(meaning), .change = Change{.add = {std::move(word)}}};
}

WayOut LibcWay(target::LibcFamily libc) {
  const absl::string_view name = target::FamilyName(libc);
  return SettingWay(
      "CGO_LD_SHIM_LIBC", std::string(name),
      absl::StrCat("the program is static with ", libc == target::LibcFamily::kGlibc ? "the host's " : "zig's ", name));
}

WayOut BuildWay(std::string action, Change change) {
  return {.action = std::move(action), .change = std::move(change)};
}

WayOut StepWay(std::string action, Change change) {
  return {.action = std::move(action), .change = std::move(change), .step = true};
}

}  // namespace cgo_ld_shim::diagnose
