// What a linker's own words mean, for failures other than missing symbols: code that is not position-independent, data
// out of reach, an option that it does not know, a script that it cannot read.
//
// Example:
//   Diagnosis d = ExplainWords("ld.lld: error: relocation R_X86_64_32S cannot be used against symbol 'arr'; recompile
//   with "
//                              "-fPIC\n>>> …", facts);
//   // d.findings[0].symbol "libnp.a(np.o)", .cause CauseId::kNotPic, .hint "q in np.c uses the address of arr …"
//
// Reads the words of lld (lld/ELF/Relocations.cpp, Driver.cpp) and of GNU ld (bfd, ld/ldmain.c), in English alone: the
// compiler's linker speaks the user's language, and what is not understood is no finding. Errors of one cause about one
// file are one finding.
#ifndef CGO_LD_SHIM_DIAGNOSE_LINKER_WORDS_H_
#define CGO_LD_SHIM_DIAGNOSE_LINKER_WORDS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "diagnose/diagnose.h"

namespace cgo_ld_shim::diagnose {

// What is known of the link whose linker spoke.
struct SpokenOf {
  const plan::LinkPlan& plan;
  bool pie = false;          // a position-independent program was linked
  std::string fuse_ld = {};  // X of -fuse-ld=X; empty: there is none
};

Diagnosis ExplainWords(absl::string_view words, const SpokenOf& link);

// The line of the words that says most, without the linker's name: "unrecognized option '--frobnicate'" rather than
// "collect2: error: ld returned 1 exit status". Empty: there is none.
std::string TheirReason(absl::string_view words);

}  // namespace cgo_ld_shim::diagnose

#endif  // CGO_LD_SHIM_DIAGNOSE_LINKER_WORDS_H_
