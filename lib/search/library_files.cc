#include "search/library_files.h"

#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "support/file.h"

namespace cgo_ld_shim::search {

std::string LibraryName(absl::string_view path) {
  const llvm::StringRef file = llvm::sys::path::filename(llvm::StringRef(path.data(), path.size()));
  absl::string_view name(file.data(), file.size());
  if (!absl::ConsumePrefix(&name, "lib")) return "";
  if (absl::ConsumeSuffix(&name, ".a")) return std::string(name);
  const size_t so = name.find(".so");
  return so == absl::string_view::npos ? "" : std::string(name.substr(0, so));
}

std::optional<std::string> FindFile(const std::vector<std::string>& directories, absl::string_view file) {
  for (const std::string& directory : directories) {
    std::string path = absl::StrCat(directory, "/", file);
    if (support::MayBeRegularFile(path)) return path;
  }
  return std::nullopt;
}

std::optional<std::string> FindArchive(const std::vector<std::string>& directories, absl::string_view name) {
  return FindFile(directories, absl::StrCat("lib", name, ".a"));
}

std::optional<std::string> FindShared(const std::vector<std::string>& directories, absl::string_view name) {
  return FindFile(directories, absl::StrCat("lib", name, ".so"));
}

std::vector<std::string> FindBelow(const std::string& directory, absl::string_view file, int depth) {
  std::vector<std::string> found;
  std::error_code error;
  for (llvm::sys::fs::recursive_directory_iterator it(directory, error, /*follow_symlinks=*/false), end;
       it != end && !error; it.increment(error)) {
    const llvm::StringRef name = llvm::sys::path::filename(it->path());
    if (it->type() == llvm::sys::fs::file_type::directory_file) {
      if (it.level() + 1 >= depth) it.no_push();
    } else if (absl::string_view(name.data(), name.size()) == file && support::IsRegularFile(it->path())) {
      found.push_back(it->path());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::string> ListLibraries(const std::vector<std::string>& directories, absl::string_view ending) {
  std::vector<std::string> files;
  std::set<std::string> seen;  // real directories: /lib is often a link to /usr/lib
  for (const std::string& directory : directories) {
    if (!seen.insert(support::RealPath(directory)).second) continue;
    for (const std::string& name : support::ListDirectory(directory)) {
      if (absl::StartsWith(name, "lib") && absl::EndsWith(name, ending))
        files.push_back(absl::StrCat(directory, "/", name));
    }
  }
  return files;
}

void AddOnce(const std::string& value, std::vector<std::string>* list) {
  if (std::find(list->begin(), list->end(), value) == list->end()) list->push_back(value);
}

}  // namespace cgo_ld_shim::search
