#include "tests/e2e/machines.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {

std::vector<std::string> Runner(const std::string& emulator, const std::string& program) {
  if (emulator.empty()) return {program};
  for (const char* suffix : {"-static", ""}) {
    const std::string qemu = FindProgram(absl::StrCat("qemu-", emulator, suffix));
    if (!qemu.empty()) return {qemu, program};
  }
  return {};
}

std::string ZigPath() {
  const ProcessResult found =
      RunProgram({"sh", "-c", "command -v zig || python3 -c 'import ziglang; print(ziglang.__path__[0] + \"/zig\")'"});
  return std::string(absl::StripTrailingAsciiWhitespace(found.output));
}

}  // namespace cgo_ld_shim::e2e
