// What `lint` predicts of an archive against what the builds of a Go program that uses all of it then come to.
//
// LINT_ARCHIVES="PATH PATH…" tries those; without it, archives that Debian's packages have, as far as they are here.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "llvm/Support/JSON.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {
namespace {

namespace json = llvm::json;
using testing::HasSubstr;

std::string Text(const json::Object& object, const char* name) { return object.getString(name).value_or("").str(); }

std::vector<std::string> Texts(const json::Object& object, const char* name) {
  std::vector<std::string> texts;
  if (const json::Array* array = object.getArray(name)) {
    for (const json::Value& value : *array) texts.push_back(value.getAsString().value_or("").str());
  }
  return texts;
}

std::vector<std::string> Archives() {
  if (const char* given = std::getenv("LINT_ARCHIVES")) return absl::StrSplit(given, ' ', absl::SkipEmpty());
  std::vector<std::string> archives;
  for (const char* name : {"z", "zstd", "fmt", "gtest", "benchmark", "lldELF", "absl_strings", "tinfo", "xml2", "edit",
                           "ffi", "bsd", "gmp", "expat", "sqlite3", "lzma", "bz2", "crypt"}) {
    for (const char* directory : {"/usr/lib/x86_64-linux-gnu/", "/usr/lib/"}) {
      const std::string path = absl::StrCat(directory, "lib", name, ".a");
      if (std::filesystem::is_regular_file(path)) archives.push_back(path);
    }
  }
  return archives;
}

// A program that has the address of every name of `api`.
std::string Uses(const std::vector<std::string>& api) {
  std::string source;
  for (size_t i = 0; i < api.size(); ++i)
    absl::StrAppend(&source, "extern char name", i, "[] __asm__(\"", api[i], "\");\n");
  absl::StrAppend(&source, "char *names[] = {0");
  for (size_t i = 0; i < api.size(); ++i) absl::StrAppend(&source, ", name", i);
  return absl::StrCat(source, "};\nint use(int i) { return names[i] != 0; }\n");
}

// One archive for one target.
void Compare(const std::string& archive, const json::Object& about, const json::Object& target) {
  const std::string outcome = Text(target, "outcome"), libc = Text(target, "libc"), directory = MakeTempDirectory();
  SCOPED_TRACE(absl::StrCat(archive, " for ", libc, ": ", outcome, " ", Text(target, "reason")));
  std::string flags =
      absl::StrCat("-L", archive.substr(0, archive.rfind('/')), " -l", archive.substr(archive.rfind("/lib") + 4));
  flags.resize(flags.size() - 2);
  std::vector<std::string> libraries = Texts(target, "libraries");
  for (const std::string& library : libraries) absl::StrAppend(&flags, " ", library);
  WriteFiles(directory,
             {{"main.go", absl::StrCat("package main\n\n// #cgo LDFLAGS: ", flags,
                                       "\n// int use(int i);\nimport \"C\"\n\nfunc main() { println(C.use(0)) }\n")},
              {"go.mod", "module example.com/program\n\ngo 1.19\n"},
              {"use.c", Uses(Texts(about, "api"))}});
  const GoBuild build = BuildIn(directory, {absl::StrCat("CGO_LD_SHIM_LIBC=", libc)});
  ASSERT_NE(outcome, "not-tried");
  if (outcome == "cannot") {
    EXPECT_TRUE(Refused(build.go));
    const std::string said =
        absl::StrJoin(absl::StrSplit(build.go.error, absl::ByAnyChar(" \n"), absl::SkipEmpty()), " ");
    EXPECT_THAT(said, HasSubstr(Text(target, "reason")));
    return;
  }
  EXPECT_TRUE(Succeeded(build.go));
  if (libc != "glibc") return;
  // Where nothing but the libraries is needed, plain gcc takes the line; where there is more to it, it does not.
  WriteText(directory + "/main.c", "int use(int i);\nint main(void) { return use(0); }\n");
  std::vector<std::string> gcc = {
      "gcc", "-static", "-o", directory + "/main", directory + "/main.c", directory + "/use.c"};
  for (absl::string_view word : absl::StrSplit(flags, ' ')) gcc.emplace_back(word);
  const ProcessResult plain = RunProgram(gcc);
  EXPECT_EQ(plain.exit_status == 0, outcome == "links") << plain.error.substr(0, 2000);
}

TEST(SlowLintPredictionTest, AgreesWithTheBuilds) {
  int tried = 0;
  std::string counts;
  for (const std::string& there : Archives()) {
    // In a directory of its own, as its author would have it.
    const std::string archive = absl::StrCat(MakeTempDirectory(), there.substr(there.rfind('/')));
    ASSERT_EQ(::symlink(there.c_str(), archive.c_str()), 0);
    std::vector<std::string> argv = {Shim(), "lint", "--json", archive, "--target=x86_64-linux-gnu"};
    if (HasZig()) argv.emplace_back("--target=x86_64-linux-musl");
    const ProcessResult lint = RunProgram(argv);
    llvm::Expected<json::Value> value = json::parse(lint.output);
    ASSERT_TRUE(static_cast<bool>(value)) << archive << ": " << lint.error << llvm::toString(value.takeError());
    for (const json::Value& one : *value->getAsObject()->getArray("archives")) {
      const json::Object& about = *one.getAsObject();
      const json::Array* targets = about.getArray("targets");
      if (targets == nullptr) continue;
      for (const json::Value& target : *targets) {
        Compare(archive, about, *target.getAsObject());
        absl::StrAppend(&counts, archive.substr(archive.rfind('/') + 1), " ", Text(*target.getAsObject(), "libc"), " ",
                        Text(*target.getAsObject(), "outcome"), "\n");
        ++tried;
      }
    }
  }
  std::printf("%s", counts.c_str());
  EXPECT_GT(tried, 0);
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
