// The parts of ReadBinary, one a format. For this folder.
#ifndef CGO_LD_SHIM_INSPECT_READ_PARTS_H_
#define CGO_LD_SHIM_INSPECT_READ_PARTS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "inspect/inspect.h"

namespace cgo_ld_shim::inspect {

// Each fills what its format says. `facts->path` is set; errors do not repeat it.
absl::Status ReadElf(absl::string_view bytes, BinaryFacts* facts);
absl::Status ReadMachO(absl::string_view bytes, BinaryFacts* facts);
absl::StatusOr<std::vector<BinaryFacts>> ReadUniversalMachO(absl::string_view bytes, const std::string& path);
absl::Status ReadPe(absl::string_view bytes, BinaryFacts* facts);

// Go's own words in a program (debug/buildinfo of the standard library describes the layout). `data` is the section
// that holds them, or a part of the file that is searched for them; false: they are not there.
bool ReadGoBuildInfo(absl::string_view data, GoFacts* go);
// What the functions of the program do, by Go's table of their names (.gopclntab), which a stripped program has as
// well.
void ReadGoFunctions(absl::string_view table, GoFacts* go);
// Go's build ID as it stands at the beginning of the code in formats without notes.
std::string FindGoBuildId(absl::string_view code);

// What symbol names and constant data tell of the C library, the C++ runtime, and what the program asks of them.
class RuntimeMarks {
 public:
  // A symbol that the file defines, or, in a dynamic program, takes from a shared library.
  void Symbol(absl::string_view name);
  // A section of constant data.
  void Data(absl::string_view bytes);
  // An ELF note's owner, type and content.
  void Note(absl::string_view owner, uint32_t type, absl::string_view content);

  // To be called last; what the file says more directly (its needed libraries) stays as it is.
  void Conclude(BinaryFacts* facts);

 private:
  struct Seen {
    std::vector<std::string> symbols;
    bool from_go = false;
  };
  Seen& SeenOf(absl::string_view what);

  bool glibc_symbol_ = false, musl_symbol_ = false, abi_tag_ = false;
  bool glibc_data_ = false, musl_data_ = false;
  bool libstdcxx_ = false, libcxx_ = false;
  bool libstdcxx_data_ = false, libcxx_data_ = false;
  bool nss_data_ = false;
  bool nss_files_ = false;
  bool any_symbol_ = false;
  std::string glibc_version_;
  std::vector<std::pair<std::string, Seen>> seen_;
  std::vector<std::string> stubs_;
};

// The kinds of use, and the functions that show them, those that say most first.
struct UseRow {
  const char* what;
  std::vector<absl::string_view> symbols;
};
const std::vector<UseRow>& UseRows();
// The row that a function belongs to; nullptr: none.
const UseRow* UseOf(absl::string_view symbol);
// Adds a function to a use in the row's order, once.
void AddSymbol(absl::string_view symbol, Use* use);

}  // namespace cgo_ld_shim::inspect

#endif  // CGO_LD_SHIM_INSPECT_READ_PARTS_H_
