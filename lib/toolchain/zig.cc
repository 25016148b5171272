#include "toolchain/zig.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "llvm/ADT/StringRef.h"
#include "support/file.h"
#include "support/path_parts.h"
#include "support/process.h"
#include "support/python.h"
#include "support/sealed.h"
#include "support/setting_rows.h"
#include "support/version.h"

namespace cgo_ld_shim::toolchain {
namespace {

// Go's GOOS/GOARCH and zig's triple. musl on Linux: zig has glibc for linking dynamically only (ziglang/zig#23572). The
// version of macOS is the oldest that Go itself supports; zig reads it here alone, not from -mmacosx-version-min.
struct Row {
  const char* os;
  const char* arch;
  const char* triple;
};
constexpr Row kRows[] = {
    {"linux", "amd64", "x86_64-linux-musl"},
    {"linux", "arm64", "aarch64-linux-musl"},
    {"linux", "386", "x86-linux-musl"},
    {"linux", "arm", "arm-linux-musleabihf"},
    {"linux", "riscv64", "riscv64-linux-musl"},
    {"linux", "ppc64le", "powerpc64le-linux-musl"},
    {"linux", "s390x", "s390x-linux-musl"},
    {"linux", "loong64", "loongarch64-linux-musl"},
    {"linux", "mipsle", "mipsel-linux-musleabihf"},
    {"linux", "mips64le", "mips64el-linux-muslabi64"},
    {"windows", "amd64", "x86_64-windows-gnu"},
    {"windows", "arm64", "aarch64-windows-gnu"},
    {"windows", "386", "x86-windows-gnu"},
    {"freebsd", "amd64", "x86_64-freebsd-none"},
    {"netbsd", "amd64", "x86_64-netbsd-none"},
    {"darwin", "amd64", "x86_64-macos.12.0"},
    {"darwin", "arm64", "aarch64-macos.12.0"},
};

// Go's variables that choose a processor within an architecture, where zig's own choice would be another one: code that
// is too new does not run there, and floating point by another convention cannot be linked.
struct CpuRow {
  const char* arch;
  const char* variable;
  const char* value;   // as Go defines it; what follows a comma (GOARM=5,hardfloat) is left away
  const char* triple;  // instead of the architecture's own; nullptr: that one
  const char* cpu;     // -mcpu=
};
constexpr CpuRow kCpus[] = {
    {"amd64", "GOAMD64", "v2", nullptr, "x86_64_v2"},
    {"amd64", "GOAMD64", "v3", nullptr, "x86_64_v3"},
    {"amd64", "GOAMD64", "v4", nullptr, "x86_64_v4"},
    {"386", "GO386", "softfloat", nullptr, "pentium"},
    {"arm", "GOARM", "5", "arm-linux-musleabi", "arm926ej_s"},
    {"arm", "GOARM", "6", "arm-linux-musleabihf", "arm1176jzf_s"},
    {"mipsle", "GOMIPS", "softfloat", "mipsel-linux-musleabi", "mips32r2+soft_float"},
    {"mips64le", "GOMIPS64", "softfloat", nullptr, "mips64r2+soft_float"},
    {"ppc64le", "GOPPC64", "power9", nullptr, "pwr9"},
    {"ppc64le", "GOPPC64", "power10", nullptr, "pwr10"},
    {"riscv64", "GORISCV64", "rva22u64", nullptr, "baseline_rv64+zba+zbb+zbs"},
    {"riscv64", "GORISCV64", "rva23u64", nullptr, "baseline_rv64+zba+zbb+zbs+v"},
};

// ziglang/zig below the libraries of each Python 3 of a prefix; of several the newest's.
std::optional<std::string> ZigOfPrefix(const std::string& prefix) {
  std::optional<std::string> found;
  int newest = -1;
  for (const char* library : {"/lib", "/lib64"}) {
    for (const std::string& entry : support::ListDirectory(absl::StrCat(prefix, library))) {
      absl::string_view minor = entry;
      int number = 0;
      // python3 is Debian's, for all versions.
      if (!absl::ConsumePrefix(&minor, "python3") ||
          (!minor.empty() && (!absl::ConsumePrefix(&minor, ".") || !absl::SimpleAtoi(minor, &number))) ||
          number <= newest) {
        continue;
      }
      for (const char* packages : {"/site-packages", "/dist-packages"}) {
        const std::string zig = absl::StrCat(prefix, library, "/", entry, packages, "/ziglang/zig");
        if (!support::IsRegularFile(zig)) continue;
        found = zig;
        newest = number;
        break;
      }
    }
  }
  return found;
}

// "/x" for /x/bin/python3; empty for a file in another directory.
std::string PrefixOf(const std::string& executable) {
  const std::string directory = support::DirectoryName(executable);
  return absl::EndsWith(directory, "/bin") ? std::string(absl::StripSuffix(directory, "/bin")) : "";
}

std::string AbsoluteVariable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && value[0] == '/' ? value : "";
}

// The prefixes behind a shim of pyenv, asdf or mise: ROOT/shims/python3 is a script that starts one of several
// interpreters. First the one that the user has chosen for all directories, then the newest.
std::vector<std::string> PrefixesOfShim(const std::string& python) {
  const std::string directory = support::DirectoryName(python);
  if (!absl::EndsWith(directory, "/shims")) return {};
  const std::string root(absl::StripSuffix(directory, "/shims"));
  std::vector<std::string> names;
  const auto choose = [&](absl::string_view text) {
    for (absl::string_view name : absl::StrSplit(text, absl::ByAnyChar(":\n"), absl::SkipEmpty())) {
      if (!absl::StrContains(name, "/") && !absl::StartsWith(name, ".")) names.emplace_back(name);
    }
  };
  if (const char* chosen = std::getenv("PYENV_VERSION")) choose(chosen);
  if (const absl::StatusOr<std::string> chosen = support::ReadFile(absl::StrCat(root, "/version")); chosen.ok())
    choose(*chosen);
  std::vector<std::string> prefixes;
  for (const char* place : {"/versions/", "/installs/python/"}) {
    const std::string versions = absl::StrCat(root, place);
    std::vector<std::string> all = support::ListDirectory(versions);
    std::sort(all.begin(), all.end(),
              [](const std::string& a, const std::string& b) { return llvm::StringRef(a).compare_numeric(b) > 0; });
    for (const auto* list : {&names, &all}) {
      for (const std::string& name : *list) prefixes.push_back(absl::StrCat(versions, name));
    }
  }
  return prefixes;
}

// zig of the Python package ziglang, where the python3 of PATH would import it from: looked for as a file, because an
// interpreter that is started imports what lies in the current directory first, which is somebody's checkout.
std::optional<std::string> PythonPackage() {
  for (absl::string_view entry : absl::StrSplit(AbsoluteVariable("PYTHONPATH"), ':')) {
    const std::string zig = absl::StrCat(entry, "/ziglang/zig");
    if (absl::StartsWith(entry, "/") && support::IsRegularFile(zig)) return zig;
  }
  std::vector<std::string> prefixes = {AbsoluteVariable("VIRTUAL_ENV")};
  const std::string user_base = AbsoluteVariable("PYTHONUSERBASE"), home = AbsoluteVariable("HOME");
  const std::string user = !user_base.empty() ? user_base : home.empty() ? "" : absl::StrCat(home, "/.local");
  bool any_python = !prefixes[0].empty();
  for (const char* name : {"python3", "python"}) {
    const std::optional<std::string> python = support::FindProgram(name);
    if (!python) continue;
    any_python = true;
    // A virtual environment's python is a link to the one that it was made with.
    for (const std::string& path : {*python, support::RealPath(*python)}) {
      if (std::string prefix = PrefixOf(path); !prefix.empty()) prefixes.push_back(std::move(prefix));
      for (std::string& prefix : PrefixesOfShim(path)) prefixes.push_back(std::move(prefix));
    }
  }
  if (!any_python) return std::nullopt;
  // pip install --user; a home that is another's (sudo with HOME kept) decides nothing for us, as for Python itself.
  struct stat st;
  if (!user.empty() && ::stat(user.c_str(), &st) == 0 && st.st_uid == ::geteuid()) prefixes.push_back(user);
  prefixes.emplace_back("/usr/local");  // where Debian's pip installs for /usr/bin/python3
  for (const std::string& prefix : prefixes) {
    if (prefix.empty()) continue;
    if (std::optional<std::string> zig = ZigOfPrefix(prefix)) return zig;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> ZigOfEnvironment(const std::string& executable) {
  const std::string prefix = PrefixOf(executable);
  return prefix.empty() ? std::nullopt : ZigOfPrefix(prefix);
}

std::optional<std::string> FindZig(const std::string& configured) {
  if (!configured.empty()) {
    // A name is looked for in PATH; what is not there stays as it was said, for the message.
    return absl::StrContains(configured, "/") ? configured : support::FindProgram(configured).value_or(configured);
  }
  // What was installed together (pip install 'cgo-ld-shim[zig]') works together, also where the environment is not
  // activated.
  if (auto beside = ZigOfEnvironment(support::RealPath("/proc/self/exe"))) return beside;
  if (auto found = support::FindProgram("zig")) return found;
  return PythonPackage();
}

absl::StatusOr<std::string> ZigVersion(const std::string& zig) {
  const auto identity = support::Identify(zig);
  if (!identity || !support::IsRegularFile(zig)) {
    return absl::NotFoundError(
        absl::StrCat("there is no zig at ", zig, " (CGO_LD_SHIM_ZIG names it, or what was found is gone): ",
                     support::PipInstall("ziglang"), ", or set CGO_LD_SHIM_ZIG to one that is there"));
  }
  const std::string state = absl::StrCat(zig, " ", identity->size, " ", identity->mtime_ns, " ");
  const std::optional<std::string> cache = support::CacheDirectory();
  const std::string kept = cache ? absl::StrCat(*cache, "/zig-version") : "";
  if (const absl::StatusOr<std::string> text = support::ReadSealed(kept); text.ok() && absl::StartsWith(*text, state)) {
    return text->substr(state.size());
  }
  const absl::StatusOr<support::ProcessResult> said = support::RunProcess({zig, "version"}, {.merge_stderr = true});
  if (!said.ok()) return said.status();
  std::string version(absl::StripAsciiWhitespace(said->output));
  if (said->exit_status != 0 || version.empty() || version.size() > 100) {
    return absl::FailedPreconditionError(absl::StrCat(zig,
                                                      " does not run (`zig version` said: ", version.substr(0, 200),
                                                      "): ", support::PipInstall("--force-reinstall ziglang")));
  }
  if (!kept.empty()) support::WriteSealed(kept, state + version).IgnoreError();
  return version;
}

absl::Status CheckZig(const std::string& zig) {
  if (!absl::StartsWith(zig, "/")) {
    return absl::NotFoundError(absl::StrCat(zig, ", which CGO_LD_SHIM_ZIG names, ",
                                            absl::StrContains(zig, "/")
                                                ? "is a relative path; go runs it in other directories, so give all "
                                                  "of it"
                                                : "is not in PATH"));
  }
  const absl::StatusOr<std::string> version = ZigVersion(zig);
  if (!version.ok()) return version.status();
  // "0.15.2", "0.17.0-dev.12+abc"
  if (support::OlderThan(*version, 0, kOldestZig)) {
    return absl::FailedPreconditionError(
        absl::StrCat(zig, " is zig ", *version, ", and 0.", kOldestZig,
                     " is the oldest that works: ", support::PipInstall("--upgrade ziglang")));
  }
  return absl::OkStatus();
}

std::optional<target::Triple> ZigTriple(const target::Target& target) {
  for (const Row& row : kRows) {
    if (target.os == row.os && target.arch == row.arch) return target::ParseTriple(row.triple);
  }
  return std::nullopt;
}

std::optional<ZigTarget> ZigTargetFor(const target::Target& target, const char* const* envp) {
  std::optional<target::Triple> triple = ZigTriple(target);
  if (!triple) return std::nullopt;
  for (const CpuRow& row : kCpus) {
    const char* value = target.arch == row.arch ? support::FindVariable(envp, row.variable) : nullptr;
    if (value == nullptr || absl::string_view(value).substr(0, absl::string_view(value).find(',')) != row.value)
      continue;
    const bool own = row.triple != nullptr && triple->IsLinux();
    return ZigTarget{.triple = own ? target::ParseTriple(row.triple) : *std::move(triple), .cpu = row.cpu};
  }
  return ZigTarget{.triple = *std::move(triple)};
}

std::vector<std::string> ZigTripleWords(const target::Triple& triple) {
  // zig takes vector instructions for granted there (LSX), Go and qemu before 8.1 do not.
  if (triple.arch == "loong64") return {"-mcpu=baseline-lsx"};
  // clang warns of a word that zig itself adds, and runtime/cgo makes warnings errors.
  if (triple.arch == "mips64le") return {"-Wno-option-ignored"};
  return {};
}

absl::StatusOr<std::string> ZigLibraryDirectory(const std::string& zig) {
  const std::string path = support::RealPath(zig);
  const std::string directory = support::DirectoryName(path);
  // As zig itself looks for it, seen from its executable.
  for (const char* below : {"/lib/zig", "/lib", "/../lib/zig", "/../lib"}) {
    std::string library = absl::StrCat(directory, below);
    if (support::IsRegularFile(absl::StrCat(library, "/std/std.zig"))) return library;
  }
  return absl::NotFoundError(absl::StrCat("zig's library directory is neither ", directory, "/lib nor ", directory,
                                          "/../lib/zig: this zig is not complete; reinstall it"));
}

}  // namespace cgo_ld_shim::toolchain
