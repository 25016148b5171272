// Library files by their names: lib<name>.a and lib<name>.so in a list of directories, in the order in which a linker
// looks.
//
// Example:
//   LibraryName("/usr/lib/x86_64-linux-gnu/libz.so.1")   // "z"
//   FindArchive({"/opt/lib", "/usr/lib"}, "z")           // "/opt/lib/libz.a"
#ifndef CGO_LD_SHIM_SEARCH_LIBRARY_FILES_H_
#define CGO_LD_SHIM_SEARCH_LIBRARY_FILES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::search {

// "z" for "/usr/lib/libz.a" and "libz.so.1"; empty for a name of another form.
std::string LibraryName(absl::string_view path);

// The first regular file of that name in `directories`; nullopt: none.
std::optional<std::string> FindFile(const std::vector<std::string>& directories, absl::string_view file);
// lib<name>.a, and lib<name>.so.
std::optional<std::string> FindArchive(const std::vector<std::string>& directories, absl::string_view name);
std::optional<std::string> FindShared(const std::vector<std::string>& directories, absl::string_view name);

// Files of that name below `directory`, at most `depth` directories deep, links not followed; sorted.
std::vector<std::string> FindBelow(const std::string& directory, absl::string_view file, int depth);

// Every lib*<ending> there, directory by directory, sorted in each; a directory that is there twice, by way of a link,
// counts once.
std::vector<std::string> ListLibraries(const std::vector<std::string>& directories, absl::string_view ending);

// Adds what is not there yet.
void AddOnce(const std::string& value, std::vector<std::string>* list);

}  // namespace cgo_ld_shim::search

#endif  // CGO_LD_SHIM_SEARCH_LIBRARY_FILES_H_
