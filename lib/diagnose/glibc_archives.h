// Archives that were built for glibc, in a link with musl. Most of what they need beyond the C standard are functions
// under glibc's own names, which the compat archive (lib/objects/compat.c) supplies. Some have the same name on both
// sides and another meaning: such an archive would link, and crash or corrupt memory when it runs.
//
// Example:
//   GlibcArchives found = FindGlibcArchives(resolution, compat);
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

struct GlibcArchives {
  std::vector<symbols::Evidence> supplied;  // missing symbols that `compat` has, in the order of the resolution
  std::vector<Finding> hazards;             // CauseId::kWrongLibc
  // The symbol by which a Rust library for glibc takes argc and argv, which glibc hands to functions of .init_array and
  // musl does not; empty: there is none.
  std::string rust_arguments;
  // Names that mean something else in musl, and those of `compat` under which glibc's function is there, by the path of
  // the archive that wants them.
  std::map<std::string, std::map<std::string, std::string>> renamed;
  // Units with functions in .init_array that may read the arguments which glibc gives them, or with functions in
  // .preinit_array, which musl never calls.
  std::vector<std::string> constructors;
  std::vector<std::string> notes;  // what such an archive calls that does less in musl
};
// Only members that the link extracts count, and only those of archives that show by other symbols that they were built
// for glibc: regexec alone is musl's own.
GlibcArchives FindGlibcArchives(const resolve::Resolution& resolution, const symbols::Archive& compat);

}  // namespace cgo_ld_shim::diagnose

#endif  // CGO_LD_SHIM_DIAGNOSE_GLIBC_ARCHIVES_H_
