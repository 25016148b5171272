// What `doctor` and `targets` conclude from what they find.
#include <stdlib.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "doctor/module.h"
#include "doctor/package_libraries.h"
#include "doctor/targets.h"
#include "doctor/zig_libraries.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "packages/distribution.h"
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
    // PATH: no package manager of this machine is asked.
    for (const char* variable :
         {"PATH", "PKG_CONFIG_PATH", "PKG_CONFIG_LIBDIR", "ZIG_GLOBAL_CACHE_DIR", "XDG_CACHE_HOME"}) {
      const char* value = std::getenv(variable);
      saved_.emplace_back(variable, value == nullptr ? "" : value);
      ::unsetenv(variable);
    }
    ::setenv("PATH", root_.c_str(), 1);
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

  LinkBase Base();

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

// A toolchain whose libraries are in `root_`/lib, with a C library there.
LinkBase DoctorFilesTest::Base() {
  Write("lib/libc.a", MakeArchive({{"puts.o", ObjectBuilder().Define("puts").Build()}}));
  LinkBase base;
  base.toolchain.line.library_dirs = {root_ + "/lib"};
  return base;
}

std::string Archive(const char* symbol, const char* needs = nullptr) {
  ObjectBuilder object;
  object.Define(symbol);
  if (needs != nullptr) object.Reference(needs);
  return MakeArchive({{"member.o", object.Build()}});
}

TEST_F(DoctorFilesTest, TellsWhichNamedLibrariesHaveAnArchive) {
  Write("lib/libhere.a", Archive("here"));
  Write("own/libbeside.a", Archive("beside"));
  const std::string by_path = Write("own/libfile.a", Archive("file"));
  // -L of one package serves the -l of another: the linker has one list.
  const std::vector<CgoPackage> packages = {
      {.import_path = "a",
       .ld_flags = {"-lhere", "-lgone", "-lbeside", "-l:libhere.a", "-framework", "Security", "-O2"},
       .pkg_config = {}},
      {.import_path = "b", .ld_flags = {"-L" + root_ + "/own", by_path, root_ + "/own/libno.a"}, .pkg_config = {}}};
  EXPECT_EQ(Shown(CheckLibraries(Base(), packages, "")), "libhere.a+ libgone.a- libbeside.a+ libfile.a+ libno.a- ");
}

TEST_F(DoctorFilesTest, LeavesOutWhatTheCompilerBrings) {
  Write("lib/libm.a", Archive("pow"));
  LinkBase base = Base();
  const std::vector<CgoPackage> packages = {{.import_path = "a", .ld_flags = {"-lm", "-lstdc++"}, .pkg_config = {}}};
  EXPECT_EQ(Shown(CheckLibraries(base, packages, "")), "libstdc++.a- ");
  base.by_zig = true;
  EXPECT_EQ(Shown(CheckLibraries(base, packages, "")), "");
  // Names of another system's libraries are that system's business.
  base.linux = false;
  EXPECT_EQ(Shown(CheckLibraries(base, {{.import_path = "a", .ld_flags = {"-lole32"}, .pkg_config = {}}}, "")), "");
}

TEST_F(DoctorFilesTest, FollowsPkgConfigFiles) {
  Write("lib/libhalf.a", Archive("half", "quarter"));
  Write("lib/libquarter.a", Archive("quarter"));
  Write("lib/pkgconfig/half.pc", "Name: half\nVersion: 1\nRequires: base\nRequires.private: quarter\nLibs: -lhalf\n");
  Write("lib/pkgconfig/quarter.pc", "Name: quarter\nVersion: 1\nLibs: -lquarter\n");
  CgoPackage package{.import_path = "a", .ld_flags = {}, .pkg_config = {"half", "other"}};
  package.sources = {Write("a.go", "C.half(1)\n")};
  const auto checked = CheckLibraries(Base(), {package}, "");
  EXPECT_EQ(Shown(checked), "base.pc-(half.pc) other.pc- libhalf.a+ libquarter.a+(libhalf.a) ");
  EXPECT_EQ(checked[0].libraries[2].named, "pkg-config half");
  // Of what is never called nothing is needed in turn.
  package.sources = {Write("a.go", "C.other(1)\n")};
  EXPECT_EQ(Shown(CheckLibraries(Base(), {package}, "")), "base.pc-(half.pc) other.pc- libhalf.a+ ");
}

