// Words of a build that a link by this program has no need of, of those by which people make programs static without
// it: -extldflags=-static, groups, libraries of the compiler's own, tags that keep C out. Go writes the flags of a
// build into the program, but for -trimpath.
//
// Example:
//   for (const Needless& words : FindNeedless(facts.go)) …   // {"-extldflags=-static", "the link is made static
//   anyway"} fmt::print("{}", NeedlessText(FindNeedless(facts.go), {}));
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

// Words as cmd/go splits -ldflags and cmd/link -extldflags: by blanks, with '…' and "…" around whole words
// (cmd/internal/quoted). A quote that does not end goes to the end. Exposed for tests.
std::vector<std::string> SplitQuoted(absl::string_view text);

}  // namespace cgo_ld_shim::inspect

#endif  // CGO_LD_SHIM_INSPECT_NEEDLESS_H_
