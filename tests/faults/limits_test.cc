// Limits of the process and of the disk, and signals to a link that another program does.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/faults/small_link.h"

namespace cgo_ld_shim::faults {
namespace {

using ::testing::IsEmpty;

class LimitsTest : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Caches, LimitsTest, testing::Values(true, false),
                         [](const auto& info) { return std::string(info.param ? "warm" : "cold"); });

void Limit(const SmallLink& link, const std::string& limit) {
  const Ending ending = link.Run({.before = {"prlimit", limit}});
  EXPECT_TRUE(IsAllowed(ending)) << limit << ": " << ending.story;
}

TEST_P(LimitsTest, TooFewOfAnythingIsAnErrorAndTheOldProgramStays) {
  const SmallLink link;
  if (GetParam()) {
    ASSERT_EQ(link.Run().end, End::kRight);
  }
  for (const int kilobytes : {0, 1, 4, 64, 256, 700}) Limit(link, absl::StrCat("--fsize=", kilobytes * 1024));
  for (const int files : {3, 4, 5, 6, 8, 10, 16}) Limit(link, absl::StrCat("--nofile=", files));
  for (const int megabytes : {40, 60, 80, 120, 200, 400}) Limit(link, absl::StrCat("--as=", megabytes * 1024 * 1024));
}

TEST(ProcessLimitTest, WithoutAnotherProcessItStillLinks) {
  if (::geteuid() != 0) GTEST_SKIP() << "counts the processes of a user of its own: needs root";
  const SmallLink link;
  ASSERT_EQ(link.Run().end, End::kRight);
  ASSERT_TRUE(Succeeded(e2e::RunProgram({"chown", "-R", "54321", link.directory()})));
  ASSERT_EQ(::chmod(link.directory().c_str(), 0755), 0);
  for (const int processes : {0, 1, 2}) {
    const Ending ending = link.Run(
        {.before = {"setpriv", "--reuid=54321", "--clear-groups", "prlimit", absl::StrCat("--nproc=", processes)}});
    EXPECT_TRUE(IsAllowed(ending)) << processes << ": " << ending.story;
  }
}

TEST(DiskTest, AFullOneLeavesTheOldProgram) {
  const SmallLink link;
  ASSERT_EQ(link.Run().end, End::kRight);
  if (!e2e::RunProgram({"mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", link.path("out")}).error.empty())
    GTEST_SKIP() << "mount is not permitted here; SystemCallsTest has ENOSPC from strace";
  e2e::WriteText(link.output(), "the old program");
  const Ending ending = link.Run();
  EXPECT_EQ(ending.end, End::kRefused) << ending.story;
  EXPECT_TRUE(Succeeded(e2e::RunProgram({"umount", link.path("out")})));
}

// A linker that says when it has begun and then waits for us; when it goes on it writes the output.
class OtherLinkerTest : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Signals, OtherLinkerTest, testing::Values(SIGTERM, SIGINT, SIGHUP));

TEST_P(OtherLinkerTest, ASignalEndsItTooAndLeavesNothing) {
  const SmallLink link;
  ASSERT_EQ(::mkfifo(link.path("begun").c_str(), 0600), 0);
  ASSERT_EQ(::mkfifo(link.path("go-on").c_str(), 0600), 0);
  e2e::WriteProgram(link.path("ld"),
                    absl::StrCat("#!/bin/sh\necho half > ", link.output(), "\necho $$ > ", link.path("begun"),
                                 "\nread x < ", link.path("go-on"), "\necho written > ", link.output(), "\n"));
  const pid_t shim = ::fork();
  if (shim == 0) {
    for (const std::string& variable : link.environment()) ::putenv(::strdup(variable.c_str()));
    ::putenv(::strdup(absl::StrCat("CGO_LD_SHIM_LINKER=", link.path("ld")).c_str()));
    const std::vector<std::string> objects = link.objects();
    ::execl(e2e::Shim().c_str(), e2e::Shim().c_str(), "-o", link.output().c_str(), objects[0].c_str(),
            objects[1].c_str(), nullptr);
    ::_exit(127);
  }
  int linker = 0;
  ASSERT_TRUE(absl::SimpleAtoi(absl::StripAsciiWhitespace(e2e::ReadText(link.path("begun"))), &linker));
  ASSERT_EQ(::kill(shim, GetParam()), 0);
  int status = 0;
  ASSERT_EQ(::waitpid(shim, &status, 0), shim);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == GetParam()) << status;
  EXPECT_NE(::kill(linker, 0), 0) << "it is still there";
  EXPECT_THAT(e2e::ListFiles(link.scratch()), IsEmpty());
  EXPECT_EQ(e2e::ReadText(link.output()), "the old program");
  EXPECT_THAT(e2e::ListFiles(link.path("out")), testing::ElementsAre("program"));
}

}  // namespace
}  // namespace cgo_ld_shim::faults
