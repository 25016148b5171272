#include "diagnose/diagnose.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "diagnose/duplicates.h"
#include "diagnose/go_packages.h"
#include "diagnose/shared_libraries.h"
#include "diagnose/similar.h"
#include "diagnose/ways_out.h"
#include "diagnose/written.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "packages/owner.h"
#include "plan/variants.h"
#include "resolve/candidates.h"
#include "support/file.h"
#include "support/path_parts.h"

namespace cgo_ld_shim::diagnose {
namespace {

using plan::Origin;
using plan::PlanInput;

// Names that no glibc of today has, with what they say of the object that wants them (docs/runtime-libraries.md).
struct Marker {
  const char* prefix;
  const char* suffix;
  CauseId cause;
  const char* hint;
};
constexpr Marker kMarkers[] = {
    {"__isoc23_", "", CauseId::kArchiveTooNew,
     "it was compiled with the headers of glibc 2.38 or later; this system's glibc is older"},
    {"__malloc_hook", "", CauseId::kArchiveTooOld,
     "glibc removed it in 2.34: the archive was compiled for an older system"},
    {"__free_hook", "", CauseId::kArchiveTooOld,
     "glibc removed it in 2.34: the archive was compiled for an older system"},
    {"__realloc_hook", "", CauseId::kArchiveTooOld,
     "glibc removed it in 2.34: the archive was compiled for an older system"},
    {"sys_errlist", "", CauseId::kArchiveTooOld,
     "glibc removed it in 2.32: the archive was compiled for an older system"},
    {"sys_nerr", "", CauseId::kArchiveTooOld, "glibc removed it in 2.32: the archive was compiled for an older system"},
    {"pthread_yield", "", CauseId::kArchiveTooOld,
     "glibc removed it in 2.34: the archive was compiled for an older system"},
    {"__secure_getenv", "", CauseId::kArchiveTooOld,
     "glibc removed it in 2.17: the archive was compiled for an older system"},
    {"__", "_finite", CauseId::kArchiveTooOld,
     "glibc removed it in 2.31: the archive was compiled with -ffast-math on an older system"},
    {"_ZNSt3__1", "", CauseId::kCxxAbi,
     "it is compiled for libc++ (std::__1), and this compiler has libstdc++: install libc++-dev and libc++abi-dev, or "
     "get a build for libstdc++"},
    {"_ZNKSt3__1", "", CauseId::kCxxAbi,
     "it is compiled for libc++ (std::__1), and this compiler has libstdc++: install libc++-dev and libc++abi-dev, or "
     "get a build for libstdc++"},
    {"__asan_", "", CauseId::kInstrumented,
     "it is compiled with -fsanitize=address, which cannot be linked statically"},
    {"__tsan_", "", CauseId::kInstrumented, "it is compiled with -fsanitize=thread, which cannot be linked statically"},
    {"__msan_", "", CauseId::kInstrumented, "it is compiled with -fsanitize=memory, which cannot be linked statically"},
    {"__ubsan_handle_", "", CauseId::kInstrumented,
     "it is compiled by zig cc without -O, or with -fsanitize=undefined, which checks for undefined behaviour; no "
     "library here does that"},
    {"__gcov_", "", CauseId::kInstrumented, "it is compiled for coverage: add --coverage to CGO_LDFLAGS"},
    {"__kmpc_", "", CauseId::kRuntimeMissing,
     "it needs LLVM's OpenMP library: libomp.a is not among the compiler's libraries"},
    {"GOMP_", "", CauseId::kRuntimeMissing,
     "it needs GCC's OpenMP library: libgomp.a is not among the compiler's libraries"},
    {"_gfortran_", "", CauseId::kRuntimeMissing,
     "it needs libgfortran.a, which comes with the Fortran compiler (gfortran)"},
};

// Names in std:: itself, where libc++ has its own in std::__1 (Itanium C++ ABI, "St" and its abbreviations Sa, Ss, Si,
// So, Sd, Sb); runtime support (_ZSt9terminatev, __cxa_throw) is common to both, and defined.
bool IsOfLibstdcxx(absl::string_view symbol) {
  for (const absl::string_view prefix : {"_ZNSt", "_ZNKSt", "_ZSt", "_ZTVSt", "_ZTISt", "_ZTSSt", "_ZTTSt", "_ZTVNSt",
                                         "_ZTINSt", "_ZTTNSt", "_ZNSs", "_ZNKSs", "_ZNSi", "_ZNSo", "_ZNSd", "_ZNSa"}) {
    absl::string_view rest = symbol;
    if (absl::ConsumePrefix(&rest, prefix)) return !absl::StartsWith(rest, "3__1");
  }
  // The last two are what std::call_once and std::atomic_flag are made of (its <mutex>, <atomic>).
  return absl::StrContains(symbol, "__gnu_cxx") || symbol == "__once_proxy" ||
         absl::StartsWith(symbol, "__atomic_flag_");
}

// What glibc's headers make of a program's calls, and glibc's own functions: markers of an object that was built for it
// (docs/runtime-libraries.md). musl has none of these names.
constexpr absl::string_view kGlibcNames[] = {"__libc_single_threaded",
                                             "__register_atfork",
                                             "gnu_get_libc_version",
                                             "__res_init",
                                             "__fdelt_chk",
                                             "__sprintf_chk",
                                             "__cxa_thread_atexit_impl",
                                             "backtrace",
                                             "mallinfo",
                                             "mallinfo2",
                                             "strtol_l",
                                             "getprotobyname_r",
                                             "getprotobynumber_r",
                                             "getnetbyname_r",
                                             "getnetbyaddr_r",
                                             "open64",
                                             "openat64",
                                             "creat64",
                                             "fopen64",
                                             "freopen64",
                                             "fseeko64",
                                             "ftello64",
                                             "lseek64",
                                             "pread64",
                                             "pwrite64",
                                             "preadv64",
                                             "pwritev64",
                                             "mmap64",
                                             "ftruncate64",
                                             "truncate64",
                                             "stat64",
                                             "fstat64",
                                             "lstat64",
                                             "fstatat64",
                                             "statfs64",
                                             "fstatfs64",
                                             "statvfs64",
                                             "fstatvfs64",
                                             "readdir64",
                                             "readdir64_r",
                                             "scandir64",
                                             "alphasort64",
                                             "glob64",
                                             "globfree64",
                                             "getrlimit64",
                                             "setrlimit64",
                                             "prlimit64",
                                             "sendfile64",
                                             "posix_fallocate64",
                                             "posix_fadvise64",
                                             "fallocate64",
                                             "mkstemp64",
                                             "mkostemp64",
                                             "tmpfile64",
                                             "fgetpos64",
                                             "fsetpos64",
                                             "ftw64",
                                             "nftw64",
                                             "lockf64",
                                             "versionsort64"};

// An archive that is a member of another one.
struct Nested {
  std::string outer, name;  // "libnest.a", "libinner.a"
  std::shared_ptr<symbols::Archive> archive;
};

class Diagnoser {
 public:
  Diagnoser(const plan::LinkPlan& plan, const resolve::Resolution& resolution, const toolchain::Toolchain& toolchain,
            const support::Settings& settings, plan::FileCache* cache)
      : plan_(plan),
        resolution_(resolution),
        settings_(settings),
        cache_(cache),
        libc_(toolchain.libc),
        libcxx_(toolchain.libcxx),
        candidates_(plan, toolchain, cache),
        shared_(plan, resolution, &candidates_, cache),
        cgo_(plan) {}

