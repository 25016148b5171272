// Static programs with musl: by musl-gcc, and by zig, for this machine and for another one. zig is needed where its
// name stands in a test's; ./dev test brings it along where a Python package can be had.
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "tests/e2e/elf_file.h"
#include "tests/e2e/harness.h"
#include "tests/e2e/link_log.h"
#include "tests/e2e/machines.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAreArray;

const Environment kMusl = {"CGO_LD_SHIM_LIBC=musl", "CXX=cgo-ld-shim++"};

Environment With(Environment environment, const std::string& more) {
  environment.push_back(more);
  return environment;
}

// The places of zig's libraries in a cache of ours; a name that begins with a dot is none.
std::vector<std::string> KeptLibraries(const std::string& cache) {
  std::vector<std::string> directories = ListFiles(cache + "/cgo-ld-shim/zig");
  std::erase_if(directories, [](const std::string& name) { return name.starts_with(".lock-"); });
  return directories;
}

// A program in the place of zig that runs `before` where zig is about to link; the rest is zig's.
std::string ZigThat(const std::string& before) {
  const std::string path = MakeTempDirectory() + "/zig";
  WriteProgram(path, absl::StrCat("#!/bin/sh\nfor word; do case $word in -static) ", before, ";; esac; done\nexec ",
                                  ZigPath(), " \"$@\"\n"));
  return absl::StrCat("CGO_LD_SHIM_ZIG=", path);
}

// The records of one build that must have succeeded and been silent.
std::vector<LinkRecord> Links(const GoBuild& build, const std::string& log) {
  EXPECT_TRUE(Succeeded(build.go));
  EXPECT_EQ(build.go.error, "");
  return ReadLog(log);
}

TEST(MuslTest, ZigsLibcIsLinkedByTheEmbeddedLinker) {
  SKIP_WITHOUT_ZIG();
  const std::string log = MakeTempDirectory() + "/log";
  const GoBuild build = BuildGo("osuser", With(kMusl, LogTo(log)));
  const std::vector<LinkRecord> links = Links(build, log);
  ASSERT_EQ(links.size(), 1U);
  EXPECT_EQ(links[0].Text("libc"), "musl");
  EXPECT_THAT(links[0].Text("linker"), HasSubstr("in process"));
  EXPECT_EQ(RunStatic(build).output, "root 0 root\n");
}

TEST(MuslTest, ZigsCxxLibraryIsAddedForCxx) {
  SKIP_WITHOUT_ZIG();
  const std::string log = MakeTempDirectory() + "/log";
  const GoBuild build = BuildGo("cxx", With(kMusl, LogTo(log)));
  const std::vector<LinkRecord> links = Links(build, log);
  ASSERT_EQ(links.size(), 1U);
  EXPECT_THAT(links[0].Rules(), Contains("add-runtime"));
  EXPECT_THAT(links[0].Texts("linker_argv"), Contains(HasSubstr("libc++.a")));
  EXPECT_TRUE(Succeeded(RunStatic(build)));
}

// zig is not asked for the link line of each link: what its driver would have made of the flags must not be lost.
TEST(MuslTest, FlagsOfTheLinkHold) {
  SKIP_WITHOUT_ZIG();
  const std::string log = MakeTempDirectory() + "/log";
  const std::string module = CopyModule("osuser");
  const GoBuild stripped = BuildIn(module, With(kMusl, LogTo(log)), {"-ldflags=-s -w"});
  const GoBuild by_zig = BuildIn(module, With(With(kMusl, LogTo(log)), "CGO_LDFLAGS=-nostdlib -lc"));
  ASSERT_TRUE(Succeeded(stripped.go));
  EXPECT_FALSE(ReadElf(stripped.binary).has_symbols);
  const std::vector<LinkRecord> links = ReadLog(log);
  ASSERT_EQ(links.size(), 2U);
  EXPECT_THAT(links[0].Text("linker"), HasSubstr("in process"));
  EXPECT_THAT(links[1].Text("linker"), HasSubstr("zig"));
  EXPECT_THAT(links[1].Texts("notes"), Contains(HasSubstr("zig links by itself: -nostdlib")));
}

