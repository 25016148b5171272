#include "diagnose/diagnose.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "diagnose/shared_libraries.h"
#include "diagnose/written.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "packages/contents.h"
#include "packages/owner.h"
#include "plan/variants.h"
#include "resolve/candidates.h"
#include "resolve/reach.h"
#include "support/file.h"

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
    {"__gcov_", "", CauseId::kInstrumented, "it is compiled for coverage: add --coverage to CGO_LDFLAGS"},
    {"__kmpc_", "", CauseId::kRuntimeMissing,
     "it needs LLVM's OpenMP library: libomp.a is not among the compiler's libraries"},
    {"_gfortran_", "", CauseId::kRuntimeMissing,
     "it needs libgfortran.a, which comes with the Fortran compiler (gfortran)"},
};

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

class Diagnoser {
 public:
  Diagnoser(const plan::LinkPlan& plan, const resolve::Resolution& resolution, const toolchain::Toolchain& toolchain,
            plan::FileCache* cache)
      : plan_(plan),
        resolution_(resolution),
        cache_(cache),
        libc_(toolchain.libc),
        candidates_(plan, toolchain, cache),
        shared_(plan, resolution, &candidates_, cache) {}

  Diagnosis Run() {
    for (const resolve::Unresolved& unresolved : resolution_.missing)
      diagnosis_.findings.push_back(Explain(unresolved));
    if (resolution_.missing.empty()) AddLto();
    AddDuplicates();
    AddWaysOut();
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
                    .named_by = unresolved.named_by,
                    .candidates = unresolved.candidates};
    finding.package = PackageOf(unresolved);
    if (unresolved.from_program) AddPlaces(unresolved, &finding);
    if (LooksWrong(unresolved, &finding)) return finding;
    if (FindShared(unresolved, &finding)) return finding;
    if (FindElsewhere(unresolved, &finding)) return finding;
    if (FindNested(unresolved, &finding) || FindEmpty(unresolved, &finding)) return finding;
    if (FindSimilar(unresolved, &finding)) return finding;
    if (!finding.candidates.empty()) {
      finding.cause = CauseId::kAmbiguous;
      finding.hint =
          "more than one library, or one that does not fit, defines it; name the right one with -l in #cgo LDFLAGS";
      return finding;
    }
    finding.cause = unresolved.from_program ? CauseId::kMistake : CauseId::kNowhere;
    forgotten_ |= unresolved.from_program;
    finding.hint =
        unresolved.from_program
            ? "no C file of the package defines it, and no library that the program names: is a -l missing in "
              "#cgo LDFLAGS?"
            : "no archive on this machine that fits defines it";
    return finding;
  }

  void AddPlaces(const resolve::Unresolved& unresolved, Finding* finding) {
    for (const std::string& unit : unresolved.wanted_by)
      finding->places.push_back(written_.Use(unit, unresolved.symbol));
    ForgetUnknown(&finding->places);
  }

  static void ForgetUnknown(std::vector<symbols::Place>* places) {
    if (std::all_of(places->begin(), places->end(),
                    [](const symbols::Place& place) { return place == symbols::Place(); }))
      places->clear();
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
        finding.wanted_by = {link.UnitName(unit.extracted_by)};
        finding.from_program = link.units()[static_cast<size_t>(unit.extracted_by)].member < 0;
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

  // Two owners of the same names: one finding a pair, with the one symbol for which the second was taken at all.
  void AddDuplicates() {
    if (resolution_.simulation == nullptr) return;
    const resolve::Simulation& link = *resolution_.simulation;
    std::map<std::pair<std::string, std::string>, size_t> findings;
    for (const resolve::Duplicate& duplicate : link.duplicates()) {
      const resolve::Unit& first = link.units()[static_cast<size_t>(duplicate.first)];
      const resolve::Unit& second = link.units()[static_cast<size_t>(duplicate.second)];
      const auto [it, fresh] = findings.try_emplace({first.file->path, second.file->path}, diagnosis_.findings.size());
      if (!fresh) continue;
      size_t count = 0;
      for (const resolve::Duplicate& other : link.duplicates()) {
        count += link.units()[static_cast<size_t>(other.first)].file->path == first.file->path &&
                 link.units()[static_cast<size_t>(other.second)].file->path == second.file->path;
      }
      Finding finding{.symbol = std::string(duplicate.symbol),
                      .demangled = symbols::Demangle(duplicate.symbol),
                      .wanted_by = {link.UnitName(duplicate.first), link.UnitName(duplicate.second)},
                      .cause = CauseId::kDuplicate};
      if (count > 1)
        finding.hint = absl::StrCat(
            "so ", count == 2 ? "is 1 more symbol" : absl::StrCat("are ", count - 1, " more symbols"), " of these two");
      if (first.member < 0 && second.member < 0) ExplainTwice(first, second, &finding);
      if (second.member >= 0 && !second.extracted_for.empty()) {
        absl::StrAppend(&finding.hint, finding.hint.empty() ? "" : "; ", "the second was taken for ",
                        symbols::Demangle(second.extracted_for),
                        second.extracted_by >= 0
                            ? absl::StrCat(", which ", UnitText(link.UnitName(second.extracted_by)), " needs")
                            : "",
                        " and only it defines");
        const std::string name = second.file->path.substr(second.file->path.rfind('/') + 1);
        Offer(absl::StrCat("use one of the two libraries for both: leave ", name,
                           " out, or build without the other copy"));
        Offer(absl::StrCat("CGO_LD_SHIM_ISOLATE=", name),
              "gives it a copy of its own; two copies have two sets of state, locks and allocators");
      }
      diagnosis_.findings.push_back(std::move(finding));
    }
  }

  // Two objects of the program itself define the same symbol.
  void ExplainTwice(const resolve::Unit& first, const resolve::Unit& second, Finding* finding) {
    finding->from_program = true;
    for (const resolve::Unit* unit : {&first, &second}) {
      const bool go = unit->file->path == plan_.GoObject();
      finding->places.push_back(go ? symbols::Place() : written_.Definition(unit->file->path, finding->symbol));
      if (finding->package.empty()) finding->package = GoPackageOf(*unit->object, plan_.GoObject());
    }
    const symbols::Place a = finding->places[0], b = finding->places[1];
    ForgetUnknown(&finding->places);
    if (HoldsExports(*first.object) != HoldsExports(*second.object)) {
      // cmd/cgo: "Using //export in a file places a restriction on the preamble: since it is copied into two different
      // C output files, it must not contain any definitions, only declarations."
      const std::string name = a.file.empty() ? "the Go file with //export" : UnitText(a.file);
      finding->cause = CauseId::kExportPreamble;
      finding->hint = absl::StrCat("a preamble in a file with //export is compiled twice, and this one defines ",
                                   finding->demangled);
      Offer(absl::StrCat("declare it `static inline` in ", name,
                         ", or move its definition into a .c file or into a Go file without //export"));
    } else if (finding->symbol == "main" &&
               (first.file->path == plan_.GoObject() || second.file->path == plan_.GoObject())) {
      const symbols::Place& place = first.file->path == plan_.GoObject() ? b : a;
      finding->cause = CauseId::kMainTwice;
      finding->hint = "a Go program has a C function main of its own, which starts Go";
      const std::string name = place.file.empty() ? "the C file" : UnitText(place.file);
      Offer(absl::StrCat("rename main in ", name, ", or keep that file out of the package: //go:build ignore"));
    }
  }

  // cgo's _cgo_export.c, which has the preambles of all files with //export: each of those functions calls its Go side.
  static bool HoldsExports(const symbols::Object& object) {
    return std::any_of(object.references.begin(), object.references.end(), [](const symbols::Reference& reference) {
      return absl::StartsWith(reference.name, "_cgoexp_");
    });
  }

  static std::string UnitText(const std::string& unit) { return unit.substr(unit.rfind('/') + 1); }

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
          finding->hint = absl::StrCat(file.path, " defines it, but was built for ", file.object->machine.Name(),
                                       ", not ", Machine().Name());
          return true;
        }
        for (const uint32_t member : file.archive->Defining(unresolved.symbol)) {
          absl::StatusOr<const symbols::Object*> object = file.archive->Load(member);
          if (!object.ok()) {
            // A thin archive's member that is gone, or damage inside.
            *finding = {.symbol = file.path,
                        .demangled = file.path.substr(file.path.rfind('/') + 1),
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
            const std::vector<std::string> variants = plan::FindVariants(file.path, Machine(), libc_, cache_);
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
        finding->hint = absl::StrCat("lib", name, ".a lies beside ", input.path.substr(input.path.rfind('/') + 1),
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
    return true;
  }

  static bool Defines(const symbols::Object& object, absl::string_view symbol) {
    return std::any_of(object.definitions.begin(), object.definitions.end(),
                       [&](const symbols::Definition& definition) { return definition.name == symbol; });
  }

  // An archive that was put into another one with ar, which no linker looks into.
  bool FindNested(const resolve::Unresolved& unresolved, Finding* finding) {
    for (const PlanInput& input : resolution_.inputs) {
      if (input.origin != Origin::kGiven) continue;
      for (const symbols::InputFile& file : input.files) {
        if (file.archive == nullptr) continue;
        for (uint32_t number = 0; number < file.archive->member_count(); ++number) {
          const absl::StatusOr<const symbols::Member*> member = file.archive->GetMember(number);
          if (!member.ok() || !absl::StartsWith((*member)->data, "!<arch>\n")) continue;
          const auto inner = symbols::Archive::FromBuffer(
              llvm::MemoryBuffer::getMemBufferCopy(llvm::StringRef((*member)->data.data(), (*member)->data.size())),
              file.path);
          if (!inner.ok() || (*inner)->Defining(unresolved.symbol).empty()) continue;
          finding->cause = CauseId::kNestedArchive;
          const std::string outer = UnitText(file.path);
          finding->hint = absl::StrCat(outer, " holds ", (*member)->name,
                                       ", an archive within an archive, which no linker "
                                       "looks into, and that defines it");
          if (nested_.insert((*member)->name).second) {
            Offer(absl::StrCat("take it out, `ar x ", outer, " ", (*member)->name, "`, and name it as well"),
                  "not tried");
          }
          return true;
        }
      }
    }
    return false;
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

  // A name that the program's own libraries define and that is nearly the same.
  bool FindSimilar(const resolve::Unresolved& unresolved, Finding* finding) {
    const llvm::StringRef wanted(unresolved.symbol);
    const unsigned limit = wanted.size() < 6 ? 1 : wanted.size() < 12 ? 2 : 3;
    unsigned best = limit + 1;
    std::string best_name;
    const PlanInput* best_input = nullptr;
    const symbols::InputFile* best_file = nullptr;
    bool extern_c = false;
    for (const PlanInput& input : resolution_.inputs) {
      const bool of_toolchain = input.origin == Origin::kToolchain;
      // A person's mistake may be in a name of the C library (prinft); a library was compiled with its header.
      if (of_toolchain && (!unresolved.from_program || wanted.size() < 5)) continue;
      for (const symbols::InputFile& file : input.files) {
        const auto consider = [&](absl::string_view symbol) {
          const llvm::StringRef name(symbol.data(), symbol.size());
          const bool other_language = !of_toolchain && SameFunction(unresolved.symbol, symbol);
          if (of_toolchain && name.substr(0, 1) != wanted.substr(0, 1)) return;
          const unsigned distance = other_language ? 0 : name.edit_distance(wanted, true, limit);
          // Of several that are as near, one of the same letters: two were swapped.
          const bool swapped = distance == best && SameLetters(name, wanted) && !SameLetters(best_name, wanted);
          if (distance >= best && !swapped) return;
          // A library's own mistakes are versions (f_v2 for f_v3), not typos; what begins otherwise
          // (c_strcasecmp for pg_strcasecmp) is another library's name for the same thing.
          if (!other_language && !unresolved.from_program && name.substr(0, 3) != wanted.substr(0, 3)) return;
          best = distance;
          best_name = name.str();
          best_input = &input;
          best_file = &file;
          extern_c = other_language;
        };
        if (file.archive != nullptr) {
          for (const symbols::Archive::IndexEntry& entry : file.archive->index()) consider(entry.symbol);
        } else if (file.object != nullptr && unresolved.from_program && !of_toolchain &&
                   file.path != plan_.GoObject() && file.object->machine == Machine()) {
          for (const symbols::Definition& definition : file.object->definitions) {
            if (!absl::StartsWith(definition.name, "_cgo_")) consider(definition.name);
          }
        }
      }
    }
    if (best_file == nullptr || best_input == nullptr) return false;
    const std::string file_name = UnitText(best_file->path);
    const std::string place = Written::Text(
        best_file->archive == nullptr ? written_.Definition(best_file->path, best_name) : symbols::Place());
    const std::string where =
        best_file->archive == nullptr ? (place.empty() ? file_name : UnitText(place))
        : best_input->origin == Origin::kToolchain
            ? absl::StrCat(file_name, " of the compiler")
            : absl::StrCat(file_name, ", which you link with ", absl::StrJoin(best_input->words, " "));
    if (extern_c) {
      finding->cause = CauseId::kExternC;
      finding->hint = absl::StrCat(
          where, best_file->archive == nullptr ? " defines " : ", defines ", symbols::Demangle(best_name),
          absl::StartsWith(best_name, "_Z") ? " as a C++ function: its declaration lacks extern \"C\" there"
                                            : " as a C function: its C++ declaration here lacks extern \"C\"");
    } else {
      finding->cause = CauseId::kMisspelt;
      finding->hint = absl::StrCat("did you mean ", symbols::Demangle(best_name), ", defined in ", where, "?");
    }
    return true;
  }

  static bool SameLetters(llvm::StringRef a, llvm::StringRef b) {
    std::string first = a.str(), second = b.str();
    std::sort(first.begin(), first.end());
    std::sort(second.begin(), second.end());
    return first == second;
  }

  // C's foo and C++'s _Z3foo…: the same function as far as a person can see.
  static bool SameFunction(absl::string_view a, absl::string_view b) {
    const bool a_cxx = absl::StartsWith(a, "_Z"), b_cxx = absl::StartsWith(b, "_Z");
    if (a_cxx == b_cxx) return false;
    const absl::string_view c = a_cxx ? b : a, cxx = a_cxx ? a : b;
    const std::string prefix = absl::StrCat("_Z", c.size(), c);
    return absl::StartsWith(cxx, prefix);
  }

  std::string PackageOf(const resolve::Unresolved& unresolved) {
    const std::string go_object = plan_.GoObject();
    if (go_object.empty() || resolution_.simulation == nullptr) return "";
    // The program's object that wants it, or one that uses the archive which wants it.
    const resolve::Simulation& link = *resolution_.simulation;
    for (const std::string& path : unresolved.wanting_paths) {
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
        if (fresh) it->second = GoPackageOf(*unit.object, go_object);
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

  void Offer(std::string action, std::string meaning = {}) {
    diagnosis_.ways_out.push_back({std::move(action), std::move(meaning)});
  }

  // Offers the packages that have the archives of `libraries`: "apt-get install liba-dev libb-dev", one line however
  // many. Returns those libraries of which no package has an archive, as far as is known.
  std::set<std::string> AddInstallation(const std::set<std::string>& libraries) {
    std::vector<packages::File> files;
    for (const std::string& name : libraries) files.push_back({packages::FileKind::kArchive, name});
    const std::vector<packages::Bringers> bringers = packages::WhoBrings(files);
    std::set<std::string> names, unknown, without;
    std::vector<std::string> brought;
    std::string remark;
    for (size_t i = 0; i < files.size(); ++i) {
      if (!bringers[i].packages.empty()) {
        names.insert(bringers[i].packages[0]);
        brought.push_back(files[i].FileName());
        remark = bringers[i].remark;
      } else if (bringers[i].source.empty()) {
        unknown.insert(files[i].name);
      } else {
        without.insert(files[i].name);
      }
    }
    if (!names.empty()) {
      Offer(
          absl::StrCat(packages::InstallPrefix(packages::ManagerHere()), absl::StrJoin(names, " ")),
          absl::StrCat("brings ", absl::StrJoin(brought, ", "), remark.empty() ? "" : absl::StrCat(" (", remark, ")")));
    }
    if (!unknown.empty()) {
      Offer(absl::StrCat("install the development package of lib", absl::StrJoin(unknown, ", lib")),
            absl::StrCat("if it has lib", absl::StrJoin(unknown, ".a, lib"), ".a"));
    }
    return without;
  }

  void AddWaysOut() {
    std::set<std::string> libraries;
    bool wrong_libc = false, no_stdlib = false;
    std::map<std::string, std::set<std::string>> wanted;  // archive → libraries that it wants
    std::set<std::string> built, installed, incomplete;
    const auto join = [](const std::set<std::string>& names) { return absl::StrJoin(names, ", lib"); };
    for (const Finding& finding : diagnosis_.findings) {
      if (finding.cause == CauseId::kOnlyShared) {
        if (std::string name = resolve::LibraryName(finding.shared_library); !name.empty()) {
          const std::string archive =
              finding.wanted_by.empty() ? "" : finding.wanted_by[0].substr(0, finding.wanted_by[0].find('('));
          if (resolve::LibraryName(archive) == name) {
            incomplete.insert(archive);  // libpq.a lacks what libpq.so has
            continue;
          }
          if (!archive.empty()) wanted[archive].insert(name);
          // No development link, no .a: its development package is not installed.
          (absl::EndsWith(finding.shared_library, ".so") ? built : installed).insert(name);
          libraries.insert(std::move(name));
        }
      }
      wrong_libc |= finding.cause == CauseId::kWrongLibc;
      no_stdlib |= finding.cause == CauseId::kNoStdlib;
    }
    for (const std::string& archive : incomplete) {
      const std::string name = archive.substr(archive.rfind('/') + 1);
      Offer(absl::StrCat("find the archive that completes ", name,
                         ", or a complete build of it, and put its directory first with -L in CGO_LDFLAGS"));
    }
    if (!libraries.empty()) {
      const std::string names = join(libraries);
      built.merge(AddInstallation(installed));
      Offer("CGO_LD_SHIM_STATIC=prefer",
            absl::StrCat("this program becomes dynamic for libc and lib", names, "; all else stays static"));
      AddStubs();
      for (const auto& [archive, wants] : wanted) {
        if (!absl::EndsWith(archive, ".a")) continue;
        Offer(absl::StrCat("build ", archive.substr(archive.rfind('/') + 1), " without lib", join(wants),
                           ", and put its directory first with -L in CGO_LDFLAGS"));
      }
      if (!built.empty()) {
        Offer(absl::StrCat("build lib", join(built),
                           " as a static library, and put its directory first with -L in CGO_LDFLAGS"));
      }
    }
    if (no_stdlib) Offer("leave -nostdlib out", "of #cgo LDFLAGS, CGO_LDFLAGS and -extldflags; not tried");
    if (wrong_libc) {
      Offer("CGO_LD_SHIM_LIBC=glibc", "static with the host's glibc");
      Offer("get a build of the library for musl from its author, or build it with zig cc");
    }
    if (forgotten_) {
      Offer("define it in a .c file of the package, or name its library: #cgo LDFLAGS: -lNAME");
    }
  }

  // Stubs, for libraries of which functions alone are missing, and who may call them.
  void AddStubs() {
    std::set<std::string> libraries, with_data;
    std::vector<std::string> functions;
    for (const Finding& finding : diagnosis_.findings) {
      const std::string name = resolve::LibraryName(finding.shared_library);
      if (finding.cause != CauseId::kOnlyShared || name.empty()) continue;
      (finding.data ? with_data : libraries).insert(name);
      functions.push_back(finding.symbol);
    }
    for (const std::string& name : with_data) libraries.erase(name);
    if (libraries.empty()) return;
    std::vector<std::string> callers;
    for (const resolve::Reach& reach : resolve::FindReach(resolution_, functions))
      callers.insert(callers.end(), reach.from.begin(), reach.from.end());
    std::string who;
    if (!callers.empty()) {
      who =
          absl::StrCat("; ", symbols::Demangle(callers[0]),
                       callers.size() > 1 ? absl::StrCat(" and ", callers.size() - 1, " more") : "", " may call them");
    }
    Offer(absl::StrCat("CGO_LD_SHIM_STUBS=", absl::StrJoin(libraries, ",")),
          absl::StrCat("stubs that abort when they are called", who));
  }

  const plan::LinkPlan& plan_;
  const resolve::Resolution& resolution_;
  plan::FileCache* cache_;
  target::Libc libc_;
  resolve::Candidates candidates_;
  SharedLibraries shared_;
  Diagnosis diagnosis_;
  Written written_;
  std::set<std::string> nested_;  // archives within archives that are told
  bool forgotten_ = false;        // something of the program's own is defined nowhere
  std::map<std::string, std::string> owners_, packages_;
};

}  // namespace

bool IsOfOtherLibc(absl::string_view symbol, const target::Libc& libc) {
  if (!libc.IsMusl()) return false;
  if (absl::StartsWith(symbol, "__isoc23_")) return true;
  if (absl::StartsWith(symbol, "__") && absl::EndsWith(symbol, "_chk")) return true;
  return std::find(std::begin(kGlibcNames), std::end(kGlibcNames), symbol) != std::end(kGlibcNames);
}

Diagnosis Diagnose(const plan::LinkPlan& plan, const resolve::Resolution& resolution,
                   const toolchain::Toolchain& toolchain, plan::FileCache* cache) {
  return Diagnoser(plan, resolution, toolchain, cache).Run();
}

std::vector<OnlyShared> FindOnlyShared(const plan::LinkPlan& plan, const resolve::Resolution& resolution,
                                       const toolchain::Toolchain& toolchain, plan::FileCache* cache) {
  return Diagnoser(plan, resolution, toolchain, cache).FindOnlyShared();
}

}  // namespace cgo_ld_shim::diagnose
