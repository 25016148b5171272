// Doing the link: by the lld inside this executable, or by the underlying compiler with the linker that it would use.
//
// Example:
//   std::vector<std::string> argv = LinkerLine(edits.Line(), toolchain, output);   // "ld.lld", "-m", "elf_x86_64", …
//   Outcome outcome = LinkEmbedded(argv);
//   if (outcome.exit_status == 0) absl::Status is_static = VerifyStatic(output);
//
// Neither prints anything: what the linker said is in the outcome, and the caller decides who sees it, and where.
#ifndef CGO_LD_SHIM_BACKEND_BACKEND_H_
#define CGO_LD_SHIM_BACKEND_BACKEND_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "rules/edits.h"
#include "toolchain/toolchain.h"

namespace cgo_ld_shim::backend {

struct Outcome {
  int exit_status = 0;   // the linker's own; 128 + signal
  int signal = 0;        // the signal that ended it; 0: none
  std::string messages;  // what it printed, stdout and stderr as they came
};

// The linker's command line for a driver's line after all edits: the driver's own options and crt files around the
// user's inputs, every -l as the file that it stands for. -Bstatic and -Bdynamic vanish: there is nothing left to
// search for.
std::vector<std::string> LinkerLine(const std::vector<rules::LinkWord>& line, const toolchain::Toolchain& toolchain,
                                    const std::string& output);

// Runs the lld that is in this executable, in a child of this process: whatever lld does (a fatal error on any of its
// threads, a signal, an exit) is an outcome. May be called any number of times.
Outcome LinkEmbedded(const std::vector<std::string>& argv);

// True when the embedded lld knows these options; `complaint` gets its words when it does not.
bool LldAccepts(const std::vector<std::string>& options, std::string* complaint);

// Runs the underlying driver to its end.
Outcome LinkThroughDriver(const std::vector<std::string>& driver, const std::vector<std::string>& words);

// "lld 22.1.8 (in process)"
std::string EmbeddedLinkerName();

// OK for an ELF executable without interpreter and without needed libraries. kFailedPrecondition says what makes it
// dynamic; kNotFound: there is none; kDataLoss: it is not an ELF file, or not all of one; kUnavailable: it cannot be
// read, which says nothing about it.
absl::Status VerifyStatic(const std::string& path);

}  // namespace cgo_ld_shim::backend

#endif  // CGO_LD_SHIM_BACKEND_BACKEND_H_
