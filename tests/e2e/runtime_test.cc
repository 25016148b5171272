// What C and C++ code needs of the program around it: unwinding, thread-local storage, constructors, cancelled threads,
// functions that are chosen at the start. And what Go's own tools need of a linked test binary or of its DWARF.
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "tests/e2e/elf_file.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

const Environment& WithCxx() {
  static const auto* environment = new Environment{"CXX=cgo-ld-shim++"};
  return *environment;
}

constexpr char kMain[] = R"(package main

// #cgo CXXFLAGS: -std=c++17
// const char* run(void);
// int initialised(void);
import "C"

import "fmt"

func main() {
	fmt.Println(C.GoString(C.run()))
	// From threads of Go's as well.
	done := make(chan string)
	for i := 0; i < 4; i++ {
		go func() { done <- C.GoString(C.run()) }()
	}
	for i := 0; i < 4; i++ {
		fmt.Println(<-done)
	}
	fmt.Println("constructors", C.initialised())
}
)";

std::string Five(const std::string& line) { return absl::StrCat(line, line, line, line, line); }

void ExpectRuns(const std::string& cxx, const std::string& line) {
  for (const std::vector<std::string>& args : {std::vector<std::string>{}, {"-buildmode=pie"}}) {
    const std::string module = MakeModule({{"main.go", kMain}, {"run.cc", cxx}});
    EXPECT_EQ(RunStatic(BuildIn(module, WithCxx(), args)).output, absl::StrCat(Five(line + "\n"), "constructors 7\n"))
        << (args.empty() ? "static" : "static-pie");
  }
}

constexpr char kExceptions[] = R"(
#include <exception>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

static int g_initialised = [] { return 7; }();
extern "C" int initialised(void) { return g_initialised; }

static void Deep(int depth) {
  std::string on_stack(100, 'x');
  if (depth == 0) throw std::runtime_error("from below");
  Deep(depth - 1);
  if (on_stack.empty()) throw 1;
}

// An exception of each of three threads is caught there, carried over, and thrown again here.
extern "C" const char* run(void) {
  static std::mutex mutex;
  std::vector<std::exception_ptr> carried;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; i++) {
    threads.emplace_back([&] {
      try {
        Deep(20);
      } catch (...) {
        std::lock_guard<std::mutex> lock(mutex);
        carried.push_back(std::current_exception());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  int caught = 0;
  for (const std::exception_ptr& exception : carried) {
    try {
      std::rethrow_exception(exception);
    } catch (const std::runtime_error& error) {
      caught += error.what() == std::string("from below");
    }
  }
  return caught == 3 ? "caught three" : "lost some";
}
)";

TEST(RuntimeTest, ExceptionsCrossThreadsAndConstructorsRan) { ExpectRuns(kExceptions, "caught three"); }

constexpr char kThreadLocal[] = R"(
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <atomic>
#include <thread>

static int g_initialised = [] { return 7; }();
extern "C" int initialised(void) { return g_initialised; }

struct Counted {
  std::atomic<int>* ended;
  int value = 5;
  ~Counted() { ended->fetch_add(1); }
};

static std::atomic<int> g_ended{0};
static thread_local Counted t_counted{&g_ended};

struct OnStack {
  std::atomic<int>* ended;
  ~OnStack() { ended->fetch_add(1); }
};

struct Shared {
  std::atomic<int> unwound{0};
  std::atomic<bool> ready{false};
};

static void* Wait(void* argument) {
  auto* shared = static_cast<Shared*>(argument);
  OnStack on_stack{&shared->unwound};
  t_counted.value++;
  shared->ready = true;
  for (;;) pause();
}

// thread_local objects end with their thread; a cancelled thread's stack is unwound as well.
extern "C" const char* run(void) {
  const int before = g_ended;
  std::thread([] { t_counted.value++; }).join();
  if (g_ended <= before) return "no destructor ran";
  Shared shared;
  pthread_t thread;
  if (pthread_create(&thread, nullptr, Wait, &shared) != 0) return "no thread";
  while (!shared.ready) sched_yield();
  void* result = nullptr;
  if (pthread_cancel(thread) != 0 || pthread_join(thread, &result) != 0) return "not cancelled";
  return result == PTHREAD_CANCELED && shared.unwound == 1 ? "cancelled and unwound" : "not unwound";
}
)";

TEST(RuntimeTest, ThreadLocalObjectsEndAndThreadsCanBeCancelled) { ExpectRuns(kThreadLocal, "cancelled and unwound"); }

// A library built to be part of a shared one, whose thread-local variables are at a place fixed at the start, and with
// a function that is chosen by the processor.
constexpr char kLibrary[] = R"(
__thread int counter = 40;
int next(void) { return ++counter; }

static int chosen(int x) { return x + 2; }
static int (*choose(void))(int) { return chosen; }
int step(int x) __attribute__((ifunc("choose")));
)";

