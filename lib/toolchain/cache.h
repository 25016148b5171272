// A learned toolchain as text, for the cache directory. Private to this folder.
//
// Example:
//   support::WriteSealed(path, Serialize(toolchain));
//   std::optional<Toolchain> kept = Deserialize(*text);   // nullopt: of another version, or its files have changed
#ifndef CGO_LD_SHIM_TOOLCHAIN_CACHE_H_
#define CGO_LD_SHIM_TOOLCHAIN_CACHE_H_

#include <optional>
#include <string>

#include "toolchain/toolchain.h"

namespace cgo_ld_shim::toolchain {

std::string Serialize(const Toolchain& toolchain);
enum class KeptFiles {
  kAsTheyWere,     // their sizes and times
  kCheckedByOther  // the caller's business
};
std::optional<Toolchain> Deserialize(const std::string& text, KeptFiles files = KeptFiles::kAsTheyWere);

}  // namespace cgo_ld_shim::toolchain

#endif  // CGO_LD_SHIM_TOOLCHAIN_CACHE_H_
