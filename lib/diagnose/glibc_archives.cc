#include "diagnose/glibc_archives.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace cgo_ld_shim::diagnose {
namespace {

// Functions that both libraries have, with another layout of what is passed or another result
// (docs/runtime-libraries.md).
struct HazardRow {
  const char* name;
  const char* because;
};
constexpr char kLayout[] = "whose data layout differs in musl: it would corrupt memory";
constexpr char kTables[] = "whose tables have a different form in musl: it would crash";
constexpr char kContext[] = "whose saved registers are laid out by glibc: it would crash";
constexpr HazardRow kHazards[] = {
    {"regcomp", kLayout},
    {"regexec", kLayout},
    {"regfree", kLayout},
    {"regerror", kLayout},
    {"nftw", kLayout},
    {"nftw64", kLayout},
    {"ftw64", kLayout},
    {"glob64", kLayout},
    {"fts_open", kLayout},
    {"fts_read", kLayout},
    {"getcontext", kContext},
    {"setcontext", kContext},
    {"makecontext", kContext},
    {"swapcontext", kContext},
    {"isalpha_l", kTables},
    {"isalnum_l", kTables},
    {"isdigit_l", kTables},
    {"isspace_l", kTables},
    {"isupper_l", kTables},
    {"islower_l", kTables},
    {"toupper_l", kTables},
    {"tolower_l", kTables},
    {"isprint_l", kTables},
    {"ispunct_l", kTables},
    {"__pthread_register_cancel", "which is a part of glibc's own threads"},
    {"__pthread_unregister_cancel", "which is a part of glibc's own threads"},
    {"register_printf_function", "which changes glibc's printf"},
    {"register_printf_specifier", "which changes glibc's printf"},
};

const HazardRow* FindHazard(absl::string_view symbol) {
  const auto* row =
      std::find_if(std::begin(kHazards), std::end(kHazards), [&](const HazardRow& r) { return symbol == r.name; });
  return row == std::end(kHazards) ? nullptr : row;
}

// Names of both libraries for functions of which lib/objects/compat.c has glibc's. An archive that was built for glibc
// gets that one; the program's own code keeps musl's.
struct RenamedRow {
  const char* name;
  const char* as;
};
constexpr RenamedRow kRenamed[] = {
    {"basename", "__cgo_ld_shim_basename"},  // glibc calls the one of libgen.h __xpg_basename
    {"getopt", "__cgo_ld_shim_getopt"},
    {"qsort", "__cgo_ld_shim_qsort"},
    {"qsort_r", "__cgo_ld_shim_qsort_r"},
};

// Functions that do less in musl, which no call shows.
struct LessRow {
  const char* name;
  const char* what;
};
constexpr LessRow kLess[] = {
    {"strptime", "knows no %z, %Z and %s"},
    {"strftime", "knows no flag ^ and #"},
    {"fnmatch", "knows no FNM_EXTMATCH"},
    {"glob", "knows no GLOB_BRACE and no GLOB_ALTDIRFUNC"},
    {"pthread_cancel", "runs no handler of pthread_cleanup_push that was compiled with -fexceptions"},
};

bool IsRustArguments(absl::string_view symbol) {
  return absl::StrContains(symbol, "3std3sys4args4unix3imp15ARGV_INIT_ARRAY") &&
         absl::StrContains(symbol, "12init_wrapper");
}

bool OfTheUser(const resolve::Resolution& resolution, const resolve::Unit& unit) {
  return unit.member >= 0 && resolution.inputs[static_cast<size_t>(unit.input)].origin != plan::Origin::kToolchain;
}

}  // namespace

GlibcArchives FindGlibcArchives(const resolve::Resolution& resolution, const symbols::Archive& compat) {
  GlibcArchives found;
  for (const resolve::Unresolved& missing : resolution.missing) {
    // The program's own code was compiled with musl's headers: what it lacks is a mistake.
    if (missing.from_program || compat.Defining(missing.symbol).empty()) continue;
    found.supplied.push_back(
        {missing.symbol, missing.wanted_by.empty() ? "" : missing.wanted_by[0], "libglibc_compat.a"});
  }
  if (resolution.simulation == nullptr) return found;
  const resolve::Simulation& link = *resolution.simulation;
  std::set<int> glibc_inputs;
  for (const resolve::Unit& unit : link.units()) {
    if (!OfTheUser(resolution, unit) || glibc_inputs.contains(unit.input)) continue;
    const bool marked =
        std::any_of(unit.object->references.begin(), unit.object->references.end(),
                    [](const symbols::Reference& r) { return IsOfOtherLibc(r.name, {target::LibcFamily::kMusl}); });
    if (marked) glibc_inputs.insert(unit.input);
  }
  for (size_t i = 0; i < link.units().size() && !glibc_inputs.empty(); ++i) {
    const resolve::Unit& unit = link.units()[i];
    if (!glibc_inputs.contains(unit.input)) continue;
    if ((unit.object->constructors || unit.object->preinit) && OfTheUser(resolution, unit))
      found.constructors.push_back(link.UnitName(static_cast<int>(i)));
    for (const symbols::Reference& reference : unit.object->references) {
      const HazardRow* row = FindHazard(reference.name);
      const auto* other = std::find_if(std::begin(kRenamed), std::end(kRenamed),
                                       [&](const RenamedRow& r) { return reference.name == r.name; });
      const auto* less =
          std::find_if(std::begin(kLess), std::end(kLess), [&](const LessRow& r) { return reference.name == r.name; });
      if (row == nullptr && other == std::end(kRenamed) && less == std::end(kLess)) continue;
      // A copy of the function in the archive itself is its own.
      const int definer = link.Definer(reference.name);
      if (definer >= 0 && OfTheUser(resolution, link.units()[static_cast<size_t>(definer)])) continue;
      if (other != std::end(kRenamed)) found.renamed[unit.file->path][other->name] = other->as;
      if (less != std::end(kLess)) {
        found.notes.push_back(absl::StrCat(less->name, ": ", link.UnitName(static_cast<int>(i)),
                                           " was built for glibc, and musl's ", less->what));
      }
      if (row == nullptr) continue;
      const std::string name(reference.name);
      found.hazards.push_back({.symbol = name,
                               .demangled = name,
                               .wanted_by = {link.UnitName(static_cast<int>(i))},
                               .cause = CauseId::kWrongLibc,
                               .hint = absl::StrCat("it uses ", name, ", ", row->because)});
    }
    for (const symbols::Definition& definition : unit.object->definitions) {
      if (IsRustArguments(definition.name)) found.rust_arguments = std::string(definition.name);
    }
  }
  return found;
}

}  // namespace cgo_ld_shim::diagnose
