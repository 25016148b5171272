// The kinds of calls and of arguments, and the quick look at a call. Apart from invocation.h because the front, which
// runs before any static constructor, includes this and nothing that brings in Abseil.
//
// Example:
//   if (QuickClassify(argc, argv) == CallKind::kCompile) ...
#ifndef CGO_LD_SHIM_INVOCATION_KINDS_H_
#define CGO_LD_SHIM_INVOCATION_KINDS_H_

#include <cstdint>

namespace cgo_ld_shim::invocation {

enum class CallKind {
  kToolId,         // exactly `-### -x {c,c++} -c -`
  kFlagProbe,      // ends `-x c - -o FILE`: does the compiler know a flag; goes to the compiler
  kCompile,        // -c, -E, -S, -fsyntax-only, or cgo's own queries
  kExportCompile,  // -c of `_cgo_export.c`: the object that carries our fingerprint
  kDynimportLink,  // `-o …/_cgo_.o` without -c, and no shared library named by its path
  kLinkFlagProbe,  // ends `-o D/a.out FLAG D/trivial.c`, or, up to Go 1.20, `FLAG trivial.c` without -o, run inside D
  kFinalLink,  // inputs hold D/go.o and D/000000.o, or go.o and an option as cmd/link writes it; or just @…/response
  kQuestion,   // --version, -v, -dumpmachine, --print-…, -Wl,--version: no input
  kOther,      // anything else (make, configure, cargo): goes to the compiler unchanged
};
const char* CallKindName(CallKind kind);  // "final-link"

// Looks at argv[1..argc) once. Allocates nothing, opens nothing, and needs no constructor: it compares words. So it
// takes `cc -O2 trivial.c` for a link flag probe and any `@…/response` for a final link; Classify, which reads files,
// knows better.
CallKind QuickClassify(int argc, const char* const* argv);

// What one argument of a driver's command line means to a link.
//
// kLinker is one word for the linker: out of -Wl,a,b (one Argument a word), of -Xlinker w, or of a driver flag that the
// linker knows by the same name, then as one word: `-u sym` is "-usym", `-z now` "-znow", `-rpath /x` "-rpath=/x".
// kCompileOnly is a promise that no link line changes by the flag: -O2, -g, -f… of the compiler proper, -D, -I, -W….
// kDriver is every other flag, also one that we have never heard of: it may change what the driver does in a link
// (-m64, -B, --sysroot, -fuse-ld=, -fsanitize=, -nostdlib, -target, -pthread, -specs=…).
enum class ArgType : uint8_t {
  kInput,          // a file by path: object, archive, shared library, source
  kLibrary,        // -lNAME (value NAME) or -l:FILE (value ":FILE")
  kLibraryDir,     // -LDIR
  kLinker,         // -Wl,WORD
  kOutput,         // -o FILE
  kStatic,         // -static
  kStaticPie,      // -static-pie
  kPie,            // -pie
  kNoPie,          // -no-pie, -nopie
  kShared,         // -shared
  kRelocatable,    // -r
  kExportDynamic,  // -rdynamic, -export-dynamic
  kCompileOnly,    // -O2
  kDriver,         // -m64
};

}  // namespace cgo_ld_shim::invocation

#endif  // CGO_LD_SHIM_INVOCATION_KINDS_H_
