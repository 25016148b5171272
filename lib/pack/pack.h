// Archives of several platforms become one layout to ship: each is one object in which the library's own names alone
// are global, with its debug information apart.
//
// A consumer's linker does then what `isolate-runtime` does at each link by cgo-ld-shim, plain gcc's as well: two
// libraries that bundle the same runtime, or the same SQLite, do not meet.
//
// Example:
//   const Request request{.paths = {"dist"}, .output = "lib", .keep = {"slim_*"}};
//   absl::StatusOr<Packed> packed = Pack(request, environ, Say);
//   // lib/x86_64-linux-gnu/libslim.a, lib/x86_64-linux-musl/libslim.a, lib/debug/…, lib/manifest.json, lib/cgo.go.txt
//   fmt::print("{}", PackText(*packed, {}));
//
// Everything is owned by the values. Pack's errors: kFailedPrecondition where the archives cannot be packed as they
// were asked to be (which, why, and what to do), or where something else lies at `output`; those of lint::ReadArchive
// and of support/file.h for what cannot be read or written. Nothing is left behind then, and what was at `output` stays
// as it was.
#ifndef CGO_LD_SHIM_PACK_PACK_H_
#define CGO_LD_SHIM_PACK_PACK_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "lint/lint.h"
#include "report/text.h"
#include "target/libc.h"

namespace cgo_ld_shim::pack {

struct Request {
  std::vector<std::string> paths = {};    // archives, and directories to look for them in
  std::string output = {};                // the directory to make
  std::vector<std::string> keep = {};     // names that stay global, and patterns of them: "slim_*"
  std::vector<std::string> lists = {};    // files with such names, one a line
  std::vector<std::string> headers = {};  // files: what of the archives they name stays global
  // Of archives that do not say theirs. None: such a one is an error.
  target::LibcFamily libc = target::LibcFamily::kNone;
  bool whole = false;  // keep members as well that no name needs
};

// Names of one owner that became local.
struct MadeLocal {
  std::string library;  // "SQLite", "Rust's runtime"; empty: the rest
  size_t names = 0;
};

// One archive of the layout.
struct PackedArchive {
  std::string input;     // path, as it was found
  std::string library;   // "libslim.a"
  std::string platform;  // "x86_64-linux-gnu"
  lint::ArchiveFacts before, after;
  target::LibcFamily libc = target::LibcFamily::kNone;
  std::string path, sha256;  // below the layout: "x86_64-linux-gnu/libslim.a"
  std::string debug_path;    // the same with its debug information; empty: there was none
  std::string debug_sha256;
  uint64_t debug_bytes = 0;                    // of that file
  size_t members = 0;                          // of the input's, that are in it
  std::vector<std::string> left_constructors;  // members with constructors that are not in it, as nothing needs them
  std::vector<std::string> kept;               // names that are global, sorted
  std::vector<std::string> lacks;              // names that the same library keeps for another platform
  std::vector<MadeLocal> made_local;
  lint::TargetResult trial;  // a program that uses all of `kept`, linked for its platform
};

struct Packed {
  std::string output;
  std::string chosen_by;                // a clause: by what the names that stay were chosen
  std::vector<PackedArchive> archives;  // by library, then platform
  std::vector<std::string> notes;
  std::vector<std::string> cgo_lines;  // "linux,amd64 LDFLAGS: …", without "#cgo"
};

// `say` gets a line for the terminal before something that takes a minute.
absl::StatusOr<Packed> Pack(const Request& request, const char* const* envp,
                            absl::FunctionRef<void(const std::string& line)> say);

// A line for each archive, what to know, and what consumers write.
std::string PackText(const Packed& packed, const report::TextOptions& options);
// manifest.json, as docs/prebuilt.md describes it. It names no place of this machine.
std::string ManifestText(const Packed& packed);

// The steps, each from values to values.

// Archives below the paths, sorted, each once. Left out is what pack made, and what cargo keeps for itself (deps/ and
// build/ beside .fingerprint/). Errors: kNotFound where a directory has none, or a file is not there.
absl::StatusOr<std::vector<std::string>> FindArchives(const std::vector<std::string>& paths);

// Where an archive goes: by what its objects are, by its C library as far as they say it, else by its path's words.
struct Place {
  std::string library;   // "libslim.a"
  std::string platform;  // "x86_64-linux-gnu"
  target::LibcFamily libc = target::LibcFamily::kNone;
};
absl::StatusOr<Place> PlaceOf(const lint::ArchiveFacts& facts, target::LibcFamily unless_it_says);

// A global name that an archive defines.
struct Offer {
  bool strong = false;
  bool hidden = false;
  bool tls = false;  // thread-local
};
using Offers = std::map<std::string, Offer, std::less<>>;

// Which names stay.
struct Wish {
  std::vector<std::string> names;     // as they are written
  std::vector<std::string> patterns;  // with *, ? or [
  std::set<std::string> in_headers;   // every word of the headers
  bool empty() const { return names.empty() && patterns.empty() && in_headers.empty(); }
};
// The words of a header that can be names: without comments and texts.
std::set<std::string> WordsOfHeader(absl::string_view text);
// Names and patterns of a list: one a line, `#` begins a comment.
std::vector<std::string> NamesOfList(absl::string_view text);
// What of one archive stays global, sorted. Without a wish, the C names that it defines strongly, and that are its own:
// not of a language's runtime, not of a library that is known to be bundled, not hidden, not reserved.
std::vector<std::string> NamesToKeep(const lint::ArchiveFacts& facts, const Offers& offers, const Wish& wish);
// Names and patterns of the wish that no archive defines.
std::vector<std::string> Unmet(const Wish& wish, const std::vector<Offers>& all);
// Whose the names are that do not stay.
std::vector<MadeLocal> WhoseNames(const std::string& archive, const std::vector<std::string>& names);

// A line for each architecture with all libraries of the layout, which is called `directory` there. cgo cannot tell C
// libraries apart: a line names the build for glibc where there is one, whose neighbour cgo-ld-shim takes where it fits
// better.
std::vector<std::string> CgoLines(const std::vector<PackedArchive>& archives, const std::string& directory);

}  // namespace cgo_ld_shim::pack

#endif  // CGO_LD_SHIM_PACK_PACK_H_
