#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "backend/backend.h"
#include "support/file.h"
#include "support/process.h"
#include "support/temporary.h"

namespace cgo_ld_shim::backend {
namespace {

// Arguments of one process may not exceed what the kernel takes (E2BIG); long lines go through a response file, as Go's
// do.
constexpr size_t kLongLine = 100000;

}  // namespace

Outcome LinkThroughDriver(const std::vector<std::string>& driver, const std::vector<std::string>& words) {
  std::vector<std::string> argv = driver;
  argv.insert(argv.end(), words.begin(), words.end());
  size_t length = 0;
  for (const std::string& word : argv) length += word.size() + 1;
  absl::StatusOr<support::TemporaryDirectory> scratch = absl::UnknownError("");
  if (length > kLongLine) {
    std::string text;
    for (const std::string& word : words) {
      absl::StrAppend(&text, "\"");
      for (const char c : word) {
        if (c == '"' || c == '\\') text += '\\';
        text += c;
      }
      absl::StrAppend(&text, "\"\n");
    }
    scratch = support::TemporaryDirectory::Make();
    if (!scratch.ok())
      return {.exit_status = 1, .messages = absl::StrCat("cgo-ld-shim: ", scratch.status().message(), "\n")};
    const std::string response = absl::StrCat(scratch->path(), "/response");
    if (const absl::Status written = support::WriteFileAtomically(response, text, 0600); !written.ok())
      return {.exit_status = 1, .messages = absl::StrCat("cgo-ld-shim: ", written.message(), "\n")};
    argv = driver;
    argv.push_back(absl::StrCat("@", response));
  }
  absl::StatusOr<support::ProcessResult> result = support::RunProcess(argv, {.merge_stderr = true});
  if (!result.ok()) {
    return {.exit_status = 127, .messages = absl::StrCat("cgo-ld-shim: ", result.status().message(), "\n")};
  }
  return {.exit_status = result->exit_status, .signal = result->signal, .messages = result->output};
}

}  // namespace cgo_ld_shim::backend
