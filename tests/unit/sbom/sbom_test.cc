// The bill of materials: what is listed, in which words, and that the same bill gives the same bytes.
#include "sbom/sbom.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "llvm/Support/JSON.h"
#include "objects/objects.h"
#include "support/file.h"
#include "support/sha256.h"
#include "tests/support/archive.h"
#include "tests/support/elf.h"
#include "toolchain/runtime_libraries.h"

namespace cgo_ld_shim::sbom {
namespace {

using ::cgo_ld_shim::test_support::MakeArchive;
using ::cgo_ld_shim::test_support::ObjectBuilder;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(LicenceTest, WordsOfDistributionsInSpdx) {
  EXPECT_EQ(SpdxLicence("Expat"), "MIT");
  EXPECT_EQ(SpdxLicence("LGPL-2.1+"), "LGPL-2.1-or-later");
  EXPECT_EQ(SpdxLicence("GPL-2+ or Expat"), "GPL-2.0-or-later OR MIT");
  EXPECT_EQ(SpdxLicence("Zlib and BSD-3-clause"), "Zlib AND BSD-3-Clause");
  EXPECT_EQ(SpdxLicence("public-domain"), "") << "is no licence that SPDX has a name for";
  EXPECT_EQ(SpdxLicence("GPL-2+ or MIT and BSD-3-clause"), "") << "which binds first is not said";
  EXPECT_EQ(SpdxLicence("GPL-2+ or mine"), "");
  EXPECT_EQ(SpdxLicence("(LGPL-3+ or GPL-2+) and Expat"), "(LGPL-3.0-or-later OR GPL-2.0-or-later) AND MIT");
  EXPECT_EQ(SpdxLicence("(Expat) and Zlib"), "MIT AND Zlib");
  for (const char* broken : {"(Expat", "Expat)", "()", "Expat and", "and Expat", "(Expat and) Zlib", "Expat, Zlib"})
    EXPECT_EQ(SpdxLicence(broken), "") << broken;
}

// A compiler's libraries, whose packages say nothing that a program can read, or only of the compiler as a whole.
TEST(LicenceTest, EveryRuntimeLibraryHasOneThatSpdxKnows) {
  for (const toolchain::RuntimeLibrary& library : toolchain::RuntimeLibraries()) {
    if (library.licence != nullptr) {
      EXPECT_EQ(SpdxLicence(library.licence), library.licence) << library.name;
    }
  }
}

TEST(PackageUrlTest, PartsAreEncoded) {
  EXPECT_EQ(PackageUrl({.type = "deb", .name = "libstdc++-12-dev", .version = "1:12.2.0~1", .architecture = "amd64"},
                       "debian", "12"),
            "pkg:deb/debian/libstdc%2B%2B-12-dev@1%3A12.2.0~1?arch=amd64&distro=debian-12");
  EXPECT_EQ(PackageUrl({.type = "deb", .name = "x", .version = "1"}, "debian", ""), "pkg:deb/debian/x@1");
  EXPECT_EQ(PackageUrl({.type = kGenericPackage, .name = "musl", .version = "1.2.5"}, "debian", "12"),
            "pkg:generic/musl@1.2.5");
  EXPECT_EQ(PackageUrl({}, "debian", "12"), "");
}

TEST(Sha256Test, AsEverybodyComputesIt) {
  EXPECT_EQ(Sha256OfFile("/nonexistent"), "");
  EXPECT_EQ(Sha256OfFile("/dev/null"), "");
}

TEST(ComponentsTest, ArchivesThatContributedWithWhatIsKnown) {
  const std::string directory = absl::StrCat(::testing::TempDir(), "/sbom");
  std::filesystem::create_directories(absl::StrCat(directory, "/pkgconfig"));
  const std::string path = absl::StrCat(directory, "/libown.a");
  const std::string archive = MakeArchive(
      {{"used.o", ObjectBuilder().Define("a").Define("b").Build()}, {"unused.o", ObjectBuilder().Define("c").Build()}});
  std::ofstream(path, std::ios::binary) << archive;
  std::ofstream(absl::StrCat(directory, "/pkgconfig/own-2.pc"))
      << "Name: own\nDescription: x\nVersion: 2.5.1\nLibs: -L" << directory << " -lown\n";
  std::ofstream(absl::StrCat(directory, "/pkgconfig/other.pc"))
      << "Name: other\nDescription: x\nVersion: 9\nLibs: -lownother\n";
  const std::vector<report::InputRecord> inputs = {
      {.path = "/tmp/go-link/go.o", .kind = "object", .origin = "given", .bytes = 5},
      {.path = path,
       .kind = "archive",
       .origin = "given",
       .bytes = archive.size(),
       .as = "-lown",
       .members = {"used.o"}},
      {.path = path,
       .kind = "archive",
       .origin = "given",
       .bytes = archive.size(),
       .as = "-lown",
       .members = {"used.o"}},
      {.path = "/gone/libgone.a", .kind = "archive", .origin = "given", .bytes = 9, .members = {"g.o"}},
      {.path = "/x/libunneeded.a", .kind = "archive", .origin = "given", .bytes = 9},
  };
  const std::vector<Component> components = Components(inputs, {"/y/librust.a"}, {});
  ASSERT_EQ(components.size(), 3U);
  EXPECT_EQ(components[0].name, "libown.a");
  EXPECT_EQ(components[0].sha256, support::Sha256OfText(archive));
  EXPECT_EQ(components[0].members, 1U);
  EXPECT_EQ(components[0].symbols, 2U);
  EXPECT_EQ(components[0].pc_name, "own-2");
  EXPECT_EQ(components[0].Version(), "2.5.1");
  EXPECT_EQ(components[1].name, "libgone.a");
  EXPECT_EQ(components[1].sha256, "");
  EXPECT_TRUE(components[2].isolated);
}

Bill MakeBill() {
  Bill bill{.name = "kv", .sha256 = std::string(64, 'a'), .bytes = 5, .time_ms = 1700000000123, .libc = "glibc 2.36"};
  bill.target = "x86_64-linux-gnu";
  bill.distribution = "debian";
  bill.distribution_version = "12";
  bill.source = "record";
  bill.go.present = true;
  bill.go.version = "go1.26.8";
  bill.go.main = {"example.com/KV", "(devel)", ""};
  bill.go.modules = {{"github.com/mattn/go-sqlite3", "v1.14.33", "h1:x="}};
  bill.components = {
      {.name = "libz.a",
       .path = "/usr/lib/libz.a",
       .sha256 = std::string(64, 'b'),
       .bytes = 10,
       .members = 3,
       .symbols = 7,
       .package =
           {.type = "deb", .name = "zlib1g-dev", .version = "1:1.2.13", .architecture = "amd64", .licence = "Zlib"}},
      {.name = "libodd.a", .package = {.type = "deb", .name = "odd", .version = "1", .licence = "public-domain"}},
      {.name = "libnobody.a"},
      {.name = "libudev.so", .path = "/usr/lib/libudev.so", .role = Role::kStub},
      {.name = "sqlite3.h", .path = "/usr/include/sqlite3.h", .role = Role::kHeader}};
  bill.needs = {{2, 3}, {}, {}, {}, {}};
  bill.program_needs = {0, 1, 4};
  return bill;
}

llvm::json::Object Parse(const std::string& text) {
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(text);
  if (!value) {
    ADD_FAILURE() << llvm::toString(value.takeError()) << text;
    return {};
  }
  return *value->getAsObject();
}

TEST(CycloneDxTest, ComponentsWithHashLicenceAndUrl) {
  const llvm::json::Object document = Parse(CycloneDx(MakeBill()));
  EXPECT_EQ(document.getString("bomFormat"), llvm::StringRef("CycloneDX"));
  EXPECT_EQ(document.getString("specVersion"), llvm::StringRef("1.5"));
  EXPECT_EQ(document.getObject("metadata")->getString("timestamp"), llvm::StringRef("2023-11-14T22:13:20Z"));
  EXPECT_EQ(document.getObject("metadata")->getObject("component")->getString("purl"),
            llvm::StringRef("pkg:golang/example.com/kv"));
  const llvm::json::Array& components = *document.getArray("components");
  ASSERT_EQ(components.size(), 7U);
  const llvm::json::Object& zlib = *components[0].getAsObject();
  EXPECT_EQ(zlib.getString("purl"),
            llvm::StringRef("pkg:deb/debian/zlib1g-dev@1%3A1.2.13?arch=amd64&distro=debian-12"));
  EXPECT_EQ((*zlib.getArray("licenses"))[0].getAsObject()->getString("expression"), llvm::StringRef("Zlib"));
  EXPECT_EQ((*zlib.getArray("hashes"))[0].getAsObject()->getString("alg"), llvm::StringRef("SHA-256"));
  const llvm::json::Object& odd = *components[1].getAsObject();
  EXPECT_EQ((*odd.getArray("licenses"))[0].getAsObject()->getObject("license")->getString("name"),
            llvm::StringRef("public-domain"));
  const llvm::json::Object& nobody = *components[2].getAsObject();
  EXPECT_EQ(nobody.get("licenses"), nullptr);
  EXPECT_EQ(nobody.get("hashes"), nullptr);
  EXPECT_EQ(nobody.get("version"), nullptr);
  EXPECT_EQ(components[3].getAsObject()->getString("scope"), llvm::StringRef("excluded")) << "a stub's library";
  EXPECT_EQ(components[2].getAsObject()->get("scope"), nullptr);
  EXPECT_THAT(CycloneDx(MakeBill()), HasSubstr("\"value\": \"header\""));
  EXPECT_EQ(components[5].getAsObject()->getString("purl"),
            llvm::StringRef("pkg:golang/github.com/mattn/go-sqlite3@v1.14.33"));
  EXPECT_EQ(components[6].getAsObject()->getString("purl"), llvm::StringRef("pkg:golang/stdlib@1.26.8"));
  const llvm::json::Array& dependencies = *document.getArray("dependencies");
  ASSERT_EQ(dependencies.size(), 2U);
  const auto needs = [&](size_t i) {
    std::vector<std::string> names;
    for (const llvm::json::Value& name : *dependencies[i].getAsObject()->getArray("dependsOn"))
      names.push_back(name.getAsString()->str());
    return names;
  };
  EXPECT_THAT(needs(0), testing::ElementsAre("archive-1", "archive-2", "archive-5", "module-1", "go-stdlib"));
  EXPECT_THAT(needs(1), testing::ElementsAre("archive-3", "archive-4"));
}

TEST(SpdxTest, PackagesRelationsAndLicencesWithoutAName) {
  const llvm::json::Object document = Parse(Spdx(MakeBill()));
  EXPECT_EQ(document.getString("spdxVersion"), llvm::StringRef("SPDX-2.3"));
  const llvm::json::Array& packages = *document.getArray("packages");
  ASSERT_EQ(packages.size(), 8U);
  EXPECT_EQ(packages[1].getAsObject()->getString("licenseDeclared"), llvm::StringRef("Zlib"));
  EXPECT_EQ(packages[2].getAsObject()->getString("licenseDeclared"), llvm::StringRef("LicenseRef-distribution-1"));
  EXPECT_EQ(packages[3].getAsObject()->getString("licenseDeclared"), llvm::StringRef("NOASSERTION"));
  EXPECT_EQ((*document.getArray("hasExtractedLicensingInfos"))[0].getAsObject()->getString("name"),
            llvm::StringRef("public-domain"));
  std::vector<std::string> relations;
  for (const llvm::json::Value& value : *document.getArray("relationships")) {
    const llvm::json::Object& relation = *value.getAsObject();
    relations.push_back(absl::StrCat(relation.getString("spdxElementId")->substr(8).str(), " ",
                                     relation.getString("relationshipType")->str(), " ",
                                     relation.getString("relatedSpdxElement")->substr(8).str()));
  }
  EXPECT_THAT(relations, testing::ElementsAre("DOCUMENT DESCRIBES program", "program STATIC_LINK archive-1",
                                              "program STATIC_LINK archive-2", "program STATIC_LINK archive-3",
                                              "program OTHER archive-4", "archive-5 BUILD_DEPENDENCY_OF program",
                                              "archive-1 DEPENDS_ON archive-3", "archive-1 DEPENDS_ON archive-4",
                                              "program STATIC_LINK module-1", "program STATIC_LINK go-stdlib"));
}

TEST(SbomTest, TheSameBillGivesTheSameBytesAndAnotherAnotherIdentity) {
  EXPECT_EQ(CycloneDx(MakeBill()), CycloneDx(MakeBill()));
  EXPECT_EQ(Spdx(MakeBill()), Spdx(MakeBill()));
  Bill other = MakeBill();
  other.components[0].package.version = "1:1.2.14";
  const auto serial = [](const Bill& bill) { return Parse(CycloneDx(bill)).getString("serialNumber")->str(); };
  EXPECT_NE(serial(other), serial(MakeBill()));
  EXPECT_THAT(serial(other),
              ::testing::MatchesRegex("urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
}

TEST(PackageNoteTest, ComesBackAndNamesNoPath) {
  const std::string json =
      PackageNote(MakeBill().components,
                  {.name = "kv", .architecture = "x86_64", .distribution = "debian", .distribution_version = "12"});
  EXPECT_THAT(json, Not(HasSubstr("/usr/lib")));
  EXPECT_THAT(json, Not(HasSubstr("\n")));
  NoteHeader header;
  const std::vector<Component> back = PackageNoteComponents(json, &header);
  EXPECT_EQ(header.name, "kv");
  EXPECT_EQ(header.distribution, "debian");
  EXPECT_EQ(header.distribution_version, "12");
  ASSERT_EQ(back.size(), 5U);
  EXPECT_EQ(back[0].package.version, "1:1.2.13");
  EXPECT_EQ(back[0].package.licence, "Zlib");
  EXPECT_EQ(back[0].symbols, 7U);
  EXPECT_TRUE(PackageNoteComponents(R"({"type":"rpm","name":"coreutils"})", &header).empty()) << "another's note";
  EXPECT_TRUE(PackageNoteComponents("no JSON", &header).empty());
  EXPECT_TRUE(PackageNoteComponents(R"({"type":"cgo-ld-shim","components":[1,{"members":-5}]})", &header).empty());
}

TEST(MakeNoteTest, IsAnObjectOfTheMachineThatReadersUnderstand) {
  for (const ObjectBuilder& like :
       {ObjectBuilder().Define("f"), ObjectBuilder().Define("f").Machine(llvm::ELF::EM_AARCH64),
        ObjectBuilder().Define("f").Machine(llvm::ELF::EM_ARM).Class32(),
        ObjectBuilder().Define("f").Machine(llvm::ELF::EM_S390).BigEndian()}) {
    const std::string bytes = like.Build();
    const absl::StatusOr<std::string> object = objects::MakeNote(
        bytes, {.section = ".note.package", .owner = "FDO", .type = kPackageNoteType, .content = R"({"a":1})"});
    ASSERT_TRUE(object.ok()) << object.status();
    absl::StatusOr<std::vector<inspect::BinaryFacts>> as = inspect::ReadBinaryBytes(bytes, "like");
    absl::StatusOr<std::vector<inspect::BinaryFacts>> note = inspect::ReadBinaryBytes(*object, "note");
    ASSERT_TRUE(as.ok() && note.ok()) << note.status();
    EXPECT_EQ((*note)[0].architecture, (*as)[0].architecture);
    EXPECT_EQ((*note)[0].bits, (*as)[0].bits);
    EXPECT_EQ((*note)[0].type, "object");
    EXPECT_EQ((*note)[0].package_note, R"({"a":1})");
  }
  EXPECT_FALSE(objects::MakeNote("text", {}).ok());
}

}  // namespace
}  // namespace cgo_ld_shim::sbom
