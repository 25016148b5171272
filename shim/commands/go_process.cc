#include "shim/commands/go_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <iterator>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "doctor/zig_libraries.h"
#include "report/asked_names.h"
#include "report/marks.h"
#include "report/screen.h"
#include "shim/commands/commands.h"
#include "shim/commands/go_output.h"
#include "shim/commands/terminal.h"
#include "support/process.h"

namespace cgo_ld_shim::commands {
namespace {

// How long an unfinished line may wait for its end before it is shown: long for a program, short for a person.
constexpr int kIdleMs = 100;

volatile sig_atomic_t g_child = 0;

// A terminal sends its signals to go as well; those of other processes are for us alone, and forwarded.
void ForwardSignal(int signal, siginfo_t* info, void* /*context*/) {
  if (info->si_code != SI_KERNEL && g_child > 0) ::kill(g_child, signal);
}

// Handlers, not SIG_IGN: execve gives the child the default action back. What is ignored stays ignored (nohup).
void CatchSignals() {
  for (const int signal : {SIGINT, SIGQUIT, SIGTERM, SIGHUP}) {
    struct sigaction old = {};
    if (::sigaction(signal, nullptr, &old) != 0 || old.sa_handler == SIG_IGN) continue;
    struct sigaction action = {};
    action.sa_sigaction = ForwardSignal;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    ::sigaction(signal, &action, nullptr);
  }
}

struct Pipe {
  int read_end = -1, write_end = -1;
  Pipe() = default;
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    Close(&read_end);
    Close(&write_end);
  }
  bool Open() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return false;
    read_end = ends[0];
    write_end = ends[1];
    // The read ends are emptied after the child has gone, without waiting for those who may still hold the other end.
    return ::fcntl(read_end, F_SETFL, O_NONBLOCK) == 0;
  }
  static void Close(int* end) {
    if (*end >= 0) ::close(*end);
    *end = -1;
  }
};

void WriteAll(absl::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EAGAIN) {
      pollfd ready = {STDERR_FILENO, POLLOUT, 0};
      ::poll(&ready, 1, -1);
      continue;
    }
    if (written <= 0) return;
    text.remove_prefix(static_cast<size_t>(written));
  }
}

// Reads what is there. False at the end.
template <class Use>
bool ReadAvailable(int file, const Use& use) {
  char buffer[16384];
  while (true) {
    const ssize_t count = ::read(file, buffer, sizeof buffer);
    if (count > 0) {
      use(absl::string_view(buffer, static_cast<size_t>(count)));
    } else if (count == 0) {
      return false;
    } else if (errno != EINTR) {
      return errno == EAGAIN;
    }
  }
}

// Whole lines of the progress pipe, each once: ten links of one build wait for the same library.
class Progress {
 public:
  void Add(absl::string_view bytes) {
    absl::StrAppend(&text_, bytes);
    for (size_t end; (end = text_.find('\n')) != std::string::npos; text_.erase(0, end + 1)) {
      const std::string line = text_.substr(0, end);
      if (asked_.Add(line)) continue;
      if (said_.insert(line).second) WriteAll(absl::StrCat("cgo-ld-shim: ", line, "\n"));
    }
  }

  // What the links together have to say, when there are no more.
  std::string Complaint() const { return asked_.Complaint(); }

 private:
  std::string text_;
  std::set<std::string> said_;
  report::AskedNames asked_;
};

int EndLike(int status) {
  if (!WIFSIGNALED(status)) return WEXITSTATUS(status);
  const int signal = WTERMSIG(status);
  ::signal(signal, SIG_DFL);
  ::raise(signal);
  return 128 + signal;  // a signal that is blocked or does not end a process
}

}  // namespace

int RunGoProcess(const std::string& go, const std::vector<std::string>& argv, std::vector<std::string> environment,
                 Stderr stderr_is, const StderrDesk& desk) {
  const bool filter_stderr = stderr_is != Stderr::kOwn;
  Pipe error, progress;
  if (!progress.Open() || (filter_stderr && !error.Open())) return -1;
  // Go hands its children no files but their own three; by this name they can open one of ours.
  environment.push_back(absl::StrCat(doctor::kProgressVariable, "=/proc/", ::getpid(), "/fd/", progress.write_end));
  const std::string word = absl::StrFormat("%016x", std::random_device()() | static_cast<uint64_t>(::getpid()) << 32);
  if (filter_stderr) environment.push_back(absl::StrCat(report::kMarkVariable, "=", word));
  environment.push_back(absl::StrCat(report::kScreenVariable, "=", report::ScreenValue(ErrorOptions())));
  const std::vector<char*> arguments = support::Pointers(argv), variables = support::Pointers(environment);
  CatchSignals();
  // A signal that comes before g_child is known would be lost: it waits.
  sigset_t all, before;
  ::sigfillset(&all);
  ::sigprocmask(SIG_BLOCK, &all, &before);
  int reason = 0;
  const pid_t child = support::StartProcess(go, arguments.data(),
                                            {.environment = variables.data(),
                                             .error = filter_stderr ? error.write_end : -1,
                                             .null_input = false,
                                             .signals = &before,
                                             .dies_with_us = false},
                                            &reason);
  g_child = child;
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  if (child < 0) {
    errno = reason;
    return -1;
  }
  Pipe::Close(&error.write_end);

  OutputFilter filter(word, WriteAll, stderr_is == Stderr::kSummaries ? OutputFilter::Keep(KeepOutput) : nullptr);
  Progress lines;
  // Since Linux 5.3; without it the child's end is noticed at the next look.
  int ended = static_cast<int>(::syscall(SYS_pidfd_open, child, 0));
  const bool has_ended = ended >= 0;
  int status = 0;
  while (true) {
    pollfd files[] = {
        {error.read_end, POLLIN, 0}, {progress.read_end, POLLIN, 0}, {ended, POLLIN, 0}, {desk.file(), POLLIN, 0}};
    const int ready = ::poll(files, std::size(files), filter.IsWaiting() || !has_ended ? kIdleMs : -1);
    const bool asked = files[3].revents != 0;
    const pid_t gone = ::waitpid(child, &status, WNOHANG);
    if (error.read_end >= 0 && !ReadAvailable(error.read_end, [&](absl::string_view bytes) { filter.Add(bytes); }))
      Pipe::Close(&error.read_end);
    (void)ReadAvailable(progress.read_end, [&](absl::string_view bytes) { lines.Add(bytes); });
    if (ready == 0 || asked) filter.Idle();
    if (asked) desk.Answer();
    if (gone == child || (gone < 0 && errno == ECHILD)) break;
  }
  g_child = 0;
  Pipe::Close(&ended);
  filter.Finish();
  const std::string complaint = lines.Complaint();
  WriteAll(complaint);
  if (!complaint.empty() && WIFEXITED(status) && WEXITSTATUS(status) == 0) return kFailed;
  return EndLike(status);
}

}  // namespace cgo_ld_shim::commands
