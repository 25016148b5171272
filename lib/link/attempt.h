// One try at a link: by which route, with which line, what came of it. A link is a list of them; its record is made of
// the last, and says of the others how they were lost.
//
// Example:
//   std::vector<Attempt> attempts = {LinkEmbedded(prepared, tools)};
//   if (attempts.back().outcome.signal != 0) attempts.push_back(LinkThroughDriver(prepared, …));
#ifndef CGO_LD_SHIM_LINK_ATTEMPT_H_
#define CGO_LD_SHIM_LINK_ATTEMPT_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "backend/backend.h"
#include "link/request.h"
#include "link/route.h"
#include "link/tools.h"
#include "resolve/resolve.h"
#include "rules/line.h"

namespace cgo_ld_shim::link {

// Started by this name, as a compiler starts it, the executable is the embedded linker.
inline constexpr char kNameOfLld[] = "ld.lld";

struct Attempt {
  Route route;
  std::string phase = "link";            // what its time is called in the record
  std::string mode;                      // report::LinkRecord::mode
  std::string linker;                    // …::linker
  std::vector<std::string> driver_argv;  // the driver's line, with the driver
  std::vector<std::string> linker_argv;  // the embedded linker's; empty: it was not asked
  std::vector<rules::Edit> edits;        // the log of its line
  // What its line was made from; null: the line was not planned.
  std::shared_ptr<const resolve::Resolution> resolution;
  std::map<std::string, std::string> copies;  // of archives, and of which (supply::Copies)
  bool own_runtime = false;  // the compiler's libraries are the driver's choice, and not those of the resolution
  std::vector<std::string> notes;
  backend::Outcome outcome;

  bool ok() const { return outcome.exit_status == 0; }
};

// The original words through the driver, and what the route's rule adds to them; with the linker that
// CGO_LD_SHIM_LINKER names.
Attempt LinkAsAsked(const Request& request, const Route& route, const Tools& tools);
// -static through a driver whose own choice everything else is: zig by itself, or any driver after a fault of ours.
Attempt LinkUnplanned(const Request& request, const Route& route, const Tools& tools);

// A link that was planned: everything that an attempt at it needs.
struct Planned {
  const toolchain::Toolchain& toolchain;
  std::shared_ptr<const resolve::Resolution> resolution;
  std::map<std::string, std::string> copies;
  rules::Edits line;
  std::string mode;
  std::string output;  // absolute
};
Attempt LinkEmbedded(const Request& request, const Planned& planned, const Tools& tools);
// By the driver's linker, or the one that CGO_LD_SHIM_LINKER names by its path.
Attempt LinkThroughDriver(const Request& request, const Planned& planned, const Route& route, const Tools& tools);

// STATIC=prefer and libraries that are only there as shared ones: dynamic for libc and those, archives for the rest.
// `runtime`: the archives of the compiler's own libraries, which are the driver's to choose.
Attempt LinkPartlyDynamic(const Request& request, const Planned& planned, const std::vector<std::string>& shared,
                          const std::vector<std::string>& runtime, const Tools& tools);

}  // namespace cgo_ld_shim::link

#endif  // CGO_LD_SHIM_LINK_ATTEMPT_H_
