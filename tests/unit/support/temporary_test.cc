#include "support/temporary.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "support/file.h"
#include "support/interrupt.h"
#include "support/measured_process.h"
#include "support/process.h"

namespace cgo_ld_shim::support {
namespace {

// Not a TemporaryDirectory: a child that is forked in a test would remove that of its parent.
class PlainDirectory {
 public:
  PlainDirectory() : path_(absl::StrCat(testing::TempDir(), "/plain-XXXXXX")) {
    EXPECT_NE(::mkdtemp(path_.data()), nullptr);
  }
  ~PlainDirectory() { RemoveTree(path_.c_str()); }
  PlainDirectory(const PlainDirectory&) = delete;
  PlainDirectory& operator=(const PlainDirectory&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

bool IsThere(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

TEST(TemporaryDirectoryTest, GoesWithWhatIsInIt) {
  std::string path;
  {
    const absl::StatusOr<TemporaryDirectory> made = TemporaryDirectory::Make();
    ASSERT_TRUE(made.ok()) << made.status();
    path = made->path();
    ASSERT_EQ(::mkdir(absl::StrCat(path, "/a").c_str(), 0700), 0);
    for (int i = 0; i < 300; ++i) ASSERT_TRUE(WriteFileAtomically(absl::StrCat(path, "/a/file-", i), "x", 0400).ok());
    ASSERT_EQ(::symlink("/etc", absl::StrCat(path, "/link").c_str()), 0);
  }
  EXPECT_FALSE(IsThere(path));
  EXPECT_TRUE(IsThere("/etc/passwd"));
}

TEST(TemporaryDirectoryTest, IsInTmpdir) {
  const absl::StatusOr<TemporaryDirectory> outer = TemporaryDirectory::Make();
  ASSERT_TRUE(outer.ok());
  const char* before = ::getenv("TMPDIR");
  const std::string kept = before != nullptr ? before : "";
  ::setenv("TMPDIR", outer->path().c_str(), 1);
  EXPECT_TRUE(absl::StartsWith(TemporaryDirectory::Make()->path(), outer->path() + "/"));
  ::setenv("TMPDIR", "relative", 1);
  EXPECT_EQ(TemporaryPlace(), "/tmp");
  ::setenv("TMPDIR", "/nonexistent", 1);
  EXPECT_TRUE(absl::IsFailedPrecondition(TemporaryDirectory::Make().status()));
  if (before != nullptr) {
    ::setenv("TMPDIR", kept.c_str(), 1);
  } else {
    ::unsetenv("TMPDIR");
  }
}

// A child that holds a directory and a file that something writes for it, and waits for a program.
class InterruptTest : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Signals, InterruptTest, testing::Values(SIGINT, SIGTERM, SIGHUP, SIGQUIT));

TEST_P(InterruptTest, LeavesNeitherFilesNorPrograms) {
  const PlainDirectory place;
  const std::string begun = absl::StrCat(place.path(), "/begun"), output = absl::StrCat(place.path(), "/output"),
                    go_on = absl::StrCat(place.path(), "/go-on");
  ASSERT_EQ(::mkfifo(begun.c_str(), 0600), 0);
  ASSERT_EQ(::mkfifo(go_on.c_str(), 0600), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    // A job in a shell's background ignores some, and what is ignored stays so.
    struct sigaction inherited;
    ::sigaction(GetParam(), nullptr, &inherited);
    if (inherited.sa_handler == SIG_IGN) ::signal(GetParam(), SIG_DFL);
    const absl::StatusOr<TemporaryDirectory> scratch = TemporaryDirectory::Make(place.path());
    const OutputInProgress watched(output);
    // A grandchild writes; its parent waits for it.
    (void)RunProcess(
        {"sh", "-c", absl::StrCat("sh -c 'echo half > ", output, "; echo $$ > ", begun, "; read x < ", go_on, "'; :")});
    ::_exit(0);
  }
  int grandchild = 0;
  FILE* const pipe = ::fopen(begun.c_str(), "re");
  ASSERT_NE(pipe, nullptr);
  (void)::fscanf(pipe, "%d", &grandchild);
  ::fclose(pipe);
  ASSERT_GT(grandchild, 0);
  ASSERT_EQ(::kill(child, GetParam()), 0);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == GetParam()) << status;
  EXPECT_NE(::kill(grandchild, 0), 0) << "it lives on";
  EXPECT_FALSE(IsThere(output));
  for (const std::string& name : ListDirectory(place.path())) EXPECT_FALSE(absl::StartsWith(name, "cgo-ld-shim-"));
}

TEST(OutputInProgressTest, WhatWasThereComesBackUnlessTheNewOneIsWhole) {
  const absl::StatusOr<TemporaryDirectory> place = TemporaryDirectory::Make();
  ASSERT_TRUE(place.ok());
  const std::string output = absl::StrCat(place->path(), "/output");
  for (const bool succeeds : {false, true}) {
    ASSERT_TRUE(WriteFileAtomically(output, "old", 0600).ok());
    {
      OutputInProgress progress(output);
      EXPECT_FALSE(IsThere(output)) << "what writes into the file that is there must not spoil it";
      ASSERT_TRUE(WriteFileAtomically(output, "new", 0600).ok());
      if (succeeds) progress.Succeed();
    }
    EXPECT_EQ(*ReadFile(output), succeeds ? "new" : "old");
    EXPECT_EQ(ListDirectory(place->path()).size(), 1U);
    ASSERT_EQ(::unlink(output.c_str()), 0);
  }
  {
    const OutputInProgress progress(output);
    ASSERT_TRUE(WriteFileAtomically(output, "half", 0600).ok());
  }
  EXPECT_FALSE(IsThere(output)) << "there was nothing";
}

TEST(OutputInProgressTest, ASignalBringsTheOldOneBack) {
  const PlainDirectory place;
  const std::string output = absl::StrCat(place.path(), "/output");
  ASSERT_TRUE(WriteFileAtomically(output, "old", 0600).ok());
  const pid_t child = ::fork();
  if (child == 0) {
    const OutputInProgress watched(output);
    ::raise(SIGTERM);
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status));
  const absl::StatusOr<std::string> now = ReadFile(output);
  EXPECT_TRUE(now.ok() && *now == "old") << now.status();
}

TEST(RunMeasuredTest, TellsOfTheSignalAndLivesOn) {
  const pid_t self = ::getpid();
  const absl::StatusOr<Measured> run = RunMeasured({"/bin/sh", "-c", absl::StrCat("kill -TERM ", self, "; exec cat")});
  ASSERT_TRUE(run.ok());
  EXPECT_TRUE(run->interrupted == 0 || run->interrupted == SIGTERM);
}

TEST(RunProcessTest, AProgramThatIsNotThereIsNotFound) {
  EXPECT_TRUE(absl::IsNotFound(RunProcess({"/nonexistent/program"}).status()));
  EXPECT_TRUE(absl::IsNotFound(RunProcess({"no-such-program-anywhere"}).status()));
  EXPECT_TRUE(absl::IsNotFound(RunMeasured({"/nonexistent/program"}).status()));
}

}  // namespace
}  // namespace cgo_ld_shim::support
