// Who defines what, and who needs what: the symbol tables of objects, archives and the text files that stand for them.
//
// An archive (ar(5)) is a bag of object files, its members, with an index from symbol to member. The linker takes a
// member
// ("extracts" it) when it defines a symbol that something already in the link leaves undefined. The index does not say
// whether a definition is strong, weak or one of many identical copies (COMDAT); that stands only in the member, which
// we read when, and only when, the link would extract it.
//
// Example:
//   absl::StatusOr<std::shared_ptr<Archive>> z = Archive::Open("/usr/lib/x86_64-linux-gnu/libz.a");
//   for (uint32_t member : (*z)->Defining("deflateInit2_")) {
//     absl::StatusOr<const Object*> object = (*z)->Load(member);
//     for (const Reference& r : (*object)->references) ...
//   }
//
// Ownership: an Archive or an InputFile owns the mapped file and every Object read from it; all string_views point into
// the mapping and live as long as it. Errors: kNotFound, kPermissionDenied, kDataLoss (truncated or malformed; the
// message names file, member and what is wrong), kInvalidArgument (not an object or archive at all).
#ifndef CGO_LD_SHIM_SYMBOLS_SYMBOLS_H_
#define CGO_LD_SHIM_SYMBOLS_SYMBOLS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace llvm {
class MemoryBuffer;
}

