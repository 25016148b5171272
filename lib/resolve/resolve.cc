#include "resolve/resolve.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "llvm/Support/FileSystem.h"
#include "resolve/candidates.h"
#include "support/file.h"

namespace cgo_ld_shim::resolve {
namespace {

using plan::Origin;
using plan::PlanInput;

// One search for providers over one plan. Methods are the steps of Resolve; state is what they share.
class Resolver {
 public:
  Resolver(const plan::LinkPlan& plan, const toolchain::Toolchain& toolchain, plan::FileCache* cache)
      : plan_(plan), cache_(cache), candidates_(plan, toolchain, cache), toolchain_libcxx_(toolchain.libcxx) {
    for (const PlanInput& input : plan.inputs) {
      if (!input.in_place_of.empty()) in_place_of_.emplace(input.path, input.in_place_of);
    }
  }

  Resolution Run() {
    SortInputs();
    Simulation link = Simulate(Inputs());
    std::shared_ptr<const std::vector<PlanInput>> inputs = kept_.back();
    // A library that was added at the end of the simulation stands before the compiler's own in the link; where that
    // changes what is taken from which, new symbols may be missing. Each round adds at least one archive, so it ends.
    while (true) {
      if (!AddProviders(&link)) break;
      link = Simulate(Inputs());
      if (link.CountMissing() == 0) break;
    }
    if (!added_.empty()) {
      RemoveSuperfluous();
      link = Simulate(Inputs());
      inputs = kept_.back();
    }
    return Finish(std::move(inputs), std::move(link));
  }

 private:
  struct AddedArchive {
    PlanInput input;
    Tier tier;
    symbols::Evidence reason;  // the missing symbol for which it was chosen
    std::vector<std::string> alternatives;
  };

  // Given inputs that can be linked, and those that cannot.
  void SortInputs() {
    for (const PlanInput& input : plan_.inputs) {
      if (input.origin == Origin::kToolchain) {
        (given_.empty() && tail_.empty() && !seen_given_ ? head_ : tail_).push_back(input);
        if (!input.problem.empty() && input.shared.empty()) result_.not_found.push_back(input);
        continue;
      }
      if (!seen_given_) {
        seen_given_ = true;
      }
      if (input.path.empty() && !input.shared.empty()) {
        shared_only_.push_back(input);
      } else if (!input.problem.empty()) {
        result_.not_found.push_back(input);
      } else if (!input.IsObject() || IsNew(input.path)) {  // an object that is named twice stands once
        given_.push_back(input);
      }
    }
    // Without any given input the first toolchain inputs and the last cannot be told apart, and need not be.
  }

  std::vector<PlanInput> Inputs() const {
    std::vector<PlanInput> inputs = head_;
    inputs.insert(inputs.end(), given_.begin(), given_.end());
    for (const AddedArchive& added : added_) inputs.push_back(added.input);
    inputs.insert(inputs.end(), tail_.begin(), tail_.end());
    return inputs;
  }

  Simulation Simulate(std::vector<PlanInput> inputs) {
    // Simulations point into the files of inputs; the inputs of every one are kept until the end.
    kept_.push_back(std::make_shared<const std::vector<PlanInput>>(std::move(inputs)));
    Simulation simulation(plan_);
    for (const PlanInput& input : *kept_.back()) simulation.Add(input);
    return simulation;
  }

  const PlanInput& Open(const std::string& path) {
    auto [it, fresh] = opened_.try_emplace(path);
    if (fresh) {
      it->second.origin = Origin::kAdded;
      plan::ResolvePath(path, plan_.all_dirs, cache_, &it->second);
      // `-lfoo` where the driver finds the same file by that name, otherwise the path.
      const std::string name = LibraryName(path);
      const auto by_name = name.empty() ? std::nullopt : candidates_.FindArchive(name);
      it->second.words = {by_name == path ? absl::StrCat("-l", name) : path};
      if (by_name == path) it->second.library = name;
    }
    return it->second;
  }

