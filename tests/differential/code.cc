// What compilers make beside functions: constructors, thread-local variables, IFUNCs, versions, COMDAT, exceptions.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/differential/generators.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::differential {
namespace {

// One entry of a table of constructors or destructors, as compilers of all times write it.
std::string Entry(const std::string& name, bool old, Dice* dice) {
  static constexpr int kPriorities[] = {101, 150, 500, 65000};
  const int priority = kPriorities[dice->Below(4)];
  const bool ends = dice->Chance(35), with = dice->Chance(40);
  std::string text = absl::StrFormat("static void %s(void) { puts(\"%s\"); }\n", name, name);
  if (!old) {
    return absl::StrCat("__attribute__((", ends ? "destructor" : "constructor",
                        with ? absl::StrCat("(", priority, ")") : "", ", used)) ", text);
  }
  std::string section = ends ? ".dtors" : ".ctors";
  if (with) absl::StrAppend(&section, absl::StrFormat(".%05d", 65535 - priority));
  // Sometimes two in one table, which runs from its end.
  const bool two = dice->Chance(30);
  if (two) absl::StrAppend(&text, absl::StrFormat("static void %s_b(void) { puts(\"%s_b\"); }\n", name, name));
  absl::StrAppend(&text,
                  absl::StrFormat("__attribute__((section(\"%s\"), used)) static void (*%s_table[])(void) = {%s%s};\n",
                                  section, name, name, two ? absl::StrCat(", ", name, "_b") : ""));
  return text;
}

std::vector<Program> ConstructorPrograms(int count, bool old, unsigned seed) {
  std::vector<Program> programs;
  for (int i = 0; i < count; ++i) {
    Dice dice(seed + static_cast<unsigned>(i));
    Program program{.name = absl::StrFormat("n%03d", i)};
    const auto unit = [&](const std::string& file, const std::string& rest) {
      std::string text = "#include <stdio.h>\n#include <stdlib.h>\n";
      const int entries = 1 + dice.Below(3);
      for (int e = 0; e < entries; ++e)
        absl::StrAppend(&text, Entry(absl::StrCat(file, e), old && dice.Chance(60), &dice));
      return Source{absl::StrCat(file, ".c"), absl::StrCat(text, rest)};
    };
    program.objects = {unit("main",
                            "void lib(void);\nstatic void late(void) { puts(\"atexit\"); }\n"
                            "int main(void) { atexit(late); lib(); puts(\"main\"); return 3; }\n"),
                       unit("other", "")};
    program.libraries = {{"lib",
                          {unit("lib", "void deep(void); void lib(void) { deep(); puts(\"lib\"); }\n"),
                           unit("unused", "void unused(void) {}\n")}},
                         {"deep", {unit("deep", "void deep(void) {}\n")}}};
    program.words = {"-llib", "-ldeep"};
    if (i % 4 == 3) program.before = {"-pie"};
    if (i % 4 == 3) {
      for (Source& source : program.objects) source.flags.emplace_back("-fPIE");
      for (Library& library : program.libraries) {
        for (Source& source : library.members) source.flags.emplace_back("-fPIE");
      }
    }
    if (old) program.said_on_musl = ".ctors";
    programs.push_back(std::move(program));
  }
  return programs;
}

void CompileForPie(Program* program) {
  program->before.emplace_back("-pie");
  for (Source& source : program->objects) source.flags.emplace_back("-fPIE");
  for (Library& library : program->libraries) {
    for (Source& source : library.members) source.flags.emplace_back("-fPIE");
  }
}

}  // namespace

std::vector<Program> Constructors() { return ConstructorPrograms(20, false, 1000); }

std::vector<Program> OldConstructors() {
  std::vector<Program> programs = ConstructorPrograms(24, true, 2000);
  // Where .dtors alone is there, and where the table is in an archive alone.
  programs.push_back({.name = "dtors_only",
                      .objects = {{"main.c",
                                   "#include <stdio.h>\nstatic void f(void) { puts(\"f\"); }\n"
                                   "__attribute__((section(\".dtors\"), used)) static void (*t)(void) = f;\n"
                                   "int main(void) { puts(\"main\"); }\n"}},
                      .said_on_musl = ".dtors"});
  return programs;
}

