// `pack` of archives that compilers really made, and programs linked with what it makes.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "llvm/Support/JSON.h"
#include "tests/e2e/elf_file.h"
#include "tests/e2e/harness.h"
#include "tests/e2e/link_log.h"
#include "tests/e2e/machines.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

namespace fs = std::filesystem;

ProcessResult Pack(const std::vector<std::string>& words, const std::string& directory = "") {
  std::vector<std::string> argv = {Shim(), "pack"};
  argv.insert(argv.end(), words.begin(), words.end());
  return RunProgram(argv, {"COLUMNS=400"}, directory);
}

// A library of C++ and C with all that a partial link could break: a constructor, thread-local and tentative variables,
// a function chosen at start, a section that is found by its bounds, a weak reference, exceptions, an inline function
// that is another one in every library, and names that a bundled library has. NAME is the library's, NUMBER what it
// answers with.
constexpr char kCxx[] = R"(
#include <stdexcept>
#include <string>
#include <vector>
inline int shared_inline() { static int calls = NUMBER; return calls; }
template <class T> struct Holder { static inline T value = NUMBER; };
extern "C" {
extern int maybe(void) __attribute__((weak));
int helper(int);
int library_version(void) { return NUMBER; }
int NAME_run(void) {
  int (*volatile inlined)() = shared_inline;
  if (inlined() != NUMBER || Holder<int>::value != NUMBER || maybe) return -1;
  try {
    std::vector<std::string> none;
    return static_cast<int>(none.at(3).size());
  } catch (const std::out_of_range&) {
    return helper(1);
  }
}
}
)";
constexpr char kC[] = R"(
int tentative;
char large_tentative[300];
static int started;
static __thread int local_per_thread = 1;
__thread int per_thread = 2;
__attribute__((constructor)) static void start(void) { started = 1; }
__attribute__((section("shared_table"), used)) int entry = 10 * NUMBER;
extern int __start_shared_table[], __stop_shared_table[];
static int chosen(void) { return NUMBER; }
static int (*choose(void))(void) { return chosen; }
int picked(void) __attribute__((ifunc("choose")));
int sqlite3_libversion_number(void) { return NUMBER; }
__attribute__((visibility("hidden"))) int secret(void) { return 5; }
int helper(int x) {
  if (!started || tentative++ != 0 || large_tentative[299]++ != 0 || local_per_thread != 1 || per_thread != 2) return -2;
  int sum = 0;
  for (int *at = __start_shared_table; at != __stop_shared_table; ++at) sum += *at == 10 * NUMBER;
  if (sum != 1 || picked() != NUMBER || sqlite3_libversion_number() != NUMBER) return -3;
  return x * 100 * NUMBER + secret();
}
)";
constexpr char kUnneeded[] =
    "int NAME_internal(void) { return 0; }\nint NAME_other(void) { return NAME_internal(); }\n";

void MakeLibrary(const std::string& path, const std::string& name, const std::string& number,
                 const std::vector<std::string>& flags = {"-O1", "-g", "-fPIC", "-fcommon"}) {
  const auto filled = [&](absl::string_view text) {
    return absl::StrReplaceAll(text, {{"NAME", name}, {"NUMBER", number}});
  };
  fs::create_directories(fs::path(path).parent_path());
  MakeArchive(path, {{name + ".cc", filled(kCxx)}, {"helper.c", filled(kC)}, {"more.c", filled(kUnneeded)}}, flags);
}

constexpr char kMain[] = R"(package main

/*
CGO_LINE
int one_run(void);
int two_run(void);
*/
import "C"
import "fmt"

func main() { fmt.Println(C.one_run(), C.two_run()) }
)";

std::vector<std::string> CgoLines(const std::string& output) {
  std::vector<std::string> lines;
  for (absl::string_view line : absl::StrSplit(output, '\n')) {
    line = absl::StripLeadingAsciiWhitespace(line);
    if (absl::ConsumePrefix(&line, "#cgo"))
      lines.push_back(absl::StrCat("#cgo ", absl::StripLeadingAsciiWhitespace(line)));
  }
  return lines;
}

