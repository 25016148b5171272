// What zig's words are taken for. Words are as zig 0.13 and 0.17 print them.
#include "diagnose/zig_words.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace cgo_ld_shim::diagnose {
namespace {

using testing::IsEmpty;
using testing::SizeIs;
using Kind = ZigComplaint::Kind;

ZigComplaint One(absl::string_view words) {
  const std::vector<ZigComplaint> found = ReadZigWords(words);
  EXPECT_THAT(found, SizeIs(1)) << words;
  return found.empty() ? ZigComplaint() : found[0];
}

TEST(ZigWordsTest, UndefinedSymbolForWindows) {
  const ZigComplaint found =
      One("lld-link: error: undefined symbol: operator new[](unsigned long long)\n"
          ">>> referenced by /home/me/cxx.cc:4\n"
          ">>>               libcxx.a(cxx.o):(frob)\n"
          ">>> referenced by /home/me/main.go:7\n"
          ">>>               /tmp/go-link-1/000001.o:(_cgo_1_Cfunc_f)\n"
          ">>> referenced 12 more times\n");
  EXPECT_EQ(found.kind, Kind::kUndefined);
  EXPECT_EQ(found.subject, "operator new[](unsigned long long)");
  ASSERT_THAT(found.uses, SizeIs(2));
  EXPECT_EQ(found.uses[0].unit, "libcxx.a(cxx.o)");
  EXPECT_EQ(found.uses[0].function, "frob");
  EXPECT_EQ(found.uses[0].file, "/home/me/cxx.cc");
  EXPECT_EQ(found.uses[0].line, 4U);
  EXPECT_EQ(found.uses[1].unit, "/tmp/go-link-1/000001.o");
}

TEST(ZigWordsTest, FunctionOfADll) {
  const ZigComplaint found = One("lld-link: error: undefined symbol: __declspec(dllimport) WSAStartup\n");
  EXPECT_EQ(found.subject, "WSAStartup");
  EXPECT_TRUE(found.imported);
}

TEST(ZigWordsTest, UndefinedSymbolForLinux) {
  const ZigComplaint found =
      One("ld.lld: error: undefined symbol: prinft\n"
          ">>> referenced by main.go:4 (/home/me/typo/main.go:4)\n"
          ">>>               /tmp/go-link-1/000001.o:(hi)\n"
          ">>> did you mean: printf\n"
          ">>> defined in: /home/me/.cache/zig/o/b3/libc.so.6\n");
  EXPECT_EQ(found.similar, "printf");
  ASSERT_THAT(found.uses, SizeIs(1));
  EXPECT_EQ(found.uses[0].file, "/home/me/typo/main.go");
  EXPECT_EQ(found.uses[0].line, 4U);
  EXPECT_EQ(found.uses[0].unit, "/tmp/go-link-1/000001.o");
  const ZigComplaint archive =
      One("ld.lld: error: undefined symbol: getrandom\n>>> referenced by new.c\n"
          ">>>               new.o:(f) in archive lib/libnew.a\n");
  ASSERT_THAT(archive.uses, SizeIs(1));
  EXPECT_EQ(archive.uses[0].unit, "lib/libnew.a(new.o)");
  EXPECT_EQ(archive.uses[0].function, "f");
}

TEST(ZigWordsTest, AnOlderZigSaysTheSameInNotes) {
  const ZigComplaint found =
      One("error: ld.lld: undefined symbol: getrandom\n    note: referenced by new.c:2\n"
          "    note:               /tmp/go-link-1/000002.o:(f)\n");
  EXPECT_EQ(found.subject, "getrandom");
  ASSERT_THAT(found.uses, SizeIs(1));
  EXPECT_EQ(found.uses[0].unit, "/tmp/go-link-1/000002.o");
  EXPECT_EQ(found.uses[0].line, 2U);
}

TEST(ZigWordsTest, UndefinedSymbolForMacOs) {
  const ZigComplaint found =
      One("error: undefined symbol: __ZdlPvm\n    note: referenced by /x/libcxx.a(cxx.o):_frob\n"
          "    note: referenced by /tmp/go-link-1/000001.o:_main\n");
  EXPECT_EQ(found.subject, "__ZdlPvm");
  ASSERT_THAT(found.uses, SizeIs(2));
  EXPECT_EQ(found.uses[0].unit, "/x/libcxx.a(cxx.o)");
  EXPECT_EQ(found.uses[0].function, "_frob");
  EXPECT_EQ(found.uses[1].unit, "/tmp/go-link-1/000001.o");
}

TEST(ZigWordsTest, DuplicatesAndTheirOwners) {
  const ZigComplaint coff =
      One("lld-link: error: duplicate symbol: aa\n>>> defined at /x/a.c:1\n>>>            liba.a(a.o)\n"
          ">>> defined at libb.a(b.o)\n");
  EXPECT_EQ(coff.kind, Kind::kDuplicate);
  ASSERT_THAT(coff.uses, SizeIs(2));
  EXPECT_EQ(coff.uses[0].unit, "liba.a(a.o)");
  EXPECT_EQ(coff.uses[1].unit, "libb.a(b.o)");
  const ZigComplaint macho =
      One("error: duplicate symbol definition: _aa\n    note: defined by /x/liba.a(a.o)\n"
          "    note: defined by /x/libb.a(b.o)\n");
  EXPECT_EQ(macho.kind, Kind::kDuplicate);
  ASSERT_THAT(macho.uses, SizeIs(2));
  EXPECT_EQ(macho.uses[1].unit, "/x/libb.a(b.o)");
}

TEST(ZigWordsTest, FilesOfAnotherSystem) {
  EXPECT_EQ(One("lld-link: error: unknown file type: zutil.o\n").subject, "zutil.o");
  EXPECT_EQ(One("lld-link: error: libo.a(o.o): machine type arm64 conflicts with x64\n").subject, "libo.a(o.o)");
  EXPECT_EQ(One("ld.lld: error: lib/libo.a(o.o) is incompatible with elf_x86_64\n").subject, "lib/libo.a(o.o)");
  EXPECT_EQ(One("error: invalid cpu architecture: x86_64\n    note: while parsing /x/libo.a(o.o)\n").subject,
            "/x/libo.a(o.o)");
  EXPECT_EQ(One("error: unknown cpu architecture: 1912602624\n    note: while parsing /x/libz.a()\n").subject,
            "/x/libz.a");
  const std::vector<ZigComplaint> passed_over = ReadZigWords(
      "ld.lld: warning: lib/libwin.a: archive member 'win.o' is neither ET_REL nor LLVM bitcode\n"
      "ld.lld: error: undefined symbol: frob\n");
  ASSERT_THAT(passed_over, SizeIs(2));
  EXPECT_EQ(passed_over[0].kind, Kind::kForeign);
  EXPECT_EQ(passed_over[0].subject, "lib/libwin.a(win.o)");
}

TEST(ZigWordsTest, LibrariesAndFilesThatAreNotThere) {
  const ZigComplaint now =
      One("error: unable to find dynamic system library \"z\" using strategy paths_first. searched paths:\n"
          "  /x/z.dll\n  /x/libz.a\n");
  EXPECT_EQ(now.kind, Kind::kNoLibrary);
  EXPECT_EQ(now.subject, "z");
  EXPECT_EQ(One("error: unable to find dynamic system library 'foo' using strategy 'no_fallback'").subject, "foo");
  const ZigComplaint file = One("error: nofile.a: file not found\n");
  EXPECT_EQ(file.kind, Kind::kNoFile);
  EXPECT_EQ(file.subject, "nofile.a");
  const ZigComplaint asked = One("lld-link: error: could not open 'libpython311.a': No such file or directory\n");
  EXPECT_EQ(asked.kind, Kind::kNoDefault);
  EXPECT_EQ(asked.subject, "python311");
  const ZigComplaint opened = One("lld-link: error: could not open 'x/y.obj': No such file or directory\n");
  EXPECT_EQ(opened.kind, Kind::kNoFile);
  EXPECT_EQ(opened.subject, "x/y.obj");
}

TEST(ZigWordsTest, OptionsAndFilesThatAreNoLibrary) {
  EXPECT_EQ(One("error: unsupported linker arg: --frobnicate\n").kind, Kind::kOption);
  EXPECT_EQ(One("lld-link: error: x/libtext.a: unknown file type\n").kind, Kind::kUnreadable);
  EXPECT_EQ(One("error: failed to parse TBD file: UnexpectedToken\n    note: while parsing x/libtext.a\n").subject,
            "x/libtext.a");
  EXPECT_EQ(
      One("error: unexpected token in LD script: literal: 'int' (0:0)\n    note: while parsing x/libtext.a\n").kind,
      Kind::kUnreadable);
}

TEST(ZigWordsTest, OtherWordsAreNoComplaint) {
  EXPECT_THAT(ReadZigWords(""), IsEmpty());
  EXPECT_THAT(ReadZigWords("warning: unable to open library directory \"/opt/none\": FileNotFound\n"), IsEmpty());
  EXPECT_THAT(ReadZigWords("error: unable to find dynamic system library "), IsEmpty());
  EXPECT_THAT(ReadZigWords("error: unknown cpu architecture: 7\n"), IsEmpty()) << "nothing says of which file";
  EXPECT_THAT(ReadZigWords("thread 1 panic: reached unreachable code\n"), IsEmpty());
}

}  // namespace
}  // namespace cgo_ld_shim::diagnose
