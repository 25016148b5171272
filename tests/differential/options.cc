// What is said to the linker itself.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/differential/generators.h"

namespace cgo_ld_shim::differential {
namespace {

// Parts of GNU ld's own script for x86-64, in the order of its own.
constexpr char kScript[] = R"(ENTRY(_start)
SECTIONS
{
  . = SEGMENT_START("text-segment", 0x500000) + SIZEOF_HEADERS;
  .note.gnu.property : { *(.note.gnu.property) }
  .rela.plt : { *(.rela.plt) PROVIDE_HIDDEN (__rela_iplt_start = .); *(.rela.iplt) PROVIDE_HIDDEN (__rela_iplt_end = .); }
  .init : { KEEP (*(SORT_NONE(.init))) }
  .plt : { *(.plt) *(.iplt) }
  .text : { *(.text.unlikely .text.*_unlikely .text.unlikely.*) *(.text.exit .text.exit.*) *(.text .stub .text.*) }
  .fini : { KEEP (*(SORT_NONE(.fini))) }
  .rodata : { *(.rodata .rodata.*) }
  .eh_frame : { KEEP (*(.eh_frame)) *(.eh_frame.*) }
  .gcc_except_table : { *(.gcc_except_table .gcc_except_table.*) }
  . = ALIGN(0x1000);
  .tdata : { PROVIDE_HIDDEN (__tdata_start = .); *(.tdata .tdata.*) }
  .tbss : { *(.tbss .tbss.*) }
  .preinit_array : { PROVIDE_HIDDEN (__preinit_array_start = .); KEEP (*(.preinit_array)) PROVIDE_HIDDEN (__preinit_array_end = .); }
  .init_array : { PROVIDE_HIDDEN (__init_array_start = .); KEEP (*(SORT_BY_INIT_PRIORITY(.init_array.*))) KEEP (*(.init_array)) PROVIDE_HIDDEN (__init_array_end = .); }
  .fini_array : { PROVIDE_HIDDEN (__fini_array_start = .); KEEP (*(SORT_BY_INIT_PRIORITY(.fini_array.*))) KEEP (*(.fini_array)) PROVIDE_HIDDEN (__fini_array_end = .); }
  .data.rel.ro : { *(.data.rel.ro.local* .data.rel.ro .data.rel.ro.*) }
  __libc_atexit : { *(__libc_atexit) }
  __libc_subfreeres : { *(__libc_subfreeres) }
  __libc_IO_vtables : { PROVIDE_HIDDEN(__start___libc_IO_vtables = .); *(__libc_IO_vtables) PROVIDE_HIDDEN(__stop___libc_IO_vtables = .); }
  .got : { *(.got) *(.igot) }
  .got.plt : { *(.got.plt) *(.igot.plt) }
  .data : { *(.data .data.*) }
  .bss : { *(.bss .bss.* COMMON) }
  /DISCARD/ : { *(.comment) *(.note.GNU-stack) }
}
)";

const char kHello[] =
    "#include <stdio.h>\n#include <string.h>\n#include <stdlib.h>\nint data = 4; char zero[100];\nstatic char name[] = "
    "\"world\";\n"
    "__attribute__((constructor)) static void early(void) { data++; }\n"
    "int main(int c, char **v) { char *p = malloc(100); strcpy(p, name);\n"
    "  printf(\"hello %s %d %d %zu\\n\", p, data, zero[50], strlen(v[0]) > 0); return 0; }\n";

Program Hello(const std::string& name, const std::vector<std::string>& words) {
  return {.name = name, .objects = {{"main.c", kHello}}, .words = words};
}

}  // namespace

