// Where a person wrote what an object holds: file, line and function, from its DWARF.
//
// Example:
//   std::optional<DebugInfo> info = DebugInfo::Read(path);
//   info->Use("prinft")       // {.file = "/home/me/tool/main.go", .line = 5, .function = "hi"}
//   info->Declaration("frob") // {.file = "/home/me/tool/main.go", .line = 3}
//
// Only for explanations of links that failed: it reads and parses the whole of an object's debug information. All
// answers are optional; an object without debug information has none. cgo writes the lines of a preamble under the name
// of the Go file (#line), and its own under names such as cgo-gcc-prolog (cmd/cgo/out.go), which are no place of a
// person's.
#ifndef CGO_LD_SHIM_SYMBOLS_DEBUG_INFO_H_
#define CGO_LD_SHIM_SYMBOLS_DEBUG_INFO_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::symbols {

struct Place {
  std::string file;      // as the compiler was given it, absolute where it says its directory
  uint32_t line = 0;     // 0: not known
  std::string function;  // the C function around it; empty: none, or not known
  bool operator==(const Place&) const = default;
};

class DebugInfo {
 public:
  // Of a relocatable object, by path; nothing for a file that cannot be read or has no debug information.
  static std::optional<DebugInfo> Read(const std::string& path);
  // The same of bytes in memory, such as an archive's member, which must outlive the result.
  static std::optional<DebugInfo> FromBytes(absl::string_view bytes);
  DebugInfo(DebugInfo&&) noexcept;
  DebugInfo& operator=(DebugInfo&&) noexcept;
  ~DebugInfo();

  // The source file that was compiled: "main.cgo2.c", "/home/me/tool/size.cc".
  std::string SourceFile() const;
  // The first place in a function that refers to `symbol`. A use by cgo's own code has that function's name
  // ("_cgo_507468cd7e8c_Cfunc_frob") and no file.
  std::optional<Place> Use(absl::string_view symbol) const;
  // Where the function or variable of this name is declared or defined.
  std::optional<Place> Declaration(absl::string_view name) const;

 private:
  struct State;
  explicit DebugInfo(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace cgo_ld_shim::symbols

#endif  // CGO_LD_SHIM_SYMBOLS_DEBUG_INFO_H_
