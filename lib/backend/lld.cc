#include <malloc.h>

#include "backend/backend.h"
#include "backend/child.h"
#include "lld/Common/Driver.h"
#include "llvm/Support/raw_ostream.h"

LLD_HAS_DRIVER(elf)

namespace cgo_ld_shim::backend {
namespace {

std::vector<const char*> Pointers(const std::vector<std::string>& argv) {
  std::vector<const char*> pointers;
  pointers.reserve(argv.size());
  for (const std::string& word : argv) pointers.push_back(word.c_str());
  return pointers;
}

// lld's memory only grows until the process ends. By default glibc asks the kernel for it in steps of 128 KiB, each
// time behind the lock that page faults of all threads need, and gives large blocks back at once, which are then
// faulted in again.
void TuneAllocator() {
  constexpr int kMiB = 1 << 20;
  ::mallopt(M_TOP_PAD, 64 * kMiB);
  ::mallopt(M_TRIM_THRESHOLD, 1024 * kMiB);
  ::mallopt(M_MMAP_THRESHOLD, 32 * kMiB);  // the largest that glibc takes
}

}  // namespace

Outcome LinkEmbedded(const std::vector<std::string>& argv) {
  return RunInChild([&](llvm::raw_ostream& messages) {
    TuneAllocator();
    // Not exitEarly, by which lld would take LLVM's statics apart; lld's context is left to the end of the child.
    const bool ok = lld::elf::link(Pointers(argv), messages, messages, /*exitEarly=*/false, /*disableOutput=*/false);
    return ok ? 0 : 1;
  });
}

bool LldAccepts(const std::vector<std::string>& options, std::string* complaint) {
  std::vector<std::string> argv = {"ld.lld"};
  argv.insert(argv.end(), options.begin(), options.end());
  // lld reads all options, complains of those that it does not know, and then prints its version instead of linking.
  argv.push_back("--version");
  Outcome outcome = RunInChild([&](llvm::raw_ostream& messages) {
    llvm::raw_null_ostream version;
    return lld::elf::link(Pointers(argv), version, messages, /*exitEarly=*/false, /*disableOutput=*/false) ? 0 : 1;
  });
  if (outcome.exit_status != 0 && complaint != nullptr) *complaint = std::move(outcome.messages);
  return outcome.exit_status == 0;
}

std::string EmbeddedLinkerName() { return "lld " CGO_LD_SHIM_LLVM " (in process)"; }

}  // namespace cgo_ld_shim::backend
