# How our own targets are compiled: warnings are errors, and, as LLVM is built, no exceptions and no RTTI.
add_library(shim_options INTERFACE)
target_compile_options(shim_options INTERFACE
  -Wall -Wextra -Werror -Wno-unused-parameter -Wno-missing-field-initializers
  # GCC 12 sees overlaps in std::string's own code where there are none (GCC bug 105329).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  # std::stable_sort of libstdc++ 12 uses what C++20 has deprecated; Clang says so of its instances.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>
  -fno-exceptions -fno-rtti -ffunction-sections -fdata-sections)
target_compile_definitions(shim_options INTERFACE
  CGO_LD_SHIM_VERSION="${PROJECT_VERSION}" CGO_LD_SHIM_LLVM="${LLVM_VERSION}" CGO_LD_SHIM_ZLIB="${ZLIB_FLAVOUR}"
  $<$<BOOL:${CGO_LD_SHIM_LTO}>:CGO_LD_SHIM_WITH_LTO>)
target_include_directories(shim_options INTERFACE "${PROJECT_SOURCE_DIR}/lib")
if(CGO_LD_SHIM_SANITIZE)
  target_compile_options(shim_options INTERFACE -fsanitize=${CGO_LD_SHIM_SANITIZE} -fno-omit-frame-pointer -g
    -fno-sanitize-recover=all)
  target_link_options(shim_options INTERFACE -fsanitize=${CGO_LD_SHIM_SANITIZE})
endif()

# shim_library(<name> SOURCES ... DEPENDS ...): one folder under lib/ is one library. DEPENDS names the folders and
# libraries that it may use; a folder may use only what stands before it in lib/README.md's picture, and support.
function(shim_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(shim_${name} STATIC ${arg_SOURCES})
  set_property(GLOBAL APPEND PROPERTY SHIM_LIBRARIES shim_${name})  # for tests and benchmarks, which use any of them
  target_link_libraries(shim_${name} PUBLIC shim_options fmt::fmt-header-only ${arg_DEPENDS})
endfunction()
