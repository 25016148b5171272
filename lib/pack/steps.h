// The steps of Pack (pack.h) that touch files: one archive made, and a layout put in its place.
#ifndef CGO_LD_SHIM_PACK_STEPS_H_
#define CGO_LD_SHIM_PACK_STEPS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "pack/pack.h"

namespace cgo_ld_shim::pack {

inline constexpr char kManifestName[] = "manifest.json";
inline constexpr char kCgoName[] = "cgo.go.txt";

// What the archive at `path` defines; and its members that have constructors.
struct Contents {
  Offers offers;
  std::vector<std::string> with_constructors;
};
absl::StatusOr<Contents> ReadContents(const std::string& path);

// Makes the archive of `archive->kept` below `layout`, with `scratch` for what is needed on the way, and fills what is
// known by then.
absl::Status Make(const std::string& layout, const std::string& scratch, bool whole, const Contents& contents,
                  PackedArchive* archive);

// OK where there is nothing at `output`, an empty directory, or what pack made and nothing else; otherwise
// kFailedPrecondition names what would be lost.
absl::Status MayReplace(const std::string& output);
// True for a directory that pack made.
bool IsLayout(const std::string& directory);
// Puts the directory `made` in the place of `output`, in one step where the file system can do that. What was there is
// then at `made`, or gone.
absl::Status Publish(const std::string& made, const std::string& output);

}  // namespace cgo_ld_shim::pack

#endif  // CGO_LD_SHIM_PACK_STEPS_H_
