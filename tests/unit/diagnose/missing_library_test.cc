// Why a library that -l names is not there.
#include "diagnose/missing_library.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "target/target.h"
#include "tests/support/link_fixture.h"

namespace cgo_ld_shim::diagnose {
namespace {

using test_support::LinkFixture;
using test_support::ObjectBuilder;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(MissingLibraryTest, TheNameThatIsMeant) {
  for (const char* written :
       {"z", "libz.a", "libz.so", "libz.so.1.2", "z.a", ":libz", ":libz.a", ":libz.so.1", "/usr/lib/libz.a"})
    EXPECT_EQ(MeantLibrary(written), "z") << written;
  // Names that only look like a file's.
  EXPECT_EQ(MeantLibrary("foo.sound"), "foo.sound");
  EXPECT_EQ(MeantLibrary("liberty"), "liberty");
  EXPECT_EQ(MeantLibrary("libkrb5.a"), "krb5");
  EXPECT_EQ(MeantLibrary("lua5.4"), "lua5.4");
  EXPECT_EQ(MeantLibrary("a"), "a");
}

TEST(MissingLibraryTest, TheModuleOfADirectory) {
  EXPECT_EQ(ModuleOfPath("/home/u/go/pkg/mod/github.com/acme/slim@v0.7.2/lib"), "github.com/acme/slim@v0.7.2");
  EXPECT_EQ(ModuleOfPath("/go/pkg/mod/github.com/!big!corp/slim@v1.0.0-20240101-abcdef"),
            "github.com/BigCorp/slim@v1.0.0-20240101-abcdef");
  // It begins there, whether or not it stays.
  EXPECT_EQ(ModuleOfPath("/go/pkg/mod/github.com/acme/slim@v0.7.2/../../.cache"), "github.com/acme/slim@v0.7.2");
  EXPECT_EQ(ModuleOfPath("/go/pkg/mod/cache/download"), "");
  EXPECT_EQ(ModuleOfPath("/src/slim@v0.7.2/lib"), "");
  EXPECT_EQ(ModuleOfPath(""), "");
}

class ExplainMissingLibraryTest : public testing::Test {
 protected:
  ExplainMissingLibraryTest() {
    link_.Archive("sys/libcrypto.a", {{"c.o", ObjectBuilder().Define("c")}});
    link_.Archive("sys/libz.a", {{"z.o", ObjectBuilder().Define("z")}});
    places_.searched = {link_.Path("sys")};
    places_.target = "linux/arm64 with musl";
  }

  MissingLibrary Explain(const std::string& name, const packages::Bringers& bringers = {}) {
    return ExplainMissingLibrary(name, bringers, places_);
  }
  // The sentence as a whole: what was looked for, and what is known of it.
  std::string Sentence(const std::string& name, const packages::Bringers& bringers = {}) {
    const MissingLibrary why = Explain(name, bringers);
    return why.searched.empty() ? why.hint : why.searched + ": " + why.hint;
  }
  void Name(const std::string& directory) {
    places_.named.push_back(link_.Path(directory));
    places_.searched.insert(places_.searched.begin(), link_.Path(directory));
  }

