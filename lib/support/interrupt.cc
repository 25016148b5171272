#include "support/interrupt.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "support/temporary.h"

namespace cgo_ld_shim::support {
namespace {

constexpr int kSignals[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};

volatile sig_atomic_t g_ward = 0;  // 0: none; -1: it is being started
volatile sig_atomic_t g_signal = 0;
volatile sig_atomic_t g_remember = 0;

// Sends `signal` to every child of this process, the adopted ones with them.
void SignalChildren(int signal) {
  const int file = ::open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    if (g_ward > 0) ::kill(g_ward, signal);
    return;
  }
  char buffer[4096];
  pid_t pid = 0;
  for (ssize_t size; (size = ::read(file, buffer, sizeof buffer)) > 0;) {
    for (ssize_t i = 0; i < size; ++i) {
      if (buffer[i] >= '0' && buffer[i] <= '9') {
        pid = pid * 10 + (buffer[i] - '0');
      } else if (pid > 0) {
        ::kill(pid, signal);
        pid = 0;
      }
    }
  }
  ::close(file);
}

// Each round takes those whose parents have just gone. A compiler removes its temporary files on SIGTERM; who does not
// end by it in two seconds is ended by force.
void EndChildren() {
  if (g_ward == 0) return;
  constexpr int kRounds = 400, kPatience = 200, kRoundMs = 10;
  for (int round = 0; round < kRounds; ++round) {
    SignalChildren(round < kPatience ? SIGTERM : SIGKILL);
    pid_t gone;
    while ((gone = ::waitpid(-1, nullptr, WNOHANG)) > 0) {
    }
    if (gone < 0 && errno == ECHILD) return;
    ::poll(nullptr, 0, kRoundMs);
  }
}

void OnInterrupt(int signal, siginfo_t* info, void* /*context*/) {
  const int error = errno;
  if (g_remember != 0) {
    g_signal = signal;
    // A terminal sends its signals to the child as well; those of other processes are for us alone.
    if (info->si_code != SI_KERNEL && g_ward > 0) ::kill(g_ward, signal);
    errno = error;
    return;
  }
  EndChildren();
  RemoveTemporaries();
  ::signal(signal, SIG_DFL);
  sigset_t only;
  ::sigemptyset(&only);
  ::sigaddset(&only, signal);
  ::sigprocmask(SIG_UNBLOCK, &only, nullptr);
  ::raise(signal);
}

}  // namespace

void CatchInterrupts() {
  static bool caught = false;
  if (std::exchange(caught, true)) return;
  for (const int signal : kSignals) {
    struct sigaction old = {};
    if (::sigaction(signal, nullptr, &old) != 0 || old.sa_handler == SIG_IGN) continue;
    struct sigaction action = {};
    action.sa_sigaction = OnInterrupt;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    // One at a time: cleaning up is not done twice.
    for (const int other : kSignals) ::sigaddset(&action.sa_mask, other);
    ::sigaction(signal, &action, nullptr);
  }
}

void LetInterruptsEnd() {
  for (const int signal : kSignals) {
    struct sigaction old = {};
    if (::sigaction(signal, nullptr, &old) == 0 && old.sa_handler != SIG_IGN) ::signal(signal, SIG_DFL);
  }
}

Ward::Ward() {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  g_ward = -1;
}
void Ward::Is(pid_t child) { g_ward = child; }
Ward::~Ward() {
  g_ward = 0;
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}

InterruptsRemembered::InterruptsRemembered() : before_(g_remember != 0) {
  CatchInterrupts();
  g_signal = 0;
  g_remember = 1;
}
InterruptsRemembered::~InterruptsRemembered() { g_remember = before_ ? 1 : 0; }
int InterruptsRemembered::signal() const { return g_signal; }

void EndBySignal(int signal) {
  RemoveTemporaries();
  ::signal(signal, SIG_DFL);
  ::raise(signal);
  ::_exit(128 + signal);
}

}  // namespace cgo_ld_shim::support
