// When a program cannot be linked: our words come last, and say which symbol, who wants it, and what to do.
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/e2e/elf_file.h"
#include "tests/e2e/harness.h"
#include "tests/e2e/link_log.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// A program that calls `call`, declared by `declaration`, with LDFLAGS for libraries beside it.
std::string ModuleThatCalls(absl::string_view declaration, absl::string_view call, absl::string_view ldflags) {
  return MakeModule(
      {{"main.go", absl::StrCat("package main\n\n// #cgo LDFLAGS: -L${SRCDIR} ", ldflags, "\n// ", declaration,
                                "\nimport \"C\"\n\nfunc main() { println(", call, ") }\n")}});
}

struct FailedBuild {
  GoBuild build;
  std::string ours;  // what we said, last
  LinkRecord record;
};

FailedBuild BuildFails(const std::string& module) {
  FailedBuild failed;
  const std::string log = absl::StrCat(MakeTempDirectory(), "/log");
  const std::string tmp = MakeTempDirectory();
  failed.build = BuildIn(module, {LogTo(log), absl::StrCat("TMPDIR=", tmp)});
  EXPECT_TRUE(Refused(failed.build.go));
  EXPECT_FALSE(std::filesystem::exists(failed.build.binary));
  EXPECT_THAT(ListFiles(tmp), IsEmpty()) << "nothing stays behind";
  failed.ours = OurWords(failed.build.go.error);
  std::vector<LinkRecord> records = ReadLog(log);
  EXPECT_EQ(records.size(), 1U) << failed.build.go.error;
  if (!records.empty()) failed.record = std::move(records[0]);
  EXPECT_EQ(failed.record.Text("outcome"), "failed");
  EXPECT_NE(failed.record.json.getInteger("exit_status").value_or(0), 0);
  return failed;
}

// The one entry of missing[] with this symbol.
llvm::json::Object Missing(const LinkRecord& record, absl::string_view symbol) {
  for (const llvm::json::Value& value : record.List("missing")) {
    const llvm::json::Object* missing = value.getAsObject();
    if (missing != nullptr &&
        missing->getString("symbol").value_or("") == llvm::StringRef(symbol.data(), symbol.size()))
      return *missing;
  }
  ADD_FAILURE() << "missing[] has no " << symbol;
  return {};
}

std::string Text(const llvm::json::Object& object, const char* field) {
  return object.getString(field).value_or("").str();
}

constexpr char kVersion[] = "int thing_version(void) { return 1; }\n";

TEST(DiagnosisTest, AMisspeltFunctionIsNamedWithWhatWasMeant) {
  const std::string module = ModuleThatCalls("int thing_versoin(void);", "C.thing_versoin()", "-lthing");
  MakeArchive(module + "/libthing.a", {{"thing.c", kVersion}});
  const FailedBuild failed = BuildFails(module);
  EXPECT_THAT(failed.ours, HasSubstr("thing_versoin"));
  EXPECT_THAT(failed.ours, HasSubstr("did you mean thing_version"));
  EXPECT_THAT(failed.ours, HasSubstr("example.com/program"));
  EXPECT_THAT(failed.ours, HasSubstr("-lthing"));
  // The linker's own complaint stands before it.
  EXPECT_THAT(failed.build.go.error.substr(0, failed.build.go.error.size() - failed.ours.size()),
              HasSubstr("undefined symbol: thing_versoin"));

  const llvm::json::Object missing = Missing(failed.record, "thing_versoin");
  EXPECT_EQ(Text(missing, "cause"), "misspelt");
  EXPECT_EQ(Text(missing, "demangled"), "thing_versoin");
  EXPECT_EQ(missing.getBoolean("from_program").value_or(false), true);
  EXPECT_THAT(Text(missing, "hint"), HasSubstr("thing_version"));
}

TEST(DiagnosisTest, AllMissingSymbolsAreNamedAtOnce) {
  const std::string module =
      ModuleThatCalls("int first_gone(void); int second_gone(void);", "C.first_gone() + C.second_gone()", "");
  const FailedBuild failed = BuildFails(module);
  EXPECT_THAT(failed.ours, AllOf(HasSubstr("first_gone"), HasSubstr("second_gone")));
  EXPECT_EQ(failed.record.List("missing").size(), 2U);
}

