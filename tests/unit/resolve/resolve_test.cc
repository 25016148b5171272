// What is added, what is left missing, and in which order the link is written. Each test is one small link.
#include "resolve/resolve.h"

#include "gtest/gtest.h"
#include "tests/support/archive.h"
#include "tests/support/elf.h"
#include "tests/support/link_fixture.h"

namespace cgo_ld_shim {
namespace {

using test_support::AddedWords;
using test_support::LineOf;
using test_support::LinkFixture;
using test_support::MissingSymbols;
using test_support::ObjectBuilder;
using test_support::SharedBuilder;

TEST(ResolveTest, ALinkThatLacksNothingStaysAsItIs) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Define("main").Reference("foo"));
  link.Archive("lib/libfoo.a", {{"foo.o", ObjectBuilder().Define("foo").Reference("malloc")}});
  const resolve::Resolution r = link.Resolve("go.o -Llib -lfoo");
  EXPECT_EQ(AddedWords(r), "");
  EXPECT_EQ(MissingSymbols(r), "");
  EXPECT_FALSE(r.reordered);
  EXPECT_EQ(LineOf(r), "go.o -lfoo");
}

TEST(ResolveTest, AnObjectThatIsNamedTwiceStandsOnce) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Define("main").Reference("f"));
  link.Object("src/f.o", ObjectBuilder().Define("f"));
  EXPECT_EQ(LineOf(link.Resolve("go.o src/f.o src/f.o src/../src/f.o")), "go.o src/f.o");
}

TEST(ResolveTest, AddsARuntimeLibraryForTheProgramsOwnReference) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("ceilf"));
  link.Archive("sys/libm.a", {{"ceilf.o", ObjectBuilder().Define("ceilf")}});
  const resolve::Resolution r = link.Resolve("go.o");
  EXPECT_EQ(AddedWords(r), "-lm");
  ASSERT_EQ(r.added.size(), 1u);
  EXPECT_EQ(r.added[0].tier, resolve::Tier::kRuntime);
  ASSERT_FALSE(r.added[0].evidence.empty());
  EXPECT_EQ(r.added[0].evidence[0].symbol, "ceilf");
  EXPECT_EQ(r.added[0].evidence[0].wanted_by, link.Path("go.o"));
  EXPECT_EQ(r.added[0].evidence[0].provided_by, link.Path("sys/libm.a(ceilf.o)"));
}

TEST(ResolveTest, TakesAWeakAliasOfARuntimeLibraryWhereNothingStrongServes) {
  // glibc's pow is a weak alias of __pow.
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("pow"));
  link.Archive("sys/libm.a", {{"w_pow.o", ObjectBuilder().Define("__pow").DefineWeak("pow")}});
  EXPECT_EQ(AddedWords(link.Resolve("go.o")), "-lm");
}

TEST(ResolveTest, FollowsACascadeThroughABundle) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("db_open"));
  link.Archive("lib/libdb.a", {{"db.o", ObjectBuilder().Define("db_open").Reference("compress")}});
  link.Archive("lib/libz.a", {{"z.o", ObjectBuilder().Define("compress").Reference("crc")}});
  link.Archive("lib/libcrc.a", {{"crc.o", ObjectBuilder().Define("crc")}});
  const resolve::Resolution r = link.Resolve("go.o -Llib -ldb");
  EXPECT_EQ(AddedWords(r), "-lz -lcrc");
  EXPECT_EQ(MissingSymbols(r), "");
}

// A bundle is there for the libraries in it; what the program calls itself, it has to name.
TEST(ResolveTest, AProgramsForgottenFunctionIsNotTakenFromABundle) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("db_open").Reference("compress"));
  link.Archive("lib/libdb.a", {{"db.o", ObjectBuilder().Define("db_open")}});
  link.Archive("lib/libz.a", {{"z.o", ObjectBuilder().Define("compress")}});
  const resolve::Resolution r = link.Resolve("go.o -Llib -ldb");
  EXPECT_EQ(AddedWords(r), "");
  EXPECT_EQ(MissingSymbols(r), "compress");
  EXPECT_EQ(MissingSymbols(link.Resolve("go.o " + link.Path("lib/libdb.a"))), "compress");
  EXPECT_EQ(MissingSymbols(link.Resolve("go.o -Llib -ldb -lz")), "");
}

