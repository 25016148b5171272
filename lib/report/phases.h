// Phases of a link (LinkRecord::phases_ms) that are told apart when they are added up.
#ifndef CGO_LD_SHIM_REPORT_PHASES_H_
#define CGO_LD_SHIM_REPORT_PHASES_H_

namespace cgo_ld_shim::report {

// In which zig compiles its libraries for a target: once, for all programs.
inline constexpr char kPreparePhase[] = "prepare";

}  // namespace cgo_ld_shim::report

#endif  // CGO_LD_SHIM_REPORT_PHASES_H_
