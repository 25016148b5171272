// glibc's names for musl (lib/objects/compat.c), each compared with glibc's own function: here they are called
// compat_x, and run on this host's glibc.
#include <dirent.h>
#include <execinfo.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <malloc.h>
#include <netdb.h>
#include <poll.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wchar.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "objects/objects.h"
#include "symbols/symbols.h"

// NOLINTBEGIN(readability-identifier-naming): they are other people's names
extern "C" {
char* compat___cgo_ld_shim_basename(const char*);
int compat___cgo_ld_shim_getopt(int, char* const*, const char*);
void compat___cgo_ld_shim_qsort(void*, size_t, size_t, int (*)(const void*, const void*));
void compat___cgo_ld_shim_qsort_r(void*, size_t, size_t, int (*)(const void*, const void*, void*), void*);
char* compat___cgo_ld_shim_strerror_r(int, char*, size_t);
int compat___fprintf_chk(FILE*, int, const char*, ...);
int compat___vfprintf_chk(FILE*, int, const char*, va_list);
int compat___sprintf_chk(char*, int, size_t, const char*, ...);
int compat___snprintf_chk(char*, size_t, int, size_t, const char*, ...);
int compat___vsnprintf_chk(char*, size_t, int, size_t, const char*, va_list);
int compat___vsprintf_chk(char*, int, size_t, const char*, va_list);
int compat___asprintf_chk(char**, int, const char*, ...);
int compat___dprintf_chk(int, int, const char*, ...);
int compat___swprintf_chk(wchar_t*, size_t, int, size_t, const wchar_t*, ...);
void* compat___memcpy_chk(void*, const void*, size_t, size_t);
void* compat___memmove_chk(void*, const void*, size_t, size_t);
void* compat___mempcpy_chk(void*, const void*, size_t, size_t);
void* compat___memset_chk(void*, int, size_t, size_t);
void compat___explicit_bzero_chk(void*, size_t, size_t);
char* compat___strcpy_chk(char*, const char*, size_t);
char* compat___stpcpy_chk(char*, const char*, size_t);
char* compat___strcat_chk(char*, const char*, size_t);
char* compat___strncat_chk(char*, const char*, size_t, size_t);
char* compat___strncpy_chk(char*, const char*, size_t, size_t);
char* compat___stpncpy_chk(char*, const char*, size_t, size_t);
wchar_t* compat___wcscpy_chk(wchar_t*, const wchar_t*, size_t);
wchar_t* compat___wmemcpy_chk(wchar_t*, const wchar_t*, size_t, size_t);
size_t compat___mbstowcs_chk(wchar_t*, const char*, size_t, size_t);
ssize_t compat___read_chk(int, void*, size_t, size_t);
ssize_t compat___pread_chk(int, void*, size_t, off_t, size_t);
size_t compat___fread_chk(void*, size_t, size_t, size_t, FILE*);
char* compat___fgets_chk(char*, size_t, int, FILE*);
ssize_t compat___readlink_chk(const char*, char*, size_t, size_t);
char* compat___getcwd_chk(char*, size_t, size_t);
char* compat___realpath_chk(const char*, char*, size_t);
ssize_t compat___recv_chk(int, void*, size_t, size_t, int);
int compat___poll_chk(pollfd*, unsigned long, int, size_t);
int compat___gethostname_chk(char*, size_t, size_t);
long compat___fdelt_chk(long);
int compat___open_2(const char*, int);
int compat___openat64_2(int, const char*, int);
long compat___isoc23_strtol(const char*, char**, int);
unsigned long compat___isoc23_strtoul(const char*, char**, int);
long long compat___isoc23_strtoll(const char*, char**, int);
unsigned long long compat___isoc23_strtoull(const char*, char**, int);
int compat___isoc23_sscanf(const char*, const char*, ...);
int compat___isoc23_fscanf(FILE*, const char*, ...);
long compat_strtol_l(const char*, char**, int, void*);
int compat_getprotobyname_r(const char*, protoent*, char*, size_t, protoent**);
int compat_getprotobynumber_r(int, protoent*, char*, size_t, protoent**);
int compat_getnetbyname_r(const char*, netent*, char*, size_t, netent**, int*);
int compat_getnetbyaddr_r(uint32_t, int, netent*, char*, size_t, netent**, int*);
int compat_open64(const char*, int, ...);
int compat_openat64(int, const char*, int, ...);
int compat_fcntl64(int, int, ...);
FILE* compat_fopen64(const char*, const char*);
FILE* compat_tmpfile64(void);
int compat_fseeko64(FILE*, off_t, int);
off_t compat_ftello64(FILE*);
off_t compat_lseek64(int, off_t, int);
ssize_t compat_pread64(int, void*, size_t, off_t);
ssize_t compat_pwrite64(int, const void*, size_t, off_t);
int compat_ftruncate64(int, off_t);
int compat_truncate64(const char*, off_t);
void* compat_mmap64(void*, size_t, int, int, int, off_t);
int compat_stat64(const char*, struct stat*);
int compat_lstat64(const char*, struct stat*);
int compat_fstat64(int, struct stat*);
int compat_fstatat64(int, const char*, struct stat*, int);
int compat___xstat64(int, const char*, struct stat*);
int compat___lxstat(int, const char*, struct stat*);
int compat___fxstat64(int, int, struct stat*);
int compat___fxstatat64(int, int, const char*, struct stat*, int);
int compat_statfs64(const char*, struct statfs*);
int compat_statvfs64(const char*, struct statvfs*);
dirent* compat_readdir64(DIR*);
int compat_scandir64(const char*, dirent***, int (*)(const dirent*), int (*)(const dirent**, const dirent**));
int compat_alphasort64(const dirent**, const dirent**);
int compat_getrlimit64(int, rlimit*);
int compat_posix_fallocate64(int, off_t, off_t);
int compat_mkstemp64(char*);
int compat_mkostemp64(char*, int);
const char* compat_gnu_get_libc_version(void);
extern char compat___libc_single_threaded;
int compat___register_atfork(void (*)(), void (*)(), void (*)(), void*);
unsigned compat_arc4random(void);
void compat_arc4random_buf(void*, size_t);
unsigned compat_arc4random_uniform(unsigned);
char* compat___secure_getenv(const char*);
char* compat___strdup(const char*);
void* compat_rawmemchr(const void*, int);
struct mallinfo2 compat_mallinfo2(void);
int compat_malloc_trim(size_t);
int compat_backtrace(void**, int);
char** compat_backtrace_symbols(void* const*, int);
}
// NOLINTEND(readability-identifier-naming)

