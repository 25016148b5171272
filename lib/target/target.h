// For which operating system, architecture and libc is this call? Go tells its children through GOOS and GOARCH, also
// the linker (cmd/go sets them in the environment of every tool); without them it is a call from elsewhere, for this
// host.
//
// Example:
//   Target target = Infer(environ);   // {os "linux", arch "amd64", native true}
#ifndef CGO_LD_SHIM_TARGET_TARGET_H_
#define CGO_LD_SHIM_TARGET_TARGET_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::target {

struct Target {
  std::string os;       // Go's names: "linux", "darwin"
  std::string arch;     // Go's names: "amd64", "arm64", "386"
  bool native = false;  // this host can run it and the host's own compiler can make it
};

Target Infer(const char* const* envp);

// Go's name of the architecture that this executable was built for.
absl::string_view HostArch();

// What a row of Go's architectures means elsewhere.
struct Architecture {
  const char* go;      // "amd64"
  uint16_t e_machine;  // EM_X86_64 (ELF header)
  bool is64;
  const char* triple_cpu;  // first field of a GNU triple: "x86_64"
};
// nullptr for an architecture that no row names.
const Architecture* FindArchitecture(absl::string_view go_name);

// "arm64" for "aarch64-linux-gnu" or "aarch64-unknown-linux-musl"; empty when no row fits.
absl::string_view ArchOfTriple(absl::string_view triple);

}  // namespace cgo_ld_shim::target

#endif  // CGO_LD_SHIM_TARGET_TARGET_H_
