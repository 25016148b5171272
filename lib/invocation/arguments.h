// From words to typed arguments, without looking at any file: the inner half of Classify, for callers that already have
// a command line in hand (tests, the rules' golden cases).
//
// Example:
//   TypeArguments({"-Wl,-rpath,/x", "-lm"})   // kLinker "-rpath", kLinker "/x" (one group), kLibrary "m"
#ifndef CGO_LD_SHIM_INVOCATION_ARGUMENTS_H_
#define CGO_LD_SHIM_INVOCATION_ARGUMENTS_H_

#include <string>
#include <vector>

#include "invocation/invocation.h"

namespace cgo_ld_shim::invocation {

// Spell(TypeArguments(words)) == words, for any words. A flag whose value is missing at the end of the line has an
// empty value.
std::vector<Argument> TypeArguments(const std::vector<std::string>& words);

}  // namespace cgo_ld_shim::invocation

#endif  // CGO_LD_SHIM_INVOCATION_ARGUMENTS_H_
