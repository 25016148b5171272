// Where programs are looked for when there is no PATH. Nothing here allocates: the front (shim/front.cc) reads it
// before any static constructor has run.
#ifndef CGO_LD_SHIM_SUPPORT_PATH_H_
#define CGO_LD_SHIM_SUPPORT_PATH_H_

namespace cgo_ld_shim::support {

inline constexpr char kDefaultPath[] = "/usr/local/bin:/usr/bin:/bin";

}  // namespace cgo_ld_shim::support

#endif  // CGO_LD_SHIM_SUPPORT_PATH_H_
