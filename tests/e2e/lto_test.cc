// Code for a link-time optimiser hides what it needs from who reads ELF symbols alone. What this program decides by
// names has to come out as for any other code: real archives of gcc -flto and of rustc.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/e2e/elf_file.h"
#include "tests/e2e/harness.h"
#include "tests/e2e/link_log.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

const std::vector<std::string>& ForTheOptimiser() {
  static const auto* flags = new std::vector<std::string>{"-O2", "-flto"};
  return *flags;
}

// A module of the name service that ends whatever loads it, and where it is configured.
constexpr int kTrapped = 99;
struct Trap {
  std::string directory = MakeTempDirectory();
  Trap() {
    WriteText(directory + "/nsswitch.conf", "passwd: files trap\ngroup: files trap\n");
    Compile(directory + "/libnss_trap.so.2",
            absl::StrCat("#include <unistd.h>\n__attribute__((constructor)) static void trap(void) { _exit(", kTrapped,
                         "); }\n"),
            {"-shared", "-fPIC"});
  }
  // Runs a program with that /etc/nsswitch.conf, as root of a name space of its own.
  ProcessResult Run(const std::string& program) const {
    return RunProgram({"unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
                       absl::StrCat("mount --bind ", directory, "/nsswitch.conf /etc/nsswitch.conf && exec ", program)},
                      {absl::StrCat("LD_LIBRARY_PATH=", directory)});
  }
};

std::string WhyNoNameSpace() {
  if (FindProgram("unshare").empty()) return "there is no unshare(1) here";
  const ProcessResult probe =
      RunProgram({"unshare", "--user", "--map-root-user", "--mount", "mount", "--bind", "/etc/passwd", "/etc/passwd"});
  return probe.exit_status == 0 ? "" : absl::StrCat("this machine allows no name spaces: ", probe.error);
}

// Looks up a name that does not exist, for which every module is asked.
void ExpectFilesAlone(const std::string& module, const Environment& environment, const std::string& says) {
  const std::string log = MakeTempDirectory() + "/log";
  Environment with = environment;
  with.push_back(LogTo(log));
  const GoBuild build = BuildIn(module, with);
  EXPECT_EQ(RunStatic(build).output, says);
  const std::vector<LinkRecord> links = ReadLog(log);
  ASSERT_EQ(links.size(), 1U);
  EXPECT_THAT(links[0].Rules(), AllOf(Contains("lto-driver"), Contains("nss-files")));
  if (const std::string why = WhyNoNameSpace(); !why.empty()) GTEST_SKIP() << why;
  const Trap trap;
  const ProcessResult run = trap.Run(build.binary);
  EXPECT_TRUE(Succeeded(run));
  EXPECT_EQ(run.output, says);
  with.emplace_back("CGO_LD_SHIM_NSS=host");
  const GoBuild host = BuildIn(module, with);
  ASSERT_TRUE(Succeeded(host.go));
  EXPECT_EQ(trap.Run(host.binary).exit_status, kTrapped) << "the trap is none";
}

constexpr char kLooksUp[] = R"(package main

// #cgo LDFLAGS: -L${SRCDIR} -llook
// int has(const char *name);
import "C"

import "fmt"

func main() { fmt.Println(C.has(C.CString("root")), C.has(C.CString("nosuch"))) }
)";

TEST(LtoTest, AnArchiveForGccsOptimiserLooksNamesUpInFilesAlone) {
  const std::string module = MakeModule({{"main.go", kLooksUp}});
  MakeArchive(module + "/liblook.a",
              {{"look.c", "#include <pwd.h>\nint has(const char *name) { return getpwnam(name) != 0; }\n"}},
              ForTheOptimiser());
  ExpectFilesAlone(module, {}, "1 0\n");
}

TEST(LtoTest, GosOwnPackagesForGccsOptimiserLookNamesUpInFilesAlone) {
  const std::string module = MakeModule({{"main.go", R"(package main

import (
	"fmt"
	"os/user"
)

func main() {
	root, err := user.Lookup("root")
	fmt.Println(root.Uid, err)
	_, err = user.Lookup("nosuch")
	fmt.Println(err)
}
)"}});
  ExpectFilesAlone(module, {"CGO_CFLAGS=-O2 -flto", "CGO_LDFLAGS=-O2 -flto"}, "0 <nil>\nuser: unknown user nosuch\n");
}

TEST(LtoTest, WhatCodeForGccsOptimiserNeedsWhenItRunsIsSaid) {
  const std::string module = MakeModule({{"main.go", R"(package main

// #cgo LDFLAGS: -L${SRCDIR} -lneeds
// int needs(const char *name);
import "C"

func main() { println(C.needs(nil)) }
)"}});
  MakeArchive(module + "/libneeds.a", {{"needs.c", R"(
#include <dlfcn.h>
#include <iconv.h>
#include <locale.h>
int needs(const char *name) {
  if (name == 0) return 1;
  return setlocale(LC_ALL, name) && dlopen(name, RTLD_NOW) && iconv_open(name, "UTF-8") != (iconv_t)-1;
}
)"}},
              ForTheOptimiser());
  const std::string log = MakeTempDirectory() + "/log";
  EXPECT_EQ(RunStatic(BuildIn(module, {LogTo(log)})).error, "1\n");
  const std::vector<LinkRecord> links = ReadLog(log);
  ASSERT_EQ(links.size(), 1U);
  EXPECT_THAT(links[0].Rules(), Contains("lto-driver"));
  for (const char* function : {"dlopen", "iconv_open", "setlocale"})
    EXPECT_THAT(links[0].Texts("notes"),
                Contains(AllOf(HasSubstr(absl::StrCat(function, ": ")), HasSubstr("libneeds.a"))));
}

// A Rust library for clang's optimiser, and one beside it that has a function of the same name.
TEST(LtoTest, ARustArchiveForTheLinkersOptimiserIsRefusedByWhatMadeIt) {
  if (FindProgram("rustc").empty()) GTEST_SKIP() << "there is no rustc here";
  const std::string module = MakeModule({{"main.go", R"(package main

// #cgo LDFLAGS: -L${SRCDIR} -lvendor
// int vendor_init(int x);
import "C"

func main() { println(C.vendor_init(41)) }
)"}});
  const std::string source = MakeTempDirectory() + "/vendor.rs";
  WriteText(source, "#[no_mangle]\npub extern \"C\" fn vendor_init(x: i32) -> i32 {\n    x + 1\n}\n");
  const auto compile = [&](const std::vector<std::string>& flags) {
    std::vector<std::string> rustc = {"rustc", "--crate-type=staticlib", "-O", source, "-o", module + "/libvendor.a"};
    rustc.insert(rustc.end(), flags.begin(), flags.end());
    ASSERT_TRUE(Succeeded(RunProgram(rustc)));
  };
  compile({"-Clinker-plugin-lto"});
  MakeArchive(module + "/libunrelated.a", {{"unrelated.c", "int vendor_init(int x) { return -x; }\n"}});
  const GoBuild build = BuildIn(module);
  ASSERT_TRUE(Refused(build.go));
  EXPECT_THAT(OurWords(build.go.error),
              AllOf(HasSubstr("vendor_init"), HasSubstr("built with -C linker-plugin-lto; ask for a build without it"),
                    Not(HasSubstr("unrelated"))));
  compile({});
  EXPECT_EQ(RunStatic(BuildIn(module)).error, "42\n");
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
