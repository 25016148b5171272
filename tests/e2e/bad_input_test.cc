// Bad input: a clear message, the right exit status, and nothing half-written.
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cstdlib>
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

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// ---- compilers
// -------------------------------------------------------------------------------------------------------

TEST(BadInputTest, NoCompilerOnPath) {
  const std::string bin = MakeTempDirectory();
  fs::create_symlink(Shim(), bin + "/cgo-ld-shim");
  fs::create_symlink(FindProgram("go"), bin + "/go");
  const std::string path = absl::StrCat("PATH=", bin);
  const ProcessResult direct = RunProgram({Shim(), "-c", "x.c"}, {path});
  EXPECT_EQ(direct.exit_status, 127);
  EXPECT_THAT(direct.error, AllOf(HasSubstr("no C compiler"), HasSubstr("gcc"), HasSubstr("CGO_LD_SHIM_CC")));
  const GoBuild build = BuildGo("hello", {path});
  EXPECT_TRUE(Refused(build.go));
  EXPECT_THAT(build.go.error, HasSubstr("no C compiler"));
}

TEST(BadInputTest, ACompilerThatIsNotThere) {
  const ProcessResult result = RunProgram({Shim(), "-c", "x.c"}, {"CGO_LD_SHIM_CC=/nonexistent/gcc"});
  EXPECT_TRUE(Refused(result));
  EXPECT_THAT(result.error, AllOf(HasSubstr("/nonexistent/gcc"), HasSubstr("CGO_LD_SHIM_CC")));
}

TEST(BadInputTest, ACompilerThatFailsInABuildIsHeard) {
  const std::string cc = absl::StrCat(MakeTempDirectory(), "/cc");
  WriteProgram(cc, "#!/bin/sh\necho 'licence expired' >&2\nexit 7\n");
  const GoBuild build = BuildGo("hello", {absl::StrCat("CGO_LD_SHIM_CC=", cc)});
  EXPECT_TRUE(Refused(build.go));
  EXPECT_THAT(build.go.error, HasSubstr("licence expired"));
  EXPECT_FALSE(fs::exists(build.binary));
}

TEST(BadInputTest, AnErrorInCIsTheCompilersOwn) {
  const std::string module = MakeModule(
      {{"main.go",
        "package main\n\n// int f(void) { return undeclared_name; }\nimport \"C\"\n\nfunc main() { C.f() }\n"}});
  const GoBuild shim = BuildIn(module), gcc = BuildIn(module, {"CC=gcc"});
  EXPECT_TRUE(Refused(shim.go));
  EXPECT_THAT(shim.go.error, HasSubstr("undeclared_name"));
  EXPECT_EQ(shim.go.error, gcc.go.error);
}

// ---- settings
// --------------------------------------------------------------------------------------------------------

TEST(BadInputTest, AnUnknownSettingIsNamedWithWhatWasMeant) {
  for (const std::vector<std::string>& call :
       {std::vector<std::string>{Shim(), "-c", "x.c"}, std::vector<std::string>{Shim(), "go", "version"}}) {
    SCOPED_TRACE(call[1]);
    const ProcessResult result = RunProgram(call, {"CGO_LD_SHIM_LIBCC=musl"});
    EXPECT_TRUE(Refused(result));
    EXPECT_THAT(result.error,
                AllOf(HasSubstr("CGO_LD_SHIM_LIBCC"), HasSubstr("CGO_LD_SHIM_LIBC?"), HasSubstr("STATIC")));
  }
}

TEST(BadInputTest, AWrongValueIsNamedWithThoseAllowed) {
  const ProcessResult result = RunProgram({Shim(), "-c", "x.c"}, {"CGO_LD_SHIM_STATIC=maybe"});
  EXPECT_TRUE(Refused(result));
  EXPECT_THAT(result.error, AllOf(HasSubstr("CGO_LD_SHIM_STATIC=maybe"), HasSubstr("full, prefer, off")));
}

