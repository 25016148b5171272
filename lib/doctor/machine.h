// What is on this machine that a static Go build can use: go, the compilers, their static libraries, zig, emulators.
//
// Example:
//   Machine machine = ObserveMachine(settings, environ);
//   if (machine.toolchain.ok() && machine.toolchain->FindArchive("c")) …
//
// Never fails: what is missing is an empty field, with the reason where there is one. Starts go, the compilers and zig,
// each once and only to ask for its version; what a compiler links with is kept in the cache (toolchain/toolchain.h).
#ifndef CGO_LD_SHIM_DOCTOR_MACHINE_H_
#define CGO_LD_SHIM_DOCTOR_MACHINE_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "packages/distribution.h"
#include "support/settings.h"
#include "toolchain/toolchain.h"

namespace cgo_ld_shim::doctor {

// A program that was found.
struct Tool {
  std::string name;     // "clang"
  std::string path;     // absolute
  std::string version;  // "19.1.7"; empty: it did not say
};

struct Machine {
  support::Settings settings;
  std::string self;  // this executable's path
  packages::Distribution distribution;
  std::string host_arch;  // Go's name: "amd64"

  std::optional<Tool> go;
  std::map<std::string, std::string> go_env;  // all of `go env`; empty without go, or when it failed
  std::string go_problem;                     // what go said when it failed

  std::vector<std::string> cc, cxx;     // the underlying compilers' words; empty: none was found
  std::string cc_problem, cxx_problem;  // why not
  absl::StatusOr<toolchain::Toolchain> toolchain = absl::NotFoundError("");  // of `cc`, for a plain static link
  std::vector<Tool> compilers;                                               // gcc and clang on PATH

  std::optional<Tool> zig;
  std::vector<Tool> emulators;  // qemu-aarch64, …; name is Go's name of the architecture

  // What `go env` says; empty: unset.
  std::string GoEnv(const std::string& name) const;
};

Machine ObserveMachine(const support::Settings& settings, const char* const* envp);

// A short name of the underlying compiler: "gcc 12.2.0".
std::string CompilerName(const toolchain::Toolchain& toolchain);

// True when the first words of a CC or CXX, as Go splits it, start this executable, by whatever name.
bool IsSelf(const Machine& machine, const std::string& command);

}  // namespace cgo_ld_shim::doctor

#endif  // CGO_LD_SHIM_DOCTOR_MACHINE_H_
