#include "toolchain/driver.h"

#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "invocation/underlying.h"
#include "support/path_parts.h"
#include "support/python.h"
#include "support/setting_rows.h"
#include "toolchain/toolchain.h"
#include "toolchain/zig.h"

namespace cgo_ld_shim::toolchain {
namespace {

// The oldest macOS that the program is for, as clang finds it; empty: nobody says.
std::string MacOsVersion(const DriverRequest& request) {
  const char* variable = support::FindVariable(request.envp, "MACOSX_DEPLOYMENT_TARGET");
  std::string version = variable == nullptr ? "" : variable;
  for (absl::string_view arg : request.args) {
    if (absl::ConsumePrefix(&arg, "-mmacosx-version-min=") || absl::ConsumePrefix(&arg, "-mmacos-version-min="))
      version = std::string(arg);
  }
  return version;
}

// The word of a triple that names nothing; empty: all of them do.
std::string UnknownWord(const target::Triple& triple) {
  const std::vector<std::string> words = absl::StrSplit(triple.text, '-');
  if (triple.arch.empty()) return words[0];
  if (triple.os.empty()) return words.size() > 1 ? words[1] : triple.text;
  return triple.IsLinux() && !triple.libc && words.size() > 2 ? words.back() : "";
}

// `named`: the zig that the user has named, without a target; nullptr: it has to be found.
absl::StatusOr<Driver> ChooseZig(const DriverRequest& request, const target::Target& target, const Driver* named) {
  const support::Settings& settings = request.settings;
  // What the user has asked for, by its own name.
  std::string wanted = absl::StrCat("GOOS=", target.os, " GOARCH=", target.arch);
  if (target.native && !settings.target.empty()) {
    wanted = absl::StrCat("CGO_LD_SHIM_TARGET=", settings.target);
  } else if (target.native && settings.libc == support::Libc::kMusl) {
    wanted = "CGO_LD_SHIM_LIBC=musl";
  }
  ZigTarget zig_target;
  if (settings.target.empty()) {
    const std::optional<ZigTarget> own = ZigTargetFor(target, request.envp);
    if (!own) {
      return absl::FailedPreconditionError(
          absl::StrCat(wanted, ": zig has no such target; set CGO_LD_SHIM_CC to a compiler for it"));
    }
    zig_target = *own;
  } else {
    zig_target.triple = target::ParseTriple(settings.target);
    if (const std::string unknown = UnknownWord(zig_target.triple); !unknown.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "CGO_LD_SHIM_TARGET=", settings.target, ": there is no target with `", unknown,
          "`; it is PROCESSOR-SYSTEM-LIBC, as x86_64-linux-musl, aarch64-linux-gnu.2.28 or x86_64-windows-gnu"));
    }
    const std::string& made_for = zig_target.triple.arch;
    if (!made_for.empty() && made_for != target.arch) {
      return absl::InvalidArgumentError(absl::StrCat("CGO_LD_SHIM_TARGET=", settings.target, " is for ", made_for,
                                                     ", and GOARCH is ", target.arch, "; leave out one of the two"));
    }
  }
  const std::optional<std::string> zig = named != nullptr ? named->words[0] : FindZig(settings.zig);
  if (!zig) {
    return absl::FailedPreconditionError(absl::StrCat(
        wanted, " needs zig, which is neither CGO_LD_SHIM_ZIG, nor on PATH, nor the Python package ziglang: ",
        support::PipInstall("ziglang"), ", or set CGO_LD_SHIM_CC to a compiler for that target"));
  }
  if (const absl::Status usable = CheckZig(*zig); !usable.ok())
    return absl::FailedPreconditionError(absl::StrCat(wanted, ": ", usable.message()));
  Driver driver =
      ZigDriver(*zig, request.cxx, target::WithMacOsVersion(zig_target.triple, MacOsVersion(request)), zig_target.cpu);
  const char* sdk = support::FindVariable(request.envp, "SDKROOT");
  if (driver.IsApple() && sdk != nullptr) {
    // Behind zig's own headers, which fit its own libSystem.
    driver.words.insert(driver.words.end(), {"-iframework", absl::StrCat(sdk, "/System/Library/Frameworks"),
                                             "-idirafter", absl::StrCat(sdk, "/usr/include")});
  }
  if (named != nullptr) driver.words.insert(driver.words.end(), named->words.begin() + 2, named->words.end());
  return driver;
}

