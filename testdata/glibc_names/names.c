// Every function of lib/objects/compat.c, called as a library calls it that was compiled for glibc: with the types of
// glibc's headers, which musl's functions then fill. glibc_names() is 0, or the line that went wrong.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <malloc.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

// Names that headers write only for some options, or for some versions.
int __vfprintf_chk(FILE*, int, const char*, va_list), __fprintf_chk(FILE*, int, const char*, ...);
int __vprintf_chk(int, const char*, va_list), __printf_chk(int, const char*, ...);
int __vsnprintf_chk(char*, size_t, int, size_t, const char*, va_list);
int __snprintf_chk(char*, size_t, int, size_t, const char*, ...);
int __vsprintf_chk(char*, int, size_t, const char*, va_list), __sprintf_chk(char*, int, size_t, const char*, ...);
int __vasprintf_chk(char**, int, const char*, va_list), __asprintf_chk(char**, int, const char*, ...);
int __vdprintf_chk(int, int, const char*, va_list), __dprintf_chk(int, int, const char*, ...);
void __vsyslog_chk(int, int, const char*, va_list), __syslog_chk(int, int, const char*, ...);
int __vswprintf_chk(wchar_t*, size_t, int, size_t, const wchar_t*, va_list);
int __swprintf_chk(wchar_t*, size_t, int, size_t, const wchar_t*, ...);
int __vfwprintf_chk(FILE*, int, const wchar_t*, va_list), __fwprintf_chk(FILE*, int, const wchar_t*, ...);
void *__memcpy_chk(void*, const void*, size_t, size_t), *__memmove_chk(void*, const void*, size_t, size_t);
void *__mempcpy_chk(void*, const void*, size_t, size_t), *__memset_chk(void*, int, size_t, size_t);
char *__strncpy_chk(char*, const char*, size_t, size_t), *__stpncpy_chk(char*, const char*, size_t, size_t);
wchar_t *__wmemcpy_chk(wchar_t*, const wchar_t*, size_t, size_t),
    *__wmemmove_chk(wchar_t*, const wchar_t*, size_t, size_t);
wchar_t *__wcsncpy_chk(wchar_t*, const wchar_t*, size_t, size_t), *__wmemset_chk(wchar_t*, wchar_t, size_t, size_t);
void __explicit_bzero_chk(void*, size_t, size_t);
char *__strcpy_chk(char*, const char*, size_t), *__stpcpy_chk(char*, const char*, size_t);
wchar_t *__wcscpy_chk(wchar_t*, const wchar_t*, size_t), *__wcscat_chk(wchar_t*, const wchar_t*, size_t);
char *__strcat_chk(char*, const char*, size_t), *__strncat_chk(char*, const char*, size_t, size_t);
size_t __strlcpy_chk(char*, const char*, size_t, size_t), __strlcat_chk(char*, const char*, size_t, size_t);
size_t __mbstowcs_chk(wchar_t*, const char*, size_t, size_t), __wcstombs_chk(char*, const wchar_t*, size_t, size_t);
ssize_t __read_chk(int, void*, size_t, size_t), __pread64_chk(int, void*, size_t, off64_t, size_t);
size_t __fread_chk(void*, size_t, size_t, size_t, FILE*), __fread_unlocked_chk(void*, size_t, size_t, size_t, FILE*);
char *__fgets_chk(char*, size_t, int, FILE*), *__fgets_unlocked_chk(char*, size_t, int, FILE*);
ssize_t __readlink_chk(const char*, char*, size_t, size_t), __readlinkat_chk(int, const char*, char*, size_t, size_t);
char *__getcwd_chk(char*, size_t, size_t), *__realpath_chk(const char*, char*, size_t);
ssize_t __recv_chk(int, void*, size_t, size_t, int);
ssize_t __recvfrom_chk(int, void*, size_t, size_t, int, struct sockaddr*, socklen_t*);
int __poll_chk(struct pollfd*, nfds_t, int, size_t), __gethostname_chk(char*, size_t, size_t);
int __getgroups_chk(int, gid_t*, size_t), __ttyname_r_chk(int, char*, size_t, size_t);
size_t __confstr_chk(int, char*, size_t, size_t);
long __fdelt_chk(long), __fdelt_warn(long);
int __open_2(const char*, int), __open64_2(const char*, int), __openat_2(int, const char*, int),
    __openat64_2(int, const char*, int);
