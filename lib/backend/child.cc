#include "backend/child.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "support/interrupt.h"
#include "support/process.h"

namespace cgo_ld_shim::backend {
namespace {

// Faults end the child as they would end any program: our own handlers start this program anew, which is for the parent
// to decide.
void LetFaultsEnd() {
  support::LetInterruptsEnd();
  // A file that may not become as large is an error of write(2), as a full disk is.
  ::signal(SIGXFSZ, SIG_IGN);
  for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE, SIGTRAP}) ::signal(signal, SIG_DFL);
  const rlimit no_core = {};
  ::setrlimit(RLIMIT_CORE, &no_core);
}

std::string ReadFromStart(int fd) {
  std::string text;
  const off_t size = ::lseek(fd, 0, SEEK_END);
  if (size <= 0) return text;
  text.resize(static_cast<size_t>(size));
  size_t read = 0;
  while (read < text.size()) {
    const ssize_t got = ::pread(fd, text.data() + read, text.size() - read, static_cast<off_t>(read));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    read += static_cast<size_t>(got);
  }
  text.resize(read);
  return text;
}

Outcome RunHere(absl::FunctionRef<int(llvm::raw_ostream& messages)> work) {
  Outcome outcome;
  llvm::raw_string_ostream messages(outcome.messages);
  outcome.exit_status = work(messages);
  return outcome;
}

}  // namespace

Outcome RunInChild(absl::FunctionRef<int(llvm::raw_ostream& messages)> work) {
  // A file rather than a pipe: nobody has to read it while the child works, and what was said outlives it.
  const int fd = ::memfd_create("linker messages", MFD_CLOEXEC);
  if (fd < 0) return RunHere(work);
  const pid_t parent = ::getpid();
  // A signal in between must not find the child with our handlers.
  sigset_t all, before;
  ::sigfillset(&all);
  ::sigprocmask(SIG_BLOCK, &all, &before);
  const pid_t child = ::fork();
  if (child != 0) ::sigprocmask(SIG_SETMASK, &before, nullptr);
  if (child < 0) {
    ::close(fd);
    return RunHere(work);
  }
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(1);
    LetFaultsEnd();
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    llvm::raw_fd_ostream messages(fd, /*shouldClose=*/false, /*unbuffered=*/true);
    const int exit_status = work(messages);
    messages.flush();
    // lld's threads and context are the kernel's to free.
    ::_exit(exit_status);
  }
  const int status = support::WaitForChild(child);
  Outcome outcome{.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
                  .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
                  .messages = ReadFromStart(fd)};
  ::close(fd);
  return outcome;
}

}  // namespace cgo_ld_shim::backend
