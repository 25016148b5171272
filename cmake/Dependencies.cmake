# Everything that is not ours: LLVM (lld, Object, Option, Support), Abseil, fmt, zlib and zstd, all linked statically.

# The newest LLVM that is installed, 22 down to 19. Debian keeps each under /usr/lib/llvm-N.
if(NOT LLVM_DIR)
  foreach(version 22 21 20 19)
    set(candidate "${CMAKE_SYSROOT}/usr/lib/llvm-${version}/lib")
    if(EXISTS "${candidate}/cmake/llvm/LLVMConfig.cmake" AND EXISTS "${candidate}/liblldELF.a")
      set(LLVM_DIR "${candidate}/cmake/llvm")
      break()
    endif()
  endforeach()
endif()
if(NOT LLVM_DIR)
  message(FATAL_ERROR "No LLVM with lld's libraries was found. Debian 12 with its security updates has it as "
    "liblld-22-dev and llvm-22-dev, Debian 13 and Ubuntu 24.10 and later as liblld-19-dev and llvm-19-dev; ./dev installs it. "
    "Elsewhere: -DLLVM_DIR=<prefix>/lib/cmake/llvm.")
endif()
# LLVM's own package files look for libraries that only its shared parts need (z3, xml2, ffi), so the few facts are asked
# of llvm-config, and the archives are named directly.
get_filename_component(LLVM_PREFIX "${LLVM_DIR}/../../.." ABSOLUTE)
# That of another machine's LLVM does not run here: this machine's of the same version knows the same, in a prefix of its own.
set(CGO_LD_SHIM_LLVM_CONFIG "" CACHE FILEPATH "An llvm-config that runs here, where that of LLVM_DIR is for another machine")
set(LLVM_CONFIG "${LLVM_PREFIX}/bin/llvm-config")
set(llvm_config_prefix "${LLVM_PREFIX}")
if(CMAKE_CROSSCOMPILING AND NOT CGO_LD_SHIM_LLVM_CONFIG)
  get_filename_component(llvm_name "${LLVM_PREFIX}" NAME)
  set(CGO_LD_SHIM_LLVM_CONFIG "/usr/lib/${llvm_name}/bin/llvm-config")
endif()
function(llvm_config variable)
  execute_process(COMMAND "${LLVM_CONFIG}" ${ARGN} OUTPUT_VARIABLE output OUTPUT_STRIP_TRAILING_WHITESPACE
                  COMMAND_ERROR_IS_FATAL ANY)
  string(REPLACE "${llvm_config_prefix}/" "${LLVM_PREFIX}/" output "${output}")
  set(${variable} "${output}" PARENT_SCOPE)
endfunction()
if(CGO_LD_SHIM_LLVM_CONFIG)
  set(LLVM_CONFIG "${CGO_LD_SHIM_LLVM_CONFIG}")
  llvm_config(llvm_config_prefix --prefix)
endif()
llvm_config(LLVM_VERSION --version)
llvm_config(LLVM_INCLUDE_DIR --includedir)
llvm_config(LLVM_LIB_DIR --libdir)
llvm_config(llvm_targets_built --targets-built)
string(REPLACE " " ";" LLVM_TARGETS_BUILT "${llvm_targets_built}")
string(REGEX MATCH "^[0-9]+" LLVM_VERSION_MAJOR "${LLVM_VERSION}")
if(LLVM_VERSION_MAJOR LESS 19)
  message(FATAL_ERROR "LLVM ${LLVM_VERSION} is too old; 19 to 22 are supported.")
endif()
message(STATUS "LLVM ${LLVM_VERSION} in ${LLVM_PREFIX}")

# llvm_libraries(<variable> <component>...): the archives of these components and of all that they need, in link order.
function(llvm_libraries variable)
  llvm_config(files --link-static --libfiles ${ARGN})
  string(REPLACE " " ";" files "${files}")
  set(${variable} "${files}" PARENT_SCOPE)
endfunction()

set(saved_suffixes ${CMAKE_FIND_LIBRARY_SUFFIXES})
set(CMAKE_FIND_LIBRARY_SUFFIXES .a)
find_library(ZSTD_LIBRARY zstd REQUIRED)
find_library(ZLIB_STATIC_LIBRARY z REQUIRED)
set(CMAKE_FIND_LIBRARY_SUFFIXES ${saved_suffixes})
set(ZLIB_FLAVOUR zlib)
include(Cargo)
if(NOT CGO_LD_SHIM_ZLIB_NG STREQUAL "OFF")
  include(ZlibNg)
endif()
if(NOT CGO_LD_SHIM_ISA_L STREQUAL "OFF")
  include(IsaL)
endif()
message(STATUS "compression: ${ZLIB_FLAVOUR} (${ZLIB_STATIC_LIBRARY})")

find_package(absl REQUIRED)
find_package(fmt REQUIRED)

# Debian ships Abseil both ways, and its package files name the shared libraries. A static executable needs the archives,
# which lie beside them.
get_property(imported DIRECTORY PROPERTY IMPORTED_TARGETS)
foreach(imported_target IN LISTS imported)
  if(NOT imported_target MATCHES "^absl::")
    continue()
  endif()
  foreach(suffix "" _NONE _RELEASE _RELWITHDEBINFO _DEBUG)
    get_target_property(location ${imported_target} IMPORTED_LOCATION${suffix})
    if(location MATCHES "\\.so")
      string(REGEX REPLACE "\\.so.*$" ".a" archive "${location}")
      if(NOT EXISTS "${archive}")
        message(FATAL_ERROR "${archive} is missing: Abseil's static libraries are needed (libabsl-dev on Debian)")
      endif()
      set_target_properties(${imported_target} PROPERTIES IMPORTED_LOCATION${suffix} "${archive}")
    endif()
  endforeach()
endforeach()

add_library(llvm_headers INTERFACE)
target_include_directories(llvm_headers SYSTEM INTERFACE "${LLVM_INCLUDE_DIR}")
target_compile_definitions(llvm_headers INTERFACE __STDC_CONSTANT_MACROS __STDC_FORMAT_MACROS __STDC_LIMIT_MACROS)

# Readers only: object files, archives, debug information, options, demangling. No linker, no code generator.
llvm_libraries(object_libraries option support object bitstreamreader targetparser binaryformat demangle objcopy debuginfodwarf)
add_library(llvm_object INTERFACE)
target_link_libraries(llvm_object INTERFACE llvm_headers ${object_libraries} ${ZLIB_STATIC_LIBRARY} ${ZSTD_LIBRARY})

if(CGO_LD_SHIM_LTO)
  llvm_libraries(lld_libraries all)
else()
  llvm_libraries(lld_libraries option support object targetparser binaryformat demangle debuginfodwarf profiledata transformutils)
endif()
add_library(lld_elf INTERFACE)
target_link_libraries(lld_elf INTERFACE llvm_headers
  "${LLVM_LIB_DIR}/liblldELF.a" "${LLVM_LIB_DIR}/liblldCommon.a" ${lld_libraries}
  ${ZLIB_STATIC_LIBRARY} ${ZSTD_LIBRARY})
