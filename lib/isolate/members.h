// A copy of an archive that has some of its members alone (what one linker would take of it, for another), or that asks
// for a function by another name (what means something else in this libc).
//
// Example:
//   absl::Status s = CopyMembers(*archive, {0, 4}, "/tmp/go-link-1/libfoo.some.a");
#ifndef CGO_LD_SHIM_ISOLATE_MEMBERS_H_
#define CGO_LD_SHIM_ISOLATE_MEMBERS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::isolate {

// Writes the members with these numbers to `output`, with an index, without times and owners. In a member that refers
// to a key of `renamed` and does not define it, the symbol gets the value as its name. Errors: a member that cannot be
// read; those of writing a file.
absl::Status CopyMembers(const symbols::Archive& archive, const std::vector<uint32_t>& members,
                         const std::string& output, const std::map<std::string, std::string>& renamed = {});

// The bytes of an archive with one member: its index, no time and no owner. Errors: kInternal with LLVM's words.
absl::StatusOr<std::string> ArchiveOf(const std::string& name, absl::string_view object);

}  // namespace cgo_ld_shim::isolate

#endif  // CGO_LD_SHIM_ISOLATE_MEMBERS_H_
