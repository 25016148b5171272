// Where the archives are.
#include <unistd.h>

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "pack/pack.h"
#include "pack/steps.h"
#include "support/file.h"

namespace cgo_ld_shim::pack {
namespace {

// Deeper than any build tool nests what it makes; a link to a directory above ends here as well.
constexpr int kDeepest = 32;

class Search {
 public:
  absl::Status Add(const std::string& path) {
    if (!support::IsDirectory(path)) return AddFile(path);
    const size_t before = found_.size();
    if (absl::Status status = Walk(path, 0); !status.ok()) return status;
    if (found_.size() == before) return absl::NotFoundError(absl::StrCat("no archive (*.a) is in ", path));
    return absl::OkStatus();
  }

  std::vector<std::string> Take() {
    std::sort(found_.begin(), found_.end());
    found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
    return std::move(found_);
  }

 private:
  absl::Status AddFile(const std::string& path) {
    // The reason, in the words of whoever opens it.
    if (const absl::StatusOr<int> file = support::OpenRegularFile(path); file.ok()) {
      ::close(*file);
    } else {
      return file.status();
    }
    found_.push_back(path);
    return absl::OkStatus();
  }

  absl::Status Walk(const std::string& directory, int depth) {
    if (IsLayout(directory) || depth > kDeepest) return absl::OkStatus();
    const std::vector<std::string> names = support::ListDirectory(directory);
    // What cargo keeps for itself lies beside its fingerprints, what it was asked for as well.
    const bool cargo = std::find(names.begin(), names.end(), ".fingerprint") != names.end();
    for (const std::string& name : names) {
      const std::string path = absl::StrCat(directory, absl::EndsWith(directory, "/") ? "" : "/", name);
      if (support::IsDirectory(path)) {
        if (cargo && (name == "deps" || name == "build" || name == "incremental" || name == "examples")) continue;
        if (absl::Status status = Walk(path, depth + 1); !status.ok()) return status;
      } else if (absl::EndsWith(name, ".a") && support::MayBeRegularFile(path)) {
        if (absl::Status status = AddFile(path); !status.ok()) return status;
      }
    }
    return absl::OkStatus();
  }

  std::vector<std::string> found_;
};

}  // namespace

absl::StatusOr<std::vector<std::string>> FindArchives(const std::vector<std::string>& paths) {
  Search search;
  for (const std::string& path : paths) {
    if (absl::Status status = search.Add(path); !status.ok()) return status;
  }
  return search.Take();
}

}  // namespace cgo_ld_shim::pack
