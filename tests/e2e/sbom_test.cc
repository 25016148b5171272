// The bill of materials of programs that were really linked, by record and by note.
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "llvm/Support/JSON.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// A program with a library of ours that has a .pc file beside it.
std::string ModuleWithLibrary() {
  const std::string module =
      MakeModule({{"main.go", R"(package main

// #cgo LDFLAGS: -L${SRCDIR}/lib -lown
// int own(int x);
import "C"

import "fmt"

func main() { fmt.Println(C.own(41)) }
)"},
                  {"lib/pkgconfig/own.pc", "Name: own\nDescription: ours\nVersion: 2.5.1\nLibs: -lown\n"}});
  MakeArchive(absl::StrCat(module, "/lib/libown.a"), {{"own.c", "int own(int x) { return x + 1; }\n"}});
  return module;
}

llvm::json::Object Parse(const std::string& text) {
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(text);
  if (!value || value->getAsObject() == nullptr) {
    ADD_FAILURE() << "no JSON: " << text;
    if (!value) llvm::consumeError(value.takeError());
    return {};
  }
  return *value->getAsObject();
}

// A field of the component of a name; empty: not there.
std::string FieldOf(const llvm::json::Object& bill, const std::string& name, const char* field) {
  if (const llvm::json::Array* components = bill.getArray("components")) {
    for (const llvm::json::Value& component : *components) {
      if (component.getAsObject()->getString("name") == llvm::StringRef(name))
        return component.getAsObject()->getString(field).value_or("").str();
    }
  }
  ADD_FAILURE() << "no component " << name;
  return "";
}

TEST(SbomTest, ListsWhatTheRecordNames) {
  const GoBuild build = BuildIn(ModuleWithLibrary());
  EXPECT_EQ(RunStatic(build).output, "42\n");
  const ProcessResult sbom = RunProgram({Shim(), "sbom", build.binary});
  ASSERT_TRUE(Succeeded(sbom));
  EXPECT_EQ(sbom.error, "");
  const llvm::json::Object bill = Parse(sbom.output);
  EXPECT_EQ(FieldOf(bill, "libown.a", "version"), "2.5.1");
  const std::string sum = RunProgram({"sha256sum", absl::StrCat(build.directory, "/lib/libown.a")}).output;
  EXPECT_THAT(sbom.output, HasSubstr(sum.substr(0, 64)));
  const ProcessResult dpkg = RunProgram({"dpkg-query", "-W", "-f", "${Version}", "libc6-dev"});
  if (dpkg.exit_status == 0) {
    EXPECT_EQ(FieldOf(bill, "libc.a", "version"), dpkg.output);
  }
  EXPECT_EQ(RunProgram({Shim(), "sbom", build.binary}).output, sbom.output) << "the same bytes each time";

  const std::string file = absl::StrCat(build.directory, "/bill.json");
  EXPECT_TRUE(Succeeded(RunProgram({Shim(), "sbom", build.binary, "--format", "spdx", "-o", file})));
  EXPECT_EQ(Parse(ReadText(file)).getString("spdxVersion"), llvm::StringRef("SPDX-2.3"));
}

TEST(SbomTest, TheNoteIsTheSameEverywhereAndSurvivesTheRecord) {
  const Environment note = {"CGO_LD_SHIM_NOTE=1"};
  const std::string module = ModuleWithLibrary(), other = MakeTempDirectory() + "/elsewhere";
  ASSERT_TRUE(Succeeded(RunProgram({"cp", "-r", module, other})));
  // Go's build ID is a hash of the directory as well, because -L names it.
  const std::vector<std::string> args = {"-trimpath", "-ldflags=-s -w -buildid="};
  const GoBuild first = BuildIn(module, note, args), second = BuildIn(other, note, args);
  EXPECT_EQ(RunStatic(first).output, "42\n");
  ASSERT_TRUE(Succeeded(second.go));
  EXPECT_TRUE(ReadText(first.binary) == ReadText(second.binary)) << "the note has bytes of the directory";

  const Environment without_records = {absl::StrCat("XDG_STATE_HOME=", MakeTempDirectory())};
  const ProcessResult sbom = RunProgram({Shim(), "sbom", first.binary}, without_records);
  ASSERT_TRUE(Succeeded(sbom));
  const llvm::json::Object bill = Parse(sbom.output);
  EXPECT_EQ(FieldOf(bill, "libown.a", "version"), "2.5.1");
  EXPECT_THAT(sbom.output, Not(HasSubstr(module)));
  EXPECT_THAT(RunProgram({Shim(), "check", first.binary}, without_records).output,
              AllOf(HasSubstr("package note"), HasSubstr("libown.a")));
}

