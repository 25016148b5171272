#include "search/pkg_config.h"

#include <algorithm>
#include <cstdlib>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "search/library_files.h"
#include "support/file.h"
#include "support/path_parts.h"
#include "toolchain/runtime_libraries.h"

namespace cgo_ld_shim::search {
namespace {

// "xml" for libxml-2.0 and xml2: without "lib", case, separators and version.
std::string Stem(absl::string_view name) {
  absl::ConsumePrefix(&name, "lib");
  std::string stem;
  for (const char c : name) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '+') stem += absl::ascii_tolower(c);
  }
  while (stem.size() > 1 && absl::ascii_isdigit(static_cast<unsigned char>(stem.back()))) stem.pop_back();
  return stem;
}

// "png16" for -lpng16 and /x/libpng16.a; empty: the word names no library.
std::string LibraryOfWord(absl::string_view word) {
  if (absl::ConsumePrefix(&word, "-l")) return std::string(word);
  if (!absl::ConsumeSuffix(&word, ".a") || absl::StartsWith(word, "-")) return "";
  return support::BaseName(word);
}

bool IsOfEveryCompiler(absl::string_view library) {
  const toolchain::RuntimeLibrary* runtime = toolchain::FindRuntimeLibrary(library);
  return runtime != nullptr && runtime->IsCommon();
}

}  // namespace

std::vector<std::string> OwnWords(const symbols::PkgConfigFile& file) {
  const std::string name = Stem(absl::StripSuffix(support::BaseName(file.path), ".pc"));
  // libopencv_core and libopencv_video of opencv4.pc; a shorter name begins many a word.
  constexpr size_t kShortestFamily = 3;
  std::vector<std::string> same, family, first;
  for (const std::string& word : file.libs) {
    const std::string library = LibraryOfWord(word);
    if (library.empty() || IsOfEveryCompiler(library)) continue;
    const std::string stem = Stem(library);
    if (stem == name) same.push_back(word);
    if (std::min(stem.size(), name.size()) >= kShortestFamily &&
        (absl::StartsWith(stem, name) || absl::StartsWith(name, stem)))
      family.push_back(word);
    if (first.empty()) first.push_back(word);
  }
  return !same.empty() ? same : !family.empty() ? family : first;
}

std::vector<std::string> PkgConfigDirectories(const std::vector<std::string>& user_directories,
                                              const std::vector<std::string>& library_directories) {
  std::vector<std::string> directories;
  const auto add_list = [&](const char* variable) {
    const char* value = std::getenv(variable);
    if (value == nullptr) return false;
    for (absl::string_view directory : absl::StrSplit(value, ':', absl::SkipEmpty()))
      AddOnce(std::string(directory), &directories);
    return true;
  };
  add_list("PKG_CONFIG_PATH");
  for (const std::string& directory : user_directories) AddOnce(absl::StrCat(directory, "/pkgconfig"), &directories);
  if (add_list("PKG_CONFIG_LIBDIR")) return directories;
  for (const std::string& directory : library_directories) AddOnce(absl::StrCat(directory, "/pkgconfig"), &directories);
  for (const char* directory : {"/usr/local/lib/pkgconfig", "/usr/local/share/pkgconfig", "/usr/share/pkgconfig"})
    AddOnce(directory, &directories);
  return directories;
}

const std::map<std::string, symbols::PkgConfigFile>& PkgConfigFiles::Files() {
  if (files_) return *files_;
  files_.emplace();
  for (const std::string& directory : directories_) {
    for (const std::string& file : support::ListDirectory(directory)) {
      absl::string_view name = file;
      if (!absl::ConsumeSuffix(&name, ".pc") || files_->contains(std::string(name))) continue;
      const std::string path = absl::StrCat(directory, "/", file);
      const absl::StatusOr<std::string> text = support::ReadFile(path);
      if (!text.ok()) continue;
      absl::StatusOr<symbols::PkgConfigFile> parsed = symbols::ParsePkgConfig(*text, path);
      if (parsed.ok()) files_->emplace(std::string(name), *std::move(parsed));
    }
  }
  return *files_;
}

const symbols::PkgConfigFile* PkgConfigFiles::Find(const std::string& name) {
  const auto found = Files().find(name);
  return found == Files().end() ? nullptr : &found->second;
}

std::vector<std::string> PkgConfigFiles::SpeakingFor(const std::string& archive) {
  const std::string flag = absl::StrCat("-l", LibraryName(archive));
  std::vector<std::string> names;
  for (const auto& [name, file] : Files()) {
    const std::vector<std::string> own = OwnWords(file);
    if (std::find(own.begin(), own.end(), flag) != own.end() ||
        std::find(own.begin(), own.end(), archive) != own.end()) {
      names.push_back(name);
    }
  }
  return names;
}

}  // namespace cgo_ld_shim::search
