// What can be built for a target here, with what, and what is missing for it?
//
// Example:
//   for (const TargetState& state : MainTargets(machine)) …   // linux/amd64 glibc static: ready, gcc 12.2.0,
//   glibc 2.36 DescribeTarget(machine, "linux", "arm64")                 // first build prepares libc: zig 0.17.0
#ifndef CGO_LD_SHIM_DOCTOR_TARGETS_H_
#define CGO_LD_SHIM_DOCTOR_TARGETS_H_

#include <string>
#include <vector>

#include "doctor/machine.h"

namespace cgo_ld_shim::doctor {

enum class Readiness {
  kReady,
  kPrepares,     // the first build takes about a minute longer: zig builds the C library
  kMissing,      // something has to be installed or set
  kUnsupported,  // nothing that could be installed would help
};
// "ready", "first build prepares libc", "missing", "not supported"; in JSON: "ready", "prepares", "missing",
// "unsupported".
const char* ReadinessText(Readiness readiness);
const char* ReadinessId(Readiness readiness);

struct TargetState {
  std::string os, arch;  // Go's names
  std::string result;    // "glibc static", "musl static", "dynamic", "exe"; empty: none
  std::string with;      // "gcc 12.2.0, glibc 2.36", "zig 0.17.0, aarch64-linux-musl"; empty: nothing here
  std::string triple;    // zig's name of the target, when zig serves it
  Readiness readiness = Readiness::kMissing;
  std::string reason;   // what is missing or does not work, in words; may also stand beside kReady
  std::string install;  // what to do about it; empty: nothing
  std::string runs;     // how such a program is run here: "natively", "qemu-aarch64"; empty: not here
  std::string Name() const { return os + "/" + arch; }
};

// What a build for GOOS/GOARCH with the present settings uses.
TargetState DescribeTarget(const Machine& machine, const std::string& os, const std::string& arch);

// "linux/amd64", …: those that are asked for most, whatever is here.
std::vector<std::string> MainTargetNames();
// This machine's own target first, with each C library; then those that are asked for most.
std::vector<TargetState> MainTargets(const Machine& machine);

// Every GOOS/GOARCH that the installed go knows; without go, those that zig has.
std::vector<TargetState> AllTargets(const Machine& machine);

}  // namespace cgo_ld_shim::doctor

#endif  // CGO_LD_SHIM_DOCTOR_TARGETS_H_
