#include "resolve/candidates.h"

#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "search/library_files.h"
#include "support/file.h"
#include "support/path_parts.h"
#include "toolchain/runtime_libraries.h"

namespace cgo_ld_shim::resolve {

bool Candidates::IsSystem(const std::string& path) const {
  const std::string dir = support::RealPath(support::DirectoryName(path));
  for (const std::string& system : toolchain_.line.library_dirs) {
    if (support::RealPath(system) == dir) return true;
  }
  return false;
}

std::optional<std::string> Candidates::FindArchive(absl::string_view name, absl::string_view beside) const {
  if (!beside.empty()) {
    if (auto path = search::FindArchive({support::DirectoryName(beside)}, name)) return path;
  }
  return search::FindArchive(plan_.all_dirs, name);
}

const std::vector<std::string>& Candidates::Siblings(const std::string& archive) {
  const auto [it, fresh] = siblings_.try_emplace(support::DirectoryName(archive));
  if (fresh && !IsSystem(archive)) it->second = search::ListLibraries({it->first}, ".a");
  return it->second;
}

const std::vector<std::string>& Candidates::Twins(const std::string& library) {
  const auto [it, fresh] = twins_.try_emplace(library);
  if (!fresh || absl::EndsWith(library, ".a")) return it->second;
  for (const char* suffix : {"_static", "-static", "_a", "_s"}) {
    std::string path = absl::StrCat(support::DirectoryName(library), "/lib", LibraryName(library), suffix, ".a");
    if (support::IsRegularFile(path)) it->second.push_back(std::move(path));
  }
  return it->second;
}

// PostgreSQL's libpq.pc names -lpgcommon, which Debian has in /usr/lib/postgresql/15/lib.
const std::vector<std::string>& Candidates::FindHidden(const std::string& name, const std::string& archive) {
  const auto [it, fresh] = hidden_.try_emplace(name);
  if (!fresh) return it->second;
  std::string root = support::DirectoryName(archive);
  if (absl::StrContains(support::BaseName(root), "-linux-")) root = support::DirectoryName(root);
  it->second = search::FindBelow(root, absl::StrCat("lib", name, ".a"), /*depth=*/4);
  return it->second;
}

const std::vector<std::string>& Candidates::Undecided(const std::string& archive) {
  PkgConfig(archive, For::kArchive);
  return undecided_[archive];
}

const std::vector<std::string>& Candidates::Absent(const std::string& archive) {
  PkgConfig(archive, For::kArchive);
  return absent_[archive];
}

const std::vector<std::string>& Candidates::PkgConfig(const std::string& archive, For whom) {
  const auto [it, fresh] = pkg_config_.try_emplace({archive, whom});
  if (!fresh) return it->second;
  if (!packages_) packages_.emplace(search::PkgConfigDirectories(plan_.user_dirs, toolchain_.line.library_dirs));
  std::vector<std::string> queue = packages_->SpeakingFor(archive);
  std::set<std::string> seen(queue.begin(), queue.end());
  for (size_t i = 0; i < queue.size(); ++i) {
    const symbols::PkgConfigFile* file = packages_->Find(queue[i]);
    if (file == nullptr) continue;
    // Its own directories count for its own words: what it requires may be in another prefix.
    std::vector<std::string> directories;
    for (const auto* words : {&file->libs, &file->libs_private}) {
      for (const std::string& word : *words) {
        if (absl::StartsWith(word, "-L/")) search::AddOnce(word.substr(2), &directories);
      }
    }
    for (const auto* words : {&file->libs, &file->libs_private}) {
      if (whom == For::kProgram && words == &file->libs_private) continue;
      for (const std::string& word : *words) {
        if (absl::StartsWith(word, "-l")) {
          const std::string name = word.substr(2);
          if (const auto path = FindArchive(name, archive)) {
            search::AddOnce(*path, &it->second);
          } else if (const auto own = search::FindArchive(directories, name)) {
            search::AddOnce(*own, &it->second);
          } else if (words == &file->libs_private) {
            const std::vector<std::string>& hidden = FindHidden(name, archive);
            if (hidden.empty() && !search::FindShared(plan_.all_dirs, name)) search::AddOnce(name, &absent_[archive]);
            std::vector<std::string>* list = hidden.size() > 1 ? &undecided_[archive] : &it->second;
            for (const std::string& path : hidden) search::AddOnce(path, list);
          }
        } else if (absl::EndsWith(word, ".a") && support::IsRegularFile(word)) {
          search::AddOnce(word, &it->second);
        }
      }
    }
    if (whom == For::kProgram) continue;
    for (const auto* names : {&file->requires_, &file->requires_private}) {
      for (const std::string& name : *names) {
        if (seen.insert(name).second) queue.push_back(name);
      }
    }
  }
  return it->second;
}

const std::vector<std::string>& Candidates::Needed(const std::string& archive, For whom) {
  const auto [it, fresh] = needed_.try_emplace({archive, whom});
  if (!fresh) return it->second;
  std::string shared = archive;
  if (absl::EndsWith(archive, ".a")) shared = absl::StrCat(archive.substr(0, archive.size() - 2), ".so");
  if (!support::IsRegularFile(shared)) return it->second;
  const absl::StatusOr<symbols::InputFile>& file = cache_->Open(shared);
  if (!file.ok()) return it->second;
  std::vector<std::string> names;
  if (file->kind == symbols::FileKind::kLinkerScript) {
    absl::StatusOr<symbols::LinkerScript> script = symbols::ParseLinkerScript(file->script);
    if (!script.ok()) return it->second;
    for (const symbols::ScriptItem& item : script->items) {
      names.push_back(absl::StartsWith(item.name, "-l") ? item.name.substr(2) : LibraryName(item.name));
    }
  } else if (file->object != nullptr && whom == For::kArchive) {
    for (absl::string_view soname : file->object->needed) names.push_back(LibraryName(soname));
  }
  for (const std::string& name : names) {
    if (name.empty()) continue;
    if (auto path = FindArchive(name, archive)) search::AddOnce(*path, &it->second);
  }
  return it->second;
}

const std::vector<std::string>& Candidates::Runtime(bool libcxx) {
  std::optional<std::vector<std::string>>& list = runtime_[libcxx ? 1 : 0];
  if (list) return *list;
  list.emplace();
  for (const toolchain::RuntimeLibrary& library : toolchain::RuntimeLibraries()) {
    if (library.part == toolchain::RuntimePart::kAlways ||
        library.part == (libcxx ? toolchain::RuntimePart::kLibstdcxx : toolchain::RuntimePart::kLibcxx)) {
      continue;
    }
    // Of the compiler's own directories alone: a libm.a in a bundle is not the runtime library.
    if (auto path = toolchain_.FindArchive(library.name)) search::AddOnce(*path, &*list);
  }
  return *list;
}

const std::vector<std::string>& Candidates::Wide() {
  if (!wide_) wide_ = search::ListLibraries(plan_.all_dirs, ".a");
  return *wide_;
}

const std::vector<std::string>& Candidates::WideShared() {
  if (!wide_shared_) wide_shared_ = search::ListLibraries(plan_.all_dirs, ".so");
  return *wide_shared_;
}

}  // namespace cgo_ld_shim::resolve