  // How well an archive serves a reference. An index does not say it; the member's symbol table does.
  enum class Service {
    kNone,
    kCopy,    // a COMDAT copy: real only in a runtime library, where libstdc++ keeps its explicit instantiations
    kWeak,    // a weak definition of its own: an alias such as libm's pow for __pow
    kStrong,  // what it is there for
  };
  Service Provides(const std::string& path, absl::string_view symbol) {
    Service best = Service::kNone;
    for (const symbols::InputFile& file : Open(path).files) {
      if (file.archive == nullptr) continue;
      for (const uint32_t member : file.archive->Defining(symbol)) {
        absl::StatusOr<const symbols::Object*> object = file.archive->Load(member);
        if (!object.ok() || (*object)->kind != symbols::ObjectKind::kElfRelocatable) continue;
        if (!FitsTarget(**object)) continue;
        for (const symbols::Definition& definition : (*object)->definitions) {
          if (definition.name != symbol) continue;
          const Service service = definition.comdat || definition.unique ? Service::kCopy
                                  : definition.strong()                  ? Service::kStrong
                                                                         : Service::kWeak;
          best = std::max(best, service);
        }
      }
    }
    return best;
  }

  // Those of `paths` that serve the symbol best. COMDAT copies are everywhere that a header was included; they make
  // nobody a provider but a runtime library.
  std::vector<std::string> Providers(Tier tier, const std::vector<std::string>& paths, absl::string_view symbol) {
    Service best = tier == Tier::kRuntime ? Service::kCopy : Service::kWeak;
    std::vector<std::string> providers;
    for (const std::string& path : paths) {
      const Service service = Provides(path, symbol);
      if (service < best) continue;
      if (service > best) providers.clear();
      best = service;
      providers.push_back(path);
    }
    return providers;
  }

  bool FitsTarget(const symbols::Object& object) {
    if (!machine_) {
      for (const PlanInput& input : head_) {
        if (input.IsObject()) machine_ = input.files[0].object->machine;
      }
      if (!machine_) machine_ = object.machine;
    }
    return object.machine == *machine_;
  }

  // There already, or not to be taken at all.
  bool InLink(const std::string& path) const {
    if (std::find(plan_.set_aside.begin(), plan_.set_aside.end(), path) != plan_.set_aside.end()) return true;
    const auto same = [&](const PlanInput& input) { return input.path == path; };
    return std::any_of(given_.begin(), given_.end(), same) || std::any_of(tail_.begin(), tail_.end(), same) ||
           std::any_of(added_.begin(), added_.end(), [&](const AddedArchive& a) { return a.input.path == path; });
  }

  // The archives that tier `tier` offers to a reference from `unit`, nearest evidence first.
  const std::vector<std::string>& Offers(Tier tier, const Simulation& link, const Unit& unit) {
    const auto [it, fresh] = offers_.try_emplace({tier, FromProgram(unit) ? "" : unit.file->path});
    if (fresh) it->second = ComputeOffers(tier, link, unit);
    return it->second;
  }
  std::vector<std::string> ComputeOffers(Tier tier, const Simulation& link, const Unit& unit) {
    std::vector<std::string> paths;
    const std::vector<std::string>& runtime = candidates_.Runtime(UsesLibcxx(link));
    const auto is_runtime = [&](const std::string& path) {
      return std::find(runtime.begin(), runtime.end(), path) != runtime.end();
    };
    // Twenty libraries of one bundle all have the same hundreds of siblings. List addresses are stable:
    // deduplicate lists by address, paths by view.
    absl::flat_hash_set<const std::vector<std::string>*> lists;
    absl::flat_hash_set<absl::string_view> seen;
    const auto add = [&](const std::vector<std::string>& more) {
      if (!lists.insert(&more).second) return;
      for (const std::string& path : more) {
        // A runtime library is one whoever names it: libm stands in many a .pc file.
        if (tier != Tier::kRuntime && is_runtime(path)) continue;
        if (seen.insert(path).second && !InLink(path)) paths.push_back(path);
      }
    };
    // What wants it first, then all that the user named and what was added for those. Runtime libraries own nothing:
    // half of all .pc files name -lpthread.
    std::vector<std::string> owners;
    const auto add_owner = [&](const std::string& path) {
      if (!is_runtime(path) && std::find(owners.begin(), owners.end(), path) == owners.end()) owners.push_back(path);
    };
    const bool from_program = FromProgram(unit);
    if (!from_program) add_owner(ArchiveOf(unit.file->path));
    for (const auto* list : {&given_, &shared_only_}) {
      for (const PlanInput& input : *list) {
        if (!input.in_place_of.empty()) {
          add_owner(input.in_place_of);
        } else if (!input.IsObject()) {
          add_owner(input.path.empty() ? input.shared : input.path);
        }
      }
    }
    for (const AddedArchive& archive : added_) add_owner(archive.input.path);
    const auto whom = from_program ? Candidates::For::kProgram : Candidates::For::kArchive;
    switch (tier) {
      case Tier::kSibling:
        for (const std::string& owner : owners) {
          add(candidates_.Twins(owner));
          // What lies beside a library is there for that library's sake.
          if (!from_program) add(candidates_.Siblings(owner));
        }
        break;
      case Tier::kPkgConfig:
        for (const std::string& owner : owners) add(candidates_.PkgConfig(owner, whom));
        break;
      case Tier::kRuntime:
        add(runtime);
        break;
      case Tier::kNeeded:
        for (const std::string& owner : owners) add(candidates_.Needed(owner, whom));
        break;
      case Tier::kWide:
        break;  // WideOffers
    }
    return paths;
  }

