// Links that are not for the embedded lld, each with the reason.
#include "resolve/gnu_ld.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/link_fixture.h"

namespace cgo_ld_shim::resolve {
namespace {

using test_support::LinkFixture;
using test_support::ObjectBuilder;
using testing::HasSubstr;

// The rule and the reason, or nothing.
std::string ReasonFor(LinkFixture* link, const std::string& line) {
  const plan::LinkPlan plan = link->Plan(line);
  const Resolution resolution = Resolve(plan, link->toolchain(), link->cache());
  const std::optional<OtherLinker> other = NeedsGnuLd(link->Call(line), plan, resolution);
  return other ? std::string(other->constructors ? "ctors-driver: " : "gnu-ld-driver: ") + other->because : "";
}

// An object with one more section or symbol, for what the builder does not offer.
std::string With(const std::string& section, const std::string& symbol = "") {
  return test_support::MakeObject(
      "--- !ELF\nFileHeader: { Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ET_REL, Machine: EM_X86_64 }\nSections:\n"
      "  - { Name: .text, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_EXECINSTR ], Content: 'c3' }\n" +
      section + "Symbols:\n  - { Name: main, Binding: STB_GLOBAL, Type: STT_FUNC, Section: .text }\n" + symbol);
}

TEST(GnuLdTest, AnOrdinaryLinkIsTheEmbeddedLinkers) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Define("main").DefineCommon("x"));
  EXPECT_EQ(ReasonFor(&link, "go.o -Wl,--gc-sections -Wl,-z,now -Wl,--orphan-handling=place -Wl,--build-id=0x12"), "");
}

TEST(GnuLdTest, ConstructorsOfOldObjects) {
  for (const std::string name : {".ctors", ".dtors", ".ctors.64535"}) {
    LinkFixture link;
    link.File("go.o", With("  - { Name: " + name +
                           ", Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_WRITE ], Content: '0000000000000000' }\n"));
    EXPECT_THAT(ReasonFor(&link, "go.o"), HasSubstr("ctors-driver: ")) << name;
  }
  LinkFixture link;
  link.File("go.o", With("  - { Name: .ctors_of_mine, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_WRITE ], Content: "
                         "'00' }\n  - { Name: .ctors, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_WRITE ] }\n"));
  EXPECT_EQ(ReasonFor(&link, "go.o"), "");
}

TEST(GnuLdTest, LargeCommonsAndExecutableStacks) {
  LinkFixture link;
  link.File("go.o",
            With("", "  - { Name: big, Binding: STB_GLOBAL, Type: STT_OBJECT, Index: 0xff02, Value: 32, Size: 8 }\n"));
  EXPECT_THAT(ReasonFor(&link, "go.o"), HasSubstr("large common"));
  LinkFixture stack;
  stack.File("go.o", With("  - { Name: .note.GNU-stack, Type: SHT_PROGBITS, Flags: [ SHF_EXECINSTR ] }\n"));
  EXPECT_THAT(ReasonFor(&stack, "go.o"), HasSubstr("executable stack"));
  EXPECT_EQ(ReasonFor(&stack, "go.o -Wl,-z,noexecstack"), "");
}

TEST(GnuLdTest, ThreadLocalAlignmentWithoutRelro) {
  LinkFixture link;
  link.File("go.o", With("  - { Name: .tdata, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_WRITE, SHF_TLS ], "
                         "AddressAlign: 0x4000, Content: '00' }\n"));
  EXPECT_EQ(ReasonFor(&link, "go.o"), "");
  EXPECT_THAT(ReasonFor(&link, "go.o -Wl,-z,norelro"), HasSubstr("alignment"));
  EXPECT_THAT(ReasonFor(&link, "go.o -Wl,-znorelro"), HasSubstr("alignment"));
}

TEST(GnuLdTest, AVariableThatIsThreadLocalInOneFileAlone) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Define("main").Reference("v"));
  link.Object("local.o", ObjectBuilder().DefineTls("v"));
  EXPECT_THAT(ReasonFor(&link, "go.o local.o"), HasSubstr("v is thread-local in " + link.Path("local.o")));
  LinkFixture other;
  other.Object("go.o", ObjectBuilder().Define("main").ReferenceTls("v"));
  other.Object("local.o", ObjectBuilder().DefineTls("v"));
  other.Object("ordinary.o", ObjectBuilder().Define("v"));
  EXPECT_EQ(ReasonFor(&other, "go.o local.o"), "");
  EXPECT_THAT(ReasonFor(&other, "go.o ordinary.o"), HasSubstr("v is thread-local in " + other.Path("go.o")));
}

TEST(GnuLdTest, OptionsThatMeanSomethingElse) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Define("main"));
  for (const char* option :
       {"-n", "-N", "-Wl,-n", "-Wl,--nmagic", "-Wl,-N", "-Wl,--omagic", "-Wl,--unique", "-Wl,--unique=.text",
        "-Wl,--retain-symbols-file=x", "-Wl,-z,ibt", "-Wl,-zshstk", "-Wl,--orphan-handling=error"}) {
    EXPECT_THAT(ReasonFor(&link, std::string("go.o ") + option), HasSubstr("gnu-ld-driver: ")) << option;
  }
}

TEST(GnuLdTest, AWholeScript) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Define("main"));
  link.File("whole.ld", "SECTIONS { .text : { *(.text) } }");
  link.File("insert.ld", "SECTIONS { mine : { *(mine) } } INSERT AFTER .data;");
  for (const char* form : {"-Wl,-T,whole.ld", "-Wl,-Twhole.ld", "-Twhole.ld", "-T whole.ld", "-Wl,--script=whole.ld"}) {
    EXPECT_THAT(ReasonFor(&link, std::string("go.o ") + form), HasSubstr("whole.ld")) << form;
  }
  EXPECT_EQ(ReasonFor(&link, "go.o -Wl,-T,insert.ld -Wl,-Ttext=0x1000"), "");
}

TEST(GnuLdTest, AWrappedFunctionThatItsOwnObjectUses) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Define("main").Reference("f").Define("__wrap_f").Reference("__real_f"));
  link.Object("other.o", ObjectBuilder().Define("f"));
  EXPECT_EQ(ReasonFor(&link, "go.o other.o -Wl,--wrap=f"), "");
  link.File("uses.o", With("  - Name: .rela.text\n    Type: SHT_RELA\n    Flags: [ SHF_INFO_LINK ]\n    Link: .symtab\n"
                           "    Info: .text\n    Relocations:\n      - { Offset: 0, Symbol: g, Type: R_X86_64_NONE }\n",
                           "  - { Name: g, Binding: STB_GLOBAL, Type: STT_FUNC, Section: .text }\n"));
  EXPECT_THAT(ReasonFor(&link, "uses.o -Wl,--wrap=g"), HasSubstr("--wrap=g: "));
}

TEST(GnuLdTest, FindsIfuncsOfTheProgram) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Define("main").Reference("f"));
  link.Archive("lib/libf.a", {{"f.o", ObjectBuilder().DefineIfunc("f")}});
  EXPECT_EQ(FindIfunc(link.Resolve("go.o -Llib -lf")), link.Path("lib/libf.a(f.o)"));
  link.Archive("lib/libg.a", {{"f.o", ObjectBuilder().Define("f")}});
  EXPECT_EQ(FindIfunc(link.Resolve("go.o -Llib -lg")), "");
}

}  // namespace
}  // namespace cgo_ld_shim::resolve
