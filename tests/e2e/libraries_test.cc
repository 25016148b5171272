// Libraries as programs name them: too few, in the wrong order, in a cycle, or not needed at all.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/e2e/elf_file.h"
#include "tests/e2e/harness.h"
#include "tests/e2e/link_log.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

// A program that prints f(2.0), where f comes from libraries beside it.
std::string ModuleThatLinks(absl::string_view ldflags) {
  return MakeModule({{"main.go", absl::StrCat(R"(package main

// #cgo LDFLAGS: -L${SRCDIR} )",
                                              ldflags, R"(
// double f(double x);
import "C"

import "fmt"

func main() { fmt.Println("f", float64(C.f(2))) }
)")}});
}

// Builds with a log, expects a static program that prints `output`, and returns the record of its link.
LinkRecord LinkRecordOf(const std::string& module, const std::string& output) {
  const std::string log = absl::StrCat(MakeTempDirectory(), "/log");
  EXPECT_EQ(RunStatic(BuildIn(module, {LogTo(log)})).output, output);
  std::vector<LinkRecord> records = ReadLog(log);
  EXPECT_EQ(records.size(), 1U);
  return records.empty() ? LinkRecord{} : std::move(records[0]);
}

TEST(LibrariesTest, LibmIsAddedForAnArchiveThatNeedsIt) {
  const std::string module = ModuleThatLinks("-lwave");
  MakeArchive(absl::StrCat(module, "/libwave.a"),
              {{"wave.c", "#include <math.h>\ndouble f(double x) { return exp2(x) + fdim(x, 2); }\n"}});
  const LinkRecord link = LinkRecordOf(module, "f 4\n");
  EXPECT_THAT(link.Rules(), Contains("add-runtime"));
  EXPECT_THAT(link.Texts("driver_argv"), Contains("-lm"));
}

constexpr char kThrows[] = R"(
#include <map>
#include <stdexcept>
#include <string>

static double Parse(const std::string& text) {
  std::map<std::string, double> numbers;
  numbers["two"] = 2;
  auto at = numbers.find(text);
  if (at == numbers.end()) throw std::out_of_range("no " + text);
  return at->second;
}

extern "C" double f(double x) {
  try {
    return Parse("three");
  } catch (const std::exception& e) {
    return x * Parse("two") + std::string(e.what()).size();
  }
}
)";

TEST(LibrariesTest, LibstdcxxIsAddedForACxxArchiveBehindACInterface) {
  const std::string module = ModuleThatLinks("-lparse");
  MakeArchive(absl::StrCat(module, "/libparse.a"), {{"parse.cc", kThrows}});
  const LinkRecord link = LinkRecordOf(module, "f 12\n");
  EXPECT_THAT(link.Rules(), Contains("add-runtime"));
  EXPECT_THAT(link.Texts("driver_argv"), Contains("-lstdc++"));
}

// Without optimisation, templates that libstdc++ instantiates explicitly (std::allocator<char>) are wanted from it; it
// defines them weakly.
TEST(LibrariesTest, LibstdcxxIsAddedForTemplatesThatItInstantiates) {
  const std::string module = ModuleThatLinks("-lparse");
  MakeArchive(absl::StrCat(module, "/libparse.a"), {{"parse.cc", kThrows}}, {"-O0", "-std=c++17"});
  LinkRecordOf(module, "f 12\n");
}

TEST(LibrariesTest, LibstdcxxIsAddedForTemplatesAlone) {
  const std::string module = ModuleThatLinks("-ltext");
  MakeArchive(
      absl::StrCat(module, "/libtext.a"),
      {{"text.cc", "#include <string>\nextern \"C\" double f(double x) { return std::to_string(int(x)).size(); }\n"}},
      {"-O0", "-std=c++17"});
  LinkRecordOf(module, "f 1\n");
}

constexpr char kBase[] = "double base(double x) { return x + 1; }\n";
constexpr char kTop[] = "double base(double x);\ndouble f(double x) { return base(x) * 10; }\n";

TEST(LibrariesTest, ArchivesInTheWrongOrder) {
  const std::string module = ModuleThatLinks("-lbase -ltop");
  MakeArchive(absl::StrCat(module, "/libbase.a"), {{"base.c", kBase}});
  MakeArchive(absl::StrCat(module, "/libtop.a"), {{"top.c", kTop}});
  const LinkRecord link = LinkRecordOf(module, "f 30\n");
  EXPECT_THAT(link.Rules(), Contains("order-archives"));
}

TEST(LibrariesTest, ArchivesInACycle) {
  const std::string module = ModuleThatLinks("-lping -lpong");
  // ping → pong_1 → ping_2 → pong_3: GNU ld would need each archive twice.
  MakeArchive(absl::StrCat(module, "/libping.a"),
              {{"a.c", "double pong_1(double);\ndouble f(double x) { return pong_1(x) + 1; }\n"},
               {"b.c", "double pong_3(double);\ndouble ping_2(double x) { return pong_3(x) + 10; }\n"}});
  MakeArchive(absl::StrCat(module, "/libpong.a"),
              {{"a.c", "double ping_2(double);\ndouble pong_1(double x) { return ping_2(x) + 100; }\n"},
               {"b.c", "double pong_3(double x) { return x + 1000; }\n"}});
  const LinkRecord link = LinkRecordOf(module, "f 1113\n");
  EXPECT_THAT(link.Rules(), Contains("group-archives"));
}

// cmd/cgo/internal/swig tests it: slim objects, which hold code for the optimiser alone.
TEST(LibrariesTest, TheProgramsOwnCIsOptimisedByTheLinker) {
  const std::string log = MakeTempDirectory() + "/log";
  const GoBuild build = BuildGo("cxx", {"CXX=cgo-ld-shim++", "CGO_CFLAGS=-O2 -flto", "CGO_CXXFLAGS=-O2 -flto",
                                        "CGO_LDFLAGS=-O2 -flto", LogTo(log)});
  EXPECT_TRUE(Succeeded(RunStatic(build)));
  const std::vector<LinkRecord> links = ReadLog(log);
  ASSERT_EQ(links.size(), 1U);
  EXPECT_THAT(links[0].Rules(), Contains("lto-driver"));
}

// What the record says of a link is a command line for gcc and its own linker: everything that was missing is in it.
TEST(LibrariesTest, TheFlagsThatExplainPrintsWorkWithGccAlone) {
  const std::string module = ModuleThatLinks("-lbase -ltop");
  MakeArchive(absl::StrCat(module, "/libbase.a"),
              {{"base.cc", "#include <cmath>\nextern \"C\" double base(double x) { return std::cbrt(x * 4) + 1; }\n"}});
  MakeArchive(absl::StrCat(module, "/libtop.a"), {{"top.c", kTop}});
  const GoBuild build = BuildIn(module);
  ASSERT_TRUE(Succeeded(build.go));
  const ProcessResult flags = RunProgram({Shim(), "explain", "--flags", build.binary});
  ASSERT_TRUE(Succeeded(flags));
  const size_t begin = flags.output.find("-ldflags='");
  ASSERT_NE(begin, std::string::npos) << flags.output;
  const size_t end = flags.output.find('\'', begin + 10);
  ASSERT_NE(end, std::string::npos) << flags.output;
  const std::string words = absl::StrCat("-ldflags=", flags.output.substr(begin + 10, end - begin - 10));
  const GoBuild plain = BuildIn(module, {"CC=gcc"}, {words});
  EXPECT_EQ(RunStatic(plain).output, "f 30\n");
}

// net names -lresolv since Go 1.20; what it calls has been in libc itself since glibc 2.34.
TEST(LibrariesTest, LresolvIsDroppedWhereNothingNeedsIt) {
  const std::string module = MakeModule({{"main.go", R"(package main

import (
	"fmt"
	"net"
)

func main() {
	addresses, err := net.LookupHost("localhost")
	fmt.Println(len(addresses) > 0, err)
}
)"}});
  const LinkRecord link = LinkRecordOf(module, "true <nil>\n");
  if (GoMinorVersion() >= 20) {
    EXPECT_THAT(link.Texts("argv"), Contains("-lresolv"));
  }
  EXPECT_THAT(link.Texts("driver_argv"), Not(Contains("-lresolv")));
}

TEST(LibrariesTest, LresolvIsKeptWhereSymbolsNeedIt) {
  const std::string module = MakeModule({{"main.go", R"(package main

/*
#cgo LDFLAGS: -lresolv
#include <arpa/inet.h>
#include <sys/types.h>

// Still in libresolv.
int inet_net_pton(int family, const char *text, void *net, size_t size);
static int bits(void) {
	unsigned char net[4];
	return inet_net_pton(AF_INET, "10.1.0.0/16", net, sizeof net);
}
*/
import "C"

import "fmt"

func main() { fmt.Println("bits", C.bits()) }
)"}});
  const LinkRecord link = LinkRecordOf(module, "bits 16\n");
  EXPECT_THAT(link.Texts("driver_argv"), Contains("-lresolv"));
}

TEST(LibrariesTest, SqliteWithNetHttpNeedsNoFlags) {
  const std::string log = absl::StrCat(MakeTempDirectory(), "/log");
  const ProcessResult run = RunStatic(BuildGo("demo", {LogTo(log)}));
  EXPECT_THAT(run.output, HasSubstr("answered over HTTP: 4 linkers"));
  const std::vector<LinkRecord> links = ReadLog(log);
  ASSERT_EQ(links.size(), 1U);
  EXPECT_EQ(links[0].Text("outcome"), "linked");
  EXPECT_EQ(links[0].Text("package"), "example.com/demo");
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
