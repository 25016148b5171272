#include "supply/supply.h"

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "llvm/Support/MemoryBuffer.h"
#include "plan/variants.h"
#include "support/path_parts.h"
#include "support/temporary.h"

namespace cgo_ld_shim::supply {
namespace {

using plan::Origin;
using plan::PlanInput;

// An object that is not made yet, as the resolution sees it: the names that it will define.
symbols::InputFile Promise(const Supply& supply, const std::optional<symbols::Machine>& machine) {
  std::string names;
  for (const std::string& name : supply.would_define) absl::StrAppend(&names, name, "\n");
  for (const std::string& name : supply.would_need) absl::StrAppend(&names, name, "\n");
  std::shared_ptr<const llvm::MemoryBuffer> buffer = llvm::MemoryBuffer::getMemBufferCopy(names, supply.subject);
  auto object = std::make_shared<symbols::Object>();
  object->kind = symbols::ObjectKind::kElfRelocatable;
  object->stack_note = true;
  if (machine) object->machine = *machine;
  const char* name = buffer->getBufferStart();
  uint32_t section = 1;
  for (const std::string& symbol : supply.would_define) {
    object->definitions.push_back(
        {.name = absl::string_view(name, symbol.size()), .function = true, .section = section++});
    name += symbol.size() + 1;
  }
  for (const std::string& symbol : supply.would_need) {
    object->references.push_back({.name = absl::string_view(name, symbol.size())});
    name += symbol.size() + 1;
  }
  return {.path = supply.entries[0].name,
          .kind = symbols::FileKind::kObject,
          .object = std::move(object),
          .buffer = std::move(buffer)};
}

PlanInput InputFor(const Supply& supply, const plan::LinkPlan& plan, plan::FileCache* cache) {
  PlanInput input{.origin = Origin::kGiven};
  if (supply.path.empty()) {
    input.path = supply.entries[0].name;
    input.words = {input.path};
    input.files = {Promise(supply, plan::MachineOf(plan))};
  } else {
    input.words = {supply.path};
    plan::ResolvePath(supply.path, plan.all_dirs, cache, &input);
  }
  return input;
}

// `plan` with the supply in it. Of an archive that an object replaces, later mentions go: it may be there only once.
void Place(plan::FileCache* cache, plan::LinkPlan* plan, Supply* supply) {
  PlanInput with = InputFor(*supply, *plan, cache);
  if (supply->replaces.empty()) {
    plan->inputs.push_back(std::move(with));
    return;
  }
  for (PlanInput& input : plan->inputs) {
    if (input.path != supply->replaces || (with.IsArchive() && input.whole_archive)) continue;
    const bool first = supply->argument < 0;
    if (first) {
      supply->argument = input.argument;
    }
    if (first || with.IsArchive()) {
      with.origin = input.origin;
      with.asked = input.AskedBy();
      // A copy of a copy is the user's archive still.
      with.copied = supply->rule != rules::RuleId::kUseVariant;
      with.in_place_of =
          input.in_place_of.empty() || !with.copied || !input.copied ? supply->replaces : input.in_place_of;
      with.argument = input.argument;
      with.group = input.group;
      input = with;
    } else {
      input.files.clear();
    }
  }
}

// What was promised becomes what it is.
void Fulfil(plan::FileCache* cache, plan::LinkPlan* plan, const Supply& supply) {
  for (PlanInput& input : plan->inputs) {
    if (input.files.empty() || input.path != supply.entries[0].name || input.files[0].path != input.path) continue;
    PlanInput real{.origin = input.origin,
                   .argument = input.argument,
                   .words = {supply.path},
                   .asked = input.asked,
                   .in_place_of = input.in_place_of,
                   .copied = input.copied};
    plan::ResolvePath(supply.path, plan->all_dirs, cache, &real);
    input = std::move(real);
  }
}

void Withdraw(plan::LinkPlan* plan, const Supply& supply) {
  std::erase_if(plan->inputs, [&](const PlanInput& input) {
    return !input.files.empty() && input.path == supply.entries[0].name && input.files[0].path == input.path;
  });
}

using Supplier = Offer (*)(const Situation&);
// Stubs after all that really defines something; what depends on the finished link last.
constexpr Supplier kSuppliers[] = {OfferLibcVariant,      OfferGlibcMeanings, OfferGlibcNames, OfferRustArguments,
                                   OfferConstructorStart, OfferIfuncStart,    OfferCpuModel,   OfferArmAtomics,
                                   OfferGnuChoice,        OfferIsolation,     OfferStubs,      OfferNssObject,
                                   OfferPackageNote,      OfferGoSections};

}  // namespace

std::string Situation::GoDirectory() const {
  const std::string go_object = plan.GoObject();
  return go_object.empty() ? "" : support::DirectoryName(go_object);
}

resolve::Resolution Try(const Situation& link, const Supply& supply) {
  plan::LinkPlan plan = link.plan;
  Supply tried = supply;
  Place(&link.cache, &plan, &tried);
  return resolve::Resolve(plan, link.toolchain, &link.cache);
}

Supplied SupplyAll(Situation* link) {
  Supplied result;
  const std::string directory = link->GoDirectory();
  const auto make = [&](Supply* supply) {
    absl::StatusOr<std::string> made = supply->recipe(directory);
    if (made.ok()) {
      supply->path = *std::move(made);
      // What is not in Go's directory is a file in memory.
      if (supply->path.starts_with(directory)) result.temporary_files.push_back(supply->path);
      return true;
    }
    result.notes.emplace_back(made.status().message());
    return false;
  };
  bool changed = true;
  while (changed) {
    changed = false;
    for (const Supplier supplier : kSuppliers) {
      Offer offer = supplier(*link);
      // A supplier that has nothing to offer says so each time that it is asked.
      for (std::string& note : offer.notes) {
        if (std::find(result.notes.begin(), result.notes.end(), note) == result.notes.end())
          result.notes.push_back(std::move(note));
      }
      if (!offer.refused.empty()) {
        result.refused = std::move(offer.refused);
        result.ways_out = std::move(offer.ways_out);
        return result;
      }
      if (offer.impossible) {
        result.impossible = std::move(offer.impossible);
        return result;
      }
      if (!offer.supply) continue;
      Supply supply = *std::move(offer.supply);
      link->done.insert({supply.rule, supply.subject});
      changed = true;
      if ((supply.at_once || supply.late) && supply.path.empty() && !make(&supply)) break;
      if (!supply.late) {
        Place(&link->cache, &link->plan, &supply);
        link->resolution = resolve::Resolve(link->plan, link->toolchain, &link->cache);
      }
      link->supplied.push_back(std::move(supply));
      break;
    }
  }
  bool made_any = false;
  for (Supply& supply : link->supplied) {
    if (!supply.path.empty()) continue;
    made_any = true;
    if (make(&supply)) {
      Fulfil(&link->cache, &link->plan, supply);
    } else {
      Withdraw(&link->plan, supply);
    }
  }
  if (made_any) {
    std::erase_if(link->supplied, [](const Supply& supply) { return supply.path.empty(); });
    link->resolution = resolve::Resolve(link->plan, link->toolchain, &link->cache);
  }
  for (const Supply& supply : link->supplied)
    result.notes.insert(result.notes.end(), supply.notes.begin(), supply.notes.end());
  return result;
}

bool Foresee(Situation* link) {
  // Removed at the end; what was read of it stays mapped.
  absl::StatusOr<support::TemporaryDirectory> copies = absl::UnavailableError("no copy yet");
  bool changed = true;
  while (changed) {
    changed = false;
    for (const Supplier supplier : kSuppliers) {
      Offer offer = supplier(*link);
      if (!offer.refused.empty() || offer.impossible) return false;
      if (!offer.supply) continue;
      Supply supply = *std::move(offer.supply);
      link->done.insert({supply.rule, supply.subject});
      changed = true;
      // Which members a copy of an archive lacks, its symbols alone do not say: it is made, by us, and forgotten.
      if (supply.path.empty() && !supply.replaces.empty() && supply.would_define.empty() && !supply.late) {
        if (!copies.ok()) copies = support::TemporaryDirectory::Make();
        if (!copies.ok()) return false;
        absl::StatusOr<std::string> made = supply.recipe(copies->path());
        if (!made.ok()) continue;
        supply.path = *std::move(made);
      }
      if (!supply.late) {
        Place(&link->cache, &link->plan, &supply);
        link->resolution = resolve::Resolve(link->plan, link->toolchain, &link->cache);
      }
      link->supplied.push_back(std::move(supply));
      break;
    }
  }
  return true;
}

std::map<std::string, std::string> Copies(const Situation& link) {
  std::map<std::string, std::string> copies;
  for (const Supply& supply : link.supplied) {
    if (supply.replaces.empty() || supply.late || supply.rule == rules::RuleId::kUseVariant) continue;
    const absl::StatusOr<symbols::InputFile>& file = link.cache.Open(supply.path);
    if (!file.ok() || file->archive == nullptr) continue;
    const auto earlier = copies.find(supply.replaces);
    copies[supply.path] = earlier == copies.end() ? supply.replaces : earlier->second;
  }
  return copies;
}

std::vector<rules::ExtraObject> ExtraObjects(const Situation& link) {
  std::vector<rules::ExtraObject> objects;
  for (const Supply& supply : link.supplied) {
    if (!supply.replaces.empty()) continue;
    for (const Entry& entry : supply.entries) {
      const bool first = &entry == &supply.entries[0];
      objects.push_back({.rule = supply.rule,
                         .name = entry.name,
                         .path = first ? supply.path : "",
                         .because = entry.because,
                         .evidence = entry.evidence});
    }
  }
  return objects;
}

std::vector<rules::Replacement> Replacements(const Situation& link) {
  std::vector<rules::Replacement> replacements;
  for (const Supply& supply : link.supplied) {
    if (supply.replaces.empty()) continue;
    const Entry& entry = supply.entries[0];
    replacements.push_back({.rule = supply.rule,
                            .argument = supply.argument,
                            .file = supply.path,
                            .because = entry.because,
                            .evidence = entry.evidence});
  }
  return replacements;
}

}  // namespace cgo_ld_shim::supply