  Diagnosis Run() {
    for (const resolve::Unresolved& unresolved : resolution_.missing)
      diagnosis_.findings.push_back(Explain(unresolved));
    if (resolution_.missing.empty()) AddLto();
    // What only a shared library has can be had in more ways than one.
    std::stable_partition(diagnosis_.findings.begin(), diagnosis_.findings.end(),
                          [](const Finding& finding) { return finding.cause != CauseId::kOnlyShared; });
    ExplainDuplicates(plan_, resolution_, settings_, &written_, &diagnosis_);
    for (WayOut& way : ProposeWaysOut(diagnosis_.findings, resolution_, settings_, forgotten_, absent_))
      diagnosis_.ways_out.push_back(std::move(way));
    return std::move(diagnosis_);
  }

  std::vector<OnlyShared> FindOnlyShared() {
    std::vector<OnlyShared> found;
    for (const resolve::Unresolved& unresolved : resolution_.missing) {
      Finding other_cause;
      if (LooksWrong(unresolved, &other_cause)) continue;
      if (SharedDefinition definition = shared_.Defining(unresolved); !definition.path.empty())
        found.push_back({unresolved.symbol, std::move(definition.path), definition.data});
    }
    return found;
  }

 private:
  Finding Explain(const resolve::Unresolved& unresolved) {
    Finding finding{.symbol = unresolved.symbol,
                    .demangled = symbols::Demangle(unresolved.symbol),
                    .from_program = unresolved.from_program,
                    .wanted_by = unresolved.wanted_by,
                    .on_behalf_of = unresolved.on_behalf_of,
                    .through = unresolved.through,
                    .named_by = unresolved.named_by,
                    .candidates = unresolved.candidates};
    finding.package = PackageOf(unresolved);
    if (unresolved.from_program) AddPlaces(unresolved, &finding);
    if (LooksWrong(unresolved, &finding)) return finding;
    if (FindShared(unresolved, &finding)) return finding;
    if (FindElsewhere(unresolved, &finding) || FindUndecided(unresolved, &finding)) return finding;
    if (FindNested(unresolved, &finding) || FindEmpty(unresolved, &finding)) return finding;
    if (FindAbsent(unresolved, &finding)) return finding;
    if (FindSimilar(resolution_, plan_.GoObject(), Machine(), unresolved, &written_, &finding)) return finding;
    if (!finding.candidates.empty()) {
      finding.cause = CauseId::kAmbiguous;
      finding.hint =
          "more than one library, or one that does not fit, defines it; name the right one with -l in #cgo LDFLAGS";
      return finding;
    }
    finding.cause = unresolved.from_program ? CauseId::kMistake : CauseId::kNowhere;
    if (unresolved.from_program) forgotten_.push_back(unresolved.symbol);
    finding.hint =
        unresolved.from_program
            ? "no C file of the package defines it, nor does any library that the program names: is a -l missing in "
              "#cgo LDFLAGS?"
            : "no archive on this machine that fits defines it";
    return finding;
  }

