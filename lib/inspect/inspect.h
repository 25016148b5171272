// What a finished binary is, what it needs at run time, and whether it will run where nothing else is.
//
// Three steps, each a free function from values to a value: the file's own facts (ELF, Mach-O, PE; of any machine),
// what the record of its link adds (archives, who uses what), and the verdict.
//
// Example:
//   absl::StatusOr<std::vector<BinaryFacts>> read = ReadBinary("./kv");
//   for (BinaryFacts& facts : *read) {
//     if (record) AddRecord(*record, &facts);
//     Verdict verdict = Judge(facts);          // verdict.exit_status, verdict.findings
//     fmt::print("{}", FactsText(facts, verdict, {}));
//   }
//
// Everything is owned by the values. A file that is damaged is an error, never a crash: kNotFound, kPermissionDenied,
// kInvalidArgument (not a binary at all; the message says what it looks like), kDataLoss (damaged or cut off). Names in
// a file are other people's bytes: the texts show control characters as '?'.
#ifndef CGO_LD_SHIM_INSPECT_INSPECT_H_
#define CGO_LD_SHIM_INSPECT_INSPECT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "report/record.h"
#include "report/text.h"
#include "rescue/note.h"
#include "target/libc.h"

namespace cgo_ld_shim::inspect {

// A Go module that the program was built from.
struct GoModule {
  std::string path, version;  // "github.com/mattn/go-sqlite3", "v1.14.33"; "(devel)" for the program's own
  std::string hash;           // "h1:…"; empty: none
};

// What Go writes into every program it builds.
struct GoFacts {
  bool present = false;
  std::string version;  // "go1.26.8"; empty: written in the form of before Go 1.18
  std::string build_id;
  std::string package;                                        // import path of package main
  GoModule main;                                              // the main module
  std::vector<GoModule> modules;                              // the others, in Go's order; replacements applied
  std::vector<std::pair<std::string, std::string>> settings;  // "CGO_ENABLED" "1", "-buildmode" "pie", …
  std::string Setting(absl::string_view key) const;           // empty: not there
  // By the names of its functions: what it reads of the host's files, and whether it brings them itself.
  bool verifies_certificates = false, brings_certificates = false;
  bool loads_time_zones = false, brings_time_zones = false;
};

// How sure it is that the program itself uses something. glibc's own look-ups contain dlopen and setlocale, and
// libstdc++ iconv_open: that the symbol is there says little.
enum class Certainty {
  kNo,       // not in the file
  kPresent,  // in the file; by whom it is used is not known
  kUsed,     // something that is not the C library refers to it
};

// What a program can ask of the C library that behaves differently in a static program.
struct Use {
  std::string what;  // "names" (users, groups, hosts), "dlopen", "iconv", "locale"
  Certainty certainty = Certainty::kNo;
  std::vector<std::string> symbols;  // those found: "getaddrinfo", "getpwnam_r"
  std::vector<std::string> users;    // "Go code", "libsqlite3.a(sqlite3.o)"; at most 5, empty: not known
};

// An archive of the link, by the record.
struct ArchiveUse {
  std::string path;
  std::string origin;                // "given", "added", "toolchain"
  std::string as;                    // "-lz"
  std::vector<std::string> members;  // used by the link
  uint64_t file_bytes = 0;           // of the whole archive file, as the record has it
  // Code and data of these members, before the linker dropped what nothing refers to (--gc-sections). Absent: the
  // archive is no longer there, or is another one.
  std::optional<uint64_t> member_bytes;
  bool isolated = false;  // linked as a private copy (rules isolate-runtime, isolate-asked)
};

struct BinaryFacts {
  std::string path;
  uint64_t bytes = 0;        // of the file
  std::string format;        // "elf", "mach-o", "pe"
  std::string architecture;  // as LLVM says it: "x86_64", "aarch64"
  int bits = 64;
  bool big_endian = false;
  std::string system;  // "linux", "darwin", "windows", "freebsd", …; empty: not known
  // "static", "static-pie", "dynamic", "dynamic-pie", "shared", "c-shared", "plugin", "object", "core", "other"
  std::string type;
  std::string interpreter;             // the dynamic loader that it asks for
  std::vector<std::string> needed;     // shared libraries, in the file's order
  std::vector<std::string> run_paths;  // RPATH and RUNPATH
  std::string relro;                   // "none", "partial", "full"; empty: the format has none
  std::string stack;                   // "not executable", "executable", "not stated"; empty: the format does not say
  std::string no_stack_note;           // an object of it without .note.GNU-stack, by the link's record; empty: none
  uint64_t thread_stack_bytes = 0;     // what the file asks of musl for each thread; 0: nothing
  bool text_relocations = false;       // code is written to while the program starts
  std::vector<std::string> writable_code;  // segments that are both writable and executable: "0x401000 (4096 bytes)"
  bool stripped = false;                   // no symbol table
  std::string build_id;                    // GNU build ID, or Mach-O's UUID, in hex
  GoFacts go;
  bool externally_linked = false;  // a C compiler linked it, not Go's own linker
  bool compiled_by_us = false;     // its C code went through this program (the ident in .comment), whoever linked it
  target::Libc libc;
  bool libc_version_is_least = false;  // a dynamic program: the oldest version that it runs with
  std::string least_system;            // the oldest system that it says it runs on: "macOS 12.0"
  std::string cxx_runtime;             // "libstdc++", "libc++"
  std::vector<std::string> compilers;  // what .comment names, linkers as well; without repeats, sorted
  std::vector<Use> uses;
  bool nss_files = false;             // look-ups are restricted to /etc and DNS (rule nss-files)
  std::vector<std::string> stubs;     // functions that end the program when they are called; sorted
  std::vector<rescue::Note> rescued;  // what its C code was compiled with beside what it asks for
  std::string package_note;           // the JSON of .note.package; empty: none

