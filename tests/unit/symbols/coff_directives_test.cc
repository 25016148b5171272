// Which libraries an object for Windows asks for by itself.
#include "symbols/coff_directives.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/elf.h"

namespace cgo_ld_shim::symbols {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string CoffWithDirectives(absl::string_view text) {
  return test_support::MakeObject(
      absl::StrCat("--- !COFF\nheader: { Machine: IMAGE_FILE_MACHINE_AMD64, Characteristics: [ ] }\nsections:\n"
                   "  - { Name: .drectve, Characteristics: [ IMAGE_SCN_LNK_INFO ], Alignment: 1, SectionData: '",
                   absl::BytesToHexString(text), "' }\nsymbols: [ ]\n"));
}

TEST(CoffDirectivesTest, NamesOfDefaultLibraries) {
  EXPECT_THAT(DefaultLibraries(CoffWithDirectives(
                  " /DEFAULTLIB:\"python311.lib\" -defaultlib:MSVCRT /EXPORT:f \"/DefaultLib:with blank.LIB\" ")),
              ElementsAre("python311", "MSVCRT", "with blank"));
  EXPECT_THAT(DefaultLibraries(CoffWithDirectives("\xEF\xBB\xBF/DEFAULTLIB:z")), ElementsAre("z"));
  EXPECT_THAT(DefaultLibraries(CoffWithDirectives(" /EXPORT:f /DEFAULTLIB: ")), IsEmpty());
}

TEST(CoffDirectivesTest, OtherAndDamagedFilesHaveNone) {
  EXPECT_THAT(DefaultLibraries(""), IsEmpty());
  EXPECT_THAT(DefaultLibraries("!<arch>\n"), IsEmpty());
  const std::string whole = CoffWithDirectives(" /DEFAULTLIB:z ");
  for (size_t size = 0; size < whole.size(); ++size) (void)DefaultLibraries(whole.substr(0, size));
  EXPECT_THAT(DefaultLibraries(whole.substr(0, 40)), IsEmpty());
}

}  // namespace
}  // namespace cgo_ld_shim::symbols