llvm::json::Value Manifest(const std::string& layout) {
  llvm::Expected<llvm::json::Value> json = llvm::json::parse(ReadText(layout + "/manifest.json"));
  if (json) return *std::move(json);
  ADD_FAILURE() << llvm::toString(json.takeError());
  return llvm::json::Object();
}

std::vector<std::string> Texts(const llvm::json::Object& object, llvm::StringRef field) {
  std::vector<std::string> texts;
  for (const llvm::json::Value& value : *object.getArray(field)) texts.push_back(value.getAsString()->str());
  return texts;
}

TEST(PackTest, TwoLibrariesThatClashLinkIntoOneProgramWithEveryCompiler) {
  const std::string module = MakeModule({});
  MakeLibrary(module + "/dist/libone_x86_64_linux_gnu.a", "one", "1");
  MakeLibrary(module + "/dist/libtwo_x86_64_linux_gnu.a", "two", "2");
  // As they are, no linker takes both.
  const std::string line = "#cgo LDFLAGS: -L${SRCDIR}/dist -lone_x86_64_linux_gnu -ltwo_x86_64_linux_gnu -lstdc++";
  WriteText(module + "/main.go", absl::StrReplaceAll(kMain, {{"CGO_LINE", line}}));
  const GoBuild before = BuildIn(module, {"CC=gcc", "CXX=g++"});
  EXPECT_TRUE(Refused(before.go));
  EXPECT_THAT(before.go.error, HasSubstr("multiple definition of"));

  const ProcessResult packed = Pack({"dist", "-o", "lib", "--keep", "*_run"}, module);
  ASSERT_TRUE(Succeeded(packed));
  EXPECT_EQ(packed.error, "");
  EXPECT_THAT(packed.output, AllOf(HasSubstr("lib/x86_64-linux-gnu/libone.a: "), HasSubstr("SQLite (1)"),
                                   HasSubstr("libtwo.a: two_run")));
  const std::vector<std::string> lines = CgoLines(packed.output);
  ASSERT_THAT(lines, ElementsAre("#cgo linux,amd64 LDFLAGS: -L${SRCDIR}/lib/x86_64-linux-gnu -lone -ltwo -lstdc++"));
  WriteText(module + "/main.go", absl::StrReplaceAll(kMain, {{"CGO_LINE", lines[0]}}));
  fs::remove_all(module + "/dist");
  const GoBuild ours = BuildIn(module, {"CXX=cgo-ld-shim++"});
  EXPECT_EQ(RunStatic(ours).output, "105 205\n");
  for (const char* flags : {"", "-ldflags=-extldflags=-static"}) {
    SCOPED_TRACE(flags);
    const std::vector<std::string> more = *flags == '\0' ? std::vector<std::string>() : std::vector<std::string>{flags};
    const GoBuild gcc = BuildIn(module, {"CC=gcc", "CXX=g++"}, more);
    ASSERT_TRUE(Succeeded(gcc.go));
    EXPECT_EQ(RunProgram({gcc.binary}).output, "105 205\n");
  }
  // What its sections were is still known: a program leaves out what it does not use.
  const GoBuild small = BuildIn(module, {"CXX=cgo-ld-shim++", "CGO_LD_SHIM_GC=on"});
  EXPECT_EQ(RunStatic(small).output, "105 205\n");
}

