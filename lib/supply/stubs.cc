// CGO_LD_SHIM_STUBS: functions that only a shared library of that list has get one that says so and aborts. Of data
// there is no such thing: zeroes in its place would be a wrong answer, so it stays missing and is diagnosed.
#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "llvm/ADT/StringRef.h"
#include "objects/objects.h"
#include "resolve/candidates.h"
#include "resolve/reach.h"
#include "supply/machine_words.h"
#include "supply/supply.h"
#include "support/file.h"
#include "support/path_parts.h"

namespace cgo_ld_shim::supply {

using rules::RuleId;
namespace {

// As people write it: udev, libudev, libudev.so.
std::string StubName(absl::string_view word) {
  absl::ConsumePrefix(&word, "lib");
  return std::string(word.substr(0, word.find(".so")));
}

bool IsNamed(const std::vector<std::string>& names, const std::string& library) {
  return !library.empty() &&
         std::any_of(names.begin(), names.end(), [&](const std::string& name) { return StubName(name) == library; });
}

// Names of the shared libraries, by whatever version, in the directories that the link knows.
std::set<std::string> SharedLibraries(const Situation& link, size_t* directories) {
  std::set<std::string> searched(link.plan.all_dirs.begin(), link.plan.all_dirs.end());
  for (const plan::PlanInput& input : link.plan.inputs) {
    if (input.IsArchive()) searched.insert(support::DirectoryName(input.path));
  }
  *directories = searched.size();
  std::set<std::string> names;
  for (const std::string& directory : searched) {
    for (const std::string& file : support::ListDirectory(directory)) {
      if (!absl::StrContains(file, ".so")) continue;
      if (std::string name = resolve::LibraryName(file); !name.empty()) names.insert(std::move(name));
    }
  }
  return names;
}

// The library that was probably meant; empty: none is near. "usb" for usb-1.0 counts as one typo.
std::string Nearest(absl::string_view wanted, const std::set<std::string>& names) {
  const llvm::StringRef word(wanted.data(), wanted.size());
  const unsigned limit = wanted.size() < 4 ? 1 : wanted.size() < 8 ? 2 : 3;
  unsigned best = limit + 1;
  std::string nearest;
  for (const std::string& name : names) {
    const bool cut =
        absl::StartsWith(name, absl::StrCat(wanted, "-")) || absl::StartsWith(name, absl::StrCat(wanted, "_"));
    const unsigned distance = cut ? 1 : llvm::StringRef(name).edit_distance_insensitive(word, true, limit);
    if (distance >= best) continue;
    best = distance;
    nearest = name;
  }
  return nearest;
}

// Names for which there is no library at all: misspelt, or of another machine.
Offer RefuseUnknown(const Situation& link) {
  size_t directories = 0;
  const std::set<std::string> known = SharedLibraries(link, &directories);
  Offer offer;
  for (const std::string& word : link.settings.stubs) {
    const std::string name = StubName(word);
    // A library that has an archive needs no stub, and is no mistake.
    if (known.contains(name) ||
        std::any_of(link.plan.inputs.begin(), link.plan.inputs.end(),
                    [&](const plan::PlanInput& input) { return resolve::LibraryName(input.path) == name; })) {
      continue;
    }
    const std::string setting = absl::StrCat("CGO_LD_SHIM_STUBS=", word), nearest = Nearest(name, known);
    offer.refused.push_back(
        {.symbol = setting,
         .demangled = setting,
         .from_program = true,
         .named_by = setting,
         .cause = diagnose::CauseId::kLibraryNotFound,
         .hint = absl::StrCat("no shared library lib", name, ".so in ", directories,
                              directories == 1 ? " directory" : " directories",
                              nearest.empty() ? "" : absl::StrCat("; did you mean ", nearest, "?"))});
  }
  if (!offer.refused.empty())
    offer.ways_out.push_back({"leave it out of CGO_LD_SHIM_STUBS, or name a library that is there"});
  return offer;
}

}  // namespace

Offer OfferStubs(const Situation& link) {
  const std::vector<std::string>& names = link.settings.stubs;
  // What comes after the stubs, such as an archive of which another member is taken, may need more of them.
  const auto round = std::count_if(link.done.begin(), link.done.end(),
                                   [](const auto& done) { return done.first == RuleId::kStubLibrary; });
  constexpr ptrdiff_t kMostRounds = 16;
  if (names.empty() || round >= kMostRounds) return {};
  Offer offer = round == 0 ? RefuseUnknown(link) : Offer{};
  if (!offer.refused.empty()) return offer;
  const std::string name = round == 0 ? "stubs" : absl::StrCat("stubs_", round + 1);
  offer.supply = Supply{.rule = RuleId::kStubLibrary, .subject = name};
  Supply& supply = *offer.supply;
  std::map<std::string, std::vector<std::string>> stubbed;  // shared library → its symbols
  std::set<std::string> used;
  std::vector<objects::Stub> stubs;
  for (const diagnose::OnlyShared& missing :
       diagnose::FindOnlyShared(link.plan, link.resolution, link.toolchain, &link.cache)) {
    const std::string library = resolve::LibraryName(missing.library);
    if (!IsNamed(names, library)) continue;
    used.insert(library);
    if (missing.data) continue;
    stubbed[missing.library].push_back(missing.symbol);
    stubs.push_back({.name = missing.symbol, .library = library});
    supply.would_define.push_back(missing.symbol);
  }
  if (stubs.empty() && round > 0) return {};
  for (const std::string& word : names) {
    if (round == 0 && !used.contains(StubName(word)))
      supply.notes.push_back(absl::StrCat("CGO_LD_SHIM_STUBS=", word, ": nothing here needs it"));
  }
  if (stubs.empty() || link.GoDirectory().empty()) return {.notes = std::move(supply.notes)};
  for (const auto& [library, symbols] : stubbed) {
    Entry entry{.name = absl::StrCat("cgo_ld_shim_", name, ".o"),
                .because = absl::StrCat(
                    "CGO_LD_SHIM_STUBS: ", library, " has no archive; ",
                    absl::StrJoin(symbols.begin(), symbols.begin() + std::min<ptrdiff_t>(5, std::ssize(symbols)), ", "),
                    symbols.size() > 5 ? absl::StrCat(" and ", symbols.size() - 5, " more") : "",
                    symbols.size() == 1 ? " ends the program when used" : " end the program when used")};
    for (const std::string& symbol : symbols) {
      for (const resolve::Unresolved& missing : link.resolution.missing) {
        if (missing.symbol == symbol) entry.evidence.push_back({symbol, missing.wanted_by[0], library});
      }
    }
    supply.entries.push_back(std::move(entry));
  }
  for (const resolve::Reach& reach : resolve::FindReach(link.resolution, supply.would_define))
    supply.notes.push_back(absl::StrCat(resolve::ReachText(reach), ", which would abort"));
  supply.recipe = [stubs = std::move(stubs), name, driver = DriverForMachine(link)](const std::string& directory) {
    return objects::CompileStubs(stubs, name, driver, directory);
  };
  return offer;
}

}  // namespace cgo_ld_shim::supply
