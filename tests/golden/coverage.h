// Which case holds which rule, cause and outcome, as testdata/links/README.md says below its mark.
//
// Example:
//   CheckCoverage("testdata/links", {"hello", "pie", …});   // fails for a rule that is in no case's log
#ifndef CGO_LD_SHIM_TESTS_GOLDEN_COVERAGE_H_
#define CGO_LD_SHIM_TESTS_GOLDEN_COVERAGE_H_

#include <string>
#include <vector>

namespace cgo_ld_shim::golden {

// Reads the logs that the cases hold. With UPDATE_GOLDEN=1 the README is written.
void CheckCoverage(const std::string& links, const std::vector<std::string>& names);

}  // namespace cgo_ld_shim::golden

#endif  // CGO_LD_SHIM_TESTS_GOLDEN_COVERAGE_H_
