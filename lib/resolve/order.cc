// lld remembers what every archive offers; GNU ld reads an archive once, where it stands. A line that GNU ld accepts as
// well is worth having: the underlying driver can then do the same link, and people without this tool can use the
// flags.
//
// Libraries are sorted by who needs whom (strongly connected components; a component of more than one is a real cycle
// and becomes a group), and among those that do not care the given order stays.
#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "llvm/ADT/GraphTraits.h"
#include "llvm/ADT/SCCIterator.h"
#include "resolve/resolve.h"

namespace cgo_ld_shim::resolve {
namespace {

// A library and what it needs, as a graph for LLVM.
struct Library {
  int input;
  std::vector<const Library*> needs;
};

}  // namespace
}  // namespace cgo_ld_shim::resolve

template <>
struct llvm::GraphTraits<const cgo_ld_shim::resolve::Library*> {
  using NodeRef = const cgo_ld_shim::resolve::Library*;
  using ChildIteratorType = std::vector<NodeRef>::const_iterator;
  static NodeRef getEntryNode(NodeRef library) { return library; }
  static ChildIteratorType child_begin(NodeRef library) { return library->needs.begin(); }
  static ChildIteratorType child_end(NodeRef library) { return library->needs.end(); }
};

namespace cgo_ld_shim::resolve {
namespace {

using plan::PlanInput;

bool Movable(const PlanInput& input) {
  return input.origin != plan::Origin::kToolchain && input.IsArchive() && !input.whole_archive;
}

// Which of two members serves a symbol may differ between linkers; what must not get worse is the link.
bool NoWorse(const Simulation& link, const Simulation& other) {
  return link.CountMissing() <= other.CountMissing() && link.duplicates().size() <= other.duplicates().size();
}

Simulation Try(const plan::LinkPlan& plan, const std::vector<PlanInput>& inputs, Simulation::Manner manner) {
  Simulation simulation(plan, manner);
  for (const PlanInput& input : inputs) simulation.Add(input);
  simulation.Finish();
  return simulation;
}

// True when each member was taken for a reference that stands before its archive, in it, or later in its group. Then
// GNU ld takes the same members, and need not be simulated: by the time it reads an archive, whoever lld took its
// members for is in the link; and no archive between the two offers the symbol, or lld would have taken it from there.
// Within a group GNU ld comes to the archives after the reference first.
bool NeverReachesBack(const Simulation& link, const std::vector<PlanInput>& inputs) {
  return std::all_of(link.units().begin(), link.units().end(), [&](const Unit& unit) {
    const PlanInput& input = inputs[static_cast<size_t>(unit.input)];
    if (unit.member < 0 || input.whole_archive) return true;
    if (unit.extracted_by < 0) return false;  // -u
    const int by = link.units()[static_cast<size_t>(unit.extracted_by)].input;
    if (by <= unit.input) return true;
    if (input.group < 0) return false;
    for (auto later = static_cast<size_t>(unit.input) + 1; later < inputs.size(); ++later) {
      if (inputs[later].group != input.group) return static_cast<int>(later) > by;
      if (inputs[later].Offers(unit.extracted_for)) return false;
    }
    return true;
  });
}

// Members, by file and number.
std::set<std::pair<std::string, int64_t>> Taken(const Simulation& link) {
  std::set<std::pair<std::string, int64_t>> taken;
  for (const Unit& unit : link.units()) taken.insert({unit.file->path, unit.member});
  return taken;
}

bool OfTheLibraries(const Unit& unit, const std::vector<PlanInput>& inputs) {
  return unit.member >= 0 && Movable(inputs[static_cast<size_t>(unit.input)]);
}

// Strongly connected components: inputs that need one another, in the order in which they stand.
std::vector<std::vector<int>> Components(const std::vector<int>& nodes, const std::map<int, std::vector<int>>& needs) {
  std::map<int, Library> libraries;
  Library all{.input = -1, .needs = {}};  // llvm::scc_iterator sees what can be reached from one place
  for (const int node : nodes) {
    Library& library = libraries[node];
    library.input = node;
    all.needs.push_back(&library);
    const auto needed = needs.find(node);
    if (needed == needs.end()) continue;
    for (const int other : needed->second) library.needs.push_back(&libraries[other]);
  }
  std::vector<std::vector<int>> components;
  for (auto it = llvm::scc_begin<const Library*>(&all); !it.isAtEnd(); ++it) {
    std::vector<int> component;
    for (const Library* library : *it) component.push_back(library->input);
    std::sort(component.begin(), component.end());
    if (component.front() >= 0) components.push_back(std::move(component));
  }
  return components;
}

}  // namespace

std::vector<Otherwise> FindOtherwise(const plan::LinkPlan& plan, const Simulation& link,
                                     const std::vector<PlanInput>& inputs) {
  if (NeverReachesBack(link, inputs)) return {};
  const Simulation gnu = Try(plan, inputs, Simulation::Manner::kGnuLd);
  if (!NoWorse(gnu, link)) return {};
  const std::set<std::pair<std::string, int64_t>> taken = Taken(gnu);
  std::vector<Otherwise> found;
  for (const Unit& unit : link.units()) {
    if (!OfTheLibraries(unit, inputs) || taken.contains({unit.file->path, unit.member})) continue;
    const bool known = std::any_of(found.begin(), found.end(),
                                   [&](const Otherwise& other) { return other.archive == unit.file->path; });
    if (known) continue;
    const int definer = gnu.Definer(unit.extracted_for);
    Otherwise other{.archive = unit.file->path,
                    .symbol = std::string(unit.extracted_for),
                    .lld_takes = link.UnitName(static_cast<int>(&unit - link.units().data())),
                    .gnu_takes = definer < 0 ? "" : gnu.UnitName(definer),
                    .wanted_by = unit.extracted_by < 0 ? "" : link.UnitName(unit.extracted_by)};
    for (const auto& [path, member] : taken) {
      if (path == other.archive && member >= 0) other.members.push_back(static_cast<uint32_t>(member));
    }
    found.push_back(std::move(other));
  }
  return found;
}

bool OrderForGnuLd(const plan::LinkPlan& plan, const Simulation& link, std::vector<PlanInput>* inputs) {
  if (NeverReachesBack(link, *inputs)) return false;
  if (NoWorse(Try(plan, *inputs, Simulation::Manner::kGnuLd), link)) return false;

  std::vector<int> movable;
  for (size_t i = 0; i < inputs->size(); ++i) {
    if (Movable((*inputs)[i])) movable.push_back(static_cast<int>(i));
  }
  const std::set<int> in_play(movable.begin(), movable.end());
  std::map<int, std::vector<int>> needs;
  for (const Simulation::Edge& edge : link.Edges()) {
    if (in_play.contains(edge.from) && in_play.contains(edge.to)) needs[edge.from].push_back(edge.to);
  }
  // A topological order that keeps the given one where it can: of the components that nobody still waiting needs, the
  // one that stands first comes next.
  const std::vector<std::vector<int>> components = Components(movable, needs);
  std::map<int, size_t> component_of;
  for (size_t c = 0; c < components.size(); ++c) {
    for (int node : components[c]) component_of[node] = c;
  }
  std::vector<std::set<size_t>> successors(components.size());
  std::vector<size_t> users(components.size());
  for (const auto& [from, list] : needs) {
    for (int to : list) {
      const size_t a = component_of[from], b = component_of[to];
      if (a != b && successors[a].insert(b).second) ++users[b];
    }
  }
  std::set<std::pair<int, size_t>> ready;
  for (size_t c = 0; c < components.size(); ++c) {
    if (users[c] == 0) ready.insert({components[c].front(), c});
  }
  std::vector<PlanInput> ordered;
  int group = kCycleGroup;
  while (!ready.empty()) {
    const size_t c = ready.begin()->second;
    ready.erase(ready.begin());
    for (int node : components[c]) {
      ordered.push_back((*inputs)[static_cast<size_t>(node)]);
      if (components[c].size() > 1) ordered.back().group = group;
    }
    if (components[c].size() > 1) ++group;
    for (size_t next : successors[c]) {
      if (--users[next] == 0) ready.insert({components[next].front(), next});
    }
  }

  std::vector<PlanInput> result = *inputs;
  if (!plan.positional) {
    // Objects keep their places; the libraries stand after the last of them, where the last library stood. An object
    // that came after a library would otherwise find that library closed.
    result.clear();
    size_t last = 0;
    for (size_t i = 0; i < inputs->size(); ++i) {
      if ((*inputs)[i].origin != plan::Origin::kToolchain) last = i;
    }
    for (size_t i = 0; i < inputs->size(); ++i) {
      if (!Movable((*inputs)[i])) result.push_back((*inputs)[i]);
      if (i == last) result.insert(result.end(), ordered.begin(), ordered.end());
    }
    if (NoWorse(Try(plan, result, Simulation::Manner::kGnuLd), link) &&
        Taken(Try(plan, result, Simulation::Manner::kLld)) == Taken(link)) {
      *inputs = std::move(result);
      return true;
    }
  }
  // Moving would change which member is taken, or the user has ordered by hand with groups: then the libraries are
  // repeated at the end, in one group, which only adds chances to GNU ld and nothing to lld.
  result = *inputs;
  size_t last = 0;
  for (size_t i = 0; i < result.size(); ++i) {
    if (result[i].origin != plan::Origin::kToolchain) last = i;
  }
  for (PlanInput& input : ordered) {
    input.origin = plan::Origin::kAdded;
    input.argument = -1;
    input.group = kCycleGroup;
  }
  result.insert(result.begin() + static_cast<std::ptrdiff_t>(last) + 1, ordered.begin(), ordered.end());
  *inputs = std::move(result);
  return true;
}

}  // namespace cgo_ld_shim::resolve
