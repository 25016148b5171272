// What others can put in a link's way: names, kinds of files, damaged caches, a full or closed standard output.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/faults/small_link.h"

namespace cgo_ld_shim::faults {
namespace {

using e2e::HasZig;
using ::testing::HasSubstr;
using ::testing::Not;

// Nothing here takes a second; what waits for ever is ended, with status 124.
const std::vector<std::string> kPatience = {"timeout", "100"};

void MakePipe(const std::string& path) { ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0); }

// Runs words of a shell, for what only redirections can say. The shim is $0.
e2e::ProcessResult Shell(const SmallLink& link, const std::string& script, const e2e::Environment& more = {}) {
  e2e::Environment all = link.environment();
  all.insert(all.end(), more.begin(), more.end());
  return e2e::RunProgram({"sh", "-c", script, e2e::Shim()}, all, link.directory());
}

TEST(NamesTest, APercentSignIsALetter) {
  const SmallLink link;
  ASSERT_EQ(::mkdir(link.path("o%x%%").c_str(), 0700), 0);
  ASSERT_EQ(::mkdir(link.path("t%x").c_str(), 0700), 0);
  for (const char* name : {"o%x%%/program", "o%x%%/a%d.out"}) {
    const std::string output = link.path(name);
    EXPECT_TRUE(Succeeded(
        link.Call({"-o", output, link.objects()[0], link.objects()[1]}, {absl::StrCat("TMPDIR=", link.path("t%x"))})));
    EXPECT_EQ(e2e::RunProgram({output}).output, "right\n");
  }
  EXPECT_THAT(e2e::ListFiles(link.path("o%x%%")), testing::ElementsAre("a%d.out", "program"));
}

TEST(NamesTest, WithoutACurrentDirectoryNothingIsWrittenElsewhere) {
  const SmallLink link;
  const std::string objects = absl::StrCat(link.objects()[0], " ", link.objects()[1]);
  const e2e::ProcessResult result =
      Shell(link, absl::StrCat("mkdir gone && cd gone && rmdir ../gone && exec \"$0\" -o cgo-ld-shim-lost ", objects));
  EXPECT_TRUE(Refused(result));
  EXPECT_THAT(result.error, HasSubstr("cannot tell the current directory"));
  EXPECT_NE(::access("/cgo-ld-shim-lost", F_OK), 0);
}

TEST(NamesTest, ADirectoryDeeperThanAPathCanBeIsNoOther) {
  const SmallLink link;
  const std::string objects = absl::StrCat(link.objects()[0], " ", link.objects()[1]);
  const e2e::ProcessResult result = Shell(
      link, absl::StrCat("d=$(printf 'x%.0s' $(seq 200)); i=0; while [ $i -lt 25 ]; do mkdir $d && cd -P $d || exit 3; "
                         "i=$((i+1)); done; exec \"$0\" -o cgo-ld-shim-lost ",
                         objects));
  EXPECT_NE(result.exit_status, 0);
  EXPECT_NE(::access("/cgo-ld-shim-lost", F_OK), 0);
}

TEST(KindsOfFilesTest, APipeOrADeviceIsNoInput) {
  const SmallLink link;
  MakePipe(link.path("pipe.o"));
  for (const std::string& input : {link.path("pipe.o"), std::string("/dev/zero")}) {
    const Ending ending = link.Run({.before = kPatience, .more = {input}});
    EXPECT_EQ(ending.end, End::kRefused) << ending.story;
    EXPECT_THAT(ending.result.error, HasSubstr("not a file")) << ending.story;
  }
}

TEST(KindsOfFilesTest, ALibraryThatIsAPipeIsPassedOver) {
  const SmallLink link;
  ASSERT_EQ(::mkdir(link.path("lib").c_str(), 0700), 0);
  MakePipe(link.path("lib/libq.a"));
  const Ending ending = link.Run({.before = kPatience, .more = {"-L" + link.path("lib"), "-lq"}});
  EXPECT_EQ(ending.end, End::kRefused) << ending.story;
}

TEST(KindsOfFilesTest, AMemberOfAThinArchiveIsAFile) {
  const SmallLink link(
      "int wanted(void); int puts(const char*); int main(void) { puts(\"right\"); return wanted(); }\n");
  e2e::Compile(link.path("member.o"), "int wanted(void) { return 0; }\n", {"-c"});
  ASSERT_TRUE(Succeeded(e2e::RunProgram({"ar", "rcsT", link.path("libthin.a"), link.path("member.o")})));
  const RunOptions options{.before = kPatience, .more = {link.path("libthin.a")}};
  EXPECT_EQ(link.Run(options).end, End::kRight);
  ASSERT_EQ(::unlink(link.path("member.o").c_str()), 0);
  MakePipe(link.path("member.o"));
  const Ending ending = link.Run(options);
  EXPECT_EQ(ending.end, End::kRefused) << ending.story;
}

TEST(KindsOfFilesTest, APkgConfigFileThatIsAPipeIsNone) {
  const SmallLink link(
      "int puts(const char*); int wanted(void); int main(void) { puts(\"right\"); return wanted(); }\n");
  ASSERT_EQ(::mkdir(link.path("pc").c_str(), 0700), 0);
  MakePipe(link.path("pc/m.pc"));
  const Ending ending = link.Run(
      {.before = kPatience, .more = {"-lm"}, .environment = {absl::StrCat("PKG_CONFIG_PATH=", link.path("pc"))}});
  EXPECT_EQ(ending.end, End::kRefused) << ending.story;
}

TEST(KindsOfFilesTest, ACaptureWhoseFilesArePipesIsRefused) {
  const SmallLink link;
  ASSERT_EQ(::mkdir(link.path("captured").c_str(), 0700), 0);
  MakePipe(link.path("captured/capture.json"));
  MakePipe(link.path("captured/response.txt"));
  for (const char* command : {"replay", "bench"}) {
    const e2e::ProcessResult result =
        e2e::RunProgram({"timeout", "100", e2e::Shim(), command, link.path("captured")}, link.environment());
    EXPECT_TRUE(Refused(result)) << command;
    EXPECT_NE(result.exit_status, 124) << command;
  }
}

// Every file below the cache directory, replaced by what `damage` makes of it.
void ForEachKept(const SmallLink& link, const std::string& damage, int* files) {
  const e2e::ProcessResult found = e2e::RunProgram({"find", link.path("cache"), "-type", "f", "-size", "+0"});
  std::string rest = found.output;
  *files = 0;
  for (size_t end; (end = rest.find('\n')) != std::string::npos; rest.erase(0, end + 1)) {
    const std::string path = rest.substr(0, end);
    ++*files;
    ASSERT_TRUE(Succeeded(e2e::RunProgram({"cp", "-a", path, link.path("kept")})));
    ASSERT_TRUE(Succeeded(e2e::RunProgram({"sh", "-c", damage, path})));
    const Ending ending = link.Run({.before = kPatience});
    EXPECT_EQ(ending.end, End::kRight) << path << "\n" << ending.story;
    (void)e2e::RunProgram({"rm", "-f", path});
    ASSERT_TRUE(Succeeded(e2e::RunProgram({"mv", link.path("kept"), path})));
  }
}

TEST(CachesTest, ADamagedFileIsLearnedAgain) {
  const SmallLink link;
  ASSERT_EQ(link.Run().end, End::kRight);
  int files = 0;
  // A flipped bit in the middle of what was learned; a file that is cut short; a pipe in its place.
  ForEachKept(link,
              "n=$(($(stat -c %s \"$0\") / 3)); printf '\\001' | dd of=\"$0\" bs=1 seek=$n conv=notrunc 2>/dev/null",
              &files);
  EXPECT_GE(files, 1);
  ForEachKept(link, "truncate -s 20 \"$0\"", &files);
  ForEachKept(link, "rm \"$0\" && mkfifo \"$0\"", &files);
}

// A compiler that once, when its machine had no memory left say, printed half of its answer and still ended with 0.
TEST(CachesTest, AnAnswerThatWasCutShortIsAskedForAgain) {
  const SmallLink link;
  e2e::WriteProgram(link.path("gcc"), absl::StrCat("#!/bin/sh\ncase \" $* \" in\n*' -### -o CGO_LD_SHIM_OUT '*)\n"
                                                   "  [ -e ",
                                                   link.path("fine"),
                                                   " ] && exec gcc \"$@\"\n"
                                                   "  gcc \"$@\" 2>&1 | sed 's/\"*-lgcc\"*.*$//' >&2; exit 0 ;;\n"
                                                   "esac\nexec gcc \"$@\"\n"));
  const RunOptions options{.environment = {absl::StrCat("CGO_LD_SHIM_CC=", link.path("gcc")), "CGO_LD_SHIM_STRICT=1"}};
  const Ending cut = link.Run(options);
  EXPECT_EQ(cut.end, End::kRefused) << cut.story;
  e2e::WriteText(link.path("fine"), "");
  const Ending ending = link.Run(options);
  EXPECT_EQ(ending.end, End::kRight) << ending.story;
  const Ending prefer = link.Run({.environment = {options.environment[0], "CGO_LD_SHIM_STATIC=prefer"}});
  EXPECT_EQ(prefer.end, End::kRight) << prefer.story;
}

TEST(CachesTest, ZigsCLibraryIsWholeOrMadeAgain) {
  SKIP_WITHOUT_ZIG();
  const SmallLink link;
  const RunOptions options{.environment = {"CGO_LD_SHIM_LIBC=musl"}};
  ASSERT_EQ(link.Run(options).end, End::kRight);
  const std::string find = absl::StrCat("f=$(find ", link.path("cache/cgo-ld-shim/zig"), " -name libc.a) && ");
  for (const char* damage : {"truncate -s 4096 $f",
                             "touch -r $f ref && s=$(stat -c %s $f) && truncate -s 0 $f && "
                             "truncate -s $s $f && touch -r ref $f"}) {
    ASSERT_TRUE(Succeeded(e2e::RunProgram({"sh", "-c", find + damage}, {}, link.directory())));
    const Ending ending = link.Run(options);
    EXPECT_EQ(ending.end, End::kRight) << damage << "\n" << ending.story;
  }
}

TEST(LeftoversTest, AskingZigForItsVersionMakesNoFile) {
  SKIP_WITHOUT_ZIG();
  const SmallLink link;
  EXPECT_TRUE(Succeeded(link.Call({"-###", "-x", "c", "-c", "-"}, {"GOOS=darwin", "GOARCH=arm64"}, link.path("out"))));
  EXPECT_THAT(e2e::ListFiles(link.path("out")), testing::ElementsAre("program"));
  EXPECT_THAT(e2e::ListFiles(link.scratch()), testing::IsEmpty());
}

// What ignores SIGCHLD hands that on.
TEST(SignalsTest, WithoutSignalsOfChildrenTheirStatusesAreKnown) {
  const SmallLink link;
  const std::vector<std::string> ignoring = {"sh", "-c", "trap '' CHLD; exec \"$0\" \"$@\""};
  EXPECT_EQ(link.Run({.before = ignoring}).end, End::kRight);
  e2e::Compile(link.path("again.o"), "int other(void) { return 2; }\n", {"-c"});
  const Ending twice = link.Run({.before = ignoring, .more = {link.path("again.o")}});
  EXPECT_EQ(twice.end, End::kRefused) << twice.story;
  EXPECT_THAT(twice.result.error, testing::HasSubstr("duplicate symbol: other"));
}

TEST(StandardOutputTest, AnAnswerThatDoesNotArriveIsAnError) {
  const SmallLink link("#include <stdio.h>\nint main(void) { puts(\"right\"); return 0; }\n", /*first=*/true);
  ASSERT_TRUE(Succeeded(link.Call({"-o", link.output(), link.objects()[0], link.objects()[1]})));
  for (const char* command : {"help", "explain last", "explain last --json", "env", "env --explain", "which puts",
                              "check out/program", "--cgo-ld-shim-version", "completion bash", "sbom out/program"}) {
    for (const char* to : {">/dev/full", ">&-"}) {
      const e2e::ProcessResult result = Shell(link, absl::StrCat("exec \"$0\" ", command, " ", to));
      EXPECT_TRUE(Refused(result)) << command << to;
      EXPECT_THAT(result.error, HasSubstr("standard output")) << command << to;
    }
  }
}

TEST(StandardOutputTest, AClosedOneIsNotTheProgram) {
  const SmallLink link;
  const std::string call =
      absl::StrCat("exec \"$0\" -o ", link.output(), " ", link.objects()[0], " ", link.objects()[1]);
  for (const char* closed : {" <&-", " >&-", " 2>&-", " <&- >&- 2>&-"}) {
    EXPECT_TRUE(Succeeded(Shell(link, absl::StrCat(call, closed), {"CGO_LD_SHIM_VERBOSE=1"})));
    EXPECT_EQ(e2e::RunProgram({link.output()}).output, "right\n") << closed;
  }
}

TEST(WordsOfOthersTest, NoControlCharacterAndNoCommandReachesTheScreen) {
  const SmallLink link(
      "int puts(const char*); int a(void), b(void), c(void);\nint main(void) { puts(\"right\"); return a() + b() + "
      "c(); }\n");
  ASSERT_TRUE(Succeeded(e2e::RunProgram({"objcopy", "--redefine-sym=a=\033[2Jevil", "--redefine-sym=b=::add-mask::x",
                                         "--redefine-sym=c=\302\233csi\342\200\256bidi\377", link.path("go/go.o")})));
  for (const char* setting : {"CGO_LD_SHIM_STATIC=full", "CGO_LD_SHIM_VERBOSE=1"}) {
    const Ending ending = link.Run({.environment = {setting}});
    EXPECT_EQ(ending.end, End::kRefused) << ending.story;
    for (const char* bad : {"\033", "\xc2\x9b", "\xe2\x80\xae", "\xff", "\n::add-mask", "\n  ::add-mask"})
      EXPECT_THAT(ending.result.error, Not(HasSubstr(bad)));
    EXPECT_THAT(ending.result.error, HasSubstr("\\x1b[2Jevil"));
  }
  const e2e::ProcessResult explained = e2e::RunProgram({e2e::Shim(), "explain", "last"}, link.environment());
  for (const char* bad : {"\033", "\xc2\x9b", "\xe2\x80\xae", "\xff", "\n::add-mask", "\n  ::add-mask"})
    EXPECT_THAT(explained.output, Not(HasSubstr(bad)));
}

TEST(ExecutableTest, WhatItRelocatesIsReadOnlyAndNothingIsWrittenAndRun) {
  const e2e::ProcessResult headers = e2e::RunProgram({"readelf", "-lW", e2e::Shim()});
  EXPECT_THAT(headers.output, HasSubstr("GNU_RELRO"));
  EXPECT_THAT(headers.output, Not(HasSubstr("RWE")));
  // With lazy binding .got.plt lies behind what becomes read-only.
  const e2e::ProcessResult sections = e2e::RunProgram({"readelf", "-SW", e2e::Shim()});
  EXPECT_THAT(sections.output, HasSubstr(" .got "));
  EXPECT_THAT(sections.output, Not(HasSubstr(" .got.plt ")));
}

}  // namespace
}  // namespace cgo_ld_shim::faults
