// Links for systems that zig alone serves: macOS without Apple's SDK, Windows, FreeBSD, NetBSD, and Linux with another
// version of glibc than this host's. Programs for them are dynamic for the system's own libraries.
//
// Example:
//   if (request.driver.LinksForSystem()) {
//     SystemLink link = PrepareSystemLink(request);
//     if (link.error.ok()) LinkThroughDriver(request.driver.words, link.line.Words());
//     RemoveSystemLinkFiles(link);
//   }
#ifndef CGO_LD_SHIM_LINK_SYSTEM_H_
#define CGO_LD_SHIM_LINK_SYSTEM_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "darwin/prepare.h"
#include "diagnose/diagnose.h"
#include "link/request.h"
#include "rules/edits.h"
#include "support/temporary.h"
#include "toolchain/driver.h"

namespace cgo_ld_shim::link {

// SDKROOT, where the driver is zig for macOS; empty: there is none.
std::string AppleSdk(const toolchain::Driver& driver, const char* const* environment);
// What Go is told to run after a link for macOS.
darwin::AfterLink AfterLinkTools(const char* const* environment);

struct SystemLink {
  absl::Status error;             // not OK: there is nothing to link
  rules::Edits line;              // for the driver
  std::string mode = "as asked";  // report::LinkRecord::mode
  std::vector<std::string> notes;
  std::vector<darwin::Unplaced> unplaced;  // what nothing defines, as far as can be told before the linker is asked
  std::vector<std::string> absent;         // NAME of -lNAME, for which there is nothing
  std::shared_ptr<support::TemporaryDirectory> directory;  // of files that the link reads; null: there are none
};
SystemLink PrepareSystemLink(const Request& request);
// Why it failed: what zig said, and what was known before it was asked.
diagnose::Diagnosis ExplainSystemLink(const Request& request, const SystemLink& link, absl::string_view words);
// Adds to the line what would have let zig link: its C++ library, its unwinder. False: there is no such thing. The
// words are those of the link that failed.
bool AddSystemRuntimes(const Request& request, absl::string_view words, SystemLink* link);

// The first -I, -L or -isystem word in a call for another target or C library that names this host's own directory, as
// pkg-config does when it knows of no other; empty: there is none.
std::string HostDirectory(const std::vector<std::string>& args);
// What to do then.
diagnose::WayOut PkgConfigWayOut();

}  // namespace cgo_ld_shim::link

#endif  // CGO_LD_SHIM_LINK_SYSTEM_H_
