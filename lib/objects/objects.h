// Objects of ours that a rewrite adds to a user's program. They are carried inside this executable and reach the linker
// as a file in memory, so that nothing need be installed or written.
//
// Example:
//   absl::StatusOr<std::string> path = NssFilesObject();   // "/proc/123/fd/4"
#ifndef CGO_LD_SHIM_OBJECTS_OBJECTS_H_
#define CGO_LD_SHIM_OBJECTS_OBJECTS_H_

#include <string>

#include "absl/status/statusor.h"

namespace cgo_ld_shim::objects {

// The object that restricts glibc's name service switch to "files" and "dns" (nss_files.c), for the host's
// architecture. The path is good for this process and its children until this process ends. Errors: kResourceExhausted.
absl::StatusOr<std::string> NssFilesObject();

}  // namespace cgo_ld_shim::objects

#endif  // CGO_LD_SHIM_OBJECTS_OBJECTS_H_
