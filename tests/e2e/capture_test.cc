// capture, replay and bench, on links that Go really made.
#include <filesystem>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

ProcessResult Ours(const std::vector<std::string>& words, const std::string& directory = "",
                   const Environment& environment = {}) {
  std::vector<std::string> argv = {Shim()};
  argv.insert(argv.end(), words.begin(), words.end());
  return RunProgram(argv, environment, directory);
}

TEST(CaptureTest, IsLinkedAgainToTheSameBytesWhereverItLies) {
  const std::string module = CopyModule("osuser"), place = MakeTempDirectory();
  const ProcessResult captured = Ours({"capture", place + "/first", "--", "go", "build", "."}, module);
  ASSERT_TRUE(Succeeded(captured));
  EXPECT_THAT(ListFiles(place), ElementsAre("first"));
  fs::create_directories(place + "/else where/deep");
  fs::rename(place + "/first", place + "/else where/deep/moved");
  fs::remove_all(module);
  const ProcessResult replayed = Ours({"replay", "deep/moved", "--keep"}, place + "/else where");
  EXPECT_TRUE(Succeeded(replayed));
  EXPECT_THAT(replayed.output, HasSubstr("the same bytes as the captured link"));
  EXPECT_TRUE(fs::exists(place + "/else where/deep/moved/program"));
}

// pthread_create gives a thread as much stack as `ulimit -s` says, and fails where that is not to be had. The limit on
// processes would not stop root.
TEST(CaptureTest, IsLinkedToTheSameBytesWhereNoThreadCanBeMade) {
  const std::string enormous = "ulimit -s 100000000000 && ";
  if (RunProgram({"sh", "-c", enormous + "true"}).exit_status != 0) GTEST_SKIP() << "the stack's limit is fixed here";
  const std::string module = CopyModule("osuser"), place = MakeTempDirectory();
  ASSERT_TRUE(Succeeded(Ours({"capture", place + "/c"}, module)));
  const ProcessResult replayed = RunProgram({"sh", "-c", enormous + "exec \"$0\" replay \"$1\"", Shim(), place + "/c"});
  EXPECT_TRUE(Succeeded(replayed));
  EXPECT_THAT(replayed.output, HasSubstr("the same bytes as the captured link"));
}

// ISA-L has code for several generations of processors (lib/backend/deflate.cc).
TEST(SlowCaptureTest, IsLinkedToTheSameBytesByAnOlderProcessor) {
#ifndef __x86_64__
  GTEST_SKIP() << "ISA-L is used on x86-64 only";
#endif
  std::string qemu = FindProgram("qemu-x86_64-static");
  if (qemu.empty()) qemu = FindProgram("qemu-x86_64");
  if (qemu.empty()) GTEST_SKIP() << "qemu-user is not installed";
  const std::string module = CopyModule("nethttp"), place = MakeTempDirectory();
  ASSERT_TRUE(Succeeded(Ours({"capture", place + "/c"}, module)));
  for (const char* processor : {"Nehalem", "Haswell"}) {
    const ProcessResult replayed = RunProgram({qemu, "-cpu", processor, Shim(), "replay", place + "/c"});
    EXPECT_TRUE(Succeeded(replayed)) << processor;
    EXPECT_THAT(replayed.output, HasSubstr("the same bytes as the captured link")) << processor;
  }
}

TEST(CaptureTest, OfAFinishedProgramBuildsItAgainAsItWas) {
  const GoBuild build = BuildGo("hello", {}, {"-ldflags=-X=main.unused=1"});
  ASSERT_TRUE(Succeeded(build.go));
  const std::string place = MakeTempDirectory();
  ASSERT_TRUE(Succeeded(Ours({"capture", place + "/c", build.binary}, place)));
  const ProcessResult replayed = Ours({"replay", place + "/c", "--keep"});
  ASSERT_TRUE(Succeeded(replayed));
  // The program itself differs in the build ID that cmd/go writes into it after the link.
  EXPECT_EQ(fs::file_size(place + "/c/program"), fs::file_size(build.binary));
}

TEST(CaptureTest, ATarballHoldsTheSame) {
  const std::string module = CopyModule("hello"), place = MakeTempDirectory();
  ASSERT_TRUE(Succeeded(Ours({"capture", place + "/kv", "--tar"}, module)));
  EXPECT_THAT(ListFiles(place), ElementsAre("kv.tar"));
  ASSERT_TRUE(Succeeded(RunProgram({FindProgram("tar"), "xf", "kv.tar"}, {}, place)));
  EXPECT_THAT(Ours({"replay", place + "/kv"}).output, HasSubstr("the same bytes"));
}

TEST(CaptureTest, ALinkThatFailsIsCapturedAndFailsAgain) {
  const std::string module = MakeModule({{"main.go",
                                          "package main\n// int nowhere_to_be_found(void);\nimport \"C\"\n"
                                          "func main() { println(C.nowhere_to_be_found()) }\n"}});
  const std::string place = MakeTempDirectory();
  const ProcessResult captured = Ours({"capture", place + "/c"}, module);
  EXPECT_TRUE(Succeeded(captured));
  EXPECT_THAT(captured.output, HasSubstr("a link that fails"));
  const ProcessResult replayed = Ours({"replay", place + "/c"});
  EXPECT_EQ(replayed.exit_status, 1);
  EXPECT_THAT(replayed.error, HasSubstr("nowhere_to_be_found"));
  EXPECT_THAT(replayed.error, HasSubstr("fails, as the captured link did"));
}

