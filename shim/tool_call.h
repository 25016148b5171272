// This program as Go's -toolexec, which `cgo-ld-shim go` makes it: Go starts each of its tools through it, and those
// are handed on by the front. Inline, for the front runs before any constructor.
//
// Example:
//   if (IsToolCall(argc, argv, envp)) …   // argv[1]: /usr/lib/go/pkg/tool/linux_amd64/compile
#ifndef CGO_LD_SHIM_SHIM_TOOL_CALL_H_
#define CGO_LD_SHIM_SHIM_TOOL_CALL_H_

#include <string_view>

#include "support/setting_rows.h"

namespace cgo_ld_shim {

// True when `argv` is a tool of Go's with its arguments: a path without a suffix, as no input of a compiler has one.
inline bool IsToolCall(int argc, const char* const* argv, const char* const* envp) {
  if (argc < 2 || argv[1][0] != '/' || support::FindVariable(envp, support::kToolexecVariable) == nullptr) return false;
  const std::string_view path = argv[1];
  return path.find('.', path.rfind('/')) == std::string_view::npos;
}

// …, and it is the linker that is asked who it is.
inline bool AsksLinker(int argc, const char* const* argv) {
  return argc == 3 && std::string_view(argv[1]).ends_with("/link") && std::string_view(argv[2]) == "-V=full";
}

}  // namespace cgo_ld_shim

#endif  // CGO_LD_SHIM_SHIM_TOOL_CALL_H_
