// What does the underlying compiler link with? Its crt files, library directories, default libraries and linker options
// are learned from its own link line (`gcc -### …`), once per mode and set of flags, and never rebuilt by hand from its
// specs: distributions patch those.
//
// Example:
//   absl::StatusOr<Toolchain> t = Locate({.driver = {"/usr/bin/gcc"}, .flags = {"-m64"}, .mode = LinkMode::kStatic});
//   // t->line.first_objects: crt1.o crti.o crtbeginT.o; t->line.last: --start-group -lgcc -lgcc_eh -lc --end-group …
//
// A Toolchain is a plain value. It is kept in the cache directory under a key of everything that it depends on (driver,
// its size and time, flags, mode, the variables that gcc and clang read), and a kept one is used only while the driver
// and its crt files are as they were. Errors: kNotFound (driver), kFailedPrecondition (the driver failed, with its own
// words; its link line has no file where one is expected).
#ifndef CGO_LD_SHIM_TOOLCHAIN_TOOLCHAIN_H_
#define CGO_LD_SHIM_TOOLCHAIN_TOOLCHAIN_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "support/settings.h"
#include "target/libc.h"
#include "target/triple.h"

namespace cgo_ld_shim::toolchain {

enum class LinkMode { kStatic, kStaticPie };

// A driver's link line with the caller's inputs cut out. Paths are cleaned of "..".
struct LinkLine {
  std::vector<std::string> options;        // "-m", "elf_x86_64", "--hash-style=gnu", …: no plugin, no -o
  std::vector<std::string> first_objects;  // crt files before the inputs
  std::vector<std::string> library_dirs;   // in search order
  std::vector<std::string> last;           // after the inputs: "-lgcc", "--start-group", crtend.o, …
};
// Reads it from what `driver -### … -o OUT /dev/null` printed. Exposed for tests.
absl::StatusOr<LinkLine> ParseLinkLine(absl::string_view output);

struct Toolchain {
  std::vector<std::string> driver;  // its words; the first one as an absolute path
  std::string version;              // the version line that Go would take as tool ID
  target::Triple machine;           // -dumpmachine: x86_64-linux-gnu
  target::Libc libc;                // none: no static one was found
  LinkLine line;
  // The driver does not link as its -### says: zig, which shows clang's own idea of the host instead of the libc that
  // it brings along. Such a driver does its links itself.
  bool opaque = false;
  bool libcxx = false;  // its C++ library is libc++, whatever a program's names say
  bool kept = false;    // it was read from the cache, and not learned just now

  // The file of library `name` ("z" for libz.a) in the library directories; nullopt: none.
  std::optional<std::string> FindArchive(absl::string_view name) const;
  std::optional<std::string> FindShared(absl::string_view name) const;
};

struct LocateRequest {
  std::vector<std::string> driver;
  std::vector<std::string> flags;  // driver flags of the link that may change its line: -m32, --sysroot=…, -s
  LinkMode mode = LinkMode::kStatic;
  bool anew = false;  // the cache is not asked, only written
};
absl::StatusOr<Toolchain> Locate(const LocateRequest& request);

// True when a driver for a 64-bit host links 32-bit programs (-m32) with a static C library that is really there: gcc
// itself takes the flag with or without.
bool Has32BitLibc(const std::vector<std::string>& driver);

// What Go's tool ID rule (cmd/go/internal/work/buildid.go, gccToolID) takes from `output` as the version line; empty:
// none.
std::string VersionLine(absl::string_view output);

// `line` with the word "experimental" replaced by what the compiler proper holds: with that word in it Go would hash
// the compiler itself, and not take the line.
std::string StableVersionLine(const std::string& line, const std::vector<std::string>& driver);

// The fingerprint of what a build through us resolves to: 16 hex digits over the driver's words and version line (zig's
// own version), target, libc, what the crt files, libc.a, libm.a, libgcc*.a and libstdc++.a hold, our version, zlib's
// flavour, and every setting that can change objects; also those that change the link alone, unless Go has another
// lever for these (LinkFingerprint). No path and no time is in it: the same toolchain elsewhere has the same one.
// `toolchain` is that of a plain static link.
std::string Fingerprint(const Toolchain& toolchain, const char* const* envp);

// What under `cgo-ld-shim go` stands in the line by which Go knows its linker, so that it links anew and compiles
// nothing: settings that change the link alone. Empty: all have their initial value.
std::string LinkFingerprint(const char* const* envp);

// What each package's _cgo_export.c object carries: "cgo-ld-shim 0.1.0 0123456789abcdef glibc", the fingerprint and the
// family of the C library ("none" where none is decided by us).
std::string Ident(const Toolchain& toolchain, const char* const* envp);
// The family in such an ident in the bytes of an object file; nullopt: it carries no ident.
std::optional<target::LibcFamily> LibcOfIdent(absl::string_view object);

}  // namespace cgo_ld_shim::toolchain

#endif  // CGO_LD_SHIM_TOOLCHAIN_TOOLCHAIN_H_
