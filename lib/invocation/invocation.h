// What kind of call is this, and what does each of its arguments mean?
//
// Go calls its C compiler about 65 times in a build of a small cgo program, in a dozen ways, and exactly one of them is
// the final link. Kinds are told by what a call is (`go.o` with `000000.o`; `trivial.c` last with `a.out`; `_cgo_.o`
// without `-c`), never by a directory's name, which `-ldflags=-tmpdir=X` changes.
//
// Example:
//   CallKind kind = QuickClassify(argc, argv);                  // no allocation: the front
//   absl::StatusOr<Invocation> call = Classify(args, cwd);       // everything typed: a final link
//
// Sources: cmd/go/internal/work/{exec,gc,buildid}.go, cmd/cgo/gcc.go, cmd/link/internal/ld/lib.go of Go 1.19 to 1.26.
#ifndef CGO_LD_SHIM_INVOCATION_INVOCATION_H_
#define CGO_LD_SHIM_INVOCATION_INVOCATION_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cgo_ld_shim::invocation {

enum class CallKind {
  kToolId,          // exactly `-### -x {c,c++} -c -`
  kFlagProbe,       // ends `-x c - -o FILE`: does the compiler know a flag; goes to the compiler
  kCompile,         // -c, -E, -S, -fsyntax-only, or cgo's own queries
  kExportCompile,   // -c of `_cgo_export.c`: the object that carries our fingerprint
  kDynimportLink,   // `-o …/_cgo_.o` without -c
  kLinkFlagProbe,   // last argument …/trivial.c, output …/a.out
  kFinalLink,       // inputs hold go.o (with 000000.o), or the only argument is @…/response that does
  kQuestion,        // --version, -v, -dumpmachine, --print-…, -Wl,--version: no input
  kOther,           // anything else (make, configure, cargo): goes to the compiler unchanged
};
const char* CallKindName(CallKind kind);  // "final-link"

// Looks at argv[1..argc) once. Allocates nothing and calls nothing but memory comparisons, except that a call whose only
// argument is `@…/response` is kFinalLink at once (Go writes no other).
CallKind QuickClassify(int argc, const char* const* argv);

// One argument of a driver's command line (gcc's or clang's), typed. Arguments keep their order and their spelling.
enum class ArgType {
  kInput,         // a file by path: object, archive, shared library, source
  kLibrary,       // -lNAME (value NAME) or -l:FILE (value ":FILE")
  kLibraryDir,    // -LDIR
  kLinker,        // one word for the linker: from -Wl,a,b (one Argument a word) or -Xlinker w
  kOutput,        // -o FILE
  kStatic,        // -static
  kStaticPie,     // -static-pie
  kPie,           // -pie
  kNoPie,         // -no-pie, -nopie
  kShared,        // -shared
  kRelocatable,   // -r
  kExportDynamic, // -rdynamic
  kCompileOnly,   // flags that mean nothing to a link (-O2, -g, -f… of the compiler proper, -D, -I, -W…): no link line changes by them
  kDriver,        // every other flag: it may change what the driver does in a link (-m64, -B, --sysroot, -fuse-ld=, -fsanitize=, -nostdlib, -target, -pthread, -specs=…)
};
struct Argument {
  ArgType type;
  std::string value;       // as said above, without the flag's own letters; for kDriver and kCompileOnly the first word
  std::vector<std::string> words;  // the words of the command line that it was written as (`-o`, `x`); what it is printed as again.
                                   // For kLinker words out of one -Wl,a,b: `-Wl,a` each.
  int group = -1;          // kLinker words that came from one word of the command line share a number
};

// A whole call.
struct Invocation {
  CallKind kind = CallKind::kOther;
  bool cxx = false;                 // called as C++ compiler (argv[0] ends in "++")
  std::vector<std::string> argv;    // as received, argv[0] first
  std::vector<std::string> expanded;  // argv[1..] with every @file replaced by what it holds
  std::vector<Argument> arguments;  // `expanded`, typed
  std::string response_file;        // the outermost @file; empty: none
  std::string output;               // -o's value; "a.out" when there is none
  std::string cwd;                  // absolute
};

// Types every argument. Errors: kNotFound for a response file that is not there (named), kInvalidArgument for an
// unterminated quote or response files that include one another.
absl::StatusOr<Invocation> Classify(const std::vector<std::string>& argv, absl::string_view cwd);

// Response files. Go writes one %q word a line (strconv.Quote: \n, \t, \x41, \u00e9, \U…); gcc's own quoting
// (libiberty's buildargv) knows '…', "…" and backslashes. Both are read by one routine; a file whose every line is a
// Go-quoted word is read as Go's. Nested @files are expanded, relative to `cwd` as gcc does; `@name` of a file that does not
// exist is an error for the outermost (`required`), and stays a literal word inside, as in gcc.
absl::StatusOr<std::vector<std::string>> ExpandResponseFiles(const std::vector<std::string>& args, absl::string_view cwd);
absl::StatusOr<std::vector<std::string>> ParseResponseText(absl::string_view text);

// The command line again, from arguments: kLinker words of one group are joined into one -Wl,a,b.
std::vector<std::string> Spell(const std::vector<Argument>& arguments);

}  // namespace cgo_ld_shim::invocation

#endif  // CGO_LD_SHIM_INVOCATION_INVOCATION_H_
