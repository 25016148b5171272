// What an end-to-end test does: copy a Go module, build it with the shim as compiler, look at the result, run it.
//
// Example:
//   TEST(DemoTest, OneStaticBinaryWithOnlyCcSet) {
//     GoBuild build = BuildGo("demo");                       // testdata/modules/demo, CC=cgo-ld-shim go build
//     ASSERT_TRUE(Succeeded(build.go));
//     EXPECT_TRUE(IsStatic(build.binary));
//     EXPECT_THAT(RunProgram({build.binary}).output, HasSubstr("answered over HTTP"));
//   }
//   GoBuild off = BuildGo("demo", {"CGO_LD_SHIM_STATIC=off"}, {"-trimpath"});
//
// Each test is a process of its own under ctest and starts from a cleaned environment: no CC, CXX, CGO_* or GOFLAGS of
// the person who runs it, an empty state directory (so `explain last` means this test's link), and a Go build cache
// that the tests share below the build directory, so that the standard library is compiled once. The module cache is
// the user's own. A Go that is missing fails the test: a suite that skips is a suite that nobody runs.
#ifndef CGO_LD_SHIM_TESTS_E2E_HARNESS_H_
#define CGO_LD_SHIM_TESTS_E2E_HARNESS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace cgo_ld_shim::e2e {

// "NAME=value" is added to the cleaned environment or replaces what is there; "NAME" alone is taken out.
using Environment = std::vector<std::string>;
using Files = std::vector<std::pair<std::string, std::string>>;  // relative path, text

// The executable under test, by its two names.
std::string Shim();
std::string ShimCxx();

// A directory that goes away with this process; E2E_KEEP=1 keeps all of them and prints their names.
std::string MakeTempDirectory();

std::string ReadText(const std::string& path);  // a file that cannot be read fails the test and is empty
void WriteText(const std::string& path, absl::string_view text);
void WriteFiles(const std::string& directory, const Files& files);
void WriteProgram(const std::string& path, absl::string_view text);  // with the executable bits
std::vector<std::string> ListFiles(const std::string& directory);    // names, sorted; hidden ones as well

// The path of a program in PATH, or empty. The shim's own directory stands first in PATH.
std::string FindProgram(absl::string_view name);

struct ProcessResult {
  int exit_status = 0;  // 128 + signal number when a signal ended it; 127 when it could not be started
  std::string output;   // stdout
  std::string error;    // stderr
  double seconds = 0;
};
// Runs to the end, capturing, without any of the product's own code. What takes longer than five minutes is killed.
ProcessResult RunProgram(const std::vector<std::string>& argv, const Environment& environment = {},
                         const std::string& directory = "");

// Status 0; otherwise the failure shows what was printed.
testing::AssertionResult Succeeded(const ProcessResult& result);
// Status not 0 and no end by a signal.
testing::AssertionResult Refused(const ProcessResult& result);

// What we said, from the first line that begins with "cgo-ld-shim: " to the end: nobody else speaks after us.
std::string OurWords(const std::string& text);

// A copy of testdata/modules/<module>, to which a test may add files before it builds.
std::string CopyModule(absl::string_view module);
// A module "example.com/program" of these files, in a new directory; a go.mod is added.
std::string MakeModule(const Files& files);

// libX.a of C and C++ sources (by suffix), compiled by gcc and g++ as any other build would: no shim is asked. The
// sources lie in a directory of their own, so that Go does not compile them as well.
void MakeArchive(const std::string& path, const Files& sources, const std::vector<std::string>& flags = {"-O2"});
// One source file to whatever the flags say (-c, -shared, …), by gcc.
void Compile(const std::string& output, absl::string_view source, const std::vector<std::string>& flags);

// `go <args>` in a directory with CC=cgo-ld-shim; CC=… in `environment` wins.
ProcessResult Go(const std::string& directory, const std::vector<std::string>& args,
                 const Environment& environment = {});
// 1.26 is 26.
int GoMinorVersion();
// zig on PATH, or the Python package.
bool HasZig();
#define SKIP_WITHOUT_ZIG() \
  if (!HasZig()) GTEST_SKIP() << "no zig: pip install ziglang"

struct GoBuild {
  ProcessResult go;
  std::string directory;  // of the module
  std::string binary;     // <directory>/program, whether or not it was made
};
// `go build -o <binary> <args>` in a module's directory, or in a fresh copy of one of testdata's.
GoBuild BuildIn(const std::string& directory, const Environment& environment = {},
                const std::vector<std::string>& args = {});
GoBuild BuildGo(absl::string_view module, const Environment& environment = {},
                const std::vector<std::string>& args = {});

// The build said nothing, the program is static, and it ran.
ProcessResult RunStatic(const GoBuild& build, const std::vector<std::string>& args = {});

}  // namespace cgo_ld_shim::e2e

#endif  // CGO_LD_SHIM_TESTS_E2E_HARNESS_H_
