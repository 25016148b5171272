// Every target that zig serves, from one machine, in one loop, in one build cache, with this machine's own compiler in
// between. Linux programs run under qemu-user, Windows' under Wine, where these are installed; ./dev test --all
// installs them.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "llvm/Object/Binary.h"
#include "llvm/Object/COFF.h"
#include "llvm/Object/ObjectFile.h"
#include "tests/e2e/elf_file.h"
#include "tests/e2e/harness.h"
#include "tests/e2e/link_log.h"
#include "tests/e2e/machines.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Environment For(const std::string& os, const std::string& arch, const Environment& more = {}) {
  Environment environment = {absl::StrCat("GOOS=", os), absl::StrCat("GOARCH=", arch), "CGO_ENABLED=1",
                             "CXX=cgo-ld-shim++"};
  environment.insert(environment.end(), more.begin(), more.end());
  return environment;
}

struct LinuxTarget {
  const char* arch;
  const char* emulator;  // of qemu-user; empty: this kernel itself
};
constexpr LinuxTarget kLinux[] = {{"arm64", "aarch64"},       {"arm", "arm"},          {"386", ""},
                                  {"riscv64", "riscv64"},     {"ppc64le", "ppc64le"},  {"s390x", "s390x"},
                                  {"loong64", "loongarch64"}, {"mips64le", "mips64el"}};

// SQL with and without vectors, HTTP over loopback, and a user by name.
// sqlite-vec takes sqlite3.h from the system, and BSD's names of types, neither of which the targets have.
std::string DemoWithVectorsAndUser() {
  const std::string module = CopyModule("demo");
  EXPECT_TRUE(Succeeded(RunProgram({"go", "get", "github.com/asg017/sqlite-vec-go-bindings@v0.1.6"}, {}, module)));
  WriteText(module + "/vector.go", R"go(package main

import (
	"database/sql"
	"fmt"

	vec "github.com/asg017/sqlite-vec-go-bindings/cgo"
)

func init() {
	vec.Auto()
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(1)
	nearest := 0
	_, err = db.Exec("CREATE VIRTUAL TABLE v USING vec0(e float[2]); INSERT INTO v(rowid, e) VALUES (1, '[0,0]'), (2, '[5,5]')")
	if err == nil {
		err = db.QueryRow("SELECT rowid FROM v WHERE e MATCH '[4,4]' AND k = 1").Scan(&nearest)
	}
	fmt.Println("nearest", nearest, err)
}
)go");
  WriteText(
      module + "/user.go",
      "package main\n\nimport (\n\t\"fmt\"\n\t\"os/user\"\n)\n\nfunc init() {\n\troot, err := user.Lookup(\"root\")\n"
      "\tfmt.Println(root.Uid, err)\n}\n");
  return module;
}

TEST(SlowTargetsTest, EveryLinuxInOneLoopAndOneCache) {
  SKIP_WITHOUT_ZIG();
  if (!std::filesystem::exists("/usr/include/sqlite3.h"))
    GTEST_SKIP() << "no sqlite3.h: apt-get install libsqlite3-dev";
  const std::string module = DemoWithVectorsAndUser();
  std::string not_run;
  for (const LinuxTarget& target : kLinux) {
    SCOPED_TRACE(target.arch);
    const GoBuild build = BuildIn(module, For("linux", target.arch));
    ASSERT_TRUE(Succeeded(build.go));
    EXPECT_EQ(build.go.error, "");
    EXPECT_TRUE(IsStatic(build.binary));
    const std::vector<std::string> argv = Runner(target.emulator, build.binary);
    if (argv.empty()) {
      absl::StrAppend(&not_run, " ", target.arch);
    } else {
      const ProcessResult run = RunProgram(argv);
      EXPECT_TRUE(Succeeded(run));
      EXPECT_THAT(run.output,
                  AllOf(StartsWith("0 <nil>\nnearest 2 <nil>\n"), HasSubstr("4 linkers, the newest is mold")));
    }
    EXPECT_THAT(RunStatic(BuildIn(module)).output, HasSubstr("4 linkers")) << "this machine's own, in between";
  }
  if (!not_run.empty()) GTEST_SKIP() << "built, and not run, because qemu-user-static is not installed:" << not_run;
}

