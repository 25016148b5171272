#include "darwin/mach_o.h"

#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "darwin/text_stub.h"
#include "llvm/Object/MachO.h"
#include "llvm/Object/MachOUniversal.h"
#include "llvm/Support/MemoryBuffer.h"
#include "support/path_parts.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::darwin {
namespace {

uint32_t CpuType(absl::string_view arch) {
  return arch == "amd64" ? llvm::MachO::CPU_TYPE_X86_64 : llvm::MachO::CPU_TYPE_ARM64;
}

std::string Words(llvm::Error error) { return llvm::toString(std::move(error)); }

absl::StatusOr<MachOSymbols> ReadThin(const llvm::object::MachOObjectFile& file, const std::string& name,
                                      absl::string_view arch) {
  if (file.getHeader().cputype != CpuType(arch)) {
    return absl::InvalidArgumentError(absl::StrCat(name, " was made for ", file.getArchTriple().getArchName().str(),
                                                   ", and this program is for ", arch));
  }
  MachOSymbols symbols;
  for (const llvm::object::SymbolRef& symbol : file.symbols()) {
    llvm::Expected<uint32_t> flags = symbol.getFlags();
    if (!flags) return absl::DataLossError(absl::StrCat(name, ": ", Words(flags.takeError())));
    using llvm::object::BasicSymbolRef;
    if ((*flags & BasicSymbolRef::SF_Global) == 0 || (*flags & BasicSymbolRef::SF_FormatSpecific) != 0) continue;
    llvm::Expected<llvm::StringRef> text = symbol.getName();
    if (!text) return absl::DataLossError(absl::StrCat(name, ": ", Words(text.takeError())));
    // A common symbol counts as undefined to LLVM only when it has no size.
    const bool undefined = (*flags & BasicSymbolRef::SF_Undefined) != 0;
    (undefined ? symbols.undefined : symbols.defined).push_back(text->str());
  }
  // What a shared library needs is its own affair.
  const uint32_t type = file.getHeader().filetype;
  if (type == llvm::MachO::MH_DYLIB || type == llvm::MachO::MH_DYLIB_STUB) symbols.undefined.clear();
  return symbols;
}

// The files of one link, in the linker's order.
class Link {
 public:
  explicit Link(absl::string_view arch) : arch_(arch) {}

  absl::Status Add(const std::string& path) {
    if (absl::EndsWith(path, ".tbd")) {
      absl::StatusOr<std::set<std::string>> names = ReadTextStub(path, arch_);
      if (!names.ok()) return names.status();
      for (const std::string& name : *names) Define(name);
      return absl::OkStatus();
    }
    absl::StatusOr<symbols::InputFile> file = symbols::OpenInput(path);
    if (!file.ok()) return file.status();
    if (file->archive != nullptr) return AddArchive(*file->archive);
    if (file->object == nullptr || file->object->kind != symbols::ObjectKind::kMachO) {
      const std::string what = file->object == nullptr ? "" : file->object->machine.Name();
      return absl::InvalidArgumentError(absl::StrCat(path, " is not a Mach-O file",
                                                     what.empty() ? "" : absl::StrCat(": it was made for ", what),
                                                     ", and this program is for macOS on ", arch_));
    }
    const llvm::StringRef bytes = file->buffer->getBuffer();
    absl::StatusOr<MachOSymbols> read = ReadMachO({bytes.data(), bytes.size()}, path, arch_);
    if (!read.ok()) return read.status();
    Take(*read, path);
    return absl::OkStatus();
  }

  // Members that define what is needed come in, whatever the order of the files; so does ld64.
  void Extract() {
    while (!pending_.empty()) {
      const std::string symbol = *pending_.begin();
      pending_.erase(pending_.begin());
      const auto offer = offers_.find(symbol);
      if (offer == offers_.end() || result_.defined.contains(symbol)) continue;
      Member& member = members_[offer->second];
      if (std::exchange(member.taken, true)) continue;
      Take(member.symbols, member.name);
    }
    for (const std::string& name : result_.defined) result_.symbols.erase(name);
  }

  Undefined TakeResult() { return std::move(result_); }

 private:
  struct Member {
    std::string name;
    MachOSymbols symbols;
    bool taken = false;
  };

  absl::Status AddArchive(const symbols::Archive& archive) {
    for (uint32_t i = 0; i < archive.member_count(); ++i) {
      const absl::StatusOr<const symbols::Member*> member = archive.GetMember(i);
      if (!member.ok()) return member.status();
      const absl::StatusOr<symbols::Object> object = symbols::ReadObject((*member)->data, (*member)->name);
      const std::string name = absl::StrCat(support::BaseName(archive.path()), "(", (*member)->name, ")");
      if (object.ok() && object->kind == symbols::ObjectKind::kElfRelocatable) {
        return absl::InvalidArgumentError(absl::StrCat(archive.path(), " was made for a different operating system (",
                                                       name, " is an ELF object for ", object->machine.Name(),
                                                       "), and this program is for macOS on ", arch_));
      }
      // Rust puts a file of its own beside the objects.
      if (!object.ok() || object->kind != symbols::ObjectKind::kMachO) continue;
      absl::StatusOr<MachOSymbols> read = ReadMachO((*member)->data, name, arch_);
      if (!read.ok()) return read.status();
      for (const std::string& symbol : read->defined) offers_.try_emplace(symbol, members_.size());
      members_.push_back({name, *std::move(read)});
    }
    return absl::OkStatus();
  }

  void Take(const MachOSymbols& symbols, const std::string& name) {
    for (const std::string& symbol : symbols.defined) Define(symbol);
    for (const std::string& symbol : symbols.undefined) {
      if (result_.symbols.try_emplace(symbol, name).second) pending_.insert(symbol);
    }
  }
  void Define(const std::string& symbol) { result_.defined.insert(symbol); }

  const std::string arch_;
  Undefined result_;
  std::set<std::string> pending_;  // needed, and not yet looked for in the archives
  std::vector<Member> members_;
  std::map<std::string, size_t> offers_;  // symbol → the first member that defines it
};

}  // namespace

absl::StatusOr<MachOSymbols> ReadMachO(absl::string_view bytes, const std::string& name, absl::string_view arch) {
  const llvm::MemoryBufferRef buffer(llvm::StringRef(bytes.data(), bytes.size()), name);
  const std::string triple_arch = arch == "amd64" ? "x86_64" : "arm64";
  llvm::Expected<std::unique_ptr<llvm::object::MachOUniversalBinary>> universal =
      llvm::object::MachOUniversalBinary::create(buffer);
  if (universal) {
    llvm::Expected<std::unique_ptr<llvm::object::MachOObjectFile>> slice =
        (*universal)->getMachOObjectForArch(triple_arch);
    if (!slice) {
      return absl::InvalidArgumentError(absl::StrCat(name, " has no part for ", arch, ": ", Words(slice.takeError())));
    }
    return ReadThin(**slice, name, arch);
  }
  llvm::consumeError(universal.takeError());
  llvm::Expected<std::unique_ptr<llvm::object::MachOObjectFile>> file =
      llvm::object::ObjectFile::createMachOObjectFile(buffer);
  if (!file) return absl::DataLossError(absl::StrCat(name, ": ", Words(file.takeError())));
  return ReadThin(**file, name, arch);
}

absl::StatusOr<Undefined> FindUndefined(const std::vector<std::string>& files, absl::string_view arch) {
  Link link(arch);
  for (const std::string& file : files) {
    if (absl::Status status = link.Add(file); !status.ok()) return status;
  }
  link.Extract();
  return link.TakeResult();
}

}  // namespace cgo_ld_shim::darwin
