#include "isolate/isolate.h"

#include <algorithm>
#include <set>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "isolate/partial.h"
#include "support/file.h"

namespace cgo_ld_shim::isolate {
namespace {

using resolve::Simulation;
using resolve::Unit;

}  // namespace

bool IsLanguageRuntime(absl::string_view symbol) {
  if (symbol == "rust_eh_personality" || symbol == "rust_begin_unwind" || symbol == "rust_panic" ||
      absl::StartsWith(symbol, "__rust_") || absl::StartsWith(symbol, "__rdl_") || absl::StartsWith(symbol, "__rg_")) {
    return true;
  }
  // Crates of Rust's own sysroot, in legacy (_ZN3std…17h<hash>E) and v0 (_R…Cs<hash>_3std…) mangling.
  static constexpr absl::string_view kCrates[] = {"3std",
                                                  "4core",
                                                  "5alloc",
                                                  "7___rustc",
                                                  "12panic_unwind",
                                                  "11panic_abort",
                                                  "17compiler_builtins",
                                                  "6unwind",
                                                  "18std_detect",
                                                  "14rustc_demangle"};
  for (absl::string_view crate : kCrates) {
    if (absl::StartsWith(symbol, absl::StrCat("_ZN", crate))) return true;
    if (absl::StartsWith(symbol, "_R") && absl::StrContains(symbol, absl::StrCat("_", crate))) return true;
  }
  return false;
}

std::vector<Clash> FindClashes(const resolve::Resolution& resolution) {
  std::vector<Clash> clashes;
  const Simulation& link = *resolution.simulation;
  for (const resolve::Duplicate& duplicate : link.duplicates()) {
    const Unit& first = link.units()[static_cast<size_t>(duplicate.first)];
    const Unit& second = link.units()[static_cast<size_t>(duplicate.second)];
    if (first.member < 0 || second.member < 0 || first.file->path == second.file->path) continue;
    // A partial link of code for an optimiser is beyond the embedded linker.
    if (first.object->kind != symbols::ObjectKind::kElfRelocatable ||
        second.object->kind != symbols::ObjectKind::kElfRelocatable) {
      continue;
    }
    auto it = std::find_if(clashes.begin(), clashes.end(), [&](const Clash& clash) {
      return clash.first == first.file->path && clash.second == second.file->path;
    });
    if (it == clashes.end()) {
      clashes.push_back({.first = first.file->path, .second = second.file->path, .runtime_only = true});
      it = clashes.end() - 1;
    }
    it->symbols.emplace_back(duplicate.symbol);
    it->runtime_only &= IsLanguageRuntime(duplicate.symbol);
  }
  return clashes;
}

std::vector<std::string> UsedFromOutside(const std::string& archive, const resolve::Resolution& resolution) {
  const Simulation& link = *resolution.simulation;
  std::set<std::string> defined, used;
  for (const Unit& unit : link.units()) {
    if (unit.file->path != archive) continue;
    for (const symbols::Definition& definition : unit.object->definitions) defined.insert(std::string(definition.name));
  }
  for (const Unit& unit : link.units()) {
    if (unit.file->path == archive) continue;
    for (const symbols::Reference& reference : unit.object->references) {
      const std::string name(reference.name);
      // What another unit defines first is that unit's: the isolated copy keeps its own to itself.
      const int definer = link.Definer(name);
      if (definer >= 0 && link.units()[static_cast<size_t>(definer)].file->path == archive && defined.contains(name)) {
        used.insert(name);
      }
    }
  }
  return {used.begin(), used.end()};
}

std::vector<std::string> NeedsFromOutside(const std::string& archive, const resolve::Resolution& resolution) {
  const symbols::Archive* members = nullptr;
  for (const Unit& unit : resolution.simulation->units()) {
    if (unit.member >= 0 && unit.file->path == archive) members = unit.file->archive.get();
  }
  std::set<std::string> needed;
  if (members == nullptr) return {};
  // As the partial link does: what others use is extracted, and whatever that needs, from this archive alone.
  std::vector<std::string> wanted = UsedFromOutside(archive, resolution);
  std::set<std::string> asked(wanted.begin(), wanted.end());
  std::set<uint32_t> extracted;
  absl::flat_hash_set<absl::string_view> defined;
  while (!wanted.empty()) {
    const std::string name = std::move(wanted.back());
    wanted.pop_back();
    if (defined.contains(name)) continue;
    const absl::Span<const uint32_t> offers = members->Defining(name);
    const absl::StatusOr<const symbols::Object*> object =
        offers.empty() ? absl::NotFoundError(name) : members->Load(offers[0]);
    if (!object.ok()) {
      needed.insert(name);
      continue;
    }
    if (!extracted.insert(offers[0]).second) continue;
    for (const symbols::Definition& definition : (*object)->definitions) defined.insert(definition.name);
    for (const symbols::Reference& reference : (*object)->references) {
      if (!reference.weak && asked.insert(std::string(reference.name)).second) wanted.emplace_back(reference.name);
    }
  }
  std::erase_if(needed, [&](const std::string& name) { return defined.contains(name); });
  return {needed.begin(), needed.end()};
}

absl::Status Isolate(const std::string& archive, const resolve::Resolution& resolution,
                     const toolchain::Toolchain& toolchain, const std::string& output) {
  const std::vector<std::string> used = UsedFromOutside(archive, resolution);
  if (used.empty()) return absl::FailedPreconditionError(absl::StrCat("nothing uses ", archive));
  PartialLink link{.archive = archive, .names = used};
  for (size_t i = 0; i + 1 < toolchain.line.options.size(); ++i) {
    if (toolchain.line.options[i] == "-m") link.emulation = {"-m", toolchain.line.options[i + 1]};
  }
  if (const auto linked = LinkPartially(link, output); !linked.ok()) return linked.status();
  absl::StatusOr<std::string> object = support::ReadFile(output);
  if (object.ok()) object = KeepGlobal(*std::move(object), used);
  if (!object.ok()) return object.status();
  return support::WriteFileAtomically(output, *object, 0600);
}

}  // namespace cgo_ld_shim::isolate
