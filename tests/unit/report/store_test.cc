// The store of records: names, pruning, parallel writers, and places where nothing can be written.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "report/record.h"
#include "support/file.h"

namespace cgo_ld_shim::report {
namespace {

constexpr int64_t kStart = 1785600000000;

LinkRecord RecordAt(int64_t time_ms, const std::string& output = "/w/kv") {
  LinkRecord record;
  record.time_ms = time_ms;
  record.outcome = "linked";
  record.output = output;
  return record;
}

void Write(const std::string& path, const std::string& content) { std::ofstream(path, std::ios::binary) << content; }

void RemoveTree(const std::string& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  EXPECT_FALSE(error) << error.message();
}

// Each test has a state directory of its own.
class StoreTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = absl::StrCat(testing::TempDir(), "/store-XXXXXX");
    root_ = ::mkdtemp(name.data());
    ::setenv("XDG_STATE_HOME", root_.c_str(), 1);
    links_ = absl::StrCat(root_, "/cgo-ld-shim/links");
  }
  void TearDown() override {
    ::unsetenv("XDG_STATE_HOME");
    RemoveTree(root_);
  }

  std::string root_, links_;
};

TEST_F(StoreTest, KeepsARecordInAPrivateFileOfAPrivateDirectory) {
  ASSERT_TRUE(StoreRecord(RecordAt(kStart)).ok());
  const std::vector<std::string> names = support::ListDirectory(links_);
  ASSERT_EQ(names.size(), 1u);
  EXPECT_TRUE(absl::StartsWith(names[0], "1785600000000-")) << names[0];
  struct stat st;
  ASSERT_EQ(::stat(links_.c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 0777, 0700u);
  ASSERT_EQ(::stat((links_ + "/" + names[0]).c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 0777, 0600u);
  EXPECT_EQ(RecordDirectory(), links_);
}

TEST_F(StoreTest, GivesTheNewestRecordLast) {
  ASSERT_TRUE(StoreRecord(RecordAt(kStart + 2, "/w/newest")).ok());
  ASSERT_TRUE(StoreRecord(RecordAt(kStart + 1, "/w/older")).ok());
  const absl::StatusOr<LinkRecord> last = LastRecord();
  ASSERT_TRUE(last.ok()) << last.status();
  EXPECT_EQ(last->output, "/w/newest");
}

TEST_F(StoreTest, TellsTwoRecordsOfOneMillisecondApart) {
  ASSERT_TRUE(StoreRecord(RecordAt(kStart, "/w/a")).ok());
  ASSERT_TRUE(StoreRecord(RecordAt(kStart, "/w/b")).ok());
  EXPECT_EQ(support::ListDirectory(links_).size(), 2u);
  EXPECT_EQ(LastRecord()->output, "/w/b");
}

TEST_F(StoreTest, SaysNotFoundWhenThereIsNoRecord) { EXPECT_TRUE(absl::IsNotFound(LastRecord().status())); }

TEST_F(StoreTest, PassesOverFilesThatAreNoRecords) {
  ASSERT_TRUE(StoreRecord(RecordAt(kStart, "/w/good")).ok());
  Write(links_ + "/1785600000001-0000001-000.json", "garbage \xff");
  Write(links_ + "/1785600000002-0000001-000.json", "{\"schema\":1,\"output\":\"/w/trunc");
  Write(links_ + "/1785600000003-0000001-000.json", "");
  Write(links_ + "/1785600000004-0000001-000.json", R"({"schema":77,"output":"/w/later"})");
  Write(links_ + "/9999999999999.json.AbCdEf", ToJson(RecordAt(kStart, "/w/half")));
  Write(links_ + "/README", "not ours");
  ASSERT_EQ(::mkdir((links_ + "/1785600000005-0000001-000.json").c_str(), 0700), 0);
  ASSERT_EQ(::mkfifo((links_ + "/1785600000006-0000001-000.json").c_str(), 0600), 0);
  ASSERT_TRUE(LastRecord().ok());
  EXPECT_EQ(LastRecord()->output, "/w/good");
  EXPECT_EQ(FindRecords("/w/good").size(), 1u);
}

TEST_F(StoreTest, RemovesTheOldestBeyondTheirNumber) {
  for (size_t i = 0; i < kMaxRecords + 5; ++i)
    ASSERT_TRUE(StoreRecord(RecordAt(kStart + static_cast<int64_t>(i))).ok());
  const std::vector<std::string> names = support::ListDirectory(links_);
  EXPECT_EQ(names.size(), kMaxRecords);
  EXPECT_TRUE(absl::StartsWith(names[0], "1785600000005-")) << names[0];
}

TEST_F(StoreTest, RemovesTheOldestBeyondTheirSize) {
  LinkRecord large = RecordAt(kStart);
  large.notes = {std::string(kMaxRecordBytes / 3, 'x')};
  for (int i = 0; i < 4; ++i) {
    large.time_ms = kStart + i;
    ASSERT_TRUE(StoreRecord(large).ok());
  }
  EXPECT_EQ(support::ListDirectory(links_).size(), 2u);
  EXPECT_EQ(LastRecord()->time_ms, kStart + 3);
}

TEST_F(StoreTest, DoesNotKeepARecordLargerThanTheLimit) {
  LinkRecord large = RecordAt(kStart);
  large.notes = {std::string(kMaxRecordBytes, 'x')};
  EXPECT_EQ(StoreRecord(large).code(), absl::StatusCode::kResourceExhausted);
}

TEST_F(StoreTest, RemovesWhatKilledWritersLeftButNothingThatIsNotOurs) {
  ASSERT_TRUE(StoreRecord(RecordAt(kStart)).ok());
  const std::string left = links_ + "/1785600000000-0000001-000.json.AbCdEf";
  const std::string in_progress = links_ + "/1785600000000-0000002-000.json.GhIjKl";
  Write(left, "half");
  const struct timespec yesterday[2] = {{std::time(nullptr) - 86400, 0}, {std::time(nullptr) - 86400, 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, left.c_str(), yesterday, 0), 0);
  Write(in_progress, "being written");
  Write(links_ + "/notes.json", "somebody's");
  ASSERT_TRUE(StoreRecord(RecordAt(kStart + 1)).ok());
  EXPECT_FALSE(support::IsRegularFile(left));
  EXPECT_TRUE(support::IsRegularFile(in_progress));
  EXPECT_TRUE(support::IsRegularFile(links_ + "/notes.json"));
}

// As in `go test ./...`: many processes that store and prune, and a reader among them.
TEST_F(StoreTest, TakesParallelWritersWithoutALock) {
  constexpr int kWriters = 24, kEach = 15;
  std::vector<pid_t> children;
  for (int writer = 0; writer < kWriters; ++writer) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      bool ok = true;
      for (int i = 0; i < kEach; ++i) {
        LinkRecord record = RecordAt(kStart + i, absl::StrCat("/w/", writer));
        record.notes = {std::string(20000, 'n')};
        ok &= StoreRecord(record).ok();
      }
      ::_exit(ok ? 0 : 1);
    }
    children.push_back(child);
  }
  for (int i = 0; i < 20; ++i) {
    const absl::StatusOr<LinkRecord> last = LastRecord();
    EXPECT_TRUE(!last.ok() || last->notes.size() == 1u);
  }
  for (pid_t child : children) {
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  const std::vector<std::string> names = support::ListDirectory(links_);
  // Each removes only what has enough newer ones, and the last to write sees all: no more and no fewer are left.
  EXPECT_EQ(names.size(), kMaxRecords);
  for (const std::string& name : names) {
    const absl::StatusOr<std::string> line = support::ReadFile(links_ + "/" + name);
    ASSERT_TRUE(line.ok());
    EXPECT_TRUE(FromJson(*line).ok()) << name;
  }
}

TEST_F(StoreTest, ComesBackAfterItsDirectoryWasDeleted) {
  ASSERT_TRUE(StoreRecord(RecordAt(kStart)).ok());
  RemoveTree(root_ + "/cgo-ld-shim");
  EXPECT_TRUE(StoreRecord(RecordAt(kStart + 1)).ok());
  EXPECT_TRUE(LastRecord().ok());
}

TEST_F(StoreTest, KeepsNothingWithoutAHome) {
  const char* home = std::getenv("HOME");
  const std::string saved = home != nullptr ? home : "";
  ::unsetenv("XDG_STATE_HOME");
  for (const char* value : {static_cast<const char*>(nullptr), "", "relative", "/proc/nothing"}) {
    if (value == nullptr) {
      ::unsetenv("HOME");
    } else {
      ::setenv("HOME", value, 1);
    }
    EXPECT_EQ(RecordDirectory(), "");
    EXPECT_FALSE(StoreRecord(RecordAt(kStart)).ok());
    EXPECT_FALSE(LastRecord().ok());
    EXPECT_TRUE(FindRecords("/w/kv").empty());
  }
  ::setenv("HOME", saved.c_str(), 1);
}

TEST_F(StoreTest, SaysWhyWhenAFileStandsWhereItsDirectoryShouldBe) {
  ASSERT_EQ(::mkdir((root_ + "/cgo-ld-shim").c_str(), 0700), 0);
  Write(links_, "a file");
  const absl::Status status = StoreRecord(RecordAt(kStart));
  EXPECT_FALSE(status.ok());
  EXPECT_TRUE(absl::StrContains(status.message(), links_)) << status;
}

// A disk that is full, as a limit on the size of files: writes stop in the middle and nothing half-written stays.
TEST_F(StoreTest, LeavesNothingHalfWrittenWhereTheSpaceEnds) {
  ASSERT_TRUE(StoreRecord(RecordAt(kStart)).ok());
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit = {4096, 4096};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    LinkRecord record = RecordAt(kStart + 1);
    record.notes = {std::string(100000, 'n')};
    ::_exit(StoreRecord(record).ok() ? 1 : 0);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(support::ListDirectory(links_).size(), 1u);
  EXPECT_EQ(LastRecord()->time_ms, kStart);
}

// The same with a real file system that is full, where we may mount one.
TEST_F(StoreTest, SurvivesAFullFileSystem) {
  if (::mount("tmpfs", root_.c_str(), "tmpfs", 0, "size=64k") != 0) GTEST_SKIP() << "mounting needs root";
  LinkRecord record = RecordAt(kStart);
  record.notes = {std::string(40000, 'n')};
  EXPECT_TRUE(StoreRecord(record).ok());
  record.time_ms = kStart + 1;
  const absl::Status full = StoreRecord(record);
  EXPECT_EQ(full.code(), absl::StatusCode::kResourceExhausted) << full;
  EXPECT_EQ(support::ListDirectory(links_).size(), 1u);
  EXPECT_EQ(LastRecord()->time_ms, kStart);
  EXPECT_EQ(::umount(root_.c_str()), 0);
}

class FindTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    binary_ = root_ + "/kv";
    Write(binary_, std::string(1000, 'b'));
  }
  std::string binary_;
};

