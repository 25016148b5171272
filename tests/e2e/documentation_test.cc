// The documents as tests: every fenced block of README.md and docs/ is run, written to the file that it is, or marked
// in the source with the reason why it cannot be, and then at least read as what it says it is.
//
// An HTML comment before a fence says how; the reader of the page does not see it:
//   <!-- in cxx -->                a fresh copy of that module of testdata, or of one that is made here; all that
//   follows
//                                  runs in it
//   <!-- needs libleveldb.a -->    without that library or program the block is passed over (comments may follow
//   another)
//   <!-- file Makefile -->         the block is that file
//   <!-- not run: the reason -->
// The fence's language says what the block is: `sh` is a script that has to succeed; in `console` each line after "$ "
// is typed, and what is printed has to be as it is shown, where "…" stands for anything, a number for any number,
// "7–10" for a number in that range, and the width of gaps does not count; `text` is no command.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLParser.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {
namespace {

struct Block {
  std::string place;  // "README.md:12"
  std::string language, text;
  std::vector<std::string> needs;
  std::string in, file, reason;
};

std::vector<Block> Blocks(const std::string& document) {
  std::vector<Block> blocks;
  Block next;
  bool inside = false;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(ReadText(absl::StrCat(CGO_LD_SHIM_SOURCE, "/", document)), '\n')) {
    ++number;
    if (absl::StartsWith(line, "```")) {
      inside = !inside;
      if (inside) {
        next.place = absl::StrCat(document, ":", number);
        next.language = std::string(line.substr(3));
      } else {
        blocks.push_back(std::move(next));
        next = Block();
      }
      continue;
    }
    if (inside) {
      absl::StrAppend(&next.text, line, "\n");
      continue;
    }
    absl::string_view note = line;
    if (absl::ConsumePrefix(&note, "<!-- ") && absl::ConsumeSuffix(&note, " -->")) {
      if (absl::ConsumePrefix(&note, "in ")) {
        next.in = std::string(note);
      } else if (absl::ConsumePrefix(&note, "needs ")) {
        next.needs.emplace_back(note);
      } else if (absl::ConsumePrefix(&note, "file ")) {
        next.file = std::string(note);
      } else if (absl::ConsumePrefix(&note, "not run: ")) {
        next.reason = std::string(note);
      } else {
        ADD_FAILURE() << document << ":" << number << ": not understood: " << line;
      }
    } else if (!line.empty()) {
      // A note is for the fence right below it.
      EXPECT_TRUE(next.in.empty() && next.needs.empty() && next.file.empty() && next.reason.empty())
          << document << ":" << number << ": a note without a fence";
      next = Block();
    }
  }
  EXPECT_FALSE(inside) << document << ": a fence is not closed";
  return blocks;
}

// Modules that testdata lacks, by what their one file is.
constexpr char kLevigo[] = R"(package main

import "github.com/jmhodges/levigo"

func main() {
	println("leveldb", levigo.GetLevelDBMajorVersion() > 0)
}
)";
constexpr char kUsb[] = R"(package main

// #cgo LDFLAGS: -lusb-1.0
// #include <libusb-1.0/libusb.h>
import "C"

func main() { println(C.libusb_init(nil)) }
)";

std::string Fixture(const std::string& name) {
  if (name == "an empty directory") return MakeTempDirectory();
  if (name == "kv")
    return MakeModule({{"go.mod", "module example.com/kv\n\ngo 1.19\n\nrequire github.com/jmhodges/levigo v1.0.0\n"},
                       {"main.go", kLevigo}});
  if (name == "usb") return MakeModule({{"go.mod", "module usb\n\ngo 1.19\n"}, {"main.go", kUsb}});
  return CopyModule(name);
}

bool Has(const std::string& need) {
  if (need == "zig") {
    return HasZig();
  }
  if (!absl::EndsWith(need, ".a")) return !FindProgram(need).empty();
  // gcc prints the bare name where it finds nothing.
  return absl::StrContains(RunProgram({"gcc", absl::StrCat("-print-file-name=", need)}).output, "/");
}

