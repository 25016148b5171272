// Text stubs (.tbd): what Apple's SDK has in place of the shared libraries of macOS. A stub says under which path the
// library is on every Mac and which symbols it has; a linker needs no more than that.
//
// Example:
//   WriteTextStub({"/usr/lib/libresolv.9.dylib", {"_res_9_ninit"}}, "arm64");
//   absl::StatusOr<std::set<std::string>> in_libsystem = ReadTextStub("…/libSystem.tbd", "arm64");
//
// Architectures are Go's names. Errors: those of reading a file; kDataLoss for a file that is no text stub.
#ifndef CGO_LD_SHIM_DARWIN_TEXT_STUB_H_
#define CGO_LD_SHIM_DARWIN_TEXT_STUB_H_

#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cgo_ld_shim::darwin {

struct TextStub {
  std::string install_name;          // where the library is on a Mac
  std::vector<std::string> symbols;  // as in object files: "_res_9_ninit"
};
std::string WriteTextStub(const TextStub& stub, absl::string_view arch);

// What the libraries of a file (version 4, one document each) export for macOS on `arch`. Classes of Objective-C are
// given as the linker spells them ("_OBJC_CLASS_$_NSString").
absl::StatusOr<std::set<std::string>> ReadTextStub(const std::string& path, absl::string_view arch);
absl::StatusOr<std::set<std::string>> ParseTextStub(absl::string_view text, const std::string& path,
                                                    absl::string_view arch);

}  // namespace cgo_ld_shim::darwin

#endif  // CGO_LD_SHIM_DARWIN_TEXT_STUB_H_