long __isoc23_strtol(const char*, char**, int);
unsigned long __isoc23_strtoul(const char*, char**, int);
long long __isoc23_strtoll(const char*, char**, int);
unsigned long long __isoc23_strtoull(const char*, char**, int);
intmax_t __isoc23_strtoimax(const char*, char**, int);
uintmax_t __isoc23_strtoumax(const char*, char**, int);
int __isoc23_vsscanf(const char*, const char*, va_list), __isoc23_sscanf(const char*, const char*, ...);
int __isoc23_vfscanf(FILE*, const char*, va_list), __isoc23_fscanf(FILE*, const char*, ...);
int __isoc23_scanf(const char*, ...);
int __xstat64(int, const char*, struct stat64*), __lxstat64(int, const char*, struct stat64*);
int __fxstat64(int, int, struct stat64*), __fxstatat64(int, int, const char*, struct stat64*, int);
const char *gnu_get_libc_version(void), *gnu_get_libc_release(void);
extern char __libc_single_threaded;
int __register_atfork(void (*)(void), void (*)(void), void (*)(void), void*);
uint32_t arc4random(void), arc4random_uniform(uint32_t);
void arc4random_buf(void*, size_t);
int __res_init(void);
char *__secure_getenv(const char*), *__strdup(const char*), *__strndup(const char*, size_t);
void *__mempcpy(void*, const void*, size_t), *__rawmemchr(const void*, int);
int backtrace(void**, int);
char** backtrace_symbols(void* const*, int);
void backtrace_symbols_fd(void* const*, int, int);
void __longjmp_chk(struct __jmp_buf_tag*, int) __attribute__((noreturn));

#define CHECK(condition) \
  if (!(condition)) return __LINE__

static int Variadic(char* to, const char* format, ...) {
  va_list args, again, third;
  va_start(args, format);
  va_copy(again, args);
  va_copy(third, args);
  char other[32], *made = 0;
  const int n = __vsnprintf_chk(to, 32, 1, 32, format, args);
  const int m = __vsprintf_chk(other, 1, sizeof other, format, again);
  const int k = __vasprintf_chk(&made, 1, format, third);
  va_end(args);
  va_end(again);
  va_end(third);
  const int same = n == m && n == k && strcmp(to, other) == 0 && strcmp(to, made) == 0;
  free(made);
  return same ? n : -1;
}
static int Written(FILE* file, int fd, const char* format, ...) {
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  const int n = __vfprintf_chk(file, 1, format, args), m = __vdprintf_chk(fd, 1, format, again);
  va_end(args);
  va_end(again);
  return n == m ? n : -1;
}
static int Wide(wchar_t* to, FILE* file, const wchar_t* format, ...) {
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  const int n = __vswprintf_chk(to, 16, 1, 16, format, args), m = __vfwprintf_chk(file, 1, format, again);
  va_end(args);
  va_end(again);
  return n == m ? n : -1;
}
static int Scanned(FILE* file, const char* text, const char* format, ...) {
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  const int n = __isoc23_vsscanf(text, format, args), m = __isoc23_vfscanf(file, format, again);
  va_end(args);
  va_end(again);
  return n == m ? n : -1;
}
static void Nothing(const char* format, ...) {
  va_list args;
  va_start(args, format);
  __vprintf_chk(1, format, args);
  va_end(args);
  va_start(args, format);
  __vsyslog_chk(LOG_DEBUG, 1, format, args);
  va_end(args);
}

