// Finds what a static link lacks. Starting from the plan, it simulates the link, looks for providers of what stays
// undefined, adds them, and goes on until nothing is missing or no candidate is left.
//
// Where a provider may come from depends on who asks. The program's own objects are served by the libraries that the
// program names, by what belongs to those (bundle, pkg-config requirements, DT_NEEDED), and by the runtime families;
// anything else is a mistake of the program, because a name such as `init` is defined in some archive of nearly every
// machine. Members of archives are served by the same, and by a search of all library directories where that is
// unambiguous.
//
// Example:
//   Resolution r = Resolve(plan, toolchain, &cache);
//   for (const Added& a : r.added) …   // r.inputs is the whole link in its new order
//   for (const Unresolved& u : r.missing) …
//
// Nothing here fails: what cannot be found is part of the result.
#ifndef CGO_LD_SHIM_RESOLVE_RESOLVE_H_
#define CGO_LD_SHIM_RESOLVE_RESOLVE_H_

#include <memory>
#include <string>
#include <vector>

#include "plan/plan.h"
#include "resolve/simulation.h"
#include "symbols/evidence.h"
#include "toolchain/toolchain.h"

namespace cgo_ld_shim::resolve {

// Why an archive may serve a reference; in the order in which they are tried.
enum class Tier { kSibling, kPkgConfig, kRuntime, kNeeded, kWide };
const char* TierText(Tier tier);  // "found next to one of your archives", …

// An archive that was added to the link.
struct Added {
  size_t input = 0;  // in Resolution::inputs
  std::string path;
  Tier tier = Tier::kRuntime;
  std::vector<symbols::Evidence> evidence;  // up to 3 symbols that it provides
  size_t symbols = 0;                       // how many it provides to others
  std::vector<std::string> alternatives;    // providers that lost, each with the reason
};

// A symbol that nothing in reach defines.
struct Unresolved {
  std::string symbol;
  bool from_program = false;
  std::vector<std::string> wanted_by;      // units, at most 3
  std::vector<std::string> wanting_paths;  // the archives or objects of these
  std::string named_by;  // "-lzmq": the word that brought the first of them in; empty: the program itself
  // Where nobody has named the first of `wanted_by`: the user's archive that brought it in, and the archive whose
  // member that one extracted, which is the wanting one or stands between the two. Paths; empty: the program itself
  // did.
  std::string on_behalf_of = {}, through = {};
  std::vector<std::string> candidates;  // archives that define it and were not taken, with the reason
};

// An archive of which lld takes a member that GNU ld, reading the line as it is, does not take: it has gone on, or has
// found the symbol behind. The author's line means what GNU ld makes of it.
struct Otherwise {
  std::string archive;
  std::vector<uint32_t> members;  // those that GNU ld takes
  std::string symbol;             // one for which lld takes another
  std::string lld_takes;          // the unit that lld takes for it: "/x/libA.a(foo.o)"
  std::string gnu_takes;          // and the one of GNU ld
  std::string wanted_by;
};

struct Resolution {
  std::vector<plan::PlanInput> inputs;     // the whole link, in order
  std::vector<Added> added;                // in the order of `inputs`
  std::vector<plan::PlanInput> left_out;   // given libraries that have no archive and that nothing needs
  std::vector<plan::PlanInput> not_found;  // given inputs that are not there or cannot be read
  std::vector<plan::PlanInput> unneeded;   // given libraries from which nothing was taken
  bool reordered = false;                  // given libraries moved
  bool grouped = false;                    // a cycle: `inputs` has members with a group number of ours
  std::vector<Unresolved> missing;
  std::vector<Otherwise> otherwise;           // where GNU ld links the same line, and takes other members
  std::vector<symbols::Evidence> duplicates;  // symbol, and both owners
  std::vector<std::string> problems;          // members that could not be read
  std::vector<std::string> searched;          // directories that were searched in the end
  std::shared_ptr<const std::vector<plan::PlanInput>> simulated;  // a copy of `inputs`, which `simulation` borrows
  std::shared_ptr<const Simulation> simulation;
};

// The group number that Resolve gives to inputs that need one another in a cycle.
inline constexpr int kCycleGroup = 1 << 24;

Resolution Resolve(const plan::LinkPlan& plan, const toolchain::Toolchain& toolchain, plan::FileCache* cache);

// What GNU ld takes otherwise of `inputs`, of which `link` is lld's simulation; exposed for tests. Empty where GNU ld
// cannot link them.
std::vector<Otherwise> FindOtherwise(const plan::LinkPlan& plan, const Simulation& link,
                                     const std::vector<plan::PlanInput>& inputs);

// Orders libraries so that each stands before what it needs, as GNU ld wants it; exposed for tests. `inputs` are
// reordered between the first and the last movable one; members of a cycle become neighbours with one group number.
// `link` is the simulation of `inputs` as they are. Returns false when the order was good already.
bool OrderForGnuLd(const plan::LinkPlan& plan, const Simulation& link, std::vector<plan::PlanInput>* inputs);

}  // namespace cgo_ld_shim::resolve

#endif  // CGO_LD_SHIM_RESOLVE_RESOLVE_H_
