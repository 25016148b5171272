// Whole Go programs, built by go with gcc, dynamic as Go makes them by default, and with cgo-ld-shim, and run.
//
// Example:
//   Case hello{.name = "hello", .directory = CGO_LD_SHIM_TESTDATA "/modules/hello"};
//   EXPECT_EQ(Difference(hello, Libc::kMusl), "");
//
// Another corpus is a directory of such programs: `case.toml` beside a program's go.mod says for which C libraries it
// is and what is to come out, `build.sh` makes libraries of its own. Of TOML that much is read: tables, texts, and
// lists of texts on one line.
#ifndef CGO_LD_SHIM_TESTS_DIFFERENTIAL_CORPUS_H_
#define CGO_LD_SHIM_TESTS_DIFFERENTIAL_CORPUS_H_

#include <string>
#include <vector>

#include "tests/differential/program.h"

namespace cgo_ld_shim::differential {

struct Case {
  std::string name;
  std::string directory;
  // One `go` call after the other, without -o: {"build"}, {"test", "-c"}. The last one makes the program.
  std::vector<std::vector<std::string>> builds = {{"build"}};
  std::vector<std::string> arguments;    // of the program
  std::vector<std::string> environment;  // of the builds; {dir}: the copy, {build}: what build.sh made
  std::vector<std::string> libcs = {"glibc", "musl"};
  // What stderr must say where no static program can be made, one of the words between '|' each; empty: one is made.
  std::vector<std::string> refused_with;
};

// The cases of a corpus's directory as they are for a C library, sorted by name; those for other C libraries left out.
std::vector<Case> ReadCorpus(const std::string& directory, Libc libc);

// A program's directory, copied, with what its build.sh made for a C library ("glibc", "musl"), which is kept below the
// build directory by the content of the case. It is removed with this.
class CaseCopy {
 public:
  CaseCopy(const Case& program, const std::string& libc);
  ~CaseCopy();
  CaseCopy(const CaseCopy&) = delete;
  CaseCopy& operator=(const CaseCopy&) = delete;

  const std::string& directory() const { return directory_; }
  const std::string& problem() const { return problem_; }  // why it cannot be tried here; empty: it can
  // With {dir} and {build} in it replaced.
  std::string Expand(const std::string& text) const;

 private:
  std::string Made(const Case& program, const std::string& libc);

  std::string directory_, made_, problem_;
};

// Empty when both programs print the same and end in the same way, or ours is refused as it should be; where gcc cannot
// link it, ours must print what the case's expect.txt says. "skipped: …" where a case cannot be tried here.
std::string Difference(const Case& program, Libc libc);

}  // namespace cgo_ld_shim::differential

#endif  // CGO_LD_SHIM_TESTS_DIFFERENTIAL_CORPUS_H_