TEST(SlowTargetsTest, MipsWithoutDebugSections) {
  SKIP_WITHOUT_ZIG();
  const GoBuild build = BuildGo("osuser", For("linux", "mipsle"));
  ASSERT_TRUE(Succeeded(build.go));
  EXPECT_TRUE(IsStatic(build.binary));
  const std::vector<std::string> argv = Runner("mipsel", build.binary);
  if (argv.empty()) GTEST_SKIP() << "built, and not run, because qemu-user-static is not installed";
  EXPECT_EQ(RunProgram(argv).output, "root 0 root\n");
}

// A processor without atomic instructions: what C asks of them for each size is done, at each place of a word.
TEST(SlowTargetsTest, GoArmChoosesTheProcessor) {
  SKIP_WITHOUT_ZIG();
  const std::string module = MakeModule({{"main.go", R"go(
package main

// #cgo CFLAGS: -Wno-sync-fetch-and-nand-semantics-changed
// #define TRY(type, sync, plain)                              \
//   for (int at = 0; at < 8; at += sizeof(type)) {            \
//     union { unsigned char bytes[8]; type values[8 / sizeof(type)]; } a, b; \
//     for (int i = 0; i < 8; ++i) a.bytes[i] = b.bytes[i] = 0x35 * i + 0x91; \
//     volatile type *p = (type *)(a.bytes + at);              \
//     const type old = *p, v = (type)0x7654c3a9;              \
//     if ((sync) != old) ++wrong;                             \
//     b.values[at / sizeof(type)] = (plain);                  \
//     for (int i = 0; i < 8; ++i) wrong += a.bytes[i] != b.bytes[i]; \
//     ++tried;                                                \
//   }
// #define ALL(type)                                           \
//   TRY(type, __sync_fetch_and_add(p, v), old + v)            \
//   TRY(type, __sync_fetch_and_sub(p, v), old - v)            \
//   TRY(type, __sync_fetch_and_or(p, v), old | v)             \
//   TRY(type, __sync_fetch_and_and(p, v), old & v)            \
//   TRY(type, __sync_fetch_and_xor(p, v), old ^ v)            \
//   TRY(type, __sync_fetch_and_nand(p, v), ~(old & v))        \
//   TRY(type, __sync_lock_test_and_set(p, v), v)              \
//   TRY(type, __sync_val_compare_and_swap(p, old, v), v)      \
//   TRY(type, __sync_val_compare_and_swap(p, (type)(old + 1), v), old)
// static int tried, wrong;
// static void all(void) { ALL(unsigned char) ALL(short) ALL(unsigned) }
// static int wrongs(void) { return wrong; }
// static int tries(void) { return tried; }
import "C"
import "os/user"

func main() {
	C.all()
	root, err := user.Lookup("root")
	println(C.tries(), C.wrongs(), root.Name, err == nil)
}
)go"}});
  const GoBuild build = BuildIn(module, For("linux", "arm", {"GOARM=5"}));
  ASSERT_TRUE(Succeeded(build.go));
  EXPECT_EQ(build.go.error, "");
  const std::vector<std::string> argv = Runner("arm", build.binary);
  if (argv.empty()) GTEST_SKIP() << "built, and not run, because qemu-user-static is not installed";
  EXPECT_EQ(RunProgram({argv[0], "-cpu", "arm926", build.binary}).error, "126 0 root true\n");
}

// The names of the DLLs that a program for Windows imports.
std::vector<std::string> ImportedDlls(const std::string& path) {
  std::vector<std::string> names;
  llvm::Expected<llvm::object::OwningBinary<llvm::object::ObjectFile>> file =
      llvm::object::ObjectFile::createObjectFile(path);
  if (!file) {
    ADD_FAILURE() << llvm::toString(file.takeError());
    return names;
  }
  const auto* object = llvm::dyn_cast<llvm::object::COFFObjectFile>(file->getBinary());
  if (object == nullptr) return names;
  for (const llvm::object::ImportDirectoryEntryRef& entry : object->import_directories()) {
    llvm::StringRef name;
    if (llvm::Error error = entry.getName(name)) {
      ADD_FAILURE() << llvm::toString(std::move(error));
    } else {
      names.push_back(name.lower());
    }
  }
  return names;
}

TEST(SlowTargetsTest, WindowsImportsWhatEveryWindowsHas) {
  SKIP_WITHOUT_ZIG();
  for (const char* arch : {"amd64", "arm64"}) {
    SCOPED_TRACE(arch);
    const GoBuild build = BuildGo("demo", For("windows", arch));
    ASSERT_TRUE(Succeeded(build.go));
    const std::vector<std::string> dlls = ImportedDlls(build.binary);
    EXPECT_THAT(dlls, Contains("kernel32.dll"));
    EXPECT_THAT(dlls, Each(testing::AnyOf("kernel32.dll", StartsWith("api-ms-win-crt-"), "ntdll.dll", "ucrtbase.dll")));
  }
}

// SQL and HTTP over loopback. Go 1.22 and later need a bcryptprimitives.dll, which Wine has since 9.0 only (Debian
// 12: 8.0).
TEST(SlowTargetsTest, WindowsRunsUnderWine) {
  SKIP_WITHOUT_ZIG();
  const std::string wine = FindProgram("wine");
  if (wine.empty()) GTEST_SKIP() << "no wine: apt-get install wine64";
  const GoBuild build = BuildGo("demo", For("windows", "amd64", {"GOTOOLCHAIN=go1.20.14"}));
  ASSERT_TRUE(Succeeded(build.go));
  const ProcessResult run = RunProgram(
      {wine, build.binary}, {"WINEDEBUG=-all", absl::StrCat("WINEPREFIX=", MakeTempDirectory(), "/wine"), "DISPLAY="});
  EXPECT_TRUE(Succeeded(run));
  EXPECT_THAT(run.output, HasSubstr("4 linkers, the newest is mold"));
}

TEST(SlowTargetsTest, BsdProgramsNeedTheSystemsLibcAlone) {
  SKIP_WITHOUT_ZIG();
  for (const char* os : {"freebsd", "netbsd"}) {
    SCOPED_TRACE(os);
    const std::string log = MakeTempDirectory() + "/log";
    // net, whose -lresolv zig does not have for NetBSD; and C code of its own, without which Go may link by itself.
    const GoBuild build = BuildIn(MakeModule({{"main.go", R"go(
package main

// int three(void) { return 3; }
import "C"
import "net"

func main() {
	addresses, err := net.LookupHost("localhost")
	println(C.three(), len(addresses), err)
}
)go"}}),
                                  For(os, "amd64", {LogTo(log)}));
    ASSERT_TRUE(Succeeded(build.go));
    const std::vector<std::string> needed = Needed(build.binary);
    EXPECT_THAT(needed, Contains(StartsWith("libc.so.")));
    EXPECT_THAT(needed,
                Each(testing::AnyOf(StartsWith("libc.so."), StartsWith("libthr.so."), StartsWith("libpthread.so."))));
    const std::vector<LinkRecord> links = ReadLog(log);
    ASSERT_EQ(links.size(), 1U);
    // Go names it for NetBSD only (net/cgo_unix_cgo_resn.go).
    if (absl::string_view(os) == "netbsd") {
      EXPECT_THAT(links[0].Rules(), Contains("drop-lresolv"));
    }
  }
}

// "GLIBC_2.28" → 228; the largest in the file, 0 for none.
int NewestGlibc(const std::string& path) {
  int newest = 0;
  const std::string bytes = ReadText(path);
  for (size_t at = bytes.find("GLIBC_2."); at != std::string::npos; at = bytes.find("GLIBC_2.", at + 1))
    newest = std::max(newest, 200 + std::atoi(bytes.c_str() + at + 8));
  return newest;
}

TEST(TargetsTest, AGlibcFloorIsKeptAndOnlyGlibcIsShared) {
  SKIP_WITHOUT_ZIG();
  const char* triple = absl::StrContains(RunProgram({"uname", "-m"}).output, "x86_64") ? "x86_64-linux-gnu.2.28"
                                                                                       : "aarch64-linux-gnu.2.28";
  const std::string module = MakeModule(
      {{"main.go",
        "package main\n\nimport \"os/user\"\n\n// #cgo LDFLAGS: -L${SRCDIR} -lown\n// int own(void);\n"
        "import \"C\"\n\nfunc main() {\n\troot, _ := user.Lookup(\"root\")\n\tprint(root.Uid, C.own())\n}\n"}});
  MakeArchive(module + "/libown.a", {{"own.c", "int own(void) { return 5; }\n"}});
  Compile(module + "/libown.so", "int own(void) { return 6; }\n", {"-shared", "-fPIC"});
  const std::string log = MakeTempDirectory() + "/log";
  const GoBuild build = BuildIn(module, {absl::StrCat("CGO_LD_SHIM_TARGET=", triple), "CXX=cgo-ld-shim++", LogTo(log)});
  ASSERT_TRUE(Succeeded(build.go));
  EXPECT_EQ(build.go.error, "");
  EXPECT_EQ(RunProgram({build.binary}).error, "05");
  EXPECT_THAT(Needed(build.binary), AllOf(Contains("libc.so.6"), Not(Contains("libown.so"))));
  EXPECT_GT(NewestGlibc(build.binary), 0);
  EXPECT_LE(NewestGlibc(build.binary), 228);
  const std::vector<LinkRecord> links = ReadLog(log);
  ASSERT_EQ(links.size(), 1U);
  EXPECT_THAT(links[0].Rules(), Contains("glibc-floor"));

  const GoBuild other = BuildIn(module, {"CGO_LD_SHIM_TARGET=s390x-linux-gnu.2.28"});
  ASSERT_TRUE(Refused(other.go));
  EXPECT_THAT(OurWords(other.go.error), AllOf(HasSubstr("is for s390x"), HasSubstr("GOARCH is")));
}

std::string CallOfF(const std::string& flags, const std::string& code) {
  return absl::StrCat("package main\n\n// #cgo LDFLAGS: ", flags, "\n", code, "// int f(void);\nimport \"C\"\n\n",
                      "func main() { print(C.f()) }\n");
}

TEST(TargetsTest, ANameThatAnOldGlibcDoesNotHaveIsNamedWithItsVersion) {
  SKIP_WITHOUT_ZIG();
  if (!absl::StrContains(RunProgram({"uname", "-m"}).output, "x86_64")) GTEST_SKIP() << "the target is x86_64";
  const std::string module = MakeModule({{"main.go", CallOfF("-L${SRCDIR} -lown", "")}});
  MakeArchive(
      module + "/libown.a",
      {{"own.c", "int getentropy(void *, unsigned long);\nint f(void) { char c; return getentropy(&c, 1); }\n"}});
  const GoBuild build = BuildIn(module, {"CGO_LD_SHIM_TARGET=x86_64-linux-gnu.2.17"});
  ASSERT_TRUE(Refused(build.go));
  EXPECT_THAT(OurWords(build.go.error),
              AllOf(HasSubstr("getentropy"), HasSubstr("libown.a(own.o), named with -lown"),
                    HasSubstr("glibc has it since 2.25"), HasSubstr("CGO_LD_SHIM_TARGET=x86_64-linux-gnu.2.25")));
}

TEST(TargetsTest, ATargetThatIsNoneIsOneLine) {
  SKIP_WITHOUT_ZIG();
  const GoBuild build = BuildGo("hello", {"CGO_LD_SHIM_TARGET=nonsense"});
  ASSERT_TRUE(Refused(build.go));
  EXPECT_THAT(build.go.error, HasSubstr("CGO_LD_SHIM_TARGET=nonsense: there is no target with `nonsense`"));
  EXPECT_THAT(build.go.error, Not(HasSubstr("available architectures")));
}

TEST(SlowTargetsTest, WindowsFailuresAreExplained) {
  SKIP_WITHOUT_ZIG();
  const std::string host = MakeModule({{"main.go", CallOfF("-L${SRCDIR} -lown", "")}});
  MakeArchive(host + "/libown.a", {{"own.c", "int f(void) { return 1; }\n"}});
  EXPECT_THAT(OurWords(BuildIn(host, For("windows", "amd64")).go.error),
              AllOf(HasSubstr("libown.a holds ELF objects"), HasSubstr("this program is for Windows on amd64"),
                    HasSubstr("zig cc -target x86_64-windows-gnu")));

  const std::string absent = MakeModule({{"main.go", CallOfF("-lnosuchthing", "")}});
  EXPECT_THAT(OurWords(BuildIn(absent, For("windows", "amd64")).go.error),
              AllOf(HasSubstr("-lnosuchthing"), HasSubstr("zig does not search this machine's own")));

  const std::string sockets = MakeModule(
      {{"main.go", CallOfF("",
                           "// __declspec(dllimport) int __stdcall WSACleanup(void);\n// static int g(void) { return "
                           "WSACleanup(); }\n// #define f g\n")}});
  EXPECT_THAT(OurWords(BuildIn(sockets, For("windows", "amd64")).go.error),
              AllOf(HasSubstr("WSACleanup"), HasSubstr("ws2_32.dll has it"), HasSubstr("LDFLAGS: -lws2_32")));
}

// A C++ archive in a package of C alone: zig's libc++ is added, as it is on musl.
TEST(SlowTargetsTest, ACxxArchiveIsLinkedForWindowsAndMacOs) {
  SKIP_WITHOUT_ZIG();
  const std::string log = MakeTempDirectory() + "/log";
  for (const auto& [os, arch] : {std::pair("windows", "amd64"), std::pair("darwin", "arm64")}) {
    SCOPED_TRACE(os);
    const std::string module = MakeModule({{"main.go", CallOfF("-L${SRCDIR} -lown", "")}});
    WriteText(
        module + "/c/own.cc",
        "#include <vector>\nextern \"C\" int f(void) { std::vector<int> v(3); return *new int(7) + v.size(); }\n");
    const std::string object = module + "/own.o", source = module + "/c/own.cc";
    ASSERT_TRUE(Succeeded(RunProgram({ShimCxx(), "-O2", "-c", source, "-o", object}, For(os, arch))));
    ASSERT_TRUE(Succeeded(RunProgram({"ar", "rc", module + "/libown.a", object})));
    std::filesystem::remove(object);
    const GoBuild build = BuildIn(module, For(os, arch, {LogTo(log)}));
    ASSERT_TRUE(Succeeded(build.go));
    EXPECT_THAT(ReadLog(log).back().Rules(), Contains("add-runtime"));
  }
}

// Exceptions, threads, thread_local, streams, files.
constexpr char kCxx[] = R"cc(
#include <fstream>
#include <iomanip>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>
  static thread_local int local = 3;
  extern "C" int f() {
    int right = 0;
    try {
      throw std::runtime_error("thrown");
    } catch (const std::exception& error) {
      right += std::string(error.what()) == "thrown";
    }
    std::mutex mutex;
    int sum = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        local += i;
        const std::lock_guard<std::mutex> lock(mutex);
        sum += local;
      });
    }
    for (std::thread& thread : threads) thread.join();
    right += sum == 18 && local == 3;
    std::ostringstream text;
    text << 1.5 << ' ' << std::hex << 255;
    right += text.str() == "1.5 ff";
    std::ifstream passwd("/etc/passwd");
    std::string line;
    right += std::getline(passwd, line) && line.find(':') != std::string::npos;
    return right;
  }
)cc";
constexpr LinuxTarget kTwo[] = {{"arm64", "aarch64"}, {"riscv64", "riscv64"}};

