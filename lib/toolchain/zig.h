// zig as the underlying compiler: for musl, and for every target that is not this host. It brings its own libc, C++
// library and linker for each, so that nothing but zig need be installed (ziglang on PyPI).
//
// Example:
//   std::optional<std::string> zig = FindZig(settings.zig);             // "/usr/bin/zig"
//   std::optional<ZigTarget> for_arm = ZigTargetFor(target, environ);    // {aarch64-linux-musl}
#ifndef CGO_LD_SHIM_TOOLCHAIN_ZIG_H_
#define CGO_LD_SHIM_TOOLCHAIN_ZIG_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "target/target.h"
#include "target/triple.h"

namespace cgo_ld_shim::toolchain {

// The zig executable: `configured` (CGO_LD_SHIM_ZIG) when it is not empty, that of the Python environment in which this
// program is installed, zig on PATH, or that of the Python package ziglang in PYTHONPATH, VIRTUAL_ENV, the prefix of
// the python3 on PATH (behind a shim of pyenv, asdf or mise those of all its versions), or the user's own packages. No
// interpreter is started, and nothing is looked for in the current directory. nullopt: there is none.
std::optional<std::string> FindZig(const std::string& configured);

// zig of the Python package ziglang in the environment whose bin/ holds `executable` (absolute): of several Python 3
// versions the newest. nullopt: there is none.
std::optional<std::string> ZigOfEnvironment(const std::string& executable);

// "0.15.2", as `zig version` says it; asked once and kept. Errors as those of CheckZig.
absl::StatusOr<std::string> ZigVersion(const std::string& zig);

// OK for a zig that is there, runs, and is new enough. Errors: kNotFound, kFailedPrecondition, with what to do.
inline constexpr int kOldestZig = 13;  // 0.13
absl::Status CheckZig(const std::string& zig);

// zig's name for a target; nullopt for one that zig does not have.
std::optional<target::Triple> ZigTriple(const target::Target& target);

// The same with the processor that GOARM, GOAMD64 and their like choose: {arm-linux-musleabi, "arm926ej_s"}.
struct ZigTarget {
  target::Triple triple;
  std::string cpu = {};  // for -mcpu=; empty: the triple's own
};
std::optional<ZigTarget> ZigTargetFor(const target::Target& target, const char* const* envp);

// Words that a triple needs besides, whatever the processor: what zig itself would choose does not work with Go there.
std::vector<std::string> ZigTripleWords(const target::Triple& triple);

// Where zig keeps what it brings for its targets (its `lib`). Errors: kNotFound, with the places that were looked at.
absl::StatusOr<std::string> ZigLibraryDirectory(const std::string& zig);

}  // namespace cgo_ld_shim::toolchain

#endif  // CGO_LD_SHIM_TOOLCHAIN_ZIG_H_
