// Why can this program not be linked, and what can its author do? One finding for each symbol that stays missing, with
// who needs it, where it does exist, the most likely cause, and the ways out.
//
// Example:
//   Diagnosis d = Diagnose(plan, resolution, toolchain, settings, &cache);
//   // d.findings[0].symbol "gss_init_sec_context", .cause CauseId::kOnlyShared, .owner_package "libkrb5-dev";
//   d.ways_out
//
// Diagnose runs only when a link has failed, and may take its time: it reads shared libraries and asks the package
// manager.
#ifndef CGO_LD_SHIM_DIAGNOSE_DIAGNOSE_H_
#define CGO_LD_SHIM_DIAGNOSE_DIAGNOSE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "diagnose/causes.h"
#include "diagnose/way_out.h"
#include "plan/plan.h"
#include "resolve/resolve.h"
#include "support/settings.h"
#include "symbols/debug_info.h"
#include "target/libc.h"
#include "toolchain/toolchain.h"

namespace cgo_ld_shim::diagnose {

// A symbol that nothing defines, with all that is known of it.
struct Finding {
  std::string symbol;  // mangled
  std::string demangled;
  bool from_program = false;           // wanted by the program's own objects
  std::vector<std::string> wanted_by;  // up to 3: "libzmq.a(gssapi_mechanism_base.o)"
  // Where these were written, as far as it is known: for each of `wanted_by` a place, perhaps an empty one.
  std::vector<symbols::Place> places = {};
  // Where nobody has named the wanting archive: the user's that brought it in, and the one that this took itself.
  std::string on_behalf_of = {}, through = {};
  std::string package;   // Go package whose LDFLAGS or sources brought it in; empty: not known
  std::string named_by;  // "-lzmq": the argument that brought in the wanting archive, or `on_behalf_of`; empty: none
  std::string shared_library;  // the .so that alone defines it; empty: none
  std::string owner_package;   // distribution package that owns that .so; empty: not known
  // Whether lib*.a lies beside that .so, which then lacks the symbol; unset: there is no .so, or an older record does
  // not say.
  std::optional<bool> archive_beside = {};
  CauseRef cause;
  std::string hint;                     // one sentence
  std::vector<std::string> candidates;  // archives that define it and were not chosen, with the reason
  bool data = false;  // `shared_library` defines it as data, perhaps thread-local: no function can stand for it
  std::string unfit;  // the file that defines it and was made for another machine; empty: there is none
};

struct Diagnosis {
  std::vector<Finding> findings;
  std::vector<WayOut> ways_out;
};

// What stops the link whatever is set stands first. The ways out are proposals that nobody has tried (link/ways.h).
Diagnosis Diagnose(const plan::LinkPlan& plan, const resolve::Resolution& resolution,
                   const toolchain::Toolchain& toolchain, const support::Settings& settings, plan::FileCache* cache);

// Of the diagnosis the part that is wanted before a link has failed: the missing symbols of the cause only-shared.
// Starts no process.
struct OnlyShared {
  std::string symbol;
  std::string library;  // the shared library that defines it
  bool data = false;    // as data, for which no stub can stand
};
std::vector<OnlyShared> FindOnlyShared(const plan::LinkPlan& plan, const resolve::Resolution& resolution,
                                       const toolchain::Toolchain& toolchain, plan::FileCache* cache);

// Leaves the list empty where no place is known.
void ForgetUnknown(std::vector<symbols::Place>* places);

// True for a name that only another C library than `libc` has: __isoc23_strtol for musl. For
// glibc nothing is told from names: what musl-built objects need, glibc has.
bool IsOfOtherLibc(absl::string_view symbol, const target::Libc& libc);

}  // namespace cgo_ld_shim::diagnose

#endif  // CGO_LD_SHIM_DIAGNOSE_DIAGNOSE_H_
