#include "rescue/rescue.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "rescue/complaints.h"
#include "rescue/headers.h"
#include "rescue/rescues.h"

namespace cgo_ld_shim::rescue {
namespace {

// A header that is found includes others; more than this in a chain has not been seen.
constexpr int kMostRounds = 8;

// One thing that was added.
struct Help {
  std::vector<std::string> words;
  Note note;
};

bool Knows(const Row& row, const std::string& subject) {
  return row.names.empty() || std::any_of(row.names.begin(), row.names.end(), [&](absl::string_view name) {
           return absl::EndsWith(name, "/") ? absl::StartsWith(subject, name) : subject == name;
         });
}

std::optional<Help> HelpOf(const Row& row, const std::string& subject, const Request& request) {
  Help help{.words = {row.words.begin(), row.words.end()}, .note = {.row = row.id, .subject = subject}};
  help.note.go_package = request.go_package;
  if (row.addition == Addition::kWords) return help;
  const std::optional<HeaderDirectory> headers =
      row.addition == Addition::kOurHeader ? OurHeaderDirectory(subject) : HeadersOfPackage(subject, request.arch);
  if (!headers) return std::nullopt;
  // Behind all that the target has itself. No path of ours in debug information or in __FILE__.
  help.words = {"-idirafter", headers->path,
                absl::StrCat("-ffile-prefix-map=", headers->path, "=", headers->stands_for)};
  help.note.package = headers->package;
  help.note.version = headers->version;
  return help;
}

// What a program of this process's reads from stdin, for more than one reader.
class Input {
 public:
  explicit Input(const std::vector<std::string>& args) {
    if (std::find(args.begin(), args.end(), "-") == args.end()) return;
    const int copy = ::memfd_create("stdin", MFD_CLOEXEC);
    if (copy < 0) return;
    char buffer[65536];
    ssize_t n = 0;
    while ((n = ::read(STDIN_FILENO, buffer, sizeof buffer)) > 0) {
      if (::write(copy, buffer, static_cast<size_t>(n)) != n) return;
    }
    ::dup2(copy, STDIN_FILENO);
    copied_ = true;
  }
  void Rewind() const {
    if (copied_) ::lseek(STDIN_FILENO, 0, SEEK_SET);
  }

 private:
  bool copied_ = false;
};

class Rounds {
 public:
  explicit Rounds(const Request& request) : request_(request), input_(request.args) {}

  absl::StatusOr<Result> Run() {
    absl::StatusOr<support::ProcessResult> first = RunOnce(/*english=*/false);
    if (!first.ok()) return first.status();
    Result result{.process = *std::move(first)};
    support::ProcessResult last = result.process;
    for (int round = 0; round < kMostRounds; ++round) {
      if (last.signal != 0 || Works(last, ReadComplaints(last.error))) break;
      const bool read_again = round == 0 && !request_.speaks_english;
      if (read_again) {
        absl::StatusOr<support::ProcessResult> english = RunOnce(/*english=*/true);
        if (!english.ok()) break;
        last = *std::move(english);
      }
      if (!AddHelp(ReadComplaints(last.error))) break;
      absl::StatusOr<support::ProcessResult> again = RunOnce(/*english=*/!request_.speaks_english);
      if (!again.ok()) break;
      last = *std::move(again);
    }
    if (!help_.empty() && last.signal == 0 && Works(last, ReadComplaints(last.error))) {
      result.process = std::move(last);
      for (const Help& help : help_) result.notes.push_back(help.note);
    }
    result.compilers = compilers_;
    return result;
  }

 private:
  // cgo's question by errors works when what is wrong are the lines that it made so.
  static bool Works(const support::ProcessResult& process, const Complaints& complaints) {
    return process.exit_status == 0 || (complaints.answered_cgo && complaints.errors.empty());
  }

  bool MakesObject() const {
    const auto has = [&](const char* word) {
      return std::find(request_.args.begin(), request_.args.end(), word) != request_.args.end();
    };
    return (has("-c") || has("-S")) && !has("-E");
  }

  absl::StatusOr<support::ProcessResult> RunOnce(bool english) {
    std::vector<std::string> argv = request_.driver;
    std::vector<Note> notes;
    // In front, so that what the user says comes later and counts.
    for (const Help& help : help_) {
      argv.insert(argv.end(), help.words.begin(), help.words.end());
      notes.push_back(help.note);
    }
    if (!notes.empty() && MakesObject()) {
      const std::optional<std::string> note = KeepFile(NoteSource(notes));
      if (!note) return absl::FailedPreconditionError("there is no place for the object's note");
      argv.insert(argv.end(), {"-include", *note, absl::StrCat("-ffile-prefix-map=", *note, "=/cgo-ld-shim/note.h")});
    }
    argv.insert(argv.end(), request_.args.begin(), request_.args.end());
    input_.Rewind();
    ++compilers_;
    support::ProcessOptions options{.inherit_input = true};
    if (english) options.environment = {"LC_ALL=C"};
    return support::RunProcess(argv, options);
  }

  // Adds what the table has against these errors; false: nothing more.
  bool AddHelp(const Complaints& complaints) {
    bool added = false;
    for (const Error& error : complaints.errors) {
      if (error.header.empty()) {
        for (const std::string& name : error.names) added |= AddHelp(Complaint::kName, name);
      } else {
        added |= AddHelp(Complaint::kHeader, error.header);
      }
    }
    return added;
  }

  bool AddHelp(Complaint complaint, const std::string& subject) {
    for (const Row& row : Rows()) {
      if (row.complaint != complaint || !Knows(row, subject)) continue;
      if (row.libc != target::LibcFamily::kNone && row.libc != request_.libc.family) continue;
      // What was added in an earlier round has not helped; what was added in this one may yet.
      const std::string key = absl::StrCat(row.id, " ", row.addition == Addition::kWords ? "" : subject);
      if (const auto done = rounds_.find(key); done != rounds_.end()) {
        if (done->second == compilers_) return false;
        continue;
      }
      std::optional<Help> help = HelpOf(row, subject, request_);
      if (!help) continue;
      rounds_[key] = compilers_;
      const bool known = std::any_of(help_.begin(), help_.end(), [&](const Help& h) { return h.words == help->words; });
      if (known) return false;
      help_.push_back(*std::move(help));
      return true;
    }
    return false;
  }

  const Request& request_;
  Input input_;
  std::vector<Help> help_;
  std::map<std::string, int> rounds_;  // row and subject → number of compilers started when it was added
  int compilers_ = 0;
};

}  // namespace

absl::StatusOr<Result> Compile(const Request& request) { return Rounds(request).Run(); }

}  // namespace cgo_ld_shim::rescue
