#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "backend/backend.h"
#include "support/process.h"

namespace cgo_ld_shim::backend {
namespace {

// Arguments of one process may not exceed what the kernel takes (E2BIG); long lines go through a response file, as Go's
// do.
constexpr size_t kLongLine = 100000;

// What the signal handler needs; filled before it is armed.
std::vector<std::string>* fault_text;
std::vector<char*>* fault_argv;
std::vector<char*>* fault_environment;

std::atomic_flag fault_taken;

void OnFault(int signal) {
  // lld's threads may fault together, at a full disk for one; the first restarts the process, which ends the others.
  if (fault_taken.test_and_set()) {
    while (true) ::pause();
  }
  static constexpr char kMessage[] =
      "cgo-ld-shim: an internal fault; linking through the underlying compiler instead (CGO_LD_SHIM_STRICT=1 makes it "
      "an error)\n";
  (void)!::write(2, kMessage, sizeof kMessage - 1);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve("/proc/self/exe", fault_argv->data(), fault_environment->data());
  ::_exit(128 + signal);
}

}  // namespace

Outcome LinkThroughDriver(const std::vector<std::string>& driver, const std::vector<std::string>& words) {
  std::vector<std::string> argv = driver;
  argv.insert(argv.end(), words.begin(), words.end());
  size_t length = 0;
  for (const std::string& word : argv) length += word.size() + 1;
  std::string response;
  if (length > kLongLine) {
    std::string text;
    for (const std::string& word : words) {
      absl::StrAppend(&text, "\"");
      for (const char c : word) {
        if (c == '"' || c == '\\') text += '\\';
        text += c;
      }
      absl::StrAppend(&text, "\"\n");
    }
    char name[] = "/tmp/cgo-ld-shim-XXXXXX";
    const int fd = ::mkstemp(name);
    if (fd >= 0) {
      response = name;
      const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
      ::close(fd);
      if (written) {
        argv = driver;
        argv.push_back(absl::StrCat("@", response));
      }
    }
  }
  absl::StatusOr<support::ProcessResult> result = support::RunProcess(argv, {.merge_stderr = true});
  if (!response.empty()) ::unlink(response.c_str());
  if (!result.ok()) {
    return {.exit_status = 127, .messages = absl::StrCat("cgo-ld-shim: ", result.status().message(), "\n")};
  }
  return {.exit_status = result->exit_status, .signal = result->signal, .messages = result->output};
}

void RestartOnFault(const std::vector<std::string>& argv, const std::string& variable) {
  // Kept until the process ends.
  fault_text = new std::vector<std::string>(argv);
  fault_text->push_back(variable);
  fault_argv = new std::vector<char*>;
  for (size_t i = 0; i < argv.size(); ++i) fault_argv->push_back((*fault_text)[i].data());
  fault_argv->push_back(nullptr);
  fault_environment = new std::vector<char*>{fault_text->back().data()};
  for (char** entry = environ; *entry != nullptr; ++entry) fault_environment->push_back(*entry);
  fault_environment->push_back(nullptr);
  for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE, SIGTRAP}) {
    struct sigaction action = {};
    action.sa_handler = OnFault;
    action.sa_flags = SA_NODEFER;
    ::sigaction(signal, &action, nullptr);
  }
}

}  // namespace cgo_ld_shim::backend
