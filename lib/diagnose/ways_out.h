// What may help where symbols are missing: settings, packages, other builds of a library. Each is a proposal, of which
// link/ways.h keeps those that work.
//
// Example:
//   for (WayOut& way : ProposeWaysOut(findings, resolution, settings)) diagnosis.ways_out.push_back(std::move(way));
//   // {"CGO_LD_SHIM_STUBS=gssapi_krb5,sasl2", "…"}, {"CGO_LD_SHIM_STATIC=prefer"}, …
//
// A setting that is a list has all that is set already in it. Asks package managers.
#ifndef CGO_LD_SHIM_DIAGNOSE_WAYS_OUT_H_
#define CGO_LD_SHIM_DIAGNOSE_WAYS_OUT_H_

#include <set>
#include <string>
#include <vector>

#include "diagnose/diagnose.h"
#include "resolve/resolve.h"
#include "support/settings.h"

namespace cgo_ld_shim::diagnose {

// `forgotten`: what the program's own code needs and nothing defines. `absent`: libraries that .pc files name and that
// are not there, "pgport".
std::vector<WayOut> ProposeWaysOut(const std::vector<Finding>& findings, const resolve::Resolution& resolution,
                                   const support::Settings& settings, const std::vector<std::string>& forgotten,
                                   const std::set<std::string>& absent);

}  // namespace cgo_ld_shim::diagnose

#endif  // CGO_LD_SHIM_DIAGNOSE_WAYS_OUT_H_