std::vector<Program> Wraps() {
  std::vector<Program> programs;
  struct Row {
    const char* name;
    const char* main;
    const char* defines;  // f, and who calls it beside main
    const char* wraps;
  };
  constexpr Row kRows[] = {
      {"called", "int f(int); int g(int);\nint main(void) { printf(\"%d %d\\n\", f(1), g(1)); }\n",
       "int f(int n) { return n + 1; }\nint g(int n) { return n; }\n",
       "int __real_f(int); int __wrap_f(int n) { return 100 + __real_f(n); }\n"},
      {"inside", "int f(int); int g(int);\nint main(void) { printf(\"%d %d\\n\", f(1), g(1)); }\n",
       "__attribute__((noinline, noclone)) int f(int n) { __asm__(\"\"); return n + 1; }\nint g(int n) { return f(n) * "
       "2; }\n",
       "int __real_f(int); int __wrap_f(int n) { return 100 + __real_f(n); }\n"},
      {"pointer", "int f(int); extern int (*p)(int);\nint main(void) { printf(\"%d %d\\n\", f(1), p(1)); }\n",
       "int f(int n) { return n + 1; }\nint (*p)(int) = f;\n",
       "int __real_f(int); int __wrap_f(int n) { return 100 + __real_f(n); }\n"},
      {"no_real", "int f(int);\nint main(void) { printf(\"%d\\n\", f(1)); }\n", "int f(int n) { return n + 1; }\n",
       "int __wrap_f(int n) { return 100; }\n"},
      {"undefined", "int f(int);\nint main(void) { printf(\"%d\\n\", f(1)); }\n", "",
       "int __wrap_f(int n) { return 100; }\n"},
      {"wrapper_calls", "int f(int);\nint main(void) { printf(\"%d\\n\", f(3)); }\n",
       "int f(int n) { return n + 1; }\n",
       "int f(int); int __real_f(int); int __wrap_f(int n) { return n > 0 ? f(n - 1) + 100 : __real_f(n); }\n"},
  };
  for (const Row& row : kRows) {
    for (int i = 0; i < 4; ++i) {
      Program program{.name = absl::StrFormat("%s%d", row.name, i)};
      program.objects = {{"main.c", absl::StrCat("#include <stdio.h>\n", row.main), {"-O1", "-fno-inline"}}};
      const Source defines{"f.c", absl::StrCat(row.defines, "int unused;\n"), {"-O1", "-fno-inline"}};
      const Source wraps{"wrap.c", row.wraps, {"-O1", "-fno-inline"}};
      if (i == 0) {
        program.objects.insert(program.objects.end(), {defines, wraps});
      } else {
        program.libraries = {{"f", {defines}}, {"w", {wraps}}};
        program.words = i == 1   ? std::vector<std::string>{"-lw", "-lf"}
                        : i == 2 ? std::vector<std::string>{"-lf", "-lw"}
                                 : std::vector<std::string>{"-lf", "-lw", "-lf"};
      }
      program.before = {"-Wl,--wrap=f"};
      program.said_on_musl = "--wrap";
      programs.push_back(std::move(program));
    }
  }
  for (const char* name : {"malloc", "puts", "strlen", "free"}) {
    programs.push_back(
        {.name = absl::StrCat("libc_", name),
         .objects = {{"main.c",
                      absl::StrFormat(
                          "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\nstatic int count;\n"
                          "void *__real_%s(void *); void *__wrap_%s(void *a) { count++; return __real_%s(a); }\n"
                          "int main(void) { char *p = malloc(10); strcpy(p, \"abc\"); puts(p); "
                          "int n = (int)strlen(p); free(p); printf(\"%%d %%d\\n\", n, count); }\n",
                          name, name, name),
                      {"-O1", "-fno-builtin"}}},
         .words = {absl::StrCat("-Wl,--wrap=", name)},
         .said_on_musl = "--wrap"});
  }
  return programs;
}

std::vector<Program> Scripts() {
  std::vector<Program> programs;
  const std::vector<std::vector<std::string>> kForms = {
      {"-Wl,-T,script.ld"}, {"-Wl,--script=script.ld"}, {"-Tscript.ld"}, {"-T", "script.ld"}, {"-Wl,-Tscript.ld"}};
  for (size_t i = 0; i < kForms.size(); ++i) {
    Program program = Hello(absl::StrFormat("whole%d", i), kForms[i]);
    program.files = {{"script.ld", kScript}};
    program.said = program.said_on_musl = "script";
    programs.push_back(std::move(program));
  }
  Program insert = Hello("insert", {"-Wl,-T,script.ld"});
  insert.objects[0].text +=
      "__attribute__((section(\"mine\"), used)) int in_mine = 5; extern char mine_begin[];\n"
      "__attribute__((constructor)) static void show(void) { printf(\"%d\\n\", *(int *)mine_begin); }\n";
  insert.files = {{"script.ld", "SECTIONS { mine : { mine_begin = .; KEEP(*(mine)) } } INSERT AFTER .data;\n"}};
  insert.said_on_musl = "script";
  programs.push_back(insert);
  // As an input: what it says is added to the linker's own.
  Program symbol = Hello("assignment", {"extra.ld"});
  symbol.objects[0].text +=
      "extern char given[]; __attribute__((constructor)) static void show(void) { printf(\"%p\\n\", (void *)given); "
      "}\n";
  symbol.said = symbol.said_on_musl = "linker script";  // it is no library, and refused as what it is
  symbol.files = {{"extra.ld", "given = 0x1234;\n"}};
  programs.push_back(symbol);
  Program input = Hello("input", {"group.ld"});
  input.objects[0].text +=
      "int late(void); __attribute__((constructor)) static void show(void) { printf(\"%d\\n\", late()); }\n";
  input.files = {{"group.ld", "GROUP ( liblate.a )\n"}};
  input.libraries = {{"late", {{"late.c", "int late(void) { return 77; }\n"}}}};
  programs.push_back(input);
  return programs;
}

