// Linker scripts that stand in for libraries, and those that do not.
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::symbols {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Items in words: "name", "name?" inside AS_NEEDED, "0:name" in the first group.
std::string Items(absl::string_view text) {
  absl::StatusOr<LinkerScript> script = ParseLinkerScript(text);
  if (!script.ok()) return std::string(script.status().message());
  return absl::StrJoin(script->items, " ", [](std::string* out, const ScriptItem& item) {
    absl::StrAppend(out, item.group < 0 ? "" : absl::StrCat(item.group, ":"), item.name, item.as_needed ? "?" : "");
  });
}

TEST(LinkerScriptTest, Libm) {
  const char kText[] = R"(/* GNU ld script
*/
OUTPUT_FORMAT(elf64-x86-64)
GROUP ( /usr/lib/x86_64-linux-gnu/libm-2.36.a /usr/lib/x86_64-linux-gnu/libmvec.a )
)";
  EXPECT_EQ(Items(kText), "0:/usr/lib/x86_64-linux-gnu/libm-2.36.a 0:/usr/lib/x86_64-linux-gnu/libmvec.a");
  EXPECT_EQ(ParseLinkerScript(kText)->output_format, "elf64-x86-64");
}

TEST(LinkerScriptTest, Libc) {
  EXPECT_EQ(Items("GROUP ( /lib/libc.so.6 /usr/lib/libc_nonshared.a  AS_NEEDED ( /lib64/ld-linux-x86-64.so.2 ) )"),
            "0:/lib/libc.so.6 0:/usr/lib/libc_nonshared.a 0:/lib64/ld-linux-x86-64.so.2?");
}

TEST(LinkerScriptTest, Ncurses) { EXPECT_EQ(Items("INPUT(libncurses.so.6 -ltinfo)\n"), "libncurses.so.6 -ltinfo"); }

TEST(LinkerScriptTest, CommasSemicolonsQuotesAndComments) {
  EXPECT_EQ(Items("INPUT(\"a b.a\",c.a , -lfoo);# note\nINPUT /* x */(/* y */ =/usr/lib/d.a)"),
            "a b.a c.a -lfoo =/usr/lib/d.a");
}

TEST(LinkerScriptTest, GroupsAreNumbered) { EXPECT_EQ(Items("GROUP(a b) INPUT(c) GROUP(d)"), "0:a 0:b c 1:d"); }

TEST(LinkerScriptTest, SearchDirectoriesAndFormats) {
  absl::StatusOr<LinkerScript> script = ParseLinkerScript(
      "OUTPUT_FORMAT(\"elf32-littlearm\", \"elf32-bigarm\", \"elf32-littlearm\")\nOUTPUT_ARCH(arm)\n"
      "SEARCH_DIR(\"=/usr/lib\"); SEARCH_DIR(/opt/lib);\nINPUT(x.a)\n");
  ASSERT_TRUE(script.ok()) << script.status();
  EXPECT_EQ(script->output_format, "elf32-littlearm");
  EXPECT_THAT(script->search_dirs, ElementsAre("=/usr/lib", "/opt/lib"));
}

TEST(LinkerScriptTest, EmptyScriptNamesNothing) {
  EXPECT_EQ(Items(""), "");
  EXPECT_EQ(Items("/* only a comment */"), "");
  EXPECT_EQ(Items("INPUT()"), "");
}

TEST(LinkerScriptTest, OtherCommandsAreRefusedByName) {
  EXPECT_EQ(Items("INPUT(a.a)\nSECTIONS { .text : { *(.text) } }"),
            "linker script, line 2: SECTIONS is more than a list of files and libraries");
  EXPECT_THAT(Items("ENTRY(_start)"), HasSubstr("line 1: ENTRY is more"));
  EXPECT_THAT(Items("PROVIDE(x = 1);"), HasSubstr("PROVIDE is more"));
  EXPECT_EQ(Items("mysym = 0x1234;"), "linker script, line 1: mysym = … is more than a list of files and libraries");
  EXPECT_THAT(Items("{ global: f; local: *; };"), HasSubstr("unexpected \"{\""));
}

TEST(LinkerScriptTest, BrokenScriptsAreErrors) {
  EXPECT_EQ(Items("INPUT a.a"), "linker script, line 1: INPUT is followed by \"a.a\", not by (");
  EXPECT_EQ(Items("\n\nGROUP(a.a"), "linker script, line 3: GROUP without an end");
  EXPECT_EQ(Items("INPUT(a AS_NEEDED(b"), "linker script, line 1: AS_NEEDED without an end");
  EXPECT_EQ(Items("/* never"), "linker script, line 1: comment without an end");
  EXPECT_EQ(Items("INPUT(\"a.a)"), "linker script, line 1: quoted name without an end");
  EXPECT_EQ(Items("INPUT((a))"), "linker script, line 1: \"(\" inside INPUT");
  EXPECT_EQ(Items("INPUT"), "linker script, line 1: INPUT is followed by \"end of file\", not by (");
}

TEST(LinkerScriptTest, EveryPrefixIsAnErrorOrValid) {
  const std::string whole = "/* c */ OUTPUT_FORMAT(x) GROUP ( a \"b c\" AS_NEEDED ( d ) ) SEARCH_DIR(e) INPUT(f,g)";
  for (size_t size = 0; size < whole.size(); ++size) {
    const std::string prefix = whole.substr(0, size);
    ParseLinkerScript(prefix).IgnoreError();
  }
}

}  // namespace
}  // namespace cgo_ld_shim::symbols
