// What this executable does for each kind of call that it does not simply hand on. Each function returns the exit
// status.
#ifndef CGO_LD_SHIM_SHIM_CALLS_H_
#define CGO_LD_SHIM_SHIM_CALLS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "invocation/invocation.h"
#include "support/settings.h"
#include "toolchain/driver.h"

namespace cgo_ld_shim {

struct Context {
  support::Settings settings;
  toolchain::Driver driver;  // the underlying compiler
  std::string cwd;
};

// The driver with these words.
std::vector<std::string> DriverCommand(const Context& context, const std::vector<std::string>& args);
// Hands the call on, unchanged: does not return unless the driver cannot be started.
int ExecDriver(const Context& context, const std::vector<std::string>& args);
// Runs the call to its end and passes on what it prints; `*messages` is what went to stderr. For calls to which
// something may have to be added.
int RunDriver(const Context& context, const std::vector<std::string>& args, std::string* messages);
// A compile of Go's own, which is run again with what it lacks when it fails for a known reason (lib/rescue); any other
// is run as it is. `*messages` is what went to stderr; nullptr: nothing need be added to it.
int RunCompile(const Context& context, const std::vector<std::string>& args, std::string* messages);
// `-### -x c -c -`: prints the one line that becomes Go's tool ID.
int AnswerToolId(const Context& context, const std::vector<std::string>& args);
// Compiles _cgo_export.c with our fingerprint in the object, so that a change of settings or toolchain relinks.
int CompileExport(const Context& context, const std::vector<std::string>& args);
// Does the compiler know a flag? For a compiler whose start costs more than a look at what it said before.
int AnswerFlagProbe(const Context& context, const std::vector<std::string>& args);
// Does the linker know a flag? Yes only when both the embedded lld and the underlying driver do.
int AnswerLinkFlagProbe(const Context& context, const invocation::Invocation& call);
int FinalLink(const Context& context, const invocation::Invocation& call);
// A call that cannot be done for this reason: says so, and, where it is a final link, leaves a record of it. `argv`: as
// received.
int Refuse(const Context& context, const std::vector<std::string>& argv, const absl::Status& why, int exit_status);

}  // namespace cgo_ld_shim

#endif  // CGO_LD_SHIM_SHIM_CALLS_H_
