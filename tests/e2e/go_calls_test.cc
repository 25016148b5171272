// Every call of the C compiler that a version of Go makes, held against a table of its own in testdata/go_calls: what
// the next Go does otherwise shows at once, call by call. With UPDATE_GOLDEN=1 in the environment the tables are
// written.
//
// A table has a line for each call that differs from the others in more than names, numbers and directories:
//   final-link: -m64 -Wl,--build-id=… -o $WORK/b/exe/a.out … $LINK/go.o $LINK/N.o …
// and, last, the variables that Go sets for a call of each kind.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "invocation/kinds.h"
#include "tests/e2e/go_versions.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {
namespace {

namespace fs = std::filesystem;

// Stands before cgo-ld-shim as CC, and writes each call into one file: a line with its words and one with the names of
// its variables, each separated by the byte 31.
constexpr char kRecorder[] = R"(
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
extern char **environ;
int main(int argc, char **argv) {
  static char text[1 << 20];
  size_t at = 0;
  for (int i = 1; i < argc; i++) at += snprintf(text + at, sizeof text - at, "%s%c", argv[i], i + 1 < argc ? 31 : '\n');
  for (char **v = environ; *v; v++)
    at += snprintf(text + at, sizeof text - at, "%.*s%c", (int)strcspn(*v, "="), *v, v[1] ? 31 : '\n');
  int fd = open(getenv("RECORDED_CALLS"), O_WRONLY | O_APPEND | O_CREAT, 0600);
  if (fd < 0 || write(fd, text, at) != (ssize_t)at) return 125;
  close(fd);
  const char *name = strstr(argv[0], "++") ? "cgo-ld-shim++" : "cgo-ld-shim";
  argv[0] = (char *)name;
  execvp(name, argv);
  return 127;
}
)";

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

// "_x001.o" is "_xN.o".
std::string WithoutNumbers(absl::string_view text) {
  std::string result;
  for (const char c : text) {
    if (!IsDigit(c)) {
      result += c;
    } else if (!absl::EndsWith(result, "N")) {
      result += 'N';
    }
  }
  return result;
}

// `before`123 is `after`, wherever it stands.
void ReplaceNumbered(const std::string& before, const std::string& after, std::string* text) {
  for (size_t at = text->find(before); at != std::string::npos; at = text->find(before, at + after.size())) {
    size_t end = at + before.size();
    while (end < text->size() && IsDigit((*text)[end])) ++end;
    text->replace(at, end - at, after);
  }
}

// What differs between two calls of the same kind is taken out of a word.
class Normal {
 public:
  Normal(const std::string& module, const std::string& go_root) : module_(module), go_root_(go_root) {}

  std::string Word(const std::string& word) const {
    for (const char* seed : {"-frandom-seed=", "-Wl,--build-id="}) {
      if (absl::StartsWith(word, seed)) return absl::StrCat(seed, "…");
    }
    std::string text = absl::StrReplaceAll(word, {{module_, "$MODULE"}, {go_root_, "$GOROOT"}});
    const char* temporary = std::getenv("TMPDIR");
    const std::string tmp = temporary == nullptr ? "/tmp" : temporary;
    ReplaceNumbered(tmp + "/go-build", "$WORK", &text);
    ReplaceNumbered(tmp + "/go-link-", "$LINK", &text);
    ReplaceNumbered(tmp + "/cgo-", "$CGO-", &text);
    ReplaceNumbered("$WORK/b", "$WORK/b", &text);
    if (absl::StartsWith(text, "-I") && absl::StrContains(text, "$GOROOT/src/")) return "-I$GOROOT/src/…";
    if (absl::StartsWith(text, "$GOROOT/src/")) return "$GOROOT/src/…";
    const std::string name = text.substr(text.rfind('/') + 1);
    const size_t dot = name.rfind('.');
    if (dot == std::string::npos || absl::StartsWith(text, "-ffile-prefix-map")) return text;
    const absl::string_view suffix = absl::string_view(name).substr(dot);
    if (suffix == ".o" || absl::StrContains(text, "$")) {
      std::string plain = WithoutNumbers(text);
      // Go names the object of x.c by the source's name where it has no number for it.
      if (absl::EndsWith(plain, ".cgoN.o")) plain = absl::StrCat(plain.substr(0, plain.rfind('/') + 1), "X.cgoN.o");
      return plain;
    }
    for (const char* source : {".c", ".cc", ".cpp", ".cxx", ".S", ".s", ".m"}) {
      if (suffix != source || absl::StartsWith(name, "-") || absl::StartsWith(name, "_cgo_")) continue;
      return absl::StrCat(absl::EndsWith(name, ".cgo2.c") ? "X.cgo2" : "X", suffix);
    }
    return text;
  }

