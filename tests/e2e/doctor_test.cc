// `doctor` and `targets` tell beforehand what a build would say afterwards.
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "tests/differential/corpus.h"
#include "tests/e2e/harness.h"
#include "tests/e2e/link_log.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

ProcessResult Doctor(const std::string& directory, const Environment& environment = {},
                     const std::vector<std::string>& args = {}) {
  std::vector<std::string> argv = {Shim(), "doctor"};
  argv.insert(argv.end(), args.begin(), args.end());
  return RunProgram(argv, environment, directory);
}

std::string CgoProgram(const std::string& flags) {
  return absl::StrCat("package main\n\n// ", flags, "\n// static int one(void) { return 1; }\nimport \"C\"\n\n",
                      "func main() { print(C.one()) }\n");
}

TEST(DoctorTest, AMachineThatCanBuildIsReady) {
  const ProcessResult doctor = Doctor(CopyModule("hello"), {"CC=cgo-ld-shim", "CXX=cgo-ld-shim++", "COLUMNS=160"});
  EXPECT_TRUE(Succeeded(doctor));
  EXPECT_EQ(doctor.error, "");
  EXPECT_THAT(doctor.output, StartsWith("cgo-ld-shim "));
  EXPECT_THAT(doctor.output, HasSubstr("called by Go as CC ✓, as CXX ✓"));
  EXPECT_THAT(doctor.output, ContainsRegex("linux/[a-z0-9]+ +glibc static  ready  "));
  EXPECT_THAT(doctor.output, HasSubstr("libc.a        /"));
  EXPECT_THAT(doctor.output, ContainsRegex("as CXX ✓\n\nnothing is missing\n"));
  EXPECT_THAT(doctor.output, ContainsRegex("\ntargets: [1-9][0-9]* of [1-9][0-9]* can be built\n"));
  EXPECT_THAT(doctor.output, Not(HasSubstr("✗")));
  EXPECT_THAT(doctor.output, Not(HasSubstr("\x1b")));
}

// What it says is missing is what the link then misses.
TEST(DoctorTest, ALibraryThatIsNotThereIsNamedBeforeAnythingIsBuilt) {
  const std::string module = MakeModule({{"main.go", CgoProgram("#cgo LDFLAGS: -lm -lnosuchthing")}});
  const ProcessResult doctor = Doctor(module, {"COLUMNS=160"});
  EXPECT_EQ(doctor.exit_status, 1) << doctor.output;
  EXPECT_THAT(doctor.output, HasSubstr("this module (example.com/program): 1 package uses cgo"));
  EXPECT_THAT(doctor.output, ContainsRegex("go build\n\nmissing\n  libnosuchthing.a ✗ +")) << "comes first";
  EXPECT_THAT(doctor.output, HasSubstr("1 package uses cgo, 1 lacks a library"));
  EXPECT_THAT(doctor.output, ContainsRegex("example.com/program +libnosuchthing.a ✗"));
  EXPECT_THAT(doctor.output, HasSubstr("(-lnosuchthing)"));
  EXPECT_FALSE(absl::StrContains(doctor.output, "libm.a"));
  const GoBuild build = BuildIn(module);
  EXPECT_TRUE(Refused(build.go));
  EXPECT_THAT(OurWords(build.go.error), HasSubstr("nosuchthing"));

  const ProcessResult after = Doctor(module, {"COLUMNS=160"});
  EXPECT_THAT(after.output,
              HasSubstr("the last link failed\n  cannot link program statically: 1 library is not there"));
}

// What doctor expects of the links of a module: libraries that they lack, and those that they add.
struct Expected {
  std::set<std::string> missing, added;
};
Expected ExpectedOf(const std::string& module, const Environment& environment = {}) {
  Expected expected;
  const ProcessResult doctor = Doctor(module, environment, {"--json"});
  llvm::Expected<llvm::json::Value> json = llvm::json::parse(doctor.output);
  if (!json) {
    ADD_FAILURE() << doctor.output << doctor.error << llvm::toString(json.takeError());
    return expected;
  }
  const llvm::json::Object* described = json->getAsObject()->getObject("module");
  if (described == nullptr) {
    ADD_FAILURE() << doctor.output;
    return expected;
  }
  for (const llvm::json::Value& package : *described->getArray("packages")) {
    for (const llvm::json::Value& value : *package.getAsObject()->getArray("libraries")) {
      const llvm::json::Object& library = *value.getAsObject();
      const std::string name = library.getString("name")->str();
      if (!*library.getBoolean("found")) expected.missing.insert(name);
      if (*library.getBoolean("found") && library.getString("named")->empty()) expected.added.insert(name);
    }
  }
  return expected;
}

