#include "objects/compile.h"

#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "support/file.h"
#include "support/process.h"

namespace cgo_ld_shim::objects {

absl::StatusOr<std::string> Compile(const Source& source, const std::vector<std::string>& driver,
                                    const std::string& directory) {
  const std::string stem = absl::StrCat("cgo_ld_shim_", source.name);
  const std::string path = absl::StrCat(directory, "/", stem);
  if (absl::Status written = support::WriteFileAtomically(absl::StrCat(path, ".c"), source.source, 0600);
      !written.ok()) {
    return written;
  }
  std::vector<std::string> argv = driver;
  argv.insert(argv.end(), source.words.begin(), source.words.end());
  // -x c: where the program has C++ in it, the driver is g++, to which a .c file is C++ as well.
  argv.insert(argv.end(), {"-c", "-O2", "-g0", "-fPIC", "-fno-lto", "-fno-builtin", "-w", "-o",
                           absl::StrCat(stem, ".o"), "-x", "c", absl::StrCat(stem, ".c")});
  const absl::StatusOr<support::ProcessResult> compiled =
      support::RunProcess(argv, {.working_directory = directory, .merge_stderr = true});
  ::unlink(absl::StrCat(path, ".c").c_str());
  if (!compiled.ok()) return compiled.status();
  if (compiled->exit_status != 0) {
    return absl::InternalError(absl::StrCat("the compiler could not make ", source.purpose, ": ",
                                            absl::StripTrailingAsciiWhitespace(compiled->output)));
  }
  return absl::StrCat(path, ".o");
}

}  // namespace cgo_ld_shim::objects
