// Look-ups of users, groups and hosts in a static program of glibc: /etc files and DNS, no modules of the host's.
#include "absl/strings/str_cat.h"
#include "objects/objects.h"
#include "supply/machine_words.h"
#include "supply/supply.h"

namespace cgo_ld_shim::supply {

using rules::RuleId;

Offer OfferNssObject(const Situation& link) {
  const resolve::Simulation& simulation = *link.resolution.simulation;
  if (link.Done(RuleId::kNssFiles, "") || !link.toolchain.libc.IsGlibc() || link.settings.nss_host ||
      (!IsForThisHost(link) && link.GoDirectory().empty()) || simulation.Definer("__nss_configure_lookup") < 0) {
    return {};
  }
  Entry entry{.name = "nss_files.o",
              .because =
                  "look-ups of users, groups and hosts use /etc files and DNS; CGO_LD_SHIM_NSS=host keeps the host's "
                  "modules"};
  if (link.toolchain.libc.LoadsNssModules()) {
    absl::StrAppend(&entry.because, "; ", link.toolchain.libc.ToString(),
                    " reads them through libnss_files.so and libnss_dns.so of the same version, which must be where "
                    "the program runs");
  }
  for (const char* look_up :
       {"getaddrinfo", "getpwnam_r", "getpwuid_r", "getgrnam_r", "getgrgid_r", "gethostbyname", "getnameinfo"}) {
    const int definer = simulation.Definer(look_up);
    if (definer < 0 || entry.evidence.size() == 3) continue;
    const resolve::Unit& unit = simulation.units()[static_cast<size_t>(definer)];
    entry.evidence.push_back(
        {look_up, unit.extracted_by >= 0 ? simulation.UnitName(unit.extracted_by) : "", simulation.UnitName(definer)});
  }
  Supply supply{.rule = RuleId::kNssFiles, .entries = {std::move(entry)}, .late = true};
  if (IsForThisHost(link)) {
    supply.recipe = [](const std::string&) { return objects::NssFilesObject(); };
  } else {
    supply.recipe = [driver = DriverForMachine(link)](const std::string& directory) {
      return objects::CompileNssFiles(driver, directory);
    };
  }
  return {.supply = std::move(supply)};
}

}  // namespace cgo_ld_shim::supply