  // Archives of the whole machine whose index has the symbol.
  std::vector<std::string> WideOffers(absl::string_view symbol) {
    std::vector<std::string> paths;
    for (const std::string& path : candidates_.Wide()) {
      if (Open(path).Offers(symbol) && !InLink(path) && !IsRuntime(path)) paths.push_back(path);
    }
    return paths;
  }

  bool IsRuntime(const std::string& path) {
    const std::vector<std::string>& runtime = candidates_.Runtime(libcxx_.value_or(toolchain_libcxx_));
    return std::find(runtime.begin(), runtime.end(), path) != runtime.end();
  }

  // The program's own: Go's objects, and whatever else is named by path as an object; not what we made of an archive.
  bool FromProgram(const Unit& unit) const { return unit.member < 0 && !in_place_of_.contains(unit.file->path); }

  // The user's own archive, where `path` is what we made of it.
  const std::string& ArchiveOf(const std::string& path) const {
    const auto it = in_place_of_.find(path);
    return it == in_place_of_.end() ? path : it->second;
  }

  // libc++'s inline namespace in any reference; decided once, by the first link.
  bool UsesLibcxx(const Simulation& link) {
    if (!libcxx_) {
      libcxx_ = toolchain_libcxx_;
      for (const Unit& unit : link.units()) {
        for (const symbols::Reference& reference : unit.object->references) {
          if (absl::StrContains(reference.name, "NSt3__1")) libcxx_ = true;
        }
      }
    }
    return *libcxx_;
  }

  // What a candidate would do to the link: how many symbols stay missing that it cannot serve itself, how many
  // definitions clash, and how much it brings in.
  struct Cost {
    size_t duplicates = 0, missing = 0, members = 0;
    bool operator<(const Cost& other) const {
      return std::tie(duplicates, missing, members) < std::tie(other.duplicates, other.missing, other.members);
    }
    bool operator==(const Cost&) const = default;
  };
  // Kept until the link changes: hundreds of symbols may be missing for the sake of a few libraries.
  const Cost& CostOf(const Simulation& link, const std::string& path) {
    const auto [it, fresh] = costs_.try_emplace(path);
    if (fresh) it->second = ComputeCost(link, path);
    return it->second;
  }
  Cost ComputeCost(const Simulation& link, const std::string& path) {
    Simulation trial = link;
    trial.Add(Open(path));
    // The runtime libraries will be there for anybody who needs them.
    for (const std::string& runtime : candidates_.Runtime(UsesLibcxx(link))) {
      if (runtime != path && !InLink(runtime)) trial.Add(Open(runtime));
    }
    Cost cost{.duplicates = trial.duplicates().size(), .missing = trial.CountMissing(), .members = 0};
    for (const Unit& unit : trial.units()) cost.members += unit.file->path == path;
    return cost;
  }

  bool Clashes(const Simulation& link, const std::string& path) {
    Simulation trial = link;
    trial.Add(Open(path));
    return trial.duplicates().size() > link.duplicates().size();
  }

