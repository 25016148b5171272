#include "diagnose/glibc_archives.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "diagnose/built_for.h"
#include "llvm/BinaryFormat/ELF.h"
#include "resolve/simulation.h"

namespace cgo_ld_shim::diagnose {
namespace {

// Functions that both libraries have, with another layout of what is passed or another result
// (docs/runtime-libraries.md).
enum class On { kAll, k32Bit, kPpc64, kS390 };  // machines
struct HazardRow {
  const char* name;
  const char* because;
  On on = On::kAll;
};
constexpr char kLayout[] = "whose data layout differs in musl: it would corrupt memory";
constexpr char kNumbers[] = "which tells its callback of files by different numbers in musl: directories become files";
constexpr char kTables[] = "whose tables have a different form in musl: it would crash";
constexpr char kContext[] = "whose saved registers are laid out by glibc: it would crash";
constexpr char kOffset[] =
    "whose file offsets have 32 bits in glibc and 64 in musl; not tried: a build of it with -D_FILE_OFFSET_BITS=64";
constexpr char kLarge[] =
    "whose data layout differs in musl: it would corrupt memory; not tried: a build of it with "
    "-D_FILE_OFFSET_BITS=64";
constexpr char kExceptions[] = "whose exceptions have other numbers in musl on this machine";
constexpr char kLongDouble[] = "whose long double has 16 bytes in glibc and 8 in musl on this machine";
constexpr HazardRow kHazards[] = {
    {"regcomp", kLayout},
    {"regexec", kLayout},
    {"regfree", kLayout},
    {"regerror", kLayout},
    {"ftw", kNumbers},
    {"nftw", kNumbers},
    {"nftw64", kNumbers},
    {"ftw64", kNumbers},
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
    {"lseek", kOffset, On::k32Bit},
    {"pread", kOffset, On::k32Bit},
    {"preadv", kOffset, On::k32Bit},
    {"pwrite", kOffset, On::k32Bit},
    {"pwritev", kOffset, On::k32Bit},
    {"truncate", kOffset, On::k32Bit},
    {"ftruncate", kOffset, On::k32Bit},
    {"mmap", kOffset, On::k32Bit},
    {"fseeko", kOffset, On::k32Bit},
    {"ftello", kOffset, On::k32Bit},
    {"fgetpos", kOffset, On::k32Bit},
    {"fsetpos", kOffset, On::k32Bit},
    {"lockf", kOffset, On::k32Bit},
    {"posix_fadvise", kOffset, On::k32Bit},
    {"posix_fallocate", kOffset, On::k32Bit},
    {"fallocate", kOffset, On::k32Bit},
    {"sendfile", kOffset, On::k32Bit},
    {"__pread_chk", kOffset, On::k32Bit},
    {"aio_read", kOffset, On::k32Bit},
    {"aio_write", kOffset, On::k32Bit},
    {"aio_fsync", kOffset, On::k32Bit},
    {"lio_listio", kOffset, On::k32Bit},
    {"stat", kLarge, On::k32Bit},
    {"lstat", kLarge, On::k32Bit},
    {"fstat", kLarge, On::k32Bit},
    {"fstatat", kLarge, On::k32Bit},
    {"__xstat", kLarge, On::k32Bit},
    {"__lxstat", kLarge, On::k32Bit},
    {"__fxstat", kLarge, On::k32Bit},
    {"__fxstatat", kLarge, On::k32Bit},
    {"readdir", kLarge, On::k32Bit},
    {"readdir_r", kLarge, On::k32Bit},
    {"scandir", kLarge, On::k32Bit},
    {"alphasort", kLarge, On::k32Bit},
    {"versionsort", kLarge, On::k32Bit},
    {"getrlimit", kLarge, On::k32Bit},
    {"setrlimit", kLarge, On::k32Bit},
    {"prlimit", kLarge, On::k32Bit},
    {"statfs", kLarge, On::k32Bit},
    {"fstatfs", kLarge, On::k32Bit},
    {"statvfs", kLarge, On::k32Bit},
    {"fstatvfs", kLarge, On::k32Bit},
    {"sigaction", kLayout, On::kS390},
    {"feclearexcept", kExceptions, On::kS390},
    {"feraiseexcept", kExceptions, On::kS390},
    {"fetestexcept", kExceptions, On::kS390},
    {"fegetexceptflag", kExceptions, On::kS390},
    {"fesetexceptflag", kExceptions, On::kS390},
    {"fegetenv", kExceptions, On::kS390},
    {"fesetenv", kExceptions, On::kS390},
    {"feholdexcept", kExceptions, On::kS390},
    {"feupdateenv", kExceptions, On::kS390},
    {"tcgetattr", kLayout, On::kPpc64},
    {"tcsetattr", kLayout, On::kPpc64},
    {"cfmakeraw", kLayout, On::kPpc64},
    {"cfgetispeed", kLayout, On::kPpc64},
    {"cfgetospeed", kLayout, On::kPpc64},
    {"cfsetispeed", kLayout, On::kPpc64},
    {"cfsetospeed", kLayout, On::kPpc64},
    {"cfsetspeed", kLayout, On::kPpc64},
    {"openpty", kLayout, On::kPpc64},
    {"forkpty", kLayout, On::kPpc64},
};

// Functions of long double, which <math.h>, <complex.h> and others have.
constexpr absl::string_view kLongDoubles[] = {
    "__finitel",   "__fpclassifyl", "__isinfl", "__isnanl", "__signbitl", "acoshl",     "acosl",      "asinhl",
    "asinl",       "atan2l",        "atanhl",   "atanl",    "cabsl",      "cacoshl",    "cacosl",     "cargl",
    "casinhl",     "casinl",        "catanhl",  "catanl",   "cbrtl",      "ccoshl",     "ccosl",      "ceill",
    "cexpl",       "cimagl",        "clogl",    "conjl",    "copysignl",  "coshl",      "cosl",       "cpowl",
    "cprojl",      "creall",        "csinhl",   "csinl",    "csqrtl",     "ctanhl",     "ctanl",      "erfcl",
    "erfl",        "exp10l",        "exp2l",    "expl",     "expm1l",     "fabsl",      "fdiml",      "floorl",
    "fmal",        "fmaxl",         "fminl",    "fmodl",    "frexpl",     "hypotl",     "ilogbl",     "ldexpl",
    "lgammal",     "lgammal_r",     "llrintl",  "llroundl", "log10l",     "log1pl",     "log2l",      "logbl",
    "logl",        "lrintl",        "lroundl",  "modfl",    "nanl",       "nearbyintl", "nextafterl", "nexttoward",
    "nexttowardf", "nexttowardl",   "pow10l",   "powl",     "remainderl", "remquol",    "rintl",      "roundl",
    "scalblnl",    "scalbnl",       "sincosl",  "sinhl",    "sinl",       "sqrtl",      "strtold",    "strtold_l",
    "tanhl",       "tanl",          "tgammal",  "truncl",   "wcstold"};

// %Lf and its like, in texts of a unit that prints or reads by a format.
bool NamesLongDouble(absl::string_view bytes) {
  for (size_t at = bytes.find('L'); at != absl::string_view::npos; at = bytes.find('L', at + 1)) {
    if (at + 1 == bytes.size() || !absl::StrContains("aAeEfFgG", bytes.substr(at + 1, 1))) continue;
    size_t begin = at;
    while (begin > 0 && absl::StrContains("0123456789.*$-+#'", bytes.substr(begin - 1, 1))) --begin;
    if (begin > 0 && bytes[begin - 1] == '%' && (begin < 2 || bytes[begin - 2] != '%')) return true;
  }
  return false;
}

bool Holds(On on, const symbols::Machine& machine) {
  switch (on) {
    case On::kAll:
      return true;
    case On::k32Bit:
      return !machine.is64;
    case On::kPpc64:
      return machine.e_machine == llvm::ELF::EM_PPC64;
    case On::kS390:
      return machine.e_machine == llvm::ELF::EM_S390;
  }
  return true;
}

// Names of both libraries for functions of which lib/objects/compat.c has glibc's. An archive that was built for glibc
// gets that one; the program's own code keeps musl's.
struct RenamedRow {
  const char* name;
  const char* as;
  const char* in_musl;
  bool must;
};
constexpr RenamedRow kRenamed[] = {
    // glibc calls the one of libgen.h __xpg_basename
    {"basename", "__cgo_ld_shim_basename", "cuts its argument", false},
    {"getopt", "__cgo_ld_shim_getopt", "ends at the first argument that is no option", false},
    {"qsort", "__cgo_ld_shim_qsort", "does not keep the order of equal elements", false},
    {"qsort_r", "__cgo_ld_shim_qsort_r", "does not keep the order of equal elements", false},
    // glibc calls the one that returns a number __xpg_strerror_r
    {"strerror_r", "__cgo_ld_shim_strerror_r",
     "which returns a text in glibc and a number in musl: the text's reader would crash", true},
};

// Functions that do less in musl, which no call shows.
struct LessRow {
  const char* name;
  const char* what;
};
constexpr char kFlags[] = "knows no flag ^ and #";
constexpr LessRow kLess[] = {
    {"strptime", "knows no %z, %Z and %s"},
    {"strftime", kFlags},
    {"strftime_l", kFlags},
    {"wcsftime", kFlags},
    {"fnmatch", "knows no FNM_EXTMATCH"},
    {"glob", "knows no GLOB_BRACE and no GLOB_ALTDIRFUNC"},
    {"pthread_cancel", "runs no handler of pthread_cleanup_push that was compiled with -fexceptions"},
    {"newlocale",
     "makes locales of another form: isalpha_l and its like, of which glibc's headers make code that reads "
     "inside them, would crash"},
    {"__res_state", "does not heed what is set in _res"},
};

template <class Row, size_t n>
const Row* FindRow(const Row (&rows)[n], absl::string_view name) {
  const Row* row = std::find_if(std::begin(rows), std::end(rows), [&](const Row& r) { return name == r.name; });
  return row == std::end(rows) ? nullptr : row;
}

// Why a unit for glibc must not call the function; nullptr: it may.
const char* HazardOf(absl::string_view name, const resolve::Unit& unit) {
  const symbols::Machine& machine = unit.object->machine;
  if (const HazardRow* row = FindRow(kHazards, name); row != nullptr && Holds(row->on, machine)) return row->because;
  if (!Holds(On::kPpc64, machine)) return nullptr;
  const bool formats = absl::StrContains(name, "printf") || absl::StrContains(name, "scanf");
  const bool long_double = std::find(std::begin(kLongDoubles), std::end(kLongDoubles), name) != std::end(kLongDoubles);
  // __snprintfieee128 and its like: a compiler whose long double is that of IEEE writes them for any format.
  return long_double || absl::EndsWith(name, "ieee128") || (formats && NamesLongDouble(resolve::BytesOf(unit)))
             ? kLongDouble
             : nullptr;
}

bool IsRustArguments(absl::string_view symbol) {
  return absl::StrContains(symbol, "3std3sys4args4unix3imp15ARGV_INIT_ARRAY") &&
         absl::StrContains(symbol, "12init_wrapper");
}

}  // namespace

Finding GlibcHazard(const std::string& symbol, const std::string& wanted_by, const std::string& because) {
  return {.symbol = symbol,
          .demangled = symbol,
          .wanted_by = {wanted_by},
          .cause = CauseId::kWrongLibc,
          .hint = absl::StrCat("it uses ", symbol, ", ", because)};
}

GlibcArchives FindGlibcArchives(const resolve::Resolution& resolution, const symbols::Archive* compat) {
  GlibcArchives found;
  for (const resolve::Unresolved& missing : resolution.missing) {
    // The program's own code was compiled with musl's headers: what it lacks is a mistake.
    if (missing.from_program || compat == nullptr || compat->Defining(missing.symbol).empty()) continue;
    found.supplied.push_back(
        {missing.symbol, missing.wanted_by.empty() ? "" : missing.wanted_by[0], "libglibc_compat.a"});
  }
  if (resolution.simulation == nullptr) return found;
  const resolve::Simulation& link = *resolution.simulation;
  const std::map<int, BuiltForGlibc> built_for_glibc = FindBuiltForGlibc(resolution);
  for (size_t i = 0; i < link.units().size() && !built_for_glibc.empty(); ++i) {
    const resolve::Unit& unit = link.units()[i];
    const auto built = built_for_glibc.find(unit.input);
    if (built == built_for_glibc.end() || !OfTheUser(resolution, unit)) continue;
    const bool perhaps = built->second.known == BuiltForGlibc::Known::kPerhaps;
    const std::string name = link.UnitName(static_cast<int>(i));
    if (!perhaps) found.archives.insert({unit.file->path, built->second.compiler});
    if (!perhaps && (unit.object->constructors || unit.object->preinit)) found.constructors.push_back(name);
    for (const symbols::Reference& reference : unit.object->references) {
      const char* hazard = HazardOf(reference.name, unit);
      const RenamedRow* renamed = FindRow(kRenamed, reference.name);
      const LessRow* less = FindRow(kLess, reference.name);
      if (hazard == nullptr && renamed == nullptr && less == nullptr) continue;
      // A copy of the function in the archive itself is its own.
      const int definer = link.Definer(reference.name);
      if (definer >= 0 && OfTheUser(resolution, link.units()[static_cast<size_t>(definer)])) continue;
      if (perhaps) {
        const bool crashes = renamed != nullptr && renamed->must;
        if (hazard != nullptr || crashes) {
          found.perhaps.push_back({.name = std::string(reference.name),
                                   .wanted_by = name,
                                   .in_musl = hazard != nullptr ? hazard : renamed->in_musl});
        }
        continue;
      }
      if (renamed != nullptr) {
        found.renamed[unit.file->path].insert(
            {renamed->name,
             {.as = renamed->as, .wanted_by = name, .in_musl = renamed->in_musl, .must = renamed->must}});
      }
      if (less != nullptr) found.less.push_back({.name = less->name, .wanted_by = name, .in_musl = less->what});
      if (hazard != nullptr) found.hazards.push_back(GlibcHazard(std::string(reference.name), name, hazard));
    }
    if (perhaps) continue;
    for (const symbols::Definition& definition : unit.object->definitions) {
      if (IsRustArguments(definition.name)) found.rust_arguments = std::string(definition.name);
    }
  }
  return found;
}

}  // namespace cgo_ld_shim::diagnose
