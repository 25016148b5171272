#include "resolve/overridden.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"

namespace cgo_ld_shim::resolve {
namespace {

using plan::Origin;

class Finder {
 public:
  Finder(const Resolution& resolution, By by) : resolution_(resolution), link_(*resolution.simulation), by_(by) {}

  std::vector<Overridden> Run() {
    if (by_ == By::kProgram) FindSuspects();
    if (by_ == By::kArchive && !SeveralArchives()) return {};
    for (const Unit& unit : link_.units()) {
      if (unit.member < 0 || OriginOf(unit) == Origin::kToolchain || !IsSuspect(*unit.file)) continue;
      for (const symbols::Reference& reference : unit.object->references) Look(unit, reference);
    }
    return std::move(found_);
  }

 private:
  Origin OriginOf(const Unit& unit) const { return resolution_.inputs[static_cast<size_t>(unit.input)].origin; }

  // What the program's own C code defines and an archive could define.
  void FindSuspects() {
    for (const Unit& unit : link_.units()) {
      if (unit.member >= 0 || OriginOf(unit) == Origin::kToolchain || absl::EndsWith(unit.file->path, "/go.o"))
        continue;
      for (const symbols::Definition& definition : unit.object->definitions) {
        if (!definition.strong() || absl::StartsWith(definition.name, "_cgo")) continue;
        for (const plan::PlanInput& input : resolution_.inputs) {
          if (input.origin == Origin::kToolchain || !input.IsArchive()) continue;
          for (const symbols::InputFile& file : input.files) {
            if (file.archive == nullptr || file.archive->Defining(definition.name).empty()) continue;
            suspects_.insert(definition.name);
            suspected_.insert(file.archive.get());
          }
        }
      }
    }
  }
  bool SeveralArchives() const {
    const symbols::Archive* first = nullptr;
    return std::any_of(link_.units().begin(), link_.units().end(), [&](const Unit& unit) {
      if (unit.member < 0 || OriginOf(unit) == Origin::kToolchain) return false;
      if (first == nullptr) first = unit.file->archive.get();
      return unit.file->archive.get() != first;
    });
  }
  bool IsSuspect(const symbols::InputFile& file) const {
    return by_ != By::kProgram || suspected_.contains(file.archive.get());
  }

  static bool Replaces(const symbols::Object& object, absl::string_view name) {
    return std::any_of(
        object.definitions.begin(), object.definitions.end(), [&](const symbols::Definition& definition) {
          return definition.name == name && definition.strong() && !definition.comdat && !definition.unique;
        });
  }

  void Look(const Unit& unit, const symbols::Reference& reference) {
    if (by_ == By::kProgram && !suspects_.contains(reference.name)) return;
    const int definer = link_.Definer(reference.name);
    if (definer < 0) return;
    const Unit& by = link_.units()[static_cast<size_t>(definer)];
    if (by.file->path == unit.file->path || OriginOf(by) == Origin::kToolchain) return;
    if (by_ == By::kProgram && by.member >= 0) return;
    const absl::Span<const uint32_t> own = unit.file->archive->Defining(reference.name);
    if (own.empty()) return;
    if (by_ == By::kArchive) {
      if (by.member < 0 || !Replaces(*by.object, reference.name)) return;
      const absl::StatusOr<const symbols::Object*> object = unit.file->archive->Load(own[0]);
      if (!object.ok() || !Replaces(**object, reference.name)) return;
    }
    const auto [at, fresh] = at_.try_emplace(unit.file->archive.get(), found_.size());
    if (fresh) found_.push_back({unit.file->path, definer, own[0], {}});
    std::vector<std::string>& names = found_[at->second].symbols;
    if (std::find(names.begin(), names.end(), reference.name) == names.end()) names.emplace_back(reference.name);
  }

  const Resolution& resolution_;
  const Simulation& link_;
  const By by_;
  absl::flat_hash_set<absl::string_view> suspects_;
  absl::flat_hash_set<const symbols::Archive*> suspected_;
  absl::flat_hash_map<const symbols::Archive*, size_t> at_;
  std::vector<Overridden> found_;
};

}  // namespace

std::vector<Overridden> FindOverridden(const Resolution& resolution, By by) {
  if (resolution.simulation == nullptr) return {};
  return Finder(resolution, by).Run();
}

}  // namespace cgo_ld_shim::resolve