TEST(BadInputTest, SettingsThatCannotGoTogetherAreNamed) {
  const GoBuild build = BuildGo("hello", {"CGO_LD_SHIM_LINKER=zig", "CGO_LD_SHIM_LIBC=glibc"});
  EXPECT_TRUE(Refused(build.go));
  EXPECT_THAT(build.go.error, AllOf(HasSubstr("CGO_LD_SHIM_LINKER=zig"), HasSubstr("CGO_LD_SHIM_LIBC=glibc")));
}

TEST(BadInputTest, AWrongSettingIsHeardThroughGo) {
  const GoBuild build = BuildGo("hello", {"CGO_LD_SHIM_STATIC=maybe"});
  EXPECT_TRUE(Refused(build.go));
  EXPECT_THAT(build.go.error, HasSubstr("full, prefer, off"));
  EXPECT_FALSE(fs::exists(build.binary));
}

// ---- files
// -----------------------------------------------------------------------------------------------------------

TEST(BadInputTest, AResponseFileThatIsGone) {
  const std::string gone = absl::StrCat(MakeTempDirectory(), "/response");
  const ProcessResult result = RunProgram({Shim(), absl::StrCat("@", gone)});
  EXPECT_TRUE(Refused(result));
  EXPECT_THAT(result.error, HasSubstr(gone));
}

// A final link with one of its inputs spoilt, by hand; nothing may stay in the output's directory or in TMPDIR.
class FinalLinkTest : public testing::Test {
 protected:
  void SetUp() override {
    link_ = CaptureLink(CopyModule("osuser"));
    out_ = MakeTempDirectory();
    tmp_ = MakeTempDirectory();
    for (const std::string& directory : {link_.directory, out_, tmp_}) {
      fs::permissions(directory, fs::perms::others_read | fs::perms::others_exec, fs::perm_options::add);
    }
  }

  ProcessResult Link(const std::string& output, const Environment& environment = {},
                     const std::vector<std::string>& before = {}) {
    std::vector<std::string> argv = before;
    const std::vector<std::string> words = link_.To(output);
    argv.insert(argv.end(), words.begin(), words.end());
    Environment all = {absl::StrCat("TMPDIR=", tmp_)};
    all.insert(all.end(), environment.begin(), environment.end());
    return RunProgram(argv, all);
  }

  void ExpectNothingLeft() {
    EXPECT_THAT(ListFiles(out_), IsEmpty());
    EXPECT_THAT(ListFiles(tmp_), IsEmpty());
  }

  FinalLink link_;
  std::string out_;
  std::string tmp_;
};

TEST_F(FinalLinkTest, WorksByHand) {
  ASSERT_TRUE(Succeeded(Link(out_ + "/program")));
  EXPECT_EQ(RunProgram({out_ + "/program"}).output, "root 0 root\n");
  EXPECT_THAT(ListFiles(out_), testing::ElementsAre("program"));
  EXPECT_THAT(ListFiles(tmp_), IsEmpty());
}

TEST_F(FinalLinkTest, AnObjectThatIsGone) {
  fs::remove(link_.directory + "/000000.o");
  const ProcessResult result = Link(out_ + "/program");
  EXPECT_TRUE(Refused(result));
  EXPECT_THAT(OurWords(result.error), HasSubstr("000000.o"));
  ExpectNothingLeft();
}

TEST_F(FinalLinkTest, AnObjectThatIsCut) {
  const std::string whole = ReadText(link_.directory + "/go.o");
  WriteText(link_.directory + "/go.o", whole.substr(0, whole.size() / 2));
  const ProcessResult result = Link(out_ + "/program");
  EXPECT_TRUE(Refused(result));
  EXPECT_THAT(result.error, HasSubstr("go.o"));
  ExpectNothingLeft();
}

TEST_F(FinalLinkTest, AnOutputDirectoryThatIsNotThere) {
  const ProcessResult result = Link(out_ + "/no/program");
  EXPECT_TRUE(Refused(result));
  EXPECT_THAT(result.error, HasSubstr(out_ + "/no/program"));
  ExpectNothingLeft();
}

TEST_F(FinalLinkTest, AnOutputThatIsADirectory) {
  const ProcessResult result = Link(out_);
  EXPECT_TRUE(Refused(result));
  EXPECT_THAT(result.error, HasSubstr(out_));
  ExpectNothingLeft();
}

