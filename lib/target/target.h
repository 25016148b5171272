// For which operating system and architecture is this call? Go tells its children through GOOS and GOARCH, also
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
  std::string os;            // Go's names: "linux", "darwin"
  std::string arch;          // Go's names: "amd64", "arm64", "386"
  bool native = false;       // this host can run it and the host's own compiler can make it
  bool other_width = false;  // native, with libraries of its own that few hosts have: 386 on amd64
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
  const char* debian;      // Debian's name of it: "amd64"
  const char* multiarch;   // its directory below /usr/lib and /usr/include there: "x86_64-linux-gnu"
};
// nullptr for an architecture that no row names.
const Architecture* FindArchitecture(absl::string_view go_name);
// The same by the first field of a GNU triple.
const Architecture* FindArchitectureByCpu(absl::string_view triple_cpu);
// The same by the header of an ELF file.
const Architecture* FindArchitectureByElf(uint16_t e_machine, bool is64, bool little);

}  // namespace cgo_ld_shim::target

#endif  // CGO_LD_SHIM_TARGET_TARGET_H_
