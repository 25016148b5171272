// Would GNU ld make another program of this link than the embedded lld? A person who sees a silent link takes it for
// what `gcc -static` makes of the same line, so such a link is the underlying compiler's own linker's; where there is
// none (zig), it is refused by name.
//
// Example:
//   if (std::optional<OtherLinker> other = NeedsGnuLd(call, plan, resolution)) …   // other->because
//
// docs/runtime-libraries.md has the table of these kinds; tests/differential finds new ones.
#ifndef CGO_LD_SHIM_RESOLVE_GNU_LD_H_
#define CGO_LD_SHIM_RESOLVE_GNU_LD_H_

#include <optional>
#include <string>
#include <vector>

#include "invocation/invocation.h"
#include "resolve/resolve.h"
#include "symbols/evidence.h"

namespace cgo_ld_shim::resolve {

// Why lld does not do a link.
struct OtherLinker {
  bool constructors = false;  // for want of .ctors and .dtors; otherwise for an option or an object
  std::string because;        // one sentence without a full stop
  std::vector<symbols::Evidence> evidence;
  std::string without;  // what makes an object that every linker links: "compile … without …"; empty: nothing is known
};

// The first reason, if there is one.
std::optional<OtherLinker> NeedsGnuLd(const invocation::Invocation& call, const plan::LinkPlan& plan,
                                      const Resolution& resolution);

// The first unit of the program's that defines an IFUNC symbol, be it a local one; empty: none does.
std::string FindIfunc(const Resolution& resolution);

}  // namespace cgo_ld_shim::resolve

#endif  // CGO_LD_SHIM_RESOLVE_GNU_LD_H_
