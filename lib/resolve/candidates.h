// Where could a missing symbol come from? Archives that evidence names, tier by tier: those that belong to the user's
// own libraries first, the whole machine last.
//
// Example:
//   Candidates candidates(plan, toolchain, &cache);
//   for (const std::string& path : candidates.PkgConfig("/usr/lib/x86_64-linux-gnu/libxml2.a")) …
//
// Every list is in a fixed order (evidence order, then directory order, then name), computed once and kept.
#ifndef CGO_LD_SHIM_RESOLVE_CANDIDATES_H_
#define CGO_LD_SHIM_RESOLVE_CANDIDATES_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "plan/plan.h"
#include "toolchain/toolchain.h"

namespace cgo_ld_shim::resolve {

class Candidates {
 public:
  Candidates(const plan::LinkPlan& plan, const toolchain::Toolchain& toolchain, plan::FileCache* cache)
      : plan_(plan), toolchain_(toolchain), cache_(cache) {}

  // Archives beside `archive`, when its directory is not one of the compiler's: a prebuilt bundle.
  const std::vector<std::string>& Siblings(const std::string& archive);
  // Archives of what pkg-config files that name the library of `archive` require, publicly and privately, transitively.
  const std::vector<std::string>& PkgConfig(const std::string& archive);
  // Archives for the DT_NEEDED entries of the shared library beside `archive` (or of `archive` itself when it is one),
  // and for what such a library names when it is a linker script: INPUT(libncurses.so.6 -ltinfo).
  const std::vector<std::string>& Needed(const std::string& archive);
  // The compiler's runtime libraries that exist here. `libcxx`: the program's C++ is libc++'s (std::__1), not
  // libstdc++'s.
  const std::vector<std::string>& Runtime(bool libcxx);
  // Every archive in the user's and the compiler's directories.
  const std::vector<std::string>& Wide();
  // Every shared library there: only to explain.
  const std::vector<std::string>& WideShared();

  // True when the compiler's own directories hold `path`.
  bool IsSystem(const std::string& path) const;
  // lib<name>.a in the user's and the compiler's directories, `beside` first when not empty.
  std::optional<std::string> FindArchive(absl::string_view name, absl::string_view beside = "") const;

 private:
  void LoadPackages();

  const plan::LinkPlan& plan_;
  const toolchain::Toolchain& toolchain_;
  plan::FileCache* cache_;
  std::map<std::string, std::vector<std::string>> siblings_, pkg_config_, needed_;
  std::optional<std::vector<std::string>> runtime_[2], wide_, wide_shared_;
  std::optional<std::map<std::string, symbols::PkgConfigFile>> packages_;  // by name
};

// "z" for "/usr/lib/libz.a" and "libz.so.1"; empty for a name of another form.
std::string LibraryName(absl::string_view path);

}  // namespace cgo_ld_shim::resolve

#endif  // CGO_LD_SHIM_RESOLVE_CANDIDATES_H_
