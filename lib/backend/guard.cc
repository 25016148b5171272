#include "backend/guard.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace cgo_ld_shim::backend {
namespace {

// What the signal handler needs; filled before it is armed, and kept until the process ends.
std::vector<std::string>* restart_text;
std::vector<char*>* restart_argv;
std::vector<char*>* restart_environment;
char* restart_signal;  // the two digits of its number

std::atomic_flag fault_taken;

void OnFault(int signal) {
  // Threads may fault together; the first restarts the process, which ends the others.
  if (fault_taken.test_and_set()) {
    while (true) ::pause();
  }
  restart_signal[0] = static_cast<char>('0' + signal / 10);
  restart_signal[1] = static_cast<char>('0' + signal % 10);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve("/proc/self/exe", restart_argv->data(), restart_environment->data());
  ::_exit(128 + signal);
}

}  // namespace

void RestartOnFault(const std::vector<std::string>& argv, const std::string& variable) {
  if (std::getenv(variable.c_str()) != nullptr) return;
  restart_text = new std::vector<std::string>(argv);
  restart_text->push_back(absl::StrCat(variable, "=00"));
  restart_argv = new std::vector<char*>;
  for (size_t i = 0; i < argv.size(); ++i) restart_argv->push_back((*restart_text)[i].data());
  restart_argv->push_back(nullptr);
  std::string& setting = restart_text->back();
  restart_signal = setting.data() + setting.size() - 2;
  restart_environment = new std::vector<char*>{setting.data()};
  for (char** entry = environ; *entry != nullptr; ++entry) restart_environment->push_back(*entry);
  restart_environment->push_back(nullptr);
  // A stack of its own: the fault may be that ours has no more room.
  static char stack[16384];
  const stack_t alternative = {.ss_sp = stack, .ss_flags = 0, .ss_size = sizeof stack};
  ::sigaltstack(&alternative, nullptr);
  for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE, SIGTRAP}) {
    struct sigaction action = {};
    action.sa_handler = OnFault;
    action.sa_flags = SA_NODEFER | SA_ONSTACK;
    ::sigaction(signal, &action, nullptr);
  }
}

}  // namespace cgo_ld_shim::backend
