// The final link: a request in, a program and a result out.
//
//   request → route → plan → supplies → line → attempts → record
//
// Nothing of ours fails a link that could be done: an embedded linker that dies is replaced by the underlying
// compiler's (CGO_LD_SHIM_STRICT=1: it is an error). A program that is not static, though it should be, is an error and
// is removed.
//
// Example:
//   Result result = Link(request, RealTools(request));
#ifndef CGO_LD_SHIM_LINK_LINK_H_
#define CGO_LD_SHIM_LINK_LINK_H_

#include "absl/status/status.h"
#include "link/request.h"
#include "link/tools.h"

namespace cgo_ld_shim::link {

Result Link(const Request& request, const Tools& tools);

// A link that cannot begin: a setting that is none, a compiler that is not there. It has a record as any other that
// fails, so that `explain` tells of it and of no older one. Of the request, `call` and `environment` count.
Result Refuse(const Request& request, const Tools& tools, const absl::Status& why, int exit_status);

}  // namespace cgo_ld_shim::link

#endif  // CGO_LD_SHIM_LINK_LINK_H_
