#include "support/measured_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "support/file.h"
#include "support/process.h"

namespace cgo_ld_shim::support {
namespace {

volatile sig_atomic_t g_child = 0;
volatile sig_atomic_t g_signal = 0;

constexpr int kSignals[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};

// A terminal sends its signals to the child as well; those of other processes are for us alone, and forwarded.
void ForwardSignal(int signal, siginfo_t* info, void* /*context*/) {
  g_signal = signal;
  if (info->si_code != SI_KERNEL && g_child > 0) ::kill(g_child, signal);
}

class SignalsCaught {
 public:
  SignalsCaught() {
    for (size_t i = 0; i < std::size(kSignals); ++i) {
      ::sigaction(kSignals[i], nullptr, &old_[i]);
      if (old_[i].sa_handler == SIG_IGN) continue;  // nohup
      struct sigaction action = {};
      action.sa_sigaction = ForwardSignal;
      action.sa_flags = SA_SIGINFO | SA_RESTART;
      ::sigaction(kSignals[i], &action, nullptr);
    }
  }
  SignalsCaught(const SignalsCaught&) = delete;
  SignalsCaught& operator=(const SignalsCaught&) = delete;
  ~SignalsCaught() {
    for (size_t i = 0; i < std::size(kSignals); ++i) ::sigaction(kSignals[i], &old_[i], nullptr);
  }

 private:
  struct sigaction old_[std::size(kSignals)];
};

double Milliseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1000 + static_cast<double>(time.tv_usec) / 1000;
}

// What a child wrote to a file in memory: unlike a pipe it needs nobody to read it while the clock runs.
std::string ReadBack(int fd) {
  std::string text;
  const off_t size = ::lseek(fd, 0, SEEK_END);
  if (size > 0) {
    text.resize(static_cast<size_t>(size));
    const ssize_t count = ::pread(fd, text.data(), text.size(), 0);
    text.resize(count > 0 ? static_cast<size_t>(count) : 0);
  }
  return text;
}

}  // namespace

absl::StatusOr<Measured> RunMeasured(const std::vector<std::string>& argv, const MeasuredOptions& options) {
  const std::vector<char*> arguments = Pointers(argv);
  // Not left to execvp, which would look into `directory` for an empty or relative entry of PATH.
  const std::string program = absl::StrContains(argv[0], "/") ? argv[0] : support::FindProgram(argv[0]).value_or("");
  const std::vector<char*> environment = Pointers(options.environment);
  int failure[2];
  if (::pipe2(failure, O_CLOEXEC) != 0)
    return absl::ResourceExhaustedError(absl::StrCat("cannot start ", argv[0], ": ", support::ErrnoText(errno)));
  const int output = options.capture ? ::memfd_create("output", MFD_CLOEXEC) : -1;
  if (output >= 0) ::fcntl(output, F_SETFL, O_APPEND);
  Measured result;
  int error = 0, status = 0;
  rusage usage = {};
  {
    g_signal = 0;
    const SignalsCaught caught;
    const auto start = std::chrono::steady_clock::now();
    const pid_t child = ::fork();
    if (child == 0) {
      const int null = ::open("/dev/null", O_RDONLY);
      if (null >= 0) ::dup2(null, 0);
      if (output >= 0) {
        ::dup2(output, 1);
        ::dup2(output, 2);
      }
      if (options.directory.empty() || ::chdir(options.directory.c_str()) == 0) {
        if (!options.environment.empty()) environ = const_cast<char**>(environment.data());
        ::execvp(program.c_str(), arguments.data());
      }
      const int reason = errno;
      (void)!::write(failure[1], &reason, sizeof reason);
      ::_exit(127);
    }
    if (child < 0) error = errno;
    g_child = child;
    while (child > 0 && ::wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {
    }
    result.wall_ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    g_child = 0;
  }
  ::close(failure[1]);
  if (error == 0 && ::read(failure[0], &error, sizeof error) != sizeof error) error = 0;
  ::close(failure[0]);
  if (output >= 0) {
    result.messages = ReadBack(output);
    ::close(output);
  }
  if (error != 0) return absl::NotFoundError(absl::StrCat("cannot start ", argv[0], ": ", support::ErrnoText(error)));
  result.exit_status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  result.interrupted = g_signal;
  result.cpu_ms = Milliseconds(usage.ru_utime) + Milliseconds(usage.ru_stime);
  result.peak_bytes = static_cast<uint64_t>(usage.ru_maxrss) * 1024;
  return result;
}

void EndBySignal(int signal) {
  ::signal(signal, SIG_DFL);
  ::raise(signal);
  ::_exit(128 + signal);
}

}  // namespace cgo_ld_shim::support