TEST(DiagnosisTest, AnArchiveThatNeedsWhatNobodyHasIsNamed) {
  const std::string module = ModuleThatCalls("int outer(void);", "C.outer()", "-louter");
  MakeArchive(module + "/libouter.a",
              {{"outer.c", "int inner_of_nobody(void);\nint outer(void) { return inner_of_nobody(); }\n"}});
  const FailedBuild failed = BuildFails(module);
  EXPECT_THAT(failed.ours, AllOf(HasSubstr("inner_of_nobody"), HasSubstr("libouter.a(outer.o)"), HasSubstr("-louter")));
  const llvm::json::Object missing = Missing(failed.record, "inner_of_nobody");
  EXPECT_EQ(Text(missing, "named_by"), "-louter");
  EXPECT_EQ(missing.getBoolean("from_program").value_or(true), false);
}

TEST(DiagnosisTest, ACxxFunctionWantedAsACFunction) {
  const std::string module = ModuleThatCalls("int compute(int);", "C.compute(1)", "-lcompute");
  MakeArchive(module + "/libcompute.a", {{"compute.cc", "int compute(int x) { return x; }\n"}});
  const FailedBuild failed = BuildFails(module);
  EXPECT_THAT(failed.ours, HasSubstr("compute(int)"));
  EXPECT_EQ(Text(Missing(failed.record, "compute"), "cause"), "extern-c");
}

TEST(DiagnosisTest, ALibraryThatIsOnlyThereAsASharedOne) {
  const std::string module = ModuleThatCalls("int dyn(void);", "C.dyn()", "-ldyn");
  Compile(module + "/libdyn.so", "int dyn(void) { return 42; }\n", {"-shared", "-fPIC"});
  const FailedBuild failed = BuildFails(module);
  EXPECT_THAT(failed.ours, AllOf(HasSubstr("dyn"), HasSubstr("libdyn.so"), HasSubstr("CGO_LD_SHIM_STATIC=prefer")));
  const llvm::json::Object missing = Missing(failed.record, "dyn");
  EXPECT_EQ(Text(missing, "cause"), "only-shared");
  EXPECT_THAT(Text(missing, "shared_library"), HasSubstr("libdyn.so"));

  // The way out that it names is one, and the program asks for the library by the name that it was given.
  const GoBuild dynamic = BuildIn(module, {"CGO_LD_SHIM_STATIC=prefer"});
  ASSERT_TRUE(Succeeded(dynamic.go));
  EXPECT_THAT(Needed(dynamic.binary), Contains("libdyn.so"));
  EXPECT_EQ(RunProgram({dynamic.binary}, {absl::StrCat("LD_LIBRARY_PATH=", module)}).error, "42\n");
}

TEST(DiagnosisTest, PreferIsStaticWhereItCanBe) {
  EXPECT_EQ(RunStatic(BuildGo("osuser", {"CGO_LD_SHIM_STATIC=prefer"})).output, "root 0 root\n");
}