static int Printing(void) {
  char text[32];
  CHECK(Variadic(text, "%s %d %.2f %lld", "x", -7, 1.5, 1LL << 40) == 23);
  CHECK(strcmp(text, "x -7 1.50 1099511627776") == 0);
  CHECK(__sprintf_chk(text, 1, sizeof text, "%s %5.1f", "y", 2.25) == 7 && strcmp(text, "y   2.2") == 0);
  CHECK(__snprintf_chk(text, 4, 1, sizeof text, "%lu", 123456ul) == 6 && strcmp(text, "123") == 0);
  char* made = 0;
  CHECK(__asprintf_chk(&made, 1, "%d %s", 9, "nine") == 6 && strcmp(made, "9 nine") == 0);
  free(made);
  FILE* file = tmpfile64();
  CHECK(file != 0);
  const int null = open64("/dev/null", O_WRONLY);
  CHECK(null >= 0);
  CHECK(Written(file, null, "%d %f\n", 5, 0.5) == 11 && __fprintf_chk(file, 1, "%s\n", "more") == 5);
  CHECK(__dprintf_chk(null, 1, "%c%g", 'o', 1e10) == 6);
  rewind(file);
  CHECK(fgets(text, sizeof text, file) != 0 && strcmp(text, "5 0.500000\n") == 0);
  fclose(file);
  wchar_t wide[16];
  FILE* nothing = fopen64("/dev/null", "w");
  CHECK(nothing != 0 && Wide(wide, nothing, L"%d %ls", 21, L"w") == 4 && wcscmp(wide, L"21 w") == 0);
  CHECK(__fwprintf_chk(nothing, 1, L"%d", 3) == 1);
  fclose(nothing);
  CHECK(__swprintf_chk(wide, 16, 1, 16, L"%.1f", 0.5) == 3 && wcscmp(wide, L"0.5") == 0);
  CHECK(__printf_chk(1, "%s", "") == 0);
  Nothing("%s", "");
  __syslog_chk(LOG_DEBUG, 1, "%s", "");
  close(null);
  return 0;
}

static int Strings(void) {
  char a[16] = "ab";
  CHECK(__strcat_chk(a, "cd", 16) == a && strcmp(__strncat_chk(a, "efgh", 2, 16), "abcdef") == 0);
  CHECK(__strcpy_chk(a, "xyz", 4) == a && __stpcpy_chk(a, "xyz", 16) == a + 3);
  CHECK(strcmp(__strncpy_chk(a, "q", 3, 16), "q") == 0 && __stpncpy_chk(a, "rs", 4, 16) == a + 2);
  CHECK(__memcpy_chk(a, "12345", 6, 6) == a && __mempcpy_chk(a, "12345", 6, 6) == a + 6);
  CHECK(strcmp(__memmove_chk(a + 1, a, 5, 15), "12345") == 0 && __memset_chk(a, 'z', 2, 16) == a);
  CHECK(strcmp(a, "zz2345") == 0 && __mempcpy(a, "9", 1) == a + 1);
  __explicit_bzero_chk(a, 1, 16);
  CHECK(a[0] == 0 && __strlcpy_chk(a, "abc", 16, 16) == 3 && __strlcat_chk(a, "de", 16, 16) == 5);
  wchar_t w[8];
  CHECK(wcscmp(__wcscpy_chk(w, L"abc", 8), L"abc") == 0 && wcscmp(__wcscat_chk(w, L"d", 8), L"abcd") == 0);
  CHECK(__wmemcpy_chk(w, L"xy", 3, 8) == w && __wmemmove_chk(w + 1, w, 3, 7) == w + 1 && wcscmp(w, L"xxy") == 0);
  CHECK(wcscmp(__wcsncpy_chk(w, L"pq", 3, 8), L"pq") == 0 && __wmemset_chk(w, L'r', 2, 8) == w && w[1] == L'r');
  CHECK(__mbstowcs_chk(w, "st", 8, 8) == 2 && wcscmp(w, L"st") == 0);
  CHECK(__wcstombs_chk(a, L"uv", 16, 16) == 2 && strcmp(a, "uv") == 0);
  CHECK(rawmemchr("abc", 'c') != 0 && *(char*)__rawmemchr("abc", 'b') == 'b');
  char *copy = __strdup("copy"), *part = __strndup("copy", 2);
  CHECK(strcmp(copy, "copy") == 0 && strcmp(part, "co") == 0);
  free(copy);
  free(part);
  setenv("GLIBC_NAMES", "yes", 1);
  CHECK(strcmp(__secure_getenv("GLIBC_NAMES"), "yes") == 0);
  return 0;
}