  // Adds one archive after the other to `link` until nothing is missing or nothing helps. True when any was added. What
  // belongs to the user's libraries is looked at for all symbols before the whole machine is searched for any.
  bool AddProviders(Simulation* link) {
    static constexpr Tier kByEvidence[] = {Tier::kSibling, Tier::kPkgConfig, Tier::kRuntime, Tier::kNeeded};
    static constexpr Tier kByName[] = {Tier::kWide};
    bool any = false, again = false;
    std::set<std::string> asked_widely;
    while (true) {
      // A new archive brings its own evidence (bundle, .pc, DT_NEEDED), which may serve what had no provider before.
      for (std::set<std::string> asked; AddOneOf(link, kByEvidence, &asked); asked.clear()) {
        while (AddOneOf(link, kByEvidence, &asked)) {
        }
        any = again = true;
      }
      if (AddOneOf(link, kByName, &asked_widely)) {
        any = again = true;
      } else if (again) {
        asked_widely.clear();
        again = false;
      } else {
        return any;
      }
    }
  }

  // Adds a provider of the first missing symbol that has one, passing over those in `asked`, to which it adds those
  // that have none.
  bool AddOneOf(Simulation* link, absl::Span<const Tier> tiers, std::set<std::string>* asked) {
    for (const Missing& missing : link->FindMissing()) {
      if (asked->insert(std::string(missing.symbol)).second && AddProvider(link, missing, tiers)) return true;
    }
    return false;
  }

  // A library that was named has it, as LTO bitcode that this program cannot read: another library with a function of
  // that name is not meant.
  bool IsInUnreadableLto(absl::string_view symbol) const {
    for (const PlanInput& input : given_) {
      for (const symbols::InputFile& file : input.files) {
        if (file.archive == nullptr) continue;
        for (const uint32_t member : file.archive->Defining(symbol)) {
          const absl::StatusOr<const symbols::Object*> object = file.archive->Load(member);
          if (object.ok() && (*object)->kind == symbols::ObjectKind::kBitcode) return true;
        }
      }
    }
    return false;
  }

  bool AddProvider(Simulation* link, const Missing& missing, absl::Span<const Tier> tiers) {
    if (IsInUnreadableLto(missing.symbol)) return false;
    // A reference from an archive member may be served more widely than one from the program.
    const Unit* unit = nullptr;
    for (int wanting : missing.wanted_by) {
      const Unit& candidate = link->units()[static_cast<size_t>(wanting)];
      if (unit == nullptr || (FromProgram(*unit) && !FromProgram(candidate))) unit = &candidate;
    }
    if (unit == nullptr) return false;
    const bool from_program = std::any_of(missing.wanted_by.begin(), missing.wanted_by.end(), [&](int wanting) {
      return FromProgram(link->units()[static_cast<size_t>(wanting)]);
    });
    for (const Tier tier : tiers) {
      if (tier == Tier::kWide && from_program) continue;
      std::vector<std::string> providers = Providers(
          tier, tier == Tier::kWide ? WideOffers(missing.symbol) : Offers(tier, *link, *unit), missing.symbol);
      if (providers.empty()) continue;
      std::vector<std::string> alternatives;
      size_t best = 0;
      if (tier == Tier::kWide) {
        if (!Unambiguous(*link, missing, &providers)) continue;
      } else if (providers.size() == 1) {
        if (tier != Tier::kRuntime && Clashes(*link, providers[0])) {
          Note(missing.symbol, providers[0], "would define again what the link already has");
          continue;
        }
      } else {
        std::vector<Cost> costs;
        for (const std::string& provider : providers) costs.push_back(CostOf(*link, provider));
        best = static_cast<size_t>(std::min_element(costs.begin(), costs.end()) - costs.begin());
        const Cost& best_cost = costs[best];
        if (best_cost.duplicates > link->duplicates().size()) {
          Note(missing.symbol, providers[best], "would define again what the link already has");
          continue;
        }
        for (size_t i = 0; i < providers.size(); ++i) {
          if (i == best) continue;
          const Cost& cost = costs[i];
          alternatives.push_back(
              absl::StrCat(providers[i], cost == best_cost                        ? ": comes later in the search order"
                                         : cost.duplicates > best_cost.duplicates ? ": would define symbols twice"
                                         : cost.missing > best_cost.missing       ? ": would need more that is missing"
                                                                                  : ": would bring in more members"));
        }
      }
      added_.push_back({Open(providers[best]),
                        tier,
                        {std::string(missing.symbol), link->UnitName(missing.wanted_by[0]), providers[best]},
                        std::move(alternatives)});
      link->Add(Open(providers[best]));
      offers_.clear();
      costs_.clear();
      return true;
    }
    return false;
  }