TEST(PackTest, NothingIsGlobalButWhatStaysAndNeitherTimeNorPlaceIsInIt) {
  const std::string first = MakeTempDirectory(), second = MakeTempDirectory() + "/another/place";
  for (const std::string& directory : {first, second}) {
    fs::create_directories(directory);
    MakeLibrary(directory + "/dist/linux_amd64/libone.a", "one", "1", {"-O1", "-fPIC"});
    ASSERT_TRUE(Succeeded(Pack({"dist", "-o", "lib", "--libc", "glibc", "-q"}, directory)));
  }
  const std::string archive = "/lib/x86_64-linux-gnu/libone.a";
  EXPECT_EQ(ReadText(first + archive), ReadText(second + archive));
  EXPECT_EQ(ReadText(first + "/lib/manifest.json"), ReadText(second + "/lib/manifest.json"));
  const llvm::json::Value manifest = Manifest(first + "/lib");
  const llvm::json::Object& entry = *manifest.getAsObject()->getArray("archives")->front().getAsObject();
  // SQLite's is not the library's own; the hidden one is nobody's.
  EXPECT_THAT(Texts(entry, "kept"), ElementsAre("entry", "helper", "large_tentative", "library_version", "one_internal",
                                                "one_other", "one_run", "per_thread", "picked", "tentative"));
  EXPECT_EQ(entry.getString("libc"), "glibc");
  EXPECT_EQ(entry.getString("debug_path"), "");
  const ProcessResult sum = RunProgram({"sha256sum", first + archive});
  EXPECT_THAT(sum.output, testing::StartsWith(entry.getString("sha256")->str()));
  const ProcessResult names = RunProgram({"nm", "-g", "--defined-only", "-j", first + archive});
  EXPECT_THAT(names.output, HasSubstr("entry\nhelper\nlarge_tentative\nlibrary_version\none_internal\none_other\none_"
                                      "run\nper_thread\npicked\ntentative\n"));
  EXPECT_EQ(RunProgram({"nm", "-s", first + archive}).exit_status, 0);

  // `lint` says the same of it.
  const ProcessResult lint = RunProgram({Shim(), "lint", "--json", "--target=x86_64-linux-gnu", first + archive});
  EXPECT_TRUE(Succeeded(lint));
  llvm::Expected<llvm::json::Value> json = llvm::json::parse(lint.output);
  ASSERT_TRUE(static_cast<bool>(json));
  const llvm::json::Object& report = *json->getAsObject()->getArray("archives")->front().getAsObject();
  EXPECT_THAT(Texts(report, "api"), ElementsAre("entry", "helper", "large_tentative", "library_version", "one_internal",
                                                "one_other", "one_run", "picked", "tentative"))
      << "all but the thread-local one, whose address a program cannot take";
  EXPECT_THAT(*report.getArray("clashes"), IsEmpty());
  EXPECT_EQ(report.getString("libc"), "glibc");
}

TEST(PackTest, DebugInformationIsInTheArchiveThatLinksInstead) {
  const std::string directory = MakeTempDirectory();
  MakeLibrary(directory + "/libone_gnu.a", "one", "1");
  WriteText(directory + "/one.h", "/* helper */\nint one_run(void);\n");
  const ProcessResult packed = Pack({"libone_gnu.a", "-o", "lib", "--keep-header", "one.h"}, directory);
  ASSERT_TRUE(Succeeded(packed));
  EXPECT_THAT(packed.output, HasSubstr("1 name"));
  WriteText(directory + "/main.c", "int one_run(void);\nint main(void) { return one_run() == 105 ? 0 : 1; }\n");
  for (const char* where : {"", "debug/"}) {
    SCOPED_TRACE(where);
    const std::string program = directory + "/main";
    ASSERT_TRUE(Succeeded(
        RunProgram({"gcc", "-static", "-o", program, directory + "/main.c",
                    absl::StrCat("-L", directory, "/lib/", where, "x86_64-linux-gnu"), "-lone", "-lstdc++"})));
    EXPECT_TRUE(Succeeded(RunProgram({program})));
    const ProcessResult lines = RunProgram({"objdump", "--dwarf=decodedline", program});
    EXPECT_EQ(absl::StrContains(lines.output, "helper.c"), *where != '\0');
    std::string address;
    for (absl::string_view line : absl::StrSplit(RunProgram({"nm", program}).output, '\n')) {
      if (absl::EndsWith(line, " t helper")) address = std::string(line.substr(0, line.find(' ')));
    }
    ASSERT_NE(address, "");
    const ProcessResult place = RunProgram({"addr2line", "-f", "-e", program, address});
    EXPECT_THAT(place.output, HasSubstr(*where != '\0' ? "helper.c:16" : "?"));
  }
}