// Calls libown.a's f, and looks a user up.
std::string ModuleThatCallsF() {
  return MakeModule({{"main.go",
                      "package main\n\n// #cgo LDFLAGS: -L${SRCDIR} -lown\n// int f(void);\nimport \"C\"\nimport "
                      "\"os/user\"\n\nfunc main() {\n\troot, err := user.Lookup(\"root\")\n\tprint(C.f(), \" \", "
                      "root.Uid, \" \", err == nil)\n}\n"}});
}

TEST(SlowTargetsTest, ACxxArchiveInAProgramOfCRunsOnOtherMachines) {
  SKIP_WITHOUT_ZIG();
  for (const LinuxTarget& target : kTwo) {
    SCOPED_TRACE(target.arch);
    const std::string module = ModuleThatCallsF();
    const std::string source = MakeTempDirectory() + "/own.cc", object = source + ".o";
    WriteText(source, kCxx);
    ASSERT_TRUE(Succeeded(RunProgram({ShimCxx(), "-O2", "-c", source, "-o", object}, For("linux", target.arch))));
    ASSERT_TRUE(Succeeded(RunProgram({"ar", "rcS", module + "/libown.a", object})));
    const GoBuild build = BuildIn(module, For("linux", target.arch));
    ASSERT_TRUE(Succeeded(build.go));
    EXPECT_TRUE(IsStatic(build.binary));
    const std::vector<std::string> argv = Runner(target.emulator, build.binary);
    if (!argv.empty()) {
      EXPECT_EQ(RunProgram(argv).error, "4 0 true");
    }
  }
}

