// What the files of kinds share: each makes its part of the table in kinds.cc.
#ifndef CGO_LD_SHIM_TESTS_DIFFERENTIAL_GENERATORS_H_
#define CGO_LD_SHIM_TESTS_DIFFERENTIAL_GENERATORS_H_

#include <vector>

#include "tests/differential/program.h"

namespace cgo_ld_shim::differential {

// A link of archives at random; the numbers are percent.
struct Shape {
  int libraries = 2;
  int objects = 0;
  int weak = 0;             // definitions that are weak
  int weak_references = 0;  // references that are weak
  int hidden = 0;
  int commons = 0;  // units that are compiled with -fcommon; 0: there are no variables
  int whole = 0;    // libraries in --whole-archive
  int group = 0;    // pairs of libraries in --start-group
};
Program RandomLink(unsigned seed, const Shape& shape);
std::vector<Program> RandomLinks(int count, const Shape& shape, unsigned first);

// archives.cc
std::vector<Program> Orders();
std::vector<Program> Groups();
std::vector<Program> WeakSymbols();
std::vector<Program> Commons();
std::vector<Program> Relocatable();
std::vector<Program> Multiple();
std::vector<Program> OwnCopies();
// code.cc
std::vector<Program> Constructors();
std::vector<Program> OldConstructors();
std::vector<Program> Tls();
std::vector<Program> Ifuncs();
std::vector<Program> Versioned();
std::vector<Program> Comdat();
std::vector<Program> Exceptions();
std::vector<Program> Fortran();
std::vector<Program> Stacks();
// options.cc
std::vector<Program> Wraps();
std::vector<Program> Scripts();
std::vector<Program> Options();
std::vector<Program> SectionSets();
// libc.cc
std::vector<Program> LibcFunctions();
std::vector<Program> ForeignFunctions();
std::vector<Program> MuslFunctions();

}  // namespace cgo_ld_shim::differential

#endif  // CGO_LD_SHIM_TESTS_DIFFERENTIAL_GENERATORS_H_
