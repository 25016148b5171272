// CGO_LD_SHIM_NOTE: the list of components as a note in the program. It names no file of this machine, so that the
// bytes are the same wherever the same archives are linked.
#include "absl/strings/str_cat.h"
#include "objects/objects.h"
#include "packages/distribution.h"
#include "report/inputs.h"
#include "sbom/sbom.h"
#include "supply/supply.h"

namespace cgo_ld_shim::supply {

using rules::RuleId;

Offer OfferPackageNote(const Situation& link) {
  if (!link.settings.note || link.Done(RuleId::kPackageNote, "")) return {};
  std::string like;
  for (const plan::PlanInput& input : link.plan.inputs) {
    if (input.origin == plan::Origin::kGiven && like.empty() && !input.IsArchive() && !input.path.empty())
      like = input.path;
  }
  std::vector<std::string> isolated;
  for (const Supply& supply : link.supplied) {
    if (supply.replaces.empty()) continue;
    for (const symbols::Evidence& evidence : supply.entries[0].evidence) isolated.push_back(evidence.provided_by);
  }
  const std::string architecture = link.toolchain.machine.text.substr(0, link.toolchain.machine.text.find('-'));
  const packages::Distribution distribution = packages::ThisDistribution();
  const std::string content =
      sbom::PackageNote(sbom::Components(report::InputRecords(link.resolution, Copies(link)), isolated,
                                         {.libc = link.toolchain.libc, .zig = sbom::ZigOf(link.driver)}),
                        {.name = link.package,
                         .architecture = architecture,
                         .distribution = distribution.id,
                         .distribution_version = distribution.version});
  return {
      .supply = Supply{
          .rule = RuleId::kPackageNote,
          .entries = {{.name = "package_note.o",
                       .because = "the program carries the list of its libraries (CGO_LD_SHIM_NOTE=1)"}},
          .recipe = [like, content](const std::string&) -> absl::StatusOr<std::string> {
            absl::StatusOr<std::string> object = objects::NoteObject(
                like, {.section = ".note.package", .owner = "FDO", .type = sbom::kPackageNoteType, .content = content});
            if (object.ok()) return object;
            return absl::Status(object.status().code(), absl::StrCat("CGO_LD_SHIM_NOTE=1: no note is in the program: ",
                                                                     object.status().message()));
          },
          .late = true}};
}

}  // namespace cgo_ld_shim::supply