TEST(ResolveTest, WhatALibraryOfABundleNeedsIsThereForAllThatUseIt) {
  LinkFixture link;
  for (const char* name : {"a.o", "b.o", "c.o"}) link.Object(name, ObjectBuilder().Reference("compress"));
  link.Object("go.o", ObjectBuilder().Reference("db_open"));
  link.Archive("lib/libdb.a", {{"db.o", ObjectBuilder().Define("db_open").Reference("compress")}});
  link.Archive("lib/libz.a", {{"z.o", ObjectBuilder().Define("compress")}});
  const resolve::Resolution r = link.Resolve("a.o b.o c.o go.o -Llib -ldb");
  EXPECT_EQ(AddedWords(r), "-lz");
  EXPECT_EQ(MissingSymbols(r), "");
}

TEST(ResolveTest, ALibraryThatIsStaticUnderAnotherNameServesTheProgram) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("uv_run"));
  link.Shared("lib/libuv.so", SharedBuilder().Soname("libuv.so.1").Define("uv_run"));
  link.Archive("lib/libuv_a.a", {{"u.o", ObjectBuilder().Define("uv_run")}});
  link.Archive("lib/libother.a", {{"o.o", ObjectBuilder().Define("uv_run")}});
  EXPECT_EQ(AddedWords(link.Resolve("go.o -Llib -luv")), "-luv_a");
}

TEST(ResolveTest, WhatWasMadeOfAnArchiveIsServedAsThatArchive) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("db_open"));
  link.Archive("lib/libdb.a", {{"db.o", ObjectBuilder().Define("db_open").Reference("compress")}});
  link.Archive("lib/libz.a", {{"z.o", ObjectBuilder().Define("compress")}});
  link.Object("tmp/libdb.isolated.o", ObjectBuilder().Define("db_open").Reference("compress"));
  plan::LinkPlan plan = link.Plan("go.o -Llib " + link.Path("tmp/libdb.isolated.o"));
  EXPECT_EQ(AddedWords(resolve::Resolve(plan, link.toolchain(), link.cache())), "") << "an object of the program's";
  for (plan::PlanInput& input : plan.inputs) {
    if (input.path == link.Path("tmp/libdb.isolated.o")) input.in_place_of = link.Path("lib/libdb.a");
  }
  EXPECT_EQ(AddedWords(resolve::Resolve(plan, link.toolchain(), link.cache())), "-lz");
}

TEST(ResolveTest, AProgramsForgottenFunctionIsNotTakenFromTheMachine) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("init"));
  link.Archive("sys/libdrop_ambient.a", {{"i.o", ObjectBuilder().Define("init")}});
  const resolve::Resolution r = link.Resolve("go.o");
  EXPECT_EQ(AddedWords(r), "");
  EXPECT_EQ(MissingSymbols(r), "init");
  ASSERT_EQ(r.missing.size(), 1u);
  EXPECT_TRUE(r.missing[0].from_program);
}

TEST(ResolveTest, AProgramsForgottenFunctionStaysAnErrorAmongFourHundredArchives) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("init").Reference("foo"));
  link.Archive("lib/libfoo.a", {{"foo.o", ObjectBuilder().Define("foo")}});
  for (int i = 0; i < 400; ++i) {
    link.Archive(
        "sys/libx" + std::to_string(i) + ".a",
        {{"x.o",
          ObjectBuilder().Define("x" + std::to_string(i)).Define(i % 7 == 0 ? "init" : "y" + std::to_string(i))}});
  }
  const resolve::Resolution r = link.Resolve("go.o -Llib -lfoo");
  EXPECT_EQ(AddedWords(r), "");
  EXPECT_EQ(MissingSymbols(r), "init");
}

TEST(ResolveTest, AnArchivesReferenceIsServedByTheOnlyLibraryOfTheMachineThatDefinesIt) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("foo"));
  link.Archive("sys/libfoo.a", {{"foo.o", ObjectBuilder().Define("foo").Reference("bz_compress")}});
  link.Archive("sys/libbz2.a", {{"bz.o", ObjectBuilder().Define("bz_compress")}});
  const resolve::Resolution r = link.Resolve("go.o -lfoo");
  EXPECT_EQ(AddedWords(r), "-lbz2");
  EXPECT_EQ(r.added[0].tier, resolve::Tier::kWide);
}

