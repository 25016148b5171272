// Which compiler serves. Programs are scripts and empty files in a directory of the test's own.
#include "toolchain/driver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

namespace cgo_ld_shim::toolchain {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(ReadDriverTest, KnowsZigByItsWords) {
  struct {
    std::vector<std::string> words;
    bool zig, musl, system, apple;
    const char* target;
  } const kCases[] = {
      {{"/usr/bin/zig", "cc", "-target", "aarch64-linux-musl"}, true, true, false, false, "aarch64-linux-musl"},
      {{"zig", "c++", "-O1", "--target=arm-linux-musleabihf"}, true, true, false, false, "arm-linux-musleabihf"},
      {{"/opt/python", "cc", "-target", "x86_64-linux-musl"}, true, true, false, false, "x86_64-linux-musl"},
      {{"zig", "cc", "-target", "x86_64-windows-gnu"}, true, false, true, false, "x86_64-windows-gnu"},
      {{"zig", "cc", "-target", "x86_64-linux-gnu.2.28"}, true, false, true, false, "x86_64-linux-gnu.2.28"},
      {{"zig", "cc", "-target", "aarch64-macos.12.0"}, true, false, true, true, "aarch64-macos.12.0"},
      {{"zig", "cc", "-target", "x86_64-linux"}, true, false, false, false, "x86_64-linux"},
      {{"zig", "cc"}, true, false, false, false, ""},
      {{"zig", "cc", "-target"}, true, false, false, false, ""},
      {{"ccache", "cc"}, false, false, false, false, ""},
      {{"musl-gcc"}, false, false, false, false, ""},
      {{"clang", "-target", "x86_64-linux-musl"}, false, false, false, false, ""},
      {{}, false, false, false, false, ""},
  };
  for (const auto& c : kCases) {
    const Driver driver = ReadDriver(c.words);
    const std::string text = absl::StrJoin(c.words, " ");
    EXPECT_EQ(driver.words, c.words);
    EXPECT_EQ(driver.IsZig(), c.zig) << text;
    EXPECT_EQ(driver.IsZigMusl(), c.musl) << text;
    EXPECT_EQ(driver.LinksForSystem(), c.system) << text;
    EXPECT_EQ(driver.IsApple(), c.apple) << text;
    EXPECT_EQ(driver.target.text, c.target) << text;
  }
}

TEST(ReadDriverTest, ReadsWhatZigDriverMakes) {
  for (const char* triple : {"aarch64-linux-musl", "loongarch64-linux-musl", "aarch64-macos.12.0"}) {
    const Driver made = ZigDriver("/usr/bin/zig", /*cxx=*/true, target::ParseTriple(triple), "cpu");
    const Driver read = ReadDriver(made.words);
    EXPECT_EQ(read.kind, made.kind);
    EXPECT_EQ(read.target, made.target);
  }
}

class ChooseDriverTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "/driver-XXXXXX";
    root_ = ::mkdtemp(name.data());
    std::filesystem::create_directories(root_ + "/bin");
    for (const char* variable : {"PATH", "VIRTUAL_ENV", "PYTHONPATH", "XDG_CACHE_HOME"}) {
      const char* value = std::getenv(variable);
      saved_.emplace_back(variable, value == nullptr ? std::nullopt : std::optional<std::string>(value));
      ::unsetenv(variable);
    }
    ::setenv("PATH", (root_ + "/bin").c_str(), 1);
    ::setenv("XDG_CACHE_HOME", root_.c_str(), 1);
  }
  void TearDown() override {
    for (const auto& [name, value] : saved_) {
      if (value) {
        ::setenv(name.c_str(), value->c_str(), 1);
      } else {
        ::unsetenv(name.c_str());
      }
    }
    std::filesystem::remove_all(root_);
  }

  void Program(const std::string& name, const std::string& text = "#!/bin/sh\nexit 1\n") {
    const std::string path = absl::StrCat(root_, "/bin/", name);
    std::ofstream(path) << text;
    ::chmod(path.c_str(), 0755);
  }
  void Zig(const std::string& version = "0.15.2") { Program("zig", absl::StrCat("#!/bin/sh\necho ", version, "\n")); }

  // The driver's command and why it was chosen, with the directory of the programs written as @; or "code: message".
  std::string Choose(std::vector<std::string> environment, bool cxx = false, std::vector<std::string> args = {}) {
    environment.push_back(absl::StrCat("PATH=", root_, "/bin"));
    std::vector<const char*> envp;
    envp.reserve(environment.size() + 1);
    for (const std::string& entry : environment) envp.push_back(entry.c_str());
    envp.push_back(nullptr);
    const absl::StatusOr<support::Settings> settings = support::ReadSettings(envp.data());
    if (!settings.ok()) return std::string(settings.status().message());
    const absl::StatusOr<Driver> driver =
        ChooseDriver({.settings = *settings, .envp = envp.data(), .cxx = cxx, .args = std::move(args)});
    if (!driver.ok()) {
      return absl::StrCat(absl::StatusCodeToString(driver.status().code()), ": ",
                          absl::StrReplaceAll(driver.status().message(), {{root_ + "/bin", "@"}}));
    }
    constexpr const char* kWhy[] = {"setting", "path", "target"};
    return absl::StrCat(kWhy[static_cast<int>(driver->chosen_by)], ": ",
                        absl::StrReplaceAll(absl::StrJoin(driver->words, " "), {{root_ + "/bin", "@"}}));
  }

  std::string root_;
  std::vector<std::pair<std::string, std::optional<std::string>>> saved_;
};

