// What a link that failed says one can do, carried out as printed.
//
// Example:
//   for (const DoneWay& way : CarryOut(ReadCase("testdata/links/fail-only-shared"), drivers, shim))
//     EXPECT_NE(way.promise, Promise::kBroken) << way.action << way.screen;
#ifndef CGO_LD_SHIM_TESTS_GOLDEN_WAYS_H_
#define CGO_LD_SHIM_TESTS_GOLDEN_WAYS_H_

#include <string>
#include <vector>

#include "tests/golden/link_case.h"

namespace cgo_ld_shim::golden {

enum class Promise {
  kKept,      // it says that it links, and it does
  kBroken,    // …, and it does not
  kNotTried,  // it says that it was not tried, and why
  kNone,      // it says what is to be done, and promises nothing: a package, a change of the user's own code
};

struct DoneWay {
  std::string action, meaning;
  Promise promise = Promise::kNone;
  std::string screen;  // of the link with it
};

// Settings are set and flags left out. What stands for a change of somebody's code is that its symbols are defined, or
// that those defined twice are defined once.
std::vector<DoneWay> CarryOut(const LinkCase& link, const std::string& drivers, const std::string& shim);

}  // namespace cgo_ld_shim::golden

#endif  // CGO_LD_SHIM_TESTS_GOLDEN_WAYS_H_
