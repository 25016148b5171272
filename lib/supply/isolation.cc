// Archives that define the same names: where that is only a language runtime, or the user has asked for it, one of them
// becomes an object that keeps its names to itself (isolate/isolate.h).
#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "isolate/isolate.h"
#include "resolve/candidates.h"
#include "resolve/overridden.h"
#include "supply/supply.h"

namespace cgo_ld_shim::supply {

using rules::RuleId;
namespace {

// By the name that its author knows, where it is a copy of ours.
std::string Original(const Situation& link, const std::string& archive) {
  for (const plan::PlanInput& input : link.plan.inputs) {
    if (input.path == archive && input.copied) return input.in_place_of;
  }
  return archive;
}

bool IsAsked(const Situation& link, const std::string& given) {
  const std::vector<std::string>& names = link.settings.isolate;
  const std::string archive = Original(link, given);
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return name == archive || absl::EndsWith(archive, absl::StrCat("/", name)) || resolve::LibraryName(archive) == name;
  });
}

// Names of the setting that are no archive of this link.
std::vector<std::string> UnknownNames(const Situation& link) {
  std::vector<std::string> notes;
  for (const std::string& name : link.settings.isolate) {
    const bool known =
        std::any_of(link.resolution.inputs.begin(), link.resolution.inputs.end(), [&](const plan::PlanInput& input) {
          const std::string& path = input.copied ? input.in_place_of : input.path;
          return input.IsArchive() &&
                 (name == path || absl::EndsWith(path, absl::StrCat("/", name)) || resolve::LibraryName(path) == name);
        });
    const bool done = std::any_of(link.done.begin(), link.done.end(), [&](const auto& action) {
      return action.second == name || absl::EndsWith(action.second, absl::StrCat("/", name)) ||
             resolve::LibraryName(action.second) == name;
    });
    if (!known && !done)
      notes.push_back(absl::StrCat("CGO_LD_SHIM_ISOLATE=", name, ": no archive of this link has that name"));
  }
  return notes;
}

// The archive as an object of its own. `entry` gets its name here.
Supply Isolation(const Situation& link, RuleId rule, const std::string& archive, Entry entry) {
  const std::string library = resolve::LibraryName(Original(link, archive));
  entry.name = absl::StrCat("lib", library, ".isolated.o");
  return {.rule = rule,
          .subject = archive,
          .entries = {std::move(entry)},
          .replaces = archive,
          .would_define = isolate::UsedFromOutside(archive, link.resolution),
          .would_need = isolate::NeedsFromOutside(archive, link.resolution),
          .recipe = [archive, library, &link](const std::string& directory) -> absl::StatusOr<std::string> {
            const std::string object = absl::StrCat(directory, "/lib", library, ".isolated.o");
            if (absl::Status status = isolate::Isolate(archive, link.resolution, link.toolchain, object); !status.ok())
              return status;
            return object;
          },
          .at_once = true};
}

}  // namespace

Offer OfferIsolation(const Situation& link) {
  if (link.GoDirectory().empty()) return {};
  for (const isolate::Clash& clash : isolate::FindClashes(link.resolution)) {
    const bool first_asked = IsAsked(link, clash.first), second_asked = IsAsked(link, clash.second);
    if (!clash.runtime_only && !first_asked && !second_asked) continue;
    const bool first = first_asked && !second_asked;
    const std::string& archive = first ? clash.first : clash.second;
    const std::string& other = first ? clash.second : clash.first;
    const RuleId rule = clash.runtime_only ? RuleId::kIsolateRuntime : RuleId::kIsolateAsked;
    if (link.Done(rule, archive)) continue;
    const size_t more = clash.symbols.size() - 1;
    return {.supply = Isolation(link, rule, archive,
                                {.name = "",
                                 .because = absl::StrCat(
                                     clash.symbols[0], more > 0 ? absl::StrCat(" and ", more, " more are") : " is",
                                     " defined in ", archive, " and ", other, "; ", archive, " keeps a private copy"),
                                 .evidence = {{clash.symbols[0], "", archive}}})};
  }
  if (link.settings.isolate.empty()) return {};
  // No clash, since what defines the names first keeps the archive's own members out.
  for (const resolve::Overridden& overridden : resolve::FindOverridden(link.resolution, resolve::By::kAnything)) {
    const std::string& archive = overridden.archive;
    if (!IsAsked(link, archive) || link.Done(RuleId::kIsolateAsked, archive)) continue;
    const size_t more = overridden.symbols.size() - 1;
    return {.supply =
                Isolation(link, RuleId::kIsolateAsked, archive,
                          {.name = "",
                           .because = absl::StrCat(Original(link, archive), " calls ", overridden.symbols[0],
                                                   more > 0 ? absl::StrCat(" and ", more, " more") : "", ", which ",
                                                   link.resolution.simulation->UnitName(overridden.by),
                                                   " defines, too; it keeps a private copy"),
                           .evidence = {{overridden.symbols[0], Original(link, archive), Original(link, archive)}}})};
  }
  return {.notes = UnknownNames(link)};
}

bool CanBeIsolated(const Situation& link, const std::string& archive) {
  if (link.GoDirectory().empty()) return false;
  // Its own members take the place of the other's, of whose definitions it then has no need.
  const Supply isolation = Isolation(link, RuleId::kIsolateAsked, archive, {});
  const resolve::Resolution tried = Try(link, isolation);
  return !isolation.would_define.empty() && tried.missing.empty() && tried.duplicates.empty() &&
         tried.not_found.empty();
}

}  // namespace cgo_ld_shim::supply
