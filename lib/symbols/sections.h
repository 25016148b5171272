// Sections of a relocatable object, as a linker's --gc-sections sees them: which there are, and how they are kept.
//
// Example:
//   absl::StatusOr<std::vector<Section>> sections = ReadSections(data, "go.o");
//   if (!(*UnreachedSections(data, "go.o")).empty()) bytes = *RetainSections(data, "go.o");
//
// Views point into `data`. Errors: kInvalidArgument for what is no relocatable ELF object, kDataLoss for a damaged one.
#ifndef CGO_LD_SHIM_SYMBOLS_SECTIONS_H_
#define CGO_LD_SHIM_SYMBOLS_SECTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cgo_ld_shim::symbols {

struct Section {
  absl::string_view name;
  uint32_t type = 0;          // SHT_*
  uint64_t flags = 0;         // SHF_*
  uint64_t bytes = 0;         // in memory; of SHT_NOBITS none are in the file
  uint32_t linked_to = 0;     // SHF_LINK_ORDER: the section with which it goes
  absl::string_view content;  // of the file; empty for SHT_NOBITS
  absl::string_view group;    // signature of its COMDAT group; empty: in none
};
// By section number; the first is no section. `group` is that of COMDAT groups alone.
absl::StatusOr<std::vector<Section>> ReadSections(absl::string_view data, const std::string& name);

// True for sections that a linker keeps although nothing refers to them: constructors and their like, notes, and what
// is marked SHF_GNU_RETAIN. (lld's MarkLive.cpp; GNU ld's KEEP in its default scripts.)
bool IsKept(const Section& section);

// Names of the loaded sections with something in them that nothing refers to, directly or not, when one begins with
// those that define global symbols: what --gc-sections drops of the object for sure. In the object's order.
absl::StatusOr<std::vector<std::string>> UnreachedSections(absl::string_view data, const std::string& name);

// The object's bytes with SHF_GNU_RETAIN on every loaded section. GNU ld heeds that flag where the header says
// ELFOSABI_GNU.
absl::StatusOr<std::string> RetainSections(absl::string_view data, const std::string& name);

}  // namespace cgo_ld_shim::symbols

#endif  // CGO_LD_SHIM_SYMBOLS_SECTIONS_H_
