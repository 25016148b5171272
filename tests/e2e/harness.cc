#include "tests/e2e/harness.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "fmt/format.h"
#include "gmock/gmock.h"
#include "tests/e2e/elf_file.h"

extern char** environ;

namespace cgo_ld_shim::e2e {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr int kCannotStart = 127;
// For what hangs; a build of SQLite by an emulator or on a busy machine takes minutes. ctest's own limit is the shorter
// one for the quick tests.
constexpr std::chrono::seconds kTimeLimit(1500);

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

// Variables of the person or CI service that runs the tests that would change what is built or what is shown; those
// that begin with CGO_ as well.
constexpr absl::string_view kChangeResults =
    " AR CC CFLAGS CI CLICOLOR CLICOLOR_FORCE COLUMNS CPATH CXX CXXFLAGS C_INCLUDE_PATH COMPILER_PATH "
    "DEPENDENCIES_OUTPUT GCC_EXEC_PREFIX GITHUB_ACTIONS GO111MODULE GOAMD64 GOARCH GOARM GOBIN GODEBUG GOENV "
    "GOEXPERIMENT GOFLAGS GOOS GOROOT_FINAL GOWORK LDFLAGS LD_LIBRARY_PATH LD_PRELOAD LD_RUN_PATH LIBRARY_PATH "
    "MAKEFLAGS MFLAGS NO_COLOR PKG_CONFIG PKG_CONFIG_LIBDIR PKG_CONFIG_PATH RUSTFLAGS SOURCE_DATE_EPOCH ";

bool ChangesResults(absl::string_view name) {
  return absl::StartsWith(name, "CGO_") || absl::StrContains(kChangeResults, absl::StrCat(" ", name, " "));
}

// What a person may have set by `go env -w` that says where modules come from; all else of it is switched off.
void KeepGoSources() {
  constexpr const char* kNames[] = {"GOMODCACHE", "GOPROXY", "GOSUMDB", "GONOSUMDB", "GONOPROXY", "GOPRIVATE"};
  std::vector<std::string> argv = {"go", "env"};
  argv.insert(argv.end(), std::begin(kNames), std::end(kNames));
  const std::vector<std::string> values = absl::StrSplit(RunProgram(argv).output, '\n');
  for (size_t i = 0; i < std::size(kNames) && i < values.size(); ++i) {
    if (!values[i].empty()) ::setenv(kNames[i], values[i].c_str(), 1);
  }
  // A job in a shell's background ignores some, and what is ignored stays so in what a test starts.
  for (const int number : {SIGINT, SIGHUP, SIGQUIT, SIGTERM}) ::signal(number, SIG_DFL);
  ::setenv("GOENV", "off", 1);
}

void CleanEnvironment() {
  std::vector<std::string> names;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const absl::string_view text = *entry;
    names.emplace_back(text.substr(0, text.find('=')));
  }
  for (const std::string& name : names) {
    if (ChangesResults(name)) ::unsetenv(name.c_str());
  }
  KeepGoSources();
  const std::string cache = CGO_LD_SHIM_E2E_CACHE;
  std::error_code error;
  fs::create_directories(cache, error);
  // -mod=mod: modules in testdata need not carry a go.sum; the copies are written, never the originals.
  ::setenv("GOFLAGS", "-mod=mod", 1);
  ::setenv("GOWORK", "off", 1);
  ::setenv("GOCACHE", absl::StrCat(cache, "/go-build").c_str(), 1);
  // Building its libc for a target takes zig a minute; once is enough, also for a test with a cache of its own.
  ::setenv("ZIG_GLOBAL_CACHE_DIR", absl::StrCat(cache, "/zig").c_str(), 1);
  ::setenv("XDG_CACHE_HOME", absl::StrCat(cache, "/cache").c_str(), 1);
  ::setenv("XDG_STATE_HOME", MakeTempDirectory().c_str(), 1);
  ::setenv("LC_ALL", "C", 1);
  // A screen on which few sentences are broken, for `cgo-ld-shim go` and for links that it does not start.
  ::setenv("COLUMNS", "100", 1);
  ::setenv("CGO_LD_SHIM_INTERNAL_SCREEN", "100", 1);
  // The shim is found by name, as a user has it: Go splits CC at spaces, so a path would not do in every checkout.
  const std::string path = std::getenv("PATH") != nullptr ? std::getenv("PATH") : "/usr/bin:/bin";
  ::setenv("PATH", absl::StrCat(fs::path(Shim()).parent_path().string(), ":", path).c_str(), 1);
}

absl::string_view NameOf(absl::string_view entry) { return entry.substr(0, entry.find('=')); }

