// Which library of macOS has a symbol? A program for macOS says for each symbol from which library it comes (two-level
// namespace), so that a wrong answer is a program that does not start. Nothing is guessed beyond what names say.
//
// Example:
//   InstallName({"Security", true});                                          // "/System/Library/Frameworks/Security…"
//   HomeOf("_SecTrustEvaluate", {{"CoreFoundation", true}, {"Security", true}});   // {"Security", true}
#ifndef CGO_LD_SHIM_DARWIN_LIBRARIES_H_
#define CGO_LD_SHIM_DARWIN_LIBRARIES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::darwin {

struct Library {
  std::string name;  // "resolv" of -lresolv, "Security" of -framework Security
  bool framework = false;
  bool operator==(const Library&) const = default;
};

// Its path on every Mac; nullopt for a -l library that macOS does not have.
std::optional<std::string> InstallName(const Library& library);

// True for names of -l that mean a part of libSystem, which is always linked.
bool IsPartOfLibSystem(absl::string_view name);

// The one of `requested` that a symbol comes from which neither the program nor libSystem has: by the beginning of its
// name, for libraries whose names have one; otherwise the only library whose names we do not know. nullopt: none.
std::optional<Library> HomeOf(absl::string_view symbol, const std::vector<Library>& requested);

// The framework or header of the SDK that an #include of `header` means, for a message; empty: it is none of Apple's.
std::string SdkPartOfHeader(absl::string_view header);

}  // namespace cgo_ld_shim::darwin

#endif  // CGO_LD_SHIM_DARWIN_LIBRARIES_H_
