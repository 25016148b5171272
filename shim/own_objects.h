// What of ours takes part in a static link, beside the program's and the compiler's: functions of glibc for archives on
// musl, archives as isolated objects, stubs, the restriction of look-ups to files and DNS, the list of components. Each
// function adds its own when the link needs it or the user asked for it, and says why in LinkState::extra (or
// ::replacements); what goes wrong becomes a note of the record, and the link goes on without.
//
// Example:
//   state.Resolve();
//   if (!AddGlibcCompat(&state)) …  // state.record.missing says which archive cannot work on musl
//   IsolateClashes(&state);
#ifndef CGO_LD_SHIM_SHIM_OWN_OBJECTS_H_
#define CGO_LD_SHIM_SHIM_OWN_OBJECTS_H_

#include "shim/link_state.h"

namespace cgo_ld_shim {

// Archives that were built for glibc, on musl: what they lack is supplied. False for one that cannot work so; why is in
// record.missing.
bool AddGlibcCompat(LinkState* state);
// IFUNC symbols on musl, whose start does not resolve them: an object does. Why it cannot; empty: it can, or need not.
std::string AddIfuncStart(LinkState* state);
// Atomic operations of processors before ARMv6, where the compiler's own library does not have them.
void AddArmAtomics(LinkState* state);
// Archives that define the same names: where that is only a language runtime, or the user has asked for it, one of
// them becomes an object that keeps its names to itself. The file lies in Go's own temporary directory, beside go.o.
void IsolateClashes(LinkState* state);
// Archives of which GNU ld, on the same line, takes other members than lld: each becomes a copy that has those alone.
void KeepGnuChoices(LinkState* state);
// CGO_LD_SHIM_STUBS: symbols that only a shared library of that list has get a function that says so and aborts.
void AddStubs(LinkState* state);
// Look-ups of users, groups and hosts in a static program of glibc.
void AddNssObject(LinkState* state);
// CGO_LD_SHIM_NOTE: the list of components as a note in the program. It names no file of this machine, so that the
// bytes are the same wherever the same archives are linked.
void AddPackageNote(LinkState* state);

}  // namespace cgo_ld_shim

#endif  // CGO_LD_SHIM_SHIM_OWN_OBJECTS_H_