// `zig cc` alone compiles for this host's glibc, and with -static it links musl: what is compiled for the one must not
// meet the other. For another target it compiles for this host still.
bool NeedsTarget(const Driver& driver, const support::Settings& settings, const target::Target& target) {
  if (!driver.IsZig() || !driver.target.empty()) return false;
  if (!target.native || !settings.target.empty()) return true;
  return settings.static_mode != support::StaticMode::kOff && settings.libc != support::Libc::kGlibc;
}

}  // namespace

Driver ReadDriver(std::vector<std::string> words) {
  Driver driver{.words = std::move(words)};
  if (driver.words.size() < 2 || (driver.words[1] != "cc" && driver.words[1] != "c++")) return driver;
  // `ccache cc` has such a second word, too.
  const std::string& program = driver.words[0];
  if (absl::StartsWith(support::BaseName(program), "zig")) driver.kind = DriverKind::kZig;
  for (size_t i = 2; i < driver.words.size(); ++i) {
    absl::string_view word = driver.words[i];
    if (word == "-target" && i + 1 < driver.words.size()) {
      word = driver.words[i + 1];
    } else if (!absl::ConsumePrefix(&word, "--target=")) {
      continue;
    }
    driver.kind = DriverKind::kZig;
    driver.target = target::ParseTriple(word);
    break;
  }
  return driver;
}

Driver ZigDriver(const std::string& zig, bool cxx, const target::Triple& triple, const std::string& cpu) {
  Driver driver{.kind = DriverKind::kZig,
                .words = {zig, cxx ? "c++" : "cc", "-target", triple.text},
                .target = triple,
                .chosen_by = ChosenBy::kTarget};
  if (!cpu.empty()) driver.words.push_back(absl::StrCat("-mcpu=", cpu));
  for (std::string& word : ZigTripleWords(triple)) driver.words.push_back(std::move(word));
  // zig traps on undefined behaviour in C unless told not to; what the user says comes later and wins.
  driver.words.emplace_back("-fno-sanitize=undefined");
  return driver;
}

absl::StatusOr<Driver> HostDriver(const char* const* envp, bool cxx) {
  invocation::UnderlyingCompiler compiler;
  if (!invocation::FindUnderlyingCompiler(envp, cxx, &compiler)) return absl::NotFoundError(compiler.error);
  Driver driver = ReadDriver({compiler.words, compiler.words + compiler.count});
  driver.chosen_by = compiler.named ? ChosenBy::kSetting : ChosenBy::kPath;
  return driver;
}

ChosenBy WhoServes(const support::Settings& settings, const target::Target& target, bool cxx,
                   absl::FunctionRef<bool()> host_lacks_it) {
  if (!settings.cc.empty() || (cxx && !settings.cxx.empty())) return ChosenBy::kSetting;
  if (!target.native || settings.libc == support::Libc::kMusl || !settings.target.empty()) return ChosenBy::kTarget;
  return target.other_width && host_lacks_it() ? ChosenBy::kTarget : ChosenBy::kPath;
}

absl::StatusOr<Driver> ChooseDriver(const DriverRequest& request) {
  const target::Target target = target::Infer(request.envp);
  absl::StatusOr<Driver> host = absl::NotFoundError("");
  const ChosenBy who = WhoServes(request.settings, target, request.cxx, [&] {
    host = HostDriver(request.envp, request.cxx);
    return !host.ok() || (!Has32BitLibc(host->words) && FindZig(request.settings.zig).has_value());
  });
  if (who == ChosenBy::kTarget) return ChooseZig(request, target, nullptr);
  if (!host.ok()) host = HostDriver(request.envp, request.cxx);
  return host.ok() && NeedsTarget(*host, request.settings, target) ? ChooseZig(request, target, &*host) : host;
}

std::string GoSettings::Get(const std::string& name) const {
  for (const auto* values : {&environment, &files}) {
    if (const auto at = values->find(name); at != values->end() && !at->second.empty()) return at->second;
  }
  return "";
}

void ReadGoEnvFile(absl::string_view text, std::map<std::string, std::string>* settings) {
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    const size_t equals = line.find('=');
    if (equals == absl::string_view::npos || line[0] < 'A' || line[0] > 'Z') continue;
    settings->emplace(line.substr(0, equals), line.substr(equals + 1));
  }
}

}  // namespace cgo_ld_shim::toolchain
