#include "support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "support/file.h"
#include "support/interrupt.h"
#include "support/path.h"
#include "support/settings.h"

namespace cgo_ld_shim::support {
namespace {

// Our environment with `replacements` laid over it and the depth raised by one: a compiler that calls us again is found
// out wherever it is started from.
std::vector<std::string> ChildEnvironment(const std::vector<std::string>& replacements) {
  int depth = 0;
  if (const char* text = std::getenv(kDepthVariable)) (void)absl::SimpleAtoi(text, &depth);
  std::vector<std::string> all = {absl::StrCat(kDepthVariable, "=", depth + 1)};
  all.insert(all.end(), replacements.begin(), replacements.end());
  const size_t replaced = all.size();
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const absl::string_view line = *entry;
    const absl::string_view name_equals = line.substr(0, line.find('=') + 1);
    bool hidden = false;
    for (size_t i = 0; i < replaced && !hidden; ++i) {
      hidden = absl::string_view(all[i]).substr(0, name_equals.size()) == name_equals;
    }
    if (!hidden) all.emplace_back(line);
  }
  return all;
}

absl::Status CannotStart(const std::string& program, int error) {
  std::string message = absl::StrCat("cannot start ", program, ": ", ErrnoText(error));
  if (error == ENOENT) return absl::NotFoundError(message);
  if (error == EAGAIN || error == ENOMEM || error == EMFILE || error == ENFILE) {
    return absl::ResourceExhaustedError(message);
  }
  return absl::PermissionDeniedError(message);
}

struct Pipe {
  int read_end = -1, write_end = -1;
  bool Open() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return false;
    read_end = ends[0];
    write_end = ends[1];
    return true;
  }
  void CloseWrite() { CloseFd(&write_end); }
  void CloseRead() { CloseFd(&read_end); }
  ~Pipe() {
    CloseRead();
    CloseWrite();
  }

 private:
  static void CloseFd(int* fd) {
    if (*fd >= 0) ::close(*fd);
    *fd = -1;
  }
};

// How long a program that has ended may keep us waiting: one that it has started, and that goes on, may hold its pipes.
// A compiler launcher's server would do so for ever; what a shell's `tee` has still to say comes at once.
constexpr int kSilenceAfterEnd = 2000;  // milliseconds

// Reads both pipes to their ends at once, so that a child that fills one while we wait at the other cannot hang us.
void Drain(pid_t child, Pipe* out, std::string* out_text, Pipe* err, std::string* err_text) {
  const int child_fd = static_cast<int>(::syscall(SYS_pidfd_open, child, 0));  // -1: a kernel before 5.3
  pollfd fds[3] = {{out->read_end, POLLIN, 0}, {err->read_end, POLLIN, 0}, {child_fd, POLLIN, 0}};
  std::string* texts[2] = {out_text, err_text};
  char buffer[16384];
  int patience = -1;
  while (fds[0].fd >= 0 || fds[1].fd >= 0) {
    const int ready = ::poll(fds, 3, patience);
    if (ready == 0 || (ready < 0 && errno != EINTR)) break;
    if (ready < 0) continue;
    if (fds[2].revents != 0) {
      patience = kSilenceAfterEnd;
      fds[2].fd = -1;
      fds[2].revents = 0;
    }
    for (int i = 0; i < 2; ++i) {
      if (fds[i].fd < 0 || fds[i].revents == 0) continue;
      const ssize_t n = ::read(fds[i].fd, buffer, sizeof buffer);
      if (n > 0) {
        texts[i]->append(buffer, static_cast<size_t>(n));
      } else if (n == 0 || errno != EINTR) {
        fds[i].fd = -1;
      }
    }
  }
  if (child_fd >= 0) ::close(child_fd);
}

// Null: processes are really started.
ProcessRunner* replaced_runner = nullptr;

}  // namespace

ScopedProcessRunner::ScopedProcessRunner(ProcessRunner* runner) : before_(std::exchange(replaced_runner, runner)) {}
ScopedProcessRunner::~ScopedProcessRunner() { replaced_runner = before_; }

// Not what execvp would take: it looks into the current directory for an empty or relative entry of PATH.
std::string ProgramFor(const std::string& name, const std::vector<std::string>& environment) {
  // A relative path is a checkout's as well.
  if (absl::StrContains(name, "/")) return name[0] == '/' ? name : "";
  absl::string_view path = kDefaultPath;
  for (absl::string_view entry : environment) {
    if (absl::ConsumePrefix(&entry, "PATH=")) {
      path = entry;
      break;
    }
  }
  return FindProgram(name, path).value_or("");
}