  // A wide search takes an archive only when nothing else could be meant: one provider of the symbol, which also leaves
  // nothing new missing and clashes with nothing.
  bool Unambiguous(const Simulation& link, const Missing& missing, std::vector<std::string>* providers) {
    const size_t missing_before = link.CountMissing();
    std::vector<std::string> good;
    for (const std::string& path : *providers) {
      if (const std::string replaced = Replaces(link, path); !replaced.empty()) {
        Note(missing.symbol, path, absl::StrCat("would replace the C library's ", replaced));
        continue;
      }
      // libdb.a is a link to libdb-5.3.a: one library, two names.
      const auto same = [&](const std::string& other) { return support::RealPath(other) == support::RealPath(path); };
      if (std::any_of(good.begin(), good.end(), same)) continue;
      const Cost cost = CostOf(link, path);
      if (cost.duplicates > link.duplicates().size()) {
        Note(missing.symbol, path, "would define again what the link already has");
      } else if (cost.missing >= missing_before) {
        Note(missing.symbol, path, "would itself need symbols that are not there");
      } else {
        good.push_back(path);
      }
    }
    if (good.size() > 1) {
      for (const std::string& path : good) Note(missing.symbol, path, "is one of several that define it");
      return false;
    }
    *providers = good;
    return !good.empty();
  }

  // A function of the C library, in use already, that the archive would put itself before (an allocator, a sanitizer's
  // interceptors); empty: none.
  std::string Replaces(const Simulation& link, const std::string& path) {
    for (const symbols::InputFile& file : Open(path).files) {
      if (file.archive == nullptr) continue;
      for (const symbols::Archive::IndexEntry& entry : file.archive->index()) {
        if (absl::StartsWith(entry.symbol, "_Z")) continue;
        const int definer = link.Definer(entry.symbol);
        if (definer < 0) continue;
        const std::string& owner = link.units()[static_cast<size_t>(definer)].file->path;
        const auto in_tail = [&](const PlanInput& input) { return input.path == owner && input.IsArchive(); };
        if (std::any_of(tail_.begin(), tail_.end(), in_tail)) return std::string(entry.symbol);
      }
    }
    return "";
  }

  void Note(absl::string_view symbol, const std::string& path, absl::string_view reason) {
    std::vector<std::string>& notes = notes_[std::string(symbol)];
    std::string note = absl::StrCat(path, " ", reason);
    if (std::find(notes.begin(), notes.end(), note) == notes.end()) notes.push_back(std::move(note));
  }

  // Drops each added archive without which the link is no worse: an earlier choice may have been made needless by a
  // later one.
  void RemoveSuperfluous() {
    // By name, not by number: an archive that serves 3 symbols and wants 15 others is not superfluous, and without it
    // the diagnosis would blame the wrong library.
    const auto missing_names = [&] {
      std::set<std::string> names;
      for (const Missing& missing : Simulate(Inputs()).FindMissing()) names.insert(std::string(missing.symbol));
      return names;
    };
    std::set<std::string> missing = missing_names();
    bool removed = true;
    while (removed) {
      removed = false;
      for (size_t i = 0; i < added_.size();) {
        if (IsOnlyProvider(added_[i].input)) {
          ++i;
          continue;
        }
        AddedArchive archive = added_[i];
        added_.erase(added_.begin() + static_cast<std::ptrdiff_t>(i));
        std::set<std::string> without = missing_names();
        if (!std::includes(missing.begin(), missing.end(), without.begin(), without.end())) {
          added_.insert(added_.begin() + static_cast<std::ptrdiff_t>(i), std::move(archive));
          ++i;
        } else {
          missing = std::move(without);
          removed = true;
        }
      }
    }
  }

  // True when a member was taken from `archive` for a symbol that no other input offers: then there is no link without
  // it, and none need be tried.
  bool IsOnlyProvider(const PlanInput& archive) {
    if (!whole_ || whole_added_ != added_.size()) {
      whole_ = Simulate(Inputs());
      whole_added_ = added_.size();
    }
    for (const Unit& unit : whole_->units()) {
      if (unit.file->path != archive.path || unit.extracted_by < 0) continue;
      if (whole_->units()[static_cast<size_t>(unit.extracted_by)].file->path == archive.path) continue;
      const auto offers = [&](const PlanInput& other) {
        return other.path != archive.path && other.Offers(unit.extracted_for);
      };
      const std::vector<PlanInput> inputs = Inputs();
      if (std::none_of(inputs.begin(), inputs.end(), offers)) return true;
    }
    return false;
  }

