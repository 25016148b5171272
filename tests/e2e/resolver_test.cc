// The resolver on whole programs: a cascade of libraries, what it costs to take one away, and what a library that
// exists only as a shared one can be replaced by.
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "tests/e2e/elf_file.h"
#include "tests/e2e/harness.h"
#include "tests/e2e/link_log.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

std::string ModuleThatCalls(absl::string_view declaration, absl::string_view call, absl::string_view ldflags) {
  return MakeModule(
      {{"main.go", absl::StrCat("package main\n\n// #cgo LDFLAGS: -L${SRCDIR} ", ldflags, "\n// ", declaration,
                                "\nimport \"C\"\n\nfunc main() { println(", call, ") }\n")}});
}

LinkRecord LinkRecordOf(const std::string& module, const std::string& said, const Environment& more = {}) {
  Environment environment = more;
  const std::string log = absl::StrCat(MakeTempDirectory(), "/log");
  environment.push_back(LogTo(log));
  EXPECT_EQ(RunStatic(BuildIn(module, environment)).error, said);
  std::vector<LinkRecord> records = ReadLog(log);
  EXPECT_EQ(records.size(), 1U);
  return records.empty() ? LinkRecord{} : std::move(records[0]);
}

// Paths of the inputs that were added.
std::vector<std::string> Added(const LinkRecord& record) {
  std::vector<std::string> added;
  for (const llvm::json::Value& value : record.List("inputs")) {
    const llvm::json::Object* input = value.getAsObject();
    if (input != nullptr && input->getString("origin").value_or("") == "added")
      added.push_back(input->getString("path").value_or("").str());
  }
  return added;
}

constexpr int kCascade = 12;

// libc0 … in `directory`, each of which needs the next one; the last needs libm and libstdc++. In the order that
// `order` says, because a directory lists its files in an order that depends on how they came there.
void MakeCascade(const std::string& directory, const std::vector<int>& order) {
  for (const int i : order) {
    const std::string next =
        i + 1 < kCascade ? absl::StrCat("extern \"C\" int c", i + 1, "(int x);\nextern \"C\" int c", i,
                                        "(int x) { return c", i + 1, "(x) + 1; }\n")
                         : absl::StrCat("#include <cmath>\n#include <string>\nextern \"C\" int c", i,
                                        "(int x) { return int(std::cbrt(x)) + int(std::to_string(x).size()); }\n");
    MakeArchive(absl::StrCat(directory, "/libc", i, ".a"), {{"c.cc", next}});
  }
}

std::vector<int> Ascending() {
  std::vector<int> order;
  for (int i = 0; i < kCascade; ++i) order.push_back(i);
  return order;
}

TEST(ResolverTest, ACascadeInABundleIsFoundInOnePass) {
  const std::string module = ModuleThatCalls("int c0(int);", "C.c0(27)", "-lc0");
  MakeCascade(module, Ascending());
  const LinkRecord record = LinkRecordOf(module, absl::StrCat(3 + 2 + kCascade - 1, "\n"));
  const std::vector<std::string> added = Added(record);
  EXPECT_THAT(added, SizeIs(kCascade - 1 + 2));
  EXPECT_THAT(added, Contains(absl::StrCat(module, "/libc", kCascade - 1, ".a")));
  EXPECT_THAT(added, Contains(HasSubstr("libstdc++.a")));
}

TEST(ResolverTest, EveryArchiveThatWasAddedIsNeeded) {
  const std::string module = ModuleThatCalls("int c0(int);", "C.c0(27)", "-lc0");
  MakeCascade(module, Ascending());
  const FinalLink link = CaptureLink(module);
  const std::string program = MakeTempDirectory() + "/program", log = MakeTempDirectory() + "/log";
  ASSERT_TRUE(Succeeded(RunProgram(link.To(program), {LogTo(log)})));
  const std::vector<LinkRecord> records = ReadLog(log);
  ASSERT_THAT(records, SizeIs(1));
  // The line that the tool made, given to gcc and GNU ld: with every word it links, without any one library it does
  // not.
  const std::vector<std::string> line = records[0].Texts("driver_argv");
  ASSERT_TRUE(Succeeded(RunProgram(line)));
  for (const std::string& path : Added(records[0])) {
    SCOPED_TRACE(path);
    std::string name = std::filesystem::path(path).stem().string().substr(3);
    if (absl::StartsWith(name, "m-")) name = "m";  // glibc's libm.a is a script that names libm-2.36.a
    std::vector<std::string> without = line;
    std::erase_if(without, [&](const std::string& word) { return word == path || word == absl::StrCat("-l", name); });
    ASSERT_LT(without.size(), line.size());
    EXPECT_TRUE(Refused(RunProgram(without, {"LC_ALL=C"})));
  }
}

