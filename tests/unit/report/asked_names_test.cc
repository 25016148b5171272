#include "report/asked_names.h"

#include <climits>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace cgo_ld_shim::report {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

LinkRecord LinkOf(const std::string& package, const std::vector<std::string>& archives) {
  LinkRecord record{.outcome = "linked", .package = package};
  record.inputs.push_back({.path = "/usr/lib/libc.a", .kind = "archive", .origin = "toolchain"});
  for (const std::string& path : archives)
    record.inputs.push_back({.path = path, .kind = "archive", .origin = "given"});
  return record;
}

TEST(AskedNamesTest, ANameThatServesOneLinkIsNoComplaint) {
  AskedNames names;
  EXPECT_TRUE(names.Add(AskedLine(LinkOf("example.com/a", {"/x/libslim.a"}), {"slim", "/y/libz.a"})));
  EXPECT_TRUE(names.Add(AskedLine(LinkOf("example.com/b", {"/y/libz.a"}), {"slim", "/y/libz.a"})));
  EXPECT_EQ(names.Complaint(), "");
}

TEST(AskedNamesTest, ANameThatServesNoneIsSaidWithWhatThereWas) {
  AskedNames names;
  names.Add(AskedLine(LinkOf("example.com/a", {"/x/libslim.a", "/x/libother.a"}), {"libslimm.a"}));
  names.Add(AskedLine(LinkOf("example.com/b", {}), {"libslimm.a"}));
  EXPECT_EQ(names.Complaint(),
            "cgo-ld-shim: CGO_LD_SHIM_ISOLATE=libslimm.a: no archive of the 2 links of this run has that name, and "
            "nothing was isolated for it\n"
            "      example.com/a: libslim.a, libother.a; did you mean libslim.a?\n"
            "      example.com/b: no archives but the compiler's own\n");
}

TEST(AskedNamesTest, AnIsolatedArchiveIsAnObjectOfTheLink) {
  LinkRecord record = LinkOf("example.com/a", {});
  record.edits.push_back({.rule = rules::RuleId::kIsolateAsked, .evidence = {{"f", "", "/x/libslim.a"}}});
  AskedNames names;
  names.Add(AskedLine(record, {"libslim.a"}));
  EXPECT_EQ(names.Complaint(), "");
}

TEST(AskedNamesTest, LinesArePartOfNothingElse) {
  AskedNames names;
  EXPECT_FALSE(names.Add("preparing musl for linux/arm64 with zig, about a minute, once"));
  LinkRecord failed = LinkOf("example.com/a", {});
  failed.outcome = "failed";
  EXPECT_EQ(AskedLine(failed, {"x"}), "") << "its own screen says enough";
  EXPECT_EQ(AskedLine(LinkOf("example.com/a", {}), {}), "");
  std::vector<std::string> many;
  for (int i = 0; i < 2000; ++i) many.push_back(absl::StrCat("/x/lib", i, ".a"));
  const std::string line = AskedLine(LinkOf("example.com/a", many), {"x"});
  EXPECT_THAT(line, AllOf(HasSubstr("lib0.a"), Not(HasSubstr("\n"))));
  EXPECT_LT(line.size(), static_cast<size_t>(PIPE_BUF)) << "a longer one could be mixed with another's";
}

}  // namespace
}  // namespace cgo_ld_shim::report
