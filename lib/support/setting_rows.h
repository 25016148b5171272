// The table of settings, and what can be asked of it and of an environment without allocating: `cgo-ld-shim env
// --explain` prints it, the front checks names and values against it before anything else runs, and each row says
// whether the setting can change objects or the link.
//
// Example:
//   if (!SettingsLookValid(envp)) return;                            // main says what is wrong
//   const char* static_mode = FindVariable(envp, "CGO_LD_SHIM_STATIC");  // nullptr, "full", "prefer" or "off"
//
// What is returned points into `envp`. Neither this header nor its .cc brings in Abseil or anything with a constructor.
#ifndef CGO_LD_SHIM_SUPPORT_SETTING_ROWS_H_
#define CGO_LD_SHIM_SUPPORT_SETTING_ROWS_H_

#include <cstddef>
#include <string_view>

namespace cgo_ld_shim::support {

inline constexpr char kSettingPrefix[] = "CGO_LD_SHIM_";

// What a different value of a setting can change; the first two kinds are part of the fingerprint.
enum class Affects { kObjects, kLink, kNothing };

struct SettingRow {
  const char* name;     // without the prefix
  const char* values;   // "auto|glibc|musl", where PATH stands for any text with a slash; nullptr: any text
  const char* initial;  // what an unset or empty variable means
  Affects affects;
  const char* what;            // one line for people
  bool names_program = false;  // the value is a program, or its command
};

// LIBC's values. A triple in TARGET says the same in words of its own; settings come before `target` can read it, and
// need no more of it than which of these two it names.
enum class Libc { kAuto, kGlibc, kMusl };
Libc LibcOfSetting(std::string_view value);
Libc LibcOfTriple(std::string_view triple);  // kAuto: neither

// All settings, in the order in which they are shown. Plain constant data: the front reads it before any constructor
// ran.
extern const SettingRow kSettingRows[];
extern const size_t kSettingRowCount;

// Internal variables of ours that are not settings (loop detection; also every CGO_LD_SHIM_INTERNAL_*); never reported.
inline constexpr char kDepthVariable[] = "CGO_LD_SHIM_DEPTH";

// For messages: the variable by which the user named the compiler that CGO_LD_SHIM_CC, or _CXX, now holds ("CC");
// unset: that setting itself.
inline constexpr char kCcSource[] = "CGO_LD_SHIM_INTERNAL_CC";
inline constexpr char kCxxSource[] = "CGO_LD_SHIM_INTERNAL_CXX";

// Set by `cgo-ld-shim go`, which makes this program Go's -toolexec: the user's own -toolexec, which runs the tools in
// turn; "-": there is none.
inline constexpr char kToolexecVariable[] = "CGO_LD_SHIM_INTERNAL_TOOLEXEC";
// True when Go asks through us who its linker is: GOFLAGS, which a go command inside another may have changed, still
// names this program as -toolexec.
bool IsToolexec(const char* const* envp);

// True when every CGO_LD_SHIM_* variable in `envp` has a known name and a value that its row allows. No allocation:
// this is what the front asks on every call.
bool SettingsLookValid(const char* const* envp);

// The value of variable `name` (with prefix) in `envp`, or nullptr when it is unset or empty. No allocation.
const char* FindVariable(const char* const* envp, const char* name);

// One of the environment's settings: every CGO_LD_SHIM_* but our internal ones.
struct SettingVariable {
  std::string_view name;   // with the prefix
  std::string_view value;  // may be empty
};

// Splits one environment string; false when it is not a setting, known or not.
bool ParseSettingVariable(const char* entry, SettingVariable* variable);

const SettingRow* FindSettingRow(std::string_view name);  // with the prefix; nullptr: there is none
bool SettingValueAllowed(const SettingRow& row, std::string_view value);

}  // namespace cgo_ld_shim::support

#endif  // CGO_LD_SHIM_SUPPORT_SETTING_ROWS_H_
