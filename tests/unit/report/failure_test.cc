// Why a link failed, as it stands last on the screen.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "report/record.h"
#include "report/screen.h"
#include "report/text.h"
#include "report/text_parts.h"

namespace cgo_ld_shim::report {
namespace {

using diagnose::CauseId;

LinkRecord Failed(const std::string& name) {
  LinkRecord record;
  record.outcome = "failed";
  record.exit_status = 1;
  record.mode = "static";
  record.package = "example.com/" + name;
  record.output = "/tmp/go-build1/b001/exe/a.out";
  record.cwd = "/home/u/" + name;
  record.libc = target::ParseLibc("glibc 2.36");
  record.compiler = "gcc version 12.2.0";
  return record;
}

// Whatever is on the disk of the machine that shows the record: an archive may have come since.
TEST(FailureTest, SaysWhatTheLinkSawOfAnArchiveBesideTheSharedLibrary) {
  const auto found_only = [](std::optional<bool> archive_beside) {
    LinkRecord record = Failed("p");
    record.missing = {{.symbol = "f",
                       .shared_library = "/usr/lib/libf.so.2",
                       .owner_package = "libf2",
                       .archive_beside = archive_beside,
                       .cause = CauseId::kOnlyShared}};
    const std::string text = FailureText(record, {});
    const size_t start = text.find("/usr/lib/libf.so.2");
    return text.substr(start, text.find('\n', start) - start);
  };
  EXPECT_EQ(found_only(false), "/usr/lib/libf.so.2 (package libf2 has no .a)");
  EXPECT_EQ(found_only(true), "/usr/lib/libf.so.2 (package libf2; its .a does not define it)");
  EXPECT_EQ(found_only(std::nullopt), "/usr/lib/libf.so.2 (package libf2)");  // an older version's record
}

TEST(FailureTest, GroupsSymbolsThatAreOnlyInASharedLibrary) {
  LinkRecord record = Failed("scanner");
  record.argv = {"cgo-ld-shim", "-L/opt/zmq/lib", "-L", "deps", "go.o"};
  const MissingRecord missing{.wanted_by = {"/usr/lib/x86_64-linux-gnu/libzmq.a(gssapi_mechanism_base.o)"},
                              .package = "github.com/pebbe/zmq4",
                              .named_by = "-lzmq",
                              .shared_library = "/usr/lib/x86_64-linux-gnu/libgssapi_krb5.so",
                              .owner_package = "libkrb5-dev",
                              .archive_beside = false,
                              .cause = CauseId::kOnlyShared,
                              .hint = "libgssapi_krb5.a is not there"};
  for (const char* symbol :
       {"gss_init_sec_context", "gss_accept_sec_context", "gss_release_buffer", "GSS_C_NT_HOSTBASED_SERVICE"}) {
    record.missing.push_back(missing);
    record.missing.back().symbol = symbol;
  }
  record.missing[1].wanted_by = {"/usr/lib/x86_64-linux-gnu/libzmq.a(gssapi_server.o)"};
  record.searched = {"/opt/zmq/lib", "/home/u/scanner/deps", "/usr/lib", "/usr/lib/x86_64-linux-gnu",
                     "/lib",         "/lib/libz.a"};
  record.ways_out = {
      {"CGO_LD_SHIM_STATIC=prefer", "this program becomes dynamic for libc and libgssapi_krb5; all else stays static"},
      {"build libzmq.a without libgssapi_krb5, and put its directory first with -L in CGO_LDFLAGS"}};
  EXPECT_EQ(FailureText(record, {}),
            R"(cgo-ld-shim: cannot link scanner statically: 4 symbols are only in a shared library

  gss_init_sec_context  (and 2 more gss_*)
  GSS_C_NT_HOSTBASED_SERVICE
      wanted by   libzmq.a(gssapi_mechanism_base.o) and 1 more, which your package
                  github.com/pebbe/zmq4 names with -lzmq
      found only  /usr/lib/x86_64-linux-gnu/libgssapi_krb5.so (package libkrb5-dev has no .a)
      looked in   2 directories of your -L flags, 3 of gcc: 1 archive

  what you can do
    CGO_LD_SHIM_STATIC=prefer  this program becomes dynamic for libc and libgssapi_krb5; all else
                               stays static
    build libzmq.a without libgssapi_krb5, and put its directory first with -L in CGO_LDFLAGS

  details: cgo-ld-shim explain example.com/scanner
)");
}

TEST(FailureTest, NamesAMistakeOfTheProgramAsSuch) {
  LinkRecord record = Failed("tool");
  record.missing = {{.symbol = "zlibVersoin",
                     .from_program = true,
                     .wanted_by = {"main.go"},
                     .package = "example.com/tool",
                     .cause = CauseId::kMisspelt,
                     .hint = "did you mean zlibVersion, defined in libz.a, which you link with -lz?"},
                    {.symbol = "init",
                     .from_program = true,
                     .wanted_by = {"/tmp/go-link-1/000003.o"},
                     .cause = CauseId::kMistake,
                     .hint = "is a -l missing?"}};
  record.ways_out = {{"name the library that defines it: #cgo LDFLAGS: -lNAME"}};
  EXPECT_EQ(FailureText(record, {}), R"(cgo-ld-shim: undefined: zlibVersoin
      wanted by   main.go (package example.com/tool)
      did you mean zlibVersion, defined in libz.a, which you link with -lz?
cgo-ld-shim: undefined: init
      wanted by   000003.o (your program)
      is a -l missing?
  what you can do
    name the library that defines it: #cgo LDFLAGS: -lNAME

  details: cgo-ld-shim explain example.com/tool
)");
}

TEST(FailureTest, CallsPackageMainByItsImportPath) {
  LinkRecord record = Failed("tool");
  record.missing = {{.symbol = "udev_new",
                     .wanted_by = {"/w/libusb.a(u.o)"},
                     .package = "main",
                     .named_by = "-lusb",
                     .cause = CauseId::kNowhere}};
  EXPECT_TRUE(absl::StrContains(FailureText(record, {}), "which your package example.com/tool names with -lusb"))
      << FailureText(record, {});
  record.package.clear();
  EXPECT_TRUE(absl::StrContains(FailureText(record, {}), "which your package main names with -lusb"))
      << FailureText(record, {});
}

TEST(FailureTest, SaysForWhichLibcALibraryWasBuilt) {
  LinkRecord record = Failed("vendor");
  record.libc = target::ParseLibc("musl (CGO_LD_SHIM_LIBC=musl)");
  record.missing = {{.symbol = "regexec",
                     .wanted_by = {"/w/libvendor.a(net.o)"},
                     .cause = CauseId::kWrongLibc,
                     .hint = "its data layout differs: it would corrupt memory",
                     .candidates = {"libvendor_x86_64_linux_musl.a is not beside it"}}};
  record.ways_out = {{"CGO_LD_SHIM_LIBC=glibc", "static with the host's glibc"},
                     {"ask the library's author for a musl build"}};
  EXPECT_EQ(FailureText(record, {}),
            R"(cgo-ld-shim: libvendor.a was built for glibc, and this program links musl (CGO_LD_SHIM_LIBC=musl)
      libvendor.a(net.o) uses regexec
      its data layout differs: it would corrupt memory
      libvendor_x86_64_linux_musl.a is not beside it
  what you can do
    CGO_LD_SHIM_LIBC=glibc  static with the host's glibc
    ask the library's author for a musl build

  details: cgo-ld-shim explain example.com/vendor
)");
}

TEST(FailureTest, CountsEachCauseWhenThereAreSeveral) {
  LinkRecord record = Failed("mixed");
  record.missing = {
      {.symbol = "-lfoo",
       .from_program = true,
       .package = "example.com/foo",
       .named_by = "-lfoo",
       .cause = CauseId::kLibraryNotFound,
       .hint = "no libfoo.a and no libfoo.so in 5 directories: apt-get install libfoo-dev"},
      {.symbol = "sqlite3_open",
       .wanted_by = {"/w/liba.a(sqlite3.o)", "/w/libb.a(sqlite3.o)"},
       .cause = CauseId::kDuplicate,
       .hint = ""},
      {.symbol = "_ZN3foo3barEi",
       .demangled = "foo::bar(int)",
       .wanted_by = {"/w/liba.a(x.o)"},
       .named_by = "-la",
       .cause = CauseId::kNowhere},
      {.symbol = "_ZN3foo3bazEi",
       .demangled = "foo::baz(int)",
       .wanted_by = {"/w/liba.a(y.o)"},
       .named_by = "-la",
       .cause = CauseId::kNowhere},
      {.symbol = "amb",
       .wanted_by = {"/w/liba.a(x.o)"},
       .cause = CauseId::kAmbiguous,
       .candidates = {"/w/libp.a (also /w/libq.a)"}},
  };
  EXPECT_EQ(
      FailureText(record, {.width = 120}),
      R"(cgo-ld-shim: cannot link mixed statically: 1 library is not there, 1 symbol is defined twice, 2 symbols are defined
    nowhere, 1 symbol is in several libraries, or in one that does not fit

  -lfoo
      named by    your package example.com/foo
      no libfoo.a and no libfoo.so in 5 directories: apt-get install libfoo-dev
  sqlite3_open
      defined in  /w/liba.a(sqlite3.o)
      and in      /w/libb.a(sqlite3.o)
  foo::bar(int)  (and 1 more foo::*)
      wanted by   liba.a(x.o) and 1 more, named with -la
  amb
      wanted by   liba.a(x.o)
      not taken   /w/libp.a (also /w/libq.a)

  details: cgo-ld-shim explain example.com/mixed
)");
}

TEST(FailureTest, CountsWhatThreeFilesDefineOnce) {
  LinkRecord record = Failed("p");
  for (const char* second : {"/w/libb.a(b.o)", "/w/libc.a(c.o)"})
    record.missing.push_back(
        {.symbol = "parse", .wanted_by = {"/w/liba.a(a.o)", second}, .cause = CauseId::kDuplicate});
  EXPECT_THAT(FailureText(record, {}), testing::HasSubstr("statically: 1 symbol is defined twice\n"));
}

TEST(FailureTest, NamesTheLibraryThatBroughtTheWantingOneIn) {
  LinkRecord record = Failed("p");
  record.missing = {{.symbol = "f",
                     .wanted_by = {"/w/libdbus-1.a(d.o)"},
                     .on_behalf_of = "/w/libpcap.a",
                     .package = "example.com/x",
                     .named_by = "-lpcap",
                     .cause = CauseId::kNowhere}};
  EXPECT_THAT(
      FailureText(record, {.width = 120}),
      testing::HasSubstr("libdbus-1.a(d.o), for libpcap.a, which your package example.com/x names with -lpcap\n"));
}

TEST(FailureTest, SaysThatNobodyNamedWhatTookAnothersPlace) {
  LinkRecord record = Failed("p");
  record.missing = {{.symbol = "f",
                     .wanted_by = {"/w/libx_amd64.a(x.o)"},
                     .package = "example.com/x",
                     .named_by = "-lx_arm64",
                     .cause = CauseId::kNowhere}};
  const std::string sentence = "libx_amd64.a(x.o), which your package example.com/x names with -lx_arm64";
  const TextOptions wide{.width = 120};
  EXPECT_THAT(FailureText(record, wide), testing::HasSubstr(sentence + "\n"));
  record.edits = {{.rule = rules::RuleId::kUseVariant, .before = {"-lx_arm64"}, .after = {"/w/libx_amd64.a"}}};
  EXPECT_THAT(FailureText(record, {.width = 160}), testing::HasSubstr(sentence + " (it took that one's place)\n"));
}

TEST(FailureTest, StaysOnOneScreenAndExplainHasTheRest) {
  LinkRecord record = Failed("big");
  for (int file = 0; file < 40; ++file) {
    for (int symbol = 0; symbol < 30; ++symbol) {
      record.missing.push_back({.symbol = absl::StrCat("f", file, "x", symbol, "_a"),
                                .wanted_by = {absl::StrCat("/w/lib", file, ".a(o.o)")},
                                .cause = CauseId::kNowhere});
    }
  }
  const std::string text = FailureText(record);
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 23) << text;
  EXPECT_TRUE(absl::StrContains(text, "1200 symbols are defined nowhere")) << text;
  EXPECT_TRUE(absl::StrContains(text, "  … and 1170 more, wanted by 39 other files\n")) << text;
  EXPECT_TRUE(absl::StrContains(ExplainText(record), "f39x29_a"));
}

TEST(FailureTest, MoreThanFiveFindingsOfACauseAreOne) {
  LinkRecord record = Failed("libs");
  for (const char* name : {"-la", "-lb", "-lc", "-ld", "-le", "-lf"})
    record.missing.push_back({.symbol = name, .from_program = true, .cause = CauseId::kLibraryNotFound, .hint = name});
  EXPECT_TRUE(absl::StrContains(FailureText(record), "  … and 5 more: -lb, -lc, -ld, -le, -lf\n"))
      << FailureText(record);
  record.missing.pop_back();
  EXPECT_FALSE(absl::StrContains(FailureText(record), "…")) << FailureText(record);
}

TEST(FailureTest, FitsTheSmallestTerminalHoweverMuchThereIsToSay) {
  LinkRecord record = Failed("much");
  for (const diagnose::CauseRow& row : diagnose::Causes()) {
    record.missing.push_back({.symbol = absl::StrCat("f_", Name(row.id)),
                              .wanted_by = {"/w/liba.a(x.o)"},
                              .cause = row.id,
                              .hint = std::string(300, 'x') + " " + std::string(70, 'y'),
                              .candidates = {"a", "b", "c", "d"}});
    record.ways_out.push_back({absl::StrCat("way ", Name(row.id)), std::string(50, 'z')});
  }
  for (int width : {40, 80, 200}) {
    const std::string text = FailureText(record, {.width = width});
    EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 23) << text;
    if (width == 80) {
      EXPECT_TRUE(absl::StrContains(text, "findings of other causes")) << text;
    }
  }
  record.missing.clear();
  record.notes = {std::string(200, 'n') + "\n" + std::string(200, '\n')};
  const std::string text = FailureText(record);
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 23) << text;
}