static int Protocols(void) {
  struct protoent entry, *found;
  char room[64];
  CHECK(getprotobyname_r("udp", &entry, room + 1, sizeof room - 1, &found) == 0 && found == &entry);
  CHECK(entry.p_proto == 17 && strcmp(entry.p_name, "udp") == 0 && entry.p_aliases[0] == 0);
  CHECK(getprotobynumber_r(6, &entry, room, sizeof room, &found) == 0 && strcmp(found->p_name, "tcp") == 0);
  CHECK(getprotobyname_r("tcp", &entry, room, 2, &found) == ERANGE && found == 0);
  CHECK(getprotobyname_r("none", &entry, room, sizeof room, &found) == 0 && found == 0);
  struct netent network, *net = &network;
  int error = 0;
  CHECK(getnetbyname_r("none.example", &network, room, sizeof room, &net, &error) == 0 && net == 0 && error != 0);
  net = &network;
  CHECK(getnetbyaddr_r(42, AF_INET, &network, room, sizeof room, &net, &error) == 0 && net == 0 && error != 0);
  return 0;
}

static int Numbers(void) {
  char* end;
  CHECK(__isoc23_strtol("-0b101x", &end, 0) == -5 && *end == 'x' && __isoc23_strtoul("0xff", 0, 16) == 255);
  CHECK(__isoc23_strtoll("1099511627776", 0, 10) == 1LL << 40 && __isoc23_strtoull("0b11", 0, 2) == 3);
  CHECK(__isoc23_strtoimax("-1099511627776", 0, 10) == -(1LL << 40) && __isoc23_strtoumax("0b1", 0, 0) == 1);
  CHECK(strtol_l("-12", &end, 10, (locale_t)0) == -12 && strtoul_l("12", 0, 10, (locale_t)0) == 12);
  CHECK(strtoll_l("1099511627776", 0, 10, (locale_t)0) == 1LL << 40);
  CHECK(strtoull_l("1099511627776", 0, 10, (locale_t)0) == 1ULL << 40);
  int n = 0;
  double d = 0;
  char word[8];
  CHECK(__isoc23_sscanf("7 2.5 w", "%d %lf %7s", &n, &d, word) == 3 && n == 7 && d == 2.5 && word[0] == 'w');
  FILE* file = tmpfile64();
  CHECK(file != 0 && fputs("8 3.5\n9\n", file) >= 0);
  rewind(file);
  CHECK(Scanned(file, "8 3.5", "%d %lf", &n, &d) == 2 && n == 8 && d == 3.5);
  CHECK(__isoc23_fscanf(file, "%d", &n) == 1 && n == 9);
  fclose(file);
  CHECK(freopen64("/dev/null", "r", stdin) != 0 && __isoc23_scanf("%d", &n) == EOF);
  uint32_t random[4] = {0};
  arc4random_buf(random, sizeof random);
  CHECK((random[0] | random[1] | random[2] | random[3] | arc4random()) != 0 && arc4random_uniform(5) < 5);
  return 0;
}

