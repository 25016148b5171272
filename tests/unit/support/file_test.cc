// How programs are found, and which files of our own directories are believed.
#include "support/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "support/process.h"

namespace cgo_ld_shim::support {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A place of its own, which is also the current directory.
class PlaceTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "/place-XXXXXX";
    root_ = ::mkdtemp(name.data());
    before_ = fs::current_path();
    fs::current_path(root_);
  }
  void TearDown() override {
    fs::current_path(before_);
    fs::remove_all(root_);
  }

  std::string Write(const std::string& name, const std::string& text, mode_t mode) const {
    const std::string path = root_ + "/" + name;
    fs::create_directories(fs::path(path).parent_path());
    std::ofstream(path) << text;
    EXPECT_EQ(::chmod(path.c_str(), mode), 0);
    return path;
  }

  std::string root_;
  fs::path before_;
};

using FindProgramTest = PlaceTest;

TEST_F(FindProgramTest, LooksOnlyIntoAbsoluteDirectories) {
  Write("tool", "#!/bin/sh\n", 0755);
  Write("bin/tool", "#!/bin/sh\n", 0755);
  for (const char* path : {"", ".", ":", "::", ".:", ":/nonexistent", "/nonexistent:", "bin", "./bin:../x", "./"}) {
    EXPECT_EQ(FindProgram("tool", path), std::nullopt) << "PATH=" << path;
  }
  EXPECT_EQ(FindProgram("tool", ".:bin:" + root_ + "/bin:"), root_ + "/bin/tool");
}

TEST_F(FindProgramTest, PassesOverWhatIsNoProgram) {
  Write("a/tool", "text", 0644);
  fs::create_directories(root_ + "/b/tool");
  Write("c/tool", "#!/bin/sh\n", 0755);
  EXPECT_EQ(FindProgram("tool", root_ + "/a:" + root_ + "/b:" + root_ + "/c"), root_ + "/c/tool");
}

// execvp would look into the directory that the process is started in.
TEST_F(FindProgramTest, AProcessIsStartedFromAbsoluteDirectoriesAsWell) {
  Write("tool", "#!/bin/sh\necho here\n", 0755);
  const std::string there = Write("there/tool", "#!/bin/sh\necho there \"$0\"\n", 0755);
  for (const std::string path : {".:", "", "."}) {
    const auto run = RunProcess({"tool"}, {.environment = {"PATH=" + path}, .working_directory = root_});
    EXPECT_TRUE(absl::IsNotFound(run.status())) << "PATH=" << path << " " << run.status();
  }
  const auto run = RunProcess({"tool"}, {.environment = {"PATH=.:" + root_ + "/there"}, .working_directory = root_});
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_EQ(run->output, "there " + there + "\n");
}

TEST_F(FindProgramTest, AProcessIsNotStartedByARelativePath) {
  Write("tool", "#!/bin/sh\necho here\n", 0755);
  for (const std::string& name : {std::string("./tool"), "../" + root_.substr(root_.rfind('/') + 1) + "/tool"}) {
    const auto run = RunProcess({name}, {.working_directory = root_});
    EXPECT_TRUE(absl::IsNotFound(run.status())) << name << " " << run.status();
  }
}

using OwnFileTest = PlaceTest;

TEST_F(OwnFileTest, IsOneThatNobodyElseCanWriteTo) {
  EXPECT_EQ(*ReadOwnFile(Write("mine", "text", 0600)), "text");
  EXPECT_EQ(*ReadOwnFile(Write("readable", "text", 0644)), "text");
  EXPECT_TRUE(absl::IsPermissionDenied(ReadOwnFile(Write("group", "text", 0660)).status()));
  EXPECT_TRUE(absl::IsPermissionDenied(ReadOwnFile(Write("all", "text", 0602)).status()));
  EXPECT_TRUE(absl::IsNotFound(ReadOwnFile(root_ + "/nothing").status()));
}

TEST_F(OwnFileTest, IsNeitherALinkNorAPipeNorADirectory) {
  Write("mine", "text", 0600);
  fs::create_symlink("mine", root_ + "/link");
  EXPECT_FALSE(ReadOwnFile(root_ + "/link").ok());
  ASSERT_EQ(::mkfifo((root_ + "/pipe").c_str(), 0600), 0);
  EXPECT_FALSE(ReadOwnFile(root_ + "/pipe").ok()) << "and nobody waits for a writer";
  EXPECT_FALSE(ReadOwnFile(root_).ok());
  EXPECT_THAT(NotOurs(root_), ElementsAre(root_ + "/link", root_ + "/pipe"));
}

