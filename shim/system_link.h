// Calls for systems that zig alone serves: macOS without Apple's SDK, Windows, FreeBSD, NetBSD, and Linux with another
// version of glibc than this host's. Programs for them are dynamic for the system's own libraries.
//
// Example:
//   if (HasSystemLink(context)) {
//     SystemLink link = PrepareSystemLink(context, call);
//     if (link.error.ok()) LinkThroughDriver(context.driver, link.words);
//     RemoveSystemLinkFiles(link);
//   }
#ifndef CGO_LD_SHIM_SHIM_SYSTEM_LINK_H_
#define CGO_LD_SHIM_SHIM_SYSTEM_LINK_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "diagnose/diagnose.h"
#include "rules/edits.h"
#include "shim/calls.h"

namespace cgo_ld_shim {

// Go's name of the architecture where the driver is zig for macOS; empty for any other driver.
std::string AppleArch(const Context& context);
// SDKROOT, where the driver is zig for macOS; empty: there is none.
std::string AppleSdk(const Context& context);

// True when the driver is zig for another system than Linux, or for Linux with glibc.
bool HasSystemLink(const Context& context);

struct SystemLink {
  absl::Status error;              // not OK: there is nothing to link
  std::vector<std::string> words;  // for the driver
  std::string mode = "as asked";   // report::LinkRecord::mode
  std::vector<rules::Edit> edits;  // the log of what was changed in them
  std::vector<std::string> notes;
  std::vector<diagnose::Finding> missing;  // for the case that the linker fails
  std::vector<std::string> ways_out;
  std::string directory;  // of files that the link reads; to be removed
};
SystemLink PrepareSystemLink(const Context& context, const invocation::Invocation& call);
void RemoveSystemLinkFiles(const SystemLink& link);

// The first -I, -L or -isystem word in a call for another target or C library that names this host's own directory, as
// pkg-config does when it knows of no other; empty: there is none.
std::string HostDirectory(const std::vector<std::string>& args);
inline constexpr char kPkgConfigWayOut[] =
    "PKG_CONFIG_LIBDIR=DIR/lib/pkgconfig    DIR holds the libraries for that target; pkg-config then looks there alone";

// Go's questions and compiles for macOS. Each function returns the exit status.
int RefuseDynimportLink(const Context& context, const std::vector<std::string>& args);
int AnswerAppleQuestion(const Context& context, const std::vector<std::string>& args);
int CompileForApple(const Context& context, const std::vector<std::string>& args);

}  // namespace cgo_ld_shim

#endif  // CGO_LD_SHIM_SHIM_SYSTEM_LINK_H_
