// One object of an archive's members (ld -r), in which only chosen names stay global: what the archive offers, and
// nothing that another archive could have as well.
//
// Example:
//   absl::StatusOr<std::vector<std::string>> taken =
//       LinkPartially({.archive = "libslim.a", .names = {"slim_open"}}, "slim.o");   // {"slim.o", "net.o"}
//   absl::StatusOr<std::string> bytes = KeepGlobal(*support::ReadFile("slim.o"), {"slim_open"});
//
// GNU objcopy leaves localised COMDAT signatures in their groups, and a later link then drops groups of the same name;
// LLVM's clears the flag. All values own what they hold.
#ifndef CGO_LD_SHIM_ISOLATE_PARTIAL_H_
#define CGO_LD_SHIM_ISOLATE_PARTIAL_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cgo_ld_shim::isolate {

struct PartialLink {
  std::string archive = {};
  std::vector<std::string> names = {};  // the members that these need are taken, and what those need of the archive
  bool whole = false;                   // all members instead
  // Sections of one name stay as many as they were, so that --gc-sections of a later link can leave some of them out.
  bool sections_apart = false;
  std::vector<std::string> emulation = {};  // {"-m", "elf_x86_64"}; empty: what the members are
};
// Links into the file `output`. Returns the names of the members that were taken, in the linker's order. Errors:
// kInternal with what the linker said.
absl::StatusOr<std::vector<std::string>> LinkPartially(const PartialLink& link, const std::string& output);

// The object with every definition local but those of `names`. Tentative definitions (SHN_COMMON) among them get their
// place, for no linker gives one to a local symbol. Code for an optimiser beside the machine code (-ffat-lto-objects)
// is left out: its names would still be global. Errors: kDataLoss for what is no ELF object that LinkPartially made,
// kInternal with LLVM's words.
absl::StatusOr<std::string> KeepGlobal(std::string object, const std::vector<std::string>& names);

// The object without debug information. Errors as KeepGlobal's.
absl::StatusOr<std::string> WithoutDebugInfo(absl::string_view object);

}  // namespace cgo_ld_shim::isolate

#endif  // CGO_LD_SHIM_ISOLATE_PARTIAL_H_
