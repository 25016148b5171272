// Archives that were built for glibc, in a link with musl. Most of what they need beyond the C standard are functions
// under glibc's own names, which the compat archive (lib/objects/compat.c) supplies. Some have the same name on both
// sides and another meaning: such an archive would link, and crash or corrupt memory when it runs.
//
// Example:
//   GlibcArchives found = FindGlibcArchives(resolution, &compat);
//   // found.supplied: "open64", wanted by libvendor.a(io.o); found.hazards: libvendor.a(net.o) uses regexec
#ifndef CGO_LD_SHIM_DIAGNOSE_GLIBC_ARCHIVES_H_
#define CGO_LD_SHIM_DIAGNOSE_GLIBC_ARCHIVES_H_

#include <map>
#include <string>
#include <vector>

#include "diagnose/diagnose.h"
#include "resolve/resolve.h"
#include "symbols/evidence.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::diagnose {

// A name that means something else in musl, and that of `compat` under which glibc's function is there.
struct Renamed {
  std::string as;
  std::string wanted_by;  // unit
  const char* in_musl;    // what musl's does, for an archive that cannot be given glibc's: "cuts its argument"
  bool must = false;      // and that cannot be linked with it
};

// A function that does less in musl, which no call shows.
struct Less {
  std::string name;
  std::string wanted_by;  // unit
  const char* in_musl;    // "knows no FNM_EXTMATCH"
};

struct GlibcArchives {
  // Archives that were built for glibc, by their path; what the compiler says of itself where nothing else tells
  // (diagnose/built_for.h), otherwise empty.
  std::map<std::string, std::string> archives;
  std::vector<symbols::Evidence> supplied;  // missing symbols that `compat` has, in the order of the resolution
  std::vector<Finding> hazards;             // CauseId::kWrongLibc
  // The symbol by which a Rust library for glibc takes argc and argv, which glibc hands to functions of .init_array and
  // musl does not; empty: there is none.
  std::string rust_arguments;
  std::map<std::string, std::map<std::string, Renamed>> renamed;  // by the path of the archive, then by name
  // Units with functions in .init_array that may read the arguments which glibc gives them, or with functions in
  // .preinit_array, which musl never calls.
  std::vector<std::string> constructors;
  std::vector<Less> less;
  // What would be a hazard if the archive were built for glibc, which cannot be told.
  std::vector<Less> perhaps;
};
// Only members that the link extracts count. `compat`: null where it is not for the program's machine.
GlibcArchives FindGlibcArchives(const resolve::Resolution& resolution, const symbols::Archive* compat);

// Why an archive cannot be linked with musl: it wants `symbol`, which is `because`.
Finding GlibcHazard(const std::string& symbol, const std::string& wanted_by, const std::string& because);

}  // namespace cgo_ld_shim::diagnose

#endif  // CGO_LD_SHIM_DIAGNOSE_GLIBC_ARCHIVES_H_
