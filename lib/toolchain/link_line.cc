// `gcc -###` and `clang -###` print the commands that they would run, one a line, each word quoted where it needs it
// (gcc) or always (clang), with backslashes before quotes and backslashes. The linker's command is the line that names
// our output file; what stands in the place of our one input, /dev/null, cuts it into what comes before and after the
// inputs.
#include <cstddef>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "toolchain/toolchain.h"

namespace cgo_ld_shim::toolchain {
namespace {

std::vector<std::string> Words(absl::string_view line) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false, quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '\\' && i + 1 < line.size()) {
      word += line[++i];
      in_word = true;
    } else if (c == '"') {
      quoted = !quoted;
      in_word = true;
    } else if (!quoted && (c == ' ' || c == '\t')) {
      if (in_word) words.push_back(word);
      word.clear();
      in_word = false;
    } else {
      word += c;
      in_word = true;
    }
  }
  if (in_word) words.push_back(word);
  return words;
}

// "/a/b/../../c" → "/c". gcc builds its paths so; ours are compared and shown. Safe here because gcc itself derives
// these by text from its own prefix.
std::string Clean(absl::string_view path) {
  if (!absl::StartsWith(path, "/")) return std::string(path);
  std::vector<absl::string_view> parts;
  for (absl::string_view part : absl::StrSplit(path, '/', absl::SkipEmpty())) {
    if (part == ".") continue;
    if (part == "..") {
      if (!parts.empty()) parts.pop_back();
      continue;
    }
    parts.push_back(part);
  }
  std::string clean;
  for (absl::string_view part : parts) absl::StrAppend(&clean, "/", part);
  return clean.empty() ? "/" : clean;
}

bool Push(std::vector<std::string>* list, std::string value) {
  for (const std::string& have : *list) {
    if (have == value) return false;
  }
  list->push_back(std::move(value));
  return true;
}

// Options of the linker that take their value as a word of its own, among those that drivers write.
bool TakesValue(absl::string_view option) {
  static constexpr absl::string_view kOptions[] = {
      "-m", "-z", "-dynamic-linker", "--dynamic-linker", "-rpath", "-soname", "-h", "-e",
      "-u", "-T", "-plugin",         "--plugin",         "-mllvm", "-A",      "-I"};
  for (absl::string_view known : kOptions) {
    if (option == known) return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<LinkLine> ParseLinkLine(absl::string_view output) {
  for (absl::string_view text : absl::StrSplit(output, '\n')) {
    if (!absl::StartsWith(text, " ")) continue;
    const std::vector<std::string> words = Words(text);
    if (words.size() < 3) continue;
    size_t output_at = 0;
    for (size_t i = 1; i + 1 < words.size(); ++i) {
      if (words[i] == "-o" && words[i + 1] == "CGO_LD_SHIM_OUT") output_at = i;
    }
    if (output_at == 0) continue;
    LinkLine line;
    bool after = false;
    for (size_t i = 1; i < words.size(); ++i) {
      const std::string& word = words[i];
      if (i == output_at) {
        ++i;
      } else if (word == "/dev/null") {
        after = true;
      } else if (word == "-plugin" || word == "--plugin") {
        ++i;  // the LTO plugin is GNU ld's; objects that need it go to the driver's own linker
      } else if (word == "-dynamic-linker" || word == "--dynamic-linker") {
        ++i;  // musl-gcc's specs name one for static links, too; lld would believe it
      } else if (absl::StartsWith(word, "-plugin-opt") || absl::StartsWith(word, "--plugin-opt") ||
                 absl::StartsWith(word, "-fuse-ld=")) {
      } else if (word == "-L" && i + 1 < words.size()) {
        Push(&line.library_dirs, Clean(words[++i]));
      } else if (absl::StartsWith(word, "-L") && word.size() > 2) {
        Push(&line.library_dirs, Clean(absl::string_view(word).substr(2)));
      } else if (absl::StartsWith(word, "-") && !after) {
        line.options.push_back(word);
        if (TakesValue(word) && i + 1 < words.size()) line.options.push_back(words[++i]);
      } else if (!after) {
        line.first_objects.push_back(Clean(word));
      } else {
        line.last.push_back(absl::StartsWith(word, "-") ? word : Clean(word));
      }
    }
    if (!after) return absl::FailedPreconditionError(absl::StrCat("the driver's link line names no input: ", text));
    return line;
  }
  return absl::FailedPreconditionError("the driver printed no link line");
}

}  // namespace cgo_ld_shim::toolchain
