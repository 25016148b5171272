// The record of one link: what came in, what was changed and why, what came out. One JSON object on one line, one file a
// record in the state directory, written to a temporary name and renamed into place: dozens of parallel links need no lock.
//
// Example:
//   LinkRecord record; … ; (void)StoreRecord(record);              // where nothing can be written, nothing is
//   std::vector<LinkRecord> found = FindRecords("./kv");           // newest first
//
// The schema is documented in docs/record.md and versioned: readers ignore fields that they do not know; a field's meaning never
// changes within a version.
#ifndef CGO_LD_SHIM_REPORT_RECORD_H_
#define CGO_LD_SHIM_REPORT_RECORD_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "rewrite/rewrite.h"

namespace cgo_ld_shim::report {

inline constexpr int kSchemaVersion = 1;

struct InputRecord {
  std::string path;    // absolute where it has one
  std::string kind;    // "object", "archive", "shared"
  std::string origin;  // "given", "added", "toolchain"
  uint64_t bytes = 0;  // the file's size
  std::string as;      // how the command line named it: "-lz"; empty: by path
  std::vector<std::string> members;  // archive members that the link uses
};

// A symbol that nothing defines, with all that is known of it.
struct MissingRecord {
  std::string symbol;       // mangled
  std::string demangled;
  bool from_program = false;            // wanted by the program's own objects
  std::vector<std::string> wanted_by;   // up to 3: "libzmq.a(gssapi_mechanism_base.o)"
  std::string package;                  // Go package whose LDFLAGS or sources brought it in; empty: not known
  std::string named_by;                 // "-lzmq": the argument that brought the wanting archive in; empty: none
  std::string shared_library;           // the .so that alone defines it; empty: none
  std::string owner_package;            // distribution package that owns that .so; empty: not known
  std::string cause;                    // a cause's id: "only-shared", "misspelt", "wrong-libc", …
  std::string hint;                     // one sentence
  std::vector<std::string> candidates;  // archives that define it and were not chosen, with the reason
};

struct LinkRecord {
  int schema = kSchemaVersion;
  std::string version;              // ours
  int64_t time_ms = 0;              // since the epoch, at the end of the link
  std::string outcome;              // "linked", "failed", "handed-on" (to the underlying driver), "fell-back"
  std::string output;               // absolute path
  uint64_t output_size = 0;         // bytes; as the linker wrote it
  std::string build_id;             // hex of the GNU build ID; empty: none
  std::string cwd;
  std::string mode;                 // "static", "static-pie", "dynamic", "shared", "plugin"
  std::string target;               // "x86_64-linux-gnu"
  std::string libc;                 // "glibc 2.36"
  std::string compiler;             // the underlying driver's version line
  std::string linker;               // "lld 22.1.8 (in process)"
  std::string fingerprint;          // of the toolchain and settings
  std::vector<std::string> argv;        // as Go called us
  std::vector<std::string> driver_argv; // what is equal to it for the underlying driver, after all rewrites
  std::vector<std::string> linker_argv; // what the linker was given
  std::vector<rewrite::Rewrite> rewrites;
  std::vector<InputRecord> inputs;
  std::vector<MissingRecord> missing;
  std::vector<std::string> ways_out;    // what the user can do, one a line
  std::vector<std::string> notes;       // what was seen and left alone: shadowed libraries, dlopen, …
  std::vector<std::string> searched;    // directories and archives that were searched for missing symbols
  std::vector<std::pair<std::string, double>> phases_ms;  // in order: classify, toolchain, plan, load, resolve, link
  int exit_status = 0;
};

std::string ToJson(const LinkRecord& record);  // one line, no newline at its end; fields in the order above
absl::StatusOr<LinkRecord> FromJson(absl::string_view line);

// Stores the record in StateDirectory()/links, then removes the oldest beyond kMaxRecords files or kMaxRecordBytes. Never an
// error of the link: the status is for tests and for `doctor`.
inline constexpr size_t kMaxRecords = 200;
inline constexpr uint64_t kMaxRecordBytes = 64 << 20;
absl::Status StoreRecord(const LinkRecord& record);

// The newest record of all; kNotFound when there is none.
absl::StatusOr<LinkRecord> LastRecord();
// Records that fit this binary, best first: equal build ID and path, then equal build ID and size, then equal path; newest first among equals.
std::vector<LinkRecord> FindRecords(const std::string& binary);

// The GNU build ID note of an ELF file as hex; empty when it has none.
std::string ReadBuildId(const std::string& path);

}  // namespace cgo_ld_shim::report

#endif  // CGO_LD_SHIM_REPORT_RECORD_H_
