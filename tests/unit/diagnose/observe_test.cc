// What a link that works has to tell its author.
#include "diagnose/observe.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "diagnose/diagnose.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/archive.h"
#include "tests/support/link_fixture.h"

namespace cgo_ld_shim::diagnose {
namespace {

using test_support::LinkFixture;
using test_support::ObjectBuilder;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> NotesOf(LinkFixture* link, const std::string& line, const std::string& libc = "glibc 2.36") {
  const plan::LinkPlan plan = link->Plan(line);
  toolchain::Toolchain toolchain = link->toolchain();
  toolchain.libc = target::ParseLibc(libc);
  return FindNotes(plan, resolve::Resolve(plan, toolchain, link->cache()), toolchain, link->cache());
}

TEST(ObserveTest, ALibraryBehindAVendoredCopy) {
  LinkFixture link;
  link.Object("sqlite3.o", ObjectBuilder().Define("sqlite3_open").Define("sqlite3_step"));
  link.Object("main.o", ObjectBuilder().Reference("sqlite3_open"));
  link.Archive("sys/libsqlite3.a", {{"s.o", ObjectBuilder().Define("sqlite3_open").Define("sqlite3_step")}});
  EXPECT_THAT(
      NotesOf(&link, "main.o sqlite3.o -lsqlite3"),
      ElementsAre(AllOf(HasSubstr("-lsqlite3: nothing of"), HasSubstr("sqlite3.o defines sqlite3_open and 1 more"))));
}

TEST(ObserveTest, ALibraryThatIsOnlyNamedIsNoNews) {
  LinkFixture link;
  link.Object("main.o", ObjectBuilder().Define("main"));
  link.Archive("sys/libz.a", {{"z.o", ObjectBuilder().Define("inflate")}});
  link.Archive("sys/libw.a", {{"w.o", ObjectBuilder().Define("write")}});  // libc's, not the program's
  EXPECT_THAT(NotesOf(&link, "main.o -lz -lw"), IsEmpty());
}

TEST(ObserveTest, TwoWaysOfPanicking) {
  LinkFixture link;
  link.Object("main.o", ObjectBuilder().Reference("a").Reference("b"));
  const auto runtime = [] { return ObjectBuilder().Define("_RNvCs1_7___rustc18___rust_start_panic"); };
  const auto user = [](const char* name) {
    return ObjectBuilder().Define(name).Reference("_RNvCs1_7___rustc18___rust_start_panic");
  };
  link.Archive("r/liba.a", {{"a.o", user("a")}, {"panic_abort-12.panic_abort.34-cgu.0.rcgu.o", runtime()}});
  link.Archive("r/libb.a", {{"b.o", user("b")}, {"panic_unwind-12.panic_unwind.34-cgu.0.rcgu.o", runtime()}});
  EXPECT_THAT(NotesOf(&link, "main.o -Lr -la -lb"),
              ElementsAre(AllOf(HasSubstr("liba.a was built with panic=abort"), HasSubstr("libb.a with panic=unwind"),
                                HasSubstr("every panic ends it"))));
  EXPECT_THAT(NotesOf(&link, "main.o -Lr -lb -la"), ElementsAre(HasSubstr("panics unwind")));
  link.Object("one.o", ObjectBuilder().Reference("a"));
  EXPECT_THAT(NotesOf(&link, "one.o -Lr -la"), IsEmpty());
}

TEST(ObserveTest, WhoOpensSharedLibraries) {
  LinkFixture link;
  link.Archive("sys/libc.a", {{"dlopen.o", ObjectBuilder().Define("dlopen")},
                              {"nss.o", ObjectBuilder().Define("getaddrinfo").Reference("dlopen")}});
  link.Object("main.o", ObjectBuilder().Reference("load"));
  link.Object("net.o", ObjectBuilder().Reference("getaddrinfo"));
  link.Archive("v/libload.a", {{"load.o", ObjectBuilder().Define("load").Reference("dlopen")}});
  EXPECT_THAT(NotesOf(&link, "main.o -Lv -lload"), ElementsAre(HasSubstr("libload.a(load.o) opens shared libraries")));
  EXPECT_THAT(NotesOf(&link, "net.o"), IsEmpty()) << "libc's own use";
  EXPECT_THAT(NotesOf(&link, "main.o -Lv -lload"),
              ElementsAre(AllOf(HasSubstr("threads other than the one"), HasSubstr("the program's own symbols"),
                                HasSubstr("CGO_LD_SHIM_STATIC=prefer"))));
  EXPECT_THAT(
      NotesOf(&link, "main.o -Lv -lload", "musl"),
      ElementsAre(HasSubstr("libload.a(load.o) opens shared libraries at run time, which musl always refuses")));
}

// It is bound where libc has it for another's sake.
TEST(ObserveTest, AWeakReferenceToDlopenCountsWhereItIsThere) {
  LinkFixture link;
  link.Archive("sys/libc.a", {{"dlopen.o", ObjectBuilder().Define("dlopen")},
                              {"nss.o", ObjectBuilder().Define("getaddrinfo").Reference("dlopen")}});
  link.Object("main.o", ObjectBuilder().Reference("load").Reference("getaddrinfo"));
  link.Object("alone.o", ObjectBuilder().Reference("load"));
  link.Archive("v/libload.a", {{"load.o", ObjectBuilder().Define("load").ReferenceWeak("dlopen")}});
  EXPECT_THAT(NotesOf(&link, "main.o -Lv -lload"), ElementsAre(HasSubstr("libload.a(load.o) opens shared libraries")));
  EXPECT_THAT(NotesOf(&link, "alone.o -Lv -lload"), IsEmpty());
  const plan::LinkPlan plan = link.Plan("main.o -Lv -lload");
  toolchain::Toolchain toolchain = link.toolchain();
  toolchain.libc = target::ParseLibc("glibc 2.36");
  EXPECT_THAT(OpensLibraries(plan, resolve::Resolve(plan, toolchain, link.cache()), toolchain, link.cache()),
              HasSubstr("libload.a(load.o)"));
}

// A member whose constructor refers to `needs`, with one function of its own, or with one that is one of several
// copies.
std::string WithConstructor(const std::string& needs, const std::string& binding = "STB_GLOBAL") {
  return test_support::MakeObject(absl::StrCat(R"(--- !ELF
FileHeader: { Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ET_REL, Machine: EM_X86_64 }
Sections:
  - { Name: .text, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_EXECINSTR ], Size: 16 }
  - { Name: .init_array, Type: SHT_INIT_ARRAY, Flags: [ SHF_ALLOC, SHF_WRITE ], Size: 8 }
  - { Name: .note.GNU-stack, Type: SHT_PROGBITS }
  - Name: .rela.init_array
    Type: SHT_RELA
    Info: .init_array
    Relocations: [ { Offset: 0, Symbol: .text, Type: R_X86_64_64 } ]
  - Name: .rela.text
    Type: SHT_RELA
    Info: .text
    Relocations: [ { Offset: 0, Symbol: )",
                                               needs, R"(, Type: R_X86_64_PLT32 } ]
Symbols:
  - { Name: .text, Type: STT_SECTION, Section: .text }
  - { Name: encode, Type: STT_FUNC, Section: .text, Binding: )",
                                               binding, " }\n  - { Name: ", needs, ", Binding: STB_GLOBAL }\n"));
}

TEST(ObserveTest, ALibraryWhoseMembersOnlyRegisterThemselves) {
  LinkFixture link;
  link.Object("main.o", ObjectBuilder().Define("register_codec"));
  link.File("v/libcodecs.a", test_support::MakeArchive({{"png.o", WithConstructor("register_codec")}}));
  link.File("v/libplain.a", test_support::MakeArchive({{"p.o", WithConstructor("write")}}));
  link.Archive("v/libfar.a", {{"f.o", ObjectBuilder().Define("far").Reference("register_codec")}});
  EXPECT_THAT(NotesOf(&link, "main.o -Lv -lcodecs -lplain -lfar"),
              ElementsAre(AllOf(HasSubstr("-lcodecs: nothing of"), HasSubstr("png.o has a constructor"),
                                HasSubstr("-Wl,--whole-archive -lcodecs -Wl,--no-whole-archive"))));
  EXPECT_THAT(NotesOf(&link, "main.o -Lv -Wl,--whole-archive -lcodecs -Wl,--no-whole-archive"), IsEmpty());
}

// Of a library that the program uses, those alone that have nothing else to offer: any C++ library has members with
// constructors that nobody misses.
TEST(ObserveTest, MembersThatOnlyRegisterThemselvesInALibraryThatIsUsed) {
  LinkFixture link;
  link.Object("main.o", ObjectBuilder().Reference("register_codec"));
  const std::string used = ObjectBuilder().Define("register_codec").Build();
  link.File("v/libcodecs.a", test_support::MakeArchive({{"list.o", used},
                                                        {"png.o", WithConstructor("register_codec", "STB_WEAK")},
                                                        {"gif.o", WithConstructor("register_codec", "STB_WEAK")},
                                                        {"api.o", WithConstructor("register_codec")},
                                                        {"own.o", WithConstructor("write", "STB_WEAK")}}));
  EXPECT_THAT(NotesOf(&link, "main.o -Lv -lcodecs -lcodecs"),
              ElementsAre(AllOf(HasSubstr("-lcodecs: png.o, gif.o of"), HasSubstr("are not in the program"),
                                HasSubstr("-Wl,--whole-archive -lcodecs -Wl,--no-whole-archive"))));
  EXPECT_THAT(NotesOf(&link, "main.o -Lv -Wl,--whole-archive -lcodecs -Wl,--no-whole-archive"), IsEmpty());
  // The compiler's own, whoever names them.
  link.File("sys/libstdc++.a",
            test_support::MakeArchive({{"list.o", used}, {"png.o", WithConstructor("register_codec", "STB_WEAK")}}));
  EXPECT_THAT(NotesOf(&link, "main.o -lstdc++"), IsEmpty());
}

TEST(IsOfOtherLibcTest, GlibcsNamesAreForeignToMuslAlone) {
  for (const char* name : {"__printf_chk", "__isoc23_strtol", "open64", "gnu_get_libc_version"}) {
    EXPECT_TRUE(IsOfOtherLibc(name, target::ParseLibc("musl"))) << name;
    EXPECT_FALSE(IsOfOtherLibc(name, target::ParseLibc("glibc 2.36"))) << name;
  }
  for (const char* name : {"open", "__errno_location", "__isoc99_sscanf", "foo_chk", "u64"}) {
    EXPECT_FALSE(IsOfOtherLibc(name, target::ParseLibc("musl"))) << name;
  }
}

std::vector<std::string> CopiesOf(LinkFixture* link, const std::string& line) {
  const plan::LinkPlan plan = link->Plan(line);
  std::vector<std::string> texts;
  for (const OtherCopy& copy : FindOtherCopies(plan, resolve::Resolve(plan, link->toolchain(), link->cache()),
                                               link->toolchain(), link->cache()))
    texts.push_back(copy.text);
  return texts;
}

TEST(OtherCopiesTest, AnArchiveThatRunsOnAnothersFunctions) {
  LinkFixture link;
  link.Object("main.o", ObjectBuilder().Reference("f").Reference("g"));
  link.Archive("lib/libf.a",
               {{"f.o", ObjectBuilder().Define("f").Reference("dep")}, {"dep.o", ObjectBuilder().Define("dep")}});
  link.Archive("lib/libg.a", {{"g.o", ObjectBuilder().Define("g").Reference("dep")},
                              {"dep.o", ObjectBuilder().Define("dep").Define("newer")}});
  EXPECT_THAT(
      CopiesOf(&link, "main.o -Llib -lf -lg"),
      ElementsAre(AllOf(HasSubstr("libg.a has dep of its own, and calls that of"), HasSubstr("libf.a(dep.o)"))));
  EXPECT_THAT(CopiesOf(&link, "main.o -Llib -lg -lf"), ElementsAre(HasSubstr("libf.a has dep of its own")));
}

TEST(OtherCopiesTest, WhatIsTheSameIsNoNews) {
  const auto pair = [](const std::string& name, const ObjectBuilder& first, const ObjectBuilder& second) {
    LinkFixture link;
    link.Object("main.o", ObjectBuilder().Reference("f").Reference("g"));
    link.Archive("lib/libf.a", {{"f.o", ObjectBuilder().Define("f").Reference(name)}, {"dep.o", first}});
    link.Archive("lib/libg.a", {{"g.o", ObjectBuilder().Define("g").Reference(name)}, {"dep.o", second}});
    return CopiesOf(&link, "main.o -Llib -lf -lg");
  };
  const ObjectBuilder dep = ObjectBuilder().Define("dep");
  EXPECT_THAT(pair("dep", dep, dep), IsEmpty()) << "to the byte";
  EXPECT_THAT(pair("inlined", ObjectBuilder().Comdat("inlined", "inlined"),
                   ObjectBuilder().Comdat("inlined", "inlined").Define("more")),
              IsEmpty())
      << "one of several equal copies";
  const std::string crate = "_ZN5serde2de5parse17h0123456789abcdefE";
  EXPECT_THAT(pair(crate, ObjectBuilder().Define(crate), ObjectBuilder().Define(crate).Define("more")), IsEmpty())
      << "one version of a crate by one compiler";
}

}  // namespace
}  // namespace cgo_ld_shim::diagnose
