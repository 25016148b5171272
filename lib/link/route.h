// Who links, and whether the program becomes static: decided in one place, from what is known so far.
//
// Example:
//   Facts facts{.request = request};
//   if (std::optional<Route> route = ChooseRoute(facts)) …   // {kAsAsked, "it makes a shared library (-shared)"}
//   facts.plan = &plan;                                        // … and again when more is known
//
// The more facts there are, the more is decided: the call alone says that it makes no executable; the inputs, that a
// shared library is named by its path; the symbols, that C code is instrumented; the line, which linker can do it.
#ifndef CGO_LD_SHIM_LINK_ROUTE_H_
#define CGO_LD_SHIM_LINK_ROUTE_H_

#include <optional>
#include <string>
#include <vector>

#include "link/request.h"
#include "link/tools.h"
#include "plan/plan.h"
#include "resolve/resolve.h"
#include "rules/edits.h"
#include "toolchain/toolchain.h"

namespace cgo_ld_shim::link {

enum class RouteKind {
  kAsAsked,    // the original words through the driver: the program is not made static
  kSystem,     // zig, for a system or a glibc that it alone serves
  kOpaque,     // -static through a driver that chooses libc and crt files by itself
  kUnplanned,  // -static through the driver, since planning it has failed in a fault of ours
  kEmbedded,   // the planned line, by the embedded linker
  kDriver,     // the planned line, by the underlying compiler's linker
  kRefused,    // no linker that is here makes of it what is asked for
};

struct Route {
  RouteKind kind = RouteKind::kEmbedded;
  std::optional<rules::RuleId> rule;  // that chose it, and that the log has to have
  std::string reason;                 // a clause; empty for kEmbedded
  std::vector<symbols::Evidence> evidence = {};
  std::string way_out = {};  // kRefused: what may help beside another compiler; empty: nothing
};

struct Facts {
  const Request& request;
  const toolchain::Toolchain* toolchain = nullptr;
  const plan::LinkPlan* plan = nullptr;
  const resolve::Resolution* resolution = nullptr;  // needs plan, toolchain and files
  plan::FileCache* files = nullptr;
  const rules::Edits* line = nullptr;  // needs all of the above, and linker
  Linker* linker = nullptr;
};

// nullopt: not decided by these facts; with `line` among them it always is.
std::optional<Route> ChooseRoute(const Facts& facts);

// Set by the guard of faults (backend/guard.h): this process is the second try, and its value is the signal's number.
inline constexpr char kFaultVariable[] = "CGO_LD_SHIM_INTERNAL_FAULT";

}  // namespace cgo_ld_shim::link

#endif  // CGO_LD_SHIM_LINK_ROUTE_H_
