// Calls that the front did not hand on: our own commands, Go's questions that we answer, and the final link.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "doctor/prepare.h"
#include "fmt/format.h"
#include "invocation/invocation.h"
#include "invocation/underlying.h"
#include "shim/calls.h"
#include "shim/commands/commands.h"
#include "shim/system_link.h"
#include "support/process.h"
#include "support/settings.h"
#include "target/target.h"
#include "toolchain/toolchain.h"
#include "toolchain/zig.h"

namespace cgo_ld_shim {
namespace {

std::string CurrentDirectory() {
  char buffer[4096];
  return ::getcwd(buffer, sizeof buffer) != nullptr ? buffer : "/";
}

int Complain(const absl::Status& status, int exit_status) {
  fmt::print(stderr, "cgo-ld-shim: {}\n", std::string(status.message()));
  return exit_status;
}

// The oldest macOS that the program is for, as clang finds it; empty: nobody says.
std::string MacOsVersion(const std::vector<std::string>& args) {
  const char* variable = support::FindVariable(environ, "MACOSX_DEPLOYMENT_TARGET");
  std::string version = variable == nullptr ? "" : variable;
  for (absl::string_view arg : args) {
    if (absl::ConsumePrefix(&arg, "-mmacosx-version-min=") || absl::ConsumePrefix(&arg, "-mmacos-version-min="))
      version = std::string(arg);
  }
  return version;
}

// The compiler for targets that this host's own cannot serve, and for musl: zig, unless the user has named one.
absl::Status ChooseZig(bool cxx, const std::vector<std::string>& args, Context* context) {
  const target::Target target = target::Infer(environ);
  const std::string wanted =
      target.native ? "CGO_LD_SHIM_LIBC=musl" : absl::StrCat("GOOS=", target.os, " GOARCH=", target.arch);
  const absl::string_view made_for = target::ArchOfTriple(context->settings.target);
  if (!made_for.empty() && made_for != target.arch) {
    return absl::InvalidArgumentError(absl::StrCat("CGO_LD_SHIM_TARGET=", context->settings.target, " is for ",
                                                   made_for, ", and GOARCH is ", target.arch,
                                                   "; leave out one of the two"));
  }
  std::vector<std::string> words = {"-target", context->settings.target};
  if (context->settings.target.empty()) words = toolchain::ZigTargetWords(target, environ);
  if (words.empty()) {
    return absl::NotFoundError(
        absl::StrCat(wanted, ": zig has no such target; set CGO_LD_SHIM_CC to a compiler for it"));
  }
  const std::optional<std::string> zig = toolchain::FindZig(context->settings.zig);
  if (!zig) {
    return absl::NotFoundError(absl::StrCat(wanted,
                                            " needs zig, which is neither CGO_LD_SHIM_ZIG, nor on PATH, nor the Python "
                                            "package ziglang: pip install ziglang, "
                                            "or set CGO_LD_SHIM_CC to a compiler for that target"));
  }
  if (const absl::Status usable = toolchain::CheckZig(*zig); !usable.ok()) {
    return absl::Status(usable.code(), absl::StrCat(wanted, ": ", usable.message()));
  }
  // zig traps on undefined behaviour in C unless told not to; what the user says comes later and wins.
  words[1] = toolchain::WithMacOsVersion(words[1], MacOsVersion(args));
  context->driver = {*zig, cxx ? "c++" : "cc"};
  context->driver.insert(context->driver.end(), words.begin(), words.end());
  const std::vector<std::string> more = toolchain::ZigTripleWords(words[1]);
  context->driver.insert(context->driver.end(), more.begin(), more.end());
  context->driver.emplace_back("-fno-sanitize=undefined");
  if (const std::string sdk = AppleSdk(*context); !sdk.empty()) {
    // Behind zig's own headers, which fit its own libSystem.
    context->driver.insert(context->driver.end(), {"-iframework", absl::StrCat(sdk, "/System/Library/Frameworks"),
                                                   "-idirafter", absl::StrCat(sdk, "/usr/include")});
  }
  return absl::OkStatus();
}

// Words that zig refuses and that mean nothing to its targets: they choose the float ABI that the triple already names.
std::vector<std::string> WithoutRefused(std::vector<std::string> args) {
  std::erase_if(args, [](const std::string& arg) { return arg == "-mhard-float" || arg == "-marm"; });
  return args;
}

// For -O1 and more zig's driver defines NDEBUG, which takes assert() away with all that stands in it, and makes
// __DATE__ an error. clang does neither. In front, so that the user's own -DNDEBUG counts.
std::vector<std::string> AsByClang(std::vector<std::string> args) {
  args.insert(args.begin(), {"-UNDEBUG", "-Wno-date-time"});
  return args;
}

// True when the target is 386 on an amd64 host, whose own compiler has no libraries for it, and zig has.
bool LacksOtherWidth(const support::Settings& settings, bool cxx) {
  if (target::Infer(environ).arch == target::HostArch()) return false;
  invocation::UnderlyingCompiler compiler;
  if (!invocation::FindUnderlyingCompiler(environ, cxx, &compiler)) return true;
  const std::vector<std::string> driver(compiler.words, compiler.words + compiler.count);
  return !toolchain::Has32BitLibc(driver) && toolchain::FindZig(settings.zig).has_value();
}

// Hands a compile on; when it fails and the host's own directories stand in it, says so, behind the compiler's words.
int CompileForTarget(const Context& context, const std::vector<std::string>& args) {
  const std::string directory = HostDirectory(args);
  // cgo reads what the compiler says of its own questions, which have -oFILE in one word.
  const bool question = std::any_of(
      args.begin(), args.end(), [](const std::string& arg) { return arg.size() > 2 && absl::StartsWith(arg, "-o"); });
  if (directory.empty() || question) return HandOn(context, args);
  std::string messages;
  const int exit_status = RunDriver(context, args, &messages);
  if (exit_status != 0) {
    fmt::print(
        stderr,
        "cgo-ld-shim: {} is this machine's own directory, and the compile is for {}; pkg-config names it where it "
        "is not told of another\n  what you can do\n    {}\n",
        directory, toolchain::ZigTarget(context.driver), kPkgConfigWayOut);
  }
  return exit_status;
}

int CompilerVersion(const Context& context, const std::vector<std::string>& args) {
  // -asan wants the compiler's own words first; ours follow.
  std::string messages;
  const int exit_status = RunDriver(context, args, &messages);
  fmt::print("{}", commands::VersionText());
  return exit_status;
}

int Run(const std::vector<std::string>& argv) {
  std::vector<std::string> args(argv.begin() + 1, argv.end());
  if (args.empty() || commands::Find(args[0]) != nullptr || commands::LooksMistyped(args)) return commands::Run(args);

  Context context;
  absl::StatusOr<support::Settings> settings = support::ReadSettings(environ);
  if (!settings.ok()) return Complain(settings.status(), 2);
  context.settings = *std::move(settings);
  context.cwd = CurrentDirectory();
  const bool cxx = absl::EndsWith(argv[0], "++");
  const bool named = !context.settings.cc.empty() || (cxx && !context.settings.cxx.empty());
  const bool zig = !named && (!target::Infer(environ).native || context.settings.libc == support::Libc::kMusl ||
                              !context.settings.target.empty() || LacksOtherWidth(context.settings, cxx));
  if (zig) {
    if (const absl::Status chosen = ChooseZig(cxx, args, &context); !chosen.ok()) return Complain(chosen, 1);
    args = WithoutRefused(std::move(args));
  } else {
    invocation::UnderlyingCompiler compiler;
    if (!invocation::FindUnderlyingCompiler(environ, cxx, &compiler)) {
      return Complain(absl::NotFoundError(compiler.error), 127);
    }
    context.driver.assign(compiler.words, compiler.words + compiler.count);
  }

  if (args == std::vector<std::string>{"--version"}) return CompilerVersion(context, args);
  absl::StatusOr<invocation::Invocation> call = invocation::Classify(argv, context.cwd);
  if (!call.ok()) return Complain(call.status(), 1);
  if (zig && (call->kind == invocation::CallKind::kLinkFlagProbe || call->kind == invocation::CallKind::kFinalLink))
    doctor::AnnouncePreparation(environ, context.driver, /*cxx=*/false);
  if (zig && (call->kind == invocation::CallKind::kCompile || call->kind == invocation::CallKind::kExportCompile ||
              call->kind == invocation::CallKind::kOther)) {
    args = AsByClang(std::move(args));
  }
  const bool apple = !AppleArch(context).empty();
  switch (call->kind) {
    case invocation::CallKind::kDynimportLink:
      return apple ? RefuseDynimportLink(context, args) : HandOn(context, args);
    case invocation::CallKind::kQuestion:
      return apple ? AnswerAppleQuestion(context, args) : HandOn(context, args);
    case invocation::CallKind::kCompile:
      return apple ? CompileForApple(context, args) : zig ? CompileForTarget(context, args) : HandOn(context, args);
    case invocation::CallKind::kFlagProbe:
      return zig ? AnswerFlagProbe(context, args) : HandOn(context, args);
    case invocation::CallKind::kToolId:
      return AnswerToolId(context, args);
    case invocation::CallKind::kExportCompile:
      return CompileExport(context, args);
    case invocation::CallKind::kLinkFlagProbe:
      return AnswerLinkFlagProbe(context, *call);
    case invocation::CallKind::kFinalLink:
      return FinalLink(context, *call);
    default:
      return HandOn(context, args);
  }
}

}  // namespace
}  // namespace cgo_ld_shim

int main(int argc, char** argv) {
  const int status = cgo_ld_shim::Run(std::vector<std::string>(argv, argv + argc));
  std::fflush(nullptr);
  // lld's threads and context, and half a million symbols, are the kernel's to free.
  ::_exit(status);
}
