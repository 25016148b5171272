// What the simulation of a link costs, from the plan on. Each round has a new file cache, as each link of Go's is a
// process of its own.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "benchmark/benchmark.h"
#include "plan/plan.h"
#include "resolve/resolve.h"
#include "tests/support/elf.h"
#include "tests/support/link_fixture.h"

namespace cgo_ld_shim::resolve {
namespace {

using test_support::LinkFixture;
using test_support::ObjectBuilder;

constexpr int kCascade = 20;
constexpr int kOthers = 400;
constexpr int kMembers = 5;
constexpr int kDefinitions = 10;

// Plans and resolves, and checks how many libraries that adds.
void Run(benchmark::State& state, LinkFixture* link, const std::string& line, size_t added) {
  const invocation::Invocation call = link->Call(line);
  for (auto step : state) {
    plan::FileCache cache;
    const plan::LinkPlan plan = plan::Build(call, link->toolchain(), &cache);
    const Resolution resolution = Resolve(plan, link->toolchain(), &cache);
    if (resolution.added.size() != added || !resolution.missing.empty()) state.SkipWithError("resolved otherwise");
    benchmark::DoNotOptimize(resolution);
  }
}

std::string Symbol(absl::string_view library, int member, int number) {
  return absl::StrCat(library, "_function_", member, "_", number);
}

// A library of five members, each of which needs the next one; the last one needs `needs`, unless that is empty.
void WriteLibrary(LinkFixture* link, const std::string& directory, const std::string& name, const std::string& needs) {
  std::vector<std::pair<std::string, ObjectBuilder>> members;
  for (int member = 0; member < kMembers; ++member) {
    ObjectBuilder object;
    for (int i = 0; i < kDefinitions; ++i) object.Define(Symbol(name, member, i));
    if (member + 1 < kMembers) {
      object.Reference(Symbol(name, member + 1, 0));
    } else if (!needs.empty()) {
      object.Reference(Symbol(needs, 0, 0));
    }
    members.emplace_back(absl::StrCat("member", member, ".o"), object);
  }
  link->Archive(absl::StrCat(directory, "/lib", name, ".a"), members);
}

std::string CascadeName(int number) { return absl::StrCat("cascade", number); }

void WriteCascade(LinkFixture* link, const std::string& directory) {
  link->Object("go.o", ObjectBuilder().Reference(Symbol(CascadeName(0), 0, 0)).Reference("malloc"));
  for (int i = 0; i < kCascade; ++i) {
    WriteLibrary(link, directory, CascadeName(i), i + 1 < kCascade ? CascadeName(i + 1) : "");
  }
  for (int i = 0; i < kOthers; ++i) WriteLibrary(link, directory, absl::StrCat("other", i), "");
}

// One object, and what it needs of the C library: nothing to look for.
void BM_ResolveSmallLink(benchmark::State& state) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Define("main").Reference("malloc").Reference("write"));
  Run(state, &link, "-m64 -o out go.o -O2 -g", 0);
}
BENCHMARK(BM_ResolveSmallLink)->Unit(benchmark::kMicrosecond);

// All 20 libraries are named, in the right order.
void BM_ResolveCascadeGiven(benchmark::State& state) {
  LinkFixture link;
  WriteCascade(&link, "lib");
  std::string line = "-m64 -o out go.o -Llib";
  for (int i = 0; i < kCascade; ++i) absl::StrAppend(&line, " -l", CascadeName(i));
  Run(state, &link, line, 0);
}
BENCHMARK(BM_ResolveCascadeGiven)->Unit(benchmark::kMicrosecond);

// Only the first one is named; the other 19 lie beside it, among 400 more.
void BM_ResolveCascadeBeside(benchmark::State& state) {
  LinkFixture link;
  WriteCascade(&link, "lib");
  Run(state, &link, "-m64 -o out go.o -Llib -lcascade0", kCascade - 1);
}
BENCHMARK(BM_ResolveCascadeBeside)->Unit(benchmark::kMicrosecond);

// One archive is missing, and lies among 400 others in the compiler's own directory, which is searched last of all.
void BM_ResolveOneFromSystem(benchmark::State& state) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference(Symbol("first", 0, 0)));
  WriteLibrary(&link, "lib", "first", "second");
  WriteLibrary(&link, "sys", "second", "");
  for (int i = 0; i < kOthers; ++i) WriteLibrary(&link, "sys", absl::StrCat("other", i), "");
  Run(state, &link, "-m64 -o out go.o -Llib -lfirst", 1);
}
BENCHMARK(BM_ResolveOneFromSystem)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace cgo_ld_shim::resolve
