// The .pc files of this machine: which one speaks for a library, and what it says that the library needs.
//
// Example:
//   PkgConfigFiles files(PkgConfigDirectories(plan.user_dirs, toolchain.line.library_dirs));
//   files.SpeakingFor("/usr/lib/x86_64-linux-gnu/libxml2.a")    // {"libxml-2.0"}
//   files.Find("zlib")->libs                                    // {"-L…", "-lz"}
//
// pkg-config itself is not started. The directories are read on the first question, and kept.
#ifndef CGO_LD_SHIM_SEARCH_PKG_CONFIG_H_
#define CGO_LD_SHIM_SEARCH_PKG_CONFIG_H_

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "symbols/symbols.h"

namespace cgo_ld_shim::search {

// Where pkg-config looks, in its order: PKG_CONFIG_PATH, beside the user's libraries, and PKG_CONFIG_LIBDIR or else
// beside the compiler's libraries and in pkg-config's usual places.
std::vector<std::string> PkgConfigDirectories(const std::vector<std::string>& user_directories,
                                              const std::vector<std::string>& library_directories);

class PkgConfigFiles {
 public:
  explicit PkgConfigFiles(std::vector<std::string> directories) : directories_(std::move(directories)) {}

  // The file NAME.pc; nullptr: there is none that can be read. A file that pkg-config would refuse is no evidence, and
  // no error of this link.
  const symbols::PkgConfigFile* Find(const std::string& name);
  // The names of the files that are named after the library of `archive` (OwnWords), sorted.
  std::vector<std::string> SpeakingFor(const std::string& archive);

 private:
  const std::map<std::string, symbols::PkgConfigFile>& Files();

  std::vector<std::string> directories_;
  std::optional<std::map<std::string, symbols::PkgConfigFile>> files_;  // by name
};

// The words of a file's Libs that are the package itself, and not what it builds on: those that it is named after
// ("-lpng16" of libpng.pc, "-lxml2" of libxml-2.0.pc), otherwise the first one ("-lz" of zlib.pc). Of those alone the
// file knows what they need.
std::vector<std::string> OwnWords(const symbols::PkgConfigFile& file);

}  // namespace cgo_ld_shim::search

#endif  // CGO_LD_SHIM_SEARCH_PKG_CONFIG_H_
