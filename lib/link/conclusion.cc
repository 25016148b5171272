#include "link/conclusion.h"

#include <utility>

#include "absl/strings/strip.h"
#include "report/inputs.h"
#include "rescue/note.h"
#include "support/file.h"
#include "support/setting_rows.h"

namespace cgo_ld_shim::link {

const char* OutcomeName(Outcome outcome) {
  switch (outcome) {
    case Outcome::kLinked:
      return "linked";
    case Outcome::kHandedOn:
      return "handed-on";
    case Outcome::kFailed:
      return "failed";
    case Outcome::kFellBack:
      return "fell-back";
  }
  return "";
}

report::LinkRecord BuildRecord(const Request& request, const Conclusion& conclusion) {
  report::LinkRecord record{.version = CGO_LD_SHIM_VERSION,
                            .outcome = OutcomeName(conclusion.outcome),
                            .output = support::Absolute(request.call.output, request.cwd),
                            .cwd = request.cwd,
                            .mode = conclusion.mode,
                            .target = conclusion.target,
                            .libc = conclusion.libc,
                            .compiler = conclusion.compiler,
                            .fingerprint = conclusion.fingerprint,
                            .argv = request.call.argv,
                            .missing = conclusion.findings,
                            .ways_out = conclusion.ways_out,
                            .unresolved = conclusion.unresolved,
                            .notes = conclusion.notes,
                            .searched = conclusion.searched,
                            .phases_ms = conclusion.phases_ms,
                            .exit_status = conclusion.exit_status};
  // cmd/go sets it for the link as well; the output is called a.out until the link is done.
  if (const char* package = support::FindVariable(request.environment, "TOOLEXEC_IMPORTPATH")) record.package = package;
  // What its objects say of themselves, whatever day they were compiled on.
  if (record.exit_status == 0) {
    for (std::string& sentence : rescue::Sentences(rescue::ReadNotes(record.output)))
      record.notes.push_back(std::move(sentence));
  }
  if (conclusion.attempts.empty()) return record;
  const Attempt& told = conclusion.attempts[conclusion.told];
  record.mode = told.mode;
  record.linker = told.linker;
  record.driver_argv = told.driver_argv;
  record.linker_argv = told.linker_argv;
  record.edits = told.edits;
  if (told.resolution != nullptr) {
    record.inputs = report::InputRecords(*told.resolution, told.copies);
    if (!request.settings.gc) record.program_uses = report::ProgramUses(*told.resolution);
    // A linker script may name its files by relative paths.
    for (report::InputRecord& input : record.inputs) {
      if (!input.path.starts_with('/') && support::Identify(input.path))
        input.path = support::Absolute(input.path, request.cwd);
    }
    // Which of the compiler's own libraries they are, the driver alone knows.
    if (told.own_runtime)
      std::erase_if(record.inputs, [](const report::InputRecord& input) { return input.origin == "toolchain"; });
  }
  for (const Attempt& lost : conclusion.attempts) {
    if (&lost == &told) continue;
    record.lost.push_back({.linker = lost.linker,
                           .mode = lost.mode,
                           .exit_status = lost.outcome.exit_status,
                           .signal = lost.outcome.signal,
                           .said = std::string(absl::StripTrailingAsciiWhitespace(
                               absl::string_view(lost.outcome.messages).substr(0, report::kMostSaid)))});
  }
  return record;
}

}  // namespace cgo_ld_shim::link