constexpr char kPlain[] = " -fno-sanitize=undefined";
#if defined(__x86_64__)
constexpr char kHost[] = "x86_64";
#else
constexpr char kHost[] = "aarch64";
#endif

TEST_F(ChooseDriverTest, ThisHostsOwnCompilerServesThisHost) {
  Zig();
  Program("clang");
  EXPECT_EQ(Choose({}), "path: @/clang");
  Program("gcc");
  Program("g++");
  EXPECT_EQ(Choose({}), "path: @/gcc");
  EXPECT_EQ(Choose({}, /*cxx=*/true), "path: @/g++");
}

// Go's own default for macOS and FreeBSD is clang, whether or not there is one.
TEST_F(ChooseDriverTest, ZigServesOtherSystemsWhateverCompilersThereAre) {
  Zig();
  const std::string want = absl::StrCat("target: @/zig cc -target aarch64-macos.12.0", kPlain);
  EXPECT_EQ(Choose({"GOOS=darwin", "GOARCH=arm64"}), want);
  Program("gcc");
  EXPECT_EQ(Choose({"GOOS=darwin", "GOARCH=arm64"}), want);
  Program("clang");
  EXPECT_EQ(Choose({"GOOS=darwin", "GOARCH=arm64"}), want);
  EXPECT_EQ(Choose({"GOOS=freebsd", "GOARCH=amd64"}),
            absl::StrCat("target: @/zig cc -target x86_64-freebsd-none", kPlain));
  EXPECT_EQ(Choose({"GOOS=windows", "GOARCH=amd64"}, /*cxx=*/true),
            absl::StrCat("target: @/zig c++ -target x86_64-windows-gnu", kPlain));
}

TEST_F(ChooseDriverTest, ANamedCompilerServesAnyTarget) {
  Zig();
  Program("gcc");
  Program("x-gcc");
  Program("x-g++");
  EXPECT_EQ(Choose({"GOOS=darwin", "GOARCH=arm64", "CGO_LD_SHIM_CC=x-gcc -O1"}), "setting: @/x-gcc -O1");
  EXPECT_EQ(Choose({"GOOS=darwin", "GOARCH=arm64", "CGO_LD_SHIM_CC=x-gcc"}, /*cxx=*/true), "setting: @/x-g++");
  // For C++ alone.
  EXPECT_EQ(Choose({"CGO_LD_SHIM_CXX=x-g++", "CGO_LD_SHIM_LIBC=musl"}, /*cxx=*/true), "setting: @/x-g++");
  EXPECT_THAT(Choose({"CGO_LD_SHIM_CXX=x-g++", "CGO_LD_SHIM_LIBC=musl"}), HasSubstr("@/zig cc -target"));
}

