// What a person can ask of this program: `cgo-ld-shim go`, `env`, `explain`, and so on, one file a command, one table
// for all.
//
// Example:
//   if (const commands::Command* command = commands::Find(args[0])) return commands::Run(args);
//
// A command gets the words after its name and returns the exit status: kOk, kFailed or kUsage; `go` that of the go
// command. Each prints its help for --help, and what is wrong on stderr, with "cgo-ld-shim: " before it.
#ifndef CGO_LD_SHIM_SHIM_COMMANDS_COMMANDS_H_
#define CGO_LD_SHIM_SHIM_COMMANDS_COMMANDS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::commands {

inline constexpr int kOk = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;

struct Command {
  const char* name;
  int (*function)(const std::vector<std::string>& args);
  const char* summary;  // one line of `help`; nullptr: not shown there
  const char* help;     // usage, what it does, an example
};

// In the order in which `help` shows them. A new command is a row here, and a word in the front's list (shim/front.cc).
extern const Command kCommands[];
extern const size_t kCommandCount;

const Command* Find(absl::string_view name);  // nullptr: there is none

// Runs the command that args[0] names; without words it shows all commands. A name that is none is answered with the
// nearest.
int Run(const std::vector<std::string>& args);

// True when the words are a mistyped command: a single first word of lower-case letters, near a
// command's name, that names no file. Anything else without a command is for the compiler.
bool LooksMistyped(const std::vector<std::string>& args);

// "cgo-ld-shim 0.1.0 · lld 22.1.8 · zlib", and a line end.
std::string VersionText();

int GoCommand(const std::vector<std::string>& args);
int EnvCommand(const std::vector<std::string>& args);
int ExplainCommand(const std::vector<std::string>& args);
int WhichCommand(const std::vector<std::string>& args);
int CheckCommand(const std::vector<std::string>& args);
int LintCommand(const std::vector<std::string>& args);
int PackCommand(const std::vector<std::string>& args);
int SbomCommand(const std::vector<std::string>& args);
int DoctorCommand(const std::vector<std::string>& args);
int TargetsCommand(const std::vector<std::string>& args);
int CompletionCommand(const std::vector<std::string>& args);
int CaptureCommand(const std::vector<std::string>& args);
int BenchCommand(const std::vector<std::string>& args);
int ReplayCommand(const std::vector<std::string>& args);
int HelpCommand(const std::vector<std::string>& args);
int VersionCommand(const std::vector<std::string>& args);

}  // namespace cgo_ld_shim::commands

#endif  // CGO_LD_SHIM_SHIM_COMMANDS_COMMANDS_H_
