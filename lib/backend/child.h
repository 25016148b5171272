// Work that may end its process, done in a child: lld's fatal errors call _exit on whichever thread meets them, and
// damaged inputs can make it fault. The child has all that this process has read, by copy on write, and whatever
// becomes of it is an Outcome here.
//
// Example:
//   Outcome outcome = RunInChild([&](llvm::raw_ostream& messages) { return lld::elf::link(…, messages, …) ? 0 : 1; });
//   // outcome.signal == SIGSEGV, outcome.messages: all that was said before
#ifndef CGO_LD_SHIM_BACKEND_CHILD_H_
#define CGO_LD_SHIM_BACKEND_CHILD_H_

#include "absl/functional/function_ref.h"
#include "backend/backend.h"
#include "llvm/Support/raw_ostream.h"

namespace cgo_ld_shim::backend {

// Runs `work` in a child of this process and waits for it. Its result is the exit status; what it writes to its stream
// is Outcome::messages, also when it dies before its end. The child dies with this process, by SIGTERM, on which LLVM
// removes its temporary files. No other thread may be at work. Where no process can be made (RLIMIT_NPROC), `work` is
// done in this one.
Outcome RunInChild(absl::FunctionRef<int(llvm::raw_ostream& messages)> work);

}  // namespace cgo_ld_shim::backend

#endif  // CGO_LD_SHIM_BACKEND_CHILD_H_