// Its C++ library is libstdc++; its glibc has look-ups that read nsswitch.conf.
TEST(SlowTargetsTest, ACrossGccMakesStaticProgramsThatLookUsersUp) {
  int tried = 0;
  for (const auto& [target, cpu] : {std::pair(kTwo[0], "aarch64"), std::pair(kTwo[1], "riscv64")}) {
    SCOPED_TRACE(cpu);
    const std::string gcc = FindProgram(absl::StrCat(cpu, "-linux-gnu-gcc"));
    const std::string cxx = FindProgram(absl::StrCat(cpu, "-linux-gnu-g++"));
    if (gcc.empty() || cxx.empty()) continue;
    const std::string module = ModuleThatCallsF();
    const std::string source = MakeTempDirectory() + "/own.cc", object = source + ".o";
    WriteText(source, kCxx);
    ASSERT_TRUE(Succeeded(RunProgram({cxx, "-O2", "-c", source, "-o", object})));
    ASSERT_TRUE(Succeeded(RunProgram({"ar", "rcS", module + "/libown.a", object})));
    const std::string log = MakeTempDirectory() + "/log";
    const GoBuild build =
        BuildIn(module, For("linux", target.arch,
                            {absl::StrCat("CGO_LD_SHIM_CC=", gcc), absl::StrCat("CGO_LD_SHIM_CXX=", cxx), LogTo(log)}));
    ASSERT_TRUE(Succeeded(build.go));
    EXPECT_TRUE(IsStatic(build.binary));
    EXPECT_THAT(ReadLog(log).back().Rules(), AllOf(Contains("nss-files"), Contains("add-runtime")));
    const std::vector<std::string> argv = Runner(target.emulator, build.binary);
    if (!argv.empty()) {
      EXPECT_EQ(RunProgram(argv).error, "4 0 true");
    }
    ++tried;
  }
  if (tried == 0) GTEST_SKIP() << "no cross compiler: apt-get install g++-aarch64-linux-gnu";
}

