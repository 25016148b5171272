// Atomic operations of processors before ARMv6, where the compiler's own library does not have them.
#include <algorithm>

#include "absl/strings/match.h"
#include "llvm/BinaryFormat/ELF.h"
#include "objects/objects.h"
#include "plan/variants.h"
#include "supply/machine_words.h"
#include "supply/supply.h"

namespace cgo_ld_shim::supply {

using rules::RuleId;

Offer OfferArmAtomics(const Situation& link) {
  const std::optional<symbols::Machine> machine = plan::MachineOf(link.plan);
  if (!machine || machine->e_machine != llvm::ELF::EM_ARM || link.Done(RuleId::kArmAtomics, "") ||
      link.GoDirectory().empty()) {
    return {};
  }
  Supply supply{.rule = RuleId::kArmAtomics};
  std::vector<symbols::Evidence> evidence;
  for (const resolve::Unresolved& missing : link.resolution.missing) {
    if (!absl::StartsWith(missing.symbol, "__sync_")) continue;
    supply.would_define.push_back(missing.symbol);
    evidence.push_back({missing.symbol, missing.wanted_by.empty() ? "" : missing.wanted_by[0], ""});
  }
  if (evidence.empty()) return {};
  evidence.resize(std::min<size_t>(3, evidence.size()));
  supply.entries.push_back({.name = "cgo_ld_shim_arm_atomics.o",
                            .because = "the compiler's own library has no atomic operations for this processor",
                            .evidence = std::move(evidence)});
  supply.recipe = [driver = DriverForMachine(link)](const std::string& directory) {
    return objects::CompileArmAtomics(driver, directory);
  };
  return {.supply = std::move(supply)};
}

}  // namespace cgo_ld_shim::supply
