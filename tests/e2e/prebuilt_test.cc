// Prebuilt libraries as their authors ship them (testdata/modules/prebuilt): Rust with tokio, rustls and serde, C++,
// and Rust by another compiler, one archive for each platform; and users for whom the author chose wrong.
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "llvm/Support/JSON.h"
#include "tests/e2e/elf_file.h"
#include "tests/e2e/harness.h"
#include "tests/e2e/link_log.h"
#include "tests/e2e/machines.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::AnyOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

namespace fs = std::filesystem;

// The author's cache, made once by his own script; empty where this machine cannot make all of it.
const std::string& Cache() {
  static const std::string cache = [] {
    for (const char* program : {"cargo", "rustc", "g++", "aarch64-linux-gnu-g++"}) {
      if (FindProgram(program).empty()) return std::string();
    }
    if (ZigPath().empty()) return std::string();
    std::string directory = absl::StrCat(CGO_LD_SHIM_E2E_CACHE, "/prebuilt");
    Environment environment = {absl::StrCat("ZIG=", ZigPath())};
    if (RunProgram({"rustc", "+1.94.0", "--version"}).exit_status == 0) environment.emplace_back("OLDER_RUST=1.94.0");
    const ProcessResult made =
        RunProgram({absl::StrCat(CGO_LD_SHIM_TESTDATA, "/modules/prebuilt/setup"), directory}, environment);
    EXPECT_TRUE(Succeeded(made));
    // What it says of is left out.
    return made.output.empty() ? directory : std::string();
  }();
  return cache;
}

// The same as `pack` lays it out: one object for each library and platform.
const std::string& PackedCache() {
  static const std::string packed = [] {
    std::string layout = MakeTempDirectory() + "/lib";
    std::vector<std::string> argv = {Shim(), "pack", Cache(), "-o", layout, "--json"};
    for (const char* header : {"agent.h", "lexicon.h", "tally.h"}) {
      argv.emplace_back("--keep-header");
      argv.push_back(absl::StrCat(CGO_LD_SHIM_TESTDATA, "/modules/prebuilt/", header));
    }
    EXPECT_TRUE(Succeeded(RunProgram(argv)));
    return layout;
  }();
  return packed;
}

struct Case {
  const char* arch;
  const char* libc;  // of the program, as it stands in the archives' names
};

// What `lint` predicts for a target of zig's or Rust's spelling, by archive: "links", "aided", "cannot".
std::map<std::string, std::string> Predicted(const std::vector<std::string>& archives, const std::string& target) {
  std::vector<std::string> argv = {Shim(), "lint", "--json", "--target", target};
  argv.insert(argv.end(), archives.begin(), archives.end());
  const ProcessResult result = RunProgram(argv);
  std::map<std::string, std::string> outcomes;
  llvm::Expected<llvm::json::Value> json = llvm::json::parse(result.output);
  if (!json) {
    ADD_FAILURE() << result.output << result.error << llvm::toString(json.takeError());
    return outcomes;
  }
  for (const llvm::json::Value& archive : *json->getAsObject()->getArray("archives")) {
    const llvm::json::Array& targets = *archive.getAsObject()->getArray("targets");
    EXPECT_EQ(targets.size(), 1U);
    outcomes[archive.getAsObject()->getString("path")->str()] =
        targets.front().getAsObject()->getString("outcome")->str();
  }
  return outcomes;
}

class SlowPrebuiltTest : public testing::TestWithParam<Case> {
 protected:
  // The program with its #cgo lines for `named`, and the author's cache with the Rust archives of `present` alone. The
  // C++ archive is there for both: code for libstdc++ cannot do with libc++.
  static std::string Module(const std::string& named, const std::vector<std::string>& present) {
    std::string module = CopyModule("prebuilt");
    WriteText(module + "/main.go",
              absl::StrReplaceAll(ReadText(module + "/main.go"), {{"_linux_gnu", absl::StrCat("_linux_", named)}}));
    for (const char* own : {"rust", "cxx", "tally"}) fs::remove_all(absl::StrCat(module, "/", own));
    fs::create_directory(module + "/.cgo-cache");
    for (const std::string& name : ListFiles(Cache())) {
      bool wanted = absl::StartsWith(name, "liblexicon");
      for (const std::string& libc : present) wanted |= absl::EndsWith(name, absl::StrCat("_", libc, ".a"));
      if (wanted) fs::create_symlink(absl::StrCat(Cache(), "/", name), absl::StrCat(module, "/.cgo-cache/", name));
    }
    return module;
  }

