// Packing, step by step: which archives, for which platform, which names stay, what consumers write; and the whole of
// it with objects made here.
#include "pack/pack.h"

#include <filesystem>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isolate/partial.h"
#include "pack/steps.h"
#include "support/file.h"
#include "symbols/symbols.h"
#include "tests/support/elf.h"
#include "tests/support/link_fixture.h"

namespace cgo_ld_shim::pack {
namespace {

using target::LibcFamily;
using test_support::LinkFixture;
using test_support::ObjectBuilder;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

namespace fs = std::filesystem;

absl::StatusOr<Place> PlaceOfFile(const LinkFixture& link, const std::string& name,
                                  LibcFamily unless_it_says = LibcFamily::kNone) {
  // Relative, as users name it: the fixture's own directory says nothing.
  absl::StatusOr<lint::ArchiveFacts> facts = lint::ReadArchive(link.Path(name));
  if (!facts.ok()) return facts.status();
  facts->path = name;
  return PlaceOf(*facts, unless_it_says);
}

std::string TextOf(const absl::StatusOr<Place>& place) {
  return place.ok() ? place->platform + "/" + place->library : std::string(place.status().message());
}

TEST(PackTest, ThePlatformIsThatOfTheObjectsAndTheRestOfThePath) {
  LinkFixture link;
  const ObjectBuilder amd64 = ObjectBuilder().Define("f"), arm64 = ObjectBuilder().Define("f").Machine(183);
  link.Archive("target/x86_64-unknown-linux-gnu/release/libSlim.a", {{"f.o", amd64}});
  link.Archive("libslim_aarch64_linux_musl.a", {{"f.o", arm64}});
  link.Archive("linux_amd64_musl/libslim.a", {{"f.o", amd64}});
  EXPECT_EQ(TextOf(PlaceOfFile(link, "target/x86_64-unknown-linux-gnu/release/libSlim.a")),
            "x86_64-linux-gnu/libSlim.a");
  EXPECT_EQ(TextOf(PlaceOfFile(link, "libslim_aarch64_linux_musl.a")), "aarch64-linux-musl/libslim.a");
  EXPECT_EQ(TextOf(PlaceOfFile(link, "linux_amd64_musl/libslim.a")), "x86_64-linux-musl/libslim.a");
}

TEST(PackTest, ACLibraryThatNothingNamesIsAskedFor) {
  LinkFixture link;
  link.Archive("linux_amd64/libslim.a", {{"f.o", ObjectBuilder().Define("f")}});
  EXPECT_THAT(TextOf(PlaceOfFile(link, "linux_amd64/libslim.a")),
              AllOf(HasSubstr("linux_amd64/libslim.a: "), HasSubstr("say --libc glibc or --libc musl")));
  EXPECT_EQ(TextOf(PlaceOfFile(link, "linux_amd64/libslim.a", LibcFamily::kMusl)), "x86_64-linux-musl/libslim.a");
}

TEST(PackTest, WhoCompiledItIsAGuessThatThePathOverrules) {
  LinkFixture link;
  const ObjectBuilder debian = ObjectBuilder().Define("f").Comment("GCC: (Debian 12.2.0-14) 12.2.0");
  link.Archive("libslim.a", {{"f.o", debian}});
  link.Archive("libslim_musl.a", {{"f.o", debian}});
  EXPECT_EQ(TextOf(PlaceOfFile(link, "libslim.a")), "x86_64-linux-gnu/libslim.a");
  EXPECT_EQ(TextOf(PlaceOfFile(link, "libslim_musl.a")), "x86_64-linux-musl/libslim.a");
}

TEST(PackTest, ANameAgainstWhatIsInItIsRefused) {
  LinkFixture link;
  link.Archive("libslim_gnu.a", {{"f.o", ObjectBuilder().Define("f").Define("__init_libc")}});
  EXPECT_THAT(TextOf(PlaceOfFile(link, "libslim_gnu.a")), HasSubstr("named for glibc, and built for musl"));
  EXPECT_EQ(TextOf(PlaceOfFile(link, "libslim_gnu.a", LibcFamily::kGlibc)), "x86_64-linux-gnu/libslim.a");
}

TEST(PackTest, WhatIsNoSingleObjectForLinuxIsRefusedByName) {
  LinkFixture link;
  link.Archive("gnu/libmixed.a",
               {{"a.o", ObjectBuilder().Define("a")}, {"b.o", ObjectBuilder().Define("b").Machine(183)}});
  link.Archive("gnu/libempty.a", {});
  link.Archive("gnu/libmips.a",
               {{"a.o", ObjectBuilder().Define("a").Machine(llvm::ELF::EM_MIPS).Class32().BigEndian()}});
  link.Archive("x86_64_linux_gnu.a", {{"a.o", ObjectBuilder().Define("a")}});
  EXPECT_THAT(TextOf(PlaceOfFile(link, "gnu/libmixed.a")), HasSubstr("its objects are for amd64 and arm64"));
  EXPECT_THAT(TextOf(PlaceOfFile(link, "gnu/libempty.a")), HasSubstr("there is no object in it"));
  EXPECT_THAT(TextOf(PlaceOfFile(link, "gnu/libmips.a")), HasSubstr("MIPS"));
  EXPECT_THAT(TextOf(PlaceOfFile(link, "x86_64_linux_gnu.a")), HasSubstr("its name says a platform alone"));
}

TEST(PackTest, ArchivesAreFoundAtAnyDepthAndBuildToolsKeepTheirOwn) {
  LinkFixture link;
  for (const char* name : {"dist/b/c/d/libb.a", "dist/liba.a", "dist/release/libx.a", "dist/release/deps/libx-12ab.a",
                           "dist/release/build/ring/out/libring.a"})
    link.Archive(name, {{"f.o", ObjectBuilder().Define("f")}});
  link.File("dist/release/.fingerprint/x/x", "");
  link.File("dist/notes.txt", "");
  link.Archive("dist/lib/x86_64-linux-gnu/libx.a", {{"f.o", ObjectBuilder().Define("f")}});
  link.File("dist/lib/manifest.json", R"({"schema": 1, "made_by": "cgo-ld-shim pack"})");
  const auto found = FindArchives({link.Path("dist"), link.Path("dist/liba.a")});
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_THAT(*found,
              ElementsAre(link.Path("dist/b/c/d/libb.a"), link.Path("dist/liba.a"), link.Path("dist/release/libx.a")));
}

TEST(PackTest, ADirectoryWithoutArchivesAndAFileThatIsNotThereAreSaid) {
  LinkFixture link;
  link.File("dist/notes.txt", "");
  EXPECT_THAT(FindArchives({link.Path("dist")}).status().message(),
              HasSubstr("no archive (*.a) is in " + link.Path("dist")));
  EXPECT_THAT(FindArchives({link.Path("libx.a")}).status().message(),
              HasSubstr(link.Path("libx.a") + ": no such file"));
}

lint::ArchiveFacts Facts(std::vector<std::string> api, std::vector<lint::Clash> clashes = {}) {
  lint::ArchiveFacts facts;
  facts.api = std::move(api);
  facts.clashes = std::move(clashes);
  return facts;
}

TEST(PackTest, WithoutAWishTheLibrarysOwnNamesStay) {
  EXPECT_THAT(NamesToKeep(Facts({"slim_go", "sqlite3_open"}, {{"SQLite", {"sqlite3_open"}}}), {}, {}),
              ElementsAre("slim_go"));
  lint::ArchiveFacts mangled = Facts({"_ZN4slim2goEv"});
  mangled.api_is_mangled = true;
  EXPECT_THAT(NamesToKeep(mangled, {}, {}), IsEmpty());
}

TEST(PackTest, APatternTakesNoHiddenNameAndNoneOfARuntime) {
  const Offers offers = {{"slim_go", {.strong = true}},
                         {"slim_secret", {.strong = true, .hidden = true}},
                         {"slim_hook", {}},
                         {"rust_eh_personality", {.strong = true}},
                         {"other", {.strong = true}}};
  EXPECT_THAT(NamesToKeep({}, offers, {.patterns = {"slim_*"}}), ElementsAre("slim_go", "slim_hook"));
  EXPECT_THAT(NamesToKeep({}, offers, {.patterns = {"*"}}), ElementsAre("other", "slim_go", "slim_hook"));
  EXPECT_THAT(NamesToKeep({}, offers, {.names = {"slim_secret", "none"}}), ElementsAre("slim_secret"));
}

TEST(PackTest, AHeadersWordsAreThoseOutsideOfCommentsAndTexts) {
  const std::set<std::string> words = WordsOfHeader(R"(
// int commented(void);
/* int this_too(void); */
#include "slim/in_text.h"
extern const char *slim_name(int c /* = '"' */), q = '"';
int slim_go(void);  // "
#define slim_alias slim_v2
)");
  for (const char* word : {"slim_name", "slim_go", "slim_alias", "slim_v2"}) EXPECT_TRUE(words.contains(word)) << word;
  for (const char* word : {"commented", "this_too", "in_text"}) EXPECT_FALSE(words.contains(word)) << word;
}

TEST(PackTest, AHeaderKeepsWhatItNamesAndNoCopyOfMemcpy) {
  const Offers offers = {{"slim_go", {.strong = true, .hidden = true}},
                         {"memcpy", {.hidden = true}},
                         {"slim_hook", {}},
                         {"internal", {.strong = true}}};
  EXPECT_THAT(NamesToKeep({}, offers, {.in_headers = {"slim_go", "memcpy", "slim_hook", "int"}}),
              ElementsAre("slim_go", "slim_hook"));
}

TEST(PackTest, AListHasANameALine) {
  EXPECT_THAT(NamesOfList("# the API\nslim_go\n\n  slim_v2_*  # all of it\r\n"), ElementsAre("slim_go", "slim_v2_*"));
}

TEST(PackTest, AWishThatNothingMeetsIsNamed) {
  const std::vector<Offers> all = {{{"a", {}}}, {{"b", {}}}};
  EXPECT_THAT(Unmet({.names = {"a", "b", "c"}, .patterns = {"a*", "x*"}}, all), ElementsAre("c", "x*"));
}

PackedArchive Of(const std::string& library, const std::string& platform, const std::string& arch, LibcFamily libc,
                 std::vector<std::string> libraries = {}) {
  PackedArchive archive{.library = library, .platform = platform, .libc = libc, .path = platform + "/" + library};
  archive.trial.arch = arch;
  archive.trial.libraries = std::move(libraries);
  return archive;
}

TEST(PackTest, ALineNamesTheBuildForGlibcWhereThereIsOneAndAllLibraries) {
  EXPECT_THAT(CgoLines({Of("libone.a", "x86_64-linux-gnu", "amd64", LibcFamily::kGlibc, {"-ltwo", "-lm"}),
                        Of("libone.a", "x86_64-linux-musl", "amd64", LibcFamily::kMusl),
                        Of("libtwo.a", "x86_64-linux-gnu", "amd64", LibcFamily::kGlibc, {"-lstdc++", "-lm"}),
                        Of("libone.a", "aarch64-linux-musl", "arm64", LibcFamily::kMusl)},
                       "lib"),
              ElementsAre("linux,amd64 LDFLAGS: -L${SRCDIR}/lib/x86_64-linux-gnu -lone -ltwo -lstdc++ -lm",
                          "linux,arm64 LDFLAGS: -L${SRCDIR}/lib/aarch64-linux-musl -lone"));
}

TEST(PackTest, WhoseNamesTheyWereIsCounted) {
  const std::vector<MadeLocal> whose =
      WhoseNames("libslim.a", {"sqlite3_open", "sqlite3_close", "rust_eh_personality", "helper"});
  ASSERT_THAT(whose, SizeIs(3));
  EXPECT_EQ(whose[0].library, "Rust's runtime");
  EXPECT_EQ(whose[1].library, "SQLite");
  EXPECT_EQ(whose[1].names, 2U);
  EXPECT_EQ(whose[2].library, "");
}

// The whole.

struct Made {
  absl::StatusOr<Packed> packed;
  std::string message() const { return std::string(packed.status().message()); }
};

// Nothing here links for a processor without a compiler: the trial is left out, and all else is as it is.
ObjectBuilder S390x() { return ObjectBuilder().Machine(llvm::ELF::EM_S390).BigEndian(); }

Made PackInto(const LinkFixture& link, Request request) {
  for (std::string& path : request.paths) path = link.Path(path);
  request.output = link.Path(request.output);
  const char* const environment[] = {"PATH=/none", nullptr};
  return {Pack(request, environment, [](const std::string&) {})};
}

std::vector<std::string> GlobalNames(const std::string& path) {
  const auto archive = symbols::Archive::Open(path);
  if (!archive.ok()) return {std::string(archive.status().message())};
  std::vector<std::string> names;
  for (const auto& entry : (*archive)->index()) names.emplace_back(entry.symbol);
  return names;
}

TEST(PackTest, OneObjectWithTheNamesThatStay) {
  LinkFixture link;
  link.Archive("dist/libslim_s390x_linux_gnu.a",
               {{"slim.o", S390x().Define("slim_go").Reference("helper").ReferenceWeak("perhaps").Reference("malloc")},
                {"helper.o", S390x().Define("helper").Define("sqlite3_open")},
                {"more.o", S390x().Define("unneeded")}});
  const Made made = PackInto(link, {.paths = {"dist"}, .output = "lib", .keep = {"slim_go"}});
  ASSERT_TRUE(made.packed.ok()) << made.message();
  const std::string path = link.Path("lib/s390x-linux-gnu/libslim.a");
  EXPECT_THAT(GlobalNames(path), ElementsAre("slim_go"));
  const auto archive = symbols::Archive::Open(path);
  ASSERT_TRUE(archive.ok());
  EXPECT_EQ((*archive)->member_count(), 1U);
  const auto object = (*archive)->Load(0);
  ASSERT_TRUE(object.ok());
  std::vector<std::string> needed;
  for (const symbols::Reference& reference : (*object)->references) needed.emplace_back(reference.name);
  EXPECT_THAT(needed, testing::UnorderedElementsAre("malloc", "perhaps"));
  ASSERT_THAT(made.packed->archives, SizeIs(1));
  EXPECT_EQ(made.packed->archives[0].members, 2U);
  EXPECT_THAT(made.packed->cgo_lines, ElementsAre("linux,s390x LDFLAGS: -L${SRCDIR}/lib/s390x-linux-gnu -lslim"));
  EXPECT_FALSE(fs::exists(link.Path("lib/debug")));
  // Nothing is left beside it.
  EXPECT_THAT(support::ListDirectory(link.dir()), ElementsAre("dist", "lib", "sys"));
}

TEST(PackTest, AllMembersWhereThatIsAskedFor) {
  LinkFixture link;
  link.Archive("dist/libslim_s390x_linux_gnu.a",
               {{"slim.o", S390x().Define("slim_go")}, {"more.o", S390x().Define("more")}});
  const Made made = PackInto(link, {.paths = {"dist"}, .output = "lib", .keep = {"slim_go"}, .whole = true});
  ASSERT_TRUE(made.packed.ok()) << made.message();
  EXPECT_EQ(made.packed->archives[0].members, 2U);
}

TEST(PackTest, TheSameBytesFromAnotherPlace) {
  std::vector<std::string> manifests, archives;
  for (const char* where : {"a/lib", "some/other/place/lib"}) {
    LinkFixture link;
    link.Archive("dist/libslim_s390x_linux_gnu.a", {{"slim.o", S390x().Define("slim_go").Define("b")}});
    fs::create_directories(fs::path(link.Path(where)).parent_path());
    const Made made = PackInto(link, {.paths = {"dist"}, .output = where});
    ASSERT_TRUE(made.packed.ok()) << made.message();
    manifests.push_back(*support::ReadFile(link.Path(where) + "/manifest.json"));
    archives.push_back(*support::ReadFile(link.Path(where) + "/s390x-linux-gnu/libslim.a"));
  }
  EXPECT_EQ(manifests[0], manifests[1]);
  EXPECT_EQ(archives[0], archives[1]);
}

// Both are for machines for which nothing here links, so that nothing is tried.
TEST(PackTest, NamesThatAnotherPlatformHasAreNoted) {
  LinkFixture link;
  link.Archive("dist/libslim_s390x_linux_gnu.a", {{"a.o", S390x().Define("slim_a").Define("slim_b")}});
  link.Archive("dist/libslim_ppc64le_linux_gnu.a",
               {{"a.o", ObjectBuilder().Machine(llvm::ELF::EM_PPC64).Define("slim_a")}});
  const Made made = PackInto(link, {.paths = {"dist"}, .output = "lib"});
  ASSERT_TRUE(made.packed.ok()) << made.message();
  EXPECT_THAT(made.packed->notes, testing::Contains(HasSubstr("-linux-gnu/libslim.a lacks slim_b")));
}

TEST(PackTest, WhatCannotBePackedLeavesNothing) {
  LinkFixture link;
  link.Archive("dist/libslim_s390x_linux_gnu.a", {{"a.o", S390x().Define("slim_a")}});
  link.Archive("dist/gnu/libslim.a", {{"a.o", S390x().Define("slim_other")}});
  EXPECT_THAT(PackInto(link, {.paths = {"dist"}, .output = "lib"}).message(),
              AllOf(HasSubstr("dist/gnu/libslim.a and "), HasSubstr("would both become s390x-linux-gnu/libslim.a")));
  fs::remove(link.Path("dist/gnu/libslim.a"));
  EXPECT_THAT(PackInto(link, {.paths = {"dist"}, .output = "lib", .keep = {"slim_z", "slim_a"}}).message(),
              HasSubstr("no archive defines slim_z (looked in 1 archive"));
  link.Archive("dist/libother_s390x_linux_gnu.a", {{"a.o", S390x().Define("other")}});
  EXPECT_THAT(PackInto(link, {.paths = {"dist"}, .output = "lib", .keep = {"slim_a"}}).message(),
              HasSubstr("none of the names that are to stay is in " + link.Path("dist/libother_s390x_linux_gnu.a")));
  EXPECT_THAT(support::ListDirectory(link.dir()), ElementsAre("dist", "sys"));
}

TEST(PackTest, ACopyOfAnInputIsNoSecondOne) {
  LinkFixture link;
  link.Archive("dist/libslim_s390x_linux_gnu.a", {{"a.o", S390x().Define("slim_a")}});
  fs::create_directories(link.Path("dist/gnu"));
  fs::copy_file(link.Path("dist/libslim_s390x_linux_gnu.a"), link.Path("dist/gnu/libslim.a"));
  const Made made = PackInto(link, {.paths = {"dist"}, .output = "lib"});
  ASSERT_TRUE(made.packed.ok()) << made.message();
  EXPECT_THAT(made.packed->archives, SizeIs(1));
}

TEST(PackTest, OnlyWhatPackMadeIsReplaced) {
  LinkFixture link;
  link.Archive("dist/libslim_s390x_linux_gnu.a", {{"a.o", S390x().Define("slim_a")}});
  const Request request{.paths = {"dist"}, .output = "lib"};
  link.File("lib/precious", "");
  EXPECT_THAT(PackInto(link, request).message(), HasSubstr("pack did not make it; nothing is overwritten"));
  fs::remove(link.Path("lib/precious"));
  EXPECT_TRUE(PackInto(link, request).packed.ok());  // an empty directory
  link.Archive("dist/libmore_s390x_linux_gnu.a", {{"a.o", S390x().Define("more")}});
  const Made again = PackInto(link, request);
  ASSERT_TRUE(again.packed.ok()) << again.message();
  EXPECT_TRUE(fs::exists(link.Path("lib/s390x-linux-gnu/libmore.a")));
  link.File("lib/s390x-linux-gnu/notes.txt", "");
  EXPECT_THAT(PackInto(link, request).message(), HasSubstr("lib/s390x-linux-gnu/notes.txt would be lost"));
  link.File("file", "");
  EXPECT_THAT(PackInto(link, {.paths = {"dist"}, .output = "file"}).message(), HasSubstr("no directory"));
}

TEST(PackTest, ATentativeDefinitionThatIsMadeLocalGetsItsPlace) {
  LinkFixture link;
  link.Archive("libc_s390x_gnu.a",
               {{"a.o", S390x().Define("slim_a").DefineCommon("shared", 12).DefineCommon("kept", 8)}});
  const std::string linked = link.Path("linked.o");
  ASSERT_TRUE(isolate::LinkPartially({.archive = link.Path("libc_s390x_gnu.a"), .names = {"slim_a"}}, linked).ok());
  const auto object = isolate::KeepGlobal(*support::ReadFile(linked), {"slim_a", "kept"});
  ASSERT_TRUE(object.ok()) << object.status();
  const auto read = symbols::ReadObject(*object, "linked.o");
  ASSERT_TRUE(read.ok()) << read.status();
  std::vector<std::string> names;
  for (const symbols::Definition& definition : read->definitions) names.emplace_back(definition.name);
  EXPECT_THAT(names, testing::UnorderedElementsAre("slim_a", "kept"));
}

}  // namespace
}  // namespace cgo_ld_shim::pack
