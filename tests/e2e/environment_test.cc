// The surroundings in which people build: compiler caches, prefixes of their own, workspaces, vendoring, settings of
// go.
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/e2e/elf_file.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kHello[] = "answer 42 version none\n";

// A compiler cache, or what else stands before a compiler: `before` is run first, with the words in "$@".
std::string Launcher(const std::string& name, absl::string_view before) {
  const std::string path = absl::StrCat(MakeTempDirectory(), "/", name);
  WriteProgram(path, absl::StrCat("#!/bin/sh\n", before, "\nexec \"$@\"\n"));
  return path;
}

// half needs quarter; nobody names quarter. In a prefix as Nix and conda make them: nothing of it is on a default path.
std::string HalfPrefix() {
  const std::string prefix = MakeTempDirectory();
  WriteText(prefix + "/include/half.h", "int half(int x);\n");
  WriteText(prefix + "/lib/note", "");
  MakeArchive(prefix + "/lib/libhalf.a",
              {{"half.c", "int quarter(int);\nint half(int x) { return quarter(x) * 2; }\n"}});
  MakeArchive(prefix + "/lib/libquarter.a", {{"quarter.c", "int quarter(int x) { return x / 4; }\n"}});
  return prefix;
}

std::string HalfModule(const std::string& cgo) {
  return MakeModule({{"main.go", absl::StrCat("package main\n\n// #cgo ", cgo, R"(
// #include <half.h>
import "C"

func main() { println("half", C.half(84)) }
)")}});
}

TEST(EnvironmentTest, CcacheAsUnderlyingCompiler) {
  if (FindProgram("ccache").empty()) GTEST_SKIP() << "no ccache";
  const std::string cache = MakeTempDirectory();
  const Environment environment = {absl::StrCat("CCACHE_DIR=", cache), absl::StrCat("GOCACHE=", cache, "/go"),
                                   "CGO_LD_SHIM_CC=ccache gcc"};
  EXPECT_EQ(RunStatic(BuildGo("hello", environment)).output, kHello);
  // It was asked, and it kept what came out.
  const std::string stats = RunProgram({"ccache", "--print-stats"}, environment).output;
  EXPECT_THAT(stats, Not(HasSubstr("\ncache_miss\t0\n"))) << stats;
}

// distcc's protocol as over ssh, without a daemon and a port.
TEST(EnvironmentTest, DistccAsUnderlyingCompiler) {
  if (FindProgram("distcc").empty() || FindProgram("distccd").empty()) GTEST_SKIP() << "no distcc";
  const std::string directory = MakeTempDirectory();
  WriteText(directory + "/state/note", "");
  WriteProgram(directory + "/ssh",
               absl::StrCat("#!/bin/sh\nshift\necho \"$@\" >> '", directory, "/jobs'\nexec \"$@\"\n"));
  const std::string module = CopyModule("cxx");
  const ProcessResult build = RunProgram({Shim(), "go", "build", "-o", "program"},
                                         {"DISTCC_HOSTS=@localhost", absl::StrCat("DISTCC_SSH=", directory, "/ssh"),
                                          absl::StrCat("DISTCC_DIR=", directory, "/state"),
                                          absl::StrCat("GOCACHE=", directory, "/go"), "CGO_LD_SHIM_CC=distcc gcc"},
                                         module);
  ASSERT_TRUE(Succeeded(build));
  EXPECT_EQ(build.error, "") << "distcc says so when it compiles here instead";
  EXPECT_TRUE(IsStatic(module + "/program"));
  EXPECT_THAT(ReadText(directory + "/jobs"), HasSubstr("distccd --inetd"));
}

TEST(EnvironmentTest, ALauncherThatIsSetAsCcGoesOnBeingUsed) {
  const std::string log = MakeTempDirectory() + "/log";
  const std::string sccache = Launcher("sccache", absl::StrCat("echo \"$1\" >> '", log, "'"));
  const std::string module = CopyModule("cxx");
  const ProcessResult build = RunProgram({Shim(), "go", "build", "-o", "program"},
                                         {absl::StrCat("CC=", sccache, " gcc"), absl::StrCat("CXX=", sccache, " g++"),
                                          absl::StrCat("GOCACHE=", MakeTempDirectory())},
                                         module);
  ASSERT_TRUE(Succeeded(build));
  EXPECT_TRUE(IsStatic(module + "/program"));
  const std::string calls = ReadText(log);
  EXPECT_THAT(calls, HasSubstr("gcc\n"));
  EXPECT_THAT(calls, HasSubstr("g++\n"));
}

TEST(EnvironmentTest, APrefixByCpathAndLibraryPath) {
  const std::string prefix = HalfPrefix();
  const GoBuild build = BuildIn(HalfModule("LDFLAGS: -lhalf"), {absl::StrCat("CPATH=", prefix, "/include"),
                                                                absl::StrCat("LIBRARY_PATH=", prefix, "/lib")});
  EXPECT_EQ(RunStatic(build).error, "half 42\n");
}

TEST(EnvironmentTest, APrefixByPkgConfigPath) {
  if (FindProgram("pkg-config").empty()) GTEST_SKIP() << "no pkg-config: apt-get install pkg-config";
  const std::string prefix = HalfPrefix();
  WriteText(prefix + "/lib/pkgconfig/half.pc",
            absl::StrCat("prefix=", prefix,
                         "\nName: half\nDescription: d\nVersion: 1\nCflags: -I${prefix}/include\n"
                         "Libs: -L${prefix}/lib -lhalf\n"));
  const GoBuild build =
      BuildIn(HalfModule("pkg-config: half"), {absl::StrCat("PKG_CONFIG_PATH=", prefix, "/lib/pkgconfig")});
  EXPECT_EQ(RunStatic(build).error, "half 42\n");
}

// As conda's activation sets them.
TEST(EnvironmentTest, APrefixByCgoFlags) {
  const std::string prefix = HalfPrefix();
  const GoBuild build =
      BuildIn(HalfModule("LDFLAGS: -lhalf"),
              {absl::StrCat("CONDA_PREFIX=", prefix), absl::StrCat("CGO_CFLAGS=-O2 -I", prefix, "/include"),
               absl::StrCat("CGO_LDFLAGS=-Wl,-O2 -Wl,--sort-common -Wl,--as-needed -Wl,-z,relro -Wl,-z,now "
                            "-Wl,--disable-new-dtags -Wl,--gc-sections -Wl,-rpath,",
                            prefix, "/lib -Wl,-rpath-link,", prefix, "/lib -L", prefix, "/lib"),
               "CGO_LDFLAGS_ALLOW=-Wl,.*"});
  EXPECT_EQ(RunStatic(build).error, "half 42\n");
}

// Nix's compiler is a script that adds its packages' directories to every call.
TEST(EnvironmentTest, APrefixByACompilerWrapper) {
  const std::string prefix = HalfPrefix();
  WriteProgram(prefix + "/bin/gcc", absl::StrCat("#!/bin/sh\nexec ", FindProgram("gcc"), " -isystem ", prefix,
                                                 "/include \"$@\" $NIX_LDFLAGS\n"));
  const std::string path = absl::StrCat("PATH=", prefix, "/bin:", std::getenv("PATH"));
  const GoBuild build = BuildIn(HalfModule("LDFLAGS: -lhalf"), {path, absl::StrCat("NIX_LDFLAGS=-L", prefix, "/lib")});
  EXPECT_EQ(RunStatic(build).error, "half 42\n");
}

TEST(EnvironmentTest, AWorkspace) {
  const std::string top = MakeTempDirectory();
  WriteFiles(top,
             {{"go.work", "go 1.19\n\nuse (\n\t./app\n\t./clib\n)\n"},
              {"app/go.mod", "module example.com/app\n\ngo 1.19\n"},
              {"app/main.go", "package main\n\nimport \"example.com/clib\"\n\nfunc main() { println(clib.Two()) }\n"},
              {"clib/go.mod", "module example.com/clib\n\ngo 1.19\n"},
              {"clib/clib.go",
               "package clib\n\n// static int two(void) { return 2; }\nimport \"C\"\n\nfunc Two() int { return "
               "int(C.two()) }\n"}});
  EXPECT_EQ(RunStatic(BuildIn(top + "/app", {"GOWORK", "GOFLAGS"})).error, "2\n");
}

TEST(EnvironmentTest, AVendoredPackageWithAnArchive) {
  const std::string module =
      MakeModule({{"go.mod", "module example.com/program\n\ngo 1.19\n\nrequire example.com/dep v1.0.0\n"},
                  {"main.go", "package main\n\nimport \"example.com/dep\"\n\nfunc main() { println(dep.Own()) }\n"},
                  {"vendor/modules.txt", "# example.com/dep v1.0.0\n## explicit; go 1.19\nexample.com/dep\n"},
                  {"vendor/example.com/dep/dep.go", R"(package dep

// #cgo LDFLAGS: -L${SRCDIR}/lib -lown
// int own(void);
import "C"

func Own() int { return int(C.own()) }
)"}});
  WriteText(module + "/vendor/example.com/dep/lib/note", "");
  MakeArchive(module + "/vendor/example.com/dep/lib/libown.a", {{"own.c", "int own(void) { return 7; }\n"}});
  EXPECT_EQ(RunStatic(BuildIn(module, {"GOFLAGS"})).error, "7\n");
  EXPECT_EQ(RunStatic(BuildIn(module, {"GOFLAGS=-mod=vendor -trimpath -buildvcs=false"})).error, "7\n");
}

TEST(EnvironmentTest, SetForGoodWithGoEnv) {
  const std::string directory = MakeTempDirectory();
  const Environment environment = {"CC", absl::StrCat("GOENV=", directory, "/env")};
  ASSERT_TRUE(Succeeded(RunProgram({"go", "env", "-w", "CC=cgo-ld-shim", "CXX=cgo-ld-shim++"}, environment)));
  EXPECT_EQ(RunStatic(BuildGo("hello", environment)).output, kHello);
  EXPECT_TRUE(Succeeded(BuildGo("cxx", environment).go));
  // The wrapper finds that it is set already, and looks for the compiler behind it.
  const std::string module = CopyModule("hello");
  const ProcessResult build = RunProgram({Shim(), "go", "build", "-o", "program"}, environment, module);
  EXPECT_TRUE(Succeeded(build));
  EXPECT_EQ(build.error, "");
  const ProcessResult doctor = RunProgram({Shim(), "doctor"}, environment, module);
  EXPECT_THAT(doctor.output, HasSubstr("called by Go as CC ✓, as CXX ✓"));
}

// What gopls asks of go for each module that it opens (golang.org/x/tools/go/packages), and what people type beside it.
TEST(EnvironmentTest, SetForGoodEditorsGoOn) {
  const std::string directory = MakeTempDirectory(), module = CopyModule("hello");
  const Environment environment = {"CC", absl::StrCat("GOENV=", directory, "/env")};
  ASSERT_TRUE(Succeeded(RunProgram({"go", "env", "-w", "CC=cgo-ld-shim", "CXX=cgo-ld-shim++"}, environment)));
  for (const std::vector<std::string>& argv :
       std::vector<std::vector<std::string>>{{"go", "list", "-e", "-json", "-compiled=true", "-test=true",
                                              "-export=true", "-deps=true", "-find=false", "./..."},
                                             {"go", "vet", "./..."},
                                             {"go", "test", "-run=^$", "./..."},
                                             {"go", "install", "-n", "./..."}}) {
    const ProcessResult result = RunProgram(argv, environment, module);
    EXPECT_TRUE(Succeeded(result)) << argv[1];
    EXPECT_THAT(result.output, Not(HasSubstr("\"Error\""))) << argv[1];
    EXPECT_THAT(result.error, Not(HasSubstr("cgo-ld-shim: "))) << argv[1];
  }
}

// Go names what it misses, and one word takes the setting back (docs/install.md).
TEST(EnvironmentTest, SetForGoodAndGone) {
  const std::string directory = MakeTempDirectory(), module = CopyModule("hello");
  const Environment environment = {"CC", absl::StrCat("GOENV=", directory, "/env"),
                                   absl::StrCat("GOCACHE=", MakeTempDirectory())};
  ASSERT_TRUE(Succeeded(RunProgram({"go", "env", "-w", "CC=cgo-ld-shim-gone", "CXX=cgo-ld-shim-gone++"}, environment)));
  const ProcessResult build = RunProgram({"go", "build", "-o", "program"}, environment, module);
  EXPECT_TRUE(Refused(build));
  EXPECT_THAT(build.error, HasSubstr("\"cgo-ld-shim-gone\""));
  ASSERT_TRUE(Succeeded(RunProgram({"go", "env", "-u", "CC", "CXX"}, environment)));
  EXPECT_TRUE(Succeeded(RunProgram({"go", "build", "-o", "program"}, environment, module)));
}

TEST(EnvironmentTest, FlagsOfGoflagsHold) {
  const GoBuild build = BuildGo("hello", {"GOFLAGS=-mod=mod -trimpath -ldflags=-X=main.version=7"});
  EXPECT_EQ(RunStatic(build).output, "answer 42 version 7\n");
  if (GoMinorVersion() < 20) return;  // which knows no quotes there
  const GoBuild quoted = BuildGo("hello", {"GOFLAGS=-mod=mod -trimpath '-ldflags=-s -w -X main.version=8'"});
  EXPECT_EQ(RunStatic(quoted).output, "answer 42 version 8\n");
}

TEST(EnvironmentTest, AMakefile) {
  const std::string module = CopyModule("hello");
  WriteText(module + "/Makefile", "program: *.go\n\tgo build -o $@\n");
  const ProcessResult make = RunProgram({"make"}, {"CC=cgo-ld-shim", "CXX=cgo-ld-shim++"}, module);
  ASSERT_TRUE(Succeeded(make));
  EXPECT_TRUE(IsStatic(module + "/program"));
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
