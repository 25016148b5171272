// The main job: with only CC set (CXX too where there are C++ sources), programs come out static and work.
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/e2e/elf_file.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr char kGoMod[] = "module prog\n\ngo 1.19\n";

// A module of these files in a directory of its own.
std::string MakeModule(const std::vector<std::pair<std::string, std::string>>& files) {
  std::string directory = MakeTempDirectory();
  WriteText(directory + "/go.mod", kGoMod);
  for (const auto& [name, text] : files) WriteText(directory + "/" + name, text);
  return directory;
}

constexpr char kNet[] = R"(package main

import (
	"fmt"
	"net"
)

func main() {
	a, err := net.LookupHost("localhost")
	fmt.Println("found", len(a) > 0, err)
}
)";

constexpr char kUser[] = R"(package main

import (
	"fmt"
	"os/user"
)

func main() {
	u, err := user.LookupId("0")
	if err != nil {
		panic(err)
	}
	fmt.Println("user", u.Username)
}
)";

constexpr char kMath[] = R"(package main

/*
#include <math.h>
static float up(float x) { return ceilf(x); }
*/
import "C"
import "fmt"

func main() {
	x := 1.5
	fmt.Println("up", float32(C.up(C.float(x))))
}
)";

void ExpectStaticAndPrints(const std::string& binary, const std::string& text) {
  EXPECT_TRUE(IsStatic(binary));
  const ProcessResult run = RunProgram({binary});
  EXPECT_TRUE(Succeeded(run));
  EXPECT_THAT(run.output, HasSubstr(text));
}

TEST(NativeBuildTest, NetOnly) {
  const std::string dir = MakeModule({{"main.go", kNet}});
  const ProcessResult go = Go(dir, {"build", "-o", "prog"});
  ASSERT_TRUE(Succeeded(go));
  EXPECT_THAT(go.error, IsEmpty());
  ExpectStaticAndPrints(dir + "/prog", "found true <nil>");
}

TEST(NativeBuildTest, UserLookupOnly) {
  const std::string dir = MakeModule({{"main.go", kUser}});
  ASSERT_TRUE(Succeeded(Go(dir, {"build", "-o", "prog"})));
  ExpectStaticAndPrints(dir + "/prog", "user root");
}

TEST(NativeBuildTest, AddsLibmAndSaysWhy) {
  const std::string dir = MakeModule({{"main.go", kMath}});
  ASSERT_TRUE(Succeeded(Go(dir, {"build", "-o", "prog"}, {"CGO_CFLAGS=-O0 -fno-builtin"})));
  ExpectStaticAndPrints(dir + "/prog", "up 2");
  const ProcessResult explain = RunProgram({Shim(), "explain", dir + "/prog"});
  EXPECT_THAT(explain.output, HasSubstr("ceilf"));
  EXPECT_THAT(explain.output, HasSubstr("libm.a"));
}

TEST(NativeBuildTest, FlagsThatExplainPrintsWorkWithPlainGcc) {
  const std::string dir = MakeModule({{"main.go", kMath}});
  ASSERT_TRUE(Succeeded(Go(dir, {"build", "-o", "prog"}, {"CGO_CFLAGS=-O0 -fno-builtin"})));
  const ProcessResult flags = RunProgram({Shim(), "explain", "--flags", dir + "/prog"});
  ASSERT_THAT(flags.output, HasSubstr("-ldflags='"));
  const size_t from = flags.output.find("-ldflags='") + 10;
  const std::string ldflags = flags.output.substr(from, flags.output.find('\'', from) - from);
  ASSERT_TRUE(
      Succeeded(Go(dir, {"build", "-ldflags=" + ldflags, "-o", "plain"}, {"CC=gcc", "CGO_CFLAGS=-O0 -fno-builtin"})));
  ExpectStaticAndPrints(dir + "/plain", "up 2");
}

