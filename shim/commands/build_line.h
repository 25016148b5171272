// Making a capture of a program's link, for `capture` and `bench`.
#ifndef CGO_LD_SHIM_SHIM_COMMANDS_BUILD_LINE_H_
#define CGO_LD_SHIM_SHIM_COMMANDS_BUILD_LINE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::commands {

// The go command that builds what `words` mean, with `output` as its output: words that begin with "go" are such a
// command already; otherwise they are a Go program, which is built again as it was, or a package; none: the package
// here. On failure the reason has been printed, and the result is empty.
struct GoBuildLine {
  std::vector<std::string> argv;         // "go", "build", "-o", OUTPUT, …
  std::string directory;                 // to run it in; empty: here
  std::vector<std::string> environment;  // "NAME=value", besides what go needs to use this program
};
GoBuildLine BuildLineFor(const std::vector<std::string>& words, const std::string& output, absl::string_view command);

// Runs the build and moves the capture of its one link to `directory`, which must not be there. Returns an exit status;
// anything but kOk was explained on stderr, and nothing is left of it.
int CaptureLink(const GoBuildLine& build, const std::string& directory, const std::string& stage);

// A new directory beside `path`, for what becomes `path` when it is complete; empty after a message.
std::string MakeStage(const std::string& path);
void RemoveTree(const std::string& directory);

}  // namespace cgo_ld_shim::commands

#endif  // CGO_LD_SHIM_SHIM_COMMANDS_BUILD_LINE_H_