// A line as it is shown: what may be printed, and between which numbers each of the expression's groups has to be.
struct Shown {
  std::regex pattern;
  std::vector<std::pair<double, double>> ranges;

  bool Fits(const std::string& printed) const {
    std::smatch match;
    if (!std::regex_match(printed, match, pattern)) return false;
    for (size_t i = 0; i < ranges.size(); ++i) {
      const double number = std::stod(match[i + 1].str());
      if (number < ranges[i].first || number > ranges[i].second) return false;
    }
    return true;
  }
};

Shown Pattern(absl::string_view shown) {
  static const std::regex kSpecial(R"([.^$|()\[\]{}*+?\\])"), kGap(" +");
  static const std::regex kNumber(R"(([0-9]+)–([0-9]+)|[0-9]+(\\\.[0-9]+)*)");
  const std::string escaped = std::regex_replace(std::string(absl::StripAsciiWhitespace(shown)), kSpecial, R"(\$&)");
  std::string pattern;
  std::vector<std::pair<double, double>> ranges;
  size_t at = 0;
  for (std::sregex_iterator number(escaped.begin(), escaped.end(), kNumber), end; number != end; ++number) {
    absl::StrAppend(&pattern, escaped.substr(at, static_cast<size_t>(number->position()) - at));
    if ((*number)[1].matched) {
      pattern += R"(([0-9]+(?:\.[0-9]+)?))";
      ranges.emplace_back(std::stod((*number)[1].str()), std::stod((*number)[2].str()));
    } else {
      // Where something is counted, nothing is not the same.
      pattern += number->str()[0] == '0' ? "[0-9.]+" : "[1-9][0-9.]*";
    }
    at = static_cast<size_t>(number->position() + number->length());
  }
  pattern += escaped.substr(at);
  pattern = std::regex_replace(pattern, kGap, " +");
  pattern = std::regex_replace(pattern, std::regex("…"), ".*");
  return {std::regex(absl::StrCat("[ \t]*", pattern, "[ \t]*")), std::move(ranges)};
}

// Whether `printed` is what is shown; a line of "…" alone stands for any lines.
testing::AssertionResult Agrees(const std::vector<std::string>& shown, const std::vector<std::string>& printed) {
  size_t at = 0;
  bool any = false;
  for (const std::string& line : shown) {
    if (absl::StripAsciiWhitespace(line) == "…") {
      any = true;
      continue;
    }
    const Shown pattern = Pattern(line);
    const size_t from = at;
    while (any && at < printed.size() && !pattern.Fits(printed[at])) ++at;
    if (at == printed.size() || !pattern.Fits(printed[at])) {
      return testing::AssertionFailure() << "shown is:    " << line
                                         << "\nprinted is:  " << (from < printed.size() ? printed[from] : "(nothing)")
                                         << "\nof\n"
                                         << absl::StrJoin(printed, "\n");
    }
    ++at;
    any = false;
  }
  if (at < printed.size() && !any)
    return testing::AssertionFailure() << "more is printed than is shown: " << printed[at];
  return testing::AssertionSuccess();
}

TEST(DocumentationTest, ANumberIsAnyNumberAndARangeItsOwn) {
  EXPECT_TRUE(Agrees({"8.2 MB, 7–10 MB  by x"}, {"123 MB, 9.9 MB by x"}));
  for (const char* printed : {"1 MB, 6.9 MB by x", "1 MB, 10.1 MB by x", "0 MB, 8 MB by x", "1 MB, 8 MB by y"})
    EXPECT_FALSE(Agrees({"8.2 MB, 7–10 MB  by x"}, {printed})) << printed;
}

class Document {
 public:
  explicit Document(Environment environment) : environment_(std::move(environment)) {}

  // What ran and what it printed.
  const std::string& transcript() const { return transcript_; }

