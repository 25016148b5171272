// Names that glibc's headers put into objects and that musl does not have, so that an archive which was built for glibc
// can be linked with musl. Each function does what its name says in terms of functions that every libc has.
//
// Only what is the same on both sides is here: numbers, pointers, and structures whose layout the kernel sets. What has
// a layout of its own in glibc (regex_t, ucontext_t, locale tables) is not, and must not be.
//
// The file is compiled once for each COMPAT_x that it knows (compat.cmake), with COMPAT_x defined, into an archive of
// one function a member: a program gets those alone that it lacks. No header is included: this is compiled with the
// host's glibc and linked with musl. The tests compile all of it under other names and compare it with glibc.

#ifndef COMPAT_NAME
#define COMPAT_NAME(name) name
#endif
#define WEAK __attribute__((weak))

typedef __SIZE_TYPE__ size_t;
typedef __PTRDIFF_TYPE__ ssize_t;
typedef long long off_t;  // of musl, and of the names for large files; what has glibc's own of 32 bits is refused
typedef __WCHAR_TYPE__ wchar_t;
typedef __builtin_va_list va_list;
typedef struct compat_file FILE;  // never looked into
typedef unsigned compat_mode_t;

extern void abort(void) __attribute__((noreturn));
extern ssize_t write(int, const void*, size_t);

// What glibc's __fortify_fail does: the program is damaged, and goes no further.
__attribute__((noreturn, unused)) static void Overflow(void) {
  static const char kText[] = "*** buffer overflow detected ***: terminated\n";
  if (write(2, kText, sizeof kText - 1) < 0) {
  }
  abort();
}
#define CHECK(condition) \
  if (!(condition)) Overflow()

// ---- FORTIFY_SOURCE: printf. The flag asks that %n stand in read-only memory only; musl does not look.

#define FORWARD(last, call)       \
  va_list args;                   \
  __builtin_va_start(args, last); \
  const int result = call;        \
  __builtin_va_end(args);         \
  return result

#ifdef COMPAT___vfprintf_chk
extern int vfprintf(FILE*, const char*, va_list);
WEAK int COMPAT_NAME(__vfprintf_chk)(FILE* file, int flag, const char* format, va_list args) {
  (void)flag;
  return vfprintf(file, format, args);
}
#endif
#ifdef COMPAT___fprintf_chk
extern int vfprintf(FILE*, const char*, va_list);
WEAK int COMPAT_NAME(__fprintf_chk)(FILE* file, int flag, const char* format, ...) {
  (void)flag;
  FORWARD(format, vfprintf(file, format, args));
}
#endif
#ifdef COMPAT___vprintf_chk
extern int vprintf(const char*, va_list);
WEAK int COMPAT_NAME(__vprintf_chk)(int flag, const char* format, va_list args) {
  (void)flag;
  return vprintf(format, args);
}
#endif
#ifdef COMPAT___printf_chk
extern int vprintf(const char*, va_list);
WEAK int COMPAT_NAME(__printf_chk)(int flag, const char* format, ...) {
  (void)flag;
  FORWARD(format, vprintf(format, args));
}
#endif
#ifdef COMPAT___vsnprintf_chk
extern int vsnprintf(char*, size_t, const char*, va_list);
WEAK int COMPAT_NAME(__vsnprintf_chk)(char* to, size_t limit, int flag, size_t size, const char* format, va_list args) {
  (void)flag;
  CHECK(limit <= size);
  return vsnprintf(to, limit, format, args);
}
#endif
#ifdef COMPAT___snprintf_chk
extern int vsnprintf(char*, size_t, const char*, va_list);
WEAK int COMPAT_NAME(__snprintf_chk)(char* to, size_t limit, int flag, size_t size, const char* format, ...) {
  (void)flag;
  CHECK(limit <= size);
  FORWARD(format, vsnprintf(to, limit, format, args));
}
#endif
// The size is not known where it is (size_t)-1; vsnprintf takes no more than INT_MAX.
#if defined(COMPAT___vsprintf_chk) || defined(COMPAT___sprintf_chk)
extern int vsnprintf(char*, size_t, const char*, va_list);
static int PrintInto(char* to, size_t size, const char* format, va_list args) {
  const size_t limit = size > 0x7fffffff ? 0x7fffffff : size;
  const int written = vsnprintf(to, limit, format, args);
  CHECK(written < 0 || (size_t)written < size);
  return written;
}
#endif
#ifdef COMPAT___vsprintf_chk
WEAK int COMPAT_NAME(__vsprintf_chk)(char* to, int flag, size_t size, const char* format, va_list args) {
  (void)flag;
  return PrintInto(to, size, format, args);
}
#endif
#ifdef COMPAT___sprintf_chk
WEAK int COMPAT_NAME(__sprintf_chk)(char* to, int flag, size_t size, const char* format, ...) {
  (void)flag;
  FORWARD(format, PrintInto(to, size, format, args));
}
#endif
#ifdef COMPAT___vasprintf_chk
extern int vasprintf(char**, const char*, va_list);
WEAK int COMPAT_NAME(__vasprintf_chk)(char** to, int flag, const char* format, va_list args) {
  (void)flag;
  return vasprintf(to, format, args);
}
#endif
#ifdef COMPAT___asprintf_chk
extern int vasprintf(char**, const char*, va_list);
WEAK int COMPAT_NAME(__asprintf_chk)(char** to, int flag, const char* format, ...) {
  (void)flag;
  FORWARD(format, vasprintf(to, format, args));
}
#endif
#ifdef COMPAT___vdprintf_chk
extern int vdprintf(int, const char*, va_list);
WEAK int COMPAT_NAME(__vdprintf_chk)(int file, int flag, const char* format, va_list args) {
  (void)flag;
  return vdprintf(file, format, args);
}
#endif
#ifdef COMPAT___dprintf_chk
extern int vdprintf(int, const char*, va_list);
WEAK int COMPAT_NAME(__dprintf_chk)(int file, int flag, const char* format, ...) {
  (void)flag;
  FORWARD(format, vdprintf(file, format, args));
}
#endif
#ifdef COMPAT___vsyslog_chk
extern void vsyslog(int, const char*, va_list);
WEAK void COMPAT_NAME(__vsyslog_chk)(int priority, int flag, const char* format, va_list args) {
  (void)flag;
  vsyslog(priority, format, args);
}
#endif
#ifdef COMPAT___syslog_chk
extern void vsyslog(int, const char*, va_list);
WEAK void COMPAT_NAME(__syslog_chk)(int priority, int flag, const char* format, ...) {
  (void)flag;
  va_list args;
  __builtin_va_start(args, format);
  vsyslog(priority, format, args);
  __builtin_va_end(args);
}
#endif
#ifdef COMPAT___vswprintf_chk
extern int vswprintf(wchar_t*, size_t, const wchar_t*, va_list);
WEAK int COMPAT_NAME(__vswprintf_chk)(wchar_t* to, size_t limit, int flag, size_t size, const wchar_t* format,
                                      va_list args) {
  (void)flag;
  CHECK(limit <= size);
  return vswprintf(to, limit, format, args);
}
#endif
#ifdef COMPAT___swprintf_chk
extern int vswprintf(wchar_t*, size_t, const wchar_t*, va_list);
WEAK int COMPAT_NAME(__swprintf_chk)(wchar_t* to, size_t limit, int flag, size_t size, const wchar_t* format, ...) {
  (void)flag;
  CHECK(limit <= size);
  FORWARD(format, vswprintf(to, limit, format, args));
}
#endif
#ifdef COMPAT___vfwprintf_chk
extern int vfwprintf(FILE*, const wchar_t*, va_list);
WEAK int COMPAT_NAME(__vfwprintf_chk)(FILE* file, int flag, const wchar_t* format, va_list args) {
  (void)flag;
  return vfwprintf(file, format, args);
}
#endif
#ifdef COMPAT___fwprintf_chk
extern int vfwprintf(FILE*, const wchar_t*, va_list);
WEAK int COMPAT_NAME(__fwprintf_chk)(FILE* file, int flag, const wchar_t* format, ...) {
  (void)flag;
  FORWARD(format, vfwprintf(file, format, args));
}
#endif

