// lib/backend/output_buffer.cc stands in for a class of LLVM's, which lld uses under LLVM's name.
#include <dirent.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "llvm/Support/Compression.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileOutputBuffer.h"
#include "support/file.h"

extern "C" const char* zlibVersion();

namespace cgo_ld_shim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class OutputBufferTest : public testing::Test {
 protected:
  OutputBufferTest() {
    std::string name = absl::StrCat(testing::TempDir(), "/output-XXXXXX");
    directory_ = ::mkdtemp(name.data());
    path_ = absl::StrCat(directory_, "/program");
  }
  ~OutputBufferTest() override {
    for (const std::string& name : Names()) ::unlink(absl::StrCat(directory_, "/", name).c_str());
    ::rmdir(directory_.c_str());
  }

  static std::unique_ptr<llvm::FileOutputBuffer> Make(const std::string& path, size_t size) {
    auto buffer = llvm::FileOutputBuffer::create(path, size, llvm::FileOutputBuffer::F_executable);
    if (buffer) return std::move(*buffer);
    ADD_FAILURE() << llvm::toString(buffer.takeError());
    return nullptr;
  }
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    DIR* const open = ::opendir(directory_.c_str());
    while (const dirent* entry = ::readdir(open)) {
      if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
    }
    ::closedir(open);
    std::sort(names.begin(), names.end());
    return names;
  }

  std::string directory_, path_;
};

TEST_F(OutputBufferTest, IsTheFileOnceCommitted) {
  const auto buffer = Make(path_, 5);
  std::copy_n("hello", 5, buffer->getBufferStart());
  EXPECT_EQ(buffer->getBufferEnd() - buffer->getBufferStart(), 5);
  EXPECT_FALSE(support::IsRegularFile(path_));
  EXPECT_FALSE(buffer->commit());
  EXPECT_EQ(*support::ReadFile(path_), "hello");
  struct stat st;
  ASSERT_EQ(::stat(path_.c_str(), &st), 0);
  EXPECT_NE(st.st_mode & S_IXUSR, 0U);
  EXPECT_THAT(Names(), ElementsAre("program"));
}

TEST_F(OutputBufferTest, BeginsAsZeros) {
  const auto buffer = Make(path_, 10000);
  EXPECT_FALSE(buffer->commit());
  EXPECT_EQ(*support::ReadFile(path_), std::string(10000, '\0'));
}

TEST_F(OutputBufferTest, LeavesNothingWhenItIsNotCommitted) {
  Make(path_, 5).reset();
  EXPECT_THAT(Names(), IsEmpty());
}

TEST_F(OutputBufferTest, KeepsTheOldFileWhereTheDiskIsFull) {
  ASSERT_TRUE(support::WriteFileAtomically(path_, "old", 0755).ok());
  const auto buffer = Make(path_, 1 << 20);
  // A limit of the process stands in for a full disk: write(2) fails half-way in the same manner.
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit old_limit = {};
  ::getrlimit(RLIMIT_FSIZE, &old_limit);
  const rlimit limit = {.rlim_cur = 1 << 16, .rlim_max = old_limit.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &limit);
  const std::string said = llvm::toString(buffer->commit());
  ::setrlimit(RLIMIT_FSIZE, &old_limit);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_THAT(said, HasSubstr("File too large"));
  EXPECT_EQ(*support::ReadFile(path_), "old");
  EXPECT_THAT(Names(), ElementsAre("program"));
}

TEST_F(OutputBufferTest, WritesToADeviceInPlace) {
  const auto buffer = Make("/dev/null", 5);
  EXPECT_FALSE(buffer->commit());
  struct stat st;
  ASSERT_EQ(::stat("/dev/null", &st), 0);
  EXPECT_TRUE(S_ISCHR(st.st_mode));
}

TEST_F(OutputBufferTest, SaysWhyItCannotBeMade) {
  auto buffer = llvm::FileOutputBuffer::create(absl::StrCat(directory_, "/none/program"), 5);
  ASSERT_FALSE(buffer);
  EXPECT_THAT(llvm::toString(buffer.takeError()), HasSubstr("No such file or directory"));
  buffer = llvm::FileOutputBuffer::create(directory_, 5);
  ASSERT_FALSE(buffer);
  EXPECT_THAT(llvm::toString(buffer.takeError()), HasSubstr("directory"));
}

// The flavour that --version and the fingerprint name is the one that is linked in, and reads what it writes.
TEST(ZlibTest, IsTheOneThatTheVersionNames) {
  const std::string flavour = CGO_LD_SHIM_ZLIB;
  const bool said_by_library = std::string(zlibVersion()).find("zlib-ng") != std::string::npos;
  EXPECT_EQ(flavour.find("zlib-ng") != std::string::npos, said_by_library) << flavour << ", " << zlibVersion();

  std::string text;
  for (int i = 0; i < 100000; ++i) absl::StrAppend(&text, i % 977, " ");
  const llvm::ArrayRef<uint8_t> bytes(reinterpret_cast<const uint8_t*>(text.data()), text.size());
  llvm::SmallVector<uint8_t, 0> packed, unpacked;
  llvm::compression::zlib::compress(bytes, packed, llvm::compression::zlib::BestSpeedCompression);
  EXPECT_LT(packed.size(), text.size() / 2);
  ASSERT_FALSE(llvm::compression::zlib::decompress(packed, unpacked, text.size()));
  EXPECT_TRUE(std::equal(unpacked.begin(), unpacked.end(), bytes.begin(), bytes.end()));
}

}  // namespace
}  // namespace cgo_ld_shim
