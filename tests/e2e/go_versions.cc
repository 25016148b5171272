#include "tests/e2e/go_versions.h"

#include <cstdlib>
#include <filesystem>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace cgo_ld_shim::e2e {

std::string GoVersionName(const testing::TestParamInfo<const char*>& test) {
  return absl::StrReplaceAll(test.param, {{".", "_"}});
}

std::string GoEnv(const char* name, const Environment& environment) {
  const ProcessResult result = RunProgram({"go", "env", name}, environment);
  return std::string(absl::StripAsciiWhitespace(result.output));
}

std::optional<Environment> EnvironmentOfGo(const std::string& version) {
  Environment environment = {absl::StrCat("GOTOOLCHAIN=", version)};
  // "/usr/lib/go-1.19"
  const std::string packaged = absl::StrCat("/usr/lib/go-", version.substr(2));
  if (std::filesystem::exists(packaged + "/bin/go"))
    environment = {"GOTOOLCHAIN=local", absl::StrCat("PATH=", packaged, "/bin:", std::getenv("PATH"))};
  if (!absl::StartsWith(GoEnv("GOVERSION", environment), version)) return std::nullopt;
  return environment;
}

}  // namespace cgo_ld_shim::e2e