// ---- FORTIFY_SOURCE: memory and strings
// --------------------------------------------------------------------------------

#define CHECKED_MEMORY(name, plain, type)                                            \
  extern type* plain(type*, const type*, size_t);                                    \
  WEAK type* COMPAT_NAME(name)(type * to, const type* from, size_t n, size_t size) { \
    CHECK(n <= size);                                                                \
    return plain(to, from, n);                                                       \
  }
#ifdef COMPAT___memcpy_chk
CHECKED_MEMORY(__memcpy_chk, memcpy, void)
#endif
#ifdef COMPAT___memmove_chk
CHECKED_MEMORY(__memmove_chk, memmove, void)
#endif
#ifdef COMPAT___mempcpy_chk
CHECKED_MEMORY(__mempcpy_chk, mempcpy, void)
#endif
#ifdef COMPAT___strncpy_chk
CHECKED_MEMORY(__strncpy_chk, strncpy, char)
#endif
#ifdef COMPAT___stpncpy_chk
CHECKED_MEMORY(__stpncpy_chk, stpncpy, char)
#endif
#ifdef COMPAT___wmemcpy_chk
CHECKED_MEMORY(__wmemcpy_chk, wmemcpy, wchar_t)
#endif
#ifdef COMPAT___wmemmove_chk
CHECKED_MEMORY(__wmemmove_chk, wmemmove, wchar_t)
#endif
#ifdef COMPAT___wcsncpy_chk
CHECKED_MEMORY(__wcsncpy_chk, wcsncpy, wchar_t)
#endif
#ifdef COMPAT___memset_chk
extern void* memset(void*, int, size_t);
WEAK void* COMPAT_NAME(__memset_chk)(void* to, int byte, size_t n, size_t size) {
  CHECK(n <= size);
  return memset(to, byte, n);
}
#endif
#ifdef COMPAT___wmemset_chk
extern wchar_t* wmemset(wchar_t*, wchar_t, size_t);
WEAK wchar_t* COMPAT_NAME(__wmemset_chk)(wchar_t* to, wchar_t value, size_t n, size_t size) {
  CHECK(n <= size);
  return wmemset(to, value, n);
}
#endif
#ifdef COMPAT___explicit_bzero_chk
extern void explicit_bzero(void*, size_t);
WEAK void COMPAT_NAME(__explicit_bzero_chk)(void* to, size_t n, size_t size) {
  CHECK(n <= size);
  explicit_bzero(to, n);
}
#endif
#define CHECKED_COPY(name, plain, length, type)                            \
  extern type* plain(type*, const type*);                                  \
  extern size_t length(const type*);                                       \
  WEAK type* COMPAT_NAME(name)(type * to, const type* from, size_t size) { \
    CHECK(length(from) < size);                                            \
    return plain(to, from);                                                \
  }
