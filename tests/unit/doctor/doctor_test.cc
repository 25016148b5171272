// What `doctor` and `targets` conclude from what they find.
#include <stdlib.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "diagnose/diagnose.h"
#include "doctor/install.h"
#include "doctor/module.h"
#include "doctor/package_libraries.h"
#include "doctor/targets.h"
#include "doctor/zig_libraries.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/archive.h"
#include "tests/support/elf.h"

namespace cgo_ld_shim::doctor {
namespace {

using test_support::MakeArchive;
using test_support::ObjectBuilder;
using test_support::SharedBuilder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(InstallTest, KnowsADistributionByItsIdOrByWhatItIsLike) {
  const Distribution debian =
      ParseOsRelease("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_ID=\"12\"\n");
  EXPECT_EQ(debian.name, "Debian GNU/Linux 12 (bookworm)");
  EXPECT_EQ(InstallCommand(debian, Need::kStaticLibc), "apt-get install libc6-dev");
  const Distribution rocky = ParseOsRelease("NAME='Rocky Linux'\nID=rocky\nID_LIKE=\"rhel centos fedora\"\n");
  EXPECT_EQ(rocky.name, "Rocky Linux");
  EXPECT_EQ(InstallCommand(rocky, Need::kStaticCxx), "dnf install libstdc++-static");
  EXPECT_EQ(InstallCommand(ParseOsRelease("ID=alpine\n"), Need::kCCompiler), "apk add gcc musl-dev");
  EXPECT_EQ(InstallCommand(ParseOsRelease("ID=opensuse-leap\n"), Need::kStaticLibc),
            "zypper install glibc-devel-static");
}

TEST(InstallTest, SaysInWordsWhatAnUnknownDistributionNeeds) {
  for (const char* text : {"", "ID=plan9\n", "no equals sign\n\"\n", "ID=\n"}) {
    EXPECT_EQ(InstallCommand(ParseOsRelease(text), Need::kGo), "see go.dev/dl") << text;
  }
  EXPECT_EQ(InstallCommand(ParseOsRelease("ID=debian\n"), Need::kZig), "pip install ziglang");
}

TEST(InstallTest, NamesDebiansPackageOfALibrary) {
  EXPECT_EQ(diagnose::DebianPackage("z"), "zlib1g-dev");
  EXPECT_EQ(diagnose::DebianPackage("lz4"), "liblz4-dev");
  EXPECT_EQ(diagnose::DebianPackage("Foo_bar"), "libfoo-bar-dev");
}

TEST(GoListTest, KeepsPackagesThatUseCgo) {
  std::vector<std::string> problems;
  const auto packages = ParseGoList(R"({
	"ImportPath": "net", "Dir": "/go/src/net", "Standard": true, "CgoFiles": ["a.go"], "CgoLDFLAGS": ["-lresolv"]
}
{"ImportPath": "fmt", "Standard": true}
{"ImportPath": "example.com/b}\"{", "Dir": "/b", "CgoFiles": ["b.go"], "CXXFiles": ["b.cc"],
 "CgoLDFLAGS": ["-L/b/lib", "-lb"], "CgoPkgConfig": ["--static", "zlib"]}
{"ImportPath": "example.com/broken", "Error": {"Err": "no required module\nprovides it"}}
)",
                                    &problems);
  ASSERT_TRUE(packages.ok()) << packages.status();
  ASSERT_THAT(*packages, SizeIs(2));
  const CgoPackage& b = (*packages)[0];
  EXPECT_EQ(b.import_path, "example.com/b}\"{");
  EXPECT_TRUE(b.cxx);
  EXPECT_FALSE(b.standard);
  EXPECT_THAT(b.ld_flags, ElementsAre("-L/b/lib", "-lb"));
  EXPECT_THAT(b.pkg_config, ElementsAre("zlib"));
  EXPECT_TRUE((*packages)[1].standard);
  EXPECT_THAT(problems, ElementsAre("no required module"));
}

