// The modules of testdata/modules, and with DIFFERENTIAL_CORPUS=DIRECTORY those of another corpus (corpus.h), by gcc
// and by cgo-ld-shim.
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/differential/corpus.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::differential {
namespace {

using e2e::HasZig;

struct Module {
  const char* name;
  bool quick;
  std::vector<std::vector<std::string>> builds = {{"build"}};
  std::vector<std::string> arguments = {};
  bool musl = true;
};

// Not here: `library`, which is no program, and `container`, which wants a container without any library.
std::vector<Module> Modules() {
  return {
      {"hello", true},
      {"asm", true},
      {"cxx", true},
      {"osuser", true},
      {"netonly", false, {{"test", "-c"}}},
      {"nethttp", false},
      {"demo", false},
      // Dynamic in any case, and no plugin is opened on musl.
      {"plugin",
       false,
       {{"build", "-buildmode=plugin", "-o", "greeter.so", "./greeter"}, {"build", "./host"}},
       {"{dir}/greeter.so"},
       false},
  };
}

Case CaseOf(const Module& module) {
  return {.name = module.name,
          .directory = absl::StrCat(CGO_LD_SHIM_TESTDATA, "/modules/", module.name),
          .builds = module.builds,
          .arguments = module.arguments};
}

void RunModules(Libc libc, bool quick) {
  for (const Module& module : Modules()) {
    if (module.quick != quick || (libc == Libc::kMusl && !module.musl)) continue;
    EXPECT_EQ(Difference(CaseOf(module), libc), "") << "module " << module.name;
  }
}

TEST(DifferentialModules, Glibc) { RunModules(Libc::kGlibc, true); }
TEST(DifferentialModules, Musl) {
  SKIP_WITHOUT_ZIG();
  RunModules(Libc::kMusl, true);
}
TEST(SlowDifferentialModules, Glibc) { RunModules(Libc::kGlibc, false); }
TEST(SlowDifferentialModules, Musl) {
  SKIP_WITHOUT_ZIG();
  RunModules(Libc::kMusl, false);
}

// On demand: each case of the corpus that DIFFERENTIAL_CORPUS names.
struct Chosen {
  Case program;
  Libc libc;
};
std::vector<Chosen> ChosenCases() {
  std::vector<Chosen> chosen;
  const char* directory = std::getenv("DIFFERENTIAL_CORPUS");
  if (directory == nullptr) return chosen;
  for (Libc libc : {Libc::kGlibc, Libc::kMusl}) {
    for (const Case& program : ReadCorpus(directory, libc)) chosen.push_back({program, libc});
  }
  return chosen;
}

class DifferentialCorpusTest : public testing::TestWithParam<Chosen> {};
TEST_P(DifferentialCorpusTest, IsTheSame) {
  if (GetParam().libc == Libc::kMusl) SKIP_WITHOUT_ZIG();
  const std::string difference = Difference(GetParam().program, GetParam().libc);
  if (absl::StartsWith(difference, "skipped: ")) GTEST_SKIP() << difference;
  EXPECT_EQ(difference, "");
}
INSTANTIATE_TEST_SUITE_P(, DifferentialCorpusTest, testing::ValuesIn(ChosenCases()), [](const auto& info) {
  return absl::StrCat(info.param.libc == Libc::kMusl ? "Musl_" : "Glibc_", info.param.program.name);
});
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DifferentialCorpusTest);

}  // namespace
}  // namespace cgo_ld_shim::differential
