// Copying a link's files, for this folder.
#ifndef CGO_LD_SHIM_CAPTURE_FILES_H_
#define CGO_LD_SHIM_CAPTURE_FILES_H_

#include <string>

#include "absl/status/status.h"

namespace cgo_ld_shim::capture {

// Makes the directories above `path` that are missing.
absl::Status MakeParents(const std::string& path);

// Makes `to` a copy of `from`: by sharing its blocks where the file system can, otherwise byte by byte. With
// `may_link` a hard link is tried first: for files that nobody will write to again. A thin archive becomes a whole
// one.
absl::Status CopyInput(const std::string& from, const std::string& to, bool may_link);

}  // namespace cgo_ld_shim::capture

#endif  // CGO_LD_SHIM_CAPTURE_FILES_H_