TEST(ResolveTest, AWideSearchDoesNotChooseBetweenTwo) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("foo"));
  link.Archive("sys/libfoo.a", {{"foo.o", ObjectBuilder().Define("foo").Reference("hash")}});
  link.Archive("sys/libone.a", {{"h.o", ObjectBuilder().Define("hash")}});
  link.Archive("sys/libtwo.a", {{"h.o", ObjectBuilder().Define("hash")}});
  const resolve::Resolution r = link.Resolve("go.o -lfoo");
  EXPECT_EQ(AddedWords(r), "");
  ASSERT_EQ(MissingSymbols(r), "hash");
  EXPECT_EQ(r.missing[0].candidates,
            (std::vector<std::string>{link.Path("sys/libone.a is one of several that define it"),
                                      link.Path("sys/libtwo.a is one of several that define it")}));
  EXPECT_EQ(r.missing[0].named_by, "-lfoo");
}

TEST(ResolveTest, AWideSearchNeverReplacesTheCLibrary) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("foo").Reference("malloc"));
  link.Archive("sys/libfoo.a", {{"foo.o", ObjectBuilder().Define("foo").Reference("__interceptor")}});
  link.Archive("sys/libasan.a", {{"a.o", ObjectBuilder().Define("__interceptor").Define("malloc")}});
  const resolve::Resolution r = link.Resolve("go.o -lfoo");
  EXPECT_EQ(AddedWords(r), "");
  EXPECT_EQ(r.missing[0].candidates,
            (std::vector<std::string>{link.Path("sys/libasan.a would replace the C library's malloc")}));
}

TEST(ResolveTest, PrefersRuntimeLibraryOverComdatProvider) {
  // libtesseract holds copies of inline functions that libstdc++ is there for.
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("db"));
  link.Archive("lib/libdb.a", {{"db.o", ObjectBuilder().Define("db").Reference("_ZNSs4dataEv")}});
  link.Archive("lib/libaaa.a", {{"a.o", ObjectBuilder().Comdat("_ZNSs4dataEv", "_ZNSs4dataEv")}});
  link.Archive("sys/libstdc++.a", {{"s.o", ObjectBuilder().Define("_ZNSs4dataEv")}});
  EXPECT_EQ(AddedWords(link.Resolve("go.o -Llib -ldb")), "-lstdc++");
}

TEST(ResolveTest, ARuntimeLibrarysExplicitInstantiationServes) {
  // std::string's members in libstdc++.a are COMDAT; unoptimised code calls them.
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("f"));
  link.Archive("lib/libf.a", {{"f.o", ObjectBuilder().Define("f").Reference("_ZNKSs4sizeEv")}});
  link.Archive("sys/libstdc++.a", {{"s.o", ObjectBuilder().Comdat("_ZNKSs4sizeEv", "_ZNKSs4sizeEv")}});
  EXPECT_EQ(AddedWords(link.Resolve("go.o -Llib -lf")), "-lstdc++");
}

TEST(ResolveTest, PkgConfigNamesWhatALibraryRequires) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("xml"));
  link.Archive("sys/libxml.a", {{"x.o", ObjectBuilder().Define("xml").Reference("lz")}});
  link.Archive("sys/liblzma.a", {{"l.o", ObjectBuilder().Define("lz")}});
  link.Archive("sys/libother.a", {{"l.o", ObjectBuilder().Define("lz")}});  // would make a wide search ambiguous
  link.File("sys/pkgconfig/xml.pc", "Name: xml\nDescription: x\nVersion: 1\nLibs: -lxml\nRequires.private: lzma\n");
  link.File("sys/pkgconfig/lzma.pc", "Name: lzma\nDescription: x\nVersion: 1\nLibs: -llzma\n");
  const resolve::Resolution r = link.Resolve("go.o -lxml");
  EXPECT_EQ(AddedWords(r), "-llzma");
  EXPECT_EQ(r.added[0].tier, resolve::Tier::kPkgConfig);
}

