// One small final link, as Go would ask for it, to which something goes wrong; and what came of it.
//
// Example:
//   const SmallLink link;                                     // its program says "right"
//   const Ending ending = link.Run({"strace", …});            // in front of the call
//   EXPECT_TRUE(IsAllowed(ending)) << ending.story;
//
// Allowed are two endings: a right program, and a clear error that leaves everything as it was. All else is a fault of
// ours, and `story` says which.
#ifndef CGO_LD_SHIM_TESTS_FAULTS_SMALL_LINK_H_
#define CGO_LD_SHIM_TESTS_FAULTS_SMALL_LINK_H_

#include <string>
#include <vector>

#include "tests/e2e/harness.h"

namespace cgo_ld_shim::faults {

enum class End {
  kRight,     // status 0, and the program does what it should
  kRefused,   // another status with words about it, and the output is what it was before
  kSignal,    // ended by the signal that was sent, and the output is what it was before, or right
  kWrong,     // a program that is not right, with status 0
  kSilent,    // another status without a word
  kSpoilt,    // the output is neither what it was nor right
  kLeftover,  // files that nobody asked for
  kCrash,     // a signal that nobody sent
};

struct Ending {
  End end = End::kWrong;
  std::string story;  // what was run, its status, what it said, what lies there
  e2e::ProcessResult result;
};
bool IsAllowed(const Ending& ending);

struct RunOptions {
  std::vector<std::string> before;  // words in front of the call: strace, prlimit
  std::vector<std::string> more;    // words behind the output
  e2e::Environment environment;
  int signal = 0;                  // that is sent, and may end it
  bool leftovers_allowed = false;  // SIGKILL: what has a name by then stays
  // gcc's own temporary files (ccXXXXXX.s), where what fails is in gcc, which we ask or have compile.
  bool compilers_leftovers_allowed = false;
};

class SmallLink {
 public:
  // `source` is the program's; it is to print "right". There is an output already, unless `first`.
  explicit SmallLink(const std::string& source = "#include <stdio.h>\nint main(void) { puts(\"right\"); return 0; }\n",
                     bool first = false);

  Ending Run(const RunOptions& options = {}) const;
  // The call alone, with `words` behind the compiler's name.
  e2e::ProcessResult Call(const std::vector<std::string>& words, const e2e::Environment& environment = {},
                          const std::string& directory = "") const;

  const std::string& directory() const { return directory_; }
  std::string path(const std::string& name) const { return directory_ + "/" + name; }
  std::string output() const { return path("out/program"); }
  std::string scratch() const { return path("tmp"); }  // its TMPDIR
  std::vector<std::string> objects() const { return {path("go/go.o"), path("go/000000.o")}; }
  // A cache and a state directory of its own, TMPDIR.
  e2e::Environment environment() const;

 private:
  std::string directory_;
};

// strace may not be there, and may not be permitted to trace: why, or empty.
std::string WhyNoStrace();

}  // namespace cgo_ld_shim::faults

#endif  // CGO_LD_SHIM_TESTS_FAULTS_SMALL_LINK_H_
