#include "diagnose/causes.h"

#include <algorithm>
#include <iterator>

namespace cgo_ld_shim::diagnose {
namespace {

constexpr CauseRow kCauses[] = {
    {.id = CauseId::kOnlyShared,
     .means = "only a shared library defines it",
     .telling = Telling::kCannot,
     .one = "symbol is only in a shared library",
     .many = "symbols are only in a shared library",
     .searched = Searched::kSaid},
    {.id = CauseId::kMisspelt,
     .means = "a library of the program defines a name that is nearly the same",
     .telling = Telling::kUndefined,
     .one = "symbol is undefined",
     .many = "symbols are undefined",
     .searched = Searched::kNotSaid},
    {.id = CauseId::kExternC,
     .means = "it is defined as a C++ function and wanted as a C function, or the other way round",
     .telling = Telling::kUndefined,
     .one = "symbol is undefined",
     .many = "symbols are undefined",
     .searched = Searched::kNotSaid},
    {.id = CauseId::kMistake,
     .means = "the program itself wants it, and no library that it names defines it",
     .telling = Telling::kUndefined,
     .one = "symbol is undefined",
     .many = "symbols are undefined",
     .searched = Searched::kNotSaid},
    {.id = CauseId::kNowhere,
     .means = "a library wants it, and no archive here defines it",
     .telling = Telling::kCannot,
     .one = "symbol is defined nowhere",
     .many = "symbols are defined nowhere",
     .searched = Searched::kSaid},
    {.id = CauseId::kAmbiguous,
     .means = "several archives define it, or one that does not fit",
     .telling = Telling::kCannot,
     .one = "symbol is in several libraries, or in one that does not fit",
     .many = "symbols are in several libraries, or in one that does not fit",
     .searched = Searched::kSaid},
    {.id = CauseId::kWrongArchitecture,
     .means = "the given library was built for a different processor",
     .telling = Telling::kCannot,
     .one = "symbol is in a library for a different architecture",
     .many = "symbols are in a library for a different architecture",
     .searched = Searched::kNotSaid},
    {.id = CauseId::kWrongLibc,
     .means = "the given library was built for a different C library",
     .telling = Telling::kWrongLibc,
     .one = "symbol belongs to a different C library",
     .many = "symbols belong to a different C library",
     .searched = Searched::kNotSaid},
    {.id = CauseId::kMixedLibc,
     .means = "a package of the program was compiled for a different C library than this link uses",
     .telling = Telling::kCannot,
     .one = "package was compiled for a different C library",
     .many = "packages were compiled for a different C library",
     .searched = Searched::kNotSaid},
    {.id = CauseId::kCxxAbi,
     .means = "libstdc++ is needed where libc++ is used, or the other way round",
     .telling = Telling::kCannot,
     .one = "symbol belongs to a different C++ library",
     .many = "symbols belong to a different C++ library",
     .searched = Searched::kNotSaid},
    {.id = CauseId::kLto,
     .means = "the given library holds nothing but LTO bitcode",
     .telling = Telling::kCannot,
     .one = "symbol exists only as LTO bitcode",
     .many = "symbols exist only as LTO bitcode",
     .searched = Searched::kNotSaid},
    {.id = CauseId::kArchiveTooOld,
     .means = "it was compiled against an older version of the C library, which had it",
     .telling = Telling::kCannot,
     .one = "symbol is no longer in this C library",
     .many = "symbols are no longer in this C library",
     .searched = Searched::kNotSaid},
    {.id = CauseId::kArchiveTooNew,
     .means = "it was compiled against a newer version of the C library, which has it",
     .telling = Telling::kCannot,
     .one = "symbol is not yet in this C library",
     .many = "symbols are not yet in this C library",
     .searched = Searched::kNotSaid},
    {.id = CauseId::kInstrumented,
     .means = "it was compiled for a sanitizer or for coverage",
     .telling = Telling::kCannot,
     .one = "symbol comes from instrumented code",
     .many = "symbols come from instrumented code",
     .searched = Searched::kNotSaid},
    {.id = CauseId::kRuntimeMissing,
     .means = "a runtime library of the compiler is not installed",
     .telling = Telling::kCannot,
     .one = "symbol is in a runtime library that is not installed",
     .many = "symbols are in a runtime library that is not installed",
     .searched = Searched::kNotSaid},
    {.id = CauseId::kLibraryNotFound,
     .means = "a named library is not there",
     .telling = Telling::kCannot,
     .one = "library is not there",
     .many = "libraries are not there",
     .searched = Searched::kNotSaid},
    {.id = CauseId::kUnreadable,
     .means = "a file of the link cannot be read",
     .telling = Telling::kCannot,
     .one = "file cannot be read",
     .many = "files cannot be read",
     .searched = Searched::kNotSaid},
    {.id = CauseId::kDuplicate,
     .means = "two files define it",
     .telling = Telling::kTwice,
     .one = "symbol is defined twice",
     .many = "symbols are defined twice",
     .searched = Searched::kNotSaid},
    {.id = CauseId::kExportPreamble,
     .means = "the preamble of a Go file with //export, which is compiled twice, defines it",
     .telling = Telling::kTwice,
     .one = "symbol is defined twice",
     .many = "symbols are defined twice",
     .searched = Searched::kNotSaid},
    {.id = CauseId::kMainTwice,
     .means = "a C file of the program defines main, which Go's own code defines",
     .telling = Telling::kTwice,
     .one = "symbol is defined twice",
     .many = "symbols are defined twice",
     .searched = Searched::kNotSaid},
    {.id = CauseId::kNotPic,
     .means = "its code needs a fixed address, and a position-independent program is linked",
     .telling = Telling::kCannot,
     .one = "object was compiled without -fPIC",
     .many = "objects were compiled without -fPIC",
     .searched = Searched::kNotSaid},
    {.id = CauseId::kOutOfReach,
     .means = "code and data of the program take more than 2 GiB",
     .telling = Telling::kCannot,
     .one = "program is larger than its code can reach",
     .many = "programs are larger than their code can reach",
     .searched = Searched::kNotSaid},
    {.id = CauseId::kTlsMismatch,
     .means = "one file has it as thread-local, another one not",
     .telling = Telling::kCannot,
     .one = "symbol is thread-local in one file alone",
     .many = "symbols are thread-local in one file alone",
     .searched = Searched::kNotSaid},
    {.id = CauseId::kUnknownOption,
     .means = "the linker does not know an option",
     .telling = Telling::kCannot,
     .one = "option is none of the linker's",
     .many = "options are none of the linker's",
     .searched = Searched::kNotSaid},
    {.id = CauseId::kScript,
     .means = "the linker cannot read a script that the line names",
     .telling = Telling::kCannot,
     .one = "script cannot be read",
     .many = "scripts cannot be read",
     .searched = Searched::kNotSaid},
    {.id = CauseId::kNoStdlib,
     .means = "the line leaves the C library out, and the program needs it",
     .telling = Telling::kCannot,
     .one = "symbol is of the C library, which this line leaves out",
     .many = "symbols are of the C library, which this line leaves out",
     .searched = Searched::kNotSaid},
    {.id = CauseId::kLinkerMissing,
     .means = "-fuse-ld asks for a linker that is not installed",
     .telling = Telling::kCannot,
     .one = "linker is not there",
     .many = "linkers are not there",
     .searched = Searched::kNotSaid},
    {.id = CauseId::kNestedArchive,
     .means = "an archive within a given archive, which no linker reads, defines it",
     .telling = Telling::kCannot,
     .one = "symbol is in an archive within an archive",
     .many = "symbols are in an archive within an archive",
     .searched = Searched::kNotSaid},
};

constexpr bool IsFull(const char* column) { return column != nullptr && *column != '\0'; }
static_assert(std::all_of(std::begin(kCauses), std::end(kCauses),
                          [](const CauseRow& row) {
                            return IsFull(row.means) && row.telling != Telling::kMissing && IsFull(row.one) &&
                                   IsFull(row.many) && row.searched != Searched::kMissing;
                          }),
              "no column of a row is empty");
static_assert(std::size(kCauses) == kCauseCount, "each id has a row");
constexpr bool IsInOrder() {
  for (size_t i = 0; i < std::size(kCauses); ++i) {
    if (kCauses[i].id != static_cast<CauseId>(i)) return false;
  }
  return true;
}
static_assert(IsInOrder(), "the rows stand in the order of causes.def");

}  // namespace

absl::string_view Name(CauseId id) { return kCauseNames[static_cast<size_t>(id)]; }

std::optional<CauseId> FindId(CauseId, absl::string_view text) {
  const auto* name = std::find(std::begin(kCauseNames), std::end(kCauseNames), text);
  if (name == std::end(kCauseNames)) return std::nullopt;
  return static_cast<CauseId>(name - std::begin(kCauseNames));
}

absl::Span<const CauseRow> Causes() { return kCauses; }

const CauseRow& RowOf(const CauseRef& cause) {
  return kCauses[static_cast<size_t>(cause.id().value_or(CauseId::kNowhere))];
}

}  // namespace cgo_ld_shim::diagnose
