// cgo-ld-shim++ for packages that cannot hold a symbolic link, such as a Python wheel: it starts the cgo-ld-shim that
// lies beside it, under its own name, by whose end the C++ compiler is told from the C compiler. A copy of the whole
// program would double the package.
//
// Go calls it for each C++ file, so it costs next to nothing: no C library, about 2 kB, three system calls. The
// directory is that of the file itself (/proc/self/exe), so that it is found through a link to it as well.
#if defined(__x86_64__)
enum { kSysReadlink = 89, kSysExecve = 59, kSysWrite = 1, kSysExit = 231 };
static long Call(long number, long a, long b, long c, long d) {
  long result;
  register long r10 __asm__("r10") = d;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10) : "rcx", "r11", "memory");
  return result;
}
static long ReadLink(const char* path, char* out, long size) {
  return Call(kSysReadlink, (long)path, (long)out, size, 0);
}
__asm__(
    ".globl _start\n"
    "_start:\n"
    "  xorl %ebp, %ebp\n"
    "  movq %rsp, %rdi\n"
    "  andq $-16, %rsp\n"
    "  call Start\n");
#elif defined(__aarch64__)
enum { kSysReadlinkAt = 78, kSysExecve = 221, kSysWrite = 64, kSysExit = 94, kAtFdCwd = -100 };
static long Call(long number, long a, long b, long c, long d) {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
  return x0;
}
static long ReadLink(const char* path, char* out, long size) {
  return Call(kSysReadlinkAt, kAtFdCwd, (long)path, (long)out, size);
}
__asm__(
    ".globl _start\n"
    "_start:\n"
    "  mov x29, #0\n"
    "  mov x30, #0\n"
    "  mov x0, sp\n"
    "  bl Start\n");
#else
#error "cgo-ld-shim runs on linux/amd64 and linux/arm64"
#endif

enum { kMaxPath = 4096, kStandardError = 2 };

static void Say(const char* text) {
  long length = 0;
  while (text[length] != '\0') ++length;
  Call(kSysWrite, kStandardError, (long)text, length, 0);
}

static __attribute__((noreturn)) void Fail(const char* what, const char* path, const char* advice) {
  Say("cgo-ld-shim++: ");
  Say(what);
  Say(path);
  Say(advice);
  for (;;) Call(kSysExit, 127, 0, 0, 0);
}

// `stack` is what the kernel left there: argc, the arguments, a null, the environment, a null.
__attribute__((noreturn, used)) void Start(long* stack) {
  static char name[kMaxPath], program[kMaxPath];
  char** argv = (char**)(stack + 1);
  char** envp = argv + stack[0] + 1;
  // Read twice rather than copied: a copying loop may be compiled to a call of memcpy, which is not here.
  const long length = ReadLink("/proc/self/exe", name, sizeof name - 1);
  if (length < 3 || ReadLink("/proc/self/exe", program, sizeof program - 1) != length) {
    Fail("/proc/self/exe", "", " cannot be read, so the cgo-ld-shim beside it is not found: is /proc mounted?\n");
  }
  if (name[length - 1] != '+' || name[length - 2] != '+') {
    Fail("this file is called ", name, "; its name must be that of the program beside it, and ++\n");
  }
  program[length - 2] = '\0';
  argv[0] = name;
  Call(kSysExecve, (long)program, (long)argv, (long)envp, 0);
  Fail("cannot start ", program, ", which must lie beside it: install cgo-ld-shim again\n");
}
