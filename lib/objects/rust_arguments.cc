#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "objects/objects.h"
#include "support/file.h"
#include "support/process.h"

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
  const std::string path = absl::StrCat(directory, "/cgo_ld_shim_rust.c");
  if (absl::Status written = support::WriteFileAtomically(path, source, 0600); !written.ok()) return written;
  std::vector<std::string> argv = driver;
  argv.insert(argv.end(), {"-c", "-O2", "-g0", "-fPIC", "-w", "-o", "cgo_ld_shim_rust.o", "cgo_ld_shim_rust.c"});
  const absl::StatusOr<support::ProcessResult> compiled =
      support::RunProcess(argv, {.working_directory = directory, .merge_stderr = true});
  ::unlink(path.c_str());
  if (!compiled.ok()) return compiled.status();
  if (compiled->exit_status != 0) {
    return absl::InternalError(absl::StrCat("the compiler could not make the object that gives Rust its arguments: ",
                                            absl::StripTrailingAsciiWhitespace(compiled->output)));
  }
  return absl::StrCat(directory, "/cgo_ld_shim_rust.o");
}

}  // namespace cgo_ld_shim::objects
