#include "toolchain/runtime_libraries.h"

#include <algorithm>
#include <iterator>

namespace cgo_ld_shim::toolchain {
namespace {

using enum RuntimePart;
constexpr unsigned kCommon = RuntimeLibrary::kCommon, kEmptyForMusl = RuntimeLibrary::kEmptyForMusl;

// Of gcc's libraries, by the notice in their sources; of LLVM's, and those that gcc has taken from it.
constexpr char kGcc[] = "GPL-3.0-or-later WITH GCC-exception-3.1", kLlvm[] = "Apache-2.0 WITH LLVM-exception";

constexpr RuntimeLibrary kLibraries[] = {
    {"stdc++", kLibstdcxx, kCommon | kEmptyForMusl, kGcc},
    {"supc++", kLibstdcxx, 0, kGcc},
    {"stdc++fs", kLibstdcxx, 0, kGcc},
    {"c++", kLibcxx, 0, kLlvm},
    {"c++abi", kLibcxx, 0, kLlvm},
    {"unwind", kLibcxx, 0, kLlvm},
    {"m", kEither, kCommon | kEmptyForMusl},
    {"mvec", kEither},
    {"gcc_eh", kEither, kEmptyForMusl, kGcc},
    {"atomic", kEither, kCommon | kEmptyForMusl, kGcc},
    {"pthread", kEither, kCommon | kEmptyForMusl},
    {"dl", kEither, kCommon | kEmptyForMusl},
    {"rt", kEither, kCommon | kEmptyForMusl},
    {"util", kEither, kCommon | kEmptyForMusl},
    {"anl", kEither},
    {"resolv", kEither, kEmptyForMusl},
    {"crypt", kEither, kEmptyForMusl},
    {"ssp", kEither, kEmptyForMusl, kGcc},
    {"quadmath", kEither, 0, "LGPL-2.0-or-later"},
    {"gomp", kEither, 0, kGcc},
    {"omp", kEither, 0, kLlvm},
    {"gfortran", kEither, 0, kGcc},
    {"ubsan", kEither, 0, kLlvm},
    {"c", kAlways, kCommon},
    {"gcc", kAlways, kCommon | kEmptyForMusl, kGcc},
    {"gcc_s", kAlways, kEmptyForMusl, kGcc},
    {"ssp_nonshared", kAlways, kEmptyForMusl, kGcc},
    {"xnet", kAlways, kEmptyForMusl},
};

}  // namespace

absl::Span<const RuntimeLibrary> RuntimeLibraries() { return kLibraries; }

const RuntimeLibrary* FindRuntimeLibrary(absl::string_view name) {
  const auto* row = std::find_if(std::begin(kLibraries), std::end(kLibraries),
                                 [&](const RuntimeLibrary& library) { return library.name == name; });
  return row == std::end(kLibraries) ? nullptr : row;
}

}  // namespace cgo_ld_shim::toolchain
