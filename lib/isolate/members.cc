#include "isolate/members.h"

#include <algorithm>
#include <deque>

#include "llvm/ADT/SmallVector.h"
#include "llvm/ObjCopy/CommonConfig.h"
#include "llvm/ObjCopy/ELF/ELFConfig.h"
#include "llvm/ObjCopy/ELF/ELFObjcopy.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include "support/file.h"

namespace cgo_ld_shim::isolate {
namespace {

llvm::StringRef ToLlvm(absl::string_view text) { return llvm::StringRef(text.data(), text.size()); }

// The names of `renamed` that the object only refers to.
std::map<std::string, std::string> OnlyReferredTo(const symbols::Object& object,
                                                  const std::map<std::string, std::string>& renamed) {
  std::map<std::string, std::string> names;
  for (const symbols::Reference& reference : object.references) {
    if (const auto it = renamed.find(std::string(reference.name)); it != renamed.end()) names.insert(*it);
  }
  return names;
}

absl::StatusOr<std::string> Rename(absl::string_view data, const std::map<std::string, std::string>& names) {
  llvm::Expected<std::unique_ptr<llvm::object::ObjectFile>> file =
      llvm::object::ObjectFile::createELFObjectFile(llvm::MemoryBufferRef(ToLlvm(data), ""));
  if (!file) return absl::DataLossError(llvm::toString(file.takeError()));
  llvm::objcopy::CommonConfig config;
  for (const auto& [from, to] : names) config.SymbolsToRename[from] = to;
  std::string result;
  llvm::raw_string_ostream out(result);
  if (llvm::Error error = llvm::objcopy::elf::executeObjcopyOnBinary(
          config, llvm::objcopy::ELFConfig(), *llvm::cast<llvm::object::ELFObjectFileBase>(file->get()), out)) {
    return absl::InternalError(llvm::toString(std::move(error)));
  }
  return result;
}

absl::StatusOr<std::string> Write(const std::vector<llvm::NewArchiveMember>& members) {
  llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> bytes =
      llvm::writeArchiveToBuffer(members, llvm::SymtabWritingMode::NormalSymtab, llvm::object::Archive::K_GNU,
                                 /*Deterministic=*/true, /*Thin=*/false);
  if (!bytes) return absl::InternalError(llvm::toString(bytes.takeError()));
  return (*bytes)->getBuffer().str();
}

}  // namespace

absl::StatusOr<std::string> ArchiveOf(const std::string& name, absl::string_view object) {
  std::vector<llvm::NewArchiveMember> members;
  members.emplace_back(llvm::MemoryBufferRef(ToLlvm(object), name));
  return Write(members);
}

absl::Status CopyMembers(const symbols::Archive& archive, const std::vector<uint32_t>& members,
                         const std::string& output, const std::map<std::string, std::string>& renamed) {
  std::vector<llvm::NewArchiveMember> copies;
  std::deque<std::string> changed;  // what `copies` points into
  for (const uint32_t number : members) {
    const absl::StatusOr<const symbols::Member*> member = archive.GetMember(number);
    if (!member.ok()) return member.status();
    absl::string_view data = (*member)->data;
    if (const absl::StatusOr<const symbols::Object*> object = archive.Load(number); object.ok()) {
      if (const auto names = OnlyReferredTo(**object, renamed); !names.empty()) {
        absl::StatusOr<std::string> with = Rename(data, names);
        if (!with.ok()) return with.status();
        data = changed.emplace_back(*std::move(with));
      }
    }
    copies.emplace_back(llvm::MemoryBufferRef(ToLlvm(data), (*member)->name));
  }
  const absl::StatusOr<std::string> bytes = Write(copies);
  if (!bytes.ok()) return bytes.status();
  return support::WriteFileAtomically(output, *bytes, 0600);
}

}  // namespace cgo_ld_shim::isolate
