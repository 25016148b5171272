#include "symbols/section_links.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/support/elf.h"

namespace cgo_ld_shim::symbols {
namespace {

std::string ObjectWith(const std::string& section, const std::string& file = "ELFCLASS64, Data: ELFDATA2LSB") {
  return test_support::MakeObject(absl::StrCat("--- !ELF\nFileHeader: { Class: ", file,
                                               ", Type: ET_REL, Machine: EM_X86_64 }\nSections:\n  - { ", section,
                                               ", Size: 8 }\n"));
}

TEST(HasConstructorsTest, KnowsThemByTheirSections) {
  EXPECT_TRUE(
      HasConstructors(ObjectWith("Name: .init_array.90, Type: SHT_INIT_ARRAY, Flags: [ SHF_ALLOC, SHF_WRITE ]")));
  EXPECT_TRUE(HasConstructors(ObjectWith("Name: .ctors, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_WRITE ]")));
  EXPECT_TRUE(HasConstructors(
      ObjectWith("Name: .init_array, Type: SHT_INIT_ARRAY, Flags: [ SHF_ALLOC ]", "ELFCLASS32, Data: ELFDATA2MSB")));
  EXPECT_FALSE(HasConstructors(ObjectWith("Name: .fini_array, Type: SHT_FINI_ARRAY, Flags: [ SHF_ALLOC, SHF_WRITE ]")));
  EXPECT_FALSE(HasConstructors(ObjectWith("Name: .data, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_WRITE ]")));
}

TEST(HasConstructorsTest, WhatIsDamagedHasNone) {
  const std::string object = ObjectWith("Name: .init_array, Type: SHT_INIT_ARRAY, Flags: [ SHF_ALLOC, SHF_WRITE ]");
  for (size_t size = 0; size < object.size(); ++size) HasConstructors(object.substr(0, size));
  EXPECT_FALSE(HasConstructors(object.substr(0, 64)));
  EXPECT_FALSE(HasConstructors("BC\xc0\xde and more of it"));
  EXPECT_FALSE(HasConstructors(""));
}

}  // namespace
}  // namespace cgo_ld_shim::symbols
