// Which compiler does the work that we hand on?
//
// CGO_LD_SHIM_CC (for C) and CGO_LD_SHIM_CXX (for C++) may hold several words, such as `ccache gcc`, quoted as Go
// quotes CC ('…' or "…"). Without them it is the first of gcc, clang, cc (g++, clang++, c++) on PATH that is not
// ourselves: not through a symlink and not under another name. When only CGO_LD_SHIM_CC is set and a C++ compiler is
// wanted, its partner is used (gcc → g++, x-gcc-12 → x-g++-12, clang-19 → clang++-19, cc → c++; `ccache gcc` → `ccache
// g++`; musl-gcc, which has none, → itself).
//
// Nothing here allocates or uses stdio, because the front calls it before any static constructor has run.
//
// Example:
//   UnderlyingCompiler compiler;
//   if (!FindUnderlyingCompiler(envp, /*cxx=*/false, &compiler)) { Write(2, compiler.error); return 127; }
//   // compiler.words[0..count) ; words[0] is an absolute path when it was found on PATH
#ifndef CGO_LD_SHIM_INVOCATION_UNDERLYING_H_
#define CGO_LD_SHIM_INVOCATION_UNDERLYING_H_

#include <cstddef>

namespace cgo_ld_shim::invocation {

struct UnderlyingCompiler {
  static constexpr size_t kMaxWords = 64;
  const char* words[kMaxWords + 1] = {};  // nullptr-terminated; point into `text`
  size_t count = 0;
  bool named = false;           // by a setting, not the first of the usual names
  char text[4096 * 2] = {};     // the words' characters (paths are absolute where PATH was searched)
  const char* error = nullptr;  // set when the function returned false: one message, without prefix, into `message`
  char message[4096] = {};
};

// Fills `out`; false (with out->error: what was looked for, where, and what to install or set) when there is none.
bool FindUnderlyingCompiler(const char* const* envp, bool cxx, UnderlyingCompiler* out);

// How often a call has already gone through us (CGO_LD_SHIM_DEPTH, 0 when unset). At kMaxDepth the compiler that we
// hand on to must be a wrapper that calls us again: an error that names it, instead of an endless loop.
inline constexpr int kMaxDepth = 2;
int CallDepth(const char* const* envp);

}  // namespace cgo_ld_shim::invocation

#endif  // CGO_LD_SHIM_INVOCATION_UNDERLYING_H_
