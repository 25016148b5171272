// Starting other programs: by fork and execve with an argument vector, never through a shell, and found by FindProgram
// (file.h), never in the current directory.
//
// Example:
//   absl::StatusOr<ProcessResult> r = RunProcess({"gcc", "-dumpmachine"}, {.environment = {"LC_ALL=C"}});
//   if (r.ok() && r->exit_status == 0) use(r->output);
#ifndef CGO_LD_SHIM_SUPPORT_PROCESS_H_
#define CGO_LD_SHIM_SUPPORT_PROCESS_H_

#include <signal.h>
#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace cgo_ld_shim::support {

struct ProcessResult {
  int exit_status = 0;  // of a normal end; 128 + signal number when a signal ended it
  int signal = 0;       // the signal that ended it; 0: none
  std::string output;   // stdout
  std::string error;    // stderr
};

struct ProcessOptions {
  std::vector<std::string> environment;  // "NAME=value", replacing or added to ours
  std::string working_directory;         // empty: ours
  bool merge_stderr = false;             // stderr goes to `output`, in the order of writing
  bool inherit_output = false;           // the child writes to our stdout and stderr; nothing is captured
  bool inherit_input = false;            // the child reads our stdin instead of /dev/null
};

// Runs `argv` to its end, with stdin from /dev/null. What a program that it leaves behind may still write is not waited
// for. Errors: kNotFound when argv[0] cannot be started.
absl::StatusOr<ProcessResult> RunProcess(const std::vector<std::string>& argv, const ProcessOptions& options = {});

// A program that has been started, for those who wait for it by themselves.
struct StartOptions {
  char* const* environment = nullptr;  // all of it
  const char* working_directory = "";  // empty: ours
  int output = -1, error = -1;         // become its stdout and stderr; -1: ours
  bool null_input = true;              // its stdin is /dev/null; otherwise ours
  const sigset_t* signals = nullptr;   // that are blocked in it; null: those that are now
  bool dies_with_us = true;            // by SIGTERM, when this process ends before it, by SIGKILL say
};
// `program` is what FindProgram found. The child's signals are those of a new program. errno's value in `*error` when
// it cannot be started; the result is its process id, or -1.
int StartProcess(const std::string& program, char* const* argv, const StartOptions& options, int* error);

// Waits for a child's end, and returns its status as waitpid gives it. One that cannot be waited for is killed, and
// that is its status.
int WaitForChild(pid_t child);

// The file to execute for argv[0] with this PATH in `environment` ("NAME=value"), or kDefaultPath: found by
// FindProgram, never in the current directory. Empty when there is none.
std::string ProgramFor(const std::string& name, const std::vector<std::string>& environment);

// The seam behind RunProcess: tests put a runner of theirs in its place, and nothing is started.
class ProcessRunner {
 public:
  virtual ~ProcessRunner() = default;
  virtual absl::StatusOr<ProcessResult> Run(const std::vector<std::string>& argv, const ProcessOptions& options) = 0;
};
// As long as it lives, RunProcess asks `runner`, which outlives it. Not for threads.
class ScopedProcessRunner {
 public:
  explicit ScopedProcessRunner(ProcessRunner* runner);
  ~ScopedProcessRunner();
  ScopedProcessRunner(const ScopedProcessRunner&) = delete;
  ScopedProcessRunner& operator=(const ScopedProcessRunner&) = delete;

 private:
  ProcessRunner* const before_;
};

// argv and environments as execve wants them, with a null pointer at the end; the pointers live as long as `words`.
std::vector<char*> Pointers(const std::vector<std::string>& words);

// How a program ended, for people: "ended with status 1", "was killed by signal 9 (Killed)".
std::string EndText(int exit_status, int signal);

// Replaces this process by `argv` with our depth variable raised by one (see invocation/front). Returns only on
// failure.
absl::Status ExecProcess(const std::vector<std::string>& argv);

}  // namespace cgo_ld_shim::support

#endif  // CGO_LD_SHIM_SUPPORT_PROCESS_H_
