#include <regex>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bench/result.h"
#include "gmock/gmock.h"

namespace cgo_ld_shim::bench {
namespace {

using testing::DoubleNear;
using testing::HasSubstr;
using testing::Not;

TEST(BenchNumbersTest, MedianAndSpread) {
  EXPECT_EQ(Median({}), 0);
  EXPECT_EQ(Median({3, 1, 2}), 2);
  EXPECT_EQ(Median({4, 1, 2, 3}), 2.5);
  // One round in which the machine was busy does not count for more than one.
  EXPECT_EQ(Spread({10, 11, 9, 10, 1000}), 1);
}

TEST(BenchNumbersTest, RatiosAreTakenRoundByRound) {
  // Everything took three times as long in the second half.
  BenchedLinker first{.wall = {10, 10, 30, 30}}, second{.wall = {20, 20, 60, 60}};
  EXPECT_EQ(second.WallRatio(first), 2);
  EXPECT_EQ(first.WallRatio(first), 1);
}

BenchResult Result() {
  BenchResult result{.program = "example.com/kv", .inputs = 3, .input_bytes = 63000000, .debug_sections = "zlib"};
  result.rounds = 3;
  result.linkers = {{.name = "cgo-ld-shim",
                     .wall = {268, 270, 264},
                     .cpu = {291, 290, 292},
                     .memory = {285e6, 285e6, 285e6},
                     .output_bytes = 41000000},
                    {.name = "bfd 2.40",
                     .wall = {1140, 1150, 1130},
                     .cpu = {1033, 1030, 1040},
                     .memory = {410e6, 410e6, 410e6},
                     .output_bytes = 40200000},
                    {.name = "<odd>", .error = "unknown option: --x\nmore"}};
  result.link_phases = {{"resolve", 3.5}, {"link", 268}};
  result.contributions = {{"Go code", 9000000, 20000000}, {"libsqlite3.a", 1000000, 0}};
  return result;
}

TEST(BenchTextTest, TableHasALineALinker) {
  const std::string table = TableText(Result(), {});
  EXPECT_THAT(table, HasSubstr("the link of example.com/kv: 3 inputs, 63.0 MB in, 41.0 MB out, zlib debug sections; 3 "
                               "rounds, alternating\n"));
  EXPECT_THAT(table,
              HasSubstr("cgo-ld-shim          268   ±2.0       291   ±1.0  285.0 MB   41.0 MB    1.00   1.00\n"));
  EXPECT_THAT(table,
              HasSubstr("bfd 2.40            1140    ±10      1033   ±3.0  410.0 MB   40.2 MB    4.26   3.55\n"));
  EXPECT_THAT(table, HasSubstr("<odd>           fails: unknown option: --x\n"));
}

TEST(BenchTextTest, JsonHasEachRound) {
  const std::string json = BenchJson(Result());
  EXPECT_THAT(json, HasSubstr("\"wall_median_ms\": 268"));
  EXPECT_THAT(json, HasSubstr("1150"));
  EXPECT_THAT(json, HasSubstr("\"error\": \"unknown option: --x\\nmore\""));
}

TEST(BenchHtmlTest, NeedsNothingFromElsewhere) {
  const std::string page = BenchHtml(Result());
  EXPECT_THAT(page, HasSubstr("<svg"));
  EXPECT_THAT(page, HasSubstr("prefers-color-scheme: dark"));
  EXPECT_THAT(page, HasSubstr("&lt;odd&gt;"));
  EXPECT_THAT(page, HasSubstr("libsqlite3.a"));
  for (const char* foreign : {"http:", "https:", "<script", "<link", "@import", "url(", "<odd>"}) {
    EXPECT_THAT(page, Not(HasSubstr(foreign)));
  }
}

// Every element is closed by its own end, and no attribute is written twice.
void ExpectWellFormed(const std::string& page) {
  static const std::set<std::string> kVoid = {"!DOCTYPE", "meta", "line"};
  std::vector<std::string> open;
  for (size_t at = page.find('<'); at != std::string::npos; at = page.find('<', at + 1)) {
    const size_t end = page.find('>', at);
    ASSERT_NE(end, std::string::npos);
    const std::string tag = page.substr(at + 1, end - at - 1);
    const std::string name = tag.substr(0, tag.find(' '));
    if (name[0] == '/') {
      ASSERT_FALSE(open.empty()) << tag;
      EXPECT_EQ(open.back(), name.substr(1));
      open.pop_back();
    } else if (!kVoid.contains(name) && tag.back() != '/') {
      open.push_back(name);
    }
    std::set<std::string> attributes;
    for (size_t equals = tag.find("=\""); equals != std::string::npos; equals = tag.find("=\"", equals + 2)) {
      const size_t space = tag.rfind(' ', equals);
      EXPECT_TRUE(attributes.insert(tag.substr(space + 1, equals - space - 1)).second) << tag;
    }
  }
  EXPECT_THAT(open, testing::IsEmpty());
}

TEST(BenchHtmlTest, IsWellFormedAndNamesEveryLinkerInTableAndPictures) {
  const std::string page = BenchHtml(Result());
  ExpectWellFormed(page);
  ExpectWellFormed(BenchHtml({}));
  const auto count = [&](const std::string& text) {
    size_t found = 0;
    for (size_t at = page.find(text); at != std::string::npos; at = page.find(text, at + 1)) ++found;
    return found;
  };
  for (const char* linker : {"cgo-ld-shim", "bfd 2.40"}) {
    EXPECT_EQ(count(absl::StrCat("<tr><td>", linker, "</td>")), 1U);
    EXPECT_EQ(count(absl::StrCat("<title>", linker, "</title>")), 4U) << "wall and CPU time, each in two layouts";
  }
  EXPECT_EQ(count("<tr><td>&lt;odd&gt;</td>"), 1U) << "one that fails has a line in the table only";
  EXPECT_EQ(count("<svg class=\"wide\""), 4U);
  EXPECT_EQ(count("<svg class=\"narrow\""), 4U);
  EXPECT_EQ(count("id=\""), 0U) << "nothing refers to a part of the page";
}

TEST(BenchHtmlTest, ALongNameIsCutBetweenCharacters) {
  BenchResult result = Result();
  // 40 characters of two bytes: a cut within one would not be UTF-8.
  std::string name;
  for (int i = 0; i < 40; ++i) name += "\u00e9";
  result.link_phases = {{name + "x", 1.0}};
  const std::string page = BenchHtml(result);
  const size_t cut = page.find("\u2026\u00e9");
  ASSERT_NE(cut, std::string::npos);
}

// At 390 pixels, a telephone's width: nothing is wider than the page, names and numbers of a picture stand in it, and
// the table's cells say what they are, because its head is not shown.
TEST(BenchHtmlTest, ANarrowScreenCutsNothingOff) {
  const std::string page = BenchHtml(Result());
  EXPECT_THAT(page, testing::ContainsRegex("@media \\(max-width: [0-9]+px\\) \\{ svg.wide \\{ display: none"));
  for (const char* wide : {"min-width: 6", "overflow-x"}) EXPECT_THAT(page, Not(HasSubstr(wide)));
  for (const char* column : {"wall ms", "CPU ms", "memory", "output", "× wall", "× CPU"})
    EXPECT_THAT(page, HasSubstr(absl::StrCat("<td data-label=\"", column, "\">")));
  size_t pictures = 0;
  for (size_t at = page.find("<svg class=\"narrow\""); at != std::string::npos;
       at = page.find("<svg class=\"narrow\"", at + 1)) {
    ++pictures;
    const std::string picture = page.substr(at, page.find("</svg>", at) - at);
    EXPECT_THAT(picture, HasSubstr("viewBox=\"0 0 360 "));
    // A name begins at the left edge, a number ends at the right one, and the plot is between them.
    static const std::regex kPlace(" c?x[12]?=\"(-?[0-9.]+)\"");
    for (std::sregex_iterator place(picture.begin(), picture.end(), kPlace), end; place != end; ++place) {
      EXPECT_GE(std::stod((*place)[1]), 0) << place->str();
      EXPECT_LE(std::stod((*place)[1]), 360) << place->str();
    }
  }
  EXPECT_EQ(pictures, 4U);
}

TEST(BenchHtmlTest, APageWithoutMeasurementsIsStillAPage) { EXPECT_THAT(BenchHtml({}), HasSubstr("</html>")); }

TEST(BenchTraceTest, AnEventsTimeIsThatWithoutTheEventsInIt) {
  const auto phases = PhasesOfTrace(R"({"traceEvents":[
    {"ph":"X","tid":1,"ts":0,"dur":10000,"name":"Link"},
    {"ph":"X","tid":1,"ts":1000,"dur":7000,"name":"Write"},
    {"ph":"X","tid":1,"ts":2000,"dur":4000,"name":"Compress"},
    {"ph":"X","tid":2,"ts":2000,"dur":500,"name":"Helper"},
    {"ph":"X","tid":3,"ts":0,"dur":99000,"name":"Total Link"},
    {"ph":"M","tid":1,"name":"process_name"}]})");
  ASSERT_EQ(phases.size(), 3U);
  EXPECT_EQ(phases[0].first, "Compress");
  EXPECT_THAT(phases[0].second, DoubleNear(4, 1e-9));
  EXPECT_THAT(phases[1].second, DoubleNear(3, 1e-9));
  EXPECT_THAT(phases[2].second, DoubleNear(3, 1e-9));
  EXPECT_TRUE(PhasesOfTrace("nonsense").empty());
  EXPECT_TRUE(PhasesOfTrace("[1]").empty());
}

