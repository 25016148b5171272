// A place of its own for one link: a HOME, a working directory, a PATH with nothing but what the case puts there.
//
// Example:
//   Sandbox sandbox;
//   sandbox.Write("src/libf.a", {.bytes = archive});
//   Run run = sandbox.Execute({shim, "-o", sandbox.Path("b001/exe/a.out"), …}, {"GOARCH=amd64"});
//   EXPECT_EQ(sandbox.Hide(run.screen), "…");       // its directory is /tmp/golden in all texts
//
// The directory's real name is as long as /tmp/golden, so that texts which are laid out in columns look the same
// whatever it is; that is why it lies in /tmp and not where TMPDIR says.
#ifndef CGO_LD_SHIM_TESTS_GOLDEN_SANDBOX_H_
#define CGO_LD_SHIM_TESTS_GOLDEN_SANDBOX_H_

#include <map>
#include <string>
#include <vector>

#include "tests/golden/files.h"

namespace cgo_ld_shim::golden {

// What the sandbox is called in every file of testdata/links.
inline constexpr char kSandbox[] = "/tmp/golden";

struct Run {
  std::string screen;  // stdout and stderr, as they came
  int exit_status = 0;
  int signal = 0;  // not 0: it was killed by this one
};

class Sandbox {
 public:
  Sandbox();
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  std::string Path(const std::string& name) const { return root_ + "/" + name; }
  // Makes directories on the way. /tmp/golden in texts becomes the real directory; GOLDEN_KEEP=1 keeps all of it.
  void Write(const std::string& name, const File& file) const;
  // The bytes of a file; empty: there is none.
  std::string Read(const std::string& name) const;
  std::vector<std::string> List(const std::string& name) const;  // the files of a directory, sorted
  // Runs a program in src/ with this environment and no other.
  Run Execute(const std::vector<std::string>& argv, const std::vector<std::string>& environment) const;

  std::string Show(std::string text) const;  // /tmp/golden → the real directory
  std::string Hide(std::string text) const;  // the reverse

 private:
  std::string root_;
};

}  // namespace cgo_ld_shim::golden

#endif  // CGO_LD_SHIM_TESTS_GOLDEN_SANDBOX_H_
