// What can serve a missing symbol, or an archive that does not fit, beside the program's own files and the compiler's:
// an archive for the program's machine in the place of another, functions of glibc for archives on musl, atomic
// operations, archives as isolated objects, stubs, the restriction of look-ups to files and DNS, the list of
// components, Go's own object with sections that no linker drops.
//
// A supplier looks at a link and offers a Supply: what it would define, and how it is made. A trial uses the first and
// makes nothing; the link that is done makes it.
//
// Example:
//   Situation link = …;                                    // planned and resolved
//   absl::StatusOr<Supplied> supplied = SupplyAll(&link);  // in the suppliers' order, until none has more to offer
//   resolve::Resolution tried = Try(link, *OfferStubs(link).supply);   // starts no process, writes nothing
#ifndef CGO_LD_SHIM_SUPPLY_SUPPLY_H_
#define CGO_LD_SHIM_SUPPLY_SUPPLY_H_

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "diagnose/diagnose.h"
#include "invocation/invocation.h"
#include "plan/plan.h"
#include "resolve/resolve.h"
#include "rules/line.h"
#include "support/settings.h"
#include "toolchain/toolchain.h"

namespace cgo_ld_shim::supply {

// One use of a supply, as the log shows it.
struct Entry {
  std::string name;  // "nss_files.o"
  std::string because;
  std::vector<symbols::Evidence> evidence;
};

struct Supply {
  rules::RuleId rule;
  std::string subject;  // the archive or symbol on which it acts: a supplier acts once on each
  std::vector<Entry> entries;
  std::vector<std::string> notes;
  std::string replaces;  // path of the archive whose place it takes; empty: it is one more input
  int argument = -1;     // once applied, or where `late`: of the call, the argument that named the archive
  // Global symbols that it defines, and those that it needs. The resolution goes on with these until it is made.
  std::vector<std::string> would_define;
  std::vector<std::string> would_need;
  std::string path;  // the file, where it is there already
  // Otherwise makes it in a directory, which is Go's own for this link, and returns its path.
  std::function<absl::StatusOr<std::string>(const std::string& directory)> recipe;
  // Takes no part in the resolution: it defines nothing that is missing, and needs only what the link has.
  bool late = false;
  // What comes after it depends on what it really is, not only on its symbols: made before the next supplier looks.
  bool at_once = false;
};

// A link that was planned and resolved, and what has been supplied so far. Suppliers read it; SupplyAll changes it.
struct Situation {
  const support::Settings& settings;
  const invocation::Invocation& call;
  const std::vector<std::string>& driver;  // the underlying compiler's words
  const toolchain::Toolchain& toolchain;
  plan::FileCache& cache;
  std::string package;  // import path of the program; empty: not known
  plan::LinkPlan plan;
  resolve::Resolution resolution;
  std::vector<Supply> supplied;
  std::set<std::pair<rules::RuleId, std::string>> done;  // rule and subject

  // Go's own temporary directory for this link, which it deletes; empty when the link is not Go's.
  std::string GoDirectory() const;
  bool Done(rules::RuleId rule, const std::string& subject) const { return done.contains({rule, subject}); }
};

// Why a link cannot work.
struct Impossible {
  std::string reason;
  std::vector<diagnose::WayOut> ways_out;
};

struct Offer {
  std::optional<Supply> supply;
  std::optional<Impossible> impossible;
  std::vector<std::string> notes;          // why something that was asked for is not there
  std::vector<diagnose::Finding> refused;  // the link cannot work: archives of another C library, a wrong setting
  std::vector<diagnose::WayOut> ways_out;  // …, and what to do
};

// The suppliers, in their order. Each offers one supply at a time, and nothing on a subject that is done.
Offer OfferLibcVariant(const Situation& link);       // the neighbour of an archive that was built for another C library
Offer OfferGlibcNames(const Situation& link);        // archives that were built for glibc, on musl
Offer OfferGlibcMeanings(const Situation& link);     // …, and names that mean something else there
Offer OfferRustArguments(const Situation& link);     // …, and Rust's std::env::args in them
Offer OfferConstructorStart(const Situation& link);  // …, and constructors in them
Offer OfferIfuncStart(const Situation& link);        // functions that are chosen at start, on musl
Offer OfferCpuModel(const Situation& link);  // what the processor can, where the compiler's library does not look
Offer OfferArmAtomics(const Situation& link);
Offer OfferGnuChoice(const Situation& link);  // archives of which GNU ld takes other members
Offer OfferIsolation(const Situation& link);  // archives that define the same names: CGO_LD_SHIM_ISOLATE, or runtimes
Offer OfferStubs(const Situation& link);      // CGO_LD_SHIM_STUBS
Offer OfferNssObject(const Situation& link);
Offer OfferPackageNote(const Situation& link);  // CGO_LD_SHIM_NOTE
Offer OfferGoSections(const Situation& link);   // CGO_LD_SHIM_GC: Go's object with all its sections

// What SupplyAll did beside changing the situation.
struct Supplied {
  std::vector<std::string> notes;
  std::vector<diagnose::Finding> refused;    // not empty: why the link cannot work
  std::optional<Impossible> impossible;      // the same, where it is no file's fault
  std::vector<diagnose::WayOut> ways_out;    // …, and what to do
  std::vector<std::string> temporary_files;  // of the caller, to be removed after the link
};
// Lets every supplier act, in their order: after each change the link is resolved again and they begin anew. Then makes
// what was taken, and resolves once more where something was made. What cannot be made becomes a note, and the link
// goes on without.
Supplied SupplyAll(Situation* link);

// What SupplyAll would come to, as far as symbols tell: nothing is compiled, and nothing stays. False: the link cannot
// work.
bool Foresee(Situation* link);

// Whether the link would work with this archive of it isolated as well (CGO_LD_SHIM_ISOLATE), and it would then call
// its own functions. Makes nothing.
bool CanBeIsolated(const Situation& link, const std::string& archive);

// The link with one more supply, resolved; nothing is made or written, and `link` stays as it is.
resolve::Resolution Try(const Situation& link, const Supply& supply);

// Copies of archives that took the place of these: copy → the user's own.
std::map<std::string, std::string> Copies(const Situation& link);

// What was supplied, for rules::EditLine: objects, and inputs that took the place of others.
std::vector<rules::ExtraObject> ExtraObjects(const Situation& link);
std::vector<rules::Replacement> Replacements(const Situation& link);

}  // namespace cgo_ld_shim::supply

#endif  // CGO_LD_SHIM_SUPPLY_SUPPLY_H_