// zig without a target compiles for this host's glibc and links musl.
TEST_F(ChooseDriverTest, AZigThatIsNamedWithoutATargetGetsOne) {
  Zig();
  EXPECT_EQ(Choose({"CGO_LD_SHIM_CC=zig cc", "GOARCH=arm64", "GOOS=linux"}),
            absl::StrCat("target: @/zig cc -target aarch64-linux-musl", kPlain));
  EXPECT_EQ(Choose({"CGO_LD_SHIM_CC=zig cc -O1"}, /*cxx=*/true),
            absl::StrCat("target: @/zig c++ -target ", kHost, "-linux-musl", kPlain, " -O1"));
  EXPECT_EQ(Choose({"CGO_LD_SHIM_CC=zig cc", "CGO_LD_SHIM_TARGET=x86_64-linux-gnu.2.28", "GOARCH=amd64"}),
            absl::StrCat("target: @/zig cc -target x86_64-linux-gnu.2.28", kPlain));
  // What the user says holds: a target, a dynamic program, glibc.
  EXPECT_EQ(Choose({"CGO_LD_SHIM_CC=zig cc -target x86_64-linux-gnu"}), "setting: @/zig cc -target x86_64-linux-gnu");
  EXPECT_EQ(Choose({"CGO_LD_SHIM_CC=zig cc", "CGO_LD_SHIM_STATIC=off"}), "setting: @/zig cc");
  EXPECT_EQ(Choose({"CGO_LD_SHIM_CC=zig cc", "CGO_LD_SHIM_LIBC=glibc"}), "setting: @/zig cc");
}

TEST_F(ChooseDriverTest, ProcessorsAndVersionsAreInZigsWords) {
  Zig();
  EXPECT_EQ(Choose({"GOARCH=arm", "GOARM=5"}),
            absl::StrCat("target: @/zig cc -target arm-linux-musleabi -mcpu=arm926ej_s", kPlain));
  EXPECT_EQ(Choose({"GOARCH=loong64"}),
            absl::StrCat("target: @/zig cc -target loongarch64-linux-musl -mcpu=baseline-lsx", kPlain));
  EXPECT_EQ(Choose({"CGO_LD_SHIM_TARGET=x86_64-linux-gnu.2.28", "GOARCH=amd64"}),
            absl::StrCat("target: @/zig cc -target x86_64-linux-gnu.2.28", kPlain));
  EXPECT_EQ(
      Choose({"GOOS=darwin", "GOARCH=arm64", "MACOSX_DEPLOYMENT_TARGET=13.1"}, false, {"-mmacos-version-min=11.0"}),
      absl::StrCat("target: @/zig cc -target aarch64-macos.11.0", kPlain));
  EXPECT_EQ(Choose({"GOOS=darwin", "GOARCH=arm64", "SDKROOT=/sdk"}),
            absl::StrCat("target: @/zig cc -target aarch64-macos.12.0", kPlain,
                         " -iframework /sdk/System/Library/Frameworks -idirafter /sdk/usr/include"));
}

