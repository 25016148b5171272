// Calls that the front did not hand on: our own commands, Go's questions that we answer, and the final link.
#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "fmt/format.h"
#include "invocation/invocation.h"
#include "invocation/underlying.h"
#include "shim/calls.h"
#include "shim/commands/commands.h"
#include "support/process.h"
#include "support/settings.h"

extern char** environ;

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

int CompilerVersion(const Context& context, const std::vector<std::string>& args) {
  // -asan wants the compiler's own words first; ours follow.
  std::vector<std::string> argv = context.driver;
  argv.insert(argv.end(), args.begin(), args.end());
  absl::StatusOr<support::ProcessResult> result = support::RunProcess(argv);
  if (!result.ok()) return Complain(result.status(), 127);
  fmt::print(stdout, "{}{}", result->output, commands::VersionText());
  fmt::print(stderr, "{}", result->error);
  return result->exit_status;
}

int Run(const std::vector<std::string>& argv) {
  const std::vector<std::string> args(argv.begin() + 1, argv.end());
  if (args.empty() || commands::Find(args[0]) != nullptr) return commands::Run(args);

  Context context;
  absl::StatusOr<support::Settings> settings = support::ReadSettings(environ);
  if (!settings.ok()) return Complain(settings.status(), 2);
  context.settings = *std::move(settings);
  context.cwd = CurrentDirectory();
  invocation::UnderlyingCompiler compiler;
  const bool cxx = absl::EndsWith(argv[0], "++");
  if (!invocation::FindUnderlyingCompiler(environ, cxx, &compiler)) {
    return Complain(absl::NotFoundError(compiler.error), 127);
  }
  context.driver.assign(compiler.words, compiler.words + compiler.count);

  if (args == std::vector<std::string>{"--version"}) return CompilerVersion(context, args);
  absl::StatusOr<invocation::Invocation> call = invocation::Classify(argv, context.cwd);
  if (!call.ok()) return Complain(call.status(), 1);
  switch (call->kind) {
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
