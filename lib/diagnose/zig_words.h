// What zig says when it cannot link, as values: lld's words for Windows, the BSDs and Linux with glibc, those of zig's
// own linker for macOS, and those of zig itself about the words of the line.
//
// Example:
//   ReadZigWords("lld-link: error: undefined symbol: operator new(unsigned long long)\n"
//                ">>> referenced by /home/me/x.cc:4\n>>>               libx.a(x.o):(frob)\n")
//   // {kind kUndefined, subject "operator new(unsigned long long)",
//   //  uses {{.unit = "libx.a(x.o)", .function = "frob", .file = "/home/me/x.cc", .line = 4}}}
//
// The words are those of zig 0.13 to 0.17 (src/link.zig, src/link/MachO.zig) and of the lld that is in it
// (lld/COFF/SymbolTable.cpp, lld/ELF/Relocations.cpp); zig before 0.15 says lld's words as its own "note:" lines. What
// is not understood is left out.
#ifndef CGO_LD_SHIM_DIAGNOSE_ZIG_WORDS_H_
#define CGO_LD_SHIM_DIAGNOSE_ZIG_WORDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::diagnose {

// Who needs a symbol, or defines it.
struct ZigUse {
  std::string unit;      // "libx.a(x.o)", "/tmp/go-link-1/000001.o"; the archive's directory where it is said
  std::string function;  // empty: not known
  std::string file;      // of the source; empty: not known
  uint32_t line = 0;     // 0: not known
};

struct ZigComplaint {
  enum class Kind {
    kUndefined,   // a symbol
    kDuplicate,   // a symbol
    kForeign,     // a unit, or a member alone ("zutil.o"), that was made for another system or processor
    kUnreadable,  // a file that is no library
    kNoLibrary,   // X of -lX
    kNoDefault,   // X of /DEFAULTLIB:X, which an object for Windows asks for by itself
    kNoFile,      // a file named by path
    kOption,      // an option of the linker
  };
  Kind kind = Kind::kUndefined;
  std::string subject;
  std::vector<ZigUse> uses;
  std::string similar = {};  // the name that the linker would suggest
  bool imported = false;     // declared as a function of a DLL
};

// The first of its units; empty: zig names none.
std::string FirstUnit(const ZigComplaint& complaint);

std::vector<ZigComplaint> ReadZigWords(absl::string_view words);

}  // namespace cgo_ld_shim::diagnose

#endif  // CGO_LD_SHIM_DIAGNOSE_ZIG_WORDS_H_
