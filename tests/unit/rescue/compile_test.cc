// Rounds of compiles by a compiler that a test plays.
#include "rescue/rescue.h"

#include <stdlib.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace cgo_ld_shim::rescue {
namespace {

using support::ProcessResult;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

bool Has(const std::vector<std::string>& argv, const std::string& word) {
  return std::find(argv.begin(), argv.end(), word) != argv.end();
}

class Player : public support::ProcessRunner {
 public:
  using Compiler = std::function<ProcessResult(const std::vector<std::string>&, const support::ProcessOptions&)>;
  explicit Player(Compiler compiler) : compiler_(std::move(compiler)) {}
  absl::StatusOr<ProcessResult> Run(const std::vector<std::string>& argv,
                                    const support::ProcessOptions& options) override {
    calls.push_back(argv);
    return compiler_(argv, options);
  }
  std::vector<std::vector<std::string>> calls;

 private:
  Compiler compiler_;
};

ProcessResult Fails(const std::string& words) { return {.exit_status = 1, .error = words}; }

class RescueCompileTest : public testing::Test {
 protected:
  RescueCompileTest() { ::setenv("XDG_CACHE_HOME", testing::TempDir().c_str(), 1); }

  Result Run(Player* player, bool english = true) {
    const support::ScopedProcessRunner scoped(player);
    absl::StatusOr<Result> result = Compile({.driver = {"/zig", "cc"},
                                             .args = {"-c", "a.c"},
                                             .arch = "arm64",
                                             .libc = {.family = target::LibcFamily::kMusl},
                                             .speaks_english = english,
                                             .go_package = "example.com/a"});
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? *std::move(result) : Result();
  }
};

TEST_F(RescueCompileTest, OneThatWorksIsRunOnceAndAsItIs) {
  Player player([](const auto&, const auto&) { return ProcessResult{.error = "a.c:1: warning: hm\n"}; });
  const Result result = Run(&player);
  EXPECT_EQ(result.compilers, 1);
  EXPECT_EQ(result.process.error, "a.c:1: warning: hm\n");
  EXPECT_EQ(player.calls[0], (std::vector<std::string>{"/zig", "cc", "-c", "a.c"}));
  EXPECT_THAT(result.notes, IsEmpty());
}

TEST_F(RescueCompileTest, WhatARowKnowsIsAddedInFrontAndNoted) {
  Player player([](const auto& argv, const auto&) {
    return Has(argv, "sys/types.h") ? ProcessResult() : Fails("a.c:1:1: error: unknown type name 'u_int8_t'\n");
  });
  const Result result = Run(&player);
  EXPECT_EQ(result.process.exit_status, 0);
  EXPECT_EQ(result.compilers, 2);
  const Note note{
      .row = "bsd-types", .subject = "u_int8_t", .package = "", .version = "", .go_package = "example.com/a"};
  EXPECT_THAT(result.notes, testing::ElementsAre(note));
  EXPECT_THAT(absl::StrJoin(player.calls[1], " "), HasSubstr("/zig cc -include sys/types.h -include "));
}

// -std=c99: the header alone does not help.
TEST_F(RescueCompileTest, ASecondRowIsTriedWhereTheFirstDidNotHelp) {
  Player player([](const auto& argv, const auto&) {
    return Has(argv, "-D_BSD_SOURCE") ? ProcessResult() : Fails("a.c:1:1: error: unknown type name 'u_int'\n");
  });
  const Result result = Run(&player);
  EXPECT_EQ(result.process.exit_status, 0);
  EXPECT_EQ(result.compilers, 3);
}

TEST_F(RescueCompileTest, TheFirstWordsArePrintedWhenTheLastRoundFails) {
  int round = 0;
  Player player([&](const auto&, const auto&) {
    const char* const words[] = {"a.c:1:1: error: unknown type name 'u_int'\n", "a.c:9:9: error: something else\n"};
    return Fails(words[std::min(round++, 1)]);
  });
  const Result result = Run(&player);
  EXPECT_EQ(result.process.error, "a.c:1:1: error: unknown type name 'u_int'\n");
  EXPECT_EQ(result.process.exit_status, 1);
  EXPECT_THAT(result.notes, IsEmpty());
}

TEST_F(RescueCompileTest, WhatNoRowKnowsStartsNoSecondCompiler) {
  Player player([](const auto&, const auto&) {
    return Fails("a.c:1:1: error: expected ';'\na.c:2:1: fatal error: 'no/such/header/anywhere.h' file not found\n");
  });
  EXPECT_EQ(Run(&player).compilers, 1);
}

// gcc speaks the user's language, which is what is printed; it is read in English.
TEST_F(RescueCompileTest, AnotherLanguageIsReadInEnglish) {
  Player player([](const auto& argv, const auto& options) {
    if (Has(argv, "-D_LARGEFILE64_SOURCE")) return ProcessResult();
    return Fails(options.environment.empty() ? "a.c:1:1: Fehler: »off64_t« ist unbekannt\n"
                                             : "a.c:1:1: error: unknown type name 'off64_t'\n");
  });
  const Result result = Run(&player, /*english=*/false);
  EXPECT_EQ(result.process.exit_status, 0);
  EXPECT_EQ(result.compilers, 3);
}

TEST_F(RescueCompileTest, CgosQuestionByErrorsKeepsItsStatusAndWords) {
  const std::string answer = "not-declared:1:35: error: undeclared 'off64_t'\ncompleted:1:13: error: undeclared\n";
  Player player([&](const auto&, const auto&) { return Fails(answer); });
  const Result result = Run(&player);
  EXPECT_EQ(result.compilers, 1);
  EXPECT_EQ(result.process.error, answer);
  EXPECT_EQ(result.process.exit_status, 1);
}

TEST_F(RescueCompileTest, AHeaderThatMuslLacksIsOurs) {
  Player player([](const auto& argv, const auto&) {
    return Has(argv, "-idirafter") ? ProcessResult() : Fails("a.c:1:10: fatal error: 'sys/queue.h' file not found\n");
  });
  const Result result = Run(&player);
  ASSERT_EQ(result.process.exit_status, 0);
  ASSERT_EQ(result.notes.size(), 1U);
  EXPECT_EQ(result.notes[0].row, "our-header");
  EXPECT_EQ(result.notes[0].package, "");
  EXPECT_THAT(player.calls[1], Contains(HasSubstr("-ffile-prefix-map=")));
}

}  // namespace
}  // namespace cgo_ld_shim::rescue