std::string BaseName(llvm::StringRef path) { return path.substr(path.rfind('/') + 1).str(); }

// The same of a link that was made.
Expected FoundIn(const LinkRecord& record) {
  Expected found;
  for (const llvm::json::Value& value : record.List("missing")) {
    const llvm::json::Object& missing = *value.getAsObject();
    llvm::StringRef name = *missing.getString("symbol");
    if (name.consume_front("-l")) {
      found.missing.insert(absl::StrCat("lib", name.str(), ".a"));
    } else if (const std::string shared = BaseName(*missing.getString("shared_library")); !shared.empty()) {
      found.missing.insert(absl::StrCat(shared.substr(0, shared.find(".so")), ".a"));
    } else {
      found.missing.insert(name.str());
    }
  }
  for (const llvm::json::Value& value : record.List("rewrites")) {
    const llvm::json::Object& rewrite = *value.getAsObject();
    if (*rewrite.getString("rule") != "add-archive") continue;
    const llvm::json::Object& evidence = *(*rewrite.getArray("evidence"))[0].getAsObject();
    const llvm::StringRef provider = *evidence.getString("provided_by");
    found.added.insert(BaseName(provider.substr(0, provider.rfind('('))));
  }
  return found;
}

// `builds`: calls of go, without -o. By default every package: a module may have several programs, or none.
// Returns what the builds said.
std::string ExpectAgreement(const std::string& module, const Environment& environment = {},
                            const std::vector<std::vector<std::string>>& builds = {{"build", "./..."}}) {
  const Expected expected = ExpectedOf(module, environment);
  const std::string log = absl::StrCat(MakeTempDirectory(), "/log");
  Environment logged = environment;
  logged.push_back(LogTo(log));
  std::string said;
  for (std::vector<std::string> words : builds) {
    words.insert(words.begin() + 1, {"-o", absl::StrCat(MakeTempDirectory(), "/")});
    absl::StrAppend(&said, Go(module, words, logged).error);
  }
  Expected found;
  for (const LinkRecord& record : ReadLog(log)) {
    Expected in_link = FoundIn(record);
    found.missing.merge(in_link.missing);
    found.added.merge(in_link.added);
  }
  EXPECT_THAT(expected.missing, ElementsAreArray(found.missing)) << module;
  EXPECT_THAT(expected.added, ElementsAreArray(found.added)) << module;
  return said;
}

// Each package of the apt-get lines in `said` is one that apt has; how many there are.
size_t ExpectKnownToApt(const std::string& said) {
  const std::string command = "apt-get install ";
  std::set<std::string> names;
  for (size_t at = 0; (at = said.find(command, at)) != std::string::npos;) {
    at += command.size();
    // A line may name several, one after the other, and what stands behind them are words.
    for (absl::string_view name : absl::StrSplit(said.substr(at, said.find_first_of("\n(),:;&", at) - at), ' ')) {
      if (name == "or" || name == "to") break;
      if (!name.empty()) names.emplace(name);
    }
  }
  for (const std::string& name : names)
    EXPECT_THAT(RunProgram({"apt-cache", "policy", name}).output, HasSubstr("Candidate: ")) << name << "\n" << said;
  return names.size();
}

bool HasAptLists() {
  return !FindProgram("apt-cache").empty() &&
         absl::StrContains(RunProgram({"apt-cache", "policy"}).output, " Packages");
}

TEST(DoctorTest, WhatItCallsMissingIsWhatTheLinkLacks) {
  for (const std::string& name : ListFiles(absl::StrCat(CGO_LD_SHIM_TESTDATA, "/modules"))) {
    SCOPED_TRACE(name);
    ExpectAgreement(CopyModule(name));
  }
}

