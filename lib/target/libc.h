// Which C library, and which version of it: what a compiler links with, what a triple asks for, what a finished program
// was linked with.
//
// Example:
//   const Libc libc = ParseLibc("glibc 2.36");   // {kGlibc, "2.36"}
//   if (libc.IsGlibcBefore(2, 34)) …             // false
//   record["libc"] = libc.ToString();            // "glibc 2.36"
//
// A plain value. Nobody else compares the names: records, caches and the objects that we mark hold them as text, which
// is read here.
#ifndef CGO_LD_SHIM_TARGET_LIBC_H_
#define CGO_LD_SHIM_TARGET_LIBC_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace cgo_ld_shim::target {

enum class LibcFamily {
  kNone,  // there is none, or it is not known
  kGlibc,
  kMusl,
  kBionic,
  kLibSystem,
  kMsvcrt,
  kUcrt,
};
// "glibc", "musl", "bionic", "libSystem", "msvcrt", "ucrt"; empty for kNone.
absl::string_view FamilyName(LibcFamily family);
// kNone for any other text.
LibcFamily ParseFamily(absl::string_view name);
// The words by which names of files and directories say that what they hold is for glibc, or for musl: "gnueabihf",
// "musl". A word that begins another stands behind it. Empty for other families.
absl::Span<const absl::string_view> WordsInNames(LibcFamily family);

struct Libc {
  LibcFamily family = LibcFamily::kNone;
  std::string version = {};  // "2.36"; empty: not known

  // False: none was found, or none is known.
  explicit operator bool() const { return family != LibcFamily::kNone; }
  bool IsGlibc() const { return family == LibcFamily::kGlibc; }
  bool IsMusl() const { return family == LibcFamily::kMusl; }
  // False also for a glibc of unknown version.
  bool IsGlibcBefore(int major, int minor) const;
  // Up to 2.33 a static program loads the modules of the name service switch for any look-up; since then "files" and
  // "dns" are part of libc.a (glibc NEWS 2.34).
  bool LoadsNssModules() const { return IsGlibcBefore(2, 34); }

  // "glibc", "musl"; empty: none.
  absl::string_view Name() const { return FamilyName(family); }
  // "glibc 2.36", "musl"; empty: none.
  std::string ToString() const;

  bool operator==(const Libc&) const = default;
};

// Reads what ToString wrote, whatever stands behind the family's name; a family that no row knows is none.
Libc ParseLibc(absl::string_view text);

}  // namespace cgo_ld_shim::target

#endif  // CGO_LD_SHIM_TARGET_LIBC_H_
