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