TEST(NativeBuildTest, CppThrowsAndCatches) {
  const std::string dir = MakeModule({{"main.go", R"(package main

// int run(int);
import "C"
import "fmt"

func main() { fmt.Println("caught", C.run(7)) }
)"},
                                      {"run.cc", R"(#include <stdexcept>
#include <string>
#include <thread>
struct Counter { ~Counter(); int n = 0; };
static int destroyed;
Counter::~Counter() { destroyed = n; }
thread_local Counter counter;
extern "C" int run(int x) {
  try {
    if (x > 3) throw std::runtime_error(std::to_string(x));
  } catch (const std::exception& e) {
    std::thread([&] { counter.n = std::stoi(e.what()); }).join();
  }
  return destroyed;
}
)"}});
  ASSERT_TRUE(Succeeded(Go(dir, {"build", "-o", "prog"}, {"CXX=" + ShimCxx()})));
  ExpectStaticAndPrints(dir + "/prog", "caught 7");
}

TEST(NativeBuildTest, TheGoCommandSetsCxxByItself) {
  const std::string dir =
      MakeModule({{"main.go", "package main\n\n// int one();\nimport \"C\"\n\nfunc main() { println(C.one()) }\n"},
                  {"one.cc", "#include <string>\nextern \"C\" int one() { return std::stoi(\"1\"); }\n"}});
  const ProcessResult go = RunProgram({Shim(), "go", "build", "-o", "prog"}, {"CC=", "CXX="}, dir);
  ASSERT_TRUE(Succeeded(go));
  EXPECT_TRUE(IsStatic(dir + "/prog"));
}

TEST(NativeBuildTest, TestBinaryOfAPackageWithoutC) {
  const std::string dir =
      MakeModule({{"main.go", kNet},
                  {"main_test.go", "package main\n\nimport \"testing\"\n\nfunc TestMain1(t *testing.T) { main() }\n"}});
  ASSERT_TRUE(Succeeded(Go(dir, {"test", "-c", "-o", "t.test"})));
  ExpectStaticAndPrints(dir + "/t.test", "PASS");
  ASSERT_TRUE(Succeeded(Go(dir, {"test", "-race", "-c", "-o", "race.test"})));
  ExpectStaticAndPrints(dir + "/race.test", "PASS");
  EXPECT_TRUE(Succeeded(Go(dir, {"test"})));
}

TEST(NativeBuildTest, FlagsOfGoKeepTheirMeaning) {
  const std::string dir = MakeModule(
      {{"main.go", "package main\n\nimport _ \"net\"\n\nvar v = \"unset\"\n\nfunc main() { println(v) }\n"}});
  const std::string tmp = MakeTempDirectory();
  for (const std::vector<std::string>& flags : std::vector<std::vector<std::string>>{{"-trimpath"},
                                                                                     {"-ldflags=-s -w"},
                                                                                     {"-ldflags=-linkmode=external"},
                                                                                     {"-ldflags=-tmpdir=" + tmp},
                                                                                     {"-ldflags=-extldflags=-static"},
                                                                                     {"-gcflags=-N -l"},
                                                                                     {"-ldflags=-X main.v=set"}}) {
    SCOPED_TRACE(flags[0]);
    std::vector<std::string> args = {"build"};
    args.insert(args.end(), flags.begin(), flags.end());
    args.insert(args.end(), {"-o", "prog"});
    ASSERT_TRUE(Succeeded(Go(dir, args)));
    EXPECT_TRUE(IsStatic(dir + "/prog"));
    const ProcessResult run = RunProgram({dir + "/prog"});
    EXPECT_THAT(run.error, HasSubstr(flags[0].find("-X") == std::string::npos ? "unset" : "set"));
  }
  EXPECT_TRUE(Succeeded(Go(dir, {"vet"})));
  EXPECT_TRUE(Succeeded(Go(dir, {"list", "-export", "-f", "{{.Export}}", "."})));
  EXPECT_TRUE(Succeeded(Go(dir, {"run", "."})));
}

TEST(NativeBuildTest, PieIsStaticPieAtRandomAddresses) {
  const std::string dir = MakeModule({{"main.go", R"(package main

// static void *here(void) { return (void *)here; }
import "C"
import "fmt"

func main() { fmt.Println(C.here()) }
)"}});
  ASSERT_TRUE(Succeeded(Go(dir, {"build", "-buildmode=pie", "-o", "prog"})));
  EXPECT_TRUE(IsStatic(dir + "/prog"));
  const std::string first = RunProgram({dir + "/prog"}).output;
  EXPECT_THAT(first, HasSubstr("0x"));
  bool differs = false;
  for (int i = 0; i < 5 && !differs; ++i) differs = RunProgram({dir + "/prog"}).output != first;
  EXPECT_TRUE(differs) << first;
}

TEST(NativeBuildTest, ArchivesInTheWrongOrderAndWithoutTheirRuntime) {
  const std::string dir = MakeModule({{"main.go", R"(package main

/*
#cgo LDFLAGS: -L${SRCDIR} -lbase -ltop
int top(int);
*/
import "C"

func main() { println("top", C.top(9)) }
)"}});
  WriteText(dir + "/src/base.cpp",
            "#include <cmath>\n#include <string>\nextern \"C\" int base(int x) { return std::to_string(x).size() + "
            "std::sqrt(x); }\n");
  WriteText(dir + "/src/top.c", "int base(int); int top(int x) { return base(x) + 1; }\n");
  ASSERT_TRUE(Succeeded(RunProgram({"g++", "-O0", "-c", "src/base.cpp", "-o", "src/base.o"}, {}, dir)));
  ASSERT_TRUE(Succeeded(RunProgram({"gcc", "-O0", "-c", "src/top.c", "-o", "src/top.o"}, {}, dir)));
  ASSERT_TRUE(Succeeded(RunProgram({"ar", "rcs", "libbase.a", "src/base.o"}, {}, dir)));
  ASSERT_TRUE(Succeeded(RunProgram({"ar", "rcs", "libtop.a", "src/top.o"}, {}, dir)));
  ASSERT_TRUE(Succeeded(Go(dir, {"build", "-o", "prog"})));
  EXPECT_TRUE(IsStatic(dir + "/prog"));
  EXPECT_THAT(RunProgram({dir + "/prog"}).error, HasSubstr("top 5"));
}

TEST(NativeBuildTest, TheSameBytesInAnyDirectoryAndWithAnyNumberOfThreads) {
  const std::string a = MakeModule({{"main.go", kMath}}), b = MakeModule({{"main.go", kMath}});
  const std::vector<std::string> build = {"go", "build", "-trimpath", "-o", "prog"};
  const Environment environment = {"CC=" + Shim(), "CGO_ENABLED=1"};
  ASSERT_TRUE(Succeeded(RunProgram(build, environment, a)));
  std::vector<std::string> on_one_core = {"taskset", "-c", "0"};
  on_one_core.insert(on_one_core.end(), build.begin(), build.end());
  ASSERT_TRUE(Succeeded(RunProgram(on_one_core, environment, b)));
  EXPECT_TRUE(ReadText(a + "/prog") == ReadText(b + "/prog"));
}

TEST(OtherModesTest, SharedLibraryArchiveAndPlugin) {
  const std::string dir = MakeModule(
      {{"main.go", R"(package main

import "C"
import "net"

//export Look
func Look() C.int { a, _ := net.LookupHost("localhost"); return C.int(len(a)) }

func main() {}
)"},
       {"use/use.c",
        "#include <stdio.h>\n#include <dlfcn.h>\nint main(void) { void *h = dlopen(\"./libgo.so\", RTLD_NOW);\n"
        "  int (*look)(void) = h ? dlsym(h, \"Look\") : 0; printf(\"%d\\n\", look ? look() > 0 : -1); return 0; }\n"},
       {"use/archive.c",
        "#include <stdio.h>\nint Look(void);\nint main(void) { printf(\"%d\\n\", Look() > 0); return 0; }\n"}});
  ASSERT_TRUE(Succeeded(Go(dir, {"build", "-buildmode=c-shared", "-o", "libgo.so"})));
  ASSERT_TRUE(Succeeded(RunProgram({"gcc", "use/use.c", "-o", "user", "-ldl"}, {}, dir)));
  EXPECT_EQ(RunProgram({"./user"}, {}, dir).output, "1\n");
  ASSERT_TRUE(Succeeded(Go(dir, {"build", "-buildmode=c-archive", "-o", "libgo.a"})));
  ASSERT_TRUE(
      Succeeded(RunProgram({"gcc", "use/archive.c", "libgo.a", "-o", "user2", "-lpthread", "-lresolv"}, {}, dir)));
  EXPECT_EQ(RunProgram({"./user2"}, {}, dir).output, "1\n");
}

TEST(OtherModesTest, APluginOpensInItsHost) {
  const std::string plug =
      MakeModule({{"main.go", "package main\n\nimport _ \"net\"\n\nfunc Hello() string { return \"hello\" }\n"}});
  const std::string host = MakeModule({{"main.go", R"(package main

import (
	"fmt"
	_ "net"
	"os"
	"plugin"
)

func main() {
	p, err := plugin.Open(os.Args[1])
	if err != nil {
		panic(err)
	}
	f, _ := p.Lookup("Hello")
	fmt.Println(f.(func() string)())
}
)"}});
  ASSERT_TRUE(Succeeded(Go(plug, {"build", "-buildmode=plugin", "-o", "plug.so"})));
  ASSERT_TRUE(Succeeded(Go(host, {"build", "-o", "host"})));
  EXPECT_EQ(RunProgram({host + "/host", plug + "/plug.so"}).output, "hello\n");
  EXPECT_FALSE(IsStatic(host + "/host"));
  EXPECT_THAT(RunProgram({Shim(), "explain", host + "/host"}).output, HasSubstr("plugin"));
}

TEST(OtherModesTest, AddressSanitizerStaysDynamicAndWorks) {
  const std::string dir = MakeModule(
      {{"main.go",
        "package main\n\n// static int two(void) { return 2; }\nimport \"C\"\n\nfunc main() { println(C.two()) }\n"}});
  const ProcessResult go = Go(dir, {"build", "-asan", "-o", "prog"});
  ASSERT_TRUE(Succeeded(go));
  EXPECT_FALSE(IsStatic(dir + "/prog"));
  EXPECT_THAT(RunProgram({dir + "/prog"}).error, HasSubstr("2"));
}

TEST(NoHarmTest, StaticOffIsWhatGccMakes) {
  const std::string dir = MakeModule({{"main.go", kNet}});
  ASSERT_TRUE(Succeeded(Go(dir, {"build", "-trimpath", "-ldflags=-linkmode=external", "-o", "bygcc"}, {"CC=gcc"})));
  ASSERT_TRUE(Succeeded(
      Go(dir, {"build", "-trimpath", "-ldflags=-linkmode=external", "-o", "off"}, {"CGO_LD_SHIM_STATIC=off"})));
  EXPECT_FALSE(IsStatic(dir + "/off"));
  EXPECT_EQ(RunProgram({"readelf", "-dlW", "--dyn-syms", dir + "/bygcc"}).output.find("Error"), std::string::npos);
  const auto needed = [&](const std::string& file) {
    return RunProgram({"sh", "-c",
                       "readelf -dW \"$0\" | grep -o 'NEEDED.*'; readelf -lW \"$0\" | grep interpreter; readelf -W "
                       "--dyn-syms \"$0\" | awk '{print $8}' | sort -u",
                       file})
        .output;
  };
  EXPECT_EQ(needed(dir + "/bygcc"), needed(dir + "/off"));
  EXPECT_EQ(RunProgram({dir + "/off"}).output, RunProgram({dir + "/bygcc"}).output);
}

TEST(NoHarmTest, MakeAndConfigureGetTheCompiler) {
  const std::string dir = MakeTempDirectory();
  WriteText(dir + "/a.c", "int two(void) { return 2; }\n");
  WriteText(dir + "/m.c",
            "#include <stdio.h>\nint two(void);\nint main(void) { printf(\"%d\\n\", two()); return 0; }\n");
  WriteText(dir + "/Makefile", "prog: a.o m.o\n\t$(CC) a.o m.o -o $@\n");
  ASSERT_TRUE(Succeeded(RunProgram({"make", "CC=" + Shim()}, {}, dir)));
  const std::string ours = ReadText(dir + "/prog"), object = ReadText(dir + "/a.o");
  ASSERT_TRUE(Succeeded(RunProgram({"make", "-B", "CC=gcc"}, {}, dir)));
  EXPECT_TRUE(ours == ReadText(dir + "/prog"));
  EXPECT_TRUE(object == ReadText(dir + "/a.o"));
  for (const char* question : {"-dumpmachine", "-v", "-print-prog-name=ld", "--print-libgcc-file-name"}) {
    SCOPED_TRACE(question);
    EXPECT_EQ(RunProgram({Shim(), question}).output, RunProgram({"gcc", question}).output);
  }
  EXPECT_THAT(RunProgram({Shim(), "--version"}).output, testing::StartsWith(RunProgram({"gcc", "--version"}).output));
}

TEST(NoHarmTest, StatusAndWordsOfAFailingCompilerAreItsOwn) {
  const std::string dir = MakeTempDirectory();
  WriteText(dir + "/cc", "#!/bin/sh\necho \"$@\"\necho sorry >&2\nexit 7\n");
  ASSERT_TRUE(Succeeded(RunProgram({"chmod", "+x", dir + "/cc"})));
  const ProcessResult r =
      RunProgram({Shim(), "-c", "a b.c", "-DX=\"y z\"", "-o", "x.o"}, {"CGO_LD_SHIM_CC=" + dir + "/cc"}, dir);
  EXPECT_EQ(r.exit_status, 7);
  EXPECT_EQ(r.output, "-c a b.c -DX=\"y z\" -o x.o\n");
  EXPECT_EQ(r.error, "sorry\n");
}

TEST(NoHarmTest, AWrapperThatCallsUsAgainIsNamed) {
  const std::string dir = MakeTempDirectory();
  WriteText(dir + "/wrapper", "#!/bin/sh\nexec ${CC:-gcc} \"$@\"\n");
  ASSERT_TRUE(Succeeded(RunProgram({"chmod", "+x", dir + "/wrapper"})));
  const ProcessResult r =
      RunProgram({Shim(), "-c", "x.c"}, {"CC=" + Shim(), "CGO_LD_SHIM_CC=" + dir + "/wrapper"}, dir);
  EXPECT_NE(r.exit_status, 0);
  EXPECT_THAT(r.error, HasSubstr("wrapper"));
}

TEST(RelinkTest, AChangedSettingRelinksAndNothingElseDoes) {
  const std::string dir = MakeModule({{"main.go", kMath}});
  const Environment log = {"CGO_LD_SHIM_LOG=" + dir + "/log"};
  const auto links = [&] {
    const std::string text = std::filesystem::exists(dir + "/log") ? ReadText(dir + "/log") : "";
    return std::count(text.begin(), text.end(), '\n');
  };
  ASSERT_TRUE(Succeeded(Go(dir, {"build", "-o", "prog"}, log)));
  const auto first = links();
  ASSERT_TRUE(Succeeded(Go(dir, {"build", "-o", "prog"}, log)));
  EXPECT_EQ(links(), first);
  ASSERT_TRUE(Succeeded(Go(dir, {"build", "-o", "prog"}, {log[0], "CGO_LD_SHIM_DEBUG_SECTIONS=none"})));
  EXPECT_EQ(links(), first + 1);
}

TEST(RelinkTest, AChangedLibcRelinks) {
  const std::string dir = MakeModule({{"main.go", kMath}});
  // A private copy of libc.a, found before the system's.
  const std::string lib = MakeTempDirectory();
  std::string libc = RunProgram({"gcc", "-print-file-name=libc.a"}).output;
  libc.erase(libc.find_last_not_of('\n') + 1);
  ASSERT_TRUE(Succeeded(RunProgram({"cp", libc, lib + "/libc.a"})));
  const Environment environment = {"CGO_LD_SHIM_LOG=" + dir + "/log", "CGO_LD_SHIM_CC=gcc -B" + lib};
  ASSERT_TRUE(Succeeded(Go(dir, {"build", "-o", "prog"}, environment)));
  const std::string before = ReadText(dir + "/log");
  ASSERT_TRUE(Succeeded(Go(dir, {"build", "-o", "prog"}, environment)));
  EXPECT_EQ(ReadText(dir + "/log"), before);
  ASSERT_TRUE(Succeeded(RunProgram({"touch", "-d", "2001-01-01", lib + "/libc.a"})));
  ASSERT_TRUE(Succeeded(Go(dir, {"build", "-o", "prog"}, environment)));
  EXPECT_NE(ReadText(dir + "/log"), before);
}

TEST(RelinkTest, OneGoCacheServesTwoCompilers) {
  const std::string dir = MakeModule({{"main.go", kMath}});
  const std::string cc = MakeTempDirectory() + "/other-gcc";
  WriteText(cc, "#!/bin/sh\nexec gcc -fno-plt \"$@\"\n");
  ASSERT_TRUE(Succeeded(RunProgram({"chmod", "+x", cc})));
  for (const char* compiler : {"gcc", "", "gcc"}) {
    ASSERT_TRUE(
        Succeeded(Go(dir, {"build", "-o", "prog"}, {absl::StrCat("CGO_LD_SHIM_CC=", *compiler != 0 ? compiler : cc)})));
    ExpectStaticAndPrints(dir + "/prog", "up 2");
  }
}

std::string LastLines(const std::string& text, size_t lines) {
  size_t at = text.size();
  for (size_t i = 0; i <= lines && at != std::string::npos && at > 0; ++i) at = text.rfind('\n', at - 1);
  return at == std::string::npos ? text : text.substr(at);
}

TEST(FailureTest, AMisspeltFunctionIsNamedWithWhatWasMeant) {
  const std::string dir = MakeModule({{"main.go", R"(package main

/*
#cgo LDFLAGS: -L${SRCDIR} -lthing
int thing_versoin(void);
*/
import "C"

func main() { println(C.thing_versoin()) }
)"}});
  WriteText(dir + "/src/thing.c", "int thing_version(void) { return 1; }\n");
  ASSERT_TRUE(Succeeded(RunProgram({"gcc", "-c", "src/thing.c", "-o", "src/thing.o"}, {}, dir)));
  ASSERT_TRUE(Succeeded(RunProgram({"ar", "rcs", "libthing.a", "src/thing.o"}, {}, dir)));
  const ProcessResult go = Go(dir, {"build", "-o", "prog"}, {"CGO_LD_SHIM_LOG=" + dir + "/log"});
  EXPECT_NE(go.exit_status, 0);
  const std::string end = LastLines(go.error, 14);
  EXPECT_THAT(end, HasSubstr("thing_versoin"));
  EXPECT_THAT(end, HasSubstr("did you mean thing_version"));
  EXPECT_FALSE(std::filesystem::exists(dir + "/prog"));
  EXPECT_THAT(ReadText(dir + "/log"), HasSubstr("\"cause\":\"misspelt\""));
}

TEST(FailureTest, ALibraryThatIsOnlySharedIsExplained) {
  const std::string dir = MakeModule({{"main.go", R"(package main

/*
#cgo LDFLAGS: -L${SRCDIR} -ldyn
int dyn(void);
*/
import "C"

func main() { println(C.dyn()) }
)"}});
  WriteText(dir + "/src/dyn.c", "int dyn(void) { return 1; }\n");
  ASSERT_TRUE(Succeeded(RunProgram({"gcc", "-shared", "-fPIC", "src/dyn.c", "-o", "libdyn.so"}, {}, dir)));
  const ProcessResult go = Go(dir, {"build", "-o", "prog"});
  EXPECT_NE(go.exit_status, 0);
  EXPECT_THAT(go.error, HasSubstr("libdyn.so"));
  EXPECT_THAT(go.error, HasSubstr("CGO_LD_SHIM_STATIC=prefer"));
  ASSERT_TRUE(Succeeded(Go(dir, {"build", "-o", "prog"}, {"CGO_LD_SHIM_STATIC=prefer"})));
  EXPECT_FALSE(IsStatic(dir + "/prog"));
  EXPECT_THAT(RunProgram({dir + "/prog"}, {"LD_LIBRARY_PATH=" + dir}).error, HasSubstr("1"));
}

TEST(FailureTest, BadInputIsNamedAndLeavesNothing) {
  const std::string source = "package main\n\n// #cgo LDFLAGS: @\nimport \"C\"\n\nfunc main() {}\n";
  const auto with = [&](const std::string& flags) {
    std::string text = source;
    text.replace(text.find('@'), 1, flags);
    return text;
  };
  const std::string dir = MakeModule({{"main.go", with("-lnothere")}});
  ProcessResult go = Go(dir, {"build", "-o", "prog"});
  EXPECT_NE(go.exit_status, 0);
  EXPECT_THAT(LastLines(go.error, 14), HasSubstr("-lnothere"));

  WriteText(dir + "/main.go", with("${SRCDIR}/cut.a"));
  WriteText(dir + "/cut.a", "!<arch>\nx.o/            0           0     0     644     5000      `\nshort");
  go = Go(dir, {"build", "-o", "prog"});
  EXPECT_NE(go.exit_status, 0);
  EXPECT_THAT(go.error, HasSubstr("cut.a"));

  WriteText(dir + "/cut.a", "");
  WriteText(dir + "/main.go", with("${SRCDIR}/missing.o"));
  go = Go(dir, {"build", "-o", "prog"});
  EXPECT_NE(go.exit_status, 0);
  EXPECT_THAT(go.error, HasSubstr("missing.o"));
  EXPECT_FALSE(std::filesystem::exists(dir + "/prog"));
}

TEST(FailureTest, SettingsAreChecked) {
  ProcessResult r = RunProgram({Shim(), "-c", "x.c"}, {"CGO_LD_SHIM_LIBCC=musl"});
  EXPECT_NE(r.exit_status, 0);
  EXPECT_THAT(r.error, HasSubstr("CGO_LD_SHIM_LIBC"));
  r = RunProgram({Shim(), "-c", "x.c"}, {"CGO_LD_SHIM_STATIC=maybe"});
  EXPECT_NE(r.exit_status, 0);
  EXPECT_THAT(r.error, HasSubstr("prefer"));
  r = RunProgram({Shim(), "-c", "x.c"}, {"PATH=/nonexistent"});
  EXPECT_EQ(r.exit_status, 127);
  EXPECT_THAT(r.error, HasSubstr("gcc"));
  r = RunProgram({Shim(), "@gone/response"});
  EXPECT_NE(r.exit_status, 0);
  EXPECT_THAT(r.error, HasSubstr("gone/response"));
}

TEST(FailureTest, NoWritableHomeIsNoFailure) {
  const std::string dir = MakeModule({{"main.go", kMath}});
  ASSERT_TRUE(
      Succeeded(Go(dir, {"build", "-o", "prog"}, {"XDG_STATE_HOME=/nonexistent/x", "XDG_CACHE_HOME=/nonexistent/x"})));
  EXPECT_TRUE(IsStatic(dir + "/prog"));
}

TEST(FailureTest, AFullDiskIsNamedAndLeavesNoOutput) {
  const std::string dir = MakeModule({{"main.go", kMath}});
  const std::string disk = MakeTempDirectory();
  if (RunProgram({"mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk}).exit_status != 0) {
    GTEST_SKIP() << "mounting a small disk takes root";
  }
  // go build links to its own temporary directory: that is the full one.
  const ProcessResult go = Go(
      dir, {"build", "-ldflags=-linkmode=external -tmpdir=" + MakeTempDirectory(), "-o", "prog"}, {"GOTMPDIR=" + disk});
  const ProcessResult unmounted = RunProgram({"umount", disk});
  EXPECT_NE(go.exit_status, 0);
  EXPECT_THAT(go.error, HasSubstr("no space left on device"));
  EXPECT_FALSE(std::filesystem::exists(dir + "/prog"));
  EXPECT_TRUE(Succeeded(unmounted));
}

TEST(PassThroughTest, CostsFewInstructions) {
  const std::string dir = MakeTempDirectory();
  WriteText(dir + "/true.c", "int main(void) { return 0; }\n");
  const ProcessResult valgrind = RunProgram({"valgrind", "--version"});
  if (valgrind.exit_status != 0) GTEST_SKIP() << "no valgrind";
  // The exec fails at a file that is no program, which ends the count where the compiler would begin.
  WriteText(dir + "/cc", "not a program");
  ASSERT_TRUE(Succeeded(RunProgram({"chmod", "+x", dir + "/cc"})));
  const ProcessResult counted = RunProgram({"valgrind", "--tool=callgrind", "--callgrind-out-file=" + dir + "/out",
                                            Shim(), "-O2", "-g", "-o", "x.o", "-c", "x.c"},
                                           {"CGO_LD_SHIM_CC=" + dir + "/cc"}, dir);
  const size_t at = counted.error.find("Collected : ");
  ASSERT_NE(at, std::string::npos) << counted.error;
  EXPECT_LE(std::stol(counted.error.substr(at + 12)), 120000);
}

TEST(ExecutableTest, HasNoDynamicLoader) { EXPECT_TRUE(IsStatic(Shim())); }

}  // namespace
}  // namespace cgo_ld_shim::e2e
