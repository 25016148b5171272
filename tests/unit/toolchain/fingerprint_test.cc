// The fingerprint: what counts is what files hold.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "support/process.h"
#include "toolchain/toolchain.h"

namespace cgo_ld_shim::toolchain {
namespace {

namespace fs = std::filesystem;

class FingerprintTest : public testing::Test {
 protected:
  FingerprintTest() : directory_(fs::temp_directory_path() / absl::StrCat("fingerprint-", ::getpid())) {
    ::setenv("XDG_CACHE_HOME", (directory_ / "cache").c_str(), 1);
    fs::create_directories(directory_ / "cache");
  }
  ~FingerprintTest() override { fs::remove_all(directory_); }

  std::string Write(const std::string& name, const std::string& text) const {
    const fs::path path = directory_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
    ::chmod(path.c_str(), 0755);
    return path.string();
  }

  // A toolchain in a directory of its own.
  Toolchain Make(const std::string& where, const std::string& libc = "!<arch>\nlibc") const {
    Toolchain toolchain{.driver = {Write(absl::StrCat(where, "/gcc"), "#!/bin/sh\nexec gcc\n"), "-m64"},
                        .version = "gcc version 12",
                        .libc = target::ParseLibc("glibc 2.36")};
    toolchain.line.first_objects = {Write(absl::StrCat(where, "/crt1.o"), "crt1")};
    Write(absl::StrCat(where, "/libc.a"), libc);
    Write(absl::StrCat(where, "/libm.a"), absl::StrCat("GROUP ( ", where, "/libm-2.36.a )"));
    Write(absl::StrCat(where, "/libm-2.36.a"), "!<arch>\nlibm");
    toolchain.line.library_dirs = {(directory_ / where).string()};
    return toolchain;
  }

  static std::string Of(const Toolchain& toolchain, const std::vector<std::string>& settings = {}) {
    std::vector<const char*> environment;
    for (const std::string& setting : settings) environment.push_back(setting.c_str());
    environment.push_back(nullptr);
    return Fingerprint(toolchain, environment.data());
  }

