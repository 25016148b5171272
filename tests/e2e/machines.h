// Programs for other machines, which qemu-user runs here; and the zig that makes them.
//
// Example:
//   const std::vector<std::string> argv = Runner("aarch64", build.binary);   // {"/usr/bin/qemu-aarch64-static", …}
//   if (!argv.empty()) EXPECT_EQ(RunProgram(argv).output, "42\n");
#ifndef CGO_LD_SHIM_TESTS_E2E_MACHINES_H_
#define CGO_LD_SHIM_TESTS_E2E_MACHINES_H_

#include <string>
#include <vector>

namespace cgo_ld_shim::e2e {

// argv of a program for the machine that qemu-user calls `emulator`; "" is this kernel itself. Empty: nothing here runs
// it.
std::vector<std::string> Runner(const std::string& emulator, const std::string& program);

// The program zig, in PATH or of the Python package; empty: there is none.
std::string ZigPath();

}  // namespace cgo_ld_shim::e2e

#endif  // CGO_LD_SHIM_TESTS_E2E_MACHINES_H_
