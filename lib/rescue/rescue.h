// A compile that may be rescued: it runs as it is; where it fails, and rows of the table know why, it runs again with
// what they add, in a few rounds, each call by itself and starting from nothing. Where the last round fails, the first
// one's words are what is printed, byte for byte.
//
// Example:
//   const Result result = Compile({.driver = {"zig", "cc", …}, .args = {"-c", "vec.c"}, .arch = "arm64", …});
//   // result->process: the try that counts; result->notes: what it got
//
// Starts the compiler as a child that dies with this process. Errors: kNotFound where it cannot be started.
#ifndef CGO_LD_SHIM_RESCUE_RESCUE_H_
#define CGO_LD_SHIM_RESCUE_RESCUE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "rescue/note.h"
#include "support/process.h"
#include "target/libc.h"

namespace cgo_ld_shim::rescue {

struct Request {
  std::vector<std::string> driver;  // the compiler's own words
  std::vector<std::string> args;    // of the call
  std::string arch;                 // of the target, by Go's name
  target::Libc libc;                // of the target; none: not known, or not Linux
  bool speaks_english = false;      // whatever the locale: zig and clang
  std::string go_package;           // whose C code it is
};

struct Result {
  support::ProcessResult process;  // what is to be printed and returned
  std::vector<Note> notes;         // what helped; empty: nothing was needed, or nothing did
  int compilers = 0;               // how many were started
};

absl::StatusOr<Result> Compile(const Request& request);

}  // namespace cgo_ld_shim::rescue

#endif  // CGO_LD_SHIM_RESCUE_RESCUE_H_