std::vector<std::string> ChildEnvironment(const Environment& changes) {
  std::vector<std::string> all;
  // Of two that have one name, the later counts: a helper's default stands before what the test wants.
  for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
    const bool overruled = std::any_of(changes.rbegin(), change,
                                       [&](const std::string& later) { return NameOf(later) == NameOf(*change); });
    if (!overruled && absl::StrContains(*change, "=")) all.push_back(*change);
  }
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const bool changed = std::any_of(changes.begin(), changes.end(),
                                     [&](const std::string& change) { return NameOf(change) == NameOf(*entry); });
    if (!changed) all.emplace_back(*entry);
  }
  return all;
}

std::vector<char*> Pointers(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

struct Capture {
  int read_end = -1;
  int write_end = -1;
  Capture() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return;
    read_end = ends[0];
    write_end = ends[1];
  }
  ~Capture() {
    ::close(read_end);
    if (write_end >= 0) ::close(write_end);
  }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;
};

// Reads both ends until they are closed; false when the time is up.
bool Drain(Capture* const (&captures)[2], std::string* const (&texts)[2], Clock::time_point deadline) {
  pollfd polled[2] = {{captures[0]->read_end, POLLIN, 0}, {captures[1]->read_end, POLLIN, 0}};
  char buffer[16384];
  while (polled[0].fd >= 0 || polled[1].fd >= 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    if (::poll(polled, 2, static_cast<int>(left)) < 0 && errno != EINTR) return true;
    for (int i = 0; i < 2; ++i) {
      if (polled[i].fd < 0 || polled[i].revents == 0) continue;
      const ssize_t got = ::read(polled[i].fd, buffer, sizeof buffer);
      if (got > 0) {
        texts[i]->append(buffer, static_cast<size_t>(got));
      } else if (got == 0 || errno != EINTR) {
        polled[i].fd = -1;
      }
    }
  }
  return true;
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

void WriteFiles(const std::string& directory, const Files& files) {
  for (const auto& [name, text] : files) WriteText(absl::StrCat(directory, "/", name), text);
}

void WriteProgram(const std::string& path, absl::string_view text) {
  WriteText(path, text);
  EXPECT_EQ(::chmod(path.c_str(), 0755), 0);
}

std::vector<std::string> ListFiles(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, error)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string FindProgram(absl::string_view name) {
  for (absl::string_view directory : absl::StrSplit(absl::string_view(std::getenv("PATH")), ':')) {
    const std::string path = absl::StrCat(directory, "/", name);
    if (::access(path.c_str(), X_OK) == 0 && fs::is_regular_file(path)) return path;
  }
  return "";
}

ProcessResult RunProgram(const std::vector<std::string>& argv, const Environment& environment,
                         const std::string& directory) {
  ProcessResult result;
  const Clock::time_point start = Clock::now();
  const std::vector<std::string> all = ChildEnvironment(environment);
  std::vector<char*> arguments = Pointers(argv);
  std::vector<char*> variables = Pointers(all);
  Capture out, err;
  const pid_t child = ::fork();
  if (child == 0) {
    // A group of its own, so that a compiler below go ends with it when the time is up.
    ::setpgid(0, 0);
    ::dup2(::open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
    ::dup2(out.write_end, STDOUT_FILENO);
    ::dup2(err.write_end, STDERR_FILENO);
    if (directory.empty() || ::chdir(directory.c_str()) == 0) {
      environ = variables.data();
      ::execvp(arguments[0], arguments.data());
    }
    const std::string message = absl::StrCat("cannot start ", argv[0], ": ", std::strerror(errno), "\n");
    (void)!::write(STDERR_FILENO, message.data(), message.size());
    ::_exit(kCannotStart);
  }
  ::close(std::exchange(out.write_end, -1));
  ::close(std::exchange(err.write_end, -1));
  if (!Drain({&out, &err}, {&result.output, &result.error}, start + kTimeLimit)) {
    ADD_FAILURE() << argv[0] << " took longer than " << kTimeLimit.count() << " s and was killed";
    ::kill(-child, SIGKILL);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  result.exit_status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return result;
}

testing::AssertionResult Succeeded(const ProcessResult& result) {
  if (result.exit_status == 0) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "exit status " << result.exit_status << "\n--- stdout\n"
                                     << result.output << "--- stderr\n"
                                     << result.error;
}

testing::AssertionResult Refused(const ProcessResult& result) {
  if (result.exit_status != 0 && result.exit_status < 128) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "exit status " << result.exit_status << "\n--- stdout\n"
                                     << result.output << "--- stderr\n"
                                     << result.error;
}

std::string OurWords(const std::string& text) {
  constexpr absl::string_view kOurs = "cgo-ld-shim: ";
  size_t begin = 0;
  while (begin != std::string::npos && absl::string_view(text).substr(begin, kOurs.size()) != kOurs) {
    begin = text.find('\n', begin);
    if (begin != std::string::npos) ++begin;
  }
  const std::string ours = begin == std::string::npos ? "" : text.substr(begin);
  EXPECT_THAT(ours, testing::Not(testing::HasSubstr("ld.lld:"))) << "our words come last";
  return ours;
}

std::string CopyModule(absl::string_view module) {
  const fs::path source = fs::path(CGO_LD_SHIM_TESTDATA) / "modules" / std::string(module);
  const std::string copy = MakeTempDirectory();
  std::error_code error;
  fs::copy(source, copy, fs::copy_options::recursive | fs::copy_options::copy_symlinks, error);
  EXPECT_FALSE(error) << "cannot copy " << source << ": " << error.message();
  return copy;
}

std::string MakeModule(const Files& files) {
  const std::string directory = MakeTempDirectory();
  WriteText(absl::StrCat(directory, "/go.mod"), "module example.com/program\n\ngo 1.19\n");
  WriteFiles(directory, files);
  return directory;
}

void MakeArchive(const std::string& path, const Files& sources, const std::vector<std::string>& flags) {
  const std::string directory = MakeTempDirectory();
  WriteFiles(directory, sources);
  std::vector<std::string> archive = {"ar", "rcs", path};
  for (const auto& [name, text] : sources) {
    const std::string object = absl::StrCat(name.substr(0, name.rfind('.')), ".o");
    std::vector<std::string> compile = {absl::EndsWith(name, ".c") ? "gcc" : "g++", "-c", name, "-o", object};
    compile.insert(compile.end(), flags.begin(), flags.end());
    EXPECT_TRUE(Succeeded(RunProgram(compile, {}, directory)));
    archive.push_back(object);
  }
  EXPECT_TRUE(Succeeded(RunProgram(archive, {}, directory)));
}

void Compile(const std::string& output, absl::string_view source, const std::vector<std::string>& flags) {
  const std::string file = absl::StrCat(MakeTempDirectory(), "/source.c");
  WriteText(file, source);
  std::vector<std::string> argv = {"gcc", file, "-o", output};
  argv.insert(argv.end(), flags.begin(), flags.end());
  EXPECT_TRUE(Succeeded(RunProgram(argv)));
}

bool HasZig() {
  return !FindProgram("zig").empty() || RunProgram({"python3", "-c", "import ziglang"}).exit_status == 0;
}

int GoMinorVersion() {
  const std::string version = RunProgram({"go", "env", "GOVERSION"}).output;  // go1.26.8
  const std::vector<std::string> parts = absl::StrSplit(version, absl::ByAnyChar(".\n"));
  int minor = 0;
  EXPECT_TRUE(parts.size() > 1 && absl::SimpleAtoi(parts[1], &minor)) << "no Go on PATH? Its version is: " << version;
  return minor;
}

ProcessResult Go(const std::string& directory, const std::vector<std::string>& args, const Environment& environment) {
  std::vector<std::string> argv = {"go"};
  argv.insert(argv.end(), args.begin(), args.end());
  Environment all = {"CC=cgo-ld-shim"};
  // Go 1.19 does not ask a compiler who it is, and takes packages that were compiled for another C library.
  const bool musl = std::any_of(environment.begin(), environment.end(), [](const std::string& word) {
    return word == "CGO_LD_SHIM_LIBC=musl" || word == "CGO_LD_SHIM_CC=musl-gcc";
  });
  if (musl && GoMinorVersion() < 20) all.push_back(absl::StrCat("GOCACHE=", std::getenv("GOCACHE"), "-musl"));
  all.insert(all.end(), environment.begin(), environment.end());
  return RunProgram(argv, all, directory);
}

GoBuild BuildIn(const std::string& directory, const Environment& environment, const std::vector<std::string>& args) {
  GoBuild build{.go = {}, .directory = directory, .binary = absl::StrCat(directory, "/program")};
  std::vector<std::string> all = {"build", "-o", build.binary};
  all.insert(all.end(), args.begin(), args.end());
  build.go = Go(directory, all, environment);
  return build;
}

GoBuild BuildGo(absl::string_view module, const Environment& environment, const std::vector<std::string>& args) {
  return BuildIn(CopyModule(module), environment, args);
}

ProcessResult RunStatic(const GoBuild& build, const std::vector<std::string>& args) {
  EXPECT_TRUE(Succeeded(build.go));
  EXPECT_EQ(build.go.error, "") << "a build that works says nothing";
  if (build.go.exit_status != 0) return {.exit_status = kCannotStart};
  EXPECT_TRUE(IsStatic(build.binary));
  std::vector<std::string> argv = {build.binary};
  argv.insert(argv.end(), args.begin(), args.end());
  ProcessResult run = RunProgram(argv);
  EXPECT_TRUE(Succeeded(run));
  return run;
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