TEST(DoctorTest, WhatALibraryNeedsInTurnIsWhatTheLinkAddsOrLacks) {
  const std::string prefix = MakeTempDirectory();
  MakeArchive(prefix + "/libouter.a",
              {{"outer.c", "int inner(void), udev(void); int outer(void) { return inner(); }\n"},
               {"unused.c", "int udev(void); int unused(void) { return udev(); }\n"},
               {"device.c", "int udev(void); int device(void) { return udev(); }\n"}});
  MakeArchive(prefix + "/libinner.a", {{"inner.c", "int inner(void) { return 1; }\n"}});
  Compile(prefix + "/libudev.so", "int udev(void) { return 1; }\n", {"-shared", "-fPIC"});
  const auto module_that = [&](const char* call) {
    return MakeModule(
        {{"main.go", absl::StrCat("package main\n\n// #cgo LDFLAGS: -L", prefix, " -louter\n// int ", call,
                                  "(void);\nimport \"C\"\n\nfunc main() { print(C.", call, "()) }\n")}});
  };
  {
    const std::string module = module_that("outer");
    EXPECT_THAT(ExpectedOf(module).added, ElementsAre("libinner.a"));
    ExpectAgreement(module);
  }
  {
    const std::string module = module_that("device");
    EXPECT_THAT(ExpectedOf(module).missing, ElementsAre("libudev.a"));
    ExpectAgreement(module);
  }
  ExpectAgreement(MakeModule({{"main.go", CgoProgram("#cgo LDFLAGS: -lnosuch_a -lnosuch_b")}}));
}

TEST(DoctorTest, LibrariesOfPkgConfigAndOfPrefixesCount) {
  const std::string prefix = MakeTempDirectory();
  MakeArchive(prefix + "/libhalf.a", {{"half.c", "int half(int x) { return x / 2; }\n"}});
  WriteText(prefix + "/pc/half.pc",
            absl::StrCat("Name: half\nDescription: d\nVersion: 1\nLibs: -L", prefix, " -lhalf\n"));
  const std::string module = MakeModule({{"main.go", CgoProgram("#cgo pkg-config: half")}});
  EXPECT_THAT(Doctor(module).output, HasSubstr("half.pc ✗"));
  const Environment with = {absl::StrCat("PKG_CONFIG_PATH=", prefix, "/pc"), absl::StrCat("LIBRARY_PATH=", prefix)};
  const ProcessResult doctor = Doctor(module, with);
  EXPECT_TRUE(Succeeded(doctor));
  EXPECT_THAT(doctor.output, HasSubstr("here: libhalf.a"));
}

TEST(DoctorTest, ALibraryForAnotherMachineIsNamedWithItsPackageThere) {
  SKIP_WITHOUT_ZIG();
  if (FindProgram("apt-get").empty() || !std::filesystem::exists("/etc/debian_version"))
    GTEST_SKIP() << "not a Debian, whose packages name their architecture";
  const std::string module = MakeModule({{"main.go", CgoProgram("#cgo LDFLAGS: -lz")}});
  const Environment other = {"GOARCH=s390x", "CGO_ENABLED=1", "COLUMNS=400"};
  EXPECT_THAT(Doctor(module, other).output, HasSubstr("zlib1g-dev:s390x"));
}

TEST(DoctorTest, SaysWhereGoLinksPastThisProgram) {
  const std::string module = CopyModule("cxx");
  const std::string only_cc = Doctor(module, {"CC=cgo-ld-shim", "CXX=g++", "COLUMNS=200"}).output;
  EXPECT_THAT(only_cc, HasSubstr("Go links with CXX, which is g++"));
  const std::string cross = Doctor(module, {"CC=cgo-ld-shim", "GOARCH=riscv64", "COLUMNS=200"}).output;
  EXPECT_THAT(cross, HasSubstr("CGO_ENABLED=0 (Go's default for another target)"));
  const std::string internal = Doctor(module, {"GOFLAGS=-ldflags=-linkmode=internal", "COLUMNS=200"}).output;
  EXPECT_THAT(internal, HasSubstr("GOFLAGS has -linkmode=internal"));
  const std::string both = Doctor(module, {"CC=cgo-ld-shim", "CXX=cgo-ld-shim++"}).output;
  EXPECT_THAT(both, Not(HasSubstr("goes past this program")));
}

