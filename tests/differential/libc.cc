// Functions of libc: as a program's own code, and in an archive that was compiled for glibc and is linked with musl.
#include "absl/strings/str_cat.h"
#include "tests/differential/generators.h"

namespace cgo_ld_shim::differential {
namespace {

constexpr char kHead[] =
    "#define _GNU_SOURCE\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <strings.h>\n#include "
    "<errno.h>\n"
    "#include <math.h>\n#include <time.h>\n#include <unistd.h>\n#include <getopt.h>\n#include <pthread.h>\n#include "
    "<signal.h>\n"
    "#include <fnmatch.h>\n#include <glob.h>\n#include <search.h>\n#include <setjmp.h>\n#include <wchar.h>\n#include "
    "<stdint.h>\n"
    "#include <sys/stat.h>\n#include <fcntl.h>\n#include <libgen.h>\n#include <stdarg.h>\n#include <fenv.h>\n#include "
    "<inttypes.h>\n";

struct Row {
  const char* name;
  const char* code;     // functions before run()
  const char* body;     // of run(int argc, char **argv)
  const char* foreign;  // kForeign: what is said where the outcome is another; nullptr: it is the same
};
// What means the same in both.
constexpr Row kSame[] = {
    {"qsort", "static int by(const void *a, const void *b) { return *(int *)a - *(int *)b; }\n",
     "int v[] = {5, 3, 9, 1, 7}; qsort(v, 5, 4, by); for (int i = 0; i < 5; ++i) printf(\"%d \", v[i]);", nullptr},
    {"printf", "",
     "printf(\"%5d|%-6s|%08.3f|%x|%+d|%e|%g|%a|%c|%%|%lld|%zu|%ls\\n\", 42, \"ab\", 3.14159, 255, 7, 1e10, 0.0001, "
     "1.0, 'z', 1LL << 40, (size_t)9, L\"w\");",
     nullptr},
    {"strtod", "",
     "char *e; double d = strtod(\"0x1.8p3 rest\", &e); printf(\"%g %s %ld %g\\n\", d, e, strtol(\"-0777\", 0, 0), "
     "atof(\"1e-3\"));",
     nullptr},
    {"strings", "",
     "char b[50] = \"a,b;;c\"; char *s = b, *t; while ((t = strsep(&s, \",;\"))) printf(\"[%s]\", t);"
     "printf(\"%s %s %d\\n\", strstr(\"hello\", \"ll\"), strrchr(\"a/b/c\", '/'), strverscmp(\"a9\", \"a10\") < 0);",
     nullptr},
    {"memory", "",
     "char *p = calloc(10, 10); p = realloc(p, 100000); void *q; int r = posix_memalign(&q, 4096, 10);"
     "printf(\"%d %d\\n\", p[5], r + (int)((uintptr_t)q % 4096)); free(p); free(q);",
     nullptr},
    {"time", "",
     "time_t t = 86400 * 365; struct tm m; gmtime_r(&t, &m); char b[50]; strftime(b, 50, \"%Y-%m-%d %H:%M:%S %a %j\", "
     "&m); puts(b); printf(\"%ld\\n\", (long)timegm(&m));",
     nullptr},
    {"threads",
     "static int n; static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER; static void *add(void *p) { for (int i = 0; "
     "i < 1000; ++i) { pthread_mutex_lock(&m); n++; pthread_mutex_unlock(&m); } return p; }\n",
     "pthread_t t[4]; for (int i = 0; i < 4; ++i) pthread_create(&t[i], 0, add, 0); for (int i = 0; i < 4; ++i) "
     "pthread_join(t[i], 0); printf(\"%d\\n\", n);",
     nullptr},
    {"signals", "static void on(int s) { printf(\"signal %d\\n\", s); }\n", "signal(SIGUSR1, on); raise(SIGUSR1);",
     nullptr},
    {"longjmp", "static jmp_buf b; static void f(int n) { if (n == 0) longjmp(b, 5); f(n - 1); }\n",
     "int r = setjmp(b); if (r == 0) f(9); printf(\"%d\\n\", r);", nullptr},
    {"math", "",
     "printf(\"%.10g %.10g %.10g %.10g %d\\n\", sin(1), pow(2, 0.5), exp(1), fma(2, 3, 4), (int)lround(2.5));",
     nullptr},
    {"files", "",
     "FILE *f = tmpfile(); fprintf(f, \"line %d\\n\", 5); rewind(f); char b[20]; puts(fgets(b, 20, f)); fclose(f);",
     nullptr},
    {"search", "static int by(const void *a, const void *b) { return *(int *)a - *(int *)b; }\n",
     "int v[] = {1, 3, 5}; int k = 3; int *p = bsearch(&k, v, 3, 4, by); printf(\"%ld\\n\", (long)(p - v)); void *root "
     "= 0; printf(\"%d\\n\", **(int **)tsearch(&k, &root, by));",
     nullptr},
    {"scanf", "",
     "int a; char s[9]; double d; int n = sscanf(\"12 abc 3.5\", \"%d %8s %lf\", &a, s, &d); printf(\"%d %d %s "
     "%g\\n\", n, a, s, d);",
     nullptr},
    {"wide", "",
     "wchar_t w[9]; int n = (int)mbstowcs(w, \"abc\", 9); printf(\"%d %d\\n\", n, (int)wcslen(w)); printf(\"%ld\\n\", "
     "wcstol(L\"77\", 0, 8));",
     nullptr},
    {"environment", "",
     "setenv(\"A_B\", \"x\", 1); puts(getenv(\"A_B\")); unsetenv(\"A_B\"); printf(\"%d\\n\", getenv(\"A_B\") == 0);",
     nullptr},
    {"once",
     "static pthread_once_t o = PTHREAD_ONCE_INIT; static void f(void) { puts(\"once\"); } static pthread_key_t k; "
     "static void gone(void *p) { puts(p); } static void *run2(void *p) { pthread_setspecific(k, \"gone\"); return p; "
     "}\n",
     "pthread_once(&o, f); pthread_once(&o, f); pthread_key_create(&k, gone); pthread_t t; pthread_create(&t, 0, run2, "
     "0); pthread_join(t, 0);",
     nullptr},
    {"stat", "",
     "struct stat s; printf(\"%d\\n\", stat(\"/\", &s)); printf(\"%d\\n\", S_ISDIR(s.st_mode) != 0); "
     "int f = open(\"/dev/null\", O_RDONLY); "
     "printf(\"%d\\n\", f > 0);",
     nullptr},
    {"getopt_long", "",
     "struct option o[] = {{\"big\", 0, 0, 'b'}, {0}}; int c; while ((c = getopt_long(argc, argv, \"b\", o, 0)) != -1) "
     "printf(\"%c \", c); printf(\"%d\\n\", optind);",
     nullptr},
    {"memstream", "",
     "char *p; size_t n; FILE *f = open_memstream(&p, &n); fprintf(f, \"%d\", 123); fclose(f); printf(\"%s %zu\\n\", "
     "p, n);",
     nullptr},
    {"fnmatch", "",
     "printf(\"%d %d %d\\n\", fnmatch(\"*.c\", \"a.c\", 0), fnmatch(\"[a-c]?\", \"bz\", 0), fnmatch(\"a*\", \"b\", 0) "
     "!= 0);",
     nullptr},
};
// What means something else in musl.
constexpr Row kOther[] = {
    {"basename", "#undef basename\nchar *basename(const char *);\n",
     "printf(\"[%s] [%s] [%s]\\n\", basename(\"/a/b/\"), basename(\"/usr/lib\"), basename(\"x\"));", nullptr},
    {"xpg_basename", "", "char p[] = \"/usr/lib/\"; printf(\"%s\\n\", basename(p));", nullptr},
    {"errorcheck", "static pthread_mutex_t m = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;\n",
     "alarm(3); pthread_mutex_lock(&m); printf(\"%d\\n\", pthread_mutex_lock(&m) == EDEADLK);",
     "_MUTEX_INITIALIZER_NP"},
    {"recursive", "static pthread_mutex_t m = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;\n",
     "alarm(3); pthread_mutex_lock(&m); printf(\"%d\\n\", pthread_mutex_lock(&m));", "_MUTEX_INITIALIZER_NP"},
    {"getopt", "",
     "int c; while ((c = getopt(argc, argv, \"b\")) != -1) printf(\"%c \", c); printf(\"%d\\n\", optind);", nullptr},
    {"format_I", "", "printf(\"%Id\\n\", 42);", "%Id"},
    {"strptime_z", "",
     "struct tm t = {0}; char *e = strptime(\"2024-01-02 +0130\", \"%Y-%m-%d %z\", &t); printf(\"%d %ld\\n\", e != 0, "
     "e ? t.tm_gmtoff : -1);",
     "strptime"},
    {"strptime_s", "",
     "struct tm t = {0}; char *e = strptime(\"86400\", \"%s\", &t); printf(\"%d %d\\n\", e != 0, t.tm_year);",
     "strptime"},
    {"strftime_flags", "",
     "struct tm t = {.tm_year = 100, .tm_mon = 1, .tm_mday = 3, .tm_hour = 4}; char b[60]; strftime(b, 60, "
     "\"%-d|%_d|%^a|%10Y|%P\", &t); puts(b);",
     "strftime"},
    {"extmatch", "",
     "printf(\"%d %d\\n\", fnmatch(\"@(ab|cd)\", \"cd\", FNM_EXTMATCH), fnmatch(\"+(a)\", \"aaa\", FNM_EXTMATCH));",
     "fnmatch"},
    {"brace", "",
     "glob_t g; int r = glob(\"/{dev,usr}\", GLOB_BRACE, 0, &g); printf(\"%d %d\\n\", r, r ? -1 : (int)g.gl_pathc);",
     "glob"},
    {"sigrtmin", "static void on(int s) { puts(\"signal\"); }\n", "signal(SIGRTMIN, on); raise(SIGRTMIN);", nullptr},
    {"math_errno", "static volatile double minus = -1, zero;\n",
     "errno = 0; double a = log(minus); int e = errno; errno = 0; double b = pow(zero, minus); printf(\"%d %d %d\\n\", "
     "e, errno, a != a && b > 1);",
     "errno"},
    {"stable_qsort",
     "struct P { int k, n; }; static int by(const void *a, const void *b) { return ((struct P *)a)->k - ((struct P "
     "*)b)->k; }\n",
     "struct P v[64]; for (int i = 0; i < 64; ++i) v[i] = (struct P){i * 7 % 5, i}; qsort(v, 64, sizeof *v, by); for "
     "(int i = 0; i < 64; ++i) printf(\"%d \", v[i].n);",
     nullptr},
    {"constructor_arguments",
     "static int count; static char *first; __attribute__((constructor)) static void early(int c, char **v, char **e) "
     "{ count = c; first = c > 1 ? v[1] : \"none\"; }\n",
     "printf(\"%d %s\\n\", count, first);", nullptr},
    {"preinit",
     "static void early(void) { puts(\"preinit\"); }\n__attribute__((section(\".preinit_array\"), used)) static void "
     "(*p)(void) = early;\n",
     "puts(\"run\");", nullptr},
    {"cleanup",
     "static void handler(void *p) { puts(p); } static void *wait_(void *p) { pthread_cleanup_push(handler, "
     "\"handled\"); pause(); pthread_cleanup_pop(0); return p; }\n",
     "pthread_t t; pthread_create(&t, 0, wait_, 0); usleep(50000); pthread_cancel(t); pthread_join(t, 0); "
     "puts(\"done\");",
     "pthread_cancel"},
    {"single_threaded", "#include <sys/single_threaded.h>\n", "printf(\"%d\\n\", __libc_single_threaded >= 0);",
     nullptr},
    {"strerror_r", "",
     "char b[60]; puts(strerror_r(ENOENT, b, sizeof b)); puts(strerror_r(12345, b, sizeof b)); puts(strerror_r(134, b, "
     "sizeof b)); puts(strerror_r(4095, b, sizeof b)); puts(strerror_r(0, b, "
     "sizeof b));",
     nullptr},
    {"xpg_strerror_r", "int __xpg_strerror_r(int, char *, size_t);\n",
     "char b[60]; printf(\"%d\", __xpg_strerror_r(ENOENT, b, sizeof b)); puts(b);", nullptr},
    {"ftw",
     "#include <ftw.h>\nstatic int on(const char *p, const struct stat *s, int f) { printf(\"%s %d\\n\", p, f == "
     "FTW_D); "
     "return 1; }\n",
     "ftw(\"/dev\", on, 5);", "ftw"},
    {"locale", "#include <ctype.h>\n#include <locale.h>\n",
     "locale_t l = newlocale(LC_ALL_MASK, \"C\", 0); printf(\"%d %d\\n\", isalpha_l('a', l) != 0, isdigit_l('a', l));",
     "newlocale"},
    {"wcsftime", "",
     "struct tm t = {.tm_year = 100, .tm_mday = 3}; wchar_t b[60]; wcsftime(b, 60, L\"%^a\", &t); printf(\"%ls\\n\", "
     "b);",
     "wcsftime"},
    {"processor", "",
     "__builtin_cpu_init(); printf(\"%d %d %d %d %d\\n\", !!__builtin_cpu_supports(\"sse2\"), "
     "!!__builtin_cpu_supports(\"avx2\"), !!__builtin_cpu_supports(\"bmi2\"), !!__builtin_cpu_is(\"intel\"), "
     "!!__builtin_cpu_is(\"amd\"));",
     nullptr},
    {"regex", "#include <regex.h>\n",
     "regex_t r; regcomp(&r, \"a+\", REG_EXTENDED); printf(\"%d\\n\", regexec(&r, \"caat\", 0, 0, 0));", "regcomp"},
};

// How the archive is compiled: with the names of glibc alone that _FORTIFY_SOURCE brings, or without a name by which it
// could be told from one for musl.
enum class Form { kFortified, kExceptions, kPlain };

Program InArchive(const Row& row, Form form) {
  std::vector<std::string> flags = {"-O2", "-fno-builtin"};
  if (form != Form::kPlain) flags.emplace_back("-D_FORTIFY_SOURCE=2");
  if (form == Form::kExceptions) flags.emplace_back("-fexceptions");
  return {.name = absl::StrCat(form == Form::kPlain ? "plain_" : "", row.name),
          .objects = {{"main.c",
                       "void run(int, char **);\nint main(int argc, char **argv) { run(argc, argv); return 0; }\n"}},
          .libraries = {{"run",
                         {{"run.c",
                           absl::StrCat(kHead, row.code, "void run(int argc, char **argv) { ", row.body,
                                        " printf(\"[%d]\\n\", argc); }\n"),
                           flags}}}},
          .words = {"-lrun", "-lm"}};
}

}  // namespace

std::vector<Program> LibcFunctions() {
  std::vector<Program> programs;
  for (const Row& row : kSame) programs.push_back(InArchive(row, Form::kFortified));
  return programs;
}

std::vector<Program> ForeignFunctions() {
  std::vector<Program> programs;
  for (const Row& row : kSame) {
    for (const Form form : {Form::kFortified, Form::kPlain}) programs.push_back(InArchive(row, form));
  }
  for (const Row& row : kOther) {
    const bool exceptions = absl::string_view(row.name) == "cleanup";
    for (const Form form : {exceptions ? Form::kExceptions : Form::kFortified, Form::kPlain}) {
      programs.push_back(InArchive(row, form));
      if (row.foreign != nullptr) programs.back().said_on_musl = row.foreign;
      // Without -fexceptions glibc's headers make another thing of pthread_cleanup_push.
      if (exceptions && form == Form::kPlain) programs.back().said_on_musl = "__pthread_register_cancel";
    }
  }
  return programs;
}

std::vector<Program> MuslFunctions() {
  std::vector<Program> programs;
  for (const Row& row : kSame) programs.push_back(InArchive(row, Form::kPlain));
  return programs;
}

}  // namespace cgo_ld_shim::differential
