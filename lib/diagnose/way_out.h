// What the user of a link that failed can do, and what that would change of the link, so that it can be tried before it
// is printed (link/ways.h).
//
// Example:
//   WayOut way = SettingWay("CGO_LD_SHIM_STUBS", "udev", "stubs that abort when they are called");
//   // way.action: "CGO_LD_SHIM_STUBS=udev"
#ifndef CGO_LD_SHIM_DIAGNOSE_WAY_OUT_H_
#define CGO_LD_SHIM_DIAGNOSE_WAY_OUT_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "target/libc.h"

namespace cgo_ld_shim::diagnose {

// What becomes otherwise. The link with it can be foreseen from symbol tables alone.
struct Change {
  std::vector<std::pair<std::string, std::string>> settings = {};  // {"CGO_LD_SHIM_STUBS", "udev,sasl2"}
  std::vector<std::string> drop = {};                              // words that leave the line: "-pie", "--frobnicate"
  std::vector<std::string> add = {};                               // words that CGO_LDFLAGS adds to it: "-L/opt/lib"
  std::vector<std::string> assume = {};  // symbols that another build of a library, or a file of the user's, defines
  bool once = false;                     // what is defined twice is defined once
  bool operator==(const Change&) const = default;
};

struct WayOut {
  std::string action;                 // as one types or does it: "CGO_LD_SHIM_STATIC=prefer"
  std::string meaning = {};           // what comes of it; empty: the action says it
  std::optional<Change> change = {};  // nullopt: there is nothing to try, and `meaning` says so where that matters
  bool step = false;                  // has to be done in any case, though it may not be enough
  bool operator==(const WayOut&) const = default;
};

// NAME=VALUE, in the environment of the build.
WayOut SettingWay(const std::string& name, const std::string& value, std::string meaning);
// CGO_LD_SHIM_LIBC: static with the host's glibc, or with zig's musl.
WayOut LibcWay(target::LibcFamily libc);
// Another build of a library, by whoever has its source; a change of the program's own code is a step.
WayOut BuildWay(std::string action, Change change);
WayOut StepWay(std::string action, Change change);
// "add -L/opt/lib to CGO_LDFLAGS".
WayOut FlagWay(std::string word, std::string meaning);
// "leave -pie out".
WayOut DropWay(std::vector<std::string> words, std::string meaning);

}  // namespace cgo_ld_shim::diagnose

#endif  // CGO_LD_SHIM_DIAGNOSE_WAY_OUT_H_
