// Whole final links, seen from outside: each directory of testdata/links that has a `call` is one test, whose README.md
// says what the files are. They hold what a user gets today, word by word; what changes on purpose is taken over by
// ./dev test --update, and its difference is what a reviewer reads.
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "report/text.h"
#include "tests/golden/coverage.h"
#include "tests/golden/link_case.h"
#include "tests/golden/texts.h"
#include "tests/golden/ways.h"

namespace cgo_ld_shim::golden {
namespace {

constexpr char kLinks[] = CGO_LD_SHIM_TESTDATA "/links";

std::vector<std::string> CaseNames() {
  std::vector<std::string> names;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator it(kLinks, error), end; it != end && !error; it.increment(error)) {
    if (llvm::sys::fs::exists(it->path() + "/call")) names.push_back(llvm::sys::path::filename(it->path()).str());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class LinkTest : public testing::Test {
 public:
  explicit LinkTest(std::string name) : directory_(absl::StrCat(kLinks, "/", name)) {}

  void TestBody() override {
#ifndef __x86_64__
    GTEST_SKIP() << "their objects and drivers are those of an amd64 host";
#endif
    EXPECT_NE(ReadText(directory_ + "/about"), "") << "one sentence: what is this case about?";
    const Transcript transcript = RunCase(ReadCase(directory_), absl::StrCat(kLinks, "/drivers"), CGO_LD_SHIM_BINARY);
    Expect(directory_ + "/line", transcript.line);
    Expect(directory_ + "/log", transcript.log);
    Expect(directory_ + "/explain", transcript.explain);
    Expect(directory_ + "/screen", transcript.screen);
  }

 private:
  const std::string directory_;
};

// What each screen says one can do, done: who says that it links has it linked, and one in ten at most was not tried.
class WaysTest : public testing::Test {
 public:
  void TestBody() override {
#ifndef __x86_64__
    GTEST_SKIP() << "their objects and drivers are those of an amd64 host";
#endif
    size_t kept = 0, not_tried = 0, all = 0;
    for (const std::string& name : CaseNames()) {
      const std::string directory = absl::StrCat(kLinks, "/", name);
      if (!absl::StrContains(ReadText(directory + "/screen"), "what you can do")) continue;
      for (const DoneWay& way : CarryOut(ReadCase(directory), absl::StrCat(kLinks, "/drivers"), CGO_LD_SHIM_BINARY)) {
        EXPECT_NE(way.promise, Promise::kBroken) << name << ": " << way.action << "    " << way.meaning << "\n"
                                                 << way.screen;
        static constexpr const char* kPromises[] = {"kept", "BROKEN", "not tried", "no promise"};
        std::printf("%-11s %s: %s    %s\n", kPromises[static_cast<int>(way.promise)], name.c_str(), way.action.c_str(),
                    way.meaning.c_str());
        ++all;
        kept += way.promise == Promise::kKept;
        not_tried += way.promise == Promise::kNotTried;
      }
    }
    std::printf("%zu ways out: %zu kept, %zu not tried\n", all, kept, not_tried);
    EXPECT_GT(kept, 15U);
    EXPECT_LE(not_tried * 10, all);
  }
};

class CoverageTest : public testing::Test {
 public:
  void TestBody() override { CheckCoverage(kLinks, CaseNames()); }
};

// What is made of the program's tables.
class ReferenceTest : public testing::Test {
 public:
  void TestBody() override { Expect(CGO_LD_SHIM_TESTDATA "/../docs/reference.md", report::ReferenceText()); }
};

}  // namespace
}  // namespace cgo_ld_shim::golden

int main(int argc, char** argv) {
  using cgo_ld_shim::golden::CaseNames;
  testing::InitGoogleTest(&argc, argv);
  for (const std::string& name : CaseNames()) {
    // In a filter of GoogleTest's, such as ctest uses for each test, what follows a dash is what is not to be run.
    testing::RegisterTest("Links", absl::StrReplaceAll(name, {{"-", "_"}}).c_str(), nullptr, nullptr, __FILE__,
                          __LINE__, [name]() -> testing::Test* { return new cgo_ld_shim::golden::LinkTest(name); });
  }
  testing::RegisterTest("WaysOut", "AreAsTheySay", nullptr, nullptr, __FILE__, __LINE__,
                        []() -> testing::Test* { return new cgo_ld_shim::golden::WaysTest; });
  // Last: it reads what the others have brought up to date.
  testing::RegisterTest("LinksCoverage", "EveryRuleCauseAndOutcomeIsInACase", nullptr, nullptr, __FILE__, __LINE__,
                        []() -> testing::Test* { return new cgo_ld_shim::golden::CoverageTest; });
  testing::RegisterTest("Reference", "HasWhatTheTablesHave", nullptr, nullptr, __FILE__, __LINE__,
                        []() -> testing::Test* { return new cgo_ld_shim::golden::ReferenceTest; });
  return RUN_ALL_TESTS();
}
