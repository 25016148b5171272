// Much at a time: links side by side on cold caches, thousands of objects and archives, an archive larger than memory.
// What is held is that it works, with the same bytes, in the memory that is named; how fast, bench/README.md says.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/faults/small_link.h"

namespace cgo_ld_shim::faults {
namespace {

TEST(SlowLoadTest, SixtyFourLinksOnColdCachesAreAllRight) {
  const SmallLink link;
  std::string script = "for i in $(seq 64); do \"$0\" -o out/p$i go/go.o go/000000.o >out/said$i 2>&1 & done; wait";
  const e2e::ProcessResult all =
      e2e::RunProgram({"sh", "-c", script, e2e::Shim()}, link.environment(), link.directory());
  ASSERT_TRUE(Succeeded(all));
  std::string first;
  for (int i = 1; i <= 64; ++i) {
    const std::string program = e2e::ReadText(link.path(absl::StrCat("out/p", i)));
    if (first.empty()) first = program;
    EXPECT_FALSE(program.empty()) << i;
    EXPECT_TRUE(program == first) << i;
    EXPECT_EQ(e2e::ReadText(link.path(absl::StrCat("out/said", i))), "") << i;
  }
  EXPECT_EQ(e2e::RunProgram({link.path("out/p64")}).output, "right\n");
  EXPECT_THAT(e2e::ListFiles(link.scratch()), testing::IsEmpty());
}

TEST(SlowLoadTest, TenThousandObjects) {
  const SmallLink link;
  ::mkdir(link.path("many").c_str(), 0700);
  // One object ten thousand times under other names would define one symbol twice: without symbols it may.
  e2e::Compile(link.path("many/one.o"), "static int x __attribute__((used)) = 1;\n", {"-c"});
  std::ofstream words(link.path("words"));
  for (int i = 0; i < 10000; ++i) {
    const std::string name = link.path(absl::StrCat("many/", i, ".o"));
    ASSERT_EQ(::link(link.path("many/one.o").c_str(), name.c_str()), 0);
    words << name << "\n";
  }
  words.close();
  const Ending ending = link.Run({.before = {"prlimit", "--data=1073741824"}, .more = {"@" + link.path("words")}});
  EXPECT_EQ(ending.end, End::kRight) << ending.story;
}

class SlowArchivesTest : public testing::Test {
 protected:
  static constexpr int kArchives = 2000;
  // Each needs the one before it.
  static std::vector<std::string> Make(const SmallLink& link) {
    ::mkdir(link.path("many").c_str(), 0700);
    std::ofstream source(link.path("many/all.s"));
    std::string script = "set -e\ncd " + link.path("many") + "\n";
    std::vector<std::string> words = {"-L" + link.path("many")};
    for (int i = 0; i < kArchives; ++i) {
      e2e::WriteText(
          link.path(absl::StrCat("many/", i, ".s")),
          absl::StrCat(".text\n.globl f", i, "\nf", i, ":\n", i > 0 ? absl::StrCat("call f", i - 1, "\n") : "",
                       "ret\n.section .note.GNU-stack,\"\",@progbits\n"));
      words.push_back(absl::StrCat("-lmany", i));
    }
    EXPECT_TRUE(Succeeded(e2e::RunProgram({"sh", "-c",
                                           absl::StrCat("set -e; for i in $(seq 0 ", kArchives - 1,
                                                        "); do as $i.s -o $i.o; ar rcs libmany$i.a $i.o; done")},
                                          {}, link.path("many"))));
    return words;
  }
};

TEST_F(SlowArchivesTest, TwoThousandAndTheirPageStaySmall) {
  const SmallLink link(absl::StrCat("#include <stdio.h>\nvoid f", kArchives - 1, "(void);\nint main(void) { f",
                                    kArchives - 1, "(); puts(\"right\"); return 0; }\n"));
  const std::vector<std::string> words = Make(link);
  const Ending ending = link.Run({.before = {"prlimit", "--data=1073741824"}, .more = words});
  EXPECT_EQ(ending.end, End::kRight) << ending.story.substr(0, 10000);
  const e2e::ProcessResult page = e2e::RunProgram(
      {"prlimit", "--data=536870912", e2e::Shim(), "explain", "last", "--html", "-"}, link.environment());
  EXPECT_TRUE(Succeeded(page));
  EXPECT_LT(page.output.size(), 5'000'000U);
  const e2e::ProcessResult graph = e2e::RunProgram({e2e::Shim(), "explain", "last", "--graph"}, link.environment());
  EXPECT_TRUE(Succeeded(graph));
  EXPECT_LT(graph.output.size(), 2'000'000U);
}

TEST(SlowLargeArchiveTest, OneOfFourAndAHalfGigabytesIsLinkedAndListed) {
  const SmallLink link(
      "#include <stdio.h>\nint wanted(void);\nint main(void) { puts(\"right\"); return wanted() - 1; }\n",
      /*first=*/true);
  // Mostly a hole: an object whose last section is that large, with nothing in it.
  e2e::Compile(link.path("wanted.o"), "int wanted(void) { return 1; }\n", {"-c"});
  ASSERT_TRUE(Succeeded(e2e::RunProgram({"ar", "rc", link.path("libbig.a"), link.path("wanted.o")})));
  const off_t size = off_t{4500} << 20;
  {
    std::ofstream archive(link.path("libbig.a"), std::ios::app | std::ios::binary);
    std::string header = absl::StrCat("hole/", std::string(11, ' '), "0           0     0     644     ", size);
    header.resize(58, ' ');
    archive << header << "`\n";
  }
  struct stat st;
  ASSERT_EQ(::stat(link.path("libbig.a").c_str(), &st), 0);
  ASSERT_EQ(::truncate(link.path("libbig.a").c_str(), st.st_size + size), 0);
  const e2e::ProcessResult linked = e2e::RunProgram({"prlimit", "--data=1073741824", e2e::Shim(), "-o", link.output(),
                                                     link.objects()[0], link.objects()[1], link.path("libbig.a")},
                                                    link.environment());
  ASSERT_TRUE(Succeeded(linked));
  EXPECT_EQ(e2e::RunProgram({link.output()}).output, "right\n");
  // Hashed piece by piece: not even its address space is needed.
  const e2e::ProcessResult bill =
      e2e::RunProgram({"prlimit", "--as=1073741824", e2e::Shim(), "sbom", link.output()}, link.environment());
  EXPECT_TRUE(Succeeded(bill));
  EXPECT_THAT(bill.output, testing::HasSubstr("libbig.a"));
}

}  // namespace
}  // namespace cgo_ld_shim::faults
