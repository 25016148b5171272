// Where a person wrote what a finding is about: the Go file or C file, line and function behind an object of the
// program.
//
// Example:
//   Written written;
//   written.Use("/tmp/go-link-1/000001.o", "prinft")    // {"/home/me/tool/main.go", 5, "hi"}
//   Written::Text(place)                                // "/home/me/tool/main.go:5"
//
// Reads debug information, and only of failed links; all answers are empty where there is none. An object is read once.
#ifndef CGO_LD_SHIM_DIAGNOSE_WRITTEN_H_
#define CGO_LD_SHIM_DIAGNOSE_WRITTEN_H_

#include <map>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "symbols/debug_info.h"

namespace cgo_ld_shim::diagnose {

class Written {
 public:
  // Where the object's code refers to the symbol; for a use by cgo's own code, where the symbol is declared, with the
  // function "C.frob".
  symbols::Place Use(const std::string& object_path, absl::string_view symbol);
  // Where the object defines the symbol.
  symbols::Place Definition(const std::string& object_path, absl::string_view symbol);
  // "/home/me/tool/main.go:5"; empty where nothing is known.
  static std::string Text(const symbols::Place& place);

 private:
  const std::optional<symbols::DebugInfo>& Of(const std::string& object_path);

  std::map<std::string, std::optional<symbols::DebugInfo>> read_;
};

// cgo names the C side of a call to C.f in a package `_cgo_<12 hex digits>_Cfunc_f`, and the Go side `_Cfunc_f`. True
// for the former; `function` becomes the latter.
bool IsCgoCall(absl::string_view symbol, absl::string_view* function);

}  // namespace cgo_ld_shim::diagnose

#endif  // CGO_LD_SHIM_DIAGNOSE_WRITTEN_H_
