// What `cgo-ld-shim go` leaves out of go's stderr, and what it never does.
#include "shim/commands/go_output.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace cgo_ld_shim::commands {
namespace {

constexpr char kHeader[] = "/usr/local/go/pkg/tool/linux_amd64/link: running cgo-ld-shim failed: exit status 1\n";
constexpr char kNoise[] = "/usr/bin/cgo-ld-shim -m64 -o $WORK/b001/exe/a.out\nld.lld: error: undefined symbol: x\n";
constexpr char kOurs[] =
    "cgo-ld-shim: cannot link kv statically: 13 symbols are only in a shared library\n\n  x\n"
    "\n  details: cgo-ld-shim explain last\n";
constexpr char kBegin[] = "cgo-ld-shim explains 0123\n";
constexpr char kEnd[] = "cgo-ld-shim has explained 0123\n";
constexpr char kNamed[] = "  the linker's own words: /state/1.txt\n";

struct Screen {
  std::string shown, kept;
};

// Lets `text` through in pieces of `size` bytes.
Screen Filter(const std::string& text, size_t size = std::string::npos, bool keeps = true) {
  Screen screen;
  OutputFilter filter(
      "0123", [&](absl::string_view part) { absl::StrAppend(&screen.shown, part); },
      [&](absl::string_view part) {
        if (!keeps) return std::string();
        absl::StrAppend(&screen.kept, part);
        return std::string("/state/1.txt");
      });
  for (size_t at = 0; at < text.size(); at += std::min(size, text.size() - at)) filter.Add(text.substr(at, size));
  filter.Finish();
  return screen;
}

TEST(OutputFilterTest, ShowsOurWordsAloneAndNamesTheRest) {
  const std::string text = absl::StrCat("# example.com/kv\n", kHeader, kNoise, kBegin, kOurs, kEnd, "\n");
  for (const size_t size : {std::string::npos, size_t{1}, size_t{7}}) {
    const Screen screen = Filter(text, size);
    EXPECT_EQ(screen.shown, absl::StrCat("# example.com/kv\n", kOurs, kNamed, "\n"));
    EXPECT_EQ(screen.kept, absl::StrCat(kHeader, kNoise, kOurs));
  }
}

TEST(OutputFilterTest, TwoFailedLinksAreTwoExplanations) {
  const std::string block = absl::StrCat(kHeader, kNoise, kBegin, kOurs, kEnd, "\n");
  EXPECT_EQ(Filter(absl::StrCat("# a\n", block, "# b\n", block)).shown,
            absl::StrCat("# a\n", kOurs, kNamed, "\n# b\n", kOurs, kNamed, "\n"));
}

TEST(OutputFilterTest, ShowsEverythingThatItDoesNotUnderstand) {
  const std::string texts[] = {
      "",
      "# a\n./main.go:3:5: undefined: foo\n",
      "no line end",
      // Not explained by us.
      absl::StrCat("# a\n", kHeader, kNoise, "\n# b\n./b.go:1:1: syntax error\n"),
      // The linker's words are all that there is.
      absl::StrCat(kHeader, kNoise, "cgo-ld-shim: cannot link kv statically: the linker ended with status 1\n"),
      absl::StrCat(kHeader, kNoise, "cgo-ld-shim: /tmp/a.out is not static\n"),
      // Of another process, or made up: not our word.
      absl::StrCat(kHeader, kNoise, "cgo-ld-shim explains 4567\n", kOurs, "cgo-ld-shim has explained 4567\n"),
      absl::StrCat(kHeader, kNoise, kOurs),
      absl::StrCat(kHeader, kNoise),
      kHeader,
  };
  for (const std::string& text : texts) {
    EXPECT_EQ(Filter(text).shown, text);
    EXPECT_EQ(Filter(text, 3).shown, text);
    EXPECT_EQ(Filter(text).kept, "");
  }
}

// Nothing is lost where no file can be written.
TEST(OutputFilterTest, ShowsTheRestWhenItCannotBeKept) {
  EXPECT_EQ(Filter(absl::StrCat(kHeader, kNoise, kBegin, kOurs, kEnd), std::string::npos, /*keeps=*/false).shown,
            absl::StrCat(kOurs, kHeader, kNoise));
}

TEST(OutputFilterTest, NamesTheFileAlsoWhenOurWordsAreCutOff) {
  const std::string ours = "cgo-ld-shim: undefined: zlibVersoin\n      wanted by   main.go\n";
  EXPECT_EQ(Filter(absl::StrCat(kHeader, kNoise, kBegin, ours, "# b\nother\n")).shown,
            absl::StrCat(ours, kNamed, "# b\nother\n"));
  EXPECT_EQ(Filter(absl::StrCat(kHeader, kNoise, kBegin, ours)).shown, absl::StrCat(ours, kNamed));
}

TEST(OutputFilterTest, MarksWithoutAFailedLinkAreNotShown) {
  EXPECT_EQ(Filter(absl::StrCat("a\n", kBegin, kOurs, kEnd, "b\n")).shown, absl::StrCat("a\n", kOurs, "b\n"));
}

TEST(OutputFilterTest, ShowsAnUnfinishedLineWhenNothingFollows) {
  std::string shown;
  OutputFilter filter(
      "0123", [&](absl::string_view part) { absl::StrAppend(&shown, part); },
      [](absl::string_view) { return std::string("/state/1.txt"); });
  filter.Add("Password: ");
  EXPECT_EQ(shown, "");
  filter.Idle();
  EXPECT_EQ(shown, "Password: ");
  filter.Idle();
  filter.Add("\n# a\n");
  EXPECT_EQ(shown, "Password: \n# a\n");
  filter.Add(absl::StrCat(kHeader, "part of the command"));
  filter.Idle();
  EXPECT_EQ(shown, "Password: \n# a\n");
  filter.Finish();
  EXPECT_EQ(shown, absl::StrCat("Password: \n# a\n", kHeader, "part of the command"));
}

}  // namespace
}  // namespace cgo_ld_shim::commands
