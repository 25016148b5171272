#include "tests/golden/link_case.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "tests/golden/files.h"
#include "tests/golden/sandbox.h"
#include "tests/golden/texts.h"
#include "tests/golden/yaml_value.h"

namespace cgo_ld_shim::golden {
namespace {

constexpr absl::string_view kPrompt = "$ cgo-ld-shim";
constexpr absl::string_view kLink = "link: ";
// Go's temporary directory for the link, and the program.
constexpr char kGoDirectory[] = "go-link-1";

std::vector<std::string> Lines(absl::string_view text) { return absl::StrSplit(text, '\n', absl::SkipEmpty()); }

// A link without a record has not come far enough to write anywhere else.
std::string OutputOf(const LinkCase& link, const std::string& record) {
  if (!record.empty()) return ParseYaml(record, "record").Text("output");
  const auto option = std::find(link.words.begin(), link.words.end(), "-o");
  return option + 1 < link.words.end() ? *(option + 1) : "a.out";
}

// The names of a driver's files: scripts, which go into PATH, beside objects.yaml.
std::vector<std::string> ScriptsOf(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator it(directory, error), end; it != end && !error; it.increment(error)) {
    const std::string name = llvm::sys::path::filename(it->path()).str();
    if (name != "objects.yaml") names.push_back(name);
  }
  return names;
}

void Furnish(const LinkCase& link, const std::string& drivers, const Sandbox& sandbox) {
  const std::string driver = absl::StrCat(drivers, "/", link.driver);
  std::map<std::string, File> files;
  for (const std::string& name : ScriptsOf(driver))
    files["bin/" + name] = {.bytes = ReadText(absl::StrCat(driver, "/", name)), .link = "", .executable = true};
  for (const std::string& list : {driver + "/objects.yaml", link.directory + "/objects.yaml"})
    AddFiles(ParseYaml(ReadText(list), list), &files);
  files["driver.sh"] = {.bytes = ReadText(drivers + "/driver.sh")};
  for (const char* mode : {"static", "static-pie", "dynamic"})
    files[absl::StrCat("programs/", mode)] = {.bytes = MakeProgram(mode)};
  for (size_t i = 0; i < link.links.size(); ++i)
    files[absl::StrCat("links/", i + 1)] = {.bytes = absl::StrCat(link.links[i], "\n")};
  for (const char* tool : {"cat", "cp"}) {
    const llvm::ErrorOr<std::string> found = llvm::sys::findProgramByName(tool);
    EXPECT_TRUE(static_cast<bool>(found)) << "the scripts need " << tool;
    if (found) files[absl::StrCat("tools/", tool)] = {.bytes = "", .link = *found};
  }
  for (const auto& [name, file] : files) sandbox.Write(name, file);
}

// One call of a scripted driver: its name, and its words.
std::vector<std::vector<std::string>> Calls(const std::string& asked) {
  std::vector<std::vector<std::string>> calls;
  for (absl::string_view call : absl::StrSplit(asked, "\n\n", absl::SkipEmpty()))
    calls.push_back(absl::StrSplit(call, '\n', absl::SkipEmpty()));
  return calls;
}

bool IsQuestion(const std::vector<std::string>& call) {
  return call.size() == 2 || std::any_of(call.begin(), call.end(), [](const std::string& word) {
           return word == "-###" || word == "-c" || word == "--version" || absl::StartsWith(word, "-dump");
         });
}

// Whether debug information stays is a question of which tools the host has (darwin::FindAfterLink).
std::vector<std::string> WithoutHostTools(std::vector<std::string> words) {
  const auto at = std::find(words.begin(), words.end(), "-Wl,--no-gc-sections");
  if (at != words.end() && at + 1 != words.end() && at[1] == "-Wl,-S") words.erase(at + 1);
  return words;
}

std::string LineText(const std::string& record, const std::string& asked) {
  std::string text;
  const auto add = [&](absl::string_view title, const std::vector<std::string>& words) {
    if (!words.empty()) absl::StrAppend(&text, title, "\n", LayOutWords(words));
  };
  std::vector<std::string> driver = WithoutHostTools(RecordTexts(record, "driver_argv"));
  add("the driver's line", driver);
  add("the embedded linker's line", RecordTexts(record, "linker_argv"));
  absl::StrAppend(&text, "what was started\n");
  // A script gives its name, not its path.
  if (!driver.empty()) driver[0] = driver[0].substr(driver[0].rfind('/') + 1);
  for (std::vector<std::string> call : Calls(asked)) {
    call = WithoutHostTools(std::move(call));
    if (call == driver) {
      absl::StrAppend(&text, "  the driver's line\n");
    } else if (IsQuestion(call)) {
      absl::StrAppend(&text, "  ", absl::StrJoin(call, " "), "\n");
    } else {
      absl::StrAppend(&text, "  another line\n",
                      absl::StrReplaceAll(absl::StrCat("\n", LayOutWords(call)), {{"\n  ", "\n    "}}).substr(1));
    }
  }
  return text;
}

// CGO_LD_SHIM_LOG=stderr: the record is in `log` already.
std::string WithoutRecord(const std::string& screen) {
  std::vector<std::string> lines = absl::StrSplit(screen, '\n');
  for (std::string& line : lines) {
    if (absl::StartsWith(line, "{\"schema\":")) line = "{the record}";
  }
  return absl::StrJoin(lines, "\n");
}

}  // namespace

