// Which functions that the program uses may come to call a symbol? Found by references alone and taken widely: all of a
// section is one, and data that holds the address of a function may lead to it. So what is found may never happen, and
// nothing is said of what is not found.
//
// Example:
//   for (const Reach& reach : FindReach(resolution, {"udev_new"})) …   // "libusb_init" may reach "udev_new"
#ifndef CGO_LD_SHIM_RESOLVE_REACH_H_
#define CGO_LD_SHIM_RESOLVE_REACH_H_

#include <string>
#include <vector>

#include "resolve/resolve.h"

namespace cgo_ld_shim::resolve {

// Those who may reach the same symbols.
struct Reach {
  std::vector<std::string> from;     // functions that the program's own code refers to, or "a constructor of UNIT"
  std::vector<std::string> symbols;  // of those that were asked for
};
// In the order of the link; symbols in the order in which they were asked for.
std::vector<Reach> FindReach(const Resolution& resolution, const std::vector<std::string>& symbols);

// "libusb_init and 3 more may reach udev_new and 20 more".
std::string ReachText(const Reach& reach);

}  // namespace cgo_ld_shim::resolve

#endif  // CGO_LD_SHIM_RESOLVE_REACH_H_
