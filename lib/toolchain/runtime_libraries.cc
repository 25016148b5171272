#include "toolchain/runtime_libraries.h"

#include <algorithm>
#include <iterator>

namespace cgo_ld_shim::toolchain {
namespace {

using enum RuntimePart;
constexpr unsigned kCommon = RuntimeLibrary::kCommon, kEmptyForMusl = RuntimeLibrary::kEmptyForMusl;

constexpr RuntimeLibrary kLibraries[] = {
    {"stdc++", kLibstdcxx, kCommon | kEmptyForMusl},
    {"supc++", kLibstdcxx},
    {"stdc++fs", kLibstdcxx},
    {"c++", kLibcxx},
    {"c++abi", kLibcxx},
    {"unwind", kLibcxx},
    {"m", kEither, kCommon | kEmptyForMusl},
    {"mvec", kEither},
    {"gcc_eh", kEither, kEmptyForMusl},
    {"atomic", kEither, kCommon | kEmptyForMusl},
    {"pthread", kEither, kCommon | kEmptyForMusl},
    {"dl", kEither, kCommon | kEmptyForMusl},
    {"rt", kEither, kCommon | kEmptyForMusl},
    {"util", kEither, kCommon | kEmptyForMusl},
    {"anl", kEither},
    {"resolv", kEither, kEmptyForMusl},
    {"crypt", kEither, kEmptyForMusl},
    {"ssp", kEither, kEmptyForMusl},
    {"quadmath", kEither},
    {"gomp", kEither},
    {"omp", kEither},
    {"gfortran", kEither},
    {"ubsan", kEither},
    {"c", kAlways, kCommon},
    {"gcc", kAlways, kCommon | kEmptyForMusl},
    {"gcc_s", kAlways, kEmptyForMusl},
    {"ssp_nonshared", kAlways, kEmptyForMusl},
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