  void AddPlaces(const resolve::Unresolved& unresolved, Finding* finding) {
    for (const std::string& unit : unresolved.wanted_by)
      finding->places.push_back(written_.Use(unit, unresolved.symbol));
    ForgetUnknown(&finding->places);
  }

  // Nothing is missing, and yet a linker failed: what it took from archives for a link-time optimiser may be what it
  // could not read.
  void AddLto() {
    if (resolution_.simulation == nullptr) return;
    const resolve::Simulation& link = *resolution_.simulation;
    for (const resolve::Unit& unit : link.units()) {
      if (unit.member < 0 || unit.object->kind == symbols::ObjectKind::kElfRelocatable) continue;
      Finding finding{.symbol = std::string(unit.extracted_for),
                      .demangled = symbols::Demangle(unit.extracted_for),
                      .cause = CauseId::kLto,
                      .hint = LtoHint(*unit.file->archive, static_cast<uint32_t>(unit.member))};
      if (unit.extracted_by >= 0) {
        const resolve::Unit& by = link.units()[static_cast<size_t>(unit.extracted_by)];
        const resolve::Unresolved use{.symbol = finding.symbol,
                                      .from_program = by.member < 0,
                                      .wanted_by = {link.UnitName(unit.extracted_by)},
                                      .wanting_paths = {by.file->path}};
        finding.wanted_by = use.wanted_by;
        finding.from_program = use.from_program;
        finding.package = PackageOf(use);
        if (use.from_program) AddPlaces(use, &finding);
      }
      if (!finding.symbol.empty()) diagnosis_.findings.push_back(std::move(finding));
    }
  }

