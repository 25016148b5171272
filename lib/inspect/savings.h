// What would make a program smaller, and by how much: what is in it for debuggers, by its own sections, and the code
// and data of its archives that nothing refers to, by marking as a linker's --gc-sections does. The archives are read
// again for that; of the program's own objects, which are gone, the record has what they use.
//
// Example:
//   absl::StatusOr<Savings> savings = FindSavings("./kv", record);
//   if (savings.ok()) fmt::print("{}", SavingsText(*savings, {}));
//
// Errors: those of reading the program; kInvalidArgument where it is no ELF file.
#ifndef CGO_LD_SHIM_INSPECT_SAVINGS_H_
#define CGO_LD_SHIM_INSPECT_SAVINGS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "report/record.h"
#include "report/text.h"

namespace cgo_ld_shim::inspect {

// Bytes of one archive that nothing refers to.
struct UnusedBytes {
  std::string archive;  // path
  uint64_t bytes = 0;
};

struct Savings {
  uint64_t bytes = 0;               // of the file
  uint64_t debug_bytes = 0;         // of its debug sections, as they stand in the file
  uint64_t debug_uncompressed = 0;  // the same without compression
  uint64_t symbol_bytes = 0;        // of its symbol table
  // What GC=on would leave out of the archives' sections; the largest first. Not counted are what linkers merge anyway
  // (strings), and tables for unwinding, which shrink as well. Absent: it was linked with that, or not by a planned
  // link; or an archive is not what it was.
  std::optional<std::vector<UnusedBytes>> unused;
};
absl::StatusOr<Savings> FindSavings(const std::string& program, const report::LinkRecord& record);

// "what would make it smaller" and a line a setting; empty where none would save a hundredth, and 64 KiB.
std::string SavingsText(const Savings& savings, const report::TextOptions& options);

}  // namespace cgo_ld_shim::inspect

#endif  // CGO_LD_SHIM_INSPECT_SAVINGS_H_
