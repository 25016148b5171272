# compat.c as an archive of one function a member: cmake -DCOMPILER=… -DAR=… -DSOURCE=… -DARCHIVE=… -P compat.cmake
file(STRINGS "${SOURCE}" lines REGEX "^#ifdef COMPAT_[A-Za-z0-9_]+$")
set(directory "${ARCHIVE}.members")
file(REMOVE_RECURSE "${directory}" "${ARCHIVE}")
file(MAKE_DIRECTORY "${directory}")
foreach(line IN LISTS lines)
  string(REPLACE "#ifdef COMPAT_" "" name "${line}")
  # -fno-builtin: a loop that looks like a library function must not become a call of itself. -fno-ident: who compiled an
  # object tells for which C library it is (diagnose/built_for.h), and these are for another.
  execute_process(
    COMMAND "${COMPILER}" -O2 -fPIC -fno-builtin -fno-ident -fno-stack-protector -fno-asynchronous-unwind-tables -U_FORTIFY_SOURCE
            -Wall -Wextra -Werror "-DCOMPAT_${name}" -c "${SOURCE}" -o "${directory}/${name}.o"
    COMMAND_ERROR_IS_FATAL ANY)
  list(APPEND members "${name}.o")
endforeach()
# D: no times and owners, so that the same sources make the same bytes.
execute_process(COMMAND "${AR}" rcsD "${ARCHIVE}" ${members} WORKING_DIRECTORY "${directory}" COMMAND_ERROR_IS_FATAL ANY)
file(REMOVE_RECURSE "${directory}")
