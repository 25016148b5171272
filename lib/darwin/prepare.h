// A final link for macOS without Apple's SDK. zig brings libSystem; the other libraries that a program names (Go itself
// names CoreFoundation, Security and libresolv) are on every Mac but in no free file, so each gets a text stub with
// exactly the symbols that this program takes from it. Words that zig's linker does not know are translated.
//
// Example:
//   absl::StatusOr<Preparation> link = Prepare({.arguments = call.arguments, .arch = "arm64", .cwd = cwd,
//                                               .directory = "/tmp/go-link-1", .libsystem = "…/libSystem.tbd"});
//   zig cc -target aarch64-macos <link->edits.Words()>
//
// With `sdk` set, the libraries are the SDK's, and no stub is made. Errors: those of reading the inputs, with their
// names. Libraries that are neither in the directories of the link nor part of macOS are `absent`, and then there are
// no edits.
#ifndef CGO_LD_SHIM_DARWIN_PREPARE_H_
#define CGO_LD_SHIM_DARWIN_PREPARE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "invocation/invocation.h"
#include "rules/edits.h"

namespace cgo_ld_shim::darwin {

struct Request {
  std::vector<invocation::Argument> arguments;
  std::string arch;         // Go's name
  std::string cwd;          // for relative paths
  std::string directory;    // where stubs are written; the caller removes it
  std::string libsystem;    // zig's libSystem.tbd
  std::string sdk;          // SDKROOT; empty: there is none
  bool keep_stabs = false;  // somebody reads the debug map afterwards (dsymutil)
};

struct Unplaced {
  std::string symbol;
  std::string wanted_by;
};

struct Preparation {
  rules::Edits edits;  // the driver's words, and what was changed in them
  // Symbols for which no library was found. The linker has the last word: some are in zig's run-time libraries.
  std::vector<Unplaced> unplaced;
  std::vector<std::string> absent;  // NAME of -lNAME: the link is not to be tried
};
absl::StatusOr<Preparation> Prepare(const Request& request);

// The tools that Go asks its compiler for after a link (--print-prog-name): LLVM's where they are installed, both of
// them; otherwise programs that do nothing, and the link leaves out what they would have read and removed.
struct AfterLink {
  std::string dsymutil, strip;
  bool real = false;
};
AfterLink FindAfterLink(absl::string_view path_variable);

}  // namespace cgo_ld_shim::darwin

#endif  // CGO_LD_SHIM_DARWIN_PREPARE_H_
