// The bill of materials of programs that were really linked, by record and by note.
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
