#include "doctor/package_libraries.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <map>
#include <optional>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "packages/contents.h"
#include "packages/owner.h"
#include "support/file.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::doctor {
namespace {

// What a C library and a compiler bring along; they are checked as a whole, not package by package.
bool IsRuntime(absl::string_view name) {
  static constexpr absl::string_view kNames[] = {"c",      "m",      "mvec",   "pthread", "dl",     "rt",
                                                 "util",   "anl",    "resolv", "gcc",     "gcc_eh", "gcc_s",
                                                 "stdc++", "supc++", "atomic", "c++",     "c++abi", "unwind"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames) ||
         absl::StartsWith(name, "ld-linux");
}

std::string DirectoryOf(const std::string& path) { return path.substr(0, path.rfind('/')); }
std::string BaseName(absl::string_view path) { return std::string(path.substr(path.rfind('/') + 1)); }

// "z" for "libz.a", "libz.so.1"; empty for a name of another form.
std::string LibraryName(absl::string_view path) {
  absl::string_view name = path.substr(path.rfind('/') + 1);
  if (!absl::ConsumePrefix(&name, "lib")) return "";
  if (absl::ConsumeSuffix(&name, ".a")) return std::string(name);
  const size_t so = name.find(".so");
  return so == absl::string_view::npos ? "" : std::string(name.substr(0, so));
}

std::vector<std::string> Directories(const char* variable) {
  const char* value = std::getenv(variable);
  if (value == nullptr) return {};
  return absl::StrSplit(absl::string_view(value), ':', absl::SkipEmpty());
}

std::string HowToInstall(const packages::File& file) {
  return packages::InstallText(file, packages::WhoBrings({file})[0]);
}

class Checker {
 public:
  Checker(const SearchPlace& place, std::vector<std::string> user_directories)
      : place_(place), directories_(std::move(user_directories)) {
    directories_.insert(directories_.end(), place.directories.begin(), place.directories.end());
  }

  PackageLibraries Check(const CgoPackage& package) {
    PackageLibraries result{.package = package, .libraries = {}};
    seen_.clear();
    for (const std::string& name : package.pkg_config) AddPkgConfig(name, &result.libraries);
    AddWords(package.ld_flags, "", &result.libraries);
    // By index: what a library needs is added while the list is walked.
    for (size_t i = 0; i < result.libraries.size(); ++i) {
      const std::string path = result.libraries[i].path;
      if (absl::EndsWith(path, ".a")) AddNeeded(path, &result.libraries);
    }
    return result;
  }

 private:
  // `named`: what stands before each word's own name; empty: the word itself.
  void AddWords(const std::vector<std::string>& words, const std::string& named, std::vector<LibraryState>* out) {
    for (size_t i = 0; i < words.size(); ++i) {
      absl::string_view word = words[i];
      if (word == "-framework" || word == "-L") {
        ++i;
      } else if (absl::ConsumePrefix(&word, "-l")) {
        if (word.empty() && i + 1 < words.size()) word = words[++i];
        AddLibrary(std::string(word), named.empty() ? absl::StrCat("-l", word) : named, out);
      } else if (absl::EndsWith(word, ".a") && !absl::StartsWith(word, "-")) {
        if (!seen_.insert(std::string(word)).second) continue;
        LibraryState state{.label = BaseName(word), .named = named.empty() ? std::string(word) : named};
        if (support::IsRegularFile(std::string(word))) {
          state.path = std::string(word);
        } else {
          state.install = absl::StrCat("there is no file ", word, ": the package's own build has to make it");
        }
        out->push_back(std::move(state));
      }
    }
  }

  void AddLibrary(const std::string& name, const std::string& named, std::vector<LibraryState>* out) {
    if (!seen_.insert(name).second) return;
    LibraryState state = Find(name, "");
    if (IsRuntime(name) && (place_.zig || state.found())) return;
    state.named = named;
    out->push_back(std::move(state));
  }

  void AddPkgConfig(const std::string& name, std::vector<LibraryState>* out) {
    const std::map<std::string, symbols::PkgConfigFile>& packages = Packages();
    std::vector<std::string> queue = {name};
    std::set<std::string> queued = {name};
    for (size_t i = 0; i < queue.size(); ++i) {
      const auto found = packages.find(queue[i]);
      if (found == packages.end()) {
        LibraryState missing{.label = absl::StrCat(queue[i], ".pc"),
                             .named = i == 0 ? absl::StrCat("pkg-config ", name) : "",
                             .needed_by = i == 0 ? "" : absl::StrCat(name, ".pc")};
        missing.install = HowToInstall({packages::FileKind::kPkgConfig, queue[i]});
        if (seen_.insert(missing.label).second) out->push_back(std::move(missing));
        continue;
      }
      AddWords(found->second.libs, absl::StrCat("pkg-config ", name), out);
      for (const std::string& required : found->second.requires_) {
        if (queued.insert(required).second) queue.push_back(required);
      }
    }
  }

