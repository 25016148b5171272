// Opens a file and hands its bytes to the reader of its format.
#include <sys/stat.h>

#include <cerrno>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "inspect/inspect.h"
#include "inspect/read_parts.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "support/file.h"
#include "support/map_file.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::inspect {
namespace {

absl::Status CannotRead(const std::string& path, int error) {
  const std::string message = absl::StrCat("cannot read ", path, ": ", support::ErrnoText(error));
  if (error == ENOENT || error == ENOTDIR) return absl::NotFoundError(message);
  if (error == EACCES || error == EPERM) return absl::PermissionDeniedError(message);
  return absl::UnavailableError(message);
}

// What a person would call something that is there and cannot be a binary.
const char* KindOf(mode_t mode) {
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

absl::Status WithPath(const absl::Status& status, const std::string& path) {
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat(path, " is damaged or cut off: ", status.message()));
}

absl::StatusOr<std::vector<BinaryFacts>> One(absl::Status (*read)(absl::string_view, BinaryFacts*),
                                             absl::string_view bytes, const std::string& path) {
  std::vector<BinaryFacts> all(1);
  all[0].path = path;
  all[0].bytes = bytes.size();
  if (absl::Status status = WithPath(read(bytes, &all[0]), path); !status.ok()) return status;
  return all;
}

}  // namespace

absl::StatusOr<std::vector<BinaryFacts>> ReadBinaryBytes(absl::string_view bytes, const std::string& path) {
  // LLVM does not call it an ELF file when it ends within its header.
  if (absl::StartsWith(bytes,
                       "\x7f"
                       "ELF")) {
    return One(ReadElf, bytes, path);
  }
  switch (llvm::identify_magic(llvm::StringRef(bytes.data(), bytes.size()))) {
    case llvm::file_magic::macho_object:
    case llvm::file_magic::macho_executable:
    case llvm::file_magic::macho_fixed_virtual_memory_shared_lib:
    case llvm::file_magic::macho_core:
    case llvm::file_magic::macho_preload_executable:
    case llvm::file_magic::macho_dynamically_linked_shared_lib:
    case llvm::file_magic::macho_dynamic_linker:
    case llvm::file_magic::macho_bundle:
    case llvm::file_magic::macho_dynamically_linked_shared_lib_stub:
    case llvm::file_magic::macho_dsym_companion:
    case llvm::file_magic::macho_kext_bundle:
    case llvm::file_magic::macho_file_set:
      return One(ReadMachO, bytes, path);
    case llvm::file_magic::macho_universal_binary: {
      absl::StatusOr<std::vector<BinaryFacts>> all = ReadUniversalMachO(bytes, path);
      if (!all.ok()) return WithPath(all.status(), path);
      return all;
    }
    case llvm::file_magic::pecoff_executable:
    case llvm::file_magic::coff_object:
      return One(ReadPe, bytes, path);
    default:
      break;
  }
  const absl::StatusOr<symbols::Object> object = symbols::ReadObject(bytes, path);
  std::string what = object.ok() ? object->what : "";
  if (what.empty()) what = "a file of another kind";
  if (what == "empty") what = "an empty file";
  return absl::InvalidArgumentError(absl::StrCat(path, " is ", what, ", not a program or shared library"));
}

absl::StatusOr<std::vector<BinaryFacts>> ReadBinary(const std::string& path) {
  struct stat status;
  if (::stat(path.c_str(), &status) != 0) return CannotRead(path, errno);
  // Asked before opening: a pipe that nobody writes to would be waited for.
  if (!S_ISREG(status.st_mode)) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, " is ", KindOf(status.st_mode), ", not a program or shared library"));
  }
  const auto buffer = support::MapFile(path);
  if (!buffer.ok()) return buffer.status();
  absl::StatusOr<std::vector<BinaryFacts>> all = ReadBinaryBytes(support::Bytes(**buffer), path);
  if (all.ok()) {
    for (BinaryFacts& facts : *all) facts.rescued = rescue::ReadNotes(path);
  }
  return all;
}

std::string GoFacts::Setting(absl::string_view key) const {
  for (const auto& [name, value] : settings) {
    if (name == key) return value;
  }
  return "";
}

const Use* BinaryFacts::FindUse(absl::string_view what) const {
  for (const Use& use : uses) {
    if (use.what == what) return &use;
  }
  return nullptr;
}

}  // namespace cgo_ld_shim::inspect