TEST(DoctorTest, AWorkspaceWithoutAModuleAtItsTop) {
  const std::string top = MakeTempDirectory();
  WriteFiles(top, {{"go.work", "go 1.19\n\nuse (\n\t./a\n\t./b\n)\n"},
                   {"a/go.mod", "module example.com/a\n\ngo 1.19\n"},
                   {"a/main.go", CgoProgram("#cgo LDFLAGS: -lnosuch_a")},
                   {"b/go.mod", "module example.com/b\n\ngo 1.19\n"},
                   {"b/main.go", CgoProgram("#cgo LDFLAGS: -lnosuch_b")}});
  const ProcessResult doctor = Doctor(top, {"GOWORK", "GOFLAGS", "COLUMNS=160"});
  EXPECT_THAT(doctor.output, HasSubstr("2 packages use cgo"));
  EXPECT_THAT(doctor.output, ContainsRegex("example.com/a +libnosuch_a.a ✗"));
  EXPECT_THAT(doctor.output, ContainsRegex("example.com/b +libnosuch_b.a ✗"));
}

TEST(DoctorTest, VendoredPackagesAreLookedAt) {
  const std::string module = MakeModule(
      {{"go.mod", "module example.com/program\n\ngo 1.19\n\nrequire example.com/dep v1.0.0\n"},
       {"main.go", "package main\n\nimport \"example.com/dep\"\n\nfunc main() { dep.Do() }\n"},
       {"vendor/modules.txt", "# example.com/dep v1.0.0\n## explicit; go 1.19\nexample.com/dep\n"},
       {"vendor/example.com/dep/dep.go",
        "package dep\n\n// #cgo LDFLAGS: -L${SRCDIR}/lib -lown -lnosuch\n// int own(void);\nimport \"C\"\n\nfunc Do() "
        "{ C.own() }\n"},
       {"vendor/example.com/dep/lib/libown.a", "!<arch>\n"}});
  const ProcessResult doctor = Doctor(module, {"GOFLAGS", "COLUMNS=160"});
  EXPECT_THAT(doctor.output, HasSubstr("libown.a ✓ libnosuch.a ✗")) << doctor.error;
}

// Nothing at all: it names what is missing, in both forms, and makes no noise.
TEST(DoctorTest, WorksWithoutGoCompilerHomeAndModule) {
  const Environment nothing = {"PATH=/nonexistent", "HOME=/nonexistent", "XDG_STATE_HOME", "XDG_CACHE_HOME"};
  const std::string empty = MakeTempDirectory();
  const ProcessResult doctor = Doctor(empty, nothing);
  EXPECT_EQ(doctor.exit_status, 1);
  EXPECT_EQ(doctor.error, "");
  EXPECT_THAT(doctor.output, HasSubstr("no C compiler"));
  EXPECT_THAT(doctor.output, ContainsRegex("  go +✗"));
  EXPECT_THAT(doctor.output, ContainsRegex("pip install .*ziglang"));
  const ProcessResult json = Doctor(empty, nothing, {"--json"});
  EXPECT_EQ(json.exit_status, 1);
  EXPECT_THAT(json.output, HasSubstr("\"go\": null"));
  EXPECT_THAT(json.output, HasSubstr("\"ready\": false"));
}

TEST(DoctorTest, ABrokenGoModIsAProblemInWords) {
  const ProcessResult doctor = Doctor(MakeModule({{"go.mod", "modul x\n"}, {"main.go", "package main\n"}}));
  EXPECT_THAT(doctor.output, HasSubstr("go.mod"));
  EXPECT_EQ(doctor.error, "");
}

TEST(DoctorTest, NothingIsDownloaded) {
  const std::string module =
      MakeModule({{"go.mod", "module example.com/program\n\ngo 1.19\n\nrequire example.com/not-there v1.0.0\n"},
                  {"main.go", "package main\n\nimport _ \"example.com/not-there\"\n\nfunc main() {}\n"}});
  const ProcessResult doctor = Doctor(module, {"GOFLAGS", "GOPROXY=https://localhost:1", "COLUMNS=200"});
  EXPECT_THAT(doctor.output, HasSubstr("go list: "));
  EXPECT_THAT(doctor.output, Not(HasSubstr("localhost")));
}