TEST_F(ChooseDriverTest, SaysWhatIsMissingByNamesThatAreSet) {
  EXPECT_THAT(Choose({}), AllOf(HasSubstr("NOT_FOUND: no C compiler was found: none of gcc, clang, cc is in PATH (@)"),
                                Not(HasSubstr(", which CGO_LD_SHIM_CC"))));
  EXPECT_EQ(Choose({"CGO_LD_SHIM_CC=clang"}), "NOT_FOUND: clang, which CGO_LD_SHIM_CC names, is not in PATH (@)");
  // `cgo-ld-shim go` has put there what it found in CC.
  EXPECT_EQ(Choose({"CGO_LD_SHIM_CC=clang", "CGO_LD_SHIM_INTERNAL_CC=CC"}),
            "NOT_FOUND: clang, which CC names, is not in PATH (@)");
  EXPECT_EQ(Choose({"CGO_LD_SHIM_CXX=clang++", "CGO_LD_SHIM_INTERNAL_CXX=CXX"}, /*cxx=*/true),
            "NOT_FOUND: clang++, which CXX names, is not in PATH (@)");
  EXPECT_THAT(Choose({"GOOS=darwin", "GOARCH=arm64"}),
              HasSubstr("FAILED_PRECONDITION: GOOS=darwin GOARCH=arm64 needs zig, which is neither"));
  EXPECT_THAT(Choose({"CGO_LD_SHIM_LIBC=musl"}), HasSubstr("CGO_LD_SHIM_LIBC=musl needs zig"));
  const std::string own =
      absl::StrCat("CGO_LD_SHIM_TARGET=", target::FindArchitecture(target::HostArch())->triple_cpu, "-linux-gnu.2.28");
  EXPECT_THAT(Choose({own}), HasSubstr(own + " needs zig"));
  Zig("0.11.0");
  EXPECT_THAT(Choose({"GOOS=darwin", "GOARCH=arm64"}), HasSubstr("is zig 0.11.0, and 0.13 is the oldest"));
  EXPECT_THAT(Choose({"GOOS=plan9", "GOARCH=amd64"}), HasSubstr("zig has no such target"));
  EXPECT_EQ(
      Choose({"GOARCH=arm64", "CGO_LD_SHIM_TARGET=x86_64-linux-musl"}),
      "INVALID_ARGUMENT: CGO_LD_SHIM_TARGET=x86_64-linux-musl is for amd64, and GOARCH is arm64; leave out one of "
      "the two");
}

TEST(WhoServesTest, AsksAboutTheOtherWidthAlone) {
  const target::Target host{.os = "linux", .arch = "amd64", .native = true};
  const target::Target narrow{.os = "linux", .arch = "386", .native = true, .other_width = true};
  const target::Target foreign{.os = "linux", .arch = "arm64"};
  int asked = 0;
  const auto lacks = [&] { return ++asked, true; };
  const auto has = [&] { return ++asked, false; };
  EXPECT_EQ(WhoServes({}, host, false, lacks), ChosenBy::kPath);
  EXPECT_EQ(WhoServes({}, foreign, false, has), ChosenBy::kTarget);
  EXPECT_EQ(WhoServes({.cc = {"gcc"}}, narrow, false, lacks), ChosenBy::kSetting);
  EXPECT_EQ(WhoServes({.libc = support::Libc::kMusl}, narrow, false, has), ChosenBy::kTarget);
  EXPECT_EQ(asked, 0);
  EXPECT_EQ(WhoServes({}, narrow, false, lacks), ChosenBy::kTarget);
  EXPECT_EQ(WhoServes({}, narrow, false, has), ChosenBy::kPath);
  EXPECT_EQ(asked, 2);
}

TEST(GoSettingsTest, TheEnvironmentGoesBeforeFilesAndTheUsersBeforeTheDistributions) {
  GoSettings go;
  ReadGoEnvFile("CC=clang-19 -O1\nGOFLAGS=-mod=mod\n", &go.files);
  ReadGoEnvFile("# comment\nCC=gcc\nAR=llvm-ar\nnothing\n=x\nlower=1\n\n", &go.files);
  EXPECT_EQ(go.Get("CC"), "clang-19 -O1");
  EXPECT_EQ(go.Get("AR"), "llvm-ar");
  EXPECT_EQ(go.Get("GOFLAGS"), "-mod=mod");
  EXPECT_EQ(go.Get("lower"), "");
  EXPECT_EQ(go.files.size(), 3u);
  go.environment = {{"CC", "tcc"}, {"AR", ""}};
  EXPECT_EQ(go.Get("CC"), "tcc");
  EXPECT_EQ(go.Get("AR"), "llvm-ar") << "an empty variable is none";
  EXPECT_EQ(go.Get("CXX"), "");
}

}  // namespace
}  // namespace cgo_ld_shim::toolchain
