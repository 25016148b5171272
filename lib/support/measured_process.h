// Runs a program to its end, and says what it cost.
//
// Example:
//   absl::StatusOr<Measured> run = RunMeasured({"/usr/bin/mold", "-o", "/tmp/x", "@response.txt"}, {.directory =
//   "kv"}); if (run.ok() && run->exit_status == 0) use(run->wall_ms);
//
// Unlike support::RunProcess it lets the caller live on when the user interrupts: the signal goes to the child, its end
// is waited for, and `interrupted` says so, so that half-made files can be removed. Errors: kNotFound when it cannot be
// started.
#ifndef CGO_LD_SHIM_SUPPORT_MEASURED_PROCESS_H_
#define CGO_LD_SHIM_SUPPORT_MEASURED_PROCESS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace cgo_ld_shim::support {

struct Measured {
  int exit_status = 0;      // 128 + signal number when a signal ended it
  int interrupted = 0;      // the signal that this process got meanwhile; 0: none
  double wall_ms = 0;       // from just before it was started until it was gone
  double cpu_ms = 0;        // user and system, with the children that it waited for
  uint64_t peak_bytes = 0;  // the largest resident set of it or one of those children
  std::string messages;     // stdout and stderr, when they were captured
};

struct MeasuredOptions {
  std::vector<std::string> environment;  // "NAME=value": all of it; empty: ours
  std::string directory;                 // to run in; empty: ours
  bool capture = true;                   // otherwise it writes where we write
};

absl::StatusOr<Measured> RunMeasured(const std::vector<std::string>& argv, const MeasuredOptions& options = {});

}  // namespace cgo_ld_shim::support

#endif  // CGO_LD_SHIM_SUPPORT_MEASURED_PROCESS_H_
