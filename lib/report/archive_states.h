// Which archives the programs of a module were linked from, and whether one of them has changed since: Go does not look
// at them. A word says so, which stays the same as long as nothing changes, and is another one from the first question
// after a change on.
//
// Example:
//   NoteArchives("/home/u/kv", record);              // after a link
//   std::string word = ArchivesWord("/home/u/kv");   // before the next one; "": nothing has ever changed
//
// One file a module in the state directory; where nothing can be kept there is no word.
#ifndef CGO_LD_SHIM_REPORT_ARCHIVE_STATES_H_
#define CGO_LD_SHIM_REPORT_ARCHIVE_STATES_H_

#include <string>
#include <vector>

#include "report/record.h"

namespace cgo_ld_shim::report {

// `cgo-ld-shim go` says to the links that it leads to which module they are of, by its directory.
inline constexpr char kModuleVariable[] = "CGO_LD_SHIM_INTERNAL_MODULE";

void NoteArchives(const std::string& module, const LinkRecord& record);
std::string ArchivesWord(const std::string& module);

// Archives of a link that are newer than it, or of another size now: the program has what they were. Not the
// compiler's own, which are a matter of the toolchain.
std::vector<std::string> ChangedArchives(const LinkRecord& record);

}  // namespace cgo_ld_shim::report

#endif  // CGO_LD_SHIM_REPORT_ARCHIVE_STATES_H_
