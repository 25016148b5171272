// The driver's line of a link, as the link that works has it: which rules apply, decided by what is known of the link.
// A family of rules is a file; each function begins a line, or goes on with one, and all that it changes is in the log.
//
// Example:
//   Edits edits = EditLine({call, plan, resolution, toolchain, settings, driver, extra, replacements});
//   std::optional<AnotherLinker> another = LinkerBesideOurs(resolution, settings, edits, &backend::LldAccepts);
//   edits.Words(), edits.log()
//
// A link that needs no rule keeps its words as they were. Nothing here fails, and, but for archives that EditForFloor
// looks for, no file is read.
#ifndef CGO_LD_SHIM_RULES_LINE_H_
#define CGO_LD_SHIM_RULES_LINE_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "invocation/invocation.h"
#include "plan/plan.h"
#include "resolve/resolve.h"
#include "rules/edits.h"
#include "support/settings.h"
#include "symbols/evidence.h"
#include "toolchain/driver.h"
#include "toolchain/toolchain.h"

namespace cgo_ld_shim::rules {

// An object of ours that goes into the link, such as the one that restricts glibc's name service switch.
struct ExtraObject {
  RuleId rule;
  std::string name;  // as the log shows it: "nss_files.o"
  std::string path;  // empty: the object is there already, for another reason as well
  std::string because;
  std::vector<symbols::Evidence> evidence;
};

// A file that took the place of an input of the user's before it was resolved; `argument` is that one's index.
struct Replacement {
  RuleId rule;
  int argument = -1;  // -1: no word of the line changes
  std::string file;
  std::string because;
  std::vector<symbols::Evidence> evidence;
};
struct LinkFacts {
  const invocation::Invocation& call;
  const plan::LinkPlan& plan;
  const resolve::Resolution& resolution;
  const toolchain::Toolchain& toolchain;
  const support::Settings& settings;
  const toolchain::Driver& driver;
  const std::vector<ExtraObject>& extra;
  const std::vector<Replacement>& replacements;
};

// The mode of a final link that will be static: -pie asks for static-pie.
toolchain::LinkMode ModeOf(const invocation::Invocation& call);

// What makes a line static, and nothing else.
void MakeStatic(toolchain::LinkMode mode, Edits* edits);

// A static link.
Edits EditLine(const LinkFacts& facts);

// A static link by zig alone, which chooses libc, crt files and run-time libraries by itself.
Edits EditForZig(const invocation::Invocation& call);
// A static link of which nothing is known but its words: -static, and what that asks for.
Edits EditUnplanned(const invocation::Invocation& call);
// A link for Windows or a BSD, by zig.
Edits EditForSystem(const invocation::Invocation& call);
// A link for another version of glibc, by zig: dynamic for glibc, and libraries of the user's that are there as
// archives are named by path, so that a shared one beside them is not taken. `cwd` is that of relative -L words.
// `more_directories`: where archives are looked for behind the user's own -L. `variants`: archives that take the place
// of those that the line names.
Edits EditForFloor(const invocation::Invocation& call, const std::string& cwd,
                   const std::vector<std::string>& more_directories = {},
                   const std::vector<Replacement>& variants = {});

// What STATIC=prefer makes of a static link that lacks libraries which are there as shared ones: dynamic for libc and
// `shared` (paths), archives for the rest. `runtime` are the compiler's own archives, which the driver finds by itself.
Edits PreferDynamic(const Edits& static_link, const std::vector<std::string>& shared,
                    const std::vector<std::string>& runtime);

// A dynamic link as Go asks for it, in which symbols are left to the time when the program runs, `first` among them:
// they have to be among those that the loader looks for.
Edits ExportUnresolved(const invocation::Invocation& call, const symbols::Evidence& first);

// Why the underlying compiler's own linker has to do a link.
struct AnotherLinker {
  RuleId rule;
  std::string because;
};
// nullopt: the embedded one can. `accepts` says of options whether that takes them, and what it says where it does not.
// Whoever follows it says so in the log (Edits::ByAnother).
std::optional<AnotherLinker> LinkerBesideOurs(
    const resolve::Resolution& resolution, const support::Settings& settings, const Edits& edits,
    const std::function<bool(const std::vector<std::string>& options, std::string* complaint)>& accepts);

// The families of a static link's line.
void DecideSections(const LinkFacts& facts, Edits* edits);
void DecideRefused(const LinkFacts& facts, Edits* edits);
void DecideImmaterial(const LinkFacts& facts, Edits* edits);
void DecideMode(const LinkFacts& facts, Edits* edits);
void DecideLibraries(const LinkFacts& facts, Edits* edits);
void DecideSupplies(const LinkFacts& facts, Edits* edits);
// EditLine asks them in this order, in which flags stand in the line and the log shows them.
inline constexpr void (*kFamilies[])(const LinkFacts&, Edits*) = {DecideSections, DecideRefused,   DecideImmaterial,
                                                                  DecideMode,     DecideLibraries, DecideSupplies};

// A word that zig stops at and that means nothing to its targets: it chooses the float ABI that the triple already
// names.
bool IsRefusedByZig(absl::string_view word);
void DropRefusedByZig(Edits* edits);
// Options of the linker that zig stops at, in links that it does by itself, and that change nothing of what it makes:
// "--threads=4" anywhere, "--unresolved-symbols=ignore-all" in a shared library.
void DropImmaterialToZig(Edits* edits);
// A shared library by zig, as asked but for words that it stops at and does not need.
Edits EditSharedForZig(const invocation::Invocation& call);

}  // namespace cgo_ld_shim::rules

#endif  // CGO_LD_SHIM_RULES_LINE_H_
