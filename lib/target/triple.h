// A target's name as GNU, LLVM and zig write it: "x86_64-unknown-linux-musl", "aarch64-macos.11.0-none",
// "x86_64-linux-gnu.2.28", "i686-w64-mingw32". The one place that reads them.
//
// Example:
//   const Triple triple = ParseTriple("aarch64-linux-gnu.2.28");
//   // {arch "arm64", os "linux", libc {kGlibc, "2.28"}}
//
// A plain value, which owns its text. Any text is read: what it does not say, or says in a word that no row knows, is
// an empty field.
#ifndef CGO_LD_SHIM_TARGET_TRIPLE_H_
#define CGO_LD_SHIM_TARGET_TRIPLE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "target/libc.h"

namespace cgo_ld_shim::target {

struct Triple {
  std::string text = {};        // as it was written
  std::string arch = {};        // Go's name: "arm64"
  std::string os = {};          // Go's name: "linux", "darwin", "windows"
  std::string os_version = {};  // "11.0" of macOS, "6.1" of Linux (as zig's clang writes it)
  // Of Linux and Android alone; the others have one. The version is the oldest that the program is to run with
  // ("-gnu.2.28"), or the one that zig's clang says ("-gnu2.36").
  Libc libc = {};

  bool empty() const { return text.empty(); }
  bool IsLinux() const { return os == "linux"; }
  bool IsMacOs() const { return os == "darwin"; }
  bool IsLinuxMusl() const { return IsLinux() && libc.IsMusl(); }

  bool operator==(const Triple&) const = default;
};

Triple ParseTriple(absl::string_view text);

// The same for another oldest version of the system, in zig's spelling: "aarch64-macos.11.0". A triple that says
// nothing of macOS stays as it is, and so does any with an empty `version`.
Triple WithMacOsVersion(const Triple& triple, absl::string_view version);

}  // namespace cgo_ld_shim::target

#endif  // CGO_LD_SHIM_TARGET_TRIPLE_H_
