#include "tests/e2e/harness.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "fmt/format.h"
#include "gmock/gmock.h"

extern char** environ;

namespace cgo_ld_shim::e2e {
namespace {

namespace fs = std::filesystem;

std::vector<std::string>& TempDirectories() {
  static auto* directories = new std::vector<std::string>;
  return *directories;
}

void RemoveTempDirectories() {
  const bool keep = std::getenv("E2E_KEEP") != nullptr;
  for (const std::string& directory : TempDirectories()) {
    std::error_code error;
    if (keep) {
      fmt::print("kept: {}\n", directory);
    } else {
      fs::remove_all(directory, error);
    }
  }
}

// Variables of the person who runs the tests that would change what is built; those that begin with CGO_ as well.
constexpr absl::string_view kChangeBuilds =
    " AR CC CFLAGS CPATH CXX C_INCLUDE_PATH GO111MODULE GOARCH GODEBUG GOEXPERIMENT GOFLAGS GOOS GOWORK LDFLAGS"
    " LD_LIBRARY_PATH LD_PRELOAD LD_RUN_PATH LIBRARY_PATH PKG_CONFIG PKG_CONFIG_PATH ";

bool ChangesBuilds(absl::string_view name) {
  return absl::StartsWith(name, "CGO_") || absl::StrContains(kChangeBuilds, absl::StrCat(" ", name, " "));
}

void CleanEnvironment() {
  std::vector<std::string> names;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const absl::string_view text = *entry;
    names.emplace_back(text.substr(0, text.find('=')));
  }
  for (const std::string& name : names) {
    if (ChangesBuilds(name)) ::unsetenv(name.c_str());
  }
  const std::string cache = CGO_LD_SHIM_E2E_CACHE;
  std::error_code error;
  fs::create_directories(cache, error);
  // -mod=mod: modules in testdata need not carry a go.sum; the copies are written, never the originals.
  ::setenv("GOFLAGS", "-mod=mod", 1);
  ::setenv("GOWORK", "off", 1);
  ::setenv("GOCACHE", absl::StrCat(cache, "/go-build").c_str(), 1);
  ::setenv("XDG_CACHE_HOME", absl::StrCat(cache, "/cache").c_str(), 1);
  ::setenv("XDG_STATE_HOME", MakeTempDirectory().c_str(), 1);
  ::setenv("LC_ALL", "C", 1);
  // The shim is found by name, as a user has it: Go splits CC at spaces, so a path would not do in every checkout.
  const std::string path = std::getenv("PATH") != nullptr ? std::getenv("PATH") : "/usr/bin:/bin";
  ::setenv("PATH", absl::StrCat(fs::path(Shim()).parent_path().string(), ":", path).c_str(), 1);
}

}  // namespace

std::string Shim() { return CGO_LD_SHIM_BINARY; }
std::string ShimCxx() { return absl::StrCat(Shim(), "++"); }

std::string MakeTempDirectory() {
  std::error_code error;
  std::string path = (fs::temp_directory_path(error) / "cgo-ld-shim-e2e.XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) {
    std::perror(path.c_str());
    std::exit(1);
  }
  TempDirectories().push_back(path);
  return path;
}

std::string ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << "cannot read " << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

void WriteText(const std::string& path, absl::string_view text) {
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  std::ofstream file(path, std::ios::binary);
  file << text;
  EXPECT_TRUE(file.flush().good()) << "cannot write " << path;
}

ProcessResult RunProgram(const std::vector<std::string>& argv, const Environment& environment,
                         const std::string& directory) {
  absl::StatusOr<ProcessResult> result =
      support::RunProcess(argv, {.environment = environment, .working_directory = directory});
  if (result.ok()) return *std::move(result);
  ProcessResult not_started;
  not_started.exit_status = 127;
  not_started.error = std::string(result.status().message());
  return not_started;
}

testing::AssertionResult Succeeded(const ProcessResult& result) {
  if (result.exit_status == 0) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "exit status " << result.exit_status << "\n--- stdout\n"
                                     << result.output << "--- stderr\n"
                                     << result.error;
}

std::string CopyModule(absl::string_view module) {
  const fs::path source = fs::path(CGO_LD_SHIM_TESTDATA) / "modules" / std::string(module);
  const std::string copy = MakeTempDirectory();
  std::error_code error;
  fs::copy(source, copy, fs::copy_options::recursive | fs::copy_options::copy_symlinks, error);
  EXPECT_FALSE(error) << "cannot copy " << source << ": " << error.message();
  return copy;
}

ProcessResult Go(const std::string& directory, const std::vector<std::string>& args, const Environment& environment) {
  std::vector<std::string> argv = {"go"};
  argv.insert(argv.end(), args.begin(), args.end());
  Environment all = {"CC=cgo-ld-shim"};
  all.insert(all.end(), environment.begin(), environment.end());
  return RunProgram(argv, all, directory);
}

GoBuild BuildGo(absl::string_view module, const Environment& environment, const std::vector<std::string>& args) {
  GoBuild build;
  build.directory = CopyModule(module);
  build.binary = absl::StrCat(build.directory, "/", module);
  std::vector<std::string> all = {"build", "-o", build.binary};
  all.insert(all.end(), args.begin(), args.end());
  build.go = Go(build.directory, all, environment);
  return build;
}

}  // namespace cgo_ld_shim::e2e

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  if (testing::GTEST_FLAG(list_tests)) return RUN_ALL_TESTS();
  cgo_ld_shim::e2e::CleanEnvironment();
  int status = 0;
  if (argc == 2 && absl::string_view(argv[1]) == "--prepare") {
    // Fills the Go build cache; whether that worked is the tests' to say.
    fmt::print("{}", cgo_ld_shim::e2e::BuildGo("demo").go.error);
  } else {
    status = RUN_ALL_TESTS();
  }
  cgo_ld_shim::e2e::RemoveTempDirectories();
  return status;
}