TEST_F(FinalLinkTest, AnOutputDirectoryThatMayNotBeWritten) {
  fs::permissions(out_,
                  fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec);
  std::vector<std::string> as_nobody;
  Environment environment;
  if (::geteuid() == 0) {
    // Root may write anywhere.
    if (FindProgram("setpriv").empty()) GTEST_SKIP() << "no setpriv";
    as_nobody = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
    const std::string bin = MakeTempDirectory();
    fs::permissions(bin, fs::perms::others_read | fs::perms::others_exec, fs::perm_options::add);
    fs::copy_file(Shim(), bin + "/cgo-ld-shim");
    link_.argv[0] = bin + "/cgo-ld-shim";
    environment = {"HOME=/nonexistent", "XDG_CACHE_HOME", "XDG_STATE_HOME"};
  }
  const ProcessResult result = Link(out_ + "/program", environment, as_nobody);
  EXPECT_TRUE(Refused(result));
  EXPECT_THAT(result.error, AllOf(HasSubstr(out_ + "/program"), HasSubstr("ermission denied")));
  fs::permissions(out_, fs::perms::owner_all);
  ExpectNothingLeft();
}

TEST_F(FinalLinkTest, AFullDisk) {
  // Mounted for this process and its children only.
  if (::unshare(CLONE_NEWNS) != 0 || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("tmpfs", out_.c_str(), "tmpfs", 0, "size=1m") != 0) {
    GTEST_SKIP() << "mounting a small disk takes root";
  }
  const ProcessResult result = Link(out_ + "/program");
  EXPECT_TRUE(Refused(result));
  EXPECT_THAT(result.error, HasSubstr("o space left on device"));
  ExpectNothingLeft();
  EXPECT_EQ(::umount(out_.c_str()), 0);
}

TEST_F(FinalLinkTest, AnOldOutputIsReplacedNotWrittenInto) {
  WriteText(out_ + "/program", "old");
  fs::create_hard_link(out_ + "/program", out_ + "/other");
  ASSERT_TRUE(Succeeded(Link(out_ + "/program")));
  EXPECT_EQ(ReadText(out_ + "/other"), "old");
}

// As root, -o /dev/null must not take the device away (go-seams.md, section 4). On a device node of the test's own: a
// fault here would otherwise take it from the whole machine.
TEST_F(FinalLinkTest, ADeviceAsOutputStaysADevice) {
  const std::string device = absl::StrCat(MakeTempDirectory(), "/null");
  if (::mknod(device.c_str(), S_IFCHR | 0666, makedev(1, 3)) != 0) GTEST_SKIP() << "making a device takes root";
  if (::access(device.c_str(), W_OK) != 0) GTEST_SKIP() << "no devices in the temporary directory";
  EXPECT_TRUE(Succeeded(Link(device)));
  EXPECT_TRUE(fs::is_character_file(device));
  ExpectNothingLeft();
}

// ---- surroundings
// ----------------------------------------------------------------------------------------------------

TEST_F(FinalLinkTest, NoHomeIsNoFailure) {
  ASSERT_TRUE(Succeeded(Link(out_ + "/program", {"HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"})));
  EXPECT_TRUE(IsStatic(out_ + "/program"));
}

TEST_F(FinalLinkTest, AHomeThatIsAFileIsNoFailure) {
  WriteText(out_ + "/file", "");
  const std::string file = absl::StrCat(out_, "/file");
  const ProcessResult result =
      Link(out_ + "/program",
           {absl::StrCat("HOME=", file), absl::StrCat("XDG_CACHE_HOME=", file), absl::StrCat("XDG_STATE_HOME=", file)});
  ASSERT_TRUE(Succeeded(result));
  EXPECT_EQ(result.error, "");
}

TEST_F(FinalLinkTest, ALogThatCannotBeWrittenIsNamedAndNoFailure) {
  const ProcessResult result = Link(out_ + "/program", {"CGO_LD_SHIM_LOG=/nonexistent/log"});
  ASSERT_TRUE(Succeeded(result));
  EXPECT_THAT(result.error, HasSubstr("/nonexistent/log"));
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
