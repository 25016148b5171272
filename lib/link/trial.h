// What a link would come to with something changed, foreseen from symbol tables: it is planned and resolved anew, and
// nothing is compiled, linked or written. A program that would become dynamic is tried as well, with the shared
// libraries in the places of their archives.
//
// Example:
//   Prospect prospect = Foresee(request, {.settings = {{"CGO_LD_SHIM_STATIC", "prefer"}}}, tools, &prepared);
//   // prospect.kind kPartlyDynamic, prospect.shared {"libgssapi_krb5"}
//
// `files` are those that the failed link has read already. Errors are prospects, too: kFails.
#ifndef CGO_LD_SHIM_LINK_TRIAL_H_
#define CGO_LD_SHIM_LINK_TRIAL_H_

#include <string>
#include <vector>

#include "diagnose/way_out.h"
#include "link/planning.h"
#include "link/request.h"
#include "link/tools.h"

namespace cgo_ld_shim::link {

enum class ProspectKind {
  kFails,          // it lacks something still
  kStatic,         // a static program
  kPartlyDynamic,  // dynamic for libc and `shared`, archives for the rest
  kDynamic,        // as Go asks for it: every library is the shared one where there is one
  kNotTried,       // it cannot be foreseen here
};

struct Prospect {
  ProspectKind kind = ProspectKind::kFails;
  std::vector<std::string> shared = {};  // names of shared libraries that the program then needs: "libz"
  std::string because = {};              // why kDynamic, or why kNotTried
};

Prospect Foresee(const Request& request, const diagnose::Change& change, const Tools& tools, Prepared* failed);

}  // namespace cgo_ld_shim::link

#endif  // CGO_LD_SHIM_LINK_TRIAL_H_
