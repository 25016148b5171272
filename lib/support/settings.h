// Settings are environment variables named CGO_LD_SHIM_*, because a multi-word CC loses its words in Go's link probes
// (golang/go#10163, #81163). One table holds them all (setting_rows.h); here they are read, with messages for people.
//
// Example:
//   absl::StatusOr<Settings> settings = ReadSettings(environ);
//   if (settings->static_mode == StaticMode::kFull) ...
//
// A Settings owns its strings and outlives nothing else. Errors: kInvalidArgument for an unknown name or value, or for
// a combination that cannot be; the message names the variable, the value, and the values it may have.
#ifndef CGO_LD_SHIM_SUPPORT_SETTINGS_H_
#define CGO_LD_SHIM_SUPPORT_SETTINGS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "support/setting_rows.h"

namespace cgo_ld_shim::support {

enum class StaticMode { kFull, kPrefer, kOff };
enum class DebugSections { kAsAsked, kNone, kZlib, kZstd };

struct Settings {
  Libc libc = Libc::kAuto;
  StaticMode static_mode = StaticMode::kFull;
  std::string linker;                // "lld", "zig" or a path; empty: not set
  std::vector<std::string> cc;       // the underlying C compiler's words; empty: not set
  std::vector<std::string> cxx;      // likewise for C++
  std::string zig;                   // path of zig; empty: not set
  std::string target;                // a target triple; empty: not set
  bool nss_host = false;             // NSS=host: leave glibc's name service switch as it is
  bool compat = true;                // COMPAT=off clears it
  std::vector<std::string> stubs;    // comma- or space-separated: libraries to be stubbed, without lib and .so
  std::vector<std::string> isolate;  // archives whose symbols are hidden from the others
  bool unresolved_error = false;     // UNRESOLVED=error
  bool rescue = true;                // RESCUE=off clears it
  DebugSections debug_sections = DebugSections::kAsAsked;
  bool gc = false;       // GC=on: sections that nothing refers to are left out
  bool note = false;     // NOTE=1: the program carries its list of components
  std::string log;       // a path, or "stderr"; empty: not set
  bool verbose = false;  // VERBOSE=1
  bool strict = false;   // STRICT=1: a fault of ours is an error, there is no fallback
};

absl::StatusOr<Settings> ReadSettings(const char* const* envp);

// One line a setting whose row says that it affects `what`, "NAME=value", only those that are set to something else
// than their initial value, in the table's order: the settings' part of a fingerprint. Not those that name a program:
// which one it is counts there, and not where it lies.
std::string SettingsFingerprintText(const char* const* envp, Affects what);

}  // namespace cgo_ld_shim::support

#endif  // CGO_LD_SHIM_SUPPORT_SETTINGS_H_