  static Environment Settings(const std::string& log) {
    Environment environment = {absl::StrCat("GOARCH=", GetParam().arch), "CGO_ENABLED=1", "CXX=cgo-ld-shim++",
                               LogTo(log)};
    if (absl::string_view(GetParam().libc) == "musl") {
      environment.emplace_back("CGO_LD_SHIM_LIBC=musl");
    } else if (absl::string_view(GetParam().arch) == "arm64") {
      environment.emplace_back("CGO_LD_SHIM_CC=aarch64-linux-gnu-gcc");
      environment.emplace_back("CGO_LD_SHIM_CXX=aarch64-linux-gnu-g++");
    }
    return environment;
  }
};
INSTANTIATE_TEST_SUITE_P(Platforms, SlowPrebuiltTest,
                         testing::Values(Case{"amd64", "gnu"}, Case{"amd64", "musl"}, Case{"arm64", "gnu"},
                                         Case{"arm64", "musl"}),
                         [](const auto& test) { return absl::StrCat(test.param.arch, "_", test.param.libc); });

// With what the author's setup has brought, whatever his #cgo line says. Rust's library for musl gets no arguments
// where the program is not Rust's; its library for glibc does, with musl as well.
TEST_P(SlowPrebuiltTest, RunsStaticallyWithWhatIsThere) {
  if (Cache().empty()) GTEST_SKIP() << "no cargo, zig, cross gcc or Rust target: see testdata/modules/prebuilt/setup";
  const std::string own = GetParam().libc, other = own == "gnu" ? "musl" : "gnu";
  for (const std::vector<std::string>& present : {std::vector<std::string>{own, other}, {own}, {other}}) {
    for (const std::string& named : {own, other}) {
      SCOPED_TRACE(absl::StrCat("named ", named, ", of ", present.size(), ", the first ", present[0]));
      const std::string log = MakeTempDirectory() + "/log";
      const std::string module = Module(named, present);
      const GoBuild build = BuildIn(module, Settings(log));
      ASSERT_TRUE(Succeeded(build.go));
      EXPECT_EQ(build.go.error, "");
      EXPECT_TRUE(IsStatic(build.binary));
      if (named == own && present.size() == 1) {
        const std::string cpu = absl::string_view(GetParam().arch) == "arm64" ? "aarch64" : "x86_64";
        std::vector<std::string> archives;
        for (const char* library : {"agent", "lexicon", "tally"})
          archives.push_back(absl::StrCat(module, "/.cgo-cache/lib", library, "_", cpu, "_linux_", present[0], ".a"));
        for (const auto& [archive, outcome] : Predicted(archives, absl::StrCat(cpu, "-linux-", own)))
          EXPECT_THAT(outcome, AnyOf("links", "aided")) << archive;
      }
      const auto rules = ReadLog(log).back().Rules();
      if (named == present[0] && named == own) {
        EXPECT_THAT(rules, Not(Contains("use-variant")));
      } else if (named == other && present.size() == 2) {
        EXPECT_THAT(rules, Contains("use-variant"));
      }
      const std::vector<std::string> argv =
          Runner(absl::string_view(GetParam().arch) == "arm64" ? "aarch64" : "", build.binary);
      if (argv.empty()) continue;
      const ProcessResult run = RunProgram(argv);
      EXPECT_TRUE(Succeeded(run));
      EXPECT_EQ(run.output, absl::StrCat("hello, gopher TLSv1_3 hello,|gopher\narguments ", present[0] == "gnu" ? 1 : 0,
                                         "\nnull null\na=2 b=1 no words\n6 -1\n"));
    }
  }
}