  void Run(const Block& block) {
    SCOPED_TRACE(block.place);
    if (!block.in.empty()) directory_ = Fixture(block.in);
    if (!block.reason.empty() || block.language == "text") {
      EXPECT_TRUE(block.language == "text" || block.reason.size() > 10) << "why is it not run?";
      Read(block);
      return;
    }
    for (const std::string& need : block.needs) {
      if (!Has(need)) {
        std::printf("%s: not run: %s is not here\n", block.place.c_str(), need.c_str());
        return;
      }
    }
    ASSERT_NE(directory_, "") << "where does it run? <!-- in MODULE -->";
    if (!block.file.empty()) {
      WriteText(absl::StrCat(directory_, "/", block.file), block.text);
      Read(block);
    } else if (block.language == "sh") {
      const ProcessResult result = Shell(absl::StrCat("set -eu\n", block.text));
      absl::StrAppend(&transcript_, block.text, result.output, result.error);
      EXPECT_TRUE(Succeeded(result)) << block.text;
    } else if (block.language == "console") {
      Type(block);
    } else {
      ADD_FAILURE() << "a block of '" << block.language << "' is neither run nor a file nor explained";
    }
  }

 private:
  ProcessResult Shell(const std::string& script) {
    const std::string place = MakeTempDirectory();
    WriteText(place + "/script", absl::StrCat("trap 'pwd > ", place, "/pwd' EXIT\n", script));
    ProcessResult result = RunProgram({"sh", place + "/script"}, environment_, directory_);
    directory_ = std::string(absl::StripAsciiWhitespace(ReadText(place + "/pwd")));
    return result;
  }

  // Each command by itself: what it printed, stderr too, is compared with what is shown below it.
  void Type(const Block& block) {
    std::string command;
    std::vector<std::string> shown;
    const auto flush = [&] {
      if (command.empty()) return;
      const ProcessResult result = Shell(absl::StrCat("exec 2>&1\n", command));
      absl::StrAppend(&transcript_, "$ ", command, result.output);
      std::vector<std::string> printed = absl::StrSplit(result.output, '\n');
      while (!printed.empty() && printed.back().empty()) printed.pop_back();
      while (!shown.empty() && shown.back().empty()) shown.pop_back();
      EXPECT_TRUE(Agrees(shown, printed)) << "$ " << command;
      command.clear();
      shown.clear();
    };
    for (absl::string_view line : absl::StrSplit(block.text, '\n')) {
      if (absl::ConsumePrefix(&line, "$ ")) {
        flush();
        command = absl::StrCat(line, "\n");
      } else {
        EXPECT_NE(command, "") << "nothing is typed";
        shown.emplace_back(line);
      }
    }
    flush();
  }

  // What is not run is at least what it says it is.
  static void Read(const Block& block) {
    if (block.language == "yaml") {
      llvm::SourceMgr sources;
      // The Go template of GoReleaser and ${{ }} of GitHub stand in quotes or in plain scalars: both are YAML.
      llvm::yaml::Stream stream(block.text, sources, /*ShowColors=*/false);
      EXPECT_TRUE(stream.validate());
    } else if (block.language == "dockerfile") {
      static const std::regex kInstruction("(#.*|FROM|COPY|RUN|ENV|WORKDIR|ENTRYPOINT|ARG|CMD)( .*)?|");
      bool goes_on = false;
      for (absl::string_view line : absl::StrSplit(block.text, '\n')) {
        EXPECT_TRUE(goes_on || std::regex_match(std::string(line), kInstruction)) << line;
        goes_on = absl::EndsWith(line, "\\");
      }
    } else if (block.language == "sh") {
      const std::string script = MakeTempDirectory() + "/script";
      WriteText(script, block.text);
      EXPECT_TRUE(Succeeded(RunProgram({"sh", "-n", script}))) << block.text;
    }
  }

  Environment environment_;
  std::string directory_, transcript_;
};

void RunDocument(const std::string& name, const Environment& environment) {
  Document document(environment);
  const std::vector<Block> blocks = Blocks(name);
  ASSERT_FALSE(blocks.empty());
  for (const Block& block : blocks) document.Run(block);
}

const Environment& Plain() {
  static const auto* environment =
      new Environment{"COLUMNS=100", "NO_COLOR=1", "GOFLAGS=-mod=mod -buildvcs=false", "LC_ALL=C.UTF-8"};
  return *environment;
}

TEST(DocumentationTest, TheReadmesCommandsRun) { RunDocument("README.md", Plain()); }

TEST(DocumentationTest, TheRecipesRun) { RunDocument("docs/recipes.md", Plain()); }