TEST(FailureTest, TheWidthAndColourOfAScreenThatALinkDoesNotSeeAreSaidToIt) {
  const std::string said = absl::StrCat(kScreenVariable, "=", ScreenValue({.colour = true, .width = 120}));
  const char* environment[] = {said.c_str(), nullptr};
  EXPECT_EQ(ScreenOptions(environment).width, 120);
  EXPECT_TRUE(ScreenOptions(environment).colour);
  const char* nothing[] = {nullptr};
  EXPECT_EQ(ScreenOptions(nothing).width, 80);
  EXPECT_FALSE(ScreenOptions(nothing).colour);
  const std::string wrong = absl::StrCat(kScreenVariable, "=wide");
  const char* nonsense[] = {wrong.c_str(), nullptr};
  EXPECT_EQ(ScreenOptions(nonsense).width, 80);
}

TEST(FailureTest, ShortensLongNames) {
  LinkRecord record = Failed("cxx");
  record.missing = {{.symbol = "_Z",
                     .demangled = "std::" + std::string(500, 'x') + "::end(int)",
                     .wanted_by = {"a.o"},
                     .cause = CauseId::kNowhere}};
  EXPECT_TRUE(absl::StrContains(FailureText(record, {}), "…")) << FailureText(record, {});
  EXPECT_TRUE(absl::StrContains(FailureText(record, {}), "::end(int)\n")) << FailureText(record, {});
}