// Real Rust, with its standard library, for glibc and for musl. What rustup has not installed is left out.
TEST(SlowTargetsTest, ARustArchiveRunsOnOtherMachines) {
  SKIP_WITHOUT_ZIG();
  const std::string rustc = FindProgram("rustc");
  if (rustc.empty()) GTEST_SKIP() << "no rustc";
  const std::string source = MakeTempDirectory() + "/own.rs";
  WriteText(source, R"rs(
#[no_mangle]
pub extern "C" fn f() -> i32 {
    std::panic::set_hook(Box::new(|_| {}));
    // For musl nobody gives a library the arguments.
    let caught = std::panic::catch_unwind(|| { if std::env::args().count() < 2 { panic!("once") } }).is_err();
    let lines = std::thread::spawn(|| std::fs::read_to_string("/etc/passwd").unwrap().lines().count()).join().unwrap();
    let entry = std::fs::metadata("/etc/passwd").unwrap();
    let names = std::fs::read_dir("/etc").unwrap().count();
    let past = entry.modified().unwrap() < std::time::SystemTime::now();
    caught as i32 + (lines > 0) as i32 + (entry.is_file() && entry.len() > 0) as i32 + (names > 3 && past) as i32
}
)rs");
  int tried = 0;
  for (const auto& [target, cpu] : {std::pair(kTwo[0], "aarch64"), std::pair(kTwo[1], "riscv64gc")}) {
    for (const char* libc : {"gnu", "musl"}) {
      const std::string triple = absl::StrCat(cpu, "-unknown-linux-", libc);
      SCOPED_TRACE(triple);
      const ProcessResult where = RunProgram({rustc, "--print", "target-libdir", "--target", triple});
      if (!std::filesystem::exists(std::string(absl::StripSuffix(where.output, "\n")))) continue;
      const std::string module = ModuleThatCallsF();
      ASSERT_TRUE(Succeeded(RunProgram({rustc, "--edition=2021", "--crate-type=staticlib", "-O", "--target", triple,
                                        "-o", module + "/libown.a", source})));
      const GoBuild build = BuildIn(module, For("linux", target.arch));
      ASSERT_TRUE(Succeeded(build.go));
      EXPECT_TRUE(IsStatic(build.binary));
      const std::vector<std::string> argv = Runner(target.emulator, build.binary);
      if (!argv.empty()) {
        EXPECT_EQ(RunProgram(argv).error, "4 0 true");
      }
      ++tried;
    }
  }
  if (tried == 0) GTEST_SKIP() << "rustup has no other target: rustup target add aarch64-unknown-linux-musl";
}

