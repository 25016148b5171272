// One directory of testdata/links: what goes into a final link, and its run in a sandbox.
//
// Example:
//   LinkCase link = ReadCase("testdata/links/hello");
//   Transcript transcript = RunCase(link, "testdata/links/drivers", CGO_LD_SHIM_BINARY);
//   // transcript.screen: "exit status 0, program written\n"
#ifndef CGO_LD_SHIM_TESTS_GOLDEN_LINK_CASE_H_
#define CGO_LD_SHIM_TESTS_GOLDEN_LINK_CASE_H_

#include <string>
#include <vector>

namespace cgo_ld_shim::golden {

struct LinkCase {
  std::string directory;
  std::string driver;                    // which of drivers/
  std::vector<std::string> links;        // what that does when it is asked to link, the last one again and again
  std::vector<std::string> environment;  // NAME=value
  std::vector<std::string> words;        // after the name of our program
};

LinkCase ReadCase(const std::string& directory);

// What came of it: the files of the case, by their names.
struct Transcript {
  std::string line;     // what the drivers and the embedded linker were told
  std::string log;      // the record
  std::string explain;  // `explain` of the output, and `explain --flags`
  std::string screen;   // what a person sees, and what there is afterwards
  std::string record;   // as it was written, the sandbox being /tmp/golden; empty: there is none
};

Transcript RunCase(const LinkCase& link, const std::string& drivers, const std::string& shim);

}  // namespace cgo_ld_shim::golden

#endif  // CGO_LD_SHIM_TESTS_GOLDEN_LINK_CASE_H_
