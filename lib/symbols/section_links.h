// Which sections of an object refer to what: its relocations, without the debug sections. It is what can be known of
// who calls whom without reading code: a section may hold many functions, and one that holds a function's address may
// call it or not.
//
// Example:
//   absl::StatusOr<std::vector<SectionLink>> links = ReadSectionLinks(member.data, member.name);
//   // {.section = 4, .symbol = "udev_new"}, {.section = 7, .to_section = 4}
//
// Views point into `data`. Errors: kInvalidArgument for what is no ELF object, kDataLoss for a damaged one.
#ifndef CGO_LD_SHIM_SYMBOLS_SECTION_LINKS_H_
#define CGO_LD_SHIM_SYMBOLS_SECTION_LINKS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cgo_ld_shim::symbols {

struct SectionLink {
  uint32_t section = 0;      // that refers
  bool by_itself = false;    // it is run without being called: .init_array and its like
  uint32_t to_section = 0;   // of the same object; 0: another's
  absl::string_view symbol;  // LinkName of the global symbol; empty: a local one
};
absl::StatusOr<std::vector<SectionLink>> ReadSectionLinks(absl::string_view data, const std::string& name);

// True for an object with code that runs before main without being called: constructors. Reads the table of sections
// alone; what is no ELF object, or a damaged one, has none.
bool HasConstructors(absl::string_view data);

}  // namespace cgo_ld_shim::symbols

#endif  // CGO_LD_SHIM_SYMBOLS_SECTION_LINKS_H_
