// A record as JSON and back, and build IDs.
#include "report/record.h"
#include "report/text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/match.h"

namespace cgo_ld_shim::report {
namespace {

using diagnose::CauseId;
using rules::RuleId;

LinkRecord FullRecord() {
  LinkRecord record;
  record.version = "0.1.0";
  record.time_ms = 1785600000123;
  record.outcome = "linked";
  record.package = "example.com/kv";
  record.output = "/tmp/go-build1/b001/exe/a.out";
  record.output_size = uint64_t{41} << 32;
  record.build_id = "9c26b09f";
  record.cwd = "/home/u/kv";
  record.mode = "static";
  record.target = "x86_64-linux-gnu";
  record.libc = target::ParseLibc("glibc 2.36");
  record.compiler = "gcc version 12.2.0 (Debian 12.2.0-14)";
  record.linker = "lld 22.1.8 (in process)";
  record.fingerprint = "0123456789abcdef";
  record.argv = {"cgo-ld-shim", "-o", "a.out", "go.o"};
  record.driver_argv = {"/usr/bin/gcc", "-o", "a.out", "go.o", "-lz", "-static"};
  record.linker_argv = {"ld.lld", "-static"};
  record.edits = {{RuleId::kAddArchive,
                   {"-lold"},
                   {"-lz"},
                   "1 symbol missing without it",
                   {{"deflate", "go.o", "libz.a(deflate.o)"}}}};
  record.inputs = {{"/usr/lib/libz.a",
                    "archive",
                    "added",
                    145002,
                    "-lz",
                    {"deflate.o", "adler32.o"},
                    9000,
                    {"deflate", "go.o", "libz.a(deflate.o)"}}};
  record.missing = {{"_ZN3foo3barEv",
                     "foo::bar()",
                     true,
                     {"go.o"},
                     {{"main.go", 5, "hi"}},
                     "/w/libuser.a",
                     "",
                     "example.com/kv",
                     "-lfoo",
                     "/usr/lib/libfoo.so",
                     "libfoo-dev",
                     true,
                     CauseId::kOnlyShared,
                     "a hint",
                     {"libbar.a (wrong)"}}};
  record.ways_out = {{"build it"}, {"STATIC=prefer", "then it is dynamic"}};
  record.unresolved = {"late"};
  record.program_uses = {"deflate"};
  record.notes = {"a note"};
  record.searched = {"/usr/lib"};
  record.phases_ms = {{"classify", 0.125}, {"link", 310.5}};
  record.lost = {{"lld 22.1.8 (in process)", "static", 1, 11, "ld.lld: error"}};
  record.exit_status = 1;
  return record;
}

TEST(RecordTest, IsOneLineWithItsFieldsInTheOrderOfTheSchema) {
  EXPECT_EQ(
      ToJson(FullRecord()),
      R"j({"schema":1,"version":"0.1.0","time_ms":1785600000123,"outcome":"linked","package":"example.com/kv",)j"
      R"j("output":"/tmp/go-build1/b001/exe/a.out","output_size":176093659136,"build_id":"9c26b09f","cwd":"/home/u/kv",)j"
      R"j("mode":"static","target":"x86_64-linux-gnu","libc":"glibc 2.36",)j"
      R"j("compiler":"gcc version 12.2.0 (Debian 12.2.0-14)","linker":"lld 22.1.8 (in process)",)j"
      R"j("fingerprint":"0123456789abcdef","argv":["cgo-ld-shim","-o","a.out","go.o"],)j"
      R"j("driver_argv":["/usr/bin/gcc","-o","a.out","go.o","-lz","-static"],"linker_argv":["ld.lld","-static"],)j"
      R"j("rewrites":[{"rule":"add-archive","before":["-lold"],"after":["-lz"],"because":"1 symbol missing without it",)j"
      R"j("evidence":[{"symbol":"deflate","wanted_by":"go.o","provided_by":"libz.a(deflate.o)"}]}],)j"
      R"j("inputs":[{"path":"/usr/lib/libz.a","kind":"archive","origin":"added","bytes":145002,"as":"-lz",)j"
      R"j("members":["deflate.o","adler32.o"],"used_bytes":9000,)j"
      R"j("first_use":{"symbol":"deflate","wanted_by":"go.o","provided_by":"libz.a(deflate.o)"}}],)j"
      R"j("missing":[{"symbol":"_ZN3foo3barEv","demangled":"foo::bar()","from_program":true,"wanted_by":["go.o"],"places":[{"file":"main.go","line":5,"function":"hi"}],)j"
      R"j("on_behalf_of":"/w/libuser.a","package":"example.com/kv","named_by":"-lfoo","shared_library":"/usr/lib/libfoo.so",)j"
      R"j("owner_package":"libfoo-dev","archive_beside":true,"cause":"only-shared","hint":"a hint","candidates":["libbar.a (wrong)"]}],)j"
      R"j("ways_out":["build it","STATIC=prefer    then it is dynamic"],"unresolved":["late"],"program_uses":["deflate"],"notes":["a note"],"searched":["/usr/lib"],)j"
      R"j("phases_ms":[{"phase":"classify","ms":0.125},{"phase":"link","ms":310.500}],)j"
      R"j("lost":[{"linker":"lld 22.1.8 (in process)","mode":"static","exit_status":1,"signal":11,"said":"ld.lld: error"}],)j"
      R"j("exit_status":1})j");
}

TEST(RecordTest, ComesBackFromJsonAsItWas) {
  const std::string line = ToJson(FullRecord());
  const absl::StatusOr<LinkRecord> back = FromJson(line);
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(ToJson(*back), line);
  EXPECT_EQ(back->ways_out, FullRecord().ways_out);
  EXPECT_TRUE(back->missing[0].from_program);
  EXPECT_EQ(back->missing[0].archive_beside, true);
  EXPECT_EQ(back->output_size, uint64_t{41} << 32);
  EXPECT_EQ(back->edits[0].evidence[0].provided_by, "libz.a(deflate.o)");
}

TEST(RecordTest, ReadsAWayOutAsOlderVersionsWroteItAndOneWithTwoBlanksInItsAction) {
  const absl::StatusOr<LinkRecord> record = FromJson(
      R"j({"schema":1,"ways_out":["ISOLATE=libg.a  a copy of its own","SDKROOT=DIR         an SDK","leave /a  b out    then it links"]})j");
  ASSERT_TRUE(record.ok()) << record.status();
  const std::vector<diagnose::WayOut> expected = {
      {"ISOLATE=libg.a", "a copy of its own"}, {"SDKROOT=DIR", "an SDK"}, {"leave /a  b out", "then it links"}};
  EXPECT_EQ(record->ways_out, expected);
}

TEST(RecordTest, KeepsNamesThatAreNotUtf8AsReplacementCharacters) {
  LinkRecord record;
  record.output = "/tmp/caf\xe9";
  record.argv = {"-L/\xff\xfe", "-ltab\tquote\"back\\"};
  const std::string line = ToJson(record);
  EXPECT_FALSE(absl::StrContains(line, "\n"));
  const absl::StatusOr<LinkRecord> back = FromJson(line);
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(back->output, "/tmp/caf\xef\xbf\xbd");
  EXPECT_EQ(back->argv[1], "-ltab\tquote\"back\\");
}

TEST(RecordTest, WritesATimeThatIsNoNumberAsZero) {
  LinkRecord record;
  record.phases_ms = {{"link", NAN}, {"load", INFINITY}};
  const absl::StatusOr<LinkRecord> back = FromJson(ToJson(record));
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(back->phases_ms[0].second, 0);
}

TEST(RecordTest, IgnoresFieldsThatItDoesNotKnowAndTypesThatItDoesNotExpect) {
  const absl::StatusOr<LinkRecord> record = FromJson(
      R"({"schema":1,"colour":"blue","output":7,"argv":["a",5,"b"],"rewrites":[3,{"rule":"x"}],"exit_status":"one"})");
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->output, "");
  EXPECT_EQ(record->argv, (std::vector<std::string>{"a", "b"}));
  ASSERT_EQ(record->edits.size(), 1u);
  EXPECT_EQ(record->edits[0].rule.text(), "x");
  EXPECT_EQ(record->exit_status, 0);
}

TEST(RecordTest, KeepsIdsThatOnlyAnotherVersionKnows) {
  const std::string line = ToJson(*FromJson(
      R"({"schema":1,"rewrites":[{"rule":"of-tomorrow","because":"b"}],"missing":[{"symbol":"s","cause":"not-yet"}]})"));
  const absl::StatusOr<LinkRecord> record = FromJson(line);
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->edits[0].rule.id(), std::nullopt);
  EXPECT_EQ(record->edits[0].rule.text(), "of-tomorrow");
  EXPECT_EQ(record->missing[0].cause.text(), "not-yet");
  EXPECT_TRUE(absl::StrContains(ExplainText(*record), "b (rule of-tomorrow)")) << ExplainText(*record);
}

