#include "capture/capture.h"

#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "support/file.h"
#include "tests/support/archive.h"
#include "tests/support/elf.h"
#include "tests/support/link_fixture.h"

namespace cgo_ld_shim::capture {
namespace {

using test_support::LinkFixture;
using test_support::MakeArchive;
using test_support::ObjectBuilder;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

const char* const kNoEnvironment[] = {"CGO_LD_SHIM_NSS=host", "CGO_LD_SHIM_INTERNAL_CAPTURE=/x", "GOARCH=amd64",
                                      "SECRET=1", nullptr};

class CaptureTest : public testing::Test {
 protected:
  // Takes the link "ld.lld <words>" into the fixture's "capture"; it succeeded, with this output.
  Capture TakeLink(const std::vector<std::string>& words) {
    report::LinkRecord record;
    record.cwd = link_.dir();
    record.output = link_.Path("a.out");
    record.linker = "lld";
    record.mode = "static";
    link_.File("a.out", "the program");
    std::vector<std::string> argv = {"ld.lld"};
    argv.insert(argv.end(), words.begin(), words.end());
    const std::vector<std::string> driver = {"/usr/bin/gcc"};
    const absl::Status taken = TakeInto({record, argv, driver, kNoEnvironment}, directory());
    EXPECT_TRUE(taken.ok()) << taken;
    absl::StatusOr<Capture> capture = Load(directory());
    EXPECT_TRUE(capture.ok()) << capture.status();
    return capture.ok() ? *capture : Capture();
  }
  std::string directory() const { return link_.Path("capture"); }
  // The path in the capture of a file of the fixture.
  std::string Inside(const std::string& name) const { return absl::StrCat("inputs", link_.Path(name)); }