// libpng's and librtmp's files mention -lz.
TEST_F(DoctorFilesTest, APkgConfigFileThatMentionsALibraryBringsNothingToIt) {
  Write("lib/libz.a", Archive("crc32"));
  Write("lib/libpng.a", Archive("png_read"));
  Write("lib/libgnutls.a", Archive("gnutls_init"));
  Write("lib/pkgconfig/z.pc", "Name: z\nVersion: 1\nLibs: -lz\n");
  Write("lib/pkgconfig/png.pc", "Name: png\nVersion: 1\nLibs: -lpng -lz\nRequires: gone\n");
  Write("lib/pkgconfig/rtmp.pc", "Name: rtmp\nVersion: 1\nLibs: -lrtmp -lz\nLibs.private: -lgnutls\n");
  CgoPackage package{.import_path = "a", .ld_flags = {"-lz"}, .pkg_config = {}};
  package.sources = {Write("a.go", "C.crc32(1)\n")};
  EXPECT_EQ(Shown(CheckLibraries(Base(), {package}, "")), "libz.a+ ");
}

// The shared library beside an archive names what both need; only what the members that the link takes refer to is
// missed, as the link will.
TEST_F(DoctorFilesTest, MissesWhatTheLinkWillMiss) {
  Write("lib/libusb.a", MakeArchive({{"udev.o", ObjectBuilder().Define("usb_init").Reference("udev_new").Build()},
                                     {"other.o", ObjectBuilder().Define("usb_other").Reference("other").Build()},
                                     {"there.o", ObjectBuilder().Define("usb_there").Reference("there").Build()}}));
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
  Write("lib/libthere.a", Archive("there"));
  CgoPackage package{.import_path = "a", .ld_flags = {"-lusb"}, .pkg_config = {}};
  package.sources = {Write("a.go", "C.usb_init(); C.usb_there()")};
  EXPECT_EQ(Shown(CheckLibraries(Base(), {package}, "")), "libusb.a+ libthere.a+(libusb.a) libudev.a-(libusb.a) ");
}

TEST_F(DoctorFilesTest, ASymbolThatNothingDefinesIsNamed) {
  Write("lib/libdeep.a", Archive("deep", "deeper_still"));
  CgoPackage package{.import_path = "a", .ld_flags = {"-ldeep"}, .pkg_config = {}};
  package.sources = {Write("a.c", "int f(void) { return deep(); }\n")};
  EXPECT_EQ(Shown(CheckLibraries(Base(), {package}, "")), "libdeep.a+ deeper_still-(libdeep.a) ");
}

TEST_F(DoctorFilesTest, CallsInCxxAreSeenByThePartsOfTheirNames) {
  Write("lib/libdb.a", Archive("_ZN2db5Store4OpenEv", "snappy"));
  CgoPackage package{.import_path = "a", .ld_flags = {"-ldb"}, .pkg_config = {}};
  package.sources = {Write("a.cc", "auto* store = db::Store::Open();\n")};
  EXPECT_EQ(Shown(CheckLibraries(Base(), {package}, "")), "libdb.a+ snappy-(libdb.a) ");
  package.sources = {Write("a.cc", "db::Store* store = nullptr;\n")};
  EXPECT_EQ(Shown(CheckLibraries(Base(), {package}, "")), "libdb.a+ ");
}

// The link leaves a shared library out that nothing needs.
TEST_F(DoctorFilesTest, ASharedLibraryAloneIsMissingWhereItIsCalled) {
  const std::string shared = Write("lib/libonly.so", SharedBuilder().Soname("libonly.so.1").Define("only").Build());
  CgoPackage package{.import_path = "a", .ld_flags = {"-lonly"}, .pkg_config = {}};
  EXPECT_EQ(Shown(CheckLibraries(Base(), {package}, "")), "");
  package.sources = {Write("a.go", "C.only()")};
  const auto checked = CheckLibraries(Base(), {package}, "");
  ASSERT_EQ(Shown(checked), "libonly.a- ");
  EXPECT_EQ(checked[0].libraries[0].shared, shared);
  EXPECT_EQ(checked[0].libraries[0].named, "-lonly");
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
  machine.distribution = packages::ParseOsRelease("ID=debian\n");
  return machine;
}

TEST(TargetsTest, AMachineWithoutAnythingNeedsEverything) {
  const Machine machine = HostMachine();
  const std::vector<TargetState> targets = MainTargets(machine);
  EXPECT_EQ(targets[0].Name(), "linux/amd64");
  EXPECT_EQ(targets[0].readiness, Readiness::kMissing);
  EXPECT_EQ(targets[0].install, "apt-get install gcc libc6-dev");
  EXPECT_EQ(targets[1].result, "musl static");
  EXPECT_THAT(targets[1].install, testing::ContainsRegex("pip.* install .*ziglang"));
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