namespace cgo_ld_shim::symbols {

// The name under which a link finds a symbol that an assembler's .symver made: "f@@V2", the default version, is found
// as "f"; "f@V1" stays as it is, for only references with that version mean it. (lld's SymbolTable::insert; GNU ld's
// bfd_link_hash_lookup of versioned names.) Names that begin with '?' are those of Microsoft's C++ ABI.
//
//   LinkName("numa_bind@@libnuma_1.2")  // "numa_bind"
inline absl::string_view LinkName(absl::string_view name) {
  const size_t at = name.find('@');
  if (at == absl::string_view::npos || at + 1 >= name.size() || name[at + 1] != '@' || name[0] == '?') return name;
  return name.substr(0, at);
}

// A global symbol that an object defines.
struct Definition {
  absl::string_view name;  // LinkName
  bool weak = false;       // STB_WEAK
  bool unique = false;     // STB_GNU_UNIQUE
  bool common = false;     // SHN_COMMON: a tentative definition
  bool comdat = false;     // its section is in a COMDAT group: one of several copies is kept (ELF gABI, section groups)
  bool tls = false;        // STT_TLS
  bool hidden = false;     // STV_HIDDEN or STV_INTERNAL: visible inside this link only
  bool ifunc = false;      // STT_GNU_IFUNC
  bool function = false;   // STT_FUNC or STT_GNU_IFUNC
  bool retired = false;  // kElfShared: name@OLD, not name@@CURRENT: only programs linked long ago can still bind to it
  uint32_t section = 0;  // index of its section; 0 for absolute and common symbols
  uint64_t size = 0;     // bytes
  bool strong() const { return !weak && !common; }
};

// A global symbol that an object needs from elsewhere.
struct Reference {
  absl::string_view name;  // LinkName
  bool weak = false;       // may stay undefined; extracts no archive member
  bool tls = false;
  bool hidden = false;  // STV_HIDDEN or STV_INTERNAL: a shared object cannot satisfy it
};

enum class ObjectKind : uint8_t {
  kElfRelocatable,
  kElfShared,
  kElfExecutable,
  kBitcode,  // LLVM bitcode: needs LTO
  kSlimLto,  // GCC -flto without code: only .gnu.lto_* sections
  kMachO,
  kCoff,
  kUnknown,  // text, LTO of another kind, empty: see `what`
};

// The machine that an object was made for, enough to tell "wrong architecture" in words.
struct Machine {
  uint16_t e_machine = 0;  // EM_* (ELF header)
  bool is64 = true;
  bool little = true;
  bool operator==(const Machine&) const = default;
  std::string Name() const;  // "x86-64", "AArch64", "386": as people say it
};

struct Object {
  ObjectKind kind = ObjectKind::kUnknown;
  Machine machine;
  std::vector<Definition> definitions;  // globals only, in symbol-table order
  std::vector<Reference> references;
  std::vector<absl::string_view> comdat_groups;  // signatures of its COMDAT groups
  std::vector<absl::string_view> needed;         // kElfShared, kElfExecutable: DT_NEEDED
  absl::string_view soname;                      // kElfShared: DT_SONAME
  bool split_stack = false;                      // has .note.GNU-split-stack
  // What linkers do not all treat alike (kElfRelocatable):
  bool old_constructors = false;  // has entries in .ctors or .dtors, which came before .init_array
  bool constructors = false;      // has entries in .init_array
  bool preinit = false;           // has entries in .preinit_array
  bool large_common = false;      // has a common symbol of SHN_X86_64_LCOMMON
  bool stack_note = false;        // has .note.GNU-stack
  bool executable_stack = false;  // that section asks for an executable stack
  uint64_t tls_alignment = 0;     // the largest of its thread-local sections
  uint64_t file_bytes = 0;        // kElfRelocatable: of its code and data, as they stand in a program's file
  std::string
      what;  // not ELF: what it looks like ("a text file", "empty", "a universal Mach-O file for x86-64, AArch64")
};

// Reads one object from memory. `name` is for messages. The views in the result point into `data`. Of a shared object
// or executable the dynamic symbols are read; a position-independent executable (DF_1_PIE) is a kElfExecutable. Of
// an object for a link-time optimiser those are read that its compiler lists for linkers. Mach-O, COFF and bitcode are
// recognised, with their machine where it can be told; of the first two nothing else is read. Anything else is
// kUnknown, no error; an ELF file that contradicts itself is kDataLoss.
absl::StatusOr<Object> ReadObject(absl::string_view data, const std::string& name);

// True when a relocation of the relocatable object `data` is against its global symbol `symbol`: whether an object
// calls a function that it defines itself, its symbol table does not say. False as well for what cannot be read.
bool RelocatesAgainst(absl::string_view data, absl::string_view symbol);

// True when the relocatable object `data` defines an STT_GNU_IFUNC symbol, be it a local one, which ReadObject leaves
// out.
bool DefinesIfunc(absl::string_view data);

// Who made the relocatable object `data`: the texts of .comment, one for each compiler that had a part in it ("GCC:
// (Debian 12.2.0-14) 12.2.0"). Empty for what cannot be read.
std::vector<absl::string_view> Compilers(absl::string_view data);

// Whether the debug information of the relocatable object `data` names a source file whose path has `part` in it
// ("bits/alltypes.h"). False where it has none, or has it compressed.
bool DebugFilesMention(absl::string_view data, absl::string_view part);

// One member of an archive.
struct Member {
  std::string name;        // "compress.o"; duplicates are possible
  uint64_t offset = 0;     // of its header in the archive: what tells two members of one name apart
  absl::string_view data;  // its bytes; for a thin archive, those of the file it names
};

// Not thread-safe, const or not: what is asked for is read at that moment and kept. Different archives are independent.
class Archive {
 public:
  // Maps the file and checks its index; members are read only on demand. An archive without index (`ar qS`, or one with
  // bitcode made by a tool that wrote none) is indexed from its members' symbol tables, and says so in has_index().
  // An index that names places outside the file, or a last member that is cut off, is an error here. Damage further
  // inside shows when it is met: what the index wrongly calls a member, and members behind a damaged one, stand
  // together as one member after the sound ones, which GetMember and Load refuse with the reason.
  static absl::StatusOr<std::shared_ptr<Archive>> Open(const std::string& path);
  // The same from memory, for tests and fuzzing. `path` is for messages and for finding a thin archive's members.
  static absl::StatusOr<std::shared_ptr<Archive>> FromBuffer(std::unique_ptr<llvm::MemoryBuffer> buffer,
                                                             const std::string& path);
  ~Archive();
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  const std::string& path() const;
  bool thin() const;
  bool has_index() const;
  size_t member_count() const;  // members that hold objects or anything else, without the index and name tables
  bool empty() const;           // the same as member_count() == 0, but reads nothing
  // What the first ELF object among the first members was made for; reads nothing but their headers. nullopt: none
  // there.
  std::optional<Machine> FirstMachine() const;