  const fs::path directory_;
};

TEST_F(FingerprintTest, IsTheSameElsewhereAndAtAnotherTime) {
  const Toolchain a = Make("a"), b = Make("b/c");
  const std::string before = Of(a);
  EXPECT_EQ(Of(a), before) << "from the cache";
  EXPECT_EQ(Of(b), before);
  for (const char* name : {"a/gcc", "a/crt1.o", "a/libc.a"})
    fs::last_write_time(directory_ / name, fs::last_write_time(directory_ / name) + std::chrono::hours(1));
  EXPECT_EQ(Of(a), before);
  EXPECT_EQ(Of(b, {absl::StrCat("CGO_LD_SHIM_CC=", b.driver[0], " -m64")}), before);
}

TEST_F(FingerprintTest, ChangesWithWhatFilesHold) {
  const std::string before = Of(Make("a"));
  EXPECT_NE(Of(Make("b", "!<arch>\nlibC")), before);
  Toolchain changed = Make("c");
  Write("c/libm-2.36.a", "!<arch>\nlibM");
  EXPECT_NE(Of(changed), before);
  changed = Make("d");
  Write("d/crt1.o", "crt2");
  EXPECT_NE(Of(changed), before);
  changed = Make("e");
  Write("e/gcc", "#!/bin/sh\nexec gcc -O3\n");
  EXPECT_NE(Of(changed), before);
  changed = Make("f");
  changed.driver[1] = "-m32";
  EXPECT_NE(Of(changed), before);
  changed.driver[0] = "/nonexistent/gcc";
  EXPECT_NE(Of(changed), before);
}

// conda writes its prefix into the programs that it installs.
TEST_F(FingerprintTest, OfACompilerItselfTheVersionLineSpeaks) {
  Toolchain a = Make("a"), b = Make("b");
  Write("a/gcc", "\177ELF /opt/a");
  Write("b/gcc", "\177ELF /opt/b");
  EXPECT_EQ(Of(a), Of(b));
  b.version = "gcc version 13";
  EXPECT_NE(Of(a), Of(b));
}

TEST_F(FingerprintTest, SettingsCountByWhatTheyName) {
  const Toolchain a = Make("a");
  const std::string ld = Write("x/ld", "ld"), moved = Write("y/ld", "ld"), other = Write("z/ld", "ld 2");
  const std::string before = Of(a, {absl::StrCat("CGO_LD_SHIM_LINKER=", ld)});
  EXPECT_NE(before, Of(a));
  EXPECT_EQ(Of(a, {absl::StrCat("CGO_LD_SHIM_LINKER=", moved)}), before);
  EXPECT_NE(Of(a, {absl::StrCat("CGO_LD_SHIM_LINKER=", other)}), before);
  EXPECT_NE(Of(a, {absl::StrCat("CGO_LD_SHIM_CXX=", ld, " -O1")}), Of(a, {absl::StrCat("CGO_LD_SHIM_CXX=", ld)}));
  EXPECT_NE(Of(a, {"CGO_LD_SHIM_LIBC=musl"}), Of(a));
  EXPECT_EQ(Of(a, {"CGO_LD_SHIM_LOG=/x", "CGO_LD_SHIM_VERBOSE=1"}), Of(a));
}

TEST_F(FingerprintTest, SettingsOfTheLinkMoveToTheLinkerWhereGoHasThatLever) {
  const Toolchain a = Make("a");
  const std::string toolexec = "GOFLAGS=-toolexec=/usr/bin/cgo-ld-shim", chain = "CGO_LD_SHIM_INTERNAL_TOOLEXEC=-";
  EXPECT_NE(Of(a, {"CGO_LD_SHIM_NSS=host"}), Of(a));
  EXPECT_EQ(Of(a, {"CGO_LD_SHIM_NSS=host", toolexec, chain}), Of(a));
  EXPECT_NE(Of(a, {"CGO_LD_SHIM_LIBC=musl", toolexec, chain}), Of(a));
  const char* none[] = {"CGO_LD_SHIM_LIBC=musl", nullptr};
  const char* host[] = {"CGO_LD_SHIM_NSS=host", nullptr};
  EXPECT_EQ(LinkFingerprint(none), "");
  EXPECT_NE(LinkFingerprint(host), "");
}

TEST_F(FingerprintTest, OfZigItsOwnVersionSpeaks) {
  const auto zig = [&](const std::string& where, const std::string& version) {
    return Toolchain{.driver = {Write(absl::StrCat(where, "/zig"), absl::StrCat("#!/bin/sh\necho ", version, "\n")),
                                "cc", "-target", "x86_64-linux-musl"},
                     .version = "clang version 20.1.2"};
  };
  const std::string before = Of(zig("a", "0.15.2"));
  EXPECT_EQ(Of(zig("b", "0.15.2 # moved")), before);
  EXPECT_NE(Of(zig("c", "0.16.0")), before);
}

TEST_F(FingerprintTest, AnExperimentalCompilerIsKnownByItsContent) {
  class Compiler : public support::ProcessRunner {
   public:
    absl::StatusOr<support::ProcessResult> Run(const std::vector<std::string>& argv,
                                               const support::ProcessOptions&) override {
      return support::ProcessResult{.output = absl::StrCat(argv[0], "-cc1\n")};
    }
  } compiler;
  const support::ScopedProcessRunner scoped(&compiler);
  const auto line = [&](const std::string& where, const std::string& compiler_proper) {
    const std::string gcc = Write(absl::StrCat(where, "/gcc"), "gcc");
    Write(absl::StrCat(where, "/gcc-cc1"), compiler_proper);
    return StableVersionLine("gcc version 17.0.0 20261001 (experimental)", {gcc});
  };
  EXPECT_THAT(line("a", "one"), testing::Not(testing::HasSubstr("experimental")));
  EXPECT_EQ(line("a", "one"), line("b", "one"));
  EXPECT_NE(line("a", "one"), line("c", "two"));
  EXPECT_EQ(StableVersionLine("gcc version 12.2.0", {"gcc"}), "gcc version 12.2.0");
}

}  // namespace
}  // namespace cgo_ld_shim::toolchain
