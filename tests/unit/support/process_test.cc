#include "support/process.h"

#include <signal.h>

#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace cgo_ld_shim::support {
namespace {

TEST(RunProcessTest, WhatAProgramLeavesBehindIsNotWaitedFor) {
  const auto result = RunProcess({"sh", "-c", "sleep 100000 & echo $!"});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->exit_status, 0);
  int left = 0;
  ASSERT_TRUE(absl::SimpleAtoi(result->output, &left));
  EXPECT_EQ(::kill(left, SIGKILL), 0) << "it still ran";
}

// It speaks a little after the shell that started it has ended (proc_pid_stat(5): Z is one that nobody has waited for
// yet).
TEST(RunProcessTest, WhatAFilterBehindItHasStillToSayIsHeard) {
  const auto result = RunProcess({"sh", "-c",
                                  "{ while read -r _ _ state _ < /proc/$$/stat && [ $state != Z ]; do :; done; i=0; "
                                  "while [ $i -lt 20000 ]; do i=$((i + 1)); done; echo after; } &\n"
                                  "echo first; exit 3"});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->exit_status, 3);
  EXPECT_EQ(result->output, "first\nafter\n");
}

TEST(RunProcessTest, BothStreamsComeWhole) {
  const auto result =
      RunProcess({"sh", "-c", "i=0; while [ $i -lt 20000 ]; do echo out $i; echo err $i >&2; i=$((i + 1)); done"});
  ASSERT_TRUE(result.ok());
  std::string out, err;
  for (int i = 0; i < 20000; ++i) {
    absl::StrAppend(&out, "out ", i, "\n");
    absl::StrAppend(&err, "err ", i, "\n");
  }
  EXPECT_TRUE(result->output == out);
  EXPECT_TRUE(result->error == err);
}

}  // namespace
}  // namespace cgo_ld_shim::support
