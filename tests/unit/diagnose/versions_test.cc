#include "diagnose/versions.h"

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/support/elf.h"

namespace cgo_ld_shim::diagnose {
namespace {

std::string ObjectWith(const std::vector<std::string>& texts, const std::string& flags = "SHF_ALLOC") {
  std::string content;
  for (const std::string& text : texts) absl::StrAppend(&content, absl::BytesToHexString(text), "00");
  return test_support::MakeObject(
      absl::StrCat("--- !ELF\nFileHeader: { Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ET_REL, Machine: EM_X86_64 }\n"
                   "Sections:\n  - { Name: .rodata, Type: SHT_PROGBITS, Flags: [ ",
                   flags, " ], Content: \"", content, "\" }\n"));
}

std::string Compared(const std::vector<std::string>& first, const std::vector<std::string>& second) {
  const Versions versions = CompareVersions(ObjectWith(first), ObjectWith(second));
  return absl::StrCat(versions.first, " ", versions.second);
}

TEST(VersionsTest, StandAlone) {
  EXPECT_EQ(Compared({"a text", "3.38.5"}, {"3.46.1", "another"}), "3.38.5 3.46.1");
  EXPECT_EQ(Compared({"3.46.1"}, {"3.46.1"}), "3.46.1 3.46.1");
  EXPECT_EQ(Compared({"3.38.5", "127.0.0.1"}, {"3.46.1", "127.0.0.1"}), "3.38.5 3.46.1") << "what both have is no sign";
}

TEST(VersionsTest, WithinATextThatBothHave) {
  EXPECT_EQ(Compared({" deflate 1.2.11 Copyright 1995-2017 Jean-loup Gailly and Mark Adler "},
                     {" deflate 1.3.1 Copyright 1995-2024 Jean-loup Gailly and Mark Adler "}),
            "1.2.11 1.3.1");
  EXPECT_EQ(Compared({"OpenSSL 1.1.1w  11 Sep 2023"}, {"OpenSSL 3.0.15 3 Sep 2024"}), " ")
      << "the blanks differ: not the same text";
  EXPECT_EQ(Compared({"LibreThing v2.0.0-rc1"}, {"LibreThing v2.1.0"}), "2.0.0-rc1 2.1.0");
}

TEST(VersionsTest, WhatIsNoneIsNotTaken) {
  EXPECT_EQ(Compared({"libfoo.so.1.2.3"}, {"libfoo.so.1.2.4"}), " ");
  EXPECT_EQ(Compared({"1.5"}, {"1.6"}), " ") << "a number";
  EXPECT_EQ(Compared({"1.2.3", "1.2.4"}, {"2.0.0", "2.0.1"}), " ") << "several: which of them?";
  EXPECT_EQ(Compared({"1.2.3.4.5"}, {"1.2.3.4.6"}), " ");
  EXPECT_EQ(Compared({}, {"1.2.3"}), " ");
  EXPECT_EQ(CompareVersions("no object", "none either").first, "");
}

}  // namespace
}  // namespace cgo_ld_shim::diagnose
