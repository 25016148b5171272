#include "shim/commands/go_output.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "support/file.h"

namespace cgo_ld_shim::commands {
namespace {

// A text that is longer than any linker's is something else.
constexpr size_t kMostHeld = 16 << 20;
constexpr size_t kMostFiles = 20;

// "/usr/local/go/pkg/tool/linux_amd64/link: running cgo-ld-shim failed: exit status 1" (cmd/link/internal/ld/lib.go).
bool BeginsFailedLink(absl::string_view line) {
  const size_t running = line.find("/link: running ");
  return running != absl::string_view::npos && line.find(" failed: ", running) != absl::string_view::npos;
}

}  // namespace

void OutputFilter::Add(absl::string_view bytes) {
  while (!bytes.empty()) {
    const size_t end = bytes.find('\n');
    absl::StrAppend(&tail_, bytes.substr(0, end == absl::string_view::npos ? end : end + 1));
    if (end == absl::string_view::npos) return;
    bytes.remove_prefix(end + 1);
    const std::string line = std::exchange(tail_, "");
    if (std::exchange(tail_is_shown_, false)) {
      show_(line);
    } else {
      Line(line);
    }
  }
}

void OutputFilter::Idle() {
  if (tail_.empty() || state_ == State::kHeld) return;
  show_(tail_);
  if (state_ == State::kOurs) ours_ += tail_;
  tail_.clear();
  tail_is_shown_ = true;
}

void OutputFilter::Finish() {
  if (!tail_.empty()) {
    const std::string line = std::exchange(tail_, "");
    if (tail_is_shown_) {
      show_(line);
    } else {
      Line(line);
    }
  }
  if (state_ == State::kHeld) ShowHeld();
  if (state_ == State::kOurs) EndBlock();
  if (const std::string text = missing_.Text(); !text.empty()) show_(text);
}

void OutputFilter::Line(absl::string_view line) {
  // cmd/go's heading of the next package, or the next link.
  const bool next = absl::StartsWith(line, "# ") || BeginsFailedLink(line);
  if (state_ == State::kHeld && (next || held_.size() > kMostHeld)) ShowHeld();
  if (state_ == State::kOurs && next) EndBlock();
  switch (state_) {
    case State::kPass:
      if (keep_ && BeginsFailedLink(line)) {
        state_ = State::kHeld;
        held_ = std::string(line);
      } else if (line != begin_ && line != end_) {
        show_(line);
        missing_.Read(line);
      }
      return;
    case State::kHeld:
      if (line == begin_) {
        state_ = State::kOurs;
        ours_.clear();
      } else {
        absl::StrAppend(&held_, line);
      }
      return;
    case State::kOurs:
      if (line == end_) {
        EndBlock();
      } else {
        absl::StrAppend(&ours_, line);
        show_(line);
      }
      return;
  }
}

void OutputFilter::ShowHeld() {
  show_(held_);
  held_.clear();
  state_ = State::kPass;
}

void OutputFilter::EndBlock() {
  const std::string path = keep_(absl::StrCat(held_, ours_));
  if (path.empty()) {
    show_(held_);
  } else {
    show_(absl::StrCat("  the linker's own words: ", path, "\n"));
  }
  held_.clear();
  ours_.clear();
  state_ = State::kPass;
}

std::string KeepOutput(absl::string_view text) {
  const std::optional<std::string> state = support::StateDirectory();
  if (!state) return "";
  const std::string directory = absl::StrCat(*state, "/failed");
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) return "";
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const int64_t micros = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  // Names in the order of time; the process number keeps two of one moment apart.
  const std::string path = absl::StrCat(directory, "/", absl::StrFormat("%018d-%d.txt", micros, ::getpid()));
  if (!support::WriteFileAtomically(path, text, 0600).ok()) return "";
  const std::vector<std::string> names = support::ListDirectory(directory);
  for (size_t i = 0; i + kMostFiles < names.size(); ++i) ::unlink(absl::StrCat(directory, "/", names[i]).c_str());
  return path;
}

}  // namespace cgo_ld_shim::commands
