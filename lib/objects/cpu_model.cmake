# The object of the compiler's libgcc.a that finds out what the processor can (libgcc/config/i386/cpuinfo.c), or an empty file
# where there is none. Without .comment, as compat.cmake says: cmake -DCOMPILER=… -DAR=… -DOBJCOPY=… -DOBJECT=… -P cpu_model.cmake
execute_process(COMMAND "${COMPILER}" -print-file-name=libgcc.a OUTPUT_VARIABLE archive OUTPUT_STRIP_TRAILING_WHITESPACE
  COMMAND_ERROR_IS_FATAL ANY)
file(WRITE "${OBJECT}" "")
if(NOT EXISTS "${archive}")
  return()
endif()
execute_process(COMMAND "${AR}" p "${archive}" cpuinfo.o OUTPUT_FILE "${OBJECT}" ERROR_QUIET)
file(SIZE "${OBJECT}" size)
if(size GREATER 0)
  execute_process(COMMAND "${OBJCOPY}" --remove-section=.comment "${OBJECT}" COMMAND_ERROR_IS_FATAL ANY)
endif()