#ifdef COMPAT___strcpy_chk
CHECKED_COPY(__strcpy_chk, strcpy, strlen, char)
#endif
#ifdef COMPAT___stpcpy_chk
CHECKED_COPY(__stpcpy_chk, stpcpy, strlen, char)
#endif
#ifdef COMPAT___wcscpy_chk
CHECKED_COPY(__wcscpy_chk, wcscpy, wcslen, wchar_t)
#endif
#ifdef COMPAT___strcat_chk
extern char* strcat(char*, const char*);
extern size_t strlen(const char*);
WEAK char* COMPAT_NAME(__strcat_chk)(char* to, const char* from, size_t size) {
  const size_t have = strlen(to);
  CHECK(have < size && strlen(from) < size - have);
  return strcat(to, from);
}
#endif
#ifdef COMPAT___strncat_chk
extern char* strncat(char*, const char*, size_t);
extern size_t strlen(const char*), strnlen(const char*, size_t);
WEAK char* COMPAT_NAME(__strncat_chk)(char* to, const char* from, size_t n, size_t size) {
  const size_t have = strlen(to);
  CHECK(have < size && strnlen(from, n) < size - have);
  return strncat(to, from, n);
}
#endif
#ifdef COMPAT___wcscat_chk
extern wchar_t* wcscat(wchar_t*, const wchar_t*);
extern size_t wcslen(const wchar_t*);
WEAK wchar_t* COMPAT_NAME(__wcscat_chk)(wchar_t* to, const wchar_t* from, size_t size) {
  const size_t have = wcslen(to);
  CHECK(have < size && wcslen(from) < size - have);
  return wcscat(to, from);
}
#endif
#ifdef COMPAT___strlcpy_chk
extern size_t strlcpy(char*, const char*, size_t);
WEAK size_t COMPAT_NAME(__strlcpy_chk)(char* to, const char* from, size_t n, size_t size) {
  CHECK(n <= size);
  return strlcpy(to, from, n);
}
#endif
#ifdef COMPAT___strlcat_chk
extern size_t strlcat(char*, const char*, size_t);
WEAK size_t COMPAT_NAME(__strlcat_chk)(char* to, const char* from, size_t n, size_t size) {
  CHECK(n <= size);
  return strlcat(to, from, n);
}
#endif
#ifdef COMPAT___mbstowcs_chk
extern size_t mbstowcs(wchar_t*, const char*, size_t);
WEAK size_t COMPAT_NAME(__mbstowcs_chk)(wchar_t* to, const char* from, size_t n, size_t size) {
  CHECK(n <= size);
  return mbstowcs(to, from, n);
}
#endif
#ifdef COMPAT___wcstombs_chk
extern size_t wcstombs(char*, const wchar_t*, size_t);
WEAK size_t COMPAT_NAME(__wcstombs_chk)(char* to, const wchar_t* from, size_t n, size_t size) {
  CHECK(n <= size);
  return wcstombs(to, from, n);
}
#endif

// ---- FORTIFY_SOURCE: input, files, sockets
// -----------------------------------------------------------------------------

#ifdef COMPAT___read_chk
extern ssize_t read(int, void*, size_t);
WEAK ssize_t COMPAT_NAME(__read_chk)(int file, void* to, size_t n, size_t size) {
  CHECK(n <= size);
  return read(file, to, n);
}
#endif
#ifdef COMPAT___pread_chk
extern ssize_t pread(int, void*, size_t, off_t);
WEAK ssize_t COMPAT_NAME(__pread_chk)(int file, void* to, size_t n, off_t at, size_t size) {
  CHECK(n <= size);
  return pread(file, to, n, at);
}
#endif
#ifdef COMPAT___pread64_chk
extern ssize_t pread(int, void*, size_t, off_t);
WEAK ssize_t COMPAT_NAME(__pread64_chk)(int file, void* to, size_t n, off_t at, size_t size) {
  CHECK(n <= size);
  return pread(file, to, n, at);
}
#endif
#ifdef COMPAT___fread_chk
extern size_t fread(void*, size_t, size_t, FILE*);
WEAK size_t COMPAT_NAME(__fread_chk)(void* to, size_t size, size_t each, size_t n, FILE* file) {
  size_t bytes;
  CHECK(!__builtin_mul_overflow(each, n, &bytes) && bytes <= size);
  return fread(to, each, n, file);
}
#endif
#ifdef COMPAT___fread_unlocked_chk
extern size_t fread_unlocked(void*, size_t, size_t, FILE*);
WEAK size_t COMPAT_NAME(__fread_unlocked_chk)(void* to, size_t size, size_t each, size_t n, FILE* file) {
  size_t bytes;
  CHECK(!__builtin_mul_overflow(each, n, &bytes) && bytes <= size);
  return fread_unlocked(to, each, n, file);
}
#endif
#ifdef COMPAT___fgets_chk
extern char* fgets(char*, int, FILE*);
WEAK char* COMPAT_NAME(__fgets_chk)(char* to, size_t size, int n, FILE* file) {
  CHECK(n <= 0 || (size_t)n <= size);
  return fgets(to, n, file);
}
#endif
#ifdef COMPAT___fgets_unlocked_chk
extern char* fgets_unlocked(char*, int, FILE*);
WEAK char* COMPAT_NAME(__fgets_unlocked_chk)(char* to, size_t size, int n, FILE* file) {
  CHECK(n <= 0 || (size_t)n <= size);
  return fgets_unlocked(to, n, file);
}
#endif
#ifdef COMPAT___readlink_chk
extern ssize_t readlink(const char*, char*, size_t);
WEAK ssize_t COMPAT_NAME(__readlink_chk)(const char* path, char* to, size_t n, size_t size) {
  CHECK(n <= size);
  return readlink(path, to, n);
}
#endif
#ifdef COMPAT___readlinkat_chk
extern ssize_t readlinkat(int, const char*, char*, size_t);
WEAK ssize_t COMPAT_NAME(__readlinkat_chk)(int directory, const char* path, char* to, size_t n, size_t size) {
  CHECK(n <= size);
  return readlinkat(directory, path, to, n);
}
#endif
#ifdef COMPAT___getcwd_chk
extern char* getcwd(char*, size_t);
WEAK char* COMPAT_NAME(__getcwd_chk)(char* to, size_t n, size_t size) {
  CHECK(n <= size);
  return getcwd(to, n);
}
#endif
// The buffer must hold PATH_MAX, whatever the path.
#ifdef COMPAT___realpath_chk
extern char* realpath(const char*, char*);
WEAK char* COMPAT_NAME(__realpath_chk)(const char* path, char* to, size_t size) {
  CHECK(size >= 4096);
  return realpath(path, to);
}
#endif
#ifdef COMPAT___recv_chk
extern ssize_t recv(int, void*, size_t, int);
WEAK ssize_t COMPAT_NAME(__recv_chk)(int file, void* to, size_t n, size_t size, int flags) {
  CHECK(n <= size);
  return recv(file, to, n, flags);
}
#endif
#ifdef COMPAT___recvfrom_chk
extern ssize_t recvfrom(int, void*, size_t, int, void*, unsigned*);
WEAK ssize_t COMPAT_NAME(__recvfrom_chk)(int file, void* to, size_t n, size_t size, int flags, void* from,
                                         unsigned* from_size) {
  CHECK(n <= size);
  return recvfrom(file, to, n, flags, from, from_size);
}
#endif
#ifdef COMPAT___poll_chk
struct compat_pollfd {
  int fd;
  short events, revents;
};
extern int poll(struct compat_pollfd*, unsigned long, int);
WEAK int COMPAT_NAME(__poll_chk)(struct compat_pollfd* files, unsigned long n, int timeout, size_t size) {
  CHECK(n <= size / sizeof *files);
  return poll(files, n, timeout);
}
#endif
#ifdef COMPAT___gethostname_chk
extern int gethostname(char*, size_t);
WEAK int COMPAT_NAME(__gethostname_chk)(char* to, size_t n, size_t size) {
  CHECK(n <= size);
  return gethostname(to, n);
}
#endif
#ifdef COMPAT___getgroups_chk
extern int getgroups(int, unsigned*);
WEAK int COMPAT_NAME(__getgroups_chk)(int n, unsigned* to, size_t size) {
  CHECK(n < 0 || (size_t)n <= size / sizeof *to);
  return getgroups(n, to);
}
#endif
#ifdef COMPAT___confstr_chk
extern size_t confstr(int, char*, size_t);
WEAK size_t COMPAT_NAME(__confstr_chk)(int name, char* to, size_t n, size_t size) {
  CHECK(n <= size);
  return confstr(name, to, n);
}
#endif
#ifdef COMPAT___ttyname_r_chk
extern int ttyname_r(int, char*, size_t);
WEAK int COMPAT_NAME(__ttyname_r_chk)(int file, char* to, size_t n, size_t size) {
  CHECK(n <= size);
  return ttyname_r(file, to, n);
}
#endif
// The place of a file descriptor in an fd_set of FD_SETSIZE bits, by words.
#define BITS_OF_LONG ((long)sizeof(long) * 8)
#ifdef COMPAT___fdelt_chk
WEAK long COMPAT_NAME(__fdelt_chk)(long file) {
  CHECK(file >= 0 && file < 1024);
  return file / BITS_OF_LONG;
}
#endif
#ifdef COMPAT___fdelt_warn
WEAK long COMPAT_NAME(__fdelt_warn)(long file) {
  CHECK(file >= 0 && file < 1024);
  return file / BITS_OF_LONG;
}
#endif
// open with O_CREAT, or a temporary file, and no mode: glibc ends the program. O_TMPFILE is 020000000 with O_DIRECTORY.
#define CHECKED_FLAGS(flags) CHECK((flags & 0100) == 0 && (flags & 020000000) == 0)
#ifdef COMPAT___open_2
extern int open(const char*, int, ...);
WEAK int COMPAT_NAME(__open_2)(const char* path, int flags) {
  CHECKED_FLAGS(flags);
  return open(path, flags);
}
#endif
#ifdef COMPAT___open64_2
extern int open(const char*, int, ...);
WEAK int COMPAT_NAME(__open64_2)(const char* path, int flags) {
  CHECKED_FLAGS(flags);
  return open(path, flags);
}
#endif
#ifdef COMPAT___openat_2
extern int openat(int, const char*, int, ...);
WEAK int COMPAT_NAME(__openat_2)(int directory, const char* path, int flags) {
  CHECKED_FLAGS(flags);
  return openat(directory, path, flags);
}
#endif
#ifdef COMPAT___openat64_2
extern int openat(int, const char*, int, ...);
WEAK int COMPAT_NAME(__openat64_2)(int directory, const char* path, int flags) {
  CHECKED_FLAGS(flags);
  return openat(directory, path, flags);
}
#endif

