// The real gcc in a directory of its own, as a package of another machine would have it: the driver, and beside it, in
// the tree by which it finds them, the programs that it starts and the files that it links with. What is there can be
// touched, moved and changed.
//
// Example:
//   GccTree tree;
//   BuildIn(module, {absl::StrCat("CGO_LD_SHIM_CC=", tree.gcc())});
//   tree.Touch();
//   tree.Move();   // gcc() is another path now
//
// No fingerprint of one tree is that of another: each has a libc.a of its own, with one member more.
#ifndef CGO_LD_SHIM_TESTS_E2E_GCC_TREE_H_
#define CGO_LD_SHIM_TESTS_E2E_GCC_TREE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::e2e {

class GccTree {
 public:
  GccTree();

  std::string gcc() const { return root_ + "/bin/gcc"; }
  // The file of this name beside libgcc.a: "libc.a", "crtbeginT.o", "cc1".
  std::string Part(absl::string_view name) const;

  void Touch() const;  // every file has another time
  void Move();         // to another directory
  // An archive of the tree gets one more member, which nothing needs.
  void AddMember(absl::string_view archive, absl::string_view text) const;
  // An object of the tree gets one more section, which no program has.
  void AddSection(absl::string_view object) const;
  // The driver says "gcc version 12.2.0 (Debian 12.2.0-1X)" for "(Debian 12.2.0-14)".
  void ChangeVersion() const;

 private:
  std::string root_;
  std::string parts_;  // relative to root_
};

}  // namespace cgo_ld_shim::e2e

#endif  // CGO_LD_SHIM_TESTS_E2E_GCC_TREE_H_