// libpng.pc mentions -lz; that makes it no file of libz's.
TEST(ResolveTest, APkgConfigFileSpeaksOnlyForTheLibraryThatItIsNamedAfter) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("crc32").Reference("png_version"));
  link.Archive("sys/libz.a", {{"z.o", ObjectBuilder().Define("crc32").Reference("rare")}});
  link.Archive("sys/libpng.a", {{"p.o", ObjectBuilder().Define("png_version").Define("rare")}});
  link.Archive("sys/libother.a", {{"o.o", ObjectBuilder().Define("rare")}});
  link.File("sys/pkgconfig/libpng.pc", "Name: png\nVersion: 1\nLibs: -lpng -lz\n");
  link.File("sys/pkgconfig/zlib.pc", "Name: z\nVersion: 1\nLibs: -lz\n");
  const resolve::Resolution r = link.Resolve("go.o -lz");
  EXPECT_EQ(AddedWords(r), "");
  EXPECT_EQ(MissingSymbols(r), "png_version rare");
}

TEST(ResolveTest, WhatALibraryRequiresServesTheLibraryAndNotTheProgram) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("rtmp").Reference("gnutls_init"));
  link.Archive("sys/librtmp.a", {{"r.o", ObjectBuilder().Define("rtmp").Reference("crc32")}});
  link.Shared("sys/librtmp.so", SharedBuilder().Soname("librtmp.so.1").Needed("libgnutls.so.30").Define("rtmp"));
  link.Archive("sys/libz.a", {{"z.o", ObjectBuilder().Define("crc32")}});
  link.Archive("sys/libzz.a", {{"z.o", ObjectBuilder().Define("crc32")}});
  link.Archive("sys/libgnutls.a", {{"g.o", ObjectBuilder().Define("gnutls_init")}});
  link.File("sys/pkgconfig/librtmp.pc", "Name: r\nVersion: 1\nLibs: -lrtmp\nRequires: gnutls, z\n");
  link.File("sys/pkgconfig/gnutls.pc", "Name: g\nVersion: 1\nLibs: -lgnutls\n");
  link.File("sys/pkgconfig/z.pc", "Name: z\nVersion: 1\nLibs: -lz\n");
  const resolve::Resolution r = link.Resolve("go.o -lrtmp");
  EXPECT_EQ(AddedWords(r), "-lz");
  EXPECT_EQ(MissingSymbols(r), "gnutls_init");
}

TEST(ResolveTest, TheLibrariesOfOnePackageServeTheProgramToo) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("initscr").Reference("tputs"));
  link.Archive("sys/libncurses.a", {{"n.o", ObjectBuilder().Define("initscr")}});
  link.Archive("sys/libtinfo.a", {{"t.o", ObjectBuilder().Define("tputs")}});
  link.File("sys/pkgconfig/ncurses.pc", "Name: n\nVersion: 1\nLibs: -lncurses -ltinfo\n");
  EXPECT_EQ(AddedWords(link.Resolve("go.o -lncurses")), "-ltinfo");
}

// A Rust library made with -C linker-plugin-lto; the archive's index has the name.
TEST(ResolveTest, AFunctionInUnreadableLtoCodeIsNotTakenFromAnotherLibrary) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("vendor_init"));
  const std::string bitcode("BC\xc0\xde\x35\x14\0\0", 8);
  std::string archive = test_support::MakeArchive({{"v.rcgu.o", ObjectBuilder().Define("vendor_init").Build()}});
  const size_t object = archive.find("\177ELF");
  archive.replace(object, bitcode.size(), bitcode);
  link.File("lib/libvendor.a", archive);
  link.Archive("lib/libunrelated.a", {{"u.o", ObjectBuilder().Define("vendor_init")}});
  const resolve::Resolution r = link.Resolve("go.o -Llib -lvendor");
  EXPECT_EQ(AddedWords(r), "");
  EXPECT_EQ(MissingSymbols(r), "vendor_init");
}