namespace cgo_ld_shim {
namespace {

using testing::ExitedWithCode;
using testing::KilledBySignal;

constexpr char kOverflow[] = "buffer overflow detected";

// What a va_list function does with arguments.
int Vsnprintf(char* to, size_t limit, size_t size, const char* format, ...) {
  va_list args;
  va_start(args, format);
  const int result = compat___vsnprintf_chk(to, limit, 1, size, format, args);
  va_end(args);
  return result;
}
int Vsprintf(char* to, size_t size, const char* format, ...) {
  va_list args;
  va_start(args, format);
  const int result = compat___vsprintf_chk(to, 1, size, format, args);
  va_end(args);
  return result;
}

class CompatTest : public testing::Test {
 protected:
  void SetUp() override {
    file_ = std::tmpfile();
    std::fputs("one\ntwo\n", file_);
    std::rewind(file_);
    char name[] = "/tmp/compat-XXXXXX";
    ::close(::mkstemp(name));
    path_ = name;
  }
  void TearDown() override {
    std::fclose(file_);
    ::unlink(path_.c_str());
  }
  int fd() const { return ::fileno(file_); }

  FILE* file_ = nullptr;
  std::string path_;
};

TEST_F(CompatTest, PrintfPrintsAsPrintf) {
  char ours[64], theirs[64];
  const int expected = std::snprintf(theirs, sizeof theirs, "%s %d %5.2f", "x", 7, 1.5);
  EXPECT_EQ(compat___sprintf_chk(ours, 1, sizeof ours, "%s %d %5.2f", "x", 7, 1.5), expected);
  EXPECT_STREQ(ours, theirs);
  EXPECT_EQ(compat___snprintf_chk(ours, 4, 1, sizeof ours, "%s %d %5.2f", "x", 7, 1.5), expected) << "cut off";
  EXPECT_STREQ(ours, "x 7");
  EXPECT_EQ(Vsnprintf(ours, sizeof ours, sizeof ours, "%d", 12), 2);
  EXPECT_EQ(Vsprintf(ours, ~size_t{0}, "%d", 345), 3) << "a buffer of unknown size";
  EXPECT_STREQ(ours, "345");
  char* made = nullptr;
  EXPECT_EQ(compat___asprintf_chk(&made, 1, "%d!", 9), 2);
  EXPECT_STREQ(made, "9!");
  std::free(made);
  wchar_t wide[8];
  EXPECT_EQ(compat___swprintf_chk(wide, 8, 1, 8, L"%d", 21), 2);
  EXPECT_STREQ(wide, L"21");

  EXPECT_EQ(compat___fprintf_chk(file_, 1, "%s", "ONE"), 3);
  std::rewind(file_);
  char line[16];
  EXPECT_STREQ(std::fgets(line, sizeof line, file_), "ONE\n");
  std::fflush(file_);
  ::lseek(fd(), 0, SEEK_SET);
  EXPECT_EQ(compat___dprintf_chk(fd(), 1, "%c", 'o'), 1);
}

TEST_F(CompatTest, StringsAreCopiedAsByGlibc) {
  char ours[16] = "ab", theirs[16] = "ab";
  EXPECT_EQ(compat___strcat_chk(ours, "cd", sizeof ours), ours);
  EXPECT_STREQ(ours, std::strcat(theirs, "cd"));
  EXPECT_STREQ(compat___strncat_chk(ours, "efgh", 2, sizeof ours), "abcdef");
  EXPECT_EQ(compat___strcpy_chk(ours, "xyz", 4), ours);
  EXPECT_EQ(compat___stpcpy_chk(ours, "xyz", sizeof ours), ours + 3);
  EXPECT_STREQ(compat___strncpy_chk(ours, "q", 3, sizeof ours), "q");
  EXPECT_EQ(ours[2], '\0');
  EXPECT_EQ(compat___stpncpy_chk(ours, "rs", 4, sizeof ours), ours + 2);
  EXPECT_EQ(compat___memcpy_chk(ours, "12345", 6, 6), ours);
  EXPECT_EQ(compat___mempcpy_chk(ours, "12345", 6, 6), ours + 6);
  EXPECT_STREQ(static_cast<char*>(compat___memmove_chk(ours + 1, ours, 5, 15)), "12345");
  EXPECT_STREQ(ours, "112345");
  EXPECT_EQ(compat___memset_chk(ours, 'z', 2, 16), ours);
  EXPECT_STREQ(ours, "zz2345");
  compat___explicit_bzero_chk(ours, 1, sizeof ours);
  EXPECT_EQ(ours[0], '\0');
  wchar_t wide[4];
  EXPECT_STREQ(compat___wcscpy_chk(wide, L"abc", 4), L"abc");
  EXPECT_EQ(compat___wmemcpy_chk(wide, L"xy", 2, 4), wide);
  EXPECT_EQ(compat___mbstowcs_chk(wide, "pq", 4, 4), 2U);
  EXPECT_STREQ(wide, L"pq");
}

using CompatDeathTest = CompatTest;

TEST_F(CompatDeathTest, WhatDoesNotFitEndsTheProgramAsInGlibc) {
  char small[4];
  // What the compiler cannot see, so that it does not complain.
  volatile size_t limit = 4;
  const std::string five = "12345";
  EXPECT_EXIT(compat___strcpy_chk(small, five.c_str(), limit), KilledBySignal(SIGABRT), kOverflow);
  EXPECT_EXIT(compat___memcpy_chk(small, five.c_str(), 5, limit), KilledBySignal(SIGABRT), kOverflow);
  EXPECT_EXIT(compat___memset_chk(small, 0, 5, limit), KilledBySignal(SIGABRT), kOverflow);
  EXPECT_EXIT(compat___sprintf_chk(small, 1, limit, "%s", five.c_str()), KilledBySignal(SIGABRT), kOverflow);
  EXPECT_EXIT(compat___snprintf_chk(small, 5, 1, limit, "x"), KilledBySignal(SIGABRT), kOverflow);
  EXPECT_EXIT(compat___read_chk(fd(), small, 5, limit), KilledBySignal(SIGABRT), kOverflow);
  EXPECT_EXIT(compat___fread_chk(small, limit, 2, 3, file_), KilledBySignal(SIGABRT), kOverflow);
  EXPECT_EXIT(compat___fread_chk(small, limit, ~size_t{0}, 2, file_), KilledBySignal(SIGABRT), kOverflow);
  EXPECT_EXIT(compat___fgets_chk(small, limit, 5, file_), KilledBySignal(SIGABRT), kOverflow);
  EXPECT_EXIT(compat___fdelt_chk(1024), KilledBySignal(SIGABRT), kOverflow);
  EXPECT_EXIT(compat___realpath_chk("/", small, limit), KilledBySignal(SIGABRT), kOverflow);
  EXPECT_EXIT(compat___open_2("/dev/null", O_CREAT | O_RDWR), KilledBySignal(SIGABRT), kOverflow);
  char full[4] = "abc";
  EXPECT_EXIT(compat___strcat_chk(full, "d", limit), KilledBySignal(SIGABRT), kOverflow);
  EXPECT_EXIT(compat___strncat_chk(full, "d", 9, limit), KilledBySignal(SIGABRT), kOverflow);
}

TEST_F(CompatTest, FilesAreReadAsByGlibc) {
  char ours[64] = {}, theirs[64] = {};
  EXPECT_EQ(compat___pread_chk(fd(), ours, 3, 4, sizeof ours), 3);
  EXPECT_STREQ(ours, "two");
  EXPECT_EQ(compat_pread64(fd(), ours, 3, 0), 3);
  EXPECT_STREQ(ours, "one");
  EXPECT_STREQ(compat___fgets_chk(ours, sizeof ours, sizeof ours, file_), "one\n");
  EXPECT_EQ(compat___fread_chk(ours, sizeof ours, 1, 3, file_), 3U);
  EXPECT_EQ(compat_ftello64(file_), 7);
  EXPECT_EQ(compat_fseeko64(file_, 4, SEEK_SET), 0);
  EXPECT_EQ(compat_ftello64(file_), 4);
  EXPECT_EQ(compat___readlink_chk("/proc/self/exe", ours, sizeof ours, sizeof ours),
            ::readlink("/proc/self/exe", theirs, sizeof theirs));
  EXPECT_EQ(std::string(ours), std::string(theirs));
  char cwd[PATH_MAX], real[PATH_MAX];
  EXPECT_EQ(std::string(compat___getcwd_chk(cwd, sizeof cwd, sizeof cwd)), ::getcwd(real, sizeof real));
  EXPECT_EQ(std::string(compat___realpath_chk("/proc/self", cwd, sizeof cwd)), ::realpath("/proc/self", real));
  EXPECT_EQ(compat___gethostname_chk(cwd, 64, sizeof cwd), ::gethostname(real, 64));
  EXPECT_STREQ(cwd, real);
  EXPECT_EQ(compat___fdelt_chk(130), 2);
  int pair[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  ASSERT_EQ(::write(pair[0], "hi", 2), 2);
  pollfd waiting = {pair[1], POLLIN, 0};
  EXPECT_EQ(compat___poll_chk(&waiting, 1, 1000, sizeof waiting), 1);
  EXPECT_EQ(compat___recv_chk(pair[1], ours, 2, sizeof ours, 0), 2);
  ::close(pair[0]);
  ::close(pair[1]);
}

TEST_F(CompatTest, OpensTakeAModeOnlyWhereThereIsOne) {
  ::unlink(path_.c_str());
  const mode_t mask = ::umask(0);
  const int made = compat_open64(path_.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0640);
  ::umask(mask);
  ASSERT_GE(made, 0);
  struct stat status;
  ASSERT_EQ(compat_fstat64(made, &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0640U);
  EXPECT_EQ(compat_fcntl64(made, F_GETFD), FD_CLOEXEC);
  EXPECT_EQ(compat_fcntl64(made, F_SETFD, 0), 0);
  EXPECT_EQ(::fcntl(made, F_GETFD), 0);
  EXPECT_EQ(compat_ftruncate64(made, 5000), 0);
  EXPECT_EQ(compat_lseek64(made, 0, SEEK_END), 5000);
  EXPECT_EQ(compat_pwrite64(made, "x", 1, 4999), 1);
  EXPECT_EQ(compat_posix_fallocate64(made, 0, 6000), 0);
  ::close(made);
  EXPECT_EQ(compat_truncate64(path_.c_str(), 100), 0);
  for (const int fd :
       {compat_open64(path_.c_str(), O_RDONLY), compat_openat64(AT_FDCWD, path_.c_str(), O_RDONLY),
        compat___open_2(path_.c_str(), O_RDONLY), compat___openat64_2(AT_FDCWD, path_.c_str(), O_RDONLY)}) {
    ASSERT_GE(fd, 0);
    EXPECT_EQ(compat_lseek64(fd, 0, SEEK_END), 100);
    ::close(fd);
  }
  EXPECT_EQ(compat_open64("/no/such/file", O_RDONLY), -1);
  EXPECT_EQ(errno, ENOENT);
  FILE* file = compat_fopen64(path_.c_str(), "r");
  ASSERT_NE(file, nullptr);
  std::fclose(file);
  FILE* temporary = compat_tmpfile64();
  ASSERT_NE(temporary, nullptr);
  std::fclose(temporary);
  char name[] = "/tmp/compat-XXXXXX", other[] = "/tmp/compat-XXXXXX";
  for (const int fd : {compat_mkstemp64(name), compat_mkostemp64(other, O_CLOEXEC)}) {
    EXPECT_GE(fd, 0);
    ::close(fd);
  }
  ::unlink(name);
  ::unlink(other);
}

TEST_F(CompatTest, StructuresOfTheKernelAreFilled) {
  struct stat ours, theirs;
  ASSERT_EQ(::stat(path_.c_str(), &theirs), 0);
  const auto same = [&] { return ours.st_ino == theirs.st_ino && ours.st_mode == theirs.st_mode; };
  EXPECT_TRUE(compat_stat64(path_.c_str(), &ours) == 0 && same());
  EXPECT_TRUE(compat_lstat64(path_.c_str(), &ours) == 0 && same());
  EXPECT_TRUE(compat_fstatat64(AT_FDCWD, path_.c_str(), &ours, 0) == 0 && same());
  EXPECT_TRUE(compat___xstat64(1, path_.c_str(), &ours) == 0 && same());
  EXPECT_TRUE(compat___lxstat(1, path_.c_str(), &ours) == 0 && same());
  EXPECT_TRUE(compat___fxstatat64(1, AT_FDCWD, path_.c_str(), &ours, 0) == 0 && same());
  ASSERT_EQ(::fstat(fd(), &theirs), 0);
  EXPECT_TRUE(compat___fxstat64(1, fd(), &ours) == 0 && same());
  struct statvfs our_fs, their_fs;
  EXPECT_EQ(compat_statvfs64("/", &our_fs), ::statvfs("/", &their_fs));
  EXPECT_EQ(our_fs.f_blocks, their_fs.f_blocks);
  struct statfs our_statfs, their_statfs;
  EXPECT_EQ(compat_statfs64("/", &our_statfs), ::statfs("/", &their_statfs));
  EXPECT_EQ(our_statfs.f_type, their_statfs.f_type);
  rlimit our_limit, their_limit;
  EXPECT_EQ(compat_getrlimit64(RLIMIT_NOFILE, &our_limit), ::getrlimit(RLIMIT_NOFILE, &their_limit));
  EXPECT_EQ(our_limit.rlim_cur, their_limit.rlim_cur);
  void* memory = compat_mmap64(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  static_cast<char*>(memory)[4095] = 1;
  ::munmap(memory, 4096);
}

TEST_F(CompatTest, DirectoriesAreListed) {
  std::set<std::string> ours, theirs;
  DIR* directory = ::opendir("/proc/self");
  ASSERT_NE(directory, nullptr);
  while (const dirent* entry = ::readdir(directory)) theirs.insert(entry->d_name);
  ::rewinddir(directory);
  while (const dirent* entry = compat_readdir64(directory)) ours.insert(entry->d_name);
  ::closedir(directory);
  EXPECT_EQ(ours, theirs);
  dirent** entries = nullptr;
  const int count = compat_scandir64("/proc/self", &entries, nullptr, compat_alphasort64);
  ASSERT_EQ(static_cast<size_t>(count), theirs.size());
  for (int i = 0; i < count; ++i) std::free(entries[i]);
  std::free(entries);
}

// As strtol for all that it reads, and 0b for bases 2 and 0.
// What /etc/protocols says here; a container may have no such file.
TEST_F(CompatTest, ProtocolsAreThoseOfEtcProtocols) {
  alignas(char*) char room[1024];
  protoent ours, theirs, *our_entry = nullptr, *their_entry = nullptr;
  int known = 0;
  for (int number = 0; number < 256; ++number) {
    EXPECT_EQ(compat_getprotobynumber_r(number, &ours, room, sizeof room, &our_entry), 0);
    if (our_entry == nullptr) continue;
    ++known;
    EXPECT_EQ(our_entry->p_proto, number);
    protoent* again = nullptr;
    EXPECT_EQ(compat_getprotobyname_r(our_entry->p_name, &ours, room, sizeof room, &again), 0);
    ASSERT_NE(again, nullptr);
    EXPECT_EQ(again->p_proto, number);
    EXPECT_EQ(again->p_aliases[0], nullptr);
    char other_room[1024];
    if (::getprotobynumber_r(number, &theirs, other_room, sizeof other_room, &their_entry) == 0 &&
        their_entry != nullptr) {
      EXPECT_STREQ(our_entry->p_name, their_entry->p_name);
    }
  }
  EXPECT_GT(known, 30);
  EXPECT_EQ(compat_getprotobyname_r("tcp", &ours, room + 1, sizeof room - 1, &our_entry), 0);
  ASSERT_NE(our_entry, nullptr) << "wherever the room begins";
  EXPECT_EQ(our_entry->p_aliases[0], nullptr);
  EXPECT_EQ(compat_getprotobyname_r("tcp", &ours, room, sizeof(char*) - 1, &our_entry), ERANGE);
  EXPECT_EQ(our_entry, nullptr);
  EXPECT_EQ(compat_getprotobyname_r("no-such", &ours, room, sizeof room, &our_entry), 0);
  EXPECT_EQ(our_entry, nullptr);
}

TEST_F(CompatTest, NoNetworkHasAName) {
  char room[64];
  netent ours, *entry = &ours;
  int error = 0;
  EXPECT_EQ(compat_getnetbyname_r("loopback", &ours, room, sizeof room, &entry, &error), 0);
  EXPECT_EQ(entry, nullptr);
  EXPECT_EQ(error, HOST_NOT_FOUND);
  entry = &ours;
  EXPECT_EQ(compat_getnetbyaddr_r(127, AF_INET, &ours, room, sizeof room, &entry, &error), 0);
  EXPECT_EQ(entry, nullptr);
}

TEST_F(CompatTest, IntegersOfC23) {
  for (const char* text : {"0", "12", "-12", "+7x", " 0x1f", "077", "", "x", "0x", "0b", "0b2", "-0b",
                           "9223372036854775808", "-9223372036854775809", "0bx", "1_000"}) {
    for (const int base : {0, 2, 8, 10, 16, 36}) {
      char *our_end = nullptr, *their_end = nullptr;
      errno = 0;
      const long theirs = ::strtol(text, &their_end, base);
      const int their_error = errno;
      errno = 0;
      EXPECT_EQ(compat___isoc23_strtol(text, &our_end, base), theirs) << text << " " << base;
      EXPECT_EQ(our_end, their_end) << text << " " << base;
      EXPECT_EQ(errno, their_error) << text << " " << base;
      EXPECT_EQ(compat_strtol_l(text, nullptr, base, nullptr), theirs);
      EXPECT_EQ(compat___isoc23_strtoull(text, nullptr, base), ::strtoull(text, nullptr, base));
    }
  }
  char* end = nullptr;
  const char text[] = "  -0b101rest";
  EXPECT_EQ(compat___isoc23_strtol(text, &end, 0), -5);
  EXPECT_STREQ(end, "rest");
  EXPECT_EQ(compat___isoc23_strtol("0B11", nullptr, 2), 3);
  EXPECT_EQ(compat___isoc23_strtol("0b11", nullptr, 16), 0xb11) << "digits there";
  EXPECT_EQ(compat___isoc23_strtoul("0b1", nullptr, 0), 1U);
  EXPECT_EQ(compat___isoc23_strtoll("-0b1", nullptr, 0), -1);
  const std::string zeros = "0b" + std::string(300, '0') + "11";
  EXPECT_EQ(compat___isoc23_strtol(zeros.c_str(), &end, 0), 3);
  EXPECT_EQ(*end, '\0');
  const std::string smallest = "-0b1" + std::string(63, '0'), ones = "0b" + std::string(200, '1');
  errno = 0;
  EXPECT_EQ(compat___isoc23_strtol(smallest.c_str(), nullptr, 0), LONG_MIN);
  EXPECT_EQ(errno, 0);
  EXPECT_EQ(compat___isoc23_strtol(ones.c_str(), nullptr, 0), LONG_MAX);
  EXPECT_EQ(errno, ERANGE);
  int number = 0;
  char word[8];
  EXPECT_EQ(compat___isoc23_sscanf("41 abc", "%d %7s", &number, word), 2);
  EXPECT_EQ(number, 41);
  EXPECT_EQ(compat___isoc23_fscanf(file_, "%7s", word), 1);
  EXPECT_STREQ(word, "one");
}

TEST_F(CompatTest, RandomNumbersKeepTheirBound) {
  std::set<unsigned> seen;
  for (int i = 0; i < 400; ++i) {
    const unsigned value = compat_arc4random_uniform(5);
    ASSERT_LT(value, 5U);
    seen.insert(value);
  }
  EXPECT_EQ(seen.size(), 5U);
  EXPECT_EQ(compat_arc4random_uniform(0), 0U);
  EXPECT_EQ(compat_arc4random_uniform(1), 0U);
  unsigned char bytes[64] = {}, zeros[64] = {};
  compat_arc4random_buf(bytes, sizeof bytes);
  EXPECT_NE(std::memcmp(bytes, zeros, sizeof bytes), 0);
  EXPECT_FALSE(compat_arc4random() == compat_arc4random() && compat_arc4random() == compat_arc4random());
}

int g_forks = 0;

TEST_F(CompatTest, SingleNames) {
  EXPECT_STREQ(compat_gnu_get_libc_version(), "2.36");
  EXPECT_EQ(compat___libc_single_threaded, 0);
  EXPECT_EQ(compat___register_atfork([] { ++g_forks; }, nullptr, nullptr, nullptr), 0);
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(g_forks, 1);
  ::setenv("COMPAT_TEST", "value", 1);
  EXPECT_STREQ(compat___secure_getenv("COMPAT_TEST"), "value");
  char* copy = compat___strdup("copy");
  EXPECT_STREQ(copy, "copy");
  std::free(copy);
  const char text[] = "a/b";
  EXPECT_EQ(compat_rawmemchr(text, '/'), text + 1);
  EXPECT_EQ(compat_mallinfo2().uordblks, 0U);
  EXPECT_EQ(compat_malloc_trim(0), 0);
  void* frames[4];
  EXPECT_EQ(compat_backtrace(frames, 4), 0);
  char** names = compat_backtrace_symbols(frames, 0);
  EXPECT_NE(names, nullptr);
  std::free(names);
}

struct Pair {
  int key, place;
};
int ByKey(const void* a, const void* b) { return static_cast<const Pair*>(a)->key - static_cast<const Pair*>(b)->key; }
int ByKeyAndCount(const void* a, const void* b, void* count) {
  ++*static_cast<int*>(count);
  return ByKey(a, b);
}

TEST_F(CompatTest, EqualElementsKeepTheirOrder) {
  for (const size_t n : {0, 1, 2, 3, 64, 1001}) {
    std::vector<Pair> pairs;
    for (size_t i = 0; i < n; ++i) pairs.push_back({static_cast<int>(i * 7 % 5), static_cast<int>(i)});
    std::vector<Pair> expected = pairs, again = pairs;
    std::stable_sort(expected.begin(), expected.end(), [](const Pair& a, const Pair& b) { return a.key < b.key; });
    int count = 0;
    compat___cgo_ld_shim_qsort(pairs.data(), n, sizeof(Pair), ByKey);
    compat___cgo_ld_shim_qsort_r(again.data(), n, sizeof(Pair), ByKeyAndCount, &count);
    for (size_t i = 0; i < n; ++i) {
      ASSERT_EQ(pairs[i].place, expected[i].place) << n << " elements, " << i;
      ASSERT_EQ(again[i].place, expected[i].place) << n << " elements, " << i;
    }
  }
}

TEST_F(CompatTest, GnuBasename) {
  for (const char* path : {"", "/", "a", "/a", "a/", "/usr/lib", "//", "a//b", "a/b//"})
    EXPECT_STREQ(compat___cgo_ld_shim_basename(path), basename(path)) << path;
}

TEST_F(CompatTest, GnuStrerrorR) {
  // Numbers without a text below 4096 are musl's to show (tests/differential): it has one text for all of them, and
  // glibc, which is linked here, makes each anew in one buffer.
  for (const int number : {0, 1, ENOENT, ERANGE, 133, 4096, -1, 12345}) {
    char theirs[64] = "", ours[64] = "";
    EXPECT_STREQ(compat___cgo_ld_shim_strerror_r(number, ours, sizeof ours), strerror_r(number, theirs, sizeof theirs))
        << number;
    EXPECT_STREQ(ours, theirs) << number << ": the buffer is written where the text has to be made";
  }
  char small[8] = "";
  EXPECT_STREQ(compat___cgo_ld_shim_strerror_r(12345, small, sizeof small), "Unknown");
}

TEST_F(CompatTest, OptionsBehindOtherArgumentsAreFound) {
  const auto parse = [](auto* function) {
    const char* words[] = {"program", "one", "-a", "two", "-b", "value", "--", "-a", nullptr};
    std::string seen;
    optind = 0;
    for (int c; (c = function(8, const_cast<char**>(words), "ab:")) != -1;) {
      seen += static_cast<char>(c);
      if (c == 'b') seen += optarg;
    }
    return seen + std::to_string(optind) + words[optind];
  };
  EXPECT_EQ(parse(compat___cgo_ld_shim_getopt), parse(getopt));
  ::setenv("POSIXLY_CORRECT", "1", 1);
  EXPECT_EQ(parse(compat___cgo_ld_shim_getopt), parse(getopt));
  ::unsetenv("POSIXLY_CORRECT");
}

// A member for each function, so that a program gets no more than it lacks, and weak, so that it never takes another's
// place.
TEST_F(CompatTest, TheArchiveHasOneWeakFunctionAMember) {
  const auto path = objects::CompatArchive();
  ASSERT_TRUE(path.ok()) << path.status();
  const auto archive = symbols::Archive::Open(*path);
  ASSERT_TRUE(archive.ok()) << archive.status();
  EXPECT_GT((*archive)->member_count(), 100U);
  for (uint32_t i = 0; i < (*archive)->member_count(); ++i) {
    const auto member = (*archive)->GetMember(i);
    const auto object = (*archive)->Load(i);
    ASSERT_TRUE(member.ok() && object.ok());
    ASSERT_EQ((*object)->definitions.size(), 1U) << (*member)->name;
    EXPECT_EQ(std::string((*object)->definitions[0].name) + ".o", (*member)->name);
    EXPECT_TRUE((*object)->definitions[0].weak) << (*member)->name;
  }
}

}  // namespace
}  // namespace cgo_ld_shim