TEST(PackTest, AMuslProgramTakesTheNeighbourOfTheBuildThatItsLineNames) {
  SKIP_WITHOUT_ZIG();
  const std::string module = MakeModule({});
  WriteText(module + "/slim.c", "#include <string.h>\nint slim_go(void) { return (int)strlen(LIBC); }\n");
  fs::create_directory(module + "/dist");
  for (const char* libc : {"gnu", "musl"}) {
    const std::string object = absl::StrCat(module, "/dist/slim.o");
    ASSERT_TRUE(Succeeded(RunProgram({ZigPath(), "cc", "-target", absl::StrCat("x86_64-linux-", libc), "-O1", "-fPIC",
                                      absl::StrCat("-DLIBC=\"", libc, "\""), "-c", module + "/slim.c", "-o", object})));
    ASSERT_TRUE(
        Succeeded(RunProgram({"ar", "rcs", absl::StrCat(module, "/dist/libslim_x86_64_linux_", libc, ".a"), object})));
    fs::remove(object);
  }
  fs::remove(module + "/slim.c");
  const ProcessResult packed = Pack({"dist", "-o", "lib", "--keep=slim_go"}, module);
  ASSERT_TRUE(Succeeded(packed));
  fs::remove_all(module + "/dist");
  const std::vector<std::string> lines = CgoLines(packed.output);
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_THAT(lines[0], HasSubstr("-L${SRCDIR}/lib/x86_64-linux-gnu -lslim"));
  WriteText(module + "/main.go",
            absl::StrCat("package main\n\n// ", lines[0], "\n// int slim_go(void);\nimport \"C\"\n\n",
                         "func main() { println(C.slim_go()) }\n"));
  for (const char* libc : {"glibc", "musl"}) {
    SCOPED_TRACE(libc);
    const std::string log = MakeTempDirectory() + "/log";
    const GoBuild build = BuildIn(module, {absl::StrCat("CGO_LD_SHIM_LIBC=", libc), LogTo(log)});
    const bool musl = absl::string_view(libc) == "musl";
    EXPECT_EQ(RunStatic(build).error, musl ? "4\n" : "3\n");
    EXPECT_THAT(ReadLog(log).back().Rules(), musl ? testing::Matcher<std::vector<std::string>>(Contains("use-variant"))
                                                  : Not(Contains("use-variant")));
  }
}

TEST(PackTest, CodeForAnOptimiserBesideTheMachineCodeIsLeftOut) {
  const std::string directory = MakeTempDirectory();
  MakeArchive(directory + "/libfat_gnu.a",
              {{"a.c", "int helper(void);\nint fat_go(void) { return helper(); }\n"},
               {"b.c", "int helper(void) { return 4; }\n"}},
              {"-O2", "-flto", "-ffat-lto-objects"});
  ASSERT_TRUE(Succeeded(Pack({"libfat_gnu.a", "-o", "lib", "--keep=fat_go"}, directory)));
  WriteText(directory + "/main.c",
            "int fat_go(void);\nint helper(void) { return 1; }\nint main(void) { return fat_go() * helper() == 4 ? 0 : "
            "1; }\n");
  ASSERT_TRUE(Succeeded(RunProgram({"gcc", "-O2", "-flto", "-o", directory + "/main", directory + "/main.c",
                                    "-L" + directory + "/lib/x86_64-linux-gnu", "-lfat"})));
  EXPECT_TRUE(Succeeded(RunProgram({directory + "/main"})));
  MakeArchive(directory + "/libthin_gnu.a", {{"a.c", "int thin_go(void) { return 1; }\n"}}, {"-O2", "-flto"});
  const ProcessResult refused = Pack({"libthin_gnu.a", "-o", "thin"}, directory);
  EXPECT_EQ(refused.exit_status, 1);
  EXPECT_THAT(refused.error, AllOf(HasSubstr("libthin_gnu.a: 1 of its 1 objects"), HasSubstr("build without -flto")));
}

