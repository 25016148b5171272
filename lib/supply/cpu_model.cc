// What the processor can, for programs that ask at run time (__builtin_cpu_supports, target_clones). Such code looks
// into
// __cpu_model, which a constructor of the compiler's library fills in. zig's compiler_rt has the variable, and nothing
// that fills it in: every processor can nothing.
#include "absl/strings/str_cat.h"
#include "objects/objects.h"
#include "supply/machine_words.h"
#include "supply/supply.h"

namespace cgo_ld_shim::supply {

using rules::RuleId;
namespace {

// The first unit beside the compiler's own that looks there; empty: none does.
std::string FirstUser(const resolve::Resolution& resolution) {
  const std::vector<resolve::Unit>& units = resolution.simulation->units();
  for (size_t i = 0; i < units.size(); ++i) {
    if (resolution.inputs[static_cast<size_t>(units[i].input)].origin == plan::Origin::kToolchain) continue;
    for (const symbols::Reference& reference : units[i].object->references) {
      if (reference.name == "__cpu_model" || reference.name == "__cpu_features2")
        return resolution.simulation->UnitName(static_cast<int>(i));
    }
  }
  return "";
}

}  // namespace

Offer OfferCpuModel(const Situation& link) {
  if (link.Done(RuleId::kCpuModel, "")) return {};
  const resolve::Simulation& simulation = *link.resolution.simulation;
  const int definer = simulation.Definer("__cpu_model");
  if (definer < 0) return {};
  const resolve::Unit& unit = simulation.units()[static_cast<size_t>(definer)];
  if (unit.object->constructors ||
      link.resolution.inputs[static_cast<size_t>(unit.input)].origin != plan::Origin::kToolchain) {
    return {};
  }
  const std::string user = FirstUser(link.resolution);
  if (user.empty()) return {};
  absl::StatusOr<std::string> object = IsForThisHost(link) ? objects::CpuModelObject() : absl::NotFoundError("");
  if (!object.ok()) {
    return {.notes = {absl::StrCat(user, " asks what the processor can, and the compiler's library answers: nothing")}};
  }
  return {.supply =
              Supply{.rule = RuleId::kCpuModel,
                     .entries = {{.name = "cpu_model.o",
                                  .because = "the compiler's library says of every processor that it can nothing; "
                                             "libgcc's object looks",
                                  .evidence = {{"__cpu_model", user, simulation.UnitName(definer)}}}},
                     .path = *std::move(object)}};
}

}  // namespace cgo_ld_shim::supply
