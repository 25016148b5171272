// CGO_LD_SHIM_GC: Go's own object, of which Go's linker has left out what is not needed already. What is left stays:
// .go.fipsinfo, say, is read through nothing that refers to it in a program without cryptography.
//
// A KEEP in a linker script would do with lld and GNU ld alone, and would choose the section's place, too; the flag
// SHF_GNU_RETAIN every linker knows (binutils 2.36, lld 13, mold 1.0). It is set on a copy, for the file is Go's. A
// copy is made only where a section would go: in most programs of any size all are reached.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "objects/objects.h"
#include "supply/supply.h"
#include "support/map_file.h"
#include "symbols/sections.h"

namespace cgo_ld_shim::supply {

using rules::RuleId;

Offer OfferGoSections(const Situation& link) {
  const std::string go_object = link.plan.GoObject();
  if (!link.settings.gc || go_object.empty() || link.Done(RuleId::kKeepGoSections, "")) return {};
  absl::StatusOr<std::unique_ptr<llvm::MemoryBuffer>> file = support::MapFile(go_object);
  if (!file.ok()) return {};
  const absl::StatusOr<std::vector<std::string>> unreached =
      symbols::UnreachedSections(support::Bytes(**file), go_object);
  if (!unreached.ok() || unreached->empty()) return {};
  int argument = -1;
  for (const plan::PlanInput& input : link.plan.inputs) {
    if (input.path == go_object && argument < 0) argument = input.argument;
  }
  return {
      .supply = Supply{
          .rule = RuleId::kKeepGoSections,
          .entries = {{.name = "go.o",
                       .because = absl::StrCat(absl::StrJoin(*unreached, ", "), ", which nothing refers to, stays")}},
          .replaces = go_object,
          .argument = argument,
          .recipe = [go_object](const std::string&) -> absl::StatusOr<std::string> {
            absl::StatusOr<std::unique_ptr<llvm::MemoryBuffer>> mapped = support::MapFile(go_object);
            if (!mapped.ok()) return mapped.status();
            absl::StatusOr<std::string> bytes = symbols::RetainSections(support::Bytes(**mapped), go_object);
            if (!bytes.ok()) return bytes.status();
            return objects::InMemory("go.o", *bytes);
          },
          .late = true}};
}

}  // namespace cgo_ld_shim::supply
