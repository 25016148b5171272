// Prebuilt archives come one for each platform, side by side, and the command line may name the wrong one:
// libfoo_arm64.a for an amd64 program, or a glibc build for musl. Which of its neighbours fits?
//
// Example:
//   for (const Variant& v : UseVariants(toolchain.libc, &plan, &cache)) …   // plan.inputs now name v.to
//   FindVariants("/v/lib/linux_arm64/libfoo.a", machine, libc, &cache)   // {"/v/lib/linux_amd64/libfoo.a"}
//
// Two names are variants of each other when they differ in nothing but the parts of a target triple ("x86_64", "arm64",
// "linux", "gnu", "musl", …), in the file's name or in one of the three directories above it; the nearest that fit
// count.
#ifndef CGO_LD_SHIM_PLAN_VARIANTS_H_
#define CGO_LD_SHIM_PLAN_VARIANTS_H_

#include <optional>
#include <string>
#include <vector>

#include "plan/plan.h"
#include "target/libc.h"

namespace cgo_ld_shim::plan {

// One archive that took the place of another.
struct Variant {
  int argument = -1;
  std::vector<std::string> before;
  std::string from, to;  // paths
  std::string because;   // "it was made for AArch64; the one beside it is for x86-64"
};

// Replaces each archive of the user's that was made for another machine than the program by the one neighbour that
// fits; for -lNAME also by the next one in the library directories, as GNU ld does. One that is not there, and whose
// name has parts of a triple, is replaced alike, by a neighbour for another C library where there is none for `libc`.
// Where none fits, or more than one, the input stays.
std::vector<Variant> UseVariants(const target::Libc& libc, LinkPlan* plan, FileCache* cache);

// Replaces one archive of the user's by the one neighbour whose name says `libc`; nullopt where there is none or more
// than one, or where `archive` is not the user's.
std::optional<Variant> UseVariant(const std::string& archive, const target::Libc& libc, const std::string& because,
                                  LinkPlan* plan, FileCache* cache);

// The neighbours of `archive` that were made for `machine`, and whose names do not say another C library than `libc`;
// sorted.
std::vector<std::string> FindVariants(const std::string& archive, const symbols::Machine& machine,
                                      const target::Libc& libc, FileCache* cache);

// The same, with the nearest that are named for another C library where none is nearer or as near: what serves a
// program better than code for another machine does, and is told apart later, by what its objects say.
std::vector<std::string> FindForMachine(const std::string& archive, const symbols::Machine& machine,
                                        const target::Libc& libc, FileCache* cache);

// Of the archives that UseVariants has set aside, builds of -lLIBRARY: more than one would do.
std::vector<std::string> SetAsideFor(const LinkPlan& plan, const std::string& library);

// The machine that the program is linked for: that of the compiler's crt files.
std::optional<symbols::Machine> MachineOf(const LinkPlan& plan);

// Whether a path names a C library as part of a triple: "/usr/lib/x86_64-linux-musl/libz.a". The nearest part that
// names one counts, of the file's name and three directories: "musl-port/libz-gnu.a" is glibc's.
bool SaysLibc(const std::string& path, target::LibcFamily libc);

// Whether it names another one than `libc`, and not that as well.
bool IsNamedForOther(const std::string& path, const target::Libc& libc);

// `name` without the parts of a triple, in small letters, for comparing: "libslim.a" for "libSlim_x86_64_linux_gnu.a".
std::string NameWithoutTriple(absl::string_view name);
// The same as it is written: "libSlim.a".
std::string PlainName(absl::string_view name);

}  // namespace cgo_ld_shim::plan

#endif  // CGO_LD_SHIM_PLAN_VARIANTS_H_
