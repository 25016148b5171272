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

std::string NameOf(const testing::TestParamInfo<Kind>& kind) { return kind.param.name; }
INSTANTIATE_TEST_SUITE_P(Kinds, DifferentialTest, testing::ValuesIn(kKinds), NameOf);
INSTANTIATE_TEST_SUITE_P(Kinds, SlowDifferentialTest, testing::ValuesIn(kKinds), NameOf);
INSTANTIATE_TEST_SUITE_P(Kinds, DifferentialForeignTest, testing::ValuesIn(kForeignKinds), NameOf);

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