std::vector<Program> Tls() {
  std::vector<Program> programs;
  static constexpr const char* kModels[] = {"local-exec", "initial-exec", "global-dynamic", "local-dynamic"};
  static constexpr int kAlignments[] = {4, 64, 4096, 16384};
  for (int i = 0; i < 24; ++i) {
    const char* model = kModels[i % 4];
    const int align = kAlignments[(i / 4) % 4];
    Program program{.name = absl::StrFormat("n%02d", i)};
    const std::vector<std::string> flags = {"-O1", absl::StrCat("-ftls-model=", model), "-fPIC"};
    program.objects = {
        {"main.c",
         absl::StrFormat(
             "#include <stdio.h>\n#include <stdint.h>\n#include <pthread.h>\n"
             "extern __thread int x; __thread char y[3] = \"ab\"; int next(void);\n"
             "extern __thread int gone __attribute__((weak));\n"
             "static void *run(void *p) { x += 10; y[0]++; printf(\"%%d %%s %%d %%d\\n\", x, y, next(),\n"
             "  (int)((uintptr_t)&x %% %d)); return p; }\n"
             "int main(void) { pthread_t t; run(0); pthread_create(&t, 0, run, 0); pthread_join(t, 0); run(0);\n"
             "  printf(\"%%d\\n\", &gone == 0); }\n",
             align),
         flags},
    };
    const std::string more = absl::StrFormat(
        "__thread int x __attribute__((aligned(%d))) = 5; static __thread long count; __thread char big[%d];\n"
        "int next(void) { big[7]++; return (int)++count + big[7]; }\n",
        align, i >= 16 ? 70000 : 16);
    // A reference to a weak thread-local variable that is not there is for the newer linkers alone.
    program.objects[0].text.replace(program.objects[0].text.find("extern __thread int gone __attribute__((weak));"), 47,
                                    "");
    program.objects[0].text.replace(program.objects[0].text.find("printf(\"%d\\n\", &gone == 0);"), 27, "");
    if (i % 2 == 0) {
      program.objects.push_back({"more.c", more, flags});
    } else {
      program.libraries = {{"more", {{"more.c", more, flags}}}};
      program.words = {"-lmore"};
    }
    if (i % 3 == 2) program.before = {"-pie"};
    if (i % 6 == 3) program.words.emplace_back("-Wl,-z,norelro");
    program.said = "thread-local";
    programs.push_back(std::move(program));
  }
  // Thread-local in one file and not in the other, which GNU ld refuses; errno without its header is the usual case.
  static constexpr const char* kMain = "int f(void); int main(void) { return f(); }\n";
  programs.push_back({.name = "errno",
                      .objects = {{"main.c", "extern int errno; int main(void) { return errno; }\n"}},
                      .said = "thread-local"});
  programs.push_back({.name = "ordinary_reference",
                      .objects = {{"main.c", kMain},
                                  {"f.c", "extern int v; int f(void) { return v; }\n"},
                                  {"v.c", "__thread int v = 3;\n"}},
                      .said = "thread-local"});
  programs.push_back({.name = "ordinary_definition",
                      .objects = {{"main.c", kMain}, {"f.c", "extern __thread int v; int f(void) { return v; }\n"}},
                      .libraries = {{"v", {{"v.c", "int v = 3;\n"}}}},
                      .words = {"-lv"},
                      .said = "thread-local"});
  return programs;
}

