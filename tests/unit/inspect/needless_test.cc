#include "inspect/needless.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace cgo_ld_shim::inspect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> WordsOf(const GoFacts& go) {
  std::vector<std::string> words;
  for (const Needless& needless : FindNeedless(go)) words.push_back(needless.words);
  return words;
}

TEST(NeedlessTest, WhatPeopleWriteToMakeAProgramStatic) {
  EXPECT_THAT(WordsOf({.settings = {{"-tags", "netgo,sqlite_fts5,osusergo"},
                                    {"-ldflags", "-s -w -linkmode external -extldflags \"-static -lm -Wl,-O1\""},
                                    {"CGO_LDFLAGS",
                                     "-O2 -g -L/opt/lib -Wl,--start-group -lrocksdb -lstdc++ -ldl "
                                     "-Wl,--end-group"}}}),
              ElementsAre("-tags netgo,osusergo", "-linkmode=external in -ldflags", "-static in -extldflags",
                          "-lm in -extldflags", "-Wl,--start-group -Wl,--end-group in CGO_LDFLAGS",
                          "-lstdc++ -ldl in CGO_LDFLAGS"));
}

TEST(NeedlessTest, EachSpellingOfAFlag) {
  for (const char* flags : {"-extldflags=-static", "--extldflags=-static", "'-extldflags=-static'",
                            "-extldflags '-static'", "-w '-extldflags' '-static -O1'"}) {
    EXPECT_THAT(WordsOf({.settings = {{"-ldflags", flags}}}), ElementsAre("-static in -extldflags")) << flags;
  }
}

TEST(NeedlessTest, AllOfLibpthreadIsFolkloreAndAllOfAnotherLibraryIsMeant) {
  EXPECT_THAT(WordsOf({.settings = {{"CGO_LDFLAGS", "-Wl,--whole-archive -lpthread -Wl,--no-whole-archive"}}}),
              ElementsAre("-Wl,--whole-archive -lpthread -Wl,--no-whole-archive in CGO_LDFLAGS"));
  EXPECT_THAT(
      WordsOf({.settings = {{"CGO_LDFLAGS", "-Wl,--whole-archive -lplugins -lpthread -Wl,--no-whole-archive"}}}),
      ElementsAre("-lpthread in CGO_LDFLAGS"));
}

TEST(NeedlessTest, WhatIsAskedForOtherwiseStays) {
  EXPECT_THAT(WordsOf({}), IsEmpty());
  EXPECT_THAT(WordsOf({.settings = {{"-tags", "sqlite_json,mynetgo"},
                                    {"-ldflags", "-X main.version=-static -linkmode=internal"},
                                    {"CGO_LDFLAGS", "-O2 -g -lz"}}}),
              IsEmpty());
  EXPECT_EQ(NeedlessText({}, {}), "");
}

}  // namespace
}  // namespace cgo_ld_shim::inspect
