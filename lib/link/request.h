// One final link as it is asked for, and what it comes to.
//
// Example:
//   link::Request request{settings, driver, call, cwd, environ};
//   link::Result result = link::Link(request, link::RealTools(request));
//   write(2, result.screen); return result.exit_status;
#ifndef CGO_LD_SHIM_LINK_REQUEST_H_
#define CGO_LD_SHIM_LINK_REQUEST_H_

#include <string>
#include <vector>

#include "invocation/invocation.h"
#include "report/record.h"
#include "support/settings.h"
#include "toolchain/driver.h"

namespace cgo_ld_shim::link {

// All of it outlives the link.
struct Request {
  const support::Settings& settings;
  const toolchain::Driver& driver;
  const invocation::Invocation& call;
  const std::string& cwd;
  const char* const* environment;
};

struct Result {
  int exit_status = 0;
  std::string screen;  // for stderr: the linker's words and ours; empty when all is well
  report::LinkRecord record;
};

}  // namespace cgo_ld_shim::link

#endif  // CGO_LD_SHIM_LINK_REQUEST_H_
