// What a go build lacked before any link: a header that a C compiler did not find, a package that pkg-config does not
// know. Go shows the words of both; a line of ours behind them says which package would bring it.
//
// Example:
//   MissingInputs missing;
//   missing.Read("./main.go:4:11: fatal error: curl/curl.h: No such file or directory\n");
//   missing.Text()   // "cgo-ld-shim: curl/curl.h is not here: apt-get install libcurl4-openssl-dev\n"
//
// Knows gcc's, clang's and zig's words, and those of pkg-config and pkgconf, in English. Each file is told once. Text
// may ask package managers (packages/contents.h), and does so only where something was missing.
#ifndef CGO_LD_SHIM_SHIM_COMMANDS_MISSING_INPUTS_H_
#define CGO_LD_SHIM_SHIM_COMMANDS_MISSING_INPUTS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "packages/contents.h"

namespace cgo_ld_shim::commands {

class MissingInputs {
 public:
  void Read(absl::string_view line);
  // One line each, in the order in which they were missing; empty: nothing was.
  std::string Text() const;
  const std::vector<packages::File>& files() const { return files_; }

 private:
  void Add(packages::FileKind kind, absl::string_view name);

  std::vector<packages::File> files_;
  bool no_pkg_config_ = false;
};

}  // namespace cgo_ld_shim::commands

#endif  // CGO_LD_SHIM_SHIM_COMMANDS_MISSING_INPUTS_H_
