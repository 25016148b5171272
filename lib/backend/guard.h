// Faults of our own, in what reads the bytes of others before and after a link: an input that shrinks while it is read
// (SIGBUS), an archive that leads us astray (SIGSEGV). What lld does is guarded elsewhere: backend/child.h.
//
// Example:
//   RestartOnFault(argv, "CGO_LD_SHIM_INTERNAL_FAULT");   // at the start of a final link
#ifndef CGO_LD_SHIM_BACKEND_GUARD_H_
#define CGO_LD_SHIM_BACKEND_GUARD_H_

#include <string>
#include <vector>

namespace cgo_ld_shim::backend {

// Should this process fault (SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE, SIGTRAP), it starts itself again with `argv` and
// the signal's number in `variable`. Where that is set already, nothing is done: the second process may die. Everything
// is copied now; the handler allocates nothing, and has a stack of its own.
void RestartOnFault(const std::vector<std::string>& argv, const std::string& variable);

}  // namespace cgo_ld_shim::backend

#endif  // CGO_LD_SHIM_BACKEND_GUARD_H_
