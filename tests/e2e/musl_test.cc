// Static programs with musl: by musl-gcc, and by zig, for this machine and for another one. zig is needed where its
// name stands in a test's; ./dev test brings it along where a Python package can be had.
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/e2e/elf_file.h"
#include "tests/e2e/harness.h"
#include "tests/e2e/link_log.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

bool HasZig() {
  return !FindProgram("zig").empty() || RunProgram({"python3", "-c", "import ziglang"}).exit_status == 0;
}

#define SKIP_WITHOUT_ZIG() \
  if (!HasZig()) GTEST_SKIP() << "no zig: pip install ziglang"

const Environment kMusl = {"CGO_LD_SHIM_LIBC=musl", "CXX=cgo-ld-shim++"};

Environment With(Environment environment, const std::string& more) {
  environment.push_back(more);
  return environment;
}

// The records of one build that must have succeeded and been silent.
std::vector<LinkRecord> Links(const GoBuild& build, const std::string& log) {
  EXPECT_TRUE(Succeeded(build.go));
  EXPECT_EQ(build.go.error, "");
  return ReadLog(log);
}

TEST(MuslTest, ZigsLibcIsLinkedByTheEmbeddedLinker) {
  SKIP_WITHOUT_ZIG();
  const std::string log = MakeTempDirectory() + "/log";
  const GoBuild build = BuildGo("osuser", With(kMusl, LogTo(log)));
  const std::vector<LinkRecord> links = Links(build, log);
  ASSERT_EQ(links.size(), 1U);
  EXPECT_EQ(links[0].Text("libc"), "musl");
  EXPECT_THAT(links[0].Text("linker"), HasSubstr("in process"));
  EXPECT_EQ(RunStatic(build).output, "root 0 root\n");
}

TEST(MuslTest, ZigsCxxLibraryIsAddedForCxx) {
  SKIP_WITHOUT_ZIG();
  const std::string log = MakeTempDirectory() + "/log";
  const GoBuild build = BuildGo("cxx", With(kMusl, LogTo(log)));
  const std::vector<LinkRecord> links = Links(build, log);
  ASSERT_EQ(links.size(), 1U);
  EXPECT_THAT(links[0].Rules(), Contains("add-runtime"));
  EXPECT_THAT(links[0].Texts("linker_argv"), Contains(HasSubstr("libc++.a")));
  EXPECT_TRUE(Succeeded(RunStatic(build)));
}

TEST(MuslTest, ZigStaticPie) {
  SKIP_WITHOUT_ZIG();
  const std::string log = MakeTempDirectory() + "/log";
  const GoBuild build = BuildGo("osuser", With(kMusl, LogTo(log)), {"-buildmode=pie"});
  ASSERT_EQ(Links(build, log).size(), 1U);
  EXPECT_TRUE(ReadElf(build.binary).position_independent);
  EXPECT_EQ(RunStatic(build).output, "root 0 root\n");
}

TEST(MuslTest, AnArchiveForGlibcIsNamed) {
  SKIP_WITHOUT_ZIG();
  const std::string module =
      MakeModule({{"main.go",
                   "package main\n\n// #cgo LDFLAGS: -L${SRCDIR} -lvendor\n// int f(void);\nimport \"C\"\n\n"
                   "func main() { println(C.f()) }\n"}});
  MakeArchive(
      module + "/libvendor.a",
      {{"f.c", "const char *gnu_get_libc_version(void);\nint f(void) { return gnu_get_libc_version()[0]; }\n"}});
  const GoBuild build = BuildIn(module, kMusl);
  ASSERT_TRUE(Refused(build.go));
  EXPECT_THAT(OurWords(build.go.error), AllOf(HasSubstr("libvendor.a was built for glibc, and this program links musl"),
                                              HasSubstr("gnu_get_libc_version"), HasSubstr("CGO_LD_SHIM_LIBC=glibc")));
}

TEST(MuslTest, ZigsCopiedFilesOutliveItsCacheAndAreMadeAgainWhenLost) {
  SKIP_WITHOUT_ZIG();
  const std::string cache = MakeTempDirectory();
  const std::string module = CopyModule("osuser");
  const std::string home = absl::StrCat("XDG_CACHE_HOME=", cache);
  ASSERT_TRUE(Succeeded(BuildIn(module, With(kMusl, home)).go));
  std::vector<std::string> directories = ListFiles(cache + "/cgo-ld-shim/zig");
  ASSERT_EQ(directories.size(), 1U) << "nothing half-made";
  const std::string kept = cache + "/cgo-ld-shim/zig/" + directories[0];
  ASSERT_TRUE(std::filesystem::remove(kept + "/libc.a"));
  std::filesystem::remove(module + "/program");
  const GoBuild again = BuildIn(module, With(kMusl, home));
  EXPECT_EQ(RunStatic(again).output, "root 0 root\n");
  EXPECT_TRUE(std::filesystem::exists(kept + "/libc.a"));
}

// DESIGN invariant: another target, then this machine's own compiler, then musl, then the first again, in one GOCACHE.
TEST(SlowMuslTest, OneGoCacheServesZigForAnotherMachineGccAndMuslByTurns) {
  SKIP_WITHOUT_ZIG();
  const std::string cache = absl::StrCat("GOCACHE=", MakeTempDirectory());
  const std::string module = CopyModule("osuser");
  const Environment native = {cache};
  for (int round = 0; round < 2; ++round) {
    const GoBuild arm = BuildIn(module, {cache, "GOARCH=arm64", "CGO_ENABLED=1"});
    ASSERT_TRUE(Succeeded(arm.go));
    EXPECT_THAT(Needed(arm.binary), IsEmpty());
    EXPECT_EQ(RunStatic(BuildIn(module, native)).output, "root 0 root\n");
    EXPECT_EQ(RunStatic(BuildIn(module, With(kMusl, cache))).output, "root 0 root\n");
    EXPECT_EQ(RunStatic(BuildIn(module, native)).output, "root 0 root\n");
  }
}

TEST(MuslTest, ObjectsForAnotherCLibraryAreNamedWithTheirPackage) {
  if (FindProgram("musl-gcc").empty()) GTEST_SKIP() << "no musl-gcc: apt-get install musl-tools";
  const FinalLink glibc = CaptureLink(CopyModule("osuser"));
  const std::string program = MakeTempDirectory() + "/program";
  const ProcessResult link = RunProgram(glibc.To(program), {"CGO_LD_SHIM_CC=musl-gcc"});
  ASSERT_TRUE(Refused(link));
  EXPECT_THAT(link.error, AllOf(HasSubstr("os/user"), HasSubstr("compiled for glibc"), HasSubstr("links musl"),
                                HasSubstr("GOCACHE")));
  EXPECT_FALSE(std::filesystem::exists(program));
}

TEST(MuslTest, MuslGccNeedsNoZig) {
  if (FindProgram("musl-gcc").empty()) GTEST_SKIP() << "no musl-gcc: apt-get install musl-tools";
  const std::string log = MakeTempDirectory() + "/log";
  const GoBuild build = BuildGo("osuser", {"CGO_LD_SHIM_CC=musl-gcc", LogTo(log)});
  const std::vector<LinkRecord> links = Links(build, log);
  ASSERT_EQ(links.size(), 1U);
  EXPECT_EQ(links[0].Text("libc"), "musl");
  EXPECT_EQ(RunStatic(build).output, "root 0 root\n");
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
