// Where libraries are, and which .pc file speaks for one.
#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "search/library_files.h"
#include "search/pkg_config.h"

namespace cgo_ld_shim::search {
namespace {

using symbols::ParsePkgConfig;
using symbols::PkgConfigFile;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(LibraryNameTest, IsWhatStandsBehindTheLetterL) {
  EXPECT_EQ(LibraryName("/usr/lib/libz.a"), "z");
  EXPECT_EQ(LibraryName("libz.so.1"), "z");
  EXPECT_EQ(LibraryName("libstdc++.so"), "stdc++");
  EXPECT_EQ(LibraryName("/x/z.a"), "");
  EXPECT_EQ(LibraryName("/x/libz.o"), "");
}

TEST(FindBelowTest, FindsFilesByNameAndNoDeeperThanAsked) {
  std::string root = absl::StrCat(testing::TempDir(), "/below-XXXXXX");
  ASSERT_NE(::mkdtemp(root.data()), nullptr);
  const auto make = [&](const std::string& path) {
    std::filesystem::create_directories(std::filesystem::path(absl::StrCat(root, path)).parent_path());
    std::ofstream(absl::StrCat(root, path)) << "x";
  };
  make("/b/16/lib/libpgport.a");
  make("/a/15/lib/libpgport.a");
  make("/a/15/lib/libpgport.so");
  make("/a/15/lib/deep/deeper/libpgport.a");
  // A directory of that name, and a directory that is a link.
  std::filesystem::create_directories(absl::StrCat(root, "/c/libpgport.a"));
  std::filesystem::create_directory_symlink(absl::StrCat(root, "/a"), absl::StrCat(root, "/z"));
  EXPECT_THAT(FindBelow(root, "libpgport.a", /*depth=*/4),
              ElementsAre(absl::StrCat(root, "/a/15/lib/libpgport.a"), absl::StrCat(root, "/b/16/lib/libpgport.a")));
  EXPECT_THAT(FindBelow(root, "libpgport.a", /*depth=*/3), IsEmpty());
  EXPECT_THAT(FindBelow(root, "libpgport.a", /*depth=*/6), testing::SizeIs(3));
  EXPECT_THAT(FindBelow(absl::StrCat(root, "/gone"), "libpgport.a", /*depth=*/4), IsEmpty());
  std::filesystem::remove_all(root);
}

// A file speaks for the library that it is named after, whatever else its Libs mention.
TEST(OwnWordsTest, AreThoseOfThePackageItself) {
  struct {
    const char* file;
    const char* libs;
    std::vector<std::string> own;
  } const kCases[] = {
      {"zlib", "-L/x -lz", {"-lz"}},
      {"libpng", "-lpng16 -lz -lm", {"-lpng16"}},
      {"librtmp", "-lrtmp -lz", {"-lrtmp"}},
      {"pngwriter", "-lpng -lpngwriter", {"-lpngwriter"}},
      {"libxml-2.0", "-lxml2", {"-lxml2"}},
      {"freetype2", "-lfreetype", {"-lfreetype"}},
      {"bzip2", "-lbz2", {"-lbz2"}},
      {"x11", "-lX11", {"-lX11"}},
      {"libxcrypt", "-lcrypt", {"-lcrypt"}},
      {"gtk+-3.0", "-lgtk-3 -lgdk-3 -lz", {"-lgtk-3"}},
      {"grpc++", "-lgrpc++ -lgrpc -lz", {"-lgrpc++"}},
      {"ncurses", "-lncurses -ltinfo", {"-lncurses"}},
      {"nspr", "-lplds4 -lplc4 -lnspr4", {"-lnspr4"}},
      {"xmlsec1", "-lxmlsec1-openssl -lxmlsec1 -lssl", {"-lxmlsec1"}},
      {"opencv4", "-lopencv_gapi -lopencv_core -lz", {"-lopencv_gapi", "-lopencv_core"}},
      {"gmock", "-lpthread -lgmock", {"-lgmock"}},
      {"absl_span", "-latomic", {}},
      {"foo", "/x/libfoo.a -lz", {"/x/libfoo.a"}},
  };
  for (const auto& c : kCases) {
    const absl::StatusOr<PkgConfigFile> file =
        ParsePkgConfig(absl::StrCat("Libs: ", c.libs), absl::StrCat("/usr/lib/pkgconfig/", c.file, ".pc"));
    ASSERT_TRUE(file.ok());
    EXPECT_EQ(OwnWords(*file), c.own) << c.file;
  }
}

class SearchTest : public testing::Test {
 protected:
  SearchTest() : root_(absl::StrCat(testing::TempDir(), "/search-XXXXXX")) {
    if (::mkdtemp(root_.data()) == nullptr) std::abort();
  }
  ~SearchTest() override {
    std::error_code error;
    std::filesystem::remove_all(root_, error);
    for (const char* variable : {"PKG_CONFIG_PATH", "PKG_CONFIG_LIBDIR"}) ::unsetenv(variable);
  }
  std::string Write(const std::string& name, const std::string& text = "") const {
    const std::string path = absl::StrCat(root_, "/", name);
    std::error_code error;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
    std::ofstream(path) << text;
    return path;
  }

