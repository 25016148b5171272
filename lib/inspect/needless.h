// Words of a build that a link by this program has no need of, of those by which people make programs static without
// it: -extldflags=-static, groups, libraries of the compiler's own, tags that keep C out. Go writes the flags of a
// build into the program, but for -trimpath.
//
// Example:
//   const std::vector<Needless> all = FindNeedless(facts.go);
//   // all[0].words "-static in -extldflags", .because "the link is made static without it"
//
// Whether a build without them is the same was not tried, and the text says so.
#ifndef CGO_LD_SHIM_INSPECT_NEEDLESS_H_
#define CGO_LD_SHIM_INSPECT_NEEDLESS_H_

#include <string>
#include <vector>

#include "inspect/inspect.h"
#include "report/text.h"

namespace cgo_ld_shim::inspect {

struct Needless {
  std::string words;    // as they are typed: "-tags netgo,osusergo"
  std::string because;  // a clause
  bool operator==(const Needless&) const = default;
};
// Of a program that this one has linked statically. In the order of -tags, -ldflags, CGO_LDFLAGS.
std::vector<Needless> FindNeedless(const GoFacts& go);

// "what you may leave out" and a line each; empty where there is nothing.
std::string NeedlessText(const std::vector<Needless>& needless, const report::TextOptions& options);

}  // namespace cgo_ld_shim::inspect

#endif  // CGO_LD_SHIM_INSPECT_NEEDLESS_H_
