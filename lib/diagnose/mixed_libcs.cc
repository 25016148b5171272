#include "diagnose/mixed_libcs.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "diagnose/go_packages.h"
#include "llvm/Support/MemoryBuffer.h"
#include "toolchain/toolchain.h"

namespace cgo_ld_shim::diagnose {
namespace {

using plan::Origin;
using plan::PlanInput;
using target::LibcFamily;

// The C library for which an object of cgo says that it was compiled; nullopt for objects that do not say.
std::optional<LibcFamily> LibcOf(const PlanInput& input) {
  if (input.origin != Origin::kGiven || !input.IsObject() || input.files[0].buffer == nullptr) return std::nullopt;
  const llvm::StringRef bytes = input.files[0].buffer->getBuffer();
  // _cgo_export.c, which has the text, makes a small object; those that are large are the program's own C, or Go's.
  if (bytes.size() > (1 << 20)) return std::nullopt;
  return toolchain::LibcOfIdent(absl::string_view(bytes.data(), bytes.size()));
}

// The package of the object of _cgo_export.c at `place`. That is mostly empty: the package's functions of C are in
// the objects that follow it on Go's line, up to the next package's. Empty when it has none, as runtime/cgo.
std::string PackageOfExports(const plan::LinkPlan& plan, size_t place) {
  CgoPackages packages(plan);
  for (size_t i = place; i < plan.inputs.size(); ++i) {
    const PlanInput& input = plan.inputs[i];
    if (i > place && LibcOf(input)) break;
    if (input.origin != Origin::kGiven || !input.IsObject()) continue;
    std::string package = packages.Of(*input.files[0].object);
    if (!package.empty()) return package;
  }
  return "";
}

}  // namespace

std::vector<Finding> FindMixedLibcs(const plan::LinkPlan& plan, const target::Libc& libc) {
  if (!libc) return {};
  std::vector<Finding> named, unnamed;
  for (size_t i = 0; i < plan.inputs.size(); ++i) {
    const LibcFamily theirs = LibcOf(plan.inputs[i]).value_or(LibcFamily::kNone);
    if (theirs == LibcFamily::kNone || theirs == libc.family) continue;
    std::string package = PackageOfExports(plan, i);
    std::vector<Finding>& list = package.empty() ? unnamed : named;
    const std::string name = package.empty() ? "a package whose name is not known" : package;
    list.push_back({.symbol = name,
                    .demangled = name,
                    .from_program = true,
                    .wanted_by = {plan.inputs[i].path},
                    .package = package,
                    .cause = CauseId::kMixedLibc,
                    .hint = absl::StrCat("Go's build cache has it compiled for ", target::FamilyName(theirs),
                                         ", and this program links ", libc.ToString())});
  }
  return named.empty() ? unnamed : named;
}

}  // namespace cgo_ld_shim::diagnose
