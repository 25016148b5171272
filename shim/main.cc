// Calls that the front did not hand on: our own commands, Go's questions that we answer, and the final link.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "backend/backend.h"
#include "doctor/zig_libraries.h"
#include "fmt/format.h"
#include "invocation/invocation.h"
#include "link/attempt.h"
#include "link/system.h"
#include "rules/line.h"
#include "shim/apple_calls.h"
#include "shim/calls.h"
#include "shim/commands/commands.h"
#include "shim/commands/toolexec.h"
#include "shim/tool_call.h"
#include "support/file.h"
#include "support/path_parts.h"
#include "support/printable.h"
#include "support/settings.h"
#include "toolchain/driver.h"

namespace cgo_ld_shim {
namespace {

constexpr int kNoCompiler = 127;  // as a shell says it

// A final link says what it leaves out (rule drop-refused); in a compile nobody asks. -marm is what zig's targets are.
std::vector<std::string> WithoutRefused(std::vector<std::string> args) {
  std::erase_if(args, [](const std::string& arg) { return rules::IsRefusedByZig(arg) || arg == "-marm"; });
  return args;
}

// For -O1 and more zig's driver defines NDEBUG, which takes assert() away with all that stands in it, and makes
// __DATE__ an error. clang does neither. In front, so that the user's own -DNDEBUG counts.
std::vector<std::string> AsByClang(std::vector<std::string> args) {
  args.insert(args.begin(), {"-UNDEBUG", "-Wno-date-time"});
  return args;
}

// cgo reads what the compiler says of its own questions, which have -oFILE in one word.
bool IsCgosQuestion(const std::vector<std::string>& args) {
  return std::any_of(args.begin(), args.end(),
                     [](const std::string& arg) { return arg.size() > 2 && absl::StartsWith(arg, "-o"); });
}

// cmd/cgo asks by compiler errors which names are constants (guessKinds): `enum { x = (NAME)*1 }` must be an error for
// a variable. clang makes a constant of a const one, as GNU C would not, and says so in a warning, which cgo's -w
// hides; then Go sees a constant where it sees a variable with gcc, and two of them as `duplicate case`. So that
// warning is an error where cgo asks, and all others stay hidden.
std::vector<std::string> AsGccAnswersCgo(std::vector<std::string> args) {
  const auto has = [&](const char* word) { return std::find(args.begin(), args.end(), word) != args.end(); };
  const auto level =
      std::find_if(args.rbegin(), args.rend(), [](const std::string& arg) { return absl::StartsWith(arg, "-O"); });
  if (!IsCgosQuestion(args) || !has("-w") || !has("-Wno-error") || level == args.rend() || *level != "-O0") return args;
  std::erase(args, "-w");
  // In front of the input, which may be "-".
  args.insert(args.end() - 1, {"-Wno-everything", "-Werror=gnu-folding-constant"});
  return args;
}

// Hands a compile on; when it fails and the host's own directories stand in it, says so, behind the compiler's words.
int CompileForTarget(const Context& context, const std::vector<std::string>& args) {
  const std::string directory = link::HostDirectory(args);
  if (directory.empty() || IsCgosQuestion(args)) return RunCompile(context, args, nullptr);
  std::string messages;
  const int exit_status = RunCompile(context, args, &messages);
  if (exit_status != 0) {
    const diagnose::WayOut way = link::PkgConfigWayOut();
    fmt::print(
        stderr,
        "cgo-ld-shim: {} is this machine's own directory, and the compile is for {}; pkg-config names it where it "
        "is not told of another\n  what you can do\n    {}    {}\n",
        directory, context.driver.target.text, way.action, way.meaning);
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

// Where one of the three is closed, the next file that is opened would take its place: a program that is being linked
// would then get our messages. Standard output stays one that cannot be written.
void OpenStandardFiles() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) < 0 && errno == EBADF)
      (void)::open("/dev/null", (fd == STDERR_FILENO ? O_WRONLY : O_RDONLY) | O_NOCTTY);
  }
}

// An answer that did not arrive is no success.
int AfterOutput(int status) {
  const bool failed_before = std::ferror(stdout) != 0;
  errno = 0;
  if (std::fflush(stdout) == 0 && !failed_before) return status;
  fmt::print(stderr, "cgo-ld-shim: cannot write standard output{}\n",
             errno == 0 ? "" : ": " + support::ErrnoText(errno));
  return status == 0 ? 1 : status;
}

