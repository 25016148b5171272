#include "resolve/reach.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "symbols/section_links.h"

namespace cgo_ld_shim::resolve {
namespace {

// A unit of the link and one of its sections. All of a unit that cannot be read is its section 0.
using Place = std::pair<int, uint32_t>;

class Finder {
 public:
  Finder(const Resolution& resolution, const std::vector<std::string>& symbols)
      : resolution_(resolution), link_(*resolution.simulation), symbols_(symbols) {}

  std::vector<Reach> Run() {
    for (int unit = 0; unit < static_cast<int>(link_.units().size()); ++unit) {
      if (!IsProgram(unit)) ReadUnit(unit);
    }
    for (const std::string& symbol : symbols_) reaching_.push_back(PlacesThatReach(symbol));
    for (int unit = 0; unit < static_cast<int>(link_.units().size()); ++unit) {
      if (!IsProgram(unit)) continue;
      for (const symbols::Reference& reference : Of(unit).object->references) AddName(reference.name);
    }
    for (const auto& [place, unused] : by_themselves_) {
      Add(absl::StrCat("a constructor of ", link_.UnitName(place.first)),
          [&](size_t symbol) { return reaching_[symbol].contains(place); });
    }
    return std::move(found_);
  }

 private:
  const Unit& Of(int unit) const { return link_.units()[static_cast<size_t>(unit)]; }

  // Of the program everything is used.
  bool IsProgram(int unit) const {
    return Of(unit).member < 0 &&
           resolution_.inputs[static_cast<size_t>(Of(unit).input)].origin != plan::Origin::kToolchain;
  }

  void ReadUnit(int number) {
    const Unit& unit = Of(number);
    const auto links = symbols::ReadSectionLinks(BytesOf(unit), "");
    if (!links.ok() || unit.object->kind != symbols::ObjectKind::kElfRelocatable) {
      for (const symbols::Reference& reference : unit.object->references)
        referring_[reference.name].push_back({number, 0});
      return;
    }
    readable_.insert(number);
    for (const symbols::SectionLink& link : *links) {
      const Place from = {number, link.section};
      if (link.by_itself) by_themselves_.try_emplace(from);
      if (!link.symbol.empty()) referring_[link.symbol].push_back(from);
      if (link.to_section != 0) referring_inside_[{number, link.to_section}].push_back(from);
    }
  }

  // Where a name is defined; {-1, 0}: nowhere.
  Place Definer(absl::string_view name) const {
    const int unit = link_.Definer(name);
    if (unit < 0 || !readable_.contains(unit)) return {unit, 0};
    for (const symbols::Definition& definition : Of(unit).object->definitions) {
      if (definition.name == name) return {unit, definition.section};
    }
    return {unit, 0};
  }

  absl::flat_hash_set<Place> PlacesThatReach(absl::string_view symbol) {
    if (names_at_.empty()) {
      for (const auto& [name, unused] : referring_) names_at_[Definer(name)].push_back(name);
    }
    absl::flat_hash_set<Place> seen;
    std::vector<Place> open;
    const auto add = [&](const std::vector<Place>& places) {
      for (const Place& place : places) {
        if (seen.insert(place).second) open.push_back(place);
      }
    };
    const auto add_referring = [&](absl::string_view name) {
      if (const auto at = referring_.find(name); at != referring_.end()) add(at->second);
    };
    add_referring(symbol);
    while (!open.empty()) {
      const Place place = open.back();
      open.pop_back();
      if (const auto at = referring_inside_.find(place); at != referring_inside_.end()) add(at->second);
      if (const auto at = names_at_.find(place); at != names_at_.end()) {
        for (const absl::string_view name : at->second) add_referring(name);
      }
    }
    return seen;
  }

  void AddName(absl::string_view name) {
    if (!named_.insert(name).second) return;
    const Place place = Definer(name);
    Add(std::string(name), [&](size_t symbol) {
      return symbols_[symbol] == name || (place.first >= 0 && reaching_[symbol].contains(place));
    });
  }

  template <class Reaches>
  void Add(std::string from, const Reaches& reaches) {
    std::vector<std::string> symbols;
    for (size_t i = 0; i < symbols_.size(); ++i) {
      if (reaches(i)) symbols.push_back(symbols_[i]);
    }
    if (symbols.empty()) return;
    for (Reach& reach : found_) {
      if (reach.symbols != symbols) continue;
      if (std::find(reach.from.begin(), reach.from.end(), from) == reach.from.end())
        reach.from.push_back(std::move(from));
      return;
    }
    found_.push_back({{std::move(from)}, std::move(symbols)});
  }

  const Resolution& resolution_;
  const Simulation& link_;
  const std::vector<std::string>& symbols_;
  absl::flat_hash_set<int> readable_;
  absl::flat_hash_map<absl::string_view, std::vector<Place>> referring_;
  absl::flat_hash_map<Place, std::vector<Place>> referring_inside_;
  absl::flat_hash_map<Place, std::vector<absl::string_view>> names_at_;
  std::map<Place, bool> by_themselves_;
  std::vector<absl::flat_hash_set<Place>> reaching_;  // of each symbol
  absl::flat_hash_set<absl::string_view> named_;
  std::vector<Reach> found_;
};

std::string FirstOf(const std::vector<std::string>& names) {
  const std::string first = symbols::Demangle(names[0]);
  return names.size() == 1 ? first : absl::StrCat(first, " and ", names.size() - 1, " more");
}

}  // namespace

std::vector<Reach> FindReach(const Resolution& resolution, const std::vector<std::string>& symbols) {
  if (resolution.simulation == nullptr || symbols.empty()) return {};
  return Finder(resolution, symbols).Run();
}

std::string ReachText(const Reach& reach) {
  const bool itself = reach.from == reach.symbols;
  if (itself) return absl::StrCat("the program's own code calls ", FirstOf(reach.symbols));
  return absl::StrCat(FirstOf(reach.from), " may reach ", FirstOf(reach.symbols));
}

}  // namespace cgo_ld_shim::resolve
