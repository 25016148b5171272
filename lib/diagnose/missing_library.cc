#include "diagnose/missing_library.h"

#include <algorithm>
#include <optional>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Path.h"
#include "search/library_files.h"
#include "support/file.h"
#include "support/path_parts.h"
#include "target/target.h"

namespace cgo_ld_shim::diagnose {
namespace {

constexpr absl::string_view kModules = "/pkg/mod/";

std::string Tidy(const std::string& path) {
  llvm::SmallString<256> tidy(path);
  llvm::sys::path::remove_dots(tidy, /*remove_dot_dot=*/true);
  return tidy.str().str();
}

bool HasLibraries(const std::string& directory) {
  const std::vector<std::string> names = support::ListDirectory(directory);
  return std::any_of(names.begin(), names.end(), [](const std::string& name) {
    return absl::StartsWith(name, "lib") && (absl::EndsWith(name, ".a") || absl::StrContains(name, ".so"));
  });
}

// Flags that serve many machines name /opt/x/lib and /opt/x/lib64, of which each machine has one.
bool HasServingNeighbour(const std::string& directory, const std::vector<std::string>& named) {
  const std::string parent = support::DirectoryName(Tidy(directory));
  return std::any_of(named.begin(), named.end(), [&](const std::string& other) {
    return support::DirectoryName(Tidy(other)) == parent && HasLibraries(other);
  });
}

constexpr absl::string_view kGetting[] = {"setup", "install", "download", "fetch"};
// A command of the module whose name says that it gets something: "cmd/slim-setup". Empty: there is none.
std::string SetupCommand(const std::string& module_directory) {
  for (const char* below : {"/cmd", ""}) {
    for (const std::string& name : support::ListDirectory(absl::StrCat(module_directory, below))) {
      if (std::none_of(std::begin(kGetting), std::end(kGetting),
                       [&](absl::string_view word) { return absl::StrContains(name, word); }))
        continue;
      const std::vector<std::string> files = support::ListDirectory(absl::StrCat(module_directory, below, "/", name));
      if (std::any_of(files.begin(), files.end(), [](const std::string& file) { return absl::EndsWith(file, ".go"); }))
        return std::string(absl::StripPrefix(absl::StrCat(below, "/", name), "/"));
    }
  }
  return "";
}

// The library whose name is a typo away; empty: none.
std::string Nearest(const std::string& name, const std::vector<std::string>& directories) {
  const unsigned limit = name.size() < 4 ? 0 : name.size() < 8 ? 1 : 2;
  unsigned best = limit + 1;
  std::string nearest;
  for (const char* ending : {".a", ".so"}) {
    for (const std::string& path : search::ListLibraries(directories, ending)) {
      const std::string other = search::LibraryName(path);
      const unsigned distance =
          llvm::StringRef(other).edit_distance(llvm::StringRef(name), /*AllowReplacements=*/true, limit);
      if (distance >= best) continue;
      best = distance;
      nearest = other;
    }
  }
  return nearest;
}

bool IsFileName(absl::string_view name) {
  return absl::EndsWith(name, ".a") || absl::EndsWith(name, ".so") || absl::StrContains(name, ".so.");
}

std::string InDirectories(const LibraryPlaces& places) {
  return absl::StrCat(" in ", places.searched.size(), places.searched.size() == 1 ? " directory" : " directories");
}

// A -l that is written wrongly; empty: it is not.
std::string MisspeltOption(const std::string& name, const std::string& meant, const LibraryPlaces& places) {
  if (absl::StrContains(name, "/")) {
    return support::IsRegularFile(name) ? absl::StrCat("-l takes a name, and this is a path: leave -l out, ", name)
                                        : absl::StrCat("-l takes a name, and this is a path; there is no file ", name);
  }
  if (meant == name) return "";
  const bool there = search::FindArchive(places.searched, meant) || search::FindShared(places.searched, meant);
  const std::string right = absl::StrCat("-l", meant, there ? "" : ", which is not there, either");
  if (name[0] == ':' && IsFileName(name)) {
    return there ? absl::StrCat("no ", name.substr(1), InDirectories(places),
                                "; another file of this library is there: -l", meant)
                 : "";
  }
  if (name[0] == ':') return absl::StrCat("-l:FILE takes the whole name of a file: -l:lib", meant, ".a, or ", right);
  return absl::StrCat("-l takes a name without lib and .a: ", right);
}

// This machine's own archive of the library, for its own compiler; empty: there is none.
std::string HostArchive(const std::string& name) {
  std::vector<std::string> directories;
  for (const char* base : {"/usr/lib", "/usr/lib64", "/usr/local/lib"}) {
    directories.emplace_back(base);
    for (const std::string& below : support::ListDirectory(base)) {
      if (absl::StrContains(below, "-linux-")) directories.push_back(absl::StrCat(base, "/", below));
    }
  }
  return search::FindArchive(directories, name).value_or("");
}

}  // namespace

std::string ModuleOfPath(const std::string& path) {
  const size_t at = absl::string_view(path).find(kModules);
  if (at == std::string::npos) return "";
  const size_t begin = at + kModules.size();
  const size_t version = path.find("@v", begin);
  if (version == std::string::npos) return "";
  const std::string module = path.substr(begin, path.find('/', version) - begin);
  // Go writes capital letters as "!c" (golang.org/x/mod/module.EscapePath).
  std::string name;
  for (size_t i = 0; i < module.size(); ++i) {
    const bool escaped = module[i] == '!' && i + 1 < module.size();
    name += escaped ? absl::ascii_toupper(static_cast<unsigned char>(module[++i])) : module[i];
  }
  return name;
}

std::string MeantLibrary(const std::string& name) {
  const std::string file_name = support::BaseName(name);
  absl::string_view meant = file_name;
  absl::ConsumePrefix(&meant, ":");
  const bool file = IsFileName(meant);
  if (!file && name[0] != ':') return name;
  if (file && !absl::ConsumeSuffix(&meant, ".a") && !absl::ConsumeSuffix(&meant, ".so"))
    meant = meant.substr(0, meant.find(".so."));
  return std::string(absl::StripPrefix(meant, "lib"));
}

LibraryPlaces PlacesOf(const std::vector<std::string>& directories, const std::vector<std::string>& searched,
                       const toolchain::Toolchain& toolchain, bool compat) {
  const bool host = toolchain.machine.arch.empty() || toolchain.machine.arch == target::HostArch();
  const bool musl = toolchain.libc.IsMusl();
  const target::Architecture* arch = host ? nullptr : target::FindArchitecture(toolchain.machine.arch);
  // Packages hold archives for glibc.
  std::optional<std::string> packages;
  if ((host || arch != nullptr) && (!musl || compat)) packages = host ? "" : arch->debian;
  return {.named = directories,
          .searched = searched,
          .for_this_machine = host && !musl,
          .target = absl::StrCat("linux/", toolchain.machine.arch, toolchain.libc ? " with " : "",
                                 toolchain.libc ? target::FamilyName(toolchain.libc.family) : ""),
          .packages = std::move(packages)};
}

MissingLibrary ExplainMissingLibrary(const std::string& name, const packages::Bringers& bringers,
                                     const LibraryPlaces& places) {
  const std::string meant = MeantLibrary(name);
  if (std::string wrong = MisspeltOption(name, meant, places); !wrong.empty()) return {std::move(wrong)};

  MissingLibrary why;
  for (const std::string& directory : places.named) {
    if (HasLibraries(directory) || HasServingNeighbour(directory, places.named)) continue;
    const std::string module = ModuleOfPath(directory);
    const std::string tidy = Tidy(directory);
    why.hint = absl::StrCat("-L names ", tidy, ", which ",
                            support::IsDirectory(directory) ? "has no library in it" : "does not exist",
                            module.empty() ? "" : absl::StrCat("; the flag is from ", module));
    if (module.empty()) break;
    const size_t end = directory.find('/', directory.find("@v"));
    const std::string command = SetupCommand(directory.substr(0, end));
    if (command.empty()) break;
    absl::StrAppend(&why.hint, ", which installs the library with a command of its own");
    const size_t version = module.rfind('@');
    why.ways_out.push_back({absl::StrCat("go run ", module.substr(0, version), "/", command, module.substr(version)),
                            "not tried: it downloads"});
    break;
  }
  if (!why.hint.empty()) {
    if (!bringers.packages.empty())
      absl::StrAppend(&why.hint, "; or ", packages::InstallText({packages::FileKind::kArchive, meant}, bringers));
    return why;
  }
  why.searched = absl::StrCat(
      name[0] == ':' ? absl::StrCat("no ", name.substr(1)) : absl::StrCat("no lib", name, ".a and no lib", name, ".so"),
      InDirectories(places));
  if (!places.for_this_machine) {
    const std::string own = HostArchive(meant);
    absl::StrAppend(&why.searched, " for ", places.target);
    if (!own.empty()) why.hint = absl::StrCat(own, " is for this machine's own C library");
    if (!bringers.packages.empty()) {
      absl::StrAppend(&why.hint, own.empty() ? "" : "; ",
                      packages::InstallText({packages::FileKind::kArchive, meant}, bringers));
    }
    why.ways_out.push_back({absl::StrCat("build lib", meant, ".a for ", places.target,
                                         ", and name its directory with -L in CGO_LDFLAGS")});
    return why;
  }
  if (bringers.packages.empty()) {
    if (const std::string near = Nearest(meant, places.searched); !near.empty()) {
      why.hint = absl::StrCat("did you mean -l", near, "?");
      return why;
    }
  }
  why.hint = packages::InstallText({packages::FileKind::kArchive, meant}, bringers);
  why.unknown = bringers.packages.empty();
  return why;
}

std::string MissingLibrary::Text() const {
  return absl::StrCat(searched, searched.empty() || hint.empty() ? "" : ": ", hint);
}

}  // namespace cgo_ld_shim::diagnose
