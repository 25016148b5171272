#include "support/printable.h"

#include "gtest/gtest.h"

namespace cgo_ld_shim::support {
namespace {

TEST(PrintableTest, LettersOfAnyScriptAndLinesStay) {
  for (const char* text :
       {"", "ld.lld: error: undefined symbol: f\n>>> referenced by x.o\n\ttab", "größer, 日本語, عربي, é"})
    EXPECT_EQ(Printable(text), text);
}

TEST(PrintableTest, WhatATerminalActsOnIsShown) {
  EXPECT_EQ(Printable("a\x1b[2Jb\r\x07\x7f"), "a\\x1b[2Jb\\x0d\\x07\\x7f");
  EXPECT_EQ(Printable("\xc2\x9b"
                      "31m"),
            "\\xc2\\x9b31m")
      << "CSI in one character";
  EXPECT_EQ(Printable("a\xe2\x80\xae"
                      "b\xe2\x81\xa6"),
            "a\\xe2\\x80\\xaeb\\xe2\\x81\\xa6")
      << "turns the line around";
  EXPECT_EQ(Printable("\xe2\x80\xa8"), "\\xe2\\x80\\xa8") << "a line separator";
}

TEST(PrintableTest, BytesThatAreNotUtf8AreShown) {
  EXPECT_EQ(Printable("\xff\xc3(\xe2\x82"), "\\xff\\xc3(\\xe2\\x82");
  EXPECT_EQ(Printable("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "half of a surrogate pair";
  EXPECT_EQ(Printable("\xc0\xaf"), "\\xc0\\xaf") << "longer than need be";
}

TEST(PrintableTest, ALineIsNoCommandOfGitHubs) {
  EXPECT_EQ(Printable("::error::x\na::b\n \t::add-mask::y"), "\\x3a:error::x\na::b\n \t\\x3a:add-mask::y");
  EXPECT_EQ(Printable("##[error]x"), "\\x23#[error]x");
}

TEST(PrintableTest, ANameIsOneLine) { EXPECT_EQ(PrintableName("a\nb\tc"), "a\\x0ab\\x09c"); }

TEST(PrintableTest, OnlyCommandsAreBrokenInOurOwnLayout) {
  EXPECT_EQ(WithoutCommands("\x1b[1mtitle\x1b[0m\n  ::x\n"), "\x1b[1mtitle\x1b[0m\n  \\x3a:x\n");
  EXPECT_EQ(WithoutCommands("\x1b[1m::x"), "\x1b[1m\\x3a:x");
}

}  // namespace
}  // namespace cgo_ld_shim::support