TEST(ResolverTest, TheSameLineInAnyDirectoryOrderLocaleAndWithAnyNumberOfThreads) {
  std::vector<int> ascending = Ascending(), descending = ascending;
  std::reverse(descending.begin(), descending.end());
  std::vector<std::string> lines;
  for (const auto& [order, environment] : std::vector<std::pair<std::vector<int>, Environment>>{
           {ascending, {"LC_ALL=C"}},
           {descending, {"LC_ALL=tr_TR.UTF-8", "LANG=tr_TR.UTF-8"}},
           {{5, 3, 11, 0, 8, 1, 10, 2, 9, 4, 7, 6}, {"OMP_NUM_THREADS=1", "LANGUAGE=de"}}}) {
    const std::string module = ModuleThatCalls("int c0(int);", "C.c0(27)", "-lc0");
    MakeCascade(module, order);
    std::vector<std::string> added = Added(LinkRecordOf(module, "16\n", environment));
    for (std::string& path : added) {
      if (absl::StartsWith(path, module)) path = path.substr(module.size());
    }
    lines.push_back(absl::StrJoin(added, " "));
  }
  EXPECT_THAT(lines, Each(lines[0]));
}

// ---- an archive for another platform

// What `ar` says of an object is in its ELF header: the machine is the half word at 18.
std::string ForOtherMachine(std::string object) {
  object[18] = static_cast<char>(object[18] == '\xb7' ? 0x3e : 0xb7);
  object[19] = 0;
  return object;
}

TEST(ResolverTest, APrebuiltArchiveForAnotherArchitectureGivesWayToItsNeighbour) {
  const std::string module = ModuleThatCalls("int f(void);", "C.f()", "${SRCDIR}/lib_other/linux_arm64/libf.a");
  std::filesystem::create_directories(module + "/lib_other/linux_arm64");
  std::filesystem::create_directories(module + "/lib_other/linux_amd64");
  const std::string right = module + "/lib_other/linux_amd64/libf.a";
  const std::string wrong = module + "/lib_other/linux_arm64/libf.a";
  MakeArchive(right, {{"f.c", "int f(void) { return 42; }\n"}});
  const std::string work = MakeTempDirectory();
  Compile(work + "/f.o", "int f(void) { return 42; }\n", {"-c"});
  WriteText(work + "/f.o", ForOtherMachine(ReadText(work + "/f.o")));
  ASSERT_TRUE(Succeeded(RunProgram({"ar", "rcS", wrong, work + "/f.o"})));
  const LinkRecord record = LinkRecordOf(module, "42\n");
  EXPECT_THAT(record.Rules(), Contains("use-variant"));

  std::filesystem::remove(right);
  std::filesystem::remove(module + "/program");  // Go does not see what lies below the package's directory
  const GoBuild build = BuildIn(module);
  ASSERT_TRUE(Refused(build.go));
  EXPECT_THAT(OurWords(build.go.error),
              AllOf(HasSubstr(wrong), HasSubstr("built for"), HasSubstr("no such build next to it")));
}

// ---- stubs

// libwide.a: one function works, another one needs a library that is only there as a shared one.
std::string ModuleWithHalfALibrary(absl::string_view call) {
  std::string module = ModuleThatCalls("int plain(void); int special(void); int count(void);", call, "-lwide");
  MakeArchive(module + "/libwide.a",
              {{"wide.c",
                "int narrow_open(void);\nint plain(void) { return 42; }\n"
                "int special(void) { return narrow_open(); }\n"},
               {"data.c", "extern int narrow_count;\nint count(void) { return narrow_count; }\n"}});
  Compile(module + "/libnarrow.so", "int narrow_count = 3;\nint narrow_open(void) { return narrow_count; }\n",
          {"-shared", "-fPIC"});
  Compile(module + "/libwide.so", "int narrow_open(void);\nint special(void) { return narrow_open(); }\n",
          {"-shared", "-fPIC", "-L" + module, "-lnarrow"});
  return module;
}