// ---- C23 as glibc 2.38 spells it: integers may begin with 0b
// -----------------------------------------------------------

// Where the digits of "0b101" begin, as "101" with base 2; the text itself where it is not of that form. `sign` is '-',
// '+' or 0.
__attribute__((unused)) static const char* BinaryDigits(const char* text, int base, char* sign) {
  if (base != 0 && base != 2) return text;
  const char* at = text;
  while (*at == ' ' || (*at >= '\t' && *at <= '\r')) ++at;
  *sign = *at == '-' || *at == '+' ? *at : 0;
  if (*sign != 0) ++at;
  if (at[0] != '0' || (at[1] != 'b' && at[1] != 'B') || (at[2] != '0' && at[2] != '1')) return text;
  return at + 2;
}
// A negative number is read with its sign, so that the smallest one does not overflow: it takes the place of the b.
#define C23_INTEGER(name, plain, type)                                              \
  extern type plain(const char*, char**, int);                                      \
  WEAK type COMPAT_NAME(name)(const char* text, char** end, int base) {             \
    char sign = 0, copy[128];                                                       \
    const char* digits = BinaryDigits(text, base, &sign);                           \
    if (digits == text) return plain(text, end, base);                              \
    /* Leading zeros aside, more digits than the type has overflow all the same. */ \
    const char* first = digits;                                                     \
    while (first[0] == '0' && (first[1] == '0' || first[1] == '1')) ++first;        \
    size_t n = 0;                                                                   \
    if (sign != 0) copy[n++] = sign;                                                \
    const char* at = first;                                                         \
    for (; *at == '0' || *at == '1'; ++at) {                                        \
      if (n < sizeof copy - 1) copy[n++] = *at;                                     \
    }                                                                               \
    copy[n] = 0;                                                                    \
    if (end != 0) *end = (char*)at;                                                 \
    return plain(copy, 0, 2);                                                       \
  }
