// The GNU build ID of an ELF file: a note (elf.h, NT_GNU_BUILD_ID) that the linker writes. cmd/link hands the linker a
// hash of Go's own build ID for it, so it tells what was built from what, but not with which archives.
#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "llvm/Object/BuildID.h"
#include "llvm/Object/ObjectFile.h"
#include "report/record.h"
#include "support/map_file.h"

namespace cgo_ld_shim::report {

std::string ReadBuildId(const std::string& path) {
  const auto buffer = support::MapFile(path);
  if (!buffer.ok()) return "";
  llvm::Expected<std::unique_ptr<llvm::object::ObjectFile>> object =
      llvm::object::ObjectFile::createELFObjectFile((*buffer)->getMemBufferRef());
  if (!object) {
    llvm::consumeError(object.takeError());
    return "";
  }
  const llvm::object::BuildIDRef id = llvm::object::getBuildID(object->get());
  return absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(id.data()), id.size()));
}

}  // namespace cgo_ld_shim::report
