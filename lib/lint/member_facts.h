// What one object of an archive tells its author, beyond its symbol table: which sections are debug information,
// whether its code can be loaded anywhere, which processor it asks for, which paths of the machine that built it are in
// it.
//
// Example:
//   MemberFacts facts = ReadMember(member->data);
//   // facts.debug_bytes 18340, facts.not_pic true, facts.cpu_level 3, facts.build_paths {"/home/me/slim/src/lib.rs"}
//
// Views point into nothing: all is copied. What is no ELF object, or a damaged one, tells nothing.
#ifndef CGO_LD_SHIM_LINT_MEMBER_FACTS_H_
#define CGO_LD_SHIM_LINT_MEMBER_FACTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::lint {

struct MemberFacts {
  uint64_t debug_bytes = 0;
  bool not_pic = false;  // relocations of loaded sections that only a program at a fixed address can have
  bool ifunc = false;    // has a function that is chosen at start, be it a local one
  int cpu_level = 0;     // x86: 1 to 4 of x86-64-v1 … v4 (psABI, GNU_PROPERTY_X86_ISA_1_NEEDED); 0: it does not say
  std::vector<std::string> build_paths;
};
MemberFacts ReadMember(absl::string_view data);

// Whether an absolute path is one of a machine that builds: not of a system's own directories, which all have.
// "/home/me/x.c" is, "/usr/include/stdio.h" and "/rustc/<hash>/library/std/src/lib.rs" are not.
bool IsBuildPath(absl::string_view path);

}  // namespace cgo_ld_shim::lint

#endif  // CGO_LD_SHIM_LINT_MEMBER_FACTS_H_
