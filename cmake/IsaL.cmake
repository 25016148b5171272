# ISA-L's deflate for compressed debug sections, where lld asks for zlib's fastest level: twice as fast as zlib-ng, and its
# output is as small as zlib's, not larger. No distribution that we build on has a static ISA-L; cargo fetches the sources
# in crate isal-sys, and its assembler code wants NASM. lib/backend/deflate.cc puts it in zlib's place.
#
# Defines the library isa_l and adds "ISA-L 2.31" to ZLIB_FLAVOUR where it can be had, and otherwise says why not. Sources
# are fetched once for a build directory; later configurations need neither cargo nor a network.
set(isa_l_directory "${PROJECT_BINARY_DIR}/isa-l")
set(isa_l_lock "${PROJECT_SOURCE_DIR}/cmake/isa-l/Cargo.lock")

# Sets `variable` to why the sources are not to be had, or to nothing.
function(fetch_isa_l variable)
  set(${variable} "" PARENT_SCOPE)
  if(EXISTS "${isa_l_directory}/README.md" AND NOT "${isa_l_lock}" IS_NEWER_THAN "${isa_l_directory}/README.md")
    return()
  endif()
  # metadata brings what the platform needs (fetch and vendor would bring Windows' bindings, too) and says where it is.
  cargo(metadata problem "fetch ISA-L" metadata --format-version 1 --locked --filter-platform x86_64-unknown-linux-gnu
        --manifest-path "${PROJECT_SOURCE_DIR}/cmake/isa-l/Cargo.toml")
  if(problem)
    set(${variable} "${problem}" PARENT_SCOPE)
    return()
  endif()
  string(REGEX MATCH "\"manifest_path\":\"([^\"]*/isal-sys-[^/\"]*)/Cargo.toml\"" found "${metadata}")
  if(NOT found)
    set(${variable} "cargo does not say where it has put crate isal-sys" PARENT_SCOPE)
    return()
  endif()
  file(REMOVE_RECURSE "${isa_l_directory}")
  file(COPY "${CMAKE_MATCH_1}/isa-l/" DESTINATION "${isa_l_directory}" NO_SOURCE_PERMISSIONS)
  file(TOUCH "${isa_l_directory}/README.md")
endfunction()

set(isa_l_problem "")
if(NOT CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|amd64|AMD64)$")
  set(isa_l_problem "used on x86-64 only")
elseif(CMAKE_CROSSCOMPILING)
  set(isa_l_problem "it is not built for another machine")
else()
  include(CheckLanguage)
  check_language(ASM_NASM)
  if(CMAKE_ASM_NASM_COMPILER)
    fetch_isa_l(isa_l_problem)
  else()
    set(isa_l_problem "nasm is not here")
  endif()
endif()
if(NOT isa_l_problem)
  file(STRINGS "${isa_l_directory}/Release_notes.txt" isa_l_version REGEX "^v[0-9.]+ Intel" LIMIT_COUNT 1)
  string(REGEX MATCH "[0-9][0-9.]*" isa_l_version "${isa_l_version}")
  if(NOT isa_l_version)
    set(isa_l_problem "its version is not to be found in ${isa_l_directory}/Release_notes.txt")
  endif()
endif()

# ISA-L 2.31 hashes the address of its state, of which rcx is left, in the place of the text when it begins with a stream
# (igzip_icf_body_h1_gr_bt.asm, write_first_byte): one link in a thousand had other bytes, by where the kernel had put the
# heap. What is meant is the third byte and those behind it, as in the loop that follows.
if(NOT isa_l_problem)
  set(isa_l_mended "${isa_l_directory}/igzip/igzip_icf_body_h1_gr_bt.asm")
  file(READ "${isa_l_mended}" isa_l_text)
  set(isa_l_wrong "\tmov\thash, hash2\n\tshr\ttmp2, 16\n")
  set(isa_l_right "\tmov\thash, hash2\n\tmov\ttmp2, curr_data\n\tshr\ttmp2, 16\n")
  string(FIND "${isa_l_text}" "${isa_l_right}" isa_l_at)
  if(isa_l_at EQUAL -1)
    string(REPLACE "${isa_l_wrong}" "${isa_l_right}" isa_l_text_mended "${isa_l_text}")
    if(isa_l_text_mended STREQUAL isa_l_text)
      set(isa_l_problem "${isa_l_mended} is not as it was in 2.31: does it still hash its state's address?")
    else()
      file(WRITE "${isa_l_mended}" "${isa_l_text_mended}")
    endif()
  endif()
endif()

if(isa_l_problem)
  if(CGO_LD_SHIM_ISA_L STREQUAL "ON")
    message(FATAL_ERROR "CGO_LD_SHIM_ISA_L=ON, but ${isa_l_problem}. -DCGO_LD_SHIM_ISA_L=OFF does without: compressing the "
      "debug sections of a program then takes twice as long.")
  endif()
  message(STATUS "ISA-L: ${isa_l_problem}; ${ZLIB_FLAVOUR} compresses")
  return()
endif()

enable_language(ASM_NASM)  # after ASM (CMakeLists.txt): the other way round, CMake 3.25 cannot compile ASM any more
# Deflate only. AVX-512 variants (_06) stay out: they are no faster here, and older NASMs do not know them.
set(isa_l_sources
  crc/crc_base.c crc/crc64_base.c crc/crc_base_aliases.c
  igzip/adler32_base.c igzip/encode_df.c igzip/flatten_ll.c igzip/huff_codes.c igzip/hufftables_c.c igzip/igzip.c
  igzip/igzip_base.c igzip/igzip_icf_base.c igzip/igzip_icf_body.c
  igzip/adler32_avx2_4.asm igzip/adler32_sse.asm igzip/encode_df_04.asm igzip/igzip_body.asm igzip/igzip_deflate_hash.asm
  igzip/igzip_finish.asm igzip/igzip_gen_icf_map_lh1_04.asm igzip/igzip_icf_body_h1_gr_bt.asm igzip/igzip_icf_finish.asm
  igzip/igzip_multibinary.asm igzip/igzip_set_long_icf_fg_04.asm igzip/igzip_update_histogram_01.asm
  igzip/igzip_update_histogram_04.asm igzip/proc_heap.asm igzip/rfc1951_lookup.asm)
list(TRANSFORM isa_l_sources PREPEND "${isa_l_directory}/")
add_library(isa_l STATIC ${isa_l_sources})
target_include_directories(isa_l SYSTEM PUBLIC "${isa_l_directory}/include" PRIVATE "${isa_l_directory}/igzip")
# Compiled as it is shipped, whatever our build type and sanitizers are.
target_compile_options(isa_l PRIVATE $<$<COMPILE_LANGUAGE:C>:-O2 -DNDEBUG -w>)
set(ZLIB_FLAVOUR "ISA-L ${isa_l_version}, ${ZLIB_FLAVOUR}")