// A static program has no symbols that dlsym could find: misc/cgo's issue 4029.
TEST(DiagnosisTest, PreferMakesAProgramThatOpensLibrariesDynamic) {
  const std::string module = MakeModule({{"main.go", R"go(
package main

// #include <dlfcn.h>
// #include <stdlib.h>
// static int call(const char *name) {
//   int (*found)(void) = dlsym(dlopen(NULL, RTLD_NOW), name);
//   return found == NULL ? -1 : found();
// }
import "C"
import "unsafe"

//export nineteen
func nineteen() C.int { return 19 }

func main() {
	name := C.CString("nineteen")
	defer C.free(unsafe.Pointer(name))
	println(C.call(name))
}
)go"}});
  const std::string log = MakeTempDirectory() + "/log";
  const GoBuild build = BuildIn(module, {"CGO_LD_SHIM_STATIC=prefer", LogTo(log)});
  ASSERT_TRUE(Succeeded(build.go));
  EXPECT_EQ(RunProgram({build.binary}).error, "19\n");
  const std::vector<LinkRecord> links = ReadLog(log);
  ASSERT_EQ(links.size(), 1U);
  EXPECT_THAT(links[0].Texts("notes"), Contains(HasSubstr("opens shared libraries at run time")));
}

// As bindings of NVML do it: the program opens the library when it runs, and the linker is told not to miss what it
// calls of it.
std::string ModuleThatOpensItsLibrary() {
  std::string module = MakeModule({{"main.go", R"go(
package main

// #cgo LDFLAGS: -Wl,--unresolved-symbols=ignore-in-object-files
// #include <dlfcn.h>
// #include <stdlib.h>
// int driver_version(void);
// static int version(const char *path) {
//   return dlopen(path, RTLD_LAZY | RTLD_GLOBAL) == NULL ? -1 : driver_version();
// }
import "C"
import (
	"os"
	"unsafe"
)

func main() {
	if len(os.Args) == 1 {
		println("no driver")
		return
	}
	path := C.CString(os.Args[1])
	defer C.free(unsafe.Pointer(path))
	println(C.version(path))
}
)go"}});
  Compile(module + "/libdriver.so", "int driver_version(void) { return 42; }\n", {"-shared", "-fPIC"});
  return module;
}

TEST(UnresolvedTest, FunctionsOfALibraryThatIsOpenedWhenItRunsAreNamed) {
  const GoBuild build = BuildIn(ModuleThatOpensItsLibrary());
  EXPECT_EQ(RunStatic(build).error, "no driver\n");
  const Environment wide = {"COLUMNS=400"};
  for (const char* command : {"explain", "check"}) {
    EXPECT_THAT(RunProgram({Shim(), command, build.binary}, wide).output,
                AllOf(HasSubstr("driver_version"), HasSubstr("address 0"), HasSubstr("CGO_LD_SHIM_STATIC=prefer")))
        << command;
  }
}

TEST(UnresolvedTest, PreferMakesADynamicProgramThatFindsThem) {
  const std::string module = ModuleThatOpensItsLibrary();
  const GoBuild build = BuildIn(module, {"CGO_LD_SHIM_STATIC=prefer"});
  ASSERT_TRUE(Succeeded(build.go));
  EXPECT_THAT(Needed(build.binary), Contains("libc.so.6"));
  EXPECT_EQ(RunProgram({build.binary, module + "/libdriver.so"}).error, "42\n");
  // What plain gcc needs for the same is said, too.
  const std::string flags = RunProgram({Shim(), "explain", "--flags", build.binary}).output;
  EXPECT_THAT(flags, HasSubstr("-extldflags \"-rdynamic\""));
  const GoBuild plain = BuildIn(module, {"CC=gcc"}, {"-ldflags=-linkmode=external -extldflags \"-rdynamic\""});
  ASSERT_TRUE(Succeeded(plain.go));
  EXPECT_EQ(RunProgram({plain.binary, module + "/libdriver.so"}).error, "42\n");
}

TEST(UnresolvedTest, AreAnErrorWhereThatIsAsked) {
  const GoBuild build = BuildIn(ModuleThatOpensItsLibrary(), {"CGO_LD_SHIM_UNRESOLVED=error"});
  ASSERT_TRUE(Refused(build.go));
  EXPECT_THAT(OurWords(build.go.error), AllOf(HasSubstr("driver_version"), HasSubstr("CGO_LD_SHIM_STATIC=prefer")));
}

// A bundle is there for the libraries in it.
TEST(DiagnosisTest, AForgottenFunctionOfABundleIsNamedWithItsLibrary) {
  const std::string module = ModuleThatCalls("int whole(int); int half(int);", "C.whole(C.half(84))", "-lwhole");
  MakeArchive(module + "/libwhole.a", {{"whole.c", "int whole(int x) { return x; }\n"}});
  MakeArchive(module + "/libhalf.a", {{"half.c", "int half(int x) { return x / 2; }\n"}});
  const FailedBuild failed = BuildFails(module);
  EXPECT_THAT(failed.ours, HasSubstr("libhalf.a lies beside libwhole.a and defines it"));
  EXPECT_THAT(failed.ours, HasSubstr("-lhalf"));
  EXPECT_EQ(Text(Missing(failed.record, "half"), "cause"), "mistake");
  EXPECT_EQ(RunStatic(BuildIn(module, {"CGO_LDFLAGS=-lhalf"})).error, "42\n");
}

TEST(DiagnosisTest, ALibraryThatIsNotThere) {
  const FailedBuild failed = BuildFails(ModuleThatCalls("static int one(void) { return 1; }", "C.one()", "-lnothere"));
  EXPECT_THAT(failed.ours, HasSubstr("-lnothere"));
  EXPECT_EQ(Text(Missing(failed.record, "-lnothere"), "cause"), "library-not-found");
}

TEST(DiagnosisTest, ASymbolThatTwoArchivesDefine) {
  const std::string module = ModuleThatCalls("int a(void); int b(void);", "C.a() + C.b()", "-la -lb");
  MakeArchive(module + "/liba.a",
              {{"a.c", "int both_have(void) { return 1; }\nint a(void) { return both_have(); }\n"}});
  MakeArchive(module + "/libb.a",
              {{"b.c", "int both_have(void) { return 2; }\nint b(void) { return both_have(); }\n"}});
  const FailedBuild failed = BuildFails(module);
  EXPECT_THAT(failed.ours, AllOf(HasSubstr("both_have"), HasSubstr("liba.a"), HasSubstr("libb.a")));
  EXPECT_EQ(Text(Missing(failed.record, "both_have"), "cause"), "duplicate");
}

TEST(DiagnosisTest, ATruncatedObjectIsNamed) {
  const std::string module = ModuleThatCalls("int f(void);", "C.f()", "${SRCDIR}/cut.o");
  Compile(module + "/whole.o", "int f(void) { return 1; }\n", {"-c"});
  const std::string whole = ReadText(module + "/whole.o");
  std::filesystem::remove(module + "/whole.o");
  WriteText(module + "/cut.o", whole.substr(0, whole.size() / 2));
  EXPECT_THAT(BuildFails(module).ours, HasSubstr("cut.o"));
}

TEST(DiagnosisTest, ATruncatedArchiveIsNamed) {
  const std::string module = ModuleThatCalls("int f(void);", "C.f()", "-lcut");
  MakeArchive(module + "/libcut.a", {{"cut.c", "int f(void) { return 1; }\n"}});
  const std::string whole = ReadText(module + "/libcut.a");
  for (const size_t size : {whole.size() / 2, size_t{20}}) {
    SCOPED_TRACE(size);
    WriteText(module + "/libcut.a", whole.substr(0, size));
    EXPECT_THAT(BuildFails(module).ours, HasSubstr("libcut.a"));
  }
}

TEST(DiagnosisTest, AFileThatIsNoLibraryIsNamed) {
  const std::string module = ModuleThatCalls("int f(void);", "C.f()", "-lweb");
  WriteText(module + "/libweb.a", "<!DOCTYPE html>\n<title>404 Not Found</title>\n");
  EXPECT_THAT(BuildFails(module).ours, HasSubstr("libweb.a"));
}

TEST(DiagnosisTest, AFailureIsExplainedLater) {
  const std::string module = ModuleThatCalls("int gone(void);", "C.gone()", "");
  BuildFails(module);
  const ProcessResult explain = RunProgram({Shim(), "explain", "last"});
  EXPECT_THAT(explain.output, HasSubstr("gone"));
}

TEST(DiagnosisTest, ALinkThatGoesWellIsExplained) {
  const GoBuild build = BuildGo("osuser");
  ASSERT_TRUE(Succeeded(build.go));
  const ProcessResult explain = RunProgram({Shim(), "explain", build.binary});
  ASSERT_TRUE(Succeeded(explain));
  EXPECT_THAT(explain.output, AllOf(HasSubstr("static"), HasSubstr("nss-files")));
}

TEST(DiagnosisTest, VerboseTellsOnStderrWhatWasChanged) {
  const GoBuild build = BuildGo("osuser", {"CGO_LD_SHIM_VERBOSE=1"});
  ASSERT_TRUE(Succeeded(build.go));
  EXPECT_THAT(build.go.error, HasSubstr("force-static"));
}

TEST(DiagnosisTest, TheLogCanGoToStderr) {
  const GoBuild build = BuildGo("osuser", {"CGO_LD_SHIM_LOG=stderr"});
  ASSERT_TRUE(Succeeded(build.go));
  EXPECT_THAT(build.go.error, HasSubstr("{\"schema\":1,"));
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