TEST(GoListTest, RefusesWhatIsNoAnswer) {
  std::vector<std::string> problems;
  EXPECT_THAT(*ParseGoList(" \n", &problems), IsEmpty());
  for (const char* text : {"{", "{\"ImportPath\": \"a", "nonsense", "{]}"}) {
    EXPECT_FALSE(ParseGoList(text, &problems).ok()) << text;
  }
}

class DoctorFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = absl::StrCat(testing::TempDir(), "/doctor-XXXXXX");
    root_ = ::mkdtemp(name.data());
    for (const char* variable : {"PKG_CONFIG_PATH", "PKG_CONFIG_LIBDIR", "ZIG_GLOBAL_CACHE_DIR", "XDG_CACHE_HOME"}) {
      const char* value = std::getenv(variable);
      saved_.emplace_back(variable, value == nullptr ? "" : value);
      ::unsetenv(variable);
    }
  }
  void TearDown() override {
    for (const auto& [name, value] : saved_) {
      if (!value.empty()) ::setenv(name.c_str(), value.c_str(), 1);
    }
    std::error_code error;
    std::filesystem::remove_all(root_, error);
  }

  std::string Write(const std::string& name, const std::string& bytes) {
    const std::string path = absl::StrCat(root_, "/", name);
    std::error_code error;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

  std::string root_;
  std::vector<std::pair<std::string, std::string>> saved_;
};

std::string Shown(const std::vector<PackageLibraries>& packages) {
  std::string text;
  for (const PackageLibraries& package : packages) {
    for (const LibraryState& library : package.libraries) {
      absl::StrAppend(&text, library.label, library.found() ? "+" : "-",
                      library.needed_by.empty() ? "" : absl::StrCat("(", library.needed_by, ")"), " ");
    }
  }
  return text;
}

TEST_F(DoctorFilesTest, TellsWhichNamedLibrariesHaveAnArchive) {
  Write("lib/libhere.a", "!<arch>\n");
  Write("own/libbeside.a", "!<arch>\n");
  const std::string by_path = Write("own/libfile.a", "!<arch>\n");
  SearchPlace place{.directories = {root_ + "/lib"}, .pkg_config_directories = {}};
  // -L of one package serves the -l of another: the linker has one list.
  const std::vector<CgoPackage> packages = {
      {.import_path = "a",
       .ld_flags = {"-lhere", "-lgone", "-lbeside", "-l:libhere.a", "-framework", "Security", "-O2"},
       .pkg_config = {}},
      {.import_path = "b", .ld_flags = {"-L" + root_ + "/own", by_path, root_ + "/own/libno.a"}, .pkg_config = {}}};
  EXPECT_EQ(Shown(CheckLibraries(place, packages, "")),
            "libhere.a+ libgone.a- libbeside.a+ libhere.a+ libfile.a+ libno.a- ");
}

TEST_F(DoctorFilesTest, LeavesOutWhatTheCompilerBrings) {
  Write("lib/libm.a", "!<arch>\n");
  SearchPlace place{.directories = {root_ + "/lib"}, .pkg_config_directories = {}};
  EXPECT_EQ(Shown(CheckLibraries(place, {{.import_path = "a", .ld_flags = {"-lm", "-lstdc++"}, .pkg_config = {}}}, "")),
            "libstdc++.a- ");
  place.zig = true;
  EXPECT_EQ(Shown(CheckLibraries(place, {{.import_path = "a", .ld_flags = {"-lm", "-lstdc++"}, .pkg_config = {}}}, "")),
            "");
}

TEST_F(DoctorFilesTest, FollowsPkgConfigFiles) {
  Write("lib/libhalf.a", "!<arch>\n");
  Write("lib/libquarter.a", "!<arch>\n");
  Write("pc/half.pc", "Name: half\nVersion: 1\nRequires: base\nRequires.private: quarter\nLibs: -lhalf\n");
  Write("pc/quarter.pc", "Name: quarter\nVersion: 1\nLibs: -lquarter\n");
  SearchPlace place{.directories = {root_ + "/lib"}, .pkg_config_directories = {root_ + "/pc"}};
  const auto checked =
      CheckLibraries(place, {{.import_path = "a", .ld_flags = {}, .pkg_config = {"half", "other"}}}, "");
  EXPECT_EQ(Shown(checked), "libhalf.a+ base.pc-(half.pc) other.pc- libquarter.a+(libhalf.a) ");
  EXPECT_EQ(checked[0].libraries[0].named, "pkg-config half");
}