  static std::string LtoHint(const symbols::Archive& archive, uint32_t number) {
    const absl::StatusOr<const symbols::Member*> member = archive.GetMember(number);
    // "vendor-0123.vendor.4567-cgu.0.rcgu.o": a codegen unit of rustc's.
    const bool rust = member.ok() && absl::EndsWith((*member)->name, ".rcgu.o");
    return absl::StrCat(archive.path(), " defines it, but only as LTO bitcode: ",
                        rust ? "it was built with -C linker-plugin-lto; ask for a build without it"
                             : "ask for a build without -flto, or with -ffat-lto-objects");
  }

  static std::string UnitText(const std::string& unit) { return support::BaseName(unit); }

  // Names and machines that speak for themselves.
  bool LooksWrong(const resolve::Unresolved& unresolved, Finding* finding) {
    if (IsOfOtherLibc(unresolved.symbol, libc_)) {
      finding->cause = CauseId::kWrongLibc;
      finding->candidates.clear();  // sanitizers' runtimes have such names too: no way out
      const std::string archive = unresolved.wanting_paths.empty() ? "" : unresolved.wanting_paths[0];
      const std::vector<std::string> variants = plan::FindVariants(archive, Machine(), libc_, cache_);
      finding->hint = variants.empty()
                          ? "there is no musl build of it next to it"
                          : absl::StrCat("next to it are: ", absl::StrJoin(variants, ", "), "; name the one for musl");
      return true;
    }
    if (libcxx_ && IsOfLibstdcxx(unresolved.symbol)) {
      finding->cause = CauseId::kCxxAbi;
      finding->candidates.clear();
      finding->hint =
          "it was built with GCC's libstdc++, and this link has libc++, which has none of it; a build by zig c++ fits";
      return true;
    }
    for (const Marker& marker : kMarkers) {
      if (!absl::StartsWith(unresolved.symbol, marker.prefix) || !absl::EndsWith(unresolved.symbol, marker.suffix))
        continue;
      finding->cause = marker.cause;
      finding->hint = marker.hint;
      return true;
    }
    for (const PlanInput& input : resolution_.inputs) {
      if (input.origin != Origin::kGiven) continue;
      for (const symbols::InputFile& file : input.files) {
        if (file.archive == nullptr) {
          if (file.object == nullptr || file.object->kind != symbols::ObjectKind::kElfRelocatable ||
              file.object->machine == Machine() || !Defines(*file.object, unresolved.symbol))
            continue;
          finding->cause = CauseId::kWrongArchitecture;
          finding->unfit = file.path;
          finding->hint = absl::StrCat(file.path, " defines it, but was built for ", file.object->machine.Name(),
                                       ", not ", Machine().Name());
          return true;
        }
        for (const uint32_t member : file.archive->Defining(unresolved.symbol)) {
          absl::StatusOr<const symbols::Object*> object = file.archive->Load(member);
          if (!object.ok()) {
            // A thin archive's member that is gone, or damage inside.
            *finding = {.symbol = file.path,
                        .demangled = support::BaseName(file.path),
                        .named_by = absl::StrJoin(input.words, " "),
                        .cause = CauseId::kUnreadable,
                        .hint = std::string(object.status().message())};
            return true;
          }
          if ((*object)->kind == symbols::ObjectKind::kElfRelocatable && (*object)->machine != Machine()) {
            finding->cause = CauseId::kWrongArchitecture;
            finding->hint = absl::StrCat(file.path, " defines it, but was built for ", (*object)->machine.Name(),
                                         ", not ", Machine().Name());
            // One that fits would have been taken.
            const std::vector<std::string> variants = plan::FindForMachine(file.path, Machine(), libc_, cache_);
            if (variants.empty()) finding->unfit = file.path;
            absl::StrAppend(&finding->hint, variants.empty()
                                                ? "; there is no such build next to it"
                                                : absl::StrCat("; several builds next to it would fit: ",
                                                               absl::StrJoin(variants, ", "), "; name one of them"));
            return true;
          }
          if ((*object)->kind != symbols::ObjectKind::kElfRelocatable) {
            finding->cause = CauseId::kLto;
            finding->hint = LtoHint(*file.archive, member);
            return true;
          }
        }
      }
    }
    return false;
  }