  // What the pkg-config files of the library of `archive`, and the shared library beside it, say that it needs.
  void AddNeeded(const std::string& archive, std::vector<LibraryState>* out) {
    const auto add = [&](const std::string& name, bool certain) {
      if (name.empty() || IsRuntime(name) || seen_.contains(name)) return;
      LibraryState state = Find(name, archive);
      if (!state.found() && !Wants(archive, name, certain)) return;
      seen_.insert(name);
      state.needed_by = BaseName(archive);
      out->push_back(std::move(state));
    };
    for (const std::string& name : PrivateLibraries(archive)) add(name, false);
    for (const std::string& name : SharedNeeds(archive)) add(name, true);
  }

  std::vector<std::string> PrivateLibraries(const std::string& archive) {
    const std::map<std::string, symbols::PkgConfigFile>& packages = Packages();
    const std::string flag = absl::StrCat("-l", LibraryName(archive));
    std::vector<std::string> queue, names;
    for (const auto& [key, file] : packages) {
      const std::vector<std::string> own = symbols::OwnWords(file);
      if (std::find(own.begin(), own.end(), flag) != own.end()) queue.push_back(key);
    }
    std::set<std::string> queued(queue.begin(), queue.end());
    for (size_t i = 0; i < queue.size(); ++i) {
      const auto found = packages.find(queue[i]);
      if (found == packages.end()) continue;
      for (const auto* words : {&found->second.libs, &found->second.libs_private}) {
        for (absl::string_view word : *words) {
          if (absl::ConsumePrefix(&word, "-l")) names.emplace_back(word);
        }
      }
      for (const auto* required : {&found->second.requires_, &found->second.requires_private}) {
        for (const std::string& name : *required) {
          if (queued.insert(name).second) queue.push_back(name);
        }
      }
    }
    return names;
  }

  static std::vector<std::string> SharedNeeds(const std::string& archive) {
    std::vector<std::string> names;
    const std::string shared = absl::StrCat(archive.substr(0, archive.size() - 2), ".so");
    const absl::StatusOr<symbols::InputFile> file = symbols::OpenInput(shared);
    if (!file.ok() || file->kind != symbols::FileKind::kShared || file->object == nullptr) return names;
    for (absl::string_view needed : file->object->needed) names.push_back(LibraryName(needed));
    return names;
  }

  // Whether any member of the archive refers to what the shared library `name` offers. A library may be in a list for
  // another of its users; one that is not even there as a shared library tells nothing: then it is `unknown`.
  bool Wants(const std::string& archive, const std::string& name, bool unknown) {
    const std::string shared = FindShared(name, /*versioned=*/true);
    if (shared.empty()) return unknown;
    const absl::StatusOr<symbols::InputFile> library = symbols::OpenInput(shared);
    const absl::StatusOr<symbols::InputFile> file = symbols::OpenInput(archive);
    if (!library.ok() || library->object == nullptr || !file.ok() || file->archive == nullptr) return unknown;
    std::set<absl::string_view> offered;
    for (const symbols::Definition& definition : library->object->definitions) offered.insert(definition.name);
    for (size_t i = 0; i < file->archive->member_count(); ++i) {
      const absl::StatusOr<const symbols::Object*> object = file->archive->Load(static_cast<uint32_t>(i));
      if (!object.ok()) continue;
      for (const symbols::Reference& reference : (*object)->references) {
        if (!reference.weak && offered.contains(reference.name)) return true;
      }
    }
    return false;
  }

  LibraryState Find(const std::string& name, const std::string& beside) {
    LibraryState state;
    const bool by_file = absl::StartsWith(name, ":");  // -l:libz.a
    state.label = by_file ? name.substr(1) : absl::StrCat("lib", name, ".a");
    std::vector<std::string> directories = directories_;
    if (!beside.empty()) directories.insert(directories.begin(), DirectoryOf(beside));
    for (const std::string& directory : directories) {
      std::string path = absl::StrCat(directory, "/", state.label);
      if (!support::IsRegularFile(path)) continue;
      state.path = std::move(path);
      return state;
    }
    const std::string library = by_file ? LibraryName(state.label) : name;
    state.shared = FindShared(library, /*versioned=*/false);
    if (state.shared.empty()) {
      state.install = place_.zig ? absl::StrCat("build lib", library,
                                                ".a for the target, and name its directory in "
                                                "CGO_LDFLAGS with -L")
                                 : HowToInstall({packages::FileKind::kArchive, library});
    } else {
      const std::string owner = packages::OwnerOf(state.shared);
      state.install = absl::StrCat("only ", BaseName(state.shared), " is here",
                                   owner.empty() ? "" : absl::StrCat(" (package ", owner, " has no .a)"),
                                   ": CGO_LD_SHIM_STATIC=prefer, or build ", state.label);
    }
    return state;
  }

