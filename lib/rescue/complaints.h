// What a compiler said, as far as a row of the table could help: headers that it does not find, names that are not
// declared. Both gcc's words (with LC_ALL=C) and clang's are read.
//
// Example:
//   ReadComplaints("x.c:1:10: fatal error: 'sqlite3.h' file not found\n").errors[0].header   // "sqlite3.h"
#ifndef CGO_LD_SHIM_RESCUE_COMPLAINTS_H_
#define CGO_LD_SHIM_RESCUE_COMPLAINTS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::rescue {

struct Error {
  std::string header;              // that is not found; empty: another error
  std::vector<std::string> names;  // otherwise: what stands in quotes in the message, without "struct "
};

struct Complaints {
  std::vector<Error> errors;
  // cgo asks what its names are by lines that cannot compile, in files of names that no file has (cmd/cgo, guessKinds),
  // and reads the errors: those are answers. True when the last of these lines was reached.
  bool answered_cgo = false;
};

Complaints ReadComplaints(absl::string_view output);

}  // namespace cgo_ld_shim::rescue

#endif  // CGO_LD_SHIM_RESCUE_COMPLAINTS_H_
