// What people read about a link: the explanation, the lines of CGO_LD_SHIM_VERBOSE=1, and the graph.
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "report/record.h"
#include "report/text.h"

namespace cgo_ld_shim::report {
namespace {

using diagnose::CauseId;
using rules::RuleId;

// A program that names -lrocksdb alone.
LinkRecord Cascade() {
  LinkRecord record;
  record.outcome = "linked";
  record.package = "example.com/kv";
  record.output = "/tmp/go-build1/b001/exe/a.out";
  record.output_size = 41'230'000;
  record.cwd = "/home/u/kv";
  record.mode = "static";
  record.target = "x86_64-linux-gnu";
  record.libc = target::ParseLibc("glibc 2.36");
  record.compiler = "gcc version 12.2.0 (Debian 12.2.0-14)";
  record.linker = "lld 22.1.8 (in process)";
  record.driver_argv = {"/usr/bin/gcc", "-o", "a.out", "go.o", "-lrocksdb", "-lsnappy", "-lstdc++", "-lm", "-static"};
  const std::string lib = "/usr/lib/x86_64-linux-gnu/", gcc = "/usr/lib/gcc/x86_64-linux-gnu/12/";
  record.edits = {
      {RuleId::kForceStatic, {}, {"-static"}, "final link of an executable", {}},
      {RuleId::kDropLresolv, {"-lresolv"}, {}, "nothing needs it", {}},
      {RuleId::kDropRepeat, {"-lpthread", "-lpthread", "-ldl"}, {}, "named before", {}},
      {RuleId::kAddArchive,
       {},
       {"-lsnappy"},
       "1 symbol missing without it",
       {{"_ZN6snappy11RawCompressEPKcmPcPm", lib + "librocksdb.a(snappy_compression.o)",
         lib + "libsnappy.a(snappy.o)"}}},
      {RuleId::kAddRuntime,
       {},
       {"-lstdc++"},
       "412 symbols missing without it",
       {{"_ZSt4cout", lib + "librocksdb.a(db_impl.o)", gcc + "libstdc++.a(globals_io.o)"},
        {"_ZSt4cerr", lib + "librocksdb.a(db_impl.o)", gcc + "libstdc++.a(globals_io.o)"}}},
      {RuleId::kAddRuntime,
       {},
       {"-lm"},
       "1 symbol missing without it",
       {{"ceilf", gcc + "libstdc++.a(hashtable_c++0x.o)", lib + "libm-2.36.a(s_ceilf.o)"}}},
      {RuleId::kNssFiles,
       {},
       {"/home/u/.cache/nss.o"},
       "look-ups use files and DNS",
       {{"getaddrinfo", "000001.o", lib + "libc.a(getaddrinfo.o)"}}},
  };
  record.inputs = {{lib + "librocksdb.a", "archive", "given", 1, "-lrocksdb", {}},
                   {lib + "libsnappy.a", "archive", "added", 1, "-lsnappy", {}},
                   {gcc + "libstdc++.a", "archive", "added", 1, "-lstdc++", {}},
                   {lib + "libm.a", "archive", "added", 1, "-lm", {}}};
  record.phases_ms = {{"classify", 10}, {"link", 300.4}};
  return record;
}

TEST(ExplainTest, SaysWhatWasAddedLeftOutAndChangedAndWhatItMeans) {
  EXPECT_EQ(ExplainText(Cascade(), {.width = 120, .name = "./kv"}),
            R"(kv: static executable, x86_64, glibc 2.36, 41.2 MB, linked in 0.31 s by lld 22.1.8 (in process)

added for you                                because
  libsnappy.a     /usr/lib/x86_64-linux-gnu  librocksdb.a(snappy_compression.o) needs snappy::RawCompress
  libstdc++.a     gcc 12                     librocksdb.a(db_impl.o) needs std::cout (and 1 more)
  libm.a          glibc                      libstdc++.a(hashtable_c++0x.o) needs ceilf
left out
  -lresolv                  nothing needs it
  -lpthread (2 times) -ldl  named before
changed
  -static         forced: final link of an executable (rule force-static)
  NSS             passwd, group: files · hosts: files dns (rule nss-files; CGO_LD_SHIM_NSS=host to keep the host's)
at run time
  user and host look-ups see /etc files and DNS, not LDAP, systemd or mDNS

the same with plain gcc:  cgo-ld-shim explain --flags ./kv
)");
}

TEST(ExplainTest, PutsReasonsBelowOnANarrowScreen) {
  const std::string text = ExplainText(Cascade(), {.width = 50});
  EXPECT_TRUE(absl::StrContains(text, R"(added for you
  libsnappy.a     /usr/lib/x86_64-linux-gnu
      librocksdb.a(snappy_compression.o) needs
      snappy::RawCompress
  libstdc++.a     gcc 12
      librocksdb.a(db_impl.o) needs std::cout (and
      1 more)
)")) << text;
}

TEST(ExplainTest, CallsTheProgramByItsPackageWhenGoLinksToAOut) {
  LinkRecord record = Cascade();
  const auto name = [&] {
    const std::string text = ExplainText(record);
    return text.substr(0, text.find(':'));
  };
  EXPECT_EQ(name(), "kv");
  record.package = "example.com/tool/v3";
  EXPECT_EQ(name(), "tool");
  record.package = "command-line-arguments";
  EXPECT_EQ(name(), "this program");
  record.output = "/w/kv.test";
  EXPECT_EQ(name(), "kv.test");
}

TEST(ExplainTest, SaysWhenNothingWasChanged) {
  LinkRecord record;
  record.outcome = "handed-on";
  record.mode = "as asked";
  record.output = "/w/lib.so";
  record.output_size = 999;
  record.linker = "the underlying compiler's linker";
  record.notes = {"linked as asked, not static: it makes a shared library (-shared)"};
  EXPECT_EQ(ExplainText(record), R"(lib.so: linked as Go asked, 999 bytes, by the underlying compiler's linker

nothing was added, left out or changed
notes
  linked as asked, not static: it makes a shared library (-shared)
)");
}

TEST(ExplainTest, ShowsTheOrderOfLibrariesAndDirectoriesShort) {
  LinkRecord record;
  record.outcome = "linked";
  record.mode = "static-pie";
  record.output = "/w/kv";
  record.cwd = "/home/u/kv";
  record.linker = "lld 22.1.8 (in process)";
  record.edits = {
      {RuleId::kStaticPie, {"-pie"}, {"-static-pie"}, "final link of a position-independent executable", {}},
      {RuleId::kOrderArchives, {"-lz", "-lxml2"}, {"-lxml2", "-lz"}, "each library stands before what it needs", {}},
      {RuleId::kAddArchive, {}, {"/home/u/kv/lib/libtwo.a"}, "found next to one of your archives", {}},
      {RuleId::kAddArchive,
       {},
       {"/home/u/go/pkg/mod/github.com/some/long-name@v1.2.3/lib/linux/amd64/libfive.a"},
       "found next to one of your archives",
       {}},
  };
  for (const char* path :
       {"/home/u/kv/lib/libtwo.a", "/home/u/go/pkg/mod/github.com/some/long-name@v1.2.3/lib/linux/amd64/libfive.a"}) {
    record.inputs.push_back({path, "archive", "added", 1, "", {}});
  }
  EXPECT_EQ(ExplainText(record), R"(kv: static position-independent executable, linked by lld 22.1.8 (in process)

added for you                                              because
  libtwo.a        ./lib                                    found next to one of your archives
  libfive.a       …/some/long-name@v1.2.3/lib/linux/amd64  found next to one of your archives
changed
  -pie → -static-pie  final link of a position-independent executable (rule static-pie)
  order               each library stands before what it needs: -lxml2 -lz (rule order-archives)

the same with plain gcc:  cgo-ld-shim explain --flags last
)");
}

TEST(ExplainTest, ShowsTheFailureOfALinkThatFailed) {
  LinkRecord record;
  record.outcome = "failed";
  record.mode = "static";
  record.output = "/w/tool";
  record.exit_status = 1;
  record.missing = {
      {.symbol = "zlibVersoin", .from_program = true, .wanted_by = {"main.go"}, .cause = CauseId::kMistake}};
  record.edits = {{RuleId::kForceStatic, {}, {"-static"}, "final link of an executable", {}}};
  EXPECT_EQ(ExplainText(record), R"(undefined: zlibVersoin
      wanted by   main.go (your program)

changed
  -static         forced: final link of an executable (rule force-static)
)");
}

TEST(ExplainTest, ColoursOnlyWhenAsked) {
  EXPECT_FALSE(absl::StrContains(ExplainText(Cascade()), "\033"));
  EXPECT_TRUE(absl::StrContains(ExplainText(Cascade(), {.colour = true}), "\033[1mleft out\033[0m"));
}

TEST(ExplainTest, LetsNoControlCharacterOfAnInputThrough) {
  LinkRecord record = Cascade();
  record.edits[3].evidence[0].symbol = "evil\033]0;title\007";
  record.edits[1].before = {"-lx\033[2J"};
  record.notes = {"two\nlines\r\033[31m"};
  const std::string all = ExplainText(record) + VerboseText(record) + GraphText(record);
  EXPECT_FALSE(absl::StrContains(all, "\033"));
  EXPECT_FALSE(absl::StrContains(all, "\007"));
  EXPECT_FALSE(absl::StrContains(all, "\r"));
  EXPECT_TRUE(absl::StrContains(all, "evil\\x1b]0;title\\x07")) << all;
}

TEST(ExplainTest, KeepsLinesWithinTheWidthWhereWordsAllow) {
  LinkRecord record = Cascade();
  record.notes = {"a note with many short words that goes on and on until it has to be wrapped somewhere"};
  for (absl::string_view line : absl::StrSplit(ExplainText(record, {.width = 60}), '\n')) {
    // The headline is one line, and "·" is two bytes.
    if (absl::StartsWith(line, "kv: ") || absl::StartsWith(line, "the same")) continue;
    EXPECT_LE(line.size(), 61u) << line;
  }
}

TEST(VerboseTest, IsALineARewrite) {
  EXPECT_EQ(VerboseText(Cascade()),
            R"(cgo-ld-shim: + -static  final link of an executable (rule force-static)
cgo-ld-shim: - -lresolv  nothing needs it (rule drop-lresolv)
cgo-ld-shim: - -lpthread (2 times) -ldl  named before (rule drop-repeat)
cgo-ld-shim: + -lsnappy  librocksdb.a(snappy_compression.o) needs snappy::RawCompress (rule add-archive)
cgo-ld-shim: + -lstdc++  librocksdb.a(db_impl.o) needs std::cout (and 1 more) (rule add-runtime)
cgo-ld-shim: + -lm  libstdc++.a(hashtable_c++0x.o) needs ceilf (rule add-runtime)
cgo-ld-shim: + /home/u/.cache/nss.o  look-ups use files and DNS (rule nss-files)
cgo-ld-shim: kv linked, static, 41.2 MB, 0.31 s
)");
}

TEST(GraphTest, IsDotWithAnArrowFromWhoWantsToWhoDefines) {
  LinkRecord record;
  record.edits = {{RuleId::kAddArchive,
                   {},
                   {"-lz"},
                   "",
                   {{"deflate", "/w/lib\"q.a(a.o)", "/usr/lib/libz.a(deflate.o)"},
                    {"adler32", "/w/lib\"q.a(a.o)", "/usr/lib/libz.a(deflate.o)"}}}};
  record.missing = {
      {.symbol = "gone", .wanted_by = {"/usr/lib/libz.a(deflate.o)"}},
      {.symbol = "gss_x", .wanted_by = {"/usr/lib/libz.a(deflate.o)"}, .shared_library = "/usr/lib/libgss.so"}};
  EXPECT_EQ(GraphText(record), R"g(digraph link {
  rankdir=LR;
  node [shape=box, fontname="sans-serif"];
  edge [fontname="sans-serif"];
  "/usr/lib/libz.a(deflate.o)" [label="libz.a(deflate.o)", style=filled, fillcolor="#dbeafe"];
  "/w/lib\"q.a(a.o)" [label="lib\"q.a(a.o)"];
  "/usr/lib/libgss.so" [label="libgss.so", color=red, style=dashed];
  "defined nowhere" [label="defined nowhere", color=red, style=dashed];
  "/usr/lib/libz.a(deflate.o)" -> "/usr/lib/libgss.so" [label="gss_x", color=red];
  "/usr/lib/libz.a(deflate.o)" -> "defined nowhere" [label="gone", color=red];
  "/w/lib\"q.a(a.o)" -> "/usr/lib/libz.a(deflate.o)" [label="adler32\ndeflate"];
}
)g");
}

}  // namespace
}  // namespace cgo_ld_shim::report
