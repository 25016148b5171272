// Directories for the files of one job, in TMPDIR, that go with it: at its end, and also when a signal ends this
// process.
//
// Example:
//   absl::StatusOr<TemporaryDirectory> scratch = TemporaryDirectory::Make();
//   if (!scratch.ok()) return scratch.status();
//   RunProcess({"gcc", "-c", "x.c", "-o", absl::StrCat(scratch->path(), "/x.o")});
//
// What SIGKILL leaves, nobody removes.
#ifndef CGO_LD_SHIM_SUPPORT_TEMPORARY_H_
#define CGO_LD_SHIM_SUPPORT_TEMPORARY_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace cgo_ld_shim::support {

// TMPDIR, or /tmp where that is not an absolute path.
std::string TemporaryPlace();

class TemporaryDirectory {
 public:
  // A new, empty directory of mode 0700 in `parent`. kFailedPrecondition names the place and what is wrong with it.
  static absl::StatusOr<TemporaryDirectory> Make(const std::string& parent = TemporaryPlace());

  TemporaryDirectory(TemporaryDirectory&&) = default;
  TemporaryDirectory& operator=(TemporaryDirectory&&) = default;
  const std::string& path() const { return owned_->path; }

 private:
  struct Owned {
    explicit Owned(std::string made);
    ~Owned();
    Owned(const Owned&) = delete;
    Owned& operator=(const Owned&) = delete;
    const std::string path;
    const size_t slot;  // where the signal handler finds it
  };
  explicit TemporaryDirectory(std::unique_ptr<Owned> owned) : owned_(std::move(owned)) {}

  std::unique_ptr<Owned> owned_;
};

// A file that another program makes for us, and may remove before it can make it: what was there is kept under another
// name beside it until Succeed is called. Otherwise, and when a signal ends this process, it gets its
// name back, and half of a new one goes. Where it cannot be renamed, it is the other program's. One at a time.
class OutputInProgress {
 public:
  explicit OutputInProgress(std::string file);
  ~OutputInProgress();
  OutputInProgress(const OutputInProgress&) = delete;
  OutputInProgress& operator=(const OutputInProgress&) = delete;
  void Succeed() { succeeded_ = true; }

 private:
  const std::string file_;
  std::string kept_;  // empty: nothing was there
  bool succeeded_ = false;
};

// Removes `path` with all that is below it, and follows no links. Async-signal-safe.
void RemoveTree(const char* path);

// For signal handlers and for those who end by a signal: removes the above, once. Async-signal-safe.
void RemoveTemporaries();

}  // namespace cgo_ld_shim::support

#endif  // CGO_LD_SHIM_SUPPORT_TEMPORARY_H_