// libpng's and librtmp's files mention -lz.
TEST_F(DoctorFilesTest, APkgConfigFileThatMentionsALibraryBringsNothingToIt) {
  Write("lib/libz.a", MakeArchive({{"z.o", ObjectBuilder().Define("crc32").Build()}}));
  Write("lib/libpng.a", MakeArchive({{"png.o", ObjectBuilder().Define("png_read").Build()}}));
  Write("lib/libgnutls.a", MakeArchive({{"g.o", ObjectBuilder().Define("gnutls_init").Build()}}));
  Write("pc/z.pc", "Name: z\nVersion: 1\nLibs: -lz\n");
  Write("pc/png.pc", "Name: png\nVersion: 1\nLibs: -lpng -lz\nRequires: gone\n");
  Write("pc/rtmp.pc", "Name: rtmp\nVersion: 1\nLibs: -lrtmp -lz\nLibs.private: -lgnutls\n");
  SearchPlace place{.directories = {root_ + "/lib"}, .pkg_config_directories = {root_ + "/pc"}};
  EXPECT_EQ(Shown(CheckLibraries(place, {{.import_path = "a", .ld_flags = {"-lz"}, .pkg_config = {}}}, "")),
            "libz.a+ ");
}

// The shared library beside an archive names what both need; only what the archive's members refer to is missed.
TEST_F(DoctorFilesTest, MissesWhatTheMembersOfAnArchiveWant) {
  Write("lib/libusb.a", MakeArchive({{"udev.o", ObjectBuilder().Define("usb_init").Reference("udev_new").Build()}}));
  Write("lib/libusb.so", SharedBuilder()
                             .Soname("libusb.so.1")
                             .Needed("libudev.so.1")
                             .Needed("libother.so.2")
                             .Needed("libthere.so.1")
                             .Needed("libc.so.6")
                             .Define("usb_init")
                             .Build());
  Write("lib/libudev.so.1", SharedBuilder().Soname("libudev.so.1").Define("udev_new").Build());
  Write("lib/libother.so.2", SharedBuilder().Soname("libother.so.2").Define("other").Build());
  Write("lib/libthere.a", MakeArchive({{"there.o", ObjectBuilder().Define("there").Build()}}));
  SearchPlace place{.directories = {root_ + "/lib"}, .pkg_config_directories = {}};
  EXPECT_EQ(Shown(CheckLibraries(place, {{.import_path = "a", .ld_flags = {"-lusb"}, .pkg_config = {}}}, "")),
            "libusb.a+ libudev.a-(libusb.a) libthere.a+(libusb.a) ");
}

TEST_F(DoctorFilesTest, NamesTheSharedLibraryThatAloneIsThere) {
  const std::string shared = Write("lib/libonly.so", SharedBuilder().Soname("libonly.so.1").Define("only").Build());
  SearchPlace place{.directories = {root_ + "/lib"}, .pkg_config_directories = {}};
  const auto checked = CheckLibraries(place, {{.import_path = "a", .ld_flags = {"-lonly"}, .pkg_config = {}}}, "");
  EXPECT_EQ(checked[0].libraries[0].shared, shared);
  EXPECT_THAT(checked[0].libraries[0].install, HasSubstr("only libonly.so is here"));
}

toolchain::Driver ZigFor(const std::string& zig, const char* triple) {
  return toolchain::ZigDriver(zig, /*cxx=*/false, target::ParseTriple(triple));
}