TEST(RecordTest, RefusesWhatIsNoRecord) {
  for (const char* text : {"", "null", "[]", "{}", "{\"schema\":0}", "{\"schema\":1", "{\"schema\":\"1\"}", "\177ELF",
                           "{\"schema\":1}}"}) {
    EXPECT_EQ(FromJson(text).status().code(), absl::StatusCode::kDataLoss) << text;
  }
}

TEST(RecordTest, RefusesADeeplyNestedTextInsteadOfExhaustingTheStack) {
  EXPECT_EQ(FromJson(std::string(1000000, '[')).status().code(), absl::StatusCode::kDataLoss);
  // Brackets inside a string do not nest.
  EXPECT_TRUE(FromJson(R"({"schema":1,"output":"[[[[[[[[[[[[[[[[[[[[[[\"[["})").ok());
}

TEST(RecordTest, SaysThatARecordOfALaterSchemaCannotBeRead) {
  const absl::Status status = FromJson(R"({"schema":99})").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(absl::StrContains(status.message(), "later cgo-ld-shim")) << status;
}

// docs/record.md has a row for each name that a record holds.
TEST(RecordTest, HasEachFieldInItsDocument) {
  std::ifstream file(CGO_LD_SHIM_TESTDATA "/../docs/record.md");
  const std::string document((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  ASSERT_FALSE(document.empty());
  const std::string line = ToJson(FullRecord());
  // Names are the strings before a colon.
  for (size_t colon = line.find("\":"); colon != std::string::npos; colon = line.find("\":", colon + 1)) {
    const size_t begin = line.rfind('"', colon - 1) + 1;
    const std::string name = line.substr(begin, colon - begin);
    EXPECT_TRUE(absl::StrContains(document, "`" + name + "`")) << name;
  }
}

TEST(BuildIdTest, IsEmptyForWhatHasNone) {
  EXPECT_EQ(ReadBuildId("/nonexistent"), "");
  EXPECT_EQ(ReadBuildId("/dev/null"), "");
  EXPECT_EQ(ReadBuildId("/"), "");
  const std::string path = testing::TempDir() + "/truncated-elf";
  std::ofstream(path) << "\177ELF\x02\x01\x01";
  EXPECT_EQ(ReadBuildId(path), "");
}

// The smallest ELF file with a build ID: a header, one PT_NOTE, and the note.
TEST(BuildIdTest, IsTheNoteInHex) {
  std::string elf(64 + 56, '\0');
  const auto put = [&](size_t at, uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) elf[at + static_cast<size_t>(i)] = static_cast<char>(value >> (8 * i));
  };
  elf.replace(0, 7, "\177ELF\x02\x01\x01");
  put(16, 2, 2);    // e_type: ET_EXEC
  put(18, 62, 2);   // e_machine: EM_X86_64
  put(20, 1, 4);    // e_version
  put(32, 64, 8);   // e_phoff
  put(52, 64, 2);   // e_ehsize
  put(54, 56, 2);   // e_phentsize
  put(56, 1, 2);    // e_phnum
  put(58, 64, 2);   // e_shentsize
  put(64, 4, 4);    // p_type: PT_NOTE
  put(72, 120, 8);  // p_offset
  put(96, 20, 8);   // p_filesz
  put(104, 20, 8);  // p_memsz
  put(112, 4, 8);   // p_align
  elf.append(std::string("\4\0\0\0\4\0\0\0\3\0\0\0GNU\0\x9c\x26\xb0\x9f", 20));
  const std::string path = testing::TempDir() + "/elf-with-note";
  std::ofstream(path, std::ios::binary) << elf;
  EXPECT_EQ(ReadBuildId(path), "9c26b09f");
}

}  // namespace
}  // namespace cgo_ld_shim::report