TEST(BenchMapTest, CountsInputSectionsByArchive) {
  const auto contributions = ContributionsOfMap(
      "             VMA              LMA     Size Align Out     In      Symbol\n"
      "          201000           201000     1234     8 .text\n"
      "          201000           201000     1000    16         inputs/go/go.o:(.text)\n"
      "          201000           201000        0     1                 runtime.main\n"
      "          202000           202000      100    16         inputs/usr/lib/libz.a(deflate.o):(.text.deflate)\n"
      "          202100           202100       20    16         inputs/usr/lib/libz.a(inflate.o):(.text)\n"
      "          202200           202200       10     4         <internal>:(.note)\n"
      "               0                0     5000     1 .debug_info\n"
      "               0                0     5000     1         inputs/go/000000.o:(.debug_info)\n"
      "          203000           203000        0     1 __bss_start = .\n");
  ASSERT_EQ(contributions.size(), 4U);
  EXPECT_EQ(contributions[0].name, "C code of the program's packages");
  EXPECT_EQ(contributions[0].other_bytes, 0x5000U);
  EXPECT_EQ(contributions[1].name, "Go code");
  EXPECT_EQ(contributions[1].loaded_bytes, 0x1000U);
  EXPECT_EQ(contributions[2].name, "libz.a");
  EXPECT_EQ(contributions[2].loaded_bytes, 0x120U);
  EXPECT_EQ(contributions[3].name, "made by the linker");
}

}  // namespace
}  // namespace cgo_ld_shim::bench
