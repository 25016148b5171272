// Suppliers: what is offered, in which order, how often; and that a trial makes nothing.
#include "supply/supply.h"

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/process.h"
#include "tests/support/archive.h"
#include "tests/support/link_fixture.h"

namespace cgo_ld_shim::supply {
namespace {

using test_support::MissingSymbols;
using test_support::ObjectBuilder;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

// Says that it has compiled, and leaves an object that defines what the test wants.
class FakeCompiler : public support::ProcessRunner {
 public:
  explicit FakeCompiler(test_support::LinkFixture* files) : files_(files), scoped_(this) {}
  absl::StatusOr<support::ProcessResult> Run(const std::vector<std::string>& argv,
                                             const support::ProcessOptions&) override {
    started.push_back(argv[0]);
    if (fails) return support::ProcessResult{.exit_status = 1, .output = "no", .error = "no"};
    files_->Object("go/cgo_ld_shim_stubs.o", ObjectBuilder().Define("dyn"));
    return support::ProcessResult{};
  }
  std::vector<std::string> started;
  bool fails = false;

 private:
  test_support::LinkFixture* const files_;
  support::ScopedProcessRunner scoped_;
};

class SupplyTest : public testing::Test {
 protected:
  SupplyTest() : compiler_(&files_) {
    files_.toolchain().libc = target::ParseLibc("glibc 2.36");
    files_.Object("go/go.o", ObjectBuilder().Define("main").Reference("f"));
    files_.Object("go/000000.o", ObjectBuilder().Define("f").Reference("dyn"));
    files_.Shared("lib/libdyn.so", test_support::SharedBuilder().Soname("libdyn.so").Define("dyn"));
  }

  Situation Plan(const std::string& line) {
    call_ = files_.Call(line);
    Situation link{.settings = settings_,
                   .call = call_,
                   .driver = driver_,
                   .toolchain = files_.toolchain(),
                   .cache = *files_.cache(),
                   .package = ""};
    link.plan = plan::Build(call_, files_.toolchain(), files_.cache());
    link.resolution = resolve::Resolve(link.plan, files_.toolchain(), files_.cache());
    return link;
  }

  static std::vector<std::string> Rules(const Situation& link) {
    std::vector<std::string> names;
    for (const Supply& supply : link.supplied) names.emplace_back(rules::Name(supply.rule));
    return names;
  }

