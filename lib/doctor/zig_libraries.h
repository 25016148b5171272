// Whether zig has built the libraries of a target yet. zig ships them as source: the first link for a target compiles
// its C library, and the first C++ program its C++ library, which takes about a minute each and is silent.
//
// Example:
//   const toolchain::Driver driver = toolchain::ZigDriver(zig, /*cxx=*/false,
//   target::ParseTriple("aarch64-linux-musl")); if (!IsPrepared(driver, /*cxx=*/false)) Say("preparing musl …");
//   absl::Status prepared = Prepare(driver, /*cxx=*/false);
//
// For musl the copies that our links use are looked for (toolchain/zig_libc.h). zig has no command that answers this
// for its own cache, so that is looked at: a library of the right name, for the right machine, that is not older than
// zig. A wrong answer there costs a wrong word on the screen and nothing else.
#ifndef CGO_LD_SHIM_DOCTOR_ZIG_LIBRARIES_H_
#define CGO_LD_SHIM_DOCTOR_ZIG_LIBRARIES_H_

#include <string>

#include "absl/status/status.h"
#include "toolchain/driver.h"

namespace cgo_ld_shim::doctor {

// `driver`: zig for a target. `cxx`: the C++ library as well. Reads files only.
bool IsPrepared(const toolchain::Driver& driver, bool cxx);

// Lets zig build them. Errors: kFailedPrecondition with zig's own words.
absl::Status Prepare(const toolchain::Driver& driver, bool cxx);

// `cgo-ld-shim go` owns the terminal, and its children, the links, do not: Go shows what a compiler says only at its
// end. So it opens a pipe, names it to them in a variable, and prints each line that comes out of it once.
inline constexpr char kProgressVariable[] = "CGO_LD_SHIM_INTERNAL_PROGRESS";
// "preparing musl for linux/arm64 with zig, about a minute, once"
std::string PreparingText(const toolchain::Driver& driver, const std::string& os, const std::string& arch, bool cxx);
// Says a line through the pipe, when there is one; at most PIPE_BUF bytes with its end.
void SayProgress(const char* const* envp, const std::string& line);
// Says that text through the pipe, when there is one and the libraries have not been built yet. Any other
// driver than zig for a target is left alone.
void AnnouncePreparation(const char* const* envp, const toolchain::Driver& driver, bool cxx);

}  // namespace cgo_ld_shim::doctor

#endif  // CGO_LD_SHIM_DOCTOR_ZIG_LIBRARIES_H_