#ifdef COMPAT___isoc23_strtol
C23_INTEGER(__isoc23_strtol, strtol, long)
#endif
#ifdef COMPAT___isoc23_strtoul
C23_INTEGER(__isoc23_strtoul, strtoul, unsigned long)
#endif
#ifdef COMPAT___isoc23_strtoll
C23_INTEGER(__isoc23_strtoll, strtoll, long long)
#endif
#ifdef COMPAT___isoc23_strtoull
C23_INTEGER(__isoc23_strtoull, strtoull, unsigned long long)
#endif
#ifdef COMPAT___isoc23_strtoimax
C23_INTEGER(__isoc23_strtoimax, strtoimax, __INTMAX_TYPE__)
#endif
#ifdef COMPAT___isoc23_strtoumax
C23_INTEGER(__isoc23_strtoumax, strtoumax, __UINTMAX_TYPE__)
#endif
// scanf differs in %i with 0b alone, which programs that were written before C23 do not have.
#ifdef COMPAT___isoc23_vsscanf
extern int vsscanf(const char*, const char*, va_list);
WEAK int COMPAT_NAME(__isoc23_vsscanf)(const char* text, const char* format, va_list args) {
  return vsscanf(text, format, args);
}
#endif
#ifdef COMPAT___isoc23_sscanf
extern int vsscanf(const char*, const char*, va_list);
WEAK int COMPAT_NAME(__isoc23_sscanf)(const char* text, const char* format, ...) {
  FORWARD(format, vsscanf(text, format, args));
}
#endif
#ifdef COMPAT___isoc23_vfscanf
extern int vfscanf(FILE*, const char*, va_list);
WEAK int COMPAT_NAME(__isoc23_vfscanf)(FILE* file, const char* format, va_list args) {
  return vfscanf(file, format, args);
}
#endif
#ifdef COMPAT___isoc23_fscanf
extern int vfscanf(FILE*, const char*, va_list);
WEAK int COMPAT_NAME(__isoc23_fscanf)(FILE* file, const char* format, ...) {
  FORWARD(format, vfscanf(file, format, args));
}
#endif
#ifdef COMPAT___isoc23_scanf
extern int vscanf(const char*, va_list);
WEAK int COMPAT_NAME(__isoc23_scanf)(const char* format, ...) { FORWARD(format, vscanf(format, args)); }
#endif

// Numbers have no locale; the argument is musl's own, and is not looked at.
#define WITH_LOCALE(name, plain, type)                                                \
  extern type plain(const char*, char**, int);                                        \
  WEAK type COMPAT_NAME(name)(const char* text, char** end, int base, void* locale) { \
    (void)locale;                                                                     \
    return plain(text, end, base);                                                    \
  }
#ifdef COMPAT_strtol_l
WITH_LOCALE(strtol_l, strtol, long)
#endif
#ifdef COMPAT_strtoul_l
WITH_LOCALE(strtoul_l, strtoul, unsigned long)
#endif
#ifdef COMPAT_strtoll_l
WITH_LOCALE(strtoll_l, strtoll, long long)
#endif
#ifdef COMPAT_strtoull_l
WITH_LOCALE(strtoull_l, strtoull, unsigned long long)
#endif

// ---- Large files: the same functions under two names
// ------------------------------------------------

// The mode is read only where there is one, as open itself does.
#define OPEN_MODE(flags, last)                           \
  compat_mode_t mode = 0;                                \
  if ((flags & 0100) != 0 || (flags & 020000000) != 0) { \
    va_list args;                                        \
    __builtin_va_start(args, last);                      \
    mode = __builtin_va_arg(args, compat_mode_t);        \
    __builtin_va_end(args);                              \
  }
#ifdef COMPAT_open64
extern int open(const char*, int, ...);
WEAK int COMPAT_NAME(open64)(const char* path, int flags, ...) {
  OPEN_MODE(flags, flags);
  return open(path, flags, mode);
}
#endif
#ifdef COMPAT_openat64
extern int openat(int, const char*, int, ...);
WEAK int COMPAT_NAME(openat64)(int directory, const char* path, int flags, ...) {
  OPEN_MODE(flags, flags);
  return openat(directory, path, flags, mode);
}
#endif
#ifdef COMPAT_fcntl64
extern int fcntl(int, int, ...);
WEAK int COMPAT_NAME(fcntl64)(int file, int command, ...) {
  va_list args;
  __builtin_va_start(args, command);
  void* argument = __builtin_va_arg(args, void*);
  __builtin_va_end(args);
  return fcntl(file, command, argument);
}
#endif

#define SAME1(name, plain, result, a) \
  extern result plain(a);             \
  WEAK result COMPAT_NAME(name)(a x) { return plain(x); }
#define SAME2(name, plain, result, a, b) \
  extern result plain(a, b);             \
  WEAK result COMPAT_NAME(name)(a x, b y) { return plain(x, y); }
#define SAME3(name, plain, result, a, b, c) \
  extern result plain(a, b, c);             \
  WEAK result COMPAT_NAME(name)(a x, b y, c z) { return plain(x, y, z); }
#define SAME4(name, plain, result, a, b, c, d) \
  extern result plain(a, b, c, d);             \
  WEAK result COMPAT_NAME(name)(a x, b y, c z, d u) { return plain(x, y, z, u); }
#define SAME6(name, plain, result, a, b, c, d, e, f) \
  extern result plain(a, b, c, d, e, f);             \
  WEAK result COMPAT_NAME(name)(a x, b y, c z, d u, e v, f w) { return plain(x, y, z, u, v, w); }
typedef const char* Text;