  test_support::LinkFixture files_;
  support::Settings settings_;
  std::vector<std::string> driver_ = {"/usr/bin/gcc"};
  invocation::Invocation call_;
  FakeCompiler compiler_;
};

constexpr char kLine[] = "-o a.out go/go.o go/000000.o -Llib -ldyn";

TEST_F(SupplyTest, ATrialSaysWhatWouldBeLeftAndMakesNothing) {
  settings_.stubs = {"dyn"};
  const Situation link = Plan(kLine);
  ASSERT_EQ(MissingSymbols(link.resolution), "dyn");
  const Offer offer = OfferStubs(link);
  ASSERT_TRUE(offer.supply.has_value());
  EXPECT_THAT(offer.supply->would_define, ElementsAre("dyn"));
  EXPECT_EQ(MissingSymbols(Try(link, *offer.supply)), "");
  EXPECT_EQ(MissingSymbols(link.resolution), "dyn");
  EXPECT_THAT(compiler_.started, IsEmpty());
}

TEST_F(SupplyTest, WhatIsTakenIsMadeOnceAndTakesPartInTheLink) {
  settings_.stubs = {"dyn"};
  Situation link = Plan(kLine);
  const Supplied supplied = SupplyAll(&link);
  EXPECT_THAT(Rules(link), ElementsAre("stub-library"));
  EXPECT_EQ(MissingSymbols(link.resolution), "");
  EXPECT_THAT(compiler_.started, SizeIs(1));
  ASSERT_THAT(supplied.temporary_files, SizeIs(1));
  EXPECT_EQ(link.supplied[0].path, supplied.temporary_files[0]);
  EXPECT_EQ(link.plan.inputs.back().path, link.supplied[0].path);
  EXPECT_THAT(link.resolution.duplicates, IsEmpty()) << "the promise is gone";
  ASSERT_THAT(ExtraObjects(link), SizeIs(1));
  EXPECT_THAT(ExtraObjects(link)[0].because, HasSubstr("libdyn.so has no archive; dyn ends the program"));
}

TEST_F(SupplyTest, WhatCannotBeMadeIsANoteAndTheLinkGoesOnWithout) {
  settings_.stubs = {"dyn"};
  compiler_.fails = true;
  Situation link = Plan(kLine);
  const Supplied supplied = SupplyAll(&link);
  EXPECT_THAT(supplied.notes, ElementsAre(HasSubstr("the compiler could not make the stubs")));
  EXPECT_THAT(link.supplied, IsEmpty());
  EXPECT_EQ(MissingSymbols(link.resolution), "dyn");
}

// References of a test's object are in .data, which nothing in it refers to.
TEST_F(SupplyTest, GosObjectKeepsWhatNothingRefersTo) {
  const std::string line = "-o a.out go/go.o go/000000.o -Llib -ldyn";
  EXPECT_FALSE(OfferGoSections(Plan(line)).supply.has_value());
  settings_.gc = true;
  Situation link = Plan(line);
  const Supplied supplied = SupplyAll(&link);
  ASSERT_THAT(Rules(link), ElementsAre("keep-go-sections"));
  EXPECT_EQ(link.supplied[0].rule, rules::RuleId::kKeepGoSections);
  EXPECT_THAT(link.supplied[0].entries[0].because, HasSubstr(".data"));
  EXPECT_THAT(supplied.temporary_files, IsEmpty());
  ASSERT_THAT(Replacements(link), SizeIs(1));
  EXPECT_EQ(call_.arguments[static_cast<size_t>(Replacements(link)[0].argument)].value, "go/go.o");
  EXPECT_EQ(link.plan.GoObject(), files_.Path("go/go.o")) << "what is explained is Go's own";
  EXPECT_THAT(Copies(link), IsEmpty());
}

TEST_F(SupplyTest, GosObjectIsNotCopiedWhereAllOfItIsReached) {
  settings_.gc = true;
  files_.Object("go/go.o", ObjectBuilder().Define("main"));
  EXPECT_FALSE(OfferGoSections(Plan("-o a.out go/go.o")).supply.has_value());
}

// libx.a calls its own dep, which liby.a has defined before it.
TEST_F(SupplyTest, AnArchiveCanBeIsolatedWhereItsOwnMembersNeedNothingElse) {
  files_.Object("go/000000.o", ObjectBuilder().Define("f").Reference("y").Reference("x"));
  files_.Archive("lib/liby.a",
                 {{"y.o", ObjectBuilder().Define("y").Reference("dep")}, {"dep.o", ObjectBuilder().Define("dep")}});
  files_.Archive("lib/libx.a",
                 {{"x.o", ObjectBuilder().Define("x").Reference("dep")}, {"dep.o", ObjectBuilder().Define("dep")}});
  EXPECT_TRUE(CanBeIsolated(Plan("-o a.out go/go.o go/000000.o -Llib -ly -lx"), files_.Path("lib/libx.a")));
  files_.Archive("lib/libz.a", {{"x.o", ObjectBuilder().Define("x").Reference("dep")},
                                {"dep.o", ObjectBuilder().Define("dep").Reference("nowhere")}});
  EXPECT_FALSE(CanBeIsolated(Plan("-o a.out go/go.o go/000000.o -Llib -ly -lz"), files_.Path("lib/libz.a")));
}

TEST_F(SupplyTest, AStubThatNothingNeedsIsANote) {
  files_.Shared("lib/libother.so.1", test_support::SharedBuilder().Soname("libother.so.1").Define("other"));
  settings_.stubs = {"other"};
  Situation link = Plan(kLine);
  EXPECT_THAT(SupplyAll(&link).notes, ElementsAre("CGO_LD_SHIM_STUBS=other: nothing here needs it"));
  EXPECT_THAT(compiler_.started, IsEmpty());
}

TEST_F(SupplyTest, AStubOfNoLibraryIsRefused) {
  settings_.stubs = {"dynn", "nothing_like_it"};
  Situation link = Plan(kLine);
  const Supplied supplied = SupplyAll(&link);
  ASSERT_THAT(supplied.refused, SizeIs(2));
  EXPECT_EQ(supplied.refused[0].symbol, "CGO_LD_SHIM_STUBS=dynn");
  EXPECT_THAT(supplied.refused[0].hint,
              AllOf(HasSubstr("no shared library libdynn.so in "), HasSubstr("did you mean dyn?")));
  EXPECT_THAT(supplied.refused[1].hint, Not(HasSubstr("did you mean")));
  EXPECT_THAT(supplied.ways_out, SizeIs(1));
  EXPECT_THAT(compiler_.started, IsEmpty());
}

TEST_F(SupplyTest, ALibraryWithAnArchiveNeedsNoStub) {
  files_.Archive("lib/libdyn.a", {{"d.o", ObjectBuilder().Define("dyn")}});
  settings_.stubs = {"dyn"};
  Situation link = Plan(kLine);
  EXPECT_THAT(SupplyAll(&link).refused, IsEmpty());
}

// Zeroes in the place of data would be a wrong answer.
TEST_F(SupplyTest, DataAndThreadLocalDataAreNotStubbed) {
  files_.Object("go/000000.o", ObjectBuilder().Define("f").Reference("dyn").Reference("answer").ReferenceTls("state"));
  files_.Shared(
      "lib/libdyn.so",
      test_support::SharedBuilder().Soname("libdyn.so").Define("dyn").DefineData("answer").DefineTls("state"));
  settings_.stubs = {"dyn"};
  Situation link = Plan(kLine);
  const Offer offer = OfferStubs(link);
  ASSERT_TRUE(offer.supply.has_value());
  EXPECT_THAT(offer.supply->would_define, ElementsAre("dyn"));
  EXPECT_EQ(MissingSymbols(Try(link, *offer.supply)), "answer state");
  const diagnose::Diagnosis diagnosis =
      diagnose::Diagnose(link.plan, link.resolution, link.toolchain, {}, files_.cache());
  ASSERT_THAT(diagnosis.findings, SizeIs(3));
  EXPECT_THAT(diagnosis.findings[0].hint, Not(HasSubstr("stub")));
  EXPECT_THAT(diagnosis.findings[1].hint, testing::EndsWith("; it is data, for which no stub can stand"));
  EXPECT_THAT(diagnosis.findings[2].hint, testing::EndsWith("; it is thread-local data, for which no stub can stand"));
  EXPECT_THAT(diagnosis.ways_out,
              Not(testing::Contains(testing::Field(&diagnose::WayOut::action, HasSubstr("CGO_LD_SHIM_STUBS")))));
}

TEST_F(SupplyTest, WhoMayReachAStubIsSaid) {
  settings_.stubs = {"dyn"};
  Situation link = Plan(kLine);
  EXPECT_THAT(SupplyAll(&link).notes, ElementsAre("the program's own code calls dyn, which would abort"));
}

TEST_F(SupplyTest, AnArchiveIsIsolatedOnceWhereItIsAsked) {
  files_.Object("go/000000.o", ObjectBuilder().Define("f").Reference("a").Reference("b"));
  files_.Archive("lib/liba.a", {{"a.o", ObjectBuilder().Define("a").Define("both")}});
  files_.Archive("lib/libb.a", {{"b.o", ObjectBuilder().Define("b").Define("both")}});
  const std::string line = "-o a.out go/go.o go/000000.o -Llib -la -lb -la";
  Situation unasked = Plan(line);
  EXPECT_THAT(SupplyAll(&unasked).notes, IsEmpty());
  EXPECT_THAT(unasked.resolution.duplicates, SizeIs(1));

  settings_.isolate = {"a"};
  Situation link = Plan(line);
  const Offer offer = OfferIsolation(link);
  ASSERT_TRUE(offer.supply.has_value());
  EXPECT_THAT(offer.supply->would_define, ElementsAre("a"));
  EXPECT_THAT(Try(link, *offer.supply).duplicates, IsEmpty());
  EXPECT_THAT(SupplyAll(&link).notes, IsEmpty());
  EXPECT_THAT(Rules(link), ElementsAre("isolate-asked"));
  EXPECT_THAT(link.resolution.duplicates, IsEmpty());
  ASSERT_THAT(Replacements(link), SizeIs(1));
  EXPECT_EQ(call_.arguments[static_cast<size_t>(Replacements(link)[0].argument)].value, "a");
}

TEST_F(SupplyTest, AnIsolatedArchiveHasWhatLiesBesideIt) {
  files_.Object("go/000000.o", ObjectBuilder().Define("f").Reference("a").Reference("b"));
  files_.Archive("lib/liba.a", {{"a.o", ObjectBuilder().Define("a").Define("both")}});
  files_.Archive("other/libb.a", {{"b.o", ObjectBuilder().Define("b").Define("both").Reference("beside")}});
  files_.Archive("other/libbeside.a", {{"beside.o", ObjectBuilder().Define("beside")}});
  settings_.isolate = {"b"};
  Situation link = Plan("-o a.out go/go.o go/000000.o -Llib -la " + files_.Path("other/libb.a"));
  EXPECT_THAT(SupplyAll(&link).notes, IsEmpty());
  EXPECT_THAT(Rules(link), ElementsAre("isolate-asked"));
  EXPECT_THAT(link.resolution.missing, IsEmpty());
  EXPECT_EQ(test_support::AddedWords(link.resolution), files_.Path("other/libbeside.a"));
}

TEST_F(SupplyTest, RuntimesOfALanguageAreIsolatedUnasked) {
  files_.Object("go/000000.o", ObjectBuilder().Define("f").Reference("a").Reference("b"));
  files_.Archive("lib/liba.a", {{"a.o", ObjectBuilder().Define("a").Define("rust_eh_personality")}});
  files_.Archive("lib/libb.a", {{"b.o", ObjectBuilder().Define("b").Define("rust_eh_personality")}});
  Situation link = Plan("-o a.out go/go.o go/000000.o -Llib -la -lb");
  SupplyAll(&link);
  EXPECT_THAT(Rules(link), ElementsAre("isolate-runtime"));
  EXPECT_EQ(link.supplied[0].replaces, files_.Path("lib/libb.a"));
}

// B calls f, A and C define it: GNU ld, which has gone past A, takes C's.
TEST_F(SupplyTest, AnArchiveHasTheMembersThatGnuLdTakes) {
  files_.Object("go/000000.o", ObjectBuilder().Define("f0").Reference("a").Reference("b"));
  files_.Object("go/go.o", ObjectBuilder().Define("main").Reference("f0"));
  files_.Archive("lib/libA.a", {{"a.o", ObjectBuilder().Define("a")}, {"f.o", ObjectBuilder().Define("f")}});
  files_.Archive("lib/libB.a", {{"b.o", ObjectBuilder().Define("b").Reference("f")}});
  files_.Archive("lib/libC.a", {{"c.o", ObjectBuilder().Define("f")}});
  Situation link = Plan("-o a.out go/go.o go/000000.o -Llib -lA -lB -lC");
  SupplyAll(&link);
  ASSERT_THAT(link.supplied, SizeIs(1));
  EXPECT_EQ(link.supplied[0].rule, rules::RuleId::kGnuOrder);
  EXPECT_EQ(link.supplied[0].replaces, files_.Path("lib/libA.a"));
  EXPECT_EQ(link.resolution.simulation->UnitName(link.resolution.simulation->Definer("f")),
            files_.Path("lib/libC.a(c.o)"));
}

class MuslTest : public SupplyTest {
 protected:
  MuslTest() {
    files_.toolchain().libc = target::ParseLibc("musl 1.2.5");
    files_.toolchain().machine = target::ParseTriple("x86_64-linux-musl");
    files_.Object("go/go.o", ObjectBuilder().Define("main").Reference("f"));
    files_.Object("go/000000.o", ObjectBuilder().Define("f").DefineIfunc("chosen"));
  }
};

TEST_F(MuslTest, FunctionsThatAreChosenAtStartGetAnObjectThatDoesIt) {
  const Situation link = Plan("-o a.out go/go.o go/000000.o");
  const Offer offer = OfferIfuncStart(link);
  ASSERT_TRUE(offer.supply.has_value());
  EXPECT_EQ(offer.supply->rule, rules::RuleId::kIfuncStart);
  const Situation pie = Plan("-o a.out -pie go/go.o go/000000.o");
  EXPECT_FALSE(OfferIfuncStart(pie).supply.has_value());
  EXPECT_THAT(OfferIfuncStart(pie).impossible->reason, HasSubstr("IFUNC"));
  EXPECT_THAT(OfferIfuncStart(pie).impossible->ways_out, SizeIs(3));
}

TEST_F(MuslTest, ConstructorsOfArchivesForGlibcGetTheProgramsArguments) {
  files_.Object("go/000000.o", ObjectBuilder().Define("f").Reference("g"));
  files_.Archive("lib/libg.a", {{"g.o", ObjectBuilder().Define("g").Reference("fopen64")}});
  const std::string line = "-o a.out go/go.o go/000000.o -Llib -lg";
  EXPECT_FALSE(OfferConstructorStart(Plan(line)).supply.has_value());
  const std::string with = test_support::MakeObject(R"(--- !ELF
FileHeader: { Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ET_REL, Machine: EM_X86_64 }
Sections:
  - { Name: .text, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_EXECINSTR ], Content: 'c3' }
  - { Name: .init_array, Type: SHT_INIT_ARRAY, Flags: [ SHF_ALLOC, SHF_WRITE ], Content: '0000000000000000' }
Symbols:
  - { Name: g, Binding: STB_GLOBAL, Type: STT_FUNC, Section: .text }
  - { Name: fopen64, Binding: STB_GLOBAL }
)");
  files_.File("more/libg.a", test_support::MakeArchive({{"g.o", with}}));
  const Offer offer = OfferConstructorStart(Plan("-o a.out go/go.o go/000000.o -Lmore -lg"));
  ASSERT_TRUE(offer.supply.has_value());
  EXPECT_EQ(offer.supply->rule, (rules::RuleId::kConstructorStart));
  EXPECT_EQ(offer.supply->entries[0].evidence[0].wanted_by, files_.Path("more/libg.a(g.o)"));
}

// zig's library has the variable, and no constructor that looks.
TEST_F(MuslTest, WhatTheProcessorCanIsLookedUpWhereTheCompilersLibraryDoesNot) {
  files_.Object("go/000000.o", ObjectBuilder().Define("f").Reference("__cpu_model"));
  files_.Archive("sys/libc.a", {{"cpu.o", ObjectBuilder().DefineWeak("__cpu_model")}});
  const Situation link = Plan("-o a.out go/go.o go/000000.o");
  const Offer offer = OfferCpuModel(link);
  ASSERT_TRUE(offer.supply.has_value());
  EXPECT_EQ(offer.supply->rule, rules::RuleId::kCpuModel);
  EXPECT_EQ(offer.supply->entries[0].evidence[0].wanted_by, files_.Path("go/000000.o"));
  Situation done = Plan("-o a.out go/go.o go/000000.o");
  SupplyAll(&done);
  EXPECT_THAT(Rules(done), ElementsAre("cpu-model"));
  EXPECT_EQ(done.resolution.simulation->UnitName(done.resolution.simulation->Definer("__cpu_model")),
            done.supplied[0].path);
}

TEST_F(MuslTest, ALibraryThatLooksIsLeftAlone) {
  files_.Object("go/000000.o", ObjectBuilder().Define("f").Reference("__cpu_model"));
  files_.File("sys/libc.a", test_support::MakeArchive({{"cpuinfo.o", test_support::MakeObject(R"(--- !ELF
FileHeader: { Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ET_REL, Machine: EM_X86_64 }
Sections:
  - { Name: .bss, Type: SHT_NOBITS, Flags: [ SHF_ALLOC, SHF_WRITE ], Size: 16 }
  - { Name: .init_array.00101, Type: SHT_INIT_ARRAY, Flags: [ SHF_ALLOC, SHF_WRITE ], Content: '0000000000000000' }
Symbols:
  - { Name: __cpu_model, Binding: STB_GLOBAL, Type: STT_OBJECT, Section: .bss, Size: 16 }
)")}}));
  const Offer offer = OfferCpuModel(Plan("-o a.out go/go.o go/000000.o"));
  EXPECT_FALSE(offer.supply.has_value());
  EXPECT_THAT(offer.notes, IsEmpty());
}

// Nothing but its compiler tells: it is taken for glibc's, and refused with the setting that says otherwise.
TEST_F(MuslTest, AnArchiveOfADistributionOfGlibcIsOneForGlibcUnlessTheUserSaysOtherwise) {
  files_.Object("go/000000.o", ObjectBuilder().Define("f").Reference("g"));
  files_.Archive("lib/libg.a",
                 {{"g.o", ObjectBuilder().Define("g").Reference("regexec").Comment("GCC: (Debian 12.2.0-14) 12.2.0")}});
  files_.Archive("sys/libc.a", {{"r.o", ObjectBuilder().Define("regexec").Define("strerror_r")}});
  const std::string line = "-o a.out go/go.o go/000000.o -Llib -lg";
  const Offer offer = OfferGlibcNames(Plan(line));
  ASSERT_THAT(offer.refused, SizeIs(1));
  EXPECT_EQ(offer.refused[0].symbol, "regexec");
  ASSERT_THAT(offer.ways_out, SizeIs(3));
  EXPECT_EQ(offer.ways_out[2].action, "CGO_LD_SHIM_COMPAT=off");
  EXPECT_THAT(offer.ways_out[2].meaning, HasSubstr("GCC: (Debian 12.2.0-14) 12.2.0"));
  settings_.compat = false;
  EXPECT_THAT(OfferGlibcNames(Plan(line)).refused, IsEmpty());
}

TEST_F(MuslTest, HowAnArchiveIsKnownIsSaidOfItsCopyToo) {
  files_.Object("go/000000.o", ObjectBuilder().Define("f").Reference("g"));
  files_.Archive("lib/libg.a", {{"g.o", ObjectBuilder()
                                            .Define("g")
                                            .Reference("basename")
                                            .Reference("strftime")
                                            .Comment("GCC: (Debian 12.2.0-14) 12.2.0")}});
  files_.Archive("sys/libc.a", {{"b.o", ObjectBuilder().Define("basename").Define("strftime")}});
  Situation link = Plan("-o a.out go/go.o go/000000.o -Llib -lg");
  const Supplied supplied = SupplyAll(&link);
  EXPECT_THAT(Rules(link), ElementsAre("glibc-compat", "glibc-compat"));
  EXPECT_THAT(supplied.notes,
              ElementsAre(AllOf(HasSubstr(files_.Path("lib/libg.a") + " is taken for one"), HasSubstr("COMPAT=off")),
                          HasSubstr("_MUTEX_INITIALIZER_NP"),
                          HasSubstr("strftime: " + files_.Path("lib/libg.a(g.o)") + " was built for glibc")));
}

// musl-gcc is such a compiler, too.
TEST_F(MuslTest, WhatTheProgramsOwnCompilerMadeIsLinkedAndTheDoubtIsSaid) {
  files_.Object("go/000000.o", ObjectBuilder().Define("f").Reference("g").Comment("GCC: (Debian 12.2.0-14) 12.2.0"));
  files_.Archive("lib/libg.a", {{"g.o", ObjectBuilder().Define("g").Reference("regexec").Reference("qsort").Comment(
                                            "GCC: (Debian 12.2.0-14) 12.2.0")}});
  files_.Archive("sys/libc.a", {{"r.o", ObjectBuilder().Define("regexec").Define("qsort")}});
  const Situation link = Plan("-o a.out go/go.o go/000000.o -Llib -lg");
  const Offer offer = OfferGlibcNames(link);
  EXPECT_THAT(offer.refused, IsEmpty());
  EXPECT_THAT(offer.notes, ElementsAre(AllOf(HasSubstr("libg.a(g.o) uses regexec"), HasSubstr("nothing says"))));
  EXPECT_FALSE(OfferGlibcMeanings(link).supply.has_value());
}

// One that is taken whole cannot be replaced by a copy that asks for another name.
TEST_F(MuslTest, WhatNoCopyCanServeIsRefusedOrSaid) {
  files_.Object("go/000000.o", ObjectBuilder().Define("f").Reference("g"));
  files_.Archive("sys/libc.a", {{"r.o", ObjectBuilder().Define("basename").Define("strerror_r")}});
  const std::string line = "-o a.out go/go.o go/000000.o -Llib -Wl,--whole-archive -lg -Wl,--no-whole-archive";
  files_.Archive("lib/libg.a", {{"g.o", ObjectBuilder().Define("g").Reference("fopen64").Reference("strerror_r")}});
  const Offer refused = OfferGlibcNames(Plan(line));
  ASSERT_THAT(refused.refused, SizeIs(1));
  EXPECT_EQ(refused.refused[0].symbol, "strerror_r");
  files_.Archive("more/libg.a", {{"g.o", ObjectBuilder().Define("g").Reference("fopen64").Reference("basename")}});
  const Offer said =
      OfferGlibcNames(Plan("-o a.out go/go.o go/000000.o -Lmore -Wl,--whole-archive -lg -Wl,--no-whole-archive"));
  EXPECT_THAT(said.refused, IsEmpty());
  EXPECT_THAT(said.notes, testing::Contains(AllOf(HasSubstr("basename"), HasSubstr("cuts its argument"))));
}

// As gcc -flto leaves it: the section lists that `f` is defined and getpwnam_r needed.
TEST_F(SupplyTest, LookUpsOfNamesInCodeForAnOptimiserAreRestrictedToo) {
  files_.Archive("sys/libc.a", {{"nss.o", ObjectBuilder().Define("getpwnam_r").Define("__nss_configure_lookup")}});
  const std::string rest(12, '\0'), end(1, '\0');
  const std::string table =
      absl::StrCat("f", end, end, std::string("\0\0", 2), rest, "getpwnam_r", end, end, std::string("\2\0", 2), rest);
  files_.File("go/000000.o", test_support::MakeObject(absl::StrCat(R"(--- !ELF
FileHeader: { Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ET_REL, Machine: EM_X86_64 }
Sections: [ { Name: .gnu.lto_.symtab.1, Type: SHT_PROGBITS, Content: ')",
                                                                   absl::BytesToHexString(table), R"(' } ]
Symbols: [ { Name: __gnu_lto_slim, Index: SHN_COMMON, Size: 1, Value: 1, Binding: STB_GLOBAL } ]
)")));
  Situation link = Plan("-o a.out go/go.o go/000000.o");
  EXPECT_EQ(MissingSymbols(link.resolution), "");
  SupplyAll(&link);
  EXPECT_THAT(Rules(link), ElementsAre("nss-files"));
}

TEST_F(SupplyTest, LookUpsOfNamesAreRestrictedUnlessTheHostIsAsked) {
  files_.Archive("sys/libc.a", {{"nss.o", ObjectBuilder().Define("getpwnam_r").Define("__nss_configure_lookup")}});
  files_.Object("go/000000.o", ObjectBuilder().Define("f").Reference("getpwnam_r"));
  Situation link = Plan("-o a.out go/go.o go/000000.o");
  SupplyAll(&link);
  EXPECT_THAT(Rules(link), ElementsAre("nss-files"));
  settings_.nss_host = true;
  Situation host = Plan("-o a.out go/go.o go/000000.o");
  SupplyAll(&host);
  EXPECT_THAT(host.supplied, IsEmpty());
}

}  // namespace
}  // namespace cgo_ld_shim::supply
