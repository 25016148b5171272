// Random links of archives: who defines what, how strongly, and in which order. Functions print where they come from,
// so that a definition that is taken from elsewhere shows.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "tests/differential/generators.h"

namespace cgo_ld_shim::differential {
namespace {

constexpr int kSymbols = 7;

// s2 may call s3 and later ones: no program calls itself.
std::string Function(int symbol, absl::string_view where, const Shape& shape, Dice* dice) {
  std::string body = absl::StrFormat("  printf(\"%%*ss%d of %s\\n\", d, \"\");\n", symbol, where);
  std::string declared;
  for (int i = 0; i < 2 && symbol + 1 < kSymbols; ++i) {
    const int other = symbol + 1 + dice->Below(kSymbols - symbol - 1);
    if (!dice->Chance(60) || absl::StrContains(declared, absl::StrCat("s", other, "("))) continue;
    const bool weak = dice->Chance(shape.weak_references);
    absl::StrAppend(&declared, weak ? "__attribute__((weak)) " : "", "void s", other, "(int);\n");
    absl::StrAppend(&body, weak ? absl::StrCat("  if (s", other, ") ") : "  ", "s", other, "(d + 1);\n");
  }
  return absl::StrCat(declared, dice->Chance(shape.weak) ? "__attribute__((weak)) " : "",
                      dice->Chance(shape.hidden) ? "__attribute__((visibility(\"hidden\"))) " : "", "void s", symbol,
                      "(int d) {\n", body, "}\n");
}

// A variable of every unit that has one: a common, a definition, or a reference.
std::string Variable(absl::string_view where, int number, const Shape& shape, Dice* dice) {
  if (shape.commons == 0 || !dice->Chance(70)) return "";
  const int variable = dice->Below(3);
  switch (dice->Below(3)) {
    case 0:
      return absl::StrFormat("int v%d = %d;\n", variable, number + 1);
    case 1:
      return absl::StrFormat("int v%d%s;\n", variable, dice->Chance(30) ? "[8]" : "");
    default:
      return absl::StrFormat("extern int v%d;\nint *read_%s_v%d = &v%d;\n", variable, where, variable, variable);
  }
}

Source Unit(const std::string& file, const std::string& where, const std::vector<int>& symbols, int number,
            const Shape& shape, Dice* dice) {
  std::string text = "#include <stdio.h>\n";
  for (const int symbol : symbols) absl::StrAppend(&text, Function(symbol, where, shape, dice));
  std::string variables = Variable(where, number, shape, dice);
  absl::StrAppend(&text, variables);
  std::vector<std::string> flags = {"-O1", "-ffunction-sections"};
  if (shape.commons > 0) flags.emplace_back(dice->Chance(shape.commons) ? "-fcommon" : "-fno-common");
  return {file, text, flags};
}

}  // namespace

Program RandomLink(unsigned seed, const Shape& shape) {
  Dice dice(seed * 7919 + 17);
  Program program{.name = absl::StrFormat("n%03d", seed)};
  std::string main = "#include <stdio.h>\n";
  std::string calls;
  for (int i = 0; i < 3; ++i) {
    const int symbol = dice.Below(kSymbols - 2);
    if (absl::StrContains(main, absl::StrCat("s", symbol, "("))) continue;
    const bool weak = dice.Chance(shape.weak_references);
    absl::StrAppend(&main, weak ? "__attribute__((weak)) " : "", "void s", symbol, "(int);\n");
    absl::StrAppend(&calls, weak ? absl::StrCat("  if (s", symbol, ") ") : "  ", "s", symbol, "(0);\n");
  }
  if (shape.commons > 0) {
    absl::StrAppend(&main, "extern int v0, v1;\nint v2[4];\n");
    absl::StrAppend(&calls, "  printf(\"%d %d %d\\n\", v0, v1, v2[0]);\n");
  }
  program.objects.push_back({"main.c",
                             absl::StrCat(main, "int main(void) {\n", calls, "  return 0;\n}\n"),
                             {"-O1", shape.commons > 0 ? "-fcommon" : "-fno-common", "-ffunction-sections"}});
  int number = 0;
  const int first = dice.Below(kSymbols);
  for (int o = 0; o < shape.objects; ++o) {
    program.objects.push_back(
        Unit(absl::StrCat("o", o, ".c"), absl::StrCat("object", o), {(first + o) % kSymbols}, number++, shape, &dice));
  }
  std::vector<std::string> names;
  for (int l = 0; l < shape.libraries; ++l) {
    Library library{.name = std::string(1, static_cast<char>('A' + l))};
    std::vector<int> symbols;
    for (int s = 0; s < kSymbols; ++s) symbols.push_back(s);
    dice.Shuffle(&symbols);
    size_t next = 0;
    for (int m = 0; m < 2 + dice.Below(2); ++m) {
      std::vector<int> own;
      for (int i = 0; i < 1 + (dice.Chance(25) ? 1 : 0); ++i) own.push_back(symbols[next++]);
      library.members.push_back(
          Unit(absl::StrCat("m", m, ".c"), absl::StrCat(library.name, "_m", m), own, number++, shape, &dice));
    }
    names.push_back(absl::StrCat("-l", library.name));
    program.libraries.push_back(std::move(library));
  }
  // All of it once more in the last library: there are few lines in which nothing is missing otherwise.
  Library last{.name = "Z"};
  for (int s = 0; s < kSymbols; ++s)
    last.members.push_back(Unit(absl::StrCat("z", s, ".c"), absl::StrCat("Z_z", s), {s}, number++, {}, &dice));
  if (shape.commons > 0) last.members.push_back({"v.c", "int v0 = 70; int v1 = 71;\n"});
  program.libraries.push_back(std::move(last));
  if (dice.Chance(40)) names.push_back(names[static_cast<size_t>(dice.Below(static_cast<int>(names.size())))]);
  dice.Shuffle(&names);
  for (size_t i = 0; i < names.size(); ++i) {
    if (dice.Chance(shape.whole)) {
      program.words.insert(program.words.end(), {"-Wl,--whole-archive", names[i], "-Wl,--no-whole-archive"});
    } else if (dice.Chance(shape.group) && i + 1 < names.size()) {
      program.words.insert(program.words.end(), {"-Wl,--start-group", names[i], names[i + 1], "-Wl,--end-group"});
      ++i;
    } else {
      program.words.push_back(names[i]);
    }
  }
  program.words.emplace_back("-lZ");
  return program;
}

std::vector<Program> RandomLinks(int count, const Shape& shape, unsigned first) {
  std::vector<Program> programs;
  for (int i = 0; i < count; ++i) programs.push_back(RandomLink(first + static_cast<unsigned>(i), shape));
  return programs;
}

std::vector<Program> Orders() { return RandomLinks(70, {.libraries = 3}, 0); }

std::vector<Program> Groups() { return RandomLinks(30, {.libraries = 4, .whole = 5, .group = 50}, 100); }

std::vector<Program> WeakSymbols() {
  return RandomLinks(40, {.libraries = 3, .objects = 1, .weak = 50, .weak_references = 30, .hidden = 10}, 200);
}

std::vector<Program> Commons() {
  std::vector<Program> programs = RandomLinks(30, {.libraries = 2, .objects = 1, .commons = 60}, 300);
  // Sizes and alignments, of which the largest counts.
  for (int i = 0; i < 8; ++i) {
    const int large = i % 2 == 1 ? 200000 : 64, align = 1 << (3 + i);
    Program program{.name = absl::StrFormat("sizes%d", i)};
    program.objects = {
        {"main.c",
         absl::StrFormat(
             "#include <stdio.h>\n#include <stdint.h>\nextern char c[%d]; char d; void set(void);\n"
             "int main(void) { set(); printf(\"%%d %%d %%d\\n\", c[0], c[%d], (int)((uintptr_t)c %% %d)); }\n",
             large, large - 1, align),
         {"-O1", "-fcommon"}},
        {"set.c",
         absl::StrFormat("char c[%d] __attribute__((aligned(%d))); char d;\n"
                         "void set(void) { c[0] = 1; c[%d] = 2; d = 3; }\n",
                         large, align, large - 1),
         {"-O1", "-fcommon"}},
        {"small.c", "char c[8]; char *elsewhere = c;\n", {"-O1", "-fcommon"}}};
    programs.push_back(std::move(program));
  }
  // BLOCK DATA: the definition of a common block, alone in an archive's member.
  for (int i = 0; i < 6; ++i) {
    Program program{.name = absl::StrFormat("blockdata%d", i)};
    program.objects = {{"main.c",
                        "#include <stdio.h>\nstruct { int a; double b; } block_;\nvoid work_(void);\n"
                        "int main(void) { work_(); printf(\"%d %g\\n\", block_.a, block_.b); }\n",
                        {"-O1", i % 2 == 0 ? "-fcommon" : "-fno-common"}}};
    if (i % 2 == 1) program.objects[0].text.replace(program.objects[0].text.find("struct"), 6, "extern struct");
    program.libraries = {
        {"work",
         {{"work.c", "struct { int a; double b; } block_;\nvoid work_(void) { block_.a += 1; }\n", {"-O1", "-fcommon"}},
          {"data.c", "struct { int a; double b; } block_ = {41, 2.5};\n"}}}};
    if (i > 3) program.libraries[0].members.push_back({"weak.c", "__attribute__((weak)) int block_[4] = {9};\n"});
    if (i == 5) std::swap(program.libraries[0].members[1], program.libraries[0].members[2]);
    program.words = {"-lwork"};
    programs.push_back(std::move(program));
  }
  // The medium model puts what is large where it does not count against 2 GB: SHN_X86_64_LCOMMON.
  for (int i = 0; i < 6; ++i) {
    const std::vector<std::string> flags = {"-O1", "-fcommon", "-mcmodel=medium"};
    Program program{.name = absl::StrFormat("large%d", i)};
    const std::string get = "char big[100000]; int *where(void) { return (int *)(big + 99996); }\n";
    program.objects = {{"main.c",
                        "#include <stdio.h>\nextern char big[100000];\nint *where(void);\n"
                        "int main(void) { *where() = 7; printf(\"%d %d %d\\n\", big[99996], big[0], *where()); }\n",
                        flags}};
    if (i % 3 == 0) {
      program.objects.push_back({"get.c", get, flags});
    } else {
      program.libraries = {{"get", {{"get.c", get, flags}}}};
      program.words = {"-lget"};
      if (i % 3 == 2) program.libraries[0].members.push_back({"more.c", "char big[100000] = {5};\n", flags});
    }
    if (i > 2) program.before = {"-pie"};
    for (Source& source : program.objects) {
      if (i > 2) source.flags.emplace_back("-fPIE");
    }
    program.said_on_musl = "large common";
    programs.push_back(std::move(program));
  }
  return programs;
}

std::vector<Program> Relocatable() {
  std::vector<Program> programs =
      RandomLinks(20, {.libraries = 2, .objects = 3, .weak = 60, .weak_references = 20}, 400);
  for (Program& program : programs) program.partial = true;
  return programs;
}

std::vector<Program> Multiple() {
  std::vector<Program> programs = RandomLinks(20, {.libraries = 3, .objects = 2}, 500);
  for (size_t i = 0; i < programs.size(); ++i) {
    programs[i].before = {i % 2 == 0 ? "-Wl,--allow-multiple-definition" : "-Wl,-z,muldefs"};
    programs[i].said_on_musl = "multiple-definition";
  }
  return programs;
}

// A library that has a function of libc or libm for itself, which GNU ld does not take for the libraries behind it.
std::vector<Program> OwnCopies() {
  struct Row {
    const char* name;
    const char* own;   // as the first library has it
    const char* call;  // what the other prints
  };
  constexpr Row kRows[] = {
      {"strnlen", "unsigned long strnlen(const char *s, unsigned long n) { return 99; }", "(int)strnlen(text, 3)"},
      {"getopt", "int getopt(int c, char *const *v, const char *o) { return 99; }",
       "getopt(1, (char *[]){\"x\", 0}, \"a\")"},
      {"cbrt", "double cbrt(double x) { return 99; }", "(int)cbrt(27 * one)"},
      {"abs_", "int abs_(int x) { return 99; }", "0"},
      {"strcasecmp", "int strcasecmp(const char *a, const char *b) { return 99; }", "strcasecmp(text, \"ABCD\")"},
      {"random", "long random(void) { return 99; }", "random() == 99"},
      {"stpcpy", "char *stpcpy(char *a, const char *b) { return 0; }", "stpcpy(buffer, text) == 0"},
      {"strsep", "char *strsep(char **a, const char *b) { return (char *)\"99\"; }", "strsep(&cursor, \"b\")[0]"},
  };
  std::vector<Program> programs;
  for (const Row& row : kRows) {
    for (int i = 0; i < 3; ++i) {
      Program program{.name = absl::StrFormat("%s%d", row.name, i)};
      program.objects = {{"main.c", "void first(void), second(void); int main(void) { first(); second(); }\n"}};
      program.libraries = {{"first",
                            {{"own.c", row.own, {"-O1", "-fno-builtin"}},
                             {"first.c", "#include <stdio.h>\nvoid first(void) { puts(\"first\"); }\n"}}},
                           {"second",
                            {{"second.c",
                              absl::StrFormat("#define _GNU_SOURCE\n#include <stdio.h>\n#include <stdlib.h>\n#include "
                                              "<string.h>\n#include <strings.h>\n"
                                              "#include <math.h>\n#include <unistd.h>\nvolatile int one = 1;\n"
                                              "void second(void) { char text[] = \"abcd\", buffer[9], *cursor = text;\n"
                                              "  (void)buffer; (void)cursor; printf(\"%%d\\n\", %s); }\n",
                                              row.call),
                              {"-O1", "-fno-builtin"}}}}};
      program.words = i == 0   ? std::vector<std::string>{"-lfirst", "-lsecond", "-lm"}
                      : i == 1 ? std::vector<std::string>{"-lsecond", "-lfirst", "-lm"}
                               : std::vector<std::string>{"-lfirst", "-lsecond", "-lfirst", "-lm"};
      programs.push_back(std::move(program));
    }
  }
  return programs;
}

}  // namespace cgo_ld_shim::differential
