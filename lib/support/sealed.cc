#include "support/sealed.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "llvm/Support/xxhash.h"
#include "support/file.h"

namespace cgo_ld_shim::support {
namespace {

// The last line: "\n0123456789abcdef".
std::string Seal(absl::string_view text) {
  return absl::StrFormat("\n%016x", llvm::xxh3_64bits(llvm::StringRef(text.data(), text.size())));
}

}  // namespace

absl::Status WriteSealed(const std::string& path, absl::string_view text) {
  return WriteFileAtomically(path, absl::StrCat(text, Seal(text)), 0600);
}

absl::StatusOr<std::string> ReadSealed(const std::string& path) {
  absl::StatusOr<std::string> text = ReadOwnFile(path);
  if (!text.ok()) return text;
  const size_t size = Seal("").size();
  if (text->size() >= size) {
    const absl::string_view content = absl::string_view(*text).substr(0, text->size() - size);
    if (absl::EndsWith(*text, Seal(content))) {
      text->resize(content.size());
      return text;
    }
  }
  return absl::DataLossError(absl::StrCat(path, " is not as it was written"));
}

}  // namespace cgo_ld_shim::support
