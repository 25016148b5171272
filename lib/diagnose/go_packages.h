// Which Go package is an object of the program of? cmd/cgo gives the C side of a call a name with a hash of its
// package,
// `_cgo_HASH_Cfunc_f`, and the Go side `PACKAGE._Cfunc_f` (cmd/cgo/out.go): one call that both sides have tells it of
// all objects with that hash, also where Go's linker has dropped the Go side of the others.
//
// Example:
//   CgoPackages packages(plan);
//   packages.Of(*unit.object)   // "github.com/pebbe/zmq4"; empty: it cannot be told
//
// go.o is read once, on the first question. The plan must outlive this.
#ifndef CGO_LD_SHIM_DIAGNOSE_GO_PACKAGES_H_
#define CGO_LD_SHIM_DIAGNOSE_GO_PACKAGES_H_

#include <map>
#include <optional>
#include <set>
#include <string>

#include "plan/plan.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::diagnose {

class CgoPackages {
 public:
  explicit CgoPackages(const plan::LinkPlan& plan) : plan_(plan) {}

  // The import path.
  std::string Of(const symbols::Object& object);

 private:
  void Read();

  const plan::LinkPlan& plan_;
  // By hash; an empty path: more than one package may be meant.
  std::optional<std::map<std::string, std::string>> of_hash_;
};

}  // namespace cgo_ld_shim::diagnose

#endif  // CGO_LD_SHIM_DIAGNOSE_GO_PACKAGES_H_