  bool FindShared(const resolve::Unresolved& unresolved, Finding* finding) {
    const SharedDefinition definition = shared_.Defining(unresolved);
    const std::string& path = definition.path;
    if (path.empty()) return false;
    finding->data = definition.data;
    finding->shared_library = path;
    auto [owner, fresh] = owners_.try_emplace(path);
    if (fresh) owner->second = packages::OwnerOf(path);
    finding->owner_package = owner->second;
    finding->archive_beside = support::IsRegularFile(absl::StrCat(path.substr(0, path.rfind(".so")), ".a"));
    const std::string name = resolve::LibraryName(path);
    finding->cause = CauseId::kOnlyShared;
    finding->hint =
        absl::StrCat("lib", name, ".a is not there: it is only in the shared library ", path,
                     finding->owner_package.empty() ? "" : absl::StrCat(" (package ", finding->owner_package, ")"));
    if (finding->data) {
      absl::StrAppend(&finding->hint, "; it is ", definition.tls ? "thread-local " : "",
                      "data, for which no stub can stand");
    }
    return true;
  }

  // The program's own reference, defined by archives that nothing names: never taken, but told.
  bool FindElsewhere(const resolve::Unresolved& unresolved, Finding* finding) {
    if (!unresolved.from_program) return false;
    const auto defines = [&](const std::string& path) {
      const absl::StatusOr<symbols::InputFile>& file = cache_->Open(path);
      return file.ok() && file->archive != nullptr && !file->archive->Defining(unresolved.symbol).empty();
    };
    for (const PlanInput& input : resolution_.inputs) {
      if (input.origin != Origin::kGiven || input.path.empty() || input.IsObject()) continue;
      for (const std::string& path : candidates_.Siblings(input.path)) {
        if (path == input.path || !defines(path)) continue;
        const std::string name = resolve::LibraryName(path);
        const bool searched = candidates_.FindArchive(name) == path;
        finding->cause = CauseId::kMistake;
        finding->hint = absl::StrCat("lib", name, ".a lies beside ", support::BaseName(input.path),
                                     " and defines it, and nothing of yours names it: add ",
                                     searched ? absl::StrCat("-l", name) : path, " to #cgo LDFLAGS");
        return true;
      }
    }
    std::vector<std::string> names;
    for (const std::string& path : candidates_.Wide()) {
      if (defines(path)) names.push_back(absl::StrCat("-l", resolve::LibraryName(path)));
    }
    if (names.empty()) return false;
    if (std::find(names.begin(), names.end(), "-lc") != names.end()) {
      // What the C library has is on every line that a compiler writes, unless it is told not to.
      *finding = {.symbol = finding->symbol,
                  .demangled = finding->demangled,
                  .cause = CauseId::kNoStdlib,
                  .hint = "-nostdlib, -nodefaultlibs or the like is among the flags of this link"};
      return true;
    }
    finding->cause = CauseId::kMistake;
    if (names.size() > 4) {
      finding->hint = absl::StrCat(names.size(),
                                   " libraries of this machine define it, and nothing of yours names one: "
                                   "cgo-ld-shim which ",
                                   finding->symbol, " lists them");
      return true;
    }
    finding->hint = absl::StrCat(absl::StrJoin(names, " or "),
                                 " defines it, and nothing of yours names it: add it to #cgo LDFLAGS");
    // Where the package is another's, its #cgo lines are not for the user to change.
    for (const std::string& name : names) {
      if (told_.insert(name).second) diagnosis_.ways_out.push_back(FlagWay(name, ""));
    }
    return true;
  }

