// Objects of ours that a rule adds to a user's program: those that are carried inside this executable and reach the
// linker as files in memory, so that nothing need be installed or written; and those that the underlying compiler
// makes for the symbols or the processor at hand.
//
// Example:
//   absl::StatusOr<std::string> path = NssFilesObject();   // "/proc/123/fd/4"
//   absl::StatusOr<std::string> object = CompileStubs({{.name = "gss_init_sec_context", .library = "gssapi_krb5"}},
//                                                     "stubs", {"gcc"}, "/tmp/go-link-1");
#ifndef CGO_LD_SHIM_OBJECTS_OBJECTS_H_
#define CGO_LD_SHIM_OBJECTS_OBJECTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cgo_ld_shim::objects {

// The object that restricts glibc's name service switch to "files" and "dns" (nss_files.c), for the host's
// architecture. The path is good for this process and its children until this process ends. Errors: kResourceExhausted.
absl::StatusOr<std::string> NssFilesObject();

// The archive of glibc's names for musl (compat.c), one function a member, for the host's architecture; a path as that
// of NssFilesObject. Errors: kResourceExhausted.
absl::StatusOr<std::string> CompatArchive();

// Both for another architecture, by a compiler for it: `directory`/cgo_ld_shim_nss_files.o, and
// `directory`/cgo_ld_shim_compat_NUMBER.o with those functions of compat.c that are named. Errors as those of
// CompileStubs.
absl::StatusOr<std::string> CompileNssFiles(const std::vector<std::string>& driver, const std::string& directory);
absl::StatusOr<std::string> CompileCompat(const std::vector<std::string>& names, const std::vector<std::string>& driver,
                                          const std::string& directory);

// libgcc's object that finds out what an x86 processor can, which __builtin_cpu_supports and the functions of
// target_clones look up in __cpu_model; a path as that of NssFilesObject. Errors: kNotFound where this program was
// built for another processor, or by a compiler without libgcc; kResourceExhausted.
absl::StatusOr<std::string> CpuModelObject();

// An ELF note (gABI, "Note Section").
struct Note {
  std::string section;  // ".note.package"
  std::string owner;    // "FDO"
  uint32_t type = 0;
  std::string content;  // a NUL is added
};
// A relocatable object that holds one loaded note, for the machine of the ELF object `like` (its bytes, or its path).
// The first gives its bytes, the second a path as NssFilesObject's. Errors: kInvalidArgument, kResourceExhausted, those
// of reading a file.
absl::StatusOr<std::string> MakeNote(absl::string_view like, const Note& note);
absl::StatusOr<std::string> NoteObject(const std::string& like, const Note& note);

// `bytes` as a file in memory: its path, good for this process and its children until this process ends.
absl::StatusOr<std::string> InMemory(const char* name, absl::string_view bytes);

// A function that is only in a shared library.
struct Stub {
  std::string name;     // mangled
  std::string library;  // "gssapi_krb5", for the words of the stub
};

// Each stub's local name in the program is this and the symbol: how `check` finds them.
inline constexpr char kStubPrefix[] = "__cgo_ld_shim_stub_";

// Writes `directory`/cgo_ld_shim_NAME.o, which defines each function: it says on stderr that it was called, and
// aborts. `driver` compiles it, with the flags that choose its architecture. The same stubs give the
// same bytes in any directory. Errors: kInternal with the compiler's words; those of writing a file.
absl::StatusOr<std::string> CompileStubs(const std::vector<Stub>& stubs, const std::string& name,
                                         const std::vector<std::string>& driver, const std::string& directory);

// Writes `directory`/cgo_ld_shim_arm_atomics.o, which defines GCC's __sync_OPERATION_SIZE functions for Linux on ARM.
// They are missing where code is compiled for a processor before ARMv6 and the compiler's own library does not have
// them, as that of zig 0.17. Errors as those of CompileStubs.
absl::StatusOr<std::string> CompileArmAtomics(const std::vector<std::string>& driver, const std::string& directory);

// Writes `directory`/cgo_ld_shim_rust.o: a constructor that calls `symbol` (the function by which Rust's standard
// library for glibc takes the program's arguments) with the real ones. `driver` compiles it. Errors as those of
// CompileStubs.
absl::StatusOr<std::string> CompileRustArguments(const std::string& symbol, const std::vector<std::string>& driver,
                                                 const std::string& directory);

// Write `directory`/cgo_ld_shim_ifuncs.o, which resolves IFUNC symbols at start, and
// `directory`/cgo_ld_shim_constructors.o, which calls the functions of .preinit_array, and those of .init_array with
// the program's arguments. glibc does both by itself; musl neither. The first is for 64-bit processors. Errors as those
// of CompileStubs.
absl::StatusOr<std::string> CompileIfuncStart(const std::vector<std::string>& driver, const std::string& directory);
absl::StatusOr<std::string> CompileConstructorStart(const std::vector<std::string>& driver,
                                                    const std::string& directory);

}  // namespace cgo_ld_shim::objects

#endif  // CGO_LD_SHIM_OBJECTS_OBJECTS_H_