  // Numbers (0-based, in archive order) of the members whose index entry names `symbol`, lowest first; nearly always 0
  // or 1. The span lives as long as the archive.
  absl::Span<const uint32_t> Defining(absl::string_view symbol) const;
  // Says that many calls of Defining are to come. Without it the first few read through the index; with it the first
  // one makes a table of it.
  void ExpectLookups() const;
  // The same for many symbols in one pass through the index, for asking hundreds of archives who has any of a few
  // missing names: an archive that has none costs a few nanoseconds a name and no memory. Appends (place in `symbols`,
  // member number), ordered by both.
  void FindDefining(absl::Span<const absl::string_view> symbols,
                    std::vector<std::pair<uint32_t, uint32_t>>* hits) const;
  // Every name in the index, in index order, with its member's number. Cheap: nothing is read beyond the index.
  struct IndexEntry {
    absl::string_view symbol;
    uint32_t member;
  };
  const std::vector<IndexEntry>& index() const;

  // Member `number`'s name, offset and bytes; its symbol table, read once and kept.
  absl::StatusOr<const Member*> GetMember(uint32_t number) const;
  absl::StatusOr<const Object*> Load(uint32_t number) const;

 private:
  Archive();
  struct State;
  std::unique_ptr<State> state_;
};

// What a file in a link line turns out to be.
enum class FileKind {
  kObject,  // an object that a linker takes, of whatever system: ELF, slim LTO, Mach-O, COFF; object->kind tells which
  kArchive,
  kShared,
  kLinkerScript,  // text that begins with a command; whether it stands for a library, ParseLinkerScript decides
  kBitcode,
  kEmpty,
  kUnknown,  // also an executable
};

// A file opened by content, not by name: Debian's libm.a is a text file, and a "library" from a failed download is
// HTML.
struct InputFile {
  std::string path;
  FileKind kind = FileKind::kUnknown;
  std::shared_ptr<Archive> archive;                  // kArchive
  std::shared_ptr<const Object> object;              // all but kArchive, kLinkerScript; kUnknown: see object->what
  std::string script;                                // kLinkerScript: its text
  std::shared_ptr<const llvm::MemoryBuffer> buffer;  // keeps `object`'s views alive
};
absl::StatusOr<InputFile> OpenInput(const std::string& path);

// A linker script as it stands in for a library (glibc's libm.a and libc.so, libncurses.so): the files and libraries
// that INPUT and GROUP name, in order. Commands that do more than that (SECTIONS, …) are an error: such a script is not
// a library.
struct ScriptItem {
  std::string name;        // "/usr/lib/x86_64-linux-gnu/libm-2.36.a", "libc.so.6" or "-lgcc"
  bool as_needed = false;  // inside AS_NEEDED( … )
  int group = -1;          // items of one GROUP( … ) share a number
};
struct LinkerScript {
  std::vector<ScriptItem> items;
  std::vector<std::string> search_dirs;  // SEARCH_DIR( … )
  std::string output_format;             // OUTPUT_FORMAT's first word; empty: none
};
absl::StatusOr<LinkerScript> ParseLinkerScript(absl::string_view text);

// A pkg-config file, its variables expanded.
struct PkgConfigFile {
  std::string path, name, version;
  std::vector<std::string> requires_, requires_private;  // package names, without version conditions
  std::vector<std::string> libs, libs_private;           // words: "-lfoo", "-L/x", "-pthread", "/x/libfoo.a"
};
absl::StatusOr<PkgConfigFile> ParsePkgConfig(absl::string_view text, const std::string& path);

// "std::__1::basic_string<…>::c_str() const" for a mangled C++, Rust (legacy and v0) or D name; the name itself
// otherwise.
std::string Demangle(absl::string_view symbol);

}  // namespace cgo_ld_shim::symbols

#endif  // CGO_LD_SHIM_SYMBOLS_SYMBOLS_H_
