// The libraries that gcc, clang and the C library bring along, by name (the families of docs/runtime-libraries.md):
// nobody installs them one by one, half of all .pc files name some, and a link may need one that no package mentions.
//
// Example:
//   FindRuntimeLibrary("stdc++")->part         // RuntimePart::kLibstdcxx
//   FindRuntimeLibrary("z")                    // nullptr
//
// The one list of them. In its order the resolver looks for a missing symbol.
#ifndef CGO_LD_SHIM_TOOLCHAIN_RUNTIME_LIBRARIES_H_
#define CGO_LD_SHIM_TOOLCHAIN_RUNTIME_LIBRARIES_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace cgo_ld_shim::toolchain {

enum class RuntimePart {
  kLibstdcxx,
  kLibcxx,
  kEither,  // with either C++ library: parts of glibc, libgcc, and what comes with a language or a flag
  kAlways,  // in every link by itself: nothing has to look for it
};

struct RuntimeLibrary {
  // Of every compiler there is: a .pc file that names it says nothing of itself.
  static constexpr unsigned kCommon = 1;
  // musl and zig have what it holds elsewhere, and an empty archive answers the name.
  static constexpr unsigned kEmptyForMusl = 2;

  const char* name;  // as in -l
  RuntimePart part;
  unsigned flags = 0;
  // As SPDX says it; nullptr: it is a part of the C library, and has that one's.
  const char* licence = nullptr;
  bool IsCommon() const { return (flags & kCommon) != 0; }
  bool IsEmptyForMusl() const { return (flags & kEmptyForMusl) != 0; }
};

absl::Span<const RuntimeLibrary> RuntimeLibraries();
// nullptr: it is not one.
const RuntimeLibrary* FindRuntimeLibrary(absl::string_view name);

}  // namespace cgo_ld_shim::toolchain

#endif  // CGO_LD_SHIM_TOOLCHAIN_RUNTIME_LIBRARIES_H_