TEST(RuntimeTest, InitialExecTlsAndIndirectFunctionsOfAnArchive) {
  for (const std::vector<std::string>& args : {std::vector<std::string>{}, {"-buildmode=pie"}}) {
    const std::string module = MakeModule({{"main.go", R"(package main

// #cgo LDFLAGS: -L${SRCDIR} -lmarks
// int next(void);
// int step(int x);
import "C"

import "fmt"

func main() { fmt.Println(C.step(40), C.next() > 40) }
)"}});
    MakeArchive(absl::StrCat(module, "/libmarks.a"), {{"marks.c", kLibrary}},
                {"-O2", "-fPIC", "-ftls-model=initial-exec"});
    EXPECT_EQ(RunStatic(BuildIn(module, {}, args)).output, "42 true\n");
  }
}

TEST(RuntimeTest, CoverageOfATestWithCgo) {
  const ProcessResult test = Go(CopyModule("netonly"), {"test", "-cover", "-coverprofile=cover.out", "."});
  ASSERT_TRUE(Succeeded(test));
  EXPECT_THAT(test.output, MatchesRegex("ok(.|\n)*coverage: [0-9.]+% of statements\n"));
}

TEST(RuntimeTest, FuzzingRunsWhatItLinked) {
  const std::string module = MakeModule({{"shout.go", R"(package program

// #include <ctype.h>
import "C"

func Shout(c byte) byte { return byte(C.toupper(C.int(c))) }
)"},
                                         {"shout_test.go", R"(package program

import "testing"

func FuzzShout(f *testing.F) {
	f.Add(byte('a'))
	f.Fuzz(func(t *testing.T, c byte) {
		if c >= 'a' && c <= 'z' && Shout(c) != c-'a'+'A' {
			t.Fatal(c, Shout(c))
		}
	})
}
)"}});
  // Test files may not have C of their own, so it is in the package.
  const ProcessResult fuzz = Go(module, {"test", "-fuzz=FuzzShout", "-fuzztime=50x", "-parallel=2", "."});
  ASSERT_TRUE(Succeeded(fuzz));
  EXPECT_THAT(fuzz.output, HasSubstr("execs: 50"));
}

TEST(RuntimeTest, AProfileNamesFunctionsOfATestWithCgo) {
  const std::string module = CopyModule("netonly");
  ASSERT_TRUE(Succeeded(Go(module, {"test", "-count=200", "-cpuprofile=cpu.out", "-o", "netonly.test", "."})));
  EXPECT_TRUE(IsStatic(module + "/netonly.test"));
  const ProcessResult top = Go(module, {"tool", "pprof", "-top", "netonly.test", "cpu.out"});
  EXPECT_TRUE(Succeeded(top));
  EXPECT_THAT(top.output, HasSubstr("File: netonly.test"));
}

GoBuild BuildWithC(const Environment& environment) {
  return BuildIn(MakeModule({{"main.go", R"(package main

// int doubled(int x);
import "C"

import "fmt"

func main() { fmt.Println(C.doubled(21)) }
)"},
                             {"doubled.c", "\n\nint doubled(int x) {\n  return 2 * x;\n}\n"}}),
                 environment);
}

TEST(RuntimeTest, GdbFindsLinesOfC) {
  if (FindProgram("gdb").empty()) GTEST_SKIP() << "there is no gdb here";
  const GoBuild build = BuildWithC({});
  EXPECT_EQ(RunStatic(build).output, "42\n");
  EXPECT_THAT(RunProgram({"gdb", "-batch", "-nx", "-ex", "info line doubled", build.binary}).output,
              HasSubstr("of \"doubled.c\" starts at address"));
}

// binutils 2.40 finds no line in a program with Go's DWARF 5, whoever linked it. The standard library is compiled anew.
TEST(SlowRuntimeTest, Addr2lineFindsLinesOfC) {
  if (FindProgram("addr2line").empty() || FindProgram("nm").empty()) GTEST_SKIP() << "there are no binutils here";
  const GoBuild build = BuildWithC(GoMinorVersion() >= 25 ? Environment{"GOEXPERIMENT=nodwarf5"} : Environment{});
  EXPECT_EQ(RunStatic(build).output, "42\n");
  std::string address;
  for (absl::string_view line : absl::StrSplit(RunProgram({"nm", build.binary}).output, '\n')) {
    if (absl::EndsWith(line, " T doubled")) address = std::string(line.substr(0, line.find(' ')));
  }
  ASSERT_NE(address, "");
  EXPECT_THAT(RunProgram({"addr2line", "-f", "-e", build.binary, address}).output,
              MatchesRegex("doubled\n.*doubled.c:[34]\n"));
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