#ifdef COMPAT_creat64
SAME2(creat64, creat, int, Text, compat_mode_t)
#endif
#ifdef COMPAT_fopen64
SAME2(fopen64, fopen, FILE*, Text, Text)
#endif
#ifdef COMPAT_freopen64
SAME3(freopen64, freopen, FILE*, Text, Text, FILE*)
#endif
#ifdef COMPAT_tmpfile64
extern FILE* tmpfile(void);
WEAK FILE* COMPAT_NAME(tmpfile64)(void) { return tmpfile(); }
#endif
#ifdef COMPAT_fseeko64
SAME3(fseeko64, fseeko, int, FILE*, off_t, int)
#endif
#ifdef COMPAT_ftello64
SAME1(ftello64, ftello, off_t, FILE*)
#endif
#ifdef COMPAT_lseek64
SAME3(lseek64, lseek, off_t, int, off_t, int)
#endif
#ifdef COMPAT_pread64
SAME4(pread64, pread, ssize_t, int, void*, size_t, off_t)
#endif
#ifdef COMPAT_pwrite64
SAME4(pwrite64, pwrite, ssize_t, int, const void*, size_t, off_t)
#endif
#ifdef COMPAT_preadv64
SAME4(preadv64, preadv, ssize_t, int, const void*, int, off_t)
#endif
#ifdef COMPAT_pwritev64
SAME4(pwritev64, pwritev, ssize_t, int, const void*, int, off_t)
#endif
#ifdef COMPAT_truncate64
SAME2(truncate64, truncate, int, Text, off_t)
#endif
#ifdef COMPAT_ftruncate64
SAME2(ftruncate64, ftruncate, int, int, off_t)
#endif
#ifdef COMPAT_mmap64
SAME6(mmap64, mmap, void*, void*, size_t, int, int, int, off_t)
#endif
#ifdef COMPAT_stat64
SAME2(stat64, stat, int, Text, void*)
#endif
#ifdef COMPAT_lstat64
SAME2(lstat64, lstat, int, Text, void*)
#endif
#ifdef COMPAT_fstat64
SAME2(fstat64, fstat, int, int, void*)
#endif
#ifdef COMPAT_fstatat64
SAME4(fstatat64, fstatat, int, int, Text, void*, int)
#endif
#ifdef COMPAT_statfs64
SAME2(statfs64, statfs, int, Text, void*)
#endif
#ifdef COMPAT_fstatfs64
SAME2(fstatfs64, fstatfs, int, int, void*)
#endif
#ifdef COMPAT_statvfs64
SAME2(statvfs64, statvfs, int, Text, void*)
#endif
#ifdef COMPAT_fstatvfs64
SAME2(fstatvfs64, fstatvfs, int, int, void*)
#endif
#ifdef COMPAT_readdir64
SAME1(readdir64, readdir, void*, void*)
#endif
#ifdef COMPAT_readdir64_r
SAME3(readdir64_r, readdir_r, int, void*, void*, void**)
#endif
typedef int Filter(const void*);
typedef int Compare(const void**, const void**);
#ifdef COMPAT_scandir64
SAME4(scandir64, scandir, int, Text, void***, Filter*, Compare*)
#endif
#ifdef COMPAT_alphasort64
SAME2(alphasort64, alphasort, int, const void**, const void**)
#endif
#ifdef COMPAT_versionsort64
SAME2(versionsort64, versionsort, int, const void**, const void**)
#endif
#ifdef COMPAT_getrlimit64
SAME2(getrlimit64, getrlimit, int, int, void*)
#endif
#ifdef COMPAT_setrlimit64
SAME2(setrlimit64, setrlimit, int, int, const void*)
#endif
#ifdef COMPAT_prlimit64
SAME4(prlimit64, prlimit, int, int, int, const void*, void*)
#endif
#ifdef COMPAT_sendfile64
SAME4(sendfile64, sendfile, ssize_t, int, int, off_t*, size_t)
#endif
#ifdef COMPAT_posix_fadvise64
SAME4(posix_fadvise64, posix_fadvise, int, int, off_t, off_t, int)
#endif
#ifdef COMPAT_posix_fallocate64
SAME3(posix_fallocate64, posix_fallocate, int, int, off_t, off_t)
#endif
#ifdef COMPAT_fallocate64
SAME4(fallocate64, fallocate, int, int, int, off_t, off_t)
#endif
#ifdef COMPAT_lockf64
SAME3(lockf64, lockf, int, int, int, off_t)
#endif
#ifdef COMPAT_mkstemp64
SAME1(mkstemp64, mkstemp, int, char*)
#endif
#ifdef COMPAT_mkostemp64
SAME2(mkostemp64, mkostemp, int, char*, int)
#endif
#ifdef COMPAT_mkstemps64
SAME2(mkstemps64, mkstemps, int, char*, int)
#endif
#ifdef COMPAT_mkostemps64
SAME3(mkostemps64, mkostemps, int, char*, int, int)
#endif

// Before glibc 2.33 stat was an inline function that called these; the version is that of the structure.
#ifdef COMPAT___xstat
extern int stat(Text, void*);
WEAK int COMPAT_NAME(__xstat)(int version, Text path, void* to) {
  (void)version;
  return stat(path, to);
}
#endif
#ifdef COMPAT___xstat64
extern int stat(Text, void*);
WEAK int COMPAT_NAME(__xstat64)(int version, Text path, void* to) {
  (void)version;
  return stat(path, to);
}
#endif
#ifdef COMPAT___lxstat
extern int lstat(Text, void*);
WEAK int COMPAT_NAME(__lxstat)(int version, Text path, void* to) {
  (void)version;
  return lstat(path, to);
}
#endif
#ifdef COMPAT___lxstat64
extern int lstat(Text, void*);
WEAK int COMPAT_NAME(__lxstat64)(int version, Text path, void* to) {
  (void)version;
  return lstat(path, to);
}
#endif
#ifdef COMPAT___fxstat
extern int fstat(int, void*);
WEAK int COMPAT_NAME(__fxstat)(int version, int file, void* to) {
  (void)version;
  return fstat(file, to);
}
#endif
#ifdef COMPAT___fxstat64
extern int fstat(int, void*);
WEAK int COMPAT_NAME(__fxstat64)(int version, int file, void* to) {
  (void)version;
  return fstat(file, to);
}
#endif
#ifdef COMPAT___fxstatat
extern int fstatat(int, Text, void*, int);
WEAK int COMPAT_NAME(__fxstatat)(int version, int directory, Text path, void* to, int flags) {
  (void)version;
  return fstatat(directory, path, to, flags);
}
#endif
#ifdef COMPAT___fxstatat64
extern int fstatat(int, Text, void*, int);
WEAK int COMPAT_NAME(__fxstatat64)(int version, int directory, Text path, void* to, int flags) {
  (void)version;
  return fstatat(directory, path, to, flags);
}
#endif

// ---- Single names
// ------------------------------------------------------------------------------------------------------

