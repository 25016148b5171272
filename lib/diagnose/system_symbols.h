// Which part of another system has a symbol: the DLL of Windows, the first version of glibc.
//
// Example:
//   ImportLibraries("/…/zig/lib", "amd64", {"WSAStartup"})      // {{"WSAStartup", "ws2_32"}}
//   GlibcVersion("/lib/x86_64-linux-gnu/libc.so.6", "getrandom")  // "2.25"
//
// What cannot be read is not known; nothing fails.
#ifndef CGO_LD_SHIM_DIAGNOSE_SYSTEM_SYMBOLS_H_
#define CGO_LD_SHIM_DIAGNOSE_SYSTEM_SYMBOLS_H_

#include <map>
#include <set>
#include <string>

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::diagnose {

// For each of the symbols that some DLL of Windows has, NAME of the -lNAME that brings it: zig's lists are mingw-w64's
// (lib/libc/mingw/lib*/NAME.def), of which it makes import libraries. `arch` is Go's name.
std::map<std::string, std::string> ImportLibraries(const std::string& zig_library, absl::string_view arch,
                                                   const std::set<std::string>& symbols);

// The version of glibc that brought this symbol in its present form ("GLIBC_2.25" in the ELF version table of
// libc.so.6); empty: it has no such symbol, or says no version.
std::string GlibcVersion(const std::string& libc, absl::string_view symbol);

// The first version of glibc that had each name, in whatever form, in this library of its: an object in an archive asks
// for no version. "pthread_create" → "2.2.5", where GlibcVersion says 2.34. Names that are not there are left out.
std::map<std::string, std::string> FirstGlibcVersions(const std::string& library);

// libc.so.6 of this host, where its loader finds it; empty: it is none of glibc's.
std::string HostGlibc();

}  // namespace cgo_ld_shim::diagnose

#endif  // CGO_LD_SHIM_DIAGNOSE_SYSTEM_SYMBOLS_H_