// What the libraries have in common is in each of them, and no linker sees it: plain gcc takes two Rust libraries as
// well.
TEST_P(SlowPrebuiltTest, RunsAsPackedWithEveryLinker) {
  if (Cache().empty()) GTEST_SKIP() << "no cargo, zig, cross gcc or Rust target: see testdata/modules/prebuilt/setup";
  const std::string libc = GetParam().libc, arch = GetParam().arch;
  const std::string expected = absl::StrCat("hello, gopher TLSv1_3 hello,|gopher\narguments ", libc == "gnu" ? 1 : 0,
                                            "\nnull null\na=2 b=1 no words\n6 -1\n");
  const std::string module = Module(libc, {libc});
  const bool plain_gcc = arch == "amd64" && libc == "gnu";
  if (plain_gcc) {
    const GoBuild before = BuildIn(module, {"CC=gcc", "CXX=g++"});
    EXPECT_TRUE(Refused(before.go));
    EXPECT_THAT(before.go.error, HasSubstr("multiple definition of `rust_eh_personality'"));
  }
  fs::remove_all(module + "/.cgo-cache");
  fs::create_directory_symlink(PackedCache(), module + "/lib");
  std::vector<std::string> lines;
  for (absl::string_view line : absl::StrSplit(ReadText(module + "/main.go"), '\n')) {
    if (!absl::StartsWith(line, "#cgo ")) lines.emplace_back(line);
    if (line == "/*") lines.push_back(absl::StrReplaceAll(ReadText(PackedCache() + "/cgo.go.txt"), {{"// ", ""}}));
  }
  WriteText(module + "/main.go", absl::StrJoin(lines, "\n"));
  const std::string log = MakeTempDirectory() + "/log";
  const GoBuild build = BuildIn(module, Settings(log));
  ASSERT_TRUE(Succeeded(build.go));
  EXPECT_EQ(build.go.error, "");
  EXPECT_TRUE(IsStatic(build.binary));
  EXPECT_THAT(ReadLog(log).back().Rules(), Not(Contains("isolate-runtime")));
  if (libc == "musl") {
    EXPECT_THAT(ReadLog(log).back().Rules(), Contains("use-variant"));
  }
  if (const std::vector<std::string> argv = Runner(arch == "arm64" ? "aarch64" : "", build.binary); !argv.empty()) {
    EXPECT_EQ(RunProgram(argv).output, expected);
  }
  if (!plain_gcc) return;
  for (const char* flags : {"-ldflags=", "-ldflags=-extldflags=-static"}) {
    SCOPED_TRACE(flags);
    const GoBuild gcc = BuildIn(module, {"CC=gcc", "CXX=g++"}, {flags});
    ASSERT_TRUE(Succeeded(gcc.go));
    EXPECT_EQ(RunProgram({gcc.binary}).output, expected);
  }
}

TEST(SlowPrebuiltCxxTest, CodeForTheOtherCxxLibraryIsToldByName) {
  if (Cache().empty()) GTEST_SKIP() << "no cargo, zig, cross gcc or Rust target: see testdata/modules/prebuilt/setup";
  const std::string module =
      MakeModule({{"main.go",
                   "package main\n\n// #cgo LDFLAGS: -L${SRCDIR} -llexicon\n// char *lexicon_count(const char *);\n"
                   "import \"C\"\n\nfunc main() { println(C.GoString(C.lexicon_count(nil))) }\n"}});
  fs::copy_file(Cache() + "/liblexicon_x86_64_linux_gnu.a", module + "/liblexicon.a");
  EXPECT_THAT(Predicted({module + "/liblexicon.a"}, "x86_64-linux-musl"),
              ElementsAre(Pair(module + "/liblexicon.a", "cannot")));
  const GoBuild build = BuildIn(module, {"CGO_LD_SHIM_LIBC=musl"});
  ASSERT_TRUE(Refused(build.go));
  EXPECT_THAT(OurWords(build.go.error), HasSubstr("a different C++"));
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