// As the linker that a compiler starts.
int LinkAsLld(const std::vector<std::string>& argv) {
  const backend::Outcome outcome = backend::LinkEmbedded(argv);
  fmt::print(stderr, "{}", outcome.messages);
  return outcome.exit_status;
}

int Run(const std::vector<std::string>& argv) {
  if (support::BaseName(argv[0]) == link::kNameOfLld) return LinkAsLld(argv);
  std::vector<std::string> args(argv.begin() + 1, argv.end());
  const char* words[] = {"", args.empty() ? "" : args[0].c_str()};
  if (IsToolCall(args.empty() ? 1 : 2, words, environ)) return commands::RunTool(args);
  if (args == std::vector<std::string>{"--help"} || args == std::vector<std::string>{"-h"})
    return commands::HelpCommand({});
  if (args.empty() || commands::Find(args[0]) != nullptr || commands::LooksMistyped(args)) return commands::Run(args);

  Context context;
  // Where there is none, only what has relative names to resolve stops for that.
  const absl::StatusOr<std::string> cwd = support::CurrentDirectory();
  context.cwd = cwd.value_or("");
  absl::StatusOr<support::Settings> settings = support::ReadSettings(environ);
  if (!settings.ok()) return Refuse(context, argv, settings.status(), 2);
  context.settings = *std::move(settings);
  const bool cxx = absl::EndsWith(argv[0], "++");
  absl::StatusOr<toolchain::Driver> driver =
      toolchain::ChooseDriver({.settings = context.settings, .envp = environ, .cxx = cxx, .args = args});
  if (!driver.ok()) return Refuse(context, argv, driver.status(), absl::IsNotFound(driver.status()) ? kNoCompiler : 1);
  context.driver = *std::move(driver);
  // One that the user has named gets all calls as they are.
  const bool zig = context.driver.chosen_by == toolchain::ChosenBy::kTarget;
  if (zig) args = WithoutRefused(std::move(args));

  if (args == std::vector<std::string>{"--version"}) return CompilerVersion(context, args);
  absl::StatusOr<invocation::Invocation> call = invocation::Classify(argv, context.cwd);
  if (!call.ok()) return Refuse(context, argv, call.status(), 1);
  if (zig && (call->kind == invocation::CallKind::kLinkFlagProbe || call->kind == invocation::CallKind::kFinalLink))
    doctor::AnnouncePreparation(environ, context.driver, /*cxx=*/false);
  if (zig && (call->kind == invocation::CallKind::kCompile || call->kind == invocation::CallKind::kExportCompile ||
              call->kind == invocation::CallKind::kOther)) {
    args = AsGccAnswersCgo(AsByClang(std::move(args)));
  }
  const bool apple = context.driver.IsApple();
  if (!cwd.ok() && call->kind == invocation::CallKind::kFinalLink) return Refuse(context, argv, cwd.status(), 1);
  switch (call->kind) {
    case invocation::CallKind::kDynimportLink:
      return apple ? RefuseDynimportLink(context, args) : ExecDriver(context, args);
    case invocation::CallKind::kQuestion:
      return apple ? AnswerAppleQuestion(context, args) : ExecDriver(context, args);
    case invocation::CallKind::kCompile:
      return apple ? CompileForApple(context, args)
             : zig ? CompileForTarget(context, args)
                   : RunCompile(context, args, nullptr);
    case invocation::CallKind::kFlagProbe:
      return zig ? AnswerFlagProbe(context, args) : ExecDriver(context, args);
    case invocation::CallKind::kToolId:
      return AnswerToolId(context, args);
    case invocation::CallKind::kExportCompile:
      return CompileExport(context, args);
    case invocation::CallKind::kLinkFlagProbe:
      return AnswerLinkFlagProbe(context, *call);
    case invocation::CallKind::kFinalLink:
      return FinalLink(context, *call);
    default:
      return ExecDriver(context, args);
  }
}

}  // namespace
}  // namespace cgo_ld_shim

#ifdef CGO_LD_SHIM_COVERAGE
extern "C" int __llvm_profile_write_file();
#endif

int main(int argc, char** argv) {
  cgo_ld_shim::OpenStandardFiles();
  // Ignored, as some callers leave it, it takes our children's statuses from us.
  ::signal(SIGCHLD, SIG_DFL);
  const int status = cgo_ld_shim::AfterOutput(cgo_ld_shim::Run(std::vector<std::string>(argv, argv + argc)));
#ifdef CGO_LD_SHIM_COVERAGE
  __llvm_profile_write_file();  // what exit() would do
#endif
  // lld's threads and context, and half a million symbols, are the kernel's to free.
  ::_exit(status);
}
