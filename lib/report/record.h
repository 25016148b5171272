// The record of one link: what came in, what was changed and why, what came out. One JSON object on one line, one file
// a record in the state directory, written to a temporary name and renamed into place: dozens of parallel links need no
// lock.
//
// Example:
//   LinkRecord record; … ; (void)StoreRecord(record);              // where nothing can be written, nothing is
//   std::vector<LinkRecord> found = FindRecords("./kv");           // newest first
//
// The schema is documented in docs/record.md and versioned: readers ignore fields that they do not know; a field's
// meaning never changes within a version.
#ifndef CGO_LD_SHIM_REPORT_RECORD_H_
#define CGO_LD_SHIM_REPORT_RECORD_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "diagnose/diagnose.h"
#include "rules/edits.h"
#include "symbols/evidence.h"
#include "target/libc.h"

namespace cgo_ld_shim::report {

inline constexpr int kSchemaVersion = 1;

struct InputRecord {
  std::string path;                  // absolute where it has one
  std::string kind;                  // "object", "archive", "shared"
  std::string origin;                // "given", "added", "toolchain"
  uint64_t bytes = 0;                // the file's size
  std::string as;                    // how the command line named it: "-lz"; empty: by path
  std::vector<std::string> members;  // archive members that the link uses
  uint64_t used_bytes = 0;           // code and data of what the link uses of it, before equal copies are merged
  symbols::Evidence first_use;  // the symbol for which the first member was taken; empty: not an archive, or unused
};

// An attempt at the link that was lost: the record tells of another.
struct LostAttempt {
  std::string linker;  // as LinkRecord::linker
  std::string mode;    // as LinkRecord::mode
  int exit_status = 0;
  int signal = 0;    // that ended the linker; 0: none
  std::string said;  // the first kMostSaid bytes of what it printed
};
inline constexpr size_t kMostSaid = 4096;

// A symbol that nothing defines, with all that is known of it.
using MissingRecord = diagnose::Finding;

struct LinkRecord {
  int schema = kSchemaVersion;
  std::string version;       // ours
  int64_t time_ms = 0;       // since the epoch, at the end of the link
  std::string outcome;       // "linked", "failed", "handed-on" (to the underlying driver), "fell-back"
  std::string package;       // import path of the Go program (TOOLEXEC_IMPORTPATH); empty: not known
  std::string output;        // absolute path; cmd/go moves the file from there to where the user wants it
  uint64_t output_size = 0;  // bytes; as the linker wrote it
  std::string build_id;      // hex of the GNU build ID; empty: none
  std::string cwd;
  std::string mode;                      // "static", "static-pie", "dynamic", "shared", "plugin"
  std::string target;                    // "x86_64-linux-gnu"
  target::Libc libc;                     // as text in the JSON: "glibc 2.36"
  std::string compiler;                  // the underlying driver's version line
  std::string linker;                    // "lld 22.1.8 (in process)"
  std::string fingerprint;               // of the toolchain and settings
  std::vector<std::string> argv;         // as Go called us
  std::vector<std::string> driver_argv;  // what is equal to it for the underlying driver, after all edits
  std::vector<std::string> linker_argv;  // what the linker was given
  std::vector<rules::Edit> edits;
  std::vector<InputRecord> inputs;
  std::vector<MissingRecord> missing;
  std::vector<diagnose::WayOut> ways_out;  // as texts in the JSON: action, four blanks, meaning
  // Symbols that nothing defines, and that the user's own options left at address 0 in a program that was linked.
  std::vector<std::string> unresolved;
  // Names that the program's own objects, which are gone after the link, use of archives. Empty with GC=on.
  std::vector<std::string> program_uses;
  std::vector<std::string> notes;     // what was noticed and left as it is: shadowed libraries, dlopen, …
  std::vector<std::string> searched;  // directories and archives that were searched for missing symbols
  std::vector<std::pair<std::string, double>> phases_ms;  // in order: classify, toolchain, plan, load, resolve, link
  std::vector<LostAttempt> lost;                          // in order
  int exit_status = 0;
};

std::string ToJson(const LinkRecord& record);  // one line, no newline at its end; fields in the order above
absl::StatusOr<LinkRecord> FromJson(absl::string_view line);

// Stores the record in StateDirectory()/links, then removes the oldest beyond kMaxRecords files or kMaxRecordBytes.
// Never an error of the link: the status is for tests and for `doctor`.
inline constexpr size_t kMaxRecords = 200;
inline constexpr uint64_t kMaxRecordBytes = 64 << 20;
absl::Status StoreRecord(const LinkRecord& record);
// Where the records are, whether or not there are any; empty where nothing can be kept.
std::string RecordDirectory();

// The newest record of all; kNotFound when there is none.
absl::StatusOr<LinkRecord> LastRecord();
// The newest of a Go package's links, by its import path; kNotFound when there is none.
absl::StatusOr<LinkRecord> RecordOfPackage(absl::string_view package);
// What `explain` takes for this link: its package where one is known, otherwise "last".
std::string NameForExplain(const LinkRecord& record);
// How a record came to fit a binary; the best first.
enum class Fit {
  kBuildIdAndPath,
  kBuildIdAndSize,  // cmd/go moved it
  kBuildId,         // moved and stripped
  kPath,            // the newest link to this place, of this binary or of another that was there
  kSizeAlone,       // neither has a build ID (Go 1.22 and earlier send none)
};
struct FoundRecord {
  LinkRecord record;
  Fit fit = Fit::kPath;
};
// Records that fit this binary, best first, newest first among equals. `binary` may be relative, and need not exist any
// more: then its path alone counts. Never fails: files that cannot be read are passed over.
std::vector<FoundRecord> FindFittingRecords(const std::string& binary);
// The same without saying how they fit.
std::vector<LinkRecord> FindRecords(const std::string& binary);

// The GNU build ID note of an ELF file as hex; empty when it has none.
std::string ReadBuildId(const std::string& path);

}  // namespace cgo_ld_shim::report

#endif  // CGO_LD_SHIM_REPORT_RECORD_H_