TEST(PackTest, WhatRegistersItselfIsNotedAndKeptWhereThatIsAsked) {
  const std::string directory = MakeTempDirectory();
  MakeArchive(
      directory + "/libreg_gnu.a",
      {{"a.c", "int reg_count;\nint reg_get(void) { return reg_count; }\n"},
       {"plugin.c", "extern int reg_count;\n__attribute__((constructor)) static void f(void) { ++reg_count; }\n"}});
  WriteText(directory + "/main.c", "int reg_get(void);\nint main(void) { return reg_get(); }\n");
  const ProcessResult noted = Pack({"libreg_gnu.a", "-o", "lib", "--keep=reg_get"}, directory);
  ASSERT_TRUE(Succeeded(noted));
  EXPECT_THAT(noted.output, HasSubstr("1 member with constructors (plugin.o)"));
  for (const bool whole : {false, true}) {
    std::vector<std::string> words = {"libreg_gnu.a", "-o", "lib", "--keep=reg_get", "-q"};
    if (whole) words.emplace_back("--whole");
    ASSERT_TRUE(Succeeded(Pack(words, directory)));
    ASSERT_TRUE(Succeeded(RunProgram({"gcc", "-o", directory + "/main", directory + "/main.c",
                                      "-L" + directory + "/lib/x86_64-linux-gnu", "-lreg"})));
    EXPECT_EQ(RunProgram({directory + "/main"}).exit_status, whole ? 1 : 0);
  }
}

TEST(PackTest, WhatCannotBeReadIsSaidWithStatus2AndNothingIsLeft) {
  const std::string directory = MakeTempDirectory();
  MakeArchive(directory + "/libone_gnu.a", {{"one.c", "int one(void) { return 1; }\n"}});
  WriteText(directory + "/libcut_gnu.a", ReadText(directory + "/libone_gnu.a").substr(0, 700));
  WriteText(directory + "/libtext.a", "<html>404</html>\n");
  ASSERT_EQ(::mkfifo((directory + "/pipe.a").c_str(), 0600), 0);
  struct Case {
    std::vector<std::string> words;
    const char* says;
  };
  for (const auto& [words, says] :
       std::vector<Case>{{{"libcut_gnu.a", "-o", "lib"}, "libcut_gnu.a"},
                         {{"libtext.a", "-o", "lib"}, "libtext.a is "},
                         {{"pipe.a", "-o", "lib"}, "pipe.a"},
                         {{"libnone.a", "-o", "lib"}, "libnone.a"},
                         {{"libone_gnu.a", "-o", "none/lib"}, "none/"},
                         {{"libone_gnu.a", "-o", "lib", "--keep-header", "none.h"}, "none.h"},
                         {{"libone_gnu.a"}, "pack takes one -o"},
                         {{"-o", "lib"}, "pack takes the archives"},
                         {{"libone_gnu.a", "-o", "lib", "--libc", "uclibc"}, "--libc uclibc"},
                         {{"libone_gnu.a", "-o", "lib", "-q", "--json"}, "take one"}}) {
    const ProcessResult result = Pack(words, directory);
    EXPECT_EQ(result.exit_status, 2) << says;
    EXPECT_THAT(result.error, AllOf(testing::StartsWith("cgo-ld-shim: "), HasSubstr(says)));
    EXPECT_EQ(result.output, "");
  }
  EXPECT_THAT(ListFiles(directory), ElementsAre("libcut_gnu.a", "libone_gnu.a", "libtext.a", "pipe.a"));
}

TEST(PackTest, AProgramThatReadsItGetsTheManifest) {
  const std::string directory = MakeTempDirectory();
  MakeArchive(directory + "/libone_gnu.a", {{"one.c", "int one(void) { return 1; }\n"}});
  const ProcessResult result = Pack({"libone_gnu.a", "-o", "lib", "--json"}, directory);
  EXPECT_TRUE(Succeeded(result));
  EXPECT_EQ(result.output, ReadText(directory + "/lib/manifest.json"));
  EXPECT_EQ(ReadText(directory + "/lib/cgo.go.txt"),
            "// #cgo linux,amd64 LDFLAGS: -L${SRCDIR}/lib/x86_64-linux-gnu -lone\n");
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
