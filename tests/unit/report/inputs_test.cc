// What a record says of the files of a link.
#include "report/inputs.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/link_fixture.h"

namespace cgo_ld_shim::report {
namespace {

using test_support::LinkFixture;
using test_support::ObjectBuilder;

// glibc's libm.a is a text that names two archives.
TEST(InputRecordsTest, TheFilesOfALinkerScriptStandInItsPlace) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("sin"));
  link.Archive("sys/libm-2.36.a", {{"s_sin.o", ObjectBuilder().Define("sin").Reference("_ZGVbN2v_sin")}});
  link.Archive("sys/libmvec.a", {{"v_sin.o", ObjectBuilder().Define("_ZGVbN2v_sin")}});
  link.File("sys/libm.a",
            absl::StrCat("GROUP ( ", link.Path("sys/libm-2.36.a"), " ", link.Path("sys/libmvec.a"), " )"));
  std::string seen;
  for (const InputRecord& input : InputRecords(link.Resolve("go.o -lm"))) {
    if (input.as != "-lm") continue;
    EXPECT_EQ(input.kind, "archive");
    EXPECT_GT(input.bytes, 100U);
    absl::StrAppend(&seen, input.path.substr(input.path.rfind('/') + 1), "(", input.members.at(0), ") ");
  }
  EXPECT_EQ(seen, "libm-2.36.a(s_sin.o) libmvec.a(v_sin.o) ");
}

TEST(ProgramUsesTest, AreTheNamesThatItsObjectsTakeFromArchives) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Define("main").Reference("f").Reference("helper"));
  link.Object("own.o", ObjectBuilder().Define("helper").Reference("f").Reference("e"));
  link.Archive("lib/libf.a", {{"f.o", ObjectBuilder().Define("f").Reference("g")},
                              {"g.o", ObjectBuilder().Define("g")},
                              {"e.o", ObjectBuilder().Define("e")}});
  EXPECT_THAT(ProgramUses(link.Resolve("go.o own.o -Llib -lf")), testing::ElementsAre("e", "f"));
}

}  // namespace
}  // namespace cgo_ld_shim::report
