// What the users of a prebuilt archive will meet, said to its author before it is shipped.
//
// Three steps. The archive's own facts come from its objects. Then a program that uses every public name of it is
// linked for each target, by the same code as any other link: what is said of a target is what that link came to.
// Last, both are judged.
//
// Example:
//   absl::StatusOr<ArchiveFacts> facts = ReadArchive("dist/libslim.a");
//   Report report{.facts = *facts, .targets = TryTargets(*facts, {}, environ, Say)};
//   Judge(&report);                                   // report.findings, report.exit_status
//   fmt::print("{}", ReportText(report, {}));
//
// Everything is owned by the values. Errors of ReadArchive: kNotFound, kPermissionDenied, kInvalidArgument (not an
// archive; the message says what it looks like), kDataLoss (cut off, damaged, or a thin archive whose members are
// gone).
#ifndef CGO_LD_SHIM_LINT_LINT_H_
#define CGO_LD_SHIM_LINT_LINT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "inspect/inspect.h"
#include "report/text.h"
#include "symbols/symbols.h"
#include "target/libc.h"

namespace cgo_ld_shim::lint {

// Public names of the archive that belong to a library that others bundle or link as well.
struct Clash {
  std::string library;             // "SQLite"
  std::vector<std::string> names;  // sorted
};

struct ArchiveFacts {
  std::string path;
  uint64_t bytes = 0;        // of the file
  uint64_t debug_bytes = 0;  // of debug sections and their relocations, as they stand in the file
  size_t members = 0;
  size_t objects = 0;                      // members that are objects of any kind
  std::vector<std::string> foreign;        // what its objects are that are not ELF: "a COFF object"; sorted
  std::vector<symbols::Machine> machines;  // of its ELF objects, each once
  std::vector<std::string> architectures;  // the same, as Go names them; where Go has no name, as people say it

  // The C library that it was built for, as far as anything in it says so. None: nothing does.
  target::LibcFamily libc = target::LibcFamily::kNone;
  std::string libc_because;       // a clause: what says so
  bool libc_is_sure = false;      // what is in it says so, and not its name or who compiled it
  std::string least_glibc;        // the oldest that has all it needs; empty: not known, or it was built for musl
  std::string least_glibc_needs;  // a name for which it must be that one: "getrandom"

  std::string cxx_runtime;             // "libstdc++", "libc++"
  std::vector<std::string> compilers;  // what .comment names; sorted
  std::string rust;                    // "1.83.0"; empty: no Rust in it
  std::string panic;                   // "unwind", "abort"; empty: not known
  size_t unwinder_names = 0;           // _Unwind_… that it needs from elsewhere

  size_t bitcode = 0, gimple = 0;  // objects that hold code for an optimiser alone: LLVM's, GCC's
  size_t old_constructors = 0;     // objects with .ctors or .dtors
  size_t ifuncs = 0;               // objects that define functions that are chosen at start
  size_t executable_stacks = 0;    // objects that ask for an executable stack
  size_t not_pic = 0;              // objects whose code cannot be loaded at any address
  std::string not_pic_example;     // a member's name
  std::string cpu;                 // "x86-64-v3": the least that it says it needs; empty: it does not say
  size_t build_paths = 0;          // texts in it that are paths of the machine that built it
  std::string build_path;          // one of them

  std::vector<std::string> api;            // the public names that a program may use, sorted: what the trial uses
  bool api_is_mangled = false;             // there is no C API: those are C++'s or Rust's
  std::vector<std::string> runtime_names;  // of a language runtime, strongly defined: "rust_eh_personality"
  std::vector<Clash> clashes;
};

absl::StatusOr<ArchiveFacts> ReadArchive(const std::string& path);
// True for a file that begins as an archive does; reads nothing else.
bool IsArchiveFile(const std::string& path);

// The library that a public name belongs to by the beginning of its name; empty: none that is known to be bundled.
// `archive`: libsqlite3.a is SQLite, and does not bundle it.
absl::string_view BundledLibrary(absl::string_view symbol, absl::string_view archive);

enum class Outcome {
  kLinks,  // as it is, with the libraries that are named
  kAided,  // because of what cgo-ld-shim does beside naming libraries
  kCannot,
  kNotTried,  // nothing here can link for it
};
// "links", "aided", "cannot", "not-tried": as the reports for programs have it.
const char* NameOf(Outcome outcome);

// What a link with the archive came to.
struct TargetResult {
  std::string os = "linux", arch;  // Go's names
  target::Libc libc;
  Outcome outcome = Outcome::kNotTried;
  bool asked_for = false;              // by --target
  std::vector<std::string> libraries;  // that a consumer must bring, in a linker's order: "-lstdc++", "/x/libdep.a"
  bool cycle = false;                  // they and the archive need one another: GNU ld wants them in a group
  std::vector<std::string> aids;       // what cgo-ld-shim does: one clause each
  std::string reason;                  // kCannot, kNotTried: why, as a clause
  std::vector<std::string> details;    // kCannot: what is missing, a line each
  std::vector<std::string> ways_out;   // kCannot: what helps, tried or saying that it was not
  std::string Name() const;            // "linux/amd64, glibc"
};

// A target that somebody asks for: "linux/arm64", which means both C libraries, or "aarch64-linux-musl".
struct Wanted {
  std::string arch;
  target::LibcFamily libc = target::LibcFamily::kNone;  // none: both
};
// Errors: kInvalidArgument for what is no Linux target.
absl::StatusOr<Wanted> ParseTarget(absl::string_view text);

// Links a program with the archive for each target: those that are wanted, otherwise each C library on the archive's
// own architecture. Settings in the environment do not count, but for CGO_LD_SHIM_ZIG. Compiles a small file with the
// target's compiler. `say` is called with a line for the terminal before zig builds a C library, which takes a minute,
// once for a target.
std::vector<TargetResult> TryTargets(const ArchiveFacts& facts, const std::vector<Wanted>& wanted,
                                     const char* const* envp, absl::FunctionRef<void(const std::string& line)> say);

struct Report {
  ArchiveFacts facts;
  std::vector<TargetResult> targets;
  std::vector<inspect::Finding> findings;
  // "linux,amd64 LDFLAGS: -L${SRCDIR} -lslim -lm", without "#cgo"; a line for each architecture
  std::vector<std::string> cgo_lines;
  int exit_status = 0;  // 1: users will stumble over something
};
// Fills `findings`, `cgo_lines` and `exit_status`.
void Judge(Report* report);

// The verdicts first, then what to know, then what to write into a Go file.
std::string ReportText(const Report& report, const report::TextOptions& options);

// An archive that was looked at, or why it could not be.
struct Linted {
  std::string path;
  std::string error;  // empty: read
  Report report;
};
// docs/lint.md describes it; ends with a line end.
std::string ToJson(const std::vector<Linted>& all);

}  // namespace cgo_ld_shim::lint

#endif  // CGO_LD_SHIM_LINT_LINT_H_