TEST(FailureTest, SaysWhatIsNotedWhenNoSymbolIsMissing) {
  LinkRecord record = Failed("plain");
  record.notes = {"the compiler's own -lc has no static archive here"};
  record.ways_out = {{"install the static C library"}};
  EXPECT_EQ(FailureText(record, {}), R"(cgo-ld-shim: cannot link plain
      the compiler's own -lc has no static archive here
  what you can do
    install the static C library

  details: cgo-ld-shim explain example.com/plain
)");
  record.notes.clear();
  record.ways_out.clear();
  EXPECT_EQ(FailureText(record, {}), R"(cgo-ld-shim: cannot link plain: the linker ended with status 1

  details: cgo-ld-shim explain example.com/plain
)");
}

// cmd/go takes these words in a compiler's output for the answer to a question.
TEST(FailureTest, NeverUsesTheWordsThatGoReadsInAProbe) {
  std::vector<std::string> causes = {"unknown", "", "a-cause-of-tomorrow"};
  for (const diagnose::CauseRow& row : diagnose::Causes()) causes.emplace_back(Name(row.id));
  for (const std::string& cause : causes) {
    LinkRecord record = Failed("p");
    record.missing = {{.symbol = "s", .wanted_by = {"a.o"}, .cause = diagnose::CauseRef::FromText(cause)}};
    const std::string text = FailureText(record, {}) + ExplainText(record);
    for (const char* word : {"unknown", "unsupported", "unrecognized", "not recognized", "not supported"}) {
      EXPECT_FALSE(absl::StrContains(text, word)) << text;
    }
  }
}