// The same file, by all that there is to know of it.
static int Same(const struct stat64* s, const struct stat64* o) {
  return s->st_dev == o->st_dev && s->st_ino == o->st_ino && s->st_mode == o->st_mode && s->st_nlink == o->st_nlink &&
         s->st_uid == o->st_uid && s->st_gid == o->st_gid && s->st_rdev == o->st_rdev && s->st_size == o->st_size &&
         s->st_blksize == o->st_blksize && s->st_blocks == o->st_blocks && s->st_mtim.tv_sec == o->st_mtim.tv_sec &&
         s->st_mtim.tv_nsec == o->st_mtim.tv_nsec && s->st_ctim.tv_sec == o->st_ctim.tv_sec &&
         s->st_atim.tv_sec == o->st_atim.tv_sec;
}
static int Files(char* directory) {
  char path[64], other[80], text[4096];
  snprintf(path, sizeof path, "%s/file", directory);
  umask(022);
  int fd = open64(path, O_CREAT | O_RDWR | O_CLOEXEC, 0640);
  CHECK(fd >= 0 && fcntl64(fd, F_GETFD) == FD_CLOEXEC && fcntl64(fd, F_SETFD, 0) == 0);
  CHECK(write(fd, "one\ntwo\n", 8) == 8);
  // Beyond 2^32: what cuts an offset off shows.
  const off64_t far = (1LL << 32) + 5;
  CHECK(ftruncate64(fd, far + 3) == 0 && lseek64(fd, 0, SEEK_END) == far + 3);
  CHECK(pwrite64(fd, "abc", 3, far) == 3 && pread64(fd, text, 8, far) == 3 && memcmp(text, "abc", 3) == 0);
  CHECK(pread64(fd, text, 8, 0) == 8 && memcmp(text, "one\ntwo\n", 8) == 0);
  CHECK(__pread64_chk(fd, text, 3, far, sizeof text) == 3 && text[0] == 'a');
  struct iovec parts[2] = {{text, 1}, {text + 10, 2}};
  CHECK(preadv64(fd, parts, 2, far) == 3 && text[0] == 'a' && text[11] == 'c');
  CHECK(pwritev64(fd, parts, 2, far) == 3);
  // qemu-arm 7.2 cuts the offset of a mapping off at 2^32, which the kernel does not.
  CHECK(pwrite64(fd, "abc", 3, (1LL << 31) + 5) == 3);
  char* map = mmap64(0, 4096, PROT_READ, MAP_SHARED, fd, 1LL << 31);
  CHECK(map != MAP_FAILED && memcmp(map + 5, "abc", 3) == 0 && munmap(map, 4096) == 0);
  const struct timeval times[2] = {{1000000007, 0}, {1000000009, 0}};
  CHECK(utimes(path, times) == 0);
  struct stat64 s, o;
  memset(&s, 0x55, sizeof s);
  memset(&o, 0xaa, sizeof o);
  CHECK(fstat64(fd, &s) == 0 && s.st_size == far + 3 && (s.st_mode & 07777) == 0640 && S_ISREG(s.st_mode));
  CHECK(s.st_mtim.tv_sec == 1000000009 && s.st_atim.tv_sec == 1000000007 && s.st_mtim.tv_nsec == 0 && s.st_nlink == 1);
  CHECK(s.st_uid == getuid() && s.st_blksize > 0 && s.st_blksize <= 1 << 24 && s.st_blocks < 1 << 20);
  CHECK(stat64(path, &o) == 0 && Same(&s, &o) && lstat64(path, &o) == 0 && Same(&s, &o));
  CHECK(fstatat64(AT_FDCWD, path, &o, 0) == 0 && Same(&s, &o));
  // The version is that of the structure on each machine; musl has one.
  CHECK(__xstat64(1, path, &o) == 0 && Same(&s, &o) && __lxstat64(1, path, &o) == 0 && Same(&s, &o));
  CHECK(__fxstat64(1, fd, &o) == 0 && Same(&s, &o) && __fxstatat64(1, AT_FDCWD, path, &o, 0) == 0 && Same(&s, &o));
#if __SIZEOF_POINTER__ == 8
  int __xstat(int, const char*, struct stat*), __lxstat(int, const char*, struct stat*);
  int __fxstat(int, int, struct stat*), __fxstatat(int, int, const char*, struct stat*, int);
  ssize_t __pread_chk(int, void*, size_t, off_t, size_t);
  struct stat* plain = (struct stat*)&o;
  CHECK(__xstat(1, path, plain) == 0 && Same(&s, &o) && __lxstat(1, path, plain) == 0 && Same(&s, &o));
  CHECK(__fxstat(1, fd, plain) == 0 && Same(&s, &o) && __fxstatat(1, AT_FDCWD, path, plain, 0) == 0 && Same(&s, &o));
  CHECK(__pread_chk(fd, text, 3, far, sizeof text) == 3);
#endif
  CHECK(lockf64(fd, F_TLOCK, far) == 0 && lockf64(fd, F_ULOCK, far) == 0);
  CHECK(posix_fadvise64(fd, far, 1, POSIX_FADV_NORMAL) == 0);
  CHECK(posix_fallocate64(fd, far + 3, 2) == 0 && lseek64(fd, 0, SEEK_END) == far + 5);
  const int allocated = fallocate64(fd, 0, far + 5, 1);
  CHECK(allocated == 0 || errno == EOPNOTSUPP);
  CHECK(truncate64(path, 8) == 0 && lseek64(fd, 0, SEEK_END) == 8);
  snprintf(other, sizeof other, "%s/other", directory);
  const int to = creat64(other, 0600);
  off64_t at = 4;
  CHECK(to >= 0 && sendfile64(to, fd, &at, 4) == 4 && at == 8);
  close(to);
  FILE* file = fopen64(path, "r");
  CHECK(file != 0 && __fgets_chk(text, sizeof text, 16, file) == text && strcmp(text, "one\n") == 0);
  CHECK(ftello64(file) == 4 && fseeko64(file, 1, SEEK_SET) == 0 && ftello64(file) == 1);
  CHECK(__fread_chk(text, 16, 1, 2, file) == 2 && __fread_unlocked_chk(text, 16, 1, 2, file) == 2 && text[1] == 't');
  CHECK(__fgets_unlocked_chk(text, sizeof text, 16, file) == text && strcmp(text, "wo\n") == 0);
  CHECK(fseeko64(file, far, SEEK_SET) == 0 && ftello64(file) == far);
  fclose(file);
  CHECK(lseek64(fd, 4, SEEK_SET) == 4 && __read_chk(fd, text, 3, sizeof text) == 3 && memcmp(text, "two", 3) == 0);
  close(fd);
  const int opened[] = {openat64(AT_FDCWD, path, O_RDONLY), __open_2(path, O_RDONLY), __open64_2(path, O_RDONLY),
                        __openat_2(AT_FDCWD, path, O_RDONLY), __openat64_2(AT_FDCWD, path, O_RDONLY)};
  for (unsigned i = 0; i < sizeof opened / sizeof *opened; ++i) CHECK(opened[i] >= 0 && close(opened[i]) == 0);
  CHECK(open64("/no/such/file", O_RDONLY) == -1 && errno == ENOENT);
  snprintf(other, sizeof other, "%s/link", directory);
  CHECK(symlink("target", other) == 0 && __readlink_chk(other, text, 16, 16) == 6 && memcmp(text, "target", 6) == 0);
  CHECK(__readlinkat_chk(AT_FDCWD, other, text, 16, 16) == 6 && lstat64(other, &s) == 0 && S_ISLNK(s.st_mode));
  char real[PATH_MAX];
  CHECK(__realpath_chk(path, real, sizeof real) == real && __getcwd_chk(text, sizeof text, sizeof text) == text);

  // . .. file link other
  int seen = 0;
  ino64_t inode = 0;
  DIR* dir = opendir(directory);
  CHECK(dir != 0);
  for (struct dirent64* entry = readdir64(dir); entry != 0; entry = readdir64(dir)) {
    ++seen;
    if (strcmp(entry->d_name, "file") == 0) inode = entry->d_ino;
    if (strcmp(entry->d_name, "link") == 0) CHECK(entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN);
    CHECK(entry->d_reclen >= offsetof(struct dirent64, d_name) && entry->d_reclen <= sizeof *entry + 8);
  }
  CHECK(seen == 5 && stat64(path, &s) == 0 && s.st_ino == inode);
  rewinddir(dir);
  struct dirent64 buffer, *entry = 0;
  CHECK(readdir64_r(dir, &buffer, &entry) == 0 && entry == &buffer && entry->d_name[0] != 0);
  closedir(dir);
  struct dirent64** names = 0;
  CHECK(scandir64(directory, &names, 0, alphasort64) == 5 && strcmp(names[2]->d_name, "file") == 0);
  for (int i = 0; i < 5; ++i) free(names[i]);
  free(names);
  CHECK(scandir64(directory, &names, 0, versionsort64) == 5 && strcmp(names[4]->d_name, "other") == 0);
  for (int i = 0; i < 5; ++i) free(names[i]);
  free(names);

  struct statfs64 fs, fs2;
  struct statvfs64 vfs, vfs2;
  memset(&fs, 0x55, sizeof fs);
  memset(&vfs, 0x55, sizeof vfs);
  CHECK(statfs64(directory, &fs) == 0 && statvfs64(directory, &vfs) == 0);
  CHECK(fs.f_namelen == 255 && vfs.f_namemax == 255 && fs.f_blocks == vfs.f_blocks && fs.f_bsize == (long)vfs.f_bsize);
  CHECK(fs.f_files == vfs.f_files && fs.f_blocks > 0 && fs.f_bfree <= fs.f_blocks && fs.f_bavail <= fs.f_bfree);
  dir = opendir(directory);
  CHECK(fstatfs64(dirfd(dir), &fs2) == 0 && fstatvfs64(dirfd(dir), &vfs2) == 0);
  CHECK(fs2.f_type == fs.f_type && fs2.f_blocks == fs.f_blocks && vfs2.f_frsize == vfs.f_frsize);
  closedir(dir);

  char made[4][80];
  for (int i = 0; i < 4; ++i) snprintf(made[i], sizeof made[i], "%s/XXXXXX%s", directory, i < 2 ? "" : ".c");
  const int temporary[] = {mkstemp64(made[0]), mkostemp64(made[1], O_CLOEXEC), mkstemps64(made[2], 2),
                           mkostemps64(made[3], 2, O_CLOEXEC)};
  for (int i = 0; i < 4; ++i) CHECK(temporary[i] >= 0 && close(temporary[i]) == 0 && unlink(made[i]) == 0);
  return 0;
}

