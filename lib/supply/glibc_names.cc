// Archives that were built for glibc, in a link with musl (diagnose/glibc_archives.h).
#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "diagnose/glibc_archives.h"
#include "objects/objects.h"
#include "plan/variants.h"
#include "supply/copies.h"
#include "supply/machine_words.h"
#include "supply/supply.h"
#include "target/target.h"

namespace cgo_ld_shim::supply {

using rules::RuleId;
namespace {

// What such archives need; nullopt where this link is not one of musl for this machine, or COMPAT=off.
std::optional<diagnose::GlibcArchives> Find(const Situation& link, std::string* compat_archive) {
  const std::optional<symbols::Machine> machine = plan::MachineOf(link.plan);
  const target::Architecture* host = target::FindArchitecture(target::HostArch());
  if (!link.settings.compat || !link.toolchain.libc.IsMusl() || !machine || machine->e_machine != host->e_machine ||
      machine->is64 != host->is64) {
    return std::nullopt;
  }
  absl::StatusOr<std::string> path = objects::CompatArchive();
  if (!path.ok()) return std::nullopt;
  const absl::StatusOr<symbols::InputFile>& compat = link.cache.Open(*path);
  if (!compat.ok() || compat->archive == nullptr) return std::nullopt;
  *compat_archive = *std::move(path);
  return diagnose::FindGlibcArchives(link.resolution, *compat->archive);
}

// By the name that its author knows.
std::string Original(const Situation& link, const std::string& unit) {
  for (const auto& [copy, archive] : Copies(link)) {
    if (absl::StartsWith(unit, copy)) return absl::StrCat(archive, unit.substr(copy.size()));
  }
  return unit;
}

}  // namespace

Offer OfferGlibcMeanings(const Situation& link) {
  std::string compat;
  const std::optional<diagnose::GlibcArchives> found = Find(link, &compat);
  if (!found || !found->hazards.empty()) return {};
  for (const auto& [archive, names] : found->renamed) {
    if (link.Done(RuleId::kGlibcCompat, archive) || !CanBeCopied(link, archive)) continue;
    std::vector<uint32_t> members;
    for (const resolve::Unit& unit : link.resolution.simulation->units()) {
      if (unit.file->path == archive && unit.member >= 0) members.push_back(static_cast<uint32_t>(unit.member));
    }
    std::sort(members.begin(), members.end());
    const std::string& from = names.begin()->first;
    const size_t more = names.size() - 1;
    Entry entry{.name = archive,
                .because = absl::StrCat("built for glibc, whose ", from,
                                        more > 0 ? absl::StrCat(" and ", more, " more do") : " does",
                                        " something else than musl's: it gets glibc's"),
                .evidence = {{from, archive, archive}}};
    return {.supply =
                CopyOf(link, RuleId::kGlibcCompat, archive, "for-musl", std::move(members), names, std::move(entry))};
  }
  return {};
}

Offer OfferGlibcNames(const Situation& link) {
  std::string archive;
  std::optional<diagnose::GlibcArchives> found = Find(link, &archive);
  if (!found) return {};
  if (!found->hazards.empty()) {
    return {.refused = std::move(found->hazards),
            .ways_out = {{"CGO_LD_SHIM_LIBC=glibc", "static with the host's glibc"},
                         {"a build of the library for musl, named instead of this one"}}};
  }
  if (found->supplied.empty() || link.Done(RuleId::kGlibcCompat, archive)) return {};
  const size_t names = found->supplied.size();
  const std::string user =
      Original(link, found->supplied[0].wanted_by.substr(0, found->supplied[0].wanted_by.rfind('(')));
  Supply supply{.rule = RuleId::kGlibcCompat, .subject = archive, .notes = found->notes, .path = archive};
  supply.notes.insert(
      supply.notes.begin(),
      absl::StrCat(user,
                   " was built for glibc and is linked with musl: a mutex that is initialised as "
                   "PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP or PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP, printf's %Id, "
                   "and errno of mathematical functions cannot be seen from here and would not work"));
  found->supplied.resize(std::min<size_t>(3, names));
  supply.entries.push_back(
      {.name = "libglibc_compat.a",
       .because = absl::StrCat(names, names == 1 ? " name" : " names",
                               " of glibc that musl does not have; CGO_LD_SHIM_COMPAT=off makes it an error"),
       .evidence = std::move(found->supplied)});
  return {.supply = std::move(supply)};
}

Offer OfferRustArguments(const Situation& link) {
  std::string archive;
  const std::optional<diagnose::GlibcArchives> found = Find(link, &archive);
  if (!found || found->rust_arguments.empty() || link.Done(RuleId::kRustArguments, found->rust_arguments) ||
      link.GoDirectory().empty()) {
    return {};
  }
  const std::string symbol = found->rust_arguments;
  return {.supply = Supply{
              .rule = RuleId::kRustArguments,
              .subject = symbol,
              .entries = {{.name = "cgo_ld_shim_rust.o",
                           .because = "glibc hands a program's arguments to constructors, which Rust for glibc relies "
                                      "on, and musl does not",
                           .evidence = {{symbol, "", ""}}}},
              .recipe = [symbol, driver = link.driver](const std::string& directory) {
                return objects::CompileRustArguments(symbol, driver, directory);
              }}};
}

Offer OfferConstructorStart(const Situation& link) {
  std::string archive;
  const std::optional<diagnose::GlibcArchives> found = Find(link, &archive);
  if (!found || !found->rust_arguments.empty() || found->constructors.empty() ||
      link.Done(RuleId::kConstructorStart, "") || link.GoDirectory().empty() ||
      !link.resolution.simulation->units()[0].object->machine.is64) {
    return {};
  }
  return {.supply = Supply{
              .rule = RuleId::kConstructorStart,
              .entries = {{.name = "cgo_ld_shim_constructors.o",
                           .because = "glibc hands a program's arguments to constructors and calls .preinit_array; "
                                      "musl does neither",
                           .evidence = {{"", Original(link, found->constructors[0]), ""}}}},
              .recipe = [driver = DriverForMachine(link)](const std::string& directory) {
                return objects::CompileConstructorStart(driver, directory);
              }}};
}

}  // namespace cgo_ld_shim::supply
