// CGO_LD_SHIM_GC: what nothing refers to is left out, and what runs without being referred to stays. One program has
// all that a linker could wrongly take for unused; it is linked in each way there is, with the setting and without.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "support/file.h"
#include "tests/e2e/elf_file.h"
#include "tests/e2e/harness.h"
#include "tests/e2e/link_log.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr char kMain[] = R"(package main

// #cgo LDFLAGS: -L${SRCDIR} -lmix
// int mix_started(void), mix_listed(void), mix_chosen(void), mix_thread(void), mix_call(void), mix_thrown(void);
// int calm(int);
import "C"

import (
	"fmt"
	"os/user"
)

//export goVisit
func goVisit(x C.int) C.int { return x * 3 }

func main() {
	_, err := user.LookupId("0")
	fmt.Println(C.mix_started(), C.mix_listed(), C.mix_chosen(), C.mix_call(), C.mix_thrown(), CALM, err)
	done := make(chan C.int)
	go func() { done <- C.mix_thread() }()
	fmt.Println(<-done, func() (r any) {
		defer func() { r = recover() }()
		var none []int
		return none[len(CALM)]
	}())
}
)";

// A constructor, a function that runs before those, a set whose bounds the linker makes, a function that is chosen at
// start, a thread's variable, a call back into Go, a note; and a table of 2 MB that nothing uses.
constexpr char kMix[] = R"(
static int before, started;
static void first(int argc, char **argv, char **envp) { before = argc; }
__attribute__((section(".preinit_array"), used)) static void (*const at_first)(int, char **, char **) = first;
__attribute__((constructor)) static void start(void) { started = 40 + before; }
int mix_started(void) { return started; }

__attribute__((section("mix_set"), used)) static const int one = 1;
__attribute__((section("mix_set"), used)) static const int two = 20;
extern const int __start_mix_set[], __stop_mix_set[];
int mix_listed(void) {
  int sum = 0;
  for (const int *i = __start_mix_set; i < __stop_mix_set; i++) sum += *i;
  return sum;
}

static int chosen(void) { return 5; }
static int (*choose(void))(void) { return chosen; }
int mix_chosen(void) __attribute__((ifunc("choose")));

static __thread int counter = 7;
int mix_thread(void) { return ++counter; }

extern int goVisit(int);
int mix_call(void) { return goVisit(14); }

__attribute__((section(".note.mix"), used, aligned(4))) static const struct {
  int owner, content, type;
  char name[4];
} note = {4, 0, 1, "mix"};

#ifdef WITHOUT_CXX
int mix_thrown(void) { return 102; }
#endif

static char table[2 << 20] = {1};
int mix_unused(int i) { return table[i]; }
)";

constexpr char kThrows[] = R"(
#include <map>
#include <stdexcept>
#include <string>

extern "C" int mix_thrown(void) {
  std::map<std::string, int> numbers = {{"two", 2}};
  try {
    return numbers.at("three");
  } catch (const std::out_of_range& e) {
    return 100 + numbers["two"];
  }
}
extern "C" int mix_unused_too(const char* text) { return std::stoi(text); }
)";

constexpr char kCalm[] = R"(
#[no_mangle]
pub extern "C" fn calm(x: i32) -> i32 {
    std::panic::set_hook(Box::new(|_| {}));
    let args = std::env::args().count() as i32;
    std::panic::catch_unwind(|| if x == 0 { panic!("none") } else { 10 / x }).unwrap_or(-1) + args
}
#[no_mangle]
pub extern "C" fn calm_unused(x: i32) -> i32 {
    format!("{:?}", std::collections::BTreeMap::from([(x, x.to_string())])).len() as i32
}
)";

