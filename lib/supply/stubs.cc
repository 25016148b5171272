// CGO_LD_SHIM_STUBS: symbols that only a shared library of that list has get a function that says so and aborts.
#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "objects/objects.h"
#include "resolve/candidates.h"
#include "supply/machine_words.h"
#include "supply/supply.h"

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

objects::Stub StubOf(const Situation& link, const diagnose::OnlyShared& missing, const std::string& library) {
  objects::Stub stub{.name = missing.symbol, .library = library};
  const absl::StatusOr<symbols::InputFile>& file = link.cache.Open(missing.library);
  if (!file.ok() || file->object == nullptr) return stub;
  for (const symbols::Definition& definition : file->object->definitions) {
    if (definition.name != missing.symbol) continue;
    stub.tls = definition.tls;
    stub.size = definition.size;
    stub.function = definition.function || (!definition.tls && definition.size == 0);
  }
  return stub;
}

}  // namespace

Offer OfferStubs(const Situation& link) {
  const std::vector<std::string>& names = link.settings.stubs;
  if (names.empty() || link.Done(RuleId::kStubLibrary, "")) return {};
  Offer offer{.supply = Supply{.rule = RuleId::kStubLibrary}};
  Supply& supply = *offer.supply;
  std::map<std::string, std::vector<std::string>> stubbed;  // shared library → its symbols
  std::vector<objects::Stub> stubs;
  for (const diagnose::OnlyShared& missing :
       diagnose::FindOnlyShared(link.plan, link.resolution, link.toolchain, &link.cache)) {
    const std::string name = resolve::LibraryName(missing.library);
    if (!IsNamed(names, name)) continue;
    stubbed[missing.library].push_back(missing.symbol);
    stubs.push_back(StubOf(link, missing, name));
    supply.would_define.push_back(missing.symbol);
  }
  for (const std::string& name : names) {
    const bool used = std::any_of(stubbed.begin(), stubbed.end(), [&](const auto& entry) {
      return StubName(name) == resolve::LibraryName(entry.first);
    });
    if (!used) supply.notes.push_back(absl::StrCat("CGO_LD_SHIM_STUBS=", name, ": nothing here needs it"));
  }
  if (stubs.empty() || link.GoDirectory().empty()) return {.notes = std::move(supply.notes)};
  for (const auto& [library, symbols] : stubbed) {
    Entry entry{.name = "cgo_ld_shim_stubs.o",
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
  supply.recipe = [stubs = std::move(stubs), driver = DriverForMachine(link)](const std::string& directory) {
    return objects::CompileStubs(stubs, driver, directory);
  };
  return offer;
}

}  // namespace cgo_ld_shim::supply