TEST_F(FindTest, FindsByPathNewestFirst) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(StoreRecord(RecordAt(kStart + i, binary_)).ok());
  ASSERT_TRUE(StoreRecord(RecordAt(kStart + 9, "/w/other")).ok());
  const std::vector<FoundRecord> found = FindFittingRecords(binary_);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].record.time_ms, kStart + 2);
  EXPECT_EQ(found[2].record.time_ms, kStart);
  EXPECT_EQ(found[0].fit, Fit::kPath);
}

TEST_F(FindTest, FindsByPathThroughASymlinkAndFromItsDirectory) {
  ASSERT_TRUE(StoreRecord(RecordAt(kStart, binary_)).ok());
  ASSERT_EQ(::symlink(binary_.c_str(), (root_ + "/link").c_str()), 0);
  EXPECT_EQ(FindRecords(root_ + "/link").size(), 1u);
  char cwd[4096];
  ASSERT_NE(::getcwd(cwd, sizeof cwd), nullptr);
  ASSERT_EQ(::chdir(root_.c_str()), 0);
  EXPECT_EQ(FindRecords("./kv").size(), 1u);
  ASSERT_EQ(::chdir(cwd), 0);
}

TEST_F(FindTest, FindsABinaryThatIsGoneByItsPath) {
  ASSERT_TRUE(StoreRecord(RecordAt(kStart, "/gone/kv")).ok());
  EXPECT_EQ(FindRecords("/gone/kv").size(), 1u);
}