TEST(FailureTest, TakesARecordWithNothingInIt) { EXPECT_FALSE(FailureText({}).empty()); }

TEST(AnnotationTest, IsOneLineWithEscapedTitleAndText) {
  LinkRecord record;
  record.outcome = "failed";
  record.mode = "static";
  record.exit_status = 1;
  record.output = "/w/100%,a";
  record.notes = {"first line\r\nsecond: 50%, done"};
  const std::string text = AnnotationText(record);
  EXPECT_EQ(text.find('\n'), text.size() - 1) << text;
  EXPECT_TRUE(absl::StartsWith(text, "::error title=cannot link 100%25%2Ca::")) << text;
  EXPECT_TRUE(absl::StrContains(text, "%0A")) << text;
  EXPECT_TRUE(absl::StrContains(text, "second: 50%25, done\n")) << text;
  EXPECT_FALSE(absl::StrContains(text, "explain last")) << text;
  record.outcome = "linked";
  EXPECT_EQ(AnnotationText(record), "");
}

TEST(AnnotationTest, IsForGitHubActionsOnly) {
  LinkRecord record;
  record.outcome = "failed";
  const char* const actions[] = {"GITHUB_ACTIONS=true", nullptr};
  const char* const others[] = {"GITHUB_ACTIONS=false", "CI=true", nullptr};
  EXPECT_TRUE(absl::StartsWith(AnnotationsFor(record, actions), "::error title="));
  EXPECT_EQ(AnnotationsFor(record, others), "");
}