static int forks = 0;
static void Forked(void) { ++forks; }
static int Ascending(const void* a, const void* b) { return *(const int*)a / 10 - *(const int*)b / 10; }
static int Descending(const void* a, const void* b, void* sign) {
  return *(const int*)sign * (*(const int*)a / 10 - *(const int*)b / 10);
}

static int System(void) {
  struct rlimit64 limit, again, third;
  CHECK(getrlimit64(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur > 0 && limit.rlim_cur <= limit.rlim_max);
  limit.rlim_cur -= 1;
  CHECK(setrlimit64(RLIMIT_NOFILE, &limit) == 0 && getrlimit64(RLIMIT_NOFILE, &again) == 0);
  CHECK(again.rlim_cur == limit.rlim_cur && again.rlim_max == limit.rlim_max);
  CHECK(prlimit64(0, RLIMIT_NOFILE, 0, &third) == 0 && third.rlim_max == again.rlim_max);
  int pair[2];
  char text[64];
  CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0 && write(pair[0], "hiho", 4) == 4);
  struct pollfd waiting = {pair[1], POLLIN, 0};
  CHECK(__poll_chk(&waiting, 1, 1000, sizeof waiting) == 1 && (waiting.revents & POLLIN) != 0);
  CHECK(__recv_chk(pair[1], text, 2, sizeof text, 0) == 2 &&
        __recvfrom_chk(pair[1], text, 2, sizeof text, 0, 0, 0) == 2);
  // As FD_SET writes it with FORTIFY_SOURCE.
  fd_set set;
  FD_ZERO(&set);
  __FDS_BITS(&set)[__fdelt_chk(pair[1])] |= __FD_MASK(pair[1]);
  CHECK(FD_ISSET(pair[1], &set) && __fdelt_chk(130) == 130 / __NFDBITS && __fdelt_warn(64) == 64 / __NFDBITS);
  struct timeval patience = {0, 1000};
  CHECK(select(pair[1] + 1, &set, 0, 0, &patience) == 0);
  CHECK(write(pair[0], "x", 1) == 1);
  __FDS_BITS(&set)[__fdelt_chk(pair[1])] |= __FD_MASK(pair[1]);
  patience.tv_sec = 5;
  CHECK(select(pair[1] + 1, &set, 0, 0, &patience) == 1);
  CHECK(__ttyname_r_chk(pair[0], text, sizeof text, sizeof text) != 0);
  close(pair[0]);
  close(pair[1]);
  gid_t groups[NGROUPS_MAX];
  CHECK(__gethostname_chk(text, sizeof text, sizeof text) == 0 &&
        __getgroups_chk(NGROUPS_MAX, groups, sizeof groups) >= 0);
  CHECK(__confstr_chk(_CS_PATH, text, sizeof text, sizeof text) > 1 && text[0] == '/');
  CHECK(gnu_get_libc_version()[0] == '2' && gnu_get_libc_release()[0] != 0 && __libc_single_threaded == 0);
  CHECK(__register_atfork(Forked, Forked, 0, 0) == 0);
  const pid_t child = fork();
  if (child == 0) _exit(forks);
  int status = 0;
  CHECK(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 1 &&
        forks == 2);
  __res_init();
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  CHECK(malloc_trim(0) == 0 && mallinfo().arena == 0 && mallinfo2().uordblks == 0);
  void* frames[4];
  const int known = backtrace(frames, 4);
  char** lines = backtrace_symbols(frames, known);
  CHECK(known == 0 && lines != 0);
  free(lines);
  backtrace_symbols_fd(frames, known, 2);
  sigjmp_buf jump;
  const int jumped = sigsetjmp(jump, 1);
  if (jumped == 0) __longjmp_chk(jump, 6);
  CHECK(jumped == 6);

  // Names of both libraries, with glibc's meaning.
  char path[] = "/usr/lib/", *words[] = {"program", "word", "-a", 0};
  CHECK(strcmp(strerror_r(ENOENT, text, sizeof text), "No such file or directory") == 0);
  CHECK(basename(path)[0] == 0 && strcmp(path, "/usr/lib/") == 0);
  CHECK(getopt(3, words, "a") == 'a' && getopt(3, words, "a") == -1);
  int numbers[] = {31, 12, 35, 11, 20};
  qsort(numbers, 5, sizeof *numbers, Ascending);
  CHECK(numbers[0] == 12 && numbers[1] == 11 && numbers[3] == 31 && numbers[4] == 35);
  int sign = -1;
  qsort_r(numbers, 5, sizeof *numbers, Descending, &sign);
  CHECK(numbers[0] == 31 && numbers[1] == 35 && numbers[2] == 20 && numbers[3] == 12);
  return 0;
}