TEST_F(FindTest, FindsAMovedBinaryWithoutBuildIdByItsSize) {
  LinkRecord record = RecordAt(kStart, "/tmp/go-build1/b001/exe/a.out");
  record.output_size = 1000;
  ASSERT_TRUE(StoreRecord(record).ok());
  record.output_size = 1001;
  ASSERT_TRUE(StoreRecord(record).ok());
  const std::vector<FoundRecord> found = FindFittingRecords(binary_);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].fit, Fit::kSizeAlone);
}

TEST_F(FindTest, PrefersBuildIdAndPathThenSizeThenBuildIdThenPath) {
  // This test's own executable is a binary with a build ID, where the linker writes one.
  const std::string self = support::RealPath("/proc/self/exe");
  const std::string id = ReadBuildId(self);
  if (id.empty()) GTEST_SKIP() << "this executable was linked without --build-id";
  const uint64_t size = support::Identify(self)->size;
  const auto store = [&](int64_t time, const std::string& output, uint64_t bytes, const std::string& build_id) {
    LinkRecord record = RecordAt(time, output);
    record.output_size = bytes;
    record.build_id = build_id;
    ASSERT_TRUE(StoreRecord(record).ok());
  };
  store(kStart + 1, self, size, id);
  store(kStart + 2, "/moved", size, id);
  store(kStart + 3, "/stripped", size + 1, id);
  store(kStart + 4, self, size, "other");
  store(kStart + 5, "/elsewhere", size, "other");
  store(kStart + 6, "/elsewhere", size, "");
  std::vector<int64_t> times;
  for (const LinkRecord& record : FindRecords(self)) times.push_back(record.time_ms - kStart);
  EXPECT_EQ(times, (std::vector<int64_t>{1, 2, 3, 4}));
}

}  // namespace
}  // namespace cgo_ld_shim::report
