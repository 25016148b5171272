// Why a link stops: the ids of causes (causes.def), and what there is to say of each. An id in a record of another
// version may be none of these: CauseRef holds either.
//
// Example:
//   finding.cause = CauseId::kOnlyShared;
//   RowOf(finding.cause).many   // "symbols are only in a shared library"
//
// All of it is constant data. A row with an empty column does not compile.
#ifndef CGO_LD_SHIM_DIAGNOSE_CAUSES_H_
#define CGO_LD_SHIM_DIAGNOSE_CAUSES_H_

#include <cstddef>
#include <iterator>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "support/open_id.h"

namespace cgo_ld_shim::diagnose {

enum class CauseId {
#define CAUSE(enumerator, id) enumerator,
#include "diagnose/causes.def"
#undef CAUSE
};

inline constexpr absl::string_view kCauseNames[] = {
#define CAUSE(enumerator, id) id,
#include "diagnose/causes.def"
#undef CAUSE
};
inline constexpr size_t kCauseCount = std::size(kCauseNames);

absl::string_view Name(CauseId id);
std::optional<CauseId> FindId(CauseId, absl::string_view text);

using CauseRef = support::OpenId<CauseId>;

// How a failure is told.
enum class Telling {
  kMissing,
  kCannot,     // "cannot link X: 13 symbols are …", then a block for each file that wants some
  kTwice,      // the same, and who defines it instead of who wants it
  kUndefined,  // "undefined: zlibVersoin": the program's own mistake
  kWrongLibc,  // "libvendor.a was built for glibc, and this program links musl"
};

// Whether the failure says where a symbol was looked for.
enum class Searched { kMissing, kSaid, kNotSaid };

struct CauseRow {
  CauseId id;
  const char* means = nullptr;  // for documents: "only a shared library defines it"
  Telling telling = Telling::kMissing;
  const char* one = nullptr;   // after "1 "
  const char* many = nullptr;  // after "13 "
  Searched searched = Searched::kMissing;
};

absl::Span<const CauseRow> Causes();  // in the order of causes.def
// For a cause of another version, the row of kNowhere.
const CauseRow& RowOf(const CauseRef& cause);

}  // namespace cgo_ld_shim::diagnose

#endif  // CGO_LD_SHIM_DIAGNOSE_CAUSES_H_