// Programs ask it for what they must work around, and all that is needed here is new.
#ifdef COMPAT_gnu_get_libc_version
WEAK const char* COMPAT_NAME(gnu_get_libc_version)(void) { return "2.36"; }
#endif
#ifdef COMPAT_gnu_get_libc_release
WEAK const char* COMPAT_NAME(gnu_get_libc_release)(void) { return "stable"; }
#endif
// 0 is always true: locks are taken.
#ifdef COMPAT___libc_single_threaded
WEAK char COMPAT_NAME(__libc_single_threaded) = 0;
#endif
typedef void Handler(void);
#ifdef COMPAT___register_atfork
extern int pthread_atfork(Handler*, Handler*, Handler*);
WEAK int COMPAT_NAME(__register_atfork)(Handler* prepare, Handler* parent, Handler* child, void* library) {
  (void)library;  // which one is unloaded with its handlers; nothing is, in a static program
  return pthread_atfork(prepare, parent, child);
}
#endif
#if defined(COMPAT_arc4random) || defined(COMPAT_arc4random_buf) || defined(COMPAT_arc4random_uniform)
extern ssize_t getrandom(void*, size_t, unsigned);
static void Random(void* to, size_t n) {
  unsigned char* at = to;
  while (n > 0) {
    const ssize_t got = getrandom(at, n, 0);
    if (got < 0) continue;  // a signal, before the kernel has enough of it
    at += got;
    n -= (size_t)got;
  }
}
#endif
#ifdef COMPAT_arc4random
WEAK unsigned COMPAT_NAME(arc4random)(void) {
  unsigned value;
  Random(&value, sizeof value);
  return value;
}
#endif
#ifdef COMPAT_arc4random_buf
WEAK void COMPAT_NAME(arc4random_buf)(void* to, size_t n) { Random(to, n); }
#endif
#ifdef COMPAT_arc4random_uniform
WEAK unsigned COMPAT_NAME(arc4random_uniform)(unsigned bound) {
  if (bound < 2) return 0;
  // The first 2^32 mod bound values would make small results likelier.
  const unsigned least = -bound % bound;
  unsigned value;
  do {
    Random(&value, sizeof value);
  } while (value < least);
  return value % bound;
}
#endif
#ifdef COMPAT___res_init
extern int res_init(void);
WEAK int COMPAT_NAME(__res_init)(void) { return res_init(); }
#endif
// Look-ups in /etc/protocols and /etc/networks, which musl does in a table of its own and not at all. The structures
// are the same on both sides. A result's list of other names, which is empty, stands in the caller's room.
#if defined(COMPAT_getprotobyname_r) || defined(COMPAT_getprotobynumber_r)
struct compat_protoent {
  char* name;
  char** aliases;
  int number;
};
extern int strcmp(const char*, const char*);
static const struct {
  unsigned char number;
  char name[12];
} kProtocols[] = {{0, "ip"},     {1, "icmp"},       {2, "igmp"},        {3, "ggp"},         {4, "ipencap"},
                  {5, "st"},     {6, "tcp"},        {8, "egp"},         {12, "pup"},        {17, "udp"},
                  {20, "hmp"},   {22, "xns-idp"},   {27, "rdp"},        {29, "iso-tp4"},    {36, "xtp"},
                  {37, "ddp"},   {38, "idpr-cmtp"}, {41, "ipv6"},       {43, "ipv6-route"}, {44, "ipv6-frag"},
                  {45, "idrp"},  {46, "rsvp"},      {47, "gre"},        {50, "esp"},        {51, "ah"},
                  {57, "skip"},  {58, "ipv6-icmp"}, {59, "ipv6-nonxt"}, {60, "ipv6-opts"},  {73, "rspf"},
                  {81, "vmtp"},  {89, "ospf"},      {94, "ipip"},       {98, "encap"},      {103, "pim"},
                  {132, "sctp"}, {136, "udplite"},  {255, "raw"}};
// `name`: null where the number counts.
static int FindProtocol(const char* name, int number, struct compat_protoent* entry, char* room, size_t size,
                        struct compat_protoent** result) {
  const size_t skip = -(size_t)room % sizeof(char*);
  *result = 0;
  for (size_t i = 0; i < sizeof kProtocols / sizeof *kProtocols; ++i) {
    if (name ? strcmp(kProtocols[i].name, name) != 0 : kProtocols[i].number != number) continue;
    if (size < skip + sizeof(char*)) return 34;  // ERANGE
    entry->name = (char*)kProtocols[i].name;
    entry->aliases = (char**)(void*)(room + skip);
    entry->aliases[0] = 0;
    entry->number = kProtocols[i].number;
    *result = entry;
    break;
  }
  return 0;
}
#endif
#ifdef COMPAT_getprotobyname_r
WEAK int COMPAT_NAME(getprotobyname_r)(const char* name, struct compat_protoent* entry, char* room, size_t size,
                                       struct compat_protoent** result) {
  return FindProtocol(name, 0, entry, room, size, result);
}
#endif
#ifdef COMPAT_getprotobynumber_r
WEAK int COMPAT_NAME(getprotobynumber_r)(int number, struct compat_protoent* entry, char* room, size_t size,
                                         struct compat_protoent** result) {
  return FindProtocol(0, number, entry, room, size, result);
}
#endif
// No network has a name; HOST_NOT_FOUND.
#if defined(COMPAT_getnetbyname_r) || defined(COMPAT_getnetbyaddr_r)
struct compat_netent;
#endif
#ifdef COMPAT_getnetbyname_r
WEAK int COMPAT_NAME(getnetbyname_r)(const char* name, struct compat_netent* entry, char* room, size_t size,
                                     struct compat_netent** result, int* error) {
  (void)name, (void)entry, (void)room, (void)size;
  *result = 0;
  *error = 1;
  return 0;
}
#endif
#ifdef COMPAT_getnetbyaddr_r
WEAK int COMPAT_NAME(getnetbyaddr_r)(unsigned network, int type, struct compat_netent* entry, char* room, size_t size,
                                     struct compat_netent** result, int* error) {
  (void)network, (void)type, (void)entry, (void)room, (void)size;
  *result = 0;
  *error = 1;
  return 0;
}
#endif
#ifdef COMPAT___secure_getenv
SAME1(__secure_getenv, secure_getenv, char*, Text)
#endif
#ifdef COMPAT___strdup
SAME1(__strdup, strdup, char*, Text)
#endif
#ifdef COMPAT___strndup
SAME2(__strndup, strndup, char*, Text, size_t)
#endif
#ifdef COMPAT___mempcpy
SAME3(__mempcpy, mempcpy, void*, void*, const void*, size_t)
#endif
#ifdef COMPAT_rawmemchr
WEAK void* COMPAT_NAME(rawmemchr)(const void* from, int byte) {
  const unsigned char* at = from;
  while (*at != (unsigned char)byte) ++at;
  return (void*)at;
}
#endif
#ifdef COMPAT___rawmemchr
WEAK void* COMPAT_NAME(__rawmemchr)(const void* from, int byte) {
  const unsigned char* at = from;
  while (*at != (unsigned char)byte) ++at;
  return (void*)at;
}
#endif
// Another allocator has other numbers, and nothing to be tuned: zeros, and "cannot".
#ifdef COMPAT_mallinfo
struct compat_mallinfo {
  int value[10];
};
WEAK struct compat_mallinfo COMPAT_NAME(mallinfo)(void) { return (struct compat_mallinfo){{0}}; }
#endif
#ifdef COMPAT_mallinfo2
struct compat_mallinfo2 {
  size_t value[10];
};
WEAK struct compat_mallinfo2 COMPAT_NAME(mallinfo2)(void) { return (struct compat_mallinfo2){{0}}; }
#endif
#ifdef COMPAT_mallopt
WEAK int COMPAT_NAME(mallopt)(int parameter, int value) {
  (void)parameter;
  (void)value;
  return 0;
}
#endif
#ifdef COMPAT_malloc_trim
WEAK int COMPAT_NAME(malloc_trim)(size_t keep) {
  (void)keep;
  return 0;
}
#endif
// No frame is known.
#ifdef COMPAT_backtrace
WEAK int COMPAT_NAME(backtrace)(void** to, int n) {
  (void)to;
  (void)n;
  return 0;
}
#endif
#ifdef COMPAT_backtrace_symbols
extern void* calloc(size_t, size_t);
WEAK char** COMPAT_NAME(backtrace_symbols)(void* const* frames, int n) {
  (void)frames;
  return calloc((size_t)(n > 0 ? n : 1), sizeof(char*));
}
#endif
#ifdef COMPAT_backtrace_symbols_fd
WEAK void COMPAT_NAME(backtrace_symbols_fd)(void* const* frames, int n, int file) {
  (void)frames;
  (void)n;
  (void)file;
}
#endif

