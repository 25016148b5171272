#include "support/path_parts.h"

#include "gtest/gtest.h"

namespace cgo_ld_shim::support {
namespace {

TEST(PathPartsTest, AreThoseOfBasenameAndDirname) {
  EXPECT_EQ(BaseName("/usr/lib/libz.a"), "libz.a");
  EXPECT_EQ(BaseName("libz.a"), "libz.a");
  EXPECT_EQ(BaseName("/x y/libx.a(x.o)"), "libx.a(x.o)");
  EXPECT_EQ(BaseName(""), "");
  EXPECT_EQ(DirectoryName("/usr/lib/libz.a"), "/usr/lib");
  EXPECT_EQ(DirectoryName("libz.a"), ".");
  EXPECT_EQ(DirectoryName("/libz.a"), "/");
  EXPECT_EQ(DirectoryName("../lib//libz.a"), "../lib");
}

}  // namespace
}  // namespace cgo_ld_shim::support