TEST(MuslTest, ZigStaticPie) {
  SKIP_WITHOUT_ZIG();
  const std::string log = MakeTempDirectory() + "/log";
  const GoBuild build = BuildGo("osuser", With(kMusl, LogTo(log)), {"-buildmode=pie"});
  ASSERT_EQ(Links(build, log).size(), 1U);
  EXPECT_TRUE(ReadElf(build.binary).position_independent);
  EXPECT_EQ(RunStatic(build).output, "root 0 root\n");
}

// A program whose libvendor.a was compiled by gcc with glibc's headers, as prebuilt ones are.
std::string VendorModule(const std::string& code, const std::vector<std::string>& flags = {"-O2"}) {
  const std::string module =
      MakeModule({{"main.go",
                   "package main\n\n// #cgo LDFLAGS: -L${SRCDIR} -lvendor\n// int f(int);\nimport \"C\"\n\n"
                   "func main() { print(C.f(7)) }\n"}});
  MakeArchive(module + "/libvendor.a", {{"f.c", code}}, flags);
  return module;
}

constexpr char kFortified[] = R"c(
#define _GNU_SOURCE
#include <dirent.h>
#include <execinfo.h>
#include <fcntl.h>
#include <gnu/libc-version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int f(int n) {
  char text[32], line[32];
  sprintf(text, "%d/%s", n, gnu_get_libc_version());
  FILE *file = tmpfile();
  fprintf(file, "%s\n", text);
  rewind(file);
  if (fgets(line, n + 20, file) == 0 || strncmp(line, "7/2.", 4) != 0) return 1;
  fclose(file);
  struct stat64 status;
  if (stat64("/", &status) != 0 || !S_ISDIR(status.st_mode)) return 2;
  int fd = open64("/proc/self/exe", O_RDONLY);
  if (read(fd, line, n) != n || memcmp(line, "\177ELF", 4) != 0) return 3;
  if (lseek64(fd, 0, SEEK_END) < 1000) return 4;
  close(fd);
  DIR *directory = opendir("/proc/self");
  int entries = 0;
  while (readdir64(directory) != 0) ++entries;
  closedir(directory);
  if (entries < 10) return 5;
  void *frames[4];
  return backtrace(frames, 4) == 0 ? 42 : 6;
}
)c";
const std::vector<std::string> kFortify = {"-O2", "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=2"};

TEST(MuslTest, AnArchiveForGlibcIsServedWithGlibcsNames) {
  SKIP_WITHOUT_ZIG();
  const std::string log = MakeTempDirectory() + "/log";
  const std::string module = VendorModule(kFortified, kFortify);
  const GoBuild build = BuildIn(module, With(kMusl, LogTo(log)));
  const std::vector<LinkRecord> links = Links(build, log);
  ASSERT_EQ(links.size(), 1U);
  EXPECT_THAT(links[0].Rules(), Contains("glibc-compat"));
  EXPECT_EQ(RunStatic(build).error, "42");

  const GoBuild off = BuildIn(module, With(kMusl, "CGO_LD_SHIM_COMPAT=off"));
  ASSERT_TRUE(Refused(off.go));
  EXPECT_THAT(OurWords(off.go.error), HasSubstr("libvendor.a was built for glibc, and this program links musl"));
}

TEST(MuslTest, MuslGccIsServedWithGlibcsNamesToo) {
  if (FindProgram("musl-gcc").empty()) GTEST_SKIP() << "no musl-gcc: apt-get install musl-tools";
  const GoBuild build = BuildIn(VendorModule(kFortified, kFortify), {"CGO_LD_SHIM_CC=musl-gcc"});
  EXPECT_EQ(RunStatic(build).error, "42");
}

