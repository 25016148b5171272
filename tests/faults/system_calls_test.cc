// Each system call that a link makes fails once, at each of its occurrences, and at each of them a signal comes.
#include <csignal>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/faults/small_link.h"

namespace cgo_ld_shim::faults {
namespace {

// The end of a sweep that never ends by itself.
constexpr int kMost = 1000;

struct Point {
  std::string call;
  std::string what;  // "error=EIO", "signal=SIGTERM"
  int signal = 0;
};

// Runs the link with one fault after the other until there are no more occurrences. Each ending is counted.
void Sweep(const SmallLink& link, const Point& point, int most, RunOptions options, std::map<End, int>* endings) {
  const std::string log = link.path("strace.log");
  for (int when = 1; when <= most; ++when) {
    options.before = {"strace",
                      "-f",
                      "-qq",
                      "-o",
                      log,
                      "-e",
                      absl::StrCat("trace=", point.call),
                      "-e",
                      absl::StrCat("inject=", point.call, ":", point.what, ":when=", when)};
    options.signal = point.signal;
    options.leftovers_allowed = point.signal == SIGKILL;
    const Ending ending = link.Run(options);
    const std::string trace = e2e::ReadText(log);
    // A signal that comes is a line of its own, as is the one of a child that has ended.
    const std::string came = point.what.substr(point.what.find('=') + 1);
    if (!absl::StrContains(trace, "(INJECTED)") && !absl::StrContains(trace, absl::StrCat("+++ killed by ", came)) &&
        !absl::StrContains(trace, absl::StrCat("--- ", came))) {
      return;
    }
    ++(*endings)[ending.end];
    EXPECT_TRUE(IsAllowed(ending)) << point.call << " " << point.what << " at " << when << ": " << ending.story;
  }
}

void Report(const std::map<End, int>& endings) {
  int points = 0;
  for (const auto& [end, count] : endings) points += count;
  const auto of = [&](End end) { return endings.contains(end) ? endings.at(end) : 0; };
  testing::Test::RecordProperty("points", points);
  std::printf("%d points: %d right, %d refused, %d ended by the signal, %d faults\n", points, of(End::kRight),
              of(End::kRefused), of(End::kSignal), points - of(End::kRight) - of(End::kRefused) - of(End::kSignal));
}

// Not brk, which has no errors: the kernel answers with the old end of the data, and limits_test.cc has that.
constexpr const char* kCalls[] = {"openat",     "read",         "pread64", "mmap",   "write",    "rename",
                                  "unlink",     "linkat",       "clone",   "execve", "getcwd",   "close",
                                  "newfstatat", "fstat",        "pipe2",   "wait4",  "mkdir",    "fchmod",
                                  "lseek",      "memfd_create", "munmap",  "access", "readlink", "getdents64"};

class SystemCallsTest : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = WhyNoStrace(); !why.empty()) GTEST_SKIP() << why;
  }
};

TEST_F(SystemCallsTest, WithoutFaultItLinks) {
  const Ending ending = SmallLink().Run();
  EXPECT_EQ(ending.end, End::kRight) << ending.story;
}

TEST_F(SystemCallsTest, OneThatFailsIsAnErrorOrDoesNotMatter) {
  const SmallLink link;
  ASSERT_EQ(link.Run().end, End::kRight);
  std::map<End, int> endings;
  for (const char* call : {"write", "rename", "linkat", "clone", "getcwd", "memfd_create"})
    Sweep(link, {call, "error=EIO"}, 4, {}, &endings);
  for (int when : {2, 5, 9, 14, 20}) {
    for (const char* error : {"EIO", "EMFILE"}) {
      const std::string inject = absl::StrCat("inject=openat:error=", error, ":when=", when);
      const Ending ending = link.Run({.before = {"strace", "-f", "-qq", "-o", "/dev/null", "-e", inject}});
      ++endings[ending.end];
      EXPECT_TRUE(IsAllowed(ending)) << inject << ": " << ending.story;
    }
  }
  Report(endings);
}

TEST_F(SystemCallsTest, APassingErrorDoesNotMakeAProgramDynamic) {
  const SmallLink link;
  ASSERT_EQ(link.Run().end, End::kRight);
  std::map<End, int> endings;
  for (const char* error : {"EIO", "EMFILE"}) {
    for (int when = 1; when <= 40; when += 3) {
      const std::string inject = absl::StrCat("inject=openat:error=", error, ":when=", when);
      const Ending ending = link.Run(
          {.before = {"strace", "-qq", "-o", "/dev/null", "-e", inject}, .environment = {"CGO_LD_SHIM_STATIC=prefer"}});
      EXPECT_TRUE(IsAllowed(ending)) << inject << ": " << ending.story;
      EXPECT_THAT(ending.result.error, testing::Not(testing::HasSubstr("static C library"))) << inject;
    }
  }
}

TEST_F(SystemCallsTest, ASignalLeavesTheOldProgramOrTheNewOne) {
  const SmallLink link;
  ASSERT_EQ(link.Run().end, End::kRight);
  std::map<End, int> endings;
  for (const int signal : {SIGTERM, SIGINT, SIGKILL}) {
    const std::string what = absl::StrCat("signal=", signal == SIGTERM  ? "SIGTERM"
                                                     : signal == SIGINT ? "SIGINT"
                                                                        : "SIGKILL");
    for (const char* call : {"write", "linkat", "rename", "wait4"}) Sweep(link, {call, what, signal}, 2, {}, &endings);
  }
  Report(endings);
}

class SlowSystemCallsTest : public SystemCallsTest, public testing::WithParamInterface<const char*> {};
INSTANTIATE_TEST_SUITE_P(All, SlowSystemCallsTest, testing::ValuesIn(kCalls),
                         [](const auto& info) { return std::string(info.param); });

TEST_P(SlowSystemCallsTest, EveryOccurrenceFailsOnce) {
  const SmallLink link;
  ASSERT_EQ(link.Run().end, End::kRight);
  std::map<End, int> endings;
  for (const char* error : {"EIO", "ENOMEM"})
    Sweep(link, {GetParam(), absl::StrCat("error=", error)}, kMost, {}, &endings);
  Report(endings);
}

TEST_P(SlowSystemCallsTest, TheSameWithNothingInTheCaches) {
  std::map<End, int> endings;
  for (const char* error : {"EIO"}) {
    const SmallLink link;
    RunOptions cold;
    // A cache that is not used is never warm.
    cold.environment = {"XDG_CACHE_HOME=/nonexistent"};
    cold.compilers_leftovers_allowed = true;
    Sweep(link, {GetParam(), absl::StrCat("error=", error)}, 60, cold, &endings);
  }
  Report(endings);
}

TEST_P(SlowSystemCallsTest, ASignalComesAtEveryOccurrence) {
  const SmallLink link;
  ASSERT_EQ(link.Run().end, End::kRight);
  std::map<End, int> endings;
  Sweep(link, {GetParam(), "signal=SIGTERM", SIGTERM}, kMost, {}, &endings);
  Sweep(link, {GetParam(), "signal=SIGINT", SIGINT}, kMost, {}, &endings);
  Sweep(link, {GetParam(), "signal=SIGKILL", SIGKILL}, kMost, {}, &endings);
  Report(endings);
}

}  // namespace
}  // namespace cgo_ld_shim::faults