TEST(StubsTest, AreOfferedAndServeAProgramThatNeverCallsThem) {
  const std::string module = ModuleWithHalfALibrary("C.plain()");
  const GoBuild refused = BuildIn(module);
  ASSERT_TRUE(Refused(refused.go));
  EXPECT_THAT(OurWords(refused.go.error), AllOf(HasSubstr("narrow_open"), HasSubstr("CGO_LD_SHIM_STUBS=narrow")));

  const LinkRecord record = LinkRecordOf(module, "42\n", {"CGO_LD_SHIM_STUBS=libnarrow"});
  EXPECT_THAT(record.Rules(), Contains("stub-library"));
  const GoBuild build = BuildIn(module, {"CGO_LD_SHIM_STUBS=narrow.so,narrow"});
  const ProcessResult explain = RunProgram({Shim(), "explain", build.binary});
  EXPECT_THAT(explain.output, AllOf(HasSubstr("libnarrow.so has no archive"), HasSubstr("narrow_open")));
  EXPECT_THAT(RunProgram({Shim(), "explain", "--flags", build.binary}).output, HasSubstr("not expressible"));
}

TEST(StubsTest, SayWhatWasCalledAndAbort) {
  const GoBuild build = BuildIn(ModuleWithHalfALibrary("C.special()"), {"CGO_LD_SHIM_STUBS=narrow"});
  ASSERT_TRUE(Succeeded(build.go));
  const ProcessResult run = RunProgram({build.binary});
  EXPECT_NE(run.exit_status, 0);
  EXPECT_THAT(run.error, HasSubstr("narrow_open: a stub of libnarrow was called"));
}

TEST(StubsTest, DataIsRefusedByName) {
  const GoBuild build = BuildIn(ModuleWithHalfALibrary("C.count()"), {"CGO_LD_SHIM_STUBS=narrow"});
  ASSERT_TRUE(Refused(build.go));
  EXPECT_THAT(OurWords(build.go.error), AllOf(HasSubstr("narrow_count"), HasSubstr("no stub can stand")));
}

TEST(StubsTest, ServeAProgramThatCxxLinks) {
  const std::string module = ModuleWithHalfALibrary("C.plain()");
  WriteText(module + "/more.cc", "#include <string>\nstd::string more() { return \"more\"; }\n");
  const GoBuild build = BuildIn(module, {"CGO_LD_SHIM_STUBS=narrow", "CXX=cgo-ld-shim++"});
  EXPECT_EQ(RunStatic(build).error, "42\n");
  const ProcessResult strict = RunProgram({Shim(), "check", "--strict", build.binary});
  EXPECT_EQ(strict.exit_status, 1);
  EXPECT_THAT(strict.output, HasSubstr("narrow_open"));
  EXPECT_EQ(RunProgram({Shim(), "check", build.binary}).exit_status, 0);
}

TEST(StubsTest, AreTheSameBytesInAnyDirectory) {
  const std::string module = ModuleWithHalfALibrary("C.plain()");
  std::vector<std::string> programs;
  for (int i = 0; i < 2; ++i) {
    std::filesystem::remove(module + "/program");
    const GoBuild build =
        BuildIn(module, {"CGO_LD_SHIM_STUBS=narrow", absl::StrCat("TMPDIR=", MakeTempDirectory())}, {"-ldflags=-s -w"});
    ASSERT_TRUE(Succeeded(build.go));
    programs.push_back(ReadText(build.binary));
  }
  EXPECT_TRUE(programs[0] == programs[1]);
}

TEST(StubsTest, ForNothingThatIsNeededAreANote) {
  const std::string module = ModuleThatCalls("static int one(void) { return 1; }", "C.one()", "");
  const LinkRecord record = LinkRecordOf(module, "1\n", {"CGO_LD_SHIM_STUBS=stdc++"});
  EXPECT_THAT(record.Texts("notes"), Contains(HasSubstr("stdc++: nothing here needs it")));
  EXPECT_THAT(record.Rules(), Not(Contains("stub-library")));
}

TEST(StubsTest, OfALibraryThatIsNowhereAreAnError) {
  const std::string module = ModuleThatCalls("static int one(void) { return 1; }", "C.one()", "");
  const GoBuild build = BuildIn(module, {"CGO_LD_SHIM_STUBS=stdcxx"});
  ASSERT_TRUE(Refused(build.go));
  EXPECT_THAT(OurWords(build.go.error),
              AllOf(HasSubstr("CGO_LD_SHIM_STUBS=stdcxx"), HasSubstr("did you mean stdc++?")));
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
