# cargo(<output> <problem> <purpose> <argument>...): runs cargo, which fetches what no distribution has, with its checksum.
# `purpose` is what for, such as "build zlib-ng".
#
# Sets `output` to what it printed, and `problem` to why there is nothing, or to nothing. The compilers are CMake's; flags of
# the caller's environment are for other things.
function(cargo output problem purpose)
  set(${output} "" PARENT_SCOPE)
  find_program(CARGO cargo HINTS "$ENV{HOME}/.cargo/bin")
  if(NOT CARGO)
    set(${problem} "cargo is not here" PARENT_SCOPE)
    return()
  endif()
  message(STATUS "${CARGO}: ${purpose} (once)")
  execute_process(
    COMMAND "${CMAKE_COMMAND}" -E env "CC=${CMAKE_C_COMPILER}" "CXX=${CMAKE_CXX_COMPILER}" --unset=CFLAGS --unset=CXXFLAGS
            --unset=RUSTFLAGS --unset=CARGO_BUILD_TARGET CARGO_NET_RETRY=1 CARGO_HTTP_TIMEOUT=15 "${CARGO}" ${ARGN}
    RESULT_VARIABLE result OUTPUT_VARIABLE said ERROR_VARIABLE complaint TIMEOUT 600)
  set(${output} "${said}" PARENT_SCOPE)
  if(result EQUAL 0)
    set(${problem} "" PARENT_SCOPE)
  else()
    string(MAKE_C_IDENTIFIER "${purpose}" name)
    set(log "${PROJECT_BINARY_DIR}/cargo_${name}.log")
    file(WRITE "${log}" "${said}${complaint}\n")
    string(STRIP "${complaint}" complaint)
    if(complaint STREQUAL "")
      set(complaint "${result}")  # it was stopped after the time that it has, say, and has said nothing
    endif()
    string(REGEX MATCH "^[^\n]*" first_line "${complaint}")
    set(${problem} "cargo could not ${purpose}: ${first_line} (all of it: ${log})" PARENT_SCOPE)
  endif()
endfunction()
