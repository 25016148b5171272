// Random links, judged by the linkers themselves: what the resolver says links, lld and GNU ld link; what it says
// cannot be linked, lld cannot.
#include <random>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "backend/backend.h"
#include "gtest/gtest.h"
#include "resolve/resolve.h"
#include "support/process.h"
#include "tests/support/link_fixture.h"
#include "tests/support/random_link.h"

namespace cgo_ld_shim::resolve {
namespace {

using test_support::LinkFixture;
using test_support::MakeRandomLink;

std::vector<std::string> LinkerArguments(const Resolution& resolution) {
  std::vector<std::string> argv;
  int group = -1;
  for (const plan::PlanInput& input : resolution.inputs) {
    const int own = input.group >= kCycleGroup ? input.group : -1;
    if (own != group && group >= 0) argv.push_back("--end-group");
    if (own != group && own >= 0) argv.push_back("--start-group");
    group = own;
    argv.push_back(input.path);
  }
  if (group >= 0) argv.push_back("--end-group");
  return argv;
}

TEST(ResolvePropertyTest, LinkersAgree) {
  int linked = 0, refused = 0, reordered = 0;
  for (unsigned seed = 1; seed <= 250; ++seed) {
    std::mt19937 random(seed);
    LinkFixture link;
    const std::string line = MakeRandomLink({}, &random, &link);
    const Resolution resolution = link.Resolve(line);
    const bool says = resolution.missing.empty() && resolution.duplicates.empty();
    const std::vector<std::string> inputs = LinkerArguments(resolution);
    SCOPED_TRACE(absl::StrCat("seed ", seed, ": ", line, "\n-> ", absl::StrJoin(inputs, " "),
                              "\nmissing: ", test_support::MissingSymbols(resolution)));

    std::vector<std::string> lld = {"ld.lld", "-static", "-o", link.Path("out.lld")};
    lld.insert(lld.end(), inputs.begin(), inputs.end());
    const backend::Outcome by_lld = backend::LinkEmbedded(lld);
    EXPECT_EQ(by_lld.exit_status == 0, says) << by_lld.messages;

    std::vector<std::string> bfd = {"ld", "-static", "-o", link.Path("out.bfd")};
    bfd.insert(bfd.end(), inputs.begin(), inputs.end());
    const absl::StatusOr<support::ProcessResult> by_bfd = support::RunProcess(bfd, {.merge_stderr = true});
    ASSERT_TRUE(by_bfd.ok()) << by_bfd.status();
    // GNU ld may take another of several definitions and so meet a duplicate that lld does not; what it may never lack
    // is a symbol.
    if (says) {
      EXPECT_FALSE(absl::StrContains(by_bfd->output, "undefined reference")) << by_bfd->output;
    }
    linked += says;
    refused += !says;
    reordered += resolution.reordered;
    if (HasFailure()) return;
  }
  // The links are of all kinds, or this test would say little.
  EXPECT_GT(linked, 40);
  EXPECT_GT(refused, 40);
  EXPECT_GT(reordered, 10);
}

TEST(ResolvePropertyTest, WhatIsAddedIsMinimal) {
  for (unsigned seed = 1; seed <= 120; ++seed) {
    std::mt19937 random(seed);
    LinkFixture link;
    const std::string line = MakeRandomLink({}, &random, &link);
    const Resolution resolution = link.Resolve(line);
    for (const Added& added : resolution.added) {
      const plan::LinkPlan plan = link.Plan(line);
      Simulation without(plan);
      for (size_t i = 0; i < resolution.inputs.size(); ++i) {
        if (resolution.inputs[i].path != added.path) without.Add(resolution.inputs[i]);
      }
      // Something is missing without it that was not: by name, because it may itself have wanted more than it gave.
      std::set<std::string> still;
      for (const Unresolved& missing : resolution.missing) still.insert(missing.symbol);
      const std::vector<Missing> now = without.FindMissing();
      EXPECT_TRUE(std::any_of(now.begin(), now.end(),
                              [&](const Missing& missing) { return !still.contains(std::string(missing.symbol)); }))
          << "seed " << seed << ": " << line << " needs no " << added.path;
    }
  }
}

}  // namespace
}  // namespace cgo_ld_shim::resolve