TEST_F(DoctorFilesTest, SeesThatZigHasBuiltALibraryForThisMachineAlone) {
  ::setenv("ZIG_GLOBAL_CACHE_DIR", root_.c_str(), 1);
  ::setenv("XDG_CACHE_HOME", root_.c_str(), 1);
  const std::string zig = Write("zig", "");
  EXPECT_FALSE(IsPrepared(ZigFor(zig, "x86_64-linux-musl"), false));
  Write("o/0123/libc.a", MakeArchive({{"a.o", ObjectBuilder().Define("main").Build()}}));
  EXPECT_TRUE(IsPrepared(ZigFor(zig, "x86_64-linux-musl"), false));
  EXPECT_FALSE(IsPrepared(ZigFor(zig, "aarch64-linux-musl"), false));
  EXPECT_FALSE(IsPrepared(ZigFor(zig, "x86_64-windows-gnu"), false));
  EXPECT_FALSE(IsPrepared(ZigFor(zig, "pdp11-unix"), false));
  EXPECT_FALSE(IsPrepared(ZigFor(zig, "x86_64-linux-musl"), true));
  Write("o/4567/libc++.a", MakeArchive({{"a.o", ObjectBuilder().Define("a").Build()}}));
  EXPECT_TRUE(IsPrepared(ZigFor(zig, "x86_64-linux-musl"), true));
  // A newer zig builds its own.
  std::error_code error;
  std::filesystem::last_write_time(zig, std::filesystem::file_time_type::clock::now() + std::chrono::hours(1), error);
  EXPECT_FALSE(IsPrepared(ZigFor(zig, "x86_64-linux-musl"), false));
}

Machine HostMachine() {
  Machine machine;
  machine.host_arch = "amd64";
  machine.distribution = ParseOsRelease("ID=debian\n");
  return machine;
}

TEST(TargetsTest, AMachineWithoutAnythingNeedsEverything) {
  const Machine machine = HostMachine();
  const std::vector<TargetState> targets = MainTargets(machine);
  EXPECT_EQ(targets[0].Name(), "linux/amd64");
  EXPECT_EQ(targets[0].readiness, Readiness::kMissing);
  EXPECT_EQ(targets[0].install, "apt-get install gcc libc6-dev");
  EXPECT_EQ(targets[1].result, "musl static");
  EXPECT_EQ(targets[1].install, "pip install ziglang");
  for (const TargetState& state : targets) EXPECT_NE(state.readiness, Readiness::kReady) << state.Name();
}

TEST(TargetsTest, ZigServesOtherMachinesAndSaysWhenItHasToPrepare) {
  ::setenv("ZIG_GLOBAL_CACHE_DIR", "/nonexistent", 1);
  Machine machine = HostMachine();
  machine.zig = Tool{"zig", "/opt/zig", "0.15.2"};
  machine.emulators = {{"arm64", "/usr/bin/qemu-aarch64", ""}};
  const TargetState state = DescribeTarget(machine, "linux", "arm64");
  EXPECT_EQ(state.triple, "aarch64-linux-musl");
  EXPECT_EQ(state.readiness, Readiness::kPrepares);
  EXPECT_EQ(state.runs, "qemu-aarch64");
  EXPECT_EQ(DescribeTarget(machine, "plan9", "amd64").readiness, Readiness::kUnsupported);
  ::unsetenv("ZIG_GLOBAL_CACHE_DIR");
}

TEST(TargetsTest, ANamedCompilerServesItsOwnTargetOnly) {
  Machine machine = HostMachine();
  machine.settings.cc = {"aarch64-linux-gnu-gcc"};
  machine.cc = machine.settings.cc;
  toolchain::Toolchain toolchain;
  toolchain.machine = target::ParseTriple("aarch64-linux-gnu");
  toolchain.opaque = true;  // so that no files are looked for
  toolchain.driver = {"/usr/bin/aarch64-linux-gnu-gcc"};
  machine.toolchain = toolchain;
  EXPECT_EQ(DescribeTarget(machine, "linux", "arm64").readiness, Readiness::kReady);
  const TargetState other = DescribeTarget(machine, "linux", "amd64");
  EXPECT_EQ(other.readiness, Readiness::kMissing);
  EXPECT_THAT(other.reason, HasSubstr("aarch64-linux-gnu"));
  EXPECT_EQ(DescribeTarget(machine, "windows", "arm64").readiness, Readiness::kMissing);
}

}  // namespace
}  // namespace cgo_ld_shim::doctor
