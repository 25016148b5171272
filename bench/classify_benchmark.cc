// What each call of the compiler pays before anything else, and what the final link pays for its arguments.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "benchmark/benchmark.h"
#include "invocation/invocation.h"

namespace cgo_ld_shim::invocation {
namespace {

// Logged from Go 1.26.8: the final link of a program that uses package net, and a compilation of one of its files. /w
// is Go's work directory, /l the linker's temporary one.
constexpr absl::string_view kFinalLink =
    "-m64 -Wl,--build-id=0x0123456789abcdef0123456789abcdef01234567 -o /w/b001/exe/a.out -rdynamic "
    "-Wl,-z,relro -Wl,--compress-debug-sections=zlib /l/go.o /l/000000.o /l/000001.o /l/000002.o /l/000003.o "
    "/l/000004.o /l/000005.o /l/000006.o /l/000007.o /l/000008.o /l/000009.o /l/000010.o /l/000011.o /l/000012.o "
    "/l/000013.o /l/000014.o /l/000015.o /l/000016.o /l/000017.o /l/000018.o /l/000019.o /l/000020.o "
    "-O2 -g -lresolv -O2 -g -lpthread -no-pie";
constexpr absl::string_view kCompile =
    "-I /usr/local/go/src/net -fPIC -m64 -pthread -Wl,--no-gc-sections -fmessage-length=0 "
    "-ffile-prefix-map=/w/b044=/tmp/go-build -gno-record-gcc-switches -I /w/b044/ -O2 -g "
    "-frandom-seed=0123456789abcdef "
    "-o /w/b044/_x001.o -c cgo_linux.c";

std::vector<std::string> Argv(absl::string_view line) {
  return absl::StrSplit(absl::StrCat("cgo-ld-shim ", line), ' ');
}

void BM_QuickClassify(benchmark::State& state, absl::string_view line) {
  const std::vector<std::string> words = Argv(line);
  std::vector<const char*> argv;
  for (const std::string& word : words) argv.push_back(word.c_str());
  for (auto step : state) {
    benchmark::DoNotOptimize(QuickClassify(static_cast<int>(argv.size()), argv.data()));
  }
}
BENCHMARK_CAPTURE(BM_QuickClassify, Compile, kCompile);
BENCHMARK_CAPTURE(BM_QuickClassify, FinalLink, kFinalLink);

void BM_Classify(benchmark::State& state) {
  const std::vector<std::string> argv = Argv(kFinalLink);
  for (auto step : state) {
    absl::StatusOr<Invocation> call = Classify(argv, "/w");
    if (!call.ok() || call->kind != CallKind::kFinalLink) state.SkipWithError("not taken for a final link");
    benchmark::DoNotOptimize(call);
  }
}
BENCHMARK(BM_Classify);

}  // namespace
}  // namespace cgo_ld_shim::invocation