// It would link: musl has a regexec of its own.
TEST(MuslTest, AnArchiveForGlibcWhoseCallsMeanSomethingElseIsRefused) {
  SKIP_WITHOUT_ZIG();
  const GoBuild build = BuildIn(VendorModule(R"c(
#include <regex.h>
#include <stdio.h>
int f(int n) {
  regex_t r;
  char text[16];
  sprintf(text, "%d", n);
  return regcomp(&r, text, 0) == 0 && regexec(&r, "7", 0, 0, 0) == 0;
}
)c",
                                             kFortify),
                                kMusl);
  ASSERT_TRUE(Refused(build.go));
  EXPECT_THAT(OurWords(build.go.error),
              AllOf(HasSubstr("libvendor.a was built for glibc, and this program links musl"), HasSubstr("regexec"),
                    HasSubstr("corrupt memory"), HasSubstr("CGO_LD_SHIM_LIBC=glibc")));
}

TEST(MuslTest, AnArchiveForGlibcThatNeedsMoreIsNamed) {
  SKIP_WITHOUT_ZIG();
  const GoBuild build =
      BuildIn(VendorModule("int __libc_single_threaded_x, globfree64(void *);\nextern char __libc_single_threaded;\n"
                           "int f(int n) { return globfree64(&n) + __libc_single_threaded; }\n"),
              kMusl);
  ASSERT_TRUE(Refused(build.go));
  EXPECT_THAT(OurWords(build.go.error), AllOf(HasSubstr("libvendor.a was built for glibc, and this program links musl"),
                                              HasSubstr("globfree64"), HasSubstr("CGO_LD_SHIM_LIBC=glibc")));
}

// glibc hands argc and argv to constructors. The function's name is that of Rust's standard library for glibc.
struct Machine {
  const char* arch;      // Go's
  const char* emulator;  // of qemu-user; empty: this kernel itself
  const char* triple;    // zig's, with glibc
};
constexpr Machine kMachines[] = {{"amd64", "x86_64", "x86_64-linux-gnu"},
                                 {"arm64", "aarch64", "aarch64-linux-gnu"},
                                 {"riscv64", "riscv64", "riscv64-linux-gnu"},
                                 {"s390x", "s390x", "s390x-linux-gnu"},
                                 {"ppc64le", "ppc64le", "powerpc64le-linux-gnu"},
                                 {"386", "", "x86-linux-gnu"},
                                 {"loong64", "loongarch64", "loongarch64-linux-gnu"},
                                 {"arm", "arm", "arm-linux-gnueabihf"}};

