// Programs of all kinds, linked by gcc with GNU ld and by cgo-ld-shim: program.h says how, README.md which differ on
// purpose. Every second one is in ./dev test; the others are with --all.
#include <algorithm>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/differential/program.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::differential {
namespace {

using e2e::HasZig;

void RunKind(const Kind& kind, Libc libc, bool slow) {
  const std::vector<Program> programs = kind.programs();
  const char* only = std::getenv("DIFFERENTIAL_ONLY");
  int count = 0, differing = 0;
  for (size_t i = 0; i < programs.size(); ++i) {
    if (only != nullptr ? programs[i].name != only : (i % 2 == 1) != slow) continue;
    if (libc == Libc::kMusl && !programs[i].c_alone) continue;
    const std::string difference = Difference(programs[i], libc);
    ++count;
    differing += !difference.empty();
    EXPECT_EQ(difference, "") << "program " << programs[i].name;
  }
  if (differing > 0) ADD_FAILURE() << differing << " of " << count << " programs differ";
}

class DifferentialTest : public testing::TestWithParam<Kind> {};
class SlowDifferentialTest : public testing::TestWithParam<Kind> {};
class DifferentialForeignTest : public testing::TestWithParam<Kind> {};
class DifferentialMuslArchivesTest : public testing::TestWithParam<Kind> {};

TEST_P(DifferentialTest, Glibc) { RunKind(GetParam(), Libc::kGlibc, false); }
TEST_P(SlowDifferentialTest, Glibc) { RunKind(GetParam(), Libc::kGlibc, true); }
TEST_P(DifferentialTest, Musl) {
  SKIP_WITHOUT_ZIG();
  RunKind(GetParam(), Libc::kMusl, false);
}
TEST_P(SlowDifferentialTest, Musl) {
  SKIP_WITHOUT_ZIG();
  RunKind(GetParam(), Libc::kMusl, true);
}
TEST_P(DifferentialForeignTest, Musl) {
  SKIP_WITHOUT_ZIG();
  RunKind(GetParam(), Libc::kForeign, false);
  RunKind(GetParam(), Libc::kForeign, true);
}
TEST_P(DifferentialMuslArchivesTest, Musl) {
  SKIP_WITHOUT_ZIG();
  RunKind(GetParam(), Libc::kMuslArchives, false);
  RunKind(GetParam(), Libc::kMuslArchives, true);
}

std::string NameOf(const testing::TestParamInfo<Kind>& kind) { return kind.param.name; }
INSTANTIATE_TEST_SUITE_P(Kinds, DifferentialTest, testing::ValuesIn(kKinds), NameOf);
INSTANTIATE_TEST_SUITE_P(Kinds, SlowDifferentialTest, testing::ValuesIn(kKinds), NameOf);
INSTANTIATE_TEST_SUITE_P(Kinds, DifferentialForeignTest, testing::ValuesIn(kForeignKinds), NameOf);
INSTANTIATE_TEST_SUITE_P(Kinds, DifferentialMuslArchivesTest, testing::ValuesIn(kMuslArchiveKinds), NameOf);

// zig's driver is not clang's: for -O1 and more it defines NDEBUG and makes __DATE__ an error, and it traps on
// undefined behaviour. None of that is what gcc does with a file.
TEST(DifferentialCompileTest, ZigCompilesWhatGccWould) {
  SKIP_WITHOUT_ZIG();
  const std::string directory = e2e::MakeTempDirectory();
  e2e::WriteText(
      directory + "/plain.c",
      "#include <assert.h>\nconst char *date = __DATE__ __TIME__;\n"
      "#if defined NDEBUG || defined _FORTIFY_SOURCE || defined __SSE3__ || defined __AVX__\n#error added\n#endif\n"
      "int shift(int n) { return 1 << n; }\n");
  e2e::WriteText(directory + "/asked.c", "#ifndef NDEBUG\n#error not kept\n#endif\n");
  for (const char* target : {"GOARCH=amd64", "GOARCH=arm64", "GOOS=windows"}) {
    const e2e::Environment environment = {"CGO_LD_SHIM_LIBC=musl", target};
    for (const char* level : {"-O0", "-O1", "-O2", "-O3", "-Os", "-Og"}) {
      const e2e::ProcessResult plain = e2e::RunProgram(
          {e2e::Shim(), "-c", level, "-g", "-Werror", "plain.c", "-o", "plain.o"}, environment, directory);
      EXPECT_TRUE(e2e::Succeeded(plain)) << target << " " << level;
      EXPECT_EQ(plain.error, "");
      EXPECT_TRUE(e2e::Succeeded(
          e2e::RunProgram({e2e::Shim(), "-c", level, "-DNDEBUG", "asked.c", "-o", "asked.o"}, environment, directory)))
          << target << " " << level;
    }
    EXPECT_EQ(e2e::ReadText(directory + "/plain.o").find("__ubsan"), std::string::npos);
  }
  // What the user asks for is done.
  EXPECT_TRUE(e2e::Refused(e2e::RunProgram({e2e::Shim(), "-c", "-O2", "-Werror=date-time", "plain.c", "-o", "plain.o"},
                                           {"CGO_LD_SHIM_LIBC=musl"}, directory)));
}

TEST(DifferentialCoverage, AtLeastThreeHundredProgramsWithNamesOfTheirOwn) {
  std::vector<std::string> names;
  for (const Kind& kind : kKinds) {
    for (const Program& program : kind.programs()) names.push_back(absl::StrCat(kind.name, "/", program.name));
  }
  EXPECT_GE(names.size(), 300u);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

}  // namespace
}  // namespace cgo_ld_shim::differential