  // A library named twice needs to stand once. The first place stays; OrderForGnuLd moves it where that is wrong.
  bool DropRepeats(std::vector<PlanInput>* inputs) {
    if (plan_.positional) return false;
    std::set<std::string> seen;
    return std::erase_if(*inputs, [&](const PlanInput& input) {
             return input.origin == Origin::kGiven && input.IsArchive() && !seen.insert(input.path).second;
           }) > 0;
  }

  // `link` is the simulation of `inputs`, which is made anew only where they change: it is most of what a link without
  // surprises costs here.
  Resolution Finish(std::shared_ptr<const std::vector<PlanInput>> inputs, Simulation link) {
    result_.inputs = *inputs;
    const auto simulate_again = [&] {
      link = Simulate(result_.inputs);
      inputs = kept_.back();
    };
    // Before a repeat goes, which GNU ld reads once more.
    if (link.CountMissing() == 0) result_.otherwise = FindOtherwise(plan_, link, result_.inputs);
    if (DropRepeats(&result_.inputs)) simulate_again();
    result_.reordered = OrderForGnuLd(plan_, link, &result_.inputs);
    if (result_.reordered) simulate_again();
    result_.simulated = std::move(inputs);
    const auto simulation = std::make_shared<const Simulation>(std::move(link));
    FillAdded(*simulation);
    FillMissing(*simulation);
    FillGiven(*simulation);
    for (const Duplicate& duplicate : simulation->duplicates()) {
      result_.duplicates.push_back({std::string(duplicate.symbol), simulation->UnitName(duplicate.second),
                                    simulation->UnitName(duplicate.first)});
    }
    result_.problems = simulation->problems();
    result_.simulation = simulation;
    return std::move(result_);
  }

  void FillAdded(const Simulation& link) {
    for (size_t i = 0; i < result_.inputs.size(); ++i) {
      const PlanInput& input = result_.inputs[i];
      if (input.origin != Origin::kAdded) continue;
      if (input.group >= kCycleGroup) result_.grouped = true;
      const auto archive =
          std::find_if(added_.begin(), added_.end(), [&](const AddedArchive& a) { return a.input.path == input.path; });
      const bool listed = std::any_of(result_.added.begin(), result_.added.end(),
                                      [&](const Added& added) { return added.path == input.path; });
      if (archive == added_.end() || listed) continue;  // a repeat, for GNU ld's sake
      Added added{.input = i, .path = input.path, .tier = archive->tier, .alternatives = archive->alternatives};
      for (const Unit& unit : link.units()) {
        if (unit.input != static_cast<int>(i) || unit.extracted_by < 0) continue;
        const Unit& by = link.units()[static_cast<size_t>(unit.extracted_by)];
        if (by.input == unit.input) continue;
        ++added.symbols;
        const symbols::Evidence evidence{std::string(unit.extracted_for), link.UnitName(unit.extracted_by),
                                         link.UnitName(static_cast<int>(&unit - link.units().data()))};
        // The symbol for which it was chosen comes first, as long as it still extracts a member.
        if (evidence.symbol == archive->reason.symbol) {
          added.evidence.insert(added.evidence.begin(), evidence);
        } else if (added.evidence.size() < 3) {
          added.evidence.push_back(evidence);
        }
      }
      if (added.evidence.size() > 3) added.evidence.pop_back();
      if (added.evidence.empty()) added.evidence.push_back(archive->reason);
      result_.added.push_back(std::move(added));
    }
    for (const PlanInput& input : result_.inputs) result_.grouped |= input.group >= kCycleGroup;
  }

