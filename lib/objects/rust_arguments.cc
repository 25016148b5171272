#include "objects/compile.h"
#include "objects/objects.h"

namespace cgo_ld_shim::objects {
namespace {

// The kernel puts argc, the arguments, a null pointer and the environment one behind the other: the arguments end below
// the environment, and the word below the first one is their number.
constexpr char kSource[] =
    R"c(extern char **__environ;
extern void init(int, char **, char **) __asm__("@");
__attribute__((constructor(101))) static void hand_over(void) {
  char **environment = __environ;
  if (environment == 0 || environment[-1] != 0) return;
  long count = 0;
  for (char **at = environment - 2; count < 1l << 24; --at, ++count) {
    if (*(long *)at == count) {
      init((int)count, at + 1, environment);
      return;
    }
  }
}
)c";

}  // namespace

absl::StatusOr<std::string> CompileRustArguments(const std::string& symbol, const std::vector<std::string>& driver,
                                                 const std::string& directory) {
  std::string source = kSource;
  source.replace(source.find('@'), 1, symbol);
  return Compile({.name = "rust", .source = std::move(source), .purpose = "the object that gives Rust its arguments"},
                 driver, directory);
}

}  // namespace cgo_ld_shim::objects
