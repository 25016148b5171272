// The link of a capture through every linker that is here, in turns.
//
// Example:
//   absl::StatusOr<BenchResult> result = Measure(*capture, {.directory = "kv-link", .scratch = "/tmp/x", .rounds = 9});
//
// Errors: kNotFound for a linker that was asked for and is not here, kCancelled when the user interrupts.
#ifndef CGO_LD_SHIM_BENCH_MEASURE_H_
#define CGO_LD_SHIM_BENCH_MEASURE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/result.h"
#include "capture/capture.h"

namespace cgo_ld_shim::bench {

struct Options {
  std::string directory;             // of the capture
  std::string scratch;               // where programs are linked to; the caller's
  int rounds = 9;                    // each linker links once a round
  std::string linkers;               // "mold,bfd"; empty: all that are here
  std::vector<std::string> allowed;  // words of the capture's line that are taken although a stranger's would not be
  bool progress = false;             // say on stderr, in one line, what is going on
};
absl::StatusOr<BenchResult> Measure(const capture::Capture& capture, const Options& options);

// The signal by which a measurement was cancelled.
int InterruptedBy(const absl::Status& cancelled);

}  // namespace cgo_ld_shim::bench

#endif  // CGO_LD_SHIM_BENCH_MEASURE_H_
