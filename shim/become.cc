#include "shim/become.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "support/setting_rows.h"

namespace cgo_ld_shim {
namespace {

using invocation::FixedText;
using invocation::UnderlyingCompiler;

// Buffers for the compiler's command and environment: too large for some stacks, and free of cost in .bss.
constexpr size_t kMaxPointers = 8192;
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

}  // namespace

FixedText NewMessage() {
  FixedText message(g_message, sizeof g_message);
  message.Append("cgo-ld-shim: ");
  return message;
}

void Fail(const FixedText& message, int status) {
  // Nothing can be done when even this write fails.
  (void)!::write(STDERR_FILENO, message.c_str(), message.size());
  ::_exit(status);
}

void Become(const UnderlyingCompiler& compiler, int argc, char** argv, char** envp, int depth) {
  const size_t words = compiler.count;
  if (words + static_cast<size_t>(argc) > kMaxPointers || !RaiseDepth(envp, depth)) return;
  for (size_t i = 0; i < words; ++i) g_argv[i] = compiler.words[i];
  for (int i = 1; i <= argc; ++i) g_argv[words + i - 1] = argv[i];  // with the nullptr at the end
  ::execve(g_argv[0], const_cast<char* const*>(g_argv), const_cast<char* const*>(g_envp));
  const int error = errno;
  FixedText message = NewMessage();
  message.Append("cannot start ").Append(g_argv[0]).Append(": ");
  if (const std::string_view text = ErrnoWords(error); !text.empty()) {
    message.Append(text);
  } else {
    message.Append("error ").AppendNumber(static_cast<unsigned>(error));
  }
  Fail(message.Append("\n"), error == ENOENT ? 127 : 126);
}

}  // namespace cgo_ld_shim
