// Two archives that bundle the same library, of different versions: which copy does each end up with, and what gives
// the second one its own?
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "gmock/gmock.h"
#include "tests/e2e/harness.h"
#include "tests/e2e/link_log.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr char kMain[] = R"(package main

// #cgo LDFLAGS: -L${SRCDIR} -lnew -lold
// const char *new_runs_on(void), *old_runs_on(void);
import "C"

func main() { println(C.GoString(C.new_runs_on()), C.GoString(C.old_runs_on())) }
)";

// The bundled library, in an object of its own; `more` is a function that a version may have.
std::string Dep(absl::string_view version, absl::string_view more = "") {
  return absl::Substitute(
      "const char dep_copyright[] = \" dep $0 Copyright the authors \";\n"
      "const char *dep_version(void) { return \"$0\"; }\n$1",
      version, more);
}

std::string TwoCopies(absl::string_view more_in_old = "", absl::string_view old_calls = "") {
  const std::string module = MakeModule({{"main.go", kMain}});
  MakeArchive(absl::StrCat(module, "/libnew.a"),
              {{"new.c", "const char *dep_version(void);\nconst char *new_runs_on(void) { return dep_version(); }\n"},
               {"dep.c", Dep("2.1.0")}});
  MakeArchive(absl::StrCat(module, "/libold.a"),
              {{"old.c", absl::StrCat("const char *dep_version(void);\nint dep_more(void);\n"
                                      "const char *old_runs_on(void) { ",
                                      old_calls, " return dep_version(); }\n")},
               {"dep.c", Dep("1.0.5", more_in_old)}});
  return module;
}

TEST(CopiesTest, TheSecondRunsOnTheFirstOnesUntilItIsIsolated) {
  const std::string module = TwoCopies();
  const std::string log = absl::StrCat(MakeTempDirectory(), "/log");
  EXPECT_EQ(RunStatic(BuildIn(module, {LogTo(log)})).error, "2.1.0 2.1.0\n");
  EXPECT_THAT(ReadLog(log).at(0).Texts("notes"),
              Contains(AllOf(HasSubstr("libold.a has dep_version of its own (1.0.5)"), HasSubstr("libnew.a(dep"),
                             HasSubstr("(2.1.0); CGO_LD_SHIM_ISOLATE=libold.a gives it its own back (tried)"))));
  const std::string again = absl::StrCat(MakeTempDirectory(), "/log");
  EXPECT_EQ(RunStatic(BuildIn(module, {"CGO_LD_SHIM_ISOLATE=libold.a", LogTo(again)})).error, "2.1.0 1.0.5\n");
  EXPECT_THAT(ReadLog(again).at(0).Texts("notes"), Not(Contains(HasSubstr("of its own"))));
}

TEST(CopiesTest, AClashSaysTheVersions) {
  const std::string module = TwoCopies("int dep_more(void) { return 1; }\n", "dep_more();");
  const ProcessResult go = Go(module, {"build", "-o", "program"});
  ASSERT_TRUE(Refused(go));
  EXPECT_THAT(OurWords(go.error),
              AllOf(HasSubstr("of different versions, 2.1.0 and 1.0.5"), HasSubstr("CGO_LD_SHIM_ISOLATE=libold.a")));
  EXPECT_EQ(RunStatic(BuildIn(module, {"CGO_LD_SHIM_ISOLATE=libold.a"})).error, "2.1.0 1.0.5\n");
}

TEST(CopiesTest, EqualCopiesAreNoNews) {
  const std::string module = TwoCopies();
  const std::string log = absl::StrCat(MakeTempDirectory(), "/log");
  ASSERT_TRUE(Succeeded(RunProgram({"cp", "libnew.a", "libold.a"}, {}, module)));
  ASSERT_TRUE(Succeeded(RunProgram({"objcopy", "--redefine-sym", "new_runs_on=old_runs_on", "libold.a"}, {}, module)));
  EXPECT_EQ(RunStatic(BuildIn(module, {LogTo(log)})).error, "2.1.0 2.1.0\n");
  EXPECT_THAT(ReadLog(log).at(0).Texts("notes"), Not(Contains(HasSubstr("of its own"))));
}

// `go build ./...` makes several programs, and one of them may have the library: only none at all is an error.
TEST(CopiesTest, AnIsolateThatServesNoLinkOfTheRunIsAnError) {
  const std::string module = TwoCopies();
  const auto build = [&](const std::string& names) {
    return RunProgram({Shim(), "go", "build", "-o", "program"}, {absl::StrCat("CGO_LD_SHIM_ISOLATE=", names)}, module);
  };
  const ProcessResult wrong = build("libolt.a");
  EXPECT_EQ(wrong.exit_status, 1);
  EXPECT_EQ(wrong.error,
            "cgo-ld-shim: CGO_LD_SHIM_ISOLATE=libolt.a: no archive of the one link of this run has that name, and "
            "nothing was isolated for it\n      example.com/program: libnew.a, libold.a, libpthread.a; did you mean "
            "libold.a?\n");
  const ProcessResult right = build("libold.a");
  EXPECT_TRUE(Succeeded(right));
  EXPECT_EQ(right.error, "");
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
