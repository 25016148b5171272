// Where records are kept: one file a record in StateDirectory()/links, renamed into place under a name that no other
// link has.
//
// A name is the time in milliseconds, the process and a counter, each of fixed width, so that the order of names is the
// order of time and a reader finds the newest without opening any. Nothing is locked: dozens of links of one `go test
// ./...` write their own files, and all of them prune. So a file that is gone when its turn comes was pruned by
// another, and the directory itself may be deleted at any time.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "fmt/format.h"
#include "report/record.h"
#include "support/file.h"

namespace cgo_ld_shim::report {
namespace {

constexpr absl::string_view kSuffix = ".json";
constexpr size_t kTimeDigits = 13;
// How long a half-written file may be another process's work in progress. Nothing takes this long to write.
constexpr int64_t kTemporaryLifeMs = int64_t{10} * 60 * 1000;

int64_t NowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string NewName(int64_t time_ms) {
  static std::atomic<int> counter = 0;
  return fmt::format("{:0{}}-{:07}-{:03}{}", time_ms, kTimeDigits, ::getpid(), counter++,
                     fmt::string_view(kSuffix.data(), kSuffix.size()));
}

// The time in one of our names, or -1. Files of other names are not ours to touch.
int64_t TimeOf(absl::string_view name) {
  if (name.size() <= kTimeDigits || name[kTimeDigits] != '-') return -1;
  const absl::string_view digits = name.substr(0, kTimeDigits);
  if (!std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit)) return -1;
  int64_t time = -1;
  return absl::SimpleAtoi(digits, &time) ? time : -1;
}

bool IsRecordName(absl::string_view name) { return TimeOf(name) >= 0 && absl::EndsWith(name, kSuffix); }

// What WriteFileAtomically renames.
bool IsTemporaryName(absl::string_view name) {
  return TimeOf(name) >= 0 && absl::StrContains(name, absl::StrCat(kSuffix, "."));
}

// True for a file that no process can still be writing: one that was killed left it.
bool IsStale(const std::string& path, int64_t now_ms) {
  const std::optional<support::FileIdentity> identity = support::Identify(path);
  return identity && identity->mtime_ns / 1000000 < now_ms - kTemporaryLifeMs;
}

void Prune(const std::string& directory) {
  const int64_t now = NowMs();
  std::vector<std::string> records;  // oldest first
  for (const std::string& name : support::ListDirectory(directory)) {
    if (IsRecordName(name)) {
      records.push_back(name);
    } else if (const std::string path = absl::StrCat(directory, "/", name);
               IsTemporaryName(name) && IsStale(path, now)) {
      ::unlink(path.c_str());
    }
  }
  uint64_t bytes = 0;
  size_t kept = 0;
  for (size_t i = records.size(); i-- > 0;) {
    const std::string path = absl::StrCat(directory, "/", records[i]);
    const std::optional<support::FileIdentity> identity = support::Identify(path);
    if (!identity) continue;
    bytes += identity->size;
    if (++kept > kMaxRecords || bytes > kMaxRecordBytes) ::unlink(path.c_str());
  }
}

// Calls `use` with each readable record, newest first, until it returns false.
template <class Use>
void ForEachNewestFirst(const Use& use) {
  const std::string directory = RecordDirectory();
  if (directory.empty()) return;
  const std::vector<std::string> names = support::ListDirectory(directory);
  for (size_t i = names.size(); i-- > 0;) {
    if (!IsRecordName(names[i])) continue;
    const std::string path = absl::StrCat(directory, "/", names[i]);
    const std::optional<support::FileIdentity> identity = support::Identify(path);
    if (!identity || identity->size > kMaxRecordBytes || !support::IsRegularFile(path)) continue;
    const absl::StatusOr<std::string> line = support::ReadOwnFile(path);
    if (!line.ok()) continue;
    absl::StatusOr<LinkRecord> record = FromJson(*line);
    if (record.ok() && !use(*std::move(record))) return;
  }
}

}  // namespace

std::string RecordDirectory() {
  const std::optional<std::string> state = support::StateDirectory();
  return state ? absl::StrCat(*state, "/links") : "";
}

absl::Status StoreRecord(const LinkRecord& record) {
  const std::string directory = RecordDirectory();
  if (directory.empty()) {
    return absl::FailedPreconditionError("no directory for records: HOME is not set, not writable, or another user's");
  }
  const std::string line = absl::StrCat(ToJson(record), "\n");
  if (line.size() > kMaxRecordBytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat("a record of ", line.size(), " bytes is not kept; the limit is ", kMaxRecordBytes));
  }
  const std::string path = absl::StrCat(directory, "/", NewName(record.time_ms > 0 ? record.time_ms : NowMs()));
  // Twice, because the directory may be deleted between the two steps.
  absl::Status status;
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
      status = absl::FailedPreconditionError(absl::StrCat("cannot make ", directory, ": ", support::ErrnoText(errno)));
      break;
    }
    status = support::WriteFileAtomically(path, line, 0600);
    if (!absl::IsNotFound(status)) break;
  }
  // On a full disk, too: old records make room for the next one.
  Prune(directory);
  return status;
}

absl::StatusOr<LinkRecord> LastRecord() {
  absl::StatusOr<LinkRecord> last = absl::NotFoundError("there is no record of a link");
  ForEachNewestFirst([&](LinkRecord record) {
    last = std::move(record);
    return false;
  });
  return last;
}

absl::StatusOr<LinkRecord> RecordOfPackage(absl::string_view package) {
  absl::StatusOr<LinkRecord> found = absl::NotFoundError(absl::StrCat("there is no record of a link of ", package));
  if (package.empty()) return found;
  ForEachNewestFirst([&](LinkRecord record) {
    if (record.package != package) return true;
    found = std::move(record);
    return false;
  });
  return found;
}

std::string NameForExplain(const LinkRecord& record) {
  // What `go build x.go` calls its package, whoever builds what.
  return record.package.empty() || record.package == "command-line-arguments" ? "last" : record.package;
}

std::vector<FoundRecord> FindFittingRecords(const std::string& binary) {
  const std::string path = support::Absolute(binary, support::CurrentDirectory().value_or(""));
  const std::string real_path = support::RealPath(path);
  const std::optional<support::FileIdentity> identity = support::Identify(path);
  const std::string build_id = ReadBuildId(path);
  std::vector<FoundRecord> found;
  ForEachNewestFirst([&](LinkRecord record) {
    const bool same_path =
        !record.output.empty() && (record.output == path || support::RealPath(record.output) == real_path);
    const bool same_id = !build_id.empty() && record.build_id == build_id;
    const bool same_size = identity && record.output_size == identity->size;
    Fit fit;
    if (same_id) {
      fit = same_path ? Fit::kBuildIdAndPath : same_size ? Fit::kBuildIdAndSize : Fit::kBuildId;
    } else if (same_path) {
      fit = Fit::kPath;
    } else if (same_size && identity->size > 0 && build_id.empty() && record.build_id.empty()) {
      fit = Fit::kSizeAlone;
    } else {
      return true;
    }
    found.push_back({std::move(record), fit});
    return true;
  });
  std::stable_sort(found.begin(), found.end(),
                   [](const FoundRecord& a, const FoundRecord& b) { return a.fit < b.fit; });
  return found;
}

std::vector<LinkRecord> FindRecords(const std::string& binary) {
  std::vector<LinkRecord> records;
  for (FoundRecord& found : FindFittingRecords(binary)) records.push_back(std::move(found.record));
  return records;
}

}  // namespace cgo_ld_shim::report