std::vector<Program> Ifuncs() {
  std::vector<Program> programs;
  const std::string ifunc =
      "static int one(void) { return 1; }\nstatic int two(void) { return 2; }\n"
      "static void *choose(void) { return (void *)two; }\n"
      "%sint chosen(void) __attribute__((ifunc(\"choose\")));\n";
  for (int i = 0; i < 12; ++i) {
    const bool local = i % 3 == 2, archive = i % 3 == 1;
    Program program{.name = absl::StrFormat("n%02d", i)};
    std::string definition = ifunc;
    definition.replace(definition.find("%s"), 2, local ? "static " : "");
    const std::string use =
        i % 4 == 0   ? "int main(void) { printf(\"%d\\n\", chosen()); }\n"
        : i % 4 == 1 ? "int (*pointer)(void) = chosen;\nint main(void) { printf(\"%d %d %d\\n\", pointer(), chosen(), "
                       "pointer != 0); }\n"
        : i % 4 == 2
            ? "__attribute__((constructor)) static void early(void) { printf(\"early %d\\n\", chosen()); }\n"
              "int main(void) { printf(\"%d\\n\", chosen()); }\n"
            : "__attribute__((constructor(101))) static void early(void) { printf(\"early %d\\n\", chosen()); }\n"
              "int main(void) { puts(\"main\"); }\n";
    if (archive) {
      program.objects = {{"main.c", absl::StrCat("#include <stdio.h>\nint chosen(void);\n", use)}};
      program.libraries = {{"chosen", {{"chosen.c", definition}}}};
      program.words = {"-lchosen"};
    } else {
      program.objects = {{"main.c", absl::StrCat("#include <stdio.h>\n", definition, use)}};
    }
    if (i >= 8) CompileForPie(&program);
    program.objects.insert(program.objects.begin(), {"none.c", "\n"});  // in the place of Go's own object
    program.said_on_musl = "IFUNC";
    program.zig_compiles = false;  // clang has no such attribute for musl
    program.c_alone = false;       // musl's own start does not resolve them: what glibc makes of it is right
    programs.push_back(std::move(program));
  }
  for (int i = 0; i < 4; ++i) {
    Program program{.name = absl::StrFormat("clones%d", i)};
    const std::string clones =
        "__attribute__((target_clones(\"avx2\", \"default\"))) int sum(const int *v, int n) {\n"
        "  int s = 0; for (int i = 0; i < n; ++i) s += v[i]; return s; }\n";
    program.objects = {{"main.c",
                        "#include <stdio.h>\nint sum(const int *, int);\n"
                        "int main(void) { int v[] = {1, 2, 3, 4}; printf(\"%d\\n\", sum(v, 4)); }\n"}};
    if (i % 2 == 0) {
      program.objects.push_back({"sum.c", clones, {"-O3"}});
    } else {
      program.libraries = {{"sum", {{"sum.c", clones, {"-O3"}}}}};
      program.words = {"-lsum"};
    }
    if (i >= 2) CompileForPie(&program);
    program.said_on_musl = i >= 2 ? "IFUNC" : "__cpu_";
    program.c_alone = false;
    programs.push_back(std::move(program));
  }
  return programs;
}

std::vector<Program> Versioned() {
  std::vector<Program> programs;
  const std::string two =
      "#include <stdio.h>\nvoid f_old(void) { puts(\"old\"); }\nvoid f_new(void) { puts(\"new\"); }\n"
      "__asm__(\".symver f_old, f@V1\");\n__asm__(\".symver f_new, f@@V2\");\n";
  const std::string call = "void f(void); int main(void) { f(); }\n";
  const std::string call_old = "void f_1(void); __asm__(\".symver f_1, f@V1\"); int main(void) { f_1(); }\n";
  for (int i = 0; i < 8; ++i) {
    Program program{.name = absl::StrFormat("n%d", i)};
    program.objects = {{"main.c", i % 2 == 0 ? call : call_old}};
    if (i / 2 == 0) {
      program.objects.push_back({"two.c", two});
    } else {
      program.libraries = {{"two", {{"two.c", two}}}};
      if (i / 2 == 2)
        program.libraries.push_back(
            {"plain", {{"plain.c", "#include <stdio.h>\nvoid f(void) { puts(\"plain\"); }\n"}}});
      if (i / 2 == 2) program.words = {"-lplain", "-ltwo"};
      if (i / 2 == 1) program.words = {"-ltwo"};
      if (i / 2 == 3) program.words = {"-Wl,--whole-archive", "-ltwo", "-Wl,--no-whole-archive"};
    }
    programs.push_back(std::move(program));
  }
  return programs;
}