TEST(CaptureTest, LeavesNothingWhenThereIsNoLink) {
  const std::string module = MakeModule({{"main.go", "package main\nfunc main() {}\n"}});
  const std::string place = MakeTempDirectory();
  const ProcessResult pure = Ours({"capture", place + "/c"}, module);
  EXPECT_EQ(pure.exit_status, 1);
  EXPECT_THAT(pure.error, HasSubstr("does not use cgo"));
  const ProcessResult broken = Ours({"capture", place + "/c", "--", "go", "build", "./nowhere"}, module);
  EXPECT_EQ(broken.exit_status, 1);
  EXPECT_THAT(broken.error, HasSubstr("failed before the link"));
  EXPECT_EQ(Ours({"capture", place + "/c", "--", "go", "vet"}, module).exit_status, 2);
  EXPECT_THAT(ListFiles(place), IsEmpty());
  WriteText(place + "/taken", "");
  EXPECT_THAT(Ours({"capture", place + "/taken"}, module).error, HasSubstr("there already"));
}

TEST(BenchTest, MeasuresEachLinkerAsOftenAsAskedAndLeavesOnlyTheReport) {
  const std::string module = CopyModule("hello"), place = MakeTempDirectory();
  ASSERT_TRUE(Succeeded(Ours({"capture", place + "/c"}, module)));
  fs::create_directories(place + "/tmp");
  const ProcessResult bench = Ours({"bench", "c", "-n", "2", "--linkers", "cgo-ld-shim,bfd", "--html", "r.html"}, place,
                                   {"TMPDIR=" + place + "/tmp"});
  ASSERT_TRUE(Succeeded(bench));
  EXPECT_THAT(bench.output, HasSubstr("the link of example.com/hello"));
  EXPECT_THAT(bench.output, HasSubstr("bfd 2."));
  EXPECT_THAT(bench.output, HasSubstr("2 rounds, alternating"));
  EXPECT_THAT(ReadText(place + "/r.html"), HasSubstr("Go code"));
  EXPECT_THAT(ReadText(place + "/r.html"), HasSubstr("inside the embedded linker"));
  EXPECT_THAT(ListFiles(place + "/tmp"), IsEmpty());
}

// What a browser makes of the page: its own script is added to a copy, and writes down what it sees.
TEST(BenchTest, ABrowserShowsTheReportInLightAndDarkAndInANarrowWindow) {
  std::string browser;
  for (const char* name : {"chromium", "chromium-browser", "google-chrome"}) {
    if (browser.empty()) browser = FindProgram(name);
  }
  if (browser.empty()) GTEST_SKIP() << "there is no Chromium here";
  const std::string module = CopyModule("hello"), place = MakeTempDirectory();
  ASSERT_TRUE(Succeeded(Ours({"capture", place + "/c"}, module)));
  ASSERT_TRUE(Succeeded(Ours({"bench", "c", "-n", "2", "--linkers", "cgo-ld-shim,bfd", "--html", "r.html"}, place)));
  WriteText(place + "/seen.html",
            ReadText(place + "/r.html") +
                "<script>document.title = 'seen ' + getComputedStyle(document.body).backgroundColor + ' ' + "
                "document.querySelectorAll('svg').length + ' ' + "
                "(document.documentElement.scrollWidth <= innerWidth ? 'fits' : 'too wide')</script>\n");
  const auto title = [&](const char* scheme, const char* width) {
    const ProcessResult shown =
        RunProgram({browser, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=" + place + "/profile",
                    std::string("--blink-settings=preferredColorScheme=") + scheme,
                    std::string("--window-size=") + width + ",900", "--dump-dom", "file://" + place + "/seen.html"});
    const size_t begin = shown.output.find("<title>seen ");
    if (begin == std::string::npos) return shown.output + shown.error;
    return shown.output.substr(begin + 7, shown.output.find("</title>", begin) - begin - 7);
  };
  for (const char* width : {"1200", "500"}) {
    EXPECT_EQ(title("1", width), "seen rgb(253, 253, 252) 5 fits") << "light, " << width;
    EXPECT_EQ(title("0", width), "seen rgb(20, 24, 28) 5 fits") << "dark, " << width;
  }
}

TEST(BenchTest, ALinkerThatFailsIsALineOfTheTable) {
  const std::string module = CopyModule("hello"), place = MakeTempDirectory();
  WriteProgram(place + "/broken", "#!/bin/sh\necho cannot do that; exit 3\n");
  WriteProgram(place + "/versionless", "#!/bin/sh\n[ \"$1\" = --version ] || { echo cannot do that; exit 3; }\n");
  const ProcessResult bench =
      Ours({"bench", ".", "-n", "1", "--linkers", "cgo-ld-shim," + place + "/versionless"}, module);
  ASSERT_TRUE(Succeeded(bench));
  EXPECT_THAT(bench.output, HasSubstr("fails: cannot do that"));
  EXPECT_EQ(Ours({"bench", ".", "--linkers", place + "/broken"}, module).exit_status, 2);
  EXPECT_EQ(Ours({"bench", ".", "-n", "0"}, module).exit_status, 2);
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
