// Names in CGO_LD_SHIM_ISOLATE that no archive has. A single link only notes it, for `go build ./...` makes several
// programs, of which one may have the library; `cgo-ld-shim go` hears from each link which names it had no use for, and
// says at the end which served none.
//
// Example:
//   const std::string line = AskedLine(record, settings.isolate);   // in the link; through the pipe of progress
//   AskedNames names;
//   if (names.Add(line)) …                                          // in `cgo-ld-shim go`
//   fmt::print(stderr, "{}", names.Complaint());
#ifndef CGO_LD_SHIM_REPORT_ASKED_NAMES_H_
#define CGO_LD_SHIM_REPORT_ASKED_NAMES_H_

#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "report/record.h"

namespace cgo_ld_shim::report {

// What a link that was done has to say of these names: one line without its end, short enough that a pipe does not mix
// it with another's. Empty where nothing was asked for.
std::string AskedLine(const LinkRecord& record, const std::vector<std::string>& names);

class AskedNames {
 public:
  // False for a line of another kind.
  bool Add(absl::string_view line);
  // Lines for the screen; empty where each name served a link, or there was none.
  std::string Complaint() const;

 private:
  struct Link {
    std::string program;
    std::vector<std::string> archives;  // file names
  };
  std::vector<Link> links_;
  std::set<std::string> served_;
  std::vector<std::string> not_served_;  // by one link at least, in the setting's order
};

}  // namespace cgo_ld_shim::report

#endif  // CGO_LD_SHIM_REPORT_ASKED_NAMES_H_
