// Why a compile for another target can fail although nothing is wrong with the program, and what is added to it then:
// one row a reason. A row's pattern is made of the compiler's own words, so that nothing is ever added to a compile
// that works, and what is added serves any package that stumbles over the same thing.
//
// Example:
//   for (const Row& row : Rows()) …   // {"bsd-types", kName, {"u_int8_t", …}, {"-include", "sys/types.h"}, "musl has
//   …"}
//
// Constant data. A row is permanent once released: objects in Go's cache name it (note.h).
#ifndef CGO_LD_SHIM_RESCUE_RESCUES_H_
#define CGO_LD_SHIM_RESCUE_RESCUES_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "target/libc.h"

namespace cgo_ld_shim::rescue {

// Raised when a row is added or changed: part of the fingerprint, so that Go compiles anew.
inline constexpr int kTableVersion = 2;

// What the compiler complains of.
enum class Complaint {
  kHeader,  // it finds no header of that name
  kName,    // a type, function, macro or structure is not declared
};

// What a row adds.
enum class Addition {
  kWords,          // `words`
  kOurHeader,      // -idirafter, a directory with our header of that name
  kPackageHeader,  // -idirafter, a directory with the headers of the installed package that has it
};

struct Row {
  const char* id;  // kebab-case
  Complaint complaint;
  // Those that the row knows; empty: any. A name that ends in "/" is all headers below that directory.
  absl::Span<const absl::string_view> names;
  target::LibcFamily libc;  // for which alone; kNone: for any
  Addition addition;
  absl::Span<const absl::string_view> words;
  const char* why;    // for documents and `explain`, one sentence without its full stop
  const char* since;  // version of this program
};

// In the order in which they are tried. Where two fit the same complaint, the second one is for what the first did not
// help against.
absl::Span<const Row> Rows();
// nullptr: a row of another version of this program.
const Row* FindRow(absl::string_view id);

// Headers of ours for a C library that lacks them (headers/).
struct OurHeader {
  absl::string_view name;  // "sys/cdefs.h"
  absl::string_view text;
};
absl::Span<const OurHeader> OurHeaders();

}  // namespace cgo_ld_shim::rescue

#endif  // CGO_LD_SHIM_RESCUE_RESCUES_H_
