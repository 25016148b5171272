// Opening an archive, asking its index, and reading the symbol table of a member. The argument is the number of
// members; each defines ten functions and needs two of its neighbour's.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "benchmark/benchmark.h"
#include "llvm/Support/MemoryBuffer.h"
#include "symbols/symbols.h"
#include "tests/support/elf.h"
#include "tests/support/link_fixture.h"

namespace cgo_ld_shim::symbols {
namespace {

using test_support::LinkFixture;
using test_support::ObjectBuilder;

constexpr int kDefinitions = 10;

std::string Symbol(int member, int number) { return absl::StrCat("library_function_", member, "_", number); }

// Writes libmany.a, and returns its path.
std::string WriteArchive(LinkFixture* link, int members) {
  std::vector<std::pair<std::string, ObjectBuilder>> objects;
  for (int member = 0; member < members; ++member) {
    ObjectBuilder object;
    for (int i = 0; i < kDefinitions; ++i) object.Define(Symbol(member, i));
    object.Reference(Symbol((member + 1) % members, 0)).Reference(Symbol((member + 1) % members, 1));
    objects.emplace_back(absl::StrCat("member", member, ".o"), object);
  }
  link->Archive("libmany.a", objects);
  return link->Path("libmany.a");
}

void BM_ArchiveOpen(benchmark::State& state) {
  LinkFixture link;
  const std::string path = WriteArchive(&link, static_cast<int>(state.range(0)));
  for (auto step : state) {
    absl::StatusOr<std::shared_ptr<Archive>> archive = Archive::Open(path);
    if (!archive.ok()) state.SkipWithError("the archive cannot be opened");
    benchmark::DoNotOptimize(archive);
  }
}
BENCHMARK(BM_ArchiveOpen)->Arg(10)->Arg(100)->Arg(1000);

// Open, and the first question for one name, for which the index is read into a table.
void BM_ArchiveOpenAndDefining(benchmark::State& state) {
  LinkFixture link;
  const int members = static_cast<int>(state.range(0));
  const std::string path = WriteArchive(&link, members);
  const std::string wanted = Symbol(members / 2, 0);
  for (auto step : state) {
    absl::StatusOr<std::shared_ptr<Archive>> archive = Archive::Open(path);
    if (!archive.ok() || (*archive)->Defining(wanted).size() != 1) state.SkipWithError("the symbol is not found");
  }
}
BENCHMARK(BM_ArchiveOpenAndDefining)->Arg(10)->Arg(100)->Arg(1000);

// Open, and one pass through the index for five names that are not there: what the wide search costs an archive.
void BM_ArchiveOpenAndFindDefining(benchmark::State& state) {
  LinkFixture link;
  const std::string path = WriteArchive(&link, static_cast<int>(state.range(0)));
  const std::vector<absl::string_view> wanted = {"library_function_", "zlibVersion", "BZ2_bzCompress", "lzma_code",
                                                 "library_function_0_x"};
  for (auto step : state) {
    absl::StatusOr<std::shared_ptr<Archive>> archive = Archive::Open(path);
    std::vector<std::pair<uint32_t, uint32_t>> hits;
    if (archive.ok()) (*archive)->FindDefining(wanted, &hits);
    if (!archive.ok() || !hits.empty()) state.SkipWithError("nothing was to be found");
  }
}
BENCHMARK(BM_ArchiveOpenAndFindDefining)->Arg(10)->Arg(100)->Arg(1000);

// Open, and the symbol tables of all members.
void BM_ArchiveLoadAll(benchmark::State& state) {
  LinkFixture link;
  const int members = static_cast<int>(state.range(0));
  const std::string path = WriteArchive(&link, members);
  for (auto step : state) {
    absl::StatusOr<std::shared_ptr<Archive>> archive = Archive::Open(path);
    for (int member = 0; archive.ok() && member < members; ++member) {
      absl::StatusOr<const Object*> object = (*archive)->Load(static_cast<uint32_t>(member));
      if (!object.ok() || (*object)->definitions.size() != kDefinitions) state.SkipWithError("a member is not read");
    }
  }
  state.SetItemsProcessed(state.iterations() * members);
}
BENCHMARK(BM_ArchiveLoadAll)->Arg(10)->Arg(100)->Arg(1000);

}  // namespace
}  // namespace cgo_ld_shim::symbols
