#include "rewrite/rewrite.h"

namespace cgo_ld_shim::rewrite {

const RuleRow kRules[] = {
    {"force-static", "the final link of an executable, STATIC=full or prefer", "adds -static",
     "Go asks for a dynamic program as soon as one package uses cgo (golang/go#79331)"},
    {"static-pie", "-pie in such a link", "-pie becomes -static-pie", "-pie alone asks for a dynamic loader"},
    {"drop-rdynamic", "-rdynamic in such a link", "removes it",
     "nothing reads a dynamic symbol table at run time; Go itself drops it only beside a literal -static"},
    {"drop-lresolv", "-lresolv, and no symbol of libresolv.a is needed", "removes it",
     "net names it always; targets without libresolv stop at it (ziglang/zig#16674)"},
    {"drop-repeat", "a library that was named before", "removes the later mention",
     "every package repeats its own LDFLAGS; one place is enough once the order is right"},
    {"drop-shared-only", "-lX where only libX.so exists, and nothing needs it", "removes it",
     "a static link cannot read a shared library"},
    {"add-runtime", "a symbol of a compiler runtime library is missing",
     "adds that library (-lm, -lstdc++, -latomic, …)",
     "C++, Rust and libm symbols need libraries that no package names (daulet/tokenizers#3, golang/go#40594)"},
    {"add-archive", "a symbol is missing that a library defines which belongs to a library of yours",
     "adds its archive", "a shared library knows what it needs, an archive does not (confluentinc/librdkafka#2449)"},
    {"order-archives", "GNU ld would not find a symbol in the given order", "libraries stand before what they need",
     "GNU ld reads an archive once, where it stands (marcboeker/go-duckdb#426)"},
    {"group-archives", "libraries that need one another", "-Wl,--start-group … -Wl,--end-group around them",
     "no order serves a cycle"},
    {"isolate-runtime", "two archives define the same language-runtime symbols (two Rust compilers)",
     "replaces one by an object of it in which only what others use is global",
     "rust_eh_personality is defined in every Rust library (rust-lang/rust#44322)"},
    {"isolate-asked", "CGO_LD_SHIM_ISOLATE names an archive", "the same, for any symbols",
     "two copies have two sets of state, locks and allocators: only the user can know that this is right"},
    {"nss-files", "a static glibc link that looks up users or hosts, NSS=files",
     "links an object that restricts the name service switch to what is built into libc",
     "modules that glibc loads at run time crash static programs (golang/go#21421)"},
    {"stub-library", "CGO_LD_SHIM_STUBS names a library that exists only as a shared one",
     "adds an object that defines the missing symbols; each prints its name and aborts when called",
     "many a library is linked for a feature that the program never uses"},
    {"use-variant", "an archive was made for another architecture or C library, and one beside it fits",
     "takes that one", "prebuilt archives come one for each platform, and build tags choose the wrong one"},
    {"debug-sections", "DEBUG_SECTIONS=none, zlib or zstd", "sets --compress-debug-sections",
     "compressing debug information is most of a link's time"},
    {"lto-driver", "an object holds LTO code only", "the underlying compiler's own linker does the link",
     "the embedded linker has no code generator"},
    {"linker-driver", "-fuse-ld=, LINKER=PATH, or an option that the embedded linker lacks",
     "the underlying compiler's own linker does the link", "the user's flags win"},
};
const int kRuleCount = static_cast<int>(sizeof kRules / sizeof kRules[0]);

}  // namespace cgo_ld_shim::rewrite
