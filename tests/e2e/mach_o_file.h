// What a finished Mach-O executable says about itself, read with LLVM's reader and not with ours. No Mac is needed:
// what would stop the program there (a library that a symbol is not in, a signature that does not fit) is checked here.
//
// Example:
//   const MachOFile with_cgo = ReadMachO(build.binary), pure = ReadMachO(other);
//   EXPECT_EQ(with_cgo.libraries, pure.libraries);
//   EXPECT_EQ(with_cgo.imports.at("_res_9_ninit"), "/usr/lib/libresolv.9.dylib");
//
// A file that cannot be read fails the test at once; so does what is wrong with one by itself: an ordinal without a
// library, a symbol that is bound to two libraries, a page whose hash is another.
#ifndef CGO_LD_SHIM_TESTS_E2E_MACH_O_FILE_H_
#define CGO_LD_SHIM_TESTS_E2E_MACH_O_FILE_H_

#include <map>
#include <string>
#include <vector>

namespace cgo_ld_shim::e2e {

struct MachOFile {
  std::string architecture;                    // "arm64", "x86_64"
  std::vector<std::string> libraries;          // LC_LOAD_DYLIB, sorted
  std::map<std::string, std::string> imports;  // symbol → the library that it is bound to; "flat": to any
  std::string minimum_os;                      // "12.0"
  std::string entry;                           // the symbol at LC_MAIN's address; empty: none there
  bool is_signed = false;                      // there is a signature, and each page has the hash that it says
  bool has_dwarf = false;                      // a segment __DWARF
  bool has_stabs = false;                      // symbols for debuggers that name the objects of the link
};
MachOFile ReadMachO(const std::string& path);

}  // namespace cgo_ld_shim::e2e

#endif  // CGO_LD_SHIM_TESTS_E2E_MACH_O_FILE_H_
