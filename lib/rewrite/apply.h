// From the link as Go asked for it to the link that works: which rules apply, and the driver's line after them.
//
// Example:
//   RewrittenLink link = Apply(call, Decide(call, resolution, settings), resolution);
//   // link.words: what the underlying driver could be given; link.rewrites: the log
//
// A link that needs no rule keeps its words as they were.
#ifndef CGO_LD_SHIM_REWRITE_APPLY_H_
#define CGO_LD_SHIM_REWRITE_APPLY_H_

#include <string>
#include <vector>

#include "invocation/invocation.h"
#include "resolve/resolve.h"
#include "rewrite/rewrite.h"
#include "support/settings.h"
#include "toolchain/toolchain.h"

namespace cgo_ld_shim::rewrite {

// An object of ours that goes into the link, such as the one that restricts glibc's name service switch.
struct ExtraObject {
  std::string rule;
  std::string name;  // as the log shows it: "nss_files.o"
  std::string path;  // empty: the object is there already, for another reason as well
  std::string because;
  std::vector<symbols::Evidence> evidence;
};

// The rewrites of one link, each with its place. Decide makes it; only Apply turns it into arguments.
struct Decision {
  toolchain::LinkMode mode = toolchain::LinkMode::kStatic;
  std::vector<Rewrite> rewrites;                  // in the order in which they are shown
  std::vector<bool> drop;                         // a flag an argument of the call: true when it goes
  std::vector<std::vector<std::string>> replace;  // for an argument that changes: its new words; empty: as it was
  std::vector<std::string> append;                // flags after all inputs
  std::vector<std::string> extra_objects;         // paths, after the last object of the program
};

// One element of the rewritten line.
struct LinkWord {
  invocation::Argument argument;
  std::string path;  // for inputs and libraries: the resolved file
};
struct RewrittenLink {
  std::vector<LinkWord> line;      // the driver's arguments, in order, without the driver itself
  std::vector<std::string> words;  // the same as plain words
  std::vector<Rewrite> rewrites;
};

// The mode of a final link that will be static: -pie asks for static-pie.
toolchain::LinkMode ModeOf(const invocation::Invocation& call);

// An input of the user's that was replaced by a file of ours before it was resolved (isolation); `argument` is its
// index.
struct Replacement {
  int argument = -1;
  Rewrite rewrite;
};

Decision Decide(const invocation::Invocation& call, const plan::LinkPlan& plan, const resolve::Resolution& resolution,
                const toolchain::Toolchain& toolchain, const std::vector<ExtraObject>& extra,
                const std::vector<Replacement>& replacements, const support::Settings& settings);
RewrittenLink Apply(const invocation::Invocation& call, const plan::LinkPlan& plan, const Decision& decision,
                    const resolve::Resolution& resolution);

}  // namespace cgo_ld_shim::rewrite

#endif  // CGO_LD_SHIM_REWRITE_APPLY_H_