TEST(DocumentationTest, WhatYouShipRuns) { RunDocument("docs/shipping.md", Plain()); }

TEST(DocumentationTest, OtherDocumentsHaveNothingToRun) {
  const std::set<std::string> run = {"docs/first-steps.md", "docs/recipes.md", "docs/shipping.md"};
  std::vector<std::string> names = {"lib/README.md", "CONTRIBUTING.md", "SECURITY.md"};
  for (const auto& file : std::filesystem::directory_iterator(absl::StrCat(CGO_LD_SHIM_SOURCE, "/docs"))) {
    const std::string name = absl::StrCat("docs/", file.path().filename().string());
    if (!run.contains(name)) names.push_back(name);
  }
  for (const std::string& name : names) {
    for (const Block& block : Blocks(name))
      EXPECT_TRUE(block.language != "sh" && block.language != "console") << block.place << ": add it to this test";
  }
}

// docs/first-steps.md as somebody does it who has just come: a home directory with nothing in it, no variable of
// anybody's, the program installed there and nowhere else.
TEST(DocumentationTest, ANewUsersFirstSteps) {
  SKIP_WITHOUT_ZIG();
  if (GoMinorVersion() < 20) GTEST_SKIP() << "the transcript is of a Go that compiles again for another C library";
  const std::string home = MakeTempDirectory();
  const std::string build = CGO_LD_SHIM_BUILD;
  const ProcessResult install = RunProgram({"cmake", "--install", build, "--prefix", home + "/.local"});
  ASSERT_TRUE(Succeeded(install));
  // The list as ./dev install names it; CMake's own file belongs to whoever installed last.
  std::vector<std::string> installed;
  for (absl::string_view line : absl::StrSplit(install.output, '\n')) {
    if (absl::ConsumePrefix(&line, "-- Installing: ") && !std::filesystem::is_directory(std::string(line)))
      installed.emplace_back(line);
  }
  ASSERT_FALSE(installed.empty());
  WriteFiles(home, {{"cgo-ld-shim/build/install_manifest.txt", absl::StrCat(absl::StrJoin(installed, "\n"), "\n")}});
  const auto directory_of = [](const std::string& program) {
    const std::string path = FindProgram(program);
    return path.substr(0, path.rfind('/'));
  };
  std::string path = absl::StrCat(home, "/.local/bin:", directory_of("go"), ":/usr/bin:/bin");
  const char* cache = std::getenv("GOMODCACHE");
  const std::string modules =
      cache != nullptr ? cache
                       : std::string(absl::StripAsciiWhitespace(RunProgram({"go", "env", "GOMODCACHE"}).output));
  const std::string ziglang =
      RunProgram({"python3", "-c", "import os, ziglang; print(os.path.dirname(ziglang.__file__))"}).output;
  const std::string zig =
      !FindProgram("zig").empty() ? directory_of("zig") : std::string(absl::StripAsciiWhitespace(ziglang));
  absl::StrAppend(&path, ":", zig);
  const std::string e2e = CGO_LD_SHIM_E2E_CACHE;
  Environment environment = {absl::StrCat("HOME=", home), absl::StrCat("PATH=", path), "LC_ALL=C.UTF-8", "COLUMNS=100"};
  // What others have compiled and downloaded already; a new user waits for it once.
  environment.insert(environment.end(),
                     {absl::StrCat("GOCACHE=", e2e, "/go-build"), absl::StrCat("GOMODCACHE=", modules),
                      absl::StrCat("GOPROXY=file://", modules, "/cache/download,https://proxy.golang.org"),
                      "GOSUMDB=off", absl::StrCat("ZIG_GLOBAL_CACHE_DIR=", e2e, "/zig"), "GOTOOLCHAIN=local"});
  for (const char* name : {"GOFLAGS", "GOWORK", "GOENV", "XDG_STATE_HOME", "XDG_CACHE_HOME"})
    environment.emplace_back(name);
  Document document(environment);
  for (const Block& block : Blocks("docs/first-steps.md")) document.Run(block);
  WriteText(absl::StrCat(e2e, "/first-steps.txt"), document.transcript());
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
