#include "tests/differential/corpus.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/xxhash.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::differential {
namespace {

namespace fs = std::filesystem;
using e2e::Environment;
using e2e::ProcessResult;

// "a", or the texts of ["a", "b"].
std::vector<std::string> TextsOf(absl::string_view value) {
  std::vector<std::string> texts;
  const std::vector<absl::string_view> parts = absl::StrSplit(value, '"');
  for (size_t i = 1; i < parts.size(); i += 2) texts.emplace_back(parts[i]);
  return texts;
}

// Key, with its table and a dot before it, to texts.
std::map<std::string, std::vector<std::string>> ReadToml(const std::string& path) {
  std::map<std::string, std::vector<std::string>> values;
  std::string table;
  for (absl::string_view line : absl::StrSplit(e2e::ReadText(path), '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || line[0] == '#') continue;
    if (line[0] == '[') {
      table = absl::StrCat(line.substr(1, line.find(']') - 1), ".");
      continue;
    }
    const size_t equals = line.find('=');
    if (equals == absl::string_view::npos) continue;
    values[absl::StrCat(table, absl::StripAsciiWhitespace(line.substr(0, equals)))] = TextsOf(line.substr(equals + 1));
  }
  return values;
}

// What the builds print, and the program.
ProcessResult Build(const Case& program, const CaseCopy& copy, const Environment& compilers,
                    const std::string& output) {
  Environment environment = compilers;
  for (const std::string& word : program.environment) environment.push_back(copy.Expand(word));
  ProcessResult result;
  for (const std::vector<std::string>& build : program.builds) {
    std::vector<std::string> words = build;
    if (&build == &program.builds.back()) {
      words.insert(words.begin() + 1, {"-o", output});
      if (!absl::StartsWith(build.back(), "./")) words.emplace_back(".");
    }
    result = e2e::Go(copy.directory(), words, environment);
    if (result.exit_status != 0) break;
  }
  return result;
}

// Of a run in an empty directory, with nothing in its environment, as in a container. Not stderr, where logs are, with
// times and thread numbers in them.
std::string Shown(const Case& program, const CaseCopy& copy, const std::string& binary) {
  std::vector<std::string> argv = {"env", "-i", binary};
  for (const std::string& argument : program.arguments) argv.push_back(copy.Expand(argument));
  const ProcessResult run = e2e::RunProgram(argv, {}, e2e::MakeTempDirectory());
  return absl::StrCat(run.output, "[status ", run.exit_status, "]");
}

}  // namespace

CaseCopy::CaseCopy(const Case& program, const std::string& libc) : directory_(e2e::MakeTempDirectory()) {
  std::error_code error;
  fs::copy(program.directory, directory_, fs::copy_options::recursive | fs::copy_options::copy_symlinks, error);
  if (error) problem_ = error.message();
  if (!fs::exists(directory_ + "/build.sh")) return;
  made_ = Made(program, libc);
  if (made_.empty()) return;
  fs::copy(made_, directory_, fs::copy_options::recursive | fs::copy_options::overwrite_existing, error);
  if (error) problem_ = error.message();
}

CaseCopy::~CaseCopy() {
  std::error_code error;
  if (std::getenv("E2E_KEEP") == nullptr) fs::remove_all(directory_, error);
}

std::string CaseCopy::Expand(const std::string& text) const {
  return absl::StrReplaceAll(text, {{"{dir}", directory_}, {"{build}", made_}});
}

std::string CaseCopy::Made(const Case& program, const std::string& libc) {
  std::string all = libc;
  std::vector<std::string> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(program.directory)) {
    if (entry.is_regular_file()) files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  for (const std::string& file : files) absl::StrAppend(&all, "\n", file, "\n", e2e::ReadText(file));
  const std::string kept = absl::StrFormat("%s/differential/%s-%s-%016x", CGO_LD_SHIM_BUILD, program.name, libc,
                                           llvm::xxh3_64bits(llvm::StringRef(all)));
  if (fs::exists(kept + "/done")) return kept + "/out";
  std::error_code error;
  fs::remove_all(kept, error);
  fs::create_directories(kept + "/out", error);
  const std::string arch = "x86_64", system = libc == "musl" ? "musl" : "gnu";
  const ProcessResult made = e2e::RunProgram(
      {"sh", program.directory + "/build.sh"},
      {absl::StrCat("OUT=", kept), absl::StrCat("SRC=", program.directory), absl::StrCat("LIBC=", libc),
       absl::StrCat("TRIPLE=", arch, "-unknown-linux-", system), absl::StrCat("ZIG_TRIPLE=", arch, "-linux-", system)});
  if (made.exit_status != 0) {
    problem_ = absl::StrCat("build.sh ended with ", made.exit_status, ": ",
                            made.error.substr(made.error.size() - std::min<size_t>(made.error.size(), 500)));
    return "";
  }
  e2e::WriteText(kept + "/done", "");
  return kept + "/out";
}

std::vector<Case> ReadCorpus(const std::string& directory, Libc libc) {
  const std::string name_of_libc = libc == Libc::kGlibc ? "glibc" : "musl";
  std::vector<Case> cases;
  for (const std::string& name : e2e::ListFiles(directory)) {
    const std::string file = absl::StrCat(directory, "/", name, "/case.toml");
    if (!fs::exists(file)) continue;
    const std::map<std::string, std::vector<std::string>> values = ReadToml(file);
    const auto find = [&](const std::string& key) -> std::vector<std::string> {
      for (const std::string& table : {absl::StrCat(name_of_libc, "."), std::string()}) {
        if (const auto found = values.find(table + key); found != values.end()) return found->second;
      }
      return {};
    };
    Case program{.name = name, .directory = absl::StrCat(directory, "/", name), .libcs = find("libc")};
    if (std::find(program.libcs.begin(), program.libcs.end(), name_of_libc) == program.libcs.end()) continue;
    if (const std::vector<std::string> build = find("build"); build.size() > 1)
      program.builds = {{build.begin() + 1, build.end()}};  // without "go"
    program.arguments = find("args");
    const std::vector<std::string> outcome = find("outcome");
    if (!outcome.empty() && outcome[0] != "static") program.refused_with = find("must_say");
    std::map<std::string, std::string> environment;
    for (const std::string& table : {std::string("env."), absl::StrCat(name_of_libc, ".env.")}) {
      for (const auto& [key, texts] : values) {
        if (absl::StartsWith(key, table) && !texts.empty()) environment[key.substr(table.size())] = texts[0];
      }
    }
    for (const auto& [key, text] : environment) program.environment.push_back(absl::StrCat(key, "=", text));
    cases.push_back(std::move(program));
  }
  return cases;
}

std::string Difference(const Case& program, Libc libc) {
  const bool musl = libc == Libc::kMusl;
  const CaseCopy theirs(program, "glibc"), ours(program, musl ? "musl" : "glibc");
  if (!theirs.problem().empty()) return absl::StrCat("skipped: ", theirs.problem());
  if (!ours.problem().empty()) return absl::StrCat("skipped: ", ours.problem());
  const std::string by_gcc = theirs.directory() + "/program.by-gcc", by_us = ours.directory() + "/program.by-us";
  const ProcessResult gcc = Build(program, theirs, {"CC=gcc", "CXX=g++", "CGO_ENABLED=1"}, by_gcc);
  // What gcc cannot link, such as archives in the wrong order, is written down.
  const std::string written = program.directory + "/expect.txt";
  if (gcc.exit_status != 0 && !fs::exists(written))
    return absl::StrCat("skipped: gcc does not build it here: ", gcc.error.substr(0, 500));
  Environment shim = {"CXX=cgo-ld-shim++", "CGO_ENABLED=1"};
  if (musl) shim.emplace_back("CGO_LD_SHIM_LIBC=musl");
  const ProcessResult built = Build(program, ours, shim, by_us);
  if (!program.refused_with.empty()) {
    if (built.exit_status == 0) return "it was built, and was to be refused";
    const std::string said = absl::AsciiStrToLower(built.error);
    for (const std::string& words : program.refused_with) {
      const std::vector<std::string> any = absl::StrSplit(absl::AsciiStrToLower(words), '|');
      if (std::none_of(any.begin(), any.end(),
                       [&](const std::string& word) { return absl::StrContains(said, word); })) {
        return absl::StrCat("the refusal does not say ", words, ": ", built.error.substr(0, 2000));
      }
    }
    return "";
  }
  if (built.exit_status != 0) return absl::StrCat("gcc links it, and we do not: ", built.error.substr(0, 3000));
  if (!built.error.empty() && gcc.exit_status == 0 && gcc.error.empty())
    return absl::StrCat("a build that works says nothing: ", built.error);
  const std::string actual = Shown(program, ours, by_us);
  if (gcc.exit_status != 0) {
    const std::string text = e2e::ReadText(written);
    if (absl::StrContains(actual, absl::StripAsciiWhitespace(text)) && absl::StrContains(actual, "[status 0]"))
      return "";
    return absl::StrCat("--- expect.txt\n", text, "\n--- cgo-ld-shim\n", actual);
  }
  const std::string expected = Shown(program, theirs, by_gcc);
  if (actual == expected) return "";
  return absl::StrCat("--- gcc\n", expected, "\n--- cgo-ld-shim\n", actual);
}

}  // namespace cgo_ld_shim::differential
