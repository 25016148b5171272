// What a finished ELF file says about itself, read with LLVM's reader and not with ours: the product must not judge
// itself.
//
// Example:
//   EXPECT_TRUE(IsStatic(build.binary));                    // a failure says what makes it dynamic
//   EXPECT_EQ(Needed(with_shim.binary), Needed(with_gcc.binary));
//
// A file that cannot be read, or is no ELF file, fails the test at once.
#ifndef CGO_LD_SHIM_TESTS_E2E_ELF_FILE_H_
#define CGO_LD_SHIM_TESTS_E2E_ELF_FILE_H_

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace cgo_ld_shim::e2e {

struct ElfFile {
  std::string interpreter;            // PT_INTERP; empty: none
  std::vector<std::string> needed;    // DT_NEEDED, in the file's order
  std::vector<std::string> exported;  // names that .dynsym defines, sorted
  bool position_independent = false;  // ET_DYN: a PIE, a static PIE or a shared library
  bool has_symbols = false;           // .symtab: not stripped
  std::vector<std::string> sections;  // their names, in the file's order
};
ElfFile ReadElf(const std::string& path);

// An executable without PT_INTERP and DT_NEEDED.
testing::AssertionResult IsStatic(const std::string& path);
std::vector<std::string> Needed(const std::string& path);

}  // namespace cgo_ld_shim::e2e

#endif  // CGO_LD_SHIM_TESTS_E2E_ELF_FILE_H_
