// Whether zig has built the C library of a target yet. zig ships libc as source: the first link for a target compiles
// it, which takes about a minute and is silent.
//
// Example:
//   if (!ZigLibcBuilt(zig, "aarch64-linux-musl")) Say("preparing musl …");
//   absl::Status prepared = PrepareZigLibc(zig, "aarch64-linux-musl");
//
// zig has no command that answers this, so its global cache is looked at: a library of the right name, for the right
// machine, that is not older than zig itself. A wrong answer costs a wrong word on the screen and nothing else.
#ifndef CGO_LD_SHIM_DOCTOR_ZIG_LIBC_H_
#define CGO_LD_SHIM_DOCTOR_ZIG_LIBC_H_

#include <string>

#include "absl/status/status.h"

namespace cgo_ld_shim::doctor {

// "musl", "mingw-w64", or "the C library": what zig builds for a triple.
std::string ZigLibcName(const std::string& triple);

// `zig` is the executable's path. False where there is no cache.
bool ZigLibcBuilt(const std::string& zig, const std::string& triple);

// Compiles and links a program of one line, in a temporary directory that is removed. Errors: kFailedPrecondition with
// zig's own words.
absl::Status PrepareZigLibc(const std::string& zig, const std::string& triple);

// `cgo-ld-shim go` owns the terminal, and its children, the links, do not: Go shows what a compiler says only at its
// end. So it opens a pipe, names it to them in a variable, and prints each line that comes out of it once.
inline constexpr char kProgressVariable[] = "CGO_LD_SHIM_INTERNAL_PROGRESS";
// "preparing musl for linux/arm64 with zig, about a minute, once"
std::string PreparingText(const std::string& triple, const std::string& os, const std::string& arch);
// Says that text through the pipe, when there is one and the library has not been built yet. `argv` is zig's command
// with "-target" in it; anything else is left alone.
void AnnouncePreparation(const char* const* envp, const std::vector<std::string>& argv);

}  // namespace cgo_ld_shim::doctor

#endif  // CGO_LD_SHIM_DOCTOR_ZIG_LIBC_H_
