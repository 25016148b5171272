// Runs the go command as a child, so that this process can speak on the terminal while it works.
//
// Example:
//   const int status = RunGoProcess(go, argv, environment, Stderr::kSummaries, StderrDesk());
//
// stdin, stdout and the terminal are go's. So are signals: an interrupt from the terminal reaches both, others are
// handed on; when a signal ends go, the same signal ends this process. The result is go's exit status, or -1 with errno
// set when it could not be started.
#ifndef CGO_LD_SHIM_SHIM_COMMANDS_GO_PROCESS_H_
#define CGO_LD_SHIM_SHIM_COMMANDS_GO_PROCESS_H_

#include <string>
#include <vector>

#include "shim/commands/own_stderr.h"

namespace cgo_ld_shim::commands {

// What becomes of go's stderr.
enum class Stderr {
  kOwn,        // it is this process's own
  kWhole,      // it goes through OutputFilter, which shows all of it
  kSummaries,  // … and of a failed link only what we say of it
};

// However, lines that come through the progress pipe (doctor/zig_libraries.h) are printed, each once. A program that go
// starts gets our stderr at `desk`, where that is open, as soon as all that go has said before is shown. Last comes
// what the links together have to say (report/asked_names.h), for which a success becomes kFailed.
int RunGoProcess(const std::string& go, const std::vector<std::string>& argv, std::vector<std::string> environment,
                 Stderr stderr_is, const StderrDesk& desk);

}  // namespace cgo_ld_shim::commands

#endif  // CGO_LD_SHIM_SHIM_COMMANDS_GO_PROCESS_H_
