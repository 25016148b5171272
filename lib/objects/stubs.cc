#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "objects/compile.h"
#include "objects/objects.h"

namespace cgo_ld_shim::objects {
namespace {

// What a stub does. write and abort alone: a stub may be called with any lock held.
constexpr char kPrelude[] =
    R"c(extern long write(int, const void *, __SIZE_TYPE__);
extern void abort(void) __attribute__((noreturn));
static __attribute__((noinline, noreturn)) void stub(const char *text, __SIZE_TYPE__ size) {
  if (write(2, text, size) < 0) { }
  abort();
}
)c";

// A symbol's name in a C string. Names from ELF files may hold anything but NUL.
std::string Quoted(absl::string_view name) {
  std::string quoted;
  for (const char c : name) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '$') {
      quoted += c;
    } else {
      absl::StrAppendFormat(&quoted, "\\%03o", static_cast<unsigned char>(c));
    }
  }
  return quoted;
}

// The names are given to the assembler, because a mangled name is no C identifier to rely on and may be a builtin's.
void AppendStub(const Stub& stub, size_t number, std::string* source) {
  const std::string name = Quoted(stub.name), local = absl::StrCat(kStubPrefix, name);
  const std::string text =
      absl::StrCat(name, ": a stub of lib", Quoted(stub.library), " was called; this program was linked with ",
                   "CGO_LD_SHIM_STUBS and without that library\\n");
  absl::StrAppend(source, "static void f", number, "(void) __asm__(\"", local, "\");\n",  //
                  "static __attribute__((used)) void f", number, "(void) { stub(\"", text, "\", sizeof \"", text,
                  "\" - 1); }\n",  //
                  "extern void g", number, "(void) __asm__(\"", name, "\") __attribute__((alias(\"", local, "\")));\n");
}

}  // namespace

absl::StatusOr<std::string> CompileStubs(const std::vector<Stub>& stubs, const std::string& name,
                                         const std::vector<std::string>& driver, const std::string& directory) {
  std::string source = kPrelude;
  for (size_t i = 0; i < stubs.size(); ++i) AppendStub(stubs[i], i, &source);
  return Compile({.name = name, .source = std::move(source), .purpose = "the stubs for CGO_LD_SHIM_STUBS"}, driver,
                 directory);
}

}  // namespace cgo_ld_shim::objects