 private:
  const std::string module_, go_root_;
};

// One call as the table has it.
std::string Line(const std::vector<std::string>& words, const Normal& normal) {
  std::vector<std::string> plain;
  for (const std::string& word : words) {
    std::string text = normal.Word(word);
    if (plain.empty() || plain.back() != text) plain.push_back(std::move(text));
  }
  return absl::StrJoin(plain, " ");
}

struct Build {
  const char* module;
  std::vector<std::string> args;
};

// The table of the go that this environment chooses.
std::string Record(const Environment& environment) {
  const std::string directory = MakeTempDirectory();
  Compile(directory + "/recorder", kRecorder, {"-O2"});
  fs::create_symlink("recorder", directory + "/recorder++");
  // Nothing of this environment but what the tools need, so that what is set is Go's doing.
  std::map<std::string, std::string> given;
  for (const char* name : {"PATH", "HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_STATE_HOME"}) {
    if (const char* value = std::getenv(name); value != nullptr) given[name] = value;
  }
  Environment settings = {absl::StrCat("CC=", directory, "/recorder"), absl::StrCat("CXX=", directory, "/recorder++"),
                          absl::StrCat("RECORDED_CALLS=", directory, "/calls"),
                          // Nothing is there already, so that Go asks and compiles all.
                          absl::StrCat("GOCACHE=", directory, "/cache"), "GOFLAGS=-buildvcs=false",
                          absl::StrCat("GOMODCACHE=", GoEnv("GOMODCACHE", environment))};
  settings.insert(settings.end(), environment.begin(), environment.end());
  for (const std::string& setting : settings) {
    const size_t equals = setting.find('=');
    given[setting.substr(0, equals)] = setting.substr(equals + 1);
  }
  std::set<std::string> lines;
  std::map<std::string, std::set<std::string>> variables;
  const std::string go_root = GoEnv("GOROOT", environment);
  const Build builds[] = {
      {"hello", {"build", "-o", "program"}},
      {"hello", {"build", "-buildmode=pie", "-o", "program"}},
      {"osuser", {"build", "-o", "program"}},
      {"osuser", {"build", "-ldflags=-s -w", "-o", "program"}},
      {"cxx", {"build", "-o", "program"}},
      {"cxx", {"build", "-ldflags=-extldflags=-Wl,-O1", "-o", "program"}},
      {"hello", {"build", "-race", "-o", "program"}},
      {"hello", {"test", "-c", "-o", "program", "."}},
      {"hello", {"vet", "."}},
      {"library", {"build", "-buildmode=c-shared", "-o", "library.so"}},
      {"library", {"build", "-buildmode=c-archive", "-o", "library.a"}},
      {"plugin", {"build", "-buildmode=plugin", "-o", "greeter.so", "./greeter"}},
      {"plugin", {"build", "-o", "host", "./host"}},
  };
  for (const Build& build : builds) {
    const std::string module = CopyModule(build.module);
    fs::remove(directory + "/calls");
    std::vector<std::string> argv = {"env", "-i"};
    for (const auto& [name, value] : given) argv.push_back(absl::StrCat(name, "=", value));
    argv.emplace_back("go");
    argv.insert(argv.end(), build.args.begin(), build.args.end());
    EXPECT_TRUE(Succeeded(RunProgram(argv, {}, module))) << absl::StrJoin(argv, " ");
    const Normal normal(module, go_root);
    const std::vector<std::string> text = absl::StrSplit(ReadText(directory + "/calls"), '\n');
    for (size_t i = 0; i + 1 < text.size(); i += 2) {
      const std::vector<std::string> words = absl::StrSplit(text[i], '\x1f');
      std::vector<const char*> argv_of_call = {"cc"};
      for (const std::string& word : words) argv_of_call.push_back(word.c_str());
      const std::string kind = invocation::CallKindName(
          invocation::QuickClassify(static_cast<int>(argv_of_call.size()), argv_of_call.data()));
      lines.insert(absl::StrCat(kind, ": ", Line(words, normal)));
      for (absl::string_view name : absl::StrSplit(text[i + 1], '\x1f')) variables[kind].insert(std::string(name));
    }
  }
  std::string table = absl::StrJoin(lines, "\n");
  absl::StrAppend(&table, "\n\n");
  for (auto& [kind, names] : variables) {
    std::erase_if(names, [&](const std::string& name) {
      const bool of_go = absl::StartsWith(name, "GO") || name == "CC" || name == "CXX";
      // What one go tells another that it starts in its place.
      if (absl::StartsWith(name, "GOTOOLCHAIN_INTERNAL_")) return true;
      return given.contains(name) && !of_go;
    });
    absl::StrAppend(&table, "variables of ", kind, ": ", absl::StrJoin(names, " "), "\n");
  }
  return table;
}

