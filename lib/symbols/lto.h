// The symbols of objects that hold only LTO bitcode. Each compiler writes a table of them for
// linkers: GCC a section .gnu.lto_.symtab (lto-streamer-out.cc, produce_symtab), LLVM a block beside the module
// (llvm/Object/ IRSymtab.h). What the optimiser makes of the code is not known from that; what it takes from libraries
// is. Private to this folder.
//
// Example:
//   ReadGccLtoSymbols(section, &object);   // object.definitions, object.references
//
// Views point into the bytes. What is damaged, or in a form of another time, gives no symbols, and is no error.
#ifndef CGO_LD_SHIM_SYMBOLS_LTO_H_
#define CGO_LD_SHIM_SYMBOLS_LTO_H_

#include "absl/strings/string_view.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::symbols {

void ReadGccLtoSymbols(absl::string_view section, Object* object);
void ReadBitcodeSymbols(absl::string_view data, Object* object);

}  // namespace cgo_ld_shim::symbols

#endif  // CGO_LD_SHIM_SYMBOLS_LTO_H_