TEST(ResolveTest, TheSharedLibraryBesideAnArchiveNamesItsDependencies) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("ldb"));
  link.Archive("sys/libleveldb.a", {{"d.o", ObjectBuilder().Define("ldb").Reference("snap")}});
  link.Shared("sys/libleveldb.so", SharedBuilder().Soname("libleveldb.so.1").Needed("libsnappy.so.1").Define("ldb"));
  link.Archive("sys/libsnappy.a", {{"s.o", ObjectBuilder().Define("snap")}});
  link.Archive("sys/libzzz.a", {{"s.o", ObjectBuilder().Define("snap")}});
  const resolve::Resolution r = link.Resolve("go.o -lleveldb");
  EXPECT_EQ(AddedWords(r), "-lsnappy");
  EXPECT_EQ(r.added[0].tier, resolve::Tier::kNeeded);
}

TEST(ResolveTest, ALinkerScriptOfASharedLibraryNamesItsArchives) {
  // Debian's libncurses.so: INPUT(libncurses.so.6 -ltinfo); the program itself may use both.
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("initscr").Reference("tigetnum"));
  link.Archive("sys/libncurses.a", {{"n.o", ObjectBuilder().Define("initscr")}});
  link.Archive("sys/libtinfo.a", {{"t.o", ObjectBuilder().Define("tigetnum")}});
  link.File("sys/libncurses.so", "INPUT(libncurses.so.6 -ltinfo)\n");
  EXPECT_EQ(AddedWords(link.Resolve("go.o -lncurses")), "-ltinfo");
}

TEST(ResolveTest, OfSeveralProvidersTheOneThatLeavesLeastMissingWins) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("app"));
  link.Archive("lib/libapp.a", {{"a.o", ObjectBuilder().Define("app").Reference("util")}});
  link.Archive("lib/libaaa.a", {{"u.o", ObjectBuilder().Define("util").Reference("nowhere")}});
  link.Archive("lib/libbbb.a", {{"u.o", ObjectBuilder().Define("util")}});
  const resolve::Resolution r = link.Resolve("go.o -Llib -lapp");
  EXPECT_EQ(AddedWords(r), "-lbbb");
  EXPECT_EQ(r.added[0].alternatives,
            (std::vector<std::string>{link.Path("lib/libaaa.a: would need more that is missing")}));
}

TEST(ResolveTest, AWeakReferencePullsNothingIn) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().ReferenceWeak("optional"));
  link.Archive("lib/libo.a", {{"o.o", ObjectBuilder().Define("optional").Reference("nowhere")}});
  const resolve::Resolution r = link.Resolve("go.o -Llib -lo");
  EXPECT_EQ(MissingSymbols(r), "");
  EXPECT_EQ(r.unneeded.size(), 1u);
}

TEST(ResolveTest, AnArchiveOfAnotherArchitectureServesNobody) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("foo"));
  link.Archive("lib/libfoo.a", {{"f.o", ObjectBuilder().Define("foo").Reference("bar")}});
  link.Archive("lib/libbar.a", {{"b.o", ObjectBuilder().Machine(llvm::ELF::EM_AARCH64).Define("bar")}});
  const resolve::Resolution r = link.Resolve("go.o -Llib -lfoo");
  EXPECT_EQ(AddedWords(r), "");
  EXPECT_EQ(MissingSymbols(r), "bar");
}

TEST(ResolveTest, ALibraryThatIsOnlySharedAndNotNeededIsLeftOut) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("write"));
  link.Shared("sys/libudev.so", SharedBuilder().Soname("libudev.so.1").Define("udev_new"));
  const resolve::Resolution r = link.Resolve("go.o -ludev");
  EXPECT_EQ(MissingSymbols(r), "");
  ASSERT_EQ(r.left_out.size(), 1u);
  EXPECT_EQ(r.left_out[0].shared, link.Path("sys/libudev.so"));
}

TEST(ResolveTest, ALibraryThatIsNowhereIsReported) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("write"));
  const resolve::Resolution r = link.Resolve("go.o -lnothere missing.o");
  ASSERT_EQ(r.not_found.size(), 2u);
  EXPECT_EQ(r.not_found[0].words, std::vector<std::string>{"-lnothere"});
}

TEST(ResolveTest, TwoArchivesWithTheSameStrongDefinitionAreADuplicate) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("a").Reference("b"));
  link.Archive("lib/liba.a", {{"a.o", ObjectBuilder().Define("a").Define("rust_eh_personality")}});
  link.Archive("lib/libb.a", {{"b.o", ObjectBuilder().Define("b").Define("rust_eh_personality")}});
  const resolve::Resolution r = link.Resolve("go.o -Llib -la -lb");
  ASSERT_EQ(r.duplicates.size(), 1u);
  EXPECT_EQ(r.duplicates[0].symbol, "rust_eh_personality");
}

