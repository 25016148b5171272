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

#include <cerrno>
#include <cstring>
#include <string_view>

#include "invocation/fixed_text.h"
#include "invocation/kinds.h"
#include "invocation/underlying.h"
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
constexpr std::string_view kSubcommands[] = {
    "go",      "env",    "explain", "which", "check", "doctor",  "bench",
    "capture", "replay", "targets", "sbom",  "help",  "version", "--cgo-ld-shim-version"};

// What the front does with each kind of call.
enum class Route {
  kMain,    // needs more than the front has
  kHandOn,  // is the underlying compiler's
  kRefuse,  // must fail in a static build
};
Route RouteOf(CallKind kind) {
  switch (kind) {
    case CallKind::kCompile:
    case CallKind::kFlagProbe:
    case CallKind::kQuestion:
    case CallKind::kOther:
      return Route::kHandOn;
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

// Buffers for the compiler's command and environment: too large for some stacks, and free of cost in .bss.
constexpr size_t kMaxPointers = 8192;
UnderlyingCompiler g_compiler;
const char* g_argv[kMaxPointers];
const char* g_envp[kMaxPointers];
char g_depth[sizeof(support::kDepthVariable) + 12];
char g_message[8192];

// Only these can come back from an execve of a file that exists, except for what names itself well enough as a number.
std::string_view ErrnoWords(int error) {
  switch (error) {
    case ENOENT:
      return "no such file, or its interpreter is missing";
    case EACCES:
    case EPERM:
      return "permission denied";
    case ENOEXEC:
      return "not a program";
    case E2BIG:
      return "the command line and environment are too long";
    case ENOMEM:
      return "out of memory";
    case ETXTBSY:
      return "it is being written to";
    default:
      return {};
  }
}

[[noreturn]] void Fail(const FixedText& message, int status) {
  // Nothing can be done when even this write fails.
  (void)!::write(STDERR_FILENO, message.c_str(), message.size());
  ::_exit(status);
}

// Letters alone: perhaps a subcommand with a slip of the finger, which main can tell from a file. No input of a
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

// True when it takes main's knowledge to choose the compiler: zig for musl or for another system. A compiler that the
// user has named is taken whatever the target is.
bool CompilerDependsOnTarget(char** envp, bool cxx) {
  if (FindVariable(envp, "CGO_LD_SHIM_CC") != nullptr) return false;
  if (cxx && FindVariable(envp, "CGO_LD_SHIM_CXX") != nullptr) return false;
  if (Variable(envp, "CGO_LD_SHIM_LIBC") == "musl" || !Variable(envp, "CGO_LD_SHIM_TARGET").empty()) return true;
  const std::string_view arch = Variable(envp, "GOARCH");
  return !TargetsHostOs(envp) || (!arch.empty() && arch != kHostArch);
}

// The environment with the depth variable raised by one; false when it does not fit.
bool RaiseDepth(char** envp, int depth) {
  constexpr std::string_view kName = support::kDepthVariable;
  FixedText entry(g_depth, sizeof g_depth);
  entry.Append(kName).Append("=").AppendNumber(static_cast<unsigned>(depth) + 1);
  size_t count = 0;
  g_envp[count++] = g_depth;
  for (; *envp != nullptr; ++envp) {
    if (std::strncmp(*envp, kName.data(), kName.size()) == 0 && (*envp)[kName.size()] == '=') continue;
    if (count == kMaxPointers - 1) return false;
    g_envp[count++] = *envp;
  }
  g_envp[count] = nullptr;
  return true;
}

// Becomes the compiler. Returns when the arguments or the environment are too many for the front.
void HandOn(int argc, char** argv, char** envp, int depth) {
  const size_t words = g_compiler.count;
  if (words + static_cast<size_t>(argc) > kMaxPointers || !RaiseDepth(envp, depth)) return;
  for (size_t i = 0; i < words; ++i) g_argv[i] = g_compiler.words[i];
  for (int i = 1; i <= argc; ++i) g_argv[words + i - 1] = argv[i];  // with the nullptr at the end
  ::execve(g_argv[0], const_cast<char* const*>(g_argv), const_cast<char* const*>(g_envp));
  const int error = errno;
  FixedText message(g_message, sizeof g_message);
  message.Append("cgo-ld-shim: cannot start ").Append(g_argv[0]).Append(": ");
  if (const std::string_view text = ErrnoWords(error); !text.empty()) {
    message.Append(text);
  } else {
    message.Append("error ").AppendNumber(static_cast<unsigned>(error));
  }
  Fail(message.Append("\n"), error == ENOENT ? 127 : 126);
}

void Front(int argc, char** argv, char** envp) {
  if (argc < 2 || IsSubcommand(argv[1]) || IsPlainWord(argv[1])) return;
  if (IsToolCall(argc, argv, envp)) {
    // The user's own -toolexec is main's, and so is the one question that has to be answered.
    if (std::string_view(FindVariable(envp, support::kToolexecVariable)) != "-" || AsksLinker(argc, argv)) return;
    ::execve(argv[1], argv + 1, envp);
    return;
  }
  if (argc == 2 && std::string_view(argv[1]) == "--version") return;
  if (!support::SettingsLookValid(envp)) return;
  const bool cxx = std::string_view(argv[0]).ends_with("++");
  const int depth = invocation::CallDepth(envp);
  const bool loops = depth >= invocation::kMaxDepth;

  if (!loops) {
    const Route route = RouteOf(invocation::QuickClassify(argc, argv));
    if (route == Route::kMain) return;
    if (route == Route::kRefuse) {
      // Elsewhere there is no static link, so no reason to refuse.
      if (!TargetsHostOs(envp)) return;
      if (Variable(envp, "CGO_LD_SHIM_STATIC") != "off") {
        FixedText message(g_message, sizeof g_message);
        Fail(message.Append("cgo-ld-shim: no dynamic imports: this program is to be linked statically\n"), 1);
      }
    }
    if (CompilerDependsOnTarget(envp, cxx)) return;
  }

  FixedText message(g_message, sizeof g_message);
  message.Append("cgo-ld-shim: ");
  if (!invocation::FindUnderlyingCompiler(envp, cxx, &g_compiler)) {
    Fail(message.Append(g_compiler.error).Append("\n"), 127);
  }
  if (loops) {
    message.Append("the compiler ").Append(g_compiler.words[0]).Append(" starts cgo-ld-shim again, in a loop; set ");
    message.Append(cxx ? "CGO_LD_SHIM_CXX" : "CGO_LD_SHIM_CC").Append(" to the compiler itself, such as /usr/bin/");
    Fail(message.Append(cxx ? "g++" : "gcc").Append("\n"), 1);
  }
  HandOn(argc, argv, envp, depth);
}

using PreinitFunction = void (*)(int, char**, char**);
[[gnu::section(".preinit_array"), gnu::used]] const PreinitFunction kFront = Front;

}  // namespace
}  // namespace cgo_ld_shim