namespace {

// What a new process needs until it has become its program.
struct Start {
  const char* program;
  char* const* argv;
  const StartOptions& options;
  const sigset_t& signals;  // those to be blocked in it
  pid_t parent;
  int failure = 0;  // errno's value, where it could not become it
};

// Runs in the new process, on a stack of its own, while the parent stands still and shares its memory with it.
int BecomeProgram(void* data) {
  Start* start = static_cast<Start*>(data);
  const StartOptions& options = start->options;
  LetInterruptsEnd();
  ::signal(SIGXFSZ, SIG_DFL);  // which a link ignores (shim/final_link.cc)
  ::sigprocmask(SIG_SETMASK, &start->signals, nullptr);
  if (options.dies_with_us) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != start->parent) ::_exit(1);
  }
  if (options.null_input) {
    const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null >= 0) ::dup2(null, STDIN_FILENO);
  }
  if (options.output >= 0) ::dup2(options.output, STDOUT_FILENO);
  if (options.error >= 0) ::dup2(options.error, STDERR_FILENO);
  if (*options.working_directory == '\0' || ::chdir(options.working_directory) == 0) {
    // It has a slash, so nothing is searched; only its way with scripts without a first line "#!" is wanted.
    ::execvpe(start->program, start->argv, options.environment);
  }
  start->failure = errno;
  ::_exit(127);
}

}  // namespace

int StartProcess(const std::string& program, char* const* argv, const StartOptions& options, int* error) {
  // execvpe lays a script's arguments onto the stack.
  size_t words = 0;
  while (argv[words] != nullptr) ++words;
  const size_t size = (size_t{64} << 10) + (words * sizeof(char*));
  const std::unique_ptr<char[]> stack(new char[size]);
  // A signal in between must not find the child with our handlers.
  sigset_t all, before;
  ::sigfillset(&all);
  ::sigprocmask(SIG_BLOCK, &all, &before);
  Start start{.program = program.c_str(),
              .argv = argv,
              .options = options,
              .signals = options.signals != nullptr ? *options.signals : before,
              .parent = ::getpid()};
  // As posix_spawn does it, which has no way to ask for PR_SET_PDEATHSIG: no page of ours is copied, and this returns
  // when the program has taken the child's place, or could not.
  char* top = stack.get() + size;
  top -= reinterpret_cast<uintptr_t>(top) % 16;
  const pid_t child = ::clone(&BecomeProgram, top, CLONE_VM | CLONE_VFORK | SIGCHLD, &start);
  *error = child < 0 ? errno : start.failure;
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  if (child < 0 || *error == 0) return child;
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  return -1;
}

std::vector<char*> Pointers(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

std::string EndText(int exit_status, int signal) {
  if (signal == 0) return absl::StrCat("ended with status ", exit_status);
  const char* name = ::strsignal(signal);
  return absl::StrCat("was killed by signal ", signal, name != nullptr ? absl::StrCat(" (", name, ")") : "");
}

int WaitForChild(pid_t child) {
  int status = 0;
  for (int tries = 0; ::waitpid(child, &status, 0) < 0;) {
    if (errno == EINTR) continue;
    // It may still write what we would take for finished.
    ::kill(child, SIGKILL);
    status = SIGKILL;
    if (++tries == 2) break;
  }
  return status;
}

absl::StatusOr<ProcessResult> RunProcess(const std::vector<std::string>& argv, const ProcessOptions& options) {
  if (replaced_runner != nullptr) return replaced_runner->Run(argv, options);
  Pipe out, err;
  if (!out.Open() || !err.Open()) {
    return absl::ResourceExhaustedError(absl::StrCat("cannot start ", argv[0], ": ", ErrnoText(errno)));
  }
  const std::vector<std::string> environment = ChildEnvironment(options.environment);
  const std::vector<char*> argv_pointers = Pointers(argv), environment_pointers = Pointers(environment);
  StartOptions start{.environment = environment_pointers.data(),
                     .working_directory = options.working_directory.c_str(),
                     .null_input = !options.inherit_input};
  if (!options.inherit_output) {
    start.output = out.write_end;
    start.error = options.merge_stderr ? out.write_end : err.write_end;
  }
  CatchInterrupts();
  int error = 0;
  Ward ward;
  const pid_t child = StartProcess(ProgramFor(argv[0], environment), argv_pointers.data(), start, &error);
  if (child < 0) return CannotStart(argv[0], error);
  out.CloseWrite();
  err.CloseWrite();
  ProcessResult result;
  Drain(child, &out, &result.output, &err, &result.error);
  const int status = WaitForChild(child);
  if (WIFSIGNALED(status)) {
    result.signal = WTERMSIG(status);
    result.exit_status = 128 + result.signal;
  } else {
    result.exit_status = WEXITSTATUS(status);
  }
  return result;
}

absl::Status ExecProcess(const std::vector<std::string>& argv) {
  const std::vector<std::string> environment = ChildEnvironment({});
  ::execvpe(ProgramFor(argv[0], environment).c_str(), Pointers(argv).data(), Pointers(environment).data());
  return CannotStart(argv[0], errno);
}

}  // namespace cgo_ld_shim::support