TEST(ResolveTest, AVendoredCopyShadowsALibraryWithoutADuplicate) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Define("sqlite3_open"));
  link.Object("000001.o", ObjectBuilder().Reference("sqlite3_open"));
  link.Archive("sys/libsqlite3.a", {{"s.o", ObjectBuilder().Define("sqlite3_open")}});
  const resolve::Resolution r = link.Resolve("go.o 000001.o -lsqlite3");
  EXPECT_TRUE(r.duplicates.empty());
  EXPECT_EQ(r.unneeded.size(), 1u);
}

TEST(OrderTest, WhatIsNeededComesAfterWhatNeedsIt) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("top"));
  link.Archive("lib/libbase.a", {{"b.o", ObjectBuilder().Define("base")}});
  link.Archive("lib/libtop.a", {{"t.o", ObjectBuilder().Define("top").Reference("base")}});
  const resolve::Resolution r = link.Resolve("go.o -Llib -lbase -ltop");
  EXPECT_TRUE(r.reordered);
  EXPECT_EQ(LineOf(r), "go.o -ltop -lbase");
}

TEST(OrderTest, AnObjectAfterALibraryStillFindsIt) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Define("main"));
  link.Object("late.o", ObjectBuilder().Reference("foo"));
  link.Archive("lib/libfoo.a", {{"f.o", ObjectBuilder().Define("foo")}});
  EXPECT_EQ(LineOf(link.Resolve("go.o -Llib -lfoo late.o")), "go.o late.o -lfoo");
}

TEST(OrderTest, AGoodOrderIsKept) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("b").Reference("a"));
  link.Archive("lib/libb.a", {{"b.o", ObjectBuilder().Define("b")}});
  link.Archive("lib/liba.a", {{"a.o", ObjectBuilder().Define("a")}});
  const resolve::Resolution r = link.Resolve("go.o -Llib -lb -la");
  EXPECT_FALSE(r.reordered);
  EXPECT_EQ(LineOf(r), "go.o -lb -la");
}

TEST(OrderTest, ARealCycleBecomesAGroup) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("a1"));
  link.Archive("lib/liba.a", {{"a1.o", ObjectBuilder().Define("a1").Reference("b1")},
                              {"a2.o", ObjectBuilder().Define("a2").Reference("b2")}});
  link.Archive("lib/libb.a",
               {{"b1.o", ObjectBuilder().Define("b1").Reference("a2")}, {"b2.o", ObjectBuilder().Define("b2")}});
  const resolve::Resolution r = link.Resolve("go.o -Llib -la -lb");
  EXPECT_TRUE(r.grouped);
  EXPECT_EQ(LineOf(r), "go.o [ -la -lb ]");
}

TEST(OrderTest, ARepeatedLibraryStandsOnce) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("a"));
  link.Archive("lib/liba.a", {{"a.o", ObjectBuilder().Define("a")}});
  EXPECT_EQ(LineOf(link.Resolve("go.o -Llib -la -la -la")), "go.o -la");
}

TEST(OrderTest, AUsersGroupIsLeftAlone) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("a1"));
  link.Archive("lib/liba.a",
               {{"a1.o", ObjectBuilder().Define("a1").Reference("b1")}, {"a2.o", ObjectBuilder().Define("a2")}});
  link.Archive("lib/libb.a", {{"b1.o", ObjectBuilder().Define("b1").Reference("a2")}});
  const resolve::Resolution r = link.Resolve("go.o -Llib -Wl,--start-group -la -lb -Wl,--end-group");
  EXPECT_FALSE(r.reordered);
  EXPECT_FALSE(r.grouped);
}