  // `versioned`: libz.so.1 will do, which is there without any development package.
  std::string FindShared(const std::string& name, bool versioned) {
    const std::string file = absl::StrCat("lib", name, ".so");
    for (const std::string& directory : directories_) {
      std::string path = absl::StrCat(directory, "/", file);
      if (support::IsRegularFile(path)) return path;
    }
    if (!versioned) return "";
    const std::string prefix = absl::StrCat(file, ".");
    for (const std::string& directory : directories_) {
      const auto [names, fresh] = listings_.try_emplace(directory);
      if (fresh) names->second = support::ListDirectory(directory);
      const auto at = std::lower_bound(names->second.begin(), names->second.end(), prefix);
      if (at != names->second.end() && absl::StartsWith(*at, prefix)) return absl::StrCat(directory, "/", *at);
    }
    return "";
  }

  const std::map<std::string, symbols::PkgConfigFile>& Packages() {
    if (packages_) return *packages_;
    packages_.emplace();
    for (const std::string& directory : place_.pkg_config_directories) {
      for (const std::string& file : support::ListDirectory(directory)) {
        absl::string_view key = file;
        if (!absl::ConsumeSuffix(&key, ".pc") || packages_->contains(std::string(key))) continue;
        const std::string path = absl::StrCat(directory, "/", file);
        const absl::StatusOr<std::string> text = support::ReadFile(path);
        if (!text.ok()) continue;
        absl::StatusOr<symbols::PkgConfigFile> parsed = symbols::ParsePkgConfig(*text, path);
        if (parsed.ok()) packages_->emplace(std::string(key), *std::move(parsed));
      }
    }
    return *packages_;
  }

  const SearchPlace& place_;
  std::vector<std::string> directories_;
  std::set<std::string> seen_;  // library names of the package at hand
  std::optional<std::map<std::string, symbols::PkgConfigFile>> packages_;
  std::map<std::string, std::vector<std::string>> listings_;
};

void AddDirectories(const std::vector<std::string>& words, std::vector<std::string>* directories) {
  for (size_t i = 0; i < words.size(); ++i) {
    absl::string_view word = words[i];
    if (!absl::ConsumePrefix(&word, "-L")) continue;
    if (word.empty() && i + 1 < words.size()) word = words[++i];
    if (std::find(directories->begin(), directories->end(), word) == directories->end())
      directories->emplace_back(word);
  }
}

}  // namespace

SearchPlace PlaceFor(const Machine& machine, bool zig) {
  SearchPlace place;
  place.zig = zig;
  place.pkg_config_directories = Directories("PKG_CONFIG_PATH");
  std::vector<std::string> library_directories;
  if (machine.toolchain.ok()) library_directories = machine.toolchain->line.library_dirs;
  if (std::getenv("PKG_CONFIG_LIBDIR") != nullptr) {
    for (std::string& directory : Directories("PKG_CONFIG_LIBDIR"))
      place.pkg_config_directories.push_back(std::move(directory));
  } else {
    for (const std::string& directory : library_directories)
      place.pkg_config_directories.push_back(absl::StrCat(directory, "/pkgconfig"));
    for (const char* directory :
         {"/usr/local/lib/pkgconfig", "/usr/local/share/pkgconfig", "/usr/lib/pkgconfig", "/usr/share/pkgconfig"})
      place.pkg_config_directories.emplace_back(directory);
  }
  if (!zig) place.directories = std::move(library_directories);
  return place;
}

std::vector<PackageLibraries> CheckLibraries(const SearchPlace& place, const std::vector<CgoPackage>& packages,
                                             absl::string_view cgo_ld_flags) {
  // The linker searches every -L directory for every -l, whichever package said it.
  std::vector<std::string> user;
  AddDirectories(absl::StrSplit(cgo_ld_flags, ' ', absl::SkipEmpty()), &user);
  for (const CgoPackage& package : packages) AddDirectories(package.ld_flags, &user);
  Checker checker(place, std::move(user));
  std::vector<PackageLibraries> checked;
  for (const CgoPackage& package : packages) checked.push_back(checker.Check(package));
  return checked;
}

}  // namespace cgo_ld_shim::doctor
