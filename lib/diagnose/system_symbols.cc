#include "diagnose/system_symbols.h"

#include <algorithm>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "llvm/Object/ELFObjectFile.h"
#include "support/file.h"
#include "support/version.h"
#include "target/target.h"

namespace cgo_ld_shim::diagnose {
namespace {

// "ws2_32.def", "user32.def.in"; empty for another name.
absl::string_view LibraryOf(absl::string_view file) {
  absl::ConsumeSuffix(&file, ".in");
  return absl::ConsumeSuffix(&file, ".def") ? file : absl::string_view();
}

// A line of such a list: "WSAStartup@8", "SendMessageA", "F_X64(foo)", "name DATA", "name==other".
absl::string_view SymbolOf(absl::string_view line) {
  if (const size_t open = line.find('('); open != absl::string_view::npos) line.remove_prefix(open + 1);
  return line.substr(0, line.find_first_of("@=) \t\r;"));
}

// Calls `seen` for each dynamic symbol that a library defines and that says in which version of glibc it came. Of the
// versions of one name the present one is what a new program binds to.
void ForEachVersion(const std::string& library,
                    absl::FunctionRef<void(absl::string_view name, absl::string_view version, bool present)> seen) {
  if (library.empty()) return;
  llvm::Expected<llvm::object::OwningBinary<llvm::object::ObjectFile>> file =
      llvm::object::ObjectFile::createObjectFile(library);
  if (!file) return llvm::consumeError(file.takeError());
  const auto* elf = llvm::dyn_cast<llvm::object::ELFObjectFileBase>(file->getBinary());
  if (elf == nullptr) return;
  llvm::Expected<std::vector<llvm::object::VersionEntry>> versions = elf->readDynsymVersions();
  if (!versions) return llvm::consumeError(versions.takeError());
  size_t i = 0;
  for (const llvm::object::ELFSymbolRef entry : elf->getDynamicSymbolIterators()) {
    if (i >= versions->size()) break;
    const llvm::object::VersionEntry& version = (*versions)[i++];
    llvm::Expected<llvm::StringRef> name = entry.getName();
    if (!name) {
      llvm::consumeError(name.takeError());
      continue;
    }
    absl::string_view text = version.Name;
    llvm::Expected<uint32_t> flags = entry.getFlags();
    if (!flags) {
      llvm::consumeError(flags.takeError());
      continue;
    }
    if ((*flags & llvm::object::BasicSymbolRef::SF_Undefined) == 0 && absl::ConsumePrefix(&text, "GLIBC_") &&
        text != "PRIVATE")
      seen({name->data(), name->size()}, text, version.IsVerDef);
  }
}

}  // namespace

std::map<std::string, std::string> ImportLibraries(const std::string& zig_library, absl::string_view arch,
                                                   const std::set<std::string>& symbols) {
  std::map<std::string, std::string> found;
  const char* of_width = arch == "386" ? "lib32" : arch == "arm" ? "libarm32" : "lib64";
  for (const char* directory : {"lib-common", of_width}) {
    const std::string path = absl::StrCat(zig_library, "/libc/mingw/", directory);
    for (const std::string& file : support::ListDirectory(path)) {
      const absl::string_view library = LibraryOf(file);
      // api-ms-win-… are names under which Windows forwards to the real DLL.
      if (library.empty() || absl::StartsWith(library, "api-ms-")) continue;
      const absl::StatusOr<std::string> text = support::ReadFile(absl::StrCat(path, "/", file));
      if (!text.ok()) continue;
      for (const absl::string_view line : absl::StrSplit(*text, '\n')) {
        const auto at = symbols.find(std::string(SymbolOf(line)));
        if (at != symbols.end()) found.try_emplace(*at, library);
      }
    }
  }
  return found;
}

std::string GlibcVersion(const std::string& libc, absl::string_view symbol) {
  std::string found;
  ForEachVersion(libc, [&](absl::string_view name, absl::string_view version, bool present) {
    if (found.empty() && present && name == symbol) found = std::string(version);
  });
  return found;
}

std::map<std::string, std::string> FirstGlibcVersions(const std::string& library) {
  std::map<std::string, std::string> first;
  ForEachVersion(library, [&](absl::string_view name, absl::string_view version, bool) {
    const auto [at, fresh] = first.try_emplace(std::string(name), version);
    if (!fresh && support::VersionLess(version, at->second)) at->second = std::string(version);
  });
  return first;
}

std::string HostGlibc() {
  const target::Architecture* host = target::FindArchitecture(target::HostArch());
  if (host == nullptr) return "";
  for (const std::string& directory : {absl::StrCat("/lib/", host->triple_cpu, "-linux-gnu"),
                                       absl::StrCat("/usr/lib/", host->triple_cpu, "-linux-gnu"), std::string("/lib64"),
                                       std::string("/usr/lib64"), std::string("/usr/lib")}) {
    const std::string path = absl::StrCat(directory, "/libc.so.6");
    if (support::IsRegularFile(path)) return path;
  }
  return "";
}

}  // namespace cgo_ld_shim::diagnose
