#include "diagnose/built_for.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "diagnose/diagnose.h"
#include "plan/variants.h"
#include "symbols/symbols.h"
#include "target/libc.h"

namespace cgo_ld_shim::diagnose {
namespace {

using plan::Origin;
using resolve::Resolution;
using resolve::Unit;
using target::LibcFamily;

// Names that glibc's headers put in the place of what a source says (ctype.h, stdio.h, setjmp.h, libgen.h, unistd.h,
// string.h, sys/stat.h before 2.33). musl defines them for objects like these; no header of its own writes one. Sorted.
constexpr absl::string_view kHeaderNames[] = {
    "_IO_getc",
    "_IO_putc",
    "__ctype_b_loc",
    "__ctype_tolower_loc",
    "__ctype_toupper_loc",
    "__fxstat",
    "__fxstatat",
    "__getdelim",
    "__isoc99_fscanf",
    "__isoc99_fwscanf",
    "__isoc99_scanf",
    "__isoc99_sscanf",
    "__isoc99_swscanf",
    "__isoc99_vfscanf",
    "__isoc99_vfwscanf",
    "__isoc99_vscanf",
    "__isoc99_vsscanf",
    "__isoc99_vswscanf",
    "__isoc99_vwscanf",
    "__isoc99_wscanf",
    "__lxstat",
    "__overflow",
    "__posix_getopt",
    "__sigsetjmp",
    "__strtol_internal",
    "__strtoul_internal",
    "__sysv_signal",
    "__uflow",
    "__xmknod",
    "__xpg_basename",
    "__xpg_strerror_r",
    "__xstat",
};

// As they stand in .comment: "GCC: (Debian 12.2.0-14) 12.2.0", "GCC: (GNU) 8.5.0 20210514 (Red Hat 8.5.0-4)", "Ubuntu
// clang version 18.1.3", "clang version 18.1.8 (Fedora 18.1.8-1.fc40)".
constexpr absl::string_view kGlibcDistributions[] = {"Debian", "Ubuntu", "Raspbian",   "Red Hat",
                                                     "Fedora", "SUSE",   "conda-forge"};

// How many members of an archive are opened for what they say of their compiler. All of a library's are alike.
constexpr int kMembersRead = 16;

// Whether the archive of `unit` brings `name` itself: one that bundles a C library needs nobody else's, and within
// musl's own objects these names say nothing.
bool BringsItself(const Unit& unit, absl::string_view name) {
  return unit.file->archive != nullptr && !unit.file->archive->Defining(name).empty();
}

bool HasHeaderName(const Unit& unit) {
  const std::vector<symbols::Reference>& references = unit.object->references;
  return std::any_of(references.begin(), references.end(), [&](const symbols::Reference& reference) {
    return std::binary_search(std::begin(kHeaderNames), std::end(kHeaderNames), reference.name) &&
           !BringsItself(unit, reference.name);
  });
}

// What is only asked for, if it is there, says nothing: Rust's library for musl does so with __cxa_thread_atexit_impl.
bool HasOtherLibcsName(const Unit& unit) {
  const std::vector<symbols::Reference>& references = unit.object->references;
  return std::any_of(references.begin(), references.end(), [&](const symbols::Reference& reference) {
    return !reference.weak && IsOfOtherLibc(reference.name, {LibcFamily::kMusl}) && !BringsItself(unit, reference.name);
  });
}

// The row of kGlibcDistributions that a compiler's text names; empty: none.
absl::string_view DistributionOf(absl::string_view compiler) {
  const auto* row = std::find_if(std::begin(kGlibcDistributions), std::end(kGlibcDistributions),
                                 [&](absl::string_view name) { return absl::StrContains(compiler, name); });
  return row == std::end(kGlibcDistributions) ? absl::string_view() : *row;
}

// The distributions whose compilers made the program's own objects.
std::set<absl::string_view> OwnDistributions(const Resolution& resolution) {
  std::set<absl::string_view> names;
  for (const Unit& unit : resolution.simulation->units()) {
    if (unit.member >= 0 || resolution.inputs[static_cast<size_t>(unit.input)].origin == Origin::kToolchain) continue;
    for (absl::string_view compiler : symbols::Compilers(BytesOf(unit))) names.insert(DistributionOf(compiler));
  }
  return names;
}

// What the members of one archive say without a name that only glibc has. nullopt: nothing, or that it is musl's.
std::optional<std::string> JudgeByMakers(const std::vector<const Unit*>& units) {
  std::string by_compiler;
  bool musl = false;
  int read = 0;
  for (const Unit* unit : units) {
    const bool named = HasHeaderName(*unit);
    if (!named && read == kMembersRead) continue;
    ++read;
    const absl::string_view bytes = BytesOf(*unit);
    for (absl::string_view compiler : symbols::Compilers(bytes)) {
      // Rust's library uses names of glibc's headers on every libc, and says by names of glibc which one it is for.
      if (absl::StartsWith(compiler, "rustc")) musl = true;
      if (!absl::StartsWith(compiler, "GCC:") && !absl::StrContains(compiler, "clang version")) continue;
      if (named || symbols::DebugFilesMention(bytes, "bits/types")) return "";
      if (symbols::DebugFilesMention(bytes, "alltypes.h")) musl = true;
      if (by_compiler.empty() && !DistributionOf(compiler).empty()) by_compiler = std::string(compiler);
    }
  }
  if (musl || by_compiler.empty() || plan::SaysLibc(units[0]->file->path, LibcFamily::kMusl)) return std::nullopt;
  return by_compiler;
}

}  // namespace

bool OfTheUser(const Resolution& resolution, const Unit& unit) {
  return unit.member >= 0 && resolution.inputs[static_cast<size_t>(unit.input)].origin != Origin::kToolchain;
}

std::map<int, BuiltForGlibc> FindBuiltForGlibc(const Resolution& resolution) {
  std::map<int, BuiltForGlibc> found;
  std::map<int, std::vector<const Unit*>> others;
  for (const Unit& unit : resolution.simulation->units()) {
    if (!OfTheUser(resolution, unit) || found.contains(unit.input)) continue;
    if (HasOtherLibcsName(unit)) {
      found[unit.input] = {};
    } else {
      others[unit.input].push_back(&unit);
    }
  }
  std::optional<std::set<absl::string_view>> own;
  for (const auto& [input, units] : others) {
    if (found.contains(input)) continue;
    std::optional<std::string> compiler = JudgeByMakers(units);
    if (!compiler) continue;
    if (compiler->empty()) {
      found[input] = {};
      continue;
    }
    if (!own) own = OwnDistributions(resolution);
    const bool same = own->contains(DistributionOf(*compiler));
    found[input] = {same ? BuiltForGlibc::Known::kPerhaps : BuiltForGlibc::Known::kLikely, *std::move(compiler)};
  }
  return found;
}

}  // namespace cgo_ld_shim::diagnose