LinkCase ReadCase(const std::string& directory) {
  LinkCase link{.directory = directory};
  for (const std::string& line : Lines(ReadText(directory + "/driver"))) {
    absl::string_view does = line;
    if (absl::ConsumePrefix(&does, kLink)) {
      link.links.emplace_back(does);
    } else {
      link.driver = line;
    }
  }
  bool in_words = false;
  for (const std::string& line : Lines(ReadText(directory + "/call"))) {
    absl::string_view rest = line;
    if (absl::StartsWith(rest, "#")) continue;
    in_words |= absl::ConsumePrefix(&rest, kPrompt);
    if (in_words) {
      for (absl::string_view word : absl::StrSplit(rest, ' ', absl::SkipEmpty())) link.words.emplace_back(word);
    } else {
      link.environment.emplace_back(rest);
    }
  }
  if (link.driver.empty() || link.words.empty()) {
    std::fprintf(stderr, "%s: it needs the files driver and call\n", directory.c_str());
    std::abort();
  }
  if (link.links.empty()) link.links.emplace_back("static");
  return link;
}

Transcript RunCase(const LinkCase& link, const std::string& drivers, const std::string& shim) {
  const Sandbox sandbox;
  Furnish(link, drivers, sandbox);
  const auto show = [&](std::vector<std::string> texts) {
    for (std::string& text : texts) text = sandbox.Show(std::move(text));
    return texts;
  };
  std::vector<std::string> environment = {"HOME=/tmp/golden/home", "PATH=/tmp/golden/bin", "TMPDIR=/tmp/golden/tmp",
                                          "GOLDEN_TMP=/tmp/golden", "GOOS=linux", "GOARCH=amd64", "LC_ALL=C",
                                          // Otherwise directories of the host's count.
                                          "PKG_CONFIG_LIBDIR=/tmp/golden/usr/lib/pkgconfig"};
  for (const std::string& variable : link.environment) {
    const std::string name = variable.substr(0, variable.find('=') + 1);
    std::erase_if(environment, [&](const std::string& other) { return absl::StartsWith(other, name); });
    environment.push_back(variable);
  }
  environment = show(environment);

  std::vector<std::string> argv = {shim};
  for (const std::string& word : show(link.words)) argv.push_back(word);
  const std::vector<std::string> before = sandbox.List(kGoDirectory);
  const Run run = sandbox.Execute(argv, environment);

  Transcript transcript;
  const auto steady = [&](const std::string& text) { return SteadyText(sandbox.Hide(text)); };
  const std::string records = "home/.local/state/cgo-ld-shim/links";
  std::string record;
  for (const std::string& name : sandbox.List(records)) record += sandbox.Read(absl::StrCat(records, "/", name));
  transcript.line = steady(LineText(record, sandbox.Read("asked")));
  transcript.record = sandbox.Hide(record);
  transcript.log = record.empty() ? "no record\n" : steady(LayOutRecord(record));

  transcript.screen = steady(WithoutRecord(run.screen));
  const std::string output = sandbox.Hide(OutputOf(link, record));
  const std::string program = sandbox.Read(std::string(absl::StripPrefix(output, absl::StrCat(kSandbox, "/"))));
  absl::StrAppend(&transcript.screen, run.signal != 0 ? absl::StrCat("signal ", run.signal) : "",
                  run.signal == 0 ? absl::StrCat("exit status ", run.exit_status) : "",
                  program.empty() ? ", no program\n" : ", a program\n");
  for (const char* directory : {kGoDirectory, "tmp"}) {
    for (const std::string& name : sandbox.List(directory)) {
      const bool was_there = directory == kGoDirectory && std::find(before.begin(), before.end(), name) != before.end();
      if (!was_there) absl::StrAppend(&transcript.screen, steady(absl::StrCat("left behind: ", directory, "/", name)));
    }
  }

  const std::string shown = sandbox.Show(output);
  for (const std::vector<std::string>& options : {std::vector<std::string>{}, std::vector<std::string>{"--flags"}}) {
    std::vector<std::string> explain = {shim, "explain"};
    explain.insert(explain.end(), options.begin(), options.end());
    explain.push_back(shown);
    absl::StrAppend(&transcript.explain, "$ cgo-ld-shim explain ", absl::StrJoin(options, " "),
                    options.empty() ? "" : " ", output, "\n", steady(sandbox.Execute(explain, environment).screen));
  }
  return transcript;
}

}  // namespace cgo_ld_shim::golden
