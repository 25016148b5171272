// What depends on the machine that a link is for: whether it is this host's, so that objects which we carry fit, and
// the underlying compiler with those of a link's flags that choose the machine: objects that are made for a link must
// be for the machine that it is for.
//
// Example:
//   DriverForMachine(link)   // {"/usr/bin/gcc", "-m64"}
#ifndef CGO_LD_SHIM_SUPPLY_MACHINE_WORDS_H_
#define CGO_LD_SHIM_SUPPLY_MACHINE_WORDS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "plan/variants.h"
#include "supply/supply.h"
#include "target/target.h"

namespace cgo_ld_shim::supply {

inline bool IsForThisHost(const Situation& link) {
  const std::optional<symbols::Machine> machine = plan::MachineOf(link.plan);
  const target::Architecture* host = target::FindArchitecture(target::HostArch());
  return machine && machine->e_machine == host->e_machine && machine->is64 == host->is64;
}

inline std::vector<std::string> DriverForMachine(const Situation& link) {
  std::vector<std::string> driver = link.driver;
  for (const invocation::Argument& argument : link.call.arguments) {
    if (argument.type == invocation::ArgType::kDriver && absl::StartsWith(argument.value, "-m"))
      driver.insert(driver.end(), argument.words.begin(), argument.words.end());
  }
  return driver;
}

}  // namespace cgo_ld_shim::supply

#endif  // CGO_LD_SHIM_SUPPLY_MACHINE_WORDS_H_
