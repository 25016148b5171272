# How our own targets are compiled: warnings are errors, and, as LLVM is built, no exceptions and no RTTI.
add_library(shim_options INTERFACE)
target_compile_options(shim_options INTERFACE
  -Wall -Wextra -Werror -Wno-unused-parameter -Wno-missing-field-initializers
  # What GCC 12 sees in std::string's own code where there is nothing (GCC bugs 105329, 105651). With a precompiled header it
  # no longer knows that code for a system header's. The analyzer (clang-tidy) and the sanitizers look for the same.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread>
  # std::stable_sort of libstdc++ 12 uses what C++20 has deprecated; Clang says so of its instances.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>
  $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fpch-preprocess>  # for ccache
  -fno-exceptions -fno-rtti -ffunction-sections -fdata-sections)
target_compile_definitions(shim_options INTERFACE
  CGO_LD_SHIM_VERSION="${PROJECT_VERSION}" CGO_LD_SHIM_LLVM="${LLVM_VERSION}" CGO_LD_SHIM_ZLIB="${ZLIB_FLAVOUR}"
  $<$<BOOL:${CGO_LD_SHIM_LTO}>:CGO_LD_SHIM_WITH_LTO>)
# What makes a fault of ours an end rather than a way in (SECURITY.md says what is not on, and why). Sanitizers look closer.
if(NOT CGO_LD_SHIM_SANITIZE)
  target_compile_options(shim_options INTERFACE -fstack-protector-strong)
  target_compile_definitions(shim_options INTERFACE _GLIBCXX_ASSERTIONS
    $<$<CONFIG:Release,RelWithDebInfo,MinSizeRel>:_FORTIFY_SOURCE=2>)
endif()
target_include_directories(shim_options INTERFACE "${PROJECT_SOURCE_DIR}/lib")
if(CGO_LD_SHIM_SANITIZE)
  # -g1: functions and lines, which is what a sanitizer's report shows.
  target_compile_options(shim_options INTERFACE -fsanitize=${CGO_LD_SHIM_SANITIZE} -fno-omit-frame-pointer -g1
    -fno-sanitize-recover=all
    # GCC sees uninitialised values in what sanitizers add; the release build has the warning.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  target_link_options(shim_options INTERFACE -fsanitize=${CGO_LD_SHIM_SANITIZE})
endif()

# The headers that most files include, parsed once. Files include what they use all the same: clang-tidy reads each without
# these (tests/lint), and so does a compiler with -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON.
file(GENERATE OUTPUT "${PROJECT_BINARY_DIR}/empty.cc" CONTENT "")
set(SHIM_PRECOMPILED_HEADERS
  <algorithm> <chrono> <cstdint> <cstdio> <cstdlib> <filesystem> <functional> <map> <memory> <optional> <set> <string>
  <string_view> <utility> <vector>
  <absl/container/flat_hash_map.h> <absl/container/flat_hash_set.h>
  <absl/status/status.h> <absl/status/statusor.h>
  <absl/strings/ascii.h> <absl/strings/match.h> <absl/strings/numbers.h> <absl/strings/str_cat.h>
  <absl/strings/str_format.h> <absl/strings/str_join.h> <absl/strings/str_replace.h> <absl/strings/str_split.h>
  <absl/strings/strip.h> <absl/types/span.h> <fmt/format.h>)

# shim_precompiled(<name> <library> <header>...): what targets that use <library> can share by REUSE_FROM <name>.
function(shim_precompiled name library)
  add_library(${name} OBJECT "${PROJECT_BINARY_DIR}/empty.cc")
  target_link_libraries(${name} PRIVATE shim_options llvm_headers fmt::fmt-header-only absl::status absl::statusor absl::strings
    absl::str_format absl::span absl::flat_hash_map absl::flat_hash_set ${library})
  target_precompile_headers(${name} PRIVATE ${ARGN})
endfunction()
shim_precompiled(shim_headers fmt::fmt-header-only ${SHIM_PRECOMPILED_HEADERS})

# shim_library(<name> SOURCES ... DEPENDS ...): one folder under lib/ is one library. DEPENDS names the folders and
# libraries that it may use; a folder may use only what stands before it in lib/README.md's picture, and support.
function(shim_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(shim_${name} STATIC ${arg_SOURCES})
  set_property(GLOBAL APPEND PROPERTY SHIM_LIBRARIES shim_${name})  # for tests and benchmarks, which use any of them
  target_link_libraries(shim_${name} PUBLIC shim_options fmt::fmt-header-only ${arg_DEPENDS})
  target_precompile_headers(shim_${name} REUSE_FROM shim_headers)
endfunction()
