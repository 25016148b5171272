// What is kept of a compiler's link line, and until when. The compiler is a script of the test's.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "toolchain/toolchain.h"

namespace cgo_ld_shim::toolchain {
namespace {

namespace fs = std::filesystem;

class LocateTest : public testing::Test {
 protected:
  LocateTest() : directory_(fs::temp_directory_path() / absl::StrCat("locate-", ::getpid())) {
    fs::create_directories(directory_ / "cache");
    ::setenv("XDG_CACHE_HOME", (directory_ / "cache").c_str(), 1);
    // As gcc: a start file that is not there stands with its bare name.
    Write("gcc", absl::StrCat("#!/bin/sh\ncd ", directory_.string(),
                              "\ncrt=crt1.o; [ -e crt1.o ] && crt=$PWD/crt1.o\ncase \"$*\" in\n"
                              "*-dumpmachine*) echo riscv64-linux-gnu ;;\n"
                              "*CGO_LD_SHIM_OUT*) echo \" ld -o CGO_LD_SHIM_OUT $crt -L$PWD /dev/null -lc\" >&2 ;;\n"
                              "*) echo 'gcc version 12.2.0' >&2 ;;\nesac\n"));
  }
  ~LocateTest() override { fs::remove_all(directory_); }

  void Write(const std::string& name, const std::string& text) const {
    std::ofstream(directory_ / name) << text;
    ::chmod((directory_ / name).c_str(), 0755);
  }
  Toolchain Learn() const {
    absl::StatusOr<Toolchain> toolchain = Locate({.driver = {(directory_ / "gcc").string()}});
    EXPECT_TRUE(toolchain.ok()) << toolchain.status();
    return toolchain.ok() ? *std::move(toolchain) : Toolchain();
  }

  const fs::path directory_;
};

TEST_F(LocateTest, AnAnswerOfABadMomentIsNotKept) {
  EXPECT_EQ(Learn().line.first_objects[0], "crt1.o");
  Write("crt1.o", "crt1");
  Write("libc.a", "!<arch>\nGNU C Library stable release version 2.36");
  const Toolchain toolchain = Learn();
  EXPECT_EQ(toolchain.line.first_objects[0], (directory_ / "crt1.o").string());
  EXPECT_EQ(toolchain.libc.ToString(), "glibc 2.36");
}

TEST_F(LocateTest, ALibraryThatComesLaterIsSeen) {
  Write("crt1.o", "crt1");
  EXPECT_FALSE(Learn().libc);
  Write("libc.a", "!<arch>\nGNU C Library stable release version 2.36");
  EXPECT_EQ(Learn().libc.ToString(), "glibc 2.36");
}

}  // namespace
}  // namespace cgo_ld_shim::toolchain