TEST(SbomTest, WhatIsNotKnownIsSaid) {
  const GoBuild build = BuildIn(ModuleWithLibrary());
  const ProcessResult sbom =
      RunProgram({Shim(), "sbom", build.binary}, {absl::StrCat("XDG_STATE_HOME=", MakeTempDirectory())});
  EXPECT_EQ(sbom.exit_status, 1);
  EXPECT_EQ(sbom.output, "");
  EXPECT_THAT(sbom.error, AllOf(HasSubstr("is not known"), HasSubstr("CGO_LD_SHIM_NOTE=1")));
  EXPECT_EQ(RunProgram({Shim(), "sbom", "/nonexistent"}).exit_status, 1);
  EXPECT_EQ(RunProgram({Shim(), "sbom", build.binary, "--format=xml"}).exit_status, 2);
}

// The expression of a component's licence; its name in the distribution's words where SPDX has none; empty: none.
std::string LicenceIn(const llvm::json::Object& bill, const std::string& name) {
  for (const llvm::json::Value& value : *bill.getArray("components")) {
    const llvm::json::Object& component = *value.getAsObject();
    if (component.getString("name") != llvm::StringRef(name)) continue;
    const llvm::json::Array* licences = component.getArray("licenses");
    if (licences == nullptr || licences->empty()) return "";
    const llvm::json::Object& licence = *(*licences)[0].getAsObject();
    if (const auto expression = licence.getString("expression")) return expression->str();
    return licence.getObject("license")->getString("name").value_or("").str();
  }
  ADD_FAILURE() << "no component " << name;
  return "";
}

// Names of the components that another one needs; "program" is the program.
std::vector<std::string> NeedsOf(const llvm::json::Object& bill, const std::string& name) {
  std::map<std::string, std::string> names = {{"program", "program"}};
  for (const llvm::json::Value& component : *bill.getArray("components"))
    names[component.getAsObject()->getString("bom-ref")->str()] = component.getAsObject()->getString("name")->str();
  std::vector<std::string> needs;
  for (const llvm::json::Value& value : *bill.getArray("dependencies")) {
    const llvm::json::Object& dependency = *value.getAsObject();
    if (names[dependency.getString("ref")->str()] != name) continue;
    for (const llvm::json::Value& needed : *dependency.getArray("dependsOn"))
      needs.push_back(names[needed.getAsString()->str()]);
  }
  return needs;
}

// What every static program of C++ has in it, and what nobody lists: the compiler's libraries and Go's own.
TEST(SbomTest, TheCompilersLibrariesHaveLicencesAndNeedEachOther) {
  if (RunProgram({"dpkg-query", "-S", "/usr/lib/gcc"}).exit_status != 0)
    GTEST_SKIP() << "the compiler is of no package that dpkg knows";
  const GoBuild build = BuildGo("cxx", {"CXX=cgo-ld-shim++"});
  ASSERT_TRUE(Succeeded(build.go));
  const llvm::json::Object bill = Parse(RunProgram({Shim(), "sbom", build.binary}).output);
  EXPECT_EQ(LicenceIn(bill, "libc.a"), "LGPL-2.1-or-later");
  EXPECT_EQ(LicenceIn(bill, "libstdc++.a"), "GPL-3.0-or-later WITH GCC-exception-3.1");
  EXPECT_EQ(LicenceIn(bill, "libgcc_eh.a"), "GPL-3.0-or-later WITH GCC-exception-3.1");
  EXPECT_EQ(LicenceIn(bill, "stdlib"), "BSD-3-Clause");
  EXPECT_THAT(FieldOf(bill, "libc.a", "purl"), testing::ContainsRegex("\\?arch=[a-z0-9]+&distro=[a-z]+-[0-9]"));
  EXPECT_THAT(NeedsOf(bill, "libstdc++.a"), testing::Contains("libgcc_eh.a"));
  EXPECT_THAT(NeedsOf(bill, "program"), AllOf(testing::Contains("libstdc++.a"), testing::Contains("stdlib")));
}

TEST(SbomTest, ZigsMuslHasAVersionALicenceAndAPackageUrl) {
  SKIP_WITHOUT_ZIG();
  for (const Environment& more : {Environment{}, Environment{"CGO_LD_SHIM_NOTE=1"}}) {
    Environment environment = {"CGO_LD_SHIM_LIBC=musl"};
    environment.insert(environment.end(), more.begin(), more.end());
    const GoBuild build = BuildGo("hello", environment);
    ASSERT_TRUE(Succeeded(build.go));
    Environment asking;
    // The note alone speaks where there is no record.
    if (!more.empty()) asking.push_back(absl::StrCat("XDG_STATE_HOME=", MakeTempDirectory()));
    const llvm::json::Object bill = Parse(RunProgram({Shim(), "sbom", build.binary}, asking).output);
    EXPECT_EQ(LicenceIn(bill, "libc.a"), "MIT");
    EXPECT_THAT(FieldOf(bill, "libc.a", "version"), testing::MatchesRegex("1\\.[0-9.]+"));
    EXPECT_EQ(FieldOf(bill, "libc.a", "purl"), "pkg:generic/musl@" + FieldOf(bill, "libc.a", "version"));
    EXPECT_THAT(FieldOf(bill, "libcompiler_rt.a", "purl"), HasSubstr("pkg:generic/zig@0."));
  }
}

