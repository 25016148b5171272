// The final links that stay as they were asked for, and why: those that make something else than an executable, that
// somebody wants dynamic, or that could not work as a static program.
//
// Example:
//   if (std::optional<std::string> reason = WhyNotStatic(context, call)) …  // "it makes a shared library (-shared)"
#ifndef CGO_LD_SHIM_SHIM_WHY_NOT_STATIC_H_
#define CGO_LD_SHIM_SHIM_WHY_NOT_STATIC_H_

#include <optional>
#include <string>

#include "plan/plan.h"
#include "resolve/resolve.h"
#include "shim/calls.h"

namespace cgo_ld_shim {

// Known from the settings, Go's environment and the command line alone.
std::optional<std::string> WhyNotStatic(const Context& context, const invocation::Invocation& call);
// From what the inputs are: a shared library by its path; a program that loads plugins.
std::optional<std::string> WhyNotStaticByInputs(const plan::LinkPlan& plan);
// From what is missing: a sanitizer's run-time library, Go's packages in a shared library.
std::optional<std::string> WhyNotStaticBySymbols(const resolve::Resolution& resolution, plan::FileCache* cache);

}  // namespace cgo_ld_shim

#endif  // CGO_LD_SHIM_SHIM_WHY_NOT_STATIC_H_
