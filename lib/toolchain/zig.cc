#include "toolchain/zig.h"

#include <cstdlib>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "support/file.h"
#include "support/process.h"
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

std::optional<std::string> PythonPackage() {
  const std::optional<std::string> cache = support::CacheDirectory();
  const std::string kept = cache ? absl::StrCat(*cache, "/zig-path") : "";
  if (!kept.empty()) {
    const absl::StatusOr<std::string> path = support::ReadFile(kept);
    if (path.ok() && support::IsRegularFile(*path)) return *path;
  }
  const absl::StatusOr<support::ProcessResult> answer = support::RunProcess(
      {"python3", "-c", "import os, ziglang; print(os.path.join(os.path.dirname(ziglang.__file__), 'zig'))"});
  if (!answer.ok() || answer->exit_status != 0) return std::nullopt;
  std::string path(absl::StripTrailingAsciiWhitespace(answer->output));
  if (!support::IsRegularFile(path)) return std::nullopt;
  if (!kept.empty()) support::WriteFileAtomically(kept, path, 0600).IgnoreError();
  return path;
}

}  // namespace

std::optional<std::string> ZigOfEnvironment(const std::string& executable) {
  const size_t name = executable.rfind("/bin/");
  if (name == std::string::npos || executable.find('/', name + 5) != std::string::npos) return std::nullopt;
  const std::string library = absl::StrCat(executable.substr(0, name), "/lib");
  std::optional<std::string> found;
  int newest = -1;
  for (const std::string& entry : support::ListDirectory(library)) {
    absl::string_view minor = entry;
    int number = 0;
    if (!absl::ConsumePrefix(&minor, "python3.") || !absl::SimpleAtoi(minor, &number) || number <= newest) continue;
    const std::string zig = absl::StrCat(library, "/", entry, "/site-packages/ziglang/zig");
    if (!support::IsRegularFile(zig)) continue;
    found = zig;
    newest = number;
  }
  return found;
}

std::optional<std::string> FindZig(const std::string& configured) {
  if (!configured.empty()) return configured;
  // What was installed together (pip install 'cgo-ld-shim[zig]') works together, also where the environment is not
  // activated.
  if (auto beside = ZigOfEnvironment(support::RealPath("/proc/self/exe"))) return beside;
  const char* path = std::getenv("PATH");
  if (auto found = support::FindProgram("zig", path != nullptr ? path : "/usr/bin:/bin")) return found;
  return PythonPackage();
}

absl::Status CheckZig(const std::string& zig) {
  const auto identity = support::Identify(zig);
  if (!identity || !support::IsRegularFile(zig)) {
    return absl::NotFoundError(
        absl::StrCat("there is no zig at ", zig,
                     " (CGO_LD_SHIM_ZIG names it, or what was found is gone): pip install ziglang, "
                     "or set CGO_LD_SHIM_ZIG to one that is there"));
  }
  const std::string state = absl::StrCat(zig, " ", identity->size, " ", identity->mtime_ns, " ");
  const std::optional<std::string> cache = support::CacheDirectory();
  const std::string kept = cache ? absl::StrCat(*cache, "/zig-version") : "";
  std::string version;
  if (const absl::StatusOr<std::string> text = support::ReadFile(kept); text.ok() && absl::StartsWith(*text, state)) {
    version = text->substr(state.size());
  } else {
    const absl::StatusOr<support::ProcessResult> said = support::RunProcess({zig, "version"}, {.merge_stderr = true});
    if (!said.ok()) return said.status();
    version = std::string(absl::StripAsciiWhitespace(said->output));
    if (said->exit_status != 0 || version.empty() || version.size() > 100) {
      return absl::FailedPreconditionError(absl::StrCat(zig,
                                                        " does not run (`zig version` said: ", version.substr(0, 200),
                                                        "): pip install --force-reinstall ziglang"));
    }
    if (!kept.empty()) support::WriteFileAtomically(kept, state + version, 0600).IgnoreError();
  }
  // "0.15.2", "0.17.0-dev.12+abc"
  if (support::OlderThan(version, 0, kOldestZig)) {
    return absl::FailedPreconditionError(absl::StrCat(zig, " is zig ", version, ", and 0.", kOldestZig,
                                                      " is the oldest that works: pip install --upgrade ziglang"));
  }
  return absl::OkStatus();
}

std::optional<std::string> ZigTriple(const target::Target& target) {
  for (const Row& row : kRows) {
    if (target.os == row.os && target.arch == row.arch) return row.triple;
  }
  return std::nullopt;
}

std::vector<std::string> ZigTargetWords(const target::Target& target, const char* const* envp) {
  const std::optional<std::string> triple = ZigTriple(target);
  if (!triple) return {};
  for (const CpuRow& row : kCpus) {
    const char* value = target.arch == row.arch ? support::FindVariable(envp, row.variable) : nullptr;
    if (value == nullptr || absl::string_view(value).substr(0, absl::string_view(value).find(',')) != row.value)
      continue;
    const bool own = row.triple != nullptr && target.os == "linux";
    return {"-target", own ? row.triple : *triple, absl::StrCat("-mcpu=", row.cpu)};
  }
  return {"-target", *triple};
}

std::vector<std::string> ZigTripleWords(absl::string_view triple) {
  // zig takes vector instructions for granted there (LSX), Go and qemu before 8.1 do not.
  if (absl::StartsWith(triple, "loongarch64-")) return {"-mcpu=baseline-lsx"};
  // clang warns of a word that zig itself adds, and runtime/cgo makes warnings errors.
  if (absl::StartsWith(triple, "mips64el-")) return {"-Wno-option-ignored"};
  return {};
}

std::string ZigTarget(const std::vector<std::string>& driver) {
  if (driver.size() < 2 || (driver[1] != "cc" && driver[1] != "c++")) return "";
  for (size_t i = 2; i < driver.size(); ++i) {
    absl::string_view word = driver[i];
    if (word == "-target" && i + 1 < driver.size()) return driver[i + 1];
    if (absl::ConsumePrefix(&word, "--target=")) return std::string(word);
  }
  return "";
}

std::string WithMacOsVersion(const std::string& triple, absl::string_view version) {
  const size_t system = triple.find("-macos");
  if (system == std::string::npos || version.empty()) return triple;
  return absl::StrCat(triple.substr(0, triple.find('.', system)), ".", version);
}

absl::StatusOr<std::string> ZigLibraryDirectory(const std::string& zig) {
  const std::string path = support::RealPath(zig);
  const std::string directory = path.substr(0, path.rfind('/'));
  // As zig itself looks for it, seen from its executable.
  for (const char* below : {"/lib/zig", "/lib", "/../lib/zig", "/../lib"}) {
    std::string library = absl::StrCat(directory, below);
    if (support::IsRegularFile(absl::StrCat(library, "/std/std.zig"))) return library;
  }
  return absl::NotFoundError(absl::StrCat("zig's library directory is neither ", directory, "/lib nor ", directory,
                                          "/../lib/zig: this zig is not complete; install it anew"));
}

}  // namespace cgo_ld_shim::toolchain
