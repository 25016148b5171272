// Why a link that zig does by itself has failed: for macOS, Windows, the BSDs, and for Linux with another version of
// glibc. There is no resolution of ours to ask, so zig's words are read, and what they are about is looked up: the
// files that the line names, zig's lists of what Windows' DLLs have, and the versions of the symbols of this host's
// glibc.
//
// Example:
//   const std::vector<ZigComplaint> complaints = ReadZigWords(outcome.messages);
//   Diagnosis d = ExplainZigLink(complaints, {.call = call, .target = triple, .cwd = cwd, .zig_library = "/…/lib"});
//
// A finding for each symbol, file or option, once. Reads files, and only of failed links; what cannot be read is not
// said.
#ifndef CGO_LD_SHIM_DIAGNOSE_ZIG_LINK_H_
#define CGO_LD_SHIM_DIAGNOSE_ZIG_LINK_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "diagnose/diagnose.h"
#include "diagnose/zig_words.h"
#include "invocation/invocation.h"
#include "target/triple.h"

namespace cgo_ld_shim::diagnose {

struct ZigLink {
  const invocation::Invocation& call;
  const target::Triple& target;
  std::string cwd;
  std::string zig_library = {};  // zig's lib directory; empty: not known
  std::string host_libc = {};    // a libc.so.6 whose symbols say their versions; empty: there is none
};

// The files that the line names and that were made for another system than the target, as complaints about them.
std::vector<ZigComplaint> ForeignInputs(const ZigLink& link);

Diagnosis ExplainZigLink(absl::Span<const ZigComplaint> complaints, const ZigLink& link);

// "macOS on arm64", "glibc 2.17": what a program of this target runs on, in words.
std::string SystemText(const target::Triple& triple);

}  // namespace cgo_ld_shim::diagnose

#endif  // CGO_LD_SHIM_DIAGNOSE_ZIG_LINK_H_