// What both libraries have under one name, with types whose layout is the same, or for which musl keeps the function of
// glibc's layout (time_t of 32 bits).
static int arguments = -1;
__attribute__((constructor)) static void Constructor(int count, char** words, char** environment) {
  arguments = count > 0 && words[count] == 0 && environment == words + count + 1 ? count : 0;
}
static int Common(void) {
  CHECK(arguments >= 1);
  struct timeval now;
  struct timespec precise;
  CHECK(gettimeofday(&now, 0) == 0 && clock_gettime(CLOCK_REALTIME, &precise) == 0);
  const time_t seconds = time(0);
  CHECK(now.tv_sec > 1600000000 && now.tv_usec < 1000000 && precise.tv_sec - now.tv_sec < 100);
  CHECK(precise.tv_nsec < 1000000000 && seconds - now.tv_sec < 100 && seconds >= now.tv_sec);
  const time_t then = 1000000007;
  struct tm broken;
  CHECK(gmtime_r(&then, &broken) == &broken && broken.tm_year == 101 && broken.tm_sec == 47 && timegm(&broken) == then);
  struct rusage usage;
  memset(&usage, 0x55, sizeof usage);
  CHECK(getrusage(RUSAGE_SELF, &usage) == 0 && usage.ru_maxrss > 0 && usage.ru_utime.tv_usec < 1000000);
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  struct timespec past = {1, 0};
  CHECK(pthread_mutex_lock(&mutex) == 0 && pthread_cond_timedwait(&condition, &mutex, &past) == ETIMEDOUT);
  CHECK(pthread_mutex_unlock(&mutex) == 0);
  return 0;
}

int glibc_names(void) {
  char directory[] = "/tmp/glibc-names-XXXXXX";
  CHECK(mkdtemp(directory) == directory);
  int wrong = Files(directory);
  const char* names[] = {"file", "link", "other"};
  for (int i = 0; i < 3; ++i) {
    char path[64];
    snprintf(path, sizeof path, "%s/%s", directory, names[i]);
    unlink(path);
  }
  rmdir(directory);
  if (wrong == 0) wrong = Printing();
  if (wrong == 0) wrong = Strings();
  if (wrong == 0) wrong = Protocols();
  if (wrong == 0) wrong = Numbers();
  if (wrong == 0) wrong = System();
  return wrong != 0 ? wrong : Common();
}