// "go1.26" of "go1.26.8"; a release candidate is its release.
std::string Minor(const std::string& version) {
  const size_t first = version.find('.');
  size_t end = first + 1;
  while (end < version.size() && IsDigit(version[end])) ++end;
  return version.substr(0, end);
}

// The lines that one of two tables has alone, as a diff shows them.
std::string Differences(const std::string& expected, const std::string& actual) {
  const std::vector<std::string> before = absl::StrSplit(expected, '\n'), after = absl::StrSplit(actual, '\n');
  std::string text;
  for (const std::string& line : before) {
    if (std::find(after.begin(), after.end(), line) == after.end()) absl::StrAppend(&text, "- ", line, "\n");
  }
  for (const std::string& line : after) {
    if (std::find(before.begin(), before.end(), line) == before.end()) absl::StrAppend(&text, "+ ", line, "\n");
  }
  return text;
}

// 26 of "go1.26.8" and "go1.26".
int MinorNumber(const std::string& version) {
  int number = 0;
  EXPECT_TRUE(absl::SimpleAtoi(Minor(version).substr(sizeof "go1." - 1), &number)) << version;
  return number;
}

// The table that a version is held against: its own; for one that is newer than all of them the newest. Empty: none.
std::string TableFor(const std::string& version) {
  const std::string directory = absl::StrCat(CGO_LD_SHIM_TESTDATA, "/go_calls");
  std::string newest;
  for (const std::string& name : ListFiles(directory)) {
    if (name == Minor(version)) return absl::StrCat(directory, "/", name);
    if (newest.empty() || MinorNumber(name) > MinorNumber(newest)) newest = name;
  }
  return newest.empty() || MinorNumber(version) < MinorNumber(newest) ? "" : absl::StrCat(directory, "/", newest);
}

void ExpectAsInTable(const Environment& environment) {
  const std::string version = GoEnv("GOVERSION", environment);
  ASSERT_TRUE(absl::StartsWith(version, "go1.")) << version;
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    WriteText(absl::StrCat(CGO_LD_SHIM_TESTDATA, "/go_calls/", Minor(version)), Record(environment));
    return;
  }
  const std::string known = TableFor(version);
  if (known.empty()) GTEST_SKIP() << "no table of " << version << "; UPDATE_GOLDEN=1 writes it";
  EXPECT_EQ(Differences(ReadText(known), Record(environment)), "")
      << version << " calls the compiler otherwise than " << known
      << " says. Where that is right, UPDATE_GOLDEN=1 writes the table.";
}

TEST(GoCallsTest, AreThoseOfTheTable) { ExpectAsInTable({}); }

class SlowGoCallsTest : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Versions, SlowGoCallsTest, testing::ValuesIn(kGoVersions), GoVersionName);

TEST_P(SlowGoCallsTest, AreThoseOfTheTable) {
  const std::optional<Environment> go = EnvironmentOfGo(GetParam());
  if (!go) GTEST_SKIP() << GetParam() << " is not to be had";
  ExpectAsInTable(*go);
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
