// Debian's copyright files: which paragraph speaks of the sources of an archive's members.
#include "packages/copyright.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"

namespace cgo_ld_shim::packages {
namespace {

constexpr char kHead[] =
    "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: x\n\n";

std::string Licence(const std::string& paragraphs, const std::vector<std::string>& members) {
  const std::optional<Copyright> copyright = ParseCopyright(absl::StrCat(kHead, paragraphs));
  return copyright ? LicenceOf(*copyright, members) : "(none)";
}

TEST(CopyrightTest, WithoutMembersTheParagraphForAllFilesSpeaks) {
  EXPECT_EQ(Licence("Files: debian/*\nLicense: GPL-3+\n\n"
                    "Files: *\nCopyright: 2005 X\n  and Y: Z\nLicense: BSD-3-Clause\n text\n\n"
                    "Files: doc/*\nLicense: CC-BY-3.0\n",
                    {}),
            "BSD-3-Clause");
}

TEST(CopyrightTest, AnotherFormIsNone) {
  EXPECT_FALSE(ParseCopyright("This is the Debian prepackaged version of the GNU C Library.\nLicense: LGPL-2.1+\n"));
  EXPECT_FALSE(ParseCopyright(""));
  EXPECT_FALSE(ParseCopyright("\n\n:\n : \nFormat\n"));
}

// As libidn2's file is: the whole is GPL-3+, the library's sources are not, and lib/ is of gnulib.
TEST(CopyrightTest, TheLastParagraphThatMatchesTheSourceCounts) {
  constexpr char kText[] =
      "Files: *\nLicense: GPL-3+\n\nFiles: *.c *.h\nLicense: LGPL-3+ or GPL-2+\n\n"
      "Files: build-aux/* lib/*\nLicense: GPL-3+\n\nFiles: lib/Table.txt\nLicense: Unicode\n\n"
      "License: GPL-3+\n This program is free software\n";
  EXPECT_EQ(Licence(kText, {"lookup.o", "free.o"}), "LGPL-3+ or GPL-2+");
  EXPECT_EQ(Licence(kText, {"Table.o"}), "LGPL-3+ or GPL-2+");
  EXPECT_EQ(Licence(kText, {}), "GPL-3+");
}

TEST(CopyrightTest, FilesThatAreNamedHaveTheirOwnLicence) {
  constexpr char kText[] =
      "Files: *\nLicense: BSD-3-clause or GPL-2\n\nFiles: lib/dict/divsufsort.*\n lib/dict/other.c\nLicense: Expat\n\n"
      "Files: examples/*.c\nLicense: zlib\n";
  EXPECT_EQ(Licence(kText, {"compress.o"}), "BSD-3-clause or GPL-2");
  EXPECT_EQ(Licence(kText, {"compress.o", "divsufsort.o"}), "(BSD-3-clause or GPL-2) and Expat");
  EXPECT_EQ(Licence(kText, {"other.o"}), "Expat");
}

TEST(CopyrightTest, MembersHaveTheNamesThatBuildToolsGiveThem) {
  constexpr char kText[] = "Files: *\nLicense: A\n\nFiles: x/physmem.c\nLicense: B\n\nFiles: db/impl.cc\nLicense: C\n";
  EXPECT_EQ(Licence(kText, {"libx_la-physmem.o"}), "B");
  EXPECT_EQ(Licence(kText, {"impl.cc.o"}), "C");
  EXPECT_EQ(Licence(kText, {"impl.o"}), "C");
  EXPECT_EQ(Licence(kText, {"impl.c.o"}), "A");
}

TEST(CopyrightTest, PatternsAreTheFormats) {
  constexpr char kText[] = "Files: *\nLicense: A\n\nFiles: a?c.c\nLicense: B\n\nFiles: star\\*.c\nLicense: C\n";
  EXPECT_EQ(Licence(kText, {"abc.o"}), "B");
  EXPECT_EQ(Licence(kText, {"abbc.o"}), "A");
  EXPECT_EQ(Licence(kText, {"star*.o"}), "C");
  EXPECT_EQ(Licence(kText, {"stars.o"}), "A");
  EXPECT_EQ(Licence("Files: \\\nLicense: B\n\nFiles: *\\\nLicense: C\n", {"a.o"}), "");
}

}  // namespace
}  // namespace cgo_ld_shim::packages
