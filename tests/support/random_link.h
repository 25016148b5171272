// Random links: graphs of archives with cycles, weak references and definitions, COMDAT copies, shadowing and several
// providers; on request also with what makes links fail.
//
// Example:
//   std::mt19937 random(seed);
//   LinkFixture link;
//   std::string line = MakeRandomLink({}, &random, &link);   // "go.o -Llib -l0 -l2"
#ifndef CGO_LD_SHIM_TESTS_SUPPORT_RANDOM_LINK_H_
#define CGO_LD_SHIM_TESTS_SUPPORT_RANDOM_LINK_H_

#include <random>
#include <string>

#include "tests/support/link_fixture.h"

namespace cgo_ld_shim::test_support {

struct RandomLinkOptions {
  bool shared = false;   // symbols that shared libraries alone have, some of them data, and some that nothing has
  bool clashes = false;  // members that define the same, each beside names of its own
  std::string program = "go.o";
};

// Writes the files; the same state of `random` makes the same link. Of up to six archives of up to four members each
// defines a symbol or two and needs up to three.
std::string MakeRandomLink(const RandomLinkOptions& options, std::mt19937* random, LinkFixture* link);

}  // namespace cgo_ld_shim::test_support

#endif  // CGO_LD_SHIM_TESTS_SUPPORT_RANDOM_LINK_H_
