#include "report/archive_states.h"

#include <sys/stat.h>

#include <algorithm>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "llvm/Support/xxhash.h"
#include "support/file.h"

namespace cgo_ld_shim::report {
namespace {

std::string Hash(const std::string& text) { return absl::StrFormat("%016x", llvm::xxh3_64bits(llvm::StringRef(text))); }

std::string StateOf(const std::string& path) {
  const auto identity = support::Identify(path);
  return identity ? absl::StrCat(identity->size, ",", identity->mtime_ns) : "missing";
}

// What is kept of a module: the word, and a line for each archive of each program.
struct Kept {
  struct Line {
    std::string program, state, path;
  };
  std::string word;
  std::vector<Line> lines;
};

std::string FileOf(const std::string& module) {
  const std::optional<std::string> directory = support::StateDirectory();
  return directory ? absl::StrCat(*directory, "/archives-", Hash(module)) : "";
}

Kept Read(const std::string& file) {
  Kept kept;
  const absl::StatusOr<std::string> text = support::ReadOwnFile(file);
  if (!text.ok()) return kept;
  bool first = true;
  for (absl::string_view line : absl::StrSplit(*text, '\n')) {
    const std::vector<std::string> fields = absl::StrSplit(line, absl::MaxSplits('\t', 2));
    if (first) kept.word = std::string(line);
    if (!first && fields.size() == 3) kept.lines.push_back({fields[0], fields[1], fields[2]});
    first = false;
  }
  return kept;
}

void Write(const std::string& file, const Kept& kept) {
  std::string text = absl::StrCat(kept.word, "\n");
  for (const Kept::Line& line : kept.lines)
    absl::StrAppend(&text, line.program, "\t", line.state, "\t", line.path, "\n");
  // Without it the next build links once more than it had to, or as before this program knew of archives.
  support::WriteFileAtomically(file, text, 0600).IgnoreError();
}

bool Counts(const InputRecord& input) {
  return input.kind == "archive" && input.origin != "toolchain" && !input.members.empty() &&
         absl::StartsWith(input.path, "/") && input.path.find_first_of("\t\n") == std::string::npos;
}

}  // namespace

void NoteArchives(const std::string& module, const LinkRecord& record) {
  const std::string file = FileOf(module);
  if (file.empty() || record.exit_status != 0) return;
  const std::string& program = record.package.empty() ? record.output : record.package;
  if (program.find_first_of("\t\n") != std::string::npos) return;
  Kept kept = Read(file);
  const size_t before = kept.lines.size();
  std::erase_if(kept.lines, [&](const Kept::Line& line) { return line.program == program; });
  bool any = kept.lines.size() != before;
  for (const InputRecord& input : record.inputs) {
    if (!Counts(input)) continue;
    kept.lines.push_back({program, StateOf(input.path), input.path});
    any = true;
  }
  if (any) Write(file, kept);
}

std::string ArchivesWord(const std::string& module) {
  const std::string file = FileOf(module);
  if (file.empty()) return "";
  Kept kept = Read(file);
  std::string changes;
  for (Kept::Line& line : kept.lines) {
    std::string now = StateOf(line.path);
    if (now == line.state) continue;
    absl::StrAppend(&changes, line.path, " ", now, "\n");
    line.state = std::move(now);
  }
  if (!changes.empty()) {
    kept.word = Hash(absl::StrCat(kept.word, "\n", changes));
    Write(file, kept);
  }
  return kept.word;
}

std::vector<std::string> ChangedArchives(const LinkRecord& record) {
  std::vector<std::string> changed;
  for (const InputRecord& input : record.inputs) {
    if (!Counts(input) || std::find(changed.begin(), changed.end(), input.path) != changed.end()) continue;
    const auto now = support::Identify(input.path);
    if (!now || now->size != input.bytes || now->mtime_ns / 1'000'000 > record.time_ms) changed.push_back(input.path);
  }
  return changed;
}

}  // namespace cgo_ld_shim::report
