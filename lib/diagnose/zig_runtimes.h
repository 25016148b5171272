// Symbols of C++'s and the unwinder's own libraries, of which zig brings its own for each system.
//
// Example:
//   RuntimesWanted(ReadZigWords(outcome.messages), call)   // {"c++", …}: link again with -lc++
//
// Names are told apart by what they begin with: C++'s as lld demangles them, the unwinder's as the Itanium C++ ABI has
// them (_Unwind_*).
#ifndef CGO_LD_SHIM_DIAGNOSE_ZIG_RUNTIMES_H_
#define CGO_LD_SHIM_DIAGNOSE_ZIG_RUNTIMES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "diagnose/zig_words.h"
#include "invocation/invocation.h"
#include "symbols/evidence.h"

namespace cgo_ld_shim::diagnose {

// A library that zig brings, and that the line does not name though the program needs it: a C++ archive in a package
// without C++ sources of its own, or Rust's way of unwinding.
struct ZigRuntime {
  std::string library;  // NAME of -lNAME
  std::vector<symbols::Evidence> evidence;
};
// Empty where these would not be enough.
std::vector<ZigRuntime> RuntimesWanted(absl::Span<const ZigComplaint> complaints, const invocation::Invocation& call);

// A name as a person knows it: lld says C++ names demangled, zig's own linker as they stand in the file, which on macOS
// have one more underscore.
std::string Readable(const std::string& symbol, bool apple);
// Names that only libstdc++ has, which zig does not bring.
bool IsLibstdcxx(absl::string_view name);
bool IsCxx(absl::string_view name);
bool IsUnwinding(absl::string_view name);

}  // namespace cgo_ld_shim::diagnose

#endif  // CGO_LD_SHIM_DIAGNOSE_ZIG_RUNTIMES_H_
