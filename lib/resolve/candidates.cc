#include "resolve/candidates.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "support/file.h"

namespace cgo_ld_shim::resolve {
namespace {

absl::string_view Directory(absl::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == absl::string_view::npos ? "." : path.substr(0, slash);
}

void AddOnce(const std::string& value, std::vector<std::string>* list) {
  if (std::find(list->begin(), list->end(), value) == list->end()) list->push_back(value);
}

std::vector<std::string> FilesEndingIn(const std::vector<std::string>& dirs, absl::string_view ending) {
  std::vector<std::string> files;
  std::set<std::string> seen;  // real directories: /lib is often a link to /usr/lib
  for (const std::string& dir : dirs) {
    if (!seen.insert(support::RealPath(dir)).second) continue;
    for (const std::string& name : support::ListDirectory(dir)) {
      if (absl::StartsWith(name, "lib") && absl::EndsWith(name, ending)) files.push_back(absl::StrCat(dir, "/", name));
    }
  }
  return files;
}

}  // namespace

std::string LibraryName(absl::string_view path) {
  const size_t slash = path.rfind('/');
  absl::string_view name = slash == absl::string_view::npos ? path : path.substr(slash + 1);
  if (!absl::ConsumePrefix(&name, "lib")) return "";
  if (absl::ConsumeSuffix(&name, ".a")) return std::string(name);
  const size_t so = name.find(".so");
  if (so == absl::string_view::npos) return "";
  return std::string(name.substr(0, so));
}

bool Candidates::IsSystem(const std::string& path) const {
  const std::string dir = support::RealPath(std::string(Directory(path)));
  for (const std::string& system : toolchain_.line.library_dirs) {
    if (support::RealPath(system) == dir) return true;
  }
  return false;
}

std::optional<std::string> Candidates::FindArchive(absl::string_view name, absl::string_view beside) const {
  const std::string file = absl::StrCat("lib", name, ".a");
  if (!beside.empty()) {
    std::string path = absl::StrCat(Directory(beside), "/", file);
    if (support::IsRegularFile(path)) return path;
  }
  for (const std::string& dir : plan_.all_dirs) {
    std::string path = absl::StrCat(dir, "/", file);
    if (support::IsRegularFile(path)) return path;
  }
  return std::nullopt;
}

const std::vector<std::string>& Candidates::Siblings(const std::string& archive) {
  const auto [it, fresh] = siblings_.try_emplace(std::string(Directory(archive)));
  if (fresh && !IsSystem(archive)) it->second = FilesEndingIn({it->first}, ".a");
  return it->second;
}

const std::vector<std::string>& Candidates::Twins(const std::string& library) {
  const auto [it, fresh] = twins_.try_emplace(library);
  if (!fresh || absl::EndsWith(library, ".a")) return it->second;
  for (const char* suffix : {"_static", "-static", "_a", "_s"}) {
    std::string path = absl::StrCat(Directory(library), "/lib", LibraryName(library), suffix, ".a");
    if (support::IsRegularFile(path)) it->second.push_back(std::move(path));
  }
  return it->second;
}

void Candidates::LoadPackages() {
  if (packages_) return;
  packages_.emplace();
  std::vector<std::string> dirs;
  const auto add_list = [&](const char* variable) {
    const char* value = std::getenv(variable);
    if (value == nullptr) return false;
    for (absl::string_view dir : absl::StrSplit(value, ':', absl::SkipEmpty())) AddOnce(std::string(dir), &dirs);
    return true;
  };
  add_list("PKG_CONFIG_PATH");
  for (const std::string& dir : plan_.user_dirs) AddOnce(absl::StrCat(dir, "/pkgconfig"), &dirs);
  if (!add_list("PKG_CONFIG_LIBDIR")) {
    for (const std::string& dir : toolchain_.line.library_dirs) AddOnce(absl::StrCat(dir, "/pkgconfig"), &dirs);
    AddOnce("/usr/local/lib/pkgconfig", &dirs);
    AddOnce("/usr/local/share/pkgconfig", &dirs);
    AddOnce("/usr/share/pkgconfig", &dirs);
  }
  for (const std::string& dir : dirs) {
    for (const std::string& name : support::ListDirectory(dir)) {
      absl::string_view key = name;
      if (!absl::ConsumeSuffix(&key, ".pc") || packages_->contains(std::string(key))) continue;
      const std::string path = absl::StrCat(dir, "/", name);
      absl::StatusOr<std::string> text = support::ReadFile(path);
      if (!text.ok()) continue;
      // A file that pkg-config would refuse is no evidence, and no error of this link.
      absl::StatusOr<symbols::PkgConfigFile> file = symbols::ParsePkgConfig(*text, path);
      if (file.ok()) packages_->emplace(std::string(key), *std::move(file));
    }
  }
}

const std::vector<std::string>& Candidates::PkgConfig(const std::string& archive, For whom) {
  const auto [it, fresh] = pkg_config_.try_emplace({archive, whom});
  if (!fresh) return it->second;
  LoadPackages();
  const std::string flag = absl::StrCat("-l", LibraryName(archive));
  std::vector<std::string> queue;
  for (const auto& [key, file] : *packages_) {
    const std::vector<std::string> own = symbols::OwnWords(file);
    if (std::find(own.begin(), own.end(), flag) != own.end() ||
        std::find(own.begin(), own.end(), archive) != own.end()) {
      queue.push_back(key);
    }
  }
  std::set<std::string> seen(queue.begin(), queue.end());
  for (size_t i = 0; i < queue.size(); ++i) {
    const auto found = packages_->find(queue[i]);
    if (found == packages_->end()) continue;
    const symbols::PkgConfigFile& file = found->second;
    for (const auto* words : {&file.libs, &file.libs_private}) {
      if (whom == For::kProgram && words == &file.libs_private) continue;
      for (const std::string& word : *words) {
        if (absl::StartsWith(word, "-l")) {
          if (auto path = FindArchive(absl::string_view(word).substr(2), archive)) AddOnce(*path, &it->second);
        } else if (absl::EndsWith(word, ".a") && support::IsRegularFile(word)) {
          AddOnce(word, &it->second);
        }
      }
    }
    if (whom == For::kProgram) continue;
    for (const auto* names : {&file.requires_, &file.requires_private}) {
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
    if (auto path = FindArchive(name, archive)) AddOnce(*path, &it->second);
  }
  return it->second;
}

const std::vector<std::string>& Candidates::Runtime(bool libcxx) {
  std::optional<std::vector<std::string>>& list = runtime_[libcxx ? 1 : 0];
  if (list) return *list;
  list.emplace();
  // What gcc, clang and libc bring along (the families of docs/runtime-libraries.md). Only these are known by name.
  static constexpr const char* kBoth[] = {"m",        "mvec", "gcc_eh", "atomic",   "pthread", "dl",
                                          "rt",       "util", "anl",    "resolv",   "crypt",   "ssp",
                                          "quadmath", "gomp", "omp",    "gfortran", "ubsan"};
  static constexpr const char* kLibstdcxx[] = {"stdc++", "supc++", "stdc++fs"};
  static constexpr const char* kLibcxx[] = {"c++", "c++abi", "unwind"};
  const auto add = [&](const char* name) {
    // Of the compiler's own directories alone: a libm.a in a bundle is not the runtime library.
    if (auto path = toolchain_.FindArchive(name)) AddOnce(*path, &*list);
  };
  if (libcxx) {
    for (const char* name : kLibcxx) add(name);
  } else {
    for (const char* name : kLibstdcxx) add(name);
  }
  for (const char* name : kBoth) add(name);
  return *list;
}

const std::vector<std::string>& Candidates::Wide() {
  if (!wide_) wide_ = FilesEndingIn(plan_.all_dirs, ".a");
  return *wide_;
}

const std::vector<std::string>& Candidates::WideShared() {
  if (!wide_shared_) wide_shared_ = FilesEndingIn(plan_.all_dirs, ".so");
  return *wide_shared_;
}

}  // namespace cgo_ld_shim::resolve