// `cxx`: with a library for GCC's libstdc++.
std::string Mix(bool cxx = true) {
  const bool rust = !FindProgram("rustc").empty();
  std::string source = kMain;
  for (size_t at; (at = source.find("CALM")) != std::string::npos;)
    source.replace(at, 4, rust ? "\"calm\"" : "\"none\"");
  if (rust) {
    source.replace(source.find("\"calm\""), 6, "C.calm(1)+C.calm(0)");
    source.replace(source.find("-lmix"), 5, "-lmix -lcalm");
  }
  const std::string module = MakeModule({{"main.go", source}});
  std::vector<std::string> all = {"-O2", "-g", "-gz", "-ffunction-sections", "-fdata-sections"};
  Files sources = {{"mix.c", kMix}};
  if (cxx) {
    sources.emplace_back("throws.cc", kThrows);
  } else {
    all.emplace_back("-DWITHOUT_CXX");
  }
  MakeArchive(absl::StrCat(module, "/libmix.a"), sources, all);
  if (rust) {
    const std::string directory = MakeTempDirectory();
    WriteText(absl::StrCat(directory, "/calm.rs"), kCalm);
    EXPECT_TRUE(Succeeded(RunProgram({"rustc", "--crate-type=staticlib", "-O", absl::StrCat(directory, "/calm.rs"),
                                      "-o", absl::StrCat(module, "/libcalm.a")})));
  }
  return module;
}

uint64_t SizeOf(const std::string& path) {
  const auto identity = support::Identify(path);
  return identity ? identity->size : 0;
}

struct Way {
  const char* name;
  Environment environment = {};
  std::vector<std::string> args = {};
  const char* started = "41";  // 40: without .preinit_array, which musl does not run
};

// The same words with the setting and without; smaller by the table at least, and with all sections of Go's.
void ExpectSame(const std::string& module, const Way& way, const std::string& reason_for_another_linker = "") {
  SCOPED_TRACE(way.name);
  const GoBuild off = BuildIn(module, way.environment, way.args);
  const ProcessResult with_all = RunStatic(off);
  const uint64_t before = SizeOf(off.binary);
  const std::vector<std::string> sections = ReadElf(off.binary).sections;
  EXPECT_THAT(with_all.output, StartsWith(absl::StrCat(way.started, " 21 5 42 102 ")));
  EXPECT_THAT(with_all.output, HasSubstr("8 runtime error: index out of range"));

  const std::string log = absl::StrCat(MakeTempDirectory(), "/log");
  Environment environment = way.environment;
  environment.insert(environment.end(), {"CGO_LD_SHIM_GC=on", LogTo(log)});
  const GoBuild on = BuildIn(module, environment, way.args);
  EXPECT_EQ(RunStatic(on).output, with_all.output);
  EXPECT_LT(SizeOf(on.binary) + (2 << 20), before);
  const std::vector<std::string> left = ReadElf(on.binary).sections;
  for (const std::string& section : sections) {
    if (section.starts_with(".go.") || section.starts_with(".note.") || section == "mix_set") {
      EXPECT_THAT(left, Contains(section));
    }
  }
  const std::vector<LinkRecord> links = ReadLog(log);
  ASSERT_EQ(links.size(), 1U);
  EXPECT_THAT(links[0].Rules(), Contains("unused-sections"));
  if (!reason_for_another_linker.empty()) {
    EXPECT_THAT(links[0].Rules(), Contains(reason_for_another_linker));
  }
}

TEST(GcTest, WhatRunsUncalledStays) {
  const std::string module = Mix();
  ExpectSame(module, {"embedded"});
  ExpectSame(module, {"pie", {}, {"-buildmode=pie"}});
  for (const char* name : {"ld.bfd", "ld.gold"}) {
    const std::string linker = FindProgram(name);
    if (!linker.empty()) ExpectSame(module, {name, {absl::StrCat("CGO_LD_SHIM_LINKER=", linker)}}, "linker-driver");
  }
}

TEST(GcTest, TheRaceDetectorsOwnStays) { ExpectSame(Mix(), {"race", {}, {"-race"}}); }

// What serves archives for glibc there runs uncalled as well: IFUNCs' relocations, and Rust's arguments.
TEST(GcTest, WhatServesAnArchiveForGlibcOnMuslStays) {
  SKIP_WITHOUT_ZIG();
  ExpectSame(Mix(/*cxx=*/false), {"musl", {"CGO_LD_SHIM_LIBC=musl"}, {}, "40"});
}

