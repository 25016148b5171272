// Random links that fail: every way out that is kept, carried out, does what it says, as lld itself finds where the
// program becomes static; and a setting that was not kept does not help.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "backend/backend.h"
#include "gtest/gtest.h"
#include "support/file.h"
#include "tests/support/random_link.h"
#include "tests/unit/link/fakes.h"

namespace cgo_ld_shim::link {
namespace {

using diagnose::WayOut;
using test_support::ObjectBuilder;

class RealLld : public FakeLinker {
 public:
  backend::Outcome Embedded(const std::vector<std::string>& argv) override {
    backend::Outcome outcome = backend::LinkEmbedded(argv);
    static_links += outcome.exit_status == 0;
    return outcome;
  }
  int static_links = 0;
};

// A compiler that makes objects with the functions of our stubs: `extern void g0(void) __asm__("NAME") …`.
class CompilerOfStubs : public support::ProcessRunner {
 public:
  absl::StatusOr<support::ProcessResult> Run(const std::vector<std::string>& argv,
                                             const support::ProcessOptions& options) override {
    const absl::StatusOr<std::string> source =
        support::ReadFile(absl::StrCat(options.working_directory, "/", argv.back()));
    if (!source.ok()) return source.status();
    ObjectBuilder object;
    for (absl::string_view text : absl::StrSplit(*source, '\n')) {
      if (!absl::ConsumePrefix(&text, "extern void g")) continue;
      const std::vector<absl::string_view> parts = absl::StrSplit(text, '"');
      if (parts.size() > 1) object.Define(parts[1]);
    }
    std::string path = absl::StrCat(options.working_directory, "/", absl::StripSuffix(argv.back(), ".c"), ".o");
    const absl::Status written = support::WriteFileAtomically(path, object.Build(), 0600);
    if (!written.ok()) return written;
    return support::ProcessResult{};
  }
};

// The link with the change that a way out stands for, done. Other code is stood for by its symbols.
Result CarryOut(const WayOut& way, std::string line, FakeLink* link) {
  const support::Settings settings = link->settings;
  const std::vector<std::string> environment = link->environment;
  for (const auto& [name, value] : way.change->settings) link->environment.push_back(absl::StrCat(name, "=", value));
  std::vector<const char*> pointers;
  for (const std::string& variable : link->environment) pointers.push_back(variable.c_str());
  pointers.push_back(nullptr);
  link->settings = *support::ReadSettings(pointers.data());
  for (const std::string& symbol : way.change->assume) absl::StrAppend(&line, " -Wl,--defsym=", symbol, "=0");
  if (way.change->once) absl::StrAppend(&line, " -Wl,--allow-multiple-definition");
  Result result = link->Do(line);
  link->settings = settings;
  link->environment = environment;
  return result;
}

TEST(WaysPropertyTest, WhatIsKeptHelpsAndWhatIsNotDoesNot) {
  int problems = 0, kept_settings = 0, lost_settings = 0, built = 0, linked = 0;
  for (unsigned seed = 1; seed <= 700 && problems < 200; ++seed) {
    std::mt19937 random(seed);
    FakeLink link;
    CompilerOfStubs compiler;
    const support::ScopedProcessRunner scoped(&compiler);
    auto lld = std::make_unique<RealLld>();
    const RealLld& links = *lld;
    link.Use(std::move(lld));
    std::string line = test_support::MakeRandomLink({.shared = true, .clashes = seed % 2 == 0, .program = "go/go.o"},
                                                    &random, &link.files);
    // lld runs in the directory of the test.
    line = absl::StrCat("-o ", link.files.Path("a.out"), " ",
                        absl::StrReplaceAll(line, {{"go/go.o", link.files.Path("go/go.o")},
                                                   {"-Llib", absl::StrCat("-L", link.files.Path("lib"))}}));
    const std::vector<WayOut> proposed = link.Propose(line);
    if (proposed.empty()) continue;
    const std::vector<WayOut> kept = link.Keep(line, proposed);
    bool has_way = false;
    for (const WayOut& way : kept) {
      if (!way.change) continue;
      const bool promises = absl::StrContains(way.meaning, "links");
      if (!promises) continue;
      has_way = true;
      SCOPED_TRACE(absl::StrCat("seed ", seed, ": ", line, "\n", way.action, ": ", way.meaning));
      const Result result = CarryOut(way, line, &link);
      ASSERT_EQ(result.exit_status, 0) << result.screen;
      const bool dynamic = absl::StrContains(way.meaning, "dynamic for libc");
      EXPECT_EQ(result.record.mode == "static", !dynamic) << result.record.mode;
      if (!dynamic) {
        EXPECT_TRUE(backend::VerifyStatic(link.files.Path("a.out")).ok());
      }
      kept_settings += !way.change->settings.empty();
      built += way.change->settings.empty();
    }
    for (const WayOut& way : proposed) {
      if (!way.change || way.change->settings.empty()) continue;
      if (std::any_of(kept.begin(), kept.end(), [&](const WayOut& other) { return other.change == way.change; }))
        continue;
      SCOPED_TRACE(absl::StrCat("seed ", seed, ": ", line, "\nnot kept: ", way.action));
      const Result result = CarryOut(way, line, &link);
      // Whether a dynamic program links, only a real compiler could say.
      if (result.record.mode != "static") continue;
      EXPECT_NE(result.exit_status, 0);
      ++lost_settings;
    }
    problems += has_way;
    linked += links.static_links;
    if (HasFailure()) return;
  }
  std::printf("%d problems, %d settings kept, %d not, %d other builds, %d links by lld\n", problems, kept_settings,
              lost_settings, built, linked);
  EXPECT_GE(problems, 150);
  EXPECT_GT(kept_settings, 100);
  EXPECT_GT(lost_settings, 10);
  EXPECT_GT(linked, 100);
}

}  // namespace
}  // namespace cgo_ld_shim::link