TEST(OrderTest, MovingNeverChangesWhichOfTwoDefinitionsIsTaken) {
  // Both libfirst and libsecond define `shared_name`; the user put libfirst first. GNU ld wants libfirst after libuser.
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("user").Reference("second"));
  link.Archive("lib/libfirst.a", {{"f.o", ObjectBuilder().Define("shared_name")}});
  link.Archive("lib/libsecond.a",
               {{"s.o", ObjectBuilder().Define("second")}, {"n.o", ObjectBuilder().Define("shared_name")}});
  link.Archive("lib/libuser.a", {{"u.o", ObjectBuilder().Define("user").Reference("shared_name")}});
  const resolve::Resolution r = link.Resolve("go.o -Llib -lfirst -lsecond -luser");
  const resolve::Simulation& simulation = *r.simulation;
  EXPECT_EQ(simulation.UnitName(simulation.Definer("shared_name")), link.Path("lib/libfirst.a(f.o)"));
}

// The libraries' author means what GNU ld makes of the line (tests/differential has hundreds of these).
TEST(ResolveTest, SaysWhereGnuLdTakesAnotherArchivesMember) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Define("main").Reference("a").Reference("b"));
  link.Archive("lib/libA.a", {{"a.o", ObjectBuilder().Define("a")}, {"hash.o", ObjectBuilder().Define("hash")}});
  link.Archive("lib/libB.a", {{"b.o", ObjectBuilder().Define("b").Reference("hash")}});
  link.Archive("lib/libC.a", {{"hash.o", ObjectBuilder().Define("hash")}});
  const resolve::Resolution r = link.Resolve("go.o -Llib -lA -lB -lC");
  ASSERT_EQ(r.otherwise.size(), 1u);
  EXPECT_EQ(r.otherwise[0].archive, link.Path("lib/libA.a"));
  EXPECT_EQ(r.otherwise[0].members, std::vector<uint32_t>{0});
  EXPECT_EQ(r.otherwise[0].symbol, "hash");
  EXPECT_EQ(r.otherwise[0].lld_takes, link.Path("lib/libA.a(hash.o)"));
  EXPECT_EQ(r.otherwise[0].gnu_takes, link.Path("lib/libC.a(hash.o)"));
  EXPECT_EQ(r.otherwise[0].wanted_by, link.Path("lib/libB.a(b.o)"));
  // Read once more behind B, A's is the one.
  EXPECT_TRUE(link.Resolve("go.o -Llib -lA -lB -lA -lC").otherwise.empty());
  // A line that GNU ld does not link means nothing there.
  EXPECT_TRUE(link.Resolve("go.o -Llib -lA -lB").otherwise.empty());
}

TEST(ResolveTest, ACommonSymbolTakesItsDefinitionFromAnArchive) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Define("main").DefineCommon("block"));
  link.Archive("lib/libf.a", {{"common.o", ObjectBuilder().DefineCommon("block")},
                              {"weak.o", ObjectBuilder().DefineWeak("block")},
                              {"data.o", ObjectBuilder().DefineData("block").Reference("more")}});
  EXPECT_EQ(MissingSymbols(link.Resolve("go.o -Llib -lf")), "more");
}

TEST(ResolveTest, AWrappedSymbolIsAnotherOne) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Define("main").Reference("f"));
  link.Archive("lib/libf.a", {{"f.o", ObjectBuilder().Define("f").Reference("of_f")}});
  link.Archive("lib/libw.a", {{"w.o", ObjectBuilder().Define("__wrap_f")}});
  EXPECT_EQ(MissingSymbols(link.Resolve("go.o -Wl,--wrap=f -Llib -lf -lw")), "");
}

// lld takes a member as soon as it has read it, and what that one wants from those before it: m1 wants b, which the
// archive before has, though m2, which is taken as well, defines it.
TEST(ResolveTest, MembersAreReadInTheirOrder) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Define("main").Reference("a").Reference("c"));
  link.Archive("lib/libB.a", {{"b.o", ObjectBuilder().DefineWeak("b")}});
  link.Archive("lib/libA.a", {{"m1.o", ObjectBuilder().Define("c").Reference("b")},
                              {"m2.o", ObjectBuilder().Define("a").DefineWeak("b")}});
  const resolve::Resolution r = link.Resolve("go.o -Llib -lB -lA");
  ASSERT_EQ(r.otherwise.size(), 1u);  // GNU ld does not go back to B
  EXPECT_EQ(r.otherwise[0].archive, link.Path("lib/libB.a"));
  EXPECT_TRUE(r.otherwise[0].members.empty());
}

}  // namespace
}  // namespace cgo_ld_shim
