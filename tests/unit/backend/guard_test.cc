#include "backend/guard.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "gtest/gtest.h"

namespace cgo_ld_shim::backend {
namespace {

constexpr char kVariable[] = "GUARD_TEST_FAULT";

// What this program is started again with: it says by its status which signal it was told of.
TEST(GuardTest, DISABLED_SecondTry) {
  const char* signal = std::getenv(kVariable);
  std::_Exit(signal == nullptr ? 99 : std::atoi(signal));
}

// How a child ends that arms the guard and then does `fault`.
template <class Fault>
int StatusAfter(const Fault& fault) {
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit no_core = {};
    ::setrlimit(RLIMIT_CORE, &no_core);
    // Sanitizers have handlers of their own.
    for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE, SIGTRAP}) ::signal(signal, SIG_DFL);
    RestartOnFault({"self", "--gtest_also_run_disabled_tests", "--gtest_filter=GuardTest.DISABLED_SecondTry"},
                   kVariable);
    fault();
    ::_exit(98);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

TEST(GuardTest, AFaultStartsTheProgramAgainAndTellsItWhich) {
  for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE, SIGTRAP}) {
    const int status = StatusAfter([&] { ::raise(signal); });
    ASSERT_TRUE(WIFEXITED(status)) << signal;
    EXPECT_EQ(WEXITSTATUS(status), signal);
  }
}

TEST(GuardTest, TheSecondTryMayDie) {
  ::setenv(kVariable, "11", 1);
  const int status = StatusAfter([] { ::raise(SIGSEGV); });
  ::unsetenv(kVariable);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGSEGV);
}

TEST(GuardTest, OtherSignalsAreLeftAlone) {
  const int status = StatusAfter([] { ::raise(SIGTERM); });
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGTERM);
}

}  // namespace
}  // namespace cgo_ld_shim::backend
