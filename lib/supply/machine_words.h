// The underlying compiler with those of a link's flags that choose the machine: objects that are made for a link must
// be for the machine that it is for.
//
// Example:
//   DriverForMachine(link)   // {"/usr/bin/gcc", "-m64"}
#ifndef CGO_LD_SHIM_SUPPLY_MACHINE_WORDS_H_
#define CGO_LD_SHIM_SUPPLY_MACHINE_WORDS_H_

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "supply/supply.h"

namespace cgo_ld_shim::supply {

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
