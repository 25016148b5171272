// Which compiler serves a call? Decided here and nowhere else: for the calls of Go's, for `cgo-ld-shim go` and `env`,
// and for what `doctor` and `targets` say. The front (shim/front.cc) hands on only what needs no decision: calls for
// this host, by invocation/underlying.h, which is below this.
//
// In this order:
//   1. CGO_LD_SHIM_CC or CGO_LD_SHIM_CXX, whatever the target is; `cgo-ld-shim go` puts there what the user has set as
//      Go's CC or CXX;
//   2. zig, for another system or architecture than this host's, for musl (CGO_LD_SHIM_LIBC), for a triple
//      (CGO_LD_SHIM_TARGET), and for 386 where the host's compiler has no libraries for it;
//   3. the first of gcc, clang and cc on PATH.
//
// Example:
//   absl::StatusOr<Driver> driver = ChooseDriver({.settings = settings, .envp = environ, .cxx = false, .args = args});
//   if (driver->IsZig()) …   // driver->words: /usr/bin/zig cc -target aarch64-linux-musl …; driver->target.arch
//   "arm64"
//
// A Driver is a plain value. Errors: kNotFound when there is no such compiler, kFailedPrecondition for want of a zig
// that works, kInvalidArgument for settings that do not fit GOOS and GOARCH; the message says what to install or set.
#ifndef CGO_LD_SHIM_TOOLCHAIN_DRIVER_H_
#define CGO_LD_SHIM_TOOLCHAIN_DRIVER_H_

#include <map>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "support/settings.h"
#include "target/target.h"
#include "target/triple.h"

namespace cgo_ld_shim::toolchain {

enum class DriverKind {
  kCompiler,  // gcc, clang, or what stands before one: it knows its target by itself (Toolchain::machine)
  kZig,       // `zig cc` or `zig c++`
};

// Why this one.
enum class ChosenBy {
  kSetting,  // the user named it
  kPath,     // nobody did, and it is this host's own
  kTarget,   // the target or the C library needs zig
};

struct Driver {
  DriverKind kind = DriverKind::kCompiler;
  std::vector<std::string> words = {};  // of its command; the first one as an absolute path
  target::Triple target = {};           // what zig is told to compile for; empty for any other, and for zig's own host
  ChosenBy chosen_by = ChosenBy::kSetting;

  bool IsZig() const { return kind == DriverKind::kZig; }
  // zig for Linux with musl, whose libraries our own linker can use (zig_libc.h).
  bool IsZigMusl() const { return target.IsLinuxMusl(); }
  // zig alone can link for it: another system than Linux, or Linux with glibc. Such a program is dynamic for what the
  // system brings.
  bool LinksForSystem() const { return !target.empty() && (!target.IsLinux() || target.libc.IsGlibc()); }
  // zig for macOS.
  bool IsApple() const { return target.IsMacOs(); }
};

// A driver by its words, as a setting has them or a record kept them.
Driver ReadDriver(std::vector<std::string> words);

// zig's command for a triple, with what the triple needs besides. `cpu`: for -mcpu=; empty: the triple's own.
Driver ZigDriver(const std::string& zig, bool cxx, const target::Triple& triple, const std::string& cpu = "");

struct DriverRequest {
  const support::Settings& settings;
  const char* const* envp;
  bool cxx = false;
  std::vector<std::string> args = {};  // of the call, which may say the oldest version of macOS
};
absl::StatusOr<Driver> ChooseDriver(const DriverRequest& request);

// Who serves a target, without a look at whether it is there. `host_lacks_it` is asked for 386 alone: the host's own
// compiler has no libraries for it, and zig is there.
ChosenBy WhoServes(const support::Settings& settings, const target::Target& target, bool cxx,
                   absl::FunctionRef<bool()> host_lacks_it);

// The compiler that the user has named or that is first on PATH, whatever the target is. Errors: kNotFound.
absl::StatusOr<Driver> HostDriver(const char* const* envp, bool cxx);

// What the user has set for Go: in the environment, and in the files that `go env -w` and the distribution write (`go
// env GOENV`, GOROOT/go.env), which an environment variable goes before. What go itself would take without them, which
// is clang for macOS and FreeBSD, is nobody's choice, so that what `go env CC` prints does not tell.
struct GoSettings {
  std::map<std::string, std::string> environment;
  std::map<std::string, std::string> files;

  // Empty: not set.
  std::string Get(const std::string& name) const;
};
// Reads such a file into `*settings`; what is there already stays.
void ReadGoEnvFile(absl::string_view text, std::map<std::string, std::string>* settings);

}  // namespace cgo_ld_shim::toolchain

#endif  // CGO_LD_SHIM_TOOLCHAIN_DRIVER_H_
