// What glibc's start does in a static program, and musl's does not.
#include "objects/compile.h"
#include "objects/objects.h"

namespace cgo_ld_shim::objects {
namespace {

// The linker's table of R_X_IRELATIVE relocations: each asks a resolver for the function, and wants the address where
// the call goes through. The resolvers' arguments are those of the AArch64 ABI, with which the others do nothing.
// Section .init_array.00000 is before all constructors that have a priority.
constexpr char kIfuncs[] = R"c(
struct rela { unsigned long place, info; long resolver; };
extern const struct rela __rela_iplt_start[] __attribute__((weak, visibility("hidden")));
extern const struct rela __rela_iplt_end[] __attribute__((weak, visibility("hidden")));
extern unsigned long getauxval(unsigned long);
static void resolve(void) {
  const unsigned long argument[] = {sizeof(unsigned long[3]), getauxval(16), getauxval(26)};
  for (const struct rela *at = __rela_iplt_start; at < __rela_iplt_end; ++at)
    *(unsigned long *)at->place = ((unsigned long (*)(unsigned long, const unsigned long *))at->resolver)(
        argument[1] | 1ul << 62, argument);
}
__attribute__((section(".init_array.00000"), used)) static void (*const entry)(void) = resolve;
)c";

// The kernel puts argc, the arguments, a null pointer and the environment one behind the other (rust_arguments.cc).
// Whatever stands behind this entry in the table is called here, with arguments, and is nothing when its turn comes.
constexpr char kConstructors[] = R"c(
typedef void function(int, char **, char **);
extern char **__environ;
extern function *__init_array_start[], *__init_array_end[], *__preinit_array_start[], *__preinit_array_end[];
static void nothing(int count, char **arguments, char **environment) {}
static void call_all(int ignored, char **no, char **nor) {
  char **environment = __environ, **arguments = 0;
  int count = 0;
  for (char **at = environment - 2; environment != 0 && environment[-1] == 0 && count < 1 << 24; --at, ++count) {
    if (*(long *)at == count) {
      arguments = at + 1;
      break;
    }
  }
  if (arguments == 0) return;
  for (function **at = __preinit_array_start; at < __preinit_array_end; ++at) (*at)(count, arguments, environment);
  int behind = 0;
  for (function *volatile *at = __init_array_start; at < __init_array_end; ++at) {
    function *constructor = *at;
    if (behind) {
      *at = nothing;
      constructor(count, arguments, environment);
    }
    behind |= constructor == call_all;
  }
}
__attribute__((section(".init_array.00000"), used)) static function *entry = call_all;
)c";

}  // namespace

absl::StatusOr<std::string> CompileIfuncStart(const std::vector<std::string>& driver, const std::string& directory) {
  return Compile({.name = "ifuncs", .source = kIfuncs, .purpose = "the object that resolves IFUNC symbols"}, driver,
                 directory);
}

absl::StatusOr<std::string> CompileConstructorStart(const std::vector<std::string>& driver,
                                                    const std::string& directory) {
  return Compile({.name = "constructors",
                  .source = kConstructors,
                  .purpose = "the object that gives constructors the program's arguments"},
                 driver, directory);
}

}  // namespace cgo_ld_shim::objects
