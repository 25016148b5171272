// explain's page and drawing: what is on them, that names of others cannot get out of their place, and that the same
// record gives the same bytes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "report/markup.h"
#include "report/needs.h"
#include "report/record.h"
#include "report/text.h"
#include "report/text_parts.h"

namespace cgo_ld_shim::report {
namespace {

using diagnose::CauseId;
using rules::RuleId;

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr char kLib[] = "/usr/lib/x86_64-linux-gnu/";

// The program names rocksdb; rocksdb needs snappy and the C++ library, that needs libm; crypto is named and not used.
LinkRecord Cascade() {
  LinkRecord record;
  record.version = "0.1.0";
  record.time_ms = 1785600000000;
  record.outcome = "linked";
  record.package = "example.com/kv";
  record.output = "/w/kv";
  record.output_size = 41'230'000;
  record.cwd = "/w";
  record.mode = "static";
  record.target = "x86_64-linux-gnu";
  record.libc = target::ParseLibc("glibc 2.36");
  record.compiler = "gcc version 12.2.0";
  record.linker = "lld 22.1.8 (in process)";
  record.argv = {"/bin/cgo-ld-shim", "-o",     "kv",        "go.o",     "000000.o",  "000001.o", "000002.o",
                 "-lrocksdb",        "-lcryp", "-lrocksdb", "-lresolv", "-rdynamic", "-O2"};
  record.driver_argv = {"/usr/bin/gcc", "-o",       "kv",        "go.o",          "000000.o",
                        "000001.o",     "000002.o", "-lrocksdb", "-lsnappy",      "-lstdc++",
                        "-lm",          "-lcryp",   "-O2",       "/proc/71/fd/3", "-static"};
  const std::string lib = kLib;
  record.edits = {
      {RuleId::kForceStatic, {}, {"-static"}, "final link of an executable", {}},
      {RuleId::kDropLresolv, {"-lresolv"}, {}, "nothing needs it", {}},
      {RuleId::kDropRdynamic, {"-rdynamic"}, {}, "nothing reads it", {}},
      {RuleId::kDropRepeat, {"-lrocksdb"}, {}, "named before", {}},
      {RuleId::kAddArchive,
       {},
       {"-lsnappy"},
       "missing without it",
       {{"_ZN6snappy11RawCompressEPKcmPcPm", lib + "librocksdb.a(compression.o)", lib + "libsnappy.a(snappy.o)"}}},
      {RuleId::kAddRuntime,
       {},
       {"-lstdc++"},
       "missing without it",
       {{"_ZSt4cout", lib + "librocksdb.a(db.o)", "/usr/lib/gcc/libstdc++.a(io.o)"},
        {"_ZSt4cerr", lib + "librocksdb.a(db.o)", "/usr/lib/gcc/libstdc++.a(io.o)"}}},
      {RuleId::kAddRuntime,
       {},
       {"-lm"},
       "missing without it",
       {{"ceilf", "/usr/lib/gcc/libstdc++.a(hash.o)", lib + "libm-2.36.a(ceilf.o)"}}},
      {RuleId::kNssFiles, {}, {"nss_files.o"}, "look-ups use files and DNS", {}},
  };
  record.inputs = {
      {.path = "/w/go.o", .kind = "object", .origin = "given", .used_bytes = 5'000'000},
      {.path = "/w/000001.o", .kind = "object", .origin = "given", .used_bytes = 1'000'000},
      {.path = "/usr/lib/crt1.o", .kind = "object", .origin = "toolchain", .used_bytes = 100},
      {.path = lib + "librocksdb.a",
       .kind = "archive",
       .origin = "given",
       .as = "-lrocksdb",
       .members = {"db.o", "compression.o"},
       .used_bytes = 20'000'000,
       .first_use = {"rocksdb_open", "/w/000001.o", lib + "librocksdb.a(db.o)"}},
      {.path = lib + "libsnappy.a",
       .kind = "archive",
       .origin = "added",
       .as = "-lsnappy",
       .members = {"snappy.o"},
       .used_bytes = 40'000},
      {.path = "/usr/lib/gcc/libstdc++.a",
       .kind = "archive",
       .origin = "added",
       .as = "-lstdc++",
       .members = {"io.o", "hash.o"},
       .used_bytes = 2'000'000},
      {.path = lib + "libm.a",
       .kind = "archive",
       .origin = "added",
       .members = {"ceilf.o"},
       .used_bytes = 500,
       .first_use = {"ceilf", "/usr/lib/gcc/libstdc++.a(hash.o)", lib + "libm-2.36.a(ceilf.o)"}},
      {.path = lib + "libcryp.a", .kind = "archive", .origin = "given", .as = "-lcryp"},
      {.path = lib + "libc.a",
       .kind = "archive",
       .origin = "toolchain",
       .members = {"libc-start.o"},
       .used_bytes = 800'000,
       .first_use = {"__libc_start_main", "/usr/lib/crt1.o", lib + "libc.a(libc-start.o)"}},
  };
  record.phases_ms = {{"classify", 10}, {"link", 300.4}};
  return record;
}

LinkRecord Failed() {
  LinkRecord record = Cascade();
  record.outcome = "failed";
  record.output_size = 0;
  record.exit_status = 1;
  record.missing = {
      {.symbol = "gss_init_sec_context",
       .wanted_by = {absl::StrCat(kLib, "librocksdb.a(db.o)")},
       .shared_library = absl::StrCat(kLib, "libgssapi.so"),
       .cause = CauseId::kOnlyShared},
      {.symbol = "zlibVersoin", .from_program = true, .wanted_by = {"/w/000001.o"}, .cause = CauseId::kMistake}};
  record.ways_out = {{"CGO_LD_SHIM_STATIC=prefer", "this program becomes dynamic"}};
  return record;
}

// Whether tags are closed in order, attributes are quoted and have no <, and every & begins an entity. What a browser
// forgives is wrong here.
testing::AssertionResult IsWellFormed(const std::string& text) {
  static const std::set<std::string> kVoid = {"meta", "br"};
  std::vector<std::string> open;
  const auto wrong = [&](size_t at, const std::string& what) {
    return testing::AssertionFailure() << what << " at ..." << text.substr(at, 120);
  };
  for (size_t i = 0; i < text.size();) {
    if (text[i] == '&') {
      const size_t end = text.find(';', i);
      const std::string name = text.substr(i, end - i + 1);
      if (name != "&lt;" && name != "&gt;" && name != "&amp;" && name != "&quot;" && name != "&#39;")
        return wrong(i, "a bare &");
      i = end + 1;
      continue;
    }
    if (text[i] == '>') return wrong(i, "a bare >");
    if (text[i] != '<') {
      ++i;
      continue;
    }
    if (text.compare(i, 9, "<!DOCTYPE") == 0) {
      i = text.find('>', i) + 1;
      continue;
    }
    const bool closing = text[i + 1] == '/';
    size_t at = i + (closing ? 2 : 1);
    const size_t name_end = text.find_first_of(" />\n", at);
    if (name_end == std::string::npos || name_end == at) return wrong(i, "a bare <");
    const std::string name = text.substr(at, name_end - at);
    at = name_end;
    bool quoted = false;
    for (; at < text.size() && (quoted || text[at] != '>'); ++at) {
      if (text[at] == '"') quoted = !quoted;
      if (text[at] == '<') return wrong(i, "< within a tag");
    }
    if (at == text.size()) return wrong(i, "a tag without an end");
    const bool alone = text[at - 1] == '/' || kVoid.contains(name);
    if (closing) {
      if (open.empty() || open.back() != name) return wrong(i, absl::StrCat("</", name, "> closes nothing"));
      open.pop_back();
    } else if (!alone) {
      open.push_back(name);
      // The text of a stylesheet is no markup.
      if (name == "style") at = text.find("</style>", at) - 1;
    }
    i = at + 1;
  }
  if (!open.empty()) return testing::AssertionFailure() << "<" << open.back() << "> is not closed";
  return testing::AssertionSuccess();
}

TEST(MarkupTest, EscapesWhatHasAMeaning) {
  EXPECT_EQ(Escape("a<b> & \"c\" 'd'"), "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;");
  EXPECT_EQ(Escape("tab\tline\n\033\x01"), "tab\tline\n??");
  EXPECT_EQ(Escape("caf\xc3\xa9"), "caf\xc3\xa9");
  EXPECT_EQ(Escape("caf\xe9"), "caf\xef\xbf\xbd");
}

// U+202E turns the direction of what follows, U+2066 isolates it; U+FFFE is not allowed in XML.
TEST(MarkupTest, LetsNoLetterThroughThatTurnsTextRoundOrIsNone) {
  EXPECT_EQ(Escape("a\xe2\x80\xae"
                   "b\xe2\x81\xa6"
                   "c\xef\xbf\xbe"
                   "d\xef\xbf\xbf"),
            "a\xef\xbf\xbd"
            "b\xef\xbf\xbd"
            "c\xef\xbf\xbd"
            "d\xef\xbf\xbd");
  EXPECT_EQ(Escape("\xe2\x80\x93"), "\xe2\x80\x93") << "a dash is a neighbour of theirs";
}

TEST(NeedsTest, ChainsFromTheProgram) {
  const Needs needs = FindNeeds(Cascade());
  ASSERT_FALSE(needs.nodes.empty());
  EXPECT_EQ(needs.nodes[0].kind, NeedKind::kProgram);
  EXPECT_EQ(needs.nodes[0].bytes, 6'000'000U);
  const auto chain = [&](const std::string& name) {
    std::vector<std::string> steps;
    for (size_t i = 0; i < needs.nodes.size(); ++i) {
      if (needs.nodes[i].name != name) continue;
      for (const NeedEdge* edge : needs.Chain(i)) steps.push_back(absl::StrCat(edge->by, ": ", edge->symbols[0]));
    }
    return steps;
  };
  EXPECT_THAT(chain("libm.a"),
              ElementsAre("000001.o: rocksdb_open", "librocksdb.a(db.o): std::cout", "libstdc++.a(hash.o): ceilf"));
  EXPECT_THAT(chain("libc.a"), ElementsAre("crt1.o: __libc_start_main"));
  EXPECT_THAT(chain("libcryp.a"), IsEmpty());
}

TEST(NeedsTest, SurvivesACycle) {
  LinkRecord record = Cascade();
  const std::string lib = kLib;
  record.edits[4].evidence.push_back({"back", lib + "libsnappy.a(snappy.o)", lib + "librocksdb.a(db.o)"});
  record.edits[4].evidence.push_back({"own", lib + "libsnappy.a(a.o)", lib + "libsnappy.a(b.o)"});
  const Needs needs = FindNeeds(record);
  EXPECT_EQ(needs.Chain(needs.nodes.size()).size(), 0U);
  EXPECT_TRUE(IsWellFormed(GraphSvg(record)));
  EXPECT_TRUE(IsWellFormed(HtmlText(record)));
}

TEST(HtmlTest, SaysWhatChangedAndWhyAsADifference) {
  const std::string page = HtmlText(Cascade(), {.name = "./kv"});
  ASSERT_TRUE(IsWellFormed(page)) << page;
  EXPECT_THAT(page, HasSubstr("<h1>kv</h1><span class=\"badge good\">static executable</span>"));
  EXPECT_THAT(page, HasSubstr("<li class=\"added\"><span class=\"sign\">+</span><span class=\"word\">-lsnappy</span>"
                              "<span class=\"why\">librocksdb.a(compression.o) needs snappy::RawCompress "
                              "<span class=\"tag\">add-archive</span></span></li>"));
  EXPECT_THAT(page, HasSubstr("<li class=\"removed\"><span class=\"sign\">−</span><span class=\"word\">-lresolv</span>"
                              "<span class=\"why\">nothing needs it <span class=\"tag\">drop-lresolv</span>"));
  EXPECT_THAT(page,
              HasSubstr("<span class=\"word\">nss_files.o</span><span class=\"why\">look-ups use files and DNS "));
  EXPECT_THAT(page, Not(HasSubstr("/proc/")));
  EXPECT_THAT(page, HasSubstr("7 arguments as before")) << "what stayed is folded";
  EXPECT_THAT(page, HasSubstr("user and host look-ups see /etc files and DNS"));
  EXPECT_THAT(page, HasSubstr("2026-08-01"));
}

TEST(HtmlTest, SaysWhyEachArchiveIsThereAndHowMuchItBrings) {
  const std::string page = HtmlText(Cascade());
  EXPECT_THAT(page, HasSubstr("your program names it: <code>-lrocksdb</code>"));
  EXPECT_THAT(page, HasSubstr("librocksdb.a(db.o) needs <code>std::cout</code> and 1 more of libstdc++.a"));
  EXPECT_THAT(page, HasSubstr("libstdc++.a(hash.o) needs <code>ceilf</code> of libm.a"));
  EXPECT_THAT(page, HasSubstr(">20.0 MB</td>"));
  EXPECT_THAT(page, HasSubstr("nothing of them is used: libcryp.a"));
  // The largest first, its bar of full width; the program's is 6 of 20 MB.
  EXPECT_LT(page.find("<b>librocksdb.a</b>"), page.find("<b>your program</b>"));
  EXPECT_LT(page.find("<b>your program</b>"), page.find("<b>libstdc++.a</b>"));
  EXPECT_THAT(page, HasSubstr("bar given\" style=\"width:100.0%"));
  EXPECT_THAT(page, HasSubstr("bar program\" style=\"width:30.0%"));
}

TEST(HtmlTest, TellsAFailureFirst) {
  const std::string page = HtmlText(Failed());
  ASSERT_TRUE(IsWellFormed(page)) << page;
  EXPECT_THAT(page, HasSubstr("<span class=\"badge bad\">not linked</span>"));
  EXPECT_THAT(page, HasSubstr("zlibVersoin"));
  EXPECT_THAT(page, HasSubstr("CGO_LD_SHIM_STATIC=prefer"));
  EXPECT_LT(page.find("Why it could not be linked"), page.find("What was changed"));
  EXPECT_THAT(page, Not(HasSubstr("The same with plain")));
  EXPECT_THAT(page, Not(HasSubstr("When it runs"))) << "it never will";
}

TEST(HtmlTest, LoadsNothingAndRunsNothing) {
  for (const LinkRecord& record : {Cascade(), Failed(), LinkRecord()}) {
    // The name of a namespace is no address.
    const std::string page = absl::StrReplaceAll(HtmlText(record), {{"xmlns=\"http://www.w3.org/2000/svg\"", ""}});
    for (const char* word : {"<script", "http:", "https:", "src=", "href=", "url(", "@import", "<link", " onload"})
      EXPECT_THAT(page, Not(HasSubstr(word)));
    EXPECT_TRUE(IsWellFormed(page));
  }
}

// Each of two thousand archives needs the one before it, and every tenth.
TEST(HtmlTest, ThousandsOfArchivesAreAPageThatABrowserShows) {
  LinkRecord record = Cascade();
  constexpr int kArchives = 2000;
  const auto unit = [](int i) { return absl::StrCat(kLib, "libmany", i, ".a(m.o)"); };
  for (int i = 0; i < kArchives; ++i) {
    InputRecord input{.path = absl::StrCat(kLib, "libmany", i, ".a"), .kind = "archive", .origin = "given"};
    input.members = {"m.o"};
    input.used_bytes = static_cast<uint64_t>(1000 + i);
    input.first_use = {absl::StrCat("f", i), i + 1 < kArchives ? unit(i + 1) : "000000.o", unit(i)};
    record.inputs.push_back(input);
    for (int j = 0; j < i; j += 10) record.edits[0].evidence.push_back({absl::StrCat("g", j), unit(i), unit(j)});
  }
  const Needs needs = Condensed(FindNeeds(Printable(record)), 100);
  EXPECT_LE(needs.nodes.size(), 105U);
  uint64_t bytes = 0;
  for (const NeedNode& node : needs.nodes) bytes += node.bytes;
  uint64_t all = 0;
  for (const NeedNode& node : FindNeeds(Printable(record)).nodes) all += node.bytes;
  EXPECT_EQ(bytes, all) << "nothing is lost";
  const std::string page = HtmlText(record);
  EXPECT_LT(page.size(), 5'000'000U);
  EXPECT_THAT(page, HasSubstr("more files"));
  EXPECT_TRUE(IsWellFormed(absl::StrReplaceAll(page, {{"xmlns=\"http://www.w3.org/2000/svg\"", ""}})));
  EXPECT_LT(GraphSvg(record).size(), 2'000'000U);
}

// Names come from object files, archives and directories that others made.
TEST(HtmlTest, KeepsHostileNamesInTheirPlace) {
  const std::string evil = "x\"'><script>alert(1)</script><!--&#x202e;]]>\033[31m\xff";
  LinkRecord record = Failed();
  record.package = record.output = record.target = record.libc.version = record.compiler = record.linker = evil;
  record.version = record.mode = record.cwd = evil;
  record.notes = record.searched = {evil, evil + "\n" + evil};
  record.ways_out = {{evil, evil}, {evil + "\n" + evil}};
  record.argv.push_back(evil);
  record.driver_argv.push_back(evil + "2");
  record.phases_ms.emplace_back(evil, 3);
  for (rules::Edit& edit : record.edits) {
    edit.because += evil;
    edit.rule = rules::RuleRef::FromText(edit.rule.text() + evil);
    if (!edit.after.empty()) edit.after.push_back(evil + "2");
    for (symbols::Evidence& evidence : edit.evidence) {
      evidence.symbol += evil;
      evidence.wanted_by = evil + evidence.wanted_by;
      evidence.provided_by = evil + evidence.provided_by;
    }
  }
  for (InputRecord& input : record.inputs) {
    input.path += evil;
    input.as += evil;
    input.first_use.symbol = evil;
  }
  for (MissingRecord& missing : record.missing) {
    missing.symbol = missing.demangled = missing.hint = missing.package = evil;
    missing.wanted_by.push_back(evil);
    if (!missing.shared_library.empty()) missing.shared_library = evil;
  }
  for (const char* outcome : {"failed", "linked"}) {
    record.outcome = outcome;
    for (const std::string& text : {HtmlText(record, {.name = evil}), GraphSvg(record)}) {
      ASSERT_TRUE(IsWellFormed(text)) << text;
      EXPECT_THAT(text, Not(HasSubstr("<script")));
      EXPECT_THAT(text, Not(HasSubstr("<!--")));
      EXPECT_THAT(text, Not(HasSubstr("\033")));
      EXPECT_THAT(text, Not(HasSubstr("\xff")));
    }
  }
}

TEST(HtmlTest, IsTheSameForTheSameRecord) {
  EXPECT_EQ(HtmlText(Cascade()), HtmlText(Cascade()));
  EXPECT_EQ(GraphSvg(Failed()), GraphSvg(Failed()));
  const absl::StatusOr<LinkRecord> read = FromJson(ToJson(Failed()));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(HtmlText(*read), HtmlText(Failed())) << "of a record that was stored and read again";
}

TEST(SvgTest, HasABoxForEachFileThatIsNeededAndAnArrowForEachNeed) {
  const std::string svg = GraphSvg(Cascade());
  ASSERT_TRUE(IsWellFormed(svg)) << svg;
  EXPECT_TRUE(absl::StartsWith(svg, "<svg class=\"shim-graph\" xmlns=\"http://www.w3.org/2000/svg\" width=\""));
  for (const char* name : {"your program", "librocksdb.a", "libsnappy.a", "libstdc++.a", "libm.a"})
    EXPECT_THAT(svg, HasSubstr(absl::StrCat(">", name, "</text>")));
  EXPECT_THAT(svg, Not(HasSubstr("libcryp.a"))) << "nothing needs it";
  EXPECT_THAT(svg, HasSubstr("<title>librocksdb.a needs std::cout, std::cerr of libstdc++.a</title>"));
  size_t arrows = 0;
  for (size_t at = svg.find("class=\"edge"); at != std::string::npos; at = svg.find("class=\"edge", at + 1)) ++arrows;
  EXPECT_EQ(arrows, FindNeeds(Cascade()).edges.size());
}

TEST(SvgTest, OfAnEmptyRecordIsTheProgramAlone) {
  const std::string svg = GraphSvg(LinkRecord());
  ASSERT_TRUE(IsWellFormed(svg)) << svg;
  EXPECT_THAT(svg, HasSubstr(">your program</text>"));
  EXPECT_THAT(svg, Not(HasSubstr("class=\"edge")));
}

TEST(SvgTest, ShowsWhatIsMissing) {
  const std::string svg = GraphSvg(Failed());
  EXPECT_THAT(svg, HasSubstr("<g class=\"box missing\">"));
  EXPECT_THAT(svg, HasSubstr(">libgssapi.so</text>"));
  EXPECT_THAT(svg, HasSubstr(">defined nowhere</text>"));
}

}  // namespace
}  // namespace cgo_ld_shim::report
