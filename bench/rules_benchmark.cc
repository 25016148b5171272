// From a resolved link to the line of the driver, for a link like Go's of package net: flags that go, one library that
// comes.
#include <string>

#include "benchmark/benchmark.h"
#include "rules/line.h"
#include "support/settings.h"
#include "tests/support/elf.h"
#include "tests/support/link_fixture.h"
#include "toolchain/driver.h"

namespace cgo_ld_shim::rules {
namespace {

using test_support::LinkFixture;
using test_support::ObjectBuilder;

void BM_EditLine(benchmark::State& state) {
  LinkFixture link;
  link.Archive("sys/libm.a", {{"ceilf.o", ObjectBuilder().Define("ceilf")}});
  link.Archive("sys/libresolv.a", {{"r.o", ObjectBuilder().Define("ns_initparse")}});
  link.Object("go.o", ObjectBuilder().Define("main").Reference("write").Reference("ceilf"));
  const std::string line =
      "-m64 -Wl,--build-id=0x12 -o out -rdynamic -Wl,-z,relro -Wl,--compress-debug-sections=zlib go.o -O2 -g -lresolv "
      "-O2 -g -no-pie";
  const invocation::Invocation call = link.Call(line);
  const plan::LinkPlan plan = link.Plan(line);
  const resolve::Resolution resolution = resolve::Resolve(plan, link.toolchain(), link.cache());
  const support::Settings settings;
  const toolchain::Driver driver;
  for (auto step : state) {
    const Edits edits = EditLine({call, plan, resolution, link.toolchain(), settings, driver, {}, {}});
    if (edits.log().empty()) state.SkipWithError("nothing was changed");
    benchmark::DoNotOptimize(edits.Words());
  }
}
BENCHMARK(BM_EditLine);

}  // namespace
}  // namespace cgo_ld_shim::rules