std::vector<Program> Options() {
  std::vector<Program> programs;
  const std::vector<std::pair<const char*, std::vector<std::string>>> kRows = {
      {"gc", {"-Wl,--gc-sections"}},
      {"icf_none", {"-Wl,--no-gc-sections"}},
      {"n", {"-Wl,-n"}},
      {"nmagic", {"-Wl,--nmagic"}},
      {"omagic", {"-Wl,-N"}},
      {"unique", {"-Wl,--unique"}},
      {"unique_text", {"-Wl,--unique=.text"}},
      {"retain", {"-Wl,--retain-symbols-file=keep"}},
      {"ibt", {"-Wl,-z,ibt"}},
      {"shstk", {"-Wl,-z,shstk"}},
      {"orphans", {"-Wl,--orphan-handling=discard"}},
      {"orphans_error", {"-Wl,--orphan-handling=error"}},
      {"orphans_place", {"-Wl,--orphan-handling=place"}},
      {"norelro", {"-Wl,-z,norelro"}},
      {"now", {"-Wl,-z,now", "-Wl,-z,relro"}},
      {"separate", {"-Wl,-z,separate-code"}},
      {"noseparate", {"-Wl,-z,noseparate-code"}},
      {"max_page", {"-Wl,-z,max-page-size=65536"}},
      {"common_page", {"-Wl,-z,common-page-size=16384"}},
      {"image", {"-Wl,-Ttext-segment=0x10000000"}},
      {"text", {"-Wl,-Ttext=0x20000000"}},
      {"data", {"-Wl,-Tdata=0x30000000"}},
      {"defsym", {"-Wl,--defsym=given=main"}},
      {"entry", {"-Wl,-e,_start"}},
      {"undefined", {"-Wl,-u,memcpy"}},
      {"require", {"-Wl,--require-defined=main"}},
      {"sort_common", {"-Wl,--sort-common"}},
      {"sort_section", {"-Wl,--sort-section=name"}},
      {"strip", {"-Wl,-s"}},
      {"strip_debug", {"-Wl,-S"}},
      {"discard", {"-Wl,-X"}},
      {"build_id", {"-Wl,--build-id=sha1"}},
      {"hash", {"-Wl,--hash-style=both"}},
      {"no_eh_hdr", {"-Wl,--no-eh-frame-hdr"}},
      {"emit_relocs", {"-Wl,-q"}},
      {"O2", {"-Wl,-O2"}},
      {"noexecstack", {"-Wl,-z,noexecstack"}},
      {"stack_size", {"-Wl,-z,stack-size=1048576"}},
      {"as_needed", {"-Wl,--as-needed"}},
      {"export", {"-Wl,-E"}},
      {"no_warn", {"-Wl,--no-warn-mismatch"}},
      {"section_start", {"-Wl,--section-start=.data=0x30000000"}},
      {"trace_symbol", {"-Wl,--no-undefined"}},
      {"rosegment", {"-Wl,-z,nodelete"}},
  };
  for (const auto& [name, words] : kRows) {
    Program program = Hello(name, words);
    program.files = {{"keep", "main\n_start\n"}};
    // zig's own driver refuses some by their name.
    const absl::string_view kind = name;
    program.said_on_musl = kind == "image" || kind == "require" ? "unsupported linker arg" : "GNU ld";
    programs.push_back(std::move(program));
  }
  return programs;
}

std::vector<Program> SectionSets() {
  std::vector<Program> programs;
  for (int i = 0; i < 8; ++i) {
    Program program{.name = absl::StrFormat("n%d", i)};
    const bool retained = i % 2 == 1, archive = i >= 4;
    const std::string attribute =
        absl::StrFormat("__attribute__((section(\"set\"), %s)) ", retained ? "used, retain" : "used");
    program.objects = {
        {"main.c",
         absl::StrCat(
             "#include <stdio.h>\ntypedef int (*F)(void);\nextern F __start_set[], __stop_set[];\nvoid pull(void);\n"
             "static int one(void) { return 1; }\n",
             attribute, "static F p = one;\n",
             "int main(void) { pull(); for (F *f = __start_set; f < __stop_set; ++f) printf(\"%d\\n\", (*f)()); }\n"),
         {"-O1", "-ffunction-sections", "-fdata-sections"}}};
    const Source more{"more.c",
                      absl::StrCat("typedef int (*F)(void);\nstatic int two(void) { return 2; }\n", attribute,
                                   "static F p = two;\nvoid pull(void) {}\n"),
                      {"-O1", "-ffunction-sections", "-fdata-sections"}};
    if (archive) {
      program.libraries = {{"more", {more}}};
      program.words = {"-lmore"};
    } else {
      program.objects.push_back(more);
    }
    if (i % 4 >= 2) program.words.emplace_back("-Wl,--gc-sections");
    programs.push_back(std::move(program));
  }
  return programs;
}

}  // namespace cgo_ld_shim::differential