  void FillMissing(const Simulation& link) {
    for (const Missing& missing : link.FindMissing()) {
      Unresolved unresolved{.symbol = std::string(missing.symbol)};
      for (int wanting : missing.wanted_by) {
        const Unit& unit = link.units()[static_cast<size_t>(wanting)];
        unresolved.from_program |= FromProgram(unit);
        unresolved.wanted_by.push_back(link.UnitName(wanting));
        unresolved.wanting_paths.push_back(unit.file->path);
        const PlanInput& input = result_.inputs[static_cast<size_t>(unit.input)];
        if (unresolved.named_by.empty() && unit.member >= 0 && input.origin == Origin::kGiven) {
          unresolved.named_by = absl::StrJoin(input.AskedBy(), " ");
        } else if (wanting == missing.wanted_by[0] && unit.member >= 0 && input.origin == Origin::kAdded) {
          FindBringer(link, unit, &unresolved);
        }
      }
      if (const auto it = notes_.find(unresolved.symbol); it != notes_.end()) unresolved.candidates = it->second;
      result_.missing.push_back(std::move(unresolved));
    }
    if (!result_.missing.empty()) result_.searched = plan_.all_dirs;
  }

  // Up the chain of those that needed one another, to the first archive that the user has named.
  void FindBringer(const Simulation& link, const Unit& wanting, Unresolved* unresolved) const {
    const Unit* unit = &wanting;
    for (size_t steps = 0; steps < link.units().size() && unit->extracted_by >= 0; ++steps) {
      const Unit& by = link.units()[static_cast<size_t>(unit->extracted_by)];
      if (by.member < 0) return;
      const PlanInput& input = result_.inputs[static_cast<size_t>(by.input)];
      if (input.origin == Origin::kGiven) {
        unresolved->on_behalf_of = by.file->path;
        unresolved->through = unit->file->path;
        unresolved->named_by = absl::StrJoin(input.AskedBy(), " ");
        return;
      }
      unit = &by;
    }
  }

  bool IsNew(const std::string& object) {
    llvm::sys::fs::UniqueID file;
    const bool known = !llvm::sys::fs::getUniqueID(object, file);
    return objects_.insert(object).second && (!known || files_of_objects_.insert(file).second);
  }

  void FillGiven(const Simulation& link) {
    std::set<int> used;
    for (const Unit& unit : link.units()) used.insert(unit.input);
    for (size_t i = 0; i < result_.inputs.size(); ++i) {
      const PlanInput& input = result_.inputs[i];
      if (input.origin == Origin::kGiven && input.IsArchive() && !used.contains(static_cast<int>(i))) {
        result_.unneeded.push_back(input);
      }
    }
    // Nothing of a shared library can be in a static link; where nothing is missing, nothing of it was needed.
    result_.left_out = shared_only_;
  }

  const plan::LinkPlan& plan_;
  plan::FileCache* cache_;
  Candidates candidates_;
  std::vector<PlanInput> head_, given_, tail_, shared_only_;
  bool seen_given_ = false;
  std::set<std::string> objects_;                       // given ones, by path
  std::set<llvm::sys::fs::UniqueID> files_of_objects_;  // "sub/../f.o" is "f.o"
  std::vector<AddedArchive> added_;
  std::optional<Simulation> whole_;  // of the link with the first whole_added_ of added_
  size_t whole_added_ = 0;
  std::map<std::string, PlanInput> opened_;
  std::map<std::string, std::vector<std::string>> notes_;
  std::map<std::string, Cost> costs_;                                        // of adding it to the link as it is
  std::map<std::pair<Tier, std::string>, std::vector<std::string>> offers_;  // to units of that file, in that link
  std::map<std::string, std::string> in_place_of_;                           // what we made of an archive → the archive
  bool toolchain_libcxx_;
  std::optional<bool> libcxx_;
  std::optional<symbols::Machine> machine_;
  std::vector<std::shared_ptr<const std::vector<PlanInput>>> kept_;
  Resolution result_;
};

}  // namespace

const char* TierText(Tier tier) {
  switch (tier) {
    case Tier::kSibling:
      return "found next to one of your archives";
    case Tier::kPkgConfig:
      return "its pkg-config file names it";
    case Tier::kRuntime:
      return "runtime library of the compiler";
    case Tier::kNeeded:
      return "the shared library beside the archive needs it";
    case Tier::kWide:
      return "the only library here that defines it";
  }
  return "";
}

Resolution Resolve(const plan::LinkPlan& plan, const toolchain::Toolchain& toolchain, plan::FileCache* cache) {
  return Resolver(plan, toolchain, cache).Run();
}

}  // namespace cgo_ld_shim::resolve