TEST(DoctorTest, WrongWordsAndSettingsAreUsageErrors) {
  EXPECT_EQ(Doctor("", {}, {"--jsn"}).exit_status, 2);
  EXPECT_EQ(Doctor("", {}, {"word"}).exit_status, 2);
  const ProcessResult setting = Doctor("", {"CGO_LD_SHIM_STATC=full"});
  EXPECT_EQ(setting.exit_status, 2);
  EXPECT_THAT(setting.error, HasSubstr("did you mean CGO_LD_SHIM_STATIC?"));
}

// On demand: the programs of the corpus that DIFFERENTIAL_CORPUS names (tests/differential/corpus.h).
std::vector<differential::Case> CorpusCases() {
  const char* directory = std::getenv("DIFFERENTIAL_CORPUS");
  return directory == nullptr ? std::vector<differential::Case>()
                              : differential::ReadCorpus(directory, differential::Libc::kGlibc);
}

class DoctorCorpusTest : public testing::TestWithParam<differential::Case> {};
TEST_P(DoctorCorpusTest, WhatItCallsMissingIsWhatTheLinkLacks) {
  const differential::CaseCopy copy(GetParam(), "glibc");
  if (!copy.problem().empty()) GTEST_SKIP() << copy.problem();
  Environment environment = {"CXX=cgo-ld-shim++"};
  for (const std::string& variable : GetParam().environment) environment.push_back(copy.Expand(variable));
  // doctor downloads nothing.
  Go(copy.directory(), {"mod", "download"}, environment);
  const std::string said = ExpectAgreement(copy.directory(), environment, GetParam().builds);
  if (HasAptLists()) ExpectKnownToApt(absl::StrCat(said, "\n", Doctor(copy.directory(), {"COLUMNS=1000"}).output));
}
INSTANTIATE_TEST_SUITE_P(, DoctorCorpusTest, testing::ValuesIn(CorpusCases()),
                         [](const auto& info) { return info.param.name; });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DoctorCorpusTest);

// Names that a pattern gets wrong, and those in the texts of the links of testdata: each is a package that apt has.
TEST(SlowDoctorTest, EveryPackageThatIsNamedIsKnownToApt) {
  if (!HasAptLists()) GTEST_SKIP() << "no lists of apt's: not Debian, or no apt-get update yet";
  const std::string module = MakeModule(
      {{"main.go",
        CgoProgram("#cgo LDFLAGS: -lportaudio -lodbc -lglfw -lhidapi-hidraw -lacl -llber -lsystemd -lole32 "
                   "-lblas -lcurl -lGL -ljpeg -lmysqlclient\n// #cgo pkg-config: alsa taglib opencv4 gtk+-3.0")}});
  std::string said = Doctor(module, {"COLUMNS=1000"}).output;
  const std::string links = absl::StrCat(CGO_LD_SHIM_TESTDATA, "/links");
  for (const std::string& name : ListFiles(links)) {
    const std::string screen = absl::StrCat(links, "/", name, "/screen");
    if (std::filesystem::exists(screen)) absl::StrAppend(&said, ReadText(screen));
  }
  EXPECT_GT(ExpectKnownToApt(said), 5U) << said;
}

TEST(TargetsCommandTest, EveryTargetOfGoHasARow) {
  const ProcessResult targets = RunProgram({Shim(), "targets"}, {"COLUMNS=160"});
  EXPECT_TRUE(Succeeded(targets));
  const ProcessResult list = RunProgram({"go", "tool", "dist", "list"});
  size_t begin = 0;
  for (size_t end; (end = list.output.find('\n', begin)) != std::string::npos; begin = end + 1) {
    EXPECT_THAT(targets.output, ContainsRegex(absl::StrCat("[ ,]", list.output.substr(begin, end - begin), "[ ,\n]")));
  }
  EXPECT_THAT(targets.output, ContainsRegex("works\n(.*\n)*cannot be\n(.*\n)*  Go has no cgo for it +.*js/wasm"));
}

