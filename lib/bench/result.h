// What `bench` found out: the rounds of each linker, and where time and bytes of our own link go. Plain values, so that
// the texts can be tested without running a linker.
//
// Example:
//   BenchResult result = …;
//   fmt::print("{}", TableText(result, OutputOptions()));
//
// Times are milliseconds, sizes bytes. A shared or busy machine slows whole rounds, not linkers, so what counts is the
// ratio within a round: Ratio is the median of those.
#ifndef CGO_LD_SHIM_BENCH_RESULT_H_
#define CGO_LD_SHIM_BENCH_RESULT_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "report/text.h"

namespace cgo_ld_shim::bench {

double Median(std::vector<double> values);  // 0 for none
// Half of the values lie within this of the median (the median absolute deviation).
double Spread(const std::vector<double>& values);

struct BenchedLinker {
  std::string name;            // "mold 1.10.1"
  std::string program;         // its path; this program's own for the embedded lld
  std::vector<double> wall;    // one a round
  std::vector<double> cpu;     // user and system
  std::vector<double> memory;  // largest resident set
  uint64_t output_bytes = 0;
  std::string error;  // what it said when it could not do the link; then there are no rounds

  double WallRatio(const BenchedLinker& first) const;
  double CpuRatio(const BenchedLinker& first) const;
};

// What an archive, or the program itself, has in the output before debug sections are compressed.
struct Contribution {
  std::string name;           // "libsqlite3.a", "Go code", "C code of the program", "made by the linker"
  uint64_t loaded_bytes = 0;  // code and data
  uint64_t other_bytes = 0;   // debug information and the like
};

struct BenchResult {
  std::string program;  // what is linked: "example.com/kv"
  size_t inputs = 0;
  uint64_t input_bytes = 0;
  std::string debug_sections;  // "zlib", "none", …
  std::string mode, target, libc;
  std::string machine;  // "AMD EPYC 7B13, 2 cores, Linux 6.1.0"
  std::string load;     // of the last minute, before and after: "0.4 … 1.9"
  int rounds = 0;
  std::vector<BenchedLinker> linkers;                         // the first is what the others are compared with
  std::vector<std::pair<std::string, double>> link_phases;    // of the whole final link, as it was captured
  std::vector<std::pair<std::string, double>> linker_phases;  // within the embedded lld, largest first
  std::vector<Contribution> contributions;                    // largest first
};

std::string TableText(const BenchResult& result, const report::TextOptions& options);
std::string BenchJson(const BenchResult& result);
// One page of HTML with its pictures in it, for a browser without network, in light and dark.
std::string BenchHtml(const BenchResult& result);

// The largest entries of a Chrome trace as lld writes it (--time-trace): time spent in each event itself, on the thread
// that has most of it. Empty when it is none.
std::vector<std::pair<std::string, double>> PhasesOfTrace(absl::string_view trace);
// Who has how much in the output, by lld's map (-Map).
std::vector<Contribution> ContributionsOfMap(absl::string_view map);

}  // namespace cgo_ld_shim::bench

#endif  // CGO_LD_SHIM_BENCH_RESULT_H_
