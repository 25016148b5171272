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
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "support/process.h"

namespace cgo_ld_shim::e2e {

using support::ProcessResult;
using Environment = std::vector<std::string>;  // "NAME=value", added to the cleaned environment or replacing

// The executable under test, by its two names.
std::string Shim();
std::string ShimCxx();

// A directory that goes away with this process; E2E_KEEP=1 keeps all of them and prints their names.
std::string MakeTempDirectory();

std::string ReadText(const std::string& path);  // a file that cannot be read fails the test and is empty
void WriteText(const std::string& path, absl::string_view text);

// Runs to the end, capturing. A program that cannot be started has status 127 and says so in `error`.
ProcessResult RunProgram(const std::vector<std::string>& argv, const Environment& environment = {},
                         const std::string& directory = "");

// Status 0; otherwise the failure shows what was printed.
testing::AssertionResult Succeeded(const ProcessResult& result);

// A copy of testdata/modules/<module>, to which a test may add files before it builds.
std::string CopyModule(absl::string_view module);

// `go <args>` in a directory with CC=cgo-ld-shim; CC=… in `environment` wins.
ProcessResult Go(const std::string& directory, const std::vector<std::string>& args,
                 const Environment& environment = {});

struct GoBuild {
  ProcessResult go;
  std::string directory;  // the copy of the module
  std::string binary;     // <directory>/<module>, whether or not it was made
};
// `go build -o <binary> <args>` in a fresh copy of the module.
GoBuild BuildGo(absl::string_view module, const Environment& environment = {},
                const std::vector<std::string>& args = {});

}  // namespace cgo_ld_shim::e2e

#endif  // CGO_LD_SHIM_TESTS_E2E_HARNESS_H_
