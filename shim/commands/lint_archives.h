// What `lint` answers, for `check` as well: an archive is no program, and what its users will meet is the question.
#ifndef CGO_LD_SHIM_SHIM_COMMANDS_LINT_ARCHIVES_H_
#define CGO_LD_SHIM_SHIM_COMMANDS_LINT_ARCHIVES_H_

#include <string>
#include <vector>

#include "lint/lint.h"

namespace cgo_ld_shim::commands {

enum class Answer { kText, kJson, kStatus };
// Prints the reports, and returns the highest exit status.
int LintArchives(const std::vector<std::string>& paths, const std::vector<lint::Wanted>& wanted, Answer answer);

}  // namespace cgo_ld_shim::commands

#endif  // CGO_LD_SHIM_SHIM_COMMANDS_LINT_ARCHIVES_H_
