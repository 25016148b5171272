// The libc that zig brings for a target, as a toolchain that lld can link with by itself. zig is asked once for its own
// link line (ZIG_VERBOSE_LINK), and the files that it names are copied into our cache: a later link starts no zig, and
// does not notice when zig's cache is cleaned. Such a copy may be moved, to another machine as well, where it serves
// the same zig at any path once each byte has been checked.
//
// Example:
//   absl::StatusOr<Toolchain> musl = LocateZigLibc({.driver = driver});   // zig cc -target aarch64-linux-musl
//   // musl->line.first_objects: …/crt1.o; musl->FindArchive("unwind"): …/libunwind.a
//
// C++'s libraries take zig a minute to build for the first time, so they come only when they are asked for (`cxx`).
#ifndef CGO_LD_SHIM_TOOLCHAIN_ZIG_LIBC_H_
#define CGO_LD_SHIM_TOOLCHAIN_ZIG_LIBC_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "toolchain/driver.h"
#include "toolchain/toolchain.h"

namespace cgo_ld_shim::toolchain {

struct ZigLibcRequest {
  Driver driver;                   // one with IsZigMusl()
  std::vector<std::string> flags;  // those of the link that choose the processor: -mcpu=…, -march=…
  LinkMode mode = LinkMode::kStatic;
  bool cxx = false;   // libc++.a and libc++abi.a too
  bool anew = false;  // what is kept counts only when every byte of it is as it was; otherwise zig is asked again
};

// Errors: kFailedPrecondition when zig fails (its words), when its line is none that we understand, or when there is no
// cache directory: then zig has to link by itself. Several processes may ask at once; each finds a whole directory.
absl::StatusOr<Toolchain> LocateZigLibc(const ZigLibcRequest& request);

// True when LocateZigLibc would start no zig: the files are in our cache.
bool HasZigLibc(const ZigLibcRequest& request);

// Zig's linker line out of what ZIG_VERBOSE_LINK printed: options, crt files, and libraries (in `last`), as zig named
// them. `input` is the object that was linked. Exposed for tests.
absl::StatusOr<LinkLine> ParseZigLinkLine(absl::string_view output, absl::string_view input);

}  // namespace cgo_ld_shim::toolchain

#endif  // CGO_LD_SHIM_TOOLCHAIN_ZIG_LIBC_H_
