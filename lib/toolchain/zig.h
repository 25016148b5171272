// zig as the underlying compiler: for musl, and for every target that is not this host. It brings its own libc, C++
// library and linker for each, so that nothing but zig need be installed (ziglang on PyPI).
//
// Example:
//   std::optional<std::string> zig = FindZig(settings.zig);             // "/usr/bin/zig"
//   std::optional<std::string> triple = ZigTriple(target, environ);     // "aarch64-linux-musl"
#ifndef CGO_LD_SHIM_TOOLCHAIN_ZIG_H_
#define CGO_LD_SHIM_TOOLCHAIN_ZIG_H_

#include <optional>
#include <string>

#include "target/target.h"

namespace cgo_ld_shim::toolchain {

// The zig executable: `configured` (CGO_LD_SHIM_ZIG) when it is not empty, that of the Python environment in which this
// program is installed, zig on PATH, or that of the Python package ziglang, whose place is asked of python3 once and
// kept. nullopt: there is none.
std::optional<std::string> FindZig(const std::string& configured);

// zig of the Python package ziglang in the environment whose bin/ holds `executable` (absolute): of several Python 3
// versions the newest. nullopt: there is none.
std::optional<std::string> ZigOfEnvironment(const std::string& executable);

// zig's name for a target; nullopt for one that zig does not have.
std::optional<std::string> ZigTriple(const target::Target& target);

}  // namespace cgo_ld_shim::toolchain

#endif  // CGO_LD_SHIM_TOOLCHAIN_ZIG_H_
