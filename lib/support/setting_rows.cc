#include "support/setting_rows.h"

#include <iterator>

namespace cgo_ld_shim::support {
namespace {

constexpr std::string_view kPrefix = kSettingPrefix;
constexpr std::string_view kDepth = kDepthVariable;
// What we hand to our own children; not for people, and never reported.
constexpr std::string_view kInternalPrefix = "CGO_LD_SHIM_INTERNAL_";
// In SettingRow::values: any text that holds a slash.
constexpr std::string_view kPathValue = "PATH";

constexpr struct {
  std::string_view value;
  std::string_view in_triple;  // also opens "-gnueabihf", "-musleabi"
  Libc libc;
} kLibcs[] = {{"glibc", "-gnu", Libc::kGlibc}, {"musl", "-musl", Libc::kMusl}};

// Without strlen of `text`: most variables of an environment differ in the first letter.
bool StartsWith(const char* text, std::string_view prefix) {
  for (char c : prefix) {
    if (*text++ != c) return false;
  }
  return true;
}

}  // namespace

// STATIC changes objects too: refusing the dynimport link (STATIC=full, prefer) changes what Go caches for the package.
constexpr SettingRow kSettingRows[] = {
    {"LIBC", "auto|glibc|musl", "auto", Affects::kObjects,
     "the C library: auto takes the host's own when it can be linked statically, otherwise musl through zig"},
    {"STATIC", "full|prefer|off", "full", Affects::kObjects,
     "full: a result that is not static is an error; prefer: static where it can be; off: as Go asks"},
    {"LINKER", "lld|zig|PATH", "", Affects::kLink, "what links: the embedded lld, zig cc, or the path of a linker",
     true},
    {"CC", nullptr, "", Affects::kObjects, "the underlying C compiler, with its own flags; otherwise gcc, clang or cc",
     true},
    {"CXX", nullptr, "", Affects::kObjects, "the underlying C++ compiler; otherwise the partner of CC", true},
    {"ZIG", nullptr, "", Affects::kObjects,
     "which zig, for musl and for other targets; otherwise that of the same Python environment, or on PATH", true},
    {"TARGET", nullptr, "", Affects::kObjects, "a target triple; otherwise GOOS and GOARCH decide"},
    {"NSS", "files|host", "files", Affects::kLink,
     "user and host look-ups of glibc: files reads /etc and DNS, host keeps the host's nsswitch.conf"},
    {"COMPAT", "on|off", "on", Affects::kLink,
     "supply glibc's names that musl does not have; off takes every archive for one of musl's"},
    {"STUBS", nullptr, "", Affects::kLink, "shared libraries to replace by stubs that abort, such as gssapi_krb5"},
    {"ISOLATE", nullptr, "", Affects::kLink, "archives whose symbols are hidden from all other inputs"},
    {"UNRESOLVED", "as-asked|error", "as-asked", Affects::kLink,
     "symbols that --unresolved-symbols and its like leave at address 0: as-asked links; error says which and stops"},
    {"RESCUE", "on|off", "on", Affects::kObjects,
     "compiles for another target that fail for a known reason get what they lack; off leaves them as they are"},
    {"DEBUG_SECTIONS", "as-asked|none|zlib|zstd", "as-asked", Affects::kLink, "how debug sections are written"},
    {"GC", "on|off", "off", Affects::kLink,
     "on: leave out code and data of C, C++ and Rust that nothing refers to (--gc-sections); Go's own stay"},
    {"NOTE", "0|1", "0", Affects::kLink,
     "1: put the list of what is linked into the program, as the note .note.package"},
    {"LOG", nullptr, "", Affects::kNothing, "also write each link's record there: a path, or stderr"},
    {"VERBOSE", "0|1", "0", Affects::kNothing, "1: say what was changed in each link"},
    {"STRICT", "0|1", "0", Affects::kNothing, "1: a fault of ours is an error, without a fallback"},
};
constexpr size_t kSettingRowCount = std::size(kSettingRows);

Libc LibcOfSetting(std::string_view value) {
  for (const auto& row : kLibcs) {
    if (value == row.value) return row.libc;
  }
  return Libc::kAuto;
}

Libc LibcOfTriple(std::string_view triple) {
  for (const auto& row : kLibcs) {
    if (triple.find(row.in_triple) != std::string_view::npos) return row.libc;
  }
  return Libc::kAuto;
}

bool ParseSettingVariable(const char* entry, SettingVariable* variable) {
  if (!StartsWith(entry, kPrefix)) return false;
  const std::string_view text = entry;
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos) return false;
  *variable = {text.substr(0, equals), text.substr(equals + 1)};
  return variable->name != kDepth && !variable->name.starts_with(kInternalPrefix);
}

const SettingRow* FindSettingRow(std::string_view name) {
  for (const SettingRow& row : kSettingRows) {
    if (name.substr(kPrefix.size()) == row.name) return &row;
  }
  return nullptr;
}

bool SettingValueAllowed(const SettingRow& row, std::string_view value) {
  if (row.values == nullptr || value.empty()) return true;
  std::string_view rest = row.values;
  while (true) {
    const size_t bar = rest.find('|');
    const std::string_view allowed = rest.substr(0, bar);
    if (allowed == kPathValue ? value.find('/') != std::string_view::npos : value == allowed) return true;
    if (bar == std::string_view::npos) return false;
    rest.remove_prefix(bar + 1);
  }
}

bool IsToolexec(const char* const* envp) {
  const char* flags = FindVariable(envp, "GOFLAGS");
  if (flags == nullptr || FindVariable(envp, kToolexecVariable) == nullptr) return false;
  constexpr std::string_view kFlag = "-toolexec=";
  const std::string_view text = flags;
  const size_t begin = text.find(kFlag);
  if (begin == std::string_view::npos) return false;
  const std::string_view program = text.substr(begin, text.find(' ', begin) - begin);
  return program.substr(program.rfind('/') + 1).starts_with("cgo-ld-shim");
}

bool SettingsLookValid(const char* const* envp) {
  SettingVariable variable;
  for (; *envp != nullptr; ++envp) {
    if (!ParseSettingVariable(*envp, &variable)) continue;
    const SettingRow* row = FindSettingRow(variable.name);
    if (row == nullptr || !SettingValueAllowed(*row, variable.value)) return false;
  }
  return true;
}

const char* FindVariable(const char* const* envp, const char* name) {
  const std::string_view wanted = name;
  for (; *envp != nullptr; ++envp) {
    if (!StartsWith(*envp, wanted) || (*envp)[wanted.size()] != '=') continue;
    // As getenv: the first entry of a name counts.
    const char* value = *envp + wanted.size() + 1;
    return *value != '\0' ? value : nullptr;
  }
  return nullptr;
}

}  // namespace cgo_ld_shim::support
