#include "support/map_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/file.h"
#include "support/sha256.h"
#include "support/temporary.h"

namespace cgo_ld_shim::support {
namespace {

using ::testing::HasSubstr;

TEST(RegularFilesTest, AloneAreReadAndNobodyWaits) {
  const absl::StatusOr<TemporaryDirectory> place = TemporaryDirectory::Make();
  ASSERT_TRUE(place.ok());
  const std::string pipe = absl::StrCat(place->path(), "/pipe"), file = absl::StrCat(place->path(), "/file");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  ASSERT_TRUE(WriteFileAtomically(file, "abc", 0600).ok());
  EXPECT_EQ(Bytes(**MapFile(file)), "abc");
  EXPECT_EQ(*Sha256OfFile(file), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(*Sha256OfFile(file), Sha256OfText("abc"));
  for (const std::string& path : {pipe, std::string("/dev/zero"), std::string("/dev/null")}) {
    EXPECT_TRUE(absl::IsFailedPrecondition(MapFile(path).status())) << path;
    EXPECT_TRUE(absl::IsFailedPrecondition(ReadFile(path).status())) << path;
    EXPECT_TRUE(absl::IsFailedPrecondition(Sha256OfFile(path).status())) << path;
    EXPECT_FALSE(MayBeRegularFile(path)) << path;
  }
  EXPECT_THAT(std::string(MapFile(pipe).status().message()), HasSubstr("a pipe, not a file"));
  EXPECT_TRUE(absl::IsUnavailable(MapFile(place->path()).status()));
  EXPECT_TRUE(absl::IsNotFound(MapFile(absl::StrCat(file, "/x")).status()));
}

TEST(CurrentDirectoryTest, IsAnErrorWhereThereIsNone) {
  const absl::StatusOr<std::string> before = CurrentDirectory();
  ASSERT_TRUE(before.ok());
  {
    const absl::StatusOr<TemporaryDirectory> place = TemporaryDirectory::Make();
    ASSERT_EQ(::chdir(place->path().c_str()), 0);
    EXPECT_EQ(*CurrentDirectory(), RealPath(place->path()));
  }
  const absl::Status gone = CurrentDirectory().status();
  ASSERT_EQ(::chdir(before->c_str()), 0);
  EXPECT_TRUE(absl::IsFailedPrecondition(gone));
  EXPECT_THAT(std::string(gone.message()), HasSubstr("cannot tell the current directory"));
}

}  // namespace
}  // namespace cgo_ld_shim::support
