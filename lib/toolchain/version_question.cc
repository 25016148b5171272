#include "toolchain/version_question.h"

#include <utility>

#include "support/temporary.h"
#include "toolchain/driver.h"

namespace cgo_ld_shim::toolchain {

absl::StatusOr<support::ProcessResult> AskForVersion(const std::vector<std::string>& argv,
                                                     std::vector<std::string> environment) {
  support::ProcessOptions options{.environment = std::move(environment), .merge_stderr = true};
  // Where there is no such place, the file is the smaller evil.
  absl::StatusOr<support::TemporaryDirectory> scratch = absl::UnavailableError("");
  if (ReadDriver(argv).IsZig()) scratch = support::TemporaryDirectory::Make();
  if (scratch.ok()) options.working_directory = scratch->path();
  return support::RunProcess(argv, options);
}

}  // namespace cgo_ld_shim::toolchain