std::vector<Program> Comdat() {
  std::vector<Program> programs;
  const auto unit = [](const std::string& name, int number, int kind) {
    std::string text = "#include <cstdio>\n#include <vector>\n#include <string>\n";
    absl::StrAppend(&text, "#define HERE \"", name, "\"\n");
    switch (kind % 4) {
      case 0:  // an inline function that differs from unit to unit: the first one counts
        absl::StrAppend(&text, "inline __attribute__((noinline)) const char *who() { return HERE; }\n");
        break;
      case 1:
        absl::StrAppend(
            &text,
            "template <class T> struct W { static __attribute__((noinline)) const char *g() { return HERE; } };\n"
            "inline const char *who() { return W<int>::g(); }\n");
        break;
      case 2:
        absl::StrAppend(&text, "inline int once = ", number,
                        " + ([] { std::puts(HERE); return 0; })();\n"
                        "inline const char *who() { static char text[9] = {(char)('0' + once)}; return text; }\n");
        break;
      default:
        absl::StrAppend(&text,
                        "struct V { virtual const char *g() { return HERE; } virtual ~V() {} };\n"
                        "inline __attribute__((noinline)) const char *who() { V *v = new V; const char *s = v->g(); "
                        "delete v; return s; }\n");
    }
    absl::StrAppend(&text, "void print_", name, "() { std::printf(\"%s: %s\\n\", HERE, who()); }\n");
    return Source{absl::StrCat(name, ".cc"), text, {"-O1", "-std=c++17"}};
  };
  for (int i = 0; i < 16; ++i) {
    Program program{.name = absl::StrFormat("n%02d", i), .c_alone = false};
    const Source a = unit("a", 1, i), b = unit("b", 2, i), c = unit("c", 3, i);
    program.objects = {
        {"main.cc",
         "void print_a(); void print_b(); void print_c();\nint main() { print_c(); print_a(); print_b(); }\n"}};
    if (i / 4 == 0) {
      program.objects.insert(program.objects.end(), {c, a, b});
    } else if (i / 4 == 1) {
      program.objects.push_back(b);
      program.libraries = {{"a", {a}}, {"c", {c}}};
      program.words = {"-la", "-lc"};
    } else {
      program.libraries = {{"ab", {a, b}}, {"cc", {c}}};
      program.words = i / 4 == 2 ? std::vector<std::string>{"-lcc", "-lab"} : std::vector<std::string>{"-lab", "-lcc"};
    }
    if (i / 4 == 1) program.libraries[1].name = "cc", program.words[1] = "-lcc";
    programs.push_back(std::move(program));
  }
  return programs;
}

std::vector<Program> Exceptions() {
  std::vector<Program> programs;
  const std::string thrower =
      "#include <stdexcept>\nvoid thrower(int n) { if (n == 1) throw std::runtime_error(\"one\"); if (n == 2) throw 2; "
      "}\n";
  const std::string through =
      "void thrower(int); extern \"C\" void through(int n) { struct S { ~S() { __builtin_puts(\"~S\"); } } s; "
      "thrower(n); }\n";
  const std::string c_frame = "void through(int); void frame(int n) { char room[64]; room[n] = 1; through(n); }\n";
  const std::string main =
      "#include <cstdio>\n#include <stdexcept>\n#include <thread>\nextern \"C\" void frame(int);\n"
      "static void run(int n) {\n  try { frame(n); std::puts(\"none\"); }\n"
      "  catch (const std::exception &e) { std::puts(e.what()); }\n  catch (int i) { std::printf(\"int %d\\n\", i); "
      "}\n}\n"
      "int main() { for (int n = 0; n < 3; ++n) run(n); %s }\n";
  for (int i = 0; i < 12; ++i) {
    Program program{.name = absl::StrFormat("n%02d", i), .c_alone = false};
    const std::vector<std::string> flags = {"-O1", i % 2 == 0 ? "-fPIC" : "-fno-pie"};
    std::string body = main;
    body.replace(body.find("%s"), 2, i % 3 == 1 ? "std::thread t(run, 2); t.join();" : i % 3 == 2 ? "throw 5;" : "");
    program.objects = {{"main.cc", body, flags}};
    std::vector<std::string> c_flags = flags;
    // Without tables nothing gets through: both end by std::terminate.
    c_flags.emplace_back(i % 4 == 3 ? "-fno-asynchronous-unwind-tables" : "-fexceptions");
    program.libraries = {{"frame", {{"frame.c", c_frame, c_flags}}},
                         {"through", {{"through.cc", through, flags}}},
                         {"thrower", {{"thrower.cc", thrower, flags}}}};
    program.words = {"-lframe", "-lthrough", "-lthrower"};
    if (i % 4 == 2) program.before = {"-pie"};
    programs.push_back(std::move(program));
  }
  return programs;
}