TEST(SbomTest, AStubIsMarkedAndSaidToBeNoPartOfTheProgram) {
  const std::string module = ModuleWithLibrary();
  MakeArchive(absl::StrCat(module, "/lib/libown.a"),
              {{"own.c", "int dyn(void); int own(int x) { return x > 1000 ? dyn() : x + 1; }\n"}});
  Compile(absl::StrCat(module, "/lib/libdyn.so"), "int dyn(void) { return 0; }\n", {"-shared", "-fPIC"});
  Compile(absl::StrCat(module, "/lib/libown.so"), "int dyn(void); int own(int x) { return dyn(); }\n",
          {"-shared", "-fPIC", absl::StrCat("-L", module, "/lib"), "-ldyn"});
  const GoBuild build = BuildIn(module, {"CGO_LD_SHIM_STUBS=dyn"});
  EXPECT_EQ(RunStatic(build).output, "42\n");
  const ProcessResult sbom = RunProgram({Shim(), "sbom", build.binary});
  EXPECT_EQ(sbom.error, "");
  const llvm::json::Object bill = Parse(sbom.output);
  EXPECT_EQ(FieldOf(bill, "libdyn.so", "scope"), "excluded");
  EXPECT_THAT(NeedsOf(bill, "libown.a"), testing::ElementsAre("libdyn.so"));
  EXPECT_THAT(RunProgram({Shim(), "sbom", build.binary, "--format=spdx"}).output,
              HasSubstr("not in the program: functions stand in its place"));
}

TEST(SbomTest, LicenceTextsAreCopiedAndWhatHasNoneIsNamed) {
  const GoBuild build = BuildIn(ModuleWithLibrary());
  ASSERT_TRUE(Succeeded(build.go));
  const std::string directory = MakeTempDirectory() + "/licences";
  const ProcessResult sbom = RunProgram({Shim(), "sbom", build.binary, "--licences", directory});
  ASSERT_TRUE(Succeeded(sbom));
  EXPECT_EQ(sbom.output, "") << "the list is another question";
  EXPECT_THAT(sbom.error, AllOf(HasSubstr("no licence text is here for libown.a"), Not(HasSubstr("libc6"))));
  size_t go = 0, libc = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    const std::string path = entry.path().string();
    if (absl::StrContains(path, "/go@1.") && absl::EndsWith(path, "/LICENSE")) ++go;
    if (absl::StrContains(path, "/libc6-dev@") && absl::EndsWith(path, "/LGPL-2.1")) ++libc;
  }
  EXPECT_EQ(go, 1U);
  if (RunProgram({"dpkg-query", "-W", "libc6-dev"}).exit_status == 0) {
    EXPECT_EQ(libc, 1U);
  }
  // Both at once.
  const std::string file = directory + "/bill.json";
  EXPECT_TRUE(Succeeded(RunProgram({Shim(), "sbom", build.binary, "--licences", directory, "-o", file})));
  EXPECT_FALSE(ReadText(file).empty());
}

// The published schemas, by validators that others wrote.
TEST(SlowSbomTest, ValidatorsAgree) {
  const std::string venv = MakeTempDirectory() + "/venv", python = venv + "/bin/python";
  if (RunProgram({"python3", "-m", "venv", venv}).exit_status != 0) GTEST_SKIP() << "there is no python3 with venv";
  const ProcessResult pip =
      RunProgram({python, "-m", "pip", "-q", "install", "cyclonedx-python-lib[json-validation]", "spdx-tools"});
  if (pip.exit_status != 0) GTEST_SKIP() << "the validators cannot be installed: " << pip.error;
  const GoBuild build = BuildGo("demo", {"CGO_LD_SHIM_NOTE=1"});
  ASSERT_TRUE(Succeeded(build.go));
  const Environment without_records = {absl::StrCat("XDG_STATE_HOME=", MakeTempDirectory())};
  for (const Environment& environment : {Environment{}, without_records}) {
    const std::string cyclonedx = build.directory + "/bill.cdx.json", spdx = build.directory + "/bill.spdx.json";
    ASSERT_TRUE(Succeeded(RunProgram({Shim(), "sbom", build.binary, "-o", cyclonedx}, environment)));
    ASSERT_TRUE(Succeeded(RunProgram({Shim(), "sbom", build.binary, "--format=spdx", "-o", spdx}, environment)));
    const ProcessResult valid = RunProgram({python, "-c", R"(
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
error = JsonStrictValidator(SchemaVersion.V1_5).validate_str(open(sys.argv[1]).read())
if error: sys.exit(str(error))
messages = validate_full_spdx_document(parse_file(sys.argv[2]))
if messages: sys.exit(str([m.validation_message for m in messages]))
print("valid")
)",
                                            cyclonedx, spdx});
    EXPECT_TRUE(Succeeded(valid));
    EXPECT_EQ(valid.output, "valid\n");
  }
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
