// A link in a directory of its own: objects and archives by name, a compiler that consists of two crt objects and a
// library directory, and the driver line as one string.
//
// Example:
//   LinkFixture link;
//   link.Object("go.o", ObjectBuilder().Reference("foo"));
//   link.Archive("lib/libfoo.a", {{"foo.o", ObjectBuilder().Define("foo")}});
//   resolve::Resolution r = link.Resolve("go.o -Llib -lfoo");
#ifndef CGO_LD_SHIM_TESTS_SUPPORT_LINK_FIXTURE_H_
#define CGO_LD_SHIM_TESTS_SUPPORT_LINK_FIXTURE_H_

#include <string>
#include <utility>
#include <vector>

#include "invocation/invocation.h"
#include "plan/plan.h"
#include "resolve/resolve.h"
#include "tests/support/elf.h"
#include "toolchain/toolchain.h"

namespace cgo_ld_shim::test_support {

class LinkFixture {
 public:
  LinkFixture();  // makes the directory; sys/ in it is the compiler's library directory, with libc.a
  ~LinkFixture();
  LinkFixture(const LinkFixture&) = delete;
  LinkFixture& operator=(const LinkFixture&) = delete;

  const std::string& dir() const { return dir_; }
  std::string Path(const std::string& name) const { return dir_ + "/" + name; }
  void File(const std::string& name, const std::string& bytes);  // makes directories on the way
  void Object(const std::string& name, const ObjectBuilder& object) { File(name, object.Build()); }
  void Archive(const std::string& name, const std::vector<std::pair<std::string, ObjectBuilder>>& members);
  void Shared(const std::string& name, const SharedBuilder& shared) { File(name, shared.Build()); }

  // Words are separated by blanks; relative paths are relative to the directory.
  invocation::Invocation Call(const std::string& line) const;
  plan::LinkPlan Plan(const std::string& line);
  resolve::Resolution Resolve(const std::string& line);
  toolchain::Toolchain& toolchain() { return toolchain_; }
  plan::FileCache* cache() { return &cache_; }

 private:
  std::string dir_;
  toolchain::Toolchain toolchain_;
  plan::FileCache cache_;
  plan::LinkPlan plan_;
};

// "-lfoo": the words of what was added, joined by blanks.
std::string AddedWords(const resolve::Resolution& resolution);
// The given and added inputs in their order, joined by blanks; members of a cycle in brackets.
std::string LineOf(const resolve::Resolution& resolution);
std::string MissingSymbols(const resolve::Resolution& resolution);

}  // namespace cgo_ld_shim::test_support

#endif  // CGO_LD_SHIM_TESTS_SUPPORT_LINK_FIXTURE_H_
