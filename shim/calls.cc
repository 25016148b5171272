#include "shim/calls.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "fmt/format.h"
#include "llvm/Support/xxhash.h"
#include "rescue/rescue.h"
#include "support/file.h"
#include "support/printable.h"
#include "support/process.h"
#include "support/temporary.h"
#include "target/target.h"
#include "toolchain/toolchain.h"
#include "toolchain/version_question.h"

namespace cgo_ld_shim {
namespace {

// The toolchain of a plain static link, whose fingerprint stands for all; nullopt when the driver will not say how it
// links: then the driver's own tool ID has to do, and the build goes on.
std::optional<toolchain::Toolchain> CurrentToolchain(const Context& context) {
  if (context.settings.static_mode == support::StaticMode::kOff) {
    return toolchain::Toolchain{.driver = context.driver.words};
  }
  absl::StatusOr<toolchain::Toolchain> toolchain = toolchain::Locate({.driver = context.driver.words});
  if (!toolchain.ok()) return std::nullopt;
  return *std::move(toolchain);
}

// cmd/go names the package for which it starts a program, so that what has this is a compile of Go's or a question of
// cgo's, and never a configure script's test.
constexpr char kGoPackage[] = "TOOLEXEC_IMPORTPATH";

bool NamesMusl(const toolchain::Driver& driver) {
  return std::any_of(driver.words.begin(), driver.words.end(), [](const std::string& word) {
    return absl::StrContains(word, target::FamilyName(target::LibcFamily::kMusl));
  });
}

// By zig, for musl, or for another machine than this one.
bool MayBeRescued(const Context& context) {
  if (!context.settings.rescue || support::FindVariable(environ, kGoPackage) == nullptr) return false;
  return context.driver.IsZig() || NamesMusl(context.driver) || !target::Infer(environ).native;
}

}  // namespace

std::vector<std::string> DriverCommand(const Context& context, const std::vector<std::string>& args) {
  std::vector<std::string> argv = context.driver.words;
  argv.insert(argv.end(), args.begin(), args.end());
  return argv;
}

int ExecDriver(const Context& context, const std::vector<std::string>& args) {
  const absl::Status status = support::ExecProcess(DriverCommand(context, args));
  fmt::print(stderr, "cgo-ld-shim: {}\n", support::Printable(status.message()));
  return absl::IsNotFound(status) ? 127 : 126;
}

int RunDriver(const Context& context, const std::vector<std::string>& args, std::string* messages) {
  const absl::StatusOr<support::ProcessResult> result = support::RunProcess(DriverCommand(context, args));
  if (!result.ok()) {
    fmt::print(stderr, "cgo-ld-shim: {}\n", support::Printable(result.status().message()));
    return 127;
  }
  std::fwrite(result->output.data(), 1, result->output.size(), stdout);
  std::fwrite(result->error.data(), 1, result->error.size(), stderr);
  *messages = result->error;
  return result->exit_status;
}

int RunCompile(const Context& context, const std::vector<std::string>& args, std::string* messages) {
  if (!MayBeRescued(context))
    return messages == nullptr ? ExecDriver(context, args) : RunDriver(context, args, messages);
  const target::Triple& triple = context.driver.target;
  rescue::Request request{.driver = context.driver.words,
                          .args = args,
                          .arch = triple.arch.empty() ? target::Infer(environ).arch : triple.arch,
                          .libc = triple.libc};
  const char* locale = support::FindVariable(environ, "LC_ALL");
  request.speaks_english = context.driver.IsZig() || (locale != nullptr && absl::string_view(locale) == "C");
  if (!request.libc && NamesMusl(context.driver)) request.libc.family = target::LibcFamily::kMusl;
  // "p [p.test]" is p's own C code as well.
  const absl::string_view package = support::FindVariable(environ, kGoPackage);
  request.go_package = std::string(package.substr(0, package.find(' ')));
  const absl::StatusOr<rescue::Result> result = rescue::Compile(request);
  if (!result.ok()) {
    fmt::print(stderr, "cgo-ld-shim: {}\n", std::string(result.status().message()));
    return absl::IsNotFound(result.status()) ? 127 : 126;
  }
  const support::ProcessResult& process = result->process;
  std::fwrite(process.output.data(), 1, process.output.size(), stdout);
  std::fwrite(process.error.data(), 1, process.error.size(), stderr);
  if (process.signal != 0) {
    // Its end is ours, as if it had taken our place.
    std::fflush(nullptr);
    ::signal(process.signal, SIG_DFL);
    ::raise(process.signal);
  }
  if (messages != nullptr) *messages = process.error;
  return process.exit_status;
}

int AnswerToolId(const Context& context, const std::vector<std::string>& args) {
  const std::optional<toolchain::Toolchain> toolchain = CurrentToolchain(context);
  std::string line;
  // zig takes longer to start than all else here; what it says was learned with its libc.
  if (toolchain && context.driver.IsZig()) line = toolchain->version;
  if (line.empty()) {
    const absl::StatusOr<support::ProcessResult> result = toolchain::AskForVersion(DriverCommand(context, args));
    if (!result.ok()) {
      fmt::print(stderr, "cgo-ld-shim: {}\n", support::Printable(result.status().message()));
      return 127;
    }
    line = toolchain::VersionLine(result->output);
    if (result->exit_status != 0 || line.empty() || !toolchain) {
      (void)!::write(2, result->output.data(), result->output.size());
      return result->exit_status;
    }
  }
  fmt::print(stderr, "{} cgo-ld-shim {} {}\n", toolchain::StableVersionLine(line, context.driver.words),
             CGO_LD_SHIM_VERSION, toolchain::Fingerprint(*toolchain, environ));
  return 0;
}

int CompileExport(const Context& context, const std::vector<std::string>& args) {
  const std::optional<toolchain::Toolchain> toolchain = CurrentToolchain(context);
  if (!toolchain) return ExecDriver(context, args);
  // A header in the current directory, which for this file is Go's own temporary work directory: Go deletes it, its
  // path is mapped away by Go's own flags, and wrappers such as ccache, sccache and distcc understand it.
  const std::string header = "_cgo_ld_shim.h";
  const std::string ident = toolchain::Ident(*toolchain, environ);
  const bool elf = target::Infer(environ).os != "darwin" && target::Infer(environ).os != "windows";
  const std::string text =
      elf ? absl::StrCat("__asm__(\".ident \\\"", ident, "\\\"\");\n")
          : absl::StrCat("__attribute__((used)) static const char cgo_ld_shim_ident[] = \"", ident, "\";\n");
  if (!support::WriteFileAtomically(header, text, 0600).ok()) return ExecDriver(context, args);
  std::vector<std::string> with = {"-include", absl::StrCat("./", header)};
  with.insert(with.end(), args.begin(), args.end());
  return RunCompile(context, with, nullptr);
}

}  // namespace cgo_ld_shim
