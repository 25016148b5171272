#include "backend/child.h"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <string>

#include "backend/backend.h"
#include "gtest/gtest.h"
#include "llvm/Support/Parallel.h"
#include "llvm/Support/Process.h"

namespace cgo_ld_shim::backend {
namespace {

TEST(RunInChildTest, GivesStatusAndWords) {
  const Outcome outcome = RunInChild([](llvm::raw_ostream& messages) {
    messages << "one\n" << std::string(100000, 'x');
    return 3;
  });
  EXPECT_EQ(outcome.exit_status, 3);
  EXPECT_EQ(outcome.signal, 0);
  EXPECT_EQ(outcome.messages, "one\n" + std::string(100000, 'x'));
}

TEST(RunInChildTest, WhatWasSaidOutlivesAnExit) {
  const Outcome outcome = RunInChild([](llvm::raw_ostream& messages) -> int {
    messages << "fatal";
    llvm::sys::Process::Exit(1, /*NoCleanup=*/true);  // as lld's fatal() ends
  });
  EXPECT_EQ(outcome.exit_status, 1);
  EXPECT_EQ(outcome.signal, 0);
  EXPECT_EQ(outcome.messages, "fatal");
}

class SignalTest : public testing::TestWithParam<int> {};

TEST_P(SignalTest, IsAnOutcome) {
  const Outcome outcome = RunInChild([](llvm::raw_ostream& messages) {
    messages << "so far";
    ::raise(GetParam());
    return 0;
  });
  EXPECT_EQ(outcome.signal, GetParam());
  EXPECT_EQ(outcome.exit_status, 128 + GetParam());
  EXPECT_EQ(outcome.messages, "so far");
}

INSTANTIATE_TEST_SUITE_P(All, SignalTest, testing::Values(SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE, SIGKILL, SIGTERM));

TEST(RunInChildTest, AnExitOfAWorkerThreadEndsTheChildAlone) {
  const Outcome outcome = RunInChild([](llvm::raw_ostream& messages) {
    llvm::parallelFor(0, 1000, [&](size_t i) {
      if (i != 500) return;
      messages << "worker";
      ::_exit(7);
    });
    return 0;
  });
  EXPECT_EQ(outcome.exit_status, 7);
  EXPECT_EQ(outcome.messages, "worker");
}

TEST(RunInChildTest, LoopsRunInAChildOfAProcessThatHadLoops) {
  const auto sum = [] {
    std::atomic<size_t> total = 0;
    llvm::parallelFor(0, 10000, [&](size_t i) { total += i; });
    return total.load();
  };
  const size_t expected = sum();
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(RunInChild([&](llvm::raw_ostream&) { return sum() == expected ? 0 : 1; }).exit_status, 0);
    EXPECT_EQ(sum(), expected);
  }
}

TEST(RunInChildTest, WorksHereWhereNoProcessCanBeMade) {
  if (::geteuid() == 0) GTEST_SKIP() << "root's processes are not limited";
  const rlimit none = {};
  rlimit before;
  ::getrlimit(RLIMIT_NPROC, &before);
  ::setrlimit(RLIMIT_NPROC, &none);
  const pid_t self = ::getpid();
  const Outcome outcome = RunInChild([&](llvm::raw_ostream&) { return ::getpid() == self ? 5 : 6; });
  ::setrlimit(RLIMIT_NPROC, &before);
  EXPECT_EQ(outcome.exit_status, 5);
}

}  // namespace
}  // namespace cgo_ld_shim::backend