TEST(TargetsCommandTest, PrepareRefusesWhatItCannotPrepare) {
  const ProcessResult unsupported = RunProgram({Shim(), "targets", "--prepare", "plan9/amd64"});
  EXPECT_EQ(unsupported.exit_status, 1);
  EXPECT_THAT(unsupported.error, HasSubstr("plan9/amd64 cannot be prepared"));
  EXPECT_EQ(RunProgram({Shim(), "targets", "--prepare"}).exit_status, 2);
  EXPECT_EQ(RunProgram({Shim(), "targets", "--prepare", "linux"}).exit_status, 2);
  EXPECT_EQ(RunProgram({Shim(), "targets", "--prepare", "linux/amd46"}).exit_status, 2);
}

TEST(TargetsCommandTest, NamedTargetsAloneAreShown) {
  const ProcessResult two = RunProgram({Shim(), "targets", "linux/arm64", "darwin/arm64"});
  EXPECT_TRUE(Succeeded(two));
  EXPECT_THAT(two.output,
              AllOf(HasSubstr("  linux/arm64 "), HasSubstr("  darwin/arm64 "), Not(HasSubstr("linux/386"))));
  const ProcessResult typo = RunProgram({Shim(), "targets", "linux/amd46"});
  EXPECT_EQ(typo.exit_status, 2);
  EXPECT_THAT(typo.error, HasSubstr("did you mean linux/amd64?"));
}

// A stand-in for zig that notes its calls, and puts a libc.a into its cache.
TEST(TargetsCommandTest, PrepareStartsZigOnlyWhereItHasTo) {
  const std::string directory = MakeTempDirectory();
  MakeArchive(directory + "/libc.a", {{"start.c", "int start;\n"}});
  WriteProgram(directory + "/zig", absl::StrCat(R"(#!/bin/sh
if [ "$1" = version ]; then echo 0.99; exit 0; fi
echo "$@" >> )",
                                                directory, R"(/calls
mkdir -p "$ZIG_GLOBAL_CACHE_DIR/o/1"
cp )",
                                                directory, R"(/libc.a "$ZIG_GLOBAL_CACHE_DIR/o/1/libc.a"
)"));
  const std::string arch = RunProgram({"go", "env", "GOARCH"}).output;
  const std::string target = absl::StrCat("linux/", arch.substr(0, arch.find('\n')));
  const Environment environment = {absl::StrCat("CGO_LD_SHIM_ZIG=", directory, "/zig"), "CGO_LD_SHIM_LIBC=musl",
                                   absl::StrCat("ZIG_GLOBAL_CACHE_DIR=", directory, "/cache")};
  const ProcessResult first = RunProgram({Shim(), "targets", "--prepare", target}, environment);
  EXPECT_TRUE(Succeeded(first));
  EXPECT_THAT(first.output,
              HasSubstr(absl::StrCat("preparing musl for ", target, " with zig, about a minute, once\n")));
  EXPECT_THAT(first.output, HasSubstr(absl::StrCat(target, ": ready (zig 0.99)\n")));
  const std::string calls = ReadText(directory + "/calls");
  EXPECT_THAT(calls, HasSubstr("-linux-musl"));
  const ProcessResult second = RunProgram({Shim(), "targets", "--prepare", target}, environment);
  EXPECT_EQ(second.output, absl::StrCat(target, ": ready (zig 0.99)\n"));
  EXPECT_EQ(ReadText(directory + "/calls"), calls);
}

// With zig itself: what was prepared is what the link uses, so the build does not wait.
TEST(SlowTargetsCommandTest, ABuildAfterPrepareHasNothingToPrepare) {
  SKIP_WITHOUT_ZIG();
  const std::string arch = RunProgram({"go", "env", "GOARCH"}).output;
  const std::string target = absl::StrCat("linux/", arch.substr(0, arch.find('\n')));
  const Environment environment = {"CGO_LD_SHIM_LIBC=musl", absl::StrCat("XDG_CACHE_HOME=", MakeTempDirectory())};
  ASSERT_TRUE(Succeeded(RunProgram({Shim(), "targets", "--prepare", target}, environment)));
  const std::string module = CopyModule("hello");
  const ProcessResult build = RunProgram({Shim(), "go", "build", "-o", "program"}, environment, module);
  ASSERT_TRUE(Succeeded(build));
  EXPECT_EQ(build.error, "");
  const ProcessResult doctor = RunProgram({Shim(), "doctor"}, environment, module);
  EXPECT_THAT(doctor.output, ContainsRegex(absl::StrCat(target, " +musl static +ready ")));
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