// COMMON and BLOCK DATA as Fortran's own compiler writes them.
std::vector<Program> Fortran() {
  std::vector<Program> programs;
  if (e2e::FindProgram("gfortran").empty()) return programs;
  for (int i = 0; i < 8; ++i) {
    const int size = i % 4 == 3 ? 50000 : 10;
    Program program{.name = absl::StrFormat("n%d", i), .c_alone = false};
    const std::string block = absl::StrFormat("  real(8) :: v(%d)\n  integer :: n\n  common /blk/ v, n\n", size);
    const std::vector<std::string> flags = {"-O1", i % 4 == 3 ? "-mcmodel=medium" : "-mcmodel=small"};
    program.objects = {{"main.c",
                        "void work_(void); void show_(int *);\n"
                        "int main(void) { int k = 3; work_(); show_(&k); return 0; }\n"}};
    const Source work{"work.f90",
                      absl::StrCat("subroutine work\n", block, "  n = n + 1\n  v(2) = v(1) * 2\nend subroutine\n"),
                      flags};
    const Source show{"show.f90",
                      absl::StrCat("subroutine show(k)\n  integer :: k\n", block, "  print '(3i6, 2f8.2)', k, n, ",
                                   size, ", v(1), v(2)\nend subroutine\n"),
                      flags};
    const Source data{"data.f90", absl::StrCat("block data\n", block, "  data n /41/, v(1) /1.5d0/\nend block data\n"),
                      flags};
    if (i / 4 == 0) {
      program.libraries = {{"work", {work, show, data}}};
      program.words = {"-lwork", "-lgfortran", "-lquadmath", "-lm"};
    } else {
      program.objects.push_back(work);
      program.libraries = {{"show", {show}}, {"data", {data}}};
      program.words = i % 2 == 0 ? std::vector<std::string>{"-lshow", "-ldata", "-lgfortran", "-lquadmath", "-lm"}
                                 : std::vector<std::string>{"-ldata", "-lshow", "-lgfortran", "-lquadmath", "-lm"};
    }
    programs.push_back(std::move(program));
  }
  return programs;
}

std::vector<Program> Stacks() {
  const std::string nested =
      "#include <stdio.h>\nstatic int apply(int (*f)(int), int n) { return f(n); }\n"
      "int outer(int k) { int add(int n) { return n + k; } return apply(add, 5); }\n";
  return {
      {.name = "nested",
       .objects = {{"main.c", absl::StrCat(nested, "int main(void) { printf(\"%d\\n\", outer(3)); }\n"), {"-O0"}}},
       .said_on_musl = "executable stack"},
      {.name = "nested_in_archive",
       .objects = {{"main.c",
                    "#include <stdio.h>\nint outer(int);\nint main(void) { printf(\"%d\\n\", outer(3)); }\n"}},
       .libraries = {{"outer", {{"outer.c", nested, {"-O0"}}}}},
       .words = {"-louter"},
       .said_on_musl = "executable stack"},
      // Without the note GNU ld makes the stack executable, which nothing here needs.
      {.name = "assembly",
       .objects = {{"main.c", "#include <stdio.h>\nint three(void);\nint main(void) { printf(\"%d\\n\", three()); }\n"},
                   {"three.s", ".text\n.globl three\nthree: mov $3, %eax\nret\n"}},
       .said = "executable stack"},
      {.name = "asked",
       .objects = {{"main.c",
                    "#include <stdio.h>\n#include <string.h>\nint main(void) {\n"
                    "  volatile unsigned char code[8] = {0xb8, 7, 0, 0, 0, 0xc3};\n"
                    "  int (*f)(void) = (int (*)(void))(void *)code; printf(\"%d\\n\", f()); }\n"}},
       .words = {"-Wl,-z,execstack"}},
  };
}

}  // namespace cgo_ld_shim::differential
