// Settings are environment variables named CGO_LD_SHIM_*, because a multi-word CC loses its words in Go's link probes
// (golang/go#10163, #81163). One table holds them all; `cgo-ld-shim env --explain` prints it, the front checks names and
// values against it before anything else runs, and each row says whether the setting can change objects or the link.
//
// Example:
//   absl::StatusOr<Settings> settings = ReadSettings(environ);
//   if (settings->static_mode == StaticMode::kFull) ...
//
// A Settings owns its strings and outlives nothing else. Errors: kInvalidArgument for an unknown name or value, or for a
// combination that cannot be; the message names the variable, the value, and the values it may have.
#ifndef CGO_LD_SHIM_SUPPORT_SETTINGS_H_
#define CGO_LD_SHIM_SUPPORT_SETTINGS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace cgo_ld_shim::support {

inline constexpr char kSettingPrefix[] = "CGO_LD_SHIM_";

// What a different value of a setting can change; the first two kinds are part of the fingerprint.
enum class Affects { kObjects, kLink, kNothing };

struct SettingRow {
  const char* name;     // without the prefix
  const char* values;   // "auto|glibc|musl"; nullptr: any text (checked elsewhere)
  const char* initial;  // what an unset or empty variable means
  Affects affects;
  const char* what;  // one line for people
};

// All settings, in the order in which they are shown. Plain constant data: the front reads it before any constructor ran.
extern const SettingRow kSettingRows[];
extern const size_t kSettingRowCount;

// Internal variables of ours that are not settings (loop detection); never reported as unknown.
inline constexpr char kDepthVariable[] = "CGO_LD_SHIM_DEPTH";

// True when every CGO_LD_SHIM_* variable in `envp` has a known name and a value that its row allows. No allocation: this
// is what the front asks on every call.
bool SettingsLookValid(const char* const* envp);

// The value of variable `name` (with prefix) in `envp`, or nullptr when it is unset or empty. No allocation.
const char* FindVariable(const char* const* envp, const char* name);

enum class Libc { kAuto, kGlibc, kMusl };
enum class StaticMode { kFull, kPrefer, kOff };
enum class DebugSections { kAsAsked, kNone, kZlib, kZstd };

struct Settings {
  Libc libc = Libc::kAuto;
  StaticMode static_mode = StaticMode::kFull;
  std::string linker;             // "lld", "zig" or a path; empty: not set
  std::vector<std::string> cc;    // the underlying C compiler's words; empty: not set
  std::vector<std::string> cxx;   // likewise for C++
  std::string zig;                // path of zig; empty: not set
  std::string target;             // a target triple; empty: not set
  bool nss_host = false;          // NSS=host: leave glibc's name service switch as it is
  bool compat = true;             // COMPAT=off clears it
  std::vector<std::string> stubs;    // libraries to be stubbed, without lib and .so
  std::vector<std::string> isolate;  // archives whose symbols are hidden from the others
  DebugSections debug_sections = DebugSections::kAsAsked;
  std::string log;       // a path, or "stderr"; empty: not set
  bool verbose = false;  // VERBOSE=1
  bool strict = false;   // STRICT=1: a fault of ours is an error, there is no fallback
};

absl::StatusOr<Settings> ReadSettings(const char* const* envp);

// One line a setting whose row says that it affects objects or the link, "NAME=value", only those that are set, in the
// table's order: the settings' part of a fingerprint.
std::string SettingsFingerprintText(const char* const* envp);

}  // namespace cgo_ld_shim::support

#endif  // CGO_LD_SHIM_SUPPORT_SETTINGS_H_
