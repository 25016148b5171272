// Directories of headers for the compiler to search last, in our cache directory: one header of ours, or the headers of
// one installed package and nothing beside them, so that a compile for another target finds what it asked for and
// none of this machine's own C library.
//
// Example:
//   std::optional<HeaderDirectory> sqlite = HeadersOfPackage("sqlite3.h", "arm64");
//   // sqlite->path: ~/.cache/cgo-ld-shim/headers/0123456789abcdef; sqlite->package: "libsqlite3-dev"
//
// The files are links to where the package has them. nullopt: there is no such header, it belongs to no package or to
// the C library's own, or there is no directory to write to.
#ifndef CGO_LD_SHIM_RESCUE_HEADERS_H_
#define CGO_LD_SHIM_RESCUE_HEADERS_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::rescue {

struct HeaderDirectory {
  std::string path;
  std::string stands_for;        // what debug information and __FILE__ say in its place: "/usr/include"
  std::string package, version;  // empty: ours
};

// `arch`: of the target, by Go's name. From /usr/include, where Debian's multiarch puts what fits any architecture;
// with the package's headers for that very architecture, where they are installed.
std::optional<HeaderDirectory> HeadersOfPackage(const std::string& header, const std::string& arch);

// Ours (table.h).
std::optional<HeaderDirectory> OurHeaderDirectory(absl::string_view header);

// A file of that text in the same place, under a name made of it.
std::optional<std::string> KeepFile(absl::string_view text);

}  // namespace cgo_ld_shim::rescue

#endif  // CGO_LD_SHIM_RESCUE_HEADERS_H_
