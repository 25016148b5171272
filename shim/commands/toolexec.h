// What Go learns of its linker under `cgo-ld-shim go`: to the linker's answer to -V=full, by which Go knows whether a
// program has to be linked anew, a word is added for what changes the link alone: settings (toolchain/toolchain.h), and
// archives that changed (report/archive_states.h). Nothing is compiled for its sake.
//
// Example:
//   return RunTool({"/usr/lib/go/pkg/tool/linux_amd64/link", "-V=full"});   // "link version go1.26.8 0123456789abcdef"
#ifndef CGO_LD_SHIM_SHIM_COMMANDS_TOOLEXEC_H_
#define CGO_LD_SHIM_SHIM_COMMANDS_TOOLEXEC_H_

#include <string>
#include <vector>

namespace cgo_ld_shim::commands {

// Runs a tool of Go's, by the user's own -toolexec where there is one. The tool's exit status; of all but that question
// it does not return where the tool can be started.
int RunTool(const std::vector<std::string>& args);

// The linker's answer with `word` where Go reads it: at the end of a release's line; of a development version's in the
// build ID, which is all that Go takes of it. Exposed for tests.
std::string WithWord(const std::string& answer, const std::string& word);

// GOFLAGS with this program as -toolexec, and what the user had there before ("-": nothing). `args`: go's, in which a
// -toolexec goes before that of GOFLAGS and is replaced. False where it cannot be said: a path with blanks.
bool AddToolexec(const std::string& self, std::string* go_flags, std::vector<std::string>* args, std::string* before);

// The directory of the module or workspace that go works in; `directory` itself where there is none.
std::string ModuleRoot(const std::string& directory);

}  // namespace cgo_ld_shim::commands

#endif  // CGO_LD_SHIM_SHIM_COMMANDS_TOOLEXEC_H_
