// What glibc's start does in a static program, and musl's does not: choosing functions (IFUNC), and giving constructors
// the program's arguments.
#include "absl/strings/str_cat.h"
#include "objects/objects.h"
#include "resolve/gnu_ld.h"
#include "supply/machine_words.h"
#include "supply/supply.h"

namespace cgo_ld_shim::supply {

using rules::RuleId;
namespace {

// Of Go's -buildmode=pie the linker sees -pie.
diagnose::WayOut WithoutPie(std::string meaning) {
  diagnose::WayOut way = diagnose::DropWay({"-pie", "-static-pie"}, std::move(meaning));
  way.action = "-buildmode=exe";
  return way;
}

}  // namespace

Offer OfferIfuncStart(const Situation& link) {
  if (!link.toolchain.libc.IsMusl() || link.Done(RuleId::kIfuncStart, "")) return {};
  const std::string unit = resolve::FindIfunc(link.resolution);
  if (unit.empty()) return {};
  const std::string because = absl::StrCat(unit, " chooses functions at start (IFUNC), which musl does not do");
  const bool pie = rules::ModeOf(link.call) == toolchain::LinkMode::kStaticPie;
  if (pie || link.GoDirectory().empty() || !link.resolution.simulation->units()[0].object->machine.is64) {
    Impossible impossible{.reason = because};
    impossible.ways_out.push_back(diagnose::LibcWay(target::LibcFamily::kGlibc));
    if (pie) impossible.ways_out.push_back(WithoutPie("an object of ours does it at start"));
    impossible.ways_out.push_back(
        {"use a build of the library without target_clones and IFUNC", "not tried: there is no such build here"});
    return {.impossible = std::move(impossible)};
  }
  return {.supply =
              Supply{.rule = RuleId::kIfuncStart,
                     .entries = {{.name = "cgo_ld_shim_ifuncs.o", .because = because, .evidence = {{"", unit, ""}}}},
                     .recipe = [driver = DriverForMachine(link)](const std::string& directory) {
                       return objects::CompileIfuncStart(driver, directory);
                     }}};
}

}  // namespace cgo_ld_shim::supply
