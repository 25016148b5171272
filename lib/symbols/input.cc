// Opens what a link line names, and finds out from its first bytes what it is. Names say little: Debian's libm.a is a
// text file, a .o can be bitcode, and a vendored "library" can be the Git LFS pointer or the error page of a download.
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "llvm/Support/MemoryBuffer.h"
#include "support/map_file.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::symbols {
namespace {

// True when text begins as a linker script does: after blanks and comments, a command word and its parenthesis or
// brace, or `name = …;`. That takes in SECTIONS { … } and symbols, which ParseLinkerScript will refuse with a reason
// that says more than "text file".
bool BeginsLikeLinkerScript(absl::string_view text) {
  while (true) {
    text = absl::StripLeadingAsciiWhitespace(text);
    const bool block = absl::StartsWith(text, "/*");
    if (!block && (!absl::StartsWith(text, "#") || absl::StartsWith(text, "#!"))) break;
    const size_t end = block ? text.find("*/", 2) : text.find('\n');
    if (end == absl::string_view::npos) return false;
    text.remove_prefix(end + (block ? 2 : 1));
  }
  size_t word = 0;
  while (word < text.size() && (absl::ascii_isupper(text[word]) || text[word] == '_')) ++word;
  if (size_t name = word; absl::StrContains(text.substr(0, text.find('\n')), ';')) {
    while (name < text.size() && (absl::ascii_isalnum(text[name]) || text[name] == '_' || text[name] == '.')) ++name;
    absl::string_view rest = absl::StripLeadingAsciiWhitespace(text.substr(name));
    if (name > 0 && absl::ConsumePrefix(&rest, "=") && !absl::StartsWith(rest, "=")) return true;
  }
  if (word < 2) return false;
  text = absl::StripLeadingAsciiWhitespace(text.substr(word));
  return absl::StartsWith(text, "(") || absl::StartsWith(text, "{");
}

}  // namespace

absl::StatusOr<InputFile> OpenInput(const std::string& path) {
  absl::StatusOr<std::unique_ptr<llvm::MemoryBuffer>> buffer = support::MapFile(path);
  if (!buffer.ok()) return buffer.status();
  const absl::string_view data = support::Bytes(**buffer);
  InputFile file;
  file.path = path;
  if (absl::StartsWith(data, "!<arch>\n") || absl::StartsWith(data, "!<thin>\n")) {
    absl::StatusOr<std::shared_ptr<Archive>> archive = Archive::FromBuffer(*std::move(buffer), path);
    if (!archive.ok()) return archive.status();
    file.kind = FileKind::kArchive;
    file.archive = *std::move(archive);
    return file;
  }
  absl::StatusOr<Object> object = ReadObject(data, path);
  if (!object.ok()) return object.status();
  switch (object->kind) {
    case ObjectKind::kElfRelocatable:
    case ObjectKind::kSlimLto:
    case ObjectKind::kMachO:
    case ObjectKind::kCoff:
      file.kind = FileKind::kObject;
      break;
    case ObjectKind::kElfShared:
      file.kind = FileKind::kShared;
      break;
    case ObjectKind::kBitcode:
      file.kind = FileKind::kBitcode;
      break;
    case ObjectKind::kElfExecutable:
      object->what = "an executable";
      file.kind = FileKind::kUnknown;
      break;
    case ObjectKind::kUnknown:
      if (data.empty()) {
        file.kind = FileKind::kEmpty;
      } else if (BeginsLikeLinkerScript(data)) {
        file.kind = FileKind::kLinkerScript;
        file.script = std::string(data);
        return file;
      }
      break;
  }
  file.object = std::make_shared<const Object>(*std::move(object));
  file.buffer = *std::move(buffer);
  return file;
}

}  // namespace cgo_ld_shim::symbols
