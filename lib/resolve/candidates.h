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
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "plan/plan.h"
#include "search/library_files.h"
#include "search/pkg_config.h"
#include "toolchain/toolchain.h"

namespace cgo_ld_shim::resolve {

class Candidates {
 public:
  Candidates(const plan::LinkPlan& plan, const toolchain::Toolchain& toolchain, plan::FileCache* cache)
      : plan_(plan), toolchain_(toolchain), cache_(cache) {}

  // Archives beside `archive`, when its directory is not one of the compiler's: a prebuilt bundle.
  const std::vector<std::string>& Siblings(const std::string& archive);
  // Of a shared library, the archives that are the same library under another name, in whatever directory: libuv_a.a
  // beside libuv.so.
  const std::vector<std::string>& Twins(const std::string& library);
  // Whom an archive is to serve. What a library builds on is the library's business: a program that uses it as well has
  // to name it, as for a dynamic link.
  enum class For { kArchive, kProgram };
  // By the pkg-config files of the library of `archive` (symbols::OwnWords): archives of what they require, publicly
  // and privately, transitively; for the program those in their own Libs alone.
  const std::vector<std::string>& PkgConfig(const std::string& archive, For whom);
  // Archives that such a file names for the library of `archive` alone, and that lie in no directory of a linker's: the
  // only one of its name below the library's own directory is one of PkgConfig's, and several are here, since nothing
  // tells which belongs.
  const std::vector<std::string>& Undecided(const std::string& archive);
  // Names of libraries that such a file gives, and of which nothing is there, neither an archive nor a shared one:
  // "pgport".
  const std::vector<std::string>& Absent(const std::string& archive);
  // Archives for the DT_NEEDED entries of the shared library beside `archive` (or of `archive` itself when it is one),
  // not for the program; and for what such a library names when it is a linker script: INPUT(libncurses.so.6 -ltinfo).
  const std::vector<std::string>& Needed(const std::string& archive, For whom);
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
  const std::vector<std::string>& FindHidden(const std::string& name, const std::string& archive);

  const plan::LinkPlan& plan_;
  const toolchain::Toolchain& toolchain_;
  plan::FileCache* cache_;
  std::map<std::string, std::vector<std::string>> siblings_, twins_;
  std::map<std::pair<std::string, For>, std::vector<std::string>> pkg_config_, needed_;
  std::optional<std::vector<std::string>> runtime_[2], wide_, wide_shared_;
  std::map<std::string, std::vector<std::string>> hidden_;              // FindHidden, by name
  std::map<std::string, std::vector<std::string>> undecided_, absent_;  // by archive
  std::optional<search::PkgConfigFiles> packages_;
};

using search::LibraryName;

}  // namespace cgo_ld_shim::resolve

#endif  // CGO_LD_SHIM_RESOLVE_CANDIDATES_H_