  LinkFixture link_;
  LibraryPlaces places_;
  const packages::Bringers acme_ = {.packages = {"libacme-dev"}, .source = "Debian 12"};
};

TEST_F(ExplainMissingLibraryTest, AFilesNameIsNoLibrarysName) {
  EXPECT_EQ(Explain("libz.a").hint, "-l takes a name without lib and .a: -lz");
  EXPECT_EQ(Explain("z.a").hint, "-l takes a name without lib and .a: -lz");
  EXPECT_EQ(Explain("libzz.a").hint, "-l takes a name without lib and .a: -lzz, which is not there, either");
  EXPECT_EQ(Explain(":libz").hint, "-l:FILE takes the whole name of a file: -l:libz.a, or -lz");
}

// What is written as it should be is not told to be written so.
TEST_F(ExplainMissingLibraryTest, AFileThatIsNotThere) {
  EXPECT_EQ(Explain(":libz.so.7").hint, "no libz.so.7 in 1 directory; another file of this library is there: -lz");
  EXPECT_EQ(Sentence(":libacme.a", acme_), "no libacme.a in 1 directory: apt-get install libacme-dev");
}

TEST_F(ExplainMissingLibraryTest, APathGoesWithoutTheOption) {
  const std::string there = link_.Path("sys/libz.a"), gone = link_.Path("sys/libgone.a");
  EXPECT_EQ(Explain(there).hint, "-l takes a name, and this is a path: leave -l out, " + there);
  EXPECT_EQ(Explain(gone).hint, "-l takes a name, and this is a path; there is no file " + gone);
}

TEST_F(ExplainMissingLibraryTest, ANameATypoAway) {
  EXPECT_THAT(Explain("crypt0").hint, HasSubstr("did you mean -lcrypto?"));
  // Too short to tell, too far away, or really another library, which a package has.
  EXPECT_THAT(Explain("x").hint, Not(HasSubstr("did you mean")));
  EXPECT_THAT(Explain("kerberos").hint, Not(HasSubstr("did you mean")));
  EXPECT_THAT(Explain("crypt", acme_).hint, AllOf(HasSubstr("libacme-dev"), Not(HasSubstr("did you mean"))));
}

TEST_F(ExplainMissingLibraryTest, ItsDirectoryDoesNotExist) {
  Name("src/../vendor/lib");
  EXPECT_EQ(Explain("acme").hint, "-L names " + link_.Path("vendor/lib") + ", which does not exist");
  EXPECT_THAT(Explain("acme", acme_).hint, HasSubstr("does not exist; or apt-get install libacme-dev"));
}

TEST_F(ExplainMissingLibraryTest, ItsDirectoryIsEmptyOrHasOtherThings) {
  link_.File("vendor/README", "");
  Name("vendor");
  EXPECT_EQ(Explain("acme").hint, "-L names " + link_.Path("vendor") + ", which has no library in it");
  // One with libraries is not what is wrong.
  link_.Archive("vendor/libother.a", {{"o.o", ObjectBuilder().Define("o")}});
  EXPECT_THAT(Explain("acme").searched, HasSubstr("no libacme.a and no libacme.so in 2 directories"));
}

// Of lib and lib64 each machine has one.
TEST_F(ExplainMissingLibraryTest, ANeighbourThatServesMakesAMissingDirectoryHarmless) {
  link_.Archive("acme/lib/libother.a", {{"o.o", ObjectBuilder().Define("o")}});
  Name("acme/lib64");
  Name("acme/lib");
  EXPECT_THAT(Sentence("crypt0"), HasSubstr("in 3 directories: did you mean -lcrypto?"));
  Name("gone/lib");
  EXPECT_EQ(Sentence("crypt0"), "-L names " + link_.Path("gone/lib") + ", which does not exist");
}

TEST_F(ExplainMissingLibraryTest, AModuleThatBringsItsLibraryByACommand) {
  const std::string module = "go/pkg/mod/github.com/!acme/slim@v0.7.2";
  link_.File(module + "/cmd/slim-bench/main.go", "package main\n");
  link_.File(module + "/cmd/slim-setup/main.go", "package main\n");
  Name(module + "/../../.cache/acme");
  const MissingLibrary why = Explain("acme");
  EXPECT_THAT(
      why.hint,
      HasSubstr("the flag is from github.com/Acme/slim@v0.7.2, which installs the library with a command of its own"));
  EXPECT_THAT(why.ways_out,
              ElementsAre(WayOut{"go run github.com/Acme/slim/cmd/slim-setup@v0.7.2", "not tried: it downloads"}));
}

TEST_F(ExplainMissingLibraryTest, AModuleWithoutSuchACommand) {
  const std::string module = "go/pkg/mod/github.com/acme/slim@v0.7.2";
  // A directory without Go code, and a command whose name says nothing of getting.
  link_.File(module + "/cmd/setup/README", "");
  link_.File(module + "/cmd/slim/main.go", "package main\n");
  Name(module + "/lib");
  const MissingLibrary why = Explain("slim");
  EXPECT_THAT(why.hint, AllOf(HasSubstr("; the flag is from github.com/acme/slim@v0.7.2"), Not(HasSubstr("command"))));
  EXPECT_THAT(why.ways_out, IsEmpty());
}

TEST_F(ExplainMissingLibraryTest, ForAnotherTargetItsPackageIsNamedAndABuildIsAWayOut) {
  places_.for_this_machine = false;
  const MissingLibrary why = Explain("acme");
  EXPECT_EQ(why.Text(), "no libacme.a and no libacme.so in 1 directory for linux/arm64 with musl");
  ASSERT_EQ(why.ways_out.size(), 1U);
  EXPECT_EQ(why.ways_out[0].action,
            "build libacme.a for linux/arm64 with musl, and name its directory with -L in CGO_LDFLAGS");
  packages::Bringers arm = acme_;
  arm.packages = {"libacme-dev:arm64"};
  EXPECT_THAT(Explain("acme", arm).hint, HasSubstr("apt-get install libacme-dev:arm64"));
  EXPECT_EQ(Explain("acme", arm).ways_out.size(), 1U);
  Name("gone");
  EXPECT_THAT(Explain("acme", arm).hint, HasSubstr("does not exist; or apt-get install libacme-dev:arm64"));
}

TEST(LibraryPlacesTest, AnotherLibcOrArchitectureIsNotThisMachine) {
  toolchain::Toolchain toolchain;
  const auto places = [&](bool compat = true) { return PlacesOf({}, {}, toolchain, compat); };
  toolchain.libc = target::ParseLibc("glibc 2.36");
  toolchain.machine.arch = std::string(target::HostArch());
  EXPECT_TRUE(places().for_this_machine);
  EXPECT_EQ(places().packages, "");
  toolchain.libc = target::ParseLibc("musl 1.2.5");
  EXPECT_FALSE(places().for_this_machine);
  EXPECT_EQ(places().packages, "") << "archives that are named with -l serve musl, too";
  EXPECT_EQ(places(/*compat=*/false).packages, std::nullopt);
  toolchain.machine.arch = "riscv64";
  EXPECT_EQ(places().packages, "riscv64");
  toolchain.libc = target::ParseLibc("glibc 2.36");
  EXPECT_FALSE(places().for_this_machine);
  EXPECT_EQ(places(/*compat=*/false).packages, "riscv64");
  EXPECT_EQ(places().target, "linux/riscv64 with glibc");
  toolchain.machine.arch = "nosuch";
  EXPECT_EQ(places().packages, std::nullopt);
}

}  // namespace
}  // namespace cgo_ld_shim::diagnose