TEST(TextPartsTest, PathsAreTidyWhereverTheyStand) {
  EXPECT_EQ(TidyPaths("/go/pkg/mod/x@v0.7.2/../../.cgo-cache/lib"), "/go/pkg/.cgo-cache/lib");
  EXPECT_EQ(TidyPaths("-L/a/./b/../../c"), "-L/c");
  EXPECT_EQ(TidyPaths("no libx.a in /a/b/.., /c/../d: install it"), "no libx.a in /a, /d: install it");
  EXPECT_EQ(TidyPaths("/a/../libx.a(x.o)"), "/libx.a(x.o)");
  EXPECT_EQ(TidyPaths("/a/.."), "/");
  EXPECT_EQ(TidyPaths("in /a/.."), "in /");
  // Nothing is known of what stands before these.
  EXPECT_EQ(TidyPaths("../x/../y"), "../y");
  EXPECT_EQ(TidyPaths("a/../h.h:1"), "h.h:1");
  EXPECT_EQ(TidyPaths("-La/../b a/.."), "-La/../b a/..");
  EXPECT_EQ(TidyPaths("CGO_LDFLAGS=-L/a/../b x=a/../c"), "CGO_LDFLAGS=-L/b x=c");
  EXPECT_EQ(TidyPaths("/../x"), "/../x");
  EXPECT_EQ(TidyPaths("../../x"), "../../x");
  EXPECT_EQ(TidyPaths("/a dir/../x"), "/a dir/../x");
  // Names that begin with dots are names.
  EXPECT_EQ(TidyPaths("/a/..b/...c"), "/a/..b/...c");
  EXPECT_EQ(TidyPaths("f(int, ...)"), "f(int, ...)");
}

TEST(TextPartsTest, ALongListIsCutAndCounted) {
  std::vector<std::string> names;
  for (int i = 0; i < 700; ++i) names.push_back(absl::StrCat("n", i));
  EXPECT_EQ(ListText(names, ", ", 3), "n0, n1, n2 and 697 more");
  names.resize(4);
  EXPECT_EQ(ListText(names, " ", 3), "n0 n1 n2 n3");
}

}  // namespace
}  // namespace cgo_ld_shim::report