  // What the library's own .pc file names, which is there more than once outside of the linker's directories.
  bool FindUndecided(const resolve::Unresolved& unresolved, Finding* finding) {
    for (const std::string& unit : unresolved.wanted_by) {
      const std::string archive = unit.substr(0, unit.find('('));
      std::vector<std::string> directories;
      std::string name;
      for (const std::string& path : candidates_.Undecided(archive)) {
        const absl::StatusOr<symbols::InputFile>& file = cache_->Open(path);
        if (!file.ok() || file->archive == nullptr || file->archive->Defining(unresolved.symbol).empty()) continue;
        name = support::BaseName(path);
        directories.push_back(support::DirectoryName(path));
      }
      if (directories.empty()) continue;
      finding->cause = CauseId::kAmbiguous;
      finding->hint = absl::StrCat("the .pc file of ", support::BaseName(archive), " names ", name, ", which is in ",
                                   directories.size(), " directories: ", absl::StrJoin(directories, ", "));
      if (told_.insert(name).second) {
        for (const std::string& directory : directories)
          diagnosis_.ways_out.push_back(
              FlagWay(absl::StrCat("-L", directory), absl::StrCat("with the ", name, " there")));
      }
      return true;
    }
    return false;
  }

  // The library's own .pc file names others that are not there at all, which may be what it lacks.
  bool FindAbsent(const resolve::Unresolved& unresolved, Finding* finding) {
    for (const std::string& unit : unresolved.wanted_by) {
      const std::string archive = unit.substr(0, unit.find('('));
      const std::vector<std::string>& names = candidates_.Absent(archive);
      if (unresolved.from_program || names.empty()) continue;
      absent_.insert(names.begin(), names.end());
      finding->cause = CauseId::kNowhere;
      finding->candidates.clear();
      finding->hint = absl::StrCat(
          "the .pc file of ", support::BaseName(archive), " names ",
          absl::StrJoin(names, ", ",
                        [](std::string* out, const std::string& name) { absl::StrAppend(out, "-l", name); }),
          ", of which there is no file in the directories of this link");
      return true;
    }
    return false;
  }

  static bool Defines(const symbols::Object& object, absl::string_view symbol) {
    return std::any_of(object.definitions.begin(), object.definitions.end(),
                       [&](const symbols::Definition& definition) { return definition.name == symbol; });
  }

  // An archive that was put into another one with ar, which no linker looks into.
  bool FindNested(const resolve::Unresolved& unresolved, Finding* finding) {
    for (const Nested& nested : NestedArchives()) {
      if (nested.archive->Defining(unresolved.symbol).empty()) continue;
      finding->cause = CauseId::kNestedArchive;
      finding->hint = absl::StrCat(nested.outer, " holds ", nested.name,
                                   ", an archive within an archive, which no linker looks into, and that defines it");
      if (told_.insert(nested.name).second) {
        diagnosis_.ways_out.push_back(
            StepWay(absl::StrCat("unpack it, `ar x ", nested.outer, " ", nested.name, "`, and name it as well"), {}));
      }
      return true;
    }
    return false;
  }

  const std::vector<Nested>& NestedArchives() {
    if (nested_) return *nested_;
    nested_.emplace();
    for (const PlanInput& input : resolution_.inputs) {
      if (input.origin != Origin::kGiven) continue;
      for (const symbols::InputFile& file : input.files) {
        if (file.archive == nullptr) continue;
        for (uint32_t number = 0; number < file.archive->member_count(); ++number) {
          const absl::StatusOr<const symbols::Member*> member = file.archive->GetMember(number);
          if (!member.ok() || !absl::StartsWith((*member)->data, "!<arch>\n")) continue;
          auto inner = symbols::Archive::FromBuffer(
              llvm::MemoryBuffer::getMemBufferCopy(llvm::StringRef((*member)->data.data(), (*member)->data.size())),
              file.path);
          if (inner.ok()) nested_->push_back({UnitText(file.path), (*member)->name, *std::move(inner)});
        }
      }
    }
    return *nested_;
  }

