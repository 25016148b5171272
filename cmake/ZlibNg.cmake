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

find_built_zlib_ng(zlib_ng)
if(zlib_ng AND "${PROJECT_SOURCE_DIR}/cmake/zlib-ng/Cargo.lock" IS_NEWER_THAN "${zlib_ng}")
  set(zlib_ng "")  # of an older version of this checkout
endif()
set(zlib_ng_problem "")
if(NOT zlib_ng)
  # A stale archive of another version would make the choice unclear.
  file(REMOVE_RECURSE "${zlib_ng_directory}")
  set(zlib_ng_target "")
  if(CMAKE_CROSSCOMPILING)
    set(zlib_ng_target --target "${CMAKE_SYSTEM_PROCESSOR}-unknown-linux-gnu")
  endif()
  cargo(zlib_ng_output zlib_ng_problem "build zlib-ng" build --release --locked --quiet ${zlib_ng_target}
        --manifest-path "${PROJECT_SOURCE_DIR}/cmake/zlib-ng/Cargo.toml" --target-dir "${zlib_ng_directory}")
  find_built_zlib_ng(zlib_ng)
endif()
if(zlib_ng)
  get_filename_component(zlib_ng_prefix "${zlib_ng}/../.." ABSOLUTE)
  file(STRINGS "${zlib_ng_prefix}/include/zlib.h" version_line REGEX "define ZLIBNG_VERSION ")
  string(REGEX MATCH "[0-9][0-9.]*" zlib_ng_version "${version_line}")
endif()
# The licence, for packages: it lies where cargo keeps the sources.
if(zlib_ng AND NOT EXISTS "${zlib_ng_directory}/LICENSE.md")
  file(STRINGS "${zlib_ng_prefix}/build/CMakeCache.txt" zlib_ng_source REGEX "^CMAKE_HOME_DIRECTORY:" LIMIT_COUNT 1)
  string(REGEX REPLACE "^[^=]*=" "" zlib_ng_source "${zlib_ng_source}")
  file(COPY "${zlib_ng_source}/LICENSE.md" DESTINATION "${zlib_ng_directory}")
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
