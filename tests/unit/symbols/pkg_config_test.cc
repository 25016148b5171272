// .pc files: variables, requirements, and words as a shell splits them.
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::symbols {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

PkgConfigFile Parse(absl::string_view text, const std::string& path = "/usr/lib/pkgconfig/x.pc") {
  absl::StatusOr<PkgConfigFile> file = ParsePkgConfig(text, path);
  EXPECT_TRUE(file.ok()) << file.status();
  return file.ok() ? *std::move(file) : PkgConfigFile();
}

std::string ErrorOf(absl::string_view text) {
  absl::StatusOr<PkgConfigFile> file = ParsePkgConfig(text, "x.pc");
  return file.ok() ? "no error" : std::string(file.status().message());
}

TEST(PkgConfigTest, Libarchive) {
  const PkgConfigFile file = Parse(R"(prefix=/usr
exec_prefix=${prefix}
libdir=${prefix}/lib/x86_64-linux-gnu
includedir=${prefix}/include

Name: libarchive
Description: library that can create and read several streaming archive formats
Version: 3.6.2
Cflags: -I${includedir}
Cflags.private: -DLIBARCHIVE_STATIC
Libs: -L${libdir} -larchive
Libs.private:  -lnettle -lacl -llzma   -lzstd -lbz2 -lz
Requires.private: libxml-2.0 >= 2.9, liblz4
)");
  EXPECT_EQ(file.path, "/usr/lib/pkgconfig/x.pc");
  EXPECT_EQ(file.name, "libarchive");
  EXPECT_EQ(file.version, "3.6.2");
  EXPECT_THAT(file.libs, ElementsAre("-L/usr/lib/x86_64-linux-gnu", "-larchive"));
  EXPECT_THAT(file.libs_private, ElementsAre("-lnettle", "-lacl", "-llzma", "-lzstd", "-lbz2", "-lz"));
  EXPECT_THAT(file.requires_, IsEmpty());
  EXPECT_THAT(file.requires_private, ElementsAre("libxml-2.0", "liblz4"));
}

TEST(PkgConfigTest, RequirementsLoseTheirVersions) {
  EXPECT_THAT(Parse("Requires: a >= 1.2, b c<3 ,d = 4 e != 5,, f").requires_,
              ElementsAre("a", "b", "c", "d", "e", "f"));
  EXPECT_THAT(Parse("Requires: a >=, b").requires_, ElementsAre("a", "b"));
  EXPECT_THAT(Parse("v=gtk+-3.0\nRequires: ${v} > 3\n").requires_, ElementsAre("gtk+-3.0"));
}

TEST(PkgConfigTest, DirectoryOfTheFileItself) {
  EXPECT_THAT(Parse("prefix=${pcfiledir}/../..\nLibs: -L${prefix}/lib -lx\n", "/opt/bundle/lib/pkgconfig/x.pc").libs,
              ElementsAre("-L/opt/bundle/lib/pkgconfig/../../lib", "-lx"));
  EXPECT_THAT(Parse("Libs: -L${pcfiledir}\n", "/a b/x.pc").libs, ElementsAre("-L/a b"));
  EXPECT_THAT(Parse("Libs: -L${pcfiledir}\n", "x.pc").libs, ElementsAre("-L."));
  EXPECT_THAT(Parse("Libs: -L${pcfiledir}\n", "/x.pc").libs, ElementsAre("-L/"));
}

TEST(PkgConfigTest, WordsAreSplitAsAShellDoes) {
  EXPECT_THAT(Parse(R"(Libs: "-L/a b" -L/c\ d '-le f' -l"g"h "\"" '\' "a\b" '' \$x)").libs,
              ElementsAre("-L/a b", "-L/c d", "-le f", "-lgh", "\"", "\\", "a\\b", "", "$x"));
  EXPECT_THAT(Parse("Libs: -L /x -l z -framework Security\n").libs,
              ElementsAre("-L/x", "-lz", "-framework", "Security"));
}

TEST(PkgConfigTest, CommentsContinuationsAndLineEnds) {
  EXPECT_THAT(Parse("# Libs: -lno\nLibs: -la \\\n  -lb # -lno\r\nLibs.private: -l\\#c\r\n").libs,
              ElementsAre("-la", "-lb"));
  EXPECT_THAT(Parse("Libs.private: -l\\#c").libs_private, ElementsAre("-l#c"));
  EXPECT_THAT(Parse("Libs: -la \\\r\n -lb\r\n").libs, ElementsAre("-la", "-lb"));
}

TEST(PkgConfigTest, KeysIgnoreCaseAndMayRepeat) {
  EXPECT_THAT(Parse("LIBS: -la\nLibs : -lb\n").libs, ElementsAre("-la", "-lb"));
}

TEST(PkgConfigTest, VariablesMayBeUsedBeforeTheyAreDefinedOrNever) {
  EXPECT_THAT(Parse("Libs: -L${libdir} -la\nlibdir=${prefix}/lib\nprefix=/p\n").libs, ElementsAre("-L/p/lib", "-la"));
  EXPECT_THAT(Parse("Libs: -la${nothing} $${x} $y").libs, ElementsAre("-la", "${x}", "$y"));
  EXPECT_THAT(Parse("lib64=L\nbits=64\nLibs: ${lib${bits}}").libs, ElementsAre("L"));
}

TEST(PkgConfigTest, VariableThatContainsItselfIsAnErrorWhenItIsUsed) {
  EXPECT_EQ(ErrorOf("a=${b}\nb=x${c}\nc=${a}\nLibs: ${a}\n"), "x.pc: variable a contains itself");
  EXPECT_EQ(ErrorOf("a=${a}\nLibs: -lz\n"), "no error");
  EXPECT_EQ(ErrorOf("a=b${${a}}\nLibs: ${a}\n"), "x.pc: variable a contains itself");
}

TEST(PkgConfigTest, ExpansionIsBounded) {
  std::string doubling = "v0=xxxxxxxxxx\n", empty = "v0=\n", nested;
  for (int i = 1; i <= 30; ++i) {
    const std::string line = absl::StrCat("v", i, "=${v", i - 1, "}${v", i - 1, "}\n");
    doubling += line;
    empty += line;
  }
  EXPECT_THAT(ErrorOf(doubling + "Libs: ${v30}\n"), HasSubstr("x.pc: "));
  EXPECT_EQ(ErrorOf(empty + "Libs: ${v30}\n"), "x.pc: too many variables are used");
  for (int i = 0; i < 1000; ++i) nested += "${";
  EXPECT_THAT(ErrorOf("Libs: " + nested), HasSubstr("${ without an end"));
  EXPECT_EQ(ErrorOf("Libs: " + nested + std::string(1000, '}')), "x.pc: variables are nested too deeply");
}

TEST(PkgConfigTest, BrokenWordsAreErrors) {
  EXPECT_EQ(ErrorOf("Libs: \"-la"), "x.pc: Libs has a quote without an end");
  EXPECT_EQ(ErrorOf("Libs.private: -la\\"), "x.pc: Libs.private ends with a backslash");
}

TEST(PkgConfigTest, AnythingElseIsIgnored) {
  EXPECT_THAT(Parse("\n???\nfoo bar\n=x\n:y\nURL: http://example.org/\nLibs: -la").libs, ElementsAre("-la"));
  EXPECT_THAT(Parse("").libs, IsEmpty());
}

}  // namespace
}  // namespace cgo_ld_shim::symbols