TEST(TargetsTest, ThisMachinesHeadersAreNamedInACompileForAnother) {
  SKIP_WITHOUT_ZIG();
  const std::string triple =
      absl::StrContains(RunProgram({"uname", "-m"}).output, "x86_64") ? "x86_64-linux-gnu" : "aarch64-linux-gnu";
  const std::string module =
      MakeModule({{"main.go", absl::StrCat("package main\n\n// #cgo CFLAGS: -I/usr/include/", triple,
                                           "\n// #include <sys/cdefs.h>\n// #include <no_such_header.h>\n"
                                           "import \"C\"\n\nfunc main() { C.f() }\n")}});
  const GoBuild build = BuildIn(module, For("linux", "riscv64"));
  ASSERT_TRUE(Refused(build.go));
  EXPECT_THAT(OurWords(build.go.error),
              AllOf(HasSubstr(absl::StrCat("-I/usr/include/", triple, " is this machine's own directory")),
                    HasSubstr("riscv64-linux-musl"), HasSubstr("PKG_CONFIG_LIBDIR")));
}

TEST(TargetsTest, AnArchiveOfAnotherArchitectureIsNamed) {
  SKIP_WITHOUT_ZIG();
  const std::string module =
      MakeModule({{"main.go",
                   "package main\n\n// #cgo LDFLAGS: -L${SRCDIR} -lvendor\n// int f(void);\nimport \"C\"\n\n"
                   "func main() { print(C.f()) }\n"}});
  MakeArchive(module + "/libvendor.a", {{"f.c", "int f(void) { return 1; }\n"}});
  const GoBuild build = BuildIn(module, For("linux", "riscv64"));
  ASSERT_TRUE(Refused(build.go));
  EXPECT_THAT(OurWords(build.go.error),
              AllOf(HasSubstr("libvendor.a"), testing::AnyOf(HasSubstr("x86-64"), HasSubstr("AArch64"))));
}

