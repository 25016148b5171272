// The record of a link, made last, from what was known of it and from its attempts.
//
// Example:
//   report::LinkRecord record = BuildRecord(request, facts, conclusion);
#ifndef CGO_LD_SHIM_LINK_CONCLUSION_H_
#define CGO_LD_SHIM_LINK_CONCLUSION_H_

#include <string>
#include <utility>
#include <vector>

#include "diagnose/diagnose.h"
#include "link/attempt.h"
#include "link/request.h"
#include "report/record.h"
#include "toolchain/toolchain.h"

namespace cgo_ld_shim::link {

enum class Outcome { kLinked, kHandedOn, kFailed, kFellBack };
const char* OutcomeName(Outcome outcome);  // as records have it: "fell-back"

// What a link came to.
struct Conclusion {
  Outcome outcome = Outcome::kLinked;
  int exit_status = 0;
  std::vector<Attempt> attempts;  // none where the link failed before a linker was started
  size_t told = 0;                // the attempt that the record tells of; the others were lost
  std::vector<std::string> notes;
  std::vector<diagnose::Finding> findings;
  std::vector<diagnose::WayOut> ways_out;
  std::vector<std::string> searched;
  std::vector<std::string> unresolved;  // report::LinkRecord::unresolved
  std::string screen_words;             // the linker's, or a line of ours, for the screen
  bool explained = false;               // a screen of the record follows them

  // Of the toolchain, where it was asked.
  std::string mode, target, compiler, fingerprint;
  target::Libc libc;
  std::vector<std::pair<std::string, double>> phases_ms;
};

report::LinkRecord BuildRecord(const Request& request, const Conclusion& conclusion);

}  // namespace cgo_ld_shim::link

#endif  // CGO_LD_SHIM_LINK_CONCLUSION_H_
