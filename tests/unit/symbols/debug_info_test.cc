// Where objects that a compiler made were written.
#include "symbols/debug_info.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "gtest/gtest.h"
#include "tests/support/elf.h"

namespace cgo_ld_shim::symbols {
namespace {

// Compiled as cgo's files are: with -g, and with the lines of a Go file.
class DebugInfoTest : public testing::Test {
 protected:
  DebugInfoTest() : directory_(std::filesystem::temp_directory_path() / "debug_info_test.XXXXXX") {
    if (::mkdtemp(directory_.data()) == nullptr) ADD_FAILURE() << "no temporary directory";
  }
  ~DebugInfoTest() override { std::filesystem::remove_all(directory_); }

  std::optional<DebugInfo> Of(const std::string& text, const std::string& flags) {
    std::ofstream(directory_ + "/x.c") << text;
    const std::string command = "cd '" + directory_ + "' && cc -c -O1 " + flags + " x.c -o x.o";
    EXPECT_EQ(std::system(command.c_str()), 0);
    return DebugInfo::Read(directory_ + "/x.o");
  }

  std::string directory_;
};

constexpr char kText[] =
    "#line 7 \"main.go\"\n"
    "int frob(int);\n"
    "int here = 3;\n"
    "static int hi(int x) {\n"
    "  return frob(x) + 1;\n"
    "}\n"
    "#line 1 \"cgo-gcc-prolog\"\n"
    "int _cgo_0_Cfunc_hi(int x) { return hi(x + here); }\n"
    "int _cgo_0_Cfunc_frob(int x) { return frob(x + 2) * 5; }\n";

TEST_F(DebugInfoTest, KnowsUseAndDeclaration) {
  const std::optional<DebugInfo> info = Of(kText, "-g");
  ASSERT_TRUE(info);
  EXPECT_EQ(info->SourceFile(), "x.c");
  const std::optional<Place> use = info->Use("frob");
  ASSERT_TRUE(use);
  EXPECT_EQ(use->file, directory_ + "/main.go");
  EXPECT_EQ(use->line, 10U);
  EXPECT_EQ(use->function, "hi");
  const std::optional<Place> declared = info->Declaration("frob");
  ASSERT_TRUE(declared);
  EXPECT_EQ(*declared, (Place{.file = directory_ + "/main.go", .line = 7}));
  const std::optional<Place> variable = info->Declaration("here");
  ASSERT_TRUE(variable);
  EXPECT_EQ(variable->line, 8U);
  EXPECT_FALSE(info->Use("nobody"));
  EXPECT_FALSE(info->Declaration("nobody"));
}

TEST_F(DebugInfoTest, WhatCgoWritesItselfIsNoPlace) {
  const std::optional<DebugInfo> info = Of(
      "#line 1 \"cgo-gcc-prolog\"\nint frob(int);\nint _cgo_0_Cfunc_frob(int x) { return frob(x + 2) * 5; }\n", "-g");
  ASSERT_TRUE(info);
  const std::optional<Place> use = info->Use("frob");
  ASSERT_TRUE(use);
  EXPECT_EQ(*use, (Place{.function = "_cgo_0_Cfunc_frob"}));
  EXPECT_FALSE(info->Declaration("frob"));
}

TEST_F(DebugInfoTest, ReadsCompressedInformationAndNothingFromWhatHasNone) {
  const std::optional<DebugInfo> compressed = Of(kText, "-g -gz");
  ASSERT_TRUE(compressed);
  EXPECT_TRUE(compressed->Use("frob"));
  EXPECT_FALSE(Of(kText, "-g0"));
  EXPECT_FALSE(DebugInfo::Read(directory_ + "/none.o"));
  EXPECT_FALSE(DebugInfo::FromBytes("no object"));
  EXPECT_FALSE(DebugInfo::FromBytes(test_support::ObjectBuilder().Define("f").Build()));
}

}  // namespace
}  // namespace cgo_ld_shim::symbols