// GNU ld links what has constructors of the old kind.
TEST(GcTest, OldConstructorsRun) {
  const std::string module = MakeModule({{"main.go", R"(package main

// #cgo LDFLAGS: -L${SRCDIR} -lold
// int old_started(void);
import "C"

func main() { println(C.old_started()) }
)"}});
  MakeArchive(absl::StrCat(module, "/libold.a"), {{"old.c", R"(
static int started;
static void start(void) { started = 42; }
__attribute__((section(".ctors"), used)) static void (*const at_start)(void) = start;
int old_started(void) { return started; }
)"}},
              {"-O2", "-ffunction-sections", "-fdata-sections"});
  EXPECT_EQ(RunStatic(BuildIn(module)).error, RunStatic(BuildIn(module, {"CGO_LD_SHIM_GC=on"})).error);
}

// What --gc-sections would do to a shared library or a program with plugins nobody has asked for.
TEST(GcTest, LinksThatAreNotOursToPlanSayThatNothingIsLeftOut) {
  const std::string log = absl::StrCat(MakeTempDirectory(), "/log");
  const GoBuild library = BuildGo("hello", {"CGO_LD_SHIM_GC=on", LogTo(log)}, {"-buildmode=c-shared"});
  ASSERT_TRUE(Succeeded(library.go));
  const std::vector<LinkRecord> links = ReadLog(log);
  ASSERT_EQ(links.size(), 1U);
  EXPECT_THAT(links[0].Rules(), Not(Contains("unused-sections")));
  EXPECT_THAT(links[0].Texts("notes"), Contains(HasSubstr("CGO_LD_SHIM_GC=on: nothing is left out")));
}

// What a plugin uses of its host, the host does not tell.
TEST(GcTest, AHostOfPluginsKeepsWhatTheyUse) {
  const std::string module = CopyModule("plugin");
  const Environment gc = {"CGO_LD_SHIM_GC=on"};
  ASSERT_TRUE(Succeeded(Go(module, {"build", "-buildmode=plugin", "-o", "greeter.so", "./greeter"}, gc)));
  ASSERT_TRUE(Succeeded(Go(module, {"build", "-o", "host.bin", "./host"}, gc)));
  const ProcessResult run = RunProgram({"./host.bin", "./greeter.so"}, {}, module);
  ASSERT_TRUE(Succeeded(run));
  EXPECT_EQ(run.output, "hello, host, 3 times\n");
  EXPECT_THAT(RunProgram({Shim(), "explain", module + "/host.bin"}).output, HasSubstr("nothing is left out"));
}

TEST(GcTest, AWrongValueIsAnError) {
  const GoBuild build = BuildGo("hello", {"CGO_LD_SHIM_GC=yes"});
  EXPECT_TRUE(Refused(build.go));
  EXPECT_THAT(build.go.error, AllOf(HasSubstr("CGO_LD_SHIM_GC"), HasSubstr("yes"), HasSubstr("on")));
}

TEST(GcTest, ExplainNamesWordsThatMayBeLeftOut) {
  const GoBuild build =
      BuildGo("osuser", {}, {"-tags=netgo,osusergo", "-ldflags=-linkmode=external -extldflags=-static"});
  RunStatic(build);
  EXPECT_THAT(RunProgram({Shim(), "explain", build.binary}).output,
              AllOf(HasSubstr("what you may leave out (not tried)"), HasSubstr("-tags netgo,osusergo"),
                    HasSubstr("-linkmode=external in -ldflags"), HasSubstr("-static in -extldflags")));
  EXPECT_THAT(RunProgram({Shim(), "explain", BuildGo("osuser").binary}).output, Not(HasSubstr("you may leave out")));
}

TEST(GcTest, ExplainSaysWhatItWouldSave) {
  const std::string module = Mix();
  const GoBuild off = BuildIn(module);
  ASSERT_TRUE(Succeeded(off.go));
  const ProcessResult explain = RunProgram({Shim(), "explain", off.binary});
  EXPECT_THAT(explain.output,
              AllOf(HasSubstr("what would change its size"), HasSubstr("-ldflags=-w"), HasSubstr("-ldflags=-s"),
                    HasSubstr("CGO_LD_SHIM_GC=on"), HasSubstr(" of libmix.a")));
  const GoBuild on = BuildIn(module, {"CGO_LD_SHIM_GC=on"});
  EXPECT_THAT(RunProgram({Shim(), "explain", on.binary}).output,
              AllOf(HasSubstr("unused code"), Not(HasSubstr("CGO_LD_SHIM_GC=on                  at least"))));
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
