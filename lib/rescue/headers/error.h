/* error(3) as glibc has it: standard output is flushed, then "program: message: reason" goes to standard error. One
   counter and one hook for a program, whoever includes this: hence weak. */
#ifndef CGO_LD_SHIM_ERROR_H
#define CGO_LD_SHIM_ERROR_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

extern char* program_invocation_name;

__attribute__((__weak__)) unsigned int error_message_count;
__attribute__((__weak__)) int error_one_per_line;
__attribute__((__weak__)) void (*error_print_progname)(void);

static __inline__ __attribute__((__unused__)) void cgo_ld_shim_error(int status, int errnum, const char* file,
                                                                     unsigned int line, const char* format,
                                                                     va_list arguments) {
  fflush(stdout);
  if (error_print_progname) {
    error_print_progname();
  } else {
    fprintf(stderr, file ? "%s:" : "%s: ", program_invocation_name);
  }
  if (file) fprintf(stderr, "%s:%u: ", file, line);
  vfprintf(stderr, format, arguments);
  ++error_message_count;
  if (errnum) fprintf(stderr, ": %s", strerror(errnum));
  putc('\n', stderr);
  fflush(stderr);
  if (status) exit(status);
}

static __inline__ __attribute__((__unused__, __format__(__printf__, 3, 4))) void error(int status, int errnum,
                                                                                       const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  cgo_ld_shim_error(status, errnum, (const char*)0, 0, format, arguments);
  va_end(arguments);
}

static __inline__ __attribute__((__unused__, __format__(__printf__, 5, 6))) void error_at_line(
    int status, int errnum, const char* file, unsigned int line, const char* format, ...) {
  static const char* last_file;
  static unsigned int last_line;
  va_list arguments;
  if (error_one_per_line) {
    if (last_line == line && (file == last_file || (file && last_file && strcmp(file, last_file) == 0))) return;
    last_file = file;
    last_line = line;
  }
  va_start(arguments, format);
  cgo_ld_shim_error(status, errnum, file, line, format, arguments);
  va_end(arguments);
}

#ifdef __cplusplus
}
#endif

#endif
