// Why something is in a link, as one step: a symbol, who wants it, who provides it. Whoever decides about a link
// (resolver, rules, diagnosis, the objects that are added) says so with these; `explain` shows them as chains.
//
// Example: {"ZSTD_compress", "librocksdb.a(db_impl.o)", "libzstd.a(zstd_compress.o)"}
#ifndef CGO_LD_SHIM_SYMBOLS_EVIDENCE_H_
#define CGO_LD_SHIM_SYMBOLS_EVIDENCE_H_

#include <string>

namespace cgo_ld_shim::symbols {

struct Evidence {
  std::string symbol;       // as in the object files (mangled)
  std::string wanted_by;    // "/usr/lib/librocksdb.a(db_impl.o)" or an object's path
  std::string provided_by;  // "/usr/lib/libzstd.a(zstd_compress.o)"; empty: nobody
};

}  // namespace cgo_ld_shim::symbols

#endif  // CGO_LD_SHIM_SYMBOLS_EVIDENCE_H_
