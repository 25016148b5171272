// What a stranger's capture may ask of a linker, word by word.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "capture/capture.h"
#include "capture/linker_options.h"
#include "capture/privacy.h"
#include "support/file.h"
#include "tests/support/archive.h"
#include "tests/support/elf.h"
#include "tests/support/link_fixture.h"

namespace cgo_ld_shim::capture {
namespace {

namespace fs = std::filesystem;
using test_support::LinkFixture;
using test_support::MakeArchive;
using test_support::ObjectBuilder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class RefusedTest : public testing::Test {
 protected:
  RefusedTest() {
    link_.Object("inputs/a.o", ObjectBuilder().Define("main"));
    link_.File("inputs/list.txt", "main\n");
  }
  // The names of what is refused of a line.
  std::vector<std::string> Refused(const std::vector<std::string>& words,
                                   const std::vector<std::string>& allowed = {}) const {
    Capture capture;
    capture.argv = words;
    std::vector<std::string> names;
    for (const Refusal& refusal : FindRefused(capture, link_.dir(), allowed)) names.push_back(refusal.name);
    return names;
  }
  std::string Why(const std::vector<std::string>& words) const {
    Capture capture;
    capture.argv = words;
    const std::vector<Refusal> refused = FindRefused(capture, link_.dir());
    return refused.empty() ? "nothing is refused" : refused[0].why;
  }

  LinkFixture link_;
};

// What gcc, clang and zig write, what Go adds, and what packages ask for.
TEST_F(RefusedTest, TheLineOfAnOrdinaryLinkIsNot) {
  EXPECT_THAT(Refused({"--build-id",
                       "--eh-frame-hdr",
                       "-m",
                       "elf_x86_64",
                       "--hash-style=gnu",
                       "--as-needed",
                       "-static",
                       "-pie",
                       "--no-dynamic-linker",
                       "-z",
                       "relro",
                       "-znow",
                       "-zstack-size=8388608",
                       "-z",
                       "text",
                       "--error-limit=0",
                       "--fortran-common",
                       "-maarch64linux",
                       "-EL",
                       "--fix-cortex-a53-843419",
                       "--build-id=0x12ab",
                       "--export-dynamic-symbol=main",
                       "--compress-debug-sections=zlib",
                       "-O2",
                       "--gc-sections",
                       "--entry",
                       "_start",
                       "-e",
                       "_start",
                       "-u",
                       "main",
                       "--undefined=main",
                       "--defsym",
                       "a=b",
                       "--defsym=a=4/2",
                       "--wrap=malloc",
                       "-S",
                       "-s",
                       "-x",
                       "--start-group",
                       "inputs/a.o",
                       "--end-group",
                       "-(",
                       "-)",
                       "--whole-archive",
                       "inputs/a.o",
                       "--no-whole-archive",
                       "-dynamic-linker",
                       "/lib/ld-musl-x86_64.so.1",
                       "--threads=4",
                       "--icf=all",
                       "--no-mmap-output-file",
                       "--symbol-ordering-file=inputs/list.txt",
                       "--unresolved-symbols=ignore-all",
                       "-Ttext=0x400000",
                       "--section-start=.x=0x10",
                       "--soname",
                       "x",
                       "--no-rosegment",
                       "-Bstatic"}),
              IsEmpty());
}

TEST_F(RefusedTest, WhatRunsProgramsReadsOrWritesElsewhereIs) {
  const struct {
    std::vector<std::string> words;
    const char* name;
  } kCases[] = {
      {{"--error-handling-script=/x"}, "--error-handling-script"},
      {{"-error-handling-script=/x"}, "-error-handling-script"},
      {{"-plugin", "/x.so"}, "-plugin"},
      {{"--plugin=/x.so"}, "--plugin"},
      {{"--load-pass-plugin=/x.so"}, "--load-pass-plugin"},
      {{"-plugin-opt=x"}, "-plugin-opt"},
      {{"-mllvm", "-info-output-file=x"}, "-mllvm"},
      {{"-mllvm=-info-output-file=x"}, "-mllvm"},
      {{"-Map=x"}, "-Map"},
      {{"--Map", "x"}, "--Map"},
      {{"-Map", "x"}, "-Map"},
      {{"--reproduce=x"}, "--reproduce"},
      {{"--repro=x"}, "--repro"},  // getopt's abbreviations
      {{"--reproduc=x"}, "--reproduc"},
      {{"--dependency-file=x"}, "--dependency-file"},
      {{"--dependency-f=x"}, "--dependency-f"},
      {{"--time-trace=x"}, "--time-trace"},
      {{"--time-trace"}, "--time-trace"},
      {{"--print-archive-stats=x"}, "--print-archive-stats"},
      {{"--print-symbol-order=x"}, "--print-symbol-order"},
      {{"--why-extract=x"}, "--why-extract"},
      {{"--print-gc-sections=x"}, "--print-gc-sections"},
      {{"--print-map=x"}, "--print-map"},
      {{"-o", "x"}, "-o"},
      {{"-ox"}, "-ox"},
      {{"--output=x"}, "--output"},
      {{"-orphan-handling=place"}, "-orphan-handling"},  // -o rphan-handling=place
      {{"-omagic"}, "-omagic"},
      {{"-icf=all"}, "-icf"},                          // -i -c f=all
      {{"-threads=4"}, "-threads"},                    // -t -h reads=4
      {{"-no-dynamic-linker"}, "-no-dynamic-linker"},  // gold: -n -o -dynamic-linker
      {{"-error-limit=0"}, "-error-limit"},
      {{"@inputs/a.o"}, "@inputs/a.o"},
      {{"@x"}, "@x"},
      {{"-u", "@x"}, "-u"},  // linkers expand it wherever it stands
      {{"-L/x"}, "-L/x"},
      {{"-L", "/x"}, "-L"},
      {{"--library-path=/x"}, "--library-path"},
      {{"-lx"}, "-lx"},
      {{"-l:x.a"}, "-l:x.a"},
      {{"-l", "x"}, "-l"},
      {{"--library=x"}, "--library"},
      {{"--sysroot=/x"}, "--sysroot"},
      {{"-rpath", "/x"}, "-rpath"},
      {{"-rpath=/x"}, "-rpath"},
      {{"--rpath-link=/x"}, "--rpath-link"},
      {{"-R", "inputs/a.o"}, "-R"},
      {{"-c", "inputs/list.txt"}, "-c"},
      {{"--mri-script=x"}, "--mri-script"},
      {{"-Tinputs/list.txt"}, "-Tinputs/list.txt"},
      {{"--remap-inputs=a=b"}, "--remap-inputs"},
      {{"--chroot=/"}, "--chroot"},
      {{"-b", "binary"}, "-b"},
      {{"--format=binary"}, "--format"},
      {{"--out-implib=x"}, "--out-implib"},
      {{"-ufoo"}, "-ufoo"},  // in two words it is known
      {{"-Wl,-Map=x"}, "-Wl,-Map"},
      {{"-run"}, "-run"},
      {{"--"}, "--"},
      {{"-"}, "-"},
      {{"-z"}, "-z"},
      {{"-m", "-Map=x"}, "-m"},
      {{"-e", "/x"}, "-e"},
      {{"--gc-sections=x"}, "--gc-sections"},
      {{"---Map=x"}, "---Map"},
      {{"-\tMap=x"}, "-\tMap"},
  };
  for (const auto& test : kCases) {
    EXPECT_THAT(Refused(test.words), ElementsAre(test.name)) << absl::StrJoin(test.words, " ");
    std::vector<std::string> behind = {"inputs/a.o"};
    behind.insert(behind.end(), test.words.begin(), test.words.end());
    EXPECT_THAT(Refused(behind), ElementsAre(test.name)) << absl::StrJoin(behind, " ");
    EXPECT_THAT(Refused(test.words, {test.name}), IsEmpty()) << "allowed: " << test.name;
  }
}

// A value that is a word of its own does not hide what follows it.
TEST_F(RefusedTest, NoWordHidesTheNextOne) {
  EXPECT_THAT(Refused({"--gc-sections", "-Map=x"}), ElementsAre("-Map"));
  EXPECT_THAT(Refused({"-u", "main", "-Map=x"}), ElementsAre("-Map"));
  EXPECT_THAT(Refused({"--undefined=main", "-Map=x"}), ElementsAre("-Map"));
  EXPECT_THAT(Refused({"--build-id", "-Map=x"}), ElementsAre("-Map"));
  EXPECT_THAT(Refused({"-Map", "-o", "x"}), ElementsAre("-Map", "x"));
  EXPECT_THAT(Refused({"-Map", "x", "-Map", "y", "-o", "z"}, {"-Map"}), ElementsAre("-o"));
}

TEST_F(RefusedTest, AnInputThatIsNotBelowInputsIs) {
  link_.File("outside.o", ObjectBuilder().Define("x").Build());
  for (const std::string path :
       {"/etc/passwd", "outside.o", "./inputs/a.o", "inputs/../outside.o", "inputs/./a.o", "inputs//a.o", "inputs/",
        "inputs", "../inputs/a.o", "inputs/a.o/", "", "=inputs/a.o", "Inputs/a.o"}) {
    EXPECT_THAT(Refused({path}), ElementsAre(path));
    EXPECT_THAT(Refused({absl::StrCat("--just-symbols=", path)}), ElementsAre(path));
    EXPECT_THAT(Refused({absl::StrCat("--version-script=", path)}), ElementsAre(path));
    EXPECT_THAT(Refused({"-T", path}), ElementsAre(path));
  }
  EXPECT_THAT(Refused({absl::StrCat(link_.dir(), "/inputs/a.o")}), Not(IsEmpty()));
  EXPECT_THAT(Refused({"inputs/never/there.o"}), IsEmpty()) << "a link that failed for it is replayed to fail again";
  Capture capture;
  capture.inputs = {{.path = "inputs/../../secret"}};
  EXPECT_EQ(FindRefused(capture, link_.dir()).size(), 1U);
}

TEST_F(RefusedTest, LinksAndWhatIsNoFileAre) {
  fs::create_symlink("/etc/passwd", link_.Path("inputs/link.o"));
  fs::create_symlink("a.o", link_.Path("inputs/inside.o"));
  fs::create_directory_symlink("/etc", link_.Path("inputs/etc"));
  fs::create_directories(link_.Path("inputs/directory"));
  EXPECT_THAT(Refused({"inputs/link.o"}), ElementsAre("inputs/link.o"));
  EXPECT_THAT(Refused({"inputs/inside.o"}), ElementsAre("inputs/inside.o"));
  EXPECT_THAT(Refused({"inputs/etc/passwd"}), ElementsAre("inputs/etc/passwd"));
  EXPECT_THAT(Refused({"inputs/directory"}), ElementsAre("inputs/directory"));
  EXPECT_THAT(Why({"inputs/etc/passwd"}), HasSubstr("symbolic link"));
}

TEST_F(RefusedTest, InputsThatNameOtherFilesAre) {
  const std::string object = ObjectBuilder().Define("far").Build();
  link_.File("inputs/thin.a", MakeArchive({{"/etc/far.o", object}}, {.thin = true}));
  link_.File("inputs/whole.a", MakeArchive({{"far.o", object}}));
  link_.File("inputs/script.o", "INPUT(/etc/passwd)\n");
  link_.File("inputs/empty.o", "");
  std::string shared = object;
  shared[16] = 3;  // ET_DYN
  link_.File("inputs/shared.so", shared);
  EXPECT_THAT(Refused({"inputs/whole.a"}), IsEmpty());
  EXPECT_THAT(Why({"inputs/thin.a"}), HasSubstr("thin archive"));
  EXPECT_THAT(Why({"inputs/script.o"}), HasSubstr("neither object nor archive"));
  EXPECT_THAT(Why({"inputs/empty.o"}), HasSubstr("neither object nor archive"));
  EXPECT_THAT(Why({"inputs/shared.so"}), HasSubstr("shared library"));
  EXPECT_THAT(Why({"--just-symbols=inputs/script.o"}), HasSubstr("neither object nor archive"));
}

// What a linker does with a member is what it does with the file itself: it compiles bitcode, whose assembly has
// .incbin, and looks for what a shared library needs.
TEST_F(RefusedTest, ArchivesOfOtherThanObjectsAre) {
  const std::string object = ObjectBuilder().Define("f").Build();
  std::string shared = object;
  shared[16] = 3;  // ET_DYN
  const auto with = [&](const std::string& bytes) {
    link_.File("inputs/m.a", MakeArchive({{"f.o", object}, {"other.o", bytes}}, {.index = false}));
    return Why({"inputs/m.a"});
  };
  EXPECT_THAT(with(std::string("BC\xC0\xDE") + std::string(32, '\0')),
              HasSubstr("its member other.o: it is not an ELF"));
  EXPECT_THAT(with(shared), HasSubstr("its member other.o: it is a shared library"));
  EXPECT_THAT(with(MakeArchive({{"far.o", object}})), HasSubstr("its member other.o: it is not an ELF"));
  EXPECT_THAT(with("INPUT(/etc/passwd)\n"), HasSubstr("its member other.o: it is not an ELF"));
  link_.File("inputs/cut.a", MakeArchive({{"f.o", object}}).substr(0, 200));
  EXPECT_THAT(Why({"inputs/cut.a"}), HasSubstr("damaged archive"));
  link_.File("inputs/junk.a", "!<arch>\njunk of somebody's");
  EXPECT_THAT(Why({"inputs/junk.a"}), HasSubstr("damaged archive"));
}

TEST_F(RefusedTest, ScriptsThatNameOtherFilesAre) {
  for (const std::string text :
       {"INCLUDE /etc/passwd", "SECTIONS { .text : { INCLUDE x } }", "INPUT(x.o)", "GROUP ( -lx )", "SEARCH_DIR(/x)",
        "STARTUP(x)", "OUTPUT(/x)", "INCLUDE\"x\"", "/* \" */ INPUT(x) /* \" */", "INPUT/**/(x)",
        "{ local: *; };\nINCLUDE x", "a=1;INCLUDE x"}) {
    link_.File("inputs/script.ld", text);
    for (const std::string option : {"--script=", "--version-script=", "--dynamic-list=", "--section-ordering-file="}) {
      EXPECT_THAT(Refused({option + "inputs/script.ld"}), ElementsAre("inputs/script.ld")) << option << text;
    }
    EXPECT_THAT(Refused({"-T", "inputs/script.ld"}), ElementsAre("inputs/script.ld")) << text;
    EXPECT_THAT(Refused({"--version-script", "inputs/script.ld"}), ElementsAre("inputs/script.ld")) << text;
    EXPECT_THAT(Refused({"-T", "inputs/script.ld"}, {"-T"}), IsEmpty()) << text;
  }
  link_.File("inputs/good.ld", "SECTIONS { .text : { *(.text.MY_INPUT) KEEP(*(.init.INPUTS)) } } OUTPUT_FORMAT(x)");
  link_.File("inputs/good.ver", "V1 { global: INPUTS; main; local: *; };");
  EXPECT_THAT(Refused({"-T", "inputs/good.ld", "--version-script=inputs/good.ver"}), IsEmpty());
}

// GNU ld opens a file that SECTIONS names, lld and only lld looks among the inputs.
TEST_F(RefusedTest, AScriptIsForLldAlone) {
  Capture capture;
  capture.argv = {"-T", "inputs/good.ld", "inputs/a.o"};
  EXPECT_THAT(FindRefusedBy(capture, LinkerKind::kLld), IsEmpty());
  for (const LinkerKind kind : {LinkerKind::kBfd, LinkerKind::kGold, LinkerKind::kMold, LinkerKind::kUnknown}) {
    EXPECT_EQ(FindRefusedBy(capture, kind).size(), 1U);
    EXPECT_THAT(FindRefusedBy(capture, kind, std::vector<std::string>{"-T"}), IsEmpty());
  }
}

// The same words, in every quoting of response files.
TEST_F(RefusedTest, QuotesInResponseTxtHideNothing) {
  for (const std::string text : {"-Map=x", "\"-Map=x\"", "'-Map=x'", "\\-Map=x", "-\"Map\"=x", "\"\\x2dMap=x\"\n",
                                 "inputs/a.o\t-Map=x", "inputs/a.o\r-Map=x", "-M\\ap=x", "\"\\u002dMap=x\"\n"}) {
    link_.File("response.txt", text);
    EXPECT_THAT(Refused({"inputs/a.o"}), ElementsAre("-Map")) << text;
    EXPECT_TRUE(absl::IsPermissionDenied(ResponseLine(link_.dir(), {}, "x").status())) << text;
  }
  link_.File("response.txt", "'inputs/a.o");
  EXPECT_THAT(Refused({"inputs/a.o"}), ElementsAre("response.txt"));
}

TEST_F(RefusedTest, TheMessageNamesAllAndHasNothingThatAShellOrATerminalTakes) {
  const absl::Status one = RefusalStatus(std::vector<Refusal>{{"-Map", "capture.json", "it writes a file"}}, "again");
  EXPECT_TRUE(absl::IsPermissionDenied(one));
  EXPECT_THAT(std::string(one.message()), HasSubstr("  -Map\n      in capture.json: it writes a file\n"));
  EXPECT_THAT(std::string(one.message()), HasSubstr("    again --allow=-Map\n"));
  const std::string evil = "inputs/$(x);'\x1b[2J";
  const std::string text(RefusalStatus(std::vector<Refusal>{{evil, "capture.json", "why"}}, "again").message());
  EXPECT_THAT(text, HasSubstr("inputs/$(x);'\\x1b[2J\n"));
  EXPECT_THAT(text, HasSubstr("again --allow=WORD\n"));
  EXPECT_TRUE(RefusalStatus({}, "again").ok());
}

TEST(CaptureDriverTest, NoWordOfAStrangersDriverIsRunButTargetAndProcessor) {
  Capture capture;
  capture.target = "x86_64-linux-musl";
  capture.driver = {"/x/zig", "run", "evil.zig", "-target", "aarch64-linux-musl", "-mcpu=baseline", "-wrapper", "/x"};
  EXPECT_THAT(ZigDriverFor(capture, "/usr/bin/zig"), ElementsAre("/usr/bin/zig", "cc", "-target", "aarch64-linux-musl",
                                                                 "-mcpu=baseline", "-fno-sanitize=undefined"));
  capture.driver = {"/x/zig", "cc", "-target", "@x", "-mcpu=a,b"};
  EXPECT_THAT(ZigDriverFor(capture, "zig"),
              ElementsAre("zig", "cc", "-target", "x86_64-linux-musl", "-fno-sanitize=undefined"));
  capture.target = "-x;y";
  EXPECT_THAT(ZigDriverFor(capture, "zig"), Not(testing::Contains(HasSubstr(";"))));
}

TEST(CaptureDriverTest, ACommaMakesNoSecondWordForTheDriversLinker) {
  Capture capture;
  capture.argv = {"--defsym=a=1,-Map=x", "--undefined", "b,-Map=y"};
  EXPECT_THAT(DriverLineFor(capture), ElementsAre("-static", "-Xlinker", "--defsym=a=1,-Map=x", "-Xlinker",
                                                  "--undefined", "-Xlinker", "b,-Map=y"));
}

TEST(PrivacyTest, HomeDirectoriesAndUserNamesAreReplacedEverywhere) {
  const char* const kEnvironment[] = {"HOME=/data/people/alice/", "USER=al_ice", nullptr};
  Privacy privacy(kEnvironment);
  EXPECT_EQ(privacy.Clean("-L/usr/lib"), "-L/usr/lib");
  EXPECT_FALSE(privacy.replaced());
  EXPECT_EQ(privacy.Clean("-L/data/people/alice/x:/data/people/alice"), "-L/home/user/x:/home/user");
  EXPECT_EQ(privacy.Clean("/tmp/alice/x /tmp/al_ice-1 /mnt/alice"), "/tmp/user/x /tmp/user-1 /mnt/user");
  EXPECT_EQ(privacy.Clean("/data/people/alice2 /x/alicea /y/al_ice_b"), "/data/people/alice2 /x/alicea /y/al_ice_b");
  EXPECT_TRUE(privacy.replaced());
  EXPECT_TRUE(privacy.IsIn("DW_AT_comp_dir /data/people/alice/kv"));
}

TEST(PrivacyTest, NamesThatIdentifyNobodyStay) {
  const char* const kEnvironment[] = {"HOME=/root", "USER=go", "LOGNAME=lib", nullptr};
  Privacy privacy(kEnvironment);
  EXPECT_EQ(privacy.Clean("/root/kv /usr/lib/go/src"), "/root/kv /usr/lib/go/src");
}

}  // namespace
}  // namespace cgo_ld_shim::capture
