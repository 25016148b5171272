// A final link on its way: what is known of it, and what was decided. One per process; the steps of final_link.cc fill
// it in their order.
//
// Example:
//   LinkState state(context, call);
//   state.plan = plan::Build(call, state.toolchain, &state.cache);
//   state.Resolve();
#ifndef CGO_LD_SHIM_SHIM_LINK_STATE_H_
#define CGO_LD_SHIM_SHIM_LINK_STATE_H_

#include <map>
#include <string>
#include <vector>

#include "invocation/invocation.h"
#include "plan/plan.h"
#include "report/record.h"
#include "resolve/resolve.h"
#include "rewrite/apply.h"
#include "shim/calls.h"
#include "toolchain/toolchain.h"

namespace cgo_ld_shim {

struct LinkState {
  LinkState(const Context& context, const invocation::Invocation& call) : context(context), call(call) {}

  // Resolves the plan as it is now.
  void Resolve() { resolution = resolve::Resolve(plan, toolchain, &cache); }
  // One more object or archive takes part in the link, which is resolved again.
  void AddInput(const std::string& path);
  // Go's own temporary directory for this link, which it deletes; empty when the call is not Go's.
  std::string GoDirectory() const;

  const Context& context;
  const invocation::Invocation& call;
  report::LinkRecord record;
  toolchain::Toolchain toolchain;
  plan::FileCache cache;
  plan::LinkPlan plan;
  resolve::Resolution resolution;
  std::vector<rewrite::ExtraObject> extra;         // objects of ours
  std::vector<rewrite::Replacement> replacements;  // of arguments of the command line
  std::vector<std::string> temporary_files;        // removed when the link is done
  std::map<std::string, std::string> copies;       // of archives, and of which: records name what the user has
};

// What a link reads, in its order; a copy by the name of its archive.
std::vector<report::InputRecord> InputRecords(const LinkState& state);

}  // namespace cgo_ld_shim

#endif  // CGO_LD_SHIM_SHIM_LINK_STATE_H_
