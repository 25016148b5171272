// The final link: lib/link does it; here it is fed with what this process was given, and its words are shown.
#include <signal.h>
#include <unistd.h>

#include <cstdio>

#include "backend/guard.h"
#include "fmt/format.h"
#include "link/link.h"
#include "link/route.h"
#include "shim/calls.h"
#include "support/printable.h"

namespace cgo_ld_shim {

int FinalLink(const Context& context, const invocation::Invocation& call) {
  // A file that may not become as large is an error of write(2), as a full disk is.
  ::signal(SIGXFSZ, SIG_IGN);
  backend::RestartOnFault(call.argv, link::kFaultVariable);
  const link::Request request{context.settings, context.driver, call, context.cwd, environ};
  const link::Result result = link::Link(request, link::RealTools(request));
  (void)!::write(2, result.screen.data(), result.screen.size());
  return result.exit_status;
}

int Refuse(const Context& context, const std::vector<std::string>& argv, const absl::Status& why, int exit_status) {
  const absl::StatusOr<invocation::Invocation> call = invocation::Classify(argv, context.cwd);
  if (!call.ok() || call->kind != invocation::CallKind::kFinalLink) {
    fmt::print(stderr, "cgo-ld-shim: {}\n", support::Printable(why.message()));
    return exit_status;
  }
  const link::Request request{context.settings, context.driver, *call, context.cwd, environ};
  const link::Result result = link::Refuse(request, link::RealTools(request), why, exit_status);
  (void)!::write(2, result.screen.data(), result.screen.size());
  return result.exit_status;
}

}  // namespace cgo_ld_shim