TEST_F(OwnFileTest, IsNotAnotherUsers) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  const std::string path = Write("theirs/deep/file", "text", 0600);
  ASSERT_EQ(::chown(path.c_str(), 12345, 12345), 0);
  EXPECT_TRUE(absl::IsPermissionDenied(ReadOwnFile(path).status()));
  EXPECT_THAT(NotOurs(root_), ElementsAre(path));
}

class OwnDirectoryTest : public PlaceTest {
 protected:
  void SetUp() override {
    PlaceTest::SetUp();
    if (const char* set = ::getenv("XDG_CACHE_HOME")) was_ = set;
    ::setenv("XDG_CACHE_HOME", root_.c_str(), 1);
  }
  void TearDown() override {
    if (was_.empty()) {
      ::unsetenv("XDG_CACHE_HOME");
    } else {
      ::setenv("XDG_CACHE_HOME", was_.c_str(), 1);
    }
    PlaceTest::TearDown();
  }
  std::string was_;
};

TEST_F(OwnDirectoryTest, IsMadeForUsAlone) {
  EXPECT_EQ(CacheDirectory(), root_ + "/cgo-ld-shim");
  struct stat st;
  ASSERT_EQ(::stat((root_ + "/cgo-ld-shim").c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 07777, 0700U);
  EXPECT_THAT(NotOurs(root_ + "/cgo-ld-shim"), IsEmpty());
}

TEST_F(OwnDirectoryTest, IsNotUsedWhereOthersCanWrite) {
  const std::string path = root_ + "/cgo-ld-shim";
  for (const mode_t mode : {0770, 0707, 0777, 01777}) {
    fs::create_directories(path);
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
    EXPECT_EQ(CacheDirectory(), std::nullopt) << mode;
    EXPECT_THAT(std::string(FindCacheDirectory().status().message()), HasSubstr("others can write to " + path));
  }
  ASSERT_EQ(::chmod(path.c_str(), 0755), 0);
  EXPECT_EQ(CacheDirectory(), path);
}

TEST_F(OwnDirectoryTest, IsNotUsedWhereOthersCanPutAnotherInItsPlace) {
  ASSERT_EQ(::chmod(root_.c_str(), 0777), 0);
  EXPECT_EQ(CacheDirectory(), std::nullopt);
  EXPECT_THAT(std::string(FindCacheDirectory().status().message()), HasSubstr("others can write to " + root_));
  ASSERT_EQ(::chmod(root_.c_str(), 01777), 0);  // as /tmp is
  EXPECT_EQ(CacheDirectory(), root_ + "/cgo-ld-shim");
  ASSERT_EQ(::chmod(root_.c_str(), 0700), 0);
}

TEST_F(OwnDirectoryTest, MayBeALinkOfOurs) {
  fs::create_directories(root_ + "/disk");
  ASSERT_EQ(::chmod((root_ + "/disk").c_str(), 0700), 0);
  fs::create_directory_symlink(root_ + "/disk", root_ + "/cgo-ld-shim");
  EXPECT_EQ(CacheDirectory(), root_ + "/cgo-ld-shim");
  if (::geteuid() != 0) return;  // only root can give a link away
  ASSERT_EQ(::lchown((root_ + "/cgo-ld-shim").c_str(), 12345, 12345), 0);
  EXPECT_EQ(CacheDirectory(), std::nullopt);
}

TEST_F(OwnDirectoryTest, IsNotUsedWhereItBelongsToAnother) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a directory away";
  const std::string path = root_ + "/cgo-ld-shim";
  fs::create_directories(path);
  ASSERT_EQ(::chown(path.c_str(), 12345, 12345), 0);
  EXPECT_EQ(CacheDirectory(), std::nullopt);
  EXPECT_THAT(std::string(FindCacheDirectory().status().message()), HasSubstr("belongs to another user (uid 12345)"));
}

TEST(NameInMemoryTest, IsThatOfMemfdCreate) {
  const int fd = ::memfd_create("libours.a", 0);
  ASSERT_GE(fd, 0);
  EXPECT_EQ(NameInMemory(absl::StrCat("/proc/", ::getpid(), "/fd/", fd)), "libours.a");
  ::close(fd);
  EXPECT_EQ(NameInMemory("/proc/self/exe"), "");
  EXPECT_EQ(NameInMemory("/usr/lib/libz.a"), "");
}

}  // namespace
}  // namespace cgo_ld_shim::support
