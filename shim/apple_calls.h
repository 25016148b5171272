// Go's questions and compiles for macOS, where zig has no SDK of Apple's. Each function returns the exit status.
//
// Example:
//   if (!link::AppleArch(context.driver).empty()) return CompileForApple(context, args);
#ifndef CGO_LD_SHIM_SHIM_APPLE_CALLS_H_
#define CGO_LD_SHIM_SHIM_APPLE_CALLS_H_

#include <string>
#include <vector>

#include "shim/calls.h"

namespace cgo_ld_shim {

int RefuseDynimportLink(const Context& context, const std::vector<std::string>& args);
int AnswerAppleQuestion(const Context& context, const std::vector<std::string>& args);
int CompileForApple(const Context& context, const std::vector<std::string>& args);

}  // namespace cgo_ld_shim

#endif  // CGO_LD_SHIM_SHIM_APPLE_CALLS_H_
