// The bill of materials of a program: which C libraries are in it, of which packages and versions, under which
// licences. A scanner that looks for shared libraries sees none of them once they are linked statically; the record of
// the link does.
//
// Example:
//   Bill bill = Collect(record, facts);                      // asks dpkg, rpm or apk, and reads the archives
//   std::string text = CycloneDx(bill);                      // or Spdx(bill)
//   std::string json = PackageNote(Components(record.inputs, {}, {}), {.name = "kv"});
//
// Everything is owned by the values. What is not known stays empty and becomes NOASSERTION or is left out: nothing here
// is guessed. The same link gives the same bytes: no clock, no random number, no order of a hash table.
#ifndef CGO_LD_SHIM_SBOM_SBOM_H_
#define CGO_LD_SHIM_SBOM_SBOM_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "inspect/inspect.h"
#include "packages/owner.h"
#include "report/record.h"
#include "target/libc.h"

namespace cgo_ld_shim::sbom {

// The type, in a package URL, of what no package manager has: zig, and the musl that it brings.
inline constexpr char kGenericPackage[] = "generic";

// What a component is to the program.
enum class Role {
  kLinked,  // an archive that contributed
  kStub,    // a shared library that is not in it: functions stand for it that end the program (CGO_LD_SHIM_STUBS)
  kHeader,  // a header that C code was compiled with beside what the target has (lib/rescue)
};

// An archive, or what stands for a library.
struct Component {
  std::string name;    // "libz.a"
  std::string path;    // empty in a package note, which holds nothing of the building machine's
  std::string sha256;  // of the whole archive, in hex; empty: it is no longer what the link read
  uint64_t bytes = 0;  // of the whole archive
  size_t members = 0;  // that the link used; 0: not known
  size_t symbols = 0;  // that these members define; 0: not known
  bool isolated = false;
  Role role = Role::kLinked;
  packages::Package package;
  std::string pc_name, pc_version;  // of the pkg-config file beside it; empty: none
  // The package's version, otherwise the pkg-config file's; empty: not known.
  const std::string& Version() const { return package.version.empty() ? pc_version : package.version; }
};

struct Bill {
  std::string name;    // of the program
  std::string sha256;  // of the binary, in hex
  uint64_t bytes = 0;
  int64_t time_ms = 0;  // since the epoch: when it was linked
  std::string build_id;
  std::string libc;  // "glibc 2.36"
  std::string compiler, linker, target;
  std::string distribution;          // that the packages are of: "debian"
  std::string distribution_version;  // "12"; empty: it has none
  inspect::GoFacts go;
  std::vector<Component> components;  // in the order of the link
  // For each component the places of those that it needs; what the program's own code needs is `program_needs`.
  // Of a note nothing is known: then the program needs all.
  std::vector<std::vector<size_t>> needs;
  std::vector<size_t> program_needs;
  std::string zig;     // the zig that served the link, whose files hold the licences of its libraries; empty: none
  std::string source;  // where the components are from: "record" or "note"

  // Go's standard library, which every program of Go has: its version without "go"; empty: not known.
  std::string StandardLibrary() const;
};

// Whose libraries a link's toolchain brings.
struct Origin {
  target::Libc libc;
  std::string zig;  // path of zig, where it is the underlying compiler; empty: another one is
};

// The archives that contributed, by the link's record. What is said of `isolated` archives is not in the inputs.
std::vector<Component> Components(const std::vector<report::InputRecord>& inputs,
                                  const std::vector<std::string>& isolated, const Origin& origin);
// The zig that a driver's words start; empty: they start another compiler.
std::string ZigOf(const std::vector<std::string>& driver);

// The bill of a binary whose link is on record, or that carries a package note. `time_ms` serves when there is no
// record. Errors: kNotFound when there is neither, with what to do; those of reading the binary.
absl::StatusOr<Bill> Collect(const std::string& binary, int64_t time_ms);

std::string CycloneDx(const Bill& bill);  // CycloneDX 1.5 JSON, ends with a line end
std::string Spdx(const Bill& bill);       // SPDX 2.3 JSON, ends with a line end

// The JSON of an ELF package note (uapi-group.org, "package metadata for executable files"): name and components,
// nothing of the building machine's paths. PackageNoteComponents reads it back; empty when it is another's note.
inline constexpr uint32_t kPackageNoteType = 0xcafe1a7e;
struct NoteHeader {
  std::string name;          // of the program
  std::string architecture;  // "x86_64"
  std::string distribution;  // of the packages
  std::string distribution_version;
};
std::string PackageNote(const std::vector<Component>& components, const NoteHeader& header);
std::vector<Component> PackageNoteComponents(absl::string_view json, NoteHeader* header);

// An SPDX licence expression for a distribution's words; empty: they cannot be said so.
std::string SpdxLicence(absl::string_view words);
// "pkg:deb/debian/zlib1g-dev@1%3A1.2.13.dfsg-1?arch=amd64&distro=debian-12"; empty: no package. `distribution` and
// `version` as in os-release's ID and VERSION_ID; the second may be empty.
std::string PackageUrl(const packages::Package& package, absl::string_view distribution, absl::string_view version);

// Copies the texts that go with the program to `directory`, which is made: a directory a package, one for Go, one a Go
// module. Returns what has no text here, as "libown.a (no package has it)"; errors: a file cannot be written.
absl::StatusOr<std::vector<std::string>> WriteLicenceTexts(const Bill& bill, const std::string& directory);

// Hex SHA-256 of a file; empty when it cannot be read.
std::string Sha256OfFile(const std::string& path);

}  // namespace cgo_ld_shim::sbom

#endif  // CGO_LD_SHIM_SBOM_SBOM_H_
