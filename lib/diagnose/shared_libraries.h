// Which shared library defines a symbol that no archive does? Among those that lie beside the link's archives, with
// what these need, and, for what archives want, all that are in the directories of the link.
//
// Example:
//   SharedLibraries shared(plan, resolution, &candidates, &cache);
//   shared.Defining(resolution.missing[0]);   // "/usr/lib/x86_64-linux-gnu/libgssapi_krb5.so"
//
// Reads files, each once, and starts no process. What it was made from must outlive it.
#ifndef CGO_LD_SHIM_DIAGNOSE_SHARED_LIBRARIES_H_
#define CGO_LD_SHIM_DIAGNOSE_SHARED_LIBRARIES_H_

#include <map>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "diagnose/diagnose.h"
#include "plan/plan.h"
#include "resolve/candidates.h"
#include "resolve/resolve.h"

namespace cgo_ld_shim::diagnose {

class SharedLibraries {
 public:
  SharedLibraries(const plan::LinkPlan& plan, const resolve::Resolution& resolution, resolve::Candidates* candidates,
                  plan::FileCache* cache)
      : plan_(plan), resolution_(resolution), candidates_(*candidates), cache_(*cache) {}

  // The path of the first one; empty: there is none.
  std::string Defining(const resolve::Unresolved& unresolved);
  // As what the library defines a symbol. An assembler's function may have neither type nor size.
  DataKind Data(const std::string& path, absl::string_view symbol);

 private:
  // The shared library beside `archive`, and all that it needs.
  void AddWithNeeded(const std::string& archive, std::vector<std::string>* places);
  const symbols::Definition* Find(const std::string& path, absl::string_view symbol);  // nullptr: it does not

  const plan::LinkPlan& plan_;
  const resolve::Resolution& resolution_;
  resolve::Candidates& candidates_;
  plan::FileCache& cache_;
  std::map<std::string, absl::flat_hash_map<absl::string_view, const symbols::Definition*>> defined_;  // by path
};

}  // namespace cgo_ld_shim::diagnose

#endif  // CGO_LD_SHIM_DIAGNOSE_SHARED_LIBRARIES_H_
