// The front: the first code of the executable that runs, before the static constructors of LLVM and Abseil.
//
// Of about 65 calls that Go makes of its C compiler in one build, all but a few are the underlying compiler's business.
// They are recognised here and handed on by execve, at about a third of the instructions that those constructors alone
// cost. Everything else returns, and main() runs as if the front did not exist; main can do all that the front does.
//
// A static executable of glibc calls the functions in .preinit_array with (argc, argv, envp), after it has relocated
// itself and set up thread-local storage and before any constructor (csu/libc-start.c, call_init). So what runs here
// may use the system calls and the string functions of libc, and constant data; no malloc, no stdio, no object with a
// constructor, no locale. This file and its section belong to the real executable only: a sanitizer's runtime is not up
// yet at this point.
#include <unistd.h>

#include <string_view>

#include "invocation/fixed_text.h"
#include "invocation/kinds.h"
#include "invocation/underlying.h"
#include "shim/become.h"
#include "shim/tool_call.h"
#include "support/setting_rows.h"

namespace cgo_ld_shim {
namespace {

using invocation::CallKind;
using invocation::FixedText;
using invocation::UnderlyingCompiler;
using support::FindVariable;

#if defined(__x86_64__)
constexpr std::string_view kHostArch = "amd64";
#elif defined(__aarch64__)
constexpr std::string_view kHostArch = "arm64";
#else
#error "cgo-ld-shim runs on linux/amd64 and linux/arm64"
#endif
constexpr std::string_view kHostOs = "linux";

// Words that are ours when they stand first. A compiler's input of such a name would have a suffix.
constexpr std::string_view kSubcommands[] = {"go",
                                             "env",
                                             "explain",
                                             "which",
                                             "check",
                                             "lint",
                                             "pack",
                                             "doctor",
                                             "bench",
                                             "capture",
                                             "replay",
                                             "targets",
                                             "sbom",
                                             "help",
                                             "version",
                                             "--cgo-ld-shim-version",
                                             "--cgo-ld-shim-own-stderr"};

// What the front does with each kind of call.
enum class Route {
  kMain,        // needs more than the front has
  kExecDriver,  // is the underlying compiler's
  kRefuse,      // must fail in a static build
};
Route RouteOf(CallKind kind) {
  switch (kind) {
    case CallKind::kCompile:
    case CallKind::kFlagProbe:
    case CallKind::kQuestion:
    case CallKind::kOther:
      return Route::kExecDriver;
    case CallKind::kDynimportLink:
      return Route::kRefuse;
    case CallKind::kToolId:
    case CallKind::kExportCompile:
    case CallKind::kLinkFlagProbe:
    case CallKind::kFinalLink:
      return Route::kMain;
  }
  return Route::kMain;
}

// Letters alone: perhaps a subcommand with a typo, which main can tell from a file. No input of a
// compiler that matters for speed looks so.
bool IsPlainWord(std::string_view word) {
  for (const char c : word) {
    if (c < 'a' || c > 'z') return false;
  }
  return true;
}

bool IsSubcommand(std::string_view word) {
  for (std::string_view subcommand : kSubcommands) {
    if (word == subcommand) return true;
  }
  return false;
}

std::string_view Variable(char** envp, const char* name) {
  const char* value = FindVariable(envp, name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

// Go hands every call its GOOS; other callers have none, and mean the host.
bool TargetsHostOs(char** envp) {
  const std::string_view os = Variable(envp, "GOOS");
  return os.empty() || os == kHostOs;
}

// main adds the target (toolchain::ChooseDriver).
bool NamesZigWithoutTarget(std::string_view command) {
  return command.find("zig") != std::string_view::npos && command.find("-target") == std::string_view::npos;
}

// True when it takes main's knowledge to choose the compiler: zig for musl or for another system. Any other compiler
// that the user has named is taken whatever the target is.
bool CompilerDependsOnTarget(char** envp, bool cxx) {
  const char* named = cxx ? FindVariable(envp, "CGO_LD_SHIM_CXX") : nullptr;
  if (named == nullptr) named = FindVariable(envp, "CGO_LD_SHIM_CC");
  if (named != nullptr) return NamesZigWithoutTarget(named);
  if (support::LibcOfSetting(Variable(envp, "CGO_LD_SHIM_LIBC")) == support::Libc::kMusl ||
      !Variable(envp, "CGO_LD_SHIM_TARGET").empty())
    return true;
  const std::string_view arch = Variable(envp, "GOARCH");
  return !TargetsHostOs(envp) || (!arch.empty() && arch != kHostArch);
}

// True for a compile of Go's by a compiler that the user has named and that is not for this host and its C library: it
// may lack what this host's has, and main waits for it (lib/rescue). cmd/go gives TOOLEXEC_IMPORTPATH to what it starts
// for a package; a configure script has none.
bool MayBeRescued(char** envp, bool cxx) {
  if (FindVariable(envp, "TOOLEXEC_IMPORTPATH") == nullptr) return false;
  const char* cc = cxx ? FindVariable(envp, "CGO_LD_SHIM_CXX") : nullptr;
  if (cc == nullptr) cc = FindVariable(envp, "CGO_LD_SHIM_CC");
  if (cc == nullptr || Variable(envp, "CGO_LD_SHIM_RESCUE") == "off") return false;
  const std::string_view words = cc, arch = Variable(envp, "GOARCH");
  if (words.find("musl") != std::string_view::npos || words.find("zig") != std::string_view::npos) return true;
  return !TargetsHostOs(envp) || (!arch.empty() && arch != kHostArch);
}

// Too large for some stacks, and free of cost in .bss.
UnderlyingCompiler g_compiler;

void Front(int argc, char** argv, char** envp) {
  if (argc < 2 || IsSubcommand(argv[1]) || IsPlainWord(argv[1])) return;
  // As the linker of a compiler (lib/link/attempt.h).
  const std::string_view name = argv[0];
  if (name == "ld.lld" || name.ends_with("/ld.lld")) return;
  if (IsToolCall(argc, argv, envp)) {
    // The user's own -toolexec is main's, and so is the one question that has to be answered.
    if (std::string_view(FindVariable(envp, support::kToolexecVariable)) != "-" || AsksLinker(argc, argv)) return;
    ::execve(argv[1], argv + 1, envp);
    return;
  }
  if (argc == 2) {
    const std::string_view word = argv[1];
    if (word == "--version" || word == "--help" || word == "-h") return;
  }
  if (!support::SettingsLookValid(envp)) return;
  const bool cxx = std::string_view(argv[0]).ends_with("++");
  const int depth = invocation::CallDepth(envp);
  const bool loops = depth >= invocation::kMaxDepth;

  if (!loops) {
    const CallKind kind = invocation::QuickClassify(argc, argv);
    const Route route = RouteOf(kind);
    if (route == Route::kMain || (kind == CallKind::kCompile && MayBeRescued(envp, cxx))) return;
    if (route == Route::kRefuse) {
      // Elsewhere there is no static link, so no reason to refuse.
      if (!TargetsHostOs(envp)) return;
      if (Variable(envp, "CGO_LD_SHIM_STATIC") != "off") {
        Fail(NewMessage().Append("no dynamic imports: this program is to be linked statically\n"), 1);
      }
    }
    if (CompilerDependsOnTarget(envp, cxx)) return;
  }

  if (!invocation::FindUnderlyingCompiler(envp, cxx, &g_compiler)) {
    Fail(NewMessage().Append(g_compiler.error).Append("\n"), 127);
  }
  if (loops) {
    FixedText message = NewMessage();
    message.Append("the compiler ").Append(g_compiler.words[0]).Append(" starts cgo-ld-shim again, in a loop; set ");
    message.Append(cxx ? "CGO_LD_SHIM_CXX" : "CGO_LD_SHIM_CC").Append(" to the compiler itself, such as /usr/bin/");
    Fail(message.Append(cxx ? "g++" : "gcc").Append("\n"), 1);
  }
  Become(g_compiler, argc, argv, envp, depth);
}

using PreinitFunction = void (*)(int, char**, char**);
[[gnu::section(".preinit_array"), gnu::used]] const PreinitFunction kFront = Front;

}  // namespace
}  // namespace cgo_ld_shim
