#include "support/measured_process.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "support/file.h"
#include "support/interrupt.h"
#include "support/process.h"

namespace cgo_ld_shim::support {
namespace {

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
  const std::vector<char*> arguments = Pointers(argv), environment = Pointers(options.environment);
  // Not left to execvp, which would look into `directory` for an empty or relative entry of PATH.
  const std::string program = absl::StrContains(argv[0], "/") ? argv[0] : FindProgram(argv[0]).value_or("");
  const int output = options.capture ? ::memfd_create("output", MFD_CLOEXEC) : -1;
  if (output >= 0) ::fcntl(output, F_SETFL, O_APPEND);
  Measured result;
  int error = 0, status = 0;
  rusage usage = {};
  {
    const InterruptsRemembered interrupts;
    Ward ward;
    const auto start = std::chrono::steady_clock::now();
    const pid_t child = StartProcess(program, arguments.data(),
                                     {.environment = options.environment.empty() ? environ : environment.data(),
                                      .working_directory = options.directory.c_str(),
                                      .output = output,
                                      .error = output},
                                     &error);
    if (child > 0) {
      ward.Is(child);
      while (::wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {
      }
    }
    result.wall_ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    result.interrupted = interrupts.signal();
  }
  if (output >= 0) {
    result.messages = ReadBack(output);
    ::close(output);
  }
  if (error != 0) return absl::NotFoundError(absl::StrCat("cannot start ", argv[0], ": ", ErrnoText(error)));
  result.exit_status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  result.cpu_ms = Milliseconds(usage.ru_utime) + Milliseconds(usage.ru_stime);
  result.peak_bytes = static_cast<uint64_t>(usage.ru_maxrss) * 1024;
  return result;
}

}  // namespace cgo_ld_shim::support