  // A linker takes an empty file for a script that says nothing.
  bool FindEmpty(const resolve::Unresolved& unresolved, Finding* finding) {
    if (!unresolved.from_program) return false;
    for (const PlanInput& input : resolution_.inputs) {
      uint64_t size = 1;
      if (input.origin != Origin::kGiven || input.path.empty() || llvm::sys::fs::file_size(input.path, size) ||
          size > 0)
        continue;
      finding->cause = CauseId::kMistake;
      finding->hint = absl::StrCat(UnitText(input.path), ", which this link names, is an empty file (0 bytes)");
      return true;
    }
    return false;
  }

  std::string PackageOf(const resolve::Unresolved& unresolved) {
    const std::string go_object = plan_.GoObject();
    if (go_object.empty() || resolution_.simulation == nullptr) return "";
    // The program's object that wants it, or one that uses the archive which wants it.
    const resolve::Simulation& link = *resolution_.simulation;
    std::vector<std::string> paths = unresolved.wanting_paths;
    if (!unresolved.on_behalf_of.empty()) paths.insert(paths.begin(), unresolved.on_behalf_of);
    for (const std::string& path : paths) {
      for (const resolve::Unit& unit : link.units()) {
        if (unit.member >= 0) continue;
        const bool direct = unit.file->path == path;
        bool uses = direct;
        if (!direct) {
          for (const symbols::Reference& reference : unit.object->references) {
            const int definer = link.Definer(reference.name);
            if (definer >= 0 && link.units()[static_cast<size_t>(definer)].file->path == path) {
              uses = true;
              break;
            }
          }
        }
        if (!uses) continue;
        auto [it, fresh] = packages_.try_emplace(unit.file->path);
        if (fresh) it->second = cgo_.Of(*unit.object);
        if (!it->second.empty()) return it->second;
      }
    }
    return "";
  }

  symbols::Machine Machine() const {
    for (const PlanInput& input : resolution_.inputs) {
      if (input.IsObject()) return input.files[0].object->machine;
    }
    return {};
  }

  const plan::LinkPlan& plan_;
  const resolve::Resolution& resolution_;
  const support::Settings& settings_;
  plan::FileCache* cache_;
  target::Libc libc_;
  bool libcxx_;
  resolve::Candidates candidates_;
  SharedLibraries shared_;
  CgoPackages cgo_;
  Diagnosis diagnosis_;
  Written written_;
  std::optional<std::vector<Nested>> nested_;
  std::set<std::string> absent_;        // libraries that .pc files name and that are not there
  std::set<std::string> told_;          // of these, those for which there is a way out already
  std::vector<std::string> forgotten_;  // of the program's own, defined nowhere
  std::map<std::string, std::string> owners_, packages_;
};

}  // namespace

void ForgetUnknown(std::vector<symbols::Place>* places) {
  if (std::all_of(places->begin(), places->end(),
                  [](const symbols::Place& place) { return place == symbols::Place(); }))
    places->clear();
}

bool IsOfOtherLibc(absl::string_view symbol, const target::Libc& libc) {
  if (!libc.IsMusl()) return false;
  if (absl::StartsWith(symbol, "__isoc23_")) return true;
  if (absl::StartsWith(symbol, "__") && absl::EndsWith(symbol, "_chk")) return true;
  return std::find(std::begin(kGlibcNames), std::end(kGlibcNames), symbol) != std::end(kGlibcNames);
}

Diagnosis Diagnose(const plan::LinkPlan& plan, const resolve::Resolution& resolution,
                   const toolchain::Toolchain& toolchain, const support::Settings& settings, plan::FileCache* cache) {
  return Diagnoser(plan, resolution, toolchain, settings, cache).Run();
}

std::vector<OnlyShared> FindOnlyShared(const plan::LinkPlan& plan, const resolve::Resolution& resolution,
                                       const toolchain::Toolchain& toolchain, plan::FileCache* cache) {
  return Diagnoser(plan, resolution, toolchain, {}, cache).FindOnlyShared();
}

}  // namespace cgo_ld_shim::diagnose
