// Which variables make Go use this program: CC and CXX, which Go starts; AR and CGO_ENABLED, whose defaults do not fit;
// and the compilers that were there before, which go on compiling.
//
// CXX matters even to programs that look like C: Go links with CXX as soon as any package has C++ sources. CGO_ENABLED
// has to be set because Go sets it to 0 for every foreign target, even with CC set.
//
// Example:
//   const GoVariables go = Variables(ObserveSurroundings());
//   for (const Variable& v : go.variables) …      // {"CC", "/usr/bin/cgo-ld-shim"}, …
//   for (const std::string& warning : go.warnings) …
#ifndef CGO_LD_SHIM_SHIM_COMMANDS_ENVIRONMENT_H_
#define CGO_LD_SHIM_SHIM_COMMANDS_ENVIRONMENT_H_

#include <functional>
#include <string>
#include <vector>

#include "toolchain/driver.h"

namespace cgo_ld_shim::commands {

// All that the variables depend on.
struct Surroundings {
  std::string self;          // this executable, absolute
  std::string self_cxx;      // the same file under its C++ name; empty: there is none
  toolchain::GoSettings go;  // what is set, not what go would take by itself
  // What a compiler (its words) says to --print-prog-name=ar; empty: nothing.
  std::function<std::string(const std::vector<std::string>&)> archiver_of;
  // Where this machine has .pc files for the other architecture that GOARCH names: pkg-config's own places are this
  // host's. Empty: it has none, or GOARCH is the host's.
  std::string pkg_config_libdir;
};
Surroundings ObserveSurroundings();

struct Variable {
  std::string name;
  std::string value;
};

struct GoVariables {
  // CC, CXX, AR, CGO_ENABLED, PKG_CONFIG_LIBDIR, CGO_LD_SHIM_CC, CGO_LD_SHIM_CXX; those that have to be set.
  std::vector<Variable> variables;
  // For what starts go itself, whose children would otherwise blame a variable of ours that the user has never set: the
  // one that names the compiler (CGO_LD_SHIM_INTERNAL_CC=CC).
  std::vector<Variable> sources;
  std::vector<std::string> warnings;  // what goes on past this program, one sentence each
};
GoVariables Variables(const Surroundings& surroundings);

// The go executable on PATH; empty: there is none.
std::string FindGo();

}  // namespace cgo_ld_shim::commands

#endif  // CGO_LD_SHIM_SHIM_COMMANDS_ENVIRONMENT_H_
