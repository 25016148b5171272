// Go's question by which it knows a compiler, `-### -x c -c -`. For macOS zig makes a file called "-.o" where it is
// asked, so it is asked in a directory that goes.
//
// Example:
//   absl::StatusOr<support::ProcessResult> said = AskForVersion({"/usr/bin/zig", "cc", "-###", "-x", "c", "-c", "-"});
//   if (said.ok()) line = VersionLine(said->output);   // toolchain.h
#ifndef CGO_LD_SHIM_TOOLCHAIN_VERSION_QUESTION_H_
#define CGO_LD_SHIM_TOOLCHAIN_VERSION_QUESTION_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "support/process.h"

namespace cgo_ld_shim::toolchain {

// The whole command; `environment` replaces or adds to ours. stderr is in the output.
absl::StatusOr<support::ProcessResult> AskForVersion(const std::vector<std::string>& argv,
                                                     std::vector<std::string> environment = {});

}  // namespace cgo_ld_shim::toolchain

#endif  // CGO_LD_SHIM_TOOLCHAIN_VERSION_QUESTION_H_