// The buffer is laid out alike, and written by musl's own setjmp.
#ifdef COMPAT___longjmp_chk
extern void longjmp(void*, int) __attribute__((noreturn));
WEAK void COMPAT_NAME(__longjmp_chk)(void* buffer, int value) { longjmp(buffer, value); }
#endif

// ---- Names of both libraries that mean something else in musl. An archive that was built for glibc asks for these
// instead (lib/diagnose/glibc_archives.cc).

// The text itself, and in `to` only what has to be made. musl has one text for all numbers that are no error.
#ifdef COMPAT___cgo_ld_shim_strerror_r
extern char* strerror(int);
extern int strcmp(const char*, const char*);
extern int snprintf(char*, size_t, const char*, ...);
WEAK char* COMPAT_NAME(__cgo_ld_shim_strerror_r)(int number, char* to, size_t size) {
  static char success[] = "Success";
  if (number == 0) return success;
  if (number > 0 && number < 4096) {
    char* text = strerror(number);
    if (strcmp(text, strerror(4095)) != 0) return text;
  }
  snprintf(to, size, "Unknown error %d", number);
  return to;
}
#endif

// string.h's basename: it leaves the path as it is, and nothing follows a slash at the end.
#ifdef COMPAT___cgo_ld_shim_basename
WEAK char* COMPAT_NAME(__cgo_ld_shim_basename)(const char* path) {
  const char* base = path;
  for (; *path != 0; ++path) {
    if (*path == '/') base = path + 1;
  }
  return (char*)base;
}
#endif
// Options behind other arguments are found as well, unless POSIXLY_CORRECT says no. musl's getopt_long does that.
#ifdef COMPAT___cgo_ld_shim_getopt
extern int getopt(int, char* const*, const char*);
extern int getopt_long(int, char* const*, const char*, const void*, int*);
extern char* getenv(const char*);
WEAK int COMPAT_NAME(__cgo_ld_shim_getopt)(int count, char* const* arguments, const char* options) {
  if (getenv("POSIXLY_CORRECT") != 0) return getopt(count, arguments, options);
  return getopt_long(count, arguments, options, 0, 0);
}
#endif
// Equal elements stay in their order (merge sort), as long as there is memory for a copy: as glibc's.
#if defined(COMPAT___cgo_ld_shim_qsort) || defined(COMPAT___cgo_ld_shim_qsort_r)
typedef int Order(const void*, const void*, void*);
extern void* malloc(size_t);
extern void free(void*);
extern void* memcpy(void*, const void*, size_t);
static void MergeSort(char* from, char* room, size_t n, size_t size, Order* order, void* argument) {
  if (n < 2) return;
  const size_t half = n / 2;
  MergeSort(from, room, half, size, order, argument);
  MergeSort(from + half * size, room, n - half, size, order, argument);
  char *left = from, *right = from + half * size, *to = room;
  size_t lefts = half, rights = n - half;
  while (lefts > 0 && rights > 0) {
    char** least = order(left, right, argument) <= 0 ? &left : &right;
    memcpy(to, *least, size);
    *(least == &left ? &lefts : &rights) -= 1;
    *least += size;
    to += size;
  }
  // What is left on the right is where it belongs.
  memcpy(to, left, lefts * size);
  memcpy(from, room, (n - rights) * size);
}
#endif
#ifdef COMPAT___cgo_ld_shim_qsort
extern void qsort(void*, size_t, size_t, int (*)(const void*, const void*));
struct compat_order {
  int (*order)(const void*, const void*);
};
static int WithoutArgument(const void* a, const void* b, void* order) {
  return ((struct compat_order*)order)->order(a, b);
}
WEAK void COMPAT_NAME(__cgo_ld_shim_qsort)(void* base, size_t n, size_t size, int (*order)(const void*, const void*)) {
  size_t bytes;
  char* room = __builtin_mul_overflow(n, size, &bytes) ? 0 : malloc(bytes + 1);
  if (room == 0) {
    qsort(base, n, size, order);
    return;
  }
  struct compat_order with = {order};
  MergeSort(base, room, n, size, WithoutArgument, &with);
  free(room);
}
#endif
#ifdef COMPAT___cgo_ld_shim_qsort_r
extern void qsort_r(void*, size_t, size_t, Order*, void*);
WEAK void COMPAT_NAME(__cgo_ld_shim_qsort_r)(void* base, size_t n, size_t size, Order* order, void* argument) {
  size_t bytes;
  char* room = __builtin_mul_overflow(n, size, &bytes) ? 0 : malloc(bytes + 1);
  if (room == 0) {
    qsort_r(base, n, size, order, argument);
    return;
  }
  MergeSort(base, room, n, size, order, argument);
  free(room);
}
#endif
