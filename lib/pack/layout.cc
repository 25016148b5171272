// The directory that pack makes: whether it may take another's place, and how it does.
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"
#include "pack/steps.h"
#include "support/file.h"
#include "support/json_depth.h"

namespace cgo_ld_shim::pack {
namespace {

// The files that a layout's manifest names, below the layout; nullopt: pack did not make it.
std::optional<std::set<std::string>> FilesOf(const std::string& directory) {
  const absl::StatusOr<std::string> text = support::ReadFile(absl::StrCat(directory, "/", kManifestName));
  if (!text.ok() || support::IsNestedTooDeep(*text)) return std::nullopt;
  llvm::Expected<llvm::json::Value> json = llvm::json::parse(*text);
  if (!json) {
    llvm::consumeError(json.takeError());
    return std::nullopt;
  }
  const llvm::json::Object* object = json->getAsObject();
  if (object == nullptr || object->getString("made_by") != "cgo-ld-shim pack") return std::nullopt;
  std::set<std::string> files = {kManifestName, kCgoName};
  if (const llvm::json::Array* archives = object->getArray("archives")) {
    for (const llvm::json::Value& archive : *archives) {
      if (archive.getAsObject() == nullptr) continue;
      for (const char* field : {"path", "debug_path"}) {
        if (const auto path = archive.getAsObject()->getString(field)) files.insert(path->str());
      }
    }
  }
  return files;
}

// A file below `directory` that is none of `files`; empty: there is none.
std::string FindOther(const std::string& directory, const std::string& below, const std::set<std::string>& files) {
  for (const std::string& name : support::ListDirectory(directory)) {
    const std::string path = below.empty() ? name : absl::StrCat(below, "/", name);
    struct stat st;
    const std::string full = absl::StrCat(directory, "/", name);
    if (::lstat(full.c_str(), &st) == 0 && S_ISDIR(st.st_mode)) {
      if (std::string other = FindOther(full, path, files); !other.empty()) return other;
    } else if (!files.contains(path)) {
      return path;
    }
  }
  return "";
}

}  // namespace

bool IsLayout(const std::string& directory) { return FilesOf(directory).has_value(); }

absl::Status MayReplace(const std::string& output) {
  struct stat st;
  if (::lstat(output.c_str(), &st) != 0) {
    if (errno == ENOENT) return absl::OkStatus();
    return absl::UnavailableError(absl::StrCat("cannot make ", output, ": ", support::ErrnoText(errno)));
  }
  if (!S_ISDIR(st.st_mode))
    return absl::FailedPreconditionError(absl::StrCat(output, " is there, and no directory; nothing is overwritten"));
  const std::optional<std::set<std::string>> files = FilesOf(output);
  const std::string other = FindOther(output, "", files.value_or(std::set<std::string>()));
  if (other.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      files ? absl::StrCat(output, "/", other, " would be lost: pack makes ", output,
                           " as a whole, and that file is not pack's. Move it elsewhere")
            : absl::StrCat(output,
                           " is there, and pack did not make it; nothing is overwritten. Take another "
                           "directory, or remove it"));
}

absl::Status Publish(const std::string& made, const std::string& output) {
  if (::rename(made.c_str(), output.c_str()) == 0) return absl::OkStatus();  // nothing, or an empty directory
  if (::renameat2(AT_FDCWD, made.c_str(), AT_FDCWD, output.c_str(), RENAME_EXCHANGE) == 0) return absl::OkStatus();
  // A file system that cannot exchange two.
  const std::string old = absl::StrCat(made, ".old");
  if (::rename(output.c_str(), old.c_str()) == 0) {
    if (::rename(made.c_str(), output.c_str()) == 0) return absl::OkStatus();
    const int error = errno;
    ::rename(old.c_str(), output.c_str());
    errno = error;
  }
  return absl::UnavailableError(absl::StrCat("cannot put ", output, " in its place: ", support::ErrnoText(errno)));
}

}  // namespace cgo_ld_shim::pack
