// What was seen in a link that works and that its author should know: a library that is shadowed, one whose
// members only register themselves, two ways of panicking, functions that need files of the machine where the program
// runs.
//
// Example:
//   for (std::string& note : FindNotes(plan, resolution, toolchain, &cache)) record.notes.push_back(std::move(note));
//
// Each note is one sentence, in a fixed order. It runs in every link: it looks at libraries from which nothing was
// taken, and otherwise at the link's own symbols only.
#ifndef CGO_LD_SHIM_DIAGNOSE_OBSERVE_H_
#define CGO_LD_SHIM_DIAGNOSE_OBSERVE_H_

#include <string>
#include <vector>

#include "plan/plan.h"
#include "resolve/resolve.h"
#include "toolchain/toolchain.h"

namespace cgo_ld_shim::diagnose {

std::vector<std::string> FindNotes(const plan::LinkPlan& plan, const resolve::Resolution& resolution,
                                   const toolchain::Toolchain& toolchain, plan::FileCache* cache);

// An archive that has functions of its own and runs on another's, which came first: a second build of the same library,
// perhaps of another version.
struct OtherCopy {
  std::string archive;  // path
  std::string text;     // "/x/libb.a has dep of its own (2.0.0), and calls that of liba.a(dep.o) (1.0.0)"
};
std::vector<OtherCopy> FindOtherCopies(const plan::LinkPlan& plan, const resolve::Resolution& resolution,
                                       const toolchain::Toolchain& toolchain, plan::FileCache* cache);

// What in the program, outside the C library, opens shared libraries at run time (dlopen): "libcrypto.a(dso_dlfcn.o)",
// "the C code of package example.com/tool"; empty: nothing does. Only for glibc: with musl a static program's dlopen
// fails, and a dynamic one does not run on other systems.
std::string OpensLibraries(const plan::LinkPlan& plan, const resolve::Resolution& resolution,
                           const toolchain::Toolchain& toolchain, plan::FileCache* cache);

}  // namespace cgo_ld_shim::diagnose

#endif  // CGO_LD_SHIM_DIAGNOSE_OBSERVE_H_
