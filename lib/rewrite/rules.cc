#include <algorithm>
#include <iterator>

#include "rewrite/rewrite.h"

namespace cgo_ld_shim::rewrite {

constexpr RuleRow kRules[] = {
    {"force-static", "the final link of an executable, STATIC=full or prefer", "adds -static",
     "Go asks for a dynamic program as soon as one package uses cgo (golang/go#79331)", InFlags::kSaid},
    {"static-pie", "-pie in such a link", "-pie becomes -static-pie", "-pie alone asks for a dynamic loader",
     InFlags::kSaid},
    {"drop-rdynamic", "-rdynamic in such a link", "removes it",
     "nothing reads a dynamic symbol table at run time; Go itself drops it only beside a literal -static",
     InFlags::kSaid},
    {"drop-lresolv", "-lresolv, and no symbol of libresolv.a is needed", "removes it",
     "net names it always; targets without libresolv stop at it (ziglang/zig#16674)", InFlags::kSaid},
    {"drop-repeat", "a library that was named before", "removes the later mention",
     "every package repeats its own LDFLAGS; one place is enough once the order is right", InFlags::kSaid},
    {"drop-shared-only", "-lX where only libX.so exists, and nothing needs it", "removes it",
     "a static link cannot read a shared library", InFlags::kSaid},
    {"add-runtime", "a symbol of a compiler runtime library is missing",
     "adds that library (-lm, -lstdc++, -latomic, …)",
     "C++, Rust and libm symbols need libraries that no package names (daulet/tokenizers#3, golang/go#40594)",
     InFlags::kSaid},
    {"add-archive", "a symbol is missing that a library defines which belongs to a library of yours",
     "adds its archive", "a shared library knows what it needs, an archive does not (confluentinc/librdkafka#2449)",
     InFlags::kSaid},
    {"order-archives", "GNU ld would not find a symbol in the given order", "libraries stand before what they need",
     "GNU ld reads an archive once, where it stands (marcboeker/go-duckdb#426)", InFlags::kSaid},
    {"group-archives", "libraries that need one another", "-Wl,--start-group … -Wl,--end-group around them",
     "no order serves a cycle", InFlags::kSaid},
    {"isolate-runtime", "two archives define the same language-runtime symbols (two Rust compilers)",
     "replaces one by an object of it in which only what others use is global",
     "rust_eh_personality is defined in every Rust library (rust-lang/rust#44322)", InFlags::kNot},
    {"isolate-asked", "CGO_LD_SHIM_ISOLATE names an archive", "the same, for any symbols",
     "two copies have two sets of state, locks and allocators: only the user can know that this is right",
     InFlags::kNot},
    {"nss-files", "a static glibc link that looks up users or hosts, NSS=files",
     "links an object that restricts the name service switch to what is built into libc",
     "modules that glibc loads at run time crash static programs (golang/go#21421)", InFlags::kDiffers,
     "user and host look-ups then follow the host's nsswitch.conf"},
    {"glibc-compat", "musl, and an archive that was built for glibc lacks names that only glibc has",
     "links functions under these names (lib/objects/compat.c)",
     "prebuilt archives are mostly built for glibc, and most need no more of it (docs/runtime-libraries.md)",
     InFlags::kNot},
    {"rust-arguments", "musl, and a Rust library that was built for glibc",
     "links an object that hands it the program's arguments",
     "glibc gives them to constructors, musl does not: std::env::args() would crash", InFlags::kNot},
    {"arm-atomics", "Linux on ARM, and a symbol __sync_OPERATION_SIZE is missing",
     "links an object with these operations, done by the kernel's function for it",
     "processors before ARMv6 have no instruction for them, and zig 0.17 has no function either", InFlags::kNot},
    {"thread-stack", "musl, and neither the link nor the compiler names a stack size", "-Wl,-zstack-size=8388608",
     "musl gives a thread 128 KiB of stack, and C code called from Go runs on a thread (rakshasa/libtorrent#694)",
     InFlags::kRepeat},
    {"stub-library", "CGO_LD_SHIM_STUBS names a library that exists only as a shared one",
     "adds an object that defines the missing symbols; each prints its name and aborts when called",
     "many a library is linked for a feature that the program never uses", InFlags::kNot},
    {"use-variant", "an archive was made for another architecture or C library, and one beside it fits",
     "takes that one", "prebuilt archives come one for each platform, and build tags choose the wrong one",
     InFlags::kNot},
    {"package-note", "CGO_LD_SHIM_NOTE=1", "links an object with a note that lists the archives of the link",
     "scanners see no library that is linked statically, and records stay on the machine that built", InFlags::kDiffers,
     "that program does not carry the list of what is linked into it"},
    {"debug-sections", "DEBUG_SECTIONS=none, zlib or zstd", "sets --compress-debug-sections",
     "compressing debug information is most of a link's time", InFlags::kRepeat},
    {"text-stub", "a link for macOS without SDKROOT names a library or framework of macOS",
     "adds a text stub that holds exactly the symbols which this program takes from it",
     "Apple's libraries are on every Mac, and in no file that may be passed on", InFlags::kNot},
    {"sdk-libraries", "a link for macOS with SDKROOT", "adds the SDK's directories", "the SDK has them all",
     InFlags::kNot},
    {"drop-unused", "a link for macOS names CoreFoundation, and nothing needs it", "removes it",
     "runtime/cgo names it for every program on arm64", InFlags::kNot},
    {"drop-refused", "a word for Apple's linker that zig's does not take (-no_pie, -no_uuid, …)", "removes it",
     "zig stops at words that it does not know", InFlags::kNot},
    {"translate-refused", "-Wl,-U,SYMBOL in a link for macOS, and no library has SYMBOL",
     "becomes -undefined dynamic_lookup, once all other symbols have a library",
     "zig's linker can leave all undefined symbols to the start of the program, or none", InFlags::kNot},
    {"glibc-floor", "CGO_LD_SHIM_TARGET names a version of glibc, such as x86_64-linux-gnu.2.28",
     "removes -static, and names archives by their path", "zig has glibc's symbols, and no archive of it",
     InFlags::kNot},
    {"prefer-dynamic", "STATIC=prefer, and a library that is needed exists only as a shared one",
     "links that library and libc dynamically, and names all archives by their path",
     "static where it can be, dynamic where it must", InFlags::kNot},
    {"mips-debug", "a program for MIPS", "adds --strip-debug",
     "lld refuses to join Go's debug sections with C's, whose type is another", InFlags::kRepeat},
    {"lto-driver", "an object holds LTO code only", "the underlying compiler's own linker does the link",
     "the embedded linker has no code generator", InFlags::kSaid},
    {"linker-driver", "-fuse-ld=, LINKER=PATH, or an option that the embedded linker lacks",
     "the underlying compiler's own linker does the link", "the user's flags win", InFlags::kSaid},
};
const int kRuleCount = static_cast<int>(std::size(kRules));

static_assert(std::all_of(std::begin(kRules), std::end(kRules),
                          [](const RuleRow& row) {
                            return row.in_flags != InFlags::kMissing &&
                                   (row.in_flags == InFlags::kDiffers) == (row.without != nullptr);
                          }),
              "each rule says what --flags can say of it, and kDiffers how");

const RuleRow* FindRule(absl::string_view id) {
  const auto* row =
      std::find_if(std::begin(kRules), std::end(kRules), [&](const RuleRow& rule) { return rule.id == id; });
  return row == std::end(kRules) ? nullptr : row;
}

}  // namespace cgo_ld_shim::rewrite