// A library for glibc that calls all functions of lib/objects/compat.c, with the types of glibc's headers, and looks at
// what musl makes of them.
TEST(SlowGlibcNamesTest, EachFunctionWorksOnEachMachine) {
  SKIP_WITHOUT_ZIG();
  const std::string source = absl::StrCat(CGO_LD_SHIM_TESTDATA, "/glibc_names/names.c"), text = ReadText(source);
  for (absl::string_view line : absl::StrSplit(ReadText(CGO_LD_SHIM_SOURCE "/lib/objects/compat.c"), '\n')) {
    if (!absl::ConsumePrefix(&line, "#ifdef COMPAT_")) continue;
    absl::ConsumePrefix(&line, "__cgo_ld_shim_");
    EXPECT_THAT(text, ContainsRegex(absl::StrCat("[^a-zA-Z0-9_]", line, "[^a-zA-Z0-9_]"))) << "not called by the test";
  }
  // On a thread of its own: for riscv64, Go 1.26 calls C on a stack that is aligned to eight bytes only
  // (runtime/asm_riscv64.s, asmcgocall), where no compiler's code finds a long double among variable arguments.
  const std::string module = MakeModule({{"main.go", R"go(
package main

/*
#cgo LDFLAGS: -L${SRCDIR} -lnames
#include <pthread.h>
int glibc_names(void);
static void *names(void *line) {
  *(int *)line = glibc_names();
  return 0;
}
static int on_a_thread(void) {
  int line = -1;
  pthread_t thread;
  pthread_create(&thread, 0, names, &line);
  pthread_join(thread, 0);
  return line;
}
*/
import "C"

func main() { print(C.on_a_thread()) }
)go"}});
  std::string not_run;
  for (const Machine& machine : kMachines) {
    SCOPED_TRACE(machine.arch);
    const std::string object = MakeTempDirectory() + "/names.o";
    std::vector<std::string> compile = {
        ZigPath(), "cc", "-target", absl::StrCat(machine.triple, ".2.36"), "-O2", "-w", "-c", "-o", object, source};
    // As Debian's compilers do; printf has another name otherwise, and is refused.
    if (absl::string_view(machine.arch) == "ppc64le") compile.emplace_back("-mabi=ibmlongdouble");
    // As Go's own code does, and qemu before 8.1.
    if (absl::string_view(machine.arch) == "loong64") compile.emplace_back("-mno-lsx");
    ASSERT_TRUE(Succeeded(RunProgram(compile)));
    std::filesystem::remove(module + "/libnames.a");
    ASSERT_TRUE(Succeeded(RunProgram({"ar", "rcS", module + "/libnames.a", object})));
    const GoBuild build =
        BuildIn(module, {absl::StrCat("GOARCH=", machine.arch), "CGO_ENABLED=1", "CGO_LD_SHIM_LIBC=musl"});
    ASSERT_TRUE(Succeeded(build.go));
    const std::vector<std::string> argv = Runner(machine.emulator, build.binary);
    if (argv.empty()) {
      absl::StrAppend(&not_run, " ", machine.arch);
    } else {
      EXPECT_EQ(RunProgram(argv).error, "0") << "the line of names.c that went wrong";
    }
  }
  if (!not_run.empty()) GTEST_SKIP() << "built, and not run, because qemu-user-static is not installed:" << not_run;
}

TEST(MuslTest, ARustLibraryForGlibcGetsItsArguments) {
  SKIP_WITHOUT_ZIG();
  const std::string log = MakeTempDirectory() + "/log";
  const GoBuild build = BuildIn(VendorModule(R"c(
#include <gnu/libc-version.h>
#include <string.h>
static int count;
static char **arguments;
void init(int argc, char **argv, char **environment)
    __asm__("_ZN3std3sys4args4unix3imp15ARGV_INIT_ARRAY12init_wrapper17h0123456789abcdefE");
void init(int argc, char **argv, char **environment) {
  count = argc;
  arguments = argv;
}
__attribute__((section(".init_array.00099"), used)) static void (*const kInit)(int, char **, char **) = init;
int f(int n) {
  if (gnu_get_libc_version() == 0) return 0;
  return count == 3 && strcmp(arguments[1], "one") == 0 && strcmp(arguments[2], "two") == 0 && arguments[3] == 0;
}
)c"),
                                With(kMusl, LogTo(log)));
  const std::vector<LinkRecord> links = Links(build, log);
  ASSERT_EQ(links.size(), 1U);
  EXPECT_THAT(links[0].Rules(), Contains("rust-arguments"));
  EXPECT_EQ(RunStatic(build, {"one", "two"}).error, "1");
}

TEST(MuslTest, ZigsCopiedFilesOutliveItsCacheAndAreMadeAgainWhenLost) {
  SKIP_WITHOUT_ZIG();
  const std::string cache = MakeTempDirectory();
  const std::string module = CopyModule("osuser");
  const std::string home = absl::StrCat("XDG_CACHE_HOME=", cache);
  ASSERT_TRUE(Succeeded(BuildIn(module, With(kMusl, home)).go));
  const std::vector<std::string> directories = KeptLibraries(cache);
  ASSERT_EQ(directories.size(), 1U) << "nothing half-made";
  const std::string kept = cache + "/cgo-ld-shim/zig/" + directories[0];
  ASSERT_TRUE(std::filesystem::remove(kept + "/libc.a"));
  std::filesystem::remove(module + "/program");
  const GoBuild again = BuildIn(module, With(kMusl, home));
  EXPECT_EQ(RunStatic(again).output, "root 0 root\n");
  EXPECT_TRUE(std::filesystem::exists(kept + "/libc.a"));
}

// As CI does it: what one machine has prepared is unpacked on another, elsewhere, and with the same zig elsewhere.
TEST(MuslTest, WhatWasPreparedIsTakenToAnotherMachineAndCheckedThere) {
  SKIP_WITHOUT_ZIG();
  const std::string directory = MakeTempDirectory(), module = CopyModule("hello");
  const auto libc = [&](const std::string& place) {
    const std::vector<std::string> kept = KeptLibraries(place);
    EXPECT_EQ(kept.size(), 1U);
    return kept.empty() ? "" : absl::StrCat(place, "/cgo-ld-shim/zig/", kept[0], "/libc.a");
  };
  ASSERT_TRUE(Succeeded(BuildIn(module, With(kMusl, absl::StrCat("XDG_CACHE_HOME=", directory, "/first"))).go));
  const std::string made = ReadText(libc(directory + "/first"));
  ASSERT_TRUE(Succeeded(RunProgram({"tar", "czf", "../libc.tgz", "cgo-ld-shim"}, {}, directory + "/first")));
  std::filesystem::remove_all(directory + "/first");

  std::filesystem::create_symlink(ZigPath(), directory + "/zig");
  const auto build = [&](const std::string& place, const Environment& more) {
    EXPECT_TRUE(Succeeded(RunProgram({"tar", "xzf", "../libc.tgz"}, {}, place)));
    Environment environment = With(kMusl, absl::StrCat("XDG_CACHE_HOME=", place));
    environment.push_back(absl::StrCat("CGO_LD_SHIM_ZIG=", directory, "/zig"));
    environment.insert(environment.end(), more.begin(), more.end());
    std::filesystem::remove(module + "/program");
    EXPECT_TRUE(Succeeded(BuildIn(module, environment).go));
    EXPECT_TRUE(ReadText(libc(place)) == made);
  };
  // zig builds no C library: its own cache, which is empty, has none afterwards.
  const std::string cache = directory + "/zig-cache", second = directory + "/a \"second\" one",
                    damaged = directory + "/damaged";
  for (const std::string& path : {cache, second, damaged}) std::filesystem::create_directory(path);
  build(second, {absl::StrCat("ZIG_GLOBAL_CACHE_DIR=", cache)});
  EXPECT_EQ(RunProgram({"find", cache, "-name", "libc.a"}).output, "");

  // One bit has changed on the way.
  ASSERT_TRUE(Succeeded(RunProgram({"tar", "xzf", "../libc.tgz"}, {}, damaged)));
  std::string bytes = made;
  bytes[bytes.size() / 2] ^= 1;
  WriteText(libc(damaged), bytes);
  ASSERT_TRUE(Succeeded(RunProgram({"tar", "czf", "../libc.tgz", "cgo-ld-shim"}, {}, damaged)));
  std::filesystem::remove_all(damaged + "/cgo-ld-shim");
  build(damaged, {});
}

// Of the sixty calls that Go makes, zig gets those that compile; the rest is known since the first build.
TEST(MuslTest, ASecondBuildStartsZigForCompilesAlone) {
  SKIP_WITHOUT_ZIG();
  const std::string directory = MakeTempDirectory();
  WriteProgram(directory + "/zig",
               absl::StrCat("#!/bin/sh\necho \"$@\" >> ", directory, "/calls\nexec ", ZigPath(), " \"$@\"\n"));
  Environment environment = With(kMusl, absl::StrCat("CGO_LD_SHIM_ZIG=", directory, "/zig"));
  environment.push_back(absl::StrCat("XDG_CACHE_HOME=", directory, "/cache"));
  const std::string module = CopyModule("osuser");
  for (const char* go_cache : {"/first", "/second"}) {
    WriteText(directory + "/calls", "");
    const GoBuild build = BuildIn(module, With(environment, absl::StrCat("GOCACHE=", directory, go_cache)));
    EXPECT_EQ(RunStatic(build).output, "root 0 root\n");
  }
  size_t compiles = 0;
  for (absl::string_view call : absl::StrSplit(ReadText(directory + "/calls"), '\n', absl::SkipEmpty())) {
    ++compiles;
    EXPECT_TRUE(absl::StrContains(call, " -c ") || absl::StrContains(call, " -E ") || absl::StrContains(call, " -S "))
        << call;
    EXPECT_THAT(std::string(call), Not(testing::AnyOf(HasSubstr("-x c -"), HasSubstr("-###"), HasSubstr("trivial.c"))));
  }
  EXPECT_GT(compiles, 10U);
}

TEST(MuslTest, AZigThatIsKilledIsNamedAndLeavesNothing) {
  SKIP_WITHOUT_ZIG();
  const std::string cache = MakeTempDirectory();
  const std::string module = CopyModule("osuser");
  Environment environment = With(kMusl, absl::StrCat("XDG_CACHE_HOME=", cache));
  environment.push_back(ZigThat(absl::StrCat("[ -e ", cache, "/healthy ] || kill -9 $$")));
  const GoBuild build = BuildIn(module, environment);
  ASSERT_TRUE(Refused(build.go));
  EXPECT_THAT(build.go.error, AllOf(HasSubstr("cannot link"), HasSubstr("was killed by signal 9 (Killed)")));
  EXPECT_THAT(KeptLibraries(cache), IsEmpty());
  WriteText(cache + "/healthy", "");
  EXPECT_EQ(RunStatic(BuildIn(module, environment)).output, "root 0 root\n");
}

// zig remembers what it has built, and does not look whether it is still there.
TEST(SlowMuslTest, WhatZigsCacheLosesInTheMiddleOfALinkIsBuiltInAnother) {
  SKIP_WITHOUT_ZIG();
  const std::string zig_cache = MakeTempDirectory();
  const std::string module = CopyModule("osuser");
  Environment environment = With(kMusl, absl::StrCat("ZIG_GLOBAL_CACHE_DIR=", zig_cache));
  environment.push_back(
      ZigThat("[ -e \"$ZIG_GLOBAL_CACHE_DIR/healthy\" ] || rm -f \"$ZIG_GLOBAL_CACHE_DIR\"/o/*/libc.a"));
  const std::string marker = zig_cache + "/healthy";
  WriteText(marker, "");
  EXPECT_EQ(RunStatic(BuildIn(module, With(environment, absl::StrCat("XDG_CACHE_HOME=", MakeTempDirectory())))).output,
            "root 0 root\n");
  ASSERT_TRUE(std::filesystem::remove(marker));
  std::filesystem::remove(module + "/program");
  const std::string log = MakeTempDirectory() + "/log";
  environment.push_back(LogTo(log));
  const GoBuild build = BuildIn(module, With(environment, absl::StrCat("XDG_CACHE_HOME=", MakeTempDirectory())));
  const std::vector<LinkRecord> links = Links(build, log);
  ASSERT_EQ(links.size(), 1U);
  EXPECT_THAT(links[0].Text("linker"), HasSubstr("in process"));
  EXPECT_EQ(RunStatic(build).output, "root 0 root\n");
}

// What a link with zig's libc leaves out of zig's own link line leaves nothing out of the program.
TEST(SlowMuslTest, AProgramHasTheSectionsThatZigsOwnLinkGivesIt) {
  SKIP_WITHOUT_ZIG();
  const std::string module = CopyModule("nethttp"), log = MakeTempDirectory() + "/log";
  const GoBuild ours = BuildIn(module, With(kMusl, LogTo(log)));
  const std::vector<LinkRecord> links = Links(ours, log);
  ASSERT_EQ(links.size(), 1U);
  ASSERT_THAT(links[0].Text("linker"), HasSubstr("in process"));
  const auto sections = [](const GoBuild& build) {
    std::vector<std::string> names = ReadElf(build.binary).sections;
    std::erase(names, ".note.gnu.build-id");  // there or not: zig does not always give Go's probe the same answer
    return names;
  };
  const std::vector<std::string> our_sections = sections(ours);
  const GoBuild zigs =
      BuildIn(module, {absl::StrCat("CC=", ZigPath(), " cc -target native-native-musl"), "CGO_ENABLED=1"},
              {"-ldflags=-linkmode=external -extldflags=-static"});
  ASSERT_TRUE(Succeeded(zigs.go));
  EXPECT_THAT(our_sections, UnorderedElementsAreArray(sections(zigs)));
}

// DESIGN invariant: another target, then this machine's own compiler, then musl, then the first again, in one GOCACHE.
TEST(SlowMuslTest, OneGoCacheServesZigForAnotherMachineGccAndMuslByTurns) {
  SKIP_WITHOUT_ZIG();
  const std::string cache = absl::StrCat("GOCACHE=", MakeTempDirectory());
  const std::string module = CopyModule("osuser");
  const Environment native = {cache};
  for (int round = 0; round < 2; ++round) {
    const GoBuild arm = BuildIn(module, {cache, "GOARCH=arm64", "CGO_ENABLED=1"});
    ASSERT_TRUE(Succeeded(arm.go));
    EXPECT_THAT(Needed(arm.binary), IsEmpty());
    EXPECT_EQ(RunStatic(BuildIn(module, native)).output, "root 0 root\n");
    EXPECT_EQ(RunStatic(BuildIn(module, With(kMusl, cache))).output, "root 0 root\n");
    EXPECT_EQ(RunStatic(BuildIn(module, native)).output, "root 0 root\n");
  }
}

TEST(MuslTest, ObjectsForAnotherCLibraryAreNamedWithTheirPackage) {
  if (FindProgram("musl-gcc").empty()) GTEST_SKIP() << "no musl-gcc: apt-get install musl-tools";
  const FinalLink glibc = CaptureLink(CopyModule("osuser"));
  const std::string program = MakeTempDirectory() + "/program";
  const ProcessResult link = RunProgram(glibc.To(program), {"CGO_LD_SHIM_CC=musl-gcc"});
  ASSERT_TRUE(Refused(link));
  EXPECT_THAT(link.error, AllOf(HasSubstr("os/user"), HasSubstr("compiled for glibc"), HasSubstr("links musl"),
                                HasSubstr("GOCACHE")));
  EXPECT_FALSE(std::filesystem::exists(program));
}

// Its specs name the start file of dynamic programs for -static-pie: such a program dies before main.
TEST(MuslTest, MuslGccMakesPositionIndependentProgramsThatStart) {
  if (FindProgram("musl-gcc").empty()) GTEST_SKIP() << "no musl-gcc: apt-get install musl-tools";
  EXPECT_TRUE(Succeeded(RunStatic(BuildGo("osuser", {"CGO_LD_SHIM_CC=musl-gcc"}, {"-buildmode=pie"}))));
}

TEST(MuslTest, MuslGccNeedsNoZig) {
  if (FindProgram("musl-gcc").empty()) GTEST_SKIP() << "no musl-gcc: apt-get install musl-tools";
  const std::string log = MakeTempDirectory() + "/log";
  const GoBuild build = BuildGo("osuser", {"CGO_LD_SHIM_CC=musl-gcc", LogTo(log)});
  const std::vector<LinkRecord> links = Links(build, log);
  ASSERT_EQ(links.size(), 1U);
  EXPECT_EQ(links[0].Text("libc"), "musl");
  EXPECT_THAT(links[0].Rules(), Contains("thread-stack"));
  EXPECT_EQ(RunStatic(build).output, "root 0 root\n");
}

// A C function that takes 4 MiB of stack, called on Go's threads: musl alone would give them 128 KiB.
// docs/shipping.md: mimalloc and its like, by -l.
TEST(MuslTest, AnAllocatorThatIsNamedTakesThePlaceOfTheCLibrarys) {
  const std::string module = MakeModule({{"main.go", R"(package main

// #cgo LDFLAGS: -L${SRCDIR} -lown
// #include <stdlib.h>
// #include <string.h>
// extern int own_calls;
// static int use(void) { char *text = strdup("text"); int right = text[0] == 't'; free(text); return right; }
import "C"

func main() { println(C.use(), C.own_calls > 0) }
)"}});
  MakeArchive(module + "/libown.a", {{"own.c", R"(
#include <stddef.h>
#include <errno.h>
#include <string.h>
int own_calls;
static char memory[1 << 22];
static size_t used;
void *memalign(size_t alignment, size_t size) {
  ++own_calls;
  if (alignment < 16) alignment = 16;
  size_t at = (__atomic_fetch_add(&used, size + 2 * alignment + 16, __ATOMIC_SEQ_CST) + alignment + 16) & ~(alignment - 1);
  if (at + size > sizeof memory) return NULL;
  memcpy(memory + at - sizeof size, &size, sizeof size);
  return memory + at;
}
void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }
int posix_memalign(void **to, size_t alignment, size_t size) {
  *to = memalign(alignment, size);
  return *to ? 0 : ENOMEM;
}
void *malloc(size_t size) { return memalign(16, size); }
void *calloc(size_t n, size_t size) { return memalign(16, n * size); }
void free(void *p) { (void)p; }
void *realloc(void *old, size_t size) {
  void *p = memalign(16, size);
  size_t had = 0;
  if (old != NULL) memcpy(&had, (char *)old - sizeof had, sizeof had);
  if (p != NULL) for (size_t i = 0; i < had && i < size; ++i) ((char *)p)[i] = ((char *)old)[i];
  return p;
}
size_t malloc_usable_size(void *p) {
  size_t size;
  memcpy(&size, (char *)p - sizeof size, sizeof size);
  return size;
}
)"}},
              {"-O2", "-fno-builtin"});
  std::vector<Environment> environments = {{"CGO_LD_SHIM_LIBC=glibc"}};
  if (!FindProgram("musl-gcc").empty()) environments.push_back({"CGO_LD_SHIM_CC=musl-gcc"});
  if (HasZig()) environments.push_back({"CGO_LD_SHIM_LIBC=musl"});
  for (const Environment& environment : environments) {
    SCOPED_TRACE(environment[0]);
    EXPECT_EQ(RunStatic(BuildIn(module, environment)).error, "1 true\n");
  }
}

TEST(MuslTest, ThreadsHaveTheStackThatCNeeds) {
  const std::string module = MakeModule({{"main.go", R"(package main

// static int deep(int n) { volatile char used[1 << 20]; used[0] = n; return (n > 1 ? deep(n - 1) : 0) + used[0]; }
import "C"

func main() {
	results := make(chan int)
	for i := 0; i < 4; i++ {
		go func() { results <- int(C.deep(4)) }()
	}
	print(<-results + <-results + <-results + <-results)
}
)"}});
  std::vector<Environment> ways;
  if (!FindProgram("musl-gcc").empty()) ways.push_back({"CGO_LD_SHIM_CC=musl-gcc"});
  if (HasZig()) ways.push_back({"CGO_LD_SHIM_LIBC=musl"});
  if (ways.empty()) GTEST_SKIP() << "neither musl-gcc nor zig: apt-get install musl-tools";
  for (const Environment& way : ways) {
    SCOPED_TRACE(way[0]);
    const GoBuild build = BuildIn(module, way);
    EXPECT_EQ(RunStatic(build).error, "40");
    EXPECT_THAT(RunProgram({Shim(), "check", build.binary}).output, HasSubstr("8192 KiB for each thread of C code"));
  }
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