  // From the record of the link.
  bool has_record = false;
  std::string record_output;            // where that link wrote to
  std::vector<std::string> unresolved;  // symbols that are address 0, as an option of the link asked
  std::string dynamic_reason;           // why that link was not made static; empty: it was, or nothing is said
  std::vector<ArchiveUse> archives;     // those that contributed, the largest first
  std::vector<std::string> changed;     // archives that are others now than at the link
  std::vector<std::string> isolated;    // one sentence each

  const Use* FindUse(absl::string_view what) const;
  bool IsStatic() const { return type == "static" || type == "static-pie"; }
};

// Reads a file's own facts: one element, or one for each machine of a universal Mach-O file.
absl::StatusOr<std::vector<BinaryFacts>> ReadBinary(const std::string& path);
// The same of bytes in memory; `path` is for messages.
absl::StatusOr<std::vector<BinaryFacts>> ReadBinaryBytes(absl::string_view bytes, const std::string& path);

// Adds what the record of its link knows. Archives that are still what they were are read for it.
void AddRecord(const report::LinkRecord& record, BinaryFacts* facts);
// The record that made this binary; nullopt when none fits well enough to be believed.
std::optional<report::LinkRecord> FindRecord(const std::string& path);

enum class Level {
  kGood,     // worth saying, nothing to do
  kLimit,    // works, but not as everywhere
  kProblem,  // will not run, or not do its work, in an empty container
};
struct Finding {
  std::string id;  // permanent: "dynamic", "names", "dlopen", …
  Level level = Level::kGood;
  std::string subject;  // a few words: "users and hosts"
  std::string meaning;  // one sentence without a full stop
  std::string way_out;  // what can be done; empty: nothing, or nothing needed
};
struct Verdict {
  int exit_status = 0;  // 0: runs in an empty container; 1: it does not
  std::vector<Finding> findings;
};
// `strict`: functions that end the program when they are called (stubs) are a problem, too.
Verdict Judge(const BinaryFacts& facts, bool strict = false);

// A header line, what it is made of, then "at run time".
std::string FactsText(const BinaryFacts& facts, const Verdict& verdict, const report::TextOptions& options);

// One file that was looked at: its facts, or why there are none.
struct Inspection {
  std::string path;
  std::string error;  // empty: read
  std::vector<std::pair<BinaryFacts, Verdict>> binaries;
};
// docs/check.md describes it; ends with a line end.
std::string ToJson(const std::vector<Inspection>& inspections);

}  // namespace cgo_ld_shim::inspect

#endif  // CGO_LD_SHIM_INSPECT_INSPECT_H_
