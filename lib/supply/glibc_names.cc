// Archives that were built for glibc, in a link with musl (diagnose/glibc_archives.h).
#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "diagnose/glibc_archives.h"
#include "llvm/BinaryFormat/ELF.h"
#include "objects/objects.h"
#include "supply/copies.h"
#include "supply/machine_words.h"
#include "supply/supply.h"

namespace cgo_ld_shim::supply {

using rules::RuleId;
namespace {

// Machines for which compat.c is compiled when a link needs it. What differs there between glibc and musl, of layouts
// and of numbers, is in diagnose/glibc_archives.cc.
struct ServedMachine {
  uint16_t e_machine;
  bool is64;
};
constexpr ServedMachine kMachines[] = {{llvm::ELF::EM_AARCH64, true}, {llvm::ELF::EM_RISCV, true},
                                       {llvm::ELF::EM_S390, true},    {llvm::ELF::EM_LOONGARCH, true},
                                       {llvm::ELF::EM_PPC64, true},   {llvm::ELF::EM_X86_64, true},
                                       {llvm::ELF::EM_386, false},    {llvm::ELF::EM_ARM, false}};
bool IsServed(const Situation& link) {
  const std::optional<symbols::Machine> machine = plan::MachineOf(link.plan);
  return IsForThisHost(link) ||
         (machine && !link.GoDirectory().empty() &&
          std::any_of(std::begin(kMachines), std::end(kMachines), [&](const ServedMachine& served) {
            return served.e_machine == machine->e_machine && served.is64 == machine->is64;
          }));
}

// What such archives need; nullopt where this link is not one of musl, or COMPAT=off. `compat_archive` stays empty
// where nothing serves the program's machine; where it is for this host alone, it tells the names.
std::optional<diagnose::GlibcArchives> Find(const Situation& link, std::string* compat_archive) {
  if (!link.settings.compat || !link.toolchain.libc.IsMusl()) return std::nullopt;
  if (!IsServed(link)) return diagnose::FindGlibcArchives(link.resolution, nullptr);
  absl::StatusOr<std::string> path = objects::CompatArchive();
  if (!path.ok()) return std::nullopt;
  const absl::StatusOr<symbols::InputFile>& compat = link.cache.Open(*path);
  if (!compat.ok() || compat->archive == nullptr) return std::nullopt;
  *compat_archive = *std::move(path);
  return diagnose::FindGlibcArchives(link.resolution, compat->archive.get());
}

// By the name that its author knows.
std::string Original(const Situation& link, const std::string& unit) {
  for (const auto& [copy, archive] : Copies(link)) {
    if (absl::StartsWith(unit, copy)) return absl::StrCat(archive, unit.substr(copy.size()));
  }
  return unit;
}

// What cannot be seen of such archives, and which they are.
std::vector<std::string> NotesOf(const Situation& link, const diagnose::GlibcArchives& found) {
  std::vector<std::string> notes;
  for (const auto& [path, compiler] : found.archives) {
    const std::string archive = Original(link, path);
    notes.push_back(compiler.empty()
                        ? absl::StrCat(archive, " was built for glibc and is linked with musl")
                        : absl::StrCat(archive,
                                       " is taken for one that was built for glibc, which is the libc of its "
                                       "compiler's distribution (",
                                       compiler,
                                       "); CGO_LD_SHIM_COMPAT=off takes "
                                       "it for one of musl's"));
  }
  if (!notes.empty()) {
    notes.emplace_back(
        "in an archive for glibc a mutex that is initialised as PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP or "
        "PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP, printf's %Id, and errno of mathematical functions cannot be seen "
        "from here and would not work with musl");
  }
  const auto less = [&](absl::string_view name, const std::string& unit, absl::string_view in_musl) {
    notes.push_back(absl::StrCat(name, ": ", Original(link, unit), " was built for glibc, and musl's ", in_musl));
  };
  for (const diagnose::Less& function : found.perhaps) {
    notes.push_back(absl::StrCat(Original(link, function.wanted_by), " uses ", function.name, ", ", function.in_musl,
                                 "; whether it was built for glibc, nothing says: its compiler is the program's own"));
  }
  for (const diagnose::Less& function : found.less) less(function.name, function.wanted_by, function.in_musl);
  // What no copy could be made for (OfferGlibcMeanings).
  for (const auto& [archive, renamed] : found.renamed) {
    for (const auto& [name, to] : renamed) {
      if (!to.must) less(name, to.wanted_by, to.in_musl);
    }
  }
  return notes;
}

Offer Refusal(const Situation& link, diagnose::GlibcArchives found) {
  Offer offer;
  if (IsForThisHost(link)) {
    offer.ways_out.push_back(diagnose::LibcWay(target::LibcFamily::kGlibc));
  } else {
    offer.ways_out.push_back({"CGO_LD_SHIM_CC=COMPILER", "a cross compiler with a static glibc for that machine"});
  }
  offer.ways_out.push_back(
      {"use a build of the library for musl instead of this one", "not tried: there is no such build here"});
  // Of an archive that only its compiler tells of, its author knows better.
  for (const diagnose::Finding& hazard : found.hazards) {
    const auto archive = std::find_if(found.archives.begin(), found.archives.end(), [&](const auto& known) {
      return !known.second.empty() && absl::StartsWith(hazard.wanted_by[0], absl::StrCat(known.first, "("));
    });
    if (archive == found.archives.end()) continue;
    offer.ways_out.push_back(
        diagnose::SettingWay("CGO_LD_SHIM_COMPAT", "off",
                             absl::StrCat("if it was built for musl after all: only its compiler speaks for glibc (",
                                          archive->second, ")")));
    break;
  }
  for (diagnose::Finding& hazard : found.hazards) hazard.wanted_by[0] = Original(link, hazard.wanted_by[0]);
  offer.refused = std::move(found.hazards);
  return offer;
}

}  // namespace

Offer OfferGlibcMeanings(const Situation& link) {
  std::string compat;
  const std::optional<diagnose::GlibcArchives> found = Find(link, &compat);
  if (!found || !found->hazards.empty() || compat.empty()) return {};
  for (const auto& [archive, renamed] : found->renamed) {
    if (link.Done(RuleId::kGlibcCompat, archive) || !CanBeCopied(link, archive)) continue;
    std::map<std::string, std::string> names;
    for (const auto& [from, to] : renamed) names[from] = to.as;
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
    return {.supply = CopyOf(link, RuleId::kGlibcCompat, archive, "renamed", std::move(members), std::move(names),
                             std::move(entry))};
  }
  return {};
}

Offer OfferGlibcNames(const Situation& link) {
  std::string compat;
  std::optional<diagnose::GlibcArchives> found = Find(link, &compat);
  if (!found) return {};
  Offer offer{.notes = NotesOf(link, *found)};
  for (const auto& [archive, renamed] : found->renamed) {
    for (const auto& [name, to] : renamed) {
      if (to.must) found->hazards.push_back(diagnose::GlibcHazard(name, to.wanted_by, to.in_musl));
    }
  }
  if (!found->hazards.empty()) return Refusal(link, std::move(*found));
  if (found->supplied.empty() || link.Done(RuleId::kGlibcCompat, compat)) return offer;
  const size_t names = found->supplied.size();
  offer.supply = Supply{.rule = RuleId::kGlibcCompat, .subject = compat, .path = compat};
  if (!IsForThisHost(link)) {
    std::vector<std::string> wanted;
    for (const symbols::Evidence& evidence : found->supplied) wanted.push_back(evidence.symbol);
    std::sort(wanted.begin(), wanted.end());
    // What these functions need comes in a turn of its own.
    offer.supply->subject = absl::StrJoin(wanted, " ");
    if (link.Done(RuleId::kGlibcCompat, offer.supply->subject)) return {.notes = std::move(offer.notes)};
    offer.supply->path.clear();
    offer.supply->would_define = wanted;
    offer.supply->at_once = true;
    offer.supply->recipe = [wanted, driver = DriverForMachine(link)](const std::string& directory) {
      return objects::CompileCompat(wanted, driver, directory);
    };
  }
  found->supplied.resize(std::min<size_t>(3, names));
  offer.supply->entries.push_back(
      {.name = "libglibc_compat.a",
       .because = absl::StrCat(names, names == 1 ? " name" : " names",
                               " of glibc that musl does not have; CGO_LD_SHIM_COMPAT=off makes it an error"),
       .evidence = std::move(found->supplied)});
  return offer;
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
      link.Done(RuleId::kConstructorStart, "") || link.GoDirectory().empty()) {
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
