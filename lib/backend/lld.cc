#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "backend/backend.h"
#include "lld/Common/CommonLinkerContext.h"
#include "lld/Common/Driver.h"
#include "llvm/Support/raw_ostream.h"
#include "support/file.h"

LLD_HAS_DRIVER(elf)

namespace cgo_ld_shim::backend {
namespace {

// What is being written without a net; empty: nothing. LLVM ends the process by exit() when such a write fails.
std::string* unguarded_output;

void RemoveUnfinishedOutput() {
  if (unguarded_output == nullptr) return;
  struct statvfs room;
  const bool full = ::statvfs(support::Directory(*unguarded_output).c_str(), &room) == 0 && room.f_bavail < 16;
  if (support::IsRegularFile(*unguarded_output)) ::unlink(unguarded_output->c_str());
  std::fprintf(stderr, "cgo-ld-shim: cannot write %s%s\n", unguarded_output->c_str(),
               full ? ": no space left on device. Free some room, or build with -o on another disk" : "");
}

std::vector<const char*> Pointers(const std::vector<std::string>& argv) {
  std::vector<const char*> pointers;
  pointers.reserve(argv.size());
  for (const std::string& word : argv) pointers.push_back(word.c_str());
  return pointers;
}

}  // namespace

Outcome LinkInProcess(const std::vector<std::string>& argv) {
  Outcome outcome;
  llvm::raw_string_ostream messages(outcome.messages);
  // Not exitEarly: the result is verified and recorded before this process ends. lld's context is left to the end of
  // the process; taking it apart costs as much as a small link.
  const bool ok = lld::elf::link(Pointers(argv), messages, messages, /*exitEarly=*/false, /*disableOutput=*/false);
  outcome.exit_status = ok ? 0 : 1;
  unguarded_output = nullptr;
  return outcome;
}

void GuardAgainstFullDisk(const std::string& output, uint64_t input_bytes, std::vector<std::string>* linker_argv) {
  struct statvfs room;
  if (::statvfs(support::Directory(output).c_str(), &room) != 0) return;
  if (uint64_t{room.f_bavail} * room.f_frsize >= 2 * input_bytes) return;
  linker_argv->insert(linker_argv->begin() + 1, "--no-mmap-output-file");
  unguarded_output = new std::string(output);
  std::atexit(RemoveUnfinishedOutput);
}

Outcome LinkPartially(const std::vector<std::string>& argv) {
  Outcome outcome = LinkInProcess(argv);
  lld::CommonLinkerContext::destroy();
  return outcome;
}

bool LldAccepts(const std::vector<std::string>& options, std::string* complaint) {
  std::vector<std::string> argv = {"ld.lld"};
  argv.insert(argv.end(), options.begin(), options.end());
  // lld reads all options, complains of those that it does not know, and then prints its version instead of linking.
  argv.push_back("--version");
  std::string text;
  llvm::raw_string_ostream messages(text);
  const bool ok = lld::elf::link(Pointers(argv), messages, messages, /*exitEarly=*/false, /*disableOutput=*/true);
  lld::CommonLinkerContext::destroy();
  if (!ok && complaint != nullptr) *complaint = text;
  return ok;
}

std::string EmbeddedLinkerName() { return "lld " CGO_LD_SHIM_LLVM " (in process)"; }

}  // namespace cgo_ld_shim::backend
