// The ways out of a link that failed, tried: those that do not help are not printed, and of the others is said what
// comes of them. Where no setting alone helps, two together may, and are one line.
//
// Example:
//   record.ways_out = TryWays(request, diagnosis.ways_out, tools, &prepared);
//   // {"CGO_LD_SHIM_STATIC=prefer", "links, dynamic for libc and libudev; all else stays static"}
//
// A way out that changes nothing of a link's settings or words stays as it is.
#ifndef CGO_LD_SHIM_LINK_WAYS_H_
#define CGO_LD_SHIM_LINK_WAYS_H_

#include <vector>

#include "diagnose/way_out.h"
#include "link/planning.h"
#include "link/request.h"
#include "link/tools.h"

namespace cgo_ld_shim::link {

// `failed`: the link that failed, planned.
std::vector<diagnose::WayOut> TryWays(const Request& request, std::vector<diagnose::WayOut> ways, const Tools& tools,
                                      Prepared* failed);

// A compiler for the machine of a program that zig links for another one than this:
// "CGO_LD_SHIM_CC=aarch64-linux-gnu-gcc", and CGO_LD_SHIM_CXX where it has a C++ compiler beside it. It says that it
// was not tried where there is none in PATH. For this machine it has no name.
diagnose::WayOut CrossCompilerWay(const Request& request, std::string meaning);

}  // namespace cgo_ld_shim::link

#endif  // CGO_LD_SHIM_LINK_WAYS_H_
