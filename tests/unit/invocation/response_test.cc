// Response files: Go's and gcc's quoting, nesting, cycles, and files that are not there.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "invocation/invocation.h"

namespace cgo_ld_shim::invocation {
namespace {

using Strings = std::vector<std::string>;

struct Text {
  const char* name;
  std::string text;
  Strings words;
};
class ResponseText : public testing::TestWithParam<Text> {};

TEST_P(ResponseText, IsSplitIntoWords) {
  const absl::StatusOr<Strings> words = ParseResponseText(GetParam().text);
  ASSERT_TRUE(words.ok()) << words.status();
  EXPECT_EQ(*words, GetParam().words);
}

const Text kTexts[] = {
    {"Empty", "", {}},
    {"OnlySpaces", " \n\t \n", {}},
    // strconv.Quote, a word a line.
    {"Go", "\"-m64\"\n\"-o\"\n\"/w/a b\"\n", {"-m64", "-o", "/w/a b"}},
    {"GoWithoutLastNewline", "\"-m64\"\n\"x\"", {"-m64", "x"}},
    {"GoEmptyWord", "\"\"\n", {""}},
    {"GoEscapes", R"("a\tb\nc\\d\"e\a\b\f\r\v")", {"a\tb\nc\\d\"e\a\b\f\r\v"}},
    {"GoBytes", R"("\x41\xff")", {"A\xff"}},
    {"GoRunes",
     "\"\\u00e9\\u20ac\\U0001f600\\u0041\"",
     {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"
      "A"}},
    {"GoPlainUtf8", "\"\xc3\xa9\"\n", {"\xc3\xa9"}},
    {"GoSingleQuoteInside", "\"it's\"\n", {"it's"}},
    // gcc: one line that is not Go's makes the whole file gcc's, where \t is the letter t.
    {"Gcc", "-O2 -g\n-o x", {"-O2", "-g", "-o", "x"}},
    {"GccQuotes", R"('a b' "c d" e' 'f)", {"a b", "c d", "e f"}},
    {"GccBackslash", R"(a\ b \"x\" \\ 'it\'s' "q\"q")", {"a b", "\"x\"", "\\", "it's", "q\"q"}},
    {"GccEmptyWords", R"('' "" x)", {"", "", "x"}},
    {"GccQuotedNewline", "'a\nb'", {"a\nb"}},
    {"GccMixed", "\"a\\tb\"\nx\n", {"atb", "x"}},
    {"GccBadGoEscape", R"("a\qb")", {"aqb"}},
    {"GccTwoWordsALine", R"("a" "b\tc")", {"a", "btc"}},
    {"GccShortHex", R"("\x4")", {"x4"}},
    {"GccTooLargeRune", R"("\U00110000")", {"U00110000"}},
    {"GccBackslashAtEnd", "a\\", {"a"}},
    {"GccCarriageReturn", "a\r\nb\r\n", {"a", "b"}},
};
INSTANTIATE_TEST_SUITE_P(Quoting, ResponseText, testing::ValuesIn(kTexts),
                         [](const testing::TestParamInfo<Text>& info) { return info.param.name; });

TEST(ResponseTextTest, RefusesAnOpenQuote) {
  for (const char* text : {"'a b", "x \"y", "\"a\nb", "'"}) {
    const absl::Status status = ParseResponseText(text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_NE(status.message().find("quote"), absl::string_view::npos) << status;
  }
}

TEST(ResponseTextTest, RefusesANulByte) {
  EXPECT_FALSE(ParseResponseText(absl::string_view("a\0b", 3)).ok());
  EXPECT_FALSE(ParseResponseText(R"("\x00")").ok());
}

class ResponseFileTest : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = testing::TempDir() + "/response_" + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_ + "/sub");
  }
  void Write(const std::string& name, const std::string& text) { std::ofstream(directory_ + "/" + name) << text; }
  absl::StatusOr<Strings> Expand(const Strings& args) { return ExpandResponseFiles(args, directory_); }

  std::string directory_;
};

TEST_F(ResponseFileTest, StandsForItsWordsInPlace) {
  Write("r", "b c");
  EXPECT_EQ(*Expand({"a", "@r", "d"}), (Strings{"a", "b", "c", "d"}));
}

TEST_F(ResponseFileTest, IsRelativeToTheWorkingDirectoryAlsoWhenNested) {
  Write("sub/outer", "x @inner @sub/deep y");
  Write("inner", "1");
  Write("sub/deep", "2");
  EXPECT_EQ(*Expand({"@sub/outer"}), (Strings{"x", "1", "2", "y"}));
  EXPECT_EQ(*Expand({"@" + directory_ + "/inner"}), (Strings{"1"}));
}

TEST_F(ResponseFileTest, NamesAMissingFile) {
  const absl::Status status = Expand({"@gone"}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_NE(status.message().find("gone"), absl::string_view::npos) << status;
}

TEST_F(ResponseFileTest, KeepsTheWordOfAMissingNestedFile) {
  Write("r", "a @gone b");
  EXPECT_EQ(*Expand({"@r"}), (Strings{"a", "@gone", "b"}));
}

TEST_F(ResponseFileTest, RefusesACycleButNotARepetition) {
  Write("a", "@b");
  Write("b", "@./a");
  const absl::Status status = Expand({"@a"}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(status.message().find("includes itself"), absl::string_view::npos) << status;
  Write("c", "x");
  Write("d", "@c @c");
  EXPECT_EQ(*Expand({"@d", "@c"}), (Strings{"x", "x", "x"}));
}

TEST_F(ResponseFileTest, EndsAnExplosionOfFiles) {
  Write("f0", "x");
  for (int i = 1; i < 40; ++i) {
    const std::string inner = absl::StrCat("@f", i - 1);
    Write(absl::StrCat("f", i), absl::StrCat(inner, " ", inner));
  }
  EXPECT_EQ(Expand({"@f39"}).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(ResponseFileTest, SaysWhichFileHoldsAnOpenQuote) {
  Write("bad", "'x");
  const absl::Status status = Expand({"@bad"}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(status.message().find("bad"), absl::string_view::npos) << status;
}

TEST_F(ResponseFileTest, RefusesADirectory) { EXPECT_FALSE(Expand({"@sub"}).ok()); }

TEST_F(ResponseFileTest, LeavesALoneAtSignAlone) { EXPECT_EQ(*Expand({"@", "a@b"}), (Strings{"@", "a@b"})); }

}  // namespace
}  // namespace cgo_ld_shim::invocation