  std::string root_;
};

TEST_F(SearchTest, TheFirstDirectoryThatHasAFileWins) {
  const std::string second = Write("b/libz.a"), shared = Write("a/libz.so");
  Write("c/libz.a");
  const std::vector<std::string> directories = {root_ + "/no", root_ + "/a", root_ + "/b", root_ + "/c"};
  EXPECT_EQ(FindArchive(directories, "z"), second);
  EXPECT_EQ(FindShared(directories, "z"), shared);
  EXPECT_EQ(FindArchive(directories, "y"), std::nullopt);
}

TEST_F(SearchTest, ADirectoryUnderTwoNamesIsListedOnce) {
  const std::string b = Write("usr/lib/libb.a"), a = Write("usr/lib/liba.a");
  Write("usr/lib/notes.a");
  std::error_code error;
  std::filesystem::create_directory_symlink(root_ + "/usr/lib", root_ + "/lib", error);
  EXPECT_THAT(ListLibraries({root_ + "/usr/lib", root_ + "/lib"}, ".a"), ElementsAre(a, b));
}

TEST_F(SearchTest, PkgConfigsDirectoriesAreThoseOfPkgConfig) {
  EXPECT_THAT(PkgConfigDirectories({"/u"}, {"/l", "/u"}),
              ElementsAre("/u/pkgconfig", "/l/pkgconfig", "/usr/local/lib/pkgconfig", "/usr/local/share/pkgconfig",
                          "/usr/share/pkgconfig"));
  ::setenv("PKG_CONFIG_PATH", "/p:/q", 1);
  ::setenv("PKG_CONFIG_LIBDIR", "/only", 1);
  EXPECT_THAT(PkgConfigDirectories({"/u"}, {"/l"}), ElementsAre("/p", "/q", "/u/pkgconfig", "/only"));
}

TEST_F(SearchTest, AFileSpeaksForTheLibraryThatItIsNamedAfter) {
  Write("a/xml.pc", "Name: xml\nVersion: 1\nLibs: -lxml2 -lz\n");
  Write("a/broken.pc", "Libs: -L${x\n");
  Write("b/xml.pc", "Name: xml\nVersion: 2\nLibs: -lother\n");
  Write("b/zlib.pc", "Name: zlib\nVersion: 1\nLibs: -lz\n");
  PkgConfigFiles files({root_ + "/a", root_ + "/b"});
  EXPECT_THAT(files.SpeakingFor("/usr/lib/libz.a"), ElementsAre("zlib"));
  EXPECT_THAT(files.SpeakingFor("/usr/lib/libother.a"), IsEmpty()) << "another file of that name came first";
  ASSERT_NE(files.Find("xml"), nullptr);
  EXPECT_EQ(files.Find("xml")->version, "1");
  EXPECT_EQ(files.Find("broken"), nullptr);
}

}  // namespace
}  // namespace cgo_ld_shim::search
