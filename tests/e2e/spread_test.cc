// A package with much C++ whose compiles are spread by an engine that stands in front of the underlying compiler.
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {
namespace {

constexpr int kFiles = 40;

std::string MakeCxxModule() {
  std::string declarations, sum;
  Files files;
  for (int i = 0; i < kFiles; ++i) {
    absl::StrAppend(&declarations, "// int f", i, "(int);\n");
    absl::StrAppend(&sum, " + f", i, "(x)");
    files.emplace_back(absl::StrCat("f", i, ".cc"),
                       absl::StrCat("#include <string>\nextern \"C\" int f", i, "(int x) {\n",
                                    "  return static_cast<int>(std::to_string(x + ", i, ").size());\n}\n"));
  }
  files.emplace_back("main.go", absl::StrCat("package main\n\n", declarations, "// static int sum(int x) { return 0",
                                             sum, "; }\nimport \"C\"\n\nfunc main() { println(C.sum(7)) }\n"));
  return MakeModule(files);
}

// distccd on a port of this machine; it is ended with the test.
class Daemon {
 public:
  explicit Daemon(int port) : port_(port), directory_(MakeTempDirectory()) {
    // As root it becomes another user.
    for (const char* name : {"log", "pid"}) {
      WriteText(path(name), "");
      ::chmod(path(name).c_str(), 0666);
    }
    ::chmod(directory_.c_str(), 0777);
    ::mkdir(path("tmp").c_str(), 0777);
    ::chmod(path("tmp").c_str(), 0777);
    started_ = RunProgram({"distccd", "--daemon", "--listen", "127.0.0.1", "--port", absl::StrCat(port), "--allow",
                           "127.0.0.1", "--log-file", path("log"), "--pid-file", path("pid"), "--user", "nobody",
                           "--enable-tcp-insecure", "--jobs", "2"},
                          {absl::StrCat("TMPDIR=", path("tmp"))});
  }
  ~Daemon() {
    int pid = 0;
    if (absl::SimpleAtoi(ReadText(path("pid")), &pid) && pid > 1) ::kill(pid, SIGKILL);
  }
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  bool started() const { return started_.exit_status == 0; }
  std::string Host() const { return absl::StrCat("127.0.0.1:", port_, "/2"); }
  std::string path(const std::string& name) const { return absl::StrCat(directory_, "/", name); }
  int Jobs() const {
    int jobs = 0;
    const std::string log = ReadText(path("log"));
    for (size_t at = 0; (at = log.find("COMPILE_OK", at)) != std::string::npos; ++at) ++jobs;
    return jobs;
  }

 private:
  int port_;
  std::string directory_;
  ProcessResult started_;
};

// The first daemon of the list gets the jobs until it dies in the middle of the package; the other one has the rest.
TEST(SlowSpreadTest, DistccByTwoDaemonsOneOfWhichDies) {
  if (FindProgram("distcc").empty() || FindProgram("distccd").empty()) GTEST_SKIP() << "no distcc";
  const int port = 20000 + ::getpid() % 20000;
  Daemon first(port), second(port + 20001);
  if (!first.started() || !second.started()) GTEST_SKIP() << "distccd does not start here";
  const std::string module = MakeCxxModule(), directory = MakeTempDirectory();
  ::mkdir((directory + "/state").c_str(), 0700);
  WriteText(directory + "/count", "");
  WriteProgram(directory + "/distcc",
               absl::StrCat("#!/bin/sh\nif [ \"$1\" = g++ ]; then\n  echo >> ", directory, "/count\n  [ $(wc -l < ",
                            directory, "/count) != ", kFiles / 2, " ] || kill -9 $(cat ", first.path("pid"),
                            ")\nfi\nexec ", FindProgram("distcc"), " \"$@\"\n"));
  // Line tables know whether a file was preprocessed elsewhere, so no debug information.
  const auto build = [&](const std::string& cache, const std::string& hosts) {
    return BuildIn(module,
                   {"CXX=cgo-ld-shim++", absl::StrCat("CGO_LD_SHIM_CC=", directory, "/distcc gcc"),
                    absl::StrCat("CGO_LD_SHIM_CXX=", directory, "/distcc g++"), absl::StrCat("DISTCC_HOSTS=", hosts),
                    absl::StrCat("DISTCC_DIR=", directory, "/state"), absl::StrCat("GOCACHE=", directory, cache),
                    "CGO_CFLAGS=-O2", "CGO_CXXFLAGS=-O2"},
                   {"-trimpath"});
  };
  const GoBuild spread = build("/spread", absl::StrCat(first.Host(), " ", second.Host()));
  ASSERT_TRUE(Succeeded(spread.go));
  const int by_first = first.Jobs(), by_second = second.Jobs();
  std::printf("jobs: %d of the daemon that died, %d of the other\n", by_first, by_second);
  EXPECT_GE(by_first, kFiles / 2 - 1);
  EXPECT_GE(by_second, kFiles / 2 - 2);
  const std::string program = ReadText(spread.binary);
  EXPECT_TRUE(Succeeded(RunProgram({spread.binary})));

  const GoBuild here = build("/here", "localhost");
  ASSERT_TRUE(Succeeded(here.go));
  EXPECT_TRUE(ReadText(here.binary) == program);
  EXPECT_EQ(by_first + by_second, first.Jobs() + second.Jobs());
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
