# clang-tidy over one file, unless it passed before and nothing that the file includes has changed since. The compiler knows
# that better than we do: the object file is rebuilt exactly then, so a stamp newer than the object stands for a pass.
string(SHA1 key "${SOURCE}")
set(stamp "${BUILD}/tidy/${key}")
if(EXISTS "${OBJECT}" AND "${stamp}" IS_NEWER_THAN "${OBJECT}" AND "${stamp}" IS_NEWER_THAN "${CONFIG}"
   AND EXISTS "${stamp}")
  message(STATUS "unchanged since it last passed")
  return()
endif()
file(REMOVE "${stamp}")
execute_process(COMMAND "${CLANG_TIDY}" -p "${BUILD}" --quiet "${SOURCE}" RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "clang-tidy objects to ${SOURCE}")
endif()
file(WRITE "${stamp}" "")