// A shared library for macOS, by its path, in a program for Linux.
TEST(TargetsTest, ALibraryOfAnotherSystemIsNamed) {
  SKIP_WITHOUT_ZIG();
  const std::string module =
      MakeModule({{"main.go",
                   "package main\n\n// #cgo LDFLAGS: ${SRCDIR}/libvendor.dylib\n// int f(void);\nimport \"C\"\n\n"
                   "func main() { print(C.f()) }\n"}});
  // The beginning of one: magic number, arm64, and that it is a shared library.
  WriteText(module + "/libvendor.dylib",
            std::string("\xcf\xfa\xed\xfe\x0c\0\0\x01\0\0\0\0\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 32));
  const GoBuild build = BuildIn(module, {"CGO_LDFLAGS_ALLOW=.*"});
  ASSERT_TRUE(Refused(build.go));
  EXPECT_THAT(OurWords(build.go.error), AllOf(HasSubstr("libvendor.dylib"), HasSubstr("Mach-O")));
}

TEST(TargetsTest, ATargetThatZigDoesNotHaveIsNamed) {
  const GoBuild build = BuildGo("hello", For("openbsd", "amd64"));
  ASSERT_TRUE(Refused(build.go));
  EXPECT_THAT(build.go.error, AllOf(HasSubstr("cgo-ld-shim: GOOS=openbsd GOARCH=amd64: zig has no such target"),
                                    HasSubstr("CGO_LD_SHIM_CC")));
}

TEST(TargetsTest, AMissingZigIsNamedWithTheWayToGetIt) {
  const GoBuild build = BuildGo("hello", For("linux", "s390x", {"CGO_LD_SHIM_ZIG=/no/such/zig"}));
  ASSERT_TRUE(Refused(build.go));
  EXPECT_THAT(build.go.error,
              AllOf(HasSubstr("cgo-ld-shim: "), HasSubstr("/no/such/zig"), HasSubstr("CGO_LD_SHIM_ZIG")));
}

TEST(TargetsTest, AZigThatIsTooOldIsNamedWithTheWayToGetANewOne) {
  const std::string directory = MakeTempDirectory();
  WriteProgram(directory + "/zig",
               "#!/bin/sh\n[ \"$1\" = version ] && echo 0.9.1 && exit 0\necho failed >&2\nexit 1\n");
  const GoBuild build = BuildGo("hello", For("linux", "s390x", {absl::StrCat("CGO_LD_SHIM_ZIG=", directory, "/zig")}));
  ASSERT_TRUE(Refused(build.go));
  EXPECT_THAT(build.go.error, AllOf(HasSubstr("zig 0.9.1"), HasSubstr("0.13"), HasSubstr("pip install")));
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
