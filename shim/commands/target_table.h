// The table of targets that `doctor` and `targets` show.
#ifndef CGO_LD_SHIM_SHIM_COMMANDS_TARGET_TABLE_H_
#define CGO_LD_SHIM_SHIM_COMMANDS_TARGET_TABLE_H_

#include <string>
#include <vector>

#include "doctor/targets.h"
#include "llvm/Support/JSON.h"
#include "report/text_parts.h"

namespace cgo_ld_shim::commands {

// A row a target: name, what comes out, whether it can be built, and with what or why not.
void AddTargetTable(const std::vector<doctor::TargetState>& targets, report::Page* page);
llvm::json::Array TargetsJson(const std::vector<doctor::TargetState>& targets);

// Indented, keys sorted.
std::string JsonText(const llvm::json::Value& value);

}  // namespace cgo_ld_shim::commands

#endif  // CGO_LD_SHIM_SHIM_COMMANDS_TARGET_TABLE_H_
