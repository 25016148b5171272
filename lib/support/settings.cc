// No message here may hold the words "unknown", "unsupported" or "unrecognized": cmd/go and cmd/link take such a word
// in the output of a flag probe as the answer "no" (go-seams.md, section 1).
#include "support/settings.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "llvm/ADT/StringRef.h"
#include "support/words.h"

namespace cgo_ld_shim::support {

namespace {

constexpr std::string_view kPrefix = kSettingPrefix;

// How far `typed` is from `name`; a name cut short, such as DEBUG for DEBUG_SECTIONS, counts as one typo.
unsigned Distance(std::string_view typed, std::string_view name) {
  return name.starts_with(typed) ? 1 : llvm::StringRef(name).edit_distance(llvm::StringRef(typed));
}

absl::Status NoSuchSetting(std::string_view name) {
  const std::string upper = absl::AsciiStrToUpper(std::string(name.substr(kPrefix.size())));
  const SettingRow* nearest = std::min_element(
      kSettingRows, kSettingRows + kSettingRowCount,
      [&](const SettingRow& a, const SettingRow& b) { return Distance(upper, a.name) < Distance(upper, b.name); });
  return absl::InvalidArgumentError(absl::StrCat(
      std::string(name), " is not a setting; did you mean ", kSettingPrefix, nearest->name, "? The settings are ",
      absl::StrJoin(kSettingRows, kSettingRows + kSettingRowCount, ", ",
                    [](std::string* out, const SettingRow& row) { out->append(row.name); }),
      ", each with ", kSettingPrefix, " before it"));
}

absl::Status WrongValue(const SettingVariable& variable, const SettingRow& row) {
  std::string allowed = absl::StrReplaceAll(row.values, {{"|", ", "}, {"PATH", "or a path"}});
  return absl::InvalidArgumentError(absl::StrCat(std::string(variable.name), "=", std::string(variable.value),
                                                 " is not one of its values: ", allowed));
}

absl::StatusOr<std::vector<std::string>> SplitCommand(const char* name, std::string_view text) {
  std::vector<std::string> words;
  std::string_view word;
  while (true) {
    switch (NextWord(&text, &word)) {
      case WordResult::kWord:
        words.emplace_back(word);
        break;
      case WordResult::kEnd:
        return words;
      case WordResult::kUnterminated:
        return absl::InvalidArgumentError(absl::StrCat(kSettingPrefix, name, ": nothing closes the quote ",
                                                       std::string(text.substr(0, 1)), " in ", std::string(text)));
    }
  }
}

// "ssl,crypto" or "ssl crypto".
std::vector<std::string> SplitList(std::string_view text) {
  return absl::StrSplit(absl::string_view(text.data(), text.size()), absl::ByAnyChar(", \t\n"), absl::SkipEmpty());
}

bool TripleHas(const Settings& settings, absl::string_view part) { return absl::StrContains(settings.target, part); }

// Pairs of settings that cannot go together. A row's `holds` sees the settings and which NSS was written.
struct Conflict {
  bool (*holds)(const Settings& settings, bool nss_is_set);
  const char* message;
};

bool WithoutLinuxLibc(const Settings& settings) {
  return TripleHas(settings, "windows") || TripleHas(settings, "mingw") || TripleHas(settings, "macos") ||
         TripleHas(settings, "darwin");
}

constexpr Conflict kConflicts[] = {
    {[](const Settings& s, bool) { return s.linker == "zig" && s.libc == Libc::kGlibc; },
     "CGO_LD_SHIM_LINKER=zig cannot be combined with CGO_LD_SHIM_LIBC=glibc: zig has no static glibc; leave out one of "
     "the two"},
    {[](const Settings& s, bool nss) { return nss && s.libc == Libc::kMusl; },
     "CGO_LD_SHIM_NSS cannot be combined with CGO_LD_SHIM_LIBC=musl: the name service switch is glibc's; leave out "
     "CGO_LD_SHIM_NSS"},
    {[](const Settings& s, bool nss) { return nss && LibcOfTriple(s.target) == Libc::kMusl; },
     "CGO_LD_SHIM_NSS cannot be combined with a musl triple in CGO_LD_SHIM_TARGET: the name service switch is glibc's; "
     "leave "
     "out "
     "CGO_LD_SHIM_NSS"},
    {[](const Settings& s, bool) { return s.libc == Libc::kGlibc && LibcOfTriple(s.target) == Libc::kMusl; },
     "CGO_LD_SHIM_LIBC=glibc cannot be combined with a musl triple in CGO_LD_SHIM_TARGET; leave out one of the two"},
    {[](const Settings& s, bool) {
       return s.libc == Libc::kMusl && LibcOfTriple(s.target) == Libc::kGlibc && !WithoutLinuxLibc(s);
     },
     "CGO_LD_SHIM_LIBC=musl cannot be combined with a gnu triple in CGO_LD_SHIM_TARGET; leave out one of the two"},
    {[](const Settings& s, bool) { return s.libc != Libc::kAuto && WithoutLinuxLibc(s); },
     "CGO_LD_SHIM_LIBC chooses between Linux's C libraries, and the triple in CGO_LD_SHIM_TARGET is not Linux; leave "
     "out "
     "CGO_LD_SHIM_LIBC"},
};

}  // namespace

absl::StatusOr<Settings> ReadSettings(const char* const* envp) {
  SettingVariable variable;
  for (const char* const* entry = envp; *entry != nullptr; ++entry) {
    if (!ParseSettingVariable(*entry, &variable)) continue;
    const SettingRow* row = FindSettingRow(variable.name);
    if (row == nullptr) return NoSuchSetting(variable.name);
    if (!SettingValueAllowed(*row, variable.value)) return WrongValue(variable, *row);
  }

  const auto text = [envp](const char* name) -> std::string_view {
    const char* value = FindVariable(envp, absl::StrCat(kSettingPrefix, name).c_str());
    return value == nullptr ? std::string_view() : std::string_view(value);
  };
  Settings settings;
  settings.libc = LibcOfSetting(text("LIBC"));
  if (text("STATIC") == "prefer") settings.static_mode = StaticMode::kPrefer;
  if (text("STATIC") == "off") settings.static_mode = StaticMode::kOff;
  settings.linker = text("LINKER");
  absl::StatusOr<std::vector<std::string>> cc = SplitCommand("CC", text("CC"));
  if (!cc.ok()) return cc.status();
  settings.cc = *std::move(cc);
  absl::StatusOr<std::vector<std::string>> cxx = SplitCommand("CXX", text("CXX"));
  if (!cxx.ok()) return cxx.status();
  settings.cxx = *std::move(cxx);
  settings.zig = text("ZIG");
  settings.target = text("TARGET");
  settings.nss_host = text("NSS") == "host";
  settings.compat = text("COMPAT") != "off";
  settings.stubs = SplitList(text("STUBS"));
  settings.isolate = SplitList(text("ISOLATE"));
  settings.unresolved_error = text("UNRESOLVED") == "error";
  settings.rescue = text("RESCUE") != "off";
  if (text("DEBUG_SECTIONS") == "none") settings.debug_sections = DebugSections::kNone;
  if (text("DEBUG_SECTIONS") == "zlib") settings.debug_sections = DebugSections::kZlib;
  if (text("DEBUG_SECTIONS") == "zstd") settings.debug_sections = DebugSections::kZstd;
  settings.gc = text("GC") == "on";
  settings.note = text("NOTE") == "1";
  settings.log = text("LOG");
  settings.verbose = text("VERBOSE") == "1";
  settings.strict = text("STRICT") == "1";

  const bool nss_is_set = !text("NSS").empty();
  for (const Conflict& conflict : kConflicts) {
    if (conflict.holds(settings, nss_is_set)) return absl::InvalidArgumentError(conflict.message);
  }
  return settings;
}

std::string SettingsFingerprintText(const char* const* envp, Affects what) {
  std::string text;
  for (size_t i = 0; i < kSettingRowCount; ++i) {
    const SettingRow& row = kSettingRows[i];
    if (row.affects != what || row.names_program) continue;
    const char* value = FindVariable(envp, absl::StrCat(kSettingPrefix, row.name).c_str());
    if (value != nullptr && std::string_view(value) != row.initial) absl::StrAppend(&text, row.name, "=", value, "\n");
  }
  return text;
}

}  // namespace cgo_ld_shim::support
