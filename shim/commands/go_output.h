// What `cgo-ld-shim go` shows of go's stderr: all of it, but for a failed link that we have explained.
//
// For such a link Go prints the linker's whole command line, then the linker's words, then ours:
//
//   # example.com/kv
//   …/link: running cgo-ld-shim failed: exit status 1
//   /usr/bin/cgo-ld-shim -m64 -o $WORK/b001/exe/a.out … (thousands of characters)
//   ld.lld: error: undefined symbol: …                 (dozens of lines)
//   cgo-ld-shim explains WORD                          (report/marks.h)
//   cgo-ld-shim: cannot link kv statically: 13 symbols are only in a shared library
//   …
//   cgo-ld-shim has explained WORD
//
// What stands between the first line and the first mark goes to a file, which is named after our last line; the marks
// themselves are never shown. Whatever does not look exactly like that is shown as it comes. Behind all of it, when go
// has ended, stands a line for each header and each pkg-config package that was missing (missing_inputs.h).
//
// Example:
//   OutputFilter filter(word, show, keep);
//   filter.Add(bytes);     // as they come
//   filter.Idle();         // nothing came for a moment: an unfinished line is shown
//   filter.Finish();
#ifndef CGO_LD_SHIM_SHIM_COMMANDS_GO_OUTPUT_H_
#define CGO_LD_SHIM_SHIM_COMMANDS_GO_OUTPUT_H_

#include <functional>
#include <string>

#include "absl/strings/string_view.h"
#include "report/marks.h"
#include "shim/commands/missing_inputs.h"

namespace cgo_ld_shim::commands {

class OutputFilter {
 public:
  using Show = std::function<void(absl::string_view)>;
  // Keeps the complete text of one failed link, and returns where; empty: it could not, so the text is shown after all.
  // Without such a function all is shown as it comes, but for the marks.
  using Keep = std::function<std::string(absl::string_view)>;
  OutputFilter(absl::string_view word, Show show, Keep keep)
      : begin_(report::BeginLine(word)), end_(report::EndLine(word)), show_(std::move(show)), keep_(std::move(keep)) {}

  void Add(absl::string_view bytes);
  // Whether Idle would show something.
  bool IsWaiting() const { return !tail_.empty() && state_ != State::kHeld; }
  void Idle();
  void Finish();

 private:
  enum class State {
    kPass,  // not in a failed link
    kHeld,  // between Go's line and our first mark
    kOurs,  // in our words
  };
  void Line(absl::string_view line);  // with its line end
  void ShowHeld();
  void EndBlock();

  const std::string begin_, end_;  // the marks
  const Show show_;
  const Keep keep_;
  State state_ = State::kPass;
  MissingInputs missing_;
  std::string tail_;            // a line whose end has not come yet
  bool tail_is_shown_ = false;  // its beginning was shown by Idle
  std::string held_;            // what is not shown
  std::string ours_;            // our words of this link
};

// Stores a text in the state directory, where the newest few are kept; the file's path, or empty when that failed.
std::string KeepOutput(absl::string_view text);

}  // namespace cgo_ld_shim::commands

#endif  // CGO_LD_SHIM_SHIM_COMMANDS_GO_OUTPUT_H_
