// `check` of programs that were really linked: what it says, and its exit status.
#include <sys/stat.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "llvm/Support/JSON.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::AllOf;
using testing::HasSubstr;

ProcessResult Check(const std::string& binary, const Environment& environment = {}) {
  return RunProgram({Shim(), "check", binary}, environment);
}

Environment WithoutRecords() { return {absl::StrCat("XDG_STATE_HOME=", MakeTempDirectory())}; }

TEST(CheckTest, AStaticProgramNeedsNothing) {
  const GoBuild build = BuildGo("osuser");
  ASSERT_TRUE(Succeeded(build.go));
  const ProcessResult check = Check(build.binary);
  EXPECT_TRUE(Succeeded(check));
  EXPECT_THAT(check.output, AllOf(HasSubstr("static executable"), HasSubstr("empty container   is enough"),
                                  HasSubstr("are looked up in /etc files and DNS"), HasSubstr("libc.a  ")));
}

TEST(CheckTest, AStrippedProgramWithoutARecordStillSaysHowItLooksUp) {
  const GoBuild build = BuildGo("osuser", {}, {"-ldflags=-s -w"});
  ASSERT_TRUE(Succeeded(build.go));
  EXPECT_THAT(Check(build.binary, WithoutRecords()).output,
              AllOf(HasSubstr("stripped"), HasSubstr("glibc"), HasSubstr("are looked up in /etc files and DNS")));
  const GoBuild host = BuildGo("osuser", {"CGO_LD_SHIM_NSS=host"}, {"-ldflags=-s -w"});
  ASSERT_TRUE(Succeeded(host.go));
  EXPECT_THAT(Check(host.binary, WithoutRecords()).output, HasSubstr("/etc/nsswitch.conf"));
}

TEST(CheckTest, ProgramsThatWentPastTheShimAreNotStatic) {
  const GoBuild build = BuildGo("osuser", {"CC=gcc"});
  ASSERT_TRUE(Succeeded(build.go));
  const ProcessResult check = Check(build.binary);
  EXPECT_EQ(check.exit_status, 1);
  EXPECT_THAT(check.output, AllOf(HasSubstr("not static"), HasSubstr("libc.so.6"), HasSubstr("cgo-ld-shim go build")));
}

TEST(CheckTest, UsersOfDlopenAndIconvInLibrariesAreNamed) {
  const std::string module = MakeModule({{"main.go", R"(package main

// #cgo LDFLAGS: -L${SRCDIR} -lopens
// int opens(const char *name);
import "C"

func main() { println(C.opens(nil)) }
)"}});
  MakeArchive(absl::StrCat(module, "/libopens.a"), {{"opens.c", R"(
#include <dlfcn.h>
#include <iconv.h>
int opens(const char *name) { return name && dlopen(name, RTLD_NOW) && iconv_open(name, "UTF-8") != (iconv_t)-1; }
)"}});
  const GoBuild build = BuildIn(module);
  ASSERT_TRUE(Succeeded(build.go));
  const ProcessResult check = RunProgram({Shim(), "check", build.binary}, {"COLUMNS=300"});
  EXPECT_TRUE(Succeeded(check));
  EXPECT_THAT(check.output, AllOf(HasSubstr("dlopen "), HasSubstr("iconv "), HasSubstr("libopens.a(opens.o)")));
}

TEST(CheckTest, LibrariesAreNoPrograms) {
  const std::string module = CopyModule("library");
  ASSERT_TRUE(Succeeded(Go(module, {"build", "-buildmode=c-shared", "-o", "liblibrary.so"})));
  const ProcessResult check = Check(module + "/liblibrary.so");
  EXPECT_EQ(check.exit_status, 1);
  EXPECT_THAT(check.output, HasSubstr(GoMinorVersion() < 20 ? "shared library" : "shared library of Go code"));
}

TEST(CheckTest, ProgramsOfOtherSystems) {
  const std::string module = MakeModule({{"main.go", "package main\n\nfunc main() { println(1) }\n"}});
  for (const char* system : {"windows", "darwin", "freebsd"}) {
    const GoBuild build = BuildIn(module, {absl::StrCat("GOOS=", system), "CGO_ENABLED=0"});
    ASSERT_TRUE(Succeeded(build.go));
    const ProcessResult check = Check(build.binary);
    EXPECT_TRUE(Succeeded(check)) << system;
    EXPECT_THAT(check.output, HasSubstr(absl::StrCat("Go 1.", GoMinorVersion())));
  }
}

TEST(CheckTest, WhatCannotBeReadIsNamed) {
  const std::string directory = MakeTempDirectory(), pipe = directory + "/pipe", cut = directory + "/cut";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  WriteText(cut, ReadText(Shim()).substr(0, 100000));
  WriteText(directory + "/text", "hello\n");
  const ProcessResult check =
      RunProgram({Shim(), "check", directory, pipe, cut, directory + "/text", directory + "/missing", "--json"});
  EXPECT_EQ(check.exit_status, 2);
  EXPECT_THAT(check.error, AllOf(HasSubstr("is a directory"), HasSubstr("is a pipe"), HasSubstr("damaged or cut off"),
                                 HasSubstr("is a text file"), HasSubstr("no such file")));
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(check.output);
  ASSERT_TRUE(static_cast<bool>(value)) << check.output;
  EXPECT_EQ(value->getAsObject()->getArray("binaries")->size(), 5U);
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
