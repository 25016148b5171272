// Takes out of a capture's texts and paths what says who made it: home directories and user names.
//
// Example:
//   Privacy privacy(environ);                       // HOME=/home/alice
//   privacy.Clean("-L/home/alice/src/kv/lib");      // "-L/home/user/src/kv/lib"
//   privacy.Clean("/data/alice/libz.a");            // "/data/user/libz.a"
//
// The same text becomes the same text, so that paths still fit one another. "root" and the names that directories have
// anyway (go, lib, src, …) identify nobody and stay.
#ifndef CGO_LD_SHIM_CAPTURE_PRIVACY_H_
#define CGO_LD_SHIM_CAPTURE_PRIVACY_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::capture {

class Privacy {
 public:
  // By HOME, USER, LOGNAME and SUDO_USER, and this user's line of /etc/passwd.
  explicit Privacy(const char* const* envp);

  std::string Clean(absl::string_view text);
  bool replaced() const { return replaced_; }  // anything so far

  // True when a file's content has one of the home directories, as debug information does.
  bool IsIn(absl::string_view content) const;

 private:
  void AddHome(std::string home);
  void AddName(absl::string_view name);

  std::vector<std::string> homes_, names_;  // homes_: the longest first
  bool replaced_ = false;
};

}  // namespace cgo_ld_shim::capture

#endif  // CGO_LD_SHIM_CAPTURE_PRIVACY_H_
