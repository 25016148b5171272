// A static link as far as it can be known without doing anything: the compiler's link line, the plan, the resolution.
//
// Example:
//   absl::StatusOr<toolchain::Toolchain> toolchain = FindToolchain(request, tools, &notes, phase);
//   Prepared prepared(request, *std::move(toolchain));
//   if (std::optional<Route> route = PlanAndResolve(request, tools, &prepared, phase)) …   // it cannot be static
#ifndef CGO_LD_SHIM_LINK_PLANNING_H_
#define CGO_LD_SHIM_LINK_PLANNING_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "link/request.h"
#include "link/route.h"
#include "link/tools.h"
#include "plan/plan.h"
#include "supply/supply.h"
#include "toolchain/toolchain.h"

namespace cgo_ld_shim::link {

// What the driver links with. For zig and musl its libc as we link it ourselves, where that can be had; why not, in
// `notes`. Errors: those of toolchain::Locate. `phase` as for PlanAndResolve. With
// `anew`, what the caches hold of it is not believed.
absl::StatusOr<toolchain::Toolchain> FindToolchain(const Request& request, const Tools& tools,
                                                   std::vector<std::string>* notes,
                                                   absl::FunctionRef<void(const char* name)> phase, bool anew = false);

struct Prepared {
  // `files`: what another link has read already, and has to outlive this; null: nothing.
  Prepared(const Request& request, toolchain::Toolchain found, plan::FileCache* files = nullptr);
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;

  toolchain::Toolchain toolchain;
  bool anew = false;  // no cache is believed: FindToolchain
  plan::FileCache own_files;
  plan::FileCache& cache;
  supply::Situation link;  // borrows all of these
  std::vector<std::string> notes;
  std::vector<std::string> temporary_files;
};

// Plans the link and resolves it: archives for another machine are replaced by their neighbours, and zig's C++ library
// becomes part of the toolchain where the program has C++ in it. A route where the program cannot be static. `phase` is
// called at the end of each part, with its name.
std::optional<Route> PlanAndResolve(const Request& request, const Tools& tools, Prepared* prepared,
                                    absl::FunctionRef<void(const char* name)> phase);

}  // namespace cgo_ld_shim::link

#endif  // CGO_LD_SHIM_LINK_PLANNING_H_
