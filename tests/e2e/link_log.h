// The records that CGO_LD_SHIM_LOG=PATH collects (docs/record.md), read with LLVM's JSON reader and not with ours.
//
// Example:
//   GoBuild build = BuildGo("hello", {LogTo(log)});
//   for (const LinkRecord& link : ReadLog(log)) EXPECT_THAT(link.Rules(), Contains("force-static"));
#ifndef CGO_LD_SHIM_TESTS_E2E_LINK_LOG_H_
#define CGO_LD_SHIM_TESTS_E2E_LINK_LOG_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "llvm/Support/JSON.h"

namespace cgo_ld_shim::e2e {

struct LinkRecord {
  llvm::json::Object json;

  std::string Text(absl::string_view field) const;  // a field that is missing, or is something else, fails the test
  std::vector<std::string> Texts(absl::string_view field) const;
  const llvm::json::Array& List(absl::string_view field) const;
  std::vector<std::string> Rules() const;  // of the rewrites, in order
};

// One record a line, oldest first; none when there is no file. A line that is no JSON fails the test.
std::vector<LinkRecord> ReadLog(const std::string& path);

// "CGO_LD_SHIM_LOG=<path>"
std::string LogTo(const std::string& path);

// The final link of a module, as Go called for it, to be done again by hand in a fraction of a second. Its inputs
// (go.o, 000000.o, …) are kept.
struct FinalLink {
  std::string directory;                                         // of go.o
  std::vector<std::string> argv;                                 // begins with Shim()
  std::vector<std::string> To(const std::string& output) const;  // with another file behind -o
};
FinalLink CaptureLink(const std::string& module_directory);

}  // namespace cgo_ld_shim::e2e

#endif  // CGO_LD_SHIM_TESTS_E2E_LINK_LOG_H_
