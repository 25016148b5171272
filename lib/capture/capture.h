// One final link as a directory of its own: everything that the linker read, the line, and what there is to know of
// the toolchain, so that the link can be done again anywhere, with any linker.
//
// Go deletes its temporary directory as soon as the link is over, so the inputs are taken by the link itself, when it
// finds kRequestVariable in its environment:
//
//   if (const char* stage = support::FindVariable(environ, kRequestVariable)) Take({…}, stage);
//
// Later, somewhere else:
//   absl::StatusOr<Capture> capture = Load("kv-link");
//   std::vector<std::string> argv = LineFor(*capture, LinkerKind::kMold);   // to be run in kv-link
//
// A directory holds
//   capture.json   a Capture
//   response.txt   the line for a linker's @response.txt, in the directory
//   record.json    the link's record (docs/record.md)
//   inputs/        the files, each under the path that it had; the program's objects are in inputs/go
//
// No path in the line is absolute, so the directory can be moved. The sender's home directory and user name stand
// nowhere in the texts and paths (the files themselves are as they were). A file that a linker script names stands in
// the line instead of the script, and a thin archive has become a whole one. Errors name file and reason.
#ifndef CGO_LD_SHIM_CAPTURE_CAPTURE_H_
#define CGO_LD_SHIM_CAPTURE_CAPTURE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "report/record.h"

namespace cgo_ld_shim::capture {

// Linkers differ in a few options.
enum class LinkerKind { kLld, kMold, kGold, kBfd, kWild, kUnknown };

// Set by `capture` for the go command that it runs: a directory in which each link makes one of its own.
inline constexpr char kRequestVariable[] = "CGO_LD_SHIM_INTERNAL_CAPTURE";

inline constexpr int kSchemaVersion = 1;
inline constexpr char kManifestName[] = "capture.json";
inline constexpr char kResponseName[] = "response.txt";
inline constexpr char kRecordName[] = "record.json";
inline constexpr char kErrorName[] = "error.txt";  // in a stage: why this link could not be taken

// A file of the link.
struct Input {
  std::string path;    // in the directory: "inputs/usr/lib/libz.a"
  std::string from;    // where it was: "/usr/lib/libz.a"
  std::string origin;  // as in the record: "given", "added", "toolchain"; "option": an option names it
  uint64_t bytes = 0;
};

struct Capture {
  int schema = kSchemaVersion;
  std::string version;              // of this program
  std::string linker;               // who did the link: "lld 22.1.8 (in process)"
  std::string zlib;                 // the flavour of the embedded linker's zlib: other flavours compress to other bytes
  std::string package;              // import path of the Go program; empty: not known
  std::string mode;                 // "static", "static-pie"
  std::string target;               // "x86_64-linux-gnu"
  std::string libc;                 // "glibc 2.36"
  std::string compiler;             // the underlying driver's version line
  std::string fingerprint;          // of toolchain and settings
  std::vector<std::string> driver;  // the underlying driver's words
  std::vector<std::string> argv;    // the embedded linker's line without its name and -o, relative to the directory
  std::vector<std::pair<std::string, std::string>> environment;  // settings, and Go's variables of the target; sorted
  std::vector<std::pair<std::string, double>> phases_ms;         // of the link, as in the record
  std::vector<Input> inputs;                                     // in the order of the line, each once
  std::vector<std::string> notes;                                // what of the line could not be taken
  int exit_status = 0;
  uint64_t output_bytes = 0;
  std::string output_sha256;  // of what the linker wrote; empty: it failed

  uint64_t InputBytes() const;
};

struct TakeRequest {
  const report::LinkRecord& record;             // complete but for what is known after the link
  const std::vector<std::string>& linker_argv;  // the embedded linker's, with its name
  const std::vector<std::string>& driver;
  const char* const* envp;
};
// Makes `stage`/PID with the capture in it. What goes wrong is written there as kErrorName: it is no fault of the link.
void Take(const TakeRequest& request, const std::string& stage);
// The same into one directory, which is made. Errors leave it half-made.
absl::Status TakeInto(const TakeRequest& request, const std::string& directory);

// A capture that this program has just made, or whose maker is trusted. Errors: kNotFound (no capture there), kDataLoss
// (unreadable, a file is missing or has another size), kUnimplemented (of a newer schema).
absl::StatusOr<Capture> Load(const std::string& directory);
// The two halves of it.
absl::StatusOr<Capture> LoadManifest(const std::string& directory);
absl::Status CheckComplete(const Capture& capture, const std::string& directory);

// What of a capture is not handed to a linker unless the reader allows it by this name.
struct Refusal {
  std::string name;   // an option as it is spelt, without its value; or a file's path
  std::string where;  // capture.json or response.txt
  std::string why;    // "it writes a file"
};
// All that could run a program, or read or write outside the directory: options that are not on the list of those that
// a link needs, paths that leave inputs/, links, thin archives, scripts that name further files. Looks at every input.
std::vector<Refusal> FindRefused(const Capture& capture, const std::string& directory,
                                 absl::Span<const std::string> allowed = {});
// The same for one linker, which does more with a word than lld.
std::vector<Refusal> FindRefusedBy(const Capture& capture, LinkerKind kind, absl::Span<const std::string> allowed = {});
// Says all of it, and how it is allowed: `again` is the command that was given, "cgo-ld-shim replay DIR". OK: nothing.
absl::Status RefusalStatus(absl::Span<const Refusal> refused, absl::string_view again);

// A capture that anybody may have made. Errors besides those of Load: kPermissionDenied as RefusalStatus says it.
absl::StatusOr<Capture> LoadOfStranger(const std::string& directory, absl::Span<const std::string> allowed,
                                       absl::string_view again);
// The words of response.txt, checked in the same way.
absl::StatusOr<std::vector<std::string>> ResponseLine(const std::string& directory,
                                                      absl::Span<const std::string> allowed, absl::string_view again);
std::string ToJson(const Capture& capture);
absl::StatusOr<Capture> FromJson(absl::string_view text);

// `directory` as a tarball whose only entry at the top is called `name`; the same directory gives the same bytes.
absl::Status WriteTar(const std::string& directory, const std::string& name, const std::string& tar);

// By what it says to --version.
LinkerKind KindOf(absl::string_view version_text);
// The line for a linker, without its name and without -o. Options that only lld has are left out for others; linkers
// that put their work into a child process are told not to, so that its cost can be measured.
std::vector<std::string> LineFor(const Capture& capture, LinkerKind kind);
// The line for `zig cc` and the like, which bring their own C library: the program's inputs and libraries, and the
// options of the linker that are the program's.
std::vector<std::string> DriverLineFor(const Capture& capture);
// The words of `zig cc` for the captured program's target. Of the capture's own driver only target and processor are
// taken: the others are a stranger's.
std::vector<std::string> ZigDriverFor(const Capture& capture, const std::string& zig);

}  // namespace cgo_ld_shim::capture

#endif  // CGO_LD_SHIM_CAPTURE_CAPTURE_H_
