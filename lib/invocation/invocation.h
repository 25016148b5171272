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
#include "invocation/kinds.h"

namespace cgo_ld_shim::invocation {

// One argument of a driver's command line (gcc's or clang's), typed. Arguments keep their order and their spelling.
struct Argument {
  ArgType type;
  std::string value;  // without the flag's own letters (see ArgType); the first word for types that are flags alone
  std::vector<std::string> words;  // the words of the command line that it was written as (`-o`, `x`); what it is
                                   // printed as again. For kLinker words out of one -Wl,a,b: `-Wl,a` each.
  int group = -1;                  // kLinker words that came from one word of the command line share a number
};

// A whole call.
struct Invocation {
  CallKind kind = CallKind::kOther;
  bool cxx = false;                   // called as C++ compiler (argv[0] ends in "++")
  std::vector<std::string> argv;      // as received, argv[0] first
  std::vector<std::string> expanded;  // argv[1..] with every @file replaced by what it holds
  std::vector<Argument> arguments;    // `expanded`, typed
  std::string response_file;          // the first @file of argv, without the @; empty: none
  std::string output;                 // -o's value; "a.out" when there is none
  std::string cwd;                    // absolute
};

// Types every argument. `kind` is QuickClassify's view of `expanded`, checked against the files where words alone can
// mislead: a link flag probe is one only when its trivial.c holds cmd/link's text and lies beside go.o, and a link of
// go.o without 000000.o is a final link only when that object is Go's. Otherwise the call is kOther, and somebody's own
// trivial.c is compiled. Errors: kNotFound for a response file that is not there (named), kInvalidArgument for an
// unterminated quote or response files that include one another.
absl::StatusOr<Invocation> Classify(const std::vector<std::string>& argv, absl::string_view cwd);

// Response files. Go writes one %q word a line (strconv.Quote: \n, \t, \x41, \u00e9, \U…); gcc's own quoting
// (libiberty's buildargv) knows '…', "…" and backslashes. Both are read by one routine; a file whose every line is a
// Go-quoted word is read as Go's. Nested @files are expanded, relative to `cwd` as gcc does; `@name` of a file that
// does not exist is an error for the outermost (`required`), and stays a literal word inside, as in gcc.
absl::StatusOr<std::vector<std::string>> ExpandResponseFiles(const std::vector<std::string>& args,
                                                             absl::string_view cwd);
absl::StatusOr<std::vector<std::string>> ParseResponseText(absl::string_view text);

// The command line again, from arguments: kLinker words of one group are joined into one -Wl,a,b.
std::vector<std::string> Spell(const std::vector<Argument>& arguments);

}  // namespace cgo_ld_shim::invocation

#endif  // CGO_LD_SHIM_INVOCATION_INVOCATION_H_
