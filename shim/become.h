// How the front ends: as the underlying compiler, or with a message. Before any constructor has run, so nothing here
// allocates (shim/front.cc says what is allowed).
//
// Example:
//   Become(compiler, argc, argv, envp, CallDepth(envp));   // returns only when the call is too long for the front
//   Fail(NewMessage().Append("no compiler\n"), 127);
#ifndef CGO_LD_SHIM_SHIM_BECOME_H_
#define CGO_LD_SHIM_SHIM_BECOME_H_

#include "invocation/fixed_text.h"
#include "invocation/underlying.h"

namespace cgo_ld_shim {

// "cgo-ld-shim: ", and room for the rest. There is one buffer: a new message overwrites the last.
invocation::FixedText NewMessage();
[[noreturn]] void Fail(const invocation::FixedText& message, int status);

// Replaces this process by the compiler with the words of argv behind its own, in an environment with the depth
// variable raised by one. Fails with a message when it cannot be started; returns when the words or the environment are
// too many.
void Become(const invocation::UnderlyingCompiler& compiler, int argc, char** argv, char** envp, int depth);

}  // namespace cgo_ld_shim

#endif  // CGO_LD_SHIM_SHIM_BECOME_H_
