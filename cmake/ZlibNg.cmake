# zlib-ng in place of zlib: Go asks for compressed debug sections in every link, and zlib is most of such a link's time.
# No distribution that we build on has a static zlib-ng with zlib's interface, so cargo builds the one in crate libz-sys.
#
# Sets ZLIB_STATIC_LIBRARY and ZLIB_FLAVOUR ("zlib-ng 2.3.3") where zlib-ng can be had, and leaves them alone where not:
# the programs that come out differ in the bytes of compressed sections, so the flavour is part of --version and of the
# fingerprint. Built once for a build directory; later configurations need neither cargo nor a network.
set(zlib_ng_directory "${PROJECT_BINARY_DIR}/zlib-ng")

# Sets `variable` to the one archive that cargo left, or to nothing.
function(find_built_zlib_ng variable)
  file(GLOB archives "${zlib_ng_directory}/*/build/libz-sys-*/out/lib/libz.a"
                     "${zlib_ng_directory}/*/*/build/libz-sys-*/out/lib/libz.a")
  list(LENGTH archives count)
  if(count EQUAL 1)
    set(${variable} "${archives}" PARENT_SCOPE)
  else()
    set(${variable} "" PARENT_SCOPE)
  endif()
endfunction()

# Sets `variable` to why there is no zlib-ng, or to nothing.
function(build_zlib_ng variable)
  set(${variable} "" PARENT_SCOPE)
  if(CMAKE_CROSSCOMPILING)
    set(${variable} "it is not built for another machine" PARENT_SCOPE)
    return()
  endif()
  find_program(CARGO cargo HINTS "$ENV{HOME}/.cargo/bin")
  if(NOT CARGO)
    set(${variable} "cargo is not here" PARENT_SCOPE)
    return()
  endif()
  message(STATUS "building zlib-ng with ${CARGO} (once)")
  # A stale archive of another version would make the choice unclear.
  file(REMOVE_RECURSE "${zlib_ng_directory}")
  # The compilers are CMake's; flags of the caller's environment are for other things.
  execute_process(
    COMMAND "${CMAKE_COMMAND}" -E env "CC=${CMAKE_C_COMPILER}" "CXX=${CMAKE_CXX_COMPILER}" --unset=CFLAGS --unset=CXXFLAGS
            --unset=RUSTFLAGS --unset=CARGO_BUILD_TARGET CARGO_NET_RETRY=1 CARGO_HTTP_TIMEOUT=15
            "${CARGO}" build --release --locked --quiet
            --manifest-path "${PROJECT_SOURCE_DIR}/cmake/zlib-ng/Cargo.toml" --target-dir "${zlib_ng_directory}"
    RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output TIMEOUT 600)
  if(NOT result EQUAL 0)
    file(MAKE_DIRECTORY "${zlib_ng_directory}")
    file(WRITE "${zlib_ng_directory}/cargo.log" "${output}\n")
    string(STRIP "${output}" output)
    string(REGEX MATCH "^[^\n]*" first_line "${output}")
    set(${variable} "cargo could not build it: ${first_line} (all of it: ${zlib_ng_directory}/cargo.log)" PARENT_SCOPE)
  endif()
endfunction()

find_built_zlib_ng(zlib_ng)
if(zlib_ng AND "${PROJECT_SOURCE_DIR}/cmake/zlib-ng/Cargo.lock" IS_NEWER_THAN "${zlib_ng}")
  set(zlib_ng "")  # of an older version of this checkout
endif()
set(zlib_ng_problem "")
if(NOT zlib_ng)
  build_zlib_ng(zlib_ng_problem)
  find_built_zlib_ng(zlib_ng)
endif()
if(zlib_ng)
  get_filename_component(zlib_ng_prefix "${zlib_ng}/../.." ABSOLUTE)
  file(STRINGS "${zlib_ng_prefix}/include/zlib.h" version_line REGEX "define ZLIBNG_VERSION ")
  string(REGEX MATCH "[0-9][0-9.]*" zlib_ng_version "${version_line}")
endif()
if(zlib_ng AND zlib_ng_version)
  set(ZLIB_STATIC_LIBRARY "${zlib_ng}")
  set(ZLIB_FLAVOUR "zlib-ng ${zlib_ng_version}")
elseif(CGO_LD_SHIM_ZLIB_NG STREQUAL "ON")
  message(FATAL_ERROR "CGO_LD_SHIM_ZLIB_NG=ON, but ${zlib_ng_problem}. -DCGO_LD_SHIM_ZLIB_NG=OFF links with zlib: links "
    "of programs with debug information then take up to twice as long.")
else()
  message(STATUS "zlib-ng: ${zlib_ng_problem}; linking with zlib, which makes links slower")
endif()