  LinkFixture link_;
};

TEST_F(CaptureTest, KeepsTheLineWithItsFilesInsideTheDirectory) {
  link_.Object("go-link-1/go.o", ObjectBuilder().Define("main"));
  link_.Archive("libz.a", {{"z.o", ObjectBuilder().Define("deflate")}});
  const Capture capture =
      TakeLink({"-m", "elf_x86_64", "-o", "a.out", "-L/usr/lib", "--build-id=0x12", link_.Path("go-link-1/go.o"),
                "libz.a", "--start-group", link_.Path("libz.a"), "--end-group"});
  EXPECT_THAT(capture.argv, ElementsAre("-m", "elf_x86_64", "--build-id=0x12", "inputs/go/go.o", Inside("libz.a"),
                                        "--start-group", Inside("libz.a"), "--end-group"));
  ASSERT_EQ(capture.inputs.size(), 2U);
  EXPECT_EQ(capture.inputs[1].from, link_.Path("libz.a"));
  EXPECT_TRUE(support::IsRegularFile(absl::StrCat(directory(), "/", capture.inputs[1].path)));
  EXPECT_EQ(capture.output_bytes, 11U);
  EXPECT_THAT(*support::ReadFile(absl::StrCat(directory(), "/", kResponseName)), HasSubstr("\ninputs/go/go.o\n"));
}

TEST_F(CaptureTest, KeepsSettingsAndTheTargetButNoOtherVariables) {
  link_.Object("a.o", ObjectBuilder().Define("main"));
  const Capture capture = TakeLink({"a.o"});
  EXPECT_THAT(capture.environment, ElementsAre(std::pair<std::string, std::string>("CGO_LD_SHIM_NSS", "host"),
                                               std::pair<std::string, std::string>("GOARCH", "amd64")));
}

TEST_F(CaptureTest, FilesOfALinkerScriptStandInItsPlace) {
  link_.Archive("sys/libm-2.a", {{"m.o", ObjectBuilder().Define("cos")}});
  link_.Archive("sys/libmvec.a", {{"v.o", ObjectBuilder().Define("vcos")}});
  link_.File("sys/libm.a", absl::StrCat("/* GNU ld script */\nGROUP ( ", link_.Path("sys/libm-2.a"), " -lmvec )\n"));
  const Capture capture = TakeLink({link_.Path("sys/libm.a"), absl::StrCat("-L", link_.Path("sys"))});
  EXPECT_THAT(capture.argv,
              ElementsAre("--start-group", Inside("sys/libm-2.a"), Inside("sys/libmvec.a"), "--end-group"));
}

TEST_F(CaptureTest, FilesThatOptionsNameAreTakenAndOutputsAreNot) {
  link_.Object("a.o", ObjectBuilder().Define("main"));
  link_.File("my.ver", "{ local: *; };");
  const Capture capture =
      TakeLink({"a.o", "--version-script=my.ver", "-Map=x.map", "--dynamic-list", "my.ver", "-u", "a.o"});
  // -u a.o: a symbol of the same name as a file stays a symbol.
  EXPECT_THAT(capture.argv, ElementsAre(Inside("a.o"), absl::StrCat("--version-script=", Inside("my.ver")),
                                        "--dynamic-list", Inside("my.ver"), "-u", "a.o"));
  EXPECT_THAT(capture.notes, Contains(HasSubstr("-Map=x.map")));
}

TEST_F(CaptureTest, ScriptsAreTakenInEverySpellingAndLinesAreWrittenAsReplayReadsThem) {
  link_.Object("a.o", ObjectBuilder().Define("main"));
  link_.File("my.ld", "SECTIONS { .text : { *(.text) } }");
  const Capture capture =
      TakeLink({"-Tmy.ld", "-T", "my.ld", "--script=my.ld", "-Ttext=0x400000", "-O2", "-z", "now", "-znow",
                "--time-trace", "--print-archive-stats=s", "-lnowhere", "--sysroot=/x", "-rpath-link", "/x", "a.o"});
  EXPECT_THAT(capture.argv, ElementsAre("-T", Inside("my.ld"), "-T", Inside("my.ld"),
                                        absl::StrCat("--script=", Inside("my.ld")), "-Ttext=0x400000", "-O2", "-z",
                                        "now", "-znow", "inputs/not-found/libnowhere.a", Inside("a.o")));
  EXPECT_THAT(FindRefused(capture, directory()), testing::IsEmpty());
  EXPECT_THAT(capture.notes, Contains(HasSubstr("--print-archive-stats=s is left out")));
  EXPECT_THAT(capture.notes, Contains(HasSubstr("-lnowhere was not found")));
}

TEST_F(CaptureTest, AThinArchiveBecomesAWholeOne) {
  const std::string object = ObjectBuilder().Define("far_away").Build();
  link_.File("objects/far.o", object);
  link_.File("libthin.a", MakeArchive({{"objects/far.o", object}}, {.thin = true}));
  const Capture capture = TakeLink({"libthin.a"});
  std::filesystem::remove_all(link_.Path("objects"));
  const absl::StatusOr<std::shared_ptr<symbols::Archive>> copy =
      symbols::Archive::Open(absl::StrCat(directory(), "/", capture.argv.at(0)));
  ASSERT_TRUE(copy.ok()) << copy.status();
  EXPECT_FALSE((*copy)->thin());
  ASSERT_EQ((*copy)->Defining("far_away").size(), 1U);
  EXPECT_EQ((*(*copy)->GetMember(0))->name, "far.o");
}

TEST_F(CaptureTest, NamesThatResponseFilesCannotHoldAreWrittenOtherwise) {
  link_.Object("od\"d na\xffme.o", ObjectBuilder().Define("main"));
  const Capture capture = TakeLink({link_.Path("od\"d na\xffme.o"), "--defsym", "a b=1"});
  EXPECT_EQ(capture.argv.at(0), Inside("od%22d%20na%FFme.o"));
  EXPECT_THAT(*support::ReadFile(absl::StrCat(directory(), "/", kResponseName)), HasSubstr("\n\"a b=1\"\n"));
}

TEST_F(CaptureTest, WhatIsMissingOrChangedIsSaidByName) {
  EXPECT_THAT(std::string(Load(link_.Path("nowhere")).status().message()), HasSubstr("is not there"));
  EXPECT_THAT(std::string(Load(link_.dir()).status().message()), HasSubstr("is not a capture"));
  link_.Object("a.o", ObjectBuilder().Define("main"));
  const Capture capture = TakeLink({"a.o"});
  const std::string file = absl::StrCat(directory(), "/", capture.inputs.at(0).path);
  ASSERT_TRUE(support::WriteFileAtomically(file, "short", 0644).ok());
  EXPECT_THAT(std::string(Load(directory()).status().message()), HasSubstr("has 5 bytes and had"));
  std::filesystem::remove(file);
  EXPECT_THAT(std::string(Load(directory()).status().message()), HasSubstr("is missing"));
}

TEST_F(CaptureTest, TheManifestComesBackAsItWas) {
  link_.Object("a.o", ObjectBuilder().Define("main"));
  const Capture capture = TakeLink({"a.o"});
  const absl::StatusOr<Capture> again = FromJson(ToJson(capture));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(ToJson(*again), ToJson(capture));
  EXPECT_TRUE(absl::IsUnimplemented(FromJson(R"({"schema": 99})").status()));
  EXPECT_TRUE(absl::IsDataLoss(FromJson("[]").status()));
  EXPECT_TRUE(absl::IsDataLoss(FromJson("{").status()));
  // Deep enough to end a parser that calls itself for each level.
  EXPECT_TRUE(absl::IsDataLoss(FromJson(R"({"schema": 1, "argv": )" + std::string(1000000, '[')).status()));
}

TEST_F(CaptureTest, ATarballIsTheSameEachTime) {
  link_.Object("a.o", ObjectBuilder().Define("main"));
  (void)TakeLink({"a.o"});
  ASSERT_TRUE(WriteTar(directory(), "kv", link_.Path("1.tar")).ok());
  ASSERT_TRUE(WriteTar(directory(), "kv", link_.Path("2.tar")).ok());
  EXPECT_EQ(*support::ReadFile(link_.Path("1.tar")), *support::ReadFile(link_.Path("2.tar")));
  EXPECT_THAT(*support::ReadFile(link_.Path("1.tar")), HasSubstr("kv/capture.json"));
}

TEST_F(CaptureTest, ALinkThatAnotherLinkerDidSaysSo) {
  report::LinkRecord record;
  record.linker = "zig (its own)";
  Take({record, {}, {}, kNoEnvironment}, link_.dir());
  const std::string error = absl::StrCat(link_.dir(), "/", ::getpid(), "/", kErrorName);
  EXPECT_THAT(*support::ReadFile(error), HasSubstr("zig (its own)"));
}

TEST(CaptureLineTest, KnowsLinkersByWhatTheySayOfThemselves) {
  EXPECT_EQ(KindOf("Debian LLD 22.1.8 (compatible with GNU linkers)"), LinkerKind::kLld);
  EXPECT_EQ(KindOf("mold 1.10.1 (compatible with GNU ld)"), LinkerKind::kMold);
  EXPECT_EQ(KindOf("GNU gold (GNU Binutils for Debian 2.40) 1.16"), LinkerKind::kGold);
  EXPECT_EQ(KindOf("GNU ld (GNU Binutils for Debian) 2.40"), LinkerKind::kBfd);
  EXPECT_EQ(KindOf("Wild version 0.10.0 (compatible with GNU linkers)"), LinkerKind::kWild);
  EXPECT_EQ(KindOf("usage: x"), LinkerKind::kUnknown);
}

TEST(CaptureLineTest, OtherLinkersAreSparedTheOptionsOfLld) {
  Capture capture;
  capture.argv = {
      "-static", "--error-limit=0", "--no-mmap-output-file", "--fortran-common", "-z", "nostart-stop-gc", "-z", "now",
      "a.o"};
  EXPECT_THAT(LineFor(capture, LinkerKind::kLld),
              ElementsAre("-static", "--error-limit=0", "--no-mmap-output-file", "--fortran-common", "-z",
                          "nostart-stop-gc", "-z", "now", "a.o", "--no-dependent-libraries"));
  EXPECT_THAT(LineFor(capture, LinkerKind::kBfd), ElementsAre("-static", "-z", "now", "a.o"));
  EXPECT_THAT(LineFor(capture, LinkerKind::kMold), ElementsAre("-static", "-z", "now", "a.o", "--no-fork"));
}

TEST(CaptureLineTest, ADriverGetsNoCrtFilesAndNoLibraries) {
  Capture capture;
  capture.argv = {"-m",
                  "elf_x86_64",
                  "--entry",
                  "_start",
                  "-static",
                  "--compress-debug-sections=zlib",
                  "inputs/crt1.o",
                  "inputs/go/go.o",
                  "inputs/libz.a",
                  "--start-group",
                  "inputs/libc.a",
                  "--end-group"};
  capture.inputs = {{.path = "inputs/crt1.o", .origin = "toolchain"},
                    {.path = "inputs/go/go.o", .origin = "given"},
                    {.path = "inputs/libz.a", .origin = "added"},
                    {.path = "inputs/libc.a", .origin = "toolchain"}};
  EXPECT_THAT(DriverLineFor(capture),
              ElementsAre("-static", "-Xlinker", "--compress-debug-sections=zlib", "inputs/go/go.o", "inputs/libz.a"));
}

}  // namespace
}  // namespace cgo_ld_shim::capture
